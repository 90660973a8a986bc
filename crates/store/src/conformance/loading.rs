//! Loading: what a key brings along, and following the tail.

use std::{collections::BTreeSet, sync::Arc, time::Duration as Wait};

use countersign_domain::{
    Actor, CaseId, CaseNumber, Command, CredentialKind, CredentialOwner, Duration, Email,
    Justification, MailDomain, OpenedBy, PersonName, Role, SessionLimits, Slug, StreamId,
};

use super::{
    Backend, OPERATOR, World,
    world::{good, reachability},
};
use crate::{Key, Position, Store, Version};

/// A case brings its org and every person a decision about it looks at, and nobody else.
pub async fn a_case_brings_everyone_it_mentions<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    world.admin(live.org, Role::SuperAdmin).await;
    world.agent().await;
    world.live().await;
    for key in [Key::Case(live.case), Key::Session(live.session)] {
        let slice = world.store.load(&[key]).await.expect("a slice");
        let case = slice.state.case(live.case).expect("the case");
        let admins: BTreeSet<_> = slice.state.admins().map(|admin| admin.id).collect();
        let agents: BTreeSet<_> = slice.state.agents().map(|agent| agent.id).collect();
        assert_eq!(admins, case.admins());
        assert_eq!(admins, [live.boss, live.opener].into());
        assert_eq!(agents, case.agents());
        assert_eq!(agents, [live.agent, live.other].into());
        assert_eq!(slice.state.orgs().count(), 1);
        assert!(slice.state.org(live.org).is_some());
        assert_eq!(slice.state.cases().count(), 1);
    }
}

/// Every kind of key finds what it names.
pub async fn every_key_finds_its_thing<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let all = world
        .store
        .load(&[Key::Case(live.case)])
        .await
        .expect("a slice")
        .state;
    let slug = all.org(live.org).expect("the org").slug.clone();
    let boss = all.admin(live.boss).expect("the boss").email.clone();
    let agent = all.agent(live.agent).expect("the agent").email.clone();
    let number = all.case(live.case).expect("the case").number.clone();
    let load = async |key: Key| world.store.load(&[key]).await.expect("a slice").state;

    for key in [Key::Org(live.org), Key::Slug(slug.clone())] {
        let state = load(key).await;
        assert!(state.org(live.org).is_some());
        assert_eq!(state.admins().count() + state.agents().count(), 0);
    }
    for key in [Key::Admin(live.boss), Key::AdminEmail(slug, boss)] {
        let state = load(key).await;
        assert!(state.admin(live.boss).is_some());
        assert!(state.org(live.org).is_some());
    }
    for key in [Key::Agent(live.agent), Key::AgentEmail(agent)] {
        let state = load(key).await;
        assert!(state.agent(live.agent).is_some());
        assert_eq!(state.orgs().count(), 0);
    }
    for key in [Key::CaseNumber(number), Key::Session(live.session)] {
        assert!(load(key).await.case(live.case).is_some());
    }
}

/// What is not there is not an error.
pub async fn a_key_that_names_nothing_loads_nothing<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let email = good(Email::parse("nobody@acme.test"));
    let slug = good(Slug::parse("nobody"));
    let keys = [
        Key::Org(world.id("org")),
        Key::Slug(slug.clone()),
        Key::Admin(world.id("adm")),
        Key::AdminEmail(slug.clone(), email.clone()),
        Key::Agent(world.id("agt")),
        Key::AgentEmail(email.clone()),
        Key::Case(world.id("case")),
        Key::CaseNumber(good(CaseNumber::parse("NOPE-1"))),
        Key::Session(world.id("sess")),
        Key::ReachableCases(slug.clone()),
        Key::CasesWithSessions(slug.clone()),
        Key::SubjectSessions(slug.clone(), email.clone()),
        Key::AgentSessions(email),
        Key::Credential(world.id("cred")),
        Key::Keyholders(slug),
        Key::MailDomain(good(MailDomain::parse("nobody.test"))),
    ];
    let slice = world.store.load(&keys).await.expect("a slice");
    assert_eq!(slice.state, countersign_domain::State::default());
    assert_eq!(slice.versions, [(StreamId::Operators, Version::NONE)]);
    assert_eq!(slice.head, Position(0));
    assert_eq!(slice.barrier, Position(0));
}

