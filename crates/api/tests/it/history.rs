//! Looking back over HTTP: what was done, in rows, for those who may see it.

use countersign_domain::SessionId;
use countersign_store::Draft;
use serde_json::{Value, json};

use crate::{
    probe::WHY,
    world::{ANN, BEN, DANA, KIM, SAM, TOM, World, email, good},
};

const HISTORY: &str = "/api/v1/orgs/acme/history";

/// What the gateway would record.
pub(crate) enum Did {
    /// A request that passed.
    Look(String),
    /// One for a page, as a browser says it.
    Page(&'static str),
    /// One that was refused.
    Try(&'static str, &'static str),
    /// How the request at an index went.
    Went(u64),
}

impl World {
    pub(crate) async fn did(
        &self,
        session: &Value,
        did: impl IntoIterator<Item = Did>,
    ) -> Vec<u64> {
        let session: SessionId = session["id"].as_str().unwrap().parse().unwrap();
        let line = |target: &str| countersign_entries::RequestLine::new("GET", target);
        let drafts: Vec<Draft> = did
            .into_iter()
            .map(|did| match did {
                Did::Look(target) => Draft::Request {
                    session,
                    request: line(&target),
                },
                Did::Page(target) => Draft::Request {
                    session,
                    request: countersign_entries::RequestLine {
                        page: true,
                        ..line(target)
                    },
                },
                Did::Try(target, code) => Draft::Refused {
                    session,
                    request: line(target),
                    code: code.to_owned(),
                },
                Did::Went(request) => Draft::Outcome {
                    session,
                    outcome: countersign_entries::Outcome {
                        request,
                        status: Some(206),
                        bytes: 77,
                        ending: countersign_entries::OutcomeEnding::Cut,
                    },
                },
            })
            .collect();
        let lease = self.app.node().lease().unwrap();
        let verdicts = good(self.app.store().record(lease, &drafts).await);
        verdicts
            .iter()
            .map(|verdict| match verdict {
                countersign_store::Verdict::Recorded { index, .. } => *index,
                fenced => panic!("{fenced:?}"),
            })
            .collect()
    }

    async fn rows(&self, token: &str, path: &str) -> Vec<Value> {
        let page = self.get(token, path).await.with(200);
        assert_eq!(page["next"], Value::Null, "{path}");
        page["items"].as_array().unwrap().clone()
    }
}

pub(crate) fn looks(targets: &[&str]) -> Vec<Did> {
    targets
        .iter()
        .map(|target| Did::Look((*target).to_owned()))
        .collect()
}

fn paths(rows: &[Value]) -> Vec<&str> {
    rows.iter()
        .filter_map(|row| row["request"]["path"].as_str())
        .collect()
}

#[tokio::test]
async fn a_request_and_how_it_went_are_one_row() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let session = world.start_session(&number).await;
    let [seen, lost] = world
        .did(&session, looks(&["/invoices?page=2", "/users"]))
        .await[..]
    else {
        panic!("two entries");
    };
    let did = [Did::Went(seen), Did::Try("/invoices/9", "not_a_read")];
    let told = world.did(&session, did).await;
    let rows = world.rows(&world.tokens.dana, HISTORY).await;
    let row = |index: u64| rows.iter().find(|row| row["index"] == index);
    assert!(row(told[0]).is_none(), "an outcome is no row of its own");
    let seen = row(seen).unwrap();
    assert_eq!(seen["type"], "request");
    assert_eq!(
        seen["request"],
        json!({"method": "GET", "path": "/invoices?page=2"})
    );
    assert_eq!(seen["actor"]["email"], SAM);
    assert_eq!(seen["case"], number);
    assert_eq!(seen["outcome"]["state"], "cut");
    assert_eq!(seen["outcome"]["status"], 206);
    assert_eq!(seen["outcome"]["bytes"], 77);
    assert_eq!(seen["outcome"]["index"], told[0]);
    assert_eq!(seen["outcome"]["at"], "2030-01-01T00:01:00.000Z");
    let unknown = json!({"state": "unknown", "status": null, "bytes": null, "index": null, "at": null, "leaf_hash": null});
    assert_eq!(row(lost).unwrap()["outcome"], unknown);
    let refused = row(told[1]).unwrap();
    assert_eq!(refused["detail"]["code"], "not_a_read");
    assert_eq!(refused["outcome"], Value::Null);

