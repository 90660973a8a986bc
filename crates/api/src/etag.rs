//! Entity tags (RFC 9110 section 8.8.3), and acting only on what was read.
//!
//! A tag is a hash over the representation as its reader sees it. The versions of the streams in the
//! store would not do: they move by what a representation does not show (a token minted, a link opened),
//! and stand still when the clock, or somebody's role, changes what it does show. Behind the hash come
//! a few bits for each field, from which a tag that does not fit any more tells what has changed.

use std::sync::{Arc, OnceLock};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_app::{App, CaseRead, Changed, Failure, digest};
use countersign_domain::{Actor, CaseNumber, Refusal, State, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::{case_view::CaseView, problem::Problem, replies::changed, router::Served};

/// Of the whole hash: more than 128 bits, for others choose some of what is hashed.
const WHOLE: usize = 22;
/// Of each field's hash: enough to notice a change, which is all they are for.
const FIELD: usize = 3;

/// A strong tag, without its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    text: String,
    fields: Vec<String>,
}

impl Tag {
    /// The tag of a representation.
    pub(crate) fn of(representation: &impl Serialize) -> Self {
        Self::of_value(&serde_json::to_value(representation).unwrap_or_default())
    }

    /// The same of one as JSON.
    pub(crate) fn of_value(value: &Value) -> Self {
        let mut text = short(value, WHOLE);
        let mut fields = vec![];
        for (name, field) in value.as_object().into_iter().flatten() {
            match field.as_object() {
                Some(inner) => {
                    for (inner, field) in inner {
                        text.push_str(&short(field, FIELD));
                        fields.push(format!("{name}.{inner}"));
                    }
                }
                None => {
                    text.push_str(&short(field, FIELD));
                    fields.push(name.clone());
                }
            }
        }
        Self { text, fields }
    }

    /// The fields in which a representation with this tag differs from one with the tag `earlier`;
    /// none when that is no tag of such a representation.
    fn changed_since(&self, earlier: &str) -> Vec<String> {
        if earlier.len() != self.text.len() || !earlier.is_ascii() {
            return vec![];
        }
        let bits = |text: &str, at: usize| {
            let from = WHOLE + at * FIELD;
            text.get(from..from + FIELD).map(ToOwned::to_owned)
        };
        self.fields
            .iter()
            .enumerate()
            .filter(|(at, _)| bits(&self.text, *at) != bits(earlier, *at))
            .map(|(_, name)| name.clone())
            .collect()
    }

    /// As it is written in a header, and as a version in SCIM.
    pub(crate) fn quoted(&self) -> String {
        format!("\"{}\"", self.text)
    }

    fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.quoted()).ok()
    }

    /// Puts the tag on a response.
    pub(crate) fn put(&self, headers: &mut HeaderMap) {
        if let Some(value) = self.header() {
            headers.insert(header::ETAG, value);
        }
    }
}

fn short(value: &Value, length: usize) -> String {
    // Objects are ordered by key, so the same value is the same text.
    let hash = digest(&[value.to_string().as_bytes()]);
    let mut text = URL_SAFE_NO_PAD.encode(hash);
    text.truncate(length);
    text
}

/// The tags that a header names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tags {
    /// Whatever there is.
    Any,
    /// These; weak ones are marked.
    These(Vec<(bool, String)>),
}

/// What a request says about what it has read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conditions {
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
}

impl FromRequestParts<Served> for Conditions {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Served) -> Result<Self, Problem> {
        Ok(Self {
            if_match: tags(&parts.headers, &header::IF_MATCH)?,
            if_none_match: tags(&parts.headers, &header::IF_NONE_MATCH)?,
        })
    }
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Tags>, Problem> {
    let mut listed = vec![];
    let mut any = false;
    let given = headers.contains_key(name);
    for value in headers.get_all(name) {
        let text = value.to_str().ok();
        let found = text.and_then(parse).ok_or_else(|| {
            Problem::malformed_header(
                name,
                "an entity tag in its quotes, as an ETag header had it, a list of them, or *",
            )
        })?;
        match found {
            Tags::Any => any = true,
            Tags::These(tags) => listed.extend(tags),
        }
    }
    let all = if any { Tags::Any } else { Tags::These(listed) };
    Ok(given.then_some(all))
}

