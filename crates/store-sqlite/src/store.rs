//! The contract, over one writing connection and a few reading ones.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use countersign_domain::{
    AdminId, AgentId, CaseNumber, CredentialId, OrgId, SecretHash, SessionId, Timestamp,
};
use countersign_entries::Entry;
use countersign_store::{
    Addresses, Append, AppendError, Appended, AsOf, AtProvider, BrowserSession,
    BrowserSessionLimits, CasePage, CaseQuery, Clock, Credential, CredentialPage, CredentialQuery,
    DirectoryPage, DirectoryQuery, Draft, HistoryPage, HistoryQuery, Kept, Key, LastRequest, Lease,
    LeaseEpoch, LeaseError, LeaseRow, LivePart, NewBrowserSession, NewLease, PeoplePage,
    PeopleQuery, Position, Recorded, SessionPage, SessionQuery, SignedInAt, SigningKey, Slice,
    Store, StoredEntry, Unavailable, Verdict,
};
use sqlx::{SqliteConnection, SqlitePool};
use tokio::{
    sync::{mpsc, watch},
    task::spawn_blocking,
    time::timeout,
};

use crate::{
    addresses, anew,
    append::Job,
    browser::{self, Look},
    credential_list, credentials, directory,
    fault::Fault,
    history::History,
    kept, keys, leases, listing, live, load, log,
    marks::Marks,
    note,
    open::{self, OpenError},
    operator_browsers, people,
    recording::Recording,
    session_list, tail,
    writer::{Work, WriteError, Writer},
};
use countersign_store::alike::Tips;

/// How often other processes' events are looked for.
const POLL: Duration = Duration::from_millis(100);
/// How many polls one wait lasts.
const POLLS: u32 = 10;
/// How often other processes' entries are looked for, and how often in one wait.
const ENTRY_POLL: Duration = Duration::from_millis(450);
const ENTRY_POLLS: u32 = 2;

/// How often what is live is made anew while an older version of the program goes on writing.
const MADE_ANEW: u32 = 5;

/// A store in one SQLite file. Several handles and several processes may share the file.
pub struct SqliteStore {
    path: PathBuf,
    writer: Writer,
    recording: Recording,
    history: History,
    readers: SqlitePool,
    pub(crate) clock: Arc<dyn Clock>,
    /// The newest position this handle has appended.
    appended: watch::Sender<Position>,
    tips: Tips,
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens the database at `path`, creating it (mode 0600) and its directory (0700) if need be,
    /// and brings it to the present schema.
    ///
    /// # Errors
    /// [`OpenError`]: it cannot be created, read or migrated, or a newer version has been here.
    pub async fn open(path: impl AsRef<Path>, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let (writer, readers) = open::open(path.as_ref()).await?;
        Ok(Self {
            path: path.as_ref().to_owned(),
            writer,
            recording: Recording::new(path.as_ref().to_owned()),
            history: History::new(path.as_ref().to_owned()),
            readers,
            clock,
            appended: watch::Sender::new(Position::default()),
            tips: Tips::default(),
        })
    }

    /// Closes every connection, after the write that is under way. The last process to do so leaves
    /// no write-ahead log behind: then the file alone is the whole database.
    pub async fn close(&self) {
        self.history.close().await;
        self.readers.close().await;
        self.recording.close();
        self.writer.close().await;
    }

    /// Runs `work` on one consistent view of the file.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, Unavailable>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T, Fault>,
    {
        let mut transaction = self.readers.begin().await.map_err(Fault::from)?;
        let value = work(&mut transaction).await?;
        transaction.rollback().await.map_err(Fault::from)?;
        Ok(value)
    }

    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Unavailable>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T, Fault> + Send + 'static,
    {
        Ok(self.writer.run(work).await?)
    }

