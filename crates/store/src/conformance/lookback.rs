//! Looking back: pages say what the log says, wherever the index behind them stands.

use std::sync::Arc;

use countersign_domain::{Actor, Command, Duration, OrgId, Timestamp};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::{
    Backend, ManualClock, World,
    chance::Chance,
    log_by_chance::{Cast, Row, filter, indexes, outcome, told},
    world::{line, request},
};
use crate::{
    Draft, HistoryFilter, HistoryOrder, HistoryPage, HistoryQuery, HistoryRow, Search, Store,
};

/// All pages of a query, one after the other.
async fn walk<S: Store>(
    world: &World<S>,
    org: OrgId,
    filter: &HistoryFilter,
    order: HistoryOrder,
    limit: usize,
) -> Vec<HistoryRow> {
    let mut rows = vec![];
    let mut after = None;
    loop {
        let page = page(world, org, filter, order, after, limit).await;
        assert!(page.rows.len() <= limit);
        rows.extend(page.rows);
        match page.next {
            None => return rows,
            next => {
                assert_ne!(next, after, "every page gets further");
                after = next;
            }
        }
    }
}

async fn page<S: Store>(
    world: &World<S>,
    org: OrgId,
    filter: &HistoryFilter,
    order: HistoryOrder,
    after: Option<u64>,
    limit: usize,
) -> HistoryPage {
    let query = HistoryQuery {
        org,
        filter: filter.clone(),
        order,
        after,
        limit,
    };
    world.store.history(query).await.expect("a page")
}

async fn all<S: Store>(world: &World<S>, org: OrgId, order: HistoryOrder) -> Vec<HistoryRow> {
    walk(world, org, &HistoryFilter::default(), order, 100).await
}

/// Brings the index as far as it goes.
async fn index_all<S: Store>(world: &World<S>) {
    while world.store.index_history(512).await.expect("it indexes") > 0 {}
}

const ORDERS: [HistoryOrder; 2] = [HistoryOrder::NewestFirst, HistoryOrder::OldestFirst];

/// A request and its outcome are one row, wherever the outcome is; what tells of no request has a
/// row of its own, and so has what was refused. Rows carry the very bytes that were hashed.
pub async fn a_request_and_its_outcome_are_one_row<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let lease = world.lease().await;
    let session = live.session;
    let first = world.log(live.org).await.len() as u64;
    let told = |request| Draft::Outcome {
        session,
        outcome: outcome(request),
    };
    let refused = Draft::Refused {
        session,
        request: line("/"),
        code: "not_a_read".to_owned(),
    };
    // Then so many that nothing of the above is left out of any index.
    let mut drafts = vec![request(session), request(session), refused, told(first)];
    drafts.extend([told(first + 2), told(first + 90), told(0), told(first)]);
    let record = async |drafts: &[Draft]| {
        let verdicts = world.store.record(lease, drafts).await;
        verdicts.expect("the store records");
    };
    record(&drafts).await;
    let expected = [
        (first, vec![first + 3, first + 7]),
        (first + 1, vec![]),
        (first + 2, vec![]),
        (first + 4, vec![]),
        (first + 5, vec![]),
        (first + 6, vec![]),
    ];
    let check = async |late: &[u64]| {
        let rows = all(&world, live.org, HistoryOrder::OldestFirst).await;
        let from = usize::try_from(first).expect("a short log");
        let mut expected = expected.to_vec();
        expected[1].1.extend(late);
        assert_eq!(indexes(&rows[from..from + 6]), expected);
        let stored = world
            .store
            .entries(live.org, 0, 100_000)
            .await
            .expect("a log");
        for entry in rows
            .iter()
            .flat_map(|row| row.outcomes.iter().chain([&row.entry]))
        {
            assert_eq!(
                *entry,
                stored[usize::try_from(entry.index).expect("a place")]
            );
        }
    };
    check(&[]).await;
    record(&vec![request(session); 600]).await;
    check(&[]).await;
    index_all(&world).await;
    check(&[]).await;
    // The outcome of a request that was indexed long ago is told at once, and after indexing.
    record(&[told(first + 1)]).await;
    let late = world.log(live.org).await.len() as u64 - 1;
    check(&[late]).await;
    record(&vec![request(session); 600]).await;
    index_all(&world).await;
    check(&[late]).await;
}

