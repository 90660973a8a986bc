//! Listing cases: whose, which, and page by page.

use countersign_domain::{
    Actor, AdminId, CaseId, CaseNumber, Command, Duration, Email, OpenedBy, PersonName, Role,
    SessionId, SessionLimits, Slug,
};

use super::{
    Backend, World,
    world::{OPERATOR, good, reachability},
};
use crate::{
    CasePage, CaseQuery, DirectoryOf, DirectoryQuery, ListedSession, SessionPage, SessionQuery,
    SessionsOf, StatusFilter, Store, Viewer,
};

async fn list<S: Store>(world: &World<S>, viewer: Viewer, status: StatusFilter) -> CasePage {
    let query = CaseQuery {
        viewer,
        status,
        after: None,
        limit: 100,
    };
    world.store.cases(query).await.expect("a page")
}

async fn ids<S: Store>(world: &World<S>, viewer: Viewer) -> Vec<CaseId> {
    list(world, viewer, StatusFilter::Any).await.cases
}

/// Operators list all, super admins their org's, openers theirs, agents their team's.
pub async fn viewers_list_their_own_cases<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let one = world.live().await;
    let two = world.live().await;
    let own = world
        .case(one.org, OpenedBy::Agent(one.agent), [one.agent])
        .await;
    let boss_own = world.case(one.org, OpenedBy::Admin(one.boss), []).await;

    assert_eq!(
        ids(&world, Viewer::All).await,
        [one.case, two.case, own, boss_own]
    );
    assert_eq!(
        ids(&world, Viewer::Org(one.org)).await,
        [one.case, own, boss_own]
    );
    assert_eq!(ids(&world, Viewer::OpenedBy(one.opener)).await, [one.case]);
    assert_eq!(ids(&world, Viewer::OpenedBy(one.boss)).await, [boss_own]);
    assert_eq!(ids(&world, Viewer::Team(one.agent)).await, [one.case, own]);
    assert_eq!(ids(&world, Viewer::Team(one.other)).await, [one.case]);
    let nobody: AdminId = world.id("adm");
    assert_eq!(ids(&world, Viewer::OpenedBy(nobody)).await, []);

    let leave = Command::LeaveTeam {
        case: one.case,
        agent: one.other,
    };
    world.run(OPERATOR, leave).await;
    assert_eq!(ids(&world, Viewer::Team(one.other)).await, []);
    let join = Command::JoinTeam {
        case: two.case,
        agent: one.other,
    };
    world.run(OPERATOR, join).await;
    assert_eq!(ids(&world, Viewer::Team(one.other)).await, [two.case]);
    let page = list(&world, Viewer::Team(one.other), StatusFilter::Any).await;
    let case = page.state.case(two.case).expect("the case");
    for admin in case.admins() {
        assert!(page.state.admin(admin).is_some());
    }
    for agent in case.agents() {
        assert!(page.state.agent(agent).is_some());
    }
    assert!(page.state.org(two.org).is_some());
}

/// Open and closed cases are told apart as they are now.
pub async fn status_narrows_the_list<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let other = world
        .case(live.org, OpenedBy::Admin(live.opener), [live.agent])
        .await;
    world
        .run(OPERATOR, Command::CloseCase { case: live.case })
        .await;
    for viewer in [
        Viewer::All,
        Viewer::Org(live.org),
        Viewer::OpenedBy(live.opener),
        Viewer::Team(live.agent),
    ] {
        let open = list(&world, viewer, StatusFilter::Open).await;
        assert_eq!(open.cases, [other], "{viewer:?}");
        let closed = list(&world, viewer, StatusFilter::Closed).await;
        assert_eq!(closed.cases, [live.case], "{viewer:?}");
        assert_eq!(ids(&world, viewer).await, [live.case, other], "{viewer:?}");
    }
    world
        .run(OPERATOR, Command::ReopenCase { case: live.case })
        .await;
    let open = list(&world, Viewer::Org(live.org), StatusFilter::Open).await;
    assert_eq!(open.cases, [live.case, other]);
}

