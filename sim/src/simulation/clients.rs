//! People and programs that call the product, on whichever process they come to.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use countersign_app::{App, Changed, Failure, Known, Made, Once};
use countersign_domain::{Actor, CredentialId, Event, SessionId};
use tokio::{sync::oneshot, time::sleep};
use uuid::Uuid;

use super::{
    World,
    access::CALL,
    cast::{OPERATOR, admin, upstream, why},
    chance::Chance,
    judge::Scope,
    mutant::Mutant,
};

/// Something that somebody wants done.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    Ask,
    Grant,
    Revoke,
    Extend,
    Block,
    Unblock,
    Close,
    Reopen,
    Leave,
    Join,
    AgentActive(bool),
    SubjectActive(bool),
    Start,
    End(SessionId),
    Upstream(u64),
    ApproveSelf,
    WithdrawSelf,
}

/// An act, on whom and what, and what it is known by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deed {
    pub(super) act: Act,
    pub(super) case: usize,
    pub(super) agent: usize,
    pub(super) by_opener: bool,
    /// Of every attempt at it, one has an effect.
    pub(super) number: u64,
}

/// What an answer says.
struct Told {
    gone: Option<Scope>,
    events: Vec<Event>,
}

impl Told {
    fn nothing() -> Self {
        Self {
            gone: None,
            events: vec![],
        }
    }
}

impl World {
    /// Something that somebody might want.
    pub(super) fn deed(&self, chance: &Chance) -> Deed {
        let running = self.sessions_running();
        let act = match chance.below(124) {
            0..10 => Act::Ask,
            10..28 => Act::Grant,
            28..36 => Act::Revoke,
            36..42 => Act::Extend,
            42..44 => Act::Block,
            44..52 => Act::Unblock,
            52..54 => Act::Close,
            54..60 => Act::Reopen,
            60..63 => Act::Leave,
            63..69 => Act::Join,
            69..71 => Act::AgentActive(false),
            71..78 => Act::AgentActive(true),
            78..80 => Act::SubjectActive(false),
            80..87 => Act::SubjectActive(true),
            87..90 => Act::Upstream(chance.next()),
            90..94 => Act::ApproveSelf,
            94..95 => Act::WithdrawSelf,
            95..102 => match chance.pick(&running) {
                Some(session) => Act::End(*session),
                None => Act::Start,
            },
            _ => Act::Start,
        };
        Deed {
            act,
            case: usize::try_from(chance.below(self.cast.cases.len() as u64)).unwrap_or(0),
            agent: usize::try_from(chance.below(self.cast.agents.len() as u64)).unwrap_or(0),
            by_opener: chance.one_in(3),
            number: self.next_call(),
        }
    }

