//! Entries that no event is behind.

use std::collections::BTreeSet;

use countersign_domain::{OrgId, Timestamp};
use countersign_entries::Entry;

use crate::{
    fault::Fault,
    log::Log,
    marks::{Marks, Time},
    volley::{Answers, Volley, held},
};
use countersign_store::alike::Ends;

/// An entry about to be put on its org's log.
#[derive(Debug)]
pub(crate) struct Note(pub(crate) Entry);

/// An entry that stands on its org's log.
#[derive(Debug)]
pub(crate) struct Noted {
    pub(crate) ends: Ends,
    pub(crate) index: u64,
    pub(crate) at: Timestamp,
}

impl Note {
    /// What it looks at once the position lock is taken: times go on from there for whoever appends, and so none goes
    /// back along a log.
    pub(crate) fn asks(&self, time: &Time) -> Volley {
        let mut volley = Volley::default();
        Log::lock(&mut volley, &self.log());
        Marks::ask(&mut volley, time);
        volley
    }

    /// What is to be written together with the commit.
    pub(crate) fn write(mut self, mut found: Answers) -> Result<(Volley, Noted), Fault> {
        let mut log = Log::locked(&mut found, &self.log())?;
        let at = Marks::answered(&mut found)?.now;
        self.0.at = at;
        let index = log.push(&self.0)?;
        let mut volley = Volley::default();
        let ends = log.write(&mut volley, at);
        volley.push(
            "UPDATE meta SET last_at = greatest(last_at, $1)",
            held![at.as_millis()],
        );
        Ok((volley, Noted { ends, index, at }))
    }

    fn log(&self) -> BTreeSet<OrgId> {
        BTreeSet::from([self.0.org])
    }
}
