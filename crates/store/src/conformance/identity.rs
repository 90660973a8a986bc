//! Credentials, browser sessions and signing keys.

use std::sync::Arc;

use countersign_domain::{CredentialKind, CredentialOwner, Duration, Person, Role, SecretHash};

use super::{
    Backend, World,
    world::{OPERATOR, secret},
};
use crate::{
    AtProvider, BrowserSessionLimits, CredentialQuery, CredentialsOf, Key, NewBrowserSession,
    SigningKey, Store,
};

const HOUR: Duration = Duration::from_hours(1);
const LIMITS: BrowserSessionLimits = BrowserSessionLimits {
    idle: Duration::from_mins(32),
    absolute: Duration::from_hours(3),
};

fn new(cookie: SecretHash) -> NewBrowserSession {
    NewBrowserSession {
        cookie,
        limits: LIMITS,
    }
}

/// A credential reads as it was minted; another hash finds nothing.
pub async fn credentials_are_found_by_hash<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let agent = world.agent().await;
    let owner = CredentialOwner::Agent(agent);
    let minted_at = world.store.now().await.expect("a time");
    let (id, hash) = world.mint(owner, CredentialKind::ApiToken, HOUR).await;
    let credential = world.store.credential(hash).await.expect("an answer");
    let credential = credential.expect("the credential");
    assert_eq!(credential.id, id);
    assert_eq!(credential.owner, owner);
    assert_eq!(credential.kind, CredentialKind::ApiToken);
    assert_eq!(credential.minted_by, OPERATOR);
    assert_eq!(credential.created_at, minted_at);
    assert_eq!(credential.expires_at, minted_at.plus(HOUR));
    assert_eq!(credential.spent_at, None);
    assert!(credential.is_good());
    let other = world.store.credential(secret(9_999)).await;
    assert_eq!(other.expect("an answer"), None);
}

/// Good until the millisecond before its expiry.
pub async fn a_credential_runs_out_at_its_expiry<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (_, hash) = world
        .mint(CredentialOwner::Operator, CredentialKind::ApiToken, HOUR)
        .await;
    let good = async || {
        let credential = world.store.credential(hash).await.expect("an answer");
        credential.expect("the credential").is_good()
    };
    world
        .clock
        .advance(Duration::from_millis(HOUR.as_millis() - 1));
    assert!(good().await);
    world.clock.advance(Duration::from_millis(1));
    assert!(!good().await);
}

/// Revoking is for good, and doing it again changes nothing.
pub async fn a_revoked_credential_is_spent<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (id, hash) = world
        .mint(CredentialOwner::Operator, CredentialKind::ApiToken, HOUR)
        .await;
    let revoked_at = world.store.now().await.expect("a time");
    for events in [1, 0] {
        assert_eq!(world.revoke(id).await.len(), events);
        let credential = world.store.credential(hash).await.expect("an answer");
        let credential = credential.expect("the credential");
        assert_eq!(credential.spent_at, Some(revoked_at));
        assert!(!credential.is_good());
        world.clock.advance(Duration::from_secs(1));
    }
    let nobodys = [Key::Credential(world.id("cred"))];
    let nothing = world.store.load(&nobodys).await.expect("a slice");
    assert_eq!(nothing.credentials, []);
}

/// An org's settings page lists its people's credentials, newest first (R3).
pub async fn credentials_of_an_org_are_listed<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (org, other) = (world.org().await, world.org().await);
    let dana = world.admin(org, Role::SuperAdmin).await;
    let eve = world.admin(other, Role::SuperAdmin).await;
    let agent = world.agent().await;
    let mut expected = vec![];
    for owner in [
        CredentialOwner::Admin(dana),
        CredentialOwner::Admin(eve),
        CredentialOwner::Agent(agent),
        CredentialOwner::Operator,
        CredentialOwner::Admin(dana),
    ] {
        let (id, _) = world.mint(owner, CredentialKind::ApiToken, HOUR).await;
        if owner == CredentialOwner::Admin(dana) {
            expected.insert(0, id);
        }
    }
    let listed = async |limit| -> Vec<_> {
        let found = world.store.credentials_of(org, limit).await;
        found
            .expect("a list")
            .iter()
            .map(|found| found.id)
            .collect()
    };
    assert_eq!(listed(10).await, expected);
    assert_eq!(listed(1).await, expected[..1]);
}

