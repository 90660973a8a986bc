//! A yes covers what was let through when it was given: rules that let through more end every grant
//! (R9, R13, R17).

use countersign_domain::{
    Access, Command, EndedWhy, Event, ImpersonationStatus, Methods, Mode, OpenedBy, Org, Refusal,
    RevokedWhy, RouteEffect, RoutePattern, RouteRule, Routes, State, Timestamp, Upstream, decide,
    widens,
};

use crate::world::{
    ACME, C1, C2, DANA, GLOBEX, HOURS_8, MS, OPERATOR, SAM, TESS, World, admin, agent, ask, extend,
    grant, grant_id, session_id, start, upstream,
};

/// `read POST /search`.
fn rule(text: &str) -> RouteRule {
    let [effect, methods, path] = text.splitn(3, ' ').collect::<Vec<_>>()[..] else {
        panic!("{text}")
    };
    let effect = match effect {
        "read" => RouteEffect::Read,
        _ => RouteEffect::Write,
    };
    let methods = Methods::parse(methods.split(',')).unwrap();
    RouteRule::new(methods, RoutePattern::parse(path).unwrap(), effect).unwrap()
}

fn set(mode: Mode, rules: &[&str]) -> Upstream {
    Upstream {
        mode,
        routes: Routes::new(rules.iter().map(|text| rule(text)).collect()).unwrap(),
        ..upstream("http://127.0.0.1:9000")
    }
}

fn command(upstream: Upstream) -> Command {
    Command::SetUpstream {
        org: ACME,
        upstream,
    }
}

