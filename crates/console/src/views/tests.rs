//! What a person depends on, word for word.

use askama::Template;
use countersign_web::{messages::Lang, notice::Notice};

const T: Lang = Lang::En;

use super::fixtures::{
    all_requests, at, edit_page, every_page, hostile_request, live_request, requested,
};
use super::notices::{self, Effective};
use super::request_card::{CannotGrant, RequestCard, Tick};
use super::settings_account::SupportEdit;
use super::support_access::Block;

fn page(name: &str) -> String {
    every_page(T)
        .into_iter()
        .find(|(n, _)| *n == name)
        .unwrap()
        .1
        .unwrap()
}

fn edit_with(requests: Vec<RequestCard>, notice: Option<Notice>) -> String {
    let edit = SupportEdit {
        requests,
        self_assigned: vec![],
        sessions: vec![],
        credentials: vec![],
        clients: None,
        block: Block::Open { may_block: true },
    };
    edit_page(T, edit, notice).render().unwrap()
}

/// The tag with this piece in it.
fn tag<'a>(html: &'a str, piece: &str) -> &'a str {
    let at = html.find(piece).unwrap_or_else(|| panic!("no {piece}"));
    let start = html[..at].rfind('<').unwrap();
    &html[start..=start + html[start..].find('>').unwrap()]
}

