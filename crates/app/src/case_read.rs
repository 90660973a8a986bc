//! A case as its reader sees it.

use countersign_domain::{
    Actor, Case, CaseId, CaseNumber, Event, Refusal, Sight, State, Timestamp, caller_may_act,
    counts, sees_case,
};
use countersign_node::Effective;
use countersign_store::Key;

use crate::{
    App, Failure,
    app::caller,
    execute::{Done, case_numbered},
};

/// A case with its org and everyone it mentions, as of one moment.
#[derive(Clone, Debug)]
pub struct CaseRead {
    state: State,
    id: CaseId,
    /// Store time of the read.
    pub now: Timestamp,
    /// How much of it the reader may be shown (R6).
    pub sight: Sight,
    /// Whether what the reader does counts as the customer's own (R3).
    pub counts: bool,
}

impl CaseRead {
    pub(crate) fn new(
        state: State,
        id: CaseId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let case = state.case(id).ok_or(Refusal::CaseNotFound)?;
        let sight = sees_case(&state, case, &actor);
        if sight == Sight::Nothing {
            return Err(Refusal::CaseNotFound);
        }
        Ok(Self {
            counts: counts(&state, &actor).is_ok(),
            state,
            id,
            now,
            sight,
        })
    }

    /// The case with this number as a command finds it, for callers who act on what they have read.
    ///
    /// # Errors
    /// `CaseNotFound` also when it is not the caller's to see (R4).
    pub fn in_state(
        state: &State,
        number: &CaseNumber,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let id = case_numbered(state, number)?.id;
        Self::new(state.clone(), id, actor, now)
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> Option<&Case> {
        self.state.case(self.id)
    }

    /// The org and everyone the case mentions.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }
}

/// A case after a command.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The case afterwards. None when the caller no longer sees it.
    pub case: Option<CaseRead>,
    /// What happened; nothing when all was so already.
    pub events: Vec<Event>,
    /// How it became effective everywhere, if it took something away.
    pub effective: Option<Effective>,
}

impl Changed {
    pub(crate) fn from_done(done: Done, number: &CaseNumber, actor: Actor) -> Self {
        let id = case_numbered(&done.state, number).map(|case| case.id);
        let case = id.and_then(|id| CaseRead::new(done.state, id, actor, done.now));
        Self {
            case: case.ok(),
            events: done.events,
            effective: done.effective,
        }
    }
}

impl App {
    /// One case.
    ///
    /// # Errors
    /// `CaseNotFound` also when it is not the caller's to see (R4).
    pub async fn case(&self, actor: Actor, number: &CaseNumber) -> Result<CaseRead, Failure> {
        let mut keys = vec![Key::CaseNumber(number.clone())];
        keys.extend(caller(actor));
        let slice = self.store.load(&keys).await?;
        caller_may_act(&slice.state, &actor)?;
        let id = case_numbered(&slice.state, number)?.id;
        self.settled(&slice).await?;
        Ok(CaseRead::new(slice.state, id, actor, slice.now)?)
    }
}
