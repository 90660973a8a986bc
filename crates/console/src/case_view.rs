//! A case as a customer admin meets it: what they may do about it now, and to whom it gives what.

use countersign_app::CaseRead;
use countersign_domain::{
    Admin, AdminId, AgentId, ApproverId, Case, Grant, OpenedBy, Org, Refusal, Timestamp, approver,
};
use countersign_web::{person::Person, text::UserText};

use crate::{names, reads, views::request_card::CannotGrant, zone::Zone};

/// A case, its org and the admin who looks at it, as of one moment.
#[derive(Clone, Copy)]
pub(crate) struct CaseView<'a> {
    pub(crate) read: &'a CaseRead,
    pub(crate) case: &'a Case,
    pub(crate) org: &'a Org,
    pub(crate) viewer: &'a Admin,
    pub(crate) zone: &'a Zone,
}

impl<'a> CaseView<'a> {
    /// None when the read lacks what it always brings.
    pub(crate) fn new(read: &'a CaseRead, viewer: AdminId, zone: &'a Zone) -> Option<Self> {
        let case = read.case()?;
        Some(Self {
            read,
            case,
            org: read.state().org(case.org)?,
            viewer: read.state().admin(viewer)?,
            zone,
        })
    }

    /// Whether the viewer's yes gives something (R3).
    pub(crate) fn counts(&self) -> bool {
        self.read.counts
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.read.now
    }

    /// Whether the viewer approves for this case now (R2, R9).
    pub(crate) fn may_approve(&self) -> bool {
        self.not_approver().is_none()
    }

    /// Why the viewer does not approve for this case.
    pub(crate) fn not_approver(&self) -> Option<CannotGrant> {
        match approver(self.org, self.case, self.viewer) {
            Ok(()) => None,
            Err(Refusal::OnlySuperAdminsApproveHere) => Some(CannotGrant::SuperAdminsOnly),
            Err(Refusal::OpenerNotAttested) => Some(CannotGrant::OpenerNotAttested),
            Err(_) => Some(CannotGrant::NotApprover),
        }
    }

    /// Why nobody, or not this viewer, can grant now (R9).
    pub(crate) fn cannot_grant(&self) -> Option<CannotGrant> {
        if let Some(reason) = self.not_approver() {
            return Some(reason);
        }
        if !self.counts() {
            return Some(CannotGrant::NotAccepted);
        }
        if self.org.block.is_some() {
            return Some(CannotGrant::Blocked);
        }
        if self.case.awaits_self_assignment() {
            return Some(CannotGrant::SelfAssignmentNotApproved);
        }
        if self.team().is_empty() {
            return Some(CannotGrant::NoAgentOnTeam);
        }
        self.subject().is_none().then_some(CannotGrant::NoSubject)
    }

    /// The grant that gives access now.
    pub(crate) fn live(&self) -> Option<&'a Grant> {
        self.case.access.live(self.now())
    }

    /// Whom support acts as while access is live, or would act as if the viewer ticked now (R8).
    pub(crate) fn subject(&self) -> Option<AdminId> {
        if let Some(grant) = self.live() {
            return Some(grant.subject);
        }
        let active = |id| self.read.state().admin_is_active_in(id, self.case.org);
        if let Some(named) = self.case.access.request().and_then(|asked| asked.subject) {
            return active(named).then_some(named);
        }
        match self.case.opened_by.who {
            OpenedBy::Admin(opener) if active(opener) => Some(opener),
            _ => Some(self.viewer.id),
        }
    }

    /// The agents who have access, or would have it (R5).
    pub(crate) fn team(&self) -> Vec<AgentId> {
        let mut team = names::team(self.read.state(), self.case);
        if let Some(grant) = self.live() {
            team.retain(|agent| grant.team.admits(*agent));
        }
        team
    }

    /// The kinds of requests that could change something and that the vendor declares harmless, and
    /// which of them cover everything below a path.
    pub(crate) fn harmless(&self) -> (Vec<UserText>, Vec<UserText>) {
        let upstream = self.org.upstream.as_ref();
        let rules = upstream.map_or(&[][..], |upstream| upstream.routes.as_slice());
        let below = rules.iter().filter(|rule| rule.path().covers_all_below());
        (reads::harmless(rules.iter()), reads::harmless(below))
    }

    pub(crate) fn agents(&self, ids: &[AgentId]) -> Vec<Person> {
        ids.iter()
            .map(|id| names::agent(self.zone.lang(), self.read.state(), *id))
            .collect()
    }

    pub(crate) fn admin(&self, id: AdminId) -> Person {
        names::admin(self.zone.lang(), self.read.state(), id)
    }

    pub(crate) fn approver(&self, id: ApproverId) -> Person {
        names::approver(self.zone.lang(), self.read.state(), self.case.org, id)
    }

    pub(crate) fn agent(&self, id: AgentId) -> Person {
        names::agent(self.zone.lang(), self.read.state(), id)
    }
}
