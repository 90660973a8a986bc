//! Appending: gapless, in order, all or nothing, and only on what was seen.

use std::sync::Arc;

use countersign_domain::{
    Actor, Command, CredentialKind, CredentialOwner, Duration, Event, OpenedBy, OrgId, PersonName,
    Role, Slug, StreamId,
};

use super::{
    Backend, ManualClock, Refused, World,
    world::{OPERATOR, good},
};
use crate::{
    Append, AppendError, CaseQuery, Key, Position, StatusFilter, Store, Unique, Version, Viewer,
};

/// Positions are handed out without gaps or repeats, whoever writes at once.
pub async fn positions_are_gapless_under_concurrent_writers<B: Backend>(backend: &B) {
    const WRITERS: u64 = 8;
    const EACH: u64 = 8;
    let world = Arc::new(World::new(backend).await);
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                for _ in 0..EACH {
                    world.org().await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.expect("a writer ends");
    }
    let tail = world.store.tail(Position(0), 1_000).await.expect("a tail");
    let positions: Vec<u64> = tail.iter().map(|recorded| recorded.position.0).collect();
    let expected: Vec<u64> = (1..=WRITERS * EACH * 2).collect();
    assert_eq!(positions, expected);
    assert!(tail.is_sorted_by_key(|recorded| recorded.at));
}

/// A decision about a case does not stand once the case has moved.
pub async fn a_moved_case_conflicts<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let keys = [Key::Case(live.case), Key::Admin(live.boss)];
    moved(
        &world,
        &keys,
        (
            Actor::Admin {
                id: live.boss,
                via: None,
            },
            Command::Revoke { case: live.case },
        ),
        (
            Actor::Agent { id: live.agent },
            Command::EndSession {
                case: live.case,
                session: live.session,
            },
        ),
    )
    .await;
}

/// A decision about a case does not stand once its org has moved.
pub async fn a_moved_org_conflicts<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let boss = Actor::Admin {
        id: live.boss,
        via: None,
    };
    moved(
        &world,
        &[Key::Case(live.case), Key::Admin(live.boss)],
        (boss, Command::CloseCase { case: live.case }),
        (boss, Command::Block { org: live.org }),
    )
    .await;
}

/// A decision about a case does not stand once a person it looks at has moved (R2).
pub async fn a_moved_person_conflicts<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    moved(
        &world,
        &[Key::Case(live.case), Key::Admin(live.boss)],
        (
            Actor::Admin {
                id: live.boss,
                via: None,
            },
            Command::Revoke { case: live.case },
        ),
        (
            OPERATOR,
            Command::SetRole {
                admin: live.boss,
                role: Role::Admin,
            },
        ),
    )
    .await;
}

/// Decides `stale` on what is there, lets `between` go through, and appends the stale decision.
async fn moved<S: Store>(
    world: &World<S>,
    keys: &[Key],
    (actor, stale): (Actor, Command),
    (other, between): (Actor, Command),
) {
    let slice = world.store.load(keys).await.expect("a slice");
    let events =
        countersign_domain::decide(&slice.state, &stale, &actor, slice.now).expect("events");
    assert!(!events.is_empty());
    world.run(other, between).await;
    let before = world.store.load(keys).await.expect("a slice");
    let result = world
        .store
        .append(Append {
            actor,
            at: slice.now,
            read: &slice.versions,
            events: &events,
            credentials: &[],
            kept: None,
            passkey: None,
            client: None,
        })
        .await;
    assert!(matches!(result, Err(AppendError::Conflict)), "{result:?}");
    let after = world.store.load(keys).await.expect("a slice");
    assert_eq!(before.head, after.head);
    assert_eq!(before.state, after.state);
    assert_eq!(before.versions, after.versions);
}

fn org_created<S: Store>(world: &World<S>, slug: &str) -> (OrgId, Event) {
    let org = world.id("org");
    let event = Event::OrgCreated {
        org,
        slug: good(Slug::parse(slug)),
        name: good(PersonName::parse("Acme Inc")),
    };
    (org, event)
}

async fn append<S: Store>(
    world: &World<S>,
    read: &[(StreamId, Version)],
    events: &[Event],
) -> Result<Position, AppendError> {
    world
        .store
        .append(Append {
            actor: OPERATOR,
            at: ManualClock::START,
            read,
            events,
            credentials: &[],
            kept: None,
            passkey: None,
            client: None,
        })
        .await
        .map(|appended| appended.position)
}

/// What was taken for new must be new.
pub async fn a_stream_taken_for_new_conflicts<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (org, event) = org_created(&world, "acme");
    let read = [(StreamId::Org(org), Version::NONE)];
    append(&world, &read, std::slice::from_ref(&event))
        .await
        .expect("an org");
    let again = append(&world, &read, &[event]).await;
    assert!(matches!(again, Err(AppendError::Conflict)), "{again:?}");
}

/// Nothing is written to a stream that was not looked at.
pub async fn a_stream_that_was_not_named_is_refused<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (_, event) = org_created(&world, "acme");
    let stream = event.stream();
    let result = append(&world, &[], &[event]).await;
    assert!(
        matches!(result, Err(AppendError::Unnamed(unnamed)) if unnamed == stream),
        "{result:?}"
    );
    assert_eq!(world.store.head().await.expect("a head"), Position(0));
}

