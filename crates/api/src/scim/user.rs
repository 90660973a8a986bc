//! A person as a SCIM user.

use countersign_app::{Provisioned, ProvisionedAt};
use countersign_domain::{Person, Role};
use serde_json::{Map, Value, json};

use super::{
    reply::{Tagged, address},
    schemas::USER,
};
use crate::{router::Served, time};

/// The id, and the name, of the group of super admins.
pub(super) const SUPER_ADMINS: &str = "super_admin";

/// Their id outside.
pub(super) fn id_of(person: Person) -> String {
    match person {
        Person::Admin(id) => id.to_string(),
        Person::Agent(id) => id.to_string(),
    }
}

/// A role as it is written.
pub(super) fn role_name(role: Role) -> &'static str {
    match role {
        Role::SuperAdmin => SUPER_ADMINS,
        Role::Admin => "admin",
    }
}

/// Somebody with their tag.
pub(super) fn user(served: &Served, at: &ProvisionedAt) -> Tagged {
    let mut resource = untimed(served, &at.who);
    if let Some(meta) = resource.get_mut("meta") {
        meta["created"] = time::write(at.created_at).into();
        meta["lastModified"] = time::write(at.changed_at).into();
    }
    Tagged::of(resource)
}

/// The same without times, which the tag does not depend on.
pub(super) fn untimed(served: &Served, who: &Provisioned) -> Value {
    let id = id_of(who.person);
    let mut resource = attributes(who);
    resource.insert("schemas".to_owned(), json!([USER]));
    resource.insert(
        "emails".to_owned(),
        json!([{"value": who.email.as_str(), "type": "work", "primary": true}]),
    );
    if who.role == Some(Role::SuperAdmin) {
        let group = json!([{
            "value": SUPER_ADMINS,
            "$ref": address(served, &format!("Groups/{SUPER_ADMINS}")),
            "display": SUPER_ADMINS,
            "type": "direct",
        }]);
        resource.insert("groups".to_owned(), group);
    }
    let location = address(served, &format!("Users/{id}"));
    resource.insert(
        "meta".to_owned(),
        json!({"resourceType": "User", "location": location}),
    );
    resource.insert("id".to_owned(), id.into());
    Value::Object(resource)
}

/// What a client may change of somebody, as they are.
pub(super) fn attributes(who: &Provisioned) -> Map<String, Value> {
    let mut map = Map::new();
    let mut put = |name: &str, value: Value| _ = map.insert(name.to_owned(), value);
    let profile = &who.profile;
    put("userName", who.email.as_str().into());
    put("active", who.active.into());
    if let Some(id) = &profile.external_id {
        put("externalId", id.as_str().into());
    }
    // Somebody of whom no directory said a name is shown by one all the same.
    let shown = profile.display_name.as_ref();
    let shown = shown.or_else(|| profile.shown_name().is_none().then_some(&who.name));
    if let Some(name) = shown {
        put("displayName", name.as_str().into());
    }
    let mut name = Map::new();
    for (part, value) in [
        ("formatted", &profile.formatted_name),
        ("givenName", &profile.given_name),
        ("familyName", &profile.family_name),
    ] {
        if let Some(value) = value {
            name.insert(part.to_owned(), value.as_str().into());
        }
    }
    if !name.is_empty() {
        put("name", Value::Object(name));
    }
    if let Some(role) = who.role {
        put(
            "roles",
            json!([{"value": role_name(role), "primary": true}]),
        );
    }
    map
}
