//! Appending events with everything that follows from them, in two round trips: everything that it
//! depends on is looked at together with taking the locks, and everything that it writes is written
//! together with the commit. Nothing is sent of the second before the first is answered.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::{
    Actor, CalledFrom, Event, OperatorVia, OrgId, State, StreamId, Timestamp,
};
use countersign_entries::What;
use countersign_store::{
    Append, AppendError, Appended, NewCredential, NewKept, NewPasskey, Position, Version,
};

use crate::{
    clients, credentials,
    fault::{Fault, column},
    kept, listener,
    log::Log,
    marks::{Marks, Time},
    passkeys, sessions, snapshots, versions,
    volley::{Answers, Volley, held},
    writer::Locks,
};
use countersign_store::alike::{Ends, Wanted, entry, grant_of_session};

/// An [`Append`] that a task of its own can hold.
#[derive(Debug)]
pub(crate) struct Job {
    actor: Actor,
    at: Timestamp,
    read: Vec<(StreamId, Version)>,
    events: Vec<Event>,
    credentials: Vec<NewCredential>,
    kept: Option<NewKept>,
    passkey: Option<NewPasskey>,
    client: Option<CalledFrom>,
    time: Time,
}

/// What an append came to, and where the logs that it wrote to end.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) appended: Appended,
    pub(crate) ends: Ends,
    /// By what it is known if the answer to the commit is lost.
    pub(crate) last: LastEvent,
}

/// The last event of an append, as it is written down.
#[derive(Clone, Debug, Default)]
pub(crate) struct LastEvent {
    pub(crate) actor: String,
    pub(crate) body: String,
}

/// Rows of events, written at once.
#[derive(Default)]
struct EventRows {
    positions: Vec<i64>,
    streams: Vec<String>,
    versions: Vec<i64>,
    types: Vec<&'static str>,
    takes_away: Vec<bool>,
    bodies: Vec<String>,
}

impl EventRows {
    fn push(&mut self, position: Position, version: Version, event: &Event) -> Result<(), Fault> {
        self.positions.push(column(position.0));
        self.streams.push(event.stream().to_string());
        self.versions.push(column(version.0));
        self.types.push(What::Event(event.clone()).name());
        self.takes_away.push(event.takes_away());
        self.bodies.push(serde_json::to_string(event)?);
        Ok(())
    }

    fn write(
        self,
        volley: &mut Volley,
        at: Timestamp,
        actor: &Actor,
        client: Option<&CalledFrom>,
    ) -> Result<LastEvent, Fault> {
        let actor = serde_json::to_string(actor)?;
        let client = client.map(serde_json::to_string).transpose()?;
        let body = self.bodies.last().cloned().unwrap_or_default();
        volley.push(
            "INSERT INTO events (position, at, stream, version, type, takes_away, actor, body,
                                 client)
                 SELECT u.position, $1, u.stream, u.version, u.type, u.takes_away, $2, u.body, $9::text
                 FROM unnest($3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::boolean[],
                             $8::text[]) AS u (position, stream, version, type, takes_away, body)
                 ORDER BY u.position",
            held![
                at.as_millis(),
                actor.clone(),
                self.positions,
                self.streams,
                self.versions,
                self.types,
                self.takes_away,
                self.bodies,
                client,
            ],
        );
        Ok(LastEvent { actor, body })
    }
}

impl Job {
    pub(crate) fn new(append: &Append<'_>, time: Time) -> Self {
        Self {
            time,
            actor: append.actor,
            at: append.at,
            read: append.read.to_vec(),
            events: append.events.to_vec(),
            credentials: append.credentials.to_vec(),
            kept: append.kept.cloned(),
            passkey: append.passkey.cloned(),
            client: append.client.cloned(),
        }
    }

    /// The locks that it takes.
    pub(crate) fn locks(&self) -> Locks {
        if self.events.iter().any(Event::takes_away) {
            Locks::RevocationAndPosition
        } else {
            Locks::Position
        }
    }

