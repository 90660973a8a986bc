//! Following an org's log as it grows: server-sent events, which a client resumes where it left off.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    http::{HeaderName, HeaderValue},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use countersign_app::EntriesPage;
use countersign_domain::{Actor, OrgId, Slug};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::{
    caller::{Caller, Presented},
    entry_view::EntryView,
    limits::Who,
    paging::EntryStreamQuery,
    params::OrgRef,
    problem::Problem,
    replies::Reading,
    router::Served,
    texts::SlugText,
};

/// How many streams one caller may have open, and how many there may be in all.
const PER_CALLER: usize = 4;
const IN_ALL: usize = 256;
/// How many entries are read at a time.
const PAGE: usize = 100;
/// How often something is sent when nothing happens: less than proxies take for a dead connection.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a client waits before it comes back.
const RETRY: Duration = Duration::from_secs(2);
/// A proxy that buffers would hold entries back.
const UNBUFFERED: (HeaderName, HeaderValue) = (
    HeaderName::from_static("x-accel-buffering"),
    HeaderValue::from_static("no"),
);

/// The streams that are open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Streams(Arc<Mutex<BTreeMap<Who, usize>>>);

/// A stream that is open until this is dropped.
struct Open {
    streams: Streams,
    who: Who,
}

impl Streams {
    fn open(&self) -> MutexGuard<'_, BTreeMap<Who, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, who: Who) -> Result<Open, Problem> {
        let mut open = self.open();
        if open.values().sum::<usize>() >= IN_ALL {
            return Err(Problem::unavailable("too many streams are open"));
        }
        let own = open.entry(who).or_default();
        if *own >= PER_CALLER {
            return Err(Problem::too_many_streams(PER_CALLER));
        }
        *own += 1;
        drop(open);
        Ok(Open {
            streams: self.clone(),
            who,
        })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut open = self.streams.open();
        if let Some(own) = open.get_mut(&self.who) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.who);
            }
        }
    }
}

/// One of the events.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(crate) struct StreamEvent {
    /// The index of the entry, for `Last-Event-ID`; absent from a problem.
    id: Option<String>,
    event: StreamEventKind,
    /// The entry or the problem, as JSON.
    data: String,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[allow(dead_code)]
enum StreamEventKind {
    Entry,
    Problem,
}

/// Follow an org's log
///
/// Server-sent events, each an entry whose id is its index: what is there, oldest first, and then what
/// is added, as it is added. A client that comes back with `Last-Event-ID` goes on behind it. The
/// stream ends with an event `problem` when its caller may not read the log any more, and without one
/// when the server stops. A caller has at most four at a time. For the org's super admins.
#[utoipa::path(
    get, path = "/api/v1/orgs/{slug}/entries/stream", tag = "log",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("after" = Option<u64>, Query, maximum = 18446744073709551614u64, description = "The index of the last entry seen; from the first one when left out"),
        ("Last-Event-ID" = Option<u64>, Header, maximum = 18446744073709551614u64, description = "The same, which counts more"),
    ),
    responses((status = 200, description = "Entries, as server-sent events", body = StreamEvent, content_type = "text/event-stream", example = "id: 7\nevent: entry\ndata: {\"index\":7}\n\n"), Reading),
)]
pub(crate) async fn stream_entries(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    presented: Presented,
    query: EntryStreamQuery,
) -> Result<Response, Problem> {
    // Whoever may not read it is told so by the status.
    let page = served.app.entries(actor, &slug, query.from, PAGE).await?;
    let followed = Followed {
        _open: served.streams.begin(Who::from(actor))?,
        stopping: served.stopping.clone(),
        presented,
        slug,
        from: query.from,
        org: page.org,
        read: events(&page)?,
        over: false,
        served,
    };
    let alive = KeepAlive::new().interval(HEARTBEAT).text("");
    let mut response = Sse::new(followed.stream())
        .keep_alive(alive)
        .into_response();
    let (name, value) = UNBUFFERED;
    response.headers_mut().insert(name, value);
    Ok(response)
}

/// What a page holds, in the reverse order of sending, so that the next is at the end.
fn events(page: &EntriesPage) -> Result<Vec<(u64, Event)>, Problem> {
    page.entries
        .iter()
        .rev()
        .map(|stored| {
            let view = EntryView::of(stored.index, &stored.leaf_hash, &stored.encoded);
            let event = Event::default()
                .id(stored.index.to_string())
                .event("entry")
                .json_data(view.map_err(|error| Problem::unavailable(&error))?)
                .map_err(|error| Problem::unavailable(&error.to_string()))?;
            Ok((stored.index, event))
        })
        .collect()
}

/// A log that somebody follows. Nothing is read ahead of what the client takes.
struct Followed {
    served: Served,
    stopping: watch::Receiver<bool>,
    presented: Presented,
    slug: Slug,
    org: OrgId,
    /// The first index not sent yet.
    from: u64,
    read: Vec<(u64, Event)>,
    over: bool,
    _open: Open,
}

impl Followed {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        let first = Event::default().retry(RETRY).comment("");
        let rest = stream::unfold(self, |mut followed| async move {
            let event = followed.next().await?;
            Some((Ok(event), followed))
        });
        stream::iter([Ok(first)]).chain(rest)
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((index, event)) = self.read.pop() {
                self.from = index.saturating_add(1);
                return Some(event);
            }
            if self.over || *self.stopping.borrow() {
                return None;
            }
            match self.page().await {
                Ok(read) if read.is_empty() => self.wait().await,
                Ok(read) => self.read = read,
                Err(problem) => {
                    self.over = true;
                    let data = Event::default().event("problem").json_data(problem);
                    return data.ok();
                }
            }
        }
    }

    /// The next page, for the token as it is now and whoever it is now (R2).
    async fn page(&self) -> Result<Vec<(u64, Event)>, Problem> {
        let bearer = self.served.identity.bearer(&self.presented.token).await;
        let actor: Actor = bearer.map_err(Problem::from)?.actor;
        let entries = self.served.app.entries(actor, &self.slug, self.from, PAGE);
        events(&entries.await?)
    }

    async fn wait(&mut self) {
        let more = self.served.app.wait_for_entries(self.org, self.from);
        tokio::select! {
            () = more => {}
            // A closed channel means the same as a signal on it.
            _ = self.stopping.wait_for(|stopping| *stopping) => {}
        }
    }
}
