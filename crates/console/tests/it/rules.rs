//! What an org has set about support access: who reads it, who changes it, and what that does to
//! access that is live (R4, R5, R9).

use countersign_domain::{Approvers, Duration, ImpersonationStatus as Status, OrgSettings};

use crate::{
    form::{Form, notice, words},
    world::{CASE, World, number},
};

const RULES: &str = "/settings/rules";
const EDIT: &str = "/settings/account?edit=support";

/// What Acme has set, and who set it.
async fn set(world: &World) -> (OrgSettings, bool) {
    let own = world.app.own_org_alone(world.dana()).await.unwrap();
    (own.org.settings, own.org.settings_changed.is_some())
}

#[tokio::test]
async fn a_super_admin_changes_the_rules_and_live_access_stays_as_it_is() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let before = world.status(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page(RULES).await;
    assert!(words(&page).contains("Nobody has changed these rules"));
    assert!(words(&page).contains("Access is granted for 1 case now. It stays as it is"));
    let form = Form::on(&page, RULES);
    assert_eq!(form.value("duration"), Some("28800000"));
    assert_eq!(form.value("approvers"), Some("openers"));
    assert_eq!(form.value("extension"), Some("on"));
    assert_eq!(form.value("pin_team"), None);

    let strict = form
        .with("duration", "900000")
        .with("approvers", "super_admins")
        .with("pin_team", "on")
        .with("self_openers_only", "on")
        .without("extension");
    let page = dana.done(&strict).await;
    assert_eq!(
        notice(&page),
        "The rules for Support are saved. Access that is granted now runs on as it is: \
         same end, same agents. The next click follows the new rules."
    );
    assert!(
        words(&page).contains("Last changed by Dana Cruz dana@acme.test on 1 Jan 2030, 00:00 UTC.")
    );
    let now_set = OrgSettings {
        default_duration: Duration::from_mins(15),
        extension: false,
        approvers: Approvers::SuperAdmins,
        pin_team: true,
        self_openers_only: true,
    };
    assert_eq!(set(&world).await, (now_set, true));
    assert_eq!(world.status(CASE).await, before);

    // The page of the case follows at once.
    let page = dana.page("/settings/account?edit=support").await;
    assert!(words(&page).contains("Extending is switched off for your organisation."));
    let mut ben = world.signed_in("ben@acme.test").await;
    let page = ben.page("/settings/account?edit=support").await;
    assert!(words(&page).contains("Only a super admin can change or remove this access."));
    world.app.revoke(world.dana(), &number(CASE)).await.unwrap();
    world.grant(CASE).await;
    let (status, until) = world.status(CASE).await;
    assert_eq!(status, Status::Enabled);
    assert_eq!(until, Some(world.now().plus(Duration::from_mins(15))));
}

#[tokio::test]
async fn saving_what_is_set_changes_nothing_and_keeps_odd_lengths() {
    let world = World::new().await;
    let odd = OrgSettings {
        default_duration: Duration::from_millis(5_400_001),
        ..OrgSettings::default()
    };
    world.set(odd).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page(RULES).await;
    assert!(words(&page).contains("1 h 30 min (as set now)"));
    let page = dana.done(&Form::on(&page, RULES)).await;
    assert_eq!(
        notice(&page),
        "Nothing changed: the rules for Support are so already."
    );
    assert_eq!(set(&world).await, (odd, true));
}

#[tokio::test]
async fn nobody_overwrites_rules_that_they_were_not_shown() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let form = Form::on(&dana.page(RULES).await, RULES);
    let other = OrgSettings {
        pin_team: true,
        ..OrgSettings::default()
    };
    world.set(other).await;
    for stale in [
        form.clone().with("duration", "900000"),
        form.clone().without("seen"),
        form.with("seen", ""),
    ] {
        let page = dana.done(&stale).await;
        assert!(
            notice(&page).starts_with(
                "Someone has changed these rules since you opened this page, so nothing was saved."
            ),
            "{}",
            notice(&page)
        );
        assert!(words(&page).contains("Last changed by Dana Cruz"));
        assert_eq!(set(&world).await.0, other);
    }
}

#[tokio::test]
async fn an_admin_reads_the_rules_and_cannot_change_them() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let danas = Form::on(&dana.page(RULES).await, RULES);
    let mut ben = world.signed_in("ben@acme.test").await;
    let page = ben.page(RULES).await;
    assert!(words(&page).contains("Super admins can change this."));
    assert_eq!(Form::find(&page, RULES), None);
    let own = Form::on(&page, "/sign-out");
    let forged = danas
        .with("csrf", own.value("csrf").unwrap())
        .with("duration", "900000");
    ben.submit(&forged).await.refuses(403, "only_super_admins");
    assert_eq!(set(&world).await, (OrgSettings::default(), false));
}