/// For logs and filters made by chance: the pages one after the other are the filter applied to the
/// whole log, in either order, for any size of page, wherever the index stands.
pub async fn pages_are_the_filter_applied_to_the_whole_log<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let mut chance = Chance(4_711);
    let casts = [Cast::new(&world).await, Cast::new(&world).await];
    let mut found = 0;
    for round in 0..6 {
        for cast in &casts {
            for _ in 0..8 {
                cast.act(&world, &mut chance, 60).await;
            }
        }
        if round == 3 {
            casts[0].disturb(&world).await;
        }
        for _ in 0..chance.below(3) {
            let limit = usize::try_from(1 + chance.below(700)).expect("a few");
            world.store.index_history(limit).await.expect("it indexes");
        }
        for cast in &casts {
            let log = world.log(cast.org).await;
            found += compare(&world, cast, &log, &mut chance, 12).await;
        }
    }
    index_all(&world).await;
    for cast in &casts {
        let log = world.log(cast.org).await;
        assert!(log.len() > 512, "there is something in the index");
        found += compare(&world, cast, &log, &mut chance, 40).await;
    }
    assert!(found > 2_000, "{found} rows are not enough to tell");
}

/// Compares walks under filters made by chance with the whole log; how many rows that were.
async fn compare<S: Store>(
    world: &World<S>,
    cast: &Cast,
    log: &[Value],
    chance: &mut Chance,
    filters: usize,
) -> usize {
    let mut found = 0;
    for _ in 0..filters {
        let (filter, typed) = filter(cast, log, chance);
        let mut expected = told(log, &filter, typed);
        let order = chance.pick(&ORDERS);
        if order == HistoryOrder::NewestFirst {
            expected.reverse();
        }
        // Not more pages than a test has time for.
        let least = 1 + expected.len() as u64 / 20;
        let limit = usize::try_from(least + chance.below(40)).expect("a page");
        let rows = walk(world, cast.org, &filter, order, limit).await;
        assert_eq!(
            indexes(&rows),
            expected,
            "{filter:?} {typed:?} {order:?} by {limit}"
        );
        found += rows.len();
    }
    found
}

/// The same while the log grows and two handles index: pages newest first are those of the log as
/// it was at the first of them, and oldest first none is left out either.
pub async fn pages_are_exact_while_others_record_and_index<B: Backend>(backend: &B) {
    const WALKS: usize = 24;
    let clock = Arc::new(ManualClock::default());
    let store = backend.open(Arc::clone(&clock)).await;
    let world = Arc::new(World::over(store, Arc::clone(&clock)));
    let other = Arc::new(backend.open(clock).await);
    let cast = Arc::new(Cast::new(&*world).await);
    // Each walk has some of it to meet on its way.
    let (acts, steps) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let recording = {
        let (world, cast, acts) = (Arc::clone(&world), Arc::clone(&cast), Arc::clone(&acts));
        tokio::spawn(async move {
            let mut chance = Chance(7);
            while let Ok(act) = acts.acquire().await {
                act.forget();
                cast.act(&world, &mut chance, 60).await;
            }
        })
    };
    let index = |handle: usize| {
        let (world, other, steps) = (Arc::clone(&world), Arc::clone(&other), Arc::clone(&steps));
        tokio::spawn(async move {
            while let Ok(step) = steps.acquire().await {
                step.forget();
                let store = [&world.store, &*other][handle];
                store.index_history(256).await.expect("it indexes");
            }
        })
    };
    let indexing = [index(0), index(1)];
    let mut chance = Chance(99);
    for _ in 0..WALKS {
        let before = world.log(cast.org).await;
        let (filter, typed) = filter(&cast, &before, &mut chance);
        let order = chance.pick(&ORDERS);
        acts.add_permits(3);
        steps.add_permits(4);
        let rows = indexes(&walk(&world, cast.org, &filter, order, 30).await);
        let after = world.log(cast.org).await;
        let least = told(&before, &filter, typed);
        let most = told(&after, &filter, typed);
        let of = |told: &[Row], index| told.iter().find(|row| row.0 == index).cloned();
        for row in &least {
            assert!(of(&rows, row.0).is_some(), "{row:?}: {filter:?} {order:?}");
        }
        for row in &rows {
            // Outcomes come while the pages are read.
            let most = of(&most, row.0).expect("it is on the log").1;
            let least = of(&least, row.0).map_or(0, |row| row.1.len());
            assert!(most.starts_with(&row.1), "{row:?}: {filter:?} {order:?}");
            assert!(least <= row.1.len(), "{row:?}: {filter:?} {order:?}");
        }
        assert!(match order {
            HistoryOrder::NewestFirst => rows.is_sorted_by(|a, b| a.0 > b.0),
            HistoryOrder::OldestFirst => rows.is_sorted_by(|a, b| a.0 < b.0),
        });
    }
    acts.close();
    steps.close();
    recording.await.expect("it ends");
    for indexing in indexing {
        indexing.await.expect("it ends");
    }
    let log = world.log(cast.org).await;
    assert!(
        log.len() > 600,
        "{} entries are not enough to tell",
        log.len()
    );
    index_all(&world).await;
    compare(&world, &cast, &log, &mut chance, 20).await;
}

