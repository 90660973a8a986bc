//! The store's contract. Events are the truth; what people list and search is projected from them
//! in the same transaction. The module `conformance`, behind the feature of that name, holds every
//! implementation to it.

#[cfg(feature = "conformance")]
pub mod conformance;

pub mod alike;
mod append;
mod clients;
mod credentials;
mod history;
mod kept;
mod lease;
mod listing;
mod live;
mod passkeys;
mod people;
mod record;
mod slice;

use async_trait::async_trait;
use countersign_domain::{AdminId, AgentId, CredentialId, OrgId, SecretHash, SessionId, Timestamp};
use countersign_entries::Entry;

pub use append::{Append, AppendError, Appended, Position, Recorded, Unique, Version};
pub use clients::{ClientToken, Clients, NewClientToken};
pub use credentials::{
    Addresses, AtProvider, BrowserSession, BrowserSessionLimits, Credential, NewBrowserSession,
    NewCredential, SignedInAt, SigningKey,
};
pub use history::{
    Begins, CaseEvent, Clause, Concerned, Counts, Facts, HistoryFilter, HistoryOrder, HistoryPage,
    HistoryQuery, HistoryRow, LastRequest, Requests, Search, TELLING, agent_terms,
};
pub use kept::{Kept, NewKept};
pub use lease::{Acknowledgements, Lease, LeaseEpoch, LeaseError, LeaseRow, NewLease};
pub use listing::{
    CasePage, CaseQuery, CredentialPage, CredentialQuery, CredentialsOf, DirectoryOf,
    DirectoryPage, DirectoryQuery, ListedSession, SessionPage, SessionQuery, SessionsOf,
    StatusFilter, StoredEntry, Viewer,
};
pub use live::{AsOf, LivePart, StoredSession};
pub use passkeys::{CeremonyKind, MOST_CEREMONIES, NewCeremony, NewPasskey, Passkey, Passkeys};
pub use people::{ListedPerson, PeopleOf, PeoplePage, PeopleQuery, Which};
pub use record::{Draft, Fence, Verdict};
pub use slice::{Key, ORGS_OF_A_DOMAIN, Slice};

/// The store did not do what was asked, or cannot say whether it did.
#[derive(Debug, thiserror::Error)]
#[error("the store is unavailable: {0}")]
pub struct Unavailable(pub String);

/// Where time comes from. Store time is the later of this and the newest time recorded.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since the Unix epoch.
    fn now(&self) -> Timestamp;
}

