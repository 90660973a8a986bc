//! Two orgs with people, and cases in every state.

use countersign_app::{App, Failure, OpenCase, OpenerRef, OwnerRef};
use countersign_domain::{
    Actor, AdminId, AgentId, CaseNumber, Duration, Email, HeaderName, Justification, Origin,
    PersonName, Role, Slug, TextError, Title, Upstream,
};

use crate::{cli::Failed, ports::WallClock, wiring::OPERATOR};

/// The header in which the sample product takes the signed-in user.
pub(crate) const USER_HEADER: &str = "x-remote-user";
/// The header in which the sample product takes the org.
pub(crate) const ORG_HEADER: &str = "x-remote-org";

/// Someone to sign in as.
#[derive(Debug)]
pub(crate) struct DemoPerson {
    pub(crate) email: &'static str,
    pub(crate) name: &'static str,
    pub(crate) role: &'static str,
    pub(crate) org: Option<&'static str>,
    pub(crate) link: String,
    pub(crate) token: String,
}

/// A case and the state it begins in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DemoCase {
    pub(crate) number: &'static str,
    pub(crate) org: &'static str,
    pub(crate) state: &'static str,
    title: &'static str,
    opened_by: &'static str,
    team: &'static [&'static str],
}

const fn case(
    number: &'static str,
    org: &'static str,
    state: &'static str,
    title: &'static str,
    opened_by: &'static str,
    team: &'static [&'static str],
) -> DemoCase {
    DemoCase {
        number,
        org,
        state,
        title,
        opened_by,
        team,
    }
}

const DANA: &str = "dana@acme.test";
const BEN: &str = "ben@acme.test";
const ALICE: &str = "alice@acme.test";
const GRACE: &str = "grace@globex.test";
const GIL: &str = "gil@globex.test";
const SAM: &str = "sam@vendor.test";
const ROBIN: &str = "robin@vendor.test";
const KIM: &str = "kim@vendor.test";

/// How long links and tokens of the demo are good for.
const GOOD_FOR: Duration = Duration::from_hours(24);

const ADMINS: [(&str, &str, &str, Role); 5] = [
    (DANA, "Dana Okafor", "acme", Role::SuperAdmin),
    (ALICE, "Alice Brandt", "acme", Role::SuperAdmin),
    (BEN, "Ben Sato", "acme", Role::Admin),
    (GRACE, "Grace Lindqvist", "globex", Role::SuperAdmin),
    (GIL, "Gil Moreno", "globex", Role::Admin),
];

const AGENTS: [(&str, &str); 3] = [
    (SAM, "Sam Rivera"),
    (ROBIN, "Robin Clarke"),
    (KIM, "Kim Novak"),
];

/// The cases. The state names what a reader of the settings page sees.
pub(crate) const CASES: &[DemoCase] = &[
    case(
        "00012345",
        "acme",
        "requested",
        "Invoice totals differ from the dashboard",
        DANA,
        &[SAM, ROBIN],
    ),
    case(
        "00012346",
        "acme",
        "live",
        "CSV export stops after 500 rows",
        DANA,
        &[SAM],
    ),
    case(
        "00012347",
        "acme",
        "more_time_wanted",
        "Customer list loads slowly",
        BEN,
        &[ROBIN],
    ),
    case(
        "00012348",
        "acme",
        "expired",
        "Reminder mails go out twice",
        DANA,
        &[SAM, KIM],
    ),
    case(
        "00012349",
        "acme",
        "revoked",
        "Wrong VAT rate on credit notes",
        ALICE,
        &[ROBIN],
    ),
    case(
        "00012350",
        "acme",
        "joined_since",
        "Search finds archived customers",
        DANA,
        &[SAM],
    ),
    case(
        "00012351",
        "acme",
        "not_requested",
        "How do I rename a user?",
        BEN,
        &[SAM],
    ),
    case(
        "00012352",
        "acme",
        "self_assigned_requested",
        "Follow-up: slow nightly import",
        KIM,
        &[KIM],
    ),
    case(
        "00012353",
        "acme",
        "self_assigned_approved",
        "Follow-up: duplicate invoices",
        SAM,
        &[SAM],
    ),
    case(
        "00012354",
        "acme",
        "no_agent",
        "Login page shows the old logo",
        DANA,
        &[],
    ),
    case(
        "00012355",
        "acme",
        "closed",
        "Payment terms were not saved",
        DANA,
        &[ROBIN],
    ),
    case(
        "00020001",
        "globex",
        "requested",
        "Quarterly report is empty",
        GRACE,
        &[ROBIN],
    ),
    case(
        "00020002",
        "globex",
        "live",
        "Discounts are rounded down",
        GIL,
        &[KIM],
    ),
    case(
        "00020003",
        "globex",
        "not_requested",
        "Two-factor codes arrive late",
        GIL,
        &[SAM],
    ),
];

