//! What calls do when they get to the store, and what they did there as the judge hears of it.

use std::collections::BTreeMap;

use countersign_domain::{Actor, CalledFrom, Event, SessionId, StreamId, Timestamp};
use countersign_store::{
    Append, AppendError, Appended, Draft, Fence, LeaseEpoch, LeaseError, NewCredential, NewKept,
    NewPasskey, Position, Store, Verdict, Version,
};

use super::{mutant::Mutant, wire::Wire};

/// An append that goes on without whoever made it.
#[derive(Debug)]
pub(super) struct Sent {
    /// The call of a client that it is for.
    pub(super) call: Option<u64>,
    pub(super) actor: Actor,
    /// When it was decided.
    pub(super) at: Timestamp,
    pub(super) events: Vec<Event>,
    read: Vec<(StreamId, Version)>,
    credentials: Vec<NewCredential>,
    kept: Option<NewKept>,
    passkey: Option<NewPasskey>,
    client: Option<CalledFrom>,
}

impl Sent {
    pub(super) fn new(append: &Append<'_>, call: Option<u64>) -> Self {
        Self {
            call,
            actor: append.actor,
            at: append.at,
            events: append.events.to_vec(),
            read: append.read.to_vec(),
            credentials: append.credentials.to_vec(),
            kept: append.kept.cloned(),
            passkey: append.passkey.cloned(),
            client: append.client.cloned(),
        }
    }

    /// Appends. With `again` it does so whatever has moved.
    pub(super) fn commit(&self, wire: &Wire, again: bool) -> Result<Appended, AppendError> {
        let append = |read: &[(StreamId, Version)], kept: Option<&NewKept>| {
            let append = Append {
                actor: self.actor,
                at: self.at,
                read,
                events: &self.events,
                credentials: &self.credentials,
                kept,
                passkey: self.passkey.as_ref(),
                client: self.client.as_ref(),
            };
            wire.store.append_now(&append)
        };
        let fresh = || {
            let data = wire.store.data();
            let streams = self.read.iter();
            streams
                .map(|(stream, _)| (*stream, data.version(*stream)))
                .collect::<Vec<_>>()
        };
        let result = if again {
            append(&fresh(), None)
        } else {
            match append(&self.read, self.kept.as_ref()) {
                Err(AppendError::Conflict) if wire.is(Mutant::ConflictsAreIgnored) => {
                    append(&fresh(), self.kept.as_ref())
                }
                result => result,
            }
        };
        if let Ok(appended) = &result {
            wire.judge.committed(self, appended);
        }
        result
    }

    pub(super) fn as_if_appended(&self, wire: &Wire) -> Appended {
        Appended {
            position: wire.store.data().head(),
            at: self.at,
        }
    }
}

pub(super) fn fences(wire: &Wire, drafts: &[Draft]) -> BTreeMap<SessionId, Fence> {
    let now = wire.store.store_time();
    wire.store.data().fences(drafts, now)
}

pub(super) fn record(
    wire: &Wire,
    lease: LeaseEpoch,
    drafts: &[Draft],
    early: Option<BTreeMap<SessionId, Fence>>,
) -> Vec<Verdict> {
    let held = wire.store.data().holds(lease);
    let regardless = |fences: Option<BTreeMap<_, _>>| {
        let now = wire.store.store_time();
        let mut data = wire.store.data();
        let fences = fences.unwrap_or_else(|| data.fences(drafts, now));
        data.write(drafts, &fences, now)
    };
    let verdicts = match early {
        Some(early) if held => regardless(Some(early)),
        None if wire.is(Mutant::FenceIgnoresTheLease) => regardless(None),
        _ => wire.store.record_now(lease, drafts),
    };
    wire.judge.recorded(drafts, &verdicts, held);
    verdicts
}

/// Verdicts on what is not there.
pub(super) fn as_if_recorded(wire: &Wire, drafts: &[Draft]) -> Vec<Verdict> {
    let at = wire.store.store_time();
    let data = wire.store.data();
    let verdict = |draft: &Draft| match data.sessions.get(&draft.session()) {
        None => Verdict::Fenced(Fence::UnknownSession),
        Some(kept) => Verdict::Recorded {
            org: kept.org,
            index: data.log_size(kept.org),
            at,
        },
    };
    drafts.iter().map(verdict).collect()
}

pub(super) async fn renew(
    wire: &Wire,
    lease: LeaseEpoch,
    acknowledged: Position,
) -> Result<Option<Timestamp>, LeaseError> {
    if wire.is(Mutant::NeverAcknowledges) {
        wire.store.data().renew_only(lease)?;
        return Ok(Some(wire.store.store_time()));
    }
    let folded = if wire.is(Mutant::AcknowledgesWhatItHasNotFolded) {
        wire.store.data().head()
    } else {
        acknowledged
    };
    wire.store.renew_lease(lease, folded).await
}
