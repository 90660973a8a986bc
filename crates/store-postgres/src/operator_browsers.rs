//! Browsers in which an operator is signed in. Their cookies are credentials of operators that open
//! the console and nothing else, and go idle.

use countersign_domain::{Duration, SecretHash, Timestamp, has_passed};
use countersign_store::{AtProvider, Credential};

use crate::{
    browser::{bytes, seen_again},
    connection::Connection,
    credentials,
    fault::Fault,
    marks::{Marks, Time},
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
    connection: &Connection,
    time: Time,
    cookie: SecretHash,
    at: AtProvider,
) -> Result<(), Fault> {
    let now = Marks::read(connection, &time).await?.now;
    // What has expired opens nothing, as a browser's or not: the table does not only grow.
    connection
        .execute(
            "DELETE FROM operator_browsers
             WHERE hash IN (SELECT hash FROM credentials WHERE expires_at <= $1)",
            &[&now.as_millis()],
        )
        .await?;
    connection
        .execute(
            "INSERT INTO operator_browsers (hash, last_seen_at, subject, provider_session)
             VALUES ($1, $2, $3, $4)",
            &[
                &cookie.as_bytes().to_vec(),
                &now.as_millis(),
                &bytes(at.subject),
                &bytes(at.session),
            ],
        )
        .await?;
    Ok(())
}

pub(crate) async fn look(
    connection: &Connection,
    time: &Time,
    cookie: SecretHash,
    idle: Duration,
) -> Result<Look, Fault> {
    let seen: Option<i64> = connection
        .value_if_any(
            "SELECT last_seen_at FROM operator_browsers WHERE hash = $1",
            &[&cookie.as_bytes().to_vec()],
        )
        .await?;
    let Some(seen) = seen.map(Timestamp::from_millis) else {
        return Ok(Look::Nobody);
    };
    let found = credentials::of_browser(connection, time, cookie).await?;
    let good = found.filter(|found| found.is_good() && !has_passed(seen.plus(idle), found.now));
    Ok(match good {
        None => Look::Nobody,
        Some(found) if has_passed(seen.plus(seen_again(idle)), found.now) => Look::Unseen(found),
        Some(found) => Look::Live(found),
    })
}

/// Looks again, in a transaction that writes, and writes down that it was seen.
pub(crate) async fn see(
    connection: &Connection,
    time: Time,
    cookie: SecretHash,
    idle: Duration,
) -> Result<Option<Credential>, Fault> {
    match look(connection, &time, cookie, idle).await? {
        Look::Nobody => Ok(None),
        Look::Live(found) => Ok(Some(found)),
        Look::Unseen(found) => {
            connection
                .execute(
                    "UPDATE operator_browsers SET last_seen_at = greatest(last_seen_at, $1)
                     WHERE hash = $2",
                    &[&found.now.as_millis(), &cookie.as_bytes().to_vec()],
                )
                .await?;
            Ok(Some(found))
        }
    }
}
