//! Following the events.

use countersign_domain::{CaseName, CaseNumber, Timestamp, Title};
use countersign_store::{Position, Recorded};
use sqlx::SqliteConnection;

use crate::fault::{Fault, column, count, limit as bounded};

type Row = (
    i64,
    i64,
    String,
    Option<String>,
    String,
    Option<String>,
    Option<String>,
);

/// Events after a position, oldest first.
pub(crate) async fn after(
    connection: &mut SqliteConnection,
    after: Position,
    limit: usize,
) -> Result<Vec<Recorded>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT e.position, e.at, e.actor, e.client, e.body, c.number, c.doc ->> '$.title'
         FROM events e
         LEFT JOIN cases c ON c.id = CASE e.type WHEN 'session.started' THEN e.stream END
         WHERE e.position > ? ORDER BY e.position LIMIT ?",
    )
    .bind(column(after.0))
    .bind(bounded(limit))
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|(position, at, actor, client, body, number, title)| {
            Ok(Recorded {
                position: Position(count(position)?),
                at: Timestamp::from_millis(at),
                actor: serde_json::from_str(&actor)?,
                client: client.as_deref().map(serde_json::from_str).transpose()?,
                event: serde_json::from_str(&body)?,
                name: name(number, title)?,
            })
        })
        .collect()
}

fn name(number: Option<String>, title: Option<String>) -> Result<Option<CaseName>, Fault> {
    let (Some(number), Some(title)) = (number, title) else {
        return Ok(None);
    };
    Ok(Some(CaseName {
        number: CaseNumber::parse(&number)?,
        title: Title::parse(&title)?,
    }))
}
