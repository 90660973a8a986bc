//! Where a process begins: at what is live, not at the first event.

use std::sync::Arc;

use countersign_decision::{LiveSession, View};
use countersign_domain::{IdMap, SessionId, Timestamp};
use countersign_store::{AsOf, LivePart, Position, Store, StoredSession, Unavailable};

/// What a process knows before it follows the tail.
#[derive(Debug)]
pub struct Start {
    /// What is live.
    pub view: View,
    /// As of when.
    pub as_of: AsOf,
    /// When each session that runs last had a request recorded, if it had any.
    pub activity: IdMap<SessionId, Timestamp>,
}

impl Start {
    /// Of a process that decides nothing and so needs to know nothing.
    pub(crate) fn knowing_nothing() -> Self {
        Self {
            view: View::default(),
            as_of: AsOf {
                position: Position::default(),
                time: Timestamp::from_millis(i64::MIN),
            },
            activity: IdMap::default(),
        }
    }

    /// Reads what is live. That takes no lease: whoever takes one afterwards folds on from here up
    /// to the head, as somebody does who has followed the tail all along.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn read(store: &dyn Store) -> Result<Self, Unavailable> {
        let mut view = View::default();
        let mut activity = IdMap::default();
        let mut take = |part| match part {
            LivePart::Org(org) => view.know_org(&org),
            LivePart::Admin(admin) => view.know_admin(&admin),
            LivePart::Agent(agent) => view.know_agent(&agent),
            LivePart::Grant { case, org, grant } => view.know_grant(case, org, &grant),
            LivePart::Session(stored) => {
                if stored.ended.is_none() && stored.last_request > stored.session.started_at {
                    activity.insert(stored.session.id, stored.last_request);
                }
                know_session(&mut view, *stored);
            }
        };
        let as_of = store.live(View::ENDED, &mut take).await?;
        Ok(Self {
            view,
            as_of,
            activity,
        })
    }
}

fn know_session(view: &mut View, stored: StoredSession) {
    let live = LiveSession {
        case: stored.case,
        name: Arc::new(stored.name),
        org: stored.org,
        session: stored.session,
    };
    match stored.ended {
        None => view.know_session(live),
        Some(end) => view.know_ended(Arc::new(live), end),
    }
}
