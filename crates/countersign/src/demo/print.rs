//! Telling a newcomer what to try.

use std::fmt::Write;

use countersign_web::messages::Lang;
use serde_json::json;

use super::seed::{DemoCase, DemoPerson};
use crate::cli::Output;

/// What there is to tell.
pub(crate) struct Facts<'a> {
    pub(crate) console: &'a str,
    pub(crate) gateway: &'a str,
    pub(crate) product: &'a str,
    pub(crate) people: &'a [DemoPerson],
    pub(crate) operator: &'a str,
    pub(crate) cases: &'a [DemoCase],
}

/// Prints it: one JSON object for programs, a short tour for people.
pub(crate) fn print(facts: &Facts<'_>, output: Output) {
    if output.is_json() {
        output.object(&json!({
            "console": facts.console,
            "gateway": facts.gateway,
            "product": facts.product,
            "operator": {"sign_in": operator_sign_in(facts), "token": facts.operator},
            "people": facts.people.iter().map(|person| json!({
                "email": person.email, "name": person.name, "role": person.role,
                "org": person.org, "link": person.link, "token": person.token,
            })).collect::<Vec<_>>(),
            "cases": facts.cases.iter().map(|case| json!({
                "number": case.number, "org": case.org, "state": case.state,
            })).collect::<Vec<_>>(),
        }));
        return;
    }
    println!("\nCountersign demo: throw-away data, gone when you stop it with Ctrl-C.\n");
    println!("  Console   {}", facts.console);
    println!(
        "  Gateway   {}  (each session has an origin of its own below it)",
        facts.gateway
    );
    println!(
        "  Ledgerly  {}  (the sample product; support reaches it through the gateway only)\n",
        facts.product
    );
    println!("Sign in: each link works once. Use a separate browser profile (or a private window)");
    println!("for the customer and for the agent.\n");
    for person in facts.people {
        println!(
            "  {:<16} {:<12} {:<11} {}",
            person.name,
            person.org.unwrap_or("support"),
            person.role,
            person.link
        );
    }
    println!(
        "  {:<16} {:<12} {:<11} {}  with the token {}",
        "Operator",
        "support",
        "operator",
        operator_sign_in(facts),
        facts.operator
    );
    if let (Some(dana), Some(case)) = (facts.people.first(), facts.cases.first()) {
        println!(
            "{}",
            tour(Lang::En, facts.console, case.number, &dana.token)
        );
    }
}

/// What to try, in the words that the pages have.
fn tour(t: Lang, console: &str, case: &str, token: &str) -> String {
    let account = format!("{} > {}", t.nav_settings().plain(), t.account().plain());
    let edit = t.support_edit().plain();
    let tick = t.grant_box().plain();
    let cases = t.nav_my_cases().plain();
    let open = t.case_open_session().plain();
    let history = t.nav_history().plain();
    let add = t.passkey_add().plain();
    let sign_in = t.passkey_sign_in().plain();
    let mut out = String::from("\nTry this:\n");
    let steps = [
        format!("As Dana (customer): {account} > {edit}, tick \"{tick}\" for case {case}."),
        format!(
            "As Sam (agent): {cases} > {case} > \"{open}\". Look around Ledgerly; try to save something."
        ),
        format!(
            "As Dana: untick the box. Sam's next click is refused. {history} shows what Sam saw."
        ),
        format!(
            "What stands on Acme's log, as Dana may read it:\n     \
             curl -H 'Authorization: Bearer {token}' {console}/api/v1/orgs/acme/entries"
        ),
        // Last: the token is the vendor's work, and gives nothing from here on.
        format!(
            "As Dana: {account} > \"{add}\", sign out, \"{sign_in}\". Acme is claimed: from then on\n     \
             nothing that the vendor makes can approve there until Dana accepts it."
        ),
    ];
    for (n, step) in steps.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  {}. {step}", n + 1);
    }
    out
}

fn operator_sign_in(facts: &Facts<'_>) -> String {
    format!("{}/operator/sign-in", facts.console)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readmes_tour_has_the_words_of_the_pages() {
        let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
        let readme = std::fs::read_to_string(readme).unwrap();
        let (_, rest) = readme.split_once("## Try it").unwrap();
        let (tour, _) = rest.split_once("\n## ").unwrap();
        let tour = tour.split_whitespace().collect::<Vec<_>>().join(" ");
        let t = Lang::En;
        let account = format!("{} > {}", t.nav_settings().plain(), t.account().plain());
        for words in [
            account,
            t.support_edit().plain(),
            t.grant_box().plain(),
            t.nav_my_cases().plain(),
            t.case_open_session().plain(),
            t.nav_history().plain(),
            t.passkey_add().plain(),
            t.passkey_sign_in().plain(),
        ] {
            assert!(tour.contains(&format!("*{words}*")), "{words} in {tour}");
        }
    }
}
