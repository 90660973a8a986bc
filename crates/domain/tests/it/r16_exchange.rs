//! R16, R17: access tokens past the gateway, from the vendor's word that there are any to whatever ends access.

use countersign_domain::{
    Actor, Command, Duration, Event, ExchangedToken, NewToken, Refusal, Resource, SessionLimits,
    Timestamp, TokenId, exchange_until, widens,
};
use uuid::Uuid;

use crate::world::{
    ACME, C1, DANA, HOURS_8, MS, OPAL, OPERATOR, SAM, TESS, World, ZED, admin, agent, grant,
    secret, session_id, start, start_for, upstream,
};

const MINUTE: Duration = Duration::from_mins(1);

fn resource(text: &str) -> Resource {
    Resource::parse(text).unwrap()
}

fn api() -> Resource {
    resource("https://api.vendor.test")
}

fn set(resource: Option<Resource>) -> Command {
    Command::SetUpstream {
        org: ACME,
        upstream: countersign_domain::Upstream {
            resource,
            ..upstream("http://127.0.0.1:9000")
        },
    }
}

const fn token(n: u128) -> TokenId {
    TokenId::from_uuid(Uuid::from_u128(7_000 + n))
}

fn exchange(n: u128, expires_at: Timestamp) -> Command {
    exchange_for(n, expires_at, api())
}

fn exchange_for(n: u128, expires_at: Timestamp, resource: Resource) -> Command {
    Command::ExchangeToken(NewToken {
        case: C1,
        session: session_id(1),
        id: token(n),
        hash: secret(9),
        resource,
        expires_at,
    })
}

fn end_token(n: u128) -> Command {
    Command::EndToken {
        case: C1,
        session: session_id(1),
        id: token(n),
    }
}

/// Sam's session runs, and tokens are for the product's API.
fn running() -> World {
    running_for(SessionLimits::default())
}

fn running_for(limits: SessionLimits) -> World {
    let mut w = World::asked();
    w.ok(OPERATOR, set(Some(api())));
    w.ok(admin(DANA), grant(C1, 1));
    w.ok(agent(SAM), start_for(C1, 1, limits));
    w
}

fn until(w: &World) -> Result<Timestamp, Refusal> {
    exchange_until(&w.state, C1, session_id(1), &agent(SAM), w.now)
}

fn tokens(w: &World) -> Vec<ExchangedToken> {
    w.case(C1).sessions[&session_id(1)].tokens.clone()
}

#[test]
fn r16_only_the_sessions_own_agent_exchanges_it() {
    let w = running();
    let good = exchange(1, w.now.plus(MINUTE));
    let not_the_sessions = |actor: Actor, refusal: Refusal| (actor, good.clone(), refusal);
    running().refuses([
        not_the_sessions(agent(TESS), Refusal::SessionNotFound),
        not_the_sessions(agent(ZED), Refusal::CaseNotFound),
        not_the_sessions(admin(DANA), Refusal::OnlyTeamAgents),
        not_the_sessions(admin(OPAL), Refusal::OnlyTeamAgents),
        not_the_sessions(OPERATOR, Refusal::OnlyTeamAgents),
        not_the_sessions(
            Actor::Impersonation {
                agent: SAM,
                subject: OPAL,
                session: session_id(1),
            },
            Refusal::ImpersonationCannotAct,
        ),
    ]);
    let mut w = running();
    let expires_at = w.now.plus(MINUTE);
    assert_eq!(
        w.ok(agent(SAM), good),
        [Event::TokenExchanged {
            case: C1,
            org: ACME,
            session: session_id(1),
            id: token(1),
            token: secret(9),
            resource: api(),
            expires_at,
        }]
    );
    let session = &w.case(C1).sessions[&session_id(1)];
    let is_good = |hash, now| session.token(token(1), hash, now).is_some();
    assert!(is_good(
        secret(9),
        expires_at.plus(Duration::from_millis(-1))
    ));
    assert!(!is_good(secret(9), expires_at) && !is_good(secret(8), w.now));
}

#[test]
fn r17_there_are_tokens_only_for_what_the_vendor_has_named_since_before_the_tick() {
    let mut w = World::granted();
    w.ok(agent(SAM), start(C1, 1));
    let good = exchange(1, w.now.plus(MINUTE));
    assert_eq!(
        w.would(agent(SAM), good.clone()),
        Err(Refusal::NoTokensHere)
    );
    // Naming it is more than the customer agreed to: the grant ends, and with it the session.
    let events = w.ok(OPERATOR, set(Some(api())));
    assert!(matches!(
        events.last(),
        Some(Event::UpstreamSet { widened: true, .. })
    ));
    assert_eq!(w.would(agent(SAM), good), Err(Refusal::SessionOver));
    let w = running();
    let elsewhere = exchange_for(1, w.now.plus(MINUTE), resource("https://api.vendor.test/"));
    running().refuses([(agent(SAM), elsewhere, Refusal::NotTheResource)]);
    // Another one is another place; none is less.
    let with = |resource| countersign_domain::Upstream {
        resource,
        ..upstream("http://127.0.0.1:9000")
    };
    let (none, one, other) = (
        with(None),
        with(Some(api())),
        with(Some(resource("https://x.test"))),
    );
    let widening = |before, now| widens(Some(before), now);
    assert!(widening(&none, &one) && widening(&one, &other) && widens(None, &one));
    assert!(!widening(&one, &none) && !widening(&one, &one));
    for origin in ["http://127.0.0.1:9000", "http://127.0.0.1:9000/"] {
        let command = set(Some(resource(origin)));
        World::new().refuses([(OPERATOR, command, Refusal::ResourceIsOrigin)]);
    }
}

