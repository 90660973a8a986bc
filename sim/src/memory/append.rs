//! Appending events with everything that follows from them.

use std::collections::BTreeMap;

use countersign_domain::{Event, State, StreamId, Timestamp, has_passed};
use countersign_entries::Entry;
use countersign_store::{
    Append, AppendError, Appended, Position, Recorded, Unavailable, Unique, Version,
    alike::{entry, grant_of_session},
};

use super::{Data, Kept, credentials::Minted, passkeys::Registered};

impl Data {
    pub(super) fn append(&mut self, append: &Append<'_>) -> Result<Appended, AppendError> {
        let named: BTreeMap<StreamId, Version> = append.read.iter().copied().collect();
        let unnamed = |event: &&Event| !named.contains_key(&event.stream());
        if let Some(event) = append.events.iter().find(unnamed) {
            return Err(AppendError::Unnamed(event.stream()));
        }
        let at = self.now(append.at);
        if let Some(new) = append.kept
            && self.kept_at(new.slot, at).is_some()
        {
            return Err(AppendError::Kept);
        }
        let moved = |(stream, seen): &(StreamId, Version)| self.version(*stream) != *seen;
        if append.read.iter().any(moved) {
            return Err(AppendError::Conflict);
        }
        // Whole or not at all: what can fail is done before anything is changed.
        let (after, entries) = self.folded(append, at)?;
        self.check_unique(append)?;
        let (minted, registered) = (minted(append, at)?, registered(append, at)?);

        let before = std::mem::replace(&mut self.state, after);
        for event in append.events {
            self.push(append, at, event, &before);
        }
        for entry in &entries {
            self.log(entry);
        }
        self.note_ends();
        self.credentials.extend(minted);
        self.passkeys.extend(registered);
        self.end_credentials(append.events, at);
        if let Some(new) = append.kept {
            self.kept.insert(new.slot, new.clone());
        }
        self.advance(at);
        Ok(Appended {
            position: self.head(),
            at,
        })
    }

    /// The state afterwards, and the entries.
    fn folded(
        &self,
        append: &Append<'_>,
        at: Timestamp,
    ) -> Result<(State, Vec<Entry>), Unavailable> {
        let mut after = self.state.clone();
        let mut entries = vec![];
        for event in append.events {
            let grant = grant_of_session(&after, event);
            after.evolve(at, event);
            let entry = entry(&after, at, &append.actor, append.client, event, grant);
            entries.extend(entry.map_err(|missing| Unavailable(missing.to_string()))?);
        }
        Ok((after, entries))
    }

    fn push(&mut self, append: &Append<'_>, at: Timestamp, event: &Event, before: &State) {
        let position = Position(self.head().0 + 1);
        let mut name = None;
        match event {
            Event::SessionStarted { case, org, session } => {
                name = self.state.case(*case).map(countersign_domain::Case::name);
                let number = self.sessions.len() as u64 + 1;
                self.sessions.insert(
                    session.id,
                    Kept {
                        case: *case,
                        org: *org,
                        session: session.clone(),
                        number,
                        last_request: session.started_at,
                        last_entry: None,
                        last_page: None,
                        counts: countersign_store::Counts::default(),
                        ended: None,
                    },
                );
            }
            Event::LinkOpened { case, session, .. }
            | Event::SessionEntered { case, session, .. }
            | Event::TokenExchanged { case, session, .. }
            | Event::TokenEnded { case, session, .. } => {
                let state = if self
                    .state
                    .case(*case)
                    .is_some_and(|case| case.sessions.contains_key(session))
                {
                    &self.state
                } else {
                    before
                };
                let known = state
                    .case(*case)
                    .and_then(|case| case.sessions.get(session));
                if let (Some(kept), Some(known)) = (self.sessions.get_mut(session), known) {
                    kept.session = known.clone();
                }
            }
            _ => {}
        }
        if event.takes_away() {
            self.barrier = position;
        }
        self.versions.entry(event.stream()).or_default().0 += 1;
        self.events.push(Recorded {
            position,
            at,
            actor: append.actor,
            client: append.client.cloned(),
            event: event.clone(),
            name,
        });
    }

