//! Every page in every state and language, the gateway's own beside the console's, written beside the
//! binary with what they are served with: the browser tests show them to a browser and to a person.

use std::{collections::BTreeSet, env, fs, path::PathBuf};

use askama::Template;
use countersign_domain::Refusal;
use countersign_web::{
    assets,
    banner::Banner,
    csp::{GATEWAY_REFUSAL_POLICY, GATEWAY_SESSION_POLICY, PAGE_HEADERS, console_policy},
    messages::Lang,
    refusal_page::{RefusalPage, STYLE_PATH},
    refusals,
    session_page::{EndedPage, SessionPage},
    text::UserText,
};
use serde_json::{Value, json};

use super::fixtures::{HOUR, MINUTE, NOW, Rendered, every_page};

const CASE_PAGE: &str = "http://localhost:8080/cases/00012345";

fn folder() -> PathBuf {
    // …/debug/deps/the-tests
    let tests = env::current_exe().unwrap();
    tests.ancestors().nth(2).unwrap().join("gallery")
}

/// The paths that a page loads.
fn loaded(html: &str) -> BTreeSet<&str> {
    [("<link ", "href=\""), ("<script ", "src=\"")]
        .into_iter()
        .flat_map(|(tag, attribute)| {
            let tags = html.split(tag).skip(1);
            tags.map(move |rest| rest.split_once(attribute).unwrap().1)
        })
        .map(|rest| rest.split_once('"').unwrap().0)
        .collect()
}

fn session(t: Lang, title: &str, name: &str) -> SessionPage {
    SessionPage {
        t,
        org: "Acme Inc".into(),
        case_number: "00012345".into(),
        case_title: title.into(),
        case_url: CASE_PAGE.into(),
        subject: name.into(),
        subject_email: "dana@acme.test".into(),
        agent: "Sam Ito".into(),
        agent_email: "sam@vendor.test".into(),
        until: Banner::moment(NOW + HOUR, t),
        left: t.left(t.length_hours(1)),
        idle: Banner::moment(NOW + 30 * MINUTE, t),
        idle_left: t.left(t.length_minutes(30)),
    }
}

/// The gateway's pages: the session, its end, and refusals. The last is one of a rule.
fn gateway_pages(t: Lang) -> Vec<(Rendered, &'static str)> {
    let refused = |what: &str, words: refusals::Words, code: &str, back: bool| RefusalPage {
        t,
        title: words.title,
        what: UserText::new(what),
        why: words.why,
        next: words.next,
        code: code.into(),
        back: back.then(|| CASE_PAGE.into()),
    };
    let write = refusals::Words {
        title: t.gateway_write(),
        why: t.gateway_write_why(),
        next: t.gateway_write_next(),
    };
    let over = refusals::Words {
        title: t.gateway_over(),
        why: t.gateway_over_why(),
        next: t.gateway_over_next(),
    };
    let long = format!("POST /users/\u{202e}{}", "x".repeat(2_000));
    let rule = refusals::words(&Refusal::SupportBlocked, t);
    let hostile = session(
        t,
        &format!("Ended \u{202e}{}", "w".repeat(180)),
        "D\u{430}na \u{5d3}\u{5e0}\u{5d4} 7",
    );
    let ended = |case_url| EndedPage { t, case_url };
    let session_pages = [
        (
            "gateway-session",
            session(t, "Group rules stop after the third page", "Dana Cruz").render(),
        ),
        ("gateway-session-hostile", hostile.render()),
        ("gateway-ended", ended(Some(CASE_PAGE.into())).render()),
        ("gateway-ended-unknown", ended(None).render()),
    ];
    let refusals = [
        (
            "gateway-write",
            refused("POST /invoices/7/pay", write.clone(), "not_a_read", true).render(),
        ),
        (
            "gateway-write-hostile",
            refused(&long, write, "not_a_read", true).render(),
        ),
        (
            "gateway-over",
            refused("", over, "session_over", false).render(),
        ),
        (
            "gateway-rule",
            refused("", rule, "support_blocked", true).render(),
        ),
    ];
    let with = |policy| move |page| (page, policy);
    session_pages
        .into_iter()
        .map(with(GATEWAY_SESSION_POLICY))
        .chain(refusals.into_iter().map(with(GATEWAY_REFUSAL_POLICY)))
        .collect()
}

#[test]
fn every_page_is_there_to_be_looked_at_and_loads_nothing_that_is_not() {
    let folder = folder();
    fs::create_dir_all(&folder).unwrap();
    let mut assets: Vec<Value> = Vec::new();
    let mut known = BTreeSet::new();
    let mut keep = |path: &str, kind: &str, body: &str| {
        let file = path.rsplit('/').next().unwrap();
        fs::write(folder.join(file), body).unwrap();
        assets.push(json!({"path": path, "type": kind, "file": file}));
        known.insert(path.to_owned());
    };
    keep(STYLE_PATH, "text/css; charset=utf-8", assets::REFUSAL_STYLE);
    for asset in assets::all() {
        keep(&asset.path, asset.content_type, &asset.body);
    }

    let console = console_policy("http://*.gw.localhost:8081").unwrap();
    let mut pages: Vec<Value> = Vec::new();
    for lang in Lang::ALL {
        let of_console = every_page(lang)
            .into_iter()
            .map(|page| (page, console.as_str()));
        for ((name, html), policy) in of_console.chain(gateway_pages(lang)) {
            let html = html.unwrap();
            for path in loaded(&html) {
                assert!(known.contains(path), "{name} loads {path}");
            }
            let file = format!("{name}.{}.html", lang.code());
            fs::write(folder.join(&file), html).unwrap();
            let mut headers = json!({"content-security-policy": policy});
            if policy == console {
                for (name, value) in PAGE_HEADERS {
                    headers[*name] = (*value).into();
                }
            }
            pages
                .push(json!({"name": name, "lang": lang.code(), "file": file, "headers": headers}));
        }
    }
    let manifest = json!({"assets": assets, "pages": pages});
    fs::write(folder.join("pages.json"), manifest.to_string()).unwrap();
}
