//! Who gives a command, and through what they come.

use std::collections::BTreeSet;

use countersign_domain::{
    Actor, AdminId, Case, CaseId, Command, CredentialOwner, OpenedBy, OrgId, counts,
};

use crate::{
    steps::{Act, Who},
    world::{ADMINS, AGENTS, OPERATOR, World, admin, agent, session},
};

impl World {
    /// The ways in which somebody can come: by each credential of theirs, and by none that is known.
    pub(crate) fn ways(&self, id: AdminId) -> Vec<Actor> {
        self.credentials
            .iter()
            .filter(|(_, owner)| *owner == id)
            .map(|(via, _)| Actor::Admin {
                id,
                via: Some(*via),
            })
            .chain([Actor::Admin { id, via: None }])
            .collect()
    }

    /// The same, and often by what counts where that matters.
    fn mostly_counting(&self, id: AdminId) -> Vec<Actor> {
        let ways = self.ways(id);
        let counting: Vec<Actor> = ways
            .iter()
            .copied()
            .filter(|way| counts(&self.state, way).is_ok())
            .collect();
        [counting.clone(), counting.clone(), counting, ways].concat()
    }

    /// Someone the act is for, as far as there is anyone; or anyone at all.
    pub(crate) fn actor(&self, case: CaseId, who: Who, act: Act, command: &Command) -> Actor {
        let n = match who {
            Who::Fitting(n) => n,
            Who::Anyone(n) => return self.anyone(n),
        };
        let known = self.known(case);
        let fitting: Vec<Actor> = match act {
            Act::Ask { .. } => team(known),
            Act::Start { .. } => {
                // Late joiners thrice, for they are few.
                let late = known.access.unrevoked().map_or(vec![], |grant| {
                    known
                        .joined_since(grant)
                        .map(|id| Actor::Agent { id })
                        .collect()
                });
                [team(known), late.clone(), late].concat()
            }
            Act::Withdraw => {
                let asked = known.access.request().map(|request| Actor::Agent {
                    id: request.requested_by,
                });
                team(known).into_iter().chain(asked).chain(asked).collect()
            }
            Act::Close | Act::Reopen => {
                let approvers = self.approvers(known);
                [vec![OPERATOR], approvers, team(known)].concat()
            }
            Act::Grant | Act::Extend(_) | Act::Revoke | Act::ApproveSelf | Act::WithdrawSelf => {
                self.approvers(known)
            }
            Act::End(_) | Act::EndLast => match command {
                Command::EndSession { case, .. } => {
                    let known = self.known(*case);
                    [team(known), self.approvers(known)].concat()
                }
                _ => vec![],
            },
            Act::Settings(_)
            | Act::Block
            | Act::Unblock
            | Act::Unkey(_)
            | Act::Accept(_)
            | Act::Refuse(_) => self.supers(known.org),
            Act::Passkey { .. } | Act::SignIn => self
                .state
                .admins()
                .filter(|admin| admin.org == known.org)
                .flat_map(|admin| self.mostly_counting(admin.id))
                .collect(),
            Act::Mint(_) => match command {
                Command::MintCredential {
                    owner: CredentialOwner::Admin(id),
                    ..
                } => [self.mostly_counting(*id), vec![OPERATOR, OPERATOR]].concat(),
                _ => vec![],
            },
            Act::Role(..) | Act::AdminActive(..) => {
                let admins = (0..ADMINS.len()).map(admin);
                let supers = admins.filter(|id| self.state.admin(*id).unwrap().is_super());
                let mut either: Vec<Actor> =
                    supers.flat_map(|id| self.mostly_counting(id)).collect();
                let operators = either.len().max(1);
                either.extend(vec![OPERATOR; operators]);
                either
            }
            _ => match command {
                Command::Refuse { .. } => self.supers(known.org),
                _ => vec![OPERATOR],
            },
        };
        if fitting.is_empty() {
            return self.anyone(n);
        }
        fitting[usize::from(n) % fitting.len()]
    }

    /// Super admins of an org.
    fn supers(&self, org: OrgId) -> Vec<Actor> {
        self.state
            .admins()
            .filter(|admin| admin.org == org && admin.is_super())
            .flat_map(|admin| self.mostly_counting(admin.id))
            .collect()
    }

    fn approvers(&self, known: &Case) -> Vec<Actor> {
        (0..ADMINS.len())
            .map(admin)
            .filter(|id| {
                let known_admin = self.state.admin(*id).unwrap();
                known_admin.org == known.org
                    && known_admin.active
                    && (known_admin.is_super() || known.opened_by.who == OpenedBy::Admin(*id))
            })
            .flat_map(|id| self.mostly_counting(id))
            .collect()
    }

    /// How many people approve for the case.
    pub(crate) fn deciders(&self, known: &Case) -> usize {
        let people: BTreeSet<AdminId> = self
            .approvers(known)
            .iter()
            .filter_map(|actor| match actor {
                Actor::Admin { id, .. } => Some(*id),
                _ => None,
            })
            .collect();
        people.len()
    }

    /// Every kind of caller there is.
    pub(crate) fn everyone(&self) -> Vec<Actor> {
        let mut everyone: Vec<Actor> = (0..ADMINS.len())
            .map(|n| Actor::Admin {
                id: admin(n),
                via: None,
            })
            .chain((0..AGENTS).map(|n| Actor::Agent { id: agent(n) }))
            .collect();
        everyone.push(OPERATOR);
        everyone.push(Actor::Impersonation {
            agent: agent(0),
            subject: admin(0),
            session: session(0),
        });
        everyone
    }

    /// Every customer user by every credential of theirs, and by one of somebody else's.
    pub(crate) fn every_way(&self) -> Vec<Actor> {
        let strange = self.credentials.last().map(|(via, _)| Actor::Admin {
            id: admin(0),
            via: Some(*via),
        });
        let own = (0..ADMINS.len()).flat_map(|n| self.ways(admin(n)));
        own.chain(strange).collect()
    }

    pub(crate) fn anyone(&self, n: u8) -> Actor {
        let everyone = [self.everyone(), self.every_way()].concat();
        everyone[usize::from(n) % everyone.len()]
    }
}

fn team(known: &Case) -> Vec<Actor> {
    known
        .team
        .keys()
        .map(|id| Actor::Agent { id: *id })
        .collect()
}