/// Reachable are open cases with a grant that nobody revoked, also one that has expired, or a
/// session that nobody ended; told apart as they are now, for every viewer and in pages.
pub async fn reachable_cases_are_listed<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let other = world.live().await;
    let [quiet, asked, granted, expired] = reachability(&world, live).await;
    let any = ids(&world, Viewer::Org(live.org)).await;
    assert_eq!(any, [live.case, quiet, asked, granted, expired]);
    let viewers = [
        Viewer::Org(live.org),
        Viewer::OpenedBy(live.opener),
        Viewer::Team(live.agent),
    ];
    let reachable = async |viewer| {
        let page = list(&world, viewer, StatusFilter::Reachable).await;
        assert!(!page.more, "{viewer:?}");
        page.cases
    };
    for viewer in viewers {
        let listed = reachable(viewer).await;
        assert_eq!(listed, [live.case, granted, expired], "{viewer:?}");
    }
    let all = reachable(Viewer::All).await;
    assert_eq!(all.len(), 4);
    assert!(all.contains(&other.case));

    // In pages, with what is out of reach in between.
    let query = |after: Option<CaseNumber>| CaseQuery {
        viewer: Viewer::Org(live.org),
        status: StatusFilter::Reachable,
        after,
        limit: 1,
    };
    let mut after = None;
    for (case, more) in [(live.case, true), (granted, true), (expired, false)] {
        let page = world.store.cases(query(after)).await.expect("a page");
        assert_eq!((page.cases, page.more), (vec![case], more));
        after = page.state.case(case).map(|case| case.number.clone());
    }
    let past = world.store.cases(query(after)).await.expect("a page");
    assert_eq!((past.cases, past.more), (vec![], false));

    // What ends is out of reach at once; closing and reopening do not bring it back.
    let boss = Actor::Admin {
        id: live.boss,
        via: None,
    };
    let revoke = Command::Revoke { case: live.case };
    world.run(boss, revoke).await;
    for viewer in viewers {
        assert_eq!(reachable(viewer).await, [granted, expired], "{viewer:?}");
    }
    for command in [
        Command::CloseCase { case: expired },
        Command::ReopenCase { case: expired },
    ] {
        world.run(OPERATOR, command).await;
        for viewer in viewers {
            assert_eq!(reachable(viewer).await, [granted], "{viewer:?}");
        }
    }
    world.run(boss, Command::Block { org: live.org }).await;
    for viewer in viewers {
        assert_eq!(reachable(viewer).await, [], "{viewer:?}");
    }
    assert_eq!(reachable(Viewer::All).await, [other.case]);
}

/// Pages follow each other by number without gaps or repeats, and the last one says so.
pub async fn cursors_page_through<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let org = world.org().await;
    let opener = world.admin(org, Role::Admin).await;
    let agent = world.agent().await;
    let mut expected = vec![];
    for _ in 0..7 {
        expected.push(world.case(org, OpenedBy::Admin(opener), [agent]).await);
    }
    for viewer in [
        Viewer::All,
        Viewer::Org(org),
        Viewer::OpenedBy(opener),
        Viewer::Team(agent),
    ] {
        let mut found = vec![];
        let mut after = None;
        loop {
            let page = world
                .store
                .cases(CaseQuery {
                    viewer,
                    status: StatusFilter::Open,
                    after: after.take(),
                    limit: 3,
                })
                .await
                .expect("a page");
            assert!(page.cases.len() <= 3);
            let last = page.cases.last().and_then(|id| page.state.case(*id));
            after = last.map(|case| case.number.clone());
            found.extend(page.cases);
            if !page.more {
                break;
            }
        }
        assert_eq!(found, expected, "{viewer:?}");
    }
}

/// A number handed out is free, and is not handed out again.
pub async fn case_numbers_are_handed_out_once<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let org = world.id("org");
    let slug = good(Slug::parse("acme"));
    let name = good(PersonName::parse("Acme Inc"));
    world
        .run(OPERATOR, Command::CreateOrg { org, slug, name })
        .await;
    let mut numbers = vec![];
    for _ in 0..5 {
        numbers.push(world.store.next_case_number().await.expect("a number"));
    }
    let mut distinct = numbers.clone();
    distinct.dedup();
    assert_eq!(distinct, numbers);
    assert!(numbers.is_sorted());
    let opener = world.admin(org, Role::Admin).await;
    let next = format!("{:08}", numbers[4].as_str().parse::<u64>().unwrap_or(0) + 1);
    world
        .run(
            OPERATOR,
            Command::OpenCase(countersign_domain::NewCase {
                case: world.id("case"),
                org,
                number: good(CaseNumber::parse(&next)),
                number_chosen: true,
                title: good(countersign_domain::Title::parse("Taken")),
                opened_by: OpenedBy::Admin(opener),
                team: [].into(),
            }),
        )
        .await;
    let skipped = world.store.next_case_number().await.expect("a number");
    assert_ne!(
        skipped.as_str(),
        next,
        "a number that an operator chose is taken"
    );
}

async fn sessions<S: Store>(world: &World<S>, of: SessionsOf) -> Vec<SessionId> {
    let page = session_page(world, of, None, 100).await;
    assert!(!page.more);
    page.sessions.iter().map(|listed| listed.session).collect()
}

async fn session_page<S: Store>(
    world: &World<S>,
    of: SessionsOf,
    after: Option<SessionId>,
    limit: usize,
) -> SessionPage {
    let query = SessionQuery { of, after, limit };
    world.store.sessions(query).await.expect("a page")
}