/// Indexing gets on, every org's log in its turn, says when it is done, and what comes later is
/// taken up again; whoever opens the database next finds it as it was.
pub async fn indexing_comes_to_an_end<B: Backend>(backend: &B) {
    let clock = Arc::new(ManualClock::default());
    let world = World::over(backend.open(Arc::clone(&clock)).await, Arc::clone(&clock));
    let casts = [Cast::new(&world).await, Cast::new(&world).await];
    let many = |cast: &Cast| vec![request(cast.sessions[0]); 1_000];
    let indexed = async |store: &B::Store, org| {
        let query = HistoryQuery {
            org,
            filter: HistoryFilter::default(),
            order: ORDERS[0],
            after: None,
            limit: 1,
        };
        store.history(query).await.expect("a page").indexed
    };
    assert_eq!(world.store.index_history(256).await.expect("it indexes"), 0);
    for cast in &casts {
        cast.record(&world, &many(cast)).await;
    }
    let (mut steps, mut taken) = (0, 0);
    loop {
        let step = world.store.index_history(256).await.expect("it indexes");
        if step == 0 {
            break;
        }
        (steps, taken) = (steps + 1, taken + step);
        if steps == 2 {
            for cast in &casts {
                let far = indexed(&world.store, cast.org).await;
                assert!(far > 0, "each gets on in its turn");
            }
        }
    }
    let of = [
        indexed(&world.store, casts[0].org).await,
        indexed(&world.store, casts[1].org).await,
    ];
    assert_eq!(taken as u64, of[0] + of[1]);
    assert!(of.iter().all(|far| *far > 500), "{of:?}");
    assert_eq!(world.store.index_history(256).await.expect("it indexes"), 0);

    let other = backend.open(clock).await;
    assert_eq!(other.index_history(256).await.expect("it indexes"), 0);
    assert_eq!(indexed(&other, casts[0].org).await, of[0]);
    casts[0].record(&world, &many(&casts[0])).await;
    assert!(other.index_history(256).await.expect("it indexes") > 0);
    assert!(indexed(&world.store, casts[0].org).await > of[0]);
}

/// What was recorded a moment ago is there before anything is indexed, also when the log has run
/// far ahead of its index.
pub async fn a_log_far_ahead_of_its_index_is_told_in_full<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let cast = Cast::new(&world).await;
    let session = cast.sessions[0];
    for n in 0..24 {
        let drafts: Vec<_> = (0..256)
            .map(|at| match at % 2 {
                0 => Draft::Request {
                    session,
                    request: line(&format!("/item/{n}/{at}")),
                },
                _ => Draft::Outcome {
                    session,
                    outcome: outcome(at),
                },
            })
            .collect();
        cast.record(&world, &drafts).await;
        let filter = HistoryFilter {
            search: Some(Search::parse(&format!("/item/{n}/254")).expect("a search")),
            ..HistoryFilter::default()
        };
        if n % 6 == 5 {
            let found = page(&world, cast.org, &filter, ORDERS[0], None, 10).await;
            assert_eq!(found.rows.len(), 1, "{n}");
            assert_eq!(found.next, None);
        }
    }
    let log = world.log(cast.org).await;
    let mut expected = told(&log, &HistoryFilter::default(), None);
    assert_eq!(indexes(&all(&world, cast.org, ORDERS[1]).await), expected);
    expected.reverse();
    assert_eq!(indexes(&all(&world, cast.org, ORDERS[0]).await), expected);
}

