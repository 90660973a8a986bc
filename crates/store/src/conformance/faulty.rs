//! A store that fails when told to.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use tokio::sync::watch;

use countersign_domain::{
    AdminId, AgentId, CaseNumber, ClientId, CredentialId, Duration, OrgId, Person, SecretHash,
    SessionId, Timestamp,
};
use countersign_entries::Entry;

use crate::{
    Addresses, Append, AppendError, Appended, AsOf, AtProvider, BrowserSession,
    BrowserSessionLimits, CasePage, CaseQuery, ClientToken, Clients, Clock, Credential,
    CredentialPage, CredentialQuery, DirectoryPage, DirectoryQuery, Draft, HistoryPage,
    HistoryQuery, Kept, Key, LastRequest, Lease, LeaseEpoch, LeaseError, LeaseRow, LivePart,
    NewBrowserSession, NewCeremony, NewClientToken, NewLease, Passkey, Passkeys, PeoplePage,
    PeopleQuery, Position, Recorded, SessionPage, SessionQuery, SignedInAt, SigningKey, Slice,
    Store, StoredEntry, Unavailable, Verdict,
};

/// How the next call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fails {
    /// Nothing is persisted, and the caller is told so.
    NotPersisted,
    /// It is persisted, and the answer is lost.
    ButPersisted,
    /// Nothing is persisted, and the answer is lost.
    Unanswered,
}

type Act = Pin<Box<dyn Future<Output = ()> + Send>>;

#[derive(Default)]
struct Planned {
    before_append: Option<Act>,
    before_lease: Option<Act>,
    append: Option<Fails>,
    record: Option<Fails>,
    note: Option<Fails>,
    unreachable: bool,
    kept: bool,
    clock: Option<Arc<dyn Clock>>,
}

/// Passes every call on to `inner`, except those it was told to fail.
pub struct Faulty<S> {
    inner: S,
    planned: Mutex<Planned>,
    stalled: watch::Sender<bool>,
    events_read: AtomicU64,
    appends: AtomicU64,
}