/// What a reader sees: without tags, with single spaces.
fn text(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn no_page_has_inline_style_script_or_handlers() {
    for (name, html) in every_page(T) {
        let html = html.unwrap();
        assert!(!html.contains(" style=\""), "{name}");
        assert!(!html.contains("<style"), "{name}");
        assert!(!html.contains("javascript:"), "{name}");
        for script in html.match_indices("<script") {
            assert!(
                ["console", "passkeys"]
                    .iter()
                    .any(|file| html[script.0..]
                        .starts_with(&format!("<script src=\"/assets/{file}."))),
                "{name}"
            );
        }
    }
}

#[test]
fn every_post_carries_the_anti_forgery_token() {
    for (name, html) in every_page(T) {
        let html = html.unwrap();
        for form in html.split("<form").skip(1) {
            let form = &form[..form.find("</form>").unwrap()];
            // A question changes nothing, and its address can be passed on.
            if form.contains("method=\"get\"") {
                assert!(!form.contains("csrf"), "{name}");
                continue;
            }
            assert!(form.contains("method=\"post\""), "{name}");
            // Nobody is signed in yet whose token it could carry; and the language is nothing of
            // anybody's account.
            if [
                "action=\"/sign-in",
                "action=\"/operator/sign-in\"",
                "action=\"/language\"",
            ]
            .iter()
            .any(|to| form.contains(to))
            {
                continue;
            }
            assert!(form.contains("name=\"csrf\" value=\"csrf-of-"), "{name}");
        }
    }
}

#[test]
fn ids_are_unique_and_references_resolve() {
    for (name, html) in every_page(T) {
        let html = html.unwrap();
        let ids: Vec<_> = html
            .split(" id=\"")
            .skip(1)
            .map(|s| &s[..s.find('"').unwrap()])
            .collect();
        for (i, id) in ids.iter().enumerate() {
            assert!(!ids[..i].contains(id), "{name}: {id} twice");
        }
        for attribute in [" aria-describedby=\"", " aria-labelledby=\"", " for=\""] {
            for refs in html.split(attribute).skip(1) {
                for id in refs[..refs.find('"').unwrap()].split(' ') {
                    assert!(ids.contains(&id), "{name}: nothing is {id}");
                }
            }
        }
    }
}

#[test]
fn an_ungranted_request_says_what_a_tick_gives_before_it_is_ticked() {
    let html = edit_with(vec![requested(T)], None);
    let said = text(&html);
    assert!(said.contains(
        "If you tick this, Sam Ito and Kim Okafor can look inside Acme Inc as Dana Cruz and see what you see, \
         read-only, for 8 h: until 23 Nov 2025, 23:03 CET (UTC+01:00)."
    ));
    let checkbox = tag(&html, "name=\"grant\"");
    assert!(
        checkbox.contains("required")
            && !checkbox.contains("checked")
            && !checkbox.contains("disabled")
    );
    assert!(tag(&html, "/cases/00012345/grant").contains("data-submit-on-change"));
    assert!(
        html.contains("name=\"act\" value=\"grant\" data-without-script>Grant access</button>")
    );
    assert!(html.contains("name=\"seen\" value=\"v7\""));
    assert!(!html.contains("Extend access by 1 day"));
    assert!(said.contains("Dana Cruz dana@acme.test according to the vendor"));
}

#[test]
fn a_live_request_shows_its_end_and_offers_removal_and_extension() {
    let html = edit_with(vec![live_request(T)], None);
    let said = text(&html);
    assert!(tag(&html, "name=\"grant\"").contains(" checked"));
    assert!(
        html.contains("name=\"act\" value=\"revoke\" data-without-script>Remove access</button>")
    );
    assert!(said.contains("Expires 23 Nov 2025, 23:03 CET (UTC+01:00) 7 h 59 min left"));
    assert!(html.contains("action=\"/settings/account/cases/00012346/extend\""));
    assert!(said.contains(
        "Extend access by 1 day 24 h from your click: until 24 Nov 2025, 15:03 CET (UTC+01:00)"
    ));
}

#[test]
fn an_impossible_tick_is_disabled_and_says_why() {
    for reason in [
        CannotGrant::NoAgentOnTeam,
        CannotGrant::SelfAssignmentNotApproved,
        CannotGrant::Blocked,
        CannotGrant::NoSubject,
        CannotGrant::SuperAdminsOnly,
        CannotGrant::OpenerNotAttested,
        CannotGrant::NotApprover,
    ] {
        let html = edit_with(
            vec![RequestCard {
                tick: Tick::Impossible(reason),
                ..requested(T)
            }],
            None,
        );
        let checkbox = tag(&html, "name=\"grant\"");
        assert!(checkbox.contains(" disabled"));
        assert!(checkbox.contains("aria-describedby=\"say-00012345\""));
        assert!(html.contains(&format!(
            "id=\"say-00012345\"><span class=\"reason\">{}",
            reason.sentence(&T)
        )));
        assert!(!html.contains("Grant access"));
    }
}

#[test]
fn who_may_not_remove_access_still_sees_who_has_it() {
    let tick = Tick::Impossible(CannotGrant::NotApprover);
    let html = edit_with(
        vec![RequestCard {
            tick,
            ..live_request(T)
        }],
        None,
    );
    let checkbox = tag(&html, "name=\"grant\"");
    assert!(checkbox.contains(" checked") && checkbox.contains(" disabled"));
    assert!(text(&html).contains(
        "Sam Ito can look inside Acme Inc as Lee Wong, read-only. \
         Only a super admin or the admin who opened the case can change or remove this access."
    ));
}

#[test]
fn every_state_of_a_request_has_its_words() {
    let said = text(&edit_with(all_requests(T), None));
    for words in [
        "Waiting for approval",
        "More time wanted. Kim Okafor asked on",
        "Joined the case after access was granted, and can look in too: Kim Okafor kim.okafor@vendor.test",
        "Lee Wong, who granted this, may no longer approve it.",
        "Already extended: access runs for a full day from now.",
        "Ends soon",
        "29 min left",
        "Extending is switched off for your organisation.",
        "Access was granted before, by Lee Wong, and ran out on 22 Nov 2025, 19:03 CET.",
        "Lee Wong withdrew the approval of the case",
        "expired 2 h ago · granted by Dana Cruz",
        "Access removed 22 Nov 2025, 13:03 CET (UTC+01:00) by Dana Cruz",
        "Sam Ito, who asked, is no longer on this case and has no access.",
        "No agent is on this case",
    ] {
        assert!(said.contains(words), "{words}");
    }
    assert!(!said.contains("Reject"));
}

#[test]
fn text_of_the_other_side_is_escaped_isolated_and_visible() {
    let html = edit_with(vec![hostile_request(T)], None);
    assert!(html.contains(
        "<bdi>&lt;script&gt;alert(1)&lt;/script&gt; <span class=\"unseen\">U+202E</span>detnarg ydaerla</bdi>"
    ));
    assert!(!html.contains("<img") && !html.contains('\u{202e}') && !html.contains('\u{200b}'));
    assert!(
        html.contains("<span class=\"unseen\">U+200B</span><span class=\"unseen\">U+0000</span>")
    );
    // What somebody wrote is never a link, whatever it looks like.
    assert!(html.contains("https://acme.test/approved") && !html.contains("href=\"https:"));
}

#[test]
fn words_of_the_other_side_are_somebodys_words() {
    let html = page("settings-edit-hostile");
    // A title that words itself like the page stands in quotation marks, a reason is quoted under a name.
    assert!(html.contains("<q><bdi>Access granted by Dana Cruz</bdi></q>"));
    let reason = "<blockquote class=\"user-text\"><bdi>Approved by Dana Cruz.";
    let (before, _) = html.split_once(reason).unwrap();
    assert!(text(before).ends_with(", because:"));
}

#[test]
fn a_name_that_is_not_what_it_seems_is_told_in_words() {
    let said = text(&page("settings-edit-hostile"));
    let shown = "DU+0430nU+0430 CruzU+202E mallory@vendor.test";
    for words in [
        format!("Look twice at this name. {shown} is support personnel"),
        format!(
            "Not your colleague. {shown} is support personnel with a name like that of Dana Cruz dana@acme.test"
        ),
        "Not your colleague. Dana Cruz dana.cruz@vendor.test is support personnel".to_owned(),
    ] {
        assert!(said.contains(&words), "{words}");
    }
}

#[test]
fn a_case_number_cannot_leave_its_place_in_a_path() {
    let html = edit_with(
        vec![RequestCard {
            case_number: "a/../b?x=\"1".into(),
            ..live_request(T)
        }],
        None,
    );
    assert!(html.contains("action=\"/settings/account/cases/a%2F..%2Fb%3Fx%3D%221/grant\""));
}

#[test]
fn removal_is_announced_with_when_and_where_it_took_effect() {
    let effective = Effective {
        since: at(0, T),
        servers: 1,
        lapsed: 0,
        took_ms: 2,
    };
    let html = edit_with(
        vec![],
        Some(notices::access_removed(T, &"00012345".into(), &effective)),
    );
    let status = text(&html[html.find("role=\"status\"").unwrap()..]);
    assert!(status.contains(
        "Access removed for case 00012345. Effective everywhere since 15:03:07 CET: the server confirmed it within a second."
    ));
}

#[test]
fn how_it_became_effective_is_said_in_words() {
    let said = |servers, lapsed, took_ms| {
        let effective = Effective {
            since: at(0, T),
            servers,
            lapsed,
            took_ms,
        };
        let notice = notices::blocked(T, Some(&effective));
        let said = notice.headline.plain();
        let all = "All support access is blocked. Effective everywhere since 15:03:07 CET";
        said.strip_prefix(all).unwrap().to_owned()
    };
    assert_eq!(said(0, 0, 0), " at the latest.");
    assert_eq!(
        said(1, 0, 999),
        ": the server confirmed it within a second."
    );
    assert_eq!(
        said(3, 0, 1_000),
        ": all 3 servers confirmed it after 1 second."
    );
    assert_eq!(
        said(3, 1, 1_001),
        ": all 3 servers confirmed it after 2 seconds. 1 more server gave no answer and has shut itself off."
    );
    assert_eq!(
        said(0, 2, 1_004),
        ": none of the 2 servers answered, and they shut themselves off after 2 seconds."
    );
}

#[test]
fn the_rules_are_a_form_for_those_who_may_change_them_only() {
    let html = page("rules-saved");
    assert!(tag(&html, "value=\"super_admins\"").contains(" checked"));
    assert!(!tag(&html, "value=\"openers\"").contains(" checked"));
    assert!(tag(&html, "name=\"pin_team\"").contains(" checked"));
    assert!(!tag(&html, "name=\"extension\"").contains(" checked"));
    assert!(tag(&html, "name=\"seen\"").contains("value=\"r1\""));
    let said = text(&html);
    assert!(said.contains("Access is granted for 2 cases now. It stays as it is"));
    assert!(said.contains("Last changed by Dana Cruz dana@acme.test on 23 Nov 2025, 12:03"));
    let html = page("rules-read-strict");
    assert!(!html.contains("action=\"/settings/rules\""));
    let said = text(&html);
    assert!(
        said.contains("How long a tick gives access 1 h 30 min")
            || said.contains("access1 h 30 min")
    );
    assert!(said.contains("Super admins only"));
    assert!(text(&page("rules")).contains("Nobody has changed these rules"));
    assert!(!text(&page("rules-read")).contains("changed these rules"));
}

#[test]
fn a_page_carries_what_it_shows_for_its_script() {
    let html = page("settings-edit");
    assert!(tag(&html, "id=\"news\"").contains("data-seen=\"p1\""));
    assert!(tag(&html, "id=\"case-00012345\"").contains("data-seen=\"v7\""));
}

#[test]
fn the_closed_section_counts_and_names() {
    let said = text(&page("settings-read"));
    assert!(said.contains("2 requests wait for approval"));
    assert!(said.contains("1 self-assigned case waits for approval"));
    assert!(said.contains("Sam Ito has access for case 00012346 until 23 Nov 2025, 23:03"));
    assert!(page("settings-read").contains("href=\"/settings/account?edit=support#support\""));
    assert!(text(&page("settings-read-calm")).contains("Nobody from Support has access now"));
}

#[test]
fn an_approved_self_assignment_reads_approved_and_can_be_withdrawn() {
    let html = page("settings-edit-every-state");
    assert!(html.contains("<button class=\"button\" type=\"button\" disabled>Approved</button>"));
    assert!(html.contains("action=\"/settings/account/cases/00012360/self-assignment/withdraw\""));
    assert!(html.contains("action=\"/settings/account/cases/00012353/self-assignment/approve\""));
    assert!(html.contains("disabled aria-describedby=\"self-why-00012361\">Approve</button>"));
}

#[test]
fn sessions_can_be_ended_and_unticked_only_by_those_who_may() {
    let html = page("settings-edit");
    assert!(html.contains("action=\"/settings/account/sessions/sess_01/end\""));
    assert_eq!(html.matches(">End now<").count(), 2);
    assert_eq!(
        html.matches("name=\"also\" value=\"revoke\">End and untick<")
            .count(),
        1
    );
}

#[test]
fn only_who_may_block_or_lift_is_offered_it() {
    assert!(page("settings-edit").contains("action=\"/settings/account/block\""));
    assert!(!page("settings-edit-empty").contains("action=\"/settings/account/block\""));
    assert!(page("settings-edit-blocked").contains("action=\"/settings/account/unblock\""));
    assert!(!page("settings-edit-blocked-admin").contains("action=\"/settings/account/unblock\""));
    assert!(
        text(&page("settings-edit-blocked-admin")).contains("All support access is blocked since")
    );
}

#[test]
fn an_agent_sees_each_state_and_what_can_be_done() {
    let said = text(&page("cases"));
    for words in [
        "Not requested",
        "Waiting for approval",
        "Access granted until",
        "Expired",
        "Access removed",
        "Self-assignment approval needed",
        "Blocked by customer",
        "You can look in now 3",
        "Waiting for the customer 2",
        "No access asked for 2",
        "Access is over 2",
    ] {
        assert!(said.contains(words), "{words}");
    }
    let live = page("case-live");
    assert!(live.contains("action=\"/cases/00012345/sessions\""));
    assert!(live.contains("action=\"/sessions/sess_01/end\""));
    let asked = page("case-requested");
    assert!(asked.contains("action=\"/cases/00012345/request/withdraw\""));
    assert!(asked.contains(
        "readonly value=\"http://localhost:8080/settings/account?edit=support#case-00012345\""
    ));
    // It waits for the customer's tick, which makes it work without loading the page again.
    assert!(tag(&asked, "id=\"open-00012345\"").contains(" disabled"));
    assert!(!tag(&live, "id=\"open-00012345\"").contains(" disabled"));
    assert!(!page("case-not-requested").contains("/sessions\""));
    let message = &asked[asked
        .find("<textarea class=\"field share-message\"")
        .unwrap()..];
    assert!(
        message.contains("on case 00012345, “Group rules stop after the third page”"),
        "{message}"
    );
}

#[test]
fn a_rejected_form_comes_back_with_what_was_typed() {
    let html = page("case-ask-rejected");
    assert!(html.contains("aria-invalid=\"true\" autofocus>\nlook</textarea>"));
    assert!(html.contains("value=\"nobody@acme.test\""));
    assert!(html.contains("Write at least 10 characters"));
    assert!(html.contains("minlength=\"10\" maxlength=\"2000\""));
}

#[test]
fn a_self_assigned_case_shows_its_agent_no_more_than_number_title_and_states() {
    let html = page("case-self-assigned");
    assert!(!html.contains("Acme") && !html.contains("dana@acme.test"));
    assert!(text(&html).contains("Until the customer approves that, there is no access"));
}

#[test]
fn signing_in_takes_a_click_so_that_previews_do_not_spend_the_link() {
    let html = page("sign-in-confirm");
    assert!(html.contains("<form method=\"post\" action=\"/sign-in\">"));
    assert!(html.contains("name=\"token\" value=\"link-secret\""));
    assert!(text(&page("sign-in-link-spent")).contains("This link no longer works"));
}

#[test]
fn a_refusal_says_what_why_what_next_and_its_code() {
    let said = text(&page("refusal"));
    for words in [
        "The self-assigned case is not approved",
        "so it gives no access until the customer approves the case itself.",
        "An approver approves the self-assigned case first.",
        "Code self_assignment_not_approved",
        "Back to Settings",
    ] {
        assert!(said.contains(words), "{words}");
    }
}

#[test]
fn what_a_tick_gives_is_said_in_each_language() {
    let said = |t: Lang, card| {
        let edit = SupportEdit {
            requests: vec![card],
            self_assigned: vec![],
            sessions: vec![],
            credentials: vec![],
            clients: None,
            block: Block::Open { may_block: true },
        };
        text(&edit_page(t, edit, None).render().unwrap())
    };
    assert!(said(Lang::De, requested(Lang::De)).contains(
        "Wenn Sie das Häkchen setzen, können Sam Ito und Kim Okafor als Dana Cruz in Acme Inc hineinsehen und sehen, \
         was Sie sehen, nur lesend, für 8 Std.: bis 23. Nov. 2025, 23:03 MEZ (UTC+01:00). Jede geöffnete Seite wird protokolliert."
    ));
    let french = said(Lang::Fr, live_request(Lang::Fr));
    assert!(
        french.contains("Sam Ito peut regarder dans Acme Inc en tant que Lee Wong, en lecture seule. Quiconque est ajouté plus tard à ce dossier par votre fournisseur peut regarder aussi. Décochez la case"),
        "{french}"
    );
    assert!(
        french.contains("Expire 23 nov. 2025, 23:03 CET (UTC+01:00) encore 7 h 59 min"),
        "{french}"
    );
}

#[test]
fn the_language_is_chosen_in_the_footer_of_a_page_that_can_be_gone_to_again() {
    let html = page("cases");
    let form = &html[html.find("action=\"/language\"").unwrap()..];
    assert!(form.contains("name=\"to\" value=\"/cases\""));
    assert!(form.contains("value=\"en\" lang=\"en\" aria-current=\"true\">English</button>"));
    assert!(form.contains("value=\"de\" lang=\"de\">Deutsch</button>"));
}
