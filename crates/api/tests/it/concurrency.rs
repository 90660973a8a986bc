//! Two people at once.

use countersign_domain::{Duration, Role};
use futures_util::future::join_all;
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

/// R16: however many starts come at once, on two cases, no more sessions run than may; the refusal
/// says which ones run, and ending one of them makes room.
#[tokio::test]
async fn sessions_started_at_once_do_not_exceed_the_agents_limit() {
    let world = World::new().await;
    let sam = &world.tokens.sam;
    let mut paths = vec![];
    for _ in 0..2 {
        let number = world.granted_case().await;
        paths.push((format!("/api/v1/cases/{number}/sessions"), number));
    }
    let started: Vec<_> = join_all((0..12).map(|n| {
        let (path, _) = &paths[n % 2];
        world.call(sam, "POST", path, None)
    }))
    .await;
    let good: Vec<String> = started
        .iter()
        .filter(|answer| answer.status == 201)
        .map(|answer| answer.json()["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(good.len(), 10, "{started:#?}");
    for refused in started.iter().filter(|answer| answer.status != 201) {
        let problem = refused.problem(409, "too_many_sessions");
        let running = problem["sessions"].as_array().unwrap();
        let mut ids: Vec<&str> = running
            .iter()
            .map(|one| one["id"].as_str().unwrap())
            .collect();
        let mut expected: Vec<&str> = good.iter().map(String::as_str).collect();
        ids.sort_unstable();
        expected.sort_unstable();
        assert_eq!(ids, expected);
        for one in running {
            assert!(
                paths.iter().any(|(_, number)| one["case"] == *number),
                "{one}"
            );
            assert_eq!(one["started_at"], world.later(Duration::from_secs(0)));
        }
        let said = problem["detail"].as_str().unwrap();
        let (a, b) = (&paths[0].1, &paths[1].1);
        assert!(
            said.ends_with(&format!(
                "end one of them first, on one of these cases: {a}, {b}."
            )),
            "{said}"
        );
    }
    let end = format!("/api/v1/sessions/{}", good[0]);
    world.call(sam, "DELETE", &end, None).await.with(200);
    world.call(sam, "POST", &paths[0].0, None).await.with(201);
    let full = world.call(sam, "POST", &paths[1].0, None).await;
    full.problem(409, "too_many_sessions");
    // Without a request for half an hour they are idle, and nobody needs to end them.
    world.pass(Duration::from_mins(30));
    world.call(sam, "POST", &paths[1].0, None).await.with(201);
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

/// Each start moves what the agent's other starts are decided on; they do not keep each other busy with it.
#[tokio::test]
async fn sessions_started_at_once_are_each_decided_once() {
    let world = World::with(|settings| settings.session.per_agent = 40).await;
    let mut paths = vec![];
    for _ in 0..4 {
        let number = world.granted_case().await;
        paths.push(format!("/api/v1/cases/{number}/sessions"));
    }
    let before = world.store.appends();
    let calls = (0..40).map(|n| world.call(&world.tokens.sam, "POST", &paths[n % 4], None));
    for started in join_all(calls).await {
        started.with(201);
    }
    assert_eq!(world.store.appends() - before, 40);
}
