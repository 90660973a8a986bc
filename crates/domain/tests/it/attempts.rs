//! What an org is told of what was tried in vain, and how much of it.

use std::collections::BTreeSet;

use countersign_domain::{
    Actor, AdminId, AgentId, Attempt, Command, CredentialId, CredentialOwner, Duration,
    MOST_OF_AN_ORG, MOST_OF_ONE, OpenedBy, OperatorVia, OrgId, PasskeyName, Refusal, Role,
    SAME_AGAIN, Scope, Scopes, Tally, Trier, Vain, WINDOW,
};
use uuid::Uuid;

use crate::world::{
    ACME, C1, C2, DANA, GIL, GLOBEX, IMPERSONATION, MS, NO_CASE, OPAL, OPERATOR, PAUL, SAM, T0,
    World, ZED, admin, agent, ask, create_admin, create_agent, credential_id, extend, grant, mint,
    new_case, secret, session_id, start,
};

const TOKEN: CredentialId = credential_id(5);
const OPERATOR_WITH_TOKEN: Actor = Actor::Operator {
    via: OperatorVia::Token { id: TOKEN },
};

#[track_caller]
fn told(w: &World, actor: Actor, command: &Command) -> (Refusal, Option<Attempt>) {
    let refusal = w.would(actor, command.clone()).expect_err("it is refused");
    let attempt = Attempt::of(&w.state, command, &actor, &refusal);
    (refusal, attempt)
}

#[test]
fn the_org_is_told_of_what_its_rules_refused_and_by_whom() {
    let mut w = World::with_case();
    w.tracked(C2, OpenedBy::Agent(SAM), &[SAM]);
    let about = |case, by, outsider| {
        Some(Attempt {
            org: ACME,
            case,
            by,
            outsider,
        })
    };
    let (zed, sam) = (Trier::Agent(ZED), Trier::Agent(SAM));
    let paul = Trier::Admin(PAUL);
    let leave = Command::LeaveTeam {
        case: C1,
        agent: SAM,
    };
    let promote = Command::SetRole {
        admin: PAUL,
        role: Role::SuperAdmin,
    };
    let rows = [
        // A rogue agent who looks for cases they have nothing to do with is told nothing, and is seen.
        (
            agent(ZED),
            ask(C1),
            Refusal::CaseNotFound,
            about(Some(C1), zed, false),
        ),
        (
            agent(ZED),
            start(C1, 1),
            Refusal::CaseNotFound,
            about(Some(C1), zed, false),
        ),
        (
            agent(SAM),
            grant(C1, 1),
            Refusal::OnlyApprovers,
            about(Some(C1), sam, false),
        ),
        (
            agent(SAM),
            start(C1, 1),
            Refusal::AccessNotLive,
            about(Some(C1), sam, false),
        ),
        (
            agent(SAM),
            start(C2, 1),
            Refusal::SelfAssignmentNotApproved,
            about(Some(C2), sam, false),
        ),
        (
            admin(DANA),
            grant(C1, 1),
            Refusal::NothingRequested,
            about(Some(C1), Trier::Admin(DANA), false),
        ),
        (
            admin(PAUL),
            extend(C1),
            Refusal::CaseNotFound,
            about(Some(C1), paul, false),
        ),
        (
            admin(PAUL),
            Command::Block { org: ACME },
            Refusal::OnlySuperAdmins,
            about(None, paul, false),
        ),
        (
            admin(PAUL),
            promote,
            Refusal::OnlySuperAdmins,
            about(None, paul, false),
        ),
        (
            admin(OPAL),
            leave,
            Refusal::TeamIsForOperators,
            about(Some(C1), Trier::Admin(OPAL), false),
        ),
        (
            agent(SAM),
            create_admin(ACME),
            Refusal::OnlyOperators,
            about(None, sam, false),
        ),
        (
            OPERATOR_WITH_TOKEN,
            grant(C1, 1),
            Refusal::OnlyApprovers,
            about(Some(C1), Trier::Operator(TOKEN), false),
        ),
        (
            IMPERSONATION,
            grant(C1, 1),
            Refusal::ImpersonationCannotAct,
            about(Some(C1), sam, false),
        ),
        // Somebody of another org, to whom none of this exists.
        (
            admin(GIL),
            grant(C1, 1),
            Refusal::CaseNotFound,
            about(Some(C1), Trier::Admin(GIL), true),
        ),
        (
            admin(GIL),
            Command::Block { org: ACME },
            Refusal::OrgNotFound,
            about(None, Trier::Admin(GIL), true),
        ),
    ];
    for (actor, command, refusal, attempt) in rows {
        let asked = format!("{actor:?} {command:?}");
        assert_eq!(told(&w, actor, &command), (refusal, attempt), "{asked}");
    }
}

