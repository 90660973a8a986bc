//! What resources there are and what attributes they have (RFC 7643 section 7): said to clients, and looked
//! things up in by filters.

use serde_json::{Value, json};

pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// An attribute.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) multi_valued: bool,
    pub(super) case_exact: bool,
    mutability: &'static str,
    required: bool,
    uniqueness: &'static str,
    description: &'static str,
    canonical: &'static [&'static str],
}

/// The type of an attribute.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Text,
    Bool,
    Moment,
    Reference(&'static [&'static str]),
    Complex(&'static [Attribute]),
}

impl Attribute {
    const fn text(name: &'static str, description: &'static str) -> Self {
        Self {
            name,
            kind: Kind::Text,
            multi_valued: false,
            case_exact: false,
            mutability: "readWrite",
            required: false,
            uniqueness: "none",
            description,
            canonical: &[],
        }
    }

    const fn read_only(self) -> Self {
        Self {
            mutability: "readOnly",
            ..self
        }
    }

    const fn exact(self) -> Self {
        Self {
            case_exact: true,
            ..self
        }
    }

    const fn many(self) -> Self {
        Self {
            multi_valued: true,
            ..self
        }
    }

    const fn of(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    fn described(&self) -> Value {
        let kind = match self.kind {
            Kind::Text => "string",
            Kind::Bool => "boolean",
            Kind::Moment => "dateTime",
            Kind::Reference(_) => "reference",
            Kind::Complex(_) => "complex",
        };
        let (of_kind, own) = match self.kind {
            Kind::Text => (
                json!({"caseExact": self.case_exact, "uniqueness": self.uniqueness}),
                json!({}),
            ),
            Kind::Reference(types) => (
                json!({"caseExact": true, "uniqueness": "none"}),
                json!({ "referenceTypes": types }),
            ),
            Kind::Complex(parts) => {
                let parts: Vec<Value> = parts.iter().map(Self::described).collect();
                (json!({ "subAttributes": parts }), json!({}))
            }
            Kind::Bool | Kind::Moment => (json!({}), json!({})),
        };
        let canonical = match self.canonical {
            [] => json!({}),
            values => json!({ "canonicalValues": values }),
        };
        let described = json!({
            "name": self.name,
            "type": kind,
            "multiValued": self.multi_valued,
            "description": self.description,
            "required": self.required,
            "mutability": self.mutability,
            "returned": "default",
        });
        let of_all = [described, of_kind, own, canonical];
        let of_all = of_all.iter().filter_map(Value::as_object).flatten();
        let of_all = of_all.map(|(name, value)| (name.clone(), value.clone()));
        Value::Object(of_all.collect())
    }
}

const NAME: [Attribute; 3] = [
    Attribute::text(
        "formatted",
        "The whole name; shown where there is no displayName.",
    ),
    Attribute::text("familyName", "The family name."),
    Attribute::text("givenName", "The given name."),
];

const EMAILS: [Attribute; 3] = [
    Attribute::text("value", "The address.").read_only(),
    Attribute::text("type", "Always \"work\".").read_only(),
    Attribute::text("primary", "Always true: there is one.")
        .of(Kind::Bool)
        .read_only(),
];

const ROLES: [Attribute; 2] = [
    Attribute {
        required: true,
        canonical: &["admin", "super_admin"],
        ..Attribute::text(
            "value",
            "\"super_admin\" approves for every case of the org, \"admin\" for cases they opened.",
        )
        .exact()
    },
    Attribute::text("primary", "Always true: there is one.")
        .of(Kind::Bool)
        .read_only(),
];

const GROUPS: [Attribute; 4] = [
    Attribute::text("value", "The id of the group.")
        .exact()
        .read_only(),
    Attribute::text("$ref", "Its address.")
        .of(Kind::Reference(&["Group"]))
        .read_only(),
    Attribute::text("display", "Its name.").read_only(),
    Attribute::text("type", "Always \"direct\".").read_only(),
];

const USER_NAME: Attribute = Attribute {
    required: true,
    uniqueness: "server",
    ..Attribute::text("userName", "The e-mail address they sign in with.")
};

const OF_AGENTS: [Attribute; 5] = [
    USER_NAME,
    Attribute::text("displayName", "The name shown."),
    Attribute::text("name", "The parts of the name.").of(Kind::Complex(&NAME)),
    Attribute::text(
        "active",
        "Whether they may act at all. Taking it away is in effect everywhere before the answer.",
    )
    .of(Kind::Bool),
    Attribute::text("emails", "The userName once more.")
        .of(Kind::Complex(&EMAILS))
        .many()
        .read_only(),
];

const OF_ADMINS: [Attribute; 7] = [
    USER_NAME,
    OF_AGENTS[1],
    OF_AGENTS[2],
    OF_AGENTS[3],
    OF_AGENTS[4],
    Attribute::text("roles", "Their one role.")
        .of(Kind::Complex(&ROLES))
        .many(),
    Attribute::text("groups", "The group of super admins, for those who are.")
        .of(Kind::Complex(&GROUPS))
        .many()
        .read_only(),
];

const MEMBERS: [Attribute; 4] = [
    Attribute::text("value", "The id of a user.").exact(),
    Attribute::text("$ref", "The user's address.")
        .of(Kind::Reference(&["User"]))
        .read_only(),
    Attribute::text("display", "The user's name.").read_only(),
    Attribute::text("type", "Always \"User\".").read_only(),
];

const OF_GROUPS: [Attribute; 2] = [
    Attribute::text("displayName", "The name of the group.")
        .exact()
        .read_only(),
    Attribute::text("members", "The org's super admins.")
        .of(Kind::Complex(&MEMBERS))
        .many(),
];

const META: [Attribute; 5] = [
    Attribute::text("resourceType", "What it is.")
        .exact()
        .read_only(),
    Attribute::text("created", "When it was made.")
        .of(Kind::Moment)
        .read_only(),
    Attribute::text("lastModified", "When it was last changed.")
        .of(Kind::Moment)
        .read_only(),
    Attribute::text("location", "Its address.")
        .exact()
        .read_only(),
    Attribute::text("version", "Its tag.").exact().read_only(),
];

/// What every resource has; no schema lists them (RFC 7643 section 3.1).
pub(super) const COMMON: [Attribute; 3] = [
    Attribute::text("id", "").exact().read_only(),
    Attribute::text("externalId", "").exact(),
    Attribute::text("meta", "")
        .of(Kind::Complex(&META))
        .read_only(),
];

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// A customer user.
    Admin,
    /// An agent of the vendor's.
    Agent,
    /// The group of super admins.
    Group,
}