/// The store.
#[async_trait]
pub trait Store: Clients + Passkeys + Send + Sync + 'static {
    /// Store time: the later of the clock and the newest time recorded.
    async fn now(&self) -> Result<Timestamp, Unavailable>;

    /// Loads, in one consistent read, everything the keys name and everything a decision about it
    /// looks at: a case brings its org and every person it mentions, an admin brings the org.
    async fn load(&self, keys: &[Key]) -> Result<Slice, Unavailable>;

    /// Appends events atomically, with their entries, projections and credentials, at the next
    /// positions. Fails if any stream named has moved; a stream written must be named, a new one
    /// at [`Version::NONE`]. A credential that these events revoke is spent from then on.
    async fn append(&self, append: Append<'_>) -> Result<Appended, AppendError>;

    /// Puts an entry on its org's log that no event is behind: nothing follows from it, and nobody decides by it.
    /// Its moment is store time as it is written, whatever it says itself. Durable when this returns; when it fails,
    /// it may stand there nevertheless.
    async fn note(&self, entry: Entry) -> Result<(), Unavailable>;

    /// Returns once every append that was under way is over: what it persisted can be read from then on and
    /// is as durable as what was answered, and what cannot be read will never be there. What is asked after
    /// [`AppendError::Unknown`], before anybody looks.
    async fn settle(&self) -> Result<(), Unavailable>;

    /// The position of the newest event.
    async fn head(&self) -> Result<Position, Unavailable>;

    /// The position of the newest event that takes something away (see `Event::takes_away`).
    async fn newest_barrier(&self) -> Result<Position, Unavailable>;

    /// Events after a position, oldest first, at most `limit`.
    async fn tail(&self, after: Position, limit: usize) -> Result<Vec<Recorded>, Unavailable>;

    /// Hands over what is live, part by part and in no order to rely on: every org and person, every
    /// grant that has not been revoked, every session that was not ended, and of those that were
    /// the `ended` last by the moment of their end and then by id. All of it is as of the position
    /// answered (in PostgreSQL: one `REPEATABLE READ` transaction), and it takes as long as there
    /// is of it, not as long as the history is. When it fails, what was handed over means nothing.
    async fn live(
        &self,
        ended: usize,
        take: &mut (dyn FnMut(LivePart) + Send),
    ) -> Result<AsOf, Unavailable>;

    /// Returns when there may be an event after `after`, or after a while; never blocks for long.
    async fn wait_for_more(&self, after: Position);

    /// Makes entries of requests durable, each judged by the fence: in the same transaction, by
    /// store time, the lease and, for requests about to go upstream, session and grant must be
    /// live. A request that is not goes on the log as refused. One verdict per draft, in order.
    /// It may keep the calling thread busy until the batch is durable: serving processes record on a
    /// thread that does nothing else.
    async fn record(
        &self,
        lease: LeaseEpoch,
        drafts: &[Draft],
    ) -> Result<Vec<Verdict>, Unavailable>;

    /// An org's log from an index on, oldest first.
    async fn entries(
        &self,
        org: OrgId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredEntry>, Unavailable>;

    /// A page of what stands on an org's log, filtered, exact as of one moment, in bounded work and
    /// without the entries' recorder being held up. Times never go back along a log, so rows in the
    /// order of their indexes are in the order of their times.
    async fn history(&self, query: HistoryQuery) -> Result<HistoryPage, Unavailable>;

    /// Brings what [`Self::history`] looks things up in closer to the ends of the logs, in one step
    /// of about `limit` entries, and answers how many it took: none when all is done. Whatever has
    /// been done, and wherever it was stopped, pages are the same.
    async fn index_history(&self, limit: usize) -> Result<usize, Unavailable>;

    /// The agents who appear in an org's history: whom some row of it is found by. With an admin, in what
    /// is about the cases that they opened, in no more work than a page is: whom that does not find among
    /// what is newest may be left out. At most a few hundred: it is what to choose from.
    async fn agents_in_history(
        &self,
        org: OrgId,
        opened_by: Option<AdminId>,
    ) -> Result<Vec<AgentId>, Unavailable>;

    /// The last request under each of these sessions, as far as they exist.
    async fn last_requests(&self, sessions: &[SessionId]) -> Result<Vec<LastRequest>, Unavailable>;

    /// Returns when there may be an entry at `from` or later in an org's log, or after a while; never
    /// blocks for long. What this handle writes is noticed at once, what others write within a second.
    async fn wait_for_entries(&self, org: OrgId, from: u64);

    /// The answer kept under a slot, until it expires.
    async fn kept(&self, slot: [u8; 32]) -> Result<Option<Kept>, Unavailable>;

    /// Takes a lease under a new epoch, in place of the one it names.
    async fn acquire_lease(&self, new: NewLease) -> Result<Lease, Unavailable>;

    /// Renews a lease, acknowledging every event up to `acknowledged`.
    /// Answers with store time, if the store keeps it on a clock of its own.
    async fn renew_lease(
        &self,
        lease: LeaseEpoch,
        acknowledged: Position,
    ) -> Result<Option<Timestamp>, LeaseError>;

    /// Word of acknowledgements from now on, where the store carries it from process to process.
    fn acknowledgements(&self) -> Acknowledgements {
        Acknowledgements::default()
    }

    /// Every lease there is.
    async fn leases(&self) -> Result<Vec<LeaseRow>, Unavailable>;

    /// Ends a lease that its holder gives up.
    async fn end_lease(&self, lease: LeaseEpoch) -> Result<(), Unavailable>;

    /// Ends a lease that ran out while a waiter watched, if its counter still is what the waiter saw:
    /// one that was renewed meanwhile is served under.
    async fn end_silent_lease(&self, lease: LeaseEpoch, counter: u64) -> Result<(), Unavailable>;

    /// Cases the viewer may list, by number, with everyone they mention.
    async fn cases(&self, query: CaseQuery) -> Result<CasePage, Unavailable>;

    /// Every org and every agent; with `org`, that org, its admins and every agent.
    async fn directory(&self, org: Option<OrgId>) -> Result<Slice, Unavailable>;

    /// Orgs or people, page by page.
    async fn directory_page(&self, query: DirectoryQuery) -> Result<DirectoryPage, Unavailable>;

    /// People as a directory that provisions them lists them: looked up by index, whichever are asked for.
    async fn people(&self, query: PeopleQuery) -> Result<PeoplePage, Unavailable>;

    /// Sessions that nobody and no rule has ended, with their cases and everyone those mention.
    async fn sessions(&self, query: SessionQuery) -> Result<SessionPage, Unavailable>;

    /// A case number nobody has used, for cases that admins and agents open.
    async fn next_case_number(&self) -> Result<countersign_domain::CaseNumber, Unavailable>;

    /// The credential with this hash, whatever its state. One that is the cookie of an operator's browser
    /// is none here: it opens nothing else.
    async fn credential(&self, hash: SecretHash) -> Result<Option<Credential>, Unavailable>;

    /// Credentials made for the customer users of an org, newest first.
    async fn credentials_of(
        &self,
        org: OrgId,
        limit: usize,
    ) -> Result<Vec<Credential>, Unavailable>;

    /// Credentials, newest first, with their owners.
    async fn credentials(&self, query: CredentialQuery) -> Result<CredentialPage, Unavailable>;

    /// Those of them that still open something, or that somebody is signed in by, and that no super
    /// admin has accepted or refused (R3); newest first.
    async fn waiting_credentials(
        &self,
        org: OrgId,
        limit: usize,
    ) -> Result<Vec<Credential>, Unavailable>;

    /// Uses a sign-in link up and starts a browser session in its place, atomically; `false` when
    /// the link was used, expired or revoked before.
    async fn use_login_link(
        &self,
        link: SecretHash,
        session: NewBrowserSession,
    ) -> Result<bool, Unavailable>;

    /// Starts a browser session for whom an OpenID provider knows by this credential; `false` when that is
    /// no more, or was refused.
    async fn begin_openid_session(
        &self,
        credential: CredentialId,
        session: NewBrowserSession,
        at: AtProvider,
    ) -> Result<bool, Unavailable>;

    /// Starts a browser session for an agent whom an OpenID provider of the vendor's knows as `at` says; `false`
    /// when it does no more, or they have been deactivated.
    async fn begin_agent_session(
        &self,
        agent: AgentId,
        session: NewBrowserSession,
        at: AtProvider,
    ) -> Result<bool, Unavailable>;

    /// Who is signed in by an OpenID provider that knows them, or their session there, so.
    async fn signed_in_at(&self, known: SecretHash) -> Result<Vec<SignedInAt>, Unavailable>;

    /// Ends every browser session of those people. Idempotent.
    async fn end_browser_sessions_at(&self, known: SecretHash) -> Result<(), Unavailable>;

    /// Ends every browser session that began with this credential. Idempotent.
    async fn end_browser_sessions_by(&self, credential: CredentialId) -> Result<(), Unavailable>;

    /// The browser session with this cookie, if it is live by store time; counts as activity.
    async fn browser_session(
        &self,
        cookie: SecretHash,
        limits: BrowserSessionLimits,
    ) -> Result<Option<BrowserSession>, Unavailable>;

    /// Ends a browser session. Idempotent: it is answered with to whoever ends it, if it was live by store time, and
    /// to nobody else.
    async fn end_browser_session(
        &self,
        cookie: SecretHash,
        limits: BrowserSessionLimits,
    ) -> Result<Option<BrowserSession>, Unavailable>;

    /// From now on the credential with this hash is the cookie of a browser in which an operator is
    /// signed in.
    async fn begin_operator_browser(
        &self,
        cookie: SecretHash,
        at: AtProvider,
    ) -> Result<(), Unavailable>;

    /// The credential behind such a cookie, while it is good and was seen less than `idle` ago; it has
    /// been seen now, which may go unwritten for up to a minute, so that it never lasts longer.
    async fn operator_browser(
        &self,
        cookie: SecretHash,
        idle: countersign_domain::Duration,
    ) -> Result<Option<Credential>, Unavailable>;

    /// Publishes the public half of a process's signing key.
    async fn publish_key(&self, key: SigningKey) -> Result<(), Unavailable>;

    /// Public keys that may still have live signatures, by store time.
    async fn keys(&self) -> Result<Vec<SigningKey>, Unavailable>;

    /// Remembers how the deployment is reached, for whoever makes links without serving, if what is
    /// remembered still is `instead_of`. Answers with what it is if it is something else: of two that see the
    /// same and claim at the same moment, one does.
    async fn claim_addresses(
        &self,
        addresses: Addresses,
        instead_of: Option<Addresses>,
    ) -> Result<Result<(), Addresses>, Unavailable>;

    /// How the deployment is reached, as the newest serving process said.
    async fn addresses(&self) -> Result<Option<Addresses>, Unavailable>;

    /// When the last request under a session was recorded; its start if there was none.
    async fn last_request(&self, session: SessionId) -> Result<Option<Timestamp>, Unavailable>;

    /// Lets go of the database, after what is under way: what a process does last of all.
    async fn close(&self) {}

    /// Waits until what this process knows may not be the history any more, because somebody has
    /// accepted that the database lost the end of it; answers with what to tell. Whoever serves stops
    /// then. A store that cannot lose what it acknowledged waits for ever.
    async fn outdated(&self) -> String {
        std::future::pending().await
    }
}
