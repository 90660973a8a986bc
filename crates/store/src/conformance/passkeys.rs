//! Passkeys, claims, and what waits for the customer (R3).

use countersign_domain::{
    Actor, AdminId, Awaiting, Command, CredentialId, CredentialKind, CredentialOwner, Duration,
    Event, Person, Role, SecretHash, Standing, State,
};

use super::{
    Backend, Refused, World,
    world::{OPERATOR, secret},
};
use crate::{
    AppendError, BrowserSessionLimits, CeremonyKind, Key, NewBrowserSession, NewCeremony,
    NewPasskey, Passkeys, Position, Store, Unique,
};

const HOUR: Duration = Duration::from_hours(1);
const LIMITS: BrowserSessionLimits = BrowserSessionLimits {
    idle: Duration::from_hours(1),
    absolute: Duration::from_hours(3),
};

fn new(cookie: SecretHash) -> NewBrowserSession {
    NewBrowserSession {
        cookie,
        limits: LIMITS,
    }
}

async fn signed_in_by<S: Store>(world: &World<S>, cookie: SecretHash) -> Option<CredentialId> {
    let session = world.store.browser_session(cookie, LIMITS).await;
    session
        .expect("an answer")
        .and_then(|session| session.credential)
}

/// Uses a passkey as it is now.
async fn use_key<S: Store>(world: &World<S>, passkey: &NewPasskey, cookie: SecretHash) -> bool {
    let (key, session) = (&passkey.key, new(cookie));
    let used = world.store.use_passkey(passkey.id, key, key, session).await;
    used.expect("an answer")
}

/// A passkey is found by the id that authenticators know, and makes a browser session that says so.
pub async fn a_passkey_signs_its_owner_in<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let org = world.org().await;
    let admin = world.admin(org, Role::Admin).await;
    let created_at = world.store.now().await.expect("a time");
    let passkey = world.passkey(admin).await;
    let found = world.store.passkey(&passkey.handle).await;
    let found = found.expect("an answer").expect("the passkey");
    assert_eq!(
        (
            found.id,
            &found.handle,
            found.person,
            &found.name,
            &found.key
        ),
        (
            passkey.id,
            &passkey.handle,
            Person::Admin(admin),
            &passkey.name,
            &passkey.key
        )
    );
    assert_eq!(
        (found.created_at, found.last_used_at, found.standing),
        (created_at, None, Standing::Unaccepted)
    );
    let other = world.store.passkey(b"another").await;
    assert_eq!(other.expect("an answer"), None);

    world.clock.advance(HOUR);
    let now = world.store.now().await.expect("a time");
    assert!(use_key(&world, &passkey, secret(801)).await);
    let session = world.store.browser_session(secret(801), LIMITS).await;
    let session = session.expect("an answer").expect("a browser session");
    assert_eq!(
        (session.person, session.credential, session.started_at),
        (Person::Admin(admin), Some(passkey.id), now)
    );
    let second = world.passkey(admin).await;
    let strangers = world.admin(org, Role::Admin).await;
    let third = world.passkey(strangers).await;
    let ids = |list: Vec<crate::Passkey>| list.iter().map(|one| one.id).collect::<Vec<_>>();
    let theirs = world.store.passkeys_of(Person::Admin(admin)).await;
    let theirs = theirs.expect("a list");
    assert_eq!(theirs[0].last_used_at, Some(now));
    assert_eq!(ids(theirs), [passkey.id, second.id]);
    let all = world.store.passkeys_in(org).await;
    assert_eq!(ids(all.expect("a list")), [passkey.id, second.id, third.id]);
    let elsewhere = world.store.passkeys_in(world.org().await).await;
    assert_eq!(elsewhere.expect("a list"), []);

    // A link says by which link, too.
    let owner = CredentialOwner::Admin(admin);
    let (id, link) = world.mint(owner, CredentialKind::LoginLink, HOUR).await;
    let using = world.store.use_login_link(link, new(secret(802))).await;
    assert!(using.expect("an answer"));
    assert_eq!(signed_in_by(&world, secret(802)).await, Some(id));
}

