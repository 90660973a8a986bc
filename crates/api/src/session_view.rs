//! Sessions on the wire.

use countersign_app::{SessionRead, Standing};
use countersign_domain::{EndedWhy, Entrance, Session, State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    people::{self, Person},
    time,
};

/// An impersonation session. Of one that somebody or some rule has ended, less is kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionView {
    /// The id.
    #[schema(example = "sess_019ac1d1d8a07d2f8b1c6f1a2b3c4d5e")]
    id: String,
    /// Whether it runs.
    status: SessionStatus,
    /// The number of its case.
    case: String,
    /// The short name of the case's org.
    org: String,
    /// Who acts.
    #[schema(required)]
    agent: Option<Person>,
    /// On whose behalf; null once somebody or some rule has ended it.
    #[schema(required)]
    subject: Option<Person>,
    /// The grant it is under; null once somebody or some rule has ended it.
    #[schema(required)]
    grant: Option<String>,
    /// When it started; null once somebody or some rule has ended it.
    #[schema(required, format = DateTime)]
    started_at: Option<String>,
    /// Whether a browser has entered it; null once somebody or some rule has ended it.
    #[schema(required)]
    entered: Option<bool>,
    /// The last request under it, or its start if there was none; null once it has ended.
    #[schema(required, format = DateTime)]
    last_request_at: Option<String>,
    /// When the clock ends it, unless the grant is extended; null once it has ended.
    #[schema(required, format = DateTime)]
    expires_at: Option<String>,
    /// When it ended; null while it runs.
    #[schema(required, format = DateTime)]
    ended_at: Option<String>,
    /// Why it ended; null while it runs.
    #[schema(required)]
    ended_why: Option<WhyView>,
}

/// Whether a session runs.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SessionStatus {
    /// It does.
    Running,
    /// It does not, and never will again.
    Ended,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = EndedWhy)]
#[serde(rename_all = "snake_case")]
enum WhyView {
    /// Its own time limit or the grant's expiration came.
    Expired,
    /// It went without a request for too long.
    Idle,
    ByAgent,
    ByApprover,
    GrantRevoked,
    PeriodOver,
    CaseClosed,
    AgentLeftTeam,
    AgentDeactivated,
    /// The agent signed out at the vendor's OpenID provider, or is none any more by its word.
    AgentSignedOut,
    SubjectDeactivated,
    Blocked,
    UpstreamChanged,
    RulesWidened,
}

impl From<EndedWhy> for WhyView {
    fn from(why: EndedWhy) -> Self {
        match why {
            EndedWhy::ByAgent => Self::ByAgent,
            EndedWhy::ByApprover => Self::ByApprover,
            EndedWhy::GrantRevoked => Self::GrantRevoked,
            EndedWhy::PeriodOver => Self::PeriodOver,
            EndedWhy::CaseClosed => Self::CaseClosed,
            EndedWhy::AgentLeftTeam => Self::AgentLeftTeam,
            EndedWhy::AgentDeactivated => Self::AgentDeactivated,
            EndedWhy::AgentSignedOut => Self::AgentSignedOut,
            EndedWhy::SubjectDeactivated => Self::SubjectDeactivated,
            EndedWhy::Blocked => Self::Blocked,
            EndedWhy::UpstreamChanged => Self::UpstreamChanged,
            EndedWhy::RulesWidened => Self::RulesWidened,
        }
    }
}

impl SessionView {
    /// The session as read; None when the read holds no case.
    pub(crate) fn of(read: &SessionRead) -> Option<Self> {
        let (state, case) = (read.state(), read.case()?);
        let blank = Self {
            id: read.id.to_string(),
            status: SessionStatus::Ended,
            case: case.number.to_string(),
            org: state.org(case.org)?.slug.to_string(),
            agent: None,
            subject: None,
            grant: None,
            started_at: None,
            entered: None,
            last_request_at: None,
            expires_at: None,
            ended_at: None,
            ended_why: None,
        };
        Some(match &read.standing {
            Standing::Running {
                session,
                last_request,
                ends_at,
            } => Self {
                status: SessionStatus::Running,
                last_request_at: Some(time::write(*last_request)),
                expires_at: Some(time::write(*ends_at)),
                ..blank.with(state, session)
            },
            Standing::Over { session, at, idle } => Self {
                ended_at: Some(time::write(*at)),
                ended_why: Some(if *idle {
                    WhyView::Idle
                } else {
                    WhyView::Expired
                }),
                ..blank.with(state, session)
            },
            Standing::Ended(ended) => Self {
                agent: people::agent(state, ended.agent),
                ended_at: Some(time::write(ended.at)),
                ended_why: Some(ended.why.into()),
                ..blank
            },
        })
    }

    /// With what is known of a session that nobody and no rule has ended.
    fn with(self, state: &State, session: &Session) -> Self {
        Self {
            agent: people::agent(state, session.agent),
            subject: people::admin(state, session.subject),
            grant: Some(session.grant.to_string()),
            started_at: Some(time::write(session.started_at)),
            entered: Some(matches!(session.entrance, Entrance::Entered { .. })),
            ..self
        }
    }
}
