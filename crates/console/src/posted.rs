//! A form that somebody signed in has sent from a page of theirs.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    str::FromStr,
};

use axum::{
    Form,
    extract::{FromRequest, FromRequestParts, Request},
    http::StatusCode,
};
use countersign_app::{Failure, hash_secret};
use countersign_domain::{CaseNumber, Refusal, SessionId};

use crate::{
    Console,
    reader::Reader,
    refuse::{Halt, Told},
};

/// A form with its sender. Being here, its anti-forgery token was the sender's.
pub(crate) struct Posted {
    /// Who sent it.
    pub(crate) reader: Reader,
    /// What is in it.
    pub(crate) fields: Fields,
}

impl FromRequest<Console> for Posted {
    type Rejection = Halt;

    async fn from_request(request: Request, console: &Console) -> Result<Self, Halt> {
        let (mut parts, body) = request.into_parts();
        let reader = Reader::from_request_parts(&mut parts, console).await?;
        let fields = Fields::of_request(Request::from_parts(parts, body))
            .await
            .map_err(|told| reader.tell(&told))?;
        // Hashes are compared, so the time taken tells nothing about the token.
        let genuine = hash_secret(fields.text("csrf")) == hash_secret(&reader.who.form_token);
        if !genuine {
            return Err(reader.tell(&Told::not_your_form()));
        }
        Ok(Self { reader, fields })
    }
}

/// The fields of a form, each named once.
#[derive(Debug)]
pub(crate) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads an urlencoded form; a field that comes twice makes it unreadable.
    pub(crate) async fn of_request(request: Request) -> Result<Self, Told> {
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, &())
            .await
            .map_err(|rejection| Told::unreadable_form(rejection.status()))?;
        let mut fields = BTreeMap::new();
        for (name, value) in pairs {
            match fields.entry(name) {
                Entry::Vacant(free) => free.insert(value),
                Entry::Occupied(_) => return Err(Told::unreadable_form(StatusCode::BAD_REQUEST)),
            };
        }
        Ok(Self(fields))
    }

    /// A field's value; empty when it was not sent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The values of fields whose names begin so.
    pub(crate) fn starting<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        let fields = self.0.iter();
        let fields = fields.filter(move |(name, _)| name.starts_with(prefix));
        fields.map(|(_, value)| value.as_str())
    }

    /// Whether a field has this value.
    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.0.get(name).is_some_and(|sent| sent == value)
    }
}

/// The case number in an address. What cannot be one is nobody's case.
pub(crate) fn case_number(reader: &Reader, text: &str) -> Result<CaseNumber, Halt> {
    CaseNumber::parse(text).map_err(|_| reader.fail(&Failure::from(Refusal::CaseNotFound)))
}

/// The session in an address. What cannot be one is nobody's session.
pub(crate) fn session_id(reader: &Reader, text: &str) -> Result<SessionId, Halt> {
    SessionId::from_str(text).map_err(|_| reader.fail(&Failure::from(Refusal::SessionNotFound)))
}
