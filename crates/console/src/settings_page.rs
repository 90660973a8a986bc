//! Settings > Account: where a customer admin says yes, and takes it back.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use countersign_app::{App, CaseRead, Failure, OrgRead};
use countersign_domain::{AdminId, Role};
use countersign_web::{layout::Context, person::Person};

use crate::{
    Console,
    case_view::CaseView,
    claims_view, listing, names,
    reader::Reader,
    refuse::Halt,
    sessions::running,
    settings_cards::card,
    settings_rows,
    views::{
        nav::Place,
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
    Console { app, identity }: &Console,
    reader: &Reader,
    viewer: AdminId,
    edit: bool,
) -> Result<SettingsAccountPage, Failure> {
    let org = app.own_org(reader.actor()).await?;
    let claims = app.claim_read(reader.actor()).await?;
    let listed = listing::open(app, reader.actor()).await?;
    let counts = claims.unaccepted.is_none();
    let parts = Parts::of(app, &listed.cases, (viewer, counts), &reader.zone).await?;
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
            live: parts.live(),
            sessions: parts.sessions.len(),
            block,
        })
    };
    let name = org.org.name.as_str();
    Ok(SettingsAccountPage {
        page: reader.page("Account", Context::Org(name.into()), Place::Settings),
        account: Account {
            org: name.into(),
            slug: org.org.slug.as_str().into(),
            you: names::of_admin(&org.caller),
            role: match org.caller.role {
                Role::SuperAdmin => "Super admin",
                Role::Admin => "Admin",
            },
            time_zone: reader.zone.name(),
        },
        support,
        claims: claims_view::claims(&claims, identity, reader),
        cut_off: listed.more.then_some(listing::MOST),
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
}

impl Parts {
    async fn of(
        app: &App,
        cases: &[CaseRead],
        (viewer, counts): (AdminId, bool),
        zone: &Zone,
    ) -> Result<Self, Failure> {
        let mut cards = Vec::new();
        let mut self_assigned = Vec::new();
        let mut sessions = Vec::new();
        for read in cases {
            let Some(view) = CaseView::new(read, viewer, zone) else {
                continue;
            };
            let view = view.counting(counts);
            cards.extend(card(&view));
            self_assigned.extend(settings_rows::self_assigned(&view));
            let running = running(app, read).await?;
            sessions.extend(running.iter().map(|one| settings_rows::session(&view, one)));
        }
        cards.sort_by_key(|(place, _)| *place);
        Ok(Self {
            requests: cards.into_iter().map(|(_, card)| card).collect(),
            self_assigned,
            sessions,
        })
    }

    fn waiting(&self) -> usize {
        self.requests
            .iter()
            .filter(|card| card.state == RequestState::Requested)
            .count()
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
