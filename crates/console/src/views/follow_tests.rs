//! What a page that stays open goes on saying.

use std::collections::BTreeSet;

use countersign_web::messages::Lang;

use super::fixtures::every_page;

/// The texts of a page that its script leaves as they are when the state changes: neither followed
/// nor part of a control, which answers for itself when it is pressed.
fn lasting(html: &str) -> BTreeSet<String> {
    let (_, main) = html.split_once("<main").unwrap();
    let (main, _) = main.split_once("id=\"news\"").unwrap();
    let mut texts = BTreeSet::new();
    let mut passed_over: Option<&str> = None;
    for part in main.split("<").filter(|part| part.contains(">")) {
        let (tag, text) = part.split_once('>').unwrap();
        let name = tag.split([' ', '\n']).next().unwrap();
        if let Some(over) = passed_over {
            if name.strip_prefix('/') == Some(over) {
                passed_over = None;
            }
            continue;
        }
        let control = ["form", "details", "button"].contains(&name);
        if tag.contains(" data-follow") || control {
            passed_over = Some(name);
        } else if !text.trim().is_empty() {
            texts.insert(text.trim().to_owned());
        }
    }
    texts
}

#[test]
fn a_case_page_that_stays_open_says_nothing_that_its_state_makes_untrue() {
    let pages: Vec<(&str, String)> = every_page(Lang::En)
        .into_iter()
        .filter(|(name, _)| name.starts_with("case-"))
        .map(|(name, html)| (name, html.unwrap()))
        .filter(|(_, html)| html.contains("/my-cases/"))
        .collect();
    assert!(pages.len() > 8);
    let mut vanish = BTreeSet::new();
    for (_, before) in &pages {
        for text in lasting(before) {
            if !pages.iter().all(|(_, after)| after.contains(&text)) {
                vanish.insert(text);
            }
        }
    }
    let facts = BTreeSet::from(FACTS.map(str::to_owned));
    assert_eq!(vanish, facts);
}

/// What is not on the page in every state, and true in each nevertheless: what the case is, what was
/// done before, what a link is for.
const FACTS: [&str; 14] = [
    "Access requested for case",
    "Acme Inc",
    "Dana Cruz",
    "Go back to it",
    "It opens Settings &gt; Account. It gives nothing by itself: whoever follows it has to sign in and be allowed to approve.",
    "Link for the customer",
    "Message for the customer",
    "Opened by",
    "Team",
    "The customer is not notified: pass the link on.",
    "The request was not made. See below.",
    "What you looked at on this case",
    "according to the case tracker",
    "dana@acme.test",
];
