//! Looking into the body of a request that a rule makes a read (R17).

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use countersign_decision::{Classified, Effect, Reason, body_effect, needs_body};
use countersign_domain::SessionId;
use http::{HeaderMap, HeaderValue, header};
use http_body_util::{BodyExt, Either, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use tokio::time::timeout;

use crate::{
    outgoing::Carried,
    refusal::Refusal,
    room::{Held, Room},
};

/// The largest body that is looked into.
pub(crate) const LARGEST: usize = 1024 * 1024;

/// A body that has been looked into, and the room it takes until it has been sent.
struct Whole(Bytes, #[allow(dead_code)] Held);

impl AsRef<[u8]> for Whole {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The body as it goes upstream: one that could ask for another method is read whole and judged,
/// and what was judged is what is sent; any other flows. There is so much room for bodies, and so
/// much of it for one session.
pub(crate) async fn inspected(
    headers: &HeaderMap,
    body: Incoming,
    patience: Duration,
    (room, session): (&Arc<Room>, SessionId),
) -> Result<Carried, Refusal> {
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.map(HeaderValue::as_bytes);
    if !needs_body(content_type).map_err(refused)? {
        return Ok(Either::Right(body));
    }
    let announced = body.size_hint().upper();
    let announced = announced.and_then(|bytes| usize::try_from(bytes).ok());
    let most = announced.map_or(LARGEST, |bytes| bytes.min(LARGEST));
    let mut held = room.hold(session, most).ok_or_else(Refusal::no_room)?;
    let whole = timeout(patience, Limited::new(body, LARGEST).collect());
    let whole = match whole.await {
        Ok(Ok(whole)) => whole.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let why = "its body is larger than what can be looked into";
            return Err(refused(Effect::Ambiguous(why)));
        }
        Ok(Err(_)) | Err(_) => return Err(Refusal::body_incomplete()),
    };
    body_effect(content_type, &whole).map_err(refused)?;
    held.shrink(whole.len());
    Ok(Either::Left(Full::new(Bytes::from_owner(Whole(
        whole, held,
    )))))
}

fn refused(effect: Effect) -> Refusal {
    Refusal::not_a_read(&Classified {
        effect,
        reason: Reason::Body("its body cannot be judged"),
    })
}
