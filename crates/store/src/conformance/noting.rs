//! Entries that no event is behind.

use std::{sync::Arc, time::Duration as Wait};

use countersign_domain::{
    Actor, AdminId, CaseId, Command, CredentialId, Duration, Justification, OrgId, Person, WayIn,
    decide,
};
use countersign_entries::{Arrival, Entry, InVain, SignIn, What, leaf_hash};
use serde_json::{Value, json};

use super::{Backend, Live, ManualClock, World, secret};
use crate::{
    Append, BrowserSessionLimits, HistoryFilter, HistoryOrder, HistoryQuery, Key,
    NewBrowserSession, Passkeys, Position, Store, Verdict, alike::note,
};

async fn entry<S: Store>(
    world: &World<S>,
    org: OrgId,
    case: Option<CaseId>,
    actor: Option<Actor>,
    what: What,
) -> Entry {
    let mut keys = vec![Key::Org(org)];
    keys.extend(case.map(Key::Case));
    keys.extend(actor.map(|actor| match actor {
        Actor::Admin { id, .. } => Key::Admin(id),
        Actor::Agent { id } => Key::Agent(id),
        other => panic!("{other:?} notes nothing here"),
    }));
    let slice = world.store.load(&keys).await.expect("a slice");
    let place = (org, case);
    note(&slice.state, slice.now, actor.as_ref(), None, place, what).expect("all are known")
}

fn arrival<S: Store>(world: &World<S>, admin: AdminId) -> Arrival {
    Arrival {
        admin,
        credential: world.id::<CredentialId>("cred"),
        way: WayIn::Passkey,
    }
}

async fn refused<S: Store>(world: &World<S>, live: &Live) -> Entry {
    let what = What::Attempt(InVain {
        attempted: "access.granted",
        code: "only_approvers".to_owned(),
        left_out: 3,
    });
    let actor = Actor::Agent { id: live.agent };
    entry(world, live.org, Some(live.case), Some(actor), what).await
}

/// It is the last of its log, hashed as all are, and found where entries are looked for; no event is behind it, and
/// nothing else has changed.
pub async fn a_note_stands_on_the_log_and_nowhere_else<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let other = world.org().await;
    let others = world.log(other).await;
    let before = world.log(live.org).await.len();
    let head = world.store.head().await.expect("a head");
    let keys = [Key::Case(live.case), Key::Admin(live.boss)];
    let slice = world.store.load(&keys).await.expect("a slice");
    world.clock.advance(Duration::from_secs(5));
    let now = world.store.now().await.expect("a time");
    let boss = Actor::Admin {
        id: live.boss,
        via: None,
    };
    let came = arrival(&world, live.boss);
    let signed_in = What::SignIn(SignIn::In(came));
    let failed = What::SignIn(SignIn::Failed {
        arrival: came,
        code: "link_used".to_owned(),
        left_out: 0,
    });
    let entries = [
        entry(&world, live.org, None, Some(boss), signed_in).await,
        entry(&world, live.org, None, None, failed).await,
        refused(&world, &live).await,
    ];
    for entry in &entries {
        // It says when it is written, and not what it is told.
        let early = Entry {
            at: ManualClock::START,
            ..entry.clone()
        };
        world.store.note(early).await.expect("it is noted");
    }
    let from = u64::try_from(before).expect("a short log");
    let stored = world.store.entries(live.org, from, 10).await;
    let stored = stored.expect("a log");
    assert_eq!(stored.len(), entries.len());
    for ((index, stored), entry) in (from..).zip(&stored).zip(entries) {
        assert_eq!(stored.index, index);
        assert_eq!(stored.encoded, Entry { at: now, ..entry }.encode());
        assert_eq!(stored.leaf_hash, leaf_hash(&stored.encoded));
    }
    assert_eq!(world.store.head().await.expect("a head"), head);
    let tail = world.store.tail(head, 1).await.expect("a tail");
    assert_eq!(tail, []);
    let after = world.store.load(&keys).await.expect("a slice");
    assert_eq!((after.state, after.versions), (slice.state, slice.versions));
    assert_eq!(world.log(other).await, others);
    for indexed in [false, true] {
        while indexed && world.store.index_history(1_000).await.expect("a step") > 0 {}
        let found = |filter: HistoryFilter| async {
            let query = HistoryQuery {
                org: live.org,
                filter,
                order: HistoryOrder::OldestFirst,
                after: Some(from - 1),
                limit: 10,
            };
            let page = world.store.history(query).await.expect("a page");
            let rows = page.rows.iter();
            rows.map(|row| row.entry.index - from).collect::<Vec<_>>()
        };
        let kinds = |kinds: &[&'static str]| HistoryFilter {
            kinds: kinds.to_vec(),
            ..HistoryFilter::default()
        };
        assert_eq!(found(HistoryFilter::default()).await, [0, 1, 2]);
        assert_eq!(found(kinds(&["console.sign_in_failed"])).await, [1]);
        let of_case = HistoryFilter {
            case: Some(live.case),
            agent: Some(live.agent),
            opened_by: Some(live.opener),
            ..kinds(&["attempt.refused"])
        };
        assert_eq!(found(of_case).await, [2]);
    }
}

