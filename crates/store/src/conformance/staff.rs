//! The vendor's staff, whom its own OpenID providers sign in.

use countersign_domain::{
    Actor, AgentId, Command, CredentialKind, CredentialOwner, Duration, Email, IssuerUrl,
    OperatorPerson, OperatorVia, Person, PersonName, SecretHash, Slug,
};

use super::{
    Backend, World,
    world::{OPERATOR, good, secret},
};
use crate::{
    AtProvider, BrowserSessionLimits, Key, NewBrowserSession, NewCredential, SignedInAt, Store,
};

const LIMITS: BrowserSessionLimits = BrowserSessionLimits {
    idle: Duration::from_hours(1),
    absolute: Duration::from_hours(3),
};
const CONFIGURATION: Actor = Actor::Operator {
    via: OperatorVia::Configuration,
};

fn known_as(subject: u64, session: u64) -> AtProvider {
    AtProvider {
        provider: Some(secret(990)),
        subject: Some(secret(subject)),
        session: Some(secret(session)),
        shown_at: None,
    }
}

async fn signed_in<S: Store>(world: &World<S>, cookie: SecretHash) -> Option<(Person, AtProvider)> {
    let session = world.store.browser_session(cookie, LIMITS).await;
    let session = session.expect("an answer");
    session.map(|session| (session.person, session.at))
}

async fn begins<S: Store>(world: &World<S>, agent: AgentId, cookie: u64, at: AtProvider) -> bool {
    let session = NewBrowserSession {
        cookie: secret(cookie),
        limits: LIMITS,
    };
    let begun = world.store.begin_agent_session(agent, session, at).await;
    begun.expect("an answer")
}

/// An agent whom a provider knows is found by it, comes in while it does, and is out by what it knows them or their
/// session by.
pub async fn an_agent_comes_in_by_what_a_provider_knows<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (agent, other) = (world.agent().await, world.agent().await);
    let email = async |agent| {
        let slice = world.store.load(&[Key::Agent(agent)]).await;
        let state = slice.expect("a slice").state;
        state.agent(agent).map(|agent| agent.email.clone())
    };
    assert!(!begins(&world, agent, 1, known_as(801, 811)).await);
    for (agent, subject) in [(agent, 801), (other, 802)] {
        let command = Command::SignInAgent {
            agent,
            subject: secret(subject),
            email: email(agent).await,
            name: None,
        };
        world.run(CONFIGURATION, command).await;
    }
    let found = world.store.load(&[Key::AgentKnownBy(secret(801))]).await;
    let found = found.expect("a slice").state;
    let found: Vec<_> = found.agents().map(|agent| agent.id).collect();
    assert_eq!(found, [agent]);

    let shown = AtProvider {
        shown_at: Some(world.store.now().await.expect("the time")),
        ..known_as(801, 811)
    };
    assert!(begins(&world, agent, 1, shown).await);
    assert!(begins(&world, agent, 2, known_as(801, 812)).await);
    assert!(begins(&world, other, 3, known_as(802, 813)).await);
    // By what the provider knows somebody else by, nobody comes in.
    assert!(!begins(&world, agent, 4, known_as(802, 814)).await);
    let person = Person::Agent(agent);
    assert_eq!(signed_in(&world, secret(1)).await, Some((person, shown)));

    let there = async |known| {
        let there = world.store.signed_in_at(secret(known)).await;
        there.expect("an answer")
    };
    assert_eq!(there(812).await, [SignedInAt::Person(person)]);
    assert_eq!(there(801).await, [SignedInAt::Person(person)]);
    assert_eq!(there(999).await, []);
    let end = async |known| {
        let ended = world.store.end_browser_sessions_at(secret(known)).await;
        ended.expect("they end");
    };
    end(812).await;
    assert!(signed_in(&world, secret(2)).await.is_none());
    assert!(signed_in(&world, secret(1)).await.is_some());
    end(801).await;
    assert!(signed_in(&world, secret(1)).await.is_none());
    assert!(signed_in(&world, secret(3)).await.is_some());

    world.run(OPERATOR, Command::UnbindAgent { agent }).await;
    assert!(!begins(&world, agent, 5, known_as(801, 811)).await);
    let active = false;
    let stop = Command::SetAgentActive {
        agent: other,
        active,
    };
    world.run(OPERATOR, stop).await;
    assert!(!begins(&world, other, 6, known_as(802, 813)).await);
}

/// What an operator does who signed in as somebody says who on the log, and their browser is found by what the
/// provider knows them by.
pub async fn an_operator_is_somebody<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let credential = world.id("cred");
    let actor = Actor::Operator {
        via: OperatorVia::Person { id: credential },
    };
    let person = OperatorPerson {
        credential,
        issuer: good(IssuerUrl::parse("https://login.vendor.test")),
        email: good(Email::parse("pat@vendor.test")),
        name: Some(good(PersonName::parse("Pat"))),
        subject: secret(821),
    };
    let expires_at = world.store.now().await.expect("the time").plus(LIMITS.idle);
    let command = Command::SignInOperator {
        person: person.clone(),
        expires_at,
    };
    let new = NewCredential {
        id: credential,
        hash: secret(31),
        owner: CredentialOwner::Operator,
        kind: CredentialKind::ApiToken,
        expires_at,
    };
    let signed_in = world.attempt_once(actor, &command, &[new]).await;
    assert!(signed_in.is_ok(), "{signed_in:?}");
    let slice = world.store.load(&[Key::Operator(credential)]).await;
    assert_eq!(
        slice.expect("a slice").state.operator(credential),
        Some(&person)
    );
    let at = known_as(821, 822);
    let begun = world.store.begin_operator_browser(secret(31), at).await;
    begun.expect("it begins");
    let there = world.store.signed_in_at(secret(822)).await;
    assert_eq!(
        there.expect("an answer"),
        [SignedInAt::Operator(credential)]
    );

    let org = world.id("org");
    let slug = good(Slug::parse("by-pat"));
    let name = good(PersonName::parse("Acme Inc"));
    world
        .run(actor, Command::CreateOrg { org, slug, name })
        .await;
    let entries = world.store.entries(org, 0, 10).await.expect("the log");
    let first = entries.first().expect("an entry");
    let told = String::from_utf8_lossy(&first.encoded);
    assert!(told.contains(r#""email":"pat@vendor.test","#), "{told}");
    assert!(told.contains(r#""name":"Pat","#), "{told}");
    assert!(told.contains(r#""via":"openid""#), "{told}");
}
