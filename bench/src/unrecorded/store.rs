//! A store that says "recorded" and records nothing. Everything else is the store inside.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use countersign_domain::{
    AdminId, AgentId, CaseNumber, ClientId, CredentialId, Duration, OrgId, Person, SecretHash,
    SessionId, Timestamp,
};
use countersign_store::{
    Addresses, Append, AppendError, Appended, AsOf, AtProvider, BrowserSession,
    BrowserSessionLimits, CasePage, CaseQuery, ClientToken, Clients, Clock, Credential,
    CredentialPage, CredentialQuery, DirectoryPage, DirectoryQuery, Draft, HistoryPage,
    HistoryQuery, Kept, Key, LastRequest, Lease, LeaseEpoch, LeaseError, LeaseRow, LivePart,
    NewBrowserSession, NewCeremony, NewClientToken, NewLease, Passkey, Passkeys, PeoplePage,
    PeopleQuery, Position, Recorded, SessionPage, SessionQuery, SignedInAt, SigningKey, Slice,
    Store, StoredEntry, Unavailable, Verdict,
};

pub(crate) struct Unrecorded<S> {
    inner: S,
    org: OrgId,
    clock: Arc<dyn Clock>,
    index: AtomicU64,
}

impl<S> Unrecorded<S> {
    pub(crate) fn new(inner: S, org: OrgId, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner,
            org,
            clock,
            index: AtomicU64::new(0),
        }
    }
}

/// Passes calls on as they are.
macro_rules! passed_on {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl<S: Store> Store for Unrecorded<S> {
            async fn record(
                &self,
                _lease: LeaseEpoch,
                drafts: &[Draft],
            ) -> Result<Vec<Verdict>, Unavailable> {
                let (org, at) = (self.org, self.clock.now());
                let verdict = |_| Verdict::Recorded {
                    org,
                    index: self.index.fetch_add(1, Ordering::Relaxed),
                    at,
                };
                Ok(drafts.iter().map(verdict).collect())
            }

            async fn wait_for_more(&self, after: Position) {
                self.inner.wait_for_more(after).await;
            }

            async fn wait_for_entries(&self, org: OrgId, from: u64) {
                self.inner.wait_for_entries(org, from).await;
            }

            async fn live(
                &self,
                ended: usize,
                take: &mut (dyn FnMut(LivePart) + Send),
            ) -> Result<AsOf, Unavailable> {
                self.inner.live(ended, take).await
            }

            async fn append(&self, append: Append<'_>) -> Result<Appended, AppendError> {
                self.inner.append(append).await
            }

            $(async fn $name(&self, $($argument: $type),*) -> $answer {
                self.inner.$name($($argument),*).await
            })*
        }
    };
}

