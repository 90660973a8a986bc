//! The sessions of a case that run now.

use countersign_app::{App, CaseRead, Failure};
use countersign_domain::{Grant, Session, Timestamp};

/// A session that runs now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Running<'a> {
    /// The session.
    pub(crate) session: &'a Session,
    /// Its grant.
    pub(crate) grant: &'a Grant,
    /// Its last request; its start when there was none.
    pub(crate) last_request: Timestamp,
}

impl Running<'_> {
    /// The end by the clock, unless the grant is extended.
    pub(crate) fn ends_at(&self) -> Timestamp {
        self.session.ends_at(self.grant.period.expires_at)
    }

    /// When it is over unless something is asked for under it, or the grant is extended.
    pub(crate) fn over_at(&self) -> Timestamp {
        self.ends_at()
            .min(self.last_request.plus(self.session.idle))
    }
}

/// Neither ended by anybody or any rule, nor over, nor idle for too long (R16).
pub(crate) async fn running<'a>(
    app: &App,
    read: &'a CaseRead,
) -> Result<Vec<Running<'a>>, Failure> {
    let mut found = Vec::new();
    let Some(case) = read.case() else {
        return Ok(found);
    };
    for id in case.sessions.keys() {
        let Some((session, grant)) = case.running(*id, read.now) else {
            continue;
        };
        let last_request = app
            .store()
            .last_request(*id)
            .await?
            .unwrap_or(session.started_at);
        if !session.is_idle(last_request, read.now) {
            found.push(Running {
                session,
                grant,
                last_request,
            });
        }
    }
    Ok(found)
}
