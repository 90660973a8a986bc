//! A database of a given size, filled through the store's own contract.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
    path::Path,
    sync::Arc,
};

use clap::Args;
use countersign_domain::{
    Actor, AdminId, AgentId, Attested, CaseId, CaseNumber, Duration, Email, EndedWhy, Entrance,
    Event, Grant, GrantId, Justification, Label, OpenedBy, Opener, OperatorVia, OrgId, Origin,
    Period, PersonName, RevokedWhy, Role, SecretHash, Session, SessionId, Slug, StreamId,
    TeamScope, TextError, Timestamp, Title, Upstream,
};
use countersign_store::{Append, Clock, Store, Version};
use countersign_store_sqlite::SqliteStore;
use uuid::Uuid;

use crate::Outcome;

/// How much there is.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Open cases.
    #[arg(long, default_value_t = 100_000)]
    cases: u64,
    /// Of these, how many have a grant that is live.
    #[arg(long, default_value_t = 10_000)]
    grants: u64,
    /// Of these, how many have a session that runs.
    #[arg(long, default_value_t = 1_000)]
    sessions: u64,
    /// Visits that are over: asked, granted, a session started and ended, revoked.
    #[arg(long, default_value_t = 100_000)]
    past: u64,
}

const CASES_PER_ORG: u64 = 100;
const CASES_PER_AGENT: u64 = 500;
const ADMINS_PER_ORG: u64 = 3;
/// Steps that share a transaction.
const AT_ONCE: u64 = 250;
/// The first moment of 2026.
const AT: Timestamp = Timestamp::from_millis(1_767_225_600_000);

struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        AT
    }
}

pub(crate) async fn fill(database: &Path, size: &Size) -> Outcome<()> {
    let store = SqliteStore::open(database, Arc::new(Standing)).await?;
    let mut filling = Filling {
        store,
        agents: size.cases.div_ceil(CASES_PER_AGENT) + 1,
        versions: BTreeMap::new(),
        waiting: Vec::new(),
    };
    let orgs = size.cases.div_ceil(CASES_PER_ORG);
    filling.each("orgs", orgs, Filling::org).await?;
    let agents = filling.agents;
    filling.each("agents", agents, Filling::agent).await?;
    filling.each("cases", size.cases, Filling::open).await?;
    let cases = size.cases;
    let visit = move |filling: &mut Filling, number| filling.visit(number, number % cases);
    filling.each("past visits", size.past, visit).await?;
    let sessions = size.sessions;
    let live = move |filling: &mut Filling, case: u64| {
        // Numbers after those of past visits.
        let number = u64::from(u32::MAX) + case;
        filling.grant(number, case)?;
        if case < sessions {
            filling.session(number, case)?;
        }
        Ok(())
    };
    filling.each("grants", size.grants, live).await?;
    filling.store.close().await;
    Ok(())
}

struct Filling {
    store: SqliteStore,
    agents: u64,
    versions: BTreeMap<StreamId, Version>,
    waiting: Vec<Event>,
}

impl Filling {
    async fn each(
        &mut self,
        what: &str,
        count: u64,
        step: impl Fn(&mut Self, u64) -> Result<(), TextError>,
    ) -> Outcome<()> {
        for number in 0..count {
            step(self, number).map_err(|error| error.to_string())?;
            if number % AT_ONCE == AT_ONCE - 1 {
                self.write().await?;
            }
            if number % 100_000 == 0 {
                eprintln!("{number} of {count} {what}");
            }
        }
        self.write().await
    }

    async fn write(&mut self) -> Outcome<()> {
        let events = mem::take(&mut self.waiting);
        let mut read = BTreeMap::new();
        for event in &events {
            let version = self.versions.entry(event.stream()).or_insert(Version::NONE);
            read.entry(event.stream()).or_insert(*version);
            version.0 += 1;
        }
        let read: Vec<_> = read.into_iter().collect();
        let append = Append {
            actor: Actor::Operator {
                via: OperatorVia::CommandLine,
            },
            at: AT,
            read: &read,
            events: &events,
            credentials: &[],
        };
        self.store.append(append).await?;
        Ok(())
    }