#[tokio::test]
async fn rules_are_one_orgs_own_and_no_agents_business() {
    let world = World::new().await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    sam.go(RULES).await.refuses(404, "no_page");
    let cases = sam.page("/cases").await;
    let forged = Form::on(&cases, "/sign-out").sent_to(RULES);
    sam.submit(&forged).await.refuses(404, "no_page");

    let mut grace = world.signed_in("grace@globex.test").await;
    let page = grace.page(RULES).await;
    assert!(!page.contains("Acme"));
    grace
        .done(&Form::on(&page, RULES).with("pin_team", "on"))
        .await;
    assert_eq!(set(&world).await, (OrgSettings::default(), false));
}

#[tokio::test]
async fn a_form_that_is_none_of_ours_changes_nothing() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let form = Form::on(&dana.page(RULES).await, RULES);
    for (forged, status, code) in [
        (form.clone().without("csrf"), 403, "form_not_yours"),
        (form.clone().without("approvers"), 422, "form_unreadable"),
        (
            form.clone().with("approvers", "all"),
            422,
            "form_unreadable",
        ),
        (form.clone().with("duration", "8 h"), 422, "form_unreadable"),
        (
            form.clone().with("duration", "899999"),
            422,
            "duration_out_of_range",
        ),
        (
            form.clone().with("duration", "86400001"),
            422,
            "duration_out_of_range",
        ),
        (
            form.with("duration", "9223372036854775807"),
            422,
            "duration_out_of_range",
        ),
    ] {
        dana.submit(&forged).await.refuses(status, code);
        assert_eq!(set(&world).await, (OrgSettings::default(), false));
    }
}

/// What a card says, whether its box can be used, and what becomes of a click must be one answer,
/// whichever rule the org has and whoever looks (R9, R12).
#[tokio::test]
async fn a_card_offers_what_its_reader_may_do_and_says_no_more() {
    let attested = OrgSettings {
        self_openers_only: true,
        ..OrgSettings::default()
    };
    let strict = OrgSettings {
        approvers: Approvers::SuperAdmins,
        ..OrgSettings::default()
    };
    let no_more_days = OrgSettings {
        extension: false,
        ..strict
    };
    for rule in [OrgSettings::default(), strict, no_more_days, attested] {
        let world = World::new().await;
        world.ask(CASE).await;
        let mut ben = world.signed_in("ben@acme.test").await;
        let address = format!("/settings/account/cases/{CASE}/grant");
        let tick = Form::on(&ben.page(EDIT).await, &address).with("grant", "on");
        ben.done(&tick).await;
        world.set(rule).await;

        let page = ben.page(EDIT).await;
        let card = page.split("<article").nth(1).unwrap();
        let card = card.split("</article>").next().unwrap();
        let may = rule == OrgSettings::default();
        let said = words(card);
        let untick = Form::on(card, &address).without("grant");
        assert_eq!(
            !card.contains(
                "name=\"grant\" value=\"on\" aria-describedby=\"say-00012345\" checked disabled"
            ),
            may,
            "{card}"
        );
        assert_eq!(card.contains("value=\"revoke\""), may, "{rule:?}");
        assert_eq!(
            said.contains("Clear the box to remove access"),
            may,
            "{said}"
        );
        let not_yours = "Only a super admin can change or remove this access.";
        assert_eq!(said.contains(not_yours), !may, "{said}");
        let gone = "Ben Ode, who granted this, may no longer approve it. Access goes on until it \
                    ends or somebody removes it who may.";
        assert_eq!(said.contains(gone), !may, "{said}");
        for yours in ["you remove it", "tick again", "Tick to grant"] {
            assert!(!said.contains(yours), "{said}");
        }
        let answer = ben.submit(&untick).await;
        let status = world.status(CASE).await.0;
        if may {
            assert_eq!(answer.status, 303, "{}", answer.body);
            assert_eq!(status, Status::Disabled);
            continue;
        }
        assert_eq!((answer.status.as_u16(), status), (403, Status::Enabled));
        // A super admin reads that it is theirs to remove, and one click does.
        let mut dana = world.signed_in("dana@acme.test").await;
        let page = dana.page(EDIT).await;
        assert!(words(&page).contains("Access goes on until it ends or you remove it."));
        dana.done(&Form::on(&page, &address).without("grant")).await;
        assert_eq!(world.status(CASE).await.0, Status::Disabled);
    }
}
