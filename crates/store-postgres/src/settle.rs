//! Finding out whether an append whose answer was lost has been persisted.

use std::time::Duration;

use countersign_store::{AppendError, Appended, Unavailable};
use tokio::time::sleep;

use crate::{
    append::Written,
    fault::{Fault, column},
    writer::{Locks, Writer},
};

/// How often the database is asked, and how long is waited in between: it may be starting again.
const ATTEMPTS: u32 = 12;
const PAUSE: Duration = Duration::from_millis(250);

/// Looks whether what was written stands at its position. Under the position lock, because the
/// transaction in question held that until it came to its end; and in a transaction that writes,
/// because whatever has been committed before it is then as durable as it is, on the standbys too.
pub(crate) async fn settle(
    writer: &Writer,
    why: String,
    written: &Written,
) -> Result<Appended, AppendError> {
    for attempt in 1..=ATTEMPTS {
        let Written { appended, last, .. } = written;
        let (appended, last) = (*appended, last.clone());
        let look = writer.run::<bool, Fault, _>(Locks::Position, move |connection| {
            Box::pin(async move {
                connection
                    .execute("UPDATE meta SET last_at = last_at", &[])
                    .await?;
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
        match look.await {
            Ok(true) => {
                tracing::info!(
                    position = appended.position.0,
                    "an append was found persisted"
                );
                return Ok(appended);
            }
            Ok(false) => return Err(AppendError::NotPersisted(Unavailable(why))),
            Err(error) => {
                let error = Unavailable::from(error);
                tracing::warn!(%error, attempt, "it is not known yet whether an append was persisted");
            }
        }
        sleep(PAUSE).await;
    }
    Err(AppendError::Unknown(why))
}
