//! How claims and standings are folded (R3).

use crate::{
    AdminCredential, Claim, CredentialOwner, Event, Issuer, IssuerId, OrgId, Proposal, Standing,
    State, Timestamp, WayIn,
};

impl State {
    /// Folds an event about whose word counts.
    pub(crate) fn evolve_standing(&mut self, at: Timestamp, event: &Event) {
        match event {
            Event::OrgClaimed {
                org,
                by,
                credential,
            } => {
                let (by, credential) = (*by, *credential);
                self.with_org(*org, |org| org.claim = Some(Claim { by, credential, at }));
                // What the claim stands on: everything else waits to be accepted from here.
                self.with_admin(by, |admin| admin.standing = Standing::Accepted { by, at });
                self.with_credential(credential, |known| {
                    known.standing = Standing::Accepted { by, at };
                });
                // Who came by a provider stands on its word.
                let came_by = self
                    .credential(credential)
                    .and_then(AdminCredential::comes_by);
                if let Some(issuer) = came_by {
                    self.with_issuer(*org, issuer, |known| {
                        known.standing = Standing::Accepted { by, at };
                    });
                }
            }
            Event::AdminAccepted { admin, by, .. } => self.with_admin(*admin, |known| {
                known.standing = Standing::Accepted { by: *by, at };
            }),
            Event::AdminRefused { admin, by, .. } => self.with_admin(*admin, |known| {
                known.standing = Standing::Refused { by: *by, at };
                known.proposed = None;
            }),
            Event::RoleProposed { admin, role, .. } => self.with_admin(*admin, |known| {
                known.proposed = Some(Proposal { role: *role, at });
            }),
            Event::RoleAccepted { admin, role, .. } => self.with_admin(*admin, |known| {
                known.role = *role;
                known.proposed = None;
            }),
            Event::RoleRefused { admin, .. } => {
                self.with_admin(*admin, |known| known.proposed = None);
            }
            Event::AdminVouchedFor { admin, .. } => {
                self.with_admin(*admin, |known| known.standing = Standing::Own);
            }
            Event::CredentialMinted {
                credential,
                owner: owner @ (CredentialOwner::Admin(_) | CredentialOwner::Provisioning(Some(_))),
                org: Some(org),
                credential_kind,
                own,
                ..
            } => self.put_credential(AdminCredential {
                id: *credential,
                owner: match owner {
                    CredentialOwner::Admin(owner) => Some(*owner),
                    _ => None,
                },
                org: *org,
                way: WayIn::from(*credential_kind),
                standing: Standing::born(*own),
                subject: None,
            }),
            Event::CredentialAccepted { credential, by, .. } => {
                self.with_credential(*credential, |known| {
                    known.standing = Standing::Accepted { by: *by, at };
                });
            }
            Event::CredentialRefused { credential, by, .. } => {
                self.with_credential(*credential, |known| {
                    known.standing = Standing::Refused { by: *by, at };
                });
            }
            Event::PasskeyRegistered {
                credential,
                admin,
                org,
                own,
                ..
            } => self.put_credential(AdminCredential {
                id: *credential,
                owner: Some(*admin),
                org: *org,
                way: WayIn::Passkey,
                standing: Standing::born(*own),
                subject: None,
            }),
            Event::ClientCreated { org, .. }
            | Event::ClientKeyAdded { org, .. }
            | Event::ClientKeyRemoved { org, .. }
            | Event::ClientRemoved { org, .. }
            | Event::ClientAccepted { org, .. }
            | Event::ClientRefused { org, .. } => {
                self.with_org(*org, |org| org.evolve_clients(at, event));
            }
            Event::PasskeyRemoved { credential, .. } | Event::OpenIdUnbound { credential, .. } => {
                self.drop_credential(*credential);
            }
            Event::OpenIdBound {
                credential,
                admin,
                org,
                subject,
            } => self.put_credential(AdminCredential {
                id: *credential,
                owner: Some(*admin),
                org: *org,
                way: WayIn::OpenId,
                standing: Standing::default(),
                subject: Some(*subject),
            }),
            Event::IssuerAdded {
                org,
                issuer,
                said,
                sealed,
                own,
            } => self.with_org(*org, |org| {
                org.issuers.push(Issuer {
                    id: *issuer,
                    said: said.clone(),
                    sealed: sealed.clone(),
                    standing: Standing::born(*own),
                    added_at: at,
                });
            }),
            Event::IssuerSecretSet {
                org,
                issuer,
                sealed,
            } => self.with_issuer(*org, *issuer, |known| known.sealed.clone_from(sealed)),
            Event::IssuerAccepted { org, issuer, by } => {
                let by = *by;
                self.with_issuer(*org, *issuer, |known| {
                    known.standing = Standing::Accepted { by, at };
                });
            }
            Event::IssuerRemoved { org, issuer } => {
                self.with_org(*org, |org| org.issuers.retain(|known| known.id != *issuer));
            }
            _ => {}
        }
    }

    fn with_issuer(&mut self, org: OrgId, id: IssuerId, change: impl FnOnce(&mut Issuer)) {
        self.with_org(org, |org| {
            if let Some(issuer) = org.issuers.iter_mut().find(|issuer| issuer.id == id) {
                change(issuer);
            }
        });
    }
}
