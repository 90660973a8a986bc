//! People as a directory that provisions them lists, changes and removes them.

use countersign_domain::{
    Actor, AdminId, Command, CredentialKind, CredentialOwner, Duration, Email, ExternalId, OrgId,
    Person, PersonName, Profile, Role,
};

use super::{Backend, OPERATOR, Refused, World};
use crate::{
    AppendError, DirectoryOf, DirectoryQuery, Key, PeopleOf, PeoplePage, PeopleQuery, Store,
    Unique, Which,
};

fn email(text: &str) -> Email {
    Email::parse(text).expect("an address")
}

async fn page<S: Store>(
    world: &World<S>,
    of: PeopleOf,
    which: Which,
    (after, skip): (Option<&str>, usize),
    limit: usize,
) -> PeoplePage {
    let query = PeopleQuery {
        of,
        which,
        after: after.map(email),
        skip,
        limit,
    };
    world.store.people(query).await.expect("a page")
}

fn emails(page: &PeoplePage) -> Vec<&str> {
    let people = page.people.iter();
    people
        .map(|listed| match listed.person {
            Person::Admin(id) => page.state.admin(id).expect("them").email.as_str(),
            Person::Agent(id) => page.state.agent(id).expect("them").email.as_str(),
        })
        .collect()
}

async fn directory<S: Store>(world: &World<S>, org: Option<OrgId>) -> Actor {
    let owner = CredentialOwner::Provisioning(org);
    let kind = CredentialKind::ScimToken;
    let (via, _) = world.mint(owner, kind, Duration::from_hours(1)).await;
    Actor::Provisioning { org, via }
}

fn named(admin: AdminId, address: &str, external: &str) -> Command {
    Command::ChangeAdmin {
        admin,
        email: email(address),
        name: PersonName::parse("Somebody").expect("a name"),
        profile: Profile {
            external_id: ExternalId::parse(external).ok(),
            ..Profile::default()
        },
    }
}

/// By address, id, role and the directory's own name for them, page by page, with when they were made and
/// changed.
pub async fn people_are_found_as_a_directory_asks<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (org, other) = (world.org().await, world.org().await);
    let acting = directory(&world, Some(org)).await;
    let made = world.store.now().await.expect("store time");
    let mut admins = vec![];
    for role in [Role::Admin, Role::SuperAdmin, Role::Admin] {
        admins.push(world.admin(org, role).await);
    }
    let stranger = world.admin(other, Role::SuperAdmin).await;
    let agent = world.agent().await;
    world.clock.advance(Duration::from_mins(1));
    let changed = world.store.now().await.expect("store time");
    for (at, (address, external)) in [("c@x.test", "E1"), ("a@x.test", "e1"), ("b@x.test", "E1")]
        .into_iter()
        .enumerate()
    {
        world
            .run(acting, named(admins[at], address, external))
            .await;
    }
    world.clock.advance(Duration::from_mins(1));
    // What is made for them is no change of them.
    let token = CredentialKind::ApiToken;
    let owner = CredentialOwner::Admin(admins[0]);
    world.mint(owner, token, Duration::from_hours(1)).await;

    let of = PeopleOf::Org(org);
    let external = |text: &str| Which::External(ExternalId::parse(text).expect("one"));
    let all = ["a@x.test", "b@x.test", "c@x.test"];
    for (which, after, skip, limit, found, total) in [
        (Which::All, None, 0, 9, &all[..], 3),
        (Which::All, None, 0, 2, &all[..2], 3),
        (Which::All, None, 1, 1, &all[1..2], 3),
        (Which::All, Some("a@x.test"), 0, 9, &all[1..], 3),
        (Which::All, None, 9, 9, &[], 3),
        (Which::All, None, 0, 0, &[], 3),
        (Which::Email(email("b@x.test")), None, 0, 9, &all[1..2], 1),
        (Which::Email(email("z@x.test")), None, 0, 9, &[], 0),
        (external("E1"), None, 0, 9, &all[1..], 2),
        (external("e1"), None, 0, 9, &all[..1], 1),
        (Which::Role(Role::SuperAdmin), None, 0, 9, &all[..1], 1),
        (
            Which::One(Person::Admin(admins[2])),
            None,
            0,
            9,
            &all[1..2],
            1,
        ),
        (Which::One(Person::Admin(stranger)), None, 0, 9, &[], 0),
        (Which::One(Person::Agent(agent)), None, 0, 9, &[], 0),
    ] {
        let read = page(&world, of, which.clone(), (after, skip), limit).await;
        assert_eq!(emails(&read), found, "{which:?} {after:?} {skip} {limit}");
        assert_eq!(read.total, total, "{which:?}");
        assert!(read.state.org(org).is_some() || found.is_empty());
        for one in &read.people {
            assert_eq!(
                (one.created_at, one.changed_at),
                (made, changed),
                "{which:?}"
            );
        }
    }
    let agents = page(&world, PeopleOf::Vendor, Which::All, (None, 0), 9).await;
    assert_eq!(agents.people.len(), 1);
    let nobody = Which::Role(Role::Admin);
    let agents = page(&world, PeopleOf::Vendor, nobody, (None, 0), 9).await;
    assert_eq!(agents.people.len(), 0);
}