    fn org(&mut self, number: u64) -> Result<(), TextError> {
        let org = org(number);
        self.waiting.push(Event::OrgCreated {
            org,
            slug: Slug::parse(&format!("org-{number}"))?,
            name: PersonName::parse(&format!("Customer {number} Inc"))?,
        });
        let upstream = Upstream::new(Origin::parse("http://127.0.0.1:9000")?);
        self.waiting.push(Event::UpstreamSet { org, upstream });
        for n in 0..ADMINS_PER_ORG {
            self.waiting.push(Event::AdminCreated {
                admin: admin(number, n),
                org,
                email: Email::parse(&format!("dana.{n}@customer{number}.test"))?,
                name: PersonName::parse("Dana Whitfield")?,
                role: Role::SuperAdmin,
            });
        }
        Ok(())
    }

    fn agent(&mut self, number: u64) -> Result<(), TextError> {
        self.waiting.push(Event::AgentCreated {
            agent: AgentId::from_uuid(uuid(number)),
            email: Email::parse(&format!("sam.{number}@vendor.test"))?,
            name: PersonName::parse("Sam Ortega")?,
        });
        Ok(())
    }

    /// The two agents of a case.
    fn team(&self, case: u64) -> [AgentId; 2] {
        [case, case + 1].map(|number| AgentId::from_uuid(uuid(number % self.agents)))
    }

    fn open(&mut self, case: u64) -> Result<(), TextError> {
        let of = case / CASES_PER_ORG;
        let event = Event::CaseOpened {
            case: CaseId::from_uuid(uuid(case)),
            org: org(of),
            number: CaseNumber::parse(&format!("{case:08}"))?,
            title: Title::parse("Invoices of last month show the wrong total")?,
            opened_by: Opener {
                who: OpenedBy::Admin(admin(of, 0)),
                attested: Attested::Tracker,
            },
            team: BTreeSet::from(self.team(case)),
        };
        self.waiting.push(event);
        Ok(())
    }

    fn grant(&mut self, number: u64, case: u64) -> Result<(), TextError> {
        let of = case / CASES_PER_ORG;
        let [agent, _] = self.team(case);
        let (id, org) = (CaseId::from_uuid(uuid(case)), org(of));
        self.waiting.push(Event::AccessRequested {
            case: id,
            org,
            by: agent,
            justification: Justification::parse("To see the totals as the customer sees them")?,
            subject: None,
        });
        let grant = Grant {
            id: GrantId::from_uuid(uuid(number)),
            approved_by: admin(of, 0),
            subject: admin(of, 0),
            team: TeamScope {
                at_tick: BTreeSet::from(self.team(case)),
                pinned: false,
            },
            period: Period {
                number: 1,
                from: AT,
                expires_at: AT.plus(Duration::from_hours(8)),
            },
        };
        let case = id;
        self.waiting.push(Event::Granted { case, org, grant });
        Ok(())
    }

    fn session(&mut self, number: u64, case: u64) -> Result<(), TextError> {
        let of = case / CASES_PER_ORG;
        let [agent, _] = self.team(case);
        let hash = SecretHash::from_bytes([7; 32]);
        let session = Session {
            id: SessionId::from_uuid(uuid(number)),
            agent,
            subject: admin(of, 0),
            grant: GrantId::from_uuid(uuid(number)),
            period: 1,
            started_at: AT,
            absolute_until: AT.plus(Duration::from_hours(8)),
            idle: Duration::from_mins(30),
            label: Label::parse(&format!("s{number}"))?,
            token: hash,
            entrance: Entrance::Linked {
                code: hash,
                until: AT.plus(Session::LINK),
            },
        };
        self.waiting.push(Event::SessionStarted {
            case: CaseId::from_uuid(uuid(case)),
            org: org(of),
            session,
        });
        Ok(())
    }

    fn visit(&mut self, number: u64, case: u64) -> Result<(), TextError> {
        self.grant(number, case)?;
        self.session(number, case)?;
        let (case, org) = (CaseId::from_uuid(uuid(case)), org(case / CASES_PER_ORG));
        self.waiting.push(Event::SessionEnded {
            case,
            org,
            session: SessionId::from_uuid(uuid(number)),
            why: EndedWhy::ByAgent,
        });
        self.waiting.push(Event::Revoked {
            case,
            org,
            grant: GrantId::from_uuid(uuid(number)),
            why: RevokedWhy::Unticked,
        });
        Ok(())
    }
}

/// Rising, as the ids of the product are.
fn uuid(number: u64) -> Uuid {
    let tail = u128::from(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    Uuid::from_u128(u128::from(number) << 64 | tail)
}

fn org(number: u64) -> OrgId {
    OrgId::from_uuid(uuid(number))
}

fn admin(org: u64, number: u64) -> AdminId {
    AdminId::from_uuid(uuid(org * ADMINS_PER_ORG + number))
}
