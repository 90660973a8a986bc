//! A deployment with many orgs, people and cases, written through the store's contract.

use countersign_app::hash_secret;
use countersign_domain::{
    Actor, AdminId, AgentId, Attested, CaseId, CaseNumber, Duration, Email, Entrance, Event, Grant,
    GrantId, Justification, Label, OpenedBy, Opener, OperatorVia, OrgId, Origin, Period,
    PersonName, Role, Session, SessionId, Slug, StreamId, TeamScope, Timestamp, Title, Upstream,
};
use countersign_store::{Append, Store, Version};
use uuid::Uuid;

use crate::Outcome;

/// How many cases are written in one transaction.
const AT_ONCE: usize = 2_000;
/// How many live grants an org has, and an agent.
const PER_ORG: u32 = 100;

/// What was written.
#[derive(Debug)]
pub(crate) struct Facts {
    numbers: Numbers,
    orgs: Vec<(OrgId, AdminId)>,
    agents: Vec<AgentId>,
    cases: Vec<CaseId>,
    /// By what requests come under each session.
    pub(crate) callers: Vec<Caller>,
    pub(crate) until: Timestamp,
}

/// What a request brings: where it goes and the token that it shows.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) session: SessionId,
    pub(crate) label: Label,
    pub(crate) token: String,
}

/// Numbers that look random and are the same in every run (SplitMix64).
#[derive(Debug)]
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// An id as the product makes them: a moment, then random bits.
    fn uuid(&mut self) -> Uuid {
        let mut random = [0; 10];
        let (much, little) = random.split_at_mut(8);
        much.copy_from_slice(&self.next().to_be_bytes());
        little.copy_from_slice(&self.next().to_be_bytes()[..2]);
        uuid::Builder::from_unix_timestamp_millis(1_790_000_000_000, &random).into_uuid()
    }
}

impl Facts {
    /// Orgs, customer users and agents, as many as belong to `grants`.
    pub(crate) async fn begin(store: &dyn Store, grants: u32) -> Outcome<Self> {
        let mut facts = Self {
            numbers: Numbers(7),
            orgs: vec![],
            agents: vec![],
            cases: vec![],
            callers: vec![],
            until: store.now().await?.plus(Duration::from_hours(12)),
        };
        let many = grants.div_ceil(PER_ORG).max(10);
        let mut events = vec![];
        let upstream = Upstream::new(Origin::parse("http://127.0.0.1:1")?);
        for number in 0..many {
            let org = OrgId::from_uuid(facts.numbers.uuid());
            let admin = AdminId::from_uuid(facts.numbers.uuid());
            let agent = AgentId::from_uuid(facts.numbers.uuid());
            let name = |of: &str| PersonName::parse(&format!("{of} {number}"));
            events.extend([
                Event::OrgCreated {
                    org,
                    slug: Slug::parse(&format!("org-{number}"))?,
                    name: name("Org")?,
                },
                Event::UpstreamSet {
                    org,
                    upstream: upstream.clone(),
                    widened: false,
                },
                Event::AdminCreated {
                    admin,
                    org,
                    email: Email::parse(&format!("admin@org-{number}.test"))?,
                    name: name("Admin")?,
                    role: Role::SuperAdmin,
                },
                Event::AgentCreated {
                    agent,
                    email: Email::parse(&format!("agent-{number}@vendor.test"))?,
                    name: name("Agent")?,
                },
            ]);
            facts.orgs.push((org, admin));
            facts.agents.push(agent);
        }
        for few in events.chunks(AT_ONCE) {
            append(store, few, Version::NONE).await?;
        }
        Ok(facts)
    }

