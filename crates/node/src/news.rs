//! Word that something of an org has changed, for whoever shows it while it changes.
//!
//! It says that there is something new and not what: whoever hears it reads, and is judged, anew.
//! Waiting costs nothing but memory; nobody asks the store whether anything has happened.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use countersign_domain::OrgId;
use countersign_store::Recorded;
use tokio::{sync::watch, time::timeout};

use crate::{Node, node::locked};

/// Who listens for what. An org that nobody listens to is not in it.
#[derive(Debug, Default)]
pub(crate) struct Listeners {
    orgs: HashMap<OrgId, watch::Sender<()>>,
    closed: bool,
}

impl Listeners {
    fn listen(&mut self, org: OrgId) -> Option<watch::Receiver<()>> {
        if self.closed {
            return None;
        }
        let known = self
            .orgs
            .entry(org)
            .or_insert_with(|| watch::Sender::new(()));
        Some(known.subscribe())
    }

    /// Tells whoever listens, and forgets the orgs that nobody listens to any more.
    pub(crate) fn tell<'a>(&mut self, events: impl Iterator<Item = &'a Recorded>) {
        if self.orgs.is_empty() {
            return;
        }
        let mut all = false;
        let mut changed = HashSet::new();
        for recorded in events {
            match recorded.event.org() {
                Some(org) => {
                    changed.insert(org);
                }
                // What belongs to no org, such as an agent, shows in any.
                None => all = true,
            }
        }
        self.orgs.retain(|org, told| {
            if all || changed.contains(org) {
                told.send_replace(());
            }
            told.receiver_count() > 0
        });
    }
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
    /// Listens for changes of an org. Whoever reads after calling this misses none.
    #[must_use]
    pub fn news(&self, org: OrgId) -> News {
        News(locked(&self.listeners).listen(org))
    }

    /// Lets go of everybody who waits, and of whoever comes later.
    pub fn end_news(&self) {
        let mut listeners = locked(&self.listeners);
        listeners.closed = true;
        listeners.orgs.clear();
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
        let mut news = News(listeners.listen(org(1)));
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
    async fn whoever_went_is_forgotten_and_an_end_ends_every_wait() {
        let mut listeners = Listeners::default();
        drop(listeners.listen(org(1)));
        let mut news = News(listeners.listen(org(2)));
        listeners.tell([blocked(3)].iter());
        assert_eq!(listeners.orgs.len(), 1);
        assert!(!news.is_over());
        listeners.closed = true;
        listeners.orgs.clear();
        assert!(news.is_over());
        assert!(!news.wait(Duration::MAX).await);
        assert!(News(listeners.listen(org(2))).is_over());
    }
}
