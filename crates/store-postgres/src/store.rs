//! The contract, over connections that each have a purpose.

mod waiting;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use countersign_domain::{
    AdminId, AgentId, CaseNumber, CredentialId, OrgId, SecretHash, SessionId, Timestamp,
};
use countersign_entries::Entry;
use countersign_store::{
    Acknowledgements, Addresses, Append, AppendError, Appended, AsOf, AtProvider, BrowserSession,
    BrowserSessionLimits, CasePage, CaseQuery, Credential, CredentialPage, CredentialQuery,
    DirectoryPage, DirectoryQuery, Draft, HistoryPage, HistoryQuery, Kept, Key, LastRequest, Lease,
    LeaseEpoch, LeaseError, LeaseRow, LivePart, NewBrowserSession, NewLease, PeoplePage,
    PeopleQuery, Position, Recorded, SessionPage, SessionQuery, SignedInAt, SigningKey, Slice,
    Store, StoredEntry, Unavailable, Verdict,
};
use tokio::sync::Mutex;

use crate::{
    addresses,
    append::Job,
    browser::{self, Look},
    connection::{Connection, Connector, Purpose},
    credential_list, credentials, directory,
    fault::Fault,
    herald::Herald,
    history::{History, agents, last},
    kept, keys, leases,
    line::Line,
    listener::Listener,
    listing, live, load, log,
    marks::{Marks, Time},
    note::{Note, Noted},
    operator_browsers, people,
    readers::Readers,
    recording::Recording,
    session_list,
    settle::{self, settle},
    tail,
    whole::{Incomplete, Memory},
    writer::{Locks, Work, WriteError, Writer},
};
use countersign_store::alike::{Ends, Tips};

/// How many read at once.
const READERS: usize = 6;

/// A store in one PostgreSQL database. Several handles and several processes may share it.
pub struct PostgresStore {
    pub(crate) time: Time,
    pub(crate) readers: Readers,
    writer: Writer,
    /// Appends of this process follow each other here, where they take no connection while they
    /// wait.
    turn: Mutex<()>,
    recording: Recording,
    history: History,
    /// For leases alone: nothing that waits may keep one from being renewed.
    leases: Line,
    /// What has been acknowledged by renewals, so as to know what is new.
    acknowledged: AtomicU64,
    /// For single looks.
    pub(crate) looks: Line,
    listener: Listener,
    tips: Arc<Tips>,
    /// Tells other processes of what this one writes.
    herald: Herald,
    memory: Arc<Memory>,
    connector: Connector,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

impl PostgresStore {
    pub(crate) fn over(connector: Connector, memory: Arc<Memory>, time: Time) -> Self {
        let tips = Arc::new(Tips::default());
        Self {
            readers: Readers::new(connector.clone(), READERS),
            writer: Writer::new(connector.clone()),
            turn: Mutex::default(),
            recording: Recording::new(connector.clone(), time.clone()),
            history: History::default(),
            leases: Line::new(connector.clone(), Purpose::Writing),
            acknowledged: AtomicU64::new(0),
            looks: Line::new(connector.clone(), Purpose::Reading),
            listener: Listener::new(connector.clone(), Arc::clone(&tips)),
            herald: Herald::new(connector.clone().uncounted()),
            connector,
            tips,
            memory,
            time,
        }
    }

    /// How many round trips to the database have been waited for so far, besides those that make connections
    /// and prepare statements: what a call costs, whatever the network. What goes out together counts once.
    #[must_use]
    pub fn round_trips(&self) -> u64 {
        self.connector.round_trips()
    }

    /// Closes every connection, after the writes that are under way.
    pub async fn close(&self) {
        self.listener.close();
        self.herald.close();
        self.readers.close();
        self.recording.close().await;
        self.writer.close().await;
        self.leases.close().await;
        self.looks.close().await;
    }

    pub(crate) async fn write<T, F>(&self, locks: Locks, work: F) -> Result<T, Unavailable>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c Connection) -> Work<'c, T, Fault> + Send + 'static,
    {
        Ok(self.writer.run(locks, work).await?)
    }

    /// Logs end here now: tells who follows them, here and in other processes.
    fn grown(&self, ends: &Ends) {
        self.tips.moved(ends);
        if self.listener.follows() {
            self.herald.grown(ends);
        }
    }

    async fn marks(&self) -> Result<Marks, Fault> {
        let line = self.looks.get().await?;
        Marks::read(&line, &self.time).await
    }