/// A slug, an address in its org or among agents, and a case number name one thing.
pub async fn slugs_addresses_and_case_numbers_are_unique<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let elsewhere = world.org().await;
    let slice = world
        .store
        .load(&[Key::Case(live.case)])
        .await
        .expect("a slice");
    let org = slice.state.org(live.org).expect("the org").clone();
    let case = slice.state.case(live.case).expect("the case").clone();
    let opener = slice.state.admin(live.opener).expect("the opener").clone();
    let agent = slice.state.agent(live.agent).expect("the agent").clone();
    let taken = |result: Result<_, Refused>, unique: Unique| {
        let is_taken =
            matches!(result, Err(Refused::Store(AppendError::Taken(found))) if found == unique);
        assert!(is_taken, "{unique:?}");
    };

    let same_slug = Command::CreateOrg {
        org: world.id("org"),
        slug: org.slug,
        name: org.name,
    };
    taken(world.attempt(OPERATOR, &same_slug).await, Unique::Slug);

    let admin_in = |org| Command::CreateAdmin {
        admin: world.id("adm"),
        org,
        email: opener.email.clone(),
        name: opener.name.clone(),
        role: Role::Admin,
    };
    taken(
        world.attempt(OPERATOR, &admin_in(live.org)).await,
        Unique::Email,
    );
    world.run(OPERATOR, admin_in(elsewhere)).await;

    let same_agent = Command::CreateAgent {
        agent: world.id("agt"),
        email: agent.email,
        name: agent.name,
    };
    taken(world.attempt(OPERATOR, &same_agent).await, Unique::Email);

    let same_number = Command::OpenCase(countersign_domain::NewCase {
        case: world.id("case"),
        org: live.org,
        number: case.number,
        number_chosen: true,
        title: case.title,
        opened_by: OpenedBy::Admin(live.opener),
        team: [live.agent].into(),
    });
    taken(
        world.attempt(OPERATOR, &same_number).await,
        Unique::CaseNumber,
    );
}

/// An append whose last event fails leaves nothing of the others.
pub async fn what_fails_changes_nothing<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (first, created) = org_created(&world, "acme");
    append(&world, &[(StreamId::Org(first), Version::NONE)], &[created])
        .await
        .expect("an org");
    let (other, good_event) = org_created(&world, "initech");
    let (third, same_slug) = org_created(&world, "acme");
    let read = [
        (StreamId::Org(other), Version::NONE),
        (StreamId::Org(third), Version::NONE),
    ];
    let result = append(&world, &read, &[good_event, same_slug]).await;
    assert!(
        matches!(result, Err(AppendError::Taken(Unique::Slug))),
        "{result:?}"
    );
    assert_eq!(world.store.head().await.expect("a head"), Position(1));
    let slice = world.store.load(&[Key::Org(other)]).await.expect("a slice");
    assert!(slice.state.org(other).is_none());
    assert!(world.log(other).await.is_empty());
    world.org().await;
}

/// Store time is the later of the clock and what was recorded.
pub async fn time_never_goes_back<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    world.clock.advance(Duration::from_hours(1));
    let org = world.org().await;
    let late = world.store.now().await.expect("a time");
    world.clock.set(ManualClock::START);
    assert_eq!(world.store.now().await.expect("a time"), late);
    let (created, event) = org_created(&world, "later");
    append(&world, &[(StreamId::Org(created), Version::NONE)], &[event])
        .await
        .expect("an org");
    let admin = world.admin(org, Role::Admin).await;
    let tail = world.store.tail(Position(0), 100).await.expect("a tail");
    assert!(tail.is_sorted_by_key(|recorded| recorded.at));
    assert_eq!(tail.last().expect("an event").at, late);
    let slice = world
        .store
        .load(&[Key::Admin(admin)])
        .await
        .expect("a slice");
    assert_eq!(slice.now, late);
    let page = world
        .store
        .cases(CaseQuery {
            viewer: Viewer::All,
            status: StatusFilter::Any,
            after: None,
            limit: 1,
        })
        .await
        .expect("a page");
    assert_eq!(page.now, late);
}

/// What operators do for themselves is on a stream that every slice names.
pub async fn operators_have_a_stream_of_their_own<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    for _ in 0..2 {
        let (_, hash) = world
            .mint(
                CredentialOwner::Operator,
                CredentialKind::ApiToken,
                Duration::from_hours(1),
            )
            .await;
        let credential = world.store.credential(hash).await.expect("an answer");
        assert!(credential.is_some_and(|credential| credential.is_good()));
    }
    let slice = world.store.load(&[]).await.expect("a slice");
    assert_eq!(slice.versions, [(StreamId::Operators, Version(2))]);
}

/// The newest event that takes something away is known at once.
pub async fn barriers_are_found<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let barrier = world.store.newest_barrier().await.expect("a barrier");
    let head = world.store.head().await.expect("a head");
    assert!(barrier < head, "starting a session takes nothing away");
    world
        .run(
            Actor::Admin {
                id: live.boss,
                via: None,
            },
            Command::Revoke { case: live.case },
        )
        .await;
    let head = world.store.head().await.expect("a head");
    assert_eq!(world.store.newest_barrier().await.expect("a barrier"), head);
    world.org().await;
    let slice = world
        .store
        .load(&[Key::Case(live.case)])
        .await
        .expect("a slice");
    let folded = world.store.tail(Position(0), 1_000).await.expect("a tail");
    let newest = folded
        .iter()
        .rev()
        .find(|recorded| recorded.event.takes_away())
        .map(|recorded| recorded.position);
    assert_eq!(Some(slice.barrier), newest);
}