    /// Opens cases, spread over the orgs.
    pub(crate) async fn open_cases(&mut self, store: &dyn Store, many: u32) -> Outcome<()> {
        let mut events = vec![];
        for number in 0..many {
            let case = CaseId::from_uuid(self.numbers.uuid());
            let (org, admin) = of(&self.orgs, number)?;
            events.push(Event::CaseOpened {
                case,
                org,
                number: CaseNumber::parse(&format!("{}", 1_000_000 + number))?,
                title: Title::parse("Invoices are wrong since the last update")?,
                opened_by: Opener {
                    who: OpenedBy::Admin(admin),
                    attested: Attested::Tracker,
                },
                team: [of(&self.agents, number)?].into(),
            });
            self.cases.push(case);
            if events.len() == AT_ONCE {
                append(store, &events, Version::NONE).await?;
                events.clear();
                if number % 100_000 > 100_000 - 2 * u32::try_from(AT_ONCE)? {
                    eprintln!("{number} cases");
                }
            }
        }
        if !events.is_empty() {
            append(store, &events, Version::NONE).await?;
        }
        Ok(())
    }

    /// Grants access to cases until `many` are live, and starts a session under each.
    pub(crate) async fn grant(&mut self, store: &dyn Store, many: u32) -> Outcome<()> {
        let now = store.now().await?;
        let mut events = vec![];
        for number in u32::try_from(self.callers.len())?..many {
            let case = of(&self.cases, number)?;
            let (org, admin) = of(&self.orgs, number)?;
            let agent = of(&self.agents, number)?;
            let grant = GrantId::from_uuid(self.numbers.uuid());
            let caller = Caller {
                session: SessionId::from_uuid(self.numbers.uuid()),
                label: Label::parse(&format!("s{:016x}", self.numbers.next()))?,
                token: format!(
                    "csi_{:016x}{:016x}",
                    self.numbers.next(),
                    self.numbers.next()
                ),
            };
            events.extend([
                Event::AccessRequested {
                    case,
                    org,
                    by: agent,
                    justification: Justification::parse("To see the invoices that are wrong")?,
                    subject: None,
                },
                Event::Granted {
                    case,
                    org,
                    grant: Grant {
                        id: grant,
                        approved_by: admin.into(),
                        subject: admin,
                        team: TeamScope {
                            at_tick: [agent].into(),
                            pinned: false,
                        },
                        period: Period {
                            number: 1,
                            from: now,
                            expires_at: self.until,
                        },
                    },
                },
                Event::SessionStarted {
                    case,
                    org,
                    session: Session {
                        id: caller.session,
                        agent,
                        subject: admin,
                        grant,
                        period: 1,
                        started_at: now,
                        absolute_until: self.until,
                        idle: Duration::from_hours(12),
                        label: caller.label.clone(),
                        token: hash_secret(&caller.token),
                        entrance: Entrance::Entered {
                            cookie: hash_secret(&caller.token),
                        },
                        tokens: vec![],
                    },
                },
            ]);
            self.callers.push(caller);
            if events.len() >= AT_ONCE {
                append(store, &events, Version(1)).await?;
                events.clear();
            }
        }
        if !events.is_empty() {
            append(store, &events, Version(1)).await?;
        }
        Ok(())
    }
}

fn of<T: Copy>(all: &[T], number: u32) -> Outcome<T> {
    let place = usize::try_from(number)? % all.len().max(1);
    all.get(place)
        .copied()
        .ok_or_else(|| "there is none".into())
}

/// Appends `events`, to streams that have `seen` events each.
async fn append(store: &dyn Store, events: &[Event], seen: Version) -> Outcome<()> {
    let mut read: Vec<(StreamId, Version)> =
        events.iter().map(|event| (event.stream(), seen)).collect();
    read.sort_unstable_by_key(|(stream, _)| *stream);
    read.dedup();
    store
        .append(Append {
            actor: Actor::Operator {
                via: OperatorVia::CommandLine,
            },
            at: store.now().await?,
            read: &read,
            events,
            credentials: &[],
            kept: None,
            passkey: None,
            client: None,
        })
        .await?;
    Ok(())
}