/// An address that is changed is unique as one that is made, and the old one is free.
pub async fn a_changed_address_is_unique<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let org = world.org().await;
    let acting = directory(&world, Some(org)).await;
    let (one, two) = (
        world.admin(org, Role::Admin).await,
        world.admin(org, Role::Admin).await,
    );
    world.run(acting, named(one, "one@x.test", "E1")).await;
    let taken = world.attempt(acting, &named(two, "one@x.test", "E2")).await;
    assert!(
        matches!(
            taken,
            Err(Refused::Store(AppendError::Taken(Unique::Email)))
        ),
        "{taken:?}"
    );
    world.run(acting, named(one, "uno@x.test", "E1")).await;
    world.run(acting, named(two, "one@x.test", "E2")).await;
}

/// Whoever is removed is in no list, is known where they are named, and has given their address back.
pub async fn whoever_is_removed_is_in_no_list<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let org = world.org().await;
    let slug = world.store.load(&[Key::Org(org)]).await.expect("the org");
    let slug = slug.state.org(org).expect("the org").slug.clone();
    let acting = directory(&world, Some(org)).await;
    let vendors = directory(&world, None).await;
    let (admin, agent) = (world.admin(org, Role::Admin).await, world.agent().await);
    world.run(acting, named(admin, "gone@x.test", "E1")).await;
    world.run(acting, Command::RemoveAdmin { admin }).await;
    world.run(vendors, Command::RemoveAgent { agent }).await;
    for (of, directory) in [
        (PeopleOf::Org(org), DirectoryOf::Admins(org)),
        (PeopleOf::Vendor, DirectoryOf::Agents),
    ] {
        let read = page(&world, of, Which::All, (None, 0), 9).await;
        assert_eq!((read.people.len(), read.total), (0, 0));
        let query = DirectoryQuery {
            of: directory,
            after: None,
            limit: 9,
        };
        let read = world.store.directory_page(query).await.expect("a page");
        assert_eq!(read.state.admins().count() + read.state.agents().count(), 0);
    }
    let whole = world.store.directory(Some(org)).await.expect("all").state;
    assert_eq!(whole.admins().count() + whole.agents().count(), 0);
    let by_address = Key::AdminEmail(slug, email("gone@x.test"));
    let found = world.store.load(std::slice::from_ref(&by_address)).await;
    assert!(found.expect("a slice").state.admin(admin).is_none());
    let known = world.store.load(&[Key::Admin(admin)]).await;
    assert!(
        known
            .expect("a slice")
            .state
            .admin(admin)
            .expect("them")
            .removed
    );

    let next = Command::CreateAdmin {
        admin: world.id("adm"),
        org,
        email: email("gone@x.test"),
        name: PersonName::parse("Another").expect("a name"),
        role: Role::Admin,
    };
    world.run(OPERATOR, next).await;
    let found = world.store.load(&[by_address]).await.expect("a slice");
    assert_eq!(found.state.admins().count(), 1);
}

/// The credential of an org's directory is kept and listed as one of the org's own, with how it stands.
pub async fn a_directorys_credential_is_the_orgs<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let org = world.org().await;
    let Actor::Provisioning { via, .. } = directory(&world, Some(org)).await else {
        unreachable!("it is one");
    };
    let slice = world.store.load(&[Key::Credential(via)]).await.expect("it");
    let known = slice.state.credential(via).expect("it is kept");
    assert_eq!((known.owner, known.org), (None, org));
    assert!(slice.state.org(org).is_some());
    assert_eq!(
        slice.credentials.first().map(|one| one.owner),
        Some(CredentialOwner::Provisioning(Some(org)))
    );
    let waiting = world.store.waiting_credentials(org, 9).await.expect("them");
    assert_eq!(waiting.iter().map(|one| one.id).collect::<Vec<_>>(), [via]);
}