    /// Sessions that have ended with these events, by whichever of them.
    fn note_ends(&mut self) {
        for kept in self
            .sessions
            .values_mut()
            .filter(|kept| kept.ended.is_none())
        {
            let case = self.state.case(kept.case);
            kept.ended = case.and_then(|case| case.ended_sessions.get(&kept.session.id).copied());
        }
    }

    pub(crate) fn version(&self, stream: StreamId) -> Version {
        match stream {
            StreamId::Starts(agent) => {
                let running = self.sessions.values().filter(|kept| kept.ended.is_none());
                let own = running.filter(|kept| kept.session.agent == agent);
                Version(own.map(|kept| kept.number).max().unwrap_or(0))
            }
            stream => self.versions.get(&stream).copied().unwrap_or_default(),
        }
    }

    fn check_unique(&self, append: &Append<'_>) -> Result<(), AppendError> {
        for event in append.events {
            let taken = match event {
                Event::OrgCreated { slug, .. } => {
                    let taken = self.state.orgs().filter(|org| org.slug == *slug).count() > 0;
                    taken.then_some(Unique::Slug)
                }
                Event::HostsSet { org, hosts } => {
                    let others = self.state.orgs().filter(|other| other.id != *org);
                    others
                        .flat_map(|other| &other.hosts)
                        .any(|host| hosts.contains(host))
                        .then_some(Unique::Host)
                }
                Event::AdminCreated {
                    admin, org, email, ..
                }
                | Event::AdminChanged {
                    admin, org, email, ..
                } => {
                    let mut others = self.state.admins().filter(|known| known.id != *admin);
                    let taken = others
                        .any(|known| known.org == *org && known.email == *email && !known.removed);
                    taken.then_some(Unique::Email)
                }
                Event::AgentCreated { agent, email, .. }
                | Event::AgentChanged { agent, email, .. } => {
                    let mut others = self.state.agents().filter(|known| known.id != *agent);
                    let taken = others.any(|known| known.email == *email && !known.removed);
                    taken.then_some(Unique::Email)
                }
                Event::CaseOpened { number, .. } => {
                    let taken = self.state.cases().any(|case| case.number == *number);
                    taken.then_some(Unique::CaseNumber)
                }
                _ => None,
            };
            if let Some(unique) = taken {
                return Err(AppendError::Taken(unique));
            }
        }
        let taken = |new: &countersign_store::NewPasskey| {
            self.passkeys
                .iter()
                .any(|known| known.passkey.handle == new.handle)
        };
        match append.passkey {
            Some(new) if taken(new) => Err(AppendError::Taken(Unique::Passkey)),
            _ => Ok(()),
        }
    }

    pub(super) fn kept_at(
        &self,
        slot: [u8; 32],
        now: Timestamp,
    ) -> Option<&countersign_store::NewKept> {
        let kept = self.kept.get(&slot)?;
        (!has_passed(kept.expires_at, now)).then_some(kept)
    }
}

fn minted(append: &Append<'_>, at: Timestamp) -> Result<Vec<Minted>, Unavailable> {
    let mint = |new: &countersign_store::NewCredential| {
        let org = append.events.iter().find_map(|event| match event {
            Event::CredentialMinted {
                credential, org, ..
            } if *credential == new.id => Some(*org),
            _ => None,
        });
        let org =
            org.ok_or_else(|| Unavailable(format!("no event mints credential {}", new.id)))?;
        Ok(Minted {
            new: *new,
            org,
            minted_by: append.actor,
            created_at: at,
            spent_at: None,
        })
    };
    append.credentials.iter().map(mint).collect()
}

fn registered(append: &Append<'_>, at: Timestamp) -> Result<Option<Registered>, Unavailable> {
    let register = |new: &countersign_store::NewPasskey| {
        let org = append.events.iter().find_map(|event| match event {
            Event::PasskeyRegistered {
                credential, org, ..
            } if *credential == new.id => Some(*org),
            _ => None,
        });
        let org = org.ok_or_else(|| Unavailable(format!("no event registers {}", new.id)))?;
        Ok(Registered::new(new, org, at))
    };
    append.passkey.map(register).transpose()
}
