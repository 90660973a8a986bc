//! Nobody gives what they were not shown: a tick, an extension and an approval are judged on what
//! the page showed in the very moment of the decision (R2, R8).

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use countersign_app::{App, CaseRead, Failure};
use countersign_domain::{Access, Actor, Email, Justification, Origin, Refusal, Upstream};
use countersign_store::{Store, StoredEntry};

use crate::{
    browser::Browser,
    form::{Form, notice},
    world::{CASE, OPERATOR, WHY, World, number, slug},
};

const EDIT: &str = "/settings/account?edit=support";
/// A case that Sam opened, so that it needs an approval of its own first.
const OWN: &str = "00012352";

/// The three ways to give something.
#[derive(Clone, Copy, Debug)]
enum Act {
    Grant,
    Extend,
    Approve,
}

impl Act {
    const ALL: [Self; 3] = [Self::Grant, Self::Extend, Self::Approve];

    fn case(self) -> &'static str {
        match self {
            Self::Grant | Self::Extend => CASE,
            Self::Approve => OWN,
        }
    }

    /// A world in which this can be done.
    async fn possible() -> World {
        let world = World::new().await;
        world
            .open_case(OWN, "sam@vendor.test", &["sam@vendor.test"])
            .await;
        world.ask(CASE).await;
        world.ask(OWN).await;
        world
    }

    async fn prepare(self, world: &World) {
        if matches!(self, Self::Extend) {
            world.grant(CASE).await;
        }
    }

    /// The form for it, as the page has it now.
    async fn form(self, browser: &mut Browser) -> Form {
        let name = match self {
            Self::Grant => "grant",
            Self::Extend => "extend",
            Self::Approve => "self-assignment/approve",
        };
        let address = format!("/settings/account/cases/{}/{name}", self.case());
        let form = Form::on(&browser.page(EDIT).await, &address);
        match self {
            Self::Grant => form.with("grant", "on"),
            Self::Extend | Self::Approve => form,
        }
    }

    /// What the customer says when it was done.
    fn said(self) -> &'static str {
        match self {
            Self::Grant => "Access granted for case 00012345 until",
            Self::Extend => "Access for case 00012345 extended until",
            Self::Approve => "Support may work on case 00012352.",
        }
    }
}

/// Sam asks anew: in other words, or as somebody else. The clock stands still, so that it is the
/// words and the subject that count and not the moment.
fn asks_anew(
    world: &World,
    case: &'static str,
    why: &'static str,
    subject: Option<&'static str>,
) -> impl Future<Output = ()> + Send + 'static {
    let (app, sam): (App, Actor) = (world.app.clone(), world.sam());
    async move {
        let why = Justification::parse(why).unwrap();
        let subject = subject.map(|email| Email::parse(email).unwrap());
        app.request_access(sam, &number(case), why, subject)
            .await
            .unwrap();
    }
}

/// What may be slipped in: other words, or the same words and another subject.
const SLIPPED_IN: [(&str, Option<&str>); 2] = [
    ("Something else entirely, and more of it.", None),
    (WHY, Some("ann@acme.test")),
];

/// Acme's log.
async fn entries(world: &World) -> Vec<String> {
    let read = world.app.case(OPERATOR, &number(CASE)).await.unwrap();
    let org = read.case().unwrap().org;
    let entries = world.store.entries(org, 0, 1_000).await.unwrap();
    let text = |entry: StoredEntry| String::from_utf8(entry.encoded).unwrap();
    entries.into_iter().map(text).collect()
}

/// Everything about the case that an act could have changed.
async fn standing(world: &World, case: &str) -> String {
    let read = world.app.case(OPERATOR, &number(case)).await.unwrap();
    let case = read.case().unwrap();
    format!("{:?} {:?}", case.access.unrevoked(), case.self_assignment)
}

fn stale(act: Act, page: &str) {
    let said = notice(page);
    let expected = format!("Case {} has changed since you opened this page", act.case());
    assert!(said.starts_with(&expected), "{act:?}: {said}");
    assert!(said.contains("nothing was done"), "{act:?}: {said}");
}