/// Of two uses that saw the same counter, one wins.
pub async fn a_passkey_is_used_as_it_was_seen<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let org = world.org().await;
    let passkey = world.passkey(world.admin(org, Role::Admin).await).await;
    let use_from = async |was: &str, becomes: &str, cookie| {
        let session = new(secret(cookie));
        let used = world.store.use_passkey(passkey.id, was, becomes, session);
        used.await.expect("an answer")
    };
    assert!(use_from(&passkey.key, "one", 811).await);
    assert!(!use_from(&passkey.key, "another", 812).await);
    assert_eq!(signed_in_by(&world, secret(812)).await, None);
    assert!(use_from("one", "two", 813).await);
    let found = world.store.passkey(&passkey.handle).await;
    assert_eq!(found.expect("an answer").expect("the passkey").key, "two");
    let strange: CredentialId = world.id("cred");
    let session = new(secret(814));
    let used = world
        .store
        .use_passkey(strange, "two", "two", session)
        .await;
    assert!(!used.expect("an answer"));
}

/// What authenticators know a passkey by names one for ever.
pub async fn a_handle_is_never_free_again<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let org = world.org().await;
    let admin = world.admin(org, Role::Admin).await;
    let passkey = world.passkey(admin).await;
    let by = Actor::Admin {
        id: admin,
        via: None,
    };
    for _ in 0..2 {
        let again = NewPasskey {
            id: world.id("cred"),
            ..passkey.clone()
        };
        let registered = world.register(by, &again).await;
        assert!(
            matches!(
                registered,
                Err(Refused::Store(AppendError::Taken(Unique::Passkey)))
            ),
            "{registered:?}"
        );
        let credential = passkey.id;
        // Nor once it has been removed.
        let remove = Command::RemovePasskey { credential };
        let _ = world.attempt(by, &remove).await;
    }
}

/// Whoever came by it is out, in the same transaction.
pub async fn what_is_removed_or_refused_lets_nobody_in<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let claimed = Claimed::new(&world).await;
    let removed = world.passkey_by(claimed.dana()).await.expect("a passkey");
    assert!(use_key(&world, &removed, secret(821)).await);
    let owner = CredentialOwner::Admin(claimed.dana);
    let (link, hash) = world.mint(owner, CredentialKind::LoginLink, HOUR).await;
    let using = world.store.use_login_link(hash, new(secret(822))).await;
    assert!(using.expect("an answer"));
    let (token, tokens) = world.mint(owner, CredentialKind::ApiToken, HOUR).await;
    assert!(use_key(&world, &claimed.annes, secret(823)).await);

    let credential = removed.id;
    world
        .run(claimed.dana(), Command::RemovePasskey { credential })
        .await;
    for id in [link, token, claimed.annes.id] {
        let what = Awaiting::Credential(id);
        world.run(claimed.dana(), Command::Refuse { what }).await;
    }
    for cookie in [821, 822, 823] {
        assert_eq!(signed_in_by(&world, secret(cookie)).await, None);
    }
    for passkey in [&removed, &claimed.annes] {
        assert!(!use_key(&world, passkey, secret(824)).await);
        let found = world.store.passkey(&passkey.handle).await;
        assert_eq!(found.expect("an answer"), None);
    }
    let found = world.store.credential(tokens).await.expect("an answer");
    let found = found.expect("the token");
    assert!(!found.is_good());
    assert!(matches!(found.standing, Standing::Refused { by, .. } if by == claimed.dana));
    // Everybody else's sign-in goes on.
    assert!(use_key(&world, &claimed.danas, secret(825)).await);
    assert_eq!(
        signed_in_by(&world, secret(825)).await,
        Some(claimed.danas.id)
    );
}

/// An org whose super admin Dana has claimed it; Anne, another one, waits with her passkey.
struct Claimed {
    dana: AdminId,
    anne: AdminId,
    danas: NewPasskey,
    annes: NewPasskey,
}

