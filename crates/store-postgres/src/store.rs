//! The contract, over connections that each have a purpose.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use countersign_domain::{AdminId, AgentId, CaseNumber, OrgId, SecretHash, SessionId, Timestamp};
use countersign_store::{
    Addresses, Append, AppendError, Appended, AsOf, BrowserSession, BrowserSessionLimits, CasePage,
    CaseQuery, Credential, CredentialPage, CredentialQuery, DirectoryPage, DirectoryQuery, Draft,
    HistoryPage, HistoryQuery, Kept, Key, LastRequest, Lease, LeaseEpoch, LeaseError, LeaseRow,
    LivePart, NewBrowserSession, NewLease, Position, Recorded, SessionPage, SessionQuery,
    SigningKey, Slice, Store, StoredEntry, Unavailable, Verdict,
};
use rustls::ClientConfig;
use tokio::{sync::Mutex, time::timeout};

use crate::{
    address::Address,
    addresses,
    append::Job,
    browser::{self, Look},
    connection::{Connection, Connector, Purpose},
    credential_list, credentials, directory,
    fault::Fault,
    history::{History, agents, last},
    kept, keys, leases,
    line::Line,
    listener::Listener,
    listing, live, load, log,
    marks::{Marks, Time},
    open::{self, OpenError},
    operator_browsers,
    readers::Readers,
    recording::Recording,
    session_list,
    settle::settle,
    tail,
    whole::{self, Incomplete, Memory, Status},
    writer::{Locks, Work, WriteError, Writer},
};
use countersign_store::alike::Tips;

/// How many read at once.
const READERS: usize = 6;
/// How often events are looked for while this process hears of them, and while it does not.
const POLL: Duration = Duration::from_millis(500);
const POLL_UNHEARD: Duration = Duration::from_millis(100);
/// How many polls one wait lasts at most.
const POLLS: u32 = 2;
/// How often other processes' entries are looked for, and how often in one wait.
const ENTRY_POLL: Duration = Duration::from_millis(450);
const ENTRY_POLLS: u32 = 2;

