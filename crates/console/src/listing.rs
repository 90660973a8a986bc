//! All cases that fit on one page.

use std::collections::HashSet;

use countersign_app::{App, CaseRead, Failure, StatusFilter};
use countersign_domain::{Actor, CaseId};

/// How many cases a page shows at most; it says so when there are more.
pub(crate) const MOST: usize = 500;
const AT_A_TIME: usize = 100;

/// The cases a caller may see, up to [`MOST`].
pub(crate) struct Listed {
    /// The cases.
    pub(crate) cases: Vec<CaseRead>,
    /// Whether there are more.
    pub(crate) more: bool,
}

/// The open cases a caller may see. Those in which access could still end come first and are never
/// cut: however many cases somebody opens, who can look in stays on the page, with the box that
/// takes it away.
pub(crate) async fn open(app: &App, actor: Actor) -> Result<Listed, Failure> {
    let mut cases = reachable(app, actor).await?;
    let reachable: HashSet<_> = cases.iter().filter_map(id).collect();
    let others = all(app, actor, StatusFilter::Open).await?;
    let news = |read: &CaseRead| id(read).is_some_and(|id| !reachable.contains(&id));
    cases.extend(others.cases.into_iter().filter(news));
    Ok(Listed {
        cases,
        more: others.more,
    })
}

/// The cases in which access could still end, however many.
pub(crate) async fn reachable(app: &App, actor: Actor) -> Result<Vec<CaseRead>, Failure> {
    let mut cases = Vec::new();
    let mut after = None;
    loop {
        let page = app
            .cases(actor, StatusFilter::Reachable, after, AT_A_TIME)
            .await?;
        cases.extend(page.cases);
        after = page.next;
        if after.is_none() {
            return Ok(cases);
        }
    }
}

fn id(read: &CaseRead) -> Option<CaseId> {
    read.case().map(|case| case.id)
}

pub(crate) async fn all(app: &App, actor: Actor, status: StatusFilter) -> Result<Listed, Failure> {
    let mut cases = Vec::new();
    let mut after = None;
    loop {
        let page = app.cases(actor, status, after, AT_A_TIME).await?;
        cases.extend(page.cases);
        let more = page.next.is_some();
        if !more || cases.len() >= MOST {
            return Ok(Listed { cases, more });
        }
        after = page.next;
    }
}