/// The cases a key loads, each with its version, so that what is decided on them conflicts.
async fn cases<S: Store>(world: &World<S>, key: Key) -> BTreeSet<CaseId> {
    let slice = world.store.load(&[key]).await.expect("a slice");
    for case in slice.state.cases() {
        let stream = StreamId::Case(case.id);
        let version = slice.versions.iter().find(|(named, _)| *named == stream);
        assert!(version.is_some_and(|(_, version)| *version > Version::NONE));
        assert!(slice.state.org(case.org).is_some());
        assert!(
            case.admins()
                .iter()
                .all(|id| slice.state.admin(*id).is_some())
        );
        assert!(
            case.agents()
                .iter()
                .all(|id| slice.state.agent(*id).is_some())
        );
    }
    slice.state.cases().map(|case| case.id).collect()
}

/// Reachable is what a block, or a moved product, could still end: a grant that nobody revoked,
/// also one that has expired, and a session that nobody ended (R15).
pub async fn reachable_cases_of_an_org_are_found<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let one = world.live().await;
    let two = world.live().await;
    let slug = async |org| {
        let slice = world.store.load(&[Key::Org(org)]).await.expect("a slice");
        slice.state.org(org).expect("the org").slug.clone()
    };
    let (of_one, of_two) = (slug(one.org).await, slug(two.org).await);
    let reachable = async |slug: &Slug| cases(&world, Key::ReachableCases(slug.clone())).await;
    let [quiet, asked, granted, expired] = reachability(&world, one).await;

    let all: BTreeSet<_> = [one.case, granted, expired].into();
    assert_eq!(reachable(&of_one).await, all);
    assert_eq!(reachable(&of_two).await, [two.case].into());

    // An expired grant that is asked for anew can still be extended, so it can still be revoked.
    world.ask(expired, one.agent).await;
    assert_eq!(reachable(&of_one).await, all);
    // A session that ends leaves its grant.
    let boss = Actor::Admin {
        id: one.boss,
        via: None,
    };
    let (case, to) = (one.case, None);
    world.run(boss, Command::Extend { case, to }).await;
    let session = world
        .session(case, one.agent, SessionLimits::default())
        .await;
    assert_eq!(reachable(&of_one).await, all);
    world.run(boss, Command::EndSession { case, session }).await;
    assert_eq!(reachable(&of_one).await, all);
    world.run(boss, Command::Revoke { case: one.case }).await;
    assert_eq!(reachable(&of_one).await, [granted, expired].into());
    // Closing revokes, and reopening starts afresh.
    for command in [
        Command::CloseCase { case: granted },
        Command::ReopenCase { case: granted },
    ] {
        world.run(OPERATOR, command).await;
        assert_eq!(reachable(&of_one).await, [expired].into());
    }
    world.ask(granted, one.agent).await;
    world.grant(granted, one.boss).await;
    assert_eq!(reachable(&of_one).await, [granted, expired].into());

    world.run(boss, Command::Block { org: one.org }).await;
    assert_eq!(reachable(&of_one).await, [].into());
    assert_eq!(reachable(&of_two).await, [two.case].into());
    let known = cases(&world, Key::Case(quiet)).await;
    assert_eq!(known, [quiet].into(), "it is there, and out of reach");
    assert_eq!(cases(&world, Key::Case(asked)).await, [asked].into());
}

/// Cases with sessions that nobody ended are found by org, also when the clock has ended them.
pub async fn cases_with_sessions_of_an_org_are_found<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let one = world.live().await;
    let two = world.live().await;
    let slug = async |org| {
        let slice = world.store.load(&[Key::Org(org)]).await.expect("a slice");
        slice.state.org(org).expect("the org").slug.clone()
    };
    let (of_one, of_two) = (slug(one.org).await, slug(two.org).await);
    let found = async |slug: &Slug| cases(&world, Key::CasesWithSessions(slug.clone())).await;
    world
        .case(one.org, OpenedBy::Admin(one.opener), [one.agent])
        .await;
    assert_eq!(found(&of_one).await, [one.case].into());
    world.clock.advance(Duration::from_hours(9));
    assert_eq!(found(&of_one).await, [one.case].into());
    let boss = Actor::Admin {
        id: one.boss,
        via: None,
    };
    world.run(boss, Command::Revoke { case: one.case }).await;
    assert_eq!(found(&of_one).await, [].into());
    assert_eq!(found(&of_two).await, [two.case].into());
}

