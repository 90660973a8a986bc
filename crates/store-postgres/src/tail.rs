//! Following the events.

use countersign_domain::{CaseName, CaseNumber, Timestamp, Title};
use countersign_store::{Position, Recorded};

use crate::{
    fault::{Fault, column, count, limit as bounded},
    readers::Readers,
    volley::{Volley, held},
};

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
    readers: &Readers,
    after: Position,
    limit: usize,
) -> Result<Vec<Recorded>, Fault> {
    let mut volley = Volley::default();
    volley.push(
        "SELECT e.position, e.at, e.actor, e.client, e.body, c.number, c.title
             FROM events e
             LEFT JOIN cases c ON c.id = CASE e.type WHEN 'session.started' THEN e.stream END
             WHERE e.position > $1 ORDER BY e.position LIMIT $2",
        held![column(after.0), bounded(limit)],
    );
    let (_view, mut found) = readers.ask(volley).await?;
    let rows: Vec<Row> = found.all()?;
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
