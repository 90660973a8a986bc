//! Settings > Account: where a customer admin says yes, and takes it back.

use std::collections::BTreeMap;

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use countersign_app::{App, CaseRead, Failure, OrgRead, OwnOrg};
use countersign_domain::{Access, Actor, AdminId, CaseNumber, RevokedWhy, Role, Timestamp};
use countersign_web::{
    layout::Context,
    messages::{Lang, Text},
    person::Person,
    text::UserText,
};

use crate::{
    Console,
    case_view::CaseView,
    claims_view, gone, listing, names,
    reader::Reader,
    reads,
    refuse::Halt,
    said::Said,
    seen,
    sessions::{Running, running},
    settings_cards::card,
    settings_rows,
    views::{
        nav::Place,
        news::{CaseNews, GoneNews, WaitingNews},
        notices,
        reads::read_only,
        request_card::{RequestCard, RequestState},
        settings_account::{
            Account, LiveAccess, SettingsAccountPage, SupportEdit, SupportSection, SupportSummary,
        },
        support_access::{SelfAssignedRow, SelfAssignment, SessionRow},
    },
    zone::Zone,
};

/// The page; `?edit=support` opens its section.
pub(crate) async fn show(
    State(console): State<Console>,
    reader: Reader,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    let viewer = reader.admin()?;
    let edit = query
        .iter()
        .any(|(name, value)| name == "edit" && value == "support");
    let view = page(&console, &reader, viewer, edit)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(reader.show(StatusCode::OK, &view))
}

async fn page(
    Console { app, .. }: &Console,
    reader: &Reader,
    viewer: AdminId,
    edit: bool,
) -> Result<SettingsAccountPage, Failure> {
    let org = app.own_org(reader.actor()).await?;
    let claims = app.claim_read(reader.actor()).await?;
    let counts = claims.unaccepted.is_none();
    let standing = Standing::read(app, reader.actor(), viewer, &reader.zone).await?;
    let seen = standing.seen();
    let mut page = reader.page(
        reader.t().account(),
        Context::Org(org.org.name.as_str().into()),
        Place::Settings,
    );
    if let Some(Said::Stale { case }) = reader.said() {
        let by_now = standing.by_now(case, reader.t());
        page = page.with_notice(Some(notices::stale(
            reader.t(),
            &case.as_str().into(),
            by_now,
        )));
    }
    let declared = org.org.upstream.as_ref();
    let declared = declared.map_or(0, |upstream| upstream.routes.declared_harmless());
    if let Some(Said::StaleRules { case }) = reader.said() {
        let how = reader
            .t()
            .summary_live_how(read_only(declared, &reader.t()));
        page = page.with_notice(Some(notices::stale_rules(
            reader.t(),
            &case.as_str().into(),
            reader.t().sentences(how, reader.t().notice_stale_detail()),
        )));
    }
    let waiting: Vec<&str> = standing
        .waiting
        .iter()
        .map(|one| one.key.as_str())
        .collect();
    let waiting = waiting.join(" ");
    let reads = standing.reads();
    let Standing { parts, more, .. } = standing;
    let block = settings_rows::block(&org, counts, blocker(app, &org).await?, &reader.zone);
    let support = if edit {
        SupportSection::Edit(SupportEdit {
            requests: parts.requests,
            self_assigned: parts.self_assigned,
            sessions: parts.sessions,
            credentials: settings_rows::credentials(&org, &claims, &reader.zone),
            block,
        })
    } else {
        SupportSection::Read(SupportSummary {
            waiting: parts.waiting(),
            self_assigned_waiting: parts.self_assigned_waiting(),
            widened: parts.widened(),
            live: parts.live(),
            sessions: parts.sessions.len(),
            block,
        })
    };
    let name = org.org.name.as_str();
    Ok(SettingsAccountPage {
        page,
        account: Account {
            org: name.into(),
            slug: org.org.slug.as_str().into(),
            you: names::of_admin(&org.caller),
            role: match org.caller.role {
                Role::SuperAdmin => reader.t().role_super_admin(),
                Role::Admin => reader.t().role_admin(),
            },
            time_zone: reader.zone.name(),
            declared,
        },
        support,
        claims: claims_view::claims(&claims, reader),
        cut_off: more.then_some(listing::MOST),
        seen,
        waiting,
        reads,
    })
}

/// Whoever blocked the org.
async fn blocker(app: &App, org: &OrgRead) -> Result<Option<Person>, Failure> {
    let Some(block) = org.org.block else {
        return Ok(None);
    };
    if block.by == org.caller.id {
        return Ok(Some(names::of_admin(&org.caller)));
    }
    let people = app.store().directory(Some(org.org.id)).await?;
    Ok(people.state.admin(block.by).map(names::of_admin))
}

/// What the open cases come to.
struct Parts {
    requests: Vec<RequestCard>,
    self_assigned: Vec<SelfAssignedRow>,
    sessions: Vec<SessionRow>,
    /// The first instant at which something of it ends by the clock.
    next_end: Option<Timestamp>,
}

