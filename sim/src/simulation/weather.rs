//! What goes wrong, and that it ends.

use std::{sync::Arc, time::Duration};

use countersign_lease::margin;
use tokio::time::{sleep, timeout};

use super::{
    TROUBLE, World,
    chance::Chance,
    clients::{Act, Deed},
    mutant::Mutant,
    process::Place,
    wire::SLOWEST,
};

/// How long a lease holds, in milliseconds, as processes are started with.
const LEASE: u64 = 1_500;
/// How long a process stands still, is cut off or stays away at most, in milliseconds.
const LONGEST: u64 = 2_500;
/// What calls may take besides, when all is well.
const SLACK: u64 = 150;

impl World {
    /// Pauses, cuts off, crashes and starts processes, and sets their clocks.
    pub(super) async fn trouble(self: Arc<Self>, chance: Chance) {
        while !self.weather.is_calm() && !self.ends() {
            sleep(Duration::from_millis(chance.within(20, 900))).await;
            let Some(place) = chance.pick(&self.places).cloned() else {
                return;
            };
            if self.weather.is_calm() {
                return;
            }
            let long = Duration::from_millis(match chance.below(3) {
                0 => chance.within(1_000, LONGEST),
                _ => chance.within(20, 600),
            });
            let what = chance.below(8);
            let world = Arc::clone(&self);
            match what {
                0..3 => _ = tokio::spawn(async move { world.pause(&place, long).await }),
                3..5 => _ = tokio::spawn(async move { world.cut(&place, long).await }),
                5..7 => {
                    place.crash(&self).await;
                    _ = tokio::spawn(async move {
                        sleep(long).await;
                        place.start(&world).await;
                    });
                }
                _ => {
                    place.wall.step(&chance);
                    self.judge.count("clocks set");
                    self.judge.note(|| "somebody sets a clock".to_owned());
                }
            }
        }
    }

    async fn pause(&self, place: &Place, long: Duration) {
        if let Some(wire) = place.wire() {
            self.judge.count("paused");
            self.judge
                .note(|| format!("{} stands still for {long:?}", wire.name));
            let stands = self.mutant == Some(Mutant::LeaseDoesNotLapse);
            wire.line.pause(true);
            if stands {
                place.machine.stands(true);
            }
            sleep(long).await;
            place.machine.stands(false);
            wire.line.pause(false);
        }
    }

    async fn cut(&self, place: &Place, long: Duration) {
        if let Some(wire) = place.wire() {
            self.judge.count("cut off");
            self.judge
                .note(|| format!("{} is cut off for {long:?}", wire.name));
            wire.line.cut(true);
            sleep(long).await;
            wire.line.cut(false);
        }
    }

    /// All is well again: every process serves and knows everything, and what takes away is answered
    /// within a lease and its margin, and at once where nobody has to be waited for.
    pub(super) async fn calm(self: &Arc<Self>) {
        self.judge.note(|| "calm".to_owned());
        self.weather.clear();
        // What is under way ends.
        sleep(Duration::from_millis(LONGEST.max(SLOWEST) + 2 * SLACK)).await;
        for place in &self.places {
            place.start(self).await;
        }
        let chance = self.chance.branch();
        self.answered_within(&chance, LEASE + margin(LEASE) + SLACK)
            .await;
        sleep(Duration::from_millis(2 * LEASE)).await;
        for _ in 0..3 {
            self.answered_within(&chance, SLACK).await;
        }
        // Whoever asks for things goes on meanwhile; when they are done, nothing moves any more.
        self.over.store(true, std::sync::atomic::Ordering::Relaxed);
        sleep(Duration::from_millis(LEASE)).await;
        for place in &self.places {
            let Some(process) = place.process() else {
                self.judge
                    .wrong(|| "a process has not come back".to_owned());
                continue;
            };
            let (node, name) = (&process.node, &process.wire.name);
            if !node.is_ready() || node.position() != self.judge.head() {
                let at = node.position();
                self.judge
                    .wrong(|| format!("{name} is not back: at {at:?}"));
            }
            self.judge.compare(name, node);
        }
    }

    async fn answered_within(self: &Arc<Self>, chance: &Chance, at_most: u64) {
        let begun = self.truth.elapsed();
        let session = chance.pick(&self.sessions_running()).copied();
        let deed = Deed {
            act: session.map_or(Act::Revoke, Act::End),
            ..self.deed(chance)
        };
        let known = timeout(Duration::from_millis(TROUBLE), self.attempt(deed, chance)).await;
        let took = self.truth.elapsed() - begun;
        if !known.unwrap_or(false) || took > at_most {
            self.judge
                .wrong(|| format!("{deed:?} took {took} ms, with all well, and not {at_most}"));
        }
    }
}
