//! What must hold in every state.

use stateright::Property;

use super::{
    Fleet,
    state::{PROCESSES, Request, SESSIONS, State},
    termination,
};

/// One thing that is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// Once a command has been answered, no process lets a byte through under what it took away, and
    /// none starts a request (A1).
    NothingFlows,
    /// Once a command has committed, no request under what it took away gets onto the log, whatever
    /// any process believes.
    Fenced,
    /// A process that has been given up records nothing.
    NoLeaseNoRecord,
    /// At and after the moment at which it is over by the store's clock, no process lets a byte through,
    /// and none starts a request (A2).
    NothingExpired,
    /// From every state, when nothing more goes wrong, a command is answered: without any time passing
    /// if every process is well, and in little more than a lease if one is stuck.
    AnswersInTime,
}

impl Promise {
    pub(crate) fn property(&self) -> Property<Fleet> {
        match self {
            Self::NothingFlows => Property::always(self.name(), nothing_flows),
            Self::Fenced => Property::always(self.name(), |_, state: &State| {
                !state.would_record_what_is_gone()
            }),
            Self::NoLeaseNoRecord => Property::always(self.name(), |_, state: &State| {
                !state.would_record_without_a_lease()
            }),
            Self::NothingExpired => Property::always(self.name(), nothing_expired),
            Self::AnswersInTime => Property::always(self.name(), termination::answers_in_time),
        }
    }

    /// What it is called in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NothingFlows => "after the answer nothing flows (A1)",
            Self::Fenced => "after the commit nothing is recorded",
            Self::NoLeaseNoRecord => "without a lease nothing is recorded",
            Self::NothingExpired => "past its end nothing flows (A2)",
            Self::AnswersInTime => "commands are answered in time",
        }
    }
}

fn nothing_flows(fleet: &Fleet, state: &State) -> bool {
    (0..SESSIONS)
        .filter(|session| state.answered(*session))
        .all(|session| !flows(fleet, state, session))
}

fn nothing_expired(fleet: &Fleet, state: &State) -> bool {
    let over = (state.store.time).is_some_and(|time| time.now >= time.expires_at);
    !over || !(0..SESSIONS).any(|session| flows(fleet, state, session))
}

/// Whether anything under a session is let through somewhere.
fn flows(fleet: &Fleet, state: &State, session: usize) -> bool {
    let anywhere = (0..PROCESSES).any(|process| state.may_flow(process, session));
    let here = match state.requests[session] {
        Request::Recorded => state.may_open(fleet, session),
        Request::Open => state.may_write(fleet, session),
        Request::None | Request::Decided { .. } | Request::Checked { .. } => false,
    };
    anywhere || here
}
