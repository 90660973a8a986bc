//! Word that an agent's page no longer shows what is true: a tick, an end, a case that is new.

use std::collections::BTreeSet;

use axum::{
    extract::{Path, Query},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use countersign_app::{About, App, CaseRead, Failure};
use countersign_domain::{AgentId, CaseNumber, OrgId, Timestamp};

use crate::{
    Console,
    agent_rows::AgentView,
    listing,
    posted::case_number,
    reader::Reader,
    refuse::{Halt, html},
    views::agent_cases::{AgentCaseRow, AgentNewsPage},
    visit::Visit,
    waiting::{Waiting, shown, still_signed_in},
    zone::Zone,
};

/// Everything that a page shows of cases and that changes, as of one moment.
pub(crate) struct Standing {
    /// The cases, in the order of the page within each of its groups.
    pub(crate) rows: Vec<AgentCaseRow>,
    /// A hash of it. What only the passing of time changes is not in it, such as the time left.
    pub(crate) seen: String,
    orgs: BTreeSet<OrgId>,
    next_end: Option<Timestamp>,
}

impl Standing {
    pub(crate) async fn of(
        app: &App,
        cases: &[CaseRead],
        agent: AgentId,
        zone: &Zone,
    ) -> Result<Self, Failure> {
        let mut views = Vec::new();
        for read in cases {
            views.extend(AgentView::of(app, read, agent, zone).await?);
        }
        views.sort_by_key(AgentView::order);
        Ok(Self {
            rows: views.iter().map(|view| view.row(app)).collect(),
            seen: AgentView::seen_of_page(&views),
            orgs: views.iter().map(|view| view.case.org).collect(),
            next_end: views.iter().filter_map(AgentView::next_end).min(),
        })
    }

    /// What to listen for: the orgs of these cases, and whatever case the agent comes to work on.
    fn about(&self, agent: AgentId) -> impl Iterator<Item = About> {
        let orgs = self.orgs.iter().copied().map(About::Org);
        orgs.chain([About::Agent(agent)])
    }
}

/// Which page asks.
enum Of {
    List,
    Case(CaseNumber),
}

impl Of {
    async fn standing(
        &self,
        console: &Console,
        reader: &Reader,
        agent: AgentId,
    ) -> Result<Standing, Failure> {
        let cases = match self {
            Self::List => listing::open(&console.app, reader.actor()).await?.cases,
            Self::Case(number) => vec![console.app.case(reader.actor(), number).await?],
        };
        Standing::of(&console.app, &cases, agent, &reader.zone).await
    }
}

/// The news of the list since `?seen=…`; no content if there was none.
pub(crate) async fn of_list(
    console: Console,
    reader: Reader,
    visit: Visit,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    let agent = reader.agent()?;
    let since = Since {
        of: Of::List,
        seen: shown(&query),
    };
    since.news(&console, &reader, agent, &visit, &headers).await
}

/// The news of one case. Whoever is no longer on its team is told that there is no such case, as on
/// every page.
pub(crate) async fn of_case(
    console: Console,
    Path(number): Path<String>,
    reader: Reader,
    visit: Visit,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    let agent = reader.agent()?;
    let since = Since {
        of: Of::Case(case_number(&reader, &number)?),
        seen: shown(&query),
    };
    since.news(&console, &reader, agent, &visit, &headers).await
}

struct Since<'a> {
    of: Of,
    seen: &'a str,
}

impl Since<'_> {
    async fn news(
        &self,
        console: &Console,
        reader: &Reader,
        agent: AgentId,
        visit: &Visit,
        headers: &HeaderMap,
    ) -> Result<Response, Halt> {
        let fail = |failure: Failure| reader.fail(&failure);
        let read = || self.of.standing(console, reader, agent);
        let first = read().await.map_err(fail)?;
        let mut waiting = Waiting::begin(&console.app, first.about(agent));
        loop {
            let standing = read().await.map_err(fail)?;
            if standing.seen != self.seen {
                still_signed_in(console, visit, headers).await?;
                let view = AgentNewsPage {
                    t: reader.t(),
                    seen: standing.seen,
                    cases: standing.rows,
                };
                return Ok(html(StatusCode::OK, reader.t(), &view));
            }
            if !waiting.wait(standing.next_end).await {
                return Ok(StatusCode::NO_CONTENT.into_response());
            }
        }
    }
}
