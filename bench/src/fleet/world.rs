//! A deployment with a case to revoke and grant again, and a connection that knows nothing of it.

use std::sync::Arc;

use countersign_app::{App, Settings};
use countersign_cluster::connect;
use countersign_domain::{Actor, CaseId, CaseNumber, OpenedBy};
use countersign_node::Node;
use countersign_store::{
    Key, Store,
    conformance::{Live, ManualClock, World},
};
use countersign_store_postgres::{PostgresStore, Time};
use tokio_postgres::Client;

use crate::{Outcome, ports::SystemPorts, process};

pub(crate) struct Fleet {
    /// What is set up is set up by a handle of its own.
    pub(crate) world: World<PostgresStore>,
    pub(crate) live: Live,
    /// The first process.
    pub(crate) store: Arc<PostgresStore>,
    node: Arc<Node>,
    pub(crate) app: App,
    /// The same database without any of this.
    pub(crate) bare: Client,
}

impl Fleet {
    pub(crate) async fn set_up(address: &str) -> Outcome<Self> {
        let store = PostgresStore::open(&address.parse()?, None, Time::Server).await?;
        let world = World::over(store, Arc::new(ManualClock::default()));
        let live = world.live().await;
        let (store, node) = process::node(address).await?;
        let settings = Settings::new("https://countersign.example", "https://gw.example");
        let reads: Arc<dyn Store> = Arc::clone(&store) as _;
        let app = App::new(reads, Arc::clone(&node), Arc::new(SystemPorts), settings);
        let bare = connect(address).await;
        bare.batch_execute("CREATE SCHEMA bare; CREATE TABLE bare.rows (row bigint)")
            .await?;
        Ok(Self {
            world,
            live,
            store,
            node,
            app,
            bare,
        })
    }

    /// The super admin who ticks and unticks.
    pub(crate) fn boss(&self) -> Actor {
        Actor::Admin {
            id: self.live.boss,
            via: None,
        }
    }

    pub(crate) async fn number(&self, case: CaseId) -> Outcome<CaseNumber> {
        let slice = self.world.store.load(&[Key::Case(case)]).await?;
        let case = slice.state.case(case).ok_or("the case is not there")?;
        Ok(case.number.clone())
    }

    /// Cases with a request that waits.
    pub(crate) async fn waiting(&self, count: usize) -> Outcome<Vec<CaseNumber>> {
        let (world, live) = (&self.world, self.live);
        let mut numbers = vec![];
        for _ in 0..count {
            let opened_by = OpenedBy::Admin(live.opener);
            let case = world.case(live.org, opened_by, [live.agent]).await;
            world.ask(case, live.agent).await;
            numbers.push(self.number(case).await?);
        }
        Ok(numbers)
    }

    pub(crate) async fn stop(self) {
        self.node.stop().await;
        self.store.close().await;
        self.world.store.close().await;
    }
}
