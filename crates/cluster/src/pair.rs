//! Two servers, of which one follows the other.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::{Own, connect};

/// How a standby of [`Own::following`] calls itself.
const STANDBY: &str = "standby";

/// A server and its standby; the address names both.
#[derive(Debug)]
pub struct Pair {
    /// The one that is written to at first.
    pub first: Own,
    /// Its standby.
    pub second: Own,
}

impl Pair {
    /// Starts both. Commits wait for the standby if it is to be `synchronous`.
    ///
    /// # Panics
    /// When they do not start.
    pub async fn new(name: &str, synchronous: bool) -> Self {
        let first = Own::new(name, "");
        let second = Own::following(&first, &format!("{name}-2"));
        let pair = Self { first, second };
        if synchronous {
            pair.wait_for(STANDBY).await;
        }
        pair
    }

    /// The standby goes away, and somebody has commits no longer wait for it.
    ///
    /// # Panics
    /// When it does not stop.
    pub async fn go_on_without_standby(&self) {
        self.second.stop();
        self.wait_for("").await;
    }

    /// Which standbys commits wait for: `synchronous_standby_names`.
    ///
    /// # Panics
    /// When it cannot be set.
    pub async fn wait_for(&self, names: &str) {
        let client = connect(&self.first.address("postgres")).await;
        for statement in [
            format!("ALTER SYSTEM SET synchronous_standby_names = '{names}'"),
            "SELECT pg_reload_conf()".to_owned(),
        ] {
            client.batch_execute(&statement).await.expect(&statement);
        }
        let shown = async || {
            let row = client
                .query_one("SHOW synchronous_standby_names", &[])
                .await;
            row.expect("a setting").get::<_, &str>(0) == names
        };
        until("the setting to be loaded", shown).await;
    }

    /// The address of whichever can be written to.
    #[must_use]
    pub fn address(&self) -> String {
        self.first.or(&self.second, "postgres")
    }

    /// Waits until the standby has everything.
    ///
    /// # Panics
    /// When the first does not answer.
    pub async fn caught_up(&self) {
        let first = connect(&self.first.address("postgres")).await;
        let has_all = async || {
            let row = first
                .query_one(
                    "SELECT count(*) = 1 AND bool_and(replay_lsn = pg_current_wal_lsn())
                     FROM pg_stat_replication",
                    &[],
                )
                .await;
            row.expect("the standby").get::<_, Option<bool>>(0) == Some(true)
        };
        until("the standby to catch up", has_all).await;
    }

    /// The first stops as in a crash, and the second is made the one to write to.
    ///
    /// # Panics
    /// When it is not promoted.
    pub fn take_over(&self) {
        self.first.stop();
        self.second.promote();
    }

    /// The same with a standby that is not running.
    ///
    /// # Panics
    /// When it is not promoted.
    pub fn take_over_from_behind(&self) {
        self.first.stop();
        self.second.start();
        self.second.promote();
    }
}

/// Asks again and again, for a minute at most.
async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let asked = async {
        while !is_so().await {
            sleep(Duration::from_millis(5)).await;
        }
    };
    let Ok(()) = timeout(Duration::from_secs(60), asked).await else {
        panic!("waited in vain for {what}");
    };
}
