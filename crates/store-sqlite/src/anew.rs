//! Making what is live anew: for a file from before it was kept, and for one that an older version
//! of the program has written to since.
//!
//! Cases say which grants stand and how sessions ended. What a session that ended had come to is
//! only in the events of its case, so these are folded once more.

use countersign_domain::{Case, CaseId, Event, State, Timestamp};
use sqlx::SqliteConnection;

use crate::{
    fault::Fault,
    marks::Marks,
    sessions::{self, Changed},
    snapshots,
};

/// Makes it anew in the present transaction.
pub(crate) async fn make(connection: &mut SqliteConnection) -> Result<(), Fault> {
    let head = Marks::read(connection).await?.head;
    sqlx::query("DELETE FROM unrevoked_grants")
        .execute(&mut *connection)
        .await?;
    let reachable: Vec<String> = sqlx::query_scalar("SELECT id FROM cases WHERE reachable = 1")
        .fetch_all(&mut *connection)
        .await?;
    for id in reachable {
        let case = case(connection, &id).await?;
        snapshots::save_grant(connection, None, &case).await?;
    }
    let visited: Vec<String> = sqlx::query_scalar("SELECT DISTINCT case_id FROM sessions")
        .fetch_all(&mut *connection)
        .await?;
    for id in visited {
        let case = case(connection, &id).await?;
        session_docs(connection, case.id).await?;
        sessions::end(connection, None, &case).await?;
    }
    sqlx::query("UPDATE meta SET live_at = ?")
        .bind(crate::fault::column(head.0))
        .execute(connection)
        .await?;
    Ok(())
}

async fn case(connection: &mut SqliteConnection, id: &str) -> Result<Case, Fault> {
    let doc: String = sqlx::query_scalar("SELECT doc FROM cases WHERE id = ?")
        .bind(id)
        .fetch_one(connection)
        .await?;
    Ok(serde_json::from_str(&doc)?)
}

/// A session is started, opened and entered by events of its case; those of other streams only end
/// it, and do not change what it was.
async fn session_docs(connection: &mut SqliteConnection, id: CaseId) -> Result<(), Fault> {
    let events: Vec<(i64, String)> =
        sqlx::query_as("SELECT at, body FROM events WHERE stream = ? ORDER BY version")
            .bind(id.to_string())
            .fetch_all(&mut *connection)
            .await?;
    let (mut state, mut changed) = (State::default(), Changed::default());
    for (at, body) in events {
        let event: Event = serde_json::from_str(&body)?;
        state.evolve(Timestamp::from_millis(at), &event);
        changed.note(&state, &event);
    }
    changed.save(connection, &state).await
}
