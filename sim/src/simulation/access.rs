//! The store as a process has it: every call goes over its wire.

use std::{sync::Arc, time::Duration as Span};

use async_trait::async_trait;
use countersign_domain::{
    AdminId, AgentId, CaseNumber, ClientId, CredentialId, Duration, OrgId, Person, SecretHash,
    SessionId, Timestamp,
};
use countersign_entries::Entry;
use countersign_store::{
    Addresses, Append, AppendError, Appended, AsOf, AtProvider, BrowserSession,
    BrowserSessionLimits, CasePage, CaseQuery, ClientToken, Clients, Credential, CredentialPage,
    CredentialQuery, DirectoryPage, DirectoryQuery, Draft, HistoryPage, HistoryQuery, Kept, Key,
    LastRequest, Lease, LeaseEpoch, LeaseError, LeaseRow, LivePart, NewBrowserSession, NewCeremony,
    NewClientToken, NewLease, Passkey, Passkeys, PeoplePage, PeopleQuery, Position, Recorded,
    SessionPage, SessionQuery, SignedInAt, SigningKey, Slice, Store, StoredEntry, Unavailable,
    Verdict,
};
use tokio::time::sleep;

use super::{
    mutant::Mutant,
    sent::{self, Sent},
    wire::{Kind, Lost, Wire},
};

tokio::task_local! {
    /// Which call of a client a task is.
    pub(super) static CALL: u64;
}

/// A handle that goes over a wire.
#[derive(Clone, Debug)]
pub(super) struct Access(pub(super) Arc<Wire>);

/// Passes a call on as it is.
macro_rules! pass {
    ($self:ident, $kind:ident, $what:literal, $store:ident => $does:expr) => {{
        let $store = Arc::clone(&$self.0.store);
        let sent = $self.0.send(Kind::$kind, $what, async move { $does.await });
        sent.await?
    }};
}

#[async_trait]
impl Store for Access {
    async fn append(&self, append: Append<'_>) -> Result<Appended, AppendError> {
        let wire = &self.0;
        let append = Arc::new(Sent::new(&append, CALL.try_with(|call| *call).ok()));
        let made = |again: bool| {
            let (append, under_way) = (Arc::clone(&append), wire.begins_append());
            async move {
                let result = append.commit(under_way.wire(), again);
                drop(under_way);
                result
            }
        };
        match wire.send(Kind::Command, "append", made(false)).await {
            Ok(result) => result,
            Err(Lost::OnTheWayThere) if wire.is(Mutant::FailedAppendIsAcknowledged) => {
                Ok(append.as_if_appended(wire))
            }
            Err(Lost::OnTheWayThere) => Err(Unavailable::from(Lost::OnTheWayThere).into()),
            Err(Lost::Unknown) if wire.is(Mutant::LostAppendIsRepeated) => {
                let again = wire.send(Kind::Command, "append again", made(true)).await;
                again.unwrap_or_else(|lost| Err(AppendError::Unknown(format!("{lost:?}"))))
            }
            Err(lost) if wire.is(Mutant::LostAppendIsTakenForFailed) => {
                Err(Unavailable::from(lost).into())
            }
            Err(Lost::Unknown) => Err(AppendError::Unknown("lost".to_owned())),
        }
    }

    async fn note(&self, entry: Entry) -> Result<(), Unavailable> {
        pass!(self, Command, "note", store => store.note(entry))
    }

    /// Behind a lock that whoever appends holds until that is over.
    async fn settle(&self) -> Result<(), Unavailable> {
        let wire = Arc::clone(&self.0);
        let does = async move { wire.appends_are_over().await };
        Ok(self.0.send(Kind::Command, "settle", does).await?)
    }

    async fn record(
        &self,
        lease: LeaseEpoch,
        drafts: &[Draft],
    ) -> Result<Vec<Verdict>, Unavailable> {
        let wire = &self.0;
        let (there, batch) = (Arc::clone(wire), drafts.to_vec());
        let early = wire
            .is(Mutant::FenceBeforeTheTransaction)
            .then(|| sent::fences(wire, drafts));
        let does = async move { sent::record(&there, lease, &batch, early) };
        match wire.send(Kind::Record, "record", does).await {
            Err(_) if wire.is(Mutant::FailedEntriesAreTakenForDurable) => {
                Ok(sent::as_if_recorded(wire, drafts))
            }
            sent => Ok(sent?),
        }
    }

