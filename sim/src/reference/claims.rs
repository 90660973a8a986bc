//! Whose word counts in a claimed org (R3), judged from where everything came from.

use countersign_domain::{
    Actor, AdminId, Awaiting, CredentialId, CredentialOwner, OrgId, Role, Timestamp,
};

use super::{Ground, Past, What, verdict::Grounds};

const QUARTER_OF_AN_HOUR: i64 = 15 * 60_000;
const PASSKEYS_PER_PERSON: usize = 20;

impl Past<'_> {
    /// Whether a super admin has claimed the org.
    #[must_use]
    pub fn is_claimed(self, org: OrgId) -> bool {
        self.last(|w| matches!(w, What::Claimed { org: of, .. } if *of == org))
            .is_some()
    }

    /// Whether the customer has claimed with this person, or accepted them, since somebody last let
    /// them act or stopped them.
    fn person_counts(self, admin: AdminId) -> bool {
        self.latest(|w| match w {
            What::Claimed { by, .. } if *by == admin => Some(true),
            What::AdminAccepted(id) if *id == admin => Some(true),
            What::AdminRefused(id) if *id == admin => Some(false),
            What::AdminActive(id, _) if *id == admin => Some(false),
            _ => None,
        })
        .unwrap_or(false)
    }

    fn person_refused(self, admin: AdminId) -> bool {
        self.latest(|w| match w {
            What::AdminAccepted(id) if *id == admin => Some(false),
            What::AdminRefused(id) if *id == admin => Some(true),
            _ => None,
        })
        .unwrap_or(false)
    }

    /// How a credential of a customer user came about: its fact's number, its owner, and whether it
    /// is a passkey. None once it was taken away.
    fn making(self, credential: CredentialId) -> Option<(usize, AdminId, bool)> {
        let made = self.last(|w| match w {
            What::Minted(id, _) | What::PasskeyAdded(id, _) | What::PasskeyTaken(id) => {
                *id == credential
            }
            _ => false,
        })?;
        match self.facts[made].what {
            What::Minted(_, CredentialOwner::Admin(owner)) => Some((made, owner, false)),
            What::PasskeyAdded(_, owner) => Some((made, owner, true)),
            _ => None,
        }
    }

    /// Whether a credential counts: it claimed the org, was accepted, or was made by what counted when
    /// it was made. The question goes back to the root of the chain.
    fn credential_counts(self, credential: CredentialId) -> bool {
        let decided = self.latest(|w| match w {
            What::Claimed { with, .. } if *with == credential => Some(true),
            What::CredentialAccepted(id) if *id == credential => Some(true),
            What::CredentialRefused(id) if *id == credential => Some(false),
            _ => None,
        });
        let Some((made, owner, _)) = self.making(credential) else {
            return false;
        };
        decided.unwrap_or_else(|| {
            let then = self.before(made);
            let of_a_customer = matches!(self.facts[made].by, Actor::Admin { .. });
            let claimed = then
                .org_of_admin(owner)
                .is_some_and(|org| then.is_claimed(org));
            of_a_customer && claimed && then.acts_for_the_customer(self.facts[made].by)
        })
    }

    fn credential_refused(self, credential: CredentialId) -> bool {
        self.last(|w| *w == What::CredentialRefused(credential))
            .is_some()
    }

    /// Whether what this caller does may give anything: in a claimed org, only through a credential
    /// and an account that the customer stands behind.
    #[must_use]
    pub fn acts_for_the_customer(self, actor: Actor) -> bool {
        let Actor::Admin { id, via } = actor else {
            return true;
        };
        let claimed = self
            .org_of_admin(id)
            .is_some_and(|org| self.is_claimed(org));
        let by_own = via.is_some_and(|via| {
            let theirs = self.making(via).is_some_and(|(_, owner, _)| owner == id);
            theirs && self.credential_counts(via)
        });
        !claimed || (self.person_counts(id) && by_own)
    }

    /// Whether the caller comes by something that was refused.
    pub(super) fn comes_by_refused(self, actor: Actor) -> bool {
        matches!(actor, Actor::Admin { via: Some(via), .. } if self.credential_refused(via))
    }

    /// The role that waits to be accepted.
    #[must_use]
    pub fn proposed_role(self, admin: AdminId) -> Option<Role> {
        self.latest(|w| match w {
            What::RoleProposed(id, role) if *id == admin => Some(Some(*role)),
            What::RoleGiven(id, _) | What::RoleRefused(id) | What::AdminRefused(id)
                if *id == admin =>
            {
                Some(None)
            }
            _ => None,
        })
        .flatten()
    }

    /// Whether somebody could still act for the org without this person and this key.
    #[must_use]
    pub fn someone_remains(
        self,
        org: OrgId,
        without: Option<AdminId>,
        without_key: Option<CredentialId>,
    ) -> bool {
        let keys = self.facts.iter().filter_map(|fact| match fact.what {
            What::PasskeyAdded(id, _) => Some(id),
            _ => None,
        });
        !self.is_claimed(org)
            || keys.filter(|id| Some(*id) != without_key).any(|id| {
                self.making(id).is_some_and(|(_, owner, _)| {
                    Some(owner) != without
                        && self.is_super_admin_of(owner, org)
                        && self.person_counts(owner)
                        && self.credential_counts(id)
                })
            })
    }

    /// Grounds against whatever gives: it must be the customer's own act.
    pub(super) fn giving_grounds(self, actor: Actor) -> Option<Ground> {
        (!self.acts_for_the_customer(actor)).then_some(Ground::NotYoursToDo)
    }

    pub(super) fn role_grounds(self, admin: AdminId, role: Role, org: OrgId) -> Option<Ground> {
        let lowers = self.role(admin) == Some(Role::SuperAdmin) && role == Role::Admin;
        let locks_out = lowers && !self.someone_remains(org, Some(admin), None);
        locks_out.then_some(Ground::StateForbids)
    }

    pub(super) fn active_grounds(
        self,
        admin: AdminId,
        active: bool,
        org: OrgId,
        actor: Actor,
    ) -> Option<Ground> {
        if self.admin_is_active(admin) == active {
            return None;
        }
        let forbidden = if active {
            matches!(actor, Actor::Operator { .. }) && self.person_refused(admin)
        } else {
            !self.someone_remains(org, Some(admin), None)
        };
        forbidden.then_some(Ground::StateForbids)
    }

    pub(super) fn sign_in_grounds(self, actor: Actor) -> Grounds {
        let by_own_passkey = match actor {
            Actor::Admin { id, via: Some(via) } => self
                .making(via)
                .is_some_and(|(_, owner, passkey)| passkey && owner == id),
            _ => false,
        };
        if by_own_passkey {
            Grounds::new()
        } else {
            Grounds::from([Ground::NotYoursToSee])
        }
    }

    pub(super) fn register_grounds(
        self,
        signed_in_at: Timestamp,
        actor: Actor,
        now: Timestamp,
    ) -> Grounds {
        let Actor::Admin { id, .. } = actor else {
            return Grounds::from([Ground::NotYoursToDo]);
        };
        let mut grounds: Grounds = self.giving_grounds(actor).into_iter().collect();
        if now.as_millis() - signed_in_at.as_millis() >= QUARTER_OF_AN_HOUR {
            grounds.insert(Ground::NotYoursToDo);
        }
        let theirs = self.facts.iter().filter(|fact| match fact.what {
            What::PasskeyAdded(key, owner) => owner == id && self.making(key).is_some(),
            _ => false,
        });
        if theirs.count() >= PASSKEYS_PER_PERSON {
            grounds.insert(Ground::StateForbids);
        }
        grounds
    }

    pub(super) fn remove_grounds(self, credential: CredentialId, actor: Actor) -> Grounds {
        let found = self.making(credential).filter(|(_, _, passkey)| *passkey);
        let Some((owner, org)) =
            found.and_then(|(_, owner, _)| self.org_of_admin(owner).map(|org| (owner, org)))
        else {
            return Grounds::from([Ground::NotYoursToSee]);
        };
        let mut grounds = if matches!(actor, Actor::Admin { id, .. } if id == owner) {
            Grounds::new()
        } else {
            self.super_admins_only(actor, org)
        };
        grounds.extend(self.giving_grounds(actor));
        if !self.someone_remains(org, None, Some(credential)) {
            grounds.insert(Ground::StateForbids);
        }
        grounds
    }

    /// Accepting and refusing: a super admin of the claimed org whose own word counts.
    pub(super) fn deciding_grounds(self, what: Awaiting, accept: bool, actor: Actor) -> Grounds {
        let org = match what {
            Awaiting::Credential(id) => self
                .making(id)
                .and_then(|(_, owner, _)| self.org_of_admin(owner)),
            Awaiting::Admin(id) | Awaiting::Role(id, _) => self.org_of_admin(id),
            Awaiting::Client(..) => None,
        };
        let Some(org) = org else {
            return Grounds::from([Ground::NotYoursToSee]);
        };
        let mut grounds = self.super_admins_only(actor, org);
        grounds.extend(self.giving_grounds(actor));
        let forbidden = match what {
            Awaiting::Credential(id) if accept => self.credential_refused(id),
            Awaiting::Credential(id) => self.credential_counts(id),
            Awaiting::Admin(id) if accept => self.person_refused(id),
            Awaiting::Admin(id) => self.person_counts(id),
            Awaiting::Client(..) => false,
            Awaiting::Role(id, role) => {
                let proposed = self.proposed_role(id);
                let nothing_to_do = if accept {
                    self.role(id) == Some(role)
                } else {
                    proposed.is_none()
                };
                !nothing_to_do && proposed != Some(role)
            }
        };
        if forbidden || !self.is_claimed(org) {
            grounds.insert(Ground::StateForbids);
        }
        grounds
    }

    /// What accepting or refusing brings about.
    pub(super) fn deciding(self, what: Awaiting, accept: bool) -> Vec<What> {
        match (what, accept) {
            (Awaiting::Credential(id), true) if self.credential_counts(id) => vec![],
            (Awaiting::Credential(id), true) => vec![What::CredentialAccepted(id)],
            (Awaiting::Credential(id), false) if self.credential_refused(id) => vec![],
            (Awaiting::Credential(id), false) => vec![What::CredentialRefused(id)],
            (Awaiting::Admin(id), true) if self.person_counts(id) => vec![],
            (Awaiting::Admin(id), true) => vec![What::AdminAccepted(id)],
            (Awaiting::Admin(id), false) if self.person_refused(id) => vec![],
            (Awaiting::Admin(id), false) => {
                vec![What::AdminActive(id, false), What::AdminRefused(id)]
            }
            (Awaiting::Role(id, role), true) if self.role(id) == Some(role) => vec![],
            (Awaiting::Role(id, role), true) => vec![What::RoleGiven(id, role)],
            (Awaiting::Role(id, _), false) if self.proposed_role(id).is_none() => vec![],
            (Awaiting::Role(id, _), false) => vec![What::RoleRefused(id)],
            (Awaiting::Client(..), _) => vec![],
        }
    }

    /// What giving a role brings about: in a claimed org, an operator's raise only waits.
    pub(super) fn giving_role(self, admin: AdminId, role: Role, actor: Actor) -> Vec<What> {
        let claimed = self
            .org_of_admin(admin)
            .is_some_and(|org| self.is_claimed(org));
        let raises = self.role(admin) == Some(Role::Admin) && role == Role::SuperAdmin;
        if claimed && raises && matches!(actor, Actor::Operator { .. }) {
            vec![What::RoleProposed(admin, role)]
        } else {
            vec![What::RoleGiven(admin, role)]
        }
    }

    /// What letting somebody act, or stopping them, brings about.
    pub(super) fn setting_active(self, admin: AdminId, active: bool, actor: Actor) -> Vec<What> {
        if self.admin_is_active(admin) == active {
            return vec![];
        }
        let claimed = self
            .org_of_admin(admin)
            .is_some_and(|org| self.is_claimed(org));
        let mut what = vec![What::AdminActive(admin, active)];
        if active && claimed && matches!(actor, Actor::Admin { .. }) {
            what.push(What::AdminAccepted(admin));
        }
        what
    }

    /// What signing in by passkey brings about.
    pub(super) fn signing_in(self, actor: Actor) -> Vec<What> {
        let Actor::Admin {
            id,
            via: Some(with),
        } = actor
        else {
            return vec![];
        };
        match self.org_of_admin(id) {
            Some(org) if !self.is_claimed(org) && self.is_super_admin_of(id, org) => {
                vec![What::Claimed { org, by: id, with }]
            }
            _ => vec![],
        }
    }
}
