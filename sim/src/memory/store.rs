//! The contract, call by call.

use std::time::Duration as Span;

use async_trait::async_trait;
use countersign_domain::{
    AdminId, AgentId, CaseNumber, CredentialId, Duration, OrgId, SecretHash, SessionId, Timestamp,
};
use countersign_entries::Entry;
use countersign_store::{
    Addresses, Append, AppendError, Appended, AsOf, AtProvider, BrowserSession,
    BrowserSessionLimits, CasePage, CaseQuery, Credential, CredentialPage, CredentialQuery,
    DirectoryPage, DirectoryQuery, Draft, HistoryPage, HistoryQuery, Kept, Key, LastRequest, Lease,
    LeaseEpoch, LeaseError, LeaseRow, LivePart, NewBrowserSession, NewLease, PeoplePage,
    PeopleQuery, Position, Recorded, SessionPage, SessionQuery, SignedInAt, SigningKey, Slice,
    Store, StoredEntry, Unavailable, Verdict,
};
use tokio::time::timeout;

use super::{Data, Memory};

/// After this long whoever waits looks for themselves.
const A_WHILE: Span = Span::from_secs(1);

impl Memory {
    pub(crate) fn append_now(&self, append: &Append<'_>) -> Result<Appended, AppendError> {
        let appended = self.data().append(append)?;
        self.moved();
        Ok(appended)
    }

    pub(crate) fn record_now(&self, lease: LeaseEpoch, drafts: &[Draft]) -> Vec<Verdict> {
        let verdicts = self.data().record(lease, drafts, self.clock.now());
        self.moved();
        verdicts
    }

    async fn wait_until(&self, there: impl Fn(&Data) -> bool + Send + Sync) {
        let wait = async {
            loop {
                let mut moved = std::pin::pin!(self.shared.moved.notified());
                // Registered before looking, so that nothing in between is missed.
                moved.as_mut().enable();
                if there(&self.data()) {
                    return;
                }
                moved.await;
            }
        };
        // Whether it is there or not, whoever waits looks now.
        let _ = timeout(A_WHILE, wait).await;
    }

    fn time(&self) -> Option<Timestamp> {
        self.keeps_time.then(|| self.data().now(self.clock.now()))
    }
}

#[async_trait]
impl Store for Memory {
    async fn now(&self) -> Result<Timestamp, Unavailable> {
        Ok(self.data().now(self.clock.now()))
    }

    async fn load(&self, keys: &[Key]) -> Result<Slice, Unavailable> {
        Ok(self.data().load(keys, self.clock.now()))
    }

    async fn append(&self, append: Append<'_>) -> Result<Appended, AppendError> {
        self.append_now(&append)
    }

    async fn note(&self, entry: Entry) -> Result<(), Unavailable> {
        self.data().note(entry, self.clock.now());
        self.moved();
        Ok(())
    }

    async fn settle(&self) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn head(&self) -> Result<Position, Unavailable> {
        Ok(self.data().head())
    }

    async fn newest_barrier(&self) -> Result<Position, Unavailable> {
        Ok(self.data().barrier)
    }

