//! Word that something has changed, for whoever shows it while it changes.
//!
//! It says that there is something new and not what: whoever hears it reads, and is judged, anew.
//! Waiting costs nothing but memory; nobody asks the store whether anything has happened.

use std::{
    collections::{BTreeSet, HashSet},
    time::Duration,
};

use countersign_domain::{AgentId, Event, OrgId};
use countersign_store::Recorded;
use tokio::{sync::watch, time::timeout};

use crate::{Node, node::locked};

/// What somebody listens for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum About {
    /// Whatever changes in an org.
    Org(OrgId),
    /// A case of whatever org that an agent has come to work on.
    Agent(AgentId),
}

/// Who listens for what.
#[derive(Debug, Default)]
pub(crate) struct Listeners {
    all: Vec<(BTreeSet<About>, watch::Sender<()>)>,
    closed: bool,
}

impl Listeners {
    fn listen(&mut self, about: BTreeSet<About>) -> Option<watch::Receiver<()>> {
        if self.closed {
            return None;
        }
        self.all.retain(|(_, told)| told.receiver_count() > 0);
        let (told, heard) = watch::channel(());
        self.all.push((about, told));
        Some(heard)
    }

    /// Tells whoever listens, and forgets those who no longer do.
    pub(crate) fn tell<'a>(&mut self, events: impl Iterator<Item = &'a Recorded>) {
        if self.all.is_empty() {
            return;
        }
        let mut everybody = false;
        let mut changed = HashSet::new();
        for recorded in events {
            match recorded.event.org() {
                Some(org) => _ = changed.insert(About::Org(org)),
                // What belongs to no org, such as an agent, shows in any.
                None => everybody = true,
            }
            changed.extend(came_to(&recorded.event).map(About::Agent));
        }
        self.all.retain(|(about, told)| {
            if everybody || about.iter().any(|one| changed.contains(one)) {
                told.send_replace(());
            }
            told.receiver_count() > 0
        });
    }
}

/// The agents who have come to work on a case.
fn came_to(event: &Event) -> impl Iterator<Item = AgentId> + '_ {
    let (opened_with, joined) = match event {
        Event::CaseOpened { team, .. } => (Some(team), None),
        Event::TeamJoined { agent, .. } => (None, Some(*agent)),
        _ => (None, None),
    };
    opened_with.into_iter().flatten().copied().chain(joined)
}

/// See [`Node::news`].
#[derive(Debug)]
pub struct News(Option<watch::Receiver<()>>);

impl News {
    /// Waits for the next change, at most this long; whether there was one.
    pub async fn wait(&mut self, at_most: Duration) -> bool {
        match &mut self.0 {
            Some(changed) => matches!(timeout(at_most, changed.changed()).await, Ok(Ok(()))),
            None => false,
        }
    }

    /// Whether nothing will be heard any more: the process is about to stop.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.0
            .as_ref()
            .is_none_or(|changed| changed.has_changed().is_err())
    }
}

impl Node {
    /// Listens for changes of all that is named. Whoever reads after calling this misses none.
    #[must_use]
    pub fn news(&self, about: impl IntoIterator<Item = About>) -> News {
        News(locked(&self.listeners).listen(about.into_iter().collect()))
    }

    /// Lets go of everybody who waits, and of whoever comes later.
    pub fn end_news(&self) {
        let mut listeners = locked(&self.listeners);
        listeners.closed = true;
        listeners.all.clear();
    }
}

#[cfg(test)]
mod tests {
    use countersign_domain::{Actor, AdminId, AgentId, Event, OperatorVia, Timestamp};
    use countersign_store::Position;

    use super::*;

    const AT_ONCE: Duration = Duration::ZERO;

    fn org(number: u8) -> OrgId {
        format!("org_{number:032}").parse().unwrap()
    }

    fn recorded(event: Event) -> Recorded {
        Recorded {
            position: Position(1),
            at: Timestamp::from_millis(0),
            actor: Actor::Operator {
                via: OperatorVia::CommandLine,
            },
            client: None,
            event,
            name: None,
        }
    }

    fn blocked(number: u8) -> Recorded {
        let by: AdminId = format!("adm_{:032}", 1).parse().unwrap();
        recorded(Event::Blocked {
            org: org(number),
            by,
        })
    }

    #[tokio::test]
    async fn only_what_concerns_an_org_is_news_of_it() {
        let mut listeners = Listeners::default();
        let mut news = News(listeners.listen([About::Org(org(1))].into()));
        listeners.tell([blocked(2)].iter());
        assert!(!news.wait(AT_ONCE).await);
        listeners.tell([blocked(2), blocked(1)].iter());
        assert!(news.wait(AT_ONCE).await);
        assert!(!news.wait(AT_ONCE).await, "told once");
        let agent: AgentId = format!("agt_{:032}", 1).parse().unwrap();
        let active = false;
        listeners.tell([recorded(Event::AgentActiveSet { agent, active })].iter());
        assert!(
            news.wait(AT_ONCE).await,
            "an agent may be on any org's case"
        );
    }

    #[tokio::test]
    async fn an_agent_hears_of_a_case_of_another_org_that_they_are_put_on() {
        let agent = |number: u8| -> AgentId { format!("agt_{number:032}").parse().unwrap() };
        let joined = |who| {
            recorded(Event::TeamJoined {
                case: format!("case_{:032}", 1).parse().unwrap(),
                org: org(2),
                agent: who,
            })
        };
        let mut listeners = Listeners::default();
        let about = [About::Org(org(1)), About::Agent(agent(1))];
        let mut news = News(listeners.listen(about.into()));
        listeners.tell([joined(agent(2)), blocked(3)].iter());
        assert!(!news.wait(AT_ONCE).await);
        listeners.tell([joined(agent(1))].iter());
        assert!(news.wait(AT_ONCE).await);
        listeners.tell([blocked(1)].iter());
        assert!(news.wait(AT_ONCE).await);
    }

    #[tokio::test]
    async fn whoever_went_is_forgotten_and_an_end_ends_every_wait() {
        let mut listeners = Listeners::default();
        let about = |number| BTreeSet::from([About::Org(org(number))]);
        drop(listeners.listen(about(1)));
        let mut news = News(listeners.listen(about(2)));
        assert_eq!(listeners.all.len(), 1);
        drop(listeners.listen(about(2)));
        listeners.tell([blocked(3)].iter());
        assert_eq!(listeners.all.len(), 1);
        assert!(!news.is_over());
        listeners.closed = true;
        listeners.all.clear();
        assert!(news.is_over());
        assert!(!news.wait(Duration::MAX).await);
        assert!(News(listeners.listen(about(2))).is_over());
    }
}