/// However little of what is looked through is what is looked for, a page is bounded and the next
/// one goes on: nothing is lost on the way, and nothing is read twice.
pub async fn a_search_goes_on_where_a_page_stopped<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let cast = Cast::new(&world).await;
    // More words that begin alike than any index would put together, and few that are meant.
    let drafts: Vec<_> = (0..9_000)
        .map(|n| Draft::Request {
            session: cast.sessions[n % 3],
            request: line(&match n % 1_500 {
                77 => format!("/x/1{n:05}/wanted"),
                _ => format!("/x/1{n:05}"),
            }),
        })
        .collect();
    cast.record(&world, &drafts).await;
    index_all(&world).await;
    let log = world.log(cast.org).await;
    for typed in [
        "1 wanted",
        "1",
        "10077",
        "100077",
        "\"x\" wan",
        "/x/10",
        "1 nowhere",
    ] {
        let filter = HistoryFilter {
            search: Some(Search::parse(typed).expect("a search")),
            agent: Some(cast.agents[1]),
            kinds: vec!["request"],
            ..HistoryFilter::default()
        };
        let mut expected = told(&log, &filter, Some(typed));
        let rows = walk(&world, cast.org, &filter, ORDERS[1], 500).await;
        assert_eq!(indexes(&rows), expected, "{typed}");
        expected.reverse();
        let rows = walk(&world, cast.org, &filter, ORDERS[0], 500).await;
        assert_eq!(indexes(&rows), expected, "{typed}");
    }
}

/// By an agent is found what gave them access, prolonged it and took it away, whoever did that: of those
/// who joined later from then on, of those who left no longer. What an agent is shown of their own has
/// nothing of it.
pub async fn what_concerned_an_agent_is_found_by_them<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let cast = Cast::new(&world).await;
    let [one, two] = cast.agents;
    cast.disturb(&world).await;
    let stranger = world.agent().await;
    const ACCESS: [&str; 3] = ["access.granted", "access.extended", "access.revoked"];
    let found = async |filter: HistoryFilter| {
        let filter = HistoryFilter {
            case: Some(cast.cases[0]),
            kinds: ACCESS.to_vec(),
            ..filter
        };
        let rows = walk(&world, cast.org, &filter, ORDERS[1], 2).await;
        let kind = |row: &HistoryRow| {
            let entry: Value = serde_json::from_slice(&row.entry.encoded).expect("JSON");
            entry["type"].as_str().expect("a kind").to_owned()
        };
        rows.iter().map(kind).collect::<Vec<_>>()
    };
    let by = async |agent| {
        found(HistoryFilter {
            agent: Some(agent),
            ..HistoryFilter::default()
        })
        .await
    };
    for indexed in [false, true] {
        if indexed {
            cast.record(&world, &vec![request(cast.sessions[1]); 600])
                .await;
            index_all(&world).await;
        }
        let [granted, extended, revoked] = ACCESS;
        assert_eq!(by(one).await, [granted, extended], "left before the end");
        assert_eq!(by(two).await, [granted, extended, revoked, granted]);
        assert_eq!(by(cast.late).await, [extended, revoked, granted]);
        assert_eq!(by(stranger).await, [""; 0]);
        let own = HistoryFilter {
            own: Some(two),
            ..HistoryFilter::default()
        };
        assert_eq!(found(own).await, [""; 0]);

        let mut all = vec![one, two, cast.late];
        all.sort_unstable();
        let appear = async |opened_by| {
            let agents = world.store.agents_in_history(cast.org, opened_by).await;
            agents.expect("an answer")
        };
        assert_eq!(appear(None).await, all);
        assert_eq!(appear(Some(cast.openers[0])).await, all);
        let mut of_two = vec![one, two];
        of_two.sort_unstable();
        assert_eq!(appear(Some(cast.openers[1])).await, of_two);
        assert_eq!(appear(Some(world.id("adm"))).await, [one; 0]);
    }
}

