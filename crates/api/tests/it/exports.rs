//! Histories as files: complete, checkable, of any size, and harmless in a spreadsheet.

use axum::{
    body::Body,
    http::{Request, header},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use crate::{
    history::{Did, looks},
    world::{BEN, DANA, OPERATOR, SAM, World, email, good, slug},
};

const EXPORT: &str = "/api/v1/orgs/acme/history/export";

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// With no filter the lines are the log: every entry, in order, with hashes that can be computed
/// from what is on the line.
#[tokio::test]
async fn json_lines_are_the_log_and_can_be_checked() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let session = world.start_session(&number).await;
    let many: Vec<_> = (0..1_100)
        .map(|n| Did::Look(format!("/item/{n}")))
        .collect();
    let seen = world.did(&session, many).await;
    world.did(&session, [Did::Went(seen[0])]).await;
    let answer = world.get(&world.tokens.dana, EXPORT).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/jsonl");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"countersign-acme-history.jsonl\""
    );
    let exported = lines(&answer.text);
    assert!(exported.len() > 1_100);
    for (index, entry) in exported.iter().enumerate() {
        assert_eq!(entry["index"], index);
        let mut hash = Sha256::new();
        hash.update([0]);
        hash.update(entry["encoded"].as_str().unwrap());
        let hash: String = hash
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(entry["leaf_hash"], hash);
    }
    let page = world
        .get(&world.tokens.dana, "/api/v1/orgs/acme/entries?limit=1000")
        .await;
    assert_eq!(
        exported[..1_000],
        *page.with(200)["items"].as_array().unwrap()
    );
}

/// With a filter they are the entries of its rows, outcomes included, in the order of the log.
#[tokio::test]
async fn filtered_json_lines_keep_the_order_of_the_log() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let session = world.start_session(&number).await;
    let mut expected = vec![];
    let seen = world.did(&session, looks(&["/a", "/b"])).await;
    expected.extend(&seen);
    let many: Vec<_> = (0..1_100).map(|_| Did::Try("/c", "not_a_read")).collect();
    world.did(&session, many).await;
    expected.extend(world.did(&session, looks(&["/d"])).await);
    expected.extend(
        world
            .did(&session, [Did::Went(seen[1]), Did::Went(seen[0])])
            .await,
    );
    while good(world.app.store().index_history(4_096).await) > 0 {}
    let path = format!("/api/v1/cases/{number}/history/export?kind=request");
    for token in [&world.tokens.ben, &world.tokens.sam] {
        let answer = world.get(token, &path).await;
        let exported = lines(&answer.text);
        let indexes: Vec<_> = exported
            .iter()
            .map(|line| line["index"].as_u64().unwrap())
            .collect();
        assert_eq!(indexes, expected);
        let name = format!("attachment; filename=\"countersign-case-{number}-history.jsonl\"");
        assert_eq!(answer.header("content-disposition"), name);
    }
}

/// Reads CSV as RFC 4180 has it.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut letters = text.chars().peekable();
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().unwrap();
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                row.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted && letters.peek() == Some(&'\n') => {
                letters.next();
                rows.push(vec![String::new()]);
            }
            other => row.last_mut().unwrap().push(other),
        }
    }
    assert_eq!(
        rows.pop(),
        Some(vec![String::new()]),
        "it ends with a line break"
    );
    rows
}