    // Each row is the entry as the log has it, and they are newest first.
    let log = world
        .get(&world.tokens.dana, "/api/v1/orgs/acme/entries")
        .await
        .with(200);
    for row in &rows {
        let mut entry = row.clone();
        entry.as_object_mut().unwrap().remove("outcome");
        assert_eq!(entry, log["items"][row["index"].as_u64().unwrap() as usize]);
    }
    assert!(rows.is_sorted_by_key(|row| std::cmp::Reverse(row["index"].as_u64())));
}

#[tokio::test]
async fn rows_are_asked_for_by_what_people_know() {
    let world = World::new().await;
    let (one, two) = (world.granted_case().await, world.granted_case().await);
    good(
        world
            .app
            .join_team(crate::world::OPERATOR, &number(&two), &email(TOM))
            .await,
    );
    let first = world.start_session(&one).await;
    let path = format!("/api/v1/cases/{two}/sessions");
    let second = world.call(&world.tokens.tom, "POST", &path, None);
    let second = second.await.with(201);
    world
        .did(&first, looks(&["/invoices/17", "/customers/4"]))
        .await;
    world.pass(countersign_domain::Duration::from_mins(1));
    world
        .did(&second, looks(&["/invoices/170?q=M%C3%BCller"]))
        .await;
    world
        .did(&second, [Did::Try("/invoices/17/delete", "not_a_read")])
        .await;
    let found = async |query: &str| {
        let rows = world
            .rows(&world.tokens.dana, &format!("{HISTORY}?{query}"))
            .await;
        let mut types: Vec<_> = rows
            .iter()
            .map(|row| row["type"].as_str().unwrap().to_owned())
            .collect();
        types.dedup();
        (paths(&rows).join(" "), types.join(" "))
    };
    let paths = async |query: &str| found(query).await.0;
    assert_eq!(
        paths(&format!("case={one}")).await,
        "/customers/4 /invoices/17"
    );
    assert_eq!(
        paths("agent=tom@vendor.test").await,
        "/invoices/17/delete /invoices/170?q=M%C3%BCller"
    );
    let of_first = format!("session={}&order=oldest", first["id"].as_str().unwrap());
    assert_eq!(
        found(&of_first).await,
        (
            "/invoices/17 /customers/4".to_owned(),
            "session.started request".to_owned()
        )
    );
    assert_eq!(paths("kind=request.refused").await, "/invoices/17/delete");
    assert_eq!(
        paths("kind=request&agent=tom@vendor.test").await,
        "/invoices/170?q=M%C3%BCller"
    );
    assert_eq!(
        found("kind=access.granted,session&order=oldest").await.1,
        "access.granted session.started"
    );
    assert_eq!(
        found("kind=access&limit=1000&order=oldest").await.1,
        "access.requested access.granted access.requested access.granted"
    );
    assert_eq!(
        paths("q=invoices+17").await,
        "/invoices/17/delete /invoices/170?q=M%C3%BCller /invoices/17"
    );
    assert_eq!(
        paths("q=%2217%22").await,
        "/invoices/17/delete /invoices/17"
    );
    assert_eq!(paths("q=m%C3%BCller").await, "/invoices/170?q=M%C3%BCller");
    assert_eq!(paths("q=/invoices/17/").await, "/invoices/17/delete");
    assert_eq!(found("q=rule+list").await.1, "access.requested", "{WHY}");
    assert_eq!(
        paths("from=2030-01-01T00:02:00Z&order=oldest").await,
        "/invoices/170?q=M%C3%BCller /invoices/17/delete"
    );
    assert_eq!(
        paths("to=2030-01-01T01:02:00%2B01:00").await,
        "/customers/4 /invoices/17"
    );
}