#[test]
fn a_service_client_is_told_of_as_what_it_is() {
    let w = World::asked();
    let client = countersign_domain::ClientId::from_uuid(Uuid::from_u128(80));
    let of = |org| Actor::Client {
        id: client,
        org,
        scopes: [Scope::OrgsRead].into_iter().collect::<Scopes>(),
    };
    for (org, outsider) in [(ACME, false), (GLOBEX, true)] {
        let (_, attempt) = told(&w, of(org), &grant(C1, 1));
        let attempt = attempt.expect("it is told of");
        assert_eq!(
            (attempt.by, attempt.outsider),
            (Trier::Client(client), outsider)
        );
    }
}

/// What was written wrong, what is taken or full, what is about no org or no case that there is, and what comes from the
/// command line or from somebody who has not shown who they are.
#[test]
fn the_org_is_not_told_of_what_no_rule_of_access_refused() {
    let w = World::granted();
    let passkey = Command::RegisterPasskey {
        credential: credential_id(6),
        name: PasskeyName::parse("Laptop").unwrap(),
        signed_in_at: T0,
    };
    let enter = Command::EnterSession {
        case: C1,
        session: session_id(1),
        handover: secret(1),
        browser: secret(2),
        cookie: secret(3),
    };
    let too_late = Command::Extend {
        case: C1,
        to: Some(T0.plus(Duration::from_hours(99))),
    };
    let own = CredentialOwner::Agent(ZED);
    for (actor, command) in [
        (admin(DANA), too_late),
        (agent(SAM), grant(NO_CASE, 1)),
        (agent(SAM), create_agent()),
        (agent(SAM), mint(own)),
        (agent(SAM), enter),
        (agent(SAM), passkey),
        (agent(SAM), Command::SignIn),
        (OPERATOR, grant(C1, 1)),
    ] {
        let asked = format!("{actor:?} {command:?}");
        assert_eq!(told(&w, actor, &command).1, None, "{asked}");
    }
    let open = Command::OpenCase(new_case(C2, OpenedBy::Agent(ZED), &[ZED]));
    for (refusal, is_told) in [
        (Refusal::NumberTaken, false),
        (Refusal::ChangedSinceShown, false),
        (Refusal::SubjectUnknown, false),
        (Refusal::SupportBlocked, true),
    ] {
        let attempt = Attempt::of(&w.state, &open, &agent(ZED), &refusal);
        assert_eq!(attempt.is_some(), is_told, "{refusal:?}");
    }
}

fn vain(code: &'static str) -> Vain {
    Vain {
        case: Some(C1),
        what: "access.granted",
        code,
    }
}

fn org_id(n: u128) -> OrgId {
    OrgId::from_uuid(Uuid::from_u128(n))
}

fn agent_id(n: u128) -> Trier {
    Trier::Agent(AgentId::from_uuid(Uuid::from_u128(n)))
}

#[test]
fn the_same_is_said_once_in_a_while_with_how_often_it_was_left_out() {
    let mut tally = Tally::default();
    let zed = Trier::Agent(ZED);
    let mut note = |vain, at| tally.note(ACME, zed, vain, at);
    let first = vain("only_approvers");
    assert_eq!(note(first, T0), Some(0));
    for n in 1..5 {
        assert_eq!(note(first, T0.plus(Duration::from_millis(n))), None);
    }
    // Another one is said, and says of what was left out.
    assert_eq!(
        note(vain("case_closed"), T0.plus(Duration::from_millis(5))),
        Some(4)
    );
    let almost = T0.plus(SAME_AGAIN).plus(Duration::from_millis(-1));
    assert_eq!(note(first, almost), None);
    assert_eq!(note(first, T0.plus(SAME_AGAIN)), Some(1));
    assert_eq!(note(first, T0.plus(SAME_AGAIN).plus(MS)), None);
}