/// Why support asked, in words of the case; whoever asks twice says something new.
fn justification(case: &str, again: bool) -> &'static str {
    match (case, again) {
        ("00012345", _) => {
            "The dashboard adds up paid invoices only, I think. I want to compare it with the invoice \
             list as you see it."
        }
        ("00012346", _) => "I need the filters you export with: they are not in the file you sent.",
        ("00012347", false) => "To time the customer list with your data; ours loads in a second.",
        ("00012347", true) => {
            "I found the slow query. I would like to look once more after the fix goes out tonight."
        }
        ("00012348", _) => "To read the reminder settings of the two customers you named.",
        ("00012349", _) => "To see which VAT rate is stored on the credit notes you sent us.",
        ("00012350", _) => "To repeat the search with your customers, archived ones included.",
        ("00012352", _) => "The import log shows errors I can only place next to your settings.",
        ("00012353", _) => "To find out whether both copies of the invoice have the same number.",
        ("00020001", _) => {
            "To open the quarterly report with your date range and see what is missing."
        }
        _ => "To look at the pages the report is about, with your data.",
    }
}

/// Makes everything, some of it in the past, and answers how to sign in.
pub(crate) async fn seed(
    app: &App,
    wall: &WallClock,
    upstream: &str,
) -> Result<Vec<DemoPerson>, Failed> {
    let cast = people(app, upstream).await?;
    for case in CASES {
        open(app, case).await?;
    }
    history(app, wall, &cast).await?;
    wall.set_back(Duration::from_millis(0));
    let mut people = Vec::new();
    for (email, name, org, role) in ADMINS {
        let owner = OwnerRef::Admin {
            org: parse(Slug::parse, org)?,
            email: parse(Email::parse, email)?,
        };
        let role = match role {
            Role::SuperAdmin => "super_admin",
            Role::Admin => "admin",
        };
        people.push(person(app, &owner, (email, name, role, Some(org))).await?);
    }
    for (email, name) in AGENTS {
        let owner = OwnerRef::Agent {
            email: parse(Email::parse, email)?,
        };
        people.push(person(app, &owner, (email, name, "agent", None)).await?);
    }
    Ok(people)
}