    async fn acquire_lease(&self, new: NewLease) -> Result<Lease, Unavailable> {
        let wire = Arc::clone(&self.0);
        let does = async move {
            // Behind whatever takes away.
            wire.appends_are_over().await;
            wire.store.acquire_lease(new).await
        };
        let mut lease = self.0.send(Kind::Lease, "acquire", does).await??;
        if self.0.is(Mutant::ServesBeforeItHasCaughtUp) {
            lease.head = Position::default();
        }
        if self.0.is(Mutant::JudgesByItsOwnClock) {
            lease.at = None;
        }
        Ok(lease)
    }

    async fn renew_lease(
        &self,
        lease: LeaseEpoch,
        acknowledged: Position,
    ) -> Result<Option<Timestamp>, LeaseError> {
        let there = Arc::clone(&self.0);
        let does = async move { sent::renew(&there, lease, acknowledged).await };
        let sent = self.0.send(Kind::Lease, "renew", does).await;
        let at = sent.map_err(Unavailable::from)??;
        Ok(at.filter(|_| !self.0.is(Mutant::JudgesByItsOwnClock)))
    }

    async fn leases(&self) -> Result<Vec<LeaseRow>, Unavailable> {
        if self.0.is(Mutant::BarrierNotAwaited) {
            return Ok(vec![]);
        }
        pass!(self, Command, "leases", store => store.leases())
    }

    async fn end_lease(&self, lease: LeaseEpoch) -> Result<(), Unavailable> {
        pass!(self, Lease, "end lease", store => store.end_lease(lease))
    }

    async fn end_silent_lease(&self, lease: LeaseEpoch, counter: u64) -> Result<(), Unavailable> {
        pass!(self, Command, "end silent lease", store => store.end_silent_lease(lease, counter))
    }

