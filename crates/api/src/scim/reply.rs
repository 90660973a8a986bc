//! What calls answer with.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use countersign_app::Effective;
use serde_json::Value;

use super::error::MEDIA_TYPE;
use crate::{etag::Conditions, etag::Tag, replies::effective_header, router::Served};

/// A resource with its tag.
pub(super) struct Tagged {
    pub(super) resource: Value,
    pub(super) tag: Tag,
}

impl Tagged {
    /// Gives a resource that has no version yet its tag, and with it the version (RFC 7644 section 3.14).
    /// The times of a change are not part of what is hashed: what reads the same is the same.
    pub(super) fn of(mut resource: Value) -> Self {
        let mut hashed = resource.clone();
        if let Some(map) = hashed.as_object_mut() {
            map.remove("meta");
        }
        let tag = Tag::of_value(&hashed);
        if let Some(meta) = resource.get_mut("meta").and_then(Value::as_object_mut) {
            meta.insert("version".to_owned(), tag.quoted().into());
        }
        Self { resource, tag }
    }

    /// Answers with it.
    pub(super) fn reply(&self, status: StatusCode, shown: &Value) -> Response {
        let mut response = document(status, shown);
        self.tag.put(response.headers_mut());
        let location = self.resource.pointer("/meta/location");
        if let Some(location) = location.and_then(Value::as_str)
            && let Ok(location) = HeaderValue::from_str(location)
        {
            let name = if status == StatusCode::CREATED {
                header::LOCATION
            } else {
                header::CONTENT_LOCATION
            };
            response.headers_mut().insert(name, location);
        }
        response
    }

    /// Answers a read: 304 to whoever has it.
    pub(super) fn reply_to_read(&self, conditions: &Conditions, shown: &Value) -> Response {
        if conditions.know(&self.tag) {
            let mut response = StatusCode::NOT_MODIFIED.into_response();
            self.tag.put(response.headers_mut());
            return response;
        }
        self.reply(StatusCode::OK, shown)
    }
}

/// A SCIM document.
pub(super) fn document(status: StatusCode, value: &Value) -> Response {
    let body = serde_json::to_vec(value).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response()
}

/// Says how a change became effective, if it took something away.
pub(super) fn said(mut response: Response, effective: Option<Effective>) -> Response {
    if let Some((name, value)) = effective.and_then(effective_header) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// The address of something.
pub(super) fn address(served: &Served, rest: &str) -> String {
    format!("{}/scim/v2/{rest}", served.app.settings().public_url)
}