/// Sessions are found by whom they are on behalf of, and only in that person's org.
pub async fn sessions_of_a_subject_are_found<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let one = world.live().await;
    let two = world.live().await;
    let state = async |key| world.store.load(&[key]).await.expect("a slice").state;
    let all = state(Key::Case(one.case)).await;
    let slug = all.org(one.org).expect("the org").slug.clone();
    let email = |id| all.admin(id).expect("an admin").email.clone();
    let (opener, boss) = (email(one.opener), email(one.boss));
    let sessions = async |slug: &Slug, email: &Email| {
        let key = Key::SubjectSessions(slug.clone(), email.clone());
        cases(&world, key).await
    };
    assert_eq!(sessions(&slug, &opener).await, [one.case].into());
    assert_eq!(
        sessions(&slug, &boss).await,
        [].into(),
        "an approver is no subject"
    );

    // A second session in the same case, and one in another case on behalf of the boss.
    world
        .session(one.case, one.other, SessionLimits::default())
        .await;
    let named = world
        .case(one.org, OpenedBy::Admin(one.opener), [one.agent])
        .await;
    let request = Command::RequestAccess {
        case: named,
        justification: good(Justification::parse("To see what the boss sees")),
        subject: Some(one.boss),
    };
    world.run(Actor::Agent { id: one.agent }, request).await;
    world.grant(named, one.boss).await;
    assert_eq!(sessions(&slug, &boss).await, [].into(), "no session yet");
    let session = world
        .session(named, one.agent, SessionLimits::default())
        .await;
    assert_eq!(sessions(&slug, &opener).await, [one.case].into());
    assert_eq!(sessions(&slug, &boss).await, [named].into());

    // The same address in another org is somebody else.
    let other = state(Key::Org(two.org)).await;
    let other = other.org(two.org).expect("the org").slug.clone();
    assert_eq!(sessions(&other, &opener).await, [].into());
    let namesake = Command::CreateAdmin {
        admin: world.id("adm"),
        org: two.org,
        email: opener.clone(),
        name: good(PersonName::parse("A namesake")),
        role: Role::Admin,
    };
    world.run(OPERATOR, namesake).await;
    assert_eq!(sessions(&other, &opener).await, [].into());
    assert_eq!(sessions(&slug, &opener).await, [one.case].into());

    let end = Command::EndSession {
        case: named,
        session,
    };
    world.run(Actor::Agent { id: one.agent }, end).await;
    assert_eq!(sessions(&slug, &boss).await, [].into());
    // The fold alone ends what nobody names.
    let deactivate = Command::SetAdminActive {
        admin: one.opener,
        active: false,
    };
    world.run(OPERATOR, deactivate).await;
    assert_eq!(sessions(&slug, &opener).await, [].into());
}

/// An agent's sessions are found in every org, and nobody else's.
pub async fn sessions_of_an_agent_are_found<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let one = world.live().await;
    let two = world.live().await;
    let state = world.store.load(&[Key::Case(one.case)]).await;
    let state = state.expect("a slice").state;
    let email = |id| state.agent(id).expect("an agent").email.clone();
    let (agent, other) = (email(one.agent), email(one.other));
    let sessions = async |email: &Email| cases(&world, Key::AgentSessions(email.clone())).await;
    assert_eq!(sessions(&agent).await, [one.case].into());
    assert_eq!(sessions(&other).await, [].into(), "on the team, not inside");

    let join = Command::JoinTeam {
        case: two.case,
        agent: one.agent,
    };
    world.run(OPERATOR, join).await;
    assert_eq!(sessions(&agent).await, [one.case].into());
    world
        .session(two.case, one.agent, SessionLimits::default())
        .await;
    assert_eq!(sessions(&agent).await, [one.case, two.case].into());
    world
        .session(one.case, one.other, SessionLimits::default())
        .await;
    assert_eq!(sessions(&other).await, [one.case].into());

    // Leaving a team ends that agent's session there and no other.
    let leave = Command::LeaveTeam {
        case: one.case,
        agent: one.agent,
    };
    world.run(OPERATOR, leave).await;
    assert_eq!(sessions(&agent).await, [two.case].into());
    assert_eq!(sessions(&other).await, [one.case].into());
    let deactivate = Command::SetAgentActive {
        agent: one.agent,
        active: false,
    };
    world.run(OPERATOR, deactivate).await;
    assert_eq!(sessions(&agent).await, [].into());
    assert_eq!(sessions(&other).await, [one.case].into());
}

/// Many cases at once, by number; numbers that name nothing find nothing.
pub async fn cases_are_found_by_many_numbers<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let one = world.live().await;
    let two = world.live().await;
    let state = world
        .store
        .load(&[Key::Case(one.case), Key::Case(two.case)])
        .await
        .expect("a slice")
        .state;
    let mut numbers: Vec<_> = state.cases().map(|case| case.number.clone()).collect();
    numbers.push(good(CaseNumber::parse("nowhere")));
    let slice = world.store.load(&[Key::CaseNumbers(numbers)]).await;
    let slice = slice.expect("a slice");
    assert_eq!(slice.state, state, "with everyone they mention");
    let nothing = cases(&world, Key::CaseNumbers(vec![])).await;
    assert_eq!(nothing, [].into());
}