/// Everyone's, an org's and one owner's credentials are paged through, newest first, with their
/// owners.
pub async fn credentials_page_through<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let org = world.org().await;
    let (dana, ben) = (
        world.admin(org, Role::SuperAdmin).await,
        world.admin(org, Role::Admin).await,
    );
    let agent = world.agent().await;
    let owners = [
        CredentialOwner::Admin(dana),
        CredentialOwner::Agent(agent),
        CredentialOwner::Admin(ben),
        CredentialOwner::Operator,
        CredentialOwner::Admin(dana),
    ];
    let mut minted = vec![];
    for owner in owners {
        let (id, _) = world.mint(owner, CredentialKind::ApiToken, HOUR).await;
        minted.insert(0, (id, owner));
    }
    for (of, expected) in [
        (CredentialsOf::All, owners.to_vec()),
        (
            CredentialsOf::Org(org),
            vec![owners[0], owners[2], owners[4]],
        ),
        (CredentialsOf::Owner(owners[0]), vec![owners[0], owners[4]]),
        (CredentialsOf::Owner(owners[1]), vec![owners[1]]),
        (CredentialsOf::Owner(owners[3]), vec![owners[3]]),
    ] {
        let expected: Vec<_> = minted
            .iter()
            .filter(|(_, owner)| expected.contains(owner))
            .map(|(id, _)| *id)
            .collect();
        let mut found = vec![];
        let mut after = None;
        loop {
            let limit = 2;
            let query = CredentialQuery { of, after, limit };
            let page = world.store.credentials(query).await.expect("a page");
            for credential in &page.credentials {
                let known = match credential.owner {
                    CredentialOwner::Admin(id) => page.state.admin(id).is_some(),
                    CredentialOwner::Agent(id) => page.state.agent(id).is_some(),
                    CredentialOwner::Operator | CredentialOwner::Provisioning(_) => true,
                };
                assert!(known, "{credential:?}");
            }
            found.extend(page.credentials.iter().map(|credential| credential.id));
            assert_eq!(page.more, found.len() < expected.len(), "{of:?}");
            after = found.last().copied();
            if !page.more {
                break;
            }
        }
        assert_eq!(found, expected, "{of:?}");
    }
}

/// A sign-in link makes one browser session, of its owner.
pub async fn a_login_link_is_good_once<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let agent = world.agent().await;
    let org = world.org().await;
    let admin = world.admin(org, Role::Admin).await;
    for (owner, person, cookie) in [
        (
            CredentialOwner::Agent(agent),
            Person::Agent(agent),
            secret(501),
        ),
        (
            CredentialOwner::Admin(admin),
            Person::Admin(admin),
            secret(502),
        ),
    ] {
        let (_, link) = world.mint(owner, CredentialKind::LoginLink, HOUR).await;
        let now = world.store.now().await.expect("a time");
        let using = world.store.use_login_link(link, new(cookie)).await;
        assert!(using.expect("an answer"));
        let session = world.store.browser_session(cookie, LIMITS).await;
        let session = session.expect("an answer").expect("a browser session");
        assert_eq!(session.person, person);
        assert_eq!(session.started_at, now);
        assert_eq!(session.ends_at, now.plus(LIMITS.absolute));
        let again = world.store.use_login_link(link, new(secret(503))).await;
        assert!(!again.expect("an answer"));
        let nobody = world.store.browser_session(secret(503), LIMITS).await;
        assert_eq!(nobody.expect("an answer"), None);
        for _ in 0..2 {
            world
                .store
                .end_browser_session(cookie, LIMITS)
                .await
                .expect("it ends");
        }
        let ended = world.store.browser_session(cookie, LIMITS).await;
        assert_eq!(ended.expect("an answer"), None);
    }
}

/// Of two who use one link at the same moment, one gets in.
pub async fn a_login_link_used_twice_at_once_lets_one_in<B: Backend>(backend: &B) {
    let world = Arc::new(World::new(backend).await);
    let agent = world.agent().await;
    for round in 0..8_u64 {
        let owner = CredentialOwner::Agent(agent);
        let (_, link) = world.mint(owner, CredentialKind::LoginLink, HOUR).await;
        let cookies = [secret(600 + 2 * round), secret(601 + 2 * round)];
        let uses = cookies.map(|cookie| {
            let world = Arc::clone(&world);
            tokio::spawn(async move { world.store.use_login_link(link, new(cookie)).await })
        });
        let mut won = 0;
        for (using, cookie) in uses.into_iter().zip(cookies) {
            let let_in = using.await.expect("it ends").expect("an answer");
            won += u32::from(let_in);
            let session = world.store.browser_session(cookie, LIMITS).await;
            assert_eq!(session.expect("an answer").is_some(), let_in);
        }
        assert_eq!(won, 1);
    }
}

/// Expired and revoked links, tokens, and strangers' hashes sign nobody in.
pub async fn only_good_login_links_sign_in<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let owner = CredentialOwner::Agent(world.agent().await);
    let (id, revoked) = world.mint(owner, CredentialKind::LoginLink, HOUR).await;
    world.revoke(id).await;
    let (_, token) = world.mint(owner, CredentialKind::ApiToken, HOUR).await;
    let (_, expired) = world
        .mint(owner, CredentialKind::LoginLink, Duration::from_mins(1))
        .await;
    world.clock.advance(Duration::from_mins(1));
    for link in [revoked, token, expired, secret(9_999)] {
        let using = world.store.use_login_link(link, new(secret(700))).await;
        assert!(!using.expect("an answer"));
    }
    let nobody = world.store.browser_session(secret(700), LIMITS).await;
    assert_eq!(nobody.expect("an answer"), None);
}

