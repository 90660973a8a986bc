//! The contract, over one writing connection and a few reading ones.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use countersign_domain::{CaseNumber, CredentialId, OrgId, SecretHash, SessionId, Timestamp};
use countersign_store::{
    Addresses, Append, AppendError, Appended, AsOf, BrowserSession, BrowserSessionLimits, CasePage,
    CaseQuery, Clock, Credential, Draft, Key, Lease, LeaseEpoch, LeaseError, LeaseRow, LivePart,
    NewBrowserSession, NewLease, Position, Recorded, SigningKey, Slice, Store, StoredEntry,
    Unavailable, Verdict,
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
    credentials,
    fault::Fault,
    keys, leases, listing, live, load, log,
    marks::Marks,
    open::{self, OpenError},
    recording::Recording,
    tail,
    wal::Wal,
    writer::{Work, WriteError, Writer},
};

/// How often other processes' events are looked for.
const POLL: Duration = Duration::from_millis(100);
/// How many polls one wait lasts.
const POLLS: u32 = 10;

/// How often what is live is made anew while an older version of the program goes on writing.
const MADE_ANEW: u32 = 5;

/// A store in one SQLite file. Several handles and several processes may share the file.
pub struct SqliteStore {
    path: PathBuf,
    wal: Arc<Wal>,
    writer: Writer,
    recording: Recording,
    readers: SqlitePool,
    clock: Arc<dyn Clock>,
    /// The newest position this handle has appended.
    appended: watch::Sender<Position>,
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
        Self::open_limited(path.as_ref(), clock, Wal::LIMIT).await
    }

    /// With a write-ahead log that becomes about so many bytes long.
    pub(crate) async fn open_limited(
        path: &Path,
        clock: Arc<dyn Clock>,
        wal: u64,
    ) -> Result<Self, OpenError> {
        let (writer, readers) = open::open(path).await?;
        Ok(Self {
            path: path.to_owned(),
            wal: Arc::new(Wal::new(path, wal)),
            writer,
            recording: Recording::new(path.to_owned()),
            readers,
            clock,
            appended: watch::Sender::new(Position::default()),
        })
    }

    /// Closes every connection, after the write that is under way.
    pub async fn close(&self) {
        self.readers.close().await;
        self.recording.close().await;
        self.writer.close().await;
    }

    /// Runs `work` on one consistent view of the file.
    async fn read<T, F>(&self, work: F) -> Result<T, Unavailable>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T, Fault>,
    {
        let mut transaction = self.readers.begin().await.map_err(Fault::from)?;
        let value = work(&mut transaction).await?;
        transaction.rollback().await.map_err(Fault::from)?;
        Ok(value)
    }

    async fn write<T, F>(&self, work: F) -> Result<T, Unavailable>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T, Fault> + Send + 'static,
    {
        let done = self.writer.run(work).await;
        self.keep_wal_short();
        Ok(done?)
    }

    /// After a write; nobody waits for it but the next write.
    fn keep_wal_short(&self) {
        if !self.wal.is_due() {
            return;
        }
        let (wal, writer) = (Arc::clone(&self.wal), self.writer.clone());
        tokio::spawn(async move {
            let turn = writer.turn().await;
            let shortening = spawn_blocking(move || {
                wal.shorten();
                drop(turn);
            });
            if let Err(error) = shortening.await {
                tracing::warn!(%error, "shortening the write-ahead log");
            }
        });
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
        let appended = self
            .writer
            .run(move |connection| Box::pin(job.run(connection)))
            .await;
        self.keep_wal_short();
        let appended = appended?;
        self.appended.send_replace(appended.position);
        Ok(appended)
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
        let clock = Arc::clone(&self.clock);
        let verdicts = self.recording.record(turn, clock, lease, drafts.to_vec());
        let verdicts = verdicts.await;
        self.keep_wal_short();
        verdicts
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

    async fn acquire_lease(&self, new: NewLease) -> Result<Lease, Unavailable> {
        self.write(move |connection| Box::pin(leases::acquire(connection, new)))
            .await
    }

    async fn renew_lease(
        &self,
        lease: LeaseEpoch,
        acknowledged: Position,
    ) -> Result<(), LeaseError> {
        let renewed = self
            .writer
            .run(move |connection| Box::pin(leases::renew(connection, lease, acknowledged)))
            .await;
        self.keep_wal_short();
        renewed.map_err(|error| match error {
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

    async fn revoke_credential(&self, id: CredentialId) -> Result<(), Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.write(move |connection| Box::pin(credentials::revoke(connection, clock, id)))
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

    async fn end_browser_session(&self, cookie: SecretHash) -> Result<(), Unavailable> {
        self.write(move |connection| Box::pin(browser::end(connection, cookie)))
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

    async fn set_addresses(&self, addresses: Addresses) -> Result<(), Unavailable> {
        self.write(move |connection| Box::pin(addresses::set(connection, addresses)))
            .await
    }

    async fn addresses(&self) -> Result<Option<Addresses>, Unavailable> {
        self.read(|connection| Box::pin(async move { addresses::get(connection).await }))
            .await
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
