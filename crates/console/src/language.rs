//! Choosing the language of the pages: a form in every page's footer.

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use countersign_web::messages::Lang;

use crate::{
    notice_cookie::see_other,
    posted::Fields,
    refuse::{Told, tell_anybody},
    visit::{Visit, can_be_gone_to},
};

/// Keeps the choice in the browser, and goes back to the page it was made on. It is nothing of
/// anybody's account, so it needs no sign-in; that no other site makes it is the guard's to see to.
pub(crate) async fn choose(visit: Visit, request: Request) -> Response {
    let fields = match Fields::of_request(request).await {
        Ok(fields) => fields,
        Err(told) => return tell_anybody(&told, &visit),
    };
    let to = fields.text("to");
    let chosen = Lang::of_code(fields.text("language")).filter(|_| can_be_gone_to(to));
    let cookie = chosen.and_then(|lang| HeaderValue::try_from(lang.set_cookie()).ok());
    let Some(cookie) = cookie else {
        return tell_anybody(&Told::unreadable_form(StatusCode::BAD_REQUEST), &visit);
    };
    let mut response = see_other(to);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