/// A list of tags (RFC 9110 section 13.1.1), or the asterisk. A list may be empty, and then names
/// nothing.
fn parse(text: &str) -> Option<Tags> {
    if text.trim() == "*" {
        return Some(Tags::Any);
    }
    let mut tags = vec![];
    let mut rest = text.trim();
    if rest.is_empty() {
        return Some(Tags::These(tags));
    }
    loop {
        let weak = rest.starts_with("W/");
        let quoted = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"')?;
        let (tag, behind) = quoted.split_once('"')?;
        if tag.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return None;
        }
        tags.push((weak, tag.to_owned()));
        rest = behind.trim_start();
        if rest.is_empty() {
            return Some(Tags::These(tags));
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
}

impl Tags {
    /// A tag that is there, by strong comparison.
    fn name(&self, present: Option<&Tag>) -> bool {
        match (self, present) {
            (_, None) => false,
            (Self::Any, Some(_)) => true,
            (Self::These(tags), Some(present)) => {
                tags.iter().any(|(weak, tag)| !weak && *tag == present.text)
            }
        }
    }

    /// The same by weak comparison.
    fn name_weakly(&self, present: &Tag) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => tags.iter().any(|(_, tag)| *tag == present.text),
        }
    }
}

impl Conditions {
    fn are_none(&self) -> bool {
        self.if_match.is_none() && self.if_none_match.is_none()
    }

    /// Why a change must not be made to what is there; None if it may.
    fn stale(&self, present: Option<&Tag>) -> Option<Stale> {
        if let Some(wanted) = &self.if_match
            && !wanted.name(present)
        {
            return Some(match (wanted, present) {
                (_, None) => Stale::Nothing,
                (Tags::These(tags), Some(present)) if tags.len() == 1 => Stale::Changed(
                    tags.iter()
                        .flat_map(|(_, tag)| present.changed_since(tag))
                        .collect(),
                ),
                _ => Stale::Changed(vec![]),
            });
        }
        match (&self.if_none_match, present) {
            (Some(unwanted), Some(present)) if unwanted.name_weakly(present) => {
                Some(Stale::Something)
            }
            _ => None,
        }
    }

    /// Why a change must not be made to what is there under this tag; None if it may.
    pub(crate) fn stale_for(&self, present: &Tag) -> Option<Stale> {
        self.stale(Some(present))
    }

    /// Whether whoever reads has this already.
    pub(crate) fn know(&self, present: &Tag) -> bool {
        let known = self.if_none_match.as_ref();
        known.is_some_and(|tags| tags.name_weakly(present))
    }

    /// Answers a read: 304 to whoever has this very representation.
    pub(crate) fn answer(&self, representation: &impl Serialize) -> Response {
        let tag = Tag::of(representation);
        let mut response = if self.know(&tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            axum::Json(representation).into_response()
        };
        tag.put(response.headers_mut());
        response
    }

    /// Makes a change, if what it is decided on is as the caller has read it. `present` finds the
    /// tag of what is there, in the moment of the decision; none when nothing is.
    pub(crate) async fn change<T, F: Future<Output = Result<T, Failure>>>(
        self,
        app: &App,
        present: impl Fn(&State, Timestamp) -> Result<Option<Tag>, Refusal> + Send + Sync + 'static,
        call: impl FnOnce(App) -> F,
    ) -> Result<T, Problem> {
        if self.are_none() {
            return Ok(call(app.clone()).await?);
        }
        let found: Arc<OnceLock<Stale>> = Arc::default();
        let noted = Arc::clone(&found);
        let guarded = app.as_read(move |state, now| {
            let present = present(state, now)?;
            match self.stale(present.as_ref()) {
                None => Ok(()),
                Some(stale) => {
                    // A call that goes on is decided again; the first mismatch ends it.
                    let _ = noted.set(stale);
                    Err(Refusal::ChangedSinceShown)
                }
            }
        });
        call(guarded).await.map_err(|failure| match found.get() {
            Some(stale) => Problem::stale(stale),
            None => failure.into(),
        })
    }
}