/// Pages by time are half-open, and begin and end within moments that many entries share.
pub async fn a_day_begins_and_ends_where_it_says<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let lease = world.lease().await;
    let at = async || world.store.now().await.expect("a time");
    let mut moments = vec![];
    for _ in 0..4 {
        world.clock.advance(Duration::from_mins(1));
        moments.push(at().await);
        let drafts = vec![request(live.session); 200];
        world
            .store
            .record(lease, &drafts)
            .await
            .expect("the store records");
    }
    let count = async |from: Option<Timestamp>, to: Option<Timestamp>| {
        let filter = HistoryFilter {
            kinds: vec!["request"],
            from,
            to,
            ..HistoryFilter::default()
        };
        let [newest, oldest] = [
            walk(&world, live.org, &filter, ORDERS[0], 150).await,
            walk(&world, live.org, &filter, ORDERS[1], 150).await,
        ];
        assert!(newest.iter().rev().eq(&oldest));
        newest.len()
    };
    for indexed in [false, true] {
        if indexed {
            index_all(&world).await;
        }
        let [a, b, _, d] = moments[..] else {
            panic!("four moments");
        };
        let later = |at: Timestamp| at.plus(Duration::from_millis(1));
        assert_eq!(count(Some(a), Some(b)).await, 200);
        assert_eq!(count(Some(a), Some(later(b))).await, 400);
        assert_eq!(count(Some(later(a)), Some(b)).await, 0);
        assert_eq!(count(Some(later(a)), None).await, 600);
        assert_eq!(count(None, Some(d)).await, 600);
        assert_eq!(count(Some(later(d)), None).await, 0);
        assert_eq!(count(Some(b), Some(a)).await, 0, "backwards");
        assert_eq!(count(None, None).await, 800);
    }
}

/// One org's history has nothing of another's, and an org without a log has an empty one.
pub async fn orgs_do_not_see_each_others_history<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (one, two) = (Cast::new(&world).await, Cast::new(&world).await);
    let drafts = vec![request(one.sessions[0]); 600];
    one.record(&world, &drafts).await;
    for indexed in [false, true] {
        if indexed {
            index_all(&world).await;
        }
        for filter in [
            HistoryFilter {
                session: Some(one.sessions[0]),
                ..HistoryFilter::default()
            },
            HistoryFilter {
                case: Some(one.cases[0]),
                ..HistoryFilter::default()
            },
            HistoryFilter {
                opened_by: Some(one.openers[0]),
                ..HistoryFilter::default()
            },
        ] {
            let rows = walk(&world, two.org, &filter, ORDERS[0], 50).await;
            assert!(rows.is_empty(), "{filter:?}");
        }
        let rows = all(&world, two.org, ORDERS[0]).await;
        assert_eq!(rows.len(), world.log(two.org).await.len());
    }
    let nobody = world.id("org");
    let empty = page(
        &world,
        nobody,
        &HistoryFilter::default(),
        ORDERS[0],
        None,
        5,
    )
    .await;
    assert_eq!((empty.rows.len(), empty.next, empty.size), (0, None, 0));
}

/// A page says how far the log goes and what has been taken away, as of the same moment.
pub async fn a_page_says_as_of_when_it_is<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let look = async || {
        let filter = HistoryFilter::default();
        page(&world, live.org, &filter, ORDERS[0], None, 2).await
    };
    let before = look().await;
    assert_eq!(before.size, world.log(live.org).await.len() as u64);
    assert_eq!(before.rows.len(), 2);
    assert_eq!(before.next, Some(before.size - 2));
    world.clock.advance(Duration::from_mins(1));
    let revoke = Command::Revoke { case: live.case };
    world
        .run(
            Actor::Admin {
                id: live.boss,
                via: None,
            },
            revoke,
        )
        .await;
    let after = look().await;
    assert_eq!(after.size, before.size + 2);
    assert_eq!(after.now, world.store.now().await.expect("a time"));
    assert!(after.barrier > before.barrier);
    assert_eq!(
        after.barrier,
        world.store.newest_barrier().await.expect("a barrier")
    );
}