#[test]
fn r16_a_token_outlasts_nothing_that_the_clock_ends() {
    let w = running();
    assert_eq!(until(&w), Ok(w.now.plus(MINUTE)));
    let too_long = exchange(1, w.now.plus(MINUTE).plus(MS));
    let at_once = exchange(1, w.now);
    running().refuses([
        (agent(SAM), too_long, Refusal::SessionOver),
        (agent(SAM), at_once, Refusal::SessionOver),
    ]);
    // Idleness, which no token puts off.
    let mut w = running();
    let started = w.now;
    w.pass(Duration::from_mins(29))
        .pass(Duration::from_secs(30));
    let idle_at = started.plus(Duration::from_mins(30));
    assert_eq!(until(&w), Ok(idle_at));
    w.ok(agent(SAM), exchange(1, idle_at));
    w.pass(Duration::from_secs(30));
    assert_eq!(until(&w), Err(Refusal::SessionOver));
    // The session's own limit, and its period.
    let wakeful = |absolute| SessionLimits {
        idle: Duration::from_hours(100),
        absolute,
        ..SessionLimits::default()
    };
    let w = running_for(wakeful(Duration::from_secs(20)));
    assert_eq!(until(&w), Ok(w.now.plus(Duration::from_secs(20))));
    let mut w = running_for(wakeful(Duration::from_hours(100)));
    let granted = w.now;
    w.pass(Duration::from_millis(HOURS_8.as_millis() - 1));
    assert_eq!(until(&w), Ok(granted.plus(HOURS_8)));
    w.pass(MS);
    assert_eq!(until(&w), Err(Refusal::SessionOver));
}

#[test]
fn r16_what_ends_access_ends_its_tokens() {
    let mut w = running();
    w.ok(agent(SAM), exchange(1, w.now.plus(MINUTE)));
    w.blocked();
    assert_eq!(until(&w), Err(Refusal::SessionOver));
    for act in [
        |w: &mut World| _ = w.leave(C1, SAM),
        |w: &mut World| _ = w.agent_active(SAM, false),
        |w: &mut World| _ = w.admin_active(OPAL, false),
        |w: &mut World| _ = w.ok(admin(DANA), Command::Revoke { case: C1 }),
        |w: &mut World| _ = w.ok(OPERATOR, Command::CloseCase { case: C1 }),
    ] {
        let mut w = running();
        let good = exchange(1, w.now.plus(MINUTE));
        act(&mut w);
        assert!(w.case(C1).sessions.is_empty());
        assert!(w.would(agent(SAM), good).is_err());
    }
}

#[test]
fn r16_ten_tokens_are_good_at_a_time_and_one_is_ended_once() {
    let mut w = running();
    for n in 1..=10 {
        w.ok(agent(SAM), exchange(n, w.now.plus(MINUTE)));
    }
    let one_more = exchange(11, w.now.plus(MINUTE));
    assert_eq!(
        w.would(agent(SAM), one_more.clone()),
        Err(Refusal::TooManyTokens)
    );
    assert_eq!(
        w.would(agent(TESS), end_token(3)),
        Err(Refusal::SessionNotFound)
    );
    assert_eq!(
        w.ok(agent(SAM), end_token(3)),
        [Event::TokenEnded {
            case: C1,
            org: ACME,
            session: session_id(1),
            id: token(3),
        }]
    );
    assert_eq!(w.ok(agent(SAM), end_token(3)), []);
    assert_eq!(w.ok(agent(SAM), end_token(99)), []);
    w.ok(agent(SAM), one_more);
    w.pass(MINUTE);
    assert_eq!(w.ok(agent(SAM), end_token(1)), [], "it has run out");
    w.ok(agent(SAM), exchange(12, w.now.plus(MINUTE)));
    assert_eq!(tokens(&w).len(), 1, "those that have run out are forgotten");
}

#[test]
fn what_tokens_are_for_is_an_address_as_programs_write_it() {
    for good in [
        "https://api.example.com",
        "http://127.0.0.1:9000/api",
        "https://x.test/a/b_c~d.e",
    ] {
        assert_eq!(Resource::parse(good).unwrap().as_str(), good);
    }
    for bad in [
        "",
        "api.example.com",
        "ftp://api.example.com",
        "https://",
        "https://API.example.com",
        "https://u@x.test",
        "https://x.test/?q",
        "https://x.test/#f",
        "https://x.test/a b",
        "https://x.test:0/",
        "https://[::1]/",
        "urn:x",
    ] {
        assert!(Resource::parse(bad).is_err(), "{bad}");
    }
}