impl Conditions {
    /// Changes a case, if it is as the caller has read it: 200 with the case.
    pub(crate) async fn on_case<F: Future<Output = Result<Changed, Failure>>>(
        self,
        served: &Served,
        actor: Actor,
        number: CaseNumber,
        call: impl FnOnce(App, CaseNumber) -> F,
    ) -> Result<Response, Problem> {
        let present = {
            let number = number.clone();
            move |state: &State, now| {
                let read = CaseRead::in_state(state, &number, actor, now)?;
                Ok(CaseView::of(&read).map(|view| Tag::of(&view)))
            }
        };
        let done = self
            .change(&served.app, present, |app| call(app, number))
            .await?;
        changed(&done)
    }
}

/// Why what was read is not there any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stale {
    /// There is nothing, and a tag was named.
    Nothing,
    /// There is something, and the caller said there was not.
    Something,
    /// It has changed, in these fields if that can be told.
    Changed(Vec<String>),
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tag_tells_which_fields_have_changed() {
        let earlier = json!({"a": 1, "b": {"c": [1], "d": null}, "e": "x"});
        let tag = Tag::of_value(&earlier);
        assert_eq!(tag, Tag::of_value(&earlier.clone()));
        let later = Tag::of_value(&json!({"a": 1, "b": {"c": [1, 2], "d": null}, "e": "y"}));
        assert_ne!(later.text, tag.text);
        assert_eq!(later.changed_since(&tag.text), ["b.c", "e"]);
        for nonsense in ["", "x", &"ü".repeat(tag.text.len() / 2)] {
            assert_eq!(later.changed_since(nonsense), [""; 0], "{nonsense}");
        }
    }

    #[test]
    fn headers_name_tags() {
        let these = |tags: &[(bool, &str)]| {
            let tags = tags.iter().map(|(weak, tag)| (*weak, (*tag).to_owned()));
            Some(Tags::These(tags.collect()))
        };
        for (text, expected) in [
            ("*", Some(Tags::Any)),
            (" * ", Some(Tags::Any)),
            ("\"a\"", these(&[(false, "a")])),
            ("\"\"", these(&[(false, "")])),
            (
                "\"a,b\" , W/\"c\",\"d\"",
                these(&[(false, "a,b"), (true, "c"), (false, "d")]),
            ),
            ("a", None),
            ("\"a", None),
            ("\"a\" \"b\"", None),
            ("\"a\",", None),
            ("w/\"a\"", None),
            ("\"a b\"", None),
            ("*, \"a\"", None),
            ("", these(&[])),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn conditions_are_judged_as_rfc_9110_says() {
        let there = Tag::of_value(&json!({"a": 1}));
        let named = |text: &str| Some(Tags::These(vec![(false, text.to_owned())]));
        let stale = |if_match, if_none_match, present: Option<&Tag>| {
            let conditions = Conditions {
                if_match,
                if_none_match,
            };
            conditions.stale(present)
        };
        let other = Tag::of_value(&json!({"a": 2})).text;
        let weak = Some(Tags::These(vec![(true, there.text.clone())]));
        assert_eq!(stale(None, None, Some(&there)), None);
        assert_eq!(stale(named(&there.text), None, Some(&there)), None);
        assert_eq!(stale(Some(Tags::Any), None, Some(&there)), None);
        let changed = Some(Stale::Changed(vec!["a".to_owned()]));
        assert_eq!(stale(named(&other), None, Some(&there)), changed);
        let unknown = Some(Stale::Changed(vec![]));
        assert_eq!(stale(named("x"), None, Some(&there)), unknown);
        assert_eq!(stale(weak.clone(), None, Some(&there)), unknown);
        let empty = Some(Tags::These(vec![]));
        assert_eq!(stale(empty.clone(), None, Some(&there)), unknown);
        assert_eq!(stale(None, empty, Some(&there)), None);
        assert_eq!(stale(Some(Tags::Any), None, None), Some(Stale::Nothing));
        assert_eq!(stale(named("x"), None, None), Some(Stale::Nothing));
        assert_eq!(stale(None, Some(Tags::Any), None), None);
        let there_is = Some(Stale::Something);
        assert_eq!(stale(None, Some(Tags::Any), Some(&there)), there_is);
        assert_eq!(stale(None, weak, Some(&there)), there_is);
        assert_eq!(stale(None, named(&other), Some(&there)), None);
    }
}
