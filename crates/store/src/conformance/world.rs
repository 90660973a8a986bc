//! A small world to act in: a store, a clock, and the domain's commands run against it.

use std::{
    collections::BTreeSet,
    fmt::Debug,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use countersign_domain::{
    Actor, AdminId, AgentId, CaseId, CaseNumber, Command, CredentialId, CredentialKind,
    CredentialOwner, Duration, Email, Event, GrantId, Justification, Label, NewCase, OpenedBy,
    OperatorVia, OrgId, Origin, PasskeyName, Person, PersonName, ProcessId, Refusal, Role,
    SecretHash, SessionId, SessionLimits, Slug, Title, Upstream, decide,
};
use countersign_entries::RequestLine;
use serde_json::Value;

use super::{Backend, ManualClock, script};
use crate::{
    Append, AppendError, Appended, Draft, Key, LeaseEpoch, NewCredential, NewLease, NewPasskey,
    Store, Verdict, Version,
};

/// Why a command of a script did not go through.
#[derive(Debug)]
pub enum Refused {
    /// The rules refused.
    Rules(Refusal),
    /// The store did.
    Store(AppendError),
}

/// A store and its clock.
#[derive(Debug)]
pub struct World<S> {
    /// The store.
    pub store: S,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    next: AtomicU64,
}

/// An org with a live grant and a session under it.
#[derive(Clone, Copy, Debug)]
pub struct Live {
    /// The org.
    pub org: OrgId,
    /// A super admin, who ticked.
    pub boss: AdminId,
    /// The admin who opened the case and is the subject.
    pub opener: AdminId,
    /// The agent whose session it is.
    pub agent: AgentId,
    /// Another agent of the team.
    pub other: AgentId,
    /// The case.
    pub case: CaseId,
    /// The session.
    pub session: SessionId,
}

/// An operator at the command line.
pub const OPERATOR: Actor = Actor::Operator {
    via: OperatorVia::CommandLine,
};

/// A hash that stands for the secret with this number.
#[must_use]
pub fn secret(number: u64) -> SecretHash {
    let mut bytes = [0xab; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    SecretHash::from_bytes(bytes)
}

/// A good value of a validated text.
pub(super) fn good<T, E: Debug>(parsed: Result<T, E>) -> T {
    parsed.expect("the text is valid")
}

impl<S: Store> World<S> {
    /// A world on an empty database.
    pub async fn new<B: Backend<Store = S>>(backend: &B) -> Self {
        let clock = Arc::new(ManualClock::default());
        Self::over(backend.open(Arc::clone(&clock)).await, clock)
    }

    /// A world on this store.
    pub fn over(store: S, clock: Arc<ManualClock>) -> Self {
        Self {
            store,
            clock,
            next: AtomicU64::new(1),
        }
    }

    /// A number not given before.
    pub fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// An id not given before; `prefix` is the kind's own.
    pub fn id<T: FromStr<Err: Debug>>(&self, prefix: &str) -> T {
        let number = self.number();
        format!("{prefix}_{number:032x}")
            .parse()
            .expect("the prefix is the kind's own")
    }

    /// Loads, decides and appends; does it again when something moved.
    pub async fn attempt(&self, actor: Actor, command: &Command) -> Result<Vec<Event>, Refused> {
        loop {
            match self.attempt_once(actor, command, &[]).await {
                Err(Refused::Store(AppendError::Conflict)) => {}
                Err(error) => return Err(error),
                Ok((events, _)) => return Ok(events),
            }
        }
    }

    /// Loads, decides and appends with these credentials; a conflict is the caller's.
    pub async fn attempt_once(
        &self,
        actor: Actor,
        command: &Command,
        credentials: &[NewCredential],
    ) -> Result<(Vec<Event>, Option<Appended>), Refused> {
        self.attempt_with(actor, command, credentials, None).await
    }

    async fn attempt_with(
        &self,
        actor: Actor,
        command: &Command,
        credentials: &[NewCredential],
        passkey: Option<&NewPasskey>,
    ) -> Result<(Vec<Event>, Option<Appended>), Refused> {
        let mut keys = script::keys(command, &actor);
        keys.extend(script::caller(&actor));
        let slice = self.store.load(&keys).await.expect("the store loads");
        let events = decide(&slice.state, command, &actor, slice.now).map_err(Refused::Rules)?;
        if events.is_empty() {
            return Ok((events, None));
        }
        let mut read = slice.versions;
        read.extend(script::creates(command).map(|stream| (stream, Version::NONE)));
        let appended = self
            .store
            .append(Append {
                actor,
                at: slice.now,
                read: &read,
                events: &events,
                credentials,
                kept: None,
                passkey,
                client: None,
            })
            .await
            .map_err(Refused::Store)?;
        Ok((events, Some(appended)))
    }

    /// Runs a command that must go through.
    pub async fn run(&self, actor: Actor, command: Command) -> Vec<Event> {
        self.attempt(actor, &command)
            .await
            .unwrap_or_else(|refused| panic!("{command:?} by {actor:?}: {refused:?}"))
    }

    /// An org with an upstream.
    pub async fn org(&self) -> OrgId {
        let org = self.id("org");
        let slug = good(Slug::parse(&format!("org-{}", self.number())));
        let name = good(PersonName::parse("Acme Inc"));
        self.run(OPERATOR, Command::CreateOrg { org, slug, name })
            .await;
        let upstream = Upstream::new(good(Origin::parse("http://127.0.0.1:9000")));
        self.run(OPERATOR, Command::SetUpstream { org, upstream })
            .await;
        org
    }

    /// A customer user.
    pub async fn admin(&self, org: OrgId, role: Role) -> AdminId {
        let admin = self.id("adm");
        let command = Command::CreateAdmin {
            admin,
            org,
            email: good(Email::parse(&format!("admin{}@acme.test", self.number()))),
            name: good(PersonName::parse("Dana")),
            role,
        };
        self.run(OPERATOR, command).await;
        admin
    }

    /// An agent.
    pub async fn agent(&self) -> AgentId {
        let agent = self.id("agt");
        let command = Command::CreateAgent {
            agent,
            email: good(Email::parse(&format!("agent{}@vendor.test", self.number()))),
            name: good(PersonName::parse("Sam")),
        };
        self.run(OPERATOR, command).await;
        agent
    }

    /// A case with a number of its own, opened by an operator's call.
    pub async fn case(
        &self,
        org: OrgId,
        opened_by: OpenedBy,
        team: impl IntoIterator<Item = AgentId>,
    ) -> CaseId {
        let case = self.id("case");
        let number = format!("N-{:06}", self.number());
        self.run(
            OPERATOR,
            Command::OpenCase(NewCase {
                case,
                org,
                number: good(CaseNumber::parse(&number)),
                number_chosen: true,
                title: good(Title::parse("Invoices are missing")),
                opened_by,
                team: team.into_iter().collect::<BTreeSet<_>>(),
            }),
        )
        .await;
        case
    }

    /// Asks for access.
    pub async fn ask(&self, case: CaseId, agent: AgentId) {
        let command = Command::RequestAccess {
            case,
            justification: good(Justification::parse("To see the missing invoices")),
            subject: None,
        };
        self.run(Actor::Agent { id: agent }, command).await;
    }

    /// Ticks.
    pub async fn grant(&self, case: CaseId, admin: AdminId) -> GrantId {
        let grant = self.id("grant");
        self.run(
            Actor::Admin {
                id: admin,
                via: None,
            },
            Command::Grant { case, grant },
        )
        .await;
        grant
    }

    /// The command that starts a session.
    pub fn start(&self, case: CaseId, session: SessionId, limits: SessionLimits) -> Command {
        Command::StartSession {
            case,
            session,
            label: good(Label::parse(&format!("s{}", self.number()))),
            token: secret(self.number()),
            code: secret(self.number()),
            limits,
        }
    }

    /// Starts a session.
    pub async fn session(&self, case: CaseId, agent: AgentId, limits: SessionLimits) -> SessionId {
        let session = self.id("sess");
        let command = self.start(case, session, limits);
        self.run(Actor::Agent { id: agent }, command).await;
        session
    }

    /// An org with a live grant and a session under it.
    pub async fn live(&self) -> Live {
        self.live_with(SessionLimits::default()).await
    }

    /// The same, with limits of the session's own.
    pub async fn live_with(&self, limits: SessionLimits) -> Live {
        let org = self.org().await;
        let boss = self.admin(org, Role::SuperAdmin).await;
        let opener = self.admin(org, Role::Admin).await;
        let agent = self.agent().await;
        let other = self.agent().await;
        let case = self
            .case(org, OpenedBy::Admin(opener), [agent, other])
            .await;
        self.ask(case, agent).await;
        self.grant(case, boss).await;
        let session = self.session(case, agent, limits).await;
        Live {
            org,
            boss,
            opener,
            agent,
            other,
            case,
            session,
        }
    }

    /// Mints a credential good for `span`; answers with its id and hash.
    pub async fn mint(
        &self,
        owner: CredentialOwner,
        kind: CredentialKind,
        span: Duration,
    ) -> (CredentialId, SecretHash) {
        let (id, hash) = (self.id("cred"), secret(self.number()));
        let now = self.store.now().await.expect("the store tells the time");
        let expires_at = now.plus(span);
        let new = NewCredential {
            id,
            hash,
            owner,
            kind,
            expires_at,
        };
        let command = Command::MintCredential {
            credential: id,
            owner,
            kind,
            expires_at,
        };
        self.attempt_once(OPERATOR, &command, &[new])
            .await
            .expect("the credential is minted");
        (id, hash)
    }

    /// Revokes a credential.
    pub async fn revoke(&self, id: CredentialId) -> Vec<Event> {
        let slice = self.store.load(&[Key::Credential(id)]).await;
        let found = slice.expect("the store loads").credentials;
        let credential = found.first().expect("the credential");
        let command = Command::RevokeCredential {
            credential: id,
            owner: credential.owner,
            spent: credential.spent_at.is_some(),
        };
        self.run(OPERATOR, command).await
    }

    /// A passkey of a customer user, registered through nothing that is known.
    pub async fn passkey(&self, admin: AdminId) -> NewPasskey {
        self.passkey_by(Actor::Admin {
            id: admin,
            via: None,
        })
        .await
        .expect("the passkey is registered")
    }

    /// A passkey, registered by its owner.
    pub async fn passkey_by(&self, actor: Actor) -> Result<NewPasskey, Refused> {
        let Actor::Admin { id: admin, .. } = actor else {
            panic!("{actor:?} has no passkeys");
        };
        let number = self.number();
        let passkey = NewPasskey {
            id: self.id("cred"),
            handle: number.to_be_bytes().to_vec(),
            person: Person::Admin(admin),
            name: good(PasskeyName::parse("laptop")),
            key: format!("{{\"counter\":0,\"key\":{number}}}"),
        };
        self.register(actor, &passkey).await?;
        Ok(passkey)
    }

    /// Registers this very passkey.
    pub async fn register(&self, actor: Actor, passkey: &NewPasskey) -> Result<(), Refused> {
        let signed_in_at = self.store.now().await.expect("a time");
        let command = Command::RegisterPasskey {
            credential: passkey.id,
            name: passkey.name.clone(),
            signed_in_at,
        };
        self.attempt_with(actor, &command, &[], Some(passkey))
            .await
            .map(|_| ())
    }

    /// A lease of a process of its own.
    pub async fn lease(&self) -> LeaseEpoch {
        let process: ProcessId = self.id("proc");
        let duration = Duration::from_secs(10);
        let lease = self.store.acquire_lease(NewLease {
            process,
            duration,
            replaces: None,
        });
        lease.await.expect("a lease is given").id
    }

    /// Records one request; answers with its verdict.
    pub async fn request(&self, lease: LeaseEpoch, session: SessionId) -> Verdict {
        let verdicts = self.store.record(lease, &[request(session)]).await;
        let verdicts = verdicts.expect("the store records");
        assert_eq!(verdicts.len(), 1, "one verdict per draft");
        verdicts[0]
    }

    /// An org's whole log, read as JSON.
    pub async fn log(&self, org: OrgId) -> Vec<Value> {
        let entries = self.store.entries(org, 0, 100_000).await;
        entries
            .expect("the store reads the log")
            .iter()
            .map(|entry| serde_json::from_slice(&entry.encoded).expect("an entry is JSON"))
            .collect()
    }

    /// The newest entry of an org's log.
    pub async fn newest(&self, org: OrgId) -> Value {
        self.log(org).await.pop().expect("the log is not empty")
    }
}

/// Cases beside a live one, in the same org: nobody has asked, asked and not granted, granted, and
/// granted so long ago that it has expired. Only the last two have something left to end.
pub(super) async fn reachability<S: Store>(world: &World<S>, live: Live) -> [CaseId; 4] {
    let open = async || {
        world
            .case(live.org, OpenedBy::Admin(live.opener), [live.agent])
            .await
    };
    let [quiet, asked, granted, expired] = [open().await, open().await, open().await, open().await];
    world.ask(expired, live.agent).await;
    world.grant(expired, live.boss).await;
    world.clock.advance(Duration::from_hours(9));
    for case in [asked, granted] {
        world.ask(case, live.agent).await;
    }
    world.grant(granted, live.boss).await;
    [quiet, asked, granted, expired]
}

/// A request under a session.
#[must_use]
pub fn request(session: SessionId) -> Draft {
    Draft::Request {
        session,
        request: line("/invoices?page=2"),
    }
}

/// A request for a target.
#[must_use]
pub fn line(target: &str) -> RequestLine {
    RequestLine::new("GET", target)
}
