//! A product behind the gateway that remembers what reached it.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Router, extract::Request};
use tokio::net::TcpListener;

/// The product.
#[derive(Clone, Debug)]
pub struct Product {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Product {
    /// Starts it on a free port.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let router = Router::new().fallback(move |request: Request| {
            let line = format!("{} {}", request.method(), request.uri());
            log.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(line.clone());
            async move { line }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, seen }
    }

    /// Its origin.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Method and target of every request that reached it.
    #[must_use]
    pub fn seen(&self) -> Vec<String> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
