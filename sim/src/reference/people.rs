//! Who people are at the moment of asking (R1, R2), and what their org has set.

use countersign_domain::{
    Actor, AdminId, AgentId, Approvers, CaseId, OpenedBy, OrgId, OrgSettings, Role,
};

use super::{Past, What};

impl Past<'_> {
    /// Whether the org exists.
    #[must_use]
    pub fn org_exists(self, org: OrgId) -> bool {
        self.last(|w| *w == What::OrgMade(org)).is_some()
    }

    /// The one org of a customer user.
    #[must_use]
    pub fn org_of_admin(self, admin: AdminId) -> Option<OrgId> {
        self.latest(|w| match w {
            What::AdminMade(id, org) if *id == admin => Some(*org),
            _ => None,
        })
    }

    /// The role as it is now.
    #[must_use]
    pub fn role(self, admin: AdminId) -> Option<Role> {
        self.latest(|w| match w {
            What::RoleGiven(id, role) if *id == admin => Some(*role),
            _ => None,
        })
    }

    /// Whether a customer user may act.
    #[must_use]
    pub fn admin_is_active(self, admin: AdminId) -> bool {
        self.latest(|w| match w {
            What::AdminActive(id, active) if *id == admin => Some(*active),
            _ => None,
        })
        .unwrap_or(false)
    }

    /// Whether an agent may act.
    #[must_use]
    pub fn agent_is_active(self, agent: AgentId) -> bool {
        self.latest(|w| match w {
            What::AgentActive(id, active) if *id == agent => Some(*active),
            _ => None,
        })
        .unwrap_or(false)
    }

    /// An active admin of that org, of whatever role.
    #[must_use]
    pub fn is_active_admin_of(self, admin: AdminId, org: OrgId) -> bool {
        self.org_of_admin(admin) == Some(org) && self.admin_is_active(admin)
    }

    /// A super admin of that org.
    #[must_use]
    pub fn is_super_admin_of(self, admin: AdminId, org: OrgId) -> bool {
        self.is_active_admin_of(admin, org) && self.role(admin) == Some(Role::SuperAdmin)
    }

    /// What the org has set.
    #[must_use]
    pub fn settings(self, org: OrgId) -> OrgSettings {
        self.latest(|w| match w {
            What::SettingsMade(id, settings) if *id == org => Some(*settings),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// Whether all support access is blocked (R15).
    #[must_use]
    pub fn is_blocked(self, org: OrgId) -> bool {
        self.latest(|w| match w {
            What::Blocked(id) if *id == org => Some(true),
            What::Unblocked(id) if *id == org => Some(false),
            _ => None,
        })
        .unwrap_or(false)
    }

    /// Who could approve for the case right now (R9): a super admin of its org, or the admin who
    /// opened it, as far as the org lets openers.
    #[must_use]
    pub fn could_approve(self, admin: AdminId, case: CaseId) -> bool {
        let Some((index, org, opener)) = self.opening(case) else {
            return false;
        };
        if self.is_super_admin_of(admin, org) {
            return true;
        }
        let settings = self.settings(org);
        let by_own_call = matches!(self.facts[index].by, Actor::Admin { id, .. } if id == admin);
        opener == OpenedBy::Admin(admin)
            && self.is_active_admin_of(admin, org)
            && settings.approvers != Approvers::SuperAdmins
            && (by_own_call || !settings.self_openers_only)
    }
}
