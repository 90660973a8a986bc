//! OpenID providers of orgs, and who comes in by them (R3).

use std::collections::BTreeSet;

use countersign_domain::{
    Actor, AdminId, Command, CredentialId, Duration, IssuerId, IssuerUrl, MailDomain, NewIssuer,
    OpenIdClient, OpenIdSubject, OrgId, Person, Role, SecretHash, bound,
};

use super::{
    Backend, World,
    world::{OPERATOR, good, secret},
};
use crate::{AtProvider, BrowserSessionLimits, Key, NewBrowserSession, ORGS_OF_A_DOMAIN, Store};

const LIMITS: BrowserSessionLimits = BrowserSessionLimits {
    idle: Duration::from_hours(1),
    absolute: Duration::from_hours(3),
};

fn domain(text: &str) -> MailDomain {
    good(MailDomain::parse(text))
}

async fn add<S: Store>(world: &World<S>, org: OrgId, domains: &[&str]) -> IssuerId {
    let issuer = world.id("iss");
    let url = format!("https://login{}.example.com", world.number());
    let said = NewIssuer {
        url: good(IssuerUrl::parse(&url)),
        client: good(OpenIdClient::parse("countersign")),
        domains: domains.iter().map(|text| domain(text)).collect(),
    };
    let sealed = None;
    let command = Command::AddIssuer {
        org,
        issuer,
        said,
        sealed,
    };
    world.run(OPERATOR, command).await;
    issuer
}

/// Somebody comes in by an issuer for the first time.
async fn bind<S: Store>(
    world: &World<S>,
    org: OrgId,
    admin: AdminId,
    subject: OpenIdSubject,
) -> CredentialId {
    let credential = world.id("cred");
    let slice = world.store.load(&[Key::Admin(admin)]).await;
    let email = slice
        .expect("a slice")
        .state
        .admin(admin)
        .map(|known| known.email.clone());
    let actor = Actor::Admin {
        id: admin,
        via: Some(credential),
    };
    let command = Command::SignInByIssuer {
        org,
        credential,
        subject,
        email,
    };
    world.run(actor, command).await;
    credential
}

async fn orgs_of<S: Store>(world: &World<S>, text: &str) -> BTreeSet<OrgId> {
    let slice = world.store.load(&[Key::MailDomain(domain(text))]).await;
    let state = slice.expect("a slice").state;
    state.orgs().map(|org| org.id).collect()
}

async fn opens<S: Store>(world: &World<S>, credential: CredentialId, cookie: SecretHash) -> bool {
    let session = NewBrowserSession {
        cookie,
        limits: LIMITS,
    };
    let begun = world
        .store
        .begin_openid_session(credential, session, AtProvider::default())
        .await;
    begun.expect("an answer")
}

async fn signed_in<S: Store>(world: &World<S>, cookie: SecretHash) -> Option<Person> {
    let session = world.store.browser_session(cookie, LIMITS).await;
    session.expect("an answer").map(|session| session.person)
}

/// A domain finds the orgs whose providers speak for it now, and no more of them than tells that there are
/// several.
pub async fn a_domain_finds_its_orgs<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (one, other, third) = (world.org().await, world.org().await, world.org().await);
    let first = add(&world, one, &["one.test", "both.test"]).await;
    assert_eq!(orgs_of(&world, "one.test").await, BTreeSet::from([one]));
    assert_eq!(orgs_of(&world, "two.test").await, BTreeSet::new());
    let second = add(&world, one, &["one.test"]).await;
    add(&world, other, &["both.test"]).await;
    assert_eq!(
        orgs_of(&world, "both.test").await,
        BTreeSet::from([one, other])
    );
    add(&world, third, &["both.test"]).await;
    assert_eq!(orgs_of(&world, "both.test").await.len(), ORGS_OF_A_DOMAIN);
    // As long as one of its providers speaks for it.
    let remove = |issuer| Command::RemoveIssuer { org: one, issuer };
    world.run(OPERATOR, remove(first)).await;
    assert_eq!(orgs_of(&world, "one.test").await, BTreeSet::from([one]));
    assert_eq!(
        orgs_of(&world, "both.test").await,
        BTreeSet::from([other, third])
    );
    world.run(OPERATOR, remove(second)).await;
    assert_eq!(orgs_of(&world, "one.test").await, BTreeSet::new());
}

/// Whom a provider knows comes in until that is taken back, and is out then.
pub async fn whom_a_provider_knows_comes_in<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let org = world.org().await;
    let admin = world.admin(org, Role::Admin).await;
    let other = world.admin(org, Role::Admin).await;
    let issuer = add(&world, org, &["acme.test"]).await;
    let subject = |number| OpenIdSubject {
        issuer,
        subject: secret(number),
    };
    let (theirs, others) = (
        bind(&world, org, admin, subject(901)).await,
        bind(&world, org, other, subject(902)).await,
    );
    assert!(opens(&world, theirs, secret(911)).await);
    assert!(opens(&world, theirs, secret(912)).await);
    assert!(opens(&world, others, secret(913)).await);
    let session = world.store.browser_session(secret(911), LIMITS).await;
    let session = session.expect("an answer").expect("a browser session");
    assert_eq!(
        (session.person, session.credential),
        (Person::Admin(admin), Some(theirs))
    );
    assert!(!opens(&world, world.id("cred"), secret(914)).await);
    // A passkey is none of these.
    let passkey = world.passkey(admin).await;
    assert!(!opens(&world, passkey.id, secret(914)).await);
    assert_eq!(signed_in(&world, secret(914)).await, None);

    // All that began with one of them end, and it goes on opening.
    let ended = world.store.end_browser_sessions_by(theirs).await;
    ended.expect("they end");
    for (cookie, who) in [(911, None), (912, None), (913, Some(Person::Admin(other)))] {
        assert_eq!(signed_in(&world, secret(cookie)).await, who, "{cookie}");
    }
    assert!(opens(&world, theirs, secret(915)).await);
    let unbind = Command::UnbindOpenId { credential: theirs };
    let actor = Actor::Admin {
        id: admin,
        via: None,
    };
    world.run(actor, unbind).await;
    assert_eq!(signed_in(&world, secret(915)).await, None);
    assert!(!opens(&world, theirs, secret(916)).await);
    assert_eq!(
        signed_in(&world, secret(913)).await,
        Some(Person::Admin(other))
    );
}

/// Whoever can act for an org is loaded with what its providers know them by, and the providers with the org.
pub async fn keyholders_come_with_what_providers_know_them_by<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let org = world.org().await;
    let admin = world.admin(org, Role::SuperAdmin).await;
    let issuer = add(&world, org, &["acme.test"]).await;
    let subject = OpenIdSubject {
        issuer,
        subject: secret(921),
    };
    let credential = bind(&world, org, admin, subject).await;
    let slice = world.store.load(&[Key::Org(org)]).await;
    let state = slice.expect("a slice").state;
    let known = state.org(org).expect("the org");
    assert_eq!(known.claim.map(|claim| claim.credential), Some(credential));
    assert!(
        known
            .issuer(issuer)
            .is_some_and(|issuer| issuer.standing.counts())
    );
    let slice = world
        .store
        .load(&[Key::Keyholders(known.slug.clone())])
        .await;
    let state = slice.expect("a slice").state;
    assert_eq!(
        bound(&state, subject).map(|one| (one.id, one.owner)),
        Some((credential, Some(admin)))
    );
}
