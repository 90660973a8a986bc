//! Appending events with everything that follows from them.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::{Actor, CaseId, Event, OrgId, State, StreamId, Timestamp};
use countersign_entries::What;
use countersign_store::{
    Append, AppendError, Appended, NewCredential, NewKept, NewPasskey, Position, Version,
};

use crate::{
    connection::Connection,
    credentials,
    fault::{Fault, column},
    kept, listener,
    log::Log,
    marks::{Marks, Time},
    passkeys, sessions, snapshots, versions,
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

    async fn write(
        mut self,
        connection: &Connection,
        at: Timestamp,
        actor: &Actor,
    ) -> Result<LastEvent, Fault> {
        let actor = serde_json::to_string(actor)?;
        connection
            .execute(
                "INSERT INTO events (position, at, stream, version, type, takes_away, actor, body)
                 SELECT u.position, $1, u.stream, u.version, u.type, u.takes_away, $2, u.body
                 FROM unnest($3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::boolean[],
                             $8::text[]) AS u (position, stream, version, type, takes_away, body)
                 ORDER BY u.position",
                &[
                    &at.as_millis(),
                    &actor,
                    &self.positions,
                    &self.streams,
                    &self.versions,
                    &self.types,
                    &self.takes_away,
                    &self.bodies,
                ],
            )
            .await?;
        let body = self.bodies.pop().unwrap_or_default();
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

    pub(crate) async fn run(self, connection: &Connection) -> Result<Written, AppendError> {
        let named: BTreeMap<StreamId, Version> = self.read.iter().copied().collect();
        if let Some(event) = self
            .events
            .iter()
            .find(|event| !named.contains_key(&event.stream()))
        {
            return Err(AppendError::Unnamed(event.stream()));
        }
        let logs: BTreeSet<OrgId> = self.events.iter().filter_map(Event::org).collect();
        // Before the marks: whoever has written to these logs has come to an end then, and time
        // does not go back along them.
        let log = Log::open(connection, &logs).await?;
        let marks = Marks::read(connection, &self.time).await?;
        let at = marks.not_before(self.at);
        if let Some(new) = &self.kept
            && kept::at(connection, new.slot, at).await?.is_some()
        {
            return Err(AppendError::Kept);
        }
        let present = versions::of(connection, named.keys().copied()).await?;
        let moved = |(stream, seen): &(StreamId, Version)| present.get(stream) != Some(seen);
        if self.read.iter().any(moved) {
            return Err(AppendError::Conflict);
        }
        self.write(connection, present, log, marks.head, at)
            .await
            .map_err(AppendError::from)
    }

    async fn write(
        &self,
        connection: &Connection,
        mut versions: BTreeMap<StreamId, Version>,
        mut log: Log,
        head: Position,
        at: Timestamp,
    ) -> Result<Written, Fault> {
        let wanted = self.touched(connection).await?;
        let before = snapshots::load(connection, &wanted).await?.into_state();
        let mut after = before.clone();
        let mut changed = sessions::Changed::default();
        let mut position = head;
        let mut rows = EventRows::default();
        for event in &self.events {
            let grant = grant_of_session(&after, event);
            after.evolve(at, event);
            changed.note(&after, event);
            if let Some(entry) = entry(&after, at, &self.actor, event, grant)? {
                log.push(&entry)?;
            }
            position.0 = position.0.saturating_add(1);
            let version = versions.entry(event.stream()).or_default();
            version.0 = version.0.saturating_add(1);
            rows.push(position, *version, event)?;
        }
        let last = rows.write(connection, at, &self.actor).await?;
        snapshots::save(connection, &before, &after).await?;
        self.save_sessions(connection, &before, &after, &changed)
            .await?;
        let ends = log.write(connection, at).await?;
        self.save_credentials(connection, at).await?;
        self.save_passkey(connection, at).await?;
        self.end_credentials(connection, at).await?;
        if let Some(new) = &self.kept {
            kept::keep(connection, new, at).await?;
        }
        self.come_to(connection, position, at).await?;
        Ok(Written {
            appended: Appended { position, at },
            ends,
            last,
        })
    }

    /// Writes down how far the store has come, and tells those who listen at the commit.
    async fn come_to(
        &self,
        connection: &Connection,
        position: Position,
        at: Timestamp,
    ) -> Result<(), Fault> {
        let takes_away = self.events.iter().rposition(Event::takes_away);
        let behind = takes_away.map(|place| self.events.len().saturating_sub(place + 1));
        let barrier = behind.map(|behind| {
            let behind = u64::try_from(behind).unwrap_or_default();
            column(position.0.saturating_sub(behind))
        });
        connection
            .execute(
                "UPDATE meta SET last_at = greatest(last_at, $1), head = $2,
                                 barrier = coalesce($3, barrier)",
                &[&at.as_millis(), &column(position.0), &barrier],
            )
            .await?;
        connection
            .execute(
                "SELECT pg_notify($1, $2)",
                &[&listener::CHANNEL, &position.0.to_string()],
            )
            .await?;
        Ok(())
    }

    /// Everything these events change or name: their own streams, the actor, the orgs whose logs
    /// they stand on, and the cases that a block or a deactivation reaches.
    async fn touched(&self, connection: &Connection) -> Result<Wanted, Fault> {
        let mut wanted = Wanted::default();
        match self.actor {
            Actor::Admin { id, .. } => _ = wanted.admins.insert(id),
            Actor::Agent { id } => _ = wanted.agents.insert(id),
            Actor::Operator { .. } => {}
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
            wanted.cases.extend(reached(connection, event).await?);
        }
        Ok(wanted)
    }

    async fn save_sessions(
        &self,
        connection: &Connection,
        before: &State,
        after: &State,
        changed: &sessions::Changed,
    ) -> Result<(), Fault> {
        for event in &self.events {
            if let Event::SessionStarted { case, org, session } = event {
                sessions::start(connection, *case, *org, session).await?;
            }
        }
        changed.save(connection, after).await?;
        for case in after.cases() {
            sessions::end(connection, before.case(case.id), case).await?;
        }
        Ok(())
    }

    async fn save_credentials(&self, connection: &Connection, at: Timestamp) -> Result<(), Fault> {
        for credential in &self.credentials {
            let minted = self.events.iter().find_map(|event| match event {
                Event::CredentialMinted {
                    credential: id,
                    org,
                    ..
                } if *id == credential.id => Some(*org),
                _ => None,
            });
            let Some(org) = minted else {
                return Err(Fault::Caller(format!(
                    "no event mints credential {}",
                    credential.id
                )));
            };
            connection
                .execute(
                    "INSERT INTO credentials
                     (id, hash, owner, org, kind, minted_by, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                    &[
                        &credential.id.to_string(),
                        &credential.hash.as_bytes().to_vec(),
                        &serde_json::to_string(&credential.owner)?,
                        &org.map(|org| org.to_string()),
                        &serde_json::to_string(&credential.kind)?,
                        &serde_json::to_string(&self.actor)?,
                        &at.as_millis(),
                        &credential.expires_at.as_millis(),
                    ],
                )
                .await?;
        }
        for event in &self.events {
            if let Event::CredentialRevoked { credential, .. } = event {
                credentials::spend(connection, *credential, at).await?;
            }
        }
        Ok(())
    }
}

impl Job {
    async fn save_passkey(&self, connection: &Connection, at: Timestamp) -> Result<(), Fault> {
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
        passkeys::insert(connection, passkey, org, at).await
    }

    async fn end_credentials(&self, connection: &Connection, at: Timestamp) -> Result<(), Fault> {
        for event in &self.events {
            if let Event::CredentialRefused { credential, .. }
            | Event::PasskeyRemoved { credential, .. } = event
            {
                credentials::end(connection, *credential, at).await?;
            }
        }
        Ok(())
    }
}

/// The cases beyond its own stream that an event changes.
async fn reached(connection: &Connection, event: &Event) -> Result<Vec<CaseId>, Fault> {
    let (query, of) = match event {
        Event::Blocked { org, .. } | Event::UpstreamSet { org, .. } => (
            "SELECT id FROM cases WHERE org = $1 AND reachable",
            org.to_string(),
        ),
        Event::AdminActiveSet {
            admin,
            active: false,
            ..
        } => (
            "SELECT DISTINCT case_id FROM sessions WHERE subject = $1 AND NOT ended",
            admin.to_string(),
        ),
        Event::AgentActiveSet {
            agent,
            active: false,
        } => (
            "SELECT DISTINCT case_id FROM sessions WHERE agent = $1 AND NOT ended",
            agent.to_string(),
        ),
        _ => return Ok(vec![]),
    };
    let ids: Vec<String> = connection.values(query, &[&of]).await?;
    ids.iter().map(|id| Ok(id.parse()?)).collect()
}
