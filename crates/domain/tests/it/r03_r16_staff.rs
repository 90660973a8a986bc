//! R3 and R16: the vendor's staff, whom its own OpenID providers sign in.

use std::collections::BTreeSet;

use countersign_domain::{
    Actor, AgentId, Command, Duration, Email, EndedWhy, Event, IssuerUrl, OperatorPerson,
    OperatorVia, PersonName, Refusal, SecretHash, StaffRoles, StaffRules, shown_lately,
};
use uuid::Uuid;

use crate::world::{
    ACME, C1, DANA, IMPERSONATION, MS, OPERATOR, SAM, T0, TESS, World, admin, agent, credential_id,
    secret, session_id, start,
};

const CONFIGURATION: Actor = Actor::Operator {
    via: OperatorVia::Configuration,
};
const NEW: AgentId = AgentId::from_uuid(Uuid::from_u128(77));

fn email(text: &str) -> Option<Email> {
    Some(Email::parse(text).unwrap())
}

fn sign_in(
    agent: AgentId,
    subject: SecretHash,
    email: Option<Email>,
    name: Option<&str>,
) -> Command {
    Command::SignInAgent {
        agent,
        subject,
        email,
        name: name.map(|name| PersonName::parse(name).unwrap()),
    }
}

fn known_by(agent: AgentId, subject: Option<SecretHash>) -> Event {
    Event::AgentKnownBy { agent, subject }
}

fn address(w: &World, id: AgentId) -> Option<Email> {
    w.state.agent(id).map(|agent| agent.email.clone())
}

#[test]
fn r03_an_agent_is_bound_once_and_known_by_the_number_from_then_on() {
    let mut w = World::new();
    let (one, two) = (secret(61), secret(62));
    let (sams, tess) = (address(&w, SAM), address(&w, TESS));
    assert_eq!(
        w.ok(CONFIGURATION, sign_in(SAM, one, sams.clone(), None)),
        [known_by(SAM, Some(one))]
    );
    w.refuses([
        // Another number with the same address, and the same number for another agent.
        (
            CONFIGURATION,
            sign_in(SAM, two, sams.clone(), None),
            Refusal::OpenIdOtherwise,
        ),
        (
            CONFIGURATION,
            sign_in(TESS, one, tess, None),
            Refusal::CallerInactive,
        ),
        // Nobody makes an agent of an address that another has.
        (
            CONFIGURATION,
            sign_in(NEW, two, sams.clone(), Some("Sam")),
            Refusal::NotStaff,
        ),
        (
            CONFIGURATION,
            sign_in(NEW, two, email("new@vendor.test"), None),
            Refusal::NotStaff,
        ),
        (
            CONFIGURATION,
            sign_in(NEW, two, None, Some("New")),
            Refusal::NotStaff,
        ),
    ]);
    w.changes_nothing([
        (CONFIGURATION, sign_in(SAM, one, None, None)),
        (
            CONFIGURATION,
            sign_in(SAM, one, email("other@vendor.test"), Some("Other")),
        ),
    ]);
    w.agent_active(SAM, false);
    w.refuses([(
        CONFIGURATION,
        sign_in(SAM, one, None, None),
        Refusal::CallerInactive,
    )]);
    w.agent_active(SAM, true);
    assert_eq!(
        w.ok(OPERATOR, Command::UnbindAgent { agent: SAM }),
        [known_by(SAM, None)]
    );
    w.changes_nothing([(OPERATOR, Command::UnbindAgent { agent: SAM })]);
    w.ok(CONFIGURATION, sign_in(SAM, two, sams, None));
    let made = w.ok(
        CONFIGURATION,
        sign_in(NEW, secret(63), email("new@vendor.test"), Some("New")),
    );
    assert!(
        matches!(made[0], Event::AgentCreated { agent: NEW, .. }),
        "{made:?}"
    );
    assert_eq!(made[1], known_by(NEW, Some(secret(63))));
    // Whoever was removed comes back as somebody else, under the same number.
    w.state.evolve(
        T0,
        &Event::AgentActiveSet {
            agent: NEW,
            active: false,
        },
    );
    w.state.evolve(T0, &Event::AgentRemoved { agent: NEW });
    let back = AgentId::from_uuid(Uuid::from_u128(78));
    let made = w.ok(
        CONFIGURATION,
        sign_in(back, secret(63), email("new@vendor.test"), Some("New")),
    );
    assert_eq!(made.len(), 2);
}