    async fn reaches(&self, org: OrgId, from: u64) -> Result<bool, Fault> {
        let line = self.looks.get().await?;
        log::reaches(&line, org, from).await
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn now(&self) -> Result<Timestamp, Unavailable> {
        Ok(self.marks().await?.now)
    }

    async fn load(&self, keys: &[Key]) -> Result<Slice, Unavailable> {
        Ok(load::slice(&self.readers, &self.time, keys).await?)
    }

    async fn append(&self, append: Append<'_>) -> Result<Appended, AppendError> {
        let job = Job::new(&append, self.time.clone());
        let _turn = self.turn.lock().await;
        let (locks, asks) = (job.locks(), job.asks()?);
        let judge = move |found| job.judge(found);
        let written = self.writer.run_at_once(locks, asks, judge).await;
        let written = match written {
            Err(WriteError::Unknown(why, Some(written))) => {
                settle(&self.writer, why, &written).await?;
                written
            }
            other => other?,
        };
        let Appended { position, at } = written.appended;
        self.memory.event(position, at);
        self.listener.tell(written.appended.position);
        self.grown(&written.ends);
        Ok(written.appended)
    }

    async fn note(&self, entry: Entry) -> Result<(), Unavailable> {
        let org = entry.org;
        let note = Note(entry);
        let asks = note.asks(&self.time);
        let _turn = self.turn.lock().await;
        let noted = self
            .writer
            .run_at_once(Locks::Position, asks, move |found| note.write(found))
            .await?;
        let Noted { ends, index, at } = noted;
        self.memory
            .recorded(&[Verdict::Recorded { org, index, at }]);
        self.grown(&ends);
        Ok(())
    }

    async fn settle(&self) -> Result<(), Unavailable> {
        let settled = self
            .writer
            .run::<(), Fault, _>(Locks::Position, |connection| {
                Box::pin(settle::as_durable(connection))
            });
        Ok(settled.await?)
    }

    async fn head(&self) -> Result<Position, Unavailable> {
        Ok(self.marks().await?.head)
    }

    async fn newest_barrier(&self) -> Result<Position, Unavailable> {
        Ok(self.marks().await?.barrier)
    }

    async fn tail(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Unavailable> {
        let events = tail::after(&self.readers, after, limit).await?;
        if let Some(newest) = events.last() {
            self.memory.event(newest.position, newest.at);
        }
        Ok(events)
    }

    async fn live(
        &self,
        ended: usize,
        take: &mut (dyn FnMut(LivePart) + Send),
    ) -> Result<AsOf, Unavailable> {
        let view = self.readers.view().await?;
        let as_of = live::read(&view, ended, take).await?;
        self.memory.head(as_of.position);
        Ok(as_of)
    }

    async fn wait_for_more(&self, after: Position) {
        self.until_more(after).await;
    }

    async fn record(
        &self,
        lease: LeaseEpoch,
        drafts: &[Draft],
    ) -> Result<Vec<Verdict>, Unavailable> {
        let recorded = self.recording.record(lease, drafts).await?;
        self.memory.recorded(&recorded.verdicts);
        self.grown(&recorded.ends);
        Ok(recorded.verdicts)
    }

    async fn entries(
        &self,
        org: OrgId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredEntry>, Unavailable> {
        let view = self.readers.view().await?;
        Ok(log::entries(&view, org, from, limit).await?)
    }

    async fn history(&self, query: HistoryQuery) -> Result<HistoryPage, Unavailable> {
        Ok(self
            .history
            .page(&self.readers, &self.writer, &self.time, &query)
            .await?)
    }

    async fn index_history(&self, limit: usize) -> Result<usize, Unavailable> {
        Ok(self
            .history
            .index(&self.readers, &self.writer, limit)
            .await?)
    }

    async fn agents_in_history(
        &self,
        org: OrgId,
        opened_by: Option<AdminId>,
    ) -> Result<Vec<AgentId>, Unavailable> {
        let view = self.readers.view().await?;
        Ok(agents::appearing(&view, org, opened_by).await?)
    }

    async fn last_requests(&self, sessions: &[SessionId]) -> Result<Vec<LastRequest>, Unavailable> {
        let view = self.readers.view().await?;
        Ok(last::requests(&view, sessions).await?)
    }

    async fn wait_for_entries(&self, org: OrgId, from: u64) {
        self.until_entries(org, from).await;
    }

    async fn kept(&self, slot: [u8; 32]) -> Result<Option<Kept>, Unavailable> {
        let view = self.readers.view().await?;
        Ok(kept::get(&view, &self.time, slot).await?)
    }

    async fn acquire_lease(&self, new: NewLease) -> Result<Lease, Unavailable> {
        let line = self.leases.get().await?;
        // A loss may have been accepted on a connection that was open all the time.
        self.memory.check(&line).await?;
        let lease = leases::acquire(&line, &self.time, new).await?;
        self.memory.lease(lease.id);
        self.memory.head(lease.head);
        Ok(lease)
    }

    async fn renew_lease(
        &self,
        lease: LeaseEpoch,
        acknowledged: Position,
    ) -> Result<Option<Timestamp>, LeaseError> {
        let is_new = acknowledged.0 > self.acknowledged.load(Ordering::Acquire);
        let renewed = async {
            let line = self.leases.get().await?;
            leases::renew(&line, &self.time, lease, acknowledged, is_new).await
        };
        match renewed.await {
            Ok(renewed) => {
                self.acknowledged
                    .fetch_max(acknowledged.0, Ordering::AcqRel);
                renewed
            }
            Err(fault) => Err(LeaseError::Unavailable(fault.into())),
        }
    }

    fn acknowledgements(&self) -> Acknowledgements {
        self.listener.acknowledgements()
    }

    async fn leases(&self) -> Result<Vec<LeaseRow>, Unavailable> {
        let line = self.looks.get().await?;
        Ok(leases::all(&line).await?)
    }

    async fn end_lease(&self, lease: LeaseEpoch) -> Result<(), Unavailable> {
        let line = self.leases.get().await?;
        Ok(leases::end(&line, lease, None).await?)
    }

    async fn end_silent_lease(&self, lease: LeaseEpoch, counter: u64) -> Result<(), Unavailable> {
        let line = self.leases.get().await?;
        Ok(leases::end(&line, lease, Some(counter)).await?)
    }

    async fn cases(&self, query: CaseQuery) -> Result<CasePage, Unavailable> {
        let view = self.readers.view().await?;
        Ok(listing::cases(&view, &self.time, &query).await?)
    }

    async fn directory(&self, org: Option<OrgId>) -> Result<Slice, Unavailable> {
        Ok(load::directory(&self.readers, &self.time, org).await?)
    }

    async fn directory_page(&self, query: DirectoryQuery) -> Result<DirectoryPage, Unavailable> {
        let view = self.readers.view().await?;
        Ok(directory::page(&view, &query).await?)
    }

    async fn people(&self, query: PeopleQuery) -> Result<PeoplePage, Unavailable> {
        let view = self.readers.view().await?;
        Ok(people::page(&view, &query).await?)
    }

    async fn sessions(&self, query: SessionQuery) -> Result<SessionPage, Unavailable> {
        let view = self.readers.view().await?;
        Ok(session_list::page(&view, &self.time, &query).await?)
    }

    async fn next_case_number(&self) -> Result<CaseNumber, Unavailable> {
        self.write(Locks::Nothing, |connection| {
            Box::pin(listing::next_number(connection))
        })
        .await
    }

    async fn credential(&self, hash: SecretHash) -> Result<Option<Credential>, Unavailable> {
        let view = self.readers.view().await?;
        Ok(credentials::by_hash(&view, &self.time, hash).await?)
    }

    async fn credentials_of(
        &self,
        org: OrgId,
        limit: usize,
    ) -> Result<Vec<Credential>, Unavailable> {
        let view = self.readers.view().await?;
        Ok(credentials::of_org(&view, &self.time, org, limit).await?)
    }

    async fn credentials(&self, query: CredentialQuery) -> Result<CredentialPage, Unavailable> {
        let view = self.readers.view().await?;
        Ok(credential_list::page(&view, &self.time, &query).await?)
    }

    async fn waiting_credentials(
        &self,
        org: OrgId,
        limit: usize,
    ) -> Result<Vec<Credential>, Unavailable> {
        let view = self.readers.view().await?;
        Ok(credentials::waiting(&view, &self.time, org, limit).await?)
    }

    async fn use_login_link(
        &self,
        link: SecretHash,
        session: NewBrowserSession,
    ) -> Result<bool, Unavailable> {
        let time = self.time.clone();
        self.write(Locks::Position, move |connection| {
            Box::pin(credentials::use_login_link(connection, time, link, session))
        })
        .await
    }

    async fn begin_openid_session(
        &self,
        credential: CredentialId,
        session: NewBrowserSession,
        at: AtProvider,
    ) -> Result<bool, Unavailable> {
        let time = self.time.clone();
        self.write(Locks::Position, move |connection| {
            let by = (credential, at);
            Box::pin(browser::start_by_openid(connection, time, by, session))
        })
        .await
    }

    async fn begin_agent_session(
        &self,
        agent: AgentId,
        session: NewBrowserSession,
        at: AtProvider,
    ) -> Result<bool, Unavailable> {
        let time = self.time.clone();
        self.write(Locks::Position, move |connection| {
            let who = (agent, at);
            Box::pin(browser::start_for_agent(connection, time, who, session))
        })
        .await
    }

    async fn signed_in_at(&self, known: SecretHash) -> Result<Vec<SignedInAt>, Unavailable> {
        let view = self.readers.view().await?;
        Ok(browser::signed_in_at(&view, known).await?)
    }

    async fn end_browser_sessions_at(&self, known: SecretHash) -> Result<(), Unavailable> {
        self.write(Locks::Nothing, move |connection| {
            Box::pin(browser::end_at(connection, known))
        })
        .await
    }

    async fn browser_session(
        &self,
        cookie: SecretHash,
        limits: BrowserSessionLimits,
    ) -> Result<Option<BrowserSession>, Unavailable> {
        let look = {
            let view = self.readers.view().await?;
            browser::look(&view, &self.time, cookie, limits).await?
        };
        match look {
            Look::Nobody => Ok(None),
            Look::Live(session) => Ok(Some(session)),
            Look::Unseen(_) => {
                let time = self.time.clone();
                self.write(Locks::Nothing, move |connection| {
                    Box::pin(browser::see(connection, time, cookie, limits))
                })
                .await
            }
        }
    }

    async fn end_browser_session(
        &self,
        cookie: SecretHash,
        limits: BrowserSessionLimits,
    ) -> Result<Option<BrowserSession>, Unavailable> {
        let time = self.time.clone();
        self.write(Locks::Nothing, move |connection| {
            Box::pin(browser::end(connection, time, cookie, limits))
        })
        .await
    }

    async fn end_browser_sessions_by(&self, credential: CredentialId) -> Result<(), Unavailable> {
        self.write(Locks::Nothing, move |connection| {
            Box::pin(browser::end_by(connection, credential))
        })
        .await
    }

    async fn begin_operator_browser(
        &self,
        cookie: SecretHash,
        at: AtProvider,
    ) -> Result<(), Unavailable> {
        let time = self.time.clone();
        // Expired ones are removed in nobody else's way.
        self.write(Locks::Position, move |connection| {
            Box::pin(operator_browsers::begin(connection, time, cookie, at))
        })
        .await
    }

    async fn operator_browser(
        &self,
        cookie: SecretHash,
        idle: countersign_domain::Duration,
    ) -> Result<Option<Credential>, Unavailable> {
        let look = {
            let view = self.readers.view().await?;
            operator_browsers::look(&view, &self.time, cookie, idle).await?
        };
        match look {
            operator_browsers::Look::Nobody => Ok(None),
            operator_browsers::Look::Live(found) => Ok(Some(found)),
            operator_browsers::Look::Unseen(_) => {
                let time = self.time.clone();
                self.write(Locks::Nothing, move |connection| {
                    Box::pin(operator_browsers::see(connection, time, cookie, idle))
                })
                .await
            }
        }
    }

    async fn close(&self) {
        Self::close(self).await;
    }

    async fn outdated(&self) -> String {
        self.memory.outdated().await;
        Incomplete::Accepted.to_string()
    }

    async fn publish_key(&self, key: SigningKey) -> Result<(), Unavailable> {
        let time = self.time.clone();
        self.write(Locks::Position, move |connection| {
            Box::pin(keys::publish(connection, time, key))
        })
        .await
    }

    async fn keys(&self) -> Result<Vec<SigningKey>, Unavailable> {
        let view = self.readers.view().await?;
        Ok(keys::live(&view, &self.time).await?)
    }

    async fn claim_addresses(
        &self,
        addresses: Addresses,
        instead_of: Option<Addresses>,
    ) -> Result<Result<(), Addresses>, Unavailable> {
        self.write(Locks::Nothing, move |connection| {
            Box::pin(addresses::claim(connection, addresses, instead_of))
        })
        .await
    }

    async fn addresses(&self) -> Result<Option<Addresses>, Unavailable> {
        let view = self.readers.view().await?;
        Ok(addresses::get(&view).await?)
    }

    async fn last_request(&self, session: SessionId) -> Result<Option<Timestamp>, Unavailable> {
        let line = self.looks.get().await?;
        let at: Option<i64> = line
            .value_if_any(
                "SELECT last_request_at FROM sessions WHERE id = $1",
                &[&session.to_string()],
            )
            .await?;
        Ok(at.map(Timestamp::from_millis))
    }
}
