//! One database, one deployment.

use std::{sync::Arc, time::Duration};

use countersign_store::{Addresses, LeaseRow, Store, Unavailable};
use tokio::time::sleep;

use crate::{cli::Failed, doorway::is_local};

/// How often others are looked for. They renew their leases more often.
const LOOK: Duration = Duration::from_millis(250);

/// Refuses to serve a database that processes of another deployment are serving: those that people
/// reach at other addresses. On the own machine every process may have an address of its own. Answers with the
/// addresses that are remembered, to be claimed once this process has its lease.
pub(crate) async fn one_of(
    store: &Arc<dyn Store>,
    ours: &Addresses,
) -> Result<Option<Addresses>, Failed> {
    let remembered = store.addresses().await.map_err(Failed::other)?;
    if let Some(theirs) = &remembered
        && !alike(theirs, ours)
        && others_serve(store).await.map_err(Failed::other)?
    {
        return Err(Failed::Other(refusal(theirs, ours)));
    }
    Ok(remembered)
}

/// Has our addresses remembered instead of those that were seen. Of two deployments that saw the same, one
/// is too late here, and is refused: whoever has claimed holds a lease.
pub(crate) async fn claim(
    store: &Arc<dyn Store>,
    ours: &Addresses,
    mut seen: Option<Addresses>,
) -> Result<(), Failed> {
    loop {
        let claimed = store.claim_addresses(ours.clone(), seen).await;
        match claimed.map_err(Failed::other)? {
            Ok(()) => return Ok(()),
            Err(theirs) if alike(&theirs, ours) => seen = Some(theirs),
            Err(theirs) => return Err(Failed::Other(refusal(&theirs, ours))),
        }
    }
}

/// Whether both may be of one deployment.
fn alike(theirs: &Addresses, ours: &Addresses) -> bool {
    theirs == ours || (is_of_this_machine(theirs) && is_of_this_machine(ours))
}

fn is_of_this_machine(addresses: &Addresses) -> bool {
    is_local(&addresses.public_url) && is_local(&addresses.gateway_url)
}

/// Whether a lease is taken or renewed within the time that the longest lasts. What a killed process
/// left stands still.
async fn others_serve(store: &Arc<dyn Store>) -> Result<bool, Unavailable> {
    let before = seen(&store.leases().await?);
    let longest = before.iter().map(|(_, _, duration)| *duration).max();
    let mut left = longest.unwrap_or(0);
    while left > 0 {
        sleep(LOOK).await;
        left -= i64::try_from(LOOK.as_millis()).unwrap_or(left);
        let now = seen(&store.leases().await?);
        if now.iter().any(|lease| !before.contains(lease)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Each lease's epoch, counter and duration.
fn seen(leases: &[LeaseRow]) -> Vec<(u64, u64, i64)> {
    let seen = |lease: &LeaseRow| (lease.id.epoch, lease.counter, lease.duration.as_millis());
    leases.iter().map(seen).collect()
}

fn refusal(theirs: &Addresses, ours: &Addresses) -> String {
    format!(
        "other processes serve this database at {} (gateway {}), and this one is to be reached at {} \
         (gateway {}). If they are one deployment, give it their --public-url and --gateway-url. If they are two, give \
         this one a database of its own. To change the addresses of a deployment, stop all its processes \
         first",
        theirs.public_url, theirs.gateway_url, ours.public_url, ours.gateway_url
    )
}