passed_on! {
    settle() -> Result<(), Unavailable>;
    now() -> Result<Timestamp, Unavailable>;
    load(keys: &[Key]) -> Result<Slice, Unavailable>;
    head() -> Result<Position, Unavailable>;
    newest_barrier() -> Result<Position, Unavailable>;
    tail(after: Position, limit: usize) -> Result<Vec<Recorded>, Unavailable>;
    entries(org: OrgId, from: u64, limit: usize) -> Result<Vec<StoredEntry>, Unavailable>;
    acquire_lease(new: NewLease) -> Result<Lease, Unavailable>;
    renew_lease(lease: LeaseEpoch, acknowledged: Position) -> Result<Option<Timestamp>, LeaseError>;
    leases() -> Result<Vec<LeaseRow>, Unavailable>;
    end_lease(lease: LeaseEpoch) -> Result<(), Unavailable>;
    end_silent_lease(lease: LeaseEpoch, counter: u64) -> Result<(), Unavailable>;
    cases(query: CaseQuery) -> Result<CasePage, Unavailable>;
    directory(org: Option<OrgId>) -> Result<Slice, Unavailable>;
    directory_page(query: DirectoryQuery) -> Result<DirectoryPage, Unavailable>;
    people(query: PeopleQuery) -> Result<PeoplePage, Unavailable>;
    sessions(query: SessionQuery) -> Result<SessionPage, Unavailable>;
    kept(slot: [u8; 32]) -> Result<Option<Kept>, Unavailable>;
    next_case_number() -> Result<CaseNumber, Unavailable>;
    credential(hash: SecretHash) -> Result<Option<Credential>, Unavailable>;
    credentials_of(org: OrgId, limit: usize) -> Result<Vec<Credential>, Unavailable>;
    waiting_credentials(org: OrgId, limit: usize) -> Result<Vec<Credential>, Unavailable>;
    use_login_link(link: SecretHash, session: NewBrowserSession) -> Result<bool, Unavailable>;
    credentials(query: CredentialQuery) -> Result<CredentialPage, Unavailable>;
    browser_session(cookie: SecretHash, limits: BrowserSessionLimits)
        -> Result<Option<BrowserSession>, Unavailable>;
    begin_openid_session(credential: CredentialId, session: NewBrowserSession, at: AtProvider)
        -> Result<bool, Unavailable>;
    end_browser_sessions_by(credential: CredentialId) -> Result<(), Unavailable>;
    end_browser_session(cookie: SecretHash) -> Result<(), Unavailable>;
    begin_operator_browser(cookie: SecretHash, at: AtProvider) -> Result<(), Unavailable>;
    begin_agent_session(agent: AgentId, session: NewBrowserSession, at: AtProvider)
        -> Result<bool, Unavailable>;
    signed_in_at(known: SecretHash) -> Result<Vec<SignedInAt>, Unavailable>;
    end_browser_sessions_at(known: SecretHash) -> Result<(), Unavailable>;
    operator_browser(cookie: SecretHash, idle: Duration)
        -> Result<Option<Credential>, Unavailable>;
    publish_key(key: SigningKey) -> Result<(), Unavailable>;
    keys() -> Result<Vec<SigningKey>, Unavailable>;
    claim_addresses(addresses: Addresses, instead_of: Option<Addresses>)
        -> Result<Result<(), Addresses>, Unavailable>;
    addresses() -> Result<Option<Addresses>, Unavailable>;
    last_request(session: SessionId) -> Result<Option<Timestamp>, Unavailable>;
    history(query: HistoryQuery) -> Result<HistoryPage, Unavailable>;
    index_history(limit: usize) -> Result<usize, Unavailable>;
    agents_in_history(org: OrgId, opened_by: Option<AdminId>) -> Result<Vec<AgentId>, Unavailable>;
    last_requests(sessions: &[SessionId]) -> Result<Vec<LastRequest>, Unavailable>;
}

#[async_trait]
impl<S: Store> Passkeys for Unrecorded<S> {
    async fn passkey(&self, handle: &[u8]) -> Result<Option<Passkey>, Unavailable> {
        self.inner.passkey(handle).await
    }

    async fn passkeys_of(&self, person: Person) -> Result<Vec<Passkey>, Unavailable> {
        self.inner.passkeys_of(person).await
    }

    async fn passkeys_in(&self, org: OrgId) -> Result<Vec<Passkey>, Unavailable> {
        self.inner.passkeys_in(org).await
    }

    async fn use_passkey(
        &self,
        id: CredentialId,
        was: &str,
        becomes: &str,
        session: NewBrowserSession,
    ) -> Result<bool, Unavailable> {
        self.inner.use_passkey(id, was, becomes, session).await
    }

    async fn begin_ceremony(&self, ceremony: NewCeremony) -> Result<(), Unavailable> {
        self.inner.begin_ceremony(ceremony).await
    }

    async fn take_ceremony(&self, browser: SecretHash) -> Result<Option<String>, Unavailable> {
        self.inner.take_ceremony(browser).await
    }
}

#[async_trait]
impl<S: Store> Clients for Unrecorded<S> {
    async fn org_of_client(&self, id: ClientId) -> Result<Option<OrgId>, Unavailable> {
        self.inner.org_of_client(id).await
    }

    async fn keep_client_token(&self, token: NewClientToken) -> Result<(), Unavailable> {
        self.inner.keep_client_token(token).await
    }

    async fn client_token(&self, hash: SecretHash) -> Result<Option<ClientToken>, Unavailable> {
        self.inner.client_token(hash).await
    }

    async fn first_use(&self, once: SecretHash, until: Timestamp) -> Result<bool, Unavailable> {
        self.inner.first_use(once, until).await
    }
}
