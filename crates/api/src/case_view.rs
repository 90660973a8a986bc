//! A case on the wire, as its reader may see it at the moment of the answer.

use countersign_app::CaseRead;
use countersign_domain::{
    Access, ApproverId, Attested, Case, Grant, ImpersonationStatus, Lifecycle, OpenedBy,
    SelfAssignmentStatus, Sight, State, Timestamp, still_approves,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    people::{self, Person},
    time,
};

/// A support case. An agent on a self-assigned case that the customer has not approved sees number,
/// org, subject and statuses only; the rest is null or empty.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Case)]
pub(crate) struct CaseView {
    /// The number; unique in a deployment.
    #[schema(example = "00012345")]
    number: String,
    /// The short name of the org it belongs to.
    #[schema(example = "acme")]
    org: String,
    /// The title.
    #[schema(example = "Invoices cannot be exported")]
    subject: String,
    /// Whether it is open.
    status: CaseStatus,
    /// Who opened it.
    #[schema(required)]
    opened_by: Option<OpenerView>,
    /// The agents associated with it, by address.
    team: Vec<Person>,
    /// Requests and grants of impersonation.
    impersonation: Impersonation,
    /// The extra approval of a case that an agent opened for themselves.
    self_assignment: SelfAssignmentView,
}

/// Whether a case is open.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaseStatus {
    Open,
    Closed,
}

/// Who opened a case.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Opener)]
struct OpenerView {
    /// Their address.
    email: String,
    /// Their name.
    name: String,
    /// A customer admin, or an agent.
    kind: OpenerKind,
    /// `self` when it was their own call, `tracker` when it is the vendor's word.
    attested: AttestedView,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OpenerKind {
    Admin,
    Agent,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attested)]
#[serde(rename_all = "snake_case")]
enum AttestedView {
    #[serde(rename = "self")]
    Own,
    Tracker,
}

/// Requests and grants of impersonation for a case.
#[derive(Debug, Serialize, ToSchema)]
struct Impersonation {
    /// Where it stands now. An expired, a revoked and a closed case's grant read `DISABLED`.
    #[schema(value_type = ImpersonationStatusView)]
    status: ImpersonationStatus,
    /// The first moment without access; kept in the past after expiry, null after revocation.
    #[schema(required, format = DateTime)]
    expires_at: Option<String>,
    /// Why the agent asks.
    #[schema(required)]
    justification: Option<String>,
    /// Whom the agents act as; null as long as that is whoever ticks.
    #[schema(required)]
    subject: Option<Person>,
    /// The agent who asked last.
    #[schema(required)]
    requested_by: Option<Person>,
    /// Who ticked, for a grant that has not been revoked.
    #[schema(required)]
    granted_by: Option<Person>,
    /// The service client that granted; left out where a person did. `granted_by` is null then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    granted_by_client: Option<ClientName>,
    /// Whether that person could still approve now; a grant outlives their demotion.
    #[schema(required)]
    granted_by_active: Option<bool>,
    /// The id of that grant.
    #[schema(required)]
    grant: Option<String>,
    /// Agents on the team now who were not at the tick.
    joined_since: Vec<Person>,
    /// The wish for more time, recorded while access is live.
    #[schema(required)]
    more_time_wanted: Option<MoreTime>,
}

/// Where impersonation stands.
#[derive(ToSchema)]
#[schema(as = ImpersonationStatus, rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(dead_code)]
pub(crate) enum ImpersonationStatusView {
    NotRequested,
    Requested,
    Enabled,
    Disabled,
}

/// A service client by its id and its name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceClientNamed)]
struct ClientName {
    /// The id.
    id: String,
    /// What it is called.
    name: String,
}

/// The wish for more time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MoreTimeWanted)]
struct MoreTime {
    /// The agent who wants it.
    #[schema(required)]
    by: Option<Person>,
    /// Why.
    justification: String,
    /// When it was recorded.
    #[schema(format = DateTime)]
    at: String,
}

/// The extra approval of a case that an agent opened for themselves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SelfAssignment)]
struct SelfAssignmentView {
    /// Where it stands.
    #[schema(value_type = SelfAssignmentStatusView)]
    status: SelfAssignmentStatus,
}

/// Where the extra approval stands.
#[derive(ToSchema)]
#[schema(as = SelfAssignmentStatus, rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(dead_code)]
enum SelfAssignmentStatusView {
    NotRequired,
    Requested,
    Approved,
}

