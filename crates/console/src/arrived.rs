//! A request is all here before anybody is asked who sent it.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    middleware::Next,
    response::Response,
};

use crate::{
    refuse::{Told, tell_anybody},
    visit::Visit,
};

/// Waits for the body, within the limit on forms. A form whose end is held back is judged by whether its sender is
/// signed in when it is whole, and not by whether they were when it began.
pub(crate) async fn whole(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let incoming = Request::from_parts(parts.clone(), body);
    match Bytes::from_request(incoming, &()).await {
        Ok(bytes) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Err(rejection) => {
            let visit = Visit::of(&parts.method, &parts.uri, &parts.headers, &parts.extensions);
            tell_anybody(&Told::unreadable_form(rejection.status()), &visit)
        }
    }
}