fn number(text: &str) -> countersign_domain::CaseNumber {
    countersign_domain::CaseNumber::parse(text).unwrap()
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps_or_repeats() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let session = world.start_session(&number).await;
    let targets: Vec<_> = (0..700).map(|n| Did::Look(format!("/item/{n}"))).collect();
    world.did(&session, targets).await;
    while good(world.app.store().index_history(256).await) > 0 {}
    for (order, first, last) in [
        ("newest", "/item/699", "/item/0"),
        ("oldest", "/item/0", "/item/699"),
    ] {
        let mut seen: Vec<String> = vec![];
        let mut after = String::new();
        loop {
            let path = format!(
                "/api/v1/cases/{number}/history?kind=request&limit=64&order={order}{after}"
            );
            let page = world.get(&world.tokens.ben, &path).await.with(200);
            seen.extend(
                paths(page["items"].as_array().unwrap())
                    .iter()
                    .map(|path| (*path).to_owned()),
            );
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 700);
        assert_eq!((seen[0].as_str(), seen[699].as_str()), (first, last));
        let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!(distinct.len(), 700);
    }
}

#[tokio::test]
async fn people_see_what_is_theirs_to_see() {
    let world = World::new().await;
    let bens = world.granted_case().await;
    let danas = world.open_case_by(&json!({ "admin": DANA })).await;
    world.ask(&danas).await;
    world.grant(&danas).await;
    for case in [&bens, &danas] {
        good(
            world
                .app
                .join_team(crate::world::OPERATOR, &number(case), &email(TOM))
                .await,
        );
    }
    let start = async |token: &str, case: &str| {
        let path = format!("/api/v1/cases/{case}/sessions");
        world.call(token, "POST", &path, None).await.with(201)
    };
    let tokens = &world.tokens;
    let sams = start(&tokens.sam, &bens).await;
    world.did(&sams, looks(&["/by-sam"])).await;
    world
        .did(&start(&tokens.tom, &bens).await, looks(&["/by-tom"]))
        .await;
    world
        .did(&start(&tokens.sam, &danas).await, looks(&["/for-dana"]))
        .await;
    let seen = async |token: &str, path: &str| {
        let rows = world.rows(token, path).await;
        (paths(&rows).join(" "), rows)
    };

    // A super admin sees all, an admin the cases they opened, and nothing that is about no case.
    assert_eq!(
        seen(&tokens.dana, HISTORY).await.0,
        "/for-dana /by-tom /by-sam"
    );
    let (paths, rows) = seen(&tokens.ben, HISTORY).await;
    assert_eq!(paths, "/by-tom /by-sam");
    assert!(rows.iter().all(|row| row["case"] == bens));
    assert_eq!(seen(&tokens.ann, HISTORY).await.1, [Value::Null; 0]);
    let case = format!("/api/v1/cases/{bens}/history");
    assert_eq!(seen(&tokens.ben, &case).await.1, rows);

    // What is not theirs is not there for them, however they ask.
    let theirs = format!("{HISTORY}?case={danas}");
    world
        .get(&tokens.ben, &theirs)
        .await
        .problem(404, "case_not_found");
    world
        .get(&tokens.grace, &case)
        .await
        .problem(404, "case_not_found");
    let globex = format!("/api/v1/orgs/globex/history?case={bens}");
    world
        .get(&tokens.grace, &globex)
        .await
        .problem(404, "case_not_found");
    let session = format!("session={}", sams["id"].as_str().unwrap());
    let asked = format!("{HISTORY}?{session}");
    world
        .get(&tokens.ann, &asked)
        .await
        .problem(404, "session_not_found");
    let asked = format!("/api/v1/orgs/globex/history?{session}");
    world
        .get(&tokens.grace, &asked)
        .await
        .problem(404, "session_not_found");
    for org in ["acme", "globex", "initech"] {
        let asked = format!("/api/v1/orgs/{org}/history");
        world
            .get(&tokens.sam, &asked)
            .await
            .problem(403, "only_approvers");
    }

    // An agent sees what they did themself, as long as they are on the team (R5).
    let (paths, rows) = seen(&tokens.sam, &case).await;
    assert_eq!(paths, "/by-sam");
    assert!(
        rows.iter().all(|row| row["actor"]["email"] == SAM),
        "{rows:?}"
    );
    assert_eq!(seen(&tokens.tom, &case).await.0, "/by-tom");
    let asked = format!("{case}?agent={SAM}");
    assert_eq!(seen(&tokens.sam, &asked).await.0, "/by-sam");
    world
        .get(&tokens.tom, &asked)
        .await
        .problem(404, "person_not_found");
    assert_eq!(seen(&tokens.tom, &format!("{case}?{session}")).await.0, "");
    let leave = format!("/api/v1/cases/{bens}/team/{SAM}");
    world
        .call(&tokens.operator, "DELETE", &leave, None)
        .await
        .with(200);
    world
        .get(&tokens.sam, &case)
        .await
        .problem(404, "case_not_found");
    assert_eq!(
        seen(&tokens.ben, &case).await.0,
        "/by-tom /by-sam",
        "it is not forgotten"
    );

    // R2: a role given or taken a moment ago counts.
    let (acme, ann) = (crate::world::slug("acme"), email(ANN));
    let role = countersign_domain::Role::SuperAdmin;
    good(
        world
            .app
            .set_role(crate::world::OPERATOR, &acme, &ann, role)
            .await,
    );
    assert_eq!(
        seen(&tokens.ann, HISTORY).await.0,
        "/for-dana /by-tom /by-sam"
    );
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_rather_than_answered_with_nothing() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let dana = &world.tokens.dana;
    for (query, field) in [
        ("kind=acess", "kind"),
        ("kind=request,", "kind"),
        ("kind=", "kind"),
        ("session=17", "session"),
        ("agent=sam", "agent"),
        ("case=%20", "case"),
        ("q=%3F", "q"),
        ("q=", "q"),
        ("from=yesterday", "from"),
        ("from=2030-01-02T00:00:00Z&to=2030-01-02T00:00:00Z", "to"),
        ("order=up", "order"),
        ("limit=1001", "limit"),
        ("after=-1", "after"),
    ] {
        let refused = world.get(dana, &format!("{HISTORY}?{query}")).await;
        let problem = refused.problem(422, "invalid_text");
        assert_eq!(problem["errors"][0]["field"], field, "{query}");
    }
    let unknown = world.get(dana, &format!("{HISTORY}?knd=request")).await;
    unknown.problem(422, "unknown_field");
    let other = format!("/api/v1/cases/{number}/history?case={number}");
    world.get(dana, &other).await.problem(422, "unknown_field");
    let twice = format!("{HISTORY}?kind=request&kind=access");
    world
        .get(dana, &twice)
        .await
        .problem(422, "duplicate_field");
    let nothing = format!("{HISTORY}?case=T-99999");
    world
        .get(dana, &nothing)
        .await
        .problem(404, "case_not_found");
}

