//! Looking into the body of a request that a rule makes a read (R17).

use std::time::Duration;

use countersign_decision::{Classified, Effect, Reason, body_effect, needs_body};
use http::{HeaderMap, HeaderValue, header};
use http_body_util::{BodyExt, Either, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use tokio::time::timeout;

use crate::{outgoing::Carried, refusal::Refusal};

/// The largest body that is looked into.
const MOST: usize = 1024 * 1024;

/// The body as it goes upstream: one that could ask for another method is read whole and judged,
/// and what was judged is what is sent; any other flows.
pub(crate) async fn inspected(
    headers: &HeaderMap,
    body: Incoming,
    patience: Duration,
) -> Result<Carried, Refusal> {
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.map(HeaderValue::as_bytes);
    if !needs_body(content_type).map_err(refused)? {
        return Ok(Either::Right(body));
    }
    let whole = timeout(patience, Limited::new(body, MOST).collect());
    let whole = match whole.await {
        Ok(Ok(whole)) => whole.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let why = "its body is larger than what can be looked into";
            return Err(refused(Effect::Ambiguous(why)));
        }
        Ok(Err(_)) | Err(_) => return Err(Refusal::body_incomplete()),
    };
    body_effect(content_type, &whole).map_err(refused)?;
    Ok(Either::Left(Full::new(whole)))
}

fn refused(effect: Effect) -> Refusal {
    Refusal::not_a_read(&Classified {
        effect,
        reason: Reason::Body("its body cannot be judged"),
    })
}
