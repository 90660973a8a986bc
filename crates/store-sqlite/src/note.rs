//! Entries that no event is behind.

use std::{collections::BTreeSet, sync::Arc};

use countersign_entries::Entry;
use countersign_store::{Clock, alike::Ends};
use sqlx::SqliteConnection;

use crate::{
    fault::Fault,
    log::Log,
    marks::{self, Marks},
};

/// Puts an entry on its org's log; answers with where that ends then.
pub(crate) async fn put(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    mut entry: Entry,
) -> Result<Ends, Fault> {
    entry.at = Marks::read(connection).await?.now(clock.as_ref());
    let mut log = Log::open(connection, &BTreeSet::from([entry.org])).await?;
    log.push(&entry)?;
    let ends = log.write(connection).await?;
    marks::advance(connection, entry.at).await?;
    Ok(ends)
}
