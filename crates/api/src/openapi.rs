//! The description of the API, generated from the endpoints themselves.

use utoipa::openapi::{
    Components, Header, HeaderBuilder, InfoBuilder, LicenseBuilder, Object, OpenApi, Ref, RefOr,
    Response, Schema, SecurityRequirement, Type,
    path::Operation,
    schema::SchemaType,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    tag::TagBuilder,
};

use crate::{replies, router};

const TAGS: [(&str, &str); 13] = [
    ("cases", "Support cases and who works on them"),
    (
        "access",
        "Asking for access, granting it, and taking it away",
    ),
    ("sessions", "Using access"),
    (
        "orgs",
        "Customer orgs: where their products are, and what they set about support access",
    ),
    ("people", "Customer users and agents"),
    ("credentials", "API tokens and sign-in links"),
    (
        "clients",
        "Service clients: programs that come by keys of their own",
    ),
    (
        "providers",
        "OpenID providers by which an org's people sign in",
    ),
    (
        "claims",
        "Whose word counts in an org, and accepting what an operator made",
    ),
    ("log", "What happened, for the customer to check"),
    (
        "history",
        "Looking back at what support did, and seeing who is in now",
    ),
    ("me", "Who is calling"),
    ("public", "What anyone may ask"),
];

/// The OpenAPI 3.1 document.
#[must_use]
pub fn openapi() -> OpenApi {
    let mut document = router::endpoints().into_openapi();
    document.info = InfoBuilder::new()
        .title("Countersign")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Customer-approved, read-only support access. Refusals are problem documents (RFC 9457) \
             whose `code` is stable; times are RFC 3339 in UTC. No answer may be stored (`Cache-Control: \
             no-store`).",
        ))
        .license(Some(
            LicenseBuilder::new()
                .name("Apache-2.0")
                .identifier(Some("Apache-2.0"))
                .build(),
        ))
        .build();
    document.tags = Some(
        TAGS.map(|(name, says)| TagBuilder::new().name(name).description(Some(says)).build())
            .into(),
    );
    document.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>(
        "bearer",
        [],
    )]);
    let components = document.components.get_or_insert_with(Components::new);
    components.schemas.extend(replies::schemas());
    components.security_schemes.insert(
        "bearer".to_owned(),
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some("A token made with `countersign token create`"))
                .build(),
        )
        .into(),
    );
    for (name, header) in headers() {
        components.headers.insert(name.to_owned(), header.into());
    }
    for (status, name, says) in replies::REFUSALS {
        let mut response = replies::refusal(says);
        let more: &[&str] = match status {
            401 => &["WWW-Authenticate"],
            409 | 429 | 503 => &["Retry-After"],
            _ => &[],
        };
        say(&mut response, COUNTED.iter().chain(more));
        components
            .responses
            .insert(name.to_owned(), response.into());
    }
    for (path, item) in &mut document.paths.paths {
        let operations = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
        ];
        if path.starts_with("/api/") {
            for operation in operations.into_iter().filter_map(Option::as_mut) {
                complete(operation);
                without_nulls(operation);
            }
        }
    }
    document
}

/// What answers of calls that are counted say.
const COUNTED: [&str; 2] = ["RateLimit-Policy", "RateLimit"];

/// Adds what good answers say beside their bodies.
fn complete(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    let has = |status: &str| responses.contains_key(status);
    let tagged = has("201") || has("304") || has("412");
    let changes = has("409");
    for (status, response) in responses {
        let RefOr::T(response) = response else {
            continue;
        };
        let more: &[&str] = match status.as_str() {
            "200" if changes && tagged => &["ETag", "Countersign-Effective"],
            "200" if changes => &["Countersign-Effective"],
            "200" | "304" if tagged => &["ETag"],
            "201" => &["ETag", "Location", "Idempotency-Replayed"],
            _ => &[],
        };
        say(response, COUNTED.iter().chain(more));
    }
}

/// Takes `null` out of what can be left out but has no way to be null: a header, a body.
fn without_nulls(operation: &mut Operation) {
    let parameters = operation.parameters.iter_mut().flatten().filter_map(own);
    let parameters = parameters.filter_map(|parameter| parameter.schema.as_mut());
    let bodies = operation.request_body.iter_mut().filter_map(own);
    let bodies = bodies.flat_map(|body| body.content.values_mut().filter_map(own));
    let bodies = bodies.filter_map(|content| content.schema.as_mut());
    for schema in parameters.chain(bodies) {
        match schema {
            RefOr::T(Schema::Object(object)) => {
                if let SchemaType::Array(types) = &mut object.schema_type {
                    types.retain(|one| *one != Type::Null);
                    if let [one] = types.as_slice() {
                        object.schema_type = SchemaType::Type(one.clone());
                    }
                }
            }
            RefOr::T(Schema::OneOf(one_of)) => {
                one_of.items.retain(|item| !is_null(item));
                if let [item] = one_of.items.as_slice() {
                    *schema = item.clone();
                }
            }
            _ => {}
        }
    }
}

/// What is described in place.
fn own<T>(described: &mut RefOr<T>) -> Option<&mut T> {
    match described {
        RefOr::T(here) => Some(here),
        RefOr::Ref(_) => None,
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null))
}

fn say<'a>(response: &mut Response, headers: impl Iterator<Item = &'a &'a str>) {
    for name in headers {
        let header = Ref::new(format!("#/components/headers/{name}"));
        response
            .headers
            .insert((*name).to_owned(), RefOr::Ref(header));
    }
}

/// What answers say beside their bodies.
fn headers() -> [(&'static str, Header); 8] {
    let header = |says: &str, example: &str| {
        HeaderBuilder::new()
            .schema(Some(Object::with_type(Type::String)))
            .description(Some(says))
            .example(Some(example.into()))
            .build()
    };
    let number = |says: &str| {
        HeaderBuilder::new()
            .schema(Some(Object::with_type(Type::Integer)))
            .description(Some(says))
            .example(Some(1.into()))
            .build()
    };
    [
        (
            "RateLimit-Policy",
            header(
                "The quota that the call was counted against: `q` calls in `w` seconds",
                "\"calls\";q=1200;w=60",
            ),
        ),
        (
            "RateLimit",
            header(
                "How many calls of it are left, and in how many seconds it is full again",
                "\"calls\";r=1199;t=1",
            ),
        ),
        ("Retry-After", number("In how many seconds to try again")),
        (
            "WWW-Authenticate",
            header("How to say who one is", "Bearer"),
        ),
        (
            "ETag",
            header(
                "The tag of this representation, for `If-Match` and `If-None-Match`",
                "\"wKqJZb0eYj7dW1o5u2TtAQ1aB2cD\"",
            ),
        ),
        (
            "Location",
            header("Where it can be read from now on", "/api/v1/cases/00012345"),
        ),
        (
            "Idempotency-Replayed",
            header(
                "`true` when the call had been done before: this is its answer from then",
                "true",
            ),
        ),
        (
            "Countersign-Effective",
            header(
                "How this became effective everywhere; absent when it took nothing away",
                "acknowledged=1, lapsed=0, ms=4",
            ),
        ),
    ]
}

/// The document as it is checked in: pretty, in a stable order, with a newline at the end.
#[must_use]
pub fn openapi_json() -> String {
    // Through a value, whose objects are ordered by key.
    let mut text = serde_json::to_value(openapi())
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_default();
    text.push('\n');
    text
}
