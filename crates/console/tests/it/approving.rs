//! The settings page: tick, extend, untick, self-assigned cases, the block (R6 to R15).

use std::sync::Arc;

use countersign_domain::{Duration, ImpersonationStatus as Status, OrgSettings};
use countersign_store::conformance::Fails;

use crate::{
    browser::Browser,
    form::{Form, notice, words},
    world::{CASE, World},
};

const EDIT: &str = "/settings/account?edit=support";

fn act(case: &str, what: &str) -> String {
    format!("/settings/account/cases/{case}/{what}")
}

async fn form(browser: &mut Browser, what: &str) -> Form {
    Form::on(&browser.page(EDIT).await, &act(CASE, what))
}

/// Where the card of a case stands among the others.
fn position(html: &str, case: &str) -> usize {
    html.find(&format!("<article class=\"request\" id=\"case-{case}\""))
        .or_else(|| {
            html.find(&format!(
                "<article class=\"request request-live\" id=\"case-{case}\""
            ))
        })
        .unwrap_or_else(|| panic!("no card for {case}"))
}

#[tokio::test]
async fn ticking_gives_access_for_eight_hours() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page(EDIT).await;
    let said = words(&page);
    assert!(said.contains(
        "If you tick this, Sam Ito and Kim Okafor can look inside Acme Inc as Ben Ode and see what \
         that person sees, read-only, for 8 h: until 1 Jan 2030, 08:00 UTC."
    ));
    assert!(said.contains("Ben Ode ben@acme.test according to the vendor"));
    assert!(said.contains("I would like to see the rule list as you see it."));

    let tick = Form::on(&page, &act(CASE, "grant"));
    assert_eq!(tick.value("grant"), None, "no box is ticked beforehand");
    let page = dana.done(&tick.with("grant", "on")).await;
    assert_eq!(
        notice(&page),
        "Access granted for case 00012345 until 1 Jan 2030, 08:00 UTC."
    );
    assert!(words(&page).contains("Expires 1 Jan 2030, 08:00 UTC 8 h left"));
    let until = world.now().plus(Duration::from_hours(8));
    assert_eq!(world.status(CASE).await, (Status::Enabled, Some(until)));
    assert_eq!(notice(&dana.page(EDIT).await), "", "said once");
}

#[tokio::test]
async fn the_grant_button_never_grants_without_the_box_and_never_removes() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let pressed = form(&mut dana, "grant").await.with("act", "grant");
    let page = dana.done(&pressed).await;
    assert!(notice(&page).contains("the box was not ticked"));
    assert_eq!(world.status(CASE).await.0, Status::Requested);

    dana.done(&pressed.clone().with("grant", "on")).await;
    assert_eq!(world.status(CASE).await.0, Status::Enabled);
    dana.done(&pressed).await;
    assert_eq!(world.status(CASE).await.0, Status::Enabled);
}

#[tokio::test]
async fn a_tick_on_a_page_that_is_out_of_date_gives_nothing() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let tick = form(&mut dana, "grant").await.with("grant", "on");
    world.pass(Duration::from_secs(1));
    world
        .ask_because(CASE, "Something else entirely, and more of it.")
        .await;
    let page = dana.done(&tick).await;
    assert!(notice(&page).starts_with("Case 00012345 has changed since you opened this page"));
    assert_eq!(world.status(CASE).await.0, Status::Requested);

    // Whom the tick gives access counts as what was shown.
    let tick = form(&mut dana, "grant").await.with("grant", "on");
    world.join(CASE, "robin@vendor.test").await;
    assert!(notice(&dana.done(&tick).await).contains("nothing was done"));
    assert_eq!(world.status(CASE).await.0, Status::Requested);

    let forged = form(&mut dana, "grant")
        .await
        .with("grant", "on")
        .with("seen", "");
    dana.done(&forged).await;
    assert_eq!(world.status(CASE).await.0, Status::Requested);
}

#[tokio::test]
async fn clearing_the_box_or_pressing_the_button_removes_access_at_once() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    for press in [false, true] {
        world.grant(CASE).await;
        let ticked = form(&mut dana, "grant").await;
        assert_eq!(ticked.value("grant"), Some("on"));
        let sent = if press {
            ticked.with("act", "revoke")
        } else {
            ticked.without("grant")
        };
        // Even on a page that is out of date.
        let page = dana.done(&sent.with("seen", "long ago")).await;
        assert_eq!(
            notice(&page),
            "Access removed for case 00012345. Effective everywhere since 00:00:00 UTC: the server confirmed it within a second."
        );
        assert_eq!(world.status(CASE).await, (Status::Disabled, None));
        assert!(words(&page).contains("Access removed 1 Jan 2030, 00:00 UTC"));
    }
    let again = form(&mut dana, "grant").await;
    assert_eq!(again.value("grant"), None);
    assert_eq!(
        notice(&dana.done(&again).await),
        "Case 00012345 has no access to remove."
    );
}

