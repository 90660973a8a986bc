//! Two people at once.

use countersign_domain::Role;
use serde_json::json;

use crate::world::{BEN, OPERATOR, World, email, good, slug};

#[tokio::test]
async fn ticking_and_unticking_at_once_leaves_one_of_the_two() {
    let world = World::new().await;
    let number = world.requested_case().await;
    let path = format!("/api/v1/cases/{number}/grant");
    for _ in 0..10 {
        let (ticked, unticked) = tokio::join!(
            world.call(&world.tokens.dana, "PUT", &path, None),
            world.call(&world.tokens.ben, "DELETE", &path, None),
        );
        ticked.with(200);
        unticked.with(200);
        let case = format!("/api/v1/cases/{number}");
        let read = world.get(&world.tokens.dana, &case).await;
        let impersonation = read.with(200)["impersonation"].clone();
        let is_live = impersonation["status"] == "ENABLED";
        assert!(
            is_live
                || ["DISABLED", "REQUESTED"]
                    .iter()
                    .any(|s| impersonation["status"] == *s)
        );
        assert_eq!(is_live, impersonation["expires_at"].is_string());
        assert_eq!(is_live, impersonation["granted_by"].is_object());
    }
}

/// R2: a role that is gone when the append is made does not count, even if it was there when the
/// case was loaded. Whichever comes first, a tick that is answered 200 stands.
#[tokio::test]
async fn a_role_taken_during_the_tick_either_came_later_or_forbids_it() {
    let world = World::new().await;
    let (acme, ben) = (slug("acme"), email(BEN));
    let narrow = json!({
        "default_duration_minutes": 480, "extension": true, "approvers": "super_admins",
        "pin_team": false, "self_openers_only": false,
    });
    let settings = world.call(
        &world.tokens.dana,
        "PUT",
        "/api/v1/orgs/acme/settings",
        Some(&narrow),
    );
    settings.await.with(200);
    for _ in 0..10 {
        let number = world.requested_case().await;
        let path = format!("/api/v1/cases/{number}/grant");
        good(
            world
                .app
                .set_role(OPERATOR, &acme, &ben, Role::SuperAdmin)
                .await,
        );
        let (ticked, demoted) = tokio::join!(
            world.call(&world.tokens.ben, "PUT", &path, None),
            world.app.set_role(OPERATOR, &acme, &ben, Role::Admin),
        );
        good(demoted);
        let case = format!("/api/v1/cases/{number}");
        let read = world.get(&world.tokens.dana, &case).await;
        let impersonation = read.with(200)["impersonation"].clone();
        if ticked.status == 200 {
            assert_eq!(impersonation["status"], "ENABLED");
            assert_eq!(impersonation["granted_by_active"], false);
        } else {
            ticked.problem(403, "only_super_admins_approve_here");
            assert_eq!(impersonation["status"], "REQUESTED");
        }
    }
}

#[tokio::test]
async fn cases_of_ones_own_opened_at_once_get_numbers_of_their_own() {
    let world = World::new().await;
    let own = json!({"org": "acme", "subject": "Mine"});
    let (one, two) = tokio::join!(
        world.post(&world.tokens.ben, "/api/v1/cases", &own),
        world.post(&world.tokens.dana, "/api/v1/cases", &own),
    );
    assert_ne!(one.with(201)["number"], two.with(201)["number"]);
}
