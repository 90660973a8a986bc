//! What support asks for under sessions, step by step as the gateway goes: decide, record, look again,
//! and look before each write of the response.

use std::{sync::Arc, time::Duration};

use countersign_domain::SessionId;
use countersign_entries::{OutcomeEnding, RequestLine};
use tokio::time::sleep;

use super::{World, chance::Chance, mutant::Mutant, process::Process};

impl World {
    /// Asks for one thing after the other.
    pub(super) async fn browser(self: Arc<Self>, chance: Chance) {
        while !self.ends() {
            sleep(Duration::from_millis(chance.below(120))).await;
            let sessions = self.sessions_to_try();
            let (Some(session), Some(place)) = (chance.pick(&sessions), chance.pick(&self.places))
            else {
                continue;
            };
            let Some(process) = place.process() else {
                continue;
            };
            let (world, session, chance) = (Arc::clone(&self), *session, chance.branch());
            place.run(async move { world.request(&process, session, &chance).await });
        }
    }

    async fn request(&self, process: &Process, session: SessionId, chance: &Chance) {
        let (node, name) = (&process.node, &process.wire.name);
        process.wire.line.runs().await;
        if !self.judge.allows(node, session) {
            self.judge.count("refused");
            return;
        }
        self.judge.allowed(name, session, "allows a request");
        let line = RequestLine::new("GET", "/invoices");
        let durable = process
            .desk
            .record_request(session, line, Arc::new(()))
            .await;
        process.wire.line.runs().await;
        let durable = match durable {
            Ok(durable) => durable,
            Err(error) => {
                self.judge
                    .note(|| format!("{name} does not pass a request: {error}"));
                return;
            }
        };
        let unchecked = self.mutant == Some(Mutant::WritesAreNotChecked);
        if !node.may_flow(session) {
            return durable.ended(None, 0, OutcomeEnding::NotSent);
        }
        self.judge.starts(name, session, durable.index());
        for _ in 0..chance.below(6) {
            sleep(Duration::from_millis(chance.below(400))).await;
            process.wire.line.runs().await;
            if !node.may_flow(session) && !unchecked {
                self.judge.count("cut");
                return durable.ended(Some(200), 512, OutcomeEnding::Cut);
            }
            self.judge.allowed(name, session, "writes a response");
        }
        durable.ended(Some(200), 512, OutcomeEnding::Complete);
    }
}
