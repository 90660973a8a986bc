//! Where a case stands, in the words of its agents' pages: their list, the case itself, and the news
//! of both.

use std::cmp::Reverse;

use countersign_app::{App, CaseRead, Failure};
use countersign_domain::{Access, AgentId, Case, Entrance, Sight, Timestamp};
use countersign_web::{
    messages::{Arg, Lang, Text},
    person::Person,
    text::UserText,
};

use crate::{
    access_state::access_state,
    names, seen,
    sessions::{Running, running},
    views::agent_cases::{AccessState, AgentCaseRow, CannotOpen},
    zone::Zone,
};

/// A case with the reader's own running sessions, as of one moment.
pub(crate) struct AgentView<'a> {
    pub(crate) read: &'a CaseRead,
    pub(crate) case: &'a Case,
    pub(crate) agent: AgentId,
    pub(crate) own: Vec<Running<'a>>,
    pub(crate) zone: &'a Zone,
}

impl<'a> AgentView<'a> {
    /// None when the read lacks its case.
    pub(crate) async fn of(
        app: &App,
        read: &'a CaseRead,
        agent: AgentId,
        zone: &'a Zone,
    ) -> Result<Option<Self>, Failure> {
        let Some(case) = read.case() else {
            return Ok(None);
        };
        let mut own = running(app, read).await?;
        own.retain(|one| one.session.agent == agent);
        Ok(Some(Self {
            read,
            case,
            agent,
            own,
            zone,
        }))
    }

    fn t(&self) -> Lang {
        self.zone.lang()
    }

    /// The case in the list.
    pub(crate) fn row(&self, app: &App) -> AgentCaseRow {
        let (case, full) = (self.case, self.read.sight == Sight::Full);
        let org = self.read.state().org(case.org).filter(|_| full);
        AgentCaseRow {
            number: case.number.as_str().into(),
            org: org.map(|org| org.name.as_str().into()),
            title: case.title.as_str().into(),
            access: self.access(),
            cannot_open: self.cannot_open(),
            open_sessions: self.own.len(),
            back: self.own.iter().find_map(|one| address(app, one)),
            seen: self.seen(),
            said: self.by_now(),
        }
    }

    pub(crate) fn access(&self) -> AccessState {
        let org = self.read.state().org(self.case.org);
        access_state(self.case, org, self.zone, self.read.now)
    }

    /// Why a session cannot be started although access is live (R5, R8, R16).
    pub(crate) fn cannot_open(&self) -> Option<CannotOpen> {
        let grant = self.case.access.live(self.read.now)?;
        let state = self.read.state();
        if !grant.team.admits(self.agent) {
            return Some(CannotOpen::PinnedToEarlierTeam);
        }
        if !state.admin_is_active_in(grant.subject, self.case.org) {
            return Some(CannotOpen::SubjectInactive);
        }
        let product = state.org(self.case.org).map(|org| org.upstream.is_some());
        (product == Some(false)).then_some(CannotOpen::NoProduct)
    }

    /// What the agent was shown of it.
    pub(crate) fn seen(&self) -> String {
        seen::by_agent(self.read)
    }

    /// A hash of what a page shows of these cases, but for what is only the passing of time.
    pub(crate) fn seen_of_page(views: &[Self]) -> String {
        let texts: String = views.iter().map(Self::shown).collect();
        seen::short(&texts)
    }

    fn shown(&self) -> String {
        let mut text = format!(
            "{};{};{:?}",
            self.case.number,
            self.seen(),
            self.cannot_open()
        );
        for one in &self.own {
            let entered = matches!(one.session.entrance, Entrance::Entered { .. });
            text.push_str(&format!(";{}:{entered}", one.session.id));
        }
        for agent in self.case.team.keys() {
            text.push_str(&format!(";{agent}"));
        }
        text
    }

    /// The first instant at which something of it ends by the clock.
    pub(crate) fn next_end(&self) -> Option<Timestamp> {
        let live = self.case.access.live(self.read.now);
        let ends = live.map(|grant| grant.period.expires_at).into_iter();
        ends.chain(self.own.iter().map(Running::over_at)).min()
    }

    /// Where it stands, for whoever looked at something older. Of a self-assigned case that is not
    /// approved it names nobody (R6).
    pub(crate) fn by_now(&self) -> Text {
        let t = self.t();
        let number = UserText::from(self.case.number.as_str());
        match self.access() {
            AccessState::NotRequested => t.now_nothing_asked(&number),
            AccessState::SelfAssignmentWaiting { .. } => t.now_self_assigned(&number),
            AccessState::Blocked { .. } => t.now_blocked(&number),
            AccessState::Closed => t.now_closed(&number),
            AccessState::Expired { at, .. } => t.now_expired(at.brief(), &number),
            AccessState::Revoked { at } => t.now_removed(at.brief(), &number),
            AccessState::TickAgain { at } => t.now_customer_ticks_again(at.brief(), &number),
            AccessState::Requested { .. } => {
                let asked = self.case.access.request();
                let who = asked.map(|asked| self.agent_named(asked.requested_by));
                t.now_requested(&number, who.unwrap_or_else(|| names::unknown(t)).name)
            }
            AccessState::Live { until, .. } => self.live_by_now(&number, until.brief()),
        }
    }

    fn live_by_now(&self, number: &UserText, until: impl Arg) -> Text {
        let t = self.t();
        if let Access::Granted {
            more_time_wanted: Some(wanted),
            ..
        } = &self.case.access
        {
            return t.now_more_time(number, self.agent_named(wanted.by).name);
        }
        let granted = self.case.access.live(self.read.now);
        let who = granted
            .map(|grant| names::approver(t, self.read.state(), self.case.org, grant.approved_by));
        t.now_live(number, until, who.unwrap_or_else(|| names::unknown(t)).name)
    }

    fn agent_named(&self, id: AgentId) -> Person {
        names::agent(self.t(), self.read.state(), id)
    }

    /// Where it stands among others of its group: what ends soonest, or has waited longest, first.
    pub(crate) fn order(&self) -> (i64, Reverse<i64>) {
        let ms = |at: Timestamp| at.as_millis();
        match &self.case.access {
            Access::Granted { grant, .. } if grant.period.is_live(self.read.now) => {
                (ms(grant.period.expires_at), Reverse(0))
            }
            Access::Granted { grant, .. } => (0, Reverse(ms(grant.period.expires_at))),
            Access::Revoked { at, .. } => (0, Reverse(ms(*at))),
            Access::Requested { request, .. } => (ms(request.at), Reverse(0)),
            Access::NotRequested => (0, Reverse(ms(self.case.opened_at))),
        }
    }
}

/// Where a session is open, if a browser has entered it.
pub(crate) fn address(app: &App, one: &Running<'_>) -> Option<String> {
    let entered = matches!(one.session.entrance, Entrance::Entered { .. });
    entered.then(|| format!("{}/", app.settings().session_origin(&one.session.label)))
}
