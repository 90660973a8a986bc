//! The description of the API, generated from the endpoints themselves.

use utoipa::openapi::{
    Components, InfoBuilder, LicenseBuilder, OpenApi, SecurityRequirement,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    tag::TagBuilder,
};

use crate::{replies, router};

const TAGS: [(&str, &str); 8] = [
    ("cases", "Support cases and who works on them"),
    (
        "access",
        "Asking for access, granting it, and taking it away",
    ),
    ("sessions", "Using access"),
    ("orgs", "What an org sets about support access"),
    (
        "claims",
        "Whose word counts in an org, and accepting what an operator made",
    ),
    ("log", "What happened, for the customer to check"),
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
             whose `code` is stable; times are RFC 3339 in UTC.",
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
    document
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