/// A credential comes with its owner, whose stream an event about it belongs to.
pub async fn a_credential_brings_its_owner<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let org = world.org().await;
    let admin = world.admin(org, Role::Admin).await;
    let agent = world.agent().await;
    let span = Duration::from_hours(1);
    for (owner, stream) in [
        (CredentialOwner::Admin(admin), StreamId::Admin(admin)),
        (CredentialOwner::Agent(agent), StreamId::Agent(agent)),
        (CredentialOwner::Operator, StreamId::Operators),
    ] {
        let (id, _) = world.mint(owner, CredentialKind::ApiToken, span).await;
        let slice = world.store.load(&[Key::Credential(id)]).await;
        let slice = slice.expect("a slice");
        let found: Vec<_> = slice.credentials.iter().map(|c| (c.id, c.owner)).collect();
        assert_eq!(found, [(id, owner)]);
        assert!(slice.versions.iter().any(|(named, _)| *named == stream));
        let with_org = slice.state.org(org).is_some();
        assert_eq!(with_org, matches!(owner, CredentialOwner::Admin(_)));
    }
}

/// Every stream of a slice has its version: how many events it has.
pub async fn versions_cover_the_slice<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let tail = world.store.tail(Position(0), 1_000).await.expect("a tail");
    let slice = world
        .store
        .load(&[Key::Case(live.case)])
        .await
        .expect("a slice");
    assert_eq!(slice.head, tail.last().expect("an event").position);
    let named: BTreeSet<StreamId> = slice.versions.iter().map(|(stream, _)| *stream).collect();
    let expected: BTreeSet<StreamId> = [
        StreamId::Org(live.org),
        StreamId::Admin(live.boss),
        StreamId::Admin(live.opener),
        StreamId::Agent(live.agent),
        StreamId::Agent(live.other),
        StreamId::Case(live.case),
        StreamId::Operators,
    ]
    .into();
    assert_eq!(named, expected);
    assert_eq!(named.len(), slice.versions.len(), "each is named once");
    for (stream, version) in slice.versions {
        let events = tail
            .iter()
            .filter(|recorded| recorded.event.stream() == stream)
            .count();
        assert_eq!(version, Version(events as u64), "{stream}");
    }
}

/// The directory is every org and agent; of one org, its people too.
pub async fn the_directory_holds_orgs_and_agents<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let one = world.live().await;
    let two = world.live().await;
    let all = world.store.directory(None).await.expect("a directory");
    assert_eq!(all.state.orgs().count(), 2);
    assert_eq!(all.state.agents().count(), 4);
    assert_eq!(all.state.admins().count(), 0);
    let of_one = world
        .store
        .directory(Some(one.org))
        .await
        .expect("a directory");
    let admins: BTreeSet<_> = of_one.state.admins().map(|admin| admin.id).collect();
    assert_eq!(admins, [one.boss, one.opener].into());
    assert_eq!(
        of_one.state.orgs().map(|org| org.id).collect::<Vec<_>>(),
        [one.org]
    );
    assert_eq!(of_one.state.agents().count(), 4);
    assert!(of_one.state.org(two.org).is_none());
    assert_eq!(of_one.state.cases().count(), 0);
}

/// The tail is the same in pages as in one piece.
pub async fn the_tail_pages<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    world.live().await;
    let whole = world.store.tail(Position(0), 1_000).await.expect("a tail");
    let mut paged = vec![];
    let mut after = Position(0);
    loop {
        let page = world.store.tail(after, 3).await.expect("a page");
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        after = last.position;
        paged.extend(page);
    }
    assert_eq!(paged, whole);
    assert_eq!(after, world.store.head().await.expect("a head"));
    assert!(
        world
            .store
            .tail(after, 10)
            .await
            .expect("a tail")
            .is_empty()
    );
}

/// A follower wakes soon after an append, and does not sleep when there is more already.
pub async fn waiting_ends_when_there_is_more<B: Backend>(backend: &B) {
    let world = Arc::new(World::new(backend).await);
    let org = world.org().await;
    let head = world.store.head().await.expect("a head");
    let soon = Wait::from_secs(5);
    tokio::time::timeout(soon, world.store.wait_for_more(Position(0)))
        .await
        .expect("there is more already");
    let follower = {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            while world.store.head().await.expect("a head") <= head {
                world.store.wait_for_more(head).await;
            }
        })
    };
    let admin = world.admin(org, Role::Admin).await;
    world.case(org, OpenedBy::Admin(admin), []).await;
    tokio::time::timeout(soon, follower)
        .await
        .expect("the follower wakes")
        .expect("the follower ends");
}
