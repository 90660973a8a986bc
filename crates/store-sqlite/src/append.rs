//! Appending events with everything that follows from them.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::{
    Actor, CalledFrom, CaseId, Event, OperatorVia, OrgId, State, StreamId, Timestamp,
};
use countersign_entries::What;
use countersign_store::{
    Append, AppendError, Appended, NewCredential, NewKept, NewPasskey, Position, Version,
};
use sqlx::SqliteConnection;

use crate::{
    clients, credentials,
    fault::{Fault, column},
    kept,
    log::Log,
    marks::{self, Marks},
    passkeys, sessions, snapshots, versions,
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
}

/// What an append came to, and where the logs that it wrote to end.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) appended: Appended,
    pub(crate) ends: Ends,
}

impl From<Append<'_>> for Job {
    fn from(append: Append<'_>) -> Self {
        Self {
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
}

impl Job {
    pub(crate) async fn run(
        self,
        connection: &mut SqliteConnection,
    ) -> Result<Written, AppendError> {
        let named: BTreeMap<StreamId, Version> = self.read.iter().copied().collect();
        if let Some(event) = self
            .events
            .iter()
            .find(|event| !named.contains_key(&event.stream()))
        {
            return Err(AppendError::Unnamed(event.stream()));
        }
        let marks = Marks::read(connection).await?;
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
        self.write(connection, present, marks.head, at)
            .await
            .map_err(AppendError::from)
    }

    async fn write(
        &self,
        connection: &mut SqliteConnection,
        mut versions: BTreeMap<StreamId, Version>,
        head: Position,
        at: Timestamp,
    ) -> Result<Written, Fault> {
        let wanted = self.touched(connection).await?;
        let before = snapshots::load(connection, &wanted).await?.into_state();
        let mut after = before.clone();
        let logs: BTreeSet<OrgId> = self.events.iter().filter_map(Event::org).collect();
        let mut log = Log::open(connection, &logs).await?;
        let mut changed = sessions::Changed::default();
        let mut position = head;
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
            self.insert(connection, position, at, *version, event)
                .await?;
        }
        snapshots::save(connection, &before, &after).await?;
        self.save_sessions(connection, &before, &after, &changed)
            .await?;
        let ends = log.write(connection).await?;
        self.save_credentials(connection, at).await?;
        self.save_passkey(connection, at).await?;
        self.end_credentials(connection, at).await?;
        if let Some(new) = &self.kept {
            kept::keep(connection, new, at).await?;
        }
        marks::advance(connection, at).await?;
        marks::keep_up(connection, head, position).await?;
        Ok(Written {
            appended: Appended { position, at },
            ends,
        })
    }

    /// Everything these events change or name: their own streams, the actor, the orgs whose logs
    /// they stand on, and the cases that a block or a deactivation reaches.
    async fn touched(&self, connection: &mut SqliteConnection) -> Result<Wanted, Fault> {
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
            wanted.cases.extend(reached(connection, event).await?);
        }
        Ok(wanted)
    }

    async fn insert(
        &self,
        connection: &mut SqliteConnection,
        position: Position,
        at: Timestamp,
        version: Version,
        event: &Event,
    ) -> Result<(), Fault> {
        sqlx::query(
            "INSERT INTO events (position, at, stream, version, type, takes_away, actor, body, client)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(column(position.0))
        .bind(at.as_millis())
        .bind(event.stream().to_string())
        .bind(column(version.0))
        .bind(What::Event(event.clone()).name())
        .bind(event.takes_away())
        .bind(serde_json::to_string(&self.actor)?)
        .bind(serde_json::to_string(event)?)
        .bind(self.client.as_ref().map(serde_json::to_string).transpose()?)
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn save_sessions(
        &self,
        connection: &mut SqliteConnection,
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

    async fn save_credentials(
        &self,
        connection: &mut SqliteConnection,
        at: Timestamp,
    ) -> Result<(), Fault> {
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
            sqlx::query(
                "INSERT INTO credentials
                     (id, hash, owner, org, kind, minted_by, created_at, expires_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(credential.id.to_string())
            .bind(credential.hash.as_bytes().to_vec())
            .bind(serde_json::to_string(&credential.owner)?)
            .bind(org.map(|org| org.to_string()))
            .bind(serde_json::to_string(&credential.kind)?)
            .bind(serde_json::to_string(&self.actor)?)
            .bind(at.as_millis())
            .bind(credential.expires_at.as_millis())
            .execute(&mut *connection)
            .await?;
        }
        for event in &self.events {
            clients::note(connection, event).await?;
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
    async fn save_passkey(
        &self,
        connection: &mut SqliteConnection,
        at: Timestamp,
    ) -> Result<(), Fault> {
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

    async fn end_credentials(
        &self,
        connection: &mut SqliteConnection,
        at: Timestamp,
    ) -> Result<(), Fault> {
        for event in &self.events {
            if let Event::CredentialRefused { credential, .. }
            | Event::PasskeyRemoved { credential, .. }
            | Event::OpenIdUnbound { credential, .. } = event
            {
                credentials::end(connection, *credential, at).await?;
            }
        }
        Ok(())
    }
}

/// The cases beyond its own stream that an event changes.
async fn reached(connection: &mut SqliteConnection, event: &Event) -> Result<Vec<CaseId>, Fault> {
    let query = match event {
        Event::Blocked { org, .. } | Event::UpstreamSet { org, .. } => {
            sqlx::query_scalar("SELECT id FROM cases WHERE org = ? AND reachable = 1")
                .bind(org.to_string())
        }
        Event::AdminActiveSet {
            admin,
            active: false,
            ..
        } => sqlx::query_scalar(
            "SELECT DISTINCT case_id FROM sessions WHERE subject = ? AND ended = 0",
        )
        .bind(admin.to_string()),
        Event::AgentActiveSet {
            agent,
            active: false,
        } => sqlx::query_scalar(
            "SELECT DISTINCT case_id FROM sessions WHERE agent = ? AND ended = 0",
        )
        .bind(agent.to_string()),
        _ => return Ok(vec![]),
    };
    let ids: Vec<String> = query.fetch_all(connection).await?;
    ids.iter().map(|id| Ok(id.parse()?)).collect()
}
