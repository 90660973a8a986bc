//! Sessions ended not long ago, so that a request that comes too late can be told from one that
//! never had a session.

use std::collections::{HashMap, VecDeque};

use countersign_domain::Label;

use crate::LiveSession;

/// How many are kept; older ones are forgotten, and their requests are then nobody's.
const KEPT: usize = 4_096;

#[derive(Clone, Debug, Default)]
pub(crate) struct Ended {
    sessions: HashMap<Label, LiveSession>,
    order: VecDeque<Label>,
}

impl Ended {
    pub(crate) fn keep(&mut self, session: LiveSession) {
        let label = session.session.label.clone();
        if self.sessions.insert(label.clone(), session).is_none() {
            self.order.push_back(label);
        }
        if self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.sessions.remove(&oldest);
        }
    }

    pub(crate) fn of_label(&self, label: &Label) -> Option<&LiveSession> {
        self.sessions.get(label)
    }
}
