//! Following the events.

use countersign_domain::Timestamp;
use countersign_store::{Position, Recorded};
use sqlx::SqliteConnection;

use crate::fault::{Fault, column, count, limit as bounded};

/// Events after a position, oldest first.
pub(crate) async fn after(
    connection: &mut SqliteConnection,
    after: Position,
    limit: usize,
) -> Result<Vec<Recorded>, Fault> {
    let rows: Vec<(i64, i64, String, String)> = sqlx::query_as(
        "SELECT position, at, actor, body FROM events
         WHERE position > ? ORDER BY position LIMIT ?",
    )
    .bind(column(after.0))
    .bind(bounded(limit))
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|(position, at, actor, body)| {
            Ok(Recorded {
                position: Position(count(position)?),
                at: Timestamp::from_millis(at),
                actor: serde_json::from_str(&actor)?,
                event: serde_json::from_str(&body)?,
            })
        })
        .collect()
}