#[tokio::test]
async fn extending_gives_a_day_from_the_click_and_does_not_stack() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page(EDIT).await;
    assert!(words(&page).contains("24 h from your click: until 2 Jan 2030, 00:00 UTC"));
    let extend = Form::on(&page, &act(CASE, "extend"));
    let page = dana.done(&extend).await;
    assert_eq!(
        notice(&page),
        "Access for case 00012345 extended until 2 Jan 2030, 00:00 UTC."
    );
    assert_eq!(Form::find(&page, &act(CASE, "extend")), None);
    assert!(words(&page).contains("Already extended"));

    let page = dana.done(&extend).await;
    assert!(notice(&page).contains("has changed since you opened this page"));
    let fresh = Form::on(&page, &act(CASE, "grant"));
    let seen = fresh.value("seen").unwrap();
    let page = dana.done(&extend.with("seen", seen)).await;
    assert!(notice(&page).starts_with("Nothing changed for case 00012345"));
    let until = world.now().plus(Duration::from_hours(24));
    assert_eq!(world.status(CASE).await, (Status::Enabled, Some(until)));
}

#[tokio::test]
async fn what_has_expired_can_be_extended() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    world.pass(Duration::from_hours(8));
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page(EDIT).await;
    assert!(words(&page).contains("Expired 1 Jan 2030, 08:00 UTC expired just now"));
    // It gives access again, so it says to whom, as whom and until when, and asks before it does.
    let (asks, asked) = page.split_once("<details class=\"again\">").unwrap();
    assert_eq!(Form::find(asks, &act(CASE, "extend")), None);
    let asked = words(asked.split_once("</details>").unwrap().0);
    let said = "Extend access by 1 day This access has ended. If you extend it, Sam Ito and Kim Okafor can look \
         inside Acme Inc as Ben Ode again and see what that person sees, read-only, for 24 h: until \
         2 Jan 2030, 08:00 UTC. Every page they open is logged. Whoever your vendor puts on this case \
         later can look in too. Give access again";
    assert_eq!(asked.trim(), said);
    dana.done(&Form::on(&page, &act(CASE, "extend"))).await;
    let until = world.now().plus(Duration::from_hours(24));
    assert_eq!(world.status(CASE).await, (Status::Enabled, Some(until)));
}

/// A click that only lengthens access revives none that has ended meanwhile.
#[tokio::test]
async fn what_expires_before_the_click_is_not_extended_unasked() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page(EDIT).await;
    assert!(!page.contains("<details class=\"again\">"), "one click");
    let extend = Form::on(&page, &act(CASE, "extend"));
    world.pass(Duration::from_hours(8));
    let mut dana = world.signed_in("dana@acme.test").await;
    let csrf = Form::on(&dana.page(EDIT).await, &act(CASE, "extend"));
    let extend = extend.with("csrf", csrf.value("csrf").unwrap());
    let page = dana.done(&extend).await;
    assert!(notice(&page).contains("has changed since you opened this page"));
    assert_eq!(world.status(CASE).await.0, Status::Disabled);
}

#[tokio::test]
async fn closing_a_case_says_that_it_ends_live_access_and_asks() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let close = format!("/cases/{CASE}/close");
    let asks = "Support has access for this case now. Closing the case removes it and ends every session at once";
    world.ask(CASE).await;
    let page = dana.page("/cases").await;
    assert!(!words(&page).contains(asks));
    assert!(Form::find(&page, &close).is_some());
    world.grant(CASE).await;
    let page = dana.page("/cases").await;
    let (before, opened) = page.split_once("case-close\">").unwrap();
    assert_eq!(Form::find(before, &close), None);
    assert!(words(opened).contains(asks));
    let said = dana.done(&Form::on(&page, &close)).await;
    assert!(notice(&said).starts_with("Case 00012345 closed: it gives no access. Effective"));
}