impl Parts {
    async fn of(
        app: &App,
        actor: Actor,
        cases: &[CaseRead],
        viewer: AdminId,
        zone: &Zone,
    ) -> Result<Self, Failure> {
        let mut cards = Vec::new();
        let mut self_assigned = Vec::new();
        let mut sessions = Vec::new();
        let mut ends = Vec::new();
        for read in cases {
            let Some(view) = CaseView::new(read, viewer, zone) else {
                continue;
            };
            if let Some((place, mut card)) = card(&view) {
                if let Access::Revoked {
                    at,
                    why: RevokedWhy::RulesWidened,
                    ..
                } = view.case.access
                {
                    let change = app.rules_since(actor, at).await?;
                    card.taken_back = change.as_ref().is_some_and(|since| !since.wider);
                    card.widened = change.map(|since| reads::changed(&since.change, zone.lang()));
                }
                cards.push((place, card));
            }
            self_assigned.extend(settings_rows::self_assigned(&view));
            ends.extend(view.live().map(|grant| grant.period.expires_at));
            let running = running(app, read).await?;
            sessions.extend(running.iter().map(|one| settings_rows::session(&view, one)));
            ends.extend(running.iter().map(Running::over_at));
        }
        cards.sort_by_key(|(place, _)| *place);
        Ok(Self {
            requests: cards.into_iter().map(|(_, card)| card).collect(),
            self_assigned,
            sessions,
            next_end: ends.into_iter().min(),
        })
    }

    fn waiting(&self) -> usize {
        self.requests.iter().filter(|card| card.waits()).count()
    }

    fn widened(&self) -> usize {
        let ended = self.requests.iter().filter(|card| card.is_widened());
        ended.count()
    }

    fn self_assigned_waiting(&self) -> usize {
        self.self_assigned
            .iter()
            .filter(|row| !matches!(row.state, SelfAssignment::Approved { .. }))
            .count()
    }

    fn live(&self) -> Vec<LiveAccess> {
        self.requests
            .iter()
            .filter_map(|card| match &card.state {
                RequestState::Live { until, left, .. } => Some(LiveAccess {
                    case_number: card.case_number.clone(),
                    team: card.team.clone(),
                    until: until.clone(),
                    left: left.clone(),
                }),
                _ => None,
            })
            .collect()
    }
}

/// Everything that the page shows and that changes, as of one moment.
pub(crate) struct Standing {
    org: OwnOrg,
    parts: Parts,
    more: bool,
    /// What waits to be accepted (R3).
    waiting: Vec<WaitingNews>,
    /// Why cases went lately, by number.
    gone: BTreeMap<String, Text>,
}

impl Standing {
    pub(crate) async fn read(
        app: &App,
        actor: Actor,
        viewer: AdminId,
        zone: &Zone,
    ) -> Result<Self, Failure> {
        let org = app.own_org_alone(actor).await?;
        let listed = listing::open(app, actor).await?;
        let parts = Parts::of(app, actor, &listed.cases, viewer, zone).await?;
        let claims = app.claim_read(actor).await?;
        let t = zone.lang();
        let waiting = claims.waiting.iter().enumerate().map(|(n, one)| {
            let row = claims_view::waiting(&claims, one, n, zone);
            WaitingNews {
                key: claims_view::key(one),
                said: t.news_waiting(row.title(&t)),
            }
        });
        let waiting = waiting.collect();
        let gone = gone::lately(app, actor, &org.org.slug, t).await?;
        Ok(Self {
            org,
            parts,
            more: listed.more,
            waiting,
            gone,
        })
    }

    /// A hash of it. What only the passing of time changes is not in it, such as the time left.
    pub(crate) fn seen(&self) -> String {
        let mut text = format!(
            "{:?};{:?};{:?};{}",
            self.org.org.block,
            self.org.org.settings,
            self.org.caller.role,
            self.reads()
        );
        for card in &self.parts.requests {
            text.push_str(&format!(
                ";{:?};{};{:?};{:?}",
                card.case_number, card.seen, card.tick, card.flags
            ));
        }
        for row in &self.parts.self_assigned {
            text.push_str(&format!(";{:?};{}", row.case_number, row.seen));
        }
        for row in &self.parts.sessions {
            text.push_str(&format!(";{}", row.id));
        }
        for one in &self.waiting {
            text.push_str(&format!(";{}", one.key));
        }
        seen::short(&text)
    }

    /// What waits to be accepted.
    pub(crate) fn waiting(&self) -> &[WaitingNews] {
        &self.waiting
    }

    /// A hash of which requests the vendor declares to read.
    pub(crate) fn reads(&self) -> String {
        let upstream = self.org.org.upstream.as_ref();
        let rules = upstream.map(|upstream| (upstream.mode, &upstream.routes));
        seen::short(&format!("{rules:?}"))
    }

    /// Cases that are not on the page, and why they went.
    pub(crate) fn gone(&self) -> Vec<GoneNews> {
        let shown = |number: &UserText| {
            let mut cards = self.parts.requests.iter();
            cards.any(|card| card.case_number == *number)
        };
        let went = self.gone.iter().filter_map(|(number, said)| {
            let number = UserText::from(number.as_str());
            (!shown(&number)).then(|| GoneNews {
                card: format!("case-{}", number.path_segment()),
                said: said.clone(),
            })
        });
        went.collect()
    }

    /// The first instant at which something of it ends by the clock.
    pub(crate) fn next_end(&self) -> Option<Timestamp> {
        self.parts.next_end
    }

    /// Where every case with a request stands.
    pub(crate) fn cases(&self, t: Lang) -> Vec<CaseNews> {
        let news = |card: &RequestCard| CaseNews {
            card: format!("case-{}", card.case_number.path_segment()),
            seen: card.seen.clone(),
            said: card.by_now(&t),
        };
        self.parts.requests.iter().map(news).collect()
    }

    /// Where one case stands, for whoever decided on something older.
    fn by_now(&self, case: &CaseNumber, t: Lang) -> Text {
        let number = UserText::from(case.as_str());
        let mut cards = self.parts.requests.iter();
        let card = cards.find(|card| card.case_number == number);
        let why = self.gone.get(case.as_str());
        let went = || why.cloned().unwrap_or_else(|| t.now_gone());
        card.map_or_else(went, |card| card.by_now(&t))
    }
}
