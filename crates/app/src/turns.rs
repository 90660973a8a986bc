//! One after the other, where everybody at once would only be in each other's way.
//!
//! Each start of an agent's session moves what every other start of that agent is decided on (R16), so of many at
//! once all but one are decided again, each time. In one process they take turns; between processes the append
//! still settles who was first.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use countersign_domain::AgentId;
use tokio::sync::{Mutex as Queue, OwnedMutexGuard};

/// Whose turn it is, of each agent's starts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turns(Arc<Mutex<HashMap<AgentId, Arc<Queue<()>>>>>);

impl Turns {
    /// Waits until the starts of this agent that came before are through; the next one's turn comes when this
    /// is dropped.
    pub(crate) async fn take(&self, agent: AgentId) -> OwnedMutexGuard<()> {
        let queue = {
            let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Where nobody waits and nobody's turn it is, only the map holds it.
            queues.retain(|_, queue| Arc::strong_count(queue) > 1);
            Arc::clone(queues.entry(agent).or_default())
        };
        queue.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    fn agent(number: u8) -> AgentId {
        format!("agt_{number:032}").parse().unwrap()
    }

    #[tokio::test]
    async fn an_agents_starts_take_turns_and_nobody_elses_wait() {
        let turns = Turns::default();
        let first = turns.take(agent(1)).await;
        let mut second = std::pin::pin!(turns.take(agent(1)));
        let at_once = timeout(Duration::ZERO, second.as_mut()).await;
        assert!(at_once.is_err());
        drop(turns.take(agent(2)).await);
        drop(first);
        drop(second.await);
        drop(turns.take(agent(3)).await);
        assert_eq!(
            turns.0.lock().unwrap().len(),
            1,
            "whoever is done is forgotten"
        );
    }
}