#[tokio::test]
async fn a_self_assigned_case_needs_its_own_approval_first() {
    let world = World::new().await;
    let case = "00012352";
    world
        .open_case(case, "sam@vendor.test", &["sam@vendor.test"])
        .await;
    world.ask(case).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page(EDIT).await;
    assert!(words(&page).contains("Support assigned this case to itself. Approve it first"));
    let since = "opened this case and is on it, since 1 Jan 2030, 00:00 UTC";
    assert!(words(&page).contains(since));
    world.pass(Duration::from_mins(1));
    let forced = Form::on(&page, &act(case, "grant")).with("grant", "on");
    dana.submit(&forced)
        .await
        .refuses(409, "self_assignment_not_approved");

    let approve = Form::on(&page, &act(case, "self-assignment/approve"));
    let page = dana.done(&approve).await;
    assert!(notice(&page).starts_with("Support may work on case 00012352."));
    assert!(words(&page).contains(since));
    assert!(words(&page).contains("Approved by Dana Cruz"));
    assert_eq!(
        world.status(case).await.0,
        Status::Requested,
        "no access by itself"
    );

    let tick = Form::on(&page, &act(case, "grant")).with("grant", "on");
    let page = dana.done(&tick).await;
    assert_eq!(world.status(case).await.0, Status::Enabled);

    let withdraw = Form::on(&page, &act(case, "self-assignment/withdraw"));
    world.pass(Duration::from_mins(1));
    let page = dana.done(&withdraw.with("seen", "")).await;
    assert!(words(&page).contains(since), "{}", words(&page));
    assert!(notice(&page).starts_with("Approval for case 00012352 withdrawn. Effective"));
    assert_eq!(world.status(case).await.0, Status::Disabled);
    let stale = dana.done(&approve).await;
    assert!(
        notice(&stale).contains("has changed since"),
        "{}",
        notice(&stale)
    );
    world.leave(case, "sam@vendor.test").await;
    let page = words(&dana.page(EDIT).await);
    assert!(page.contains("opened this case and is no longer on it"));
}

#[tokio::test]
async fn blocking_stops_everything_and_lifting_restores_nothing() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page(EDIT).await;
    let page = dana.done(&Form::on(&page, "/settings/account/block")).await;
    assert!(notice(&page).starts_with("All support access is blocked. Effective everywhere"));
    assert_eq!(world.status(CASE).await.0, Status::Disabled);
    let said = words(&page);
    assert!(
        said.contains("since 1 Jan 2030, 00:00 UTC, by Dana Cruz"),
        "{said}"
    );
    assert!(said.contains("Cannot be granted: all support access is blocked."));
    let forced = Form::on(&page, &act(CASE, "grant")).with("grant", "on");
    dana.submit(&forced).await.refuses(409, "support_blocked");

    // Another admin sees who blocked, and is not offered to lift it.
    let mut ben = world.signed_in("ben@acme.test").await;
    let bens = ben.page("/settings/account").await;
    assert!(words(&bens).contains("by Dana Cruz"));
    assert_eq!(
        Form::find(&ben.page(EDIT).await, "/settings/account/unblock"),
        None
    );

    let page = dana
        .done(&Form::on(&page, "/settings/account/unblock"))
        .await;
    assert!(notice(&page).starts_with("The block is lifted. Nothing was restored"));
    assert_eq!(world.status(CASE).await.0, Status::Disabled);
}

#[tokio::test]
async fn what_waits_comes_first_then_what_ends_soonest() {
    let world = World::new().await;
    let team = ["sam@vendor.test"];
    for case in ["1", "2", "3", "4", "5"] {
        world.open_case(case, "ben@acme.test", &team).await;
        world.ask(case).await;
    }
    world.grant("1").await;
    world.pass(Duration::from_hours(8));
    world.grant("2").await;
    let revoked = crate::world::number("2");
    world.app.revoke(world.dana(), &revoked).await.unwrap();
    world.grant("3").await;
    world.pass(Duration::from_mins(1));
    world.grant("4").await;
    let page = world.signed_in("dana@acme.test").await.page(EDIT).await;
    let order: Vec<usize> = ["5", "3", "4", "1", "2"]
        .iter()
        .map(|case| position(&page, case))
        .collect();
    assert!(order.is_sorted(), "{order:?}");
}

