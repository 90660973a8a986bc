//! Threads that each serve some of the connections.

use std::{
    future::Future,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use countersign_node::{Desk, Node};
use tokio::{runtime, sync::oneshot};

use crate::pool::Pool;

/// Threads with an event loop of their own. A request is served on one of them from its client to
/// its product and back, so whoever is woken for it is woken on the thread that wakes, and its
/// bytes stay in one processor's caches.
#[derive(Debug)]
pub(crate) struct Lanes(Vec<Lane>);

/// What the connections of one thread share.
#[derive(Debug)]
pub(crate) struct Local {
    /// Connections to products.
    pub(crate) pool: Arc<Pool>,
    /// Where the log's answers come in.
    pub(crate) desk: Arc<Desk>,
}

#[derive(Debug)]
struct Lane {
    handle: runtime::Handle,
    local: Arc<Local>,
    connections: Arc<AtomicUsize>,
    /// Dropped, it ends the thread and whatever still runs there.
    _running: oneshot::Sender<()>,
}

/// A connection counts until this is dropped.
#[derive(Debug)]
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Lanes {
    /// Starts at least one thread, each with a pool of its own.
    ///
    /// # Errors
    /// The system gives no more threads or files.
    pub(crate) fn start(
        threads: usize,
        node: &Node,
        pool: impl Fn() -> Arc<Pool>,
    ) -> io::Result<Self> {
        let start = |number| Lane::start(number, node, pool());
        (0..threads.max(1))
            .map(start)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Where a new connection goes: the thread with the fewest. What `serve` makes of what is that
    /// thread's runs there.
    pub(crate) fn place<S, F>(
        &self,
        serve: S,
    ) -> Option<(runtime::Handle, impl Future<Output = ()> + Send + use<S, F>)>
    where
        S: FnOnce(Arc<Local>) -> F,
        F: Future<Output = ()> + Send,
    {
        let busy = |lane: &&Lane| lane.connections.load(Ordering::Relaxed);
        let lane = self.0.iter().min_by_key(busy)?;
        lane.connections.fetch_add(1, Ordering::Relaxed);
        let counted = Counted(Arc::clone(&lane.connections));
        let serving = serve(Arc::clone(&lane.local));
        let counted = async move {
            let _counted = counted;
            serving.await;
        };
        Some((lane.handle.clone(), counted))
    }
}

impl Lane {
    fn start(number: usize, node: &Node, pool: Arc<Pool>) -> io::Result<Self> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let handle = runtime.handle().clone();
        let local = {
            let _inside = runtime.enter();
            let desk = Desk::open(node);
            tokio::spawn(Pool::tidy(Arc::downgrade(&pool)));
            Arc::new(Local { pool, desk })
        };
        let (running, stopped) = oneshot::channel::<()>();
        thread::Builder::new()
            .name(format!("gateway-{number}"))
            .spawn(move || {
                // Nobody sends: it ends when the other end is dropped.
                let _ = runtime.block_on(stopped);
            })?;
        Ok(Self {
            handle,
            local,
            connections: Arc::default(),
            _running: running,
        })
    }
}