    async fn marks(&self) -> Result<Marks, Unavailable> {
        self.read(|connection| Box::pin(Marks::read(connection)))
            .await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn now(&self) -> Result<Timestamp, Unavailable> {
        Ok(self.marks().await?.now(self.clock.as_ref()))
    }

    async fn load(&self, keys: &[Key]) -> Result<Slice, Unavailable> {
        let (clock, keys) = (Arc::clone(&self.clock), keys.to_vec());
        self.read(move |connection| {
            Box::pin(async move { load::slice(connection, clock.as_ref(), &keys).await })
        })
        .await
    }

    async fn append(&self, append: Append<'_>) -> Result<Appended, AppendError> {
        let job = Job::from(append);
        let written = self
            .writer
            .run(move |connection| Box::pin(job.run(connection)))
            .await?;
        self.appended.send_replace(written.appended.position);
        self.tips.moved(&written.ends);
        Ok(written.appended)
    }

    async fn note(&self, entry: Entry) -> Result<(), Unavailable> {
        let clock = Arc::clone(&self.clock);
        let ends = self
            .write(move |connection| Box::pin(note::put(connection, clock, entry)))
            .await?;
        self.tips.moved(&ends);
        Ok(())
    }

    /// By a write of its own: what a commit that failed has left behind in the file is overwritten by that.
    async fn settle(&self) -> Result<(), Unavailable> {
        self.write(|connection| {
            Box::pin(async move {
                sqlx::query("UPDATE meta SET last_at = last_at")
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
    }

    async fn head(&self) -> Result<Position, Unavailable> {
        Ok(self.marks().await?.head)
    }

    async fn newest_barrier(&self) -> Result<Position, Unavailable> {
        Ok(self.marks().await?.barrier)
    }

    async fn tail(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Unavailable> {
        self.read(move |connection| Box::pin(tail::after(connection, after, limit)))
            .await
    }

    async fn live(
        &self,
        ended: usize,
        take: &mut (dyn FnMut(LivePart) + Send),
    ) -> Result<AsOf, Unavailable> {
        for _ in 0..MADE_ANEW {
            let (hand, mut parts) = mpsc::channel(4);
            let path = self.path.clone();
            let reading = spawn_blocking(move || live::read(&path, ended, &hand));
            while let Some(parts) = parts.recv().await {
                parts.into_iter().for_each(&mut *take);
            }
            let read = reading
                .await
                .map_err(|error| Unavailable(error.to_string()))?;
            if let Some(as_of) = read? {
                return Ok(as_of);
            }
            tracing::info!("what is live was not kept up to the newest event; making it anew");
            self.write(|connection| Box::pin(anew::make(connection)))
                .await?;
        }
        let why = "an older version of the program keeps writing to the database";
        Err(Unavailable(why.to_owned()))
    }

    async fn wait_for_more(&self, after: Position) {
        let mut appended = self.appended.subscribe();
        for _ in 0..POLLS {
            if self.head().await.is_ok_and(|head| head > after) {
                return;
            }
            // Both an answer and silence lead to another look.
            let _ = timeout(POLL, appended.changed()).await;
        }
    }

    async fn record(
        &self,
        lease: LeaseEpoch,
        drafts: &[Draft],
    ) -> Result<Vec<Verdict>, Unavailable> {
        let turn = self.writer.turn().await;
        let recorded = self.recording.record(turn, &self.clock, lease, drafts)?;
        self.tips.moved(&recorded.ends);
        Ok(recorded.verdicts)
    }

    async fn entries(
        &self,
        org: OrgId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredEntry>, Unavailable> {
        self.read(move |connection| Box::pin(log::entries(connection, org, from, limit)))
            .await
    }

    async fn history(&self, query: HistoryQuery) -> Result<HistoryPage, Unavailable> {
        self.history
            .page(&self.writer, Arc::clone(&self.clock), query)
            .await
    }

    async fn index_history(&self, limit: usize) -> Result<usize, Unavailable> {
        self.history.index(&self.writer, limit).await
    }

    async fn agents_in_history(
        &self,
        org: OrgId,
        opened_by: Option<AdminId>,
    ) -> Result<Vec<AgentId>, Unavailable> {
        self.history.agents(org, opened_by).await
    }

    async fn last_requests(&self, sessions: &[SessionId]) -> Result<Vec<LastRequest>, Unavailable> {
        self.history.last(sessions.to_vec()).await
    }

    async fn wait_for_entries(&self, org: OrgId, from: u64) {
        let mut tip = self.tips.follow(org);
        for _ in 0..ENTRY_POLLS {
            let reaches = self
                .read(move |connection| Box::pin(log::reaches(connection, org, from)))
                .await;
            if reaches.unwrap_or(false) {
                return;
            }
            // Both an answer and silence lead to another look.
            let _ = timeout(ENTRY_POLL, tip.wait_for(|end| *end > from)).await;
        }
    }

    async fn kept(&self, slot: [u8; 32]) -> Result<Option<Kept>, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.read(move |connection| {
            Box::pin(async move { kept::get(connection, clock.as_ref(), slot).await })
        })
        .await
    }

    async fn acquire_lease(&self, new: NewLease) -> Result<Lease, Unavailable> {
        self.write(move |connection| Box::pin(leases::acquire(connection, new)))
            .await
    }

    async fn renew_lease(
        &self,
        lease: LeaseEpoch,
        acknowledged: Position,
    ) -> Result<Option<Timestamp>, LeaseError> {
        self.writer
            .run(move |connection| Box::pin(leases::renew(connection, lease, acknowledged)))
            .await
            // The clock is the processes' own.
            .map(|()| None)
            .map_err(|error| match error {
                WriteError::Work(refused) => refused,
                WriteError::NotPersisted(fault) => LeaseError::Unavailable(fault.into()),
                WriteError::Unknown(why) => LeaseError::Unavailable(Unavailable(why)),
            })
    }

    async fn leases(&self) -> Result<Vec<LeaseRow>, Unavailable> {
        self.read(|connection| Box::pin(leases::all(connection)))
            .await
    }

    async fn end_lease(&self, lease: LeaseEpoch) -> Result<(), Unavailable> {
        self.write(move |connection| Box::pin(leases::end(connection, lease)))
            .await
    }

    async fn end_silent_lease(&self, lease: LeaseEpoch, counter: u64) -> Result<(), Unavailable> {
        self.write(move |connection| Box::pin(leases::end_silent(connection, lease, counter)))
            .await
    }

    async fn cases(&self, query: CaseQuery) -> Result<CasePage, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.read(move |connection| {
            Box::pin(async move { listing::cases(connection, clock.as_ref(), &query).await })
        })
        .await
    }

    async fn directory(&self, org: Option<OrgId>) -> Result<Slice, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.read(move |connection| {
            Box::pin(async move { load::directory(connection, clock.as_ref(), org).await })
        })
        .await
    }

    async fn directory_page(&self, query: DirectoryQuery) -> Result<DirectoryPage, Unavailable> {
        self.read(move |connection| {
            Box::pin(async move { directory::page(connection, &query).await })
        })
        .await
    }

    async fn people(&self, query: PeopleQuery) -> Result<PeoplePage, Unavailable> {
        self.read(move |connection| Box::pin(async move { people::page(connection, &query).await }))
            .await
    }

    async fn sessions(&self, query: SessionQuery) -> Result<SessionPage, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.read(move |connection| {
            Box::pin(async move { session_list::page(connection, clock.as_ref(), &query).await })
        })
        .await
    }

    async fn next_case_number(&self) -> Result<CaseNumber, Unavailable> {
        self.write(|connection| Box::pin(listing::next_number(connection)))
            .await
    }

    async fn credential(&self, hash: SecretHash) -> Result<Option<Credential>, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.read(move |connection| {
            Box::pin(async move { credentials::by_hash(connection, clock.as_ref(), hash).await })
        })
        .await
    }

    async fn credentials_of(
        &self,
        org: OrgId,
        limit: usize,
    ) -> Result<Vec<Credential>, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.read(move |connection| {
            Box::pin(
                async move { credentials::of_org(connection, clock.as_ref(), org, limit).await },
            )
        })
        .await
    }

    async fn credentials(&self, query: CredentialQuery) -> Result<CredentialPage, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.read(move |connection| {
            Box::pin(async move { credential_list::page(connection, clock.as_ref(), &query).await })
        })
        .await
    }

