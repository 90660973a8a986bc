//! Answers kept for calls that are repeated.

use countersign_domain::{Timestamp, has_passed};
use countersign_store::{Kept, NewKept};

use crate::{
    connection::Connection,
    fault::Fault,
    marks::{Marks, Time},
    volley::{Answers, Volley, held},
};

/// Fingerprint, what was sealed, and when it expires.
type Row = (Vec<u8>, Vec<u8>, i64);

const KEPT: &str = "SELECT fingerprint, sealed, expires_at FROM kept_answers WHERE slot = $1";

/// The answer kept under a slot.
pub(crate) async fn get(
    connection: &Connection,
    time: &Time,
    slot: [u8; 32],
) -> Result<Option<Kept>, Fault> {
    let now = Marks::read(connection, time).await?.now;
    at(connection, slot, now).await
}

/// The answer kept under a slot at `now`.
async fn at(
    connection: &Connection,
    slot: [u8; 32],
    now: Timestamp,
) -> Result<Option<Kept>, Fault> {
    let row: Option<Row> = connection.any(KEPT, &[&slot.to_vec()]).await?;
    good(row, now)
        .map(|(fingerprint, sealed, _)| {
            let damaged = |_| Fault::Damaged("a fingerprint of another length".to_owned());
            Ok(Kept {
                fingerprint: fingerprint.try_into().map_err(damaged)?,
                sealed,
            })
        })
        .transpose()
}

/// The one that is there, unless it has expired.
fn good(row: Option<Row>, now: Timestamp) -> Option<Row> {
    row.filter(|(_, _, expires_at)| !has_passed(Timestamp::from_millis(*expires_at), now))
}

/// What an append that keeps an answer looks at before.
#[derive(Debug)]
pub(crate) struct Place {
    row: Option<Row>,
    /// Slots, and when what is in them expires.
    oldest: Vec<(Vec<u8>, i64)>,
}

impl Place {
    pub(crate) fn ask(volley: &mut Volley, slot: [u8; 32]) {
        volley.push(KEPT, held![slot.to_vec()]);
        volley.push(
            "SELECT slot, expires_at FROM kept_answers ORDER BY expires_at LIMIT 20",
            vec![],
        );
    }

    pub(crate) fn answered(answers: &mut Answers) -> Result<Self, Fault> {
        Ok(Self {
            row: answers.any()?,
            oldest: answers.all()?,
        })
    }

    pub(crate) fn is_taken(&self, now: Timestamp) -> bool {
        good(self.row.clone(), now).is_some()
    }

    /// Keeps an answer; one under the same slot has expired. Removes some that have expired; more than are
    /// added, so that the table does not only grow.
    pub(crate) fn keep(self, volley: &mut Volley, new: &NewKept, now: Timestamp) {
        let mut expired = self.oldest;
        expired.retain(|(_, expires_at)| has_passed(Timestamp::from_millis(*expires_at), now));
        let expired: Vec<Vec<u8>> = expired.into_iter().map(|(slot, _)| slot).collect();
        volley.push(
            "DELETE FROM kept_answers WHERE slot = ANY ($1)",
            held![expired],
        );
        volley.push(
            "INSERT INTO kept_answers (slot, fingerprint, sealed, expires_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (slot) DO UPDATE
         SET fingerprint = excluded.fingerprint, sealed = excluded.sealed,
             expires_at = excluded.expires_at",
            held![
                new.slot.to_vec(),
                new.fingerprint.to_vec(),
                new.sealed.clone(),
                new.expires_at.as_millis(),
            ],
        );
    }
}