/// What agents write, and who they are, computes nothing in a spreadsheet, and can be had back.
#[tokio::test]
async fn csv_has_a_row_in_each_line_and_computes_nothing() {
    let world = World::new().await;
    let rogue = email("=hyperlink@vendor.test");
    let name = countersign_domain::PersonName::parse("Rogue").unwrap();
    good(world.app.create_agent(OPERATOR, rogue.clone(), name).await);
    let number = world.granted_case().await;
    let number_of = countersign_domain::CaseNumber::parse(&number).unwrap();
    good(world.app.join_team(OPERATOR, &number_of, &rogue).await);
    let session = world.start_session(&number).await;
    let seen = world.did(&session, looks(&["/a\",=1+1,\"", "/b"])).await;
    world
        .did(
            &session,
            [
                Did::Went(seen[0]),
                Did::Try("=cmd|' /C calc'!A0", "ambiguous"),
            ],
        )
        .await;
    let agent = countersign_app::OwnerRef::Agent { email: rogue };
    let token = good(world.app.mint_token(OPERATOR, &agent, None).await);
    let ask = json!({ "justification": "=1+1 \"more\" is needed,\nsoon" });
    let path = format!("/api/v1/cases/{number}/access-request");
    world
        .post(token.secret.expose(), &path, &ask)
        .await
        .with(200);

    let answer = world
        .get(
            &world.tokens.dana,
            &format!("{EXPORT}?format=csv&case={number}"),
        )
        .await;
    assert_eq!(
        answer.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    let rows = cells(&answer.text);
    let column = |name: &str| rows[0].iter().position(|cell| cell == name).unwrap();
    let row = |kind: &str| {
        let found = rows.iter().filter(|row| row[column("type")] == kind);
        found.collect::<Vec<_>>()
    };
    let at = |row: &Vec<String>, name: &str| row[column(name)].clone();
    let [first, second] = row("request")[..] else {
        panic!("two requests");
    };
    assert_eq!(at(first, "path"), "/a\",=1+1,\"");
    assert_eq!(
        (at(first, "outcome"), at(first, "status")),
        ("cut".to_owned(), "206".to_owned())
    );
    assert_eq!(
        (at(second, "outcome"), at(second, "status")),
        ("unknown".to_owned(), String::new())
    );
    assert_eq!(at(first, "actor"), SAM);
    assert_eq!(at(first, "subject"), BEN);
    assert_eq!(at(first, "actor_name"), "Sam Hill");
    assert_eq!(at(first, "rule"), "");
    let granted = row("access.granted")[0];
    assert_eq!(at(granted, "subject"), BEN);
    assert_ne!(at(granted, "subject_name"), "");
    assert_eq!(at(granted, "agents"), SAM);
    assert_eq!(at(row("session.started")[0], "subject"), BEN);
    let refused = row("request.refused")[0];
    assert_eq!(at(refused, "path"), "'=cmd|' /C calc'!A0");
    assert_eq!(at(refused, "refused_with"), "ambiguous");
    let wanted = row("access.more_time_wanted")[0];
    assert_eq!(at(wanted, "actor"), "'=hyperlink@vendor.test");
    let detail: Value = serde_json::from_str(&at(wanted, "detail")).unwrap();
    assert_eq!(detail["justification"], ask["justification"]);
    for row in &rows {
        assert_eq!(row.len(), rows[0].len());
        for cell in row {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']),
                "{cell}"
            );
        }
    }
    let log = world
        .get(&world.tokens.dana, "/api/v1/orgs/acme/entries")
        .await
        .with(200);
    let index: usize = at(first, "index").parse().unwrap();
    assert_eq!(
        at(first, "leaf_hash"),
        log["items"][index]["leaf_hash"].as_str().unwrap()
    );
}

/// A file goes out piece by piece, and each piece is judged: whoever loses the right to it meanwhile
/// gets no more, and cannot take what they have for all of it.
#[tokio::test]
async fn an_export_is_broken_off_when_its_reader_may_not_have_it_any_more() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let session = world.start_session(&number).await;
    let many: Vec<_> = (0..1_800)
        .map(|n| Did::Look(format!("/item/{n}")))
        .collect();
    world.did(&session, many).await;
    for format in ["jsonl", "csv"] {
        let request = Request::get(format!("{EXPORT}?format={format}"))
            .header(
                header::AUTHORIZATION,
                format!("Bearer {}", world.tokens.dana),
            )
            .body(Body::empty())
            .unwrap();
        let response = world.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        let mut body = response.into_body();
        let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert!(first.len() > 10_000, "{}", first.len());
        let (acme, dana) = (slug("acme"), email(DANA));
        good(
            world
                .app
                .set_admin_active(OPERATOR, &acme, &dana, false)
                .await,
        );
        let rest = body.collect().await;
        assert!(rest.is_err(), "{format}");
        good(
            world
                .app
                .set_admin_active(OPERATOR, &acme, &dana, true)
                .await,
        );
    }
}

#[tokio::test]
async fn an_export_in_another_form_is_refused() {
    let world = World::new().await;
    let refused = world
        .get(&world.tokens.dana, &format!("{EXPORT}?format=xlsx"))
        .await;
    let problem = refused.problem(422, "invalid_text");
    assert_eq!(problem["errors"][0]["field"], "format");
    let limited = world
        .get(&world.tokens.dana, &format!("{EXPORT}?limit=5"))
        .await;
    limited.problem(422, "unknown_field");
}