    async fn waiting_credentials(
        &self,
        org: OrgId,
        limit: usize,
    ) -> Result<Vec<Credential>, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.read(move |connection| {
            Box::pin(
                async move { credentials::waiting(connection, clock.as_ref(), org, limit).await },
            )
        })
        .await
    }

    async fn use_login_link(
        &self,
        link: SecretHash,
        session: NewBrowserSession,
    ) -> Result<bool, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.write(move |connection| {
            Box::pin(credentials::use_login_link(
                connection, clock, link, session,
            ))
        })
        .await
    }

    async fn begin_openid_session(
        &self,
        credential: CredentialId,
        session: NewBrowserSession,
        at: AtProvider,
    ) -> Result<bool, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.write(move |connection| {
            let by = (credential, at);
            Box::pin(browser::start_by_openid(connection, clock, by, session))
        })
        .await
    }

    async fn begin_agent_session(
        &self,
        agent: AgentId,
        session: NewBrowserSession,
        at: AtProvider,
    ) -> Result<bool, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.write(move |connection| {
            let who = (agent, at);
            Box::pin(browser::start_for_agent(connection, clock, who, session))
        })
        .await
    }

    async fn signed_in_at(&self, known: SecretHash) -> Result<Vec<SignedInAt>, Unavailable> {
        self.read(move |connection| {
            Box::pin(async move { browser::signed_in_at(connection, known).await })
        })
        .await
    }

    async fn end_browser_sessions_at(&self, known: SecretHash) -> Result<(), Unavailable> {
        self.write(move |connection| Box::pin(browser::end_at(connection, known)))
            .await
    }

    async fn end_browser_sessions_by(&self, credential: CredentialId) -> Result<(), Unavailable> {
        self.write(move |connection| Box::pin(browser::end_by(connection, credential)))
            .await
    }

    async fn browser_session(
        &self,
        cookie: SecretHash,
        limits: BrowserSessionLimits,
    ) -> Result<Option<BrowserSession>, Unavailable> {
        let clock = Arc::clone(&self.clock);
        let look = self
            .read(move |connection| {
                Box::pin(
                    async move { browser::look(connection, clock.as_ref(), cookie, limits).await },
                )
            })
            .await?;
        match look {
            Look::Nobody => Ok(None),
            Look::Live(session) => Ok(Some(session)),
            Look::Unseen(_) => {
                let clock = Arc::clone(&self.clock);
                self.write(move |connection| {
                    Box::pin(browser::see(connection, clock, cookie, limits))
                })
                .await
            }
        }
    }

    async fn begin_operator_browser(
        &self,
        cookie: SecretHash,
        at: AtProvider,
    ) -> Result<(), Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.write(move |connection| {
            Box::pin(operator_browsers::begin(connection, clock, cookie, at))
        })
        .await
    }

    async fn operator_browser(
        &self,
        cookie: SecretHash,
        idle: countersign_domain::Duration,
    ) -> Result<Option<Credential>, Unavailable> {
        let clock = Arc::clone(&self.clock);
        let look = self
            .read(move |connection| {
                Box::pin(async move {
                    operator_browsers::look(connection, clock.as_ref(), cookie, idle).await
                })
            })
            .await?;
        match look {
            operator_browsers::Look::Nobody => Ok(None),
            operator_browsers::Look::Live(found) => Ok(Some(found)),
            operator_browsers::Look::Unseen(_) => {
                let clock = Arc::clone(&self.clock);
                self.write(move |connection| {
                    Box::pin(operator_browsers::see(connection, clock, cookie, idle))
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
        let clock = Arc::clone(&self.clock);
        self.write(move |connection| Box::pin(browser::end(connection, clock, cookie, limits)))
            .await
    }

    async fn publish_key(&self, key: SigningKey) -> Result<(), Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.write(move |connection| Box::pin(keys::publish(connection, clock, key)))
            .await
    }

    async fn keys(&self) -> Result<Vec<SigningKey>, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.read(move |connection| {
            Box::pin(async move { keys::live(connection, clock.as_ref()).await })
        })
        .await
    }

    async fn claim_addresses(
        &self,
        addresses: Addresses,
        instead_of: Option<Addresses>,
    ) -> Result<Result<(), Addresses>, Unavailable> {
        self.write(move |connection| Box::pin(addresses::claim(connection, addresses, instead_of)))
            .await
    }

    async fn addresses(&self) -> Result<Option<Addresses>, Unavailable> {
        self.read(|connection| Box::pin(async move { addresses::get(connection).await }))
            .await
    }

    async fn close(&self) {
        Self::close(self).await;
    }

    async fn last_request(&self, session: SessionId) -> Result<Option<Timestamp>, Unavailable> {
        self.read(move |connection| {
            Box::pin(async move {
                let at: Option<i64> =
                    sqlx::query_scalar("SELECT last_request_at FROM sessions WHERE id = ?")
                        .bind(session.to_string())
                        .fetch_optional(connection)
                        .await?;
                Ok(at.map(Timestamp::from_millis))
            })
        })
        .await
    }
}