/// An agent who never had to do with the org, an address that nobody has and an admin's are alike: who works
/// for the vendor cannot be guessed.
#[tokio::test]
async fn who_works_for_the_vendor_is_not_told_by_what_is_found() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let dana = &world.tokens.dana;
    for history in [
        HISTORY.to_owned(),
        format!("/api/v1/cases/{number}/history"),
    ] {
        for more in ["", "&limit=1&order=oldest"] {
            let idle = format!("{history}?agent={KIM}{more}");
            let idle = world.get(dana, &idle).await;
            assert_eq!(idle.status, 200);
            assert_eq!(idle.json()["items"], json!([]));
            for nobody in ["nobody@vendor.test", BEN] {
                let other = format!("{history}?agent={nobody}{more}");
                let other = world.get(dana, &other).await;
                assert_eq!(other.status, idle.status, "{nobody}");
                assert_eq!(other.json(), idle.json(), "{nobody}");
            }
        }
        for format in ["csv", "jsonl"] {
            let file = async |agent: &str| {
                let path = format!("{history}/export?format={format}&agent={agent}");
                let answer = world.get(dana, &path).await;
                (answer.status, answer.text)
            };
            let idle = file(KIM).await;
            assert_eq!(idle.0, 200);
            assert_eq!(file("nobody@vendor.test").await, idle);
            assert_eq!(file(BEN).await, idle);
        }
    }
}

