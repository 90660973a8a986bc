//! Sessions ended not long ago, so that a request that comes too late can be told from one that
//! never had a session, and told why.

use std::collections::{HashMap, VecDeque};

use countersign_domain::{EndedWhy, Label};

use crate::LiveSession;

/// How many are kept; older ones are forgotten, and their requests are then nobody's.
const KEPT: usize = 4_096;

#[derive(Clone, Debug, Default)]
pub(crate) struct Ended {
    sessions: HashMap<Label, EndedSession>,
    order: VecDeque<Label>,
}

/// A session that was ended.
#[derive(Clone, Debug)]
pub(crate) struct EndedSession {
    pub(crate) session: LiveSession,
    /// Unless it follows from an event that does not say it of each session.
    pub(crate) why: Option<EndedWhy>,
}

impl Ended {
    pub(crate) fn keep(&mut self, session: LiveSession, why: Option<EndedWhy>) {
        let label = session.session.label.clone();
        let ended = EndedSession { session, why };
        if self.sessions.insert(label.clone(), ended).is_none() {
            self.order.push_back(label);
        }
        if self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.sessions.remove(&oldest);
        }
    }

    pub(crate) fn of_label(&self, label: &Label) -> Option<&EndedSession> {
        self.sessions.get(label)
    }
}