/// Sessions are listed until somebody or some rule ends them: an org's, those on an opener's cases,
/// an agent's own; with the last request, their cases and everyone in them.
pub async fn running_sessions_are_listed<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let one = world.live().await;
    let two = world.live().await;
    let second = world
        .session(one.case, one.other, SessionLimits::default())
        .await;
    assert_eq!(
        sessions(&world, SessionsOf::Org(one.org)).await,
        [one.session, second]
    );
    assert_eq!(
        sessions(&world, SessionsOf::Org(two.org)).await,
        [two.session]
    );
    let of_opener = SessionsOf::OpenedBy(one.opener);
    assert_eq!(sessions(&world, of_opener).await, [one.session, second]);
    assert_eq!(sessions(&world, SessionsOf::OpenedBy(one.boss)).await, []);
    assert_eq!(
        sessions(&world, SessionsOf::Agent(one.other)).await,
        [second]
    );

    world.clock.advance(Duration::from_mins(5));
    let lease = world.lease().await;
    world.request(lease, second).await;
    let now = world.store.now().await.expect("a time");
    let first = session_page(&world, of_opener, None, 1).await;
    assert!(first.more);
    let rest = session_page(&world, of_opener, Some(one.session), 1).await;
    assert!(!rest.more);
    let listed = ListedSession {
        session: second,
        case: one.case,
        last_request: now,
    };
    assert_eq!(rest.sessions, [listed]);
    assert_eq!(rest.now, now);
    let case = rest.state.case(one.case).expect("the case");
    assert!(case.sessions.contains_key(&second));
    assert!(rest.state.org(one.org).is_some());
    assert!(rest.state.agent(one.other).is_some());
    assert!(rest.state.admin(one.opener).is_some());

    let leave = Command::LeaveTeam {
        case: one.case,
        agent: one.other,
    };
    world.run(OPERATOR, leave).await;
    assert_eq!(sessions(&world, of_opener).await, [one.session]);
    let boss = Actor::Admin {
        id: one.boss,
        via: None,
    };
    world.run(boss, Command::Revoke { case: one.case }).await;
    assert_eq!(sessions(&world, SessionsOf::Org(one.org)).await, []);
}

/// Orgs by short name and people by address, page by page.
pub async fn directories_page_through<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let mut orgs = vec![];
    for slug in ["mango", "acme", "zebra", "acme-2"] {
        let org = world.id("org");
        let slug = good(Slug::parse(slug));
        let name = good(PersonName::parse("An org"));
        world
            .run(OPERATOR, Command::CreateOrg { org, slug, name })
            .await;
        orgs.push(org);
    }
    for (org, email) in [(0, "c@x.test"), (1, "b@x.test"), (0, "a@x.test")] {
        let command = Command::CreateAdmin {
            admin: world.id("adm"),
            org: orgs[org],
            email: good(Email::parse(email)),
            name: good(PersonName::parse("A person")),
            role: Role::Admin,
        };
        world.run(OPERATOR, command).await;
    }
    for email in ["y@v.test", "x@v.test", "z@v.test"] {
        let command = Command::CreateAgent {
            agent: world.id("agt"),
            email: good(Email::parse(email)),
            name: good(PersonName::parse("An agent")),
        };
        world.run(OPERATOR, command).await;
    }
    for (of, expected) in [
        (DirectoryOf::Orgs, vec!["acme", "acme-2", "mango", "zebra"]),
        (DirectoryOf::Admins(orgs[0]), vec!["a@x.test", "c@x.test"]),
        (DirectoryOf::Admins(orgs[1]), vec!["b@x.test"]),
        (DirectoryOf::Admins(orgs[2]), vec![]),
        (
            DirectoryOf::Agents,
            vec!["x@v.test", "y@v.test", "z@v.test"],
        ),
    ] {
        let mut found: Vec<String> = vec![];
        loop {
            let query = DirectoryQuery {
                of,
                after: found.last().cloned(),
                limit: 2,
            };
            let page = world.store.directory_page(query).await.expect("a page");
            let mut names: Vec<String> = match of {
                DirectoryOf::Orgs => page.state.orgs().map(|o| o.slug.to_string()).collect(),
                DirectoryOf::Admins(_) => {
                    page.state.admins().map(|a| a.email.to_string()).collect()
                }
                DirectoryOf::Agents => page.state.agents().map(|a| a.email.to_string()).collect(),
            };
            names.sort();
            found.extend(names);
            assert_eq!(page.more, found.len() < expected.len(), "{of:?}");
            if !page.more {
                break;
            }
        }
        assert_eq!(found, expected, "{of:?}");
    }
}
