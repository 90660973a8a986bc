//! What happens once a command is judged, and how browsers enter sessions.

use countersign_domain::{Actor, Case, Command, Entrance, Event, Timestamp, decide};

use crate::world::{HASH, World, session};

/// What one command brought about.
#[derive(Clone, Debug)]
pub(crate) struct Happened {
    pub(crate) at: Timestamp,
    pub(crate) actor: Actor,
    pub(crate) events: Vec<Event>,
}

impl World {
    /// Lets events happen to the state and to the gateway's view.
    pub(crate) fn happen(&mut self, actor: Actor, events: Vec<Event>) {
        for event in &events {
            self.state.evolve(self.now, event);
            let case = match event {
                Event::SessionStarted { case, .. } => self.state.case(*case),
                _ => None,
            };
            let name = case.map(Case::name);
            self.view.fold(self.now, event, name.as_ref());
        }
        if !events.is_empty() {
            self.happened.push(Happened {
                at: self.now,
                actor,
                events,
            });
        }
    }

    /// A browser comes a step further into a session, if it may. That has no bearing on access, so
    /// the document has nothing to say about it.
    pub(crate) fn browse(&mut self, n: u8) {
        let n = usize::from(n) % self.sessions.len().max(1);
        let Some(case) = self.sessions.get(n).copied() else {
            return;
        };
        let Some(known) = self.known(case).sessions.get(&session(n)) else {
            return;
        };
        let actor = Actor::Agent { id: known.agent };
        let session = known.id;
        let command = match known.entrance {
            Entrance::Linked { .. } => Command::OpenLink {
                case,
                session,
                code: HASH,
                handover: HASH,
                browser: HASH,
            },
            _ => Command::EnterSession {
                case,
                session,
                handover: HASH,
                browser: HASH,
                cookie: HASH,
            },
        };
        if let Ok(events) = decide(&self.state, &command, &actor, self.now) {
            self.happen(actor, events);
        }
    }
}
