//! All cases that fit on one page.

use countersign_app::{App, CaseRead, Failure, StatusFilter};
use countersign_domain::Actor;

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
