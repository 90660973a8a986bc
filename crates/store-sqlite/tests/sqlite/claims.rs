//! Claims in a file that an older version has written, or still writes.

use std::sync::Arc;

use countersign_domain::{
    Actor, Command, CredentialKind, CredentialOwner, Duration, Role, Standing, WayIn,
};
use countersign_store::{
    BrowserSessionLimits, CeremonyKind, Key, NewBrowserSession, NewCeremony, Passkeys, Store,
    conformance::{Backend, World, secret},
};
use sqlx::{Connection, Executor};

use crate::{file::raw, scratch::Scratch};

const LIMITS: BrowserSessionLimits = BrowserSessionLimits {
    idle: Duration::from_hours(1),
    absolute: Duration::from_hours(3),
};

/// What was minted and who was signed in before there were claims goes on, and will wait like
/// everything else that an operator made.
#[tokio::test]
async fn what_an_older_version_left_is_carried_over() {
    let scratch = Scratch::new();
    let world = World::new(&scratch).await;
    let org = world.org().await;
    let dana = world.admin(org, Role::SuperAdmin).await;
    let hour = Duration::from_hours(1);
    let owner = CredentialOwner::Admin(dana);
    let (token, _) = world.mint(owner, CredentialKind::ApiToken, hour).await;
    let (_, link) = world.mint(owner, CredentialKind::LoginLink, hour).await;
    world
        .mint(CredentialOwner::Operator, CredentialKind::ApiToken, hour)
        .await;
    let session = NewBrowserSession {
        cookie: secret(1),
        limits: LIMITS,
    };
    let using = world.store.use_login_link(link, session).await;
    assert!(using.expect("an answer"));
    world.store.close().await;
    let clock = Arc::clone(&world.clock);
    drop(world);

    let mut connection = raw(&scratch).await;
    for sql in [
        "DROP TRIGGER orgs_keep_their_claim",
        "DROP TABLE admin_credentials",
        "DROP TABLE passkeys",
        "DROP TABLE ceremonies",
        "DROP INDEX browser_sessions_credential",
        "ALTER TABLE browser_sessions DROP COLUMN credential",
        "DELETE FROM _sqlx_migrations WHERE description = 'claims and passkeys'",
    ] {
        connection.execute(sql).await.expect(sql);
    }
    connection.close().await.expect("it closes");

    let store = scratch.open(clock).await;
    let slice = store.load(&[Key::Credential(token)]).await;
    let state = slice.expect("a slice").state;
    let kept = state.credential(token).expect("the token");
    assert_eq!(
        (kept.owner, kept.org, kept.way, kept.standing),
        (Some(dana), org, WayIn::ApiToken, Standing::Unaccepted)
    );
    let session = store.browser_session(secret(1), LIMITS).await;
    let session = session.expect("an answer").expect("the session goes on");
    assert_eq!(session.credential, None);
}

/// A process of an older version that would write an org without its claim is refused.
#[tokio::test]
async fn nobody_writes_a_claim_away() {
    let scratch = Scratch::new();
    let world = World::new(&scratch).await;
    let org = world.org().await;
    let dana = world.admin(org, Role::SuperAdmin).await;
    let passkey = world.passkey(dana).await;
    let by = Actor::Admin {
        id: dana,
        via: Some(passkey.id),
    };
    world.run(by, Command::SignIn).await;
    let mut connection = raw(&scratch).await;
    for sql in [
        "UPDATE orgs SET doc = json_remove(doc, '$.claim')",
        "UPDATE orgs SET doc = json_set(doc, '$.claim.by', 'adm_0')",
    ] {
        let refused = connection.execute(sql).await.expect_err(sql);
        assert!(refused.to_string().contains("claim"), "{refused}");
    }
    // Everything else about a claimed org is written as ever.
    world.run(by, Command::Block { org }).await;
}

/// Anybody begins a sign-in by the vendor's provider. However many do, a passkey is still answered for.
#[tokio::test]
async fn many_ceremonies_of_one_kind_push_out_none_of_another() {
    let scratch = Scratch::new();
    let world = World::new(&scratch).await;
    let begin = async |browser, kind| {
        let ceremony = NewCeremony {
            browser: secret(browser),
            kind,
            state: "asked".to_owned(),
            good_for: Duration::from_mins(5),
        };
        let begun = world.store.begin_ceremony(ceremony).await;
        begun.expect("it begins");
    };
    begin(1, CeremonyKind::Passkey).await;
    begin(2, CeremonyKind::Staff).await;
    let mut connection = raw(&scratch).await;
    let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
                INSERT INTO ceremonies (browser, state, expires_at, kind)
                SELECT CAST('stranger' || i AS BLOB), 'asked', 9000000000000, 'staff' FROM n";
    connection.execute(many).await.expect(many);
    connection.close().await.expect("it closes");
    begin(3, CeremonyKind::Staff).await;
    let take = async |browser| {
        let taken = world.store.take_ceremony(secret(browser)).await;
        taken.expect("an answer").is_some()
    };
    assert!(take(1).await, "the passkey's");
    assert!(!take(2).await, "the first of the many's kind");
}
