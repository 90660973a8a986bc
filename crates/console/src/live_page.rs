//! Who is in now, for customer admins (R16).

use axum::{
    extract::Query,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use countersign_app::{About, Counts, Failure, InNow, Live, OwnOrg, StoredEntry};
use countersign_domain::Duration;
use countersign_entries::{Sort, Written};
use countersign_web::{
    chip::{Chip, Tone},
    layout::Context,
    text::UserText,
    time::ago,
};

use crate::{
    Console,
    case_view::CaseView,
    names,
    reader::Reader,
    refuse::{Halt, html},
    seen,
    views::{
        live::{LiveNews, LivePage, LiveRow, Look, Tried},
        nav::Place,
    },
    visit::Visit,
    waiting::{Waiting, shown, still_signed_in},
};

/// How often it is looked whether somebody has gone on to another page: that is on the log, of which
/// nobody is told.
const LOOK_AGAIN: Duration = Duration::from_secs(3);

/// The page.
pub(crate) async fn show(console: Console, reader: Reader) -> Result<Response, Halt> {
    reader.admin()?;
    let fail = |failure: Failure| reader.fail(&failure);
    let now = InNowRead::read(&console, &reader).await.map_err(fail)?;
    let org = now.own.org.name.as_str();
    let view = LivePage {
        page: reader.page(reader.t().live(), Context::Org(org.into()), Place::Live),
        org: org.into(),
        rows: now.rows(&console, &reader).await.map_err(fail)?,
        seen: now.seen(),
    };
    Ok(reader.show(StatusCode::OK, &view))
}

/// The rows as soon as they are no longer those of `?seen=…`; no content if they still are.
pub(crate) async fn news(
    console: Console,
    reader: Reader,
    visit: Visit,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    reader.admin()?;
    let fail = |failure: Failure| reader.fail(&failure);
    let own = console.app.own_org_alone(reader.actor()).await;
    let mut waiting = Waiting::begin(&console.app, [About::Org(own.map_err(fail)?.org.id)]);
    loop {
        let read = InNowRead::read(&console, &reader).await.map_err(fail)?;
        if read.seen() != shown(&query) {
            still_signed_in(&console, &visit, &headers).await?;
            let org = read.own.org.name.as_str();
            let view = LiveNews {
                page: reader.page(reader.t().live(), Context::Org(org.into()), Place::Live),
                rows: read.rows(&console, &reader).await.map_err(fail)?,
                seen: read.seen(),
            };
            return Ok(html(StatusCode::OK, reader.t(), &view));
        }
        // Where nobody is in, nobody goes on to another page.
        let somebody = !read.live.sessions.is_empty();
        let look_again = somebody.then(|| console.app.node().now().plus(LOOK_AGAIN));
        if !waiting.wait(look_again).await {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
    }
}

/// The page that somebody is on; where no browser has said which, what was asked for last.
fn shown_entry(one: &InNow) -> Option<&StoredEntry> {
    one.page.as_ref().or(one.last.as_ref())
}

/// What was asked for last, where that is not what is shown.
fn since_then(one: &InNow) -> Option<&StoredEntry> {
    let shown = shown_entry(one).map(|entry| entry.index);
    one.last.as_ref().filter(|last| Some(last.index) != shown)
}

/// How many of those that could have changed something are shown, and of those that were refused.
const TRIED: usize = 3;

struct InNowRead {
    own: OwnOrg,
    live: Live,
}

impl InNowRead {
    async fn read(console: &Console, reader: &Reader) -> Result<Self, Failure> {
        let own = console.app.own_org_alone(reader.actor()).await?;
        let live = console.app.live(reader.actor(), &own.org.slug).await?;
        Ok(Self { own, live })
    }

    fn seen(&self) -> String {
        let mut text = String::new();
        for one in &self.live.sessions {
            let last = shown_entry(one).map(|entry| entry.index);
            let since = since_then(one).map(|entry| entry.index);
            let (id, ends_at, counts) = (one.session, one.ends_at, one.counts);
            text.push_str(&format!("{id};{last:?};{since:?};{ends_at:?};{counts:?};"));
        }
        seen::short(&text)
    }

    async fn rows(&self, console: &Console, reader: &Reader) -> Result<Vec<LiveRow>, Failure> {
        let mut rows = Vec::new();
        for one in &self.live.sessions {
            let may_end = self.may_end(console, reader, one).await?;
            let tried = self.tried(console, reader, one).await?;
            rows.push(self.row(reader, one, may_end, tried));
        }
        Ok(rows)
    }

    /// Super admins may always; an admin who opened the case as far as the org lets openers approve.
    async fn may_end(
        &self,
        console: &Console,
        reader: &Reader,
        one: &InNow,
    ) -> Result<bool, Failure> {
        if self.own.caller.is_super() {
            return Ok(true);
        }
        let read = console.app.case(reader.actor(), &one.case).await?;
        let view = CaseView::new(&read, self.own.caller.id, &reader.zone);
        Ok(view.is_some_and(|view| view.may_approve()))
    }

    /// The last few of each. Where nothing was counted there is nothing to look up.
    async fn tried(
        &self,
        console: &Console,
        reader: &Reader,
        one: &InNow,
    ) -> Result<Vec<Tried>, Failure> {
        let none = |counts: Counts| counts.refused == 0 && counts.declared == 0;
        if one.counts.is_some_and(none) {
            return Ok(vec![]);
        }
        let slug = &self.own.org.slug;
        let rows = console.app.attempts(slug, one.session, TRIED).await?;
        let t = reader.t();
        let tried = rows.iter().filter_map(|row| {
            let written = Written::read(&row.entry.encoded).ok()?;
            let request = written.request.as_ref()?;
            Some(Tried {
                at: reader.zone.moment(written.at),
                what: UserText::new(format!("{} {}", request.method, request.path)),
                result: match written.sort() {
                    Some(Sort::Refused) => Chip::new(Tone::Alert, t.result_refused()),
                    _ => Chip::new(Tone::Waiting, t.live_passed()),
                },
            })
        });
        Ok(tried.collect())
    }

    fn row(&self, reader: &Reader, one: &InNow, may_end: bool, tried: Vec<Tried>) -> LiveRow {
        let (zone, now) = (&reader.zone, self.live.now);
        let look = |entry: &StoredEntry| {
            let written = Written::read(&entry.encoded).ok()?;
            let declared = written.declared_harmless();
            let request = written.request?;
            Some(Look {
                declared,
                what: UserText::new(format!("{} {}", request.method, request.path)),
                ago: ago(now.as_millis(), written.at.as_millis(), reader.t()),
            })
        };
        LiveRow {
            id: one.session.to_string(),
            agent: names::of_agent(&one.agent),
            subject: names::of_admin(&one.subject),
            case_number: one.case.as_str().into(),
            title: one.title.as_str().into(),
            since: zone.moment(one.since),
            ends: zone.moment(one.ends_at),
            left: zone.left(now, one.ends_at),
            look: shown_entry(one).and_then(look),
            last: since_then(one).and_then(look),
            counts: one.counts,
            tried,
            may_end,
        }
    }
}
