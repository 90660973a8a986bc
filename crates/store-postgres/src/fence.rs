//! For how long a session is good by the clock alone (R18, DESIGN section 4).

use countersign_domain::{Duration, SessionId, Timestamp};
use countersign_store::alike::fence;

use crate::known::{Good, UnderSession};

/// Until when the judgement lets requests go on, if nothing is taken away and the session
/// does not go idle: it is asked about the last moment at which the clock lets them.
pub(crate) fn good(under: &UnderSession, id: SessionId) -> Option<Good> {
    let case = under.state.case(under.case)?;
    let (session, grant) = (case.sessions.get(&id)?, case.access.unrevoked()?);
    let until = session.ends_at(grant.period.expires_at);
    let last = Timestamp::from_millis(until.as_millis().saturating_sub(1));
    let idle: Duration = session.idle;
    fence(&under.state, under.case, id, last, last)
        .is_none()
        .then_some(Good { until, idle })
}