    async fn tail(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Unavailable> {
        let data = self.data();
        let from = usize::try_from(after.0).unwrap_or(usize::MAX);
        Ok(data.events.iter().skip(from).take(limit).cloned().collect())
    }

    async fn live(
        &self,
        ended: usize,
        take: &mut (dyn FnMut(LivePart) + Send),
    ) -> Result<AsOf, Unavailable> {
        let (parts, as_of) = self.data().live(ended);
        parts.into_iter().for_each(take);
        Ok(as_of)
    }

    async fn wait_for_more(&self, after: Position) {
        self.wait_until(|data| data.head() > after).await;
    }

    async fn record(
        &self,
        lease: LeaseEpoch,
        drafts: &[Draft],
    ) -> Result<Vec<Verdict>, Unavailable> {
        Ok(self.record_now(lease, drafts))
    }

    async fn entries(
        &self,
        org: OrgId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredEntry>, Unavailable> {
        let data = self.data();
        let log = data.logs.get(&org).map(Vec::as_slice).unwrap_or_default();
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let some = log.iter().skip(from).take(limit);
        Ok(some.map(|logged| logged.stored.clone()).collect())
    }

    async fn history(&self, query: HistoryQuery) -> Result<HistoryPage, Unavailable> {
        self.data().history(&query, self.clock.now())
    }

    async fn index_history(&self, limit: usize) -> Result<usize, Unavailable> {
        Ok(self.data().index_history(limit))
    }

    async fn agents_in_history(
        &self,
        org: OrgId,
        opened_by: Option<AdminId>,
    ) -> Result<Vec<AgentId>, Unavailable> {
        self.data()
            .agents_in_history(org, opened_by, self.clock.now())
    }

    async fn last_requests(&self, sessions: &[SessionId]) -> Result<Vec<LastRequest>, Unavailable> {
        Ok(self.data().last_requests(sessions))
    }

    async fn wait_for_entries(&self, org: OrgId, from: u64) {
        let end = |data: &Data| data.logs.get(&org).map_or(0, |log| log.len() as u64);
        self.wait_until(|data| end(data) > from).await;
    }

    async fn kept(&self, slot: [u8; 32]) -> Result<Option<Kept>, Unavailable> {
        let data = self.data();
        let kept = data.kept_at(slot, data.now(self.clock.now()));
        Ok(kept.map(|kept| Kept {
            fingerprint: kept.fingerprint,
            sealed: kept.sealed.clone(),
        }))
    }

    async fn acquire_lease(&self, new: NewLease) -> Result<Lease, Unavailable> {
        let (id, head) = self.data().acquire(new);
        let at = self.time();
        Ok(Lease { id, head, at })
    }

    async fn renew_lease(
        &self,
        lease: LeaseEpoch,
        acknowledged: Position,
    ) -> Result<Option<Timestamp>, LeaseError> {
        self.data().renew(lease, acknowledged)?;
        Ok(self.time())
    }

    async fn leases(&self) -> Result<Vec<LeaseRow>, Unavailable> {
        Ok(self.data().leases().all())
    }

    async fn end_lease(&self, lease: LeaseEpoch) -> Result<(), Unavailable> {
        self.data().leases_mut().end(lease);
        Ok(())
    }

    async fn end_silent_lease(&self, lease: LeaseEpoch, counter: u64) -> Result<(), Unavailable> {
        self.data().leases_mut().end_silent(lease, counter);
        Ok(())
    }

    async fn cases(&self, query: CaseQuery) -> Result<CasePage, Unavailable> {
        Ok(self.data().cases(&query, self.clock.now()))
    }

    async fn directory(&self, org: Option<OrgId>) -> Result<Slice, Unavailable> {
        Ok(self.data().directory(org, self.clock.now()))
    }

    async fn directory_page(&self, query: DirectoryQuery) -> Result<DirectoryPage, Unavailable> {
        Ok(self.data().directory_page(&query))
    }

    async fn people(&self, query: PeopleQuery) -> Result<PeoplePage, Unavailable> {
        Ok(self.data().people(&query))
    }

    async fn sessions(&self, query: SessionQuery) -> Result<SessionPage, Unavailable> {
        Ok(self.data().running(query, self.clock.now()))
    }

    async fn next_case_number(&self) -> Result<CaseNumber, Unavailable> {
        self.data().next_case_number()
    }

    async fn credential(&self, hash: SecretHash) -> Result<Option<Credential>, Unavailable> {
        Ok(self.data().credential_hashed(hash, false, self.clock.now()))
    }

    async fn credentials_of(
        &self,
        org: OrgId,
        limit: usize,
    ) -> Result<Vec<Credential>, Unavailable> {
        let all = |_: &Credential| true;
        Ok(self
            .data()
            .credentials_of(org, limit, self.clock.now(), all))
    }

    async fn credentials(&self, query: CredentialQuery) -> Result<CredentialPage, Unavailable> {
        Ok(self.data().credential_page(&query, self.clock.now()))
    }

    async fn waiting_credentials(
        &self,
        org: OrgId,
        limit: usize,
    ) -> Result<Vec<Credential>, Unavailable> {
        let waiting = |found: &Credential| {
            let undecided = matches!(found.standing, countersign_domain::Standing::Unaccepted);
            undecided && (found.in_use || found.is_good())
        };
        Ok(self
            .data()
            .credentials_of(org, limit, self.clock.now(), waiting))
    }

    async fn use_login_link(
        &self,
        link: SecretHash,
        session: NewBrowserSession,
    ) -> Result<bool, Unavailable> {
        Ok(self.data().use_login_link(link, &session, self.clock.now()))
    }

    async fn begin_openid_session(
        &self,
        credential: CredentialId,
        session: NewBrowserSession,
        at: AtProvider,
    ) -> Result<bool, Unavailable> {
        Ok(self
            .data()
            .start_by_openid(credential, &session, at, self.clock.now()))
    }

    async fn begin_agent_session(
        &self,
        agent: AgentId,
        session: NewBrowserSession,
        at: AtProvider,
    ) -> Result<bool, Unavailable> {
        Ok(self
            .data()
            .start_for_agent((agent, at), &session, self.clock.now()))
    }

    async fn signed_in_at(&self, known: SecretHash) -> Result<Vec<SignedInAt>, Unavailable> {
        Ok(self.data().signed_in_at(known))
    }

    async fn end_browser_sessions_at(&self, known: SecretHash) -> Result<(), Unavailable> {
        self.data().end_browsers_at(known);
        Ok(())
    }

    async fn end_browser_sessions_by(&self, credential: CredentialId) -> Result<(), Unavailable> {
        self.data().end_browsers_by(credential);
        Ok(())
    }

    async fn browser_session(
        &self,
        cookie: SecretHash,
        limits: BrowserSessionLimits,
    ) -> Result<Option<BrowserSession>, Unavailable> {
        Ok(self.data().see_browser(cookie, limits, self.clock.now()))
    }

    async fn end_browser_session(
        &self,
        cookie: SecretHash,
        limits: BrowserSessionLimits,
    ) -> Result<Option<BrowserSession>, Unavailable> {
        Ok(self.data().end_browser(cookie, limits, self.clock.now()))
    }

    async fn begin_operator_browser(
        &self,
        cookie: SecretHash,
        at: AtProvider,
    ) -> Result<(), Unavailable> {
        self.data()
            .begin_operator_browser(cookie, at, self.clock.now());
        Ok(())
    }

    async fn operator_browser(
        &self,
        cookie: SecretHash,
        idle: Duration,
    ) -> Result<Option<Credential>, Unavailable> {
        Ok(self
            .data()
            .see_operator_browser(cookie, idle, self.clock.now()))
    }

    async fn publish_key(&self, key: SigningKey) -> Result<(), Unavailable> {
        self.data().publish_key(key, self.clock.now());
        Ok(())
    }

    async fn keys(&self) -> Result<Vec<SigningKey>, Unavailable> {
        Ok(self.data().live_keys(self.clock.now()))
    }

    async fn claim_addresses(
        &self,
        addresses: Addresses,
        instead_of: Option<Addresses>,
    ) -> Result<Result<(), Addresses>, Unavailable> {
        let mut data = self.data();
        match &data.addresses {
            Some(others) if data.addresses != instead_of => Ok(Err(others.clone())),
            _ => {
                data.addresses = Some(addresses);
                Ok(Ok(()))
            }
        }
    }

    async fn addresses(&self) -> Result<Option<Addresses>, Unavailable> {
        Ok(self.data().addresses.clone())
    }

    async fn last_request(&self, session: SessionId) -> Result<Option<Timestamp>, Unavailable> {
        let data = self.data();
        Ok(data.sessions.get(&session).map(|kept| kept.last_request))
    }
}
