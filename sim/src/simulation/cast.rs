//! Who there is, and what had happened before a simulation begins: grants about to run out among it.

use countersign_app::{App, OpenCase, OpenerRef, Ports, Settings};
use countersign_domain::{
    Actor, AdminId, AgentId, CaseId, CaseNumber, Duration, Email, Justification, OperatorVia,
    OrgId, OrgSettings, Origin, PersonName, Role, SessionLimits, Slug, Timestamp, Title, Upstream,
};

use super::{chance::Chance, clocks::BEGIN};

pub(super) const OPERATOR: Actor = Actor::Operator {
    via: OperatorVia::CommandLine,
};
/// Sessions that last for seconds, and any number of them.
pub(super) const LIMITS: SessionLimits = SessionLimits {
    idle: Duration::from_mins(30),
    absolute: Duration::from_millis(9_000),
    per_agent: 1_000,
};

/// An org and its people: a super admin, and the admin who opens its cases.
#[derive(Clone, Debug)]
pub(super) struct Customer {
    pub(super) org: OrgId,
    pub(super) slug: Slug,
    pub(super) boss: AdminId,
    pub(super) opener: AdminId,
    pub(super) opener_email: Email,
}

#[derive(Clone, Debug)]
pub(super) struct Support {
    pub(super) id: AgentId,
    pub(super) email: Email,
}

#[derive(Clone, Debug)]
pub(super) struct OnCase {
    pub(super) id: CaseId,
    pub(super) number: CaseNumber,
    pub(super) customer: usize,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Cast {
    pub(super) customers: Vec<Customer>,
    pub(super) agents: Vec<Support>,
    pub(super) cases: Vec<OnCase>,
}

pub(super) fn settings() -> Settings {
    Settings {
        session: LIMITS,
        ..Settings::new("http://console.test", "http://gw.test")
    }
}

pub(super) fn admin(id: AdminId) -> Actor {
    Actor::Admin { id, via: None }
}

/// Ids and secrets out of the seed.
#[derive(Debug)]
pub(super) struct Drawn(pub(super) Chance);

impl Ports for Drawn {
    fn uuid(&self) -> [u8; 16] {
        let bytes = self.0.bytes();
        let mut uuid = [0; 16];
        uuid.copy_from_slice(&bytes[..16]);
        uuid[6] = uuid[6] & 0x0f | 0x70;
        uuid[8] = uuid[8] & 0x3f | 0x80;
        uuid
    }

    fn random(&self) -> [u8; 32] {
        self.0.bytes()
    }
}

pub(super) fn upstream(port: u64) -> Upstream {
    let origin = Origin::parse(&format!("http://127.0.0.1:{}", 1_024 + port % 60_000));
    Upstream::new(origin.expect("an origin"))
}

impl Cast {
    /// Sets everything up by the product's own use cases. `at` sets the clock by which that happens.
    pub(super) async fn set_up(app: &App, chance: &Chance, at: impl Fn(Timestamp)) -> Self {
        const QUARTER: Duration = Duration::from_mins(15);
        let long_ago = BEGIN.plus(Duration::from_millis(-2 * QUARTER.as_millis()));
        at(long_ago);
        let mut cast = Self::default();
        for n in 0..3 {
            let email = Email::parse(&format!("s{n}@vendor.test")).expect("an address");
            let made = app.create_agent(OPERATOR, email.clone(), name("Sam")).await;
            cast.agents.push(Support {
                id: made.expect("an agent").id,
                email,
            });
        }
        for n in 0..1 + usize::from(chance.one_in(2)) {
            let customer = cast.customer(app, n).await;
            cast.customers.push(customer);
        }
        for n in 0..4 {
            let made = cast.open(app, chance, n).await;
            cast.cases.push(made);
        }
        // Grants of a quarter of an hour that run out one after the other, soon.
        let mut ends: Vec<u64> = cast.cases.iter().map(|_| chance.below(14_000)).collect();
        ends.sort_unstable();
        for (case, end) in cast.cases.iter().zip(ends) {
            if chance.one_in(4) {
                continue;
            }
            let ends = BEGIN.plus(Duration::from_millis(i64::try_from(end).unwrap_or(0)));
            at(ends.plus(Duration::from_millis(-QUARTER.as_millis())));
            // The self-assigned one refuses, as it should.
            let who = chance.pick(&cast.agents).expect("an agent");
            let asked = app.request_access(Actor::Agent { id: who.id }, &case.number, why(), None);
            drop(asked.await);
            drop(
                app.grant(admin(cast.customers[case.customer].boss), &case.number)
                    .await,
            );
        }
        cast
    }

    async fn customer(&self, app: &App, n: usize) -> Customer {
        let slug = Slug::parse(&format!("org-{n}")).expect("a slug");
        let org = app
            .create_org(OPERATOR, slug.clone(), name("Acme"))
            .await
            .expect("an org")
            .id;
        let set = app.set_upstream(OPERATOR, &slug, upstream(0)).await;
        set.expect("an upstream");
        let mut people = vec![];
        for (role, who) in [(Role::SuperAdmin, "boss"), (Role::Admin, "opener")] {
            let email = Email::parse(&format!("{who}@org-{n}.test")).expect("an address");
            let made = app
                .create_admin(OPERATOR, &slug, email.clone(), name("Dana"), role)
                .await;
            people.push((made.expect("an admin").admin.id, email));
        }
        let settings = OrgSettings {
            default_duration: Duration::from_mins(15),
            ..OrgSettings::default()
        };
        let changed = app
            .change_settings(admin(people[0].0), &slug, settings)
            .await;
        changed.expect("settings");
        Customer {
            org,
            slug,
            boss: people[0].0,
            opener: people[1].0,
            opener_email: people[1].1.clone(),
        }
    }

    async fn open(&self, app: &App, chance: &Chance, n: usize) -> OnCase {
        let customer = n % self.customers.len();
        let self_assigned = n == 3;
        let opened_by = if self_assigned {
            OpenerRef::Agent(self.agents[0].email.clone())
        } else {
            OpenerRef::Admin(self.customers[customer].opener_email.clone())
        };
        let number = CaseNumber::parse(&format!("N-{n}")).expect("a number");
        let mut team: Vec<Email> = self
            .agents
            .iter()
            .map(|agent| agent.email.clone())
            .collect();
        if chance.one_in(2) {
            team.pop();
        }
        let new = OpenCase {
            org: self.customers[customer].slug.clone(),
            number: Some(number.clone()),
            title: Title::parse("Invoices do not load").expect("a title"),
            opened_by: Some(opened_by),
            team,
        };
        let opened = app.open_case(OPERATOR, new).await.expect("a case");
        let case = opened.case().expect("the case");
        OnCase {
            id: case.id,
            number,
            customer,
        }
    }

    pub(super) fn customer_of(&self, case: &OnCase) -> &Customer {
        &self.customers[case.customer]
    }
}

pub(super) fn why() -> Justification {
    Justification::parse("To see the missing invoices").expect("a justification")
}

fn name(text: &str) -> PersonName {
    PersonName::parse(text).expect("a name")
}