/// Whoever tries something else each time says no more than whoever tries the same.
#[test]
fn one_who_tries_does_not_fill_a_log_however_they_try() {
    const CODES: [&str; 3] = ["a", "b", "c"];
    let mut tally = Tally::default();
    let zed = Trier::Agent(ZED);
    let each = Duration::from_millis(WINDOW.as_millis() / 5_000);
    let (mut now, mut said, mut left_out) = (T0, 0, 0);
    for n in 0..10_000_u128 {
        let vain = Vain {
            case: Some(countersign_domain::CaseId::from_uuid(Uuid::from_u128(n))),
            ..vain(CODES[n as usize % CODES.len()])
        };
        if let Some(before) = tally.note(ACME, zed, vain, now) {
            said += 1;
            left_out += before;
        }
        now = now.plus(each);
    }
    assert_eq!(said, 2 * MOST_OF_ONE);
    assert_eq!(
        left_out,
        5_000 - MOST_OF_ONE as u64,
        "those of the first hour"
    );
    // What others try is said as before.
    assert_eq!(tally.note(ACME, agent_id(7), vain("a"), now), Some(0));
    assert_eq!(tally.note(GLOBEX, zed, vain("a"), now), Some(0));
    // After an hour of silence it is told how often it was.
    assert_eq!(
        tally.note(ACME, zed, vain("a"), now.plus(WINDOW)),
        Some(5_000 - MOST_OF_ONE as u64)
    );
}

#[test]
fn however_many_try_an_orgs_log_takes_so_much_and_others_are_not_affected() {
    let mut tally = Tally::default();
    let said = |tally: &mut Tally, at| {
        let tries = (0..1_000).filter(|n| tally.note(ACME, agent_id(*n), vain("a"), at).is_some());
        tries.count()
    };
    assert_eq!(said(&mut tally, T0), MOST_OF_AN_ORG);
    assert_eq!(said(&mut tally, T0.plus(SAME_AGAIN)), 0);
    assert_eq!(tally.note(GLOBEX, agent_id(0), vain("a"), T0), Some(0));
    assert_eq!(said(&mut tally, T0.plus(WINDOW)), MOST_OF_AN_ORG);
}

#[test]
fn what_could_not_be_written_counts_as_left_out() {
    let mut tally = Tally::default();
    let dana = Trier::As(DANA);
    assert_eq!(tally.note(ACME, dana, vain("link_used"), T0), Some(0));
    tally.unsaid(ACME, dana, 0);
    assert_eq!(tally.note(ACME, dana, vain("link_expired"), T0), Some(1));
    tally.unsaid(ACME, dana, 1);
    assert_eq!(tally.note(ACME, dana, vain("link_wrong"), T0), Some(2));
}

/// A process does not grow with whoever tries, and forgets first who has tried longest ago.
#[test]
fn memory_is_bounded() {
    let mut tally = Tally::default();
    let mut orgs = BTreeSet::new();
    for n in 0..30_000_u128 {
        let org = org_id(1_000 + n % 1_500);
        orgs.insert(org);
        let at = T0.plus(Duration::from_millis(i64::try_from(n).unwrap()));
        let admin = Trier::Admin(AdminId::from_uuid(Uuid::from_u128(n)));
        _ = tally.note(org, admin, vain("a"), at);
        assert!(tally.remembered() <= 10_000);
    }
    assert!(tally.remembered() > 8_900, "{}", tally.remembered());
    let late = T0.plus(WINDOW).plus(WINDOW);
    assert_eq!(tally.note(ACME, agent_id(1), vain("a"), late), Some(0));
    // Whoever was left out is remembered until it has been said, whoever was not is forgotten with the hour.
    assert!(tally.remembered() < 10_000, "{}", tally.remembered());
}