impl Claimed {
    async fn new<S: Store>(world: &World<S>) -> Self {
        let org = world.org().await;
        let dana = world.admin(org, Role::SuperAdmin).await;
        let anne = world.admin(org, Role::SuperAdmin).await;
        let claimed = Self {
            dana,
            anne,
            danas: world.passkey(dana).await,
            annes: world.passkey(anne).await,
        };
        let events = world.run(claimed.dana(), Command::SignIn).await;
        assert!(matches!(events[..], [Event::OrgClaimed { .. }]));
        claimed
    }

    fn dana(&self) -> Actor {
        Actor::Admin {
            id: self.dana,
            via: Some(self.danas.id),
        }
    }
}

/// What still opens something, or has let somebody in, waits; what is over or decided does not.
pub async fn credentials_wait_until_somebody_decides<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let claimed = Claimed::new(&world).await;
    let org = world.store.load(&[Key::Admin(claimed.dana)]).await;
    let org = org
        .expect("a slice")
        .state
        .admin(claimed.dana)
        .expect("Dana")
        .org;
    let owner = CredentialOwner::Admin(claimed.dana);
    let mint = async |kind, span| world.mint(owner, kind, span).await;
    let (used, used_link) = mint(CredentialKind::LoginLink, HOUR).await;
    let (unused, _) = mint(CredentialKind::LoginLink, HOUR).await;
    let (token, _) = mint(CredentialKind::ApiToken, HOUR).await;
    let (accepted, _) = mint(CredentialKind::ApiToken, HOUR).await;
    let (refused, _) = mint(CredentialKind::ApiToken, HOUR).await;
    let (revoked, _) = mint(CredentialKind::ApiToken, HOUR).await;
    mint(CredentialKind::ApiToken, Duration::from_millis(1)).await;
    let using = world
        .store
        .use_login_link(used_link, new(secret(831)))
        .await;
    assert!(using.expect("an answer"));
    for (what, accept) in [(accepted, true), (refused, false)] {
        let what = Awaiting::Credential(what);
        let command = match accept {
            true => Command::Accept { what },
            false => Command::Refuse { what },
        };
        world.run(claimed.dana(), command).await;
    }
    world.revoke(revoked).await;
    world.clock.advance(Duration::from_millis(1));
    let waiting = async || -> Vec<(CredentialId, bool)> {
        let waiting = world.store.waiting_credentials(org, 10).await;
        let waiting = waiting.expect("a list");
        waiting.iter().map(|one| (one.id, one.in_use)).collect()
    };
    assert_eq!(
        waiting().await,
        [(token, false), (unused, false), (used, true)]
    );
    let one = world.store.waiting_credentials(org, 1).await;
    assert_eq!(one.expect("a list").len(), 1);
    let ending = world.store.end_browser_session(secret(831), LIMITS).await;
    ending.expect("it ends");
    assert_eq!(waiting().await, [(token, false), (unused, false)]);
    world.clock.advance(HOUR);
    assert_eq!(waiting().await, []);
}