#[test]
fn r03_only_the_configuration_brings_staff_in() {
    let mut w = World::granted();
    let command = || sign_in(NEW, secret(61), email("new@vendor.test"), Some("New"));
    for actor in [OPERATOR, agent(SAM), admin(DANA)] {
        w.refuses([(actor, command(), Refusal::OnlyOperators)]);
    }
    w.refuses([
        (IMPERSONATION, command(), Refusal::ImpersonationCannotAct),
        (
            agent(SAM),
            Command::UnbindAgent { agent: SAM },
            Refusal::OnlyOperators,
        ),
    ]);
    // An operator is the person of their own credential, and of no other.
    let sign_in = |id| Command::SignInOperator {
        person: OperatorPerson {
            credential: credential_id(id),
            issuer: IssuerUrl::parse("https://login.vendor.test").unwrap(),
            email: email("pat@vendor.test").unwrap(),
            name: None,
            subject: secret(64),
        },
        expires_at: T0,
    };
    let pat = |id| Actor::Operator {
        via: OperatorVia::Person {
            id: credential_id(id),
        },
    };
    for actor in [pat(2), OPERATOR, CONFIGURATION, agent(SAM), admin(DANA)] {
        w.refuses([(actor, sign_in(1), Refusal::OnlyOperators)]);
    }
    assert_eq!(w.ok(pat(1), sign_in(1)).len(), 2);
    let known = w.state.operator(credential_id(1)).unwrap();
    assert_eq!(known.email.as_str(), "pat@vendor.test");
    // And an operator still approves nothing.
    w.refuses([(pat(1), crate::world::extend(C1), Refusal::OnlyApprovers)]);
}

#[test]
fn r16_who_signs_out_everywhere_ends_all_of_their_own_and_nobody_elses() {
    let mut w = World::granted();
    w.join(C1, TESS);
    w.ok(agent(SAM), start(C1, 1));
    w.ok(agent(SAM), start(C1, 2));
    w.ok(agent(TESS), start(C1, 3));
    w.refuses([
        (
            OPERATOR,
            Command::EndOwnSessions,
            Refusal::OnlySessionParties,
        ),
        (
            admin(DANA),
            Command::EndOwnSessions,
            Refusal::OnlySessionParties,
        ),
        (
            IMPERSONATION,
            Command::EndOwnSessions,
            Refusal::ImpersonationCannotAct,
        ),
    ]);
    let ended = w.ok(agent(SAM), Command::EndOwnSessions);
    let of = |n| Event::SessionEnded {
        case: C1,
        org: ACME,
        session: session_id(n),
        why: EndedWhy::AgentSignedOut,
    };
    assert_eq!(ended, [of(1), of(2)]);
    assert!(ended.iter().all(Event::takes_away) && Command::EndOwnSessions.takes_away());
    assert!(w.runs(C1, 3) && !w.runs(C1, 1));
    w.changes_nothing([(agent(SAM), Command::EndOwnSessions)]);
}

#[test]
fn r16_lately_ends_at_exactly_its_end() {
    let within = Duration::from_mins(15);
    let needed = Err(Refusal::FreshSignInNeeded { within });
    let end = T0.plus(within);
    let before = end.plus(Duration::from_millis(-1));
    assert_eq!(shown_lately(Some(within), Some(T0), before), Ok(()));
    assert_eq!(shown_lately(Some(within), Some(T0), end), needed);
    assert_eq!(shown_lately(Some(within), Some(T0), end.plus(MS)), needed);
    assert_eq!(shown_lately(Some(within), None, T0), needed);
    assert_eq!(shown_lately(None, None, end), Ok(()));
}

#[test]
fn r03_values_of_a_claim_make_roles_and_only_whole_values_do() {
    let set = |values: &[&str]| {
        values
            .iter()
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
    };
    let rules = StaffRules {
        agents: set(&["support", "tier2"]),
        operators: set(&["platform"]),
        acr: vec!["mfa".to_owned()],
        amr: set(&["otp", "hwk"]),
    };
    for (values, is_agent, is_operator) in [
        (&["support"][..], true, false),
        (&["tier2", "platform"], true, true),
        (&["platform"], false, true),
        (&["Support", "support2", "", "admin"], false, false),
        (&[], false, false),
    ] {
        let roles = StaffRoles {
            agent: is_agent,
            operator: is_operator,
        };
        assert_eq!(rules.roles(values.iter().copied()), roles, "{values:?}");
    }
    let amr = |values: &[&str]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(rules.is_enough(Some("mfa"), &amr(&["hwk", "otp", "pwd"])));
    assert!(!rules.is_enough(Some("mfa"), &amr(&["otp"])));
    assert!(!rules.is_enough(Some("pwd"), &amr(&["hwk", "otp"])));
    assert!(!rules.is_enough(None, &amr(&["hwk", "otp"])));
    assert!(StaffRules::default().is_enough(None, &[]));
}
