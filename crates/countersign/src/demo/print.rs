//! Telling a newcomer what to try.

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
    println!("\nTry this:");
    println!(
        "  1. As Dana (customer): Settings > Account > Edit, tick \"Grant impersonation\" for case {}.",
        facts.cases[0].number
    );
    println!(
        "  2. As Sam (agent): My cases > {} > Open. Look around Ledgerly; try to save something.",
        facts.cases[0].number
    );
    println!(
        "  3. As Dana: untick the box. Sam's next click is refused. History shows what Sam saw."
    );
    if let Some(dana) = facts.people.first() {
        println!("  4. What stands on Acme's log, as Dana may read it:");
        println!(
            "     curl -H 'Authorization: Bearer {}' {}/api/v1/orgs/acme/entries\n",
            dana.token, facts.console
        );
    }
}

fn operator_sign_in(facts: &Facts<'_>) -> String {
    format!("{}/operator/sign-in", facts.console)
}