/// There is no loss to accept: the database holds everything that anybody remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is nothing to accept: as far as any process knows, the database holds all that was acknowledged. If it \
     was restored from an older copy, say so with --restored"
)]
pub struct NothingLost;

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
    /// For single looks.
    looks: Line,
    listener: Listener,
    tips: Tips,
    memory: Arc<Memory>,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Opens the database, having looked that it keeps what it acknowledges, and brings its schema
    /// forward. `tls` is used where the address asks for encryption.
    ///
    /// # Errors
    /// [`OpenError`]: it cannot be reached, is not fit, has a proxy before it that lends
    /// connections, or cannot be migrated.
    pub async fn open(
        address: &Address,
        tls: Option<Arc<ClientConfig>>,
        time: Time,
    ) -> Result<Self, OpenError> {
        let connector = Connector::new(address, tls);
        open::open(&connector).await?;
        let memory = Arc::new(Memory::default());
        let connector = connector.remembering(Arc::clone(&memory));
        connector.connect(Purpose::Reading).await?;
        Ok(Self::over(connector, memory, time))
    }

    /// Opens a database that may have lost something, so as to end what was being served and then to go
    /// on from what is there with [`Self::accept_loss`]. Where it seems whole, only if it is known to have been
    /// `restored`: an older copy of its own files is the same server, and nobody may be left who remembers.
    ///
    /// # Errors
    /// [`OpenError`], and [`NothingLost`] when there is nothing to accept.
    pub async fn open_after_loss(
        address: &Address,
        tls: Option<Arc<ClientConfig>>,
        time: Time,
        restored: bool,
    ) -> Result<Result<Self, NothingLost>, OpenError> {
        let connector = Connector::new(address, tls);
        open::open(&connector).await?;
        let connector = connector.accepting_loss();
        let store = Self::over(connector, Arc::default(), time);
        let status = store.status().await?;
        let lossy = restored || status.incomplete().is_some();
        Ok(lossy.then_some(store).ok_or(NothingLost))
    }

    /// How the database at an address stands, whether it is fit to be served from or not.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn status_of(
        address: &Address,
        tls: Option<Arc<ClientConfig>>,
    ) -> Result<Status, OpenError> {
        let connector = Connector::new(address, tls);
        open::open(&connector).await?;
        let connection = connector.connect(Purpose::Reading).await?;
        Ok(Status::read(&connection).await?)
    }

    /// An operator's word that the server before is stopped for good, and that its commits waited for this one
    /// to the last. Answers with how it stands then: those who were serving still have to look.
    ///
    /// # Errors
    /// [`OpenError`]; [`Incomplete`] when the word is not enough.
    pub async fn take_over(
        address: &Address,
        tls: Option<Arc<ClientConfig>>,
    ) -> Result<Status, OpenError> {
        let connector = Connector::new(address, tls);
        open::open(&connector).await?;
        let connection = connector.connect(Purpose::Writing).await?;
        whole::take_over(&connection).await.map_err(OpenError::from)
    }

    async fn status(&self) -> Result<Status, Fault> {
        let line = self.looks.get().await?;
        Status::read(&line).await
    }

    /// Goes on from what is there: processes that ran before have to be started again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn accept_loss(&self) -> Result<(), Unavailable> {
        self.write(Locks::RevocationAndPosition, |connection| {
            Box::pin(async move {
                connection.execute("SELECT accept_loss()", &[]).await?;
                Ok(())
            })
        })
        .await
    }

    fn over(connector: Connector, memory: Arc<Memory>, time: Time) -> Self {
        Self {
            readers: Readers::new(connector.clone(), READERS),
            writer: Writer::new(connector.clone()),
            turn: Mutex::default(),
            recording: Recording::new(connector.clone(), time.clone()),
            history: History::default(),
            leases: Line::new(connector.clone(), Purpose::Writing),
            looks: Line::new(connector.clone(), Purpose::Reading),
            listener: Listener::new(connector),
            tips: Tips::default(),
            memory,
            time,
        }
    }

    /// Closes every connection, after the writes that are under way.
    pub async fn close(&self) {
        self.listener.close();
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
        let view = self.readers.view().await?;
        Ok(load::slice(&view, &self.time, keys).await?)
    }

    async fn append(&self, append: Append<'_>) -> Result<Appended, AppendError> {
        let job = Job::new(&append, self.time.clone());
        let _turn = self.turn.lock().await;
        let written = self
            .writer
            .run(job.locks(), move |connection| Box::pin(job.run(connection)))
            .await;
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
        self.tips.moved(&written.ends);
        Ok(written.appended)
    }

    async fn head(&self) -> Result<Position, Unavailable> {
        Ok(self.marks().await?.head)
    }

    async fn newest_barrier(&self) -> Result<Position, Unavailable> {
        Ok(self.marks().await?.barrier)
    }

    async fn tail(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Unavailable> {
        let view = self.readers.view().await?;
        let events = tail::after(&view, after, limit).await?;
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
        let mut heard = self.listener.follow();
        for _ in 0..POLLS {
            heard.mark_unchanged();
            if self.head().await.is_ok_and(|head| head > after) {
                return;
            }
            let poll = if self.listener.listens() {
                POLL
            } else {
                POLL_UNHEARD
            };
            // Both an answer and silence lead to another look.
            let _ = timeout(poll, heard.changed()).await;
        }
    }

    async fn record(
        &self,
        lease: LeaseEpoch,
        drafts: &[Draft],
    ) -> Result<Vec<Verdict>, Unavailable> {
        let recorded = self.recording.record(lease, drafts).await?;
        self.memory.recorded(&recorded.verdicts);
        self.tips.moved(&recorded.ends);
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
        let mut tip = self.tips.follow(org);
        for _ in 0..ENTRY_POLLS {
            if self.reaches(org, from).await.unwrap_or(false) {
                return;
            }
            // Both an answer and silence lead to another look.
            let _ = timeout(ENTRY_POLL, tip.wait_for(|end| *end > from)).await;
        }
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
        let renewed = async {
            let line = self.leases.get().await?;
            leases::renew(&line, &self.time, lease, acknowledged).await
        };
        match renewed.await {
            Ok(renewed) => renewed,
            Err(fault) => Err(LeaseError::Unavailable(fault.into())),
        }
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
        let view = self.readers.view().await?;
        Ok(load::directory(&view, &self.time, org).await?)
    }

    async fn directory_page(&self, query: DirectoryQuery) -> Result<DirectoryPage, Unavailable> {
        let view = self.readers.view().await?;
        Ok(directory::page(&view, &query).await?)
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

    async fn end_browser_session(&self, cookie: SecretHash) -> Result<(), Unavailable> {
        self.write(Locks::Nothing, move |connection| {
            Box::pin(browser::end(connection, cookie))
        })
        .await
    }

    async fn begin_operator_browser(&self, cookie: SecretHash) -> Result<(), Unavailable> {
        let time = self.time.clone();
        // Expired ones are removed in nobody else's way.
        self.write(Locks::Position, move |connection| {
            Box::pin(operator_browsers::begin(connection, time, cookie))
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

    async fn set_addresses(&self, addresses: Addresses) -> Result<(), Unavailable> {
        self.write(Locks::Nothing, move |connection| {
            Box::pin(addresses::set(connection, addresses))
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