struct Cast {
    admins: Vec<(&'static str, AdminId)>,
    agents: Vec<(&'static str, AgentId)>,
}

impl Cast {
    fn admin(&self, email: &str) -> Result<Actor, Failed> {
        let found = self.admins.iter().find(|(known, _)| *known == email);
        found
            .map(|(_, id)| Actor::Admin { id: *id, via: None })
            .ok_or_else(|| Failed::Other(format!("the demo has no admin {email}")))
    }

    fn agent(&self, email: &str) -> Result<Actor, Failed> {
        let found = self.agents.iter().find(|(known, _)| *known == email);
        found
            .map(|(_, id)| Actor::Agent { id: *id })
            .ok_or_else(|| Failed::Other(format!("the demo has no agent {email}")))
    }
}

async fn people(app: &App, upstream: &str) -> Result<Cast, Failed> {
    for (slug, name) in [("acme", "Acme Inc"), ("globex", "Globex GmbH")] {
        let slug = parse(Slug::parse, slug)?;
        app.create_org(OPERATOR, slug.clone(), parse(PersonName::parse, name)?)
            .await?;
        let upstream = Upstream {
            user_header: Some(parse(HeaderName::parse, USER_HEADER)?),
            org_header: Some(parse(HeaderName::parse, ORG_HEADER)?),
            ..Upstream::new(parse(Origin::parse, upstream)?)
        };
        app.set_upstream(OPERATOR, &slug, upstream).await?;
    }
    let mut cast = Cast {
        admins: vec![],
        agents: vec![],
    };
    for (email, name, org, role) in ADMINS {
        let made = app
            .create_admin(
                OPERATOR,
                &parse(Slug::parse, org)?,
                parse(Email::parse, email)?,
                parse(PersonName::parse, name)?,
                role,
            )
            .await?;
        cast.admins.push((email, made.admin.id));
    }
    for (email, name) in AGENTS {
        let agent = app
            .create_agent(
                OPERATOR,
                parse(Email::parse, email)?,
                parse(PersonName::parse, name)?,
            )
            .await?;
        cast.agents.push((email, agent.id));
    }
    Ok(cast)
}

async fn open(app: &App, case: &DemoCase) -> Result<(), Failed> {
    let opener = parse(Email::parse, case.opened_by)?;
    let by_agent = AGENTS.iter().any(|(email, _)| *email == case.opened_by);
    let team = case
        .team
        .iter()
        .map(|email| parse(Email::parse, email))
        .collect::<Result<_, _>>()?;
    app.open_case(
        OPERATOR,
        OpenCase {
            org: parse(Slug::parse, case.org)?,
            number: Some(parse(CaseNumber::parse, case.number)?),
            title: parse(Title::parse, case.title)?,
            opened_by: Some(if by_agent {
                OpenerRef::Agent(opener)
            } else {
                OpenerRef::Admin(opener)
            }),
            team,
        },
    )
    .await?;
    Ok(())
}

/// What happened to the cases, oldest first.
async fn history(app: &App, wall: &WallClock, cast: &Cast) -> Result<(), Failed> {
    let number = |text| parse(CaseNumber::parse, text);
    let ask = |agent: &'static str, case: &'static str| async move {
        let again = app
            .case(OPERATOR, &number(case)?)
            .await?
            .case()
            .is_some_and(|case| case.access.request().is_some());
        let why = parse(Justification::parse, justification(case, again))?;
        app.request_access(cast.agent(agent)?, &number(case)?, why, None)
            .await?;
        Ok::<_, Failed>(())
    };
    let grant = |admin: &'static str, case: &'static str| async move {
        app.grant(cast.admin(admin)?, &number(case)?).await?;
        Ok::<_, Failed>(())
    };

    ask(SAM, "00012348").await?;
    grant(DANA, "00012348").await?;
    ask(ROBIN, "00012349").await?;
    grant(ALICE, "00012349").await?;
    app.close_case(OPERATOR, &number("00012355")?).await?;

    wall.set_back(Duration::from_mins(7 * 60 + 35));
    ask(ROBIN, "00012347").await?;
    grant(BEN, "00012347").await?;

    wall.set_back(Duration::from_hours(3));
    ask(SAM, "00012346").await?;
    grant(DANA, "00012346").await?;
    ask(SAM, "00012350").await?;
    grant(DANA, "00012350").await?;
    ask(KIM, "00020002").await?;
    grant(GIL, "00020002").await?;
    let case = number("00012349")?;
    app.revoke(cast.admin(ALICE)?, &case).await?;

    wall.set_back(Duration::from_mins(40));
    app.join_team(OPERATOR, &number("00012350")?, &parse(Email::parse, KIM)?)
        .await?;
    ask(ROBIN, "00012347").await?;
    app.approve_self_assignment(cast.admin(DANA)?, &number("00012353")?)
        .await?;
    ask(SAM, "00012353").await?;
    ask(KIM, "00012352").await?;

    wall.set_back(Duration::from_mins(6));
    ask(SAM, "00012345").await?;
    ask(ROBIN, "00020001").await?;
    Ok(())
}

/// A token that signs the operator in, on the console and for the API.
pub(crate) async fn operator(app: &App) -> Result<String, Failed> {
    let token = app.mint_token(OPERATOR, &OwnerRef::Operator, Some(GOOD_FOR));
    Ok(token.await?.secret.expose().to_owned())
}

async fn person(
    app: &App,
    owner: &OwnerRef,
    (email, name, role, org): (
        &'static str,
        &'static str,
        &'static str,
        Option<&'static str>,
    ),
) -> Result<DemoPerson, Failed> {
    let (_, link) = app.mint_login_link(OPERATOR, owner, Some(GOOD_FOR)).await?;
    let token = app.mint_token(OPERATOR, owner, Some(GOOD_FOR)).await?;
    Ok(DemoPerson {
        email,
        name,
        role,
        org,
        link,
        token: token.secret.expose().to_owned(),
    })
}

fn parse<T>(parse: fn(&str) -> Result<T, TextError>, text: &str) -> Result<T, Failure> {
    parse(text).map_err(|error| Failure::Unavailable(format!("{text}: {error}")))
}
