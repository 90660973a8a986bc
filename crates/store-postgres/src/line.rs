//! A connection for single statements, which those who use it share: what they ask goes out at
//! once, and is answered in turn.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::{
    connection::{Connection, Connector, Purpose},
    fault::Fault,
};

#[derive(Debug)]
pub(crate) struct Line {
    connector: Connector,
    purpose: Purpose,
    current: Mutex<Option<Arc<Connection>>>,
}

impl Line {
    pub(crate) fn new(connector: Connector, purpose: Purpose) -> Self {
        Self {
            connector,
            purpose,
            current: Mutex::default(),
        }
    }

    /// The connection; another when the last one has ended.
    pub(crate) async fn get(&self) -> Result<Arc<Connection>, Fault> {
        let mut current = self.current.lock().await;
        if let Some(connection) = current
            .as_ref()
            .filter(|connection| !connection.is_closed())
        {
            return Ok(Arc::clone(connection));
        }
        let connection = Arc::new(self.connector.connect(self.purpose).await?);
        *current = Some(Arc::clone(&connection));
        Ok(connection)
    }

    pub(crate) async fn close(&self) {
        *self.current.lock().await = None;
    }
}
