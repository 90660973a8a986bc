//! Browsers in which an operator is signed in. Their cookies are credentials of operators that open
//! the console and nothing else, and go idle.

use std::sync::Arc;

use countersign_domain::{Duration, SecretHash, Timestamp, has_passed};
use countersign_store::{AtProvider, Clock, Credential};
use sqlx::SqliteConnection;

use crate::{
    browser::{bytes, seen_again},
    credentials,
    fault::Fault,
    marks::Marks,
};

/// What a look at a cookie came to.
pub(crate) enum Look {
    /// No such browser, or its time is over.
    Nobody,
    /// Live; it was written down lately.
    Live(Credential),
    /// Live; that it was seen has yet to be written down.
    Unseen(Credential),
}

/// From now on the credential with this hash is a browser's.
pub(crate) async fn begin(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    cookie: SecretHash,
    at: AtProvider,
) -> Result<(), Fault> {
    let now = Marks::read(connection).await?.now(clock.as_ref());
    // What has expired opens nothing, as a browser's or not: the table does not only grow.
    sqlx::query(
        "DELETE FROM operator_browsers
         WHERE hash IN (SELECT hash FROM credentials WHERE expires_at <= ?)",
    )
    .bind(now.as_millis())
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO operator_browsers (hash, last_seen_at, subject, provider_session)
         VALUES (?, ?, ?, ?)",
    )
    .bind(cookie.as_bytes().to_vec())
    .bind(now.as_millis())
    .bind(bytes(at.subject))
    .bind(bytes(at.session))
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn look(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    cookie: SecretHash,
    idle: Duration,
) -> Result<Look, Fault> {
    let seen: Option<i64> =
        sqlx::query_scalar("SELECT last_seen_at FROM operator_browsers WHERE hash = ?")
            .bind(cookie.as_bytes().to_vec())
            .fetch_optional(&mut *connection)
            .await?;
    let Some(seen) = seen.map(Timestamp::from_millis) else {
        return Ok(Look::Nobody);
    };
    let found = credentials::of_browser(connection, clock, cookie).await?;
    let good = found.filter(|found| found.is_good() && !has_passed(seen.plus(idle), found.now));
    Ok(match good {
        None => Look::Nobody,
        Some(found) if has_passed(seen.plus(seen_again(idle)), found.now) => Look::Unseen(found),
        Some(found) => Look::Live(found),
    })
}

/// Looks again, in the writer's transaction, and writes down that it was seen.
pub(crate) async fn see(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    cookie: SecretHash,
    idle: Duration,
) -> Result<Option<Credential>, Fault> {
    match look(connection, clock.as_ref(), cookie, idle).await? {
        Look::Nobody => Ok(None),
        Look::Live(found) => Ok(Some(found)),
        Look::Unseen(found) => {
            sqlx::query(
                "UPDATE operator_browsers SET last_seen_at = max(last_seen_at, ?) WHERE hash = ?",
            )
            .bind(found.now.as_millis())
            .bind(cookie.as_bytes().to_vec())
            .execute(connection)
            .await?;
            Ok(Some(found))
        }
    }
}