/// What the store keeps of claims and standings equals a fold of all events.
pub async fn claims_are_kept_as_the_domain_folds_them<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let claimed = Claimed::new(&world).await;
    let (dana, anne) = (claimed.dana(), claimed.anne);
    let org = world.store.load(&[Key::Admin(anne)]).await;
    let org = org.expect("a slice").state.admin(anne).expect("Anne").org;
    let paul = world.admin(org, Role::Admin).await;
    let mut credentials = vec![claimed.danas.id, claimed.annes.id];
    for owner in [claimed.dana, anne, paul] {
        let owner = CredentialOwner::Admin(owner);
        credentials.push(world.mint(owner, CredentialKind::ApiToken, HOUR).await.0);
    }
    let removed = world.passkey_by(dana).await.expect("a passkey").id;
    credentials.push(removed);
    let raise = Command::SetRole {
        admin: paul,
        role: Role::SuperAdmin,
    };
    let role = Awaiting::Role(paul, Role::SuperAdmin);
    let decide = |what| (dana, Command::Accept { what });
    let refuse = |what| (dana, Command::Refuse { what });
    let script = [
        decide(Awaiting::Admin(anne)),
        decide(Awaiting::Credential(claimed.annes.id)),
        refuse(Awaiting::Credential(credentials[2])),
        (OPERATOR, raise.clone()),
        refuse(role),
        (OPERATOR, raise),
        decide(role),
        refuse(Awaiting::Admin(paul)),
        (
            dana,
            Command::RemovePasskey {
                credential: removed,
            },
        ),
    ];
    for (actor, command) in script {
        assert!(!world.run(actor, command).await.is_empty());
    }
    let mut folded = State::default();
    let tail = world.store.tail(Position(0), 1_000).await.expect("a tail");
    for recorded in &tail {
        folded.evolve(recorded.at, &recorded.event);
    }
    for id in credentials {
        let slice = world.store.load(&[Key::Credential(id)]).await;
        let state = slice.expect("a slice").state;
        assert_eq!(state.credential(id), folded.credential(id));
        if let Some(credential) = folded.credential(id) {
            // It brings its owner and the org, which every decision about it looks at.
            assert_eq!(
                credential.owner.and_then(|owner| state.admin(owner)),
                credential.owner.and_then(|owner| folded.admin(owner))
            );
            assert_eq!(state.org(org), folded.org(org));
        }
    }
    assert_eq!(folded.credential(removed), None);
    let directory = world.store.directory(Some(org)).await.expect("people");
    for admin in [claimed.dana, anne, paul] {
        assert_eq!(directory.state.admin(admin), folded.admin(admin));
    }
    assert!(folded.org(org).and_then(|org| org.claim).is_some());
}

/// Whoever can act for an org: its customer users and their passkeys, and nobody else's.
pub async fn keyholders_of_an_org_are_found<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let claimed = Claimed::new(&world).await;
    let other = Claimed::new(&world).await;
    let owner = CredentialOwner::Admin(claimed.dana);
    world.mint(owner, CredentialKind::ApiToken, HOUR).await;
    let slice = world.store.load(&[Key::Admin(claimed.dana)]).await;
    let state = slice.expect("a slice").state;
    let slug = state.orgs().next().expect("the org").slug.clone();
    let slice = world.store.load(&[Key::Keyholders(slug)]).await;
    let state = slice.expect("a slice").state;
    let admins: Vec<AdminId> = state.admins().map(|admin| admin.id).collect();
    let keys: Vec<CredentialId> = state.credentials().map(|one| one.id).collect();
    assert_eq!(admins, [claimed.dana, claimed.anne]);
    assert_eq!(keys, [claimed.danas.id, claimed.annes.id]);
    assert!(state.credential(other.danas.id).is_none());
}

/// A challenge is answered once, by the browser that asked, while it is good.
pub async fn a_ceremony_is_taken_once_and_in_time<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let begin = async |browser, state: &str| {
        let ceremony = NewCeremony {
            browser: secret(browser),
            kind: CeremonyKind::Passkey,
            state: state.to_owned(),
            good_for: Duration::from_mins(5),
        };
        let begun = world.store.begin_ceremony(ceremony).await;
        begun.expect("it begins");
    };
    let take = async |browser| {
        let taken = world.store.take_ceremony(secret(browser)).await;
        taken.expect("an answer")
    };
    begin(1, "one").await;
    begin(2, "two").await;
    assert_eq!(take(3).await, None);
    assert_eq!(take(1).await.as_deref(), Some("one"));
    assert_eq!(take(1).await, None);
    // A later one takes the earlier one's place.
    begin(2, "again").await;
    world.clock.advance(Duration::from_millis(5 * 60_000 - 1));
    assert_eq!(take(2).await.as_deref(), Some("again"));
    begin(4, "four").await;
    world.clock.advance(Duration::from_mins(5));
    assert_eq!(take(4).await, None);
}