#[tokio::test]
async fn what_is_asked_anew_after_the_page_was_shown_is_not_given() {
    for act in Act::ALL {
        for (why, subject) in SLIPPED_IN {
            let world = Act::possible().await;
            act.prepare(&world).await;
            let mut dana = world.signed_in("dana@acme.test").await;
            let form = act.form(&mut dana).await;
            asks_anew(&world, act.case(), why, subject).await;
            let before = (entries(&world).await, standing(&world, act.case()).await);

            stale(act, &dana.done(&form).await);
            let after = (entries(&world).await, standing(&world, act.case()).await);
            assert_eq!(after, before, "{act:?} {why} {subject:?}");

            // Having seen it, she may.
            let page = act.form(&mut dana).await;
            let page = dana.done(&page).await;
            assert!(notice(&page).starts_with(act.said()), "{}", notice(&page));
        }
    }
}

#[tokio::test]
async fn what_is_asked_anew_between_the_decision_and_its_append_is_not_given() {
    for act in Act::ALL {
        for (why, subject) in SLIPPED_IN {
            let world = Act::possible().await;
            act.prepare(&world).await;
            let mut dana = world.signed_in("dana@acme.test").await;
            let form = act.form(&mut dana).await;
            let before = (entries(&world).await, standing(&world, act.case()).await);
            let asks = asks_anew(&world, act.case(), why, subject);
            world.store.before_next_append(asks);

            // The page was true when the click came, and no longer when it would have counted.
            stale(act, &dana.done(&form).await);
            let mut log = entries(&world).await;
            let asked = log.pop().unwrap();
            assert!(asked.contains("sam@vendor.test"), "{asked}");
            assert_eq!(log, before.0, "{act:?} {why} {subject:?}: one entry, Sam's");
            assert_eq!(standing(&world, act.case()).await, before.1, "{act:?}");

            let page = act.form(&mut dana).await;
            let page = dana.done(&page).await;
            assert!(notice(&page).starts_with(act.said()), "{}", notice(&page));
        }
    }
}

#[tokio::test]
async fn the_refusal_is_changed_since_shown_and_judged_again_on_every_attempt() {
    for act in Act::ALL {
        let world = Act::possible().await;
        act.prepare(&world).await;
        let looks = Arc::new(AtomicUsize::new(0));
        // What was shown: the words as they were.
        let as_shown = {
            let looks = Arc::clone(&looks);
            move |read: &CaseRead| {
                looks.fetch_add(1, Ordering::SeqCst);
                let case = read.case().unwrap();
                let more = match &case.access {
                    Access::Granted {
                        more_time_wanted, ..
                    } => more_time_wanted.is_some(),
                    _ => false,
                };
                !more && case.access.request().unwrap().justification.as_str() == WHY
            }
        };
        let before = standing(&world, act.case()).await;
        let (why, _) = SLIPPED_IN[0];
        let asks = asks_anew(&world, act.case(), why, None);
        world.store.before_next_append(asks);
        let (dana, case) = (world.dana(), number(act.case()));
        let answer = match act {
            Act::Grant => world.app.grant_as_shown(dana, &case, as_shown).await,
            Act::Extend => world.app.extend_as_shown(dana, &case, as_shown).await,
            Act::Approve => {
                let app = &world.app;
                app.approve_self_assignment_as_shown(dana, &case, as_shown)
                    .await
            }
        };
        let Err(Failure::Refused(refusal)) = answer else {
            panic!("{act:?}: {answer:?}");
        };
        assert_eq!(refusal, Refusal::ChangedSinceShown);
        assert_eq!(refusal.code(), "changed_since_shown");
        assert_eq!(looks.load(Ordering::SeqCst), 2, "{act:?}");
        assert_eq!(standing(&world, act.case()).await, before, "{act:?}");
    }
}

/// Something else that moves the same streams is no reason to ask the customer again.
#[tokio::test]
async fn what_the_page_does_not_show_may_move_in_between() {
    for act in Act::ALL {
        let world = Act::possible().await;
        act.prepare(&world).await;
        let mut dana = world.signed_in("dana@acme.test").await;
        let form = act.form(&mut dana).await;
        let app = world.app.clone();
        world.store.before_next_append(async move {
            let upstream = Upstream::new(Origin::parse("http://127.0.0.1:9001").unwrap());
            app.set_upstream(OPERATOR, &slug("acme"), upstream)
                .await
                .unwrap();
        });
        let page = dana.done(&form).await;
        assert!(notice(&page).starts_with(act.said()), "{}", notice(&page));
    }
}