    /// What it looks at, once its locks are taken: how far the store has come, whether what it was decided
    /// on has moved, and everything that it changes.
    ///
    /// # Errors
    /// [`AppendError::Unnamed`] when it writes to a stream that it does not name.
    pub(crate) fn asks(&self) -> Result<Volley, AppendError> {
        let named = |event: &&Event| {
            self.read
                .iter()
                .any(|(stream, _)| *stream == event.stream())
        };
        if let Some(event) = self.events.iter().find(|event| !named(event)) {
            return Err(AppendError::Unnamed(event.stream()));
        }
        let mut volley = Volley::default();
        // Before the marks: whoever has written to these logs has come to an end then, and time
        // does not go back along them.
        Log::lock(&mut volley, &self.logs());
        Marks::ask(&mut volley, &self.time);
        if let Some(new) = &self.kept {
            kept::Place::ask(&mut volley, new.slot);
        }
        let named: BTreeSet<StreamId> = self.read.iter().map(|(stream, _)| *stream).collect();
        versions::ask(&mut volley, &named);
        snapshots::ask(&mut volley, &self.touched());
        for event in &self.events {
            if let Some((query, of)) = reached(event) {
                volley.push(query, held![of]);
            }
        }
        Ok(volley)
    }

    /// Judges what was found, and answers with what is to be written together with the commit.
    pub(crate) fn judge(&self, mut found: Answers) -> Result<(Volley, Written), AppendError> {
        let log = Log::locked(&mut found, &self.logs())?;
        let marks = Marks::answered(&mut found)?;
        let at = marks.not_before(self.at);
        let mut place = None;
        if self.kept.is_some() {
            let there = kept::Place::answered(&mut found)?;
            if there.is_taken(at) {
                return Err(AppendError::Kept);
            }
            place = Some(there);
        }
        let present = versions::answered(&mut found)?;
        let moved = |(stream, seen): &(StreamId, Version)| present.get(stream) != Some(seen);
        if self.read.iter().any(moved) {
            return Err(AppendError::Conflict);
        }
        let mut touched = snapshots::answered(&mut found)?;
        for _ in self.events.iter().filter_map(reached) {
            touched.extend(snapshots::answered(&mut found)?);
        }
        let mut volley = Volley::default();
        if let (Some(place), Some(new)) = (place, &self.kept) {
            place.keep(&mut volley, new, at);
        }
        let before = touched.into_state();
        let written = self.write(&mut volley, &before, present, log, marks.head, at)?;
        Ok((volley, written))
    }

    fn write(
        &self,
        volley: &mut Volley,
        before: &State,
        mut versions: BTreeMap<StreamId, Version>,
        mut log: Log,
        head: Position,
        at: Timestamp,
    ) -> Result<Written, Fault> {
        let mut after = before.clone();
        let mut changed = sessions::Changed::default();
        let mut position = head;
        let mut rows = EventRows::default();
        for event in &self.events {
            let grant = grant_of_session(&after, event);
            after.evolve(at, event);
            changed.note(&after, event);
            if let Some(entry) = entry(&after, at, &self.actor, self.client.as_ref(), event, grant)?
            {
                log.push(&entry)?;
            }
            position.0 = position.0.saturating_add(1);
            let version = versions.entry(event.stream()).or_default();
            version.0 = version.0.saturating_add(1);
            rows.push(position, *version, event)?;
        }
        let last = rows.write(volley, at, &self.actor, self.client.as_ref())?;
        snapshots::save(volley, before, &after)?;
        self.save_sessions(volley, before, &after, &changed)?;
        let ends = log.write(volley, at);
        self.save_credentials(volley, at)?;
        self.save_passkey(volley, at)?;
        self.come_to(volley, position, at);
        Ok(Written {
            appended: Appended { position, at },
            ends,
            last,
        })
    }

    /// Writes down how far the store has come, and tells those who listen at the commit.
    fn come_to(&self, volley: &mut Volley, position: Position, at: Timestamp) {
        let takes_away = self.events.iter().rposition(Event::takes_away);
        let behind = takes_away.map(|place| self.events.len().saturating_sub(place + 1));
        let barrier = behind.map(|behind| {
            let behind = u64::try_from(behind).unwrap_or_default();
            column(position.0.saturating_sub(behind))
        });
        volley.push(
            "UPDATE meta SET last_at = greatest(last_at, $1), head = $2,
                                 barrier = coalesce($3, barrier)",
            held![at.as_millis(), column(position.0), barrier],
        );
        volley.push(
            "SELECT pg_notify($1, $2)",
            held![listener::EVENTS, position.0.to_string()],
        );
    }

    /// The orgs on whose logs it stands.
    fn logs(&self) -> BTreeSet<OrgId> {
        self.events.iter().filter_map(Event::org).collect()
    }

