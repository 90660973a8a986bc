//! Reading what is live: one consistent read, straight through the tables that hold nothing else,
//! row by row as they come.

use std::pin::pin;

use countersign_domain::{CaseName, CaseNumber, EndedSession, Session, Timestamp, Title};
use countersign_store::{AsOf, LivePart, Position, StoredSession};
use futures_util::TryStreamExt;
use serde::de::DeserializeOwned;
use tokio_postgres::Row;

use crate::{
    connection::{Bound, Connection},
    fault::{Fault, count, limit},
};

/// What hands a part over.
pub(crate) type Take<'a> = &'a mut (dyn FnMut(LivePart) + Send);

/// Hands over what is live.
pub(crate) async fn read(
    connection: &Connection,
    ended: usize,
    take: Take<'_>,
) -> Result<AsOf, Fault> {
    // It takes as long as there is of it.
    connection.batch("SET LOCAL statement_timeout = 0").await?;
    let (head, time): (i64, i64) = connection
        .one("SELECT head, last_recorded() FROM meta", &[])
        .await?;
    let org = |row: &Row| document(row, 0).map(LivePart::Org);
    let admin = |row: &Row| document(row, 0).map(LivePart::Admin);
    let agent = |row: &Row| document(row, 0).map(LivePart::Agent);
    over(connection, "SELECT doc FROM orgs", &[], org, take).await?;
    over(connection, "SELECT doc FROM admins", &[], admin, take).await?;
    over(connection, "SELECT doc FROM agents", &[], agent, take).await?;
    let grants = "SELECT case_id, org, doc FROM unrevoked_grants";
    over(connection, grants, &[], grant, take).await?;
    // Outer joins, so that what is missing is noticed.
    let running = "SELECT s.case_id, s.org, s.last_request_at, s.ended_at, s.ended_why,
                          d.number, d.title, d.doc
                   FROM sessions s LEFT JOIN session_docs d ON d.id = s.id
                   WHERE NOT s.ended";
    over(connection, running, &[], session, take).await?;
    let over_lately = "SELECT s.case_id, s.org, s.last_request_at, s.ended_at, s.ended_why,
                              d.number, d.title, d.doc
                       FROM sessions s LEFT JOIN session_docs d ON d.id = s.id
                       WHERE s.ended ORDER BY s.ended_at DESC, s.id DESC LIMIT $1";
    over(connection, over_lately, &[&limit(ended)], session, take).await?;
    Ok(AsOf {
        position: Position(count(head)?),
        time: Timestamp::from_millis(time),
    })
}

async fn over(
    connection: &Connection,
    select: &str,
    bound: Bound<'_>,
    part: impl Fn(&Row) -> Result<LivePart, Fault>,
    take: Take<'_>,
) -> Result<(), Fault> {
    let mut rows = pin!(connection.stream(select, bound).await?);
    while let Some(row) = rows.try_next().await? {
        take(part(&row)?);
    }
    Ok(())
}

fn grant(row: &Row) -> Result<LivePart, Fault> {
    Ok(LivePart::Grant {
        case: text(row, 0)?.parse()?,
        org: text(row, 1)?.parse()?,
        grant: document(row, 2)?,
    })
}

fn session(row: &Row) -> Result<LivePart, Fault> {
    let session: Session = document(row, 7)?;
    let ended = match row.try_get::<_, Option<i64>>(3)? {
        None => None,
        Some(at) => Some(EndedSession {
            agent: session.agent,
            at: Timestamp::from_millis(at),
            why: document(row, 4)?,
        }),
    };
    Ok(LivePart::Session(Box::new(StoredSession {
        case: text(row, 0)?.parse()?,
        name: CaseName {
            number: CaseNumber::parse(text(row, 5)?)?,
            title: Title::parse(text(row, 6)?)?,
        },
        org: text(row, 1)?.parse()?,
        session,
        last_request: Timestamp::from_millis(row.try_get(2)?),
        ended,
    })))
}

fn document<T: DeserializeOwned>(row: &Row, column: usize) -> Result<T, Fault> {
    Ok(serde_json::from_str(text(row, column)?)?)
}

fn text(row: &Row, column: usize) -> Result<&str, Fault> {
    row.try_get::<_, Option<&str>>(column)?
        .ok_or_else(|| Fault::Damaged("what is live is kept in part".to_owned()))
}
