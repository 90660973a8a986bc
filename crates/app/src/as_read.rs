//! Acting on what was read: nothing happens when it is not so any more.

use std::{fmt, sync::Arc};

use countersign_domain::{Refusal, State, Timestamp};

use crate::App;

type Check = dyn Fn(&State, Timestamp) -> Result<(), Refusal> + Send + Sync;

/// Judges the state that a command is decided on, in the moment of the decision.
#[derive(Clone)]
pub(crate) struct AsRead(Arc<Check>);

impl fmt::Debug for AsRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsRead").finish_non_exhaustive()
    }
}

impl AsRead {
    pub(crate) fn holds(&self, state: &State, now: Timestamp) -> Result<(), Refusal> {
        (self.0)(state, now)
    }
}

impl App {
    /// The same use cases for a caller who acts on what they have read: a command that is allowed
    /// goes through only if `check` finds the state to be as they read it. It is asked after every
    /// rule has agreed, so that it tells nobody anything whom the rules would refuse.
    #[must_use]
    pub fn as_read(
        &self,
        check: impl Fn(&State, Timestamp) -> Result<(), Refusal> + Send + Sync + 'static,
    ) -> Self {
        Self {
            as_read: Some(AsRead(Arc::new(check))),
            ..self.clone()
        }
    }
}