    async fn tail(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Unavailable> {
        // Short pages, so that there are many.
        let limit = limit.min(4);
        let mut page = pass!(self, Follow, "tail", store => store.tail(after, limit))?;
        let skips = self.0.is(Mutant::FollowerSkipsAnEvent) && page.len() > 1;
        if skips && self.0.chance(Kind::Follow).one_in(4) {
            page.remove(0);
        }
        Ok(page)
    }

    async fn wait_for_more(&self, after: Position) {
        let wire = &self.0;
        wire.line.runs().await;
        // A word that is lost, and one that comes late.
        let chance = wire.chance(Kind::Wait);
        match chance.below(16) {
            _ if wire.is_calm() => {}
            0 => sleep(Span::from_secs(1)).await,
            1 => sleep(Span::from_millis(chance.below(200))).await,
            _ => {}
        }
        wire.store.wait_for_more(after).await;
        wire.line.runs().await;
    }

    async fn load(&self, keys: &[Key]) -> Result<Slice, Unavailable> {
        let keys = keys.to_vec();
        let mut slice = pass!(self, Command, "load", store => store.load(&keys))?;
        if self.0.is(Mutant::RepeatedAnswersDoNotWait) {
            slice.barrier = Position::default();
        }
        Ok(slice)
    }

    async fn live(
        &self,
        ended: usize,
        take: &mut (dyn FnMut(LivePart) + Send),
    ) -> Result<AsOf, Unavailable> {
        let store = Arc::clone(&self.0.store);
        let does = async move {
            let mut parts = vec![];
            let as_of = store.live(ended, &mut |part| parts.push(part)).await;
            as_of.map(|as_of| (parts, as_of))
        };
        let (parts, as_of) = self.0.send(Kind::Follow, "live", does).await??;
        parts.into_iter().for_each(take);
        Ok(as_of)
    }

    async fn now(&self) -> Result<Timestamp, Unavailable> {
        pass!(self, Other, "now", store => store.now())
    }

    async fn head(&self) -> Result<Position, Unavailable> {
        pass!(self, Other, "head", store => store.head())
    }

    async fn newest_barrier(&self) -> Result<Position, Unavailable> {
        pass!(self, Other, "barrier", store => store.newest_barrier())
    }

    async fn entries(
        &self,
        org: OrgId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredEntry>, Unavailable> {
        pass!(self, Other, "entries", store => store.entries(org, from, limit))
    }

    async fn history(&self, query: HistoryQuery) -> Result<HistoryPage, Unavailable> {
        pass!(self, Other, "history", store => store.history(query))
    }

    async fn index_history(&self, limit: usize) -> Result<usize, Unavailable> {
        pass!(self, Other, "index", store => store.index_history(limit))
    }

    async fn agents_in_history(
        &self,
        org: OrgId,
        opened_by: Option<AdminId>,
    ) -> Result<Vec<AgentId>, Unavailable> {
        pass!(self, Other, "agents in history", store => store.agents_in_history(org, opened_by))
    }

    async fn last_requests(&self, sessions: &[SessionId]) -> Result<Vec<LastRequest>, Unavailable> {
        let sessions = sessions.to_vec();
        pass!(self, Other, "last requests", store => store.last_requests(&sessions))
    }

    async fn wait_for_entries(&self, org: OrgId, from: u64) {
        self.0.line.runs().await;
        self.0.store.wait_for_entries(org, from).await;
    }

    async fn kept(&self, slot: [u8; 32]) -> Result<Option<Kept>, Unavailable> {
        pass!(self, Command, "kept", store => store.kept(slot))
    }

    async fn cases(&self, query: CaseQuery) -> Result<CasePage, Unavailable> {
        pass!(self, Command, "cases", store => store.cases(query))
    }

    async fn directory(&self, org: Option<OrgId>) -> Result<Slice, Unavailable> {
        pass!(self, Command, "directory", store => store.directory(org))
    }

    async fn directory_page(&self, query: DirectoryQuery) -> Result<DirectoryPage, Unavailable> {
        pass!(self, Command, "directory page", store => store.directory_page(query))
    }

    async fn people(&self, query: PeopleQuery) -> Result<PeoplePage, Unavailable> {
        pass!(self, Command, "people", store => store.people(query))
    }

    async fn sessions(&self, query: SessionQuery) -> Result<SessionPage, Unavailable> {
        pass!(self, Command, "sessions", store => store.sessions(query))
    }

    async fn next_case_number(&self) -> Result<CaseNumber, Unavailable> {
        pass!(self, Command, "number", store => store.next_case_number())
    }

    async fn credential(&self, hash: SecretHash) -> Result<Option<Credential>, Unavailable> {
        pass!(self, Other, "credential", store => store.credential(hash))
    }

    async fn credentials_of(
        &self,
        org: OrgId,
        limit: usize,
    ) -> Result<Vec<Credential>, Unavailable> {
        pass!(self, Other, "credentials of", store => store.credentials_of(org, limit))
    }

    async fn credentials(&self, query: CredentialQuery) -> Result<CredentialPage, Unavailable> {
        pass!(self, Other, "credentials", store => store.credentials(query))
    }

    async fn waiting_credentials(
        &self,
        org: OrgId,
        limit: usize,
    ) -> Result<Vec<Credential>, Unavailable> {
        pass!(self, Other, "waiting", store => store.waiting_credentials(org, limit))
    }

    async fn use_login_link(
        &self,
        link: SecretHash,
        session: NewBrowserSession,
    ) -> Result<bool, Unavailable> {
        pass!(self, Other, "login link", store => store.use_login_link(link, session))
    }

    async fn browser_session(
        &self,
        cookie: SecretHash,
        limits: BrowserSessionLimits,
    ) -> Result<Option<BrowserSession>, Unavailable> {
        pass!(self, Other, "browser", store => store.browser_session(cookie, limits))
    }

    async fn begin_openid_session(
        &self,
        credential: CredentialId,
        session: NewBrowserSession,
        at: AtProvider,
    ) -> Result<bool, Unavailable> {
        pass!(self, Other, "openid", store => store.begin_openid_session(credential, session, at))
    }

    async fn begin_agent_session(
        &self,
        agent: AgentId,
        session: NewBrowserSession,
        at: AtProvider,
    ) -> Result<bool, Unavailable> {
        pass!(self, Other, "staff", store => store.begin_agent_session(agent, session, at))
    }

    async fn signed_in_at(&self, known: SecretHash) -> Result<Vec<SignedInAt>, Unavailable> {
        pass!(self, Other, "signed in at", store => store.signed_in_at(known))
    }

    async fn end_browser_sessions_at(&self, known: SecretHash) -> Result<(), Unavailable> {
        pass!(self, Other, "end browsers at", store => store.end_browser_sessions_at(known))
    }

    async fn end_browser_sessions_by(&self, credential: CredentialId) -> Result<(), Unavailable> {
        pass!(self, Other, "end browsers", store => store.end_browser_sessions_by(credential))
    }

    async fn end_browser_session(
        &self,
        cookie: SecretHash,
        limits: BrowserSessionLimits,
    ) -> Result<Option<BrowserSession>, Unavailable> {
        pass!(self, Other, "end browser", store => store.end_browser_session(cookie, limits))
    }

    async fn begin_operator_browser(
        &self,
        cookie: SecretHash,
        at: AtProvider,
    ) -> Result<(), Unavailable> {
        pass!(self, Other, "begin operator", store => store.begin_operator_browser(cookie, at))
    }

    async fn operator_browser(
        &self,
        cookie: SecretHash,
        idle: Duration,
    ) -> Result<Option<Credential>, Unavailable> {
        pass!(self, Other, "operator", store => store.operator_browser(cookie, idle))
    }

    async fn publish_key(&self, key: SigningKey) -> Result<(), Unavailable> {
        pass!(self, Other, "publish", store => store.publish_key(key))
    }

    async fn keys(&self) -> Result<Vec<SigningKey>, Unavailable> {
        pass!(self, Other, "keys", store => store.keys())
    }

    async fn claim_addresses(
        &self,
        addresses: Addresses,
        instead_of: Option<Addresses>,
    ) -> Result<Result<(), Addresses>, Unavailable> {
        pass!(self, Other, "claim addresses", store => store.claim_addresses(addresses, instead_of))
    }

    async fn addresses(&self) -> Result<Option<Addresses>, Unavailable> {
        pass!(self, Other, "addresses", store => store.addresses())
    }

    async fn last_request(&self, session: SessionId) -> Result<Option<Timestamp>, Unavailable> {
        pass!(self, Other, "last request", store => store.last_request(session))
    }
}

#[async_trait]
impl Passkeys for Access {
    async fn passkey(&self, handle: &[u8]) -> Result<Option<Passkey>, Unavailable> {
        let handle = handle.to_vec();
        pass!(self, Other, "passkey", store => store.passkey(&handle))
    }

    async fn passkeys_of(&self, person: Person) -> Result<Vec<Passkey>, Unavailable> {
        pass!(self, Other, "passkeys of", store => store.passkeys_of(person))
    }

    async fn passkeys_in(&self, org: OrgId) -> Result<Vec<Passkey>, Unavailable> {
        pass!(self, Other, "passkeys in", store => store.passkeys_in(org))
    }

    async fn use_passkey(
        &self,
        id: CredentialId,
        was: &str,
        becomes: &str,
        session: NewBrowserSession,
    ) -> Result<bool, Unavailable> {
        let (was, becomes) = (was.to_owned(), becomes.to_owned());
        pass!(self, Other, "use passkey", store => store.use_passkey(id, &was, &becomes, session))
    }

    async fn begin_ceremony(&self, ceremony: NewCeremony) -> Result<(), Unavailable> {
        pass!(self, Other, "begin ceremony", store => store.begin_ceremony(ceremony))
    }

    async fn take_ceremony(&self, browser: SecretHash) -> Result<Option<String>, Unavailable> {
        pass!(self, Other, "take ceremony", store => store.take_ceremony(browser))
    }
}

#[async_trait]
impl Clients for Access {
    async fn org_of_client(&self, id: ClientId) -> Result<Option<OrgId>, Unavailable> {
        pass!(self, Other, "org of client", store => store.org_of_client(id))
    }

    async fn keep_client_token(&self, token: NewClientToken) -> Result<(), Unavailable> {
        pass!(self, Other, "keep client token", store => store.keep_client_token(token))
    }

    async fn client_token(&self, hash: SecretHash) -> Result<Option<ClientToken>, Unavailable> {
        pass!(self, Other, "client token", store => store.client_token(hash))
    }

    async fn end_client_token(&self, hash: SecretHash, of: ClientId) -> Result<(), Unavailable> {
        pass!(self, Other, "end client token", store => store.end_client_token(hash, of))
    }

    async fn first_use(&self, once: SecretHash, until: Timestamp) -> Result<bool, Unavailable> {
        pass!(self, Other, "first use", store => store.first_use(once, until))
    }
}