impl Type {
    /// Those of a directory.
    pub(super) fn of_directory(customers: bool) -> &'static [Self] {
        if customers {
            &[Self::Admin, Self::Group]
        } else {
            &[Self::Agent]
        }
    }

    pub(super) fn urn(self) -> &'static str {
        match self {
            Self::Admin | Self::Agent => USER,
            Self::Group => GROUP,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Admin | Self::Agent => "User",
            Self::Group => "Group",
        }
    }

    pub(super) fn attributes(self) -> &'static [Attribute] {
        match self {
            Self::Admin => &OF_ADMINS,
            Self::Agent => &OF_AGENTS,
            Self::Group => &OF_GROUPS,
        }
    }

    /// An attribute by its name in any case, its own or one that every resource has.
    pub(super) fn attribute(self, name: &str) -> Option<&'static Attribute> {
        let mut all = self.attributes().iter().chain(&COMMON);
        all.find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }

    /// The schema as it is told (RFC 7643 section 7).
    pub(super) fn schema(self, location: &str) -> Value {
        let described: Value = self.attributes().iter().map(Attribute::described).collect();
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": self.urn(),
            "name": self.name(),
            "description": match self {
                Self::Admin => "An admin of the org.",
                Self::Agent => "A support agent of the vendor's.",
                Self::Group => "The org's super admins.",
            },
            "attributes": described,
            "meta": {"resourceType": "Schema", "location": location},
        })
    }

    /// The resource type as it is told (RFC 7643 section 6).
    pub(super) fn described(self, location: &str) -> Value {
        let name = self.name();
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": name,
            "name": name,
            "endpoint": format!("/{name}s"),
            "description": match self {
                Self::Admin => "The admins of the org.",
                Self::Agent => "The vendor's support agents.",
                Self::Group => "The group of the org's super admins. It is always there, and the only one.",
            },
            "schema": self.urn(),
            "schemaExtensions": [],
            "meta": {"resourceType": "ResourceType", "location": location},
        })
    }
}

impl Attribute {
    /// An attribute within, by its name in any case.
    pub(super) fn part(&self, name: &str) -> Option<&'static Attribute> {
        let Kind::Complex(parts) = self.kind else {
            return None;
        };
        parts
            .iter()
            .find(|part| part.name.eq_ignore_ascii_case(name))
    }
}