/// Whatever is written to a log after a note is of its moment or later, even by a clock that went back.
pub async fn times_go_on_from_a_note<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let lease = world.lease().await;
    world.clock.advance(Duration::from_mins(1));
    let entry = refused(&world, &live).await;
    let early = world.store.now().await.expect("a time");
    // Decided before the note, and appended after it.
    let actor = Actor::Agent { id: live.agent };
    let command = Command::RequestAccess {
        case: live.case,
        justification: Justification::parse("To see what is missing").expect("a reason"),
        subject: None,
    };
    let keys = [Key::Case(live.case), Key::Agent(live.agent)];
    let slice = world.store.load(&keys).await.expect("a slice");
    let asked = decide(&slice.state, &command, &actor, slice.now).expect("an agent asks");
    world.clock.advance(Duration::from_mins(1));
    world.store.note(entry).await.expect("it is noted");
    let noted = world.store.now().await.expect("a time");
    assert_eq!(noted.since(early), Duration::from_mins(1));
    world.clock.set(ManualClock::START);
    assert_eq!(world.store.now().await.expect("a time"), noted);
    let append = Append {
        actor,
        at: slice.now,
        read: &slice.versions,
        events: &asked,
        credentials: &[],
        kept: None,
        passkey: None,
        client: None,
    };
    let appended = world.store.append(append).await.expect("nothing has moved");
    assert_eq!(appended.at, noted);
    let verdict = world.request(lease, live.session).await;
    assert!(matches!(verdict, Verdict::Recorded { at, .. } if at == noted));
    let log = world.log(live.org).await;
    let times: Vec<i64> = log.iter().filter_map(|one| one["at"].as_i64()).collect();
    assert_eq!(times.len(), log.len());
    assert!(times.is_sorted(), "{times:?}");
}

/// Whoever notes, appends and records at once finds the next place of the log each time.
pub async fn notes_take_their_places_among_others<B: Backend>(backend: &B) {
    const EACH: usize = 20;
    let world = Arc::new(World::new(backend).await);
    let live = world.live().await;
    let lease = world.lease().await;
    let before = world.log(live.org).await.len();
    let noting = tokio::spawn({
        let world = Arc::clone(&world);
        async move {
            for _ in 0..EACH {
                let entry = refused(&world, &live).await;
                world.store.note(entry).await.expect("it is noted");
            }
        }
    });
    let asking = tokio::spawn({
        let world = Arc::clone(&world);
        async move {
            for _ in 0..EACH {
                world.ask(live.case, live.agent).await;
            }
        }
    });
    for _ in 0..EACH {
        world.request(lease, live.session).await;
    }
    noting.await.expect("it ends");
    asking.await.expect("it ends");
    let log = world.log(live.org).await;
    assert_eq!(log.len(), before + 3 * EACH);
    let of = |kind: &str| {
        log[before..]
            .iter()
            .filter(|one| one["type"] == kind)
            .count()
    };
    assert_eq!((of("attempt.refused"), of("request")), (EACH, EACH));
}

/// A note wakes whoever follows the log, and no process that follows the events.
pub async fn a_note_wakes_who_follows_the_log<B: Backend>(backend: &B) {
    let world = Arc::new(World::new(backend).await);
    let live = world.live().await;
    let from = u64::try_from(world.log(live.org).await.len()).expect("a short log");
    let follower = {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            loop {
                let found = world.store.entries(live.org, from, 1).await;
                if let Some(found) = found.expect("a log").pop() {
                    return found;
                }
                world.store.wait_for_entries(live.org, from).await;
            }
        })
    };
    tokio::task::yield_now().await;
    let entry = refused(&world, &live).await;
    world.store.note(entry).await.expect("it is noted");
    let found = tokio::time::timeout(Wait::from_secs(5), follower).await;
    let found = found.expect("it is told").expect("it ends");
    let found: Value = serde_json::from_slice(&found.encoded).expect("JSON");
    assert_eq!(
        found["detail"],
        json!({"attempted": "access.granted", "code": "only_approvers", "left_out": 3})
    );
    assert!(world.store.head().await.expect("a head") > Position(0));
}

/// Of those who end a browser session one is told whose it was, and nobody of one that had ended by the clock.
pub async fn one_is_told_whose_session_ended<B: Backend>(backend: &B) {
    const LIMITS: BrowserSessionLimits = BrowserSessionLimits {
        idle: Duration::from_mins(60),
        absolute: Duration::from_hours(12),
    };
    let world = Arc::new(World::new(backend).await);
    let live = world.live().await;
    let passkey = world.passkey(live.boss).await;
    let sign_in = async |number: u64| {
        let new = NewBrowserSession {
            cookie: secret(number),
            limits: LIMITS,
        };
        let used = world
            .store
            .use_passkey(passkey.id, &passkey.key, &passkey.key, new);
        assert!(used.await.expect("an answer"));
        secret(number)
    };
    let cookie = sign_in(900).await;
    let ends = [0, 1].map(|_| {
        let world = Arc::clone(&world);
        tokio::spawn(async move { world.store.end_browser_session(cookie, LIMITS).await })
    });
    let mut told = vec![];
    for end in ends {
        told.extend(end.await.expect("it ends").expect("an answer"));
    }
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].person, Person::Admin(live.boss));
    assert_eq!(told[0].credential, Some(passkey.id));
    let cookie = sign_in(901).await;
    world.clock.advance(LIMITS.idle);
    let ended = world.store.end_browser_session(cookie, LIMITS).await;
    assert_eq!(ended.expect("an answer"), None);
}