#[test]
fn r17_what_lets_through_more_widens_and_what_provably_does_not_does_not() {
    use Mode::{ByMethod, Declared};
    type Set<'a> = (Mode, &'a [&'a str]);
    let rows: [(&str, Set<'_>, Set<'_>, bool); 21] = [
        (
            "a declared read more",
            (ByMethod, &[]),
            (ByMethod, &["read POST /a"]),
            true,
        ),
        (
            "one less",
            (ByMethod, &["read POST /a"]),
            (ByMethod, &[]),
            false,
        ),
        (
            "another mode, looser",
            (Declared, &[]),
            (ByMethod, &[]),
            true,
        ),
        (
            "another mode, stricter",
            (ByMethod, &[]),
            (Declared, &[]),
            false,
        ),
        (
            "looser by mode, tighter by rules",
            (Declared, &["read GET /a"]),
            (ByMethod, &["write * /**"]),
            true,
        ),
        (
            "a write less",
            (ByMethod, &["write GET /out"]),
            (ByMethod, &[]),
            true,
        ),
        (
            "a write more",
            (ByMethod, &[]),
            (ByMethod, &["write GET /out"]),
            false,
        ),
        (
            "a write for one method becomes one for every method",
            (ByMethod, &["write GET,POST /out"]),
            (ByMethod, &["write * /out"]),
            false,
        ),
        (
            "a write for every method becomes one for one method",
            (ByMethod, &["write * /out"]),
            (ByMethod, &["write POST /out"]),
            true,
        ),
        (
            "a hole in a write",
            (ByMethod, &["write GET /out/**"]),
            (ByMethod, &["write GET /out/**", "read GET /out/a"]),
            true,
        ),
        (
            // HEAD was refused by its own rule, and GET speaks for HEAD.
            "GET that speaks for a HEAD that was refused",
            (ByMethod, &["write HEAD /**"]),
            (ByMethod, &["write HEAD /**", "read GET /a"]),
            true,
        ),
        (
            "GET that speaks for HEAD before every method does",
            (Declared, &["read GET /a", "write HEAD /a"]),
            (Declared, &["read GET /a", "write * /a"]),
            true,
        ),
        (
            "the reads that passed anyhow, named",
            (ByMethod, &["write POST /a"]),
            (Declared, &["write POST /a", "read GET /a", "read GET /b"]),
            false,
        ),
        (
            "one more page where reads are declared",
            (Declared, &["read GET /a"]),
            (Declared, &["read GET /a", "read GET /b"]),
            true,
        ),
        (
            "nothing at all goes through",
            (ByMethod, &["write * /out", "read POST /a"]),
            (Declared, &[]),
            false,
        ),
        (
            "a pattern made wider",
            (Declared, &["read GET /a/{id}"]),
            (Declared, &["read GET /a/**"]),
            true,
        ),
        (
            "another order, another name, another grouping",
            (Declared, &["read GET,POST /a/{id}", "write PUT /b"]),
            (
                Declared,
                &["write PUT /b", "read POST /a/{key}", "read GET /a/{key}"],
            ),
            false,
        ),
        (
            "a read turned into a write",
            (ByMethod, &["read POST /a"]),
            (ByMethod, &["write POST /a"]),
            false,
        ),
        (
            "a write turned into a read",
            (ByMethod, &["write POST /a"]),
            (ByMethod, &["read POST /a"]),
            true,
        ),
        (
            "one harmless request in the place of another",
            (ByMethod, &["read POST /a"]),
            (ByMethod, &["read POST /b"]),
            true,
        ),
        (
            "nothing",
            (ByMethod, &["read POST /a"]),
            (ByMethod, &["read POST /a"]),
            false,
        ),
    ];
    for (what, (mode, before), (mode_now, now), expected) in rows {
        let (before, now) = (set(mode, before), set(mode_now, now));
        assert_eq!(widens(Some(&before), &now), expected, "{what}");
    }
}

/// Before there is a product its customer is told that access is read-only.
#[test]
fn r17_the_first_upstream_widens_only_by_what_customers_were_not_told() {
    assert!(!widens(None, &set(Mode::ByMethod, &[])));
    assert!(!widens(None, &set(Mode::Declared, &["read GET /a"])));
    assert!(widens(None, &set(Mode::ByMethod, &["read POST /a"])));
    // Where nobody has been granted anything, nothing ends.
    let mut w = World::asked();
    let first = command(set(Mode::ByMethod, &["read POST /a"]));
    let bare = Org {
        upstream: None,
        ..w.state.org(ACME).unwrap().clone()
    };
    w.state = {
        let parts = &w.state;
        State::from_parts(
            [bare],
            parts.admins().cloned(),
            parts.agents().cloned(),
            parts.cases().cloned(),
        )
    };
    assert_eq!(w.ok(OPERATOR, first).len(), 1);
    assert_eq!(w.reads(C1), (ImpersonationStatus::Requested, None));
}

#[test]
fn r09_rules_that_let_through_more_end_the_grant_with_its_sessions() {
    let mut w = World::granted();
    w.ok(agent(SAM), start(C1, 1));
    let more = set(Mode::ByMethod, &["read POST /search"]);
    assert_eq!(
        w.ok(OPERATOR, command(more.clone())),
        [
            Event::SessionEnded {
                case: C1,
                org: ACME,
                session: session_id(1),
                why: EndedWhy::RulesWidened,
            },
            Event::Revoked {
                case: C1,
                org: ACME,
                grant: grant_id(1),
                why: RevokedWhy::RulesWidened,
                by: None,
            },
            Event::UpstreamSet {
                org: ACME,
                upstream: more.clone(),
                widened: true,
            },
        ]
    );
    assert_eq!(w.reads(C1), (ImpersonationStatus::Disabled, None));
    w.refuses([
        (agent(SAM), start(C1, 2), Refusal::AccessNotLive),
        (admin(DANA), extend(C1), Refusal::NothingToExtend),
    ]);
    // The request stands: the customer reads the new rules and ticks, for a grant of its own (R10).
    w.ok(admin(DANA), grant(C1, 2));
    w.ok(agent(SAM), start(C1, 2));
    assert!(w.runs(C1, 2) && !w.runs(C1, 1));
    w.changes_nothing([(OPERATOR, command(more))]);
}

#[test]
fn r17_rules_that_let_through_less_end_sessions_and_no_grant() {
    let mut w = World::granted();
    w.ok(agent(SAM), start(C1, 1));
    let less = set(Mode::ByMethod, &["write GET /logout"]);
    let ended = Event::SessionEnded {
        case: C1,
        org: ACME,
        session: session_id(1),
        why: EndedWhy::UpstreamChanged,
    };
    let changed = Event::UpstreamSet {
        org: ACME,
        upstream: less.clone(),
        widened: false,
    };
    assert_eq!(w.ok(OPERATOR, command(less)), [ended, changed]);
    assert_eq!(
        w.reads(C1),
        (ImpersonationStatus::Enabled, Some(w.now.plus(HOURS_8)))
    );
}

/// R13: an extension carries on the yes that was given, so what ran out before the rules were widened
/// stays expired, with its end, and is not extended after it; R10: a tick gives a new grant, which is.
#[test]
fn r13_no_extension_carries_an_old_yes_past_wider_rules() {
    let more = || command(set(Mode::ByMethod, &["read POST /search"]));
    let asked_again: fn() -> World = || {
        let mut w = World::expired();
        w.ok(agent(SAM), ask(C1));
        w
    };
    for (begin, status) in [
        (
            World::expired as fn() -> World,
            ImpersonationStatus::Disabled,
        ),
        (asked_again, ImpersonationStatus::Requested),
    ] {
        let mut w = begin();
        w.accepts([(admin(DANA), extend(C1))]);
        let before = (w.case(C1).clone(), w.reads(C1));
        assert_eq!(before.1.0, status);
        assert_eq!(w.ok(OPERATOR, more()).len(), 1);
        assert_eq!((w.case(C1), w.reads(C1)), (&before.0, before.1));
        w.refuses([(admin(DANA), extend(C1), Refusal::NothingToExtend)]);
        w.pass(MS);
        w.ok(admin(DANA), grant(C1, 2));
        w.pass(MS);
        w.accepts([(admin(DANA), extend(C1))]);
    }
}

/// Half-open as everywhere (A2): what runs out at the moment of the change has expired, and what would run
/// out just after it is ended by it. What a clock that is ahead gave has begun only there: it ends too.
#[test]
fn r09_what_is_over_at_that_moment_is_not_ended_by_it() {
    let more = || command(set(Mode::ByMethod, &["read POST /search"]));
    let ends = World::granted().now.plus(HOURS_8);
    for (at, ended) in [
        (ends.as_millis() - 1, true),
        (ends.as_millis(), false),
        (World::granted().now.as_millis() - 1, true),
    ] {
        let w = World::granted();
        let at = Timestamp::from_millis(at);
        let events = decide(&w.state, &more(), &OPERATOR, at).unwrap();
        let mut state = w.state.clone();
        state.evolve(at, events.last().unwrap());
        let access = &state.case(C1).unwrap().access;
        assert_eq!(events.len() == 2, ended);
        assert_eq!(access.unrevoked().is_none(), ended, "{access:?}");
    }
}

/// Whoever is only waiting goes on waiting, and other orgs keep what they have.
#[test]
fn r11_what_waits_goes_on_waiting_when_rules_are_widened() {
    let mut w = World::asked();
    w.tracked(C2, OpenedBy::Agent(SAM), &[SAM, TESS]);
    let before = (w.case(C1).clone(), w.case(C2).clone());
    let events = w.ok(OPERATOR, command(set(Mode::ByMethod, &["read POST /a"])));
    assert_eq!(events.len(), 1);
    assert_eq!((w.case(C1), w.case(C2)), (&before.0, &before.1));

    let mut w = World::granted();
    let elsewhere = Command::SetUpstream {
        org: GLOBEX,
        upstream: set(Mode::ByMethod, &["read POST /a"]),
    };
    w.ok(OPERATOR, elsewhere);
    assert_eq!(w.reads(C1).0, ImpersonationStatus::Enabled);
}

/// Whoever wants more than was agreed to gets it in no number of steps: each is judged against the
/// rules in force before it, and none that ends no grant lets anything through.
#[test]
fn r09_abuse_wider_rules_in_small_steps_or_with_a_move_of_the_product() {
    let a = set(Mode::ByMethod, &["read POST /a"]);
    let ab = set(Mode::ByMethod, &["read POST /a", "read POST /b"]);
    let mut w = World::granted();
    // Two steps in a row, with a tick between them.
    for (step, n) in [(a.clone(), 2), (ab.clone(), 3)] {
        w.ok(OPERATOR, command(step));
        assert_eq!(w.reads(C1), (ImpersonationStatus::Disabled, None));
        w.ok(admin(DANA), grant(C1, n));
    }
    // Narrower, and then back: whoever sees the rules in between and ticks agreed to those.
    w.ok(OPERATOR, command(a.clone()));
    assert_eq!(w.reads(C1).0, ImpersonationStatus::Enabled);
    w.ok(OPERATOR, command(ab.clone()));
    assert_eq!(w.reads(C1).0, ImpersonationStatus::Disabled);
    w.ok(admin(DANA), grant(C1, 4));
    // A new address does not hide new rules.
    let moved = Upstream {
        routes: Routes::new(vec![
            rule("read POST /a"),
            rule("read POST /b"),
            rule("read DELETE /c"),
        ])
        .unwrap(),
        ..upstream("http://127.0.0.1:9100")
    };
    w.ok(OPERATOR, command(moved.clone()));
    assert_eq!(w.reads(C1).0, ImpersonationStatus::Disabled);
    // One without them is a move, which ends sessions only.
    w.ok(admin(DANA), grant(C1, 5));
    w.ok(
        OPERATOR,
        command(Upstream {
            routes: Routes::default(),
            ..moved
        }),
    );
    assert_eq!(w.reads(C1).0, ImpersonationStatus::Enabled);
}

/// A grant that slips in between the decision and its append is not named, and ends all the same; one
/// that was made under what is set now does not end when an old event is read again.
#[test]
fn r09_a_grant_that_slipped_in_ends_with_the_wider_rules() {
    let w = World::granted();
    let nothing_seen = State::from_parts(
        w.state.orgs().cloned(),
        w.state.admins().cloned(),
        w.state.agents().cloned(),
        [],
    );
    let upstream = set(Mode::ByMethod, &["read POST /search"]);
    let decided = decide(&nothing_seen, &command(upstream.clone()), &OPERATOR, w.now).unwrap();
    let [event @ Event::UpstreamSet { widened: true, .. }] = &decided[..] else {
        panic!("{decided:?}")
    };
    let mut state = w.state.clone();
    state.evolve(w.now, event);
    let access = &state.case(C1).unwrap().access;
    assert!(
        matches!(
            access,
            Access::Revoked {
                why: RevokedWhy::RulesWidened,
                ..
            }
        ),
        "{access:?}"
    );
    let old = Event::UpstreamSet {
        org: ACME,
        upstream,
        widened: false,
    };
    let mut state = w.state.clone();
    state.evolve(w.now, &old);
    assert!(state.case(C1).unwrap().access.live(w.now).is_some());
}
