//! Finding out whether an append whose answer was lost has been persisted.

use std::time::Duration;

use countersign_store::{AppendError, Appended, Unavailable, alike::Complaint};
use tokio::time::{sleep, timeout};

use crate::{
    append::Written,
    connection::Connection,
    fault::{Fault, column},
    writer::{Locks, Writer},
};

/// How long the database is asked, and how long is waited in between: it may be starting again. The caller
/// waits all this time, after the time that the commit was given.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(250);

/// Looks whether what was written stands at its position. Under the position lock, because the
/// transaction in question held that until it came to its end; and in a transaction that writes,
/// because whatever has been committed before it is then as durable as it is, on the standbys too.
pub(crate) async fn settle(
    writer: &Writer,
    why: String,
    written: &Written,
) -> Result<Appended, AppendError> {
    let looks = async {
        let mut complaint = Complaint::default();
        loop {
            match look(writer, written).await {
                Ok(there) => return there,
                Err(error) => {
                    if let Some(times) = complaint.wrong(&error) {
                        tracing::warn!(%error, times, "it is not known yet whether an append was persisted");
                    }
                }
            }
            sleep(PAUSE).await;
        }
    };
    match timeout(PATIENCE, looks).await {
        Ok(true) => {
            let position = written.appended.position.0;
            tracing::info!(position, "an append was found persisted");
            Ok(written.appended)
        }
        Ok(false) => Err(AppendError::NotPersisted(Unavailable(why))),
        Err(_) => Err(AppendError::Unknown(why)),
    }
}

async fn look(writer: &Writer, written: &Written) -> Result<bool, Unavailable> {
    let Written { appended, last, .. } = written;
    let (appended, last) = (*appended, last.clone());
    let found = writer.run::<bool, Fault, _>(Locks::Position, move |connection| {
        Box::pin(async move {
            as_durable(connection).await?;
            let row = connection
                .row_if_any(
                    "SELECT at, actor, body FROM events WHERE position = $1",
                    &[&column(appended.position.0)],
                )
                .await?;
            Ok(row.is_some_and(|row| {
                row.get::<_, i64>(0) == appended.at.as_millis()
                    && row.get::<_, &str>(1) == last.actor
                    && row.get::<_, &str>(2) == last.body
            }))
        })
    });
    Ok(found.await?)
}

/// Writes something, so that the transaction is one whose commit the standbys have to confirm, and with it
/// whatever was committed before.
pub(crate) async fn as_durable(connection: &Connection) -> Result<(), Fault> {
    connection
        .execute("UPDATE meta SET last_at = last_at", &[])
        .await?;
    Ok(())
}
