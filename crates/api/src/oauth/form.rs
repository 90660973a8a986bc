//! What a call to one of OAuth's endpoints sends: a form, perhaps with an assertion of who it is by, perhaps with a
//! proof.

use std::collections::BTreeMap;

use axum::{
    Form,
    body::{Body, to_bytes},
    extract::{FromRequest, Request},
    http::{HeaderName, header, request::Parts},
};

use super::error::OAuthError;
use crate::{
    body::{LIMIT, content_type},
    caller::here,
    router::Served,
};

const FORM: &str = "application/x-www-form-urlencoded";
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const DPOP: HeaderName = HeaderName::from_static("dpop");

/// The parameters of a form.
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads them. One that is there twice could be read differently by two readers (RFC 6749 section 3.2).
    pub(super) async fn read(parts: &Parts, body: Body) -> Result<Self, OAuthError> {
        if content_type(&parts.headers).as_deref() != Some(FORM) {
            return Err(OAuthError::request(format!(
                "Send the parameters as a form: Content-Type must be {FORM}."
            )));
        }
        let bytes = to_bytes(body, LIMIT).await.map_err(|_| {
            OAuthError::request(format!("The form must have at most {LIMIT} bytes."))
        })?;
        let request = Request::from_parts(parts.clone(), Body::from(bytes));
        let Form(pairs): Form<Vec<(String, String)>> = Form::from_request(request, &())
            .await
            .map_err(|_| OAuthError::request("The form cannot be read."))?;
        let mut form = BTreeMap::new();
        for (name, value) in pairs {
            if form.insert(name, value).is_some() {
                return Err(OAuthError::request("A parameter is there more than once."));
            }
        }
        Ok(Self(form))
    }

    /// A parameter. One without a value is as one that is left out (RFC 6749 section 3.2).
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name).filter(|value| !value.is_empty())
    }

    /// The same, where it has to be there.
    pub(super) fn need(&mut self, name: &str, what: &str) -> Result<String, OAuthError> {
        self.take(name)
            .ok_or_else(|| OAuthError::request(format!("Send {name}: {what}.")))
    }

    /// Whether it says who calls as service clients do, or as those do who have a secret.
    pub(super) fn authenticates(&self, parts: &Parts) -> bool {
        let named = ["client_assertion", "client_assertion_type", "client_secret"];
        parts.headers.contains_key(header::AUTHORIZATION)
            || named.iter().any(|name| self.0.contains_key(*name))
    }

    /// The assertion that says by which service client the call is.
    pub(super) fn assertion(&mut self, parts: &Parts) -> Result<String, OAuthError> {
        let secret = self.take("client_secret").is_some();
        if secret || parts.headers.contains_key(header::AUTHORIZATION) {
            return Err(OAuthError::new(
                "invalid_client",
                "Service clients have no secret: send a client_assertion (private_key_jwt) and no Authorization.",
            ));
        }
        if self.take("client_assertion_type").as_deref() != Some(ASSERTION) {
            return Err(OAuthError::request(format!(
                "Send client_assertion_type={ASSERTION}."
            )));
        }
        self.need(
            "client_assertion",
            "a JWT signed with a key of the service client",
        )
    }
}

/// The proof that comes with a call, if one does.
pub(super) fn proof(parts: &Parts) -> Result<Option<String>, OAuthError> {
    let mut values = parts.headers.get_all(DPOP).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => one
            .to_str()
            .map(|text| Some(text.to_owned()))
            .map_err(|_| OAuthError::proof("The DPoP header cannot be read.")),
        (Some(_), Some(_)) => Err(OAuthError::proof("There is more than one DPoP header.")),
    }
}

/// One of OAuth's endpoints as the caller knows it.
pub(super) struct Endpoint {
    /// The address of the authorization server.
    pub(super) issuer: String,
    /// The endpoint's own.
    pub(super) url: String,
    /// What assertions may be addressed to here.
    pub(super) audience: Vec<String>,
}

impl Endpoint {
    pub(super) fn of(parts: &Parts, served: &Served, path: &str) -> Self {
        let issuer = here(parts, served).url.to_string();
        let url = format!("{issuer}{path}");
        let token = format!("{issuer}{}", super::TOKEN);
        Self {
            audience: vec![token, url.clone(), format!("{issuer}/"), issuer.clone()],
            issuer,
            url,
        }
    }
}