/// Requests are told apart by what they were, and by an agent is found what concerned their access.
#[tokio::test]
async fn rows_are_found_by_the_sort_of_request_and_by_whom_access_concerned() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let session = world.start_session(&number).await;
    let did = [
        Did::Page("/reports"),
        Did::Look("/favicon.ico".to_owned()),
        Did::Try("/reports/9", "not_a_read"),
    ];
    world.did(&session, did).await;
    let dana = &world.tokens.dana;
    for (sort, expected) in [
        ("pages", &["/reports"][..]),
        ("declared", &[]),
        ("attempts", &["/reports/9"]),
    ] {
        let path = format!("{HISTORY}?requests={sort}");
        assert_eq!(paths(&world.rows(dana, &path).await), expected, "{sort}");
        let lines = world
            .get(
                dana,
                &format!("/api/v1/orgs/acme/history?requests={sort}&kind=access"),
            )
            .await
            .with(200);
        assert_eq!(lines["items"], json!([]), "{sort}");
    }
    world
        .get(dana, "/api/v1/orgs/acme/history?requests=some")
        .await
        .problem(422, "invalid_text");
    let granted = world
        .rows(dana, &format!("{HISTORY}?kind=access.granted&agent={SAM}"))
        .await;
    assert_eq!(granted.len(), 1);
    assert_eq!(granted[0]["actor"]["kind"], "admin");
    // An agent is shown their own doing.
    let own = format!("/api/v1/cases/{number}/history?kind=access.granted");
    assert_eq!(world.rows(&world.tokens.sam, &own).await, [Value::Null; 0]);
}

/// The report has everyone's acts, the sessions and the counts, and says where on the log it begins
/// and ends.
#[tokio::test]
async fn a_report_tells_a_case_from_beginning_to_end() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let other = world.granted_case().await;
    let session = world.start_session(&number).await;
    let asides = world.start_session(&other).await;
    world.did(&asides, looks(&["/aside"])).await;
    let seen = world.did(&session, looks(&["/a", "/b"])).await;
    world.did(&session, [Did::Try("/c", "not_a_read")]).await;
    world.pass(countersign_domain::Duration::from_mins(1));
    let revoke = format!("/api/v1/cases/{number}/grant");
    world
        .call(&world.tokens.dana, "DELETE", &revoke, None)
        .await
        .with(200);
    let last = world.did(&session, [Did::Went(seen[0])]).await;

    let path = format!("/api/v1/cases/{number}/report");
    let report = world.get(&world.tokens.ben, &path).await.with(200);
    assert_eq!(report["case"]["number"], number);
    assert_eq!(report["case"]["impersonation"]["status"], "DISABLED");
    let acts: Vec<_> = report["acts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|act| &act["type"])
        .collect();
    let expected = [
        "case.opened",
        "access.requested",
        "access.granted",
        "session.started",
        "session.ended",
        "access.revoked",
    ];
    assert_eq!(acts, expected);
    let told = json!([{
        "id": session["id"], "agent": SAM, "subject": BEN,
        "since": "2030-01-01T00:01:00.000Z", "ended_at": "2030-01-01T00:02:00.000Z",
        "ended_why": "grant_revoked", "looked_at": 2, "pages": 0, "declared_harmless": 0,
        "refused": 1,
    }]);
    assert_eq!(report["sessions"], told);
    assert_eq!(
        paths(report["requests"].as_array().unwrap()),
        ["/a", "/b", "/c"]
    );
    assert_eq!(report["requests"][0]["outcome"]["state"], "cut");
    assert_eq!(
        (&report["looked_at"], &report["refused"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(report["complete"], true);
    let log = world
        .get(&world.tokens.dana, "/api/v1/orgs/acme/entries")
        .await
        .with(200);
    for (place, index) in [
        ("first", report["acts"][0]["index"].as_u64().unwrap()),
        ("last", last[0]),
    ] {
        assert_eq!(report[place]["index"], index);
        assert_eq!(
            report[place]["leaf_hash"],
            log["items"][index as usize]["leaf_hash"]
        );
    }
    let short = world
        .get(&world.tokens.ben, &format!("{path}?limit=1"))
        .await
        .with(200);
    assert_eq!(paths(short["requests"].as_array().unwrap()), ["/a"]);
    assert_eq!(short["looked_at"], 2);
}