impl CaseView {
    /// The case as read; None when the read holds no case.
    pub(crate) fn of(read: &CaseRead) -> Option<Self> {
        let (state, case) = (read.state(), read.case()?);
        let org = state.org(case.org)?;
        let full = read.sight == Sight::Full;
        Some(Self {
            number: case.number.to_string(),
            org: org.slug.to_string(),
            subject: case.title.to_string(),
            status: match case.lifecycle {
                Lifecycle::Open => CaseStatus::Open,
                Lifecycle::Closed => CaseStatus::Closed,
            },
            opened_by: full.then(|| OpenerView::of(state, case)).flatten(),
            team: if full {
                people::agents(state, case.team.keys().copied())
            } else {
                vec![]
            },
            impersonation: if full {
                Impersonation::full(state, case, read.now)
            } else {
                Impersonation::outline(case, read.now)
            },
            self_assignment: SelfAssignmentView {
                status: case.self_assignment_status(),
            },
        })
    }
}

impl OpenerView {
    fn of(state: &State, case: &Case) -> Option<Self> {
        let (person, kind) = match case.opened_by.who {
            OpenedBy::Admin(id) => (people::admin(state, id)?, OpenerKind::Admin),
            OpenedBy::Agent(id) => (people::agent(state, id)?, OpenerKind::Agent),
        };
        Some(Self {
            email: person.email,
            name: person.name,
            kind,
            attested: match case.opened_by.attested {
                Attested::Own => AttestedView::Own,
                Attested::Tracker => AttestedView::Tracker,
            },
        })
    }
}

impl Impersonation {
    fn outline(case: &Case, now: Timestamp) -> Self {
        let (status, expires_at) = case.impersonation(now);
        Self {
            status,
            expires_at: expires_at.map(time::write),
            justification: None,
            subject: None,
            requested_by: None,
            granted_by: None,
            granted_by_client: None,
            granted_by_active: None,
            grant: None,
            joined_since: vec![],
            more_time_wanted: None,
        }
    }

    fn full(state: &State, case: &Case, now: Timestamp) -> Self {
        let request = case.access.request();
        let grant = granted(case);
        Self {
            justification: request.map(|request| request.justification.to_string()),
            subject: subject(state, case),
            requested_by: request.and_then(|request| people::agent(state, request.requested_by)),
            granted_by: grant.and_then(|grant| people::admin(state, grant.approved_by.admin()?)),
            granted_by_client: grant.and_then(|grant| ClientName::of(state, case, grant)),
            granted_by_active: grant.map(|grant| {
                state
                    .org(case.org)
                    .is_some_and(|org| still_approves(state, org, case, grant.approved_by))
            }),
            grant: grant.map(|grant| grant.id.to_string()),
            joined_since: grant.map_or(vec![], |grant| {
                people::agents(state, case.joined_since(grant))
            }),
            more_time_wanted: more_time(state, case),
            ..Self::outline(case, now)
        }
    }
}

/// The grant that answers the standing request and has not been revoked.
fn granted(case: &Case) -> Option<&Grant> {
    match &case.access {
        Access::Granted { grant, .. } => Some(grant),
        Access::NotRequested | Access::Requested { .. } | Access::Revoked { .. } => None,
    }
}

/// R8: fixed for a grant; before it, the one named, else the opener. Otherwise it will be whoever
/// ticks, and nobody is named.
fn subject(state: &State, case: &Case) -> Option<Person> {
    if let Some(grant) = granted(case) {
        return people::admin(state, grant.subject);
    }
    if let Some(named) = case.access.request()?.subject {
        return people::admin(state, named);
    }
    match case.opened_by.who {
        OpenedBy::Admin(opener) if state.admin_is_active_in(opener, case.org) => {
            people::admin(state, opener)
        }
        OpenedBy::Admin(_) | OpenedBy::Agent(_) => None,
    }
}

impl ClientName {
    fn of(state: &State, case: &Case, grant: &Grant) -> Option<Self> {
        let ApproverId::Client(id) = grant.approved_by else {
            return None;
        };
        Some(Self {
            id: id.to_string(),
            name: state.client(case.org, id)?.name.to_string(),
        })
    }
}

fn more_time(state: &State, case: &Case) -> Option<MoreTime> {
    let Access::Granted {
        more_time_wanted: Some(wanted),
        ..
    } = &case.access
    else {
        return None;
    };
    Some(MoreTime {
        by: people::agent(state, wanted.by),
        justification: wanted.justification.to_string(),
        at: time::write(wanted.at),
    })
}