async fn signed_in<S: Store>(world: &World<S>) -> SecretHash {
    let owner = CredentialOwner::Agent(world.agent().await);
    let (_, link) = world.mint(owner, CredentialKind::LoginLink, HOUR).await;
    let cookie = secret(world.number() + 10_000);
    let using = world.store.use_login_link(link, new(cookie)).await;
    assert!(using.expect("an answer"));
    cookie
}

/// A browser session that is used stays; one that is not is over at its idle limit at the latest,
/// and never more than a minute before. It does not come back.
pub async fn browser_sessions_go_idle<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let cookie = signed_in(&world).await;
    let is_live = async || {
        let session = world.store.browser_session(cookie, LIMITS).await;
        session.expect("an answer").is_some()
    };
    for _ in 0..4 {
        world.clock.advance(Duration::from_mins(30));
        assert!(is_live().await);
    }
    // Activity within the granularity may go unwritten, so the limit counts from some moment of
    // the last minute.
    world.clock.advance(Duration::from_secs(30));
    assert!(is_live().await);
    world.clock.advance(Duration::from_mins(31));
    assert!(is_live().await);
    world.clock.advance(LIMITS.idle);
    assert!(!is_live().await);
    let patient = BrowserSessionLimits {
        idle: LIMITS.idle,
        absolute: Duration::from_hours(100),
    };
    let session = world.store.browser_session(cookie, patient).await;
    assert_eq!(session.expect("an answer"), None);
}

/// An operator's browser goes idle in the same way, and ends when its credential does, also when that is
/// revoked. Its cookie is no token; a token is no cookie.
pub async fn operators_browsers_go_idle<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let idle = Duration::from_mins(30);
    let begun = async || {
        let day = Duration::from_hours(4);
        let owner = CredentialOwner::Operator;
        let (id, cookie) = world.mint(owner, CredentialKind::ApiToken, day).await;
        let nobody = world.store.operator_browser(cookie, idle).await;
        assert_eq!(nobody.expect("an answer"), None, "a token is no cookie");
        let begun = world
            .store
            .begin_operator_browser(cookie, AtProvider::default())
            .await;
        begun.expect("an answer");
        let token = world.store.credential(cookie).await;
        assert_eq!(token.expect("an answer"), None, "the cookie is no token");
        (id, cookie)
    };
    let is_live = async |(id, cookie)| {
        let found = world.store.operator_browser(cookie, idle).await;
        let found = found.expect("an answer");
        assert!(found.is_none_or(|found| found.id == id));
        found.is_some()
    };
    let used = begun().await;
    let left = begun().await;
    for _ in 0..7 {
        world.clock.advance(Duration::from_mins(28));
        assert!(is_live(used).await);
    }
    assert!(!is_live(left).await);
    let patient = world
        .store
        .operator_browser(used.1, Duration::from_hours(9));
    assert!(patient.await.expect("an answer").is_some());
    // Seven times 28 minutes, and then some: the credential's own four hours.
    world.clock.advance(Duration::from_mins(25));
    assert!(is_live(used).await);
    world.clock.advance(Duration::from_mins(19));
    assert!(!is_live(used).await);

    let exactly = begun().await;
    world
        .clock
        .advance(Duration::from_millis(idle.as_millis() - 1));
    let almost = begun().await;
    world.clock.advance(Duration::from_millis(1));
    assert!(!is_live(exactly).await);
    assert!(is_live(almost).await);
}

/// A browser session ends at its absolute limit, also one that was tightened since it began.
pub async fn browser_sessions_reach_their_limit<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let cookie = signed_in(&world).await;
    let is_live = async |absolute| {
        let limits = BrowserSessionLimits {
            absolute,
            idle: Duration::from_hours(100),
        };
        let session = world.store.browser_session(cookie, limits).await;
        session.expect("an answer").is_some()
    };
    let almost = Duration::from_millis(LIMITS.absolute.as_millis() - 1);
    world.clock.advance(almost);
    assert!(is_live(LIMITS.absolute).await);
    assert!(!is_live(Duration::from_hours(2)).await);
    world.clock.advance(Duration::from_millis(1));
    assert!(!is_live(LIMITS.absolute).await);
    assert!(!is_live(Duration::from_hours(100)).await);
}

/// Keys are there while a signature of theirs may be live.
pub async fn signing_keys_are_published_until_they_expire<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let now = world.store.now().await.expect("a time");
    let key = |kid: &str, span| SigningKey {
        kid: kid.to_owned(),
        jwk: format!("{{\"kid\":\"{kid}\"}}"),
        expires_at: now.plus(span),
    };
    let (short, long) = (key("a", HOUR), key("b", Duration::from_hours(2)));
    for key in [&short, &long] {
        world
            .store
            .publish_key(key.clone())
            .await
            .expect("published");
    }
    let keys = async || world.store.keys().await.expect("keys");
    assert_eq!(keys().await, [short, long.clone()]);
    world.clock.advance(HOUR);
    assert_eq!(keys().await, std::slice::from_ref(&long));
    let renewed = key("b", Duration::from_hours(5));
    world
        .store
        .publish_key(renewed.clone())
        .await
        .expect("published");
    assert_eq!(keys().await, [renewed]);
}
