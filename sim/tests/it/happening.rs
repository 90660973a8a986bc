//! What happens once a command is judged, and how browsers enter sessions.

use countersign_domain::{Actor, Case, Command, Event, Timestamp, decide};

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

    /// A browser enters the session started last, or stops on the way. That has no bearing on
    /// access, so the document has nothing to say about it.
    pub(crate) fn browse(&mut self) {
        let last = self.sessions.len() - 1;
        let (case, session) = (self.sessions[last], session(last));
        let actor = Actor::Agent {
            id: self.known(case).sessions[&session].agent,
        };
        let open = Command::OpenLink {
            case,
            session,
            code: HASH,
            handover: HASH,
            browser: HASH,
        };
        let enter = Command::EnterSession {
            case,
            session,
            handover: HASH,
            browser: HASH,
            cookie: HASH,
        };
        for step in [open, enter].iter().take(last % 3) {
            let events = decide(&self.state, step, &actor, self.now).unwrap();
            self.happen(actor, events);
        }
    }
}
