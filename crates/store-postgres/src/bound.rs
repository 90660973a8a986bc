//! Which database a process is on. An address may lead to several: a name with two records, a proxy, a list of
//! hosts, before and after a failover. What a process knows is of one of them, and so is what it asks.

use std::sync::{Mutex, PoisonError};

use crate::whole::Incomplete;

/// A database, as it is told from any other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The history that is on it.
    pub(crate) deployment: String,
    /// The server and its timeline, and the database there.
    pub(crate) server: String,
}

/// Where a process is.
#[derive(Debug, Default)]
pub(crate) struct Bound(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    place: Option<Place>,
    /// How often it has gone on to another server: connections from before are not used any more.
    moves: u64,
    /// Servers that it has left.
    left: Vec<String>,
}

impl State {
    fn may_be(&self, there: &Place) -> Result<(), Incomplete> {
        let Some(here) = &self.place else {
            return Ok(());
        };
        let (was, is) = (here.server.clone(), there.server.clone());
        if here.deployment != there.deployment {
            Err(Incomplete::Another { was, is })
        } else if self.left.contains(&is) {
            Err(Incomplete::Left { was: is, is: was })
        } else {
            Ok(())
        }
    }
}

impl Bound {
    fn state<T>(&self, with: impl FnOnce(&mut State) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether the process may go on `there`: it is there already, or its history may have moved there.
    ///
    /// # Errors
    /// It is not to be used, nor touched.
    pub(crate) fn may_be(&self, there: &Place) -> Result<(), Incomplete> {
        self.state(|state| state.may_be(there))
    }

    /// From now on the process is `there`, and never again where it was. Answers with what its connections to
    /// there are known by.
    ///
    /// # Errors
    /// It has left that place since it was looked at.
    pub(crate) fn settle(&self, there: Place) -> Result<u64, Incomplete> {
        self.state(|state| {
            state.may_be(&there)?;
            let server = there.server.clone();
            if let Some(here) = state.place.replace(there)
                && here.server != server
            {
                state.left.push(here.server);
                state.moves += 1;
            }
            Ok(state.moves)
        })
    }

    /// Whether the process has gone on to another server since.
    pub(crate) fn has_moved(&self, since: u64) -> bool {
        self.state(|state| state.moves != since)
    }
}
