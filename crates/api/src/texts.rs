//! The texts of requests, as exactly as a schema can say them. What the domain parses is what counts;
//! these are for those who generate clients, and for those who test with them.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use crate::history_params::{FormatText, Kinds, OrderText, RequestsText};

macro_rules! text {
    ($(#[$doc:meta])* $name:ident as $schema:ident: $($said:tt)*) => {
        $(#[$doc])*
        #[derive(ToSchema)]
        #[schema(as = $schema, $($said)*)]
        pub(crate) struct $name(#[allow(dead_code)] String);
    };
}

text!(
    /// An org's short name: lower-case letters, digits and hyphens.
    SlugText as Slug: pattern = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
    min_length = 1, max_length = 63, example = "acme"
);
text!(
    /// An e-mail address. Letter case makes no difference.
    EmailText as Email: pattern = r"^[!#$%&'*+\-./0-9=?A-Z^_`a-z{|}~]{1,64}@[0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?(\.[0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?)*$",
    min_length = 3, max_length = 254, example = "dana@acme.test"
);
text!(
    /// A case number; unique in a deployment.
    CaseNumberText as CaseNumber: pattern = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$",
    min_length = 1, max_length = 64, example = "00012345"
);
text!(
    /// A case's title: one line.
    TitleText as Title: pattern = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$",
    min_length = 1, max_length = 200, example = "Invoices cannot be exported"
);
text!(
    /// A person's or org's name: one line.
    NameText as Name: pattern = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$",
    min_length = 1, max_length = 100, example = "Dana Reed"
);
text!(
    /// Why an agent asks for access. Line breaks and tabs are allowed; white space around it does not
    /// count.
    JustificationText as Justification: pattern = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]{8,}[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$",
    min_length = 10, max_length = 2000,
    example = "The export fails for Acme only; I need to see its invoice settings."
);
text!(
    /// Scheme, host and port of a product, and nothing behind.
    OriginText as Origin: pattern = r"^[Hh][Tt][Tt][Pp][Ss]?://([0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?(\.[0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?)*|\[(([0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){1,7}:|([0-9A-Fa-f]{1,4}:){1,6}:[0-9A-Fa-f]{1,4}|([0-9A-Fa-f]{1,4}:){1,5}(:[0-9A-Fa-f]{1,4}){2}|([0-9A-Fa-f]{1,4}:){1,4}(:[0-9A-Fa-f]{1,4}){3}|([0-9A-Fa-f]{1,4}:){1,3}(:[0-9A-Fa-f]{1,4}){4}|([0-9A-Fa-f]{1,4}:){1,2}(:[0-9A-Fa-f]{1,4}){5}|[0-9A-Fa-f]{1,4}:(:[0-9A-Fa-f]{1,4}){6}|:((:[0-9A-Fa-f]{1,4}){1,7}|:))\])(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?/*$",
    max_length = 300, example = "https://app.example.com"
);
text!(
    /// A host name of two labels or more, in ASCII. Letter case makes no difference.
    HostNameText as HostName: pattern = r"^([0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?\.)+[A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?$",
    min_length = 3, max_length = 253, example = "acme.support.example.com"
);
text!(
    /// The name of a request header that HTTP itself does not use. Letter case makes no difference.
    HeaderNameText as HeaderName: pattern = r"^(?!(?:[Hh][Oo][Ss][Tt]|[Cc][Oo][Nn][Nn][Ee][Cc][Tt][Ii][Oo][Nn]|[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][Ee][Nn][Gg][Tt][Hh]|[Tt][Rr][Aa][Nn][Ss][Ff][Ee][Rr]-[Ee][Nn][Cc][Oo][Dd][Ii][Nn][Gg]|[Uu][Pp][Gg][Rr][Aa][Dd][Ee]|[Tt][Ee]|[Tt][Rr][Aa][Ii][Ll][Ee][Rr]|[Cc][Oo][Oo][Kk][Ii][Ee]|[Kk][Ee][Ee][Pp]-[Aa][Ll][Ii][Vv][Ee]|[Ee][Xx][Pp][Ee][Cc][Tt])$|[Pp][Rr][Oo][Xx][Yy]-|[Cc][Oo][Uu][Nn][Tt][Ee][Rr][Ss][Ii][Gg][Nn]-)[0-9A-Za-z-]{1,64}$",
    min_length = 1, max_length = 64, example = "x-remote-user"
);
text!(
    /// A pattern of paths: segments as they read after percent-decoding, `{name}` for any one, and `**`
    /// at the end for any number.
    RoutePatternText as RoutePattern: pattern = r"^(/(?!\.{1,2}(/|$))([^/{}*%;\\?#\u0000-\u001f\u007f-\u009f]+|\{[0-9A-Za-z_.-]+\})(?=/|$)){0,31}(/(?!\.{1,2}$)([^/{}*%;\\?#\u0000-\u001f\u007f-\u009f]*[^\s/{}*%;\\?#\u0000-\u001f\u007f-\u009f]|\{[0-9A-Za-z_.-]+\}|\*\*|))$",
    min_length = 1, max_length = 500, example = "/api/{id}/search"
);
text!(
    /// A method that a rule may name, in upper case.
    MethodText as RouteMethod: pattern = r"^(?!(CONNECT|TRACE)$)[A-Z][0-9A-Z-]{0,31}$",
    min_length = 1, max_length = 32, example = "GET"
);
text!(
    /// The id of a session.
    SessionIdText as SessionId: pattern = r"^sess_[0-9A-Fa-f]{32}$",
    example = "sess_019ac1d1d8a07d2f8b1c6f1a2b3c4d5e"
);
text!(
    /// The id of an OpenID provider.
    ProviderIdText as OpenIdProviderId: pattern = r"^iss_[0-9A-Fa-f]{32}$",
    example = "iss_019ac1d1d8a07d2f8b1c6f1a2b3c4d5e"
);
text!(
    /// The issuer identifier of an OpenID provider: an `https` URL without user, query or fragment.
    IssuerText as Issuer: pattern = r"^https://([0-9a-z]([0-9a-z-]{0,61}[0-9a-z])?(\.[0-9a-z]([0-9a-z-]{0,61}[0-9a-z])?)*)(:([1-9][0-9]{0,3}))?(/[0-9A-Za-z_~-]+)*/?$",
    max_length = 300, example = "https://login.acme.test"
);
text!(
    /// What an OpenID provider knows Countersign by.
    OpenIdClientText as OpenIdClient: pattern = r"^[!-~]+$", min_length = 1, max_length = 255,
    example = "countersign"
);
text!(
    /// The domain of e-mail addresses. Letter case makes no difference.
    MailDomainText as MailDomain: pattern = r"^[0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?(\.[0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?)*$",
    min_length = 1, max_length = 253, example = "acme.test"
);
text!(
    /// The id of a credential.
    CredentialIdText as CredentialId: pattern = r"^cred_[0-9A-Fa-f]{32}$",
    example = "cred_019ac1d1d8a07d2f8b1c6f1a2b3c4d5e"
);
text!(
    /// The id of a service client.
    ClientIdText as ServiceClientId: pattern = r"^client_[0-9A-Fa-f]{32}$",
    example = "client_019ac1d1d8a07d2f8b1c6f1a2b3c4d5e"
);
text!(
    /// What a service client is called: one line.
    ClientNameText as ServiceClientName: pattern = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$",
    min_length = 1, max_length = 60, example = "Nightly access review"
);
text!(
    /// The SHA-256 thumbprint of a key, in base64url.
    ThumbprintText as Thumbprint: pattern = r"^[0-9A-Za-z_-]{43}$",
    example = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
);

/// The schemas of all of them: parameters refer to some that no body does.
pub(crate) fn schemas() -> Vec<(String, RefOr<Schema>)> {
    macro_rules! all {
        ($($name:ident),*) => {
            vec![$(($name::name().into_owned(), $name::schema())),*]
        };
    }
    all!(
        SlugText,
        EmailText,
        CaseNumberText,
        TitleText,
        NameText,
        JustificationText,
        OriginText,
        HeaderNameText,
        HostNameText,
        RoutePatternText,
        MethodText,
        SessionIdText,
        CredentialIdText,
        ClientIdText,
        ClientNameText,
        ThumbprintText,
        ProviderIdText,
        IssuerText,
        OpenIdClientText,
        MailDomainText,
        OrderText,
        RequestsText,
        FormatText,
        Kinds
    )
}