    pub(super) fn next_call(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::Relaxed)
    }

    /// Wants things done, one after the other, and sometimes tries again.
    pub(super) async fn client(self: Arc<Self>, chance: Chance) {
        while !self.ends() {
            sleep(Duration::from_millis(chance.below(300))).await;
            let deed = self.deed(&chance);
            for attempt in 0..3 {
                let known = self.attempt(deed, &chance).await;
                if known || attempt == 2 || chance.one_in(2) {
                    break;
                }
                sleep(Duration::from_millis(chance.below(200))).await;
            }
        }
    }

    /// Tries it on some process; whether somebody knows now how it went.
    pub(super) async fn attempt(self: &Arc<Self>, deed: Deed, chance: &Chance) -> bool {
        let Some(place) = chance.pick(&self.places) else {
            return true;
        };
        let Some(process) = place.process() else {
            return false;
        };
        let (world, name) = (Arc::clone(self), process.wire.name.clone());
        let (done, known) = oneshot::channel();
        // A call that may be made again with its key, or one that is another each time.
        let keyed = matches!(deed.act, Act::Start);
        let call = if keyed { deed.number } else { self.next_call() };
        let task = async move {
            process.wire.line.runs().await;
            let asked = world.judge.head();
            world
                .judge
                .note(|| format!("{name} is asked for {deed:?} as {call}"));
            let result = world.act(&process.app, deed).await;
            process.wire.line.runs().await;
            let known = match result {
                Ok(told) => {
                    world.judge.note(|| format!("{call} is done"));
                    world.judge.count("done");
                    world.judge.acknowledged(&told.events, asked);
                    if let Some(scope) = told.gone {
                        world.judge.count("gone");
                        world.judge.answered(scope, asked);
                    }
                    true
                }
                Err(failure) => {
                    world.judge.note(|| format!("{call}: {failure}"));
                    if let Failure::OutcomeUnknown {
                        takes_away: true, ..
                    } = failure
                    {
                        world.judge.left_open(&name, &process.node, call);
                    }
                    let nothing = world.said_to_be_nothing(&failure);
                    if nothing && !keyed {
                        world.judge.had_no_effect(call);
                    }
                    let unreached = matches!(failure, Failure::Unavailable(_));
                    (nothing && !unreached) || matches!(failure, Failure::Kept)
                }
            };
            _ = done.send(known);
        };
        if !place.run(CALL.scope(call, task)) {
            return false;
        }
        known.await.unwrap_or(false)
    }

    /// Whether whoever gets this failure is told that nothing has changed.
    fn said_to_be_nothing(&self, failure: &Failure) -> bool {
        match failure {
            Failure::Refused(_) | Failure::Busy | Failure::Unavailable(_) => true,
            Failure::OutcomeUnknown { .. } => {
                self.mutant == Some(Mutant::UnknownOutcomeIsSaidToBeNone)
            }
            Failure::Kept | Failure::EffectUnknown(_) => false,
        }
    }

    async fn act(&self, app: &App, deed: Deed) -> Result<Told, Failure> {
        let case = &self.cast.cases[deed.case];
        let customer = self.cast.customer_of(case);
        let (slug, number) = (&customer.slug, &case.number);
        let support = &self.cast.agents[deed.agent];
        let boss = admin(customer.boss);
        let approver = if deed.by_opener {
            admin(customer.opener)
        } else {
            boss
        };
        let agent = Actor::Agent { id: support.id };
        let (all, none) = (Some(Scope::Case(case.id)), None);
        let (changed, gone): (Changed, _) = match deed.act {
            Act::Ask => (app.request_access(agent, number, why(), None).await?, none),
            Act::Grant => (app.grant(approver, number).await?, none),
            Act::Revoke => (app.revoke(approver, number).await?, all),
            Act::Extend => (app.extend(approver, number, None).await?, none),
            Act::Close => (app.close_case(approver, number).await?, all),
            Act::Reopen => (app.reopen_case(approver, number).await?, none),
            Act::ApproveSelf => (app.approve_self_assignment(boss, number).await?, none),
            Act::WithdrawSelf => (app.withdraw_self_assignment(boss, number).await?, all),
            Act::Join => (app.join_team(OPERATOR, number, &support.email).await?, none),
            Act::Leave => {
                let left = app.leave_team(OPERATOR, number, &support.email).await?;
                (left, Some(Scope::Team(case.id, support.id)))
            }
            Act::Start => return self.start(app, agent, deed).await,
            Act::End(session) => {
                app.end_session(boss, session).await?;
                return Ok(Told {
                    gone: Some(Scope::Session(session)),
                    ..Told::nothing()
                });
            }
            Act::Block => {
                app.block(boss, slug).await?;
                return Ok(Told {
                    gone: Some(Scope::Org(customer.org)),
                    ..Told::nothing()
                });
            }
            Act::Unblock => {
                app.unblock(boss, slug).await?;
                return Ok(Told::nothing());
            }
            Act::Upstream(port) => {
                let set = app.set_upstream(OPERATOR, slug, upstream(port)).await?;
                // That it was there already says nothing of sessions that started since.
                let gone = set.effective.map(|_| Scope::Org(customer.org));
                return Ok(Told {
                    gone,
                    ..Told::nothing()
                });
            }
            Act::AgentActive(active) => {
                app.set_agent_active(OPERATOR, &support.email, active)
                    .await?;
                let gone = (!active).then_some(Scope::Agent(support.id));
                return Ok(Told {
                    gone,
                    ..Told::nothing()
                });
            }
            Act::SubjectActive(active) => {
                let email = &customer.opener_email;
                app.set_admin_active(boss, slug, email, active).await?;
                let gone = (!active).then_some(Scope::Subject(customer.opener));
                return Ok(Told {
                    gone,
                    ..Told::nothing()
                });
            }
        };
        if changed
            .effective
            .is_some_and(|effective| effective.lapsed > 0)
        {
            self.judge.count("leases waited for");
        }
        Ok(Told {
            gone,
            events: changed.events,
        })
    }

    /// Starts a session by a call that may be repeated.
    async fn start(&self, app: &App, agent: Actor, deed: Deed) -> Result<Told, Failure> {
        let number = &self.cast.cases[deed.case].number;
        let key = deed.number.to_string();
        let known = Known {
            credential: CredentialId::from_uuid(Uuid::from_u128(1 + deed.agent as u128)),
            secret: "cst_0123456789abcdefghijklmnopqrstuvwxyz0123456",
            endpoint: "POST /sessions",
            key: &key,
        };
        let once = Once::new(known, &[number.as_str().as_bytes()], rendered)?;
        let started = app.once(once).start_session(agent, number).await?;
        self.judge.count("sessions");
        if !self.knows(started.id) {
            self.judge
                .wrong(|| format!("A7: {} was handed out and is not there", started.id));
        }
        Ok(Told::nothing())
    }
}

fn rendered(made: &Made) -> Vec<u8> {
    match made {
        Made::Session(started) => started.id.to_string().into_bytes(),
        _ => vec![],
    }
}