impl<S: fmt::Debug> fmt::Debug for Faulty<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faulty")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl<S> Faulty<S> {
    /// Around `inner`.
    pub fn new(inner: S) -> Self {
        Self {
            inner,
            planned: Mutex::default(),
            stalled: watch::Sender::new(false),
            events_read: AtomicU64::new(0),
            appends: AtomicU64::new(0),
        }
    }

    /// The store inside.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    /// How many appends were tried, those included that came to nothing.
    pub fn appends(&self) -> u64 {
        self.appends.load(Ordering::SeqCst)
    }

    /// Fails the next append.
    pub fn fail_next_append(&self, how: Fails) {
        self.plan(|planned| planned.append = Some(how));
    }

    /// Lets somebody act between the decision behind the next append and that append. Appends of
    /// the act itself pass.
    pub fn before_next_append(&self, act: impl Future<Output = ()> + Send + 'static) {
        self.plan(|planned| planned.before_append = Some(Box::pin(act)));
    }

    /// Lets somebody act right before the next lease is taken.
    pub fn before_next_lease(&self, act: impl Future<Output = ()> + Send + 'static) {
        self.plan(|planned| planned.before_lease = Some(Box::pin(act)));
    }

    /// From now on it keeps time on a clock of its own.
    pub fn keep_time(&self, clock: Arc<dyn Clock>) {
        self.plan(|planned| planned.clock = Some(clock));
    }

    fn time(&self) -> Option<Timestamp> {
        self.plan(|planned| planned.clock.as_ref().map(|clock| clock.now()))
    }

    /// How many events have been read from the tail.
    pub fn events_read(&self) -> u64 {
        self.events_read.load(Ordering::SeqCst)
    }

    /// Fails the next batch of entries.
    pub fn fail_next_record(&self, how: Fails) {
        self.plan(|planned| planned.record = Some(how));
    }

    /// Fails the next entry that no event is behind.
    pub fn fail_next_note(&self, how: Fails) {
        self.plan(|planned| planned.note = Some(how));
    }

    /// From now on every call fails, or none does.
    pub fn set_unreachable(&self, unreachable: bool) {
        self.plan(|planned| planned.unreachable = unreachable);
    }

    /// From now on no kept answer can be read, or all can.
    pub fn fail_kept(&self, fails: bool) {
        self.plan(|planned| planned.kept = fails);
    }

    /// From now on no batch of entries comes to an end, or all go on.
    pub fn set_stalled(&self, stalled: bool) {
        self.stalled.send_replace(stalled);
    }

    /// Whether a batch of entries has come and is held.
    pub fn is_holding(&self) -> bool {
        self.stalled.receiver_count() > 0
    }

    fn plan<T>(&self, change: impl FnOnce(&mut Planned) -> T) -> T {
        change(&mut self.planned.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn reach(&self) -> Result<&S, Unavailable> {
        if self.plan(|planned| planned.unreachable) {
            Err(injected())
        } else {
            Ok(&self.inner)
        }
    }
}

fn injected() -> Unavailable {
    Unavailable("injected fault".to_owned())
}

#[async_trait]
impl<S: Store> Store for Faulty<S> {
    async fn append(&self, append: Append<'_>) -> Result<Appended, AppendError> {
        let inner = self.reach()?;
        self.appends.fetch_add(1, Ordering::SeqCst);
        let fails = self.plan(|planned| planned.append.take());
        if let Some(act) = self.plan(|planned| planned.before_append.take()) {
            act.await;
        }
        match fails {
            None => inner.append(append).await,
            Some(Fails::NotPersisted) => Err(injected().into()),
            Some(Fails::ButPersisted) => {
                inner.append(append).await?;
                Err(AppendError::Unknown(injected().0))
            }
            Some(Fails::Unanswered) => Err(AppendError::Unknown(injected().0)),
        }
    }

    async fn note(&self, entry: Entry) -> Result<(), Unavailable> {
        let inner = self.reach()?;
        match self.plan(|planned| planned.note.take()) {
            None => inner.note(entry).await,
            Some(Fails::NotPersisted | Fails::Unanswered) => Err(injected()),
            Some(Fails::ButPersisted) => {
                inner.note(entry).await?;
                Err(injected())
            }
        }
    }

    async fn settle(&self) -> Result<(), Unavailable> {
        self.reach()?.settle().await
    }

    async fn record(
        &self,
        lease: LeaseEpoch,
        drafts: &[Draft],
    ) -> Result<Vec<Verdict>, Unavailable> {
        // The sender is this store's own, so it is there as long as anybody waits.
        let _ = self.stalled.subscribe().wait_for(|stalled| !stalled).await;
        let inner = self.reach()?;
        match self.plan(|planned| planned.record.take()) {
            None => inner.record(lease, drafts).await,
            Some(Fails::NotPersisted | Fails::Unanswered) => Err(injected()),
            Some(Fails::ButPersisted) => {
                inner.record(lease, drafts).await?;
                Err(injected())
            }
        }
    }

    async fn now(&self) -> Result<Timestamp, Unavailable> {
        self.reach()?.now().await
    }

    async fn load(&self, keys: &[Key]) -> Result<Slice, Unavailable> {
        self.reach()?.load(keys).await
    }

    async fn head(&self) -> Result<Position, Unavailable> {
        self.reach()?.head().await
    }

    async fn newest_barrier(&self) -> Result<Position, Unavailable> {
        self.reach()?.newest_barrier().await
    }

    async fn tail(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Unavailable> {
        let page = self.reach()?.tail(after, limit).await?;
        let read = u64::try_from(page.len()).unwrap_or(u64::MAX);
        self.events_read.fetch_add(read, Ordering::SeqCst);
        Ok(page)
    }

    async fn live(
        &self,
        ended: usize,
        take: &mut (dyn FnMut(LivePart) + Send),
    ) -> Result<AsOf, Unavailable> {
        self.reach()?.live(ended, take).await
    }

    async fn wait_for_more(&self, after: Position) {
        self.inner.wait_for_more(after).await;
    }

    async fn entries(
        &self,
        org: OrgId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredEntry>, Unavailable> {
        self.reach()?.entries(org, from, limit).await
    }

    async fn history(&self, query: HistoryQuery) -> Result<HistoryPage, Unavailable> {
        self.reach()?.history(query).await
    }

    async fn index_history(&self, limit: usize) -> Result<usize, Unavailable> {
        self.reach()?.index_history(limit).await
    }

    async fn agents_in_history(
        &self,
        org: OrgId,
        opened_by: Option<AdminId>,
    ) -> Result<Vec<AgentId>, Unavailable> {
        self.reach()?.agents_in_history(org, opened_by).await
    }

    async fn last_requests(&self, sessions: &[SessionId]) -> Result<Vec<LastRequest>, Unavailable> {
        self.reach()?.last_requests(sessions).await
    }

    async fn wait_for_entries(&self, org: OrgId, from: u64) {
        self.inner.wait_for_entries(org, from).await;
    }

    async fn kept(&self, slot: [u8; 32]) -> Result<Option<Kept>, Unavailable> {
        if self.plan(|planned| planned.kept) {
            return Err(injected());
        }
        self.reach()?.kept(slot).await
    }

    async fn acquire_lease(&self, new: NewLease) -> Result<Lease, Unavailable> {
        if let Some(act) = self.plan(|planned| planned.before_lease.take()) {
            act.await;
        }
        let lease = self.reach()?.acquire_lease(new).await?;
        let at = self.time().or(lease.at);
        Ok(Lease { at, ..lease })
    }

    async fn renew_lease(
        &self,
        lease: LeaseEpoch,
        acknowledged: Position,
    ) -> Result<Option<Timestamp>, LeaseError> {
        let at = self.reach()?.renew_lease(lease, acknowledged).await?;
        Ok(self.time().or(at))
    }

    async fn leases(&self) -> Result<Vec<LeaseRow>, Unavailable> {
        self.reach()?.leases().await
    }

    async fn end_lease(&self, lease: LeaseEpoch) -> Result<(), Unavailable> {
        self.reach()?.end_lease(lease).await
    }

    async fn end_silent_lease(&self, lease: LeaseEpoch, counter: u64) -> Result<(), Unavailable> {
        self.reach()?.end_silent_lease(lease, counter).await
    }

    async fn cases(&self, query: CaseQuery) -> Result<CasePage, Unavailable> {
        self.reach()?.cases(query).await
    }

    async fn directory(&self, org: Option<OrgId>) -> Result<Slice, Unavailable> {
        self.reach()?.directory(org).await
    }

    async fn directory_page(&self, query: DirectoryQuery) -> Result<DirectoryPage, Unavailable> {
        self.reach()?.directory_page(query).await
    }

    async fn people(&self, query: PeopleQuery) -> Result<PeoplePage, Unavailable> {
        self.reach()?.people(query).await
    }

    async fn sessions(&self, query: SessionQuery) -> Result<SessionPage, Unavailable> {
        self.reach()?.sessions(query).await
    }

    async fn next_case_number(&self) -> Result<CaseNumber, Unavailable> {
        self.reach()?.next_case_number().await
    }

    async fn credential(&self, hash: SecretHash) -> Result<Option<Credential>, Unavailable> {
        self.reach()?.credential(hash).await
    }

    async fn credentials_of(
        &self,
        org: OrgId,
        limit: usize,
    ) -> Result<Vec<Credential>, Unavailable> {
        self.reach()?.credentials_of(org, limit).await
    }

    async fn waiting_credentials(
        &self,
        org: OrgId,
        limit: usize,
    ) -> Result<Vec<Credential>, Unavailable> {
        self.reach()?.waiting_credentials(org, limit).await
    }

    async fn use_login_link(
        &self,
        link: SecretHash,
        session: NewBrowserSession,
    ) -> Result<bool, Unavailable> {
        self.reach()?.use_login_link(link, session).await
    }

    async fn credentials(&self, query: CredentialQuery) -> Result<CredentialPage, Unavailable> {
        self.reach()?.credentials(query).await
    }

    async fn browser_session(
        &self,
        cookie: SecretHash,
        limits: BrowserSessionLimits,
    ) -> Result<Option<BrowserSession>, Unavailable> {
        self.reach()?.browser_session(cookie, limits).await
    }

    async fn begin_openid_session(
        &self,
        credential: CredentialId,
        session: NewBrowserSession,
        at: AtProvider,
    ) -> Result<bool, Unavailable> {
        self.reach()?
            .begin_openid_session(credential, session, at)
            .await
    }

    async fn begin_agent_session(
        &self,
        agent: AgentId,
        session: NewBrowserSession,
        at: AtProvider,
    ) -> Result<bool, Unavailable> {
        self.reach()?.begin_agent_session(agent, session, at).await
    }

    async fn signed_in_at(&self, known: SecretHash) -> Result<Vec<SignedInAt>, Unavailable> {
        self.reach()?.signed_in_at(known).await
    }

    async fn end_browser_sessions_at(&self, known: SecretHash) -> Result<(), Unavailable> {
        self.reach()?.end_browser_sessions_at(known).await
    }

    async fn end_browser_sessions_by(&self, credential: CredentialId) -> Result<(), Unavailable> {
        self.reach()?.end_browser_sessions_by(credential).await
    }

    async fn end_browser_session(
        &self,
        cookie: SecretHash,
        limits: BrowserSessionLimits,
    ) -> Result<Option<BrowserSession>, Unavailable> {
        self.reach()?.end_browser_session(cookie, limits).await
    }

    async fn begin_operator_browser(
        &self,
        cookie: SecretHash,
        at: AtProvider,
    ) -> Result<(), Unavailable> {
        self.reach()?.begin_operator_browser(cookie, at).await
    }

    async fn operator_browser(
        &self,
        cookie: SecretHash,
        idle: Duration,
    ) -> Result<Option<Credential>, Unavailable> {
        self.reach()?.operator_browser(cookie, idle).await
    }

    async fn close(&self) {
        self.inner.close().await;
    }

    async fn publish_key(&self, key: SigningKey) -> Result<(), Unavailable> {
        self.reach()?.publish_key(key).await
    }

    async fn claim_addresses(
        &self,
        addresses: Addresses,
        instead_of: Option<Addresses>,
    ) -> Result<Result<(), Addresses>, Unavailable> {
        self.reach()?.claim_addresses(addresses, instead_of).await
    }

    async fn addresses(&self) -> Result<Option<Addresses>, Unavailable> {
        self.reach()?.addresses().await
    }

    async fn keys(&self) -> Result<Vec<SigningKey>, Unavailable> {
        self.reach()?.keys().await
    }

    async fn last_request(&self, session: SessionId) -> Result<Option<Timestamp>, Unavailable> {
        self.reach()?.last_request(session).await
    }
}

#[async_trait]
impl<S: Store> Passkeys for Faulty<S> {
    async fn passkey(&self, handle: &[u8]) -> Result<Option<Passkey>, Unavailable> {
        self.reach()?.passkey(handle).await
    }

    async fn passkeys_of(&self, person: Person) -> Result<Vec<Passkey>, Unavailable> {
        self.reach()?.passkeys_of(person).await
    }

    async fn passkeys_in(&self, org: OrgId) -> Result<Vec<Passkey>, Unavailable> {
        self.reach()?.passkeys_in(org).await
    }

    async fn use_passkey(
        &self,
        id: CredentialId,
        was: &str,
        becomes: &str,
        session: NewBrowserSession,
    ) -> Result<bool, Unavailable> {
        self.reach()?.use_passkey(id, was, becomes, session).await
    }

    async fn begin_ceremony(&self, ceremony: NewCeremony) -> Result<(), Unavailable> {
        self.reach()?.begin_ceremony(ceremony).await
    }

    async fn take_ceremony(&self, browser: SecretHash) -> Result<Option<String>, Unavailable> {
        self.reach()?.take_ceremony(browser).await
    }
}

#[async_trait]
impl<S: Store> Clients for Faulty<S> {
    async fn org_of_client(&self, id: ClientId) -> Result<Option<OrgId>, Unavailable> {
        self.reach()?.org_of_client(id).await
    }

    async fn keep_client_token(&self, token: NewClientToken) -> Result<(), Unavailable> {
        self.reach()?.keep_client_token(token).await
    }

    async fn client_token(&self, hash: SecretHash) -> Result<Option<ClientToken>, Unavailable> {
        self.reach()?.client_token(hash).await
    }

    async fn end_client_token(&self, hash: SecretHash, of: ClientId) -> Result<(), Unavailable> {
        self.reach()?.end_client_token(hash, of).await
    }

    async fn first_use(&self, once: SecretHash, until: Timestamp) -> Result<bool, Unavailable> {
        self.reach()?.first_use(once, until).await
    }
}
