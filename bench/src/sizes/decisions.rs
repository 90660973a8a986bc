//! What a decision takes in a running process: the real node on the real store, asked as the gateway asks
//! it, by turns with the floor.

use std::{
    fmt,
    hint::black_box,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use countersign_app::hash_secret;
use countersign_decision::{Decision, Effect};
use countersign_domain::ProcessId;
use countersign_node::{Clocks, Node, NodeConfig};
use countersign_store_sqlite::SqliteStore;
use uuid::Uuid;

use crate::{
    Args, Outcome,
    facts::{Caller, Facts, Numbers},
    floor::Floor,
};

/// Nanoseconds of one decision, in each round.
#[derive(Debug)]
pub(crate) struct Measured {
    ours: Vec<f64>,
    floor: Vec<f64>,
}

/// The node as it decides under load, beside its follower and its keeper.
pub(crate) async fn measure(
    file: &Path,
    clocks: &Clocks,
    facts: &Facts,
    args: &Args,
) -> Outcome<Measured> {
    let store = SqliteStore::open(file, Arc::clone(&clocks.store)).await?;
    let process = ProcessId::from_uuid(Uuid::from_u128(1));
    let node = Node::serving(Arc::new(store), clocks.clone(), NodeConfig::new(process)).await?;
    let floor = Floor::new(facts);
    let order = order(facts, args.decisions)?;
    let mut measured = Measured {
        ours: vec![],
        floor: vec![],
    };
    for _ in 0..args.rounds {
        // Off the threads that follow and renew.
        let (spent, allowed) =
            tokio::task::block_in_place(|| timed(&order, |caller| ours(&node, caller)));
        measured.ours.push(each(spent, allowed, &order)?);
        let (spent, allowed) = tokio::task::block_in_place(|| {
            timed(&order, |caller| {
                floor.allows(&caller.token, clocks.store.as_ref())
            })
        });
        measured.floor.push(each(spent, allowed, &order)?);
    }
    node.stop().await;
    Ok(measured)
}

/// What the gateway asks of a request before it looks at what is asked for.
fn ours(node: &Node, caller: &Caller) -> bool {
    let presented = hash_secret(&caller.token);
    let Some(live) = node.running_at_label(&caller.label) else {
        return false;
    };
    live.session.token == presented
        && matches!(
            node.decide(&caller.label, Effect::Read),
            Ok(Decision::Allow(_))
        )
}

#[allow(clippy::disallowed_methods)] // What is measured is the time.
fn timed(order: &[&Caller], decide: impl Fn(&Caller) -> bool) -> (Duration, usize) {
    let begun = Instant::now();
    let allowed = order
        .iter()
        .filter(|caller| decide(black_box(caller)))
        .count();
    (begun.elapsed(), allowed)
}

/// Each caller as often as any other, in an order that no cache can guess.
fn order(facts: &Facts, decisions: u32) -> Outcome<Vec<&Caller>> {
    let mut numbers = Numbers(11);
    let many = u64::try_from(facts.callers.len())?;
    let one = |_| -> Outcome<&Caller> {
        let place = usize::try_from(numbers.next() % many.max(1))?;
        Ok(facts.callers.get(place).ok_or("there is no session")?)
    };
    (0..decisions).map(one).collect()
}

fn each(spent: Duration, allowed: usize, order: &[&Caller]) -> Outcome<f64> {
    if allowed != order.len() {
        return Err(format!("{allowed} of {} were allowed", order.len()).into());
    }
    let many = u32::try_from(order.len())?;
    Ok(spent.as_secs_f64() * 1e9 / f64::from(many))
}

impl Measured {
    /// A row of the table.
    pub(crate) fn row(&self, grants: u32) -> String {
        let (ours, floor) = (Spread::of(&self.ours), Spread::of(&self.floor));
        let ratio = ours.median / floor.median;
        format!("| {grants} | {ours} | {floor} | {ratio:.2} |")
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ours, floor) = (Spread::of(&self.ours), Spread::of(&self.floor));
        write!(f, "{:.0} ns, floor {:.0} ns", ours.median, floor.median)
    }
}

struct Spread {
    median: f64,
    lowest: f64,
    highest: f64,
}

impl Spread {
    fn of(all: &[f64]) -> Self {
        let mut all = all.to_vec();
        all.sort_by(f64::total_cmp);
        let at = |place: usize| all.get(place).copied().unwrap_or(f64::NAN);
        Self {
            median: at(all.len() / 2),
            lowest: at(0),
            highest: at(all.len().saturating_sub(1)),
        }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.0} ns | {:.0}–{:.0} ns",
            self.median, self.lowest, self.highest
        )
    }
}