#[tokio::test]
async fn the_org_may_narrow_who_approves_and_switch_extension_off() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    world
        .set(OrgSettings {
            self_openers_only: true,
            extension: false,
            ..OrgSettings::default()
        })
        .await;
    let mut ben = world.signed_in("ben@acme.test").await;
    let page = ben.page(EDIT).await;
    assert!(words(&page).contains("Only a super admin can change or remove this access."));
    let forced = Form::on(&page, &act(CASE, "grant"));
    ben.submit(&forced)
        .await
        .refuses(403, "opener_not_attested");
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page(EDIT).await;
    assert!(!page.contains("Extend access by 1 day"));
}

#[tokio::test]
async fn an_approver_is_told_what_has_changed_since_the_tick() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    world
        .ask_because(CASE, "The export runs until this evening.")
        .await;
    world.join(CASE, "robin@vendor.test").await;
    world.leave(CASE, "sam@vendor.test").await;
    let page = world.signed_in("ben@acme.test").await.page(EDIT).await;
    let said = words(&page);
    for flag in [
        "More time wanted. Sam Ito asked on",
        "The export runs until this evening.",
        "Joined the case after access was granted, and can look in too: Robin Vale",
        "Sam Ito, who asked, is no longer on this case",
    ] {
        assert!(said.contains(flag), "{flag}: {said}");
    }
}

#[tokio::test]
async fn the_closed_section_says_what_waits_and_who_has_access() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let said = words(&dana.page("/settings/account").await);
    assert!(said.contains("1 request waits for approval"));
    assert!(said.contains("Nobody from Support has access now"));
    world.grant(CASE).await;
    let said = words(&dana.page("/settings/account").await);
    assert!(said.contains("Sam Ito and Kim Okafor have access for case 00012345 until"));
    let page = dana.page("/settings/account").await;
    let card = "<a class=\"status-see\" href=\"/settings/account?edit=support#case-00012345\">";
    assert!(page.contains(card), "each leads to its card");
}

#[tokio::test]
async fn the_zone_of_the_browser_is_named_and_used() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    dana.plant("tz", "Europe/Berlin");
    let said = words(&dana.page(EDIT).await);
    assert!(said.contains("Times shown in Europe/Berlin"));
    assert!(said.contains("until 1 Jan 2030, 09:00 CET (UTC+01:00)"));
    dana.plant("tz", "Nowhere/<b>");
    assert!(words(&dana.page(EDIT).await).contains("Times shown in UTC"));
}

#[tokio::test]
async fn credentials_made_for_the_org_are_listed() {
    let world = World::new().await;
    world.link("ben@acme.test").await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let said = words(&dana.page(EDIT).await);
    assert!(
        said.contains("Ben Ode ben@acme.test One-time sign-in link the operator"),
        "{said}"
    );
    assert!(said.contains("Used"));
    let bens = world.signed_in("ben@acme.test").await.page(EDIT).await;
    assert!(!bens.contains("One-time sign-in link"));
}

/// The store is lost between the change and its answer: whoever unticks hears that access may go on and does it
/// again; whoever ticks is told neither that it is given nor that it is not.
#[tokio::test]
async fn what_was_left_open_is_not_claimed_either_way() {
    for (how, revoked) in [(Fails::ButPersisted, true), (Fails::Unanswered, false)] {
        let world = World::new().await;
        world.ask(CASE).await;
        let mut dana = world.signed_in("dana@acme.test").await;
        let lose = || {
            let store = Arc::clone(&world.store);
            world.store.fail_next_append(how);
            let lost = async move { store.set_unreachable(true) };
            world.store.before_next_append(lost);
        };
        let tick = form(&mut dana, "grant").await.with("grant", "on");
        lose();
        let left_open = dana.submit(&tick).await;
        left_open.refuses(503, "outcome_unknown");
        let said = words(&left_open.body);
        assert!(said.contains("It may have been done, or not."), "{said}");
        world.store.set_unreachable(false);
        if world.status(CASE).await.0 != Status::Enabled {
            world.grant(CASE).await;
        }

        let untick = form(&mut dana, "grant").await.with("act", "revoke");
        lose();
        let left_open = dana.submit(&untick).await;
        left_open.refuses(503, "outcome_unknown");
        let said = words(&left_open.body);
        for words in ["Access may not have ended yet", "Do the same again"] {
            assert!(said.contains(words), "{said}");
        }
        assert!(!said.contains("nothing was done"), "{said}");
        world.store.set_unreachable(false);
        let ended = world.status(CASE).await.0 == Status::Disabled;
        assert_eq!(ended, revoked);
        dana.done(&untick).await;
        assert_eq!(world.status(CASE).await.0, Status::Disabled);
    }
}