    /// Everything these events change or name: their own streams, the actor, the orgs whose logs
    /// they stand on. The cases that a block or a deactivation reaches are [`reached`].
    fn touched(&self) -> Wanted {
        let mut wanted = Wanted::default();
        match self.actor {
            Actor::Admin { id, .. } => _ = wanted.admins.insert(id),
            Actor::Agent { id } => _ = wanted.agents.insert(id),
            Actor::Operator {
                via: OperatorVia::Person { id },
            } => _ = wanted.operators.insert(id),
            Actor::Operator { .. } | Actor::Provisioning { org: None, .. } => {}
            Actor::Provisioning { org: Some(org), .. } => _ = wanted.orgs.insert(org),
            Actor::Client { org, .. } => _ = wanted.orgs.insert(org),
            Actor::Impersonation { agent, subject, .. } => {
                wanted.agents.insert(agent);
                wanted.admins.insert(subject);
            }
        }
        for event in &self.events {
            wanted.orgs.extend(event.org());
            wanted.credentials.extend(event.admin_credential());
            if let Event::OrgClaimed { by, .. } = event {
                wanted.admins.insert(*by);
            }
            match event.stream() {
                StreamId::Org(id) => _ = wanted.orgs.insert(id),
                StreamId::Admin(id) => _ = wanted.admins.insert(id),
                StreamId::Agent(id) => _ = wanted.agents.insert(id),
                StreamId::Case(id) => _ = wanted.cases.insert(id),
                StreamId::Operators | StreamId::Starts(_) => {}
            }
        }
        wanted
    }

    fn save_sessions(
        &self,
        volley: &mut Volley,
        before: &State,
        after: &State,
        changed: &sessions::Changed,
    ) -> Result<(), Fault> {
        for event in &self.events {
            if let Event::SessionStarted { case, org, session } = event {
                sessions::start(volley, *case, *org, session);
            }
        }
        changed.save(volley, after)?;
        for case in after.cases() {
            sessions::end(volley, before.case(case.id), case)?;
        }
        Ok(())
    }

    fn save_credentials(&self, volley: &mut Volley, at: Timestamp) -> Result<(), Fault> {
        for credential in &self.credentials {
            let minted = self.events.iter().find_map(|event| match event {
                Event::CredentialMinted {
                    credential: id,
                    org,
                    ..
                } if *id == credential.id => Some(*org),
                _ => None,
            });
            let org = minted.ok_or_else(|| {
                Fault::Caller(format!("no event mints credential {}", credential.id))
            })?;
            credentials::insert(volley, credential, org, &self.actor, at)?;
        }
        for event in &self.events {
            clients::note(volley, event);
            match event {
                Event::CredentialRevoked { credential, .. } => {
                    credentials::spend(volley, *credential, at);
                }
                Event::CredentialRefused { credential, .. }
                | Event::PasskeyRemoved { credential, .. }
                | Event::OpenIdUnbound { credential, .. } => {
                    credentials::end(volley, *credential, at);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn save_passkey(&self, volley: &mut Volley, at: Timestamp) -> Result<(), Fault> {
        let Some(passkey) = &self.passkey else {
            return Ok(());
        };
        let org = self.events.iter().find_map(|event| match event {
            Event::PasskeyRegistered {
                credential, org, ..
            } if *credential == passkey.id => Some(*org),
            _ => None,
        });
        let org = org.ok_or_else(|| Fault::Caller(format!("no event registers {}", passkey.id)))?;
        passkeys::insert(volley, passkey, org, at)
    }
}

/// The cases beyond its own stream that an event changes.
fn reached(event: &Event) -> Option<(&'static str, String)> {
    match event {
        Event::Blocked { org, .. } | Event::UpstreamSet { org, .. } => Some((
            "SELECT 3, doc FROM cases WHERE org = $1 AND reachable",
            org.to_string(),
        )),
        Event::AdminActiveSet {
            admin,
            active: false,
            ..
        } => Some((
            "SELECT 3, doc FROM cases
             WHERE id IN (SELECT case_id FROM sessions WHERE subject = $1 AND NOT ended)",
            admin.to_string(),
        )),
        Event::AgentActiveSet {
            agent,
            active: false,
        } => Some((
            "SELECT 3, doc FROM cases
             WHERE id IN (SELECT case_id FROM sessions WHERE agent = $1 AND NOT ended)",
            agent.to_string(),
        )),
        _ => None,
    }
}
