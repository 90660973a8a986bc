//! What an entry of the log is to Okta's clients.

use std::collections::BTreeMap;

use countersign_app::{GrantSaid, LogNames, Named, SessionSaid, Told, ToldSession, digest};
use countersign_domain::{
    AdminId, AgentId, CredentialId, CredentialOwner, GrantId, OrgId, Role, WayIn,
};
use countersign_entries::Written;
use uuid::Builder;

use super::{
    event::{
        AuthenticationContext, Client, DebugContext, LogEvent, Outcome, Party, Request,
        SecurityContext, Transaction,
    },
    types::{ATTEMPT, Type, type_of},
};
use crate::time;

/// The event that an entry is, if it is one. An entry is always the same one, whenever it is read, but for the names of
/// people.
pub(super) fn event(index: u64, written: &Written<'_>, names: &LogNames) -> Option<LogEvent> {
    let told = Told::of(written);
    let kind = type_of(written, &told, names)?;
    let entry = Entry {
        index,
        written,
        told: &told,
        names,
    };
    Some(entry.event(kind))
}

/// A program that comes in its own name, as Okta calls it.
const CLIENT: &str = "PublicClientApp";

/// An entry with what is needed to tell of it.
struct Entry<'a> {
    index: u64,
    written: &'a Written<'a>,
    told: &'a Told,
    names: &'a LogNames,
}

impl Entry<'_> {
    fn event(&self, kind: &Type) -> LogEvent {
        let uuid = uuid(self.written.org.id, self.index);
        let client = self.written.client.as_ref();
        LogEvent {
            published: time::write(self.written.at),
            event_type: kind.name,
            legacy_event_type: kind.legacy,
            display_message: kind.message,
            version: "0",
            severity: self.severity(),
            actor: self.actor(),
            client: client.map(Client::of).unwrap_or_default(),
            outcome: self.outcome(),
            target: self.targets(),
            transaction: self.transaction(&uuid),
            debug_context: DebugContext {
                debug_data: self.debug_data(),
            },
            authentication_context: self.authentication(),
            security_context: SecurityContext::default(),
            request: client.map(Request::of).unwrap_or_default(),
            uuid,
        }
    }

    /// A page left open goes on asking by itself.
    fn severity(&self) -> &'static str {
        let left_open = self
            .written
            .request
            .as_ref()
            .is_some_and(|line| line.left_open);
        match self.written.refused_with() {
            Some(_) if !left_open => "WARN",
            None if self.came_to_nothing() => "WARN",
            _ => "INFO",
        }
    }

    /// A command that a rule refused, or somebody who was not let in.
    fn came_to_nothing(&self) -> bool {
        matches!(&*self.written.kind, ATTEMPT | "console.sign_in_failed")
    }

    fn at_the_door(&self) -> bool {
        self.written.kind.starts_with("console.")
    }

    /// A request that passed was allowed; how it went is not known yet when it is recorded.
    fn outcome(&self) -> Outcome {
        if let Some(code) = self.written.refused_with() {
            return Outcome {
                result: "DENY",
                reason: Some(code.into_owned()),
            };
        }
        if self.came_to_nothing() {
            return Outcome {
                result: "FAILURE",
                reason: self.told.code.clone(),
            };
        }
        Outcome {
            result: match &*self.written.kind {
                "request" => "ALLOW",
                _ => "SUCCESS",
            },
            reason: None,
        }
    }

    fn actor(&self) -> Party {
        let actor = &self.written.actor;
        let id = actor.id.as_deref();
        let named = match &*actor.kind {
            "admin" => id.and_then(|id| self.names.admins.get(&id.parse::<AdminId>().ok()?)),
            "agent" => id.and_then(|id| self.names.agents.get(&id.parse::<AgentId>().ok()?)),
            "client" => {
                return Party {
                    display_name: actor.name.as_deref().map(str::to_owned),
                    ..party(id.unwrap_or_default().to_owned(), CLIENT, id)
                };
            }
            // As whom somebody came is who acted, in Okta's words, whether they were or not.
            "unknown" => {
                return match self.told.admin.filter(|_| self.at_the_door()) {
                    Some(admin) => self.admin(admin),
                    None => Party {
                        display_name: Some("Somebody of another org".to_owned()),
                        ..party("unknown".to_owned(), "User", Some("unknown"))
                    },
                };
            }
            "provisioning" => {
                let id = actor.credential.as_deref();
                return Party {
                    display_name: Some("Directory".to_owned()),
                    ..party(id.unwrap_or_default().to_owned(), "SystemPrincipal", id)
                };
            }
            _ => {
                let id = id.or(actor.via.as_deref()).unwrap_or("operator");
                let known = actor.name.as_deref().or(actor.email.as_deref());
                return Party {
                    display_name: Some(known.unwrap_or("Operator").to_owned()),
                    ..party(id.to_owned(), "SystemPrincipal", Some(id))
                };
            }
        };
        Party {
            display_name: named.map(|named| named.name.clone()),
            ..party(
                id.unwrap_or_default().to_owned(),
                "User",
                actor.email.as_deref(),
            )
        }
    }

    fn session(&self) -> Option<&ToldSession> {
        match &self.told.session {
            Some(SessionSaid::Began(began)) => Some(began),
            _ => self.names.sessions.get(&self.written.session?),
        }
    }

    fn grant(&self) -> Option<GrantId> {
        let began = || self.session().map(|session| session.grant);
        self.written.grant.or_else(began)
    }

    /// As whom support acts, or would.
    fn subject(&self) -> Option<AdminId> {
        if let Some(email) = &self.written.actor.subject {
            return self.names.admin_at(email);
        }
        if let Some(GrantSaid::Made(grant)) = &self.told.grant {
            return Some(grant.subject);
        }
        let of_grant = || Some(self.names.grants.get(&self.written.grant?)?.subject);
        let of_session = || self.session().map(|session| session.subject);
        self.told.subject.or_else(of_grant).or_else(of_session)
    }

    /// The person impersonated first, then whom or what else it is about, the case and the org.
    fn targets(&self) -> Vec<Party> {
        let mut targets: Vec<Party> = vec![];
        let subject = self.subject();
        match (subject, &self.written.actor.subject) {
            (Some(id), _) => targets.push(self.admin(id)),
            // Nobody has the address any more.
            (None, Some(email)) => targets.push(party(email.to_string(), "User", Some(&**email))),
            (None, None) => {}
        }
        let owner = match self.told.owner {
            Some(CredentialOwner::Admin(id)) => Some(self.admin(id)),
            Some(CredentialOwner::Agent(id)) => Some(self.agent(id)),
            Some(CredentialOwner::Operator | CredentialOwner::Provisioning(_)) | None => None,
        };
        let ended = self
            .session()
            .filter(|_| self.written.kind == "session.ended");
        let admin = self.told.admin.filter(|_| !self.at_the_door());
        targets.extend(admin.map(|id| self.admin(id)));
        targets.extend(self.told.agent.map(|id| self.agent(id)));
        targets.extend(ended.map(|session| self.agent(session.agent)));
        targets.extend(owner);
        if let Some(credential) = self.told.credential {
            targets.push(party(credential.to_string(), "Token", None));
        }
        if let Some(client) = self.told.client {
            let known = self.names.clients.get(&client);
            let id = client.to_string();
            targets.push(Party {
                display_name: self.told.name.as_ref().or(known).cloned(),
                ..party(id.clone(), CLIENT, Some(&id))
            });
        }
        if let Some(upstream) = &self.told.upstream {
            targets.push(party(upstream.origin.clone(), "AppInstance", None));
        }
        if let Some(case) = &self.written.case {
            targets.push(Party {
                display_name: self.told.title.clone(),
                ..party(case.id.to_string(), "Case", Some(&*case.number))
            });
        }
        let org = &self.written.org;
        targets.push(party(org.id.to_string(), "Org", Some(&*org.slug)));
        targets
    }

    fn admin(&self, id: AdminId) -> Party {
        person(id.to_string(), self.names.admins.get(&id))
    }

    fn agent(&self, id: AgentId) -> Party {
        person(id.to_string(), self.names.agents.get(&id))
    }

    /// What belongs together: all of a session, else all of a grant.
    fn transaction(&self, uuid: &str) -> Transaction {
        let actor = &self.written.actor;
        let session = self.written.session.map(|id| id.to_string());
        let grant = || self.written.grant.map(|id| id.to_string());
        let is_token = |id: &&str| match &*actor.kind {
            "operator" | "provisioning" => true,
            _ => {
                let id = id.parse::<CredentialId>().ok();
                id.and_then(|id| self.names.ways.get(&id)) == Some(&WayIn::ApiToken)
            }
        };
        let token = self.actors_credential().filter(is_token);
        Transaction {
            kind: match actor.via.as_deref() {
                Some("command_line") => "JOB",
                _ => "WEB",
            },
            id: session.or_else(grant).unwrap_or_else(|| uuid.to_owned()),
            detail: token
                .map(|id| ("requestApiTokenId", id.to_owned()))
                .into_iter()
                .collect(),
        }
    }

    /// What somebody acted through, or signed in with; for an operator, the token.
    fn actors_credential(&self) -> Option<&str> {
        let actor = &self.written.actor;
        match &*actor.kind {
            "operator" => actor.id.as_deref(),
            _ => actor.credential.as_deref(),
        }
    }

    fn authentication(&self) -> AuthenticationContext {
        let own = self.actors_credential().map(str::to_owned);
        let session = self.written.request.as_ref().and(self.written.session);
        AuthenticationContext::by(session.map(|id| id.to_string()).or(own))
    }

    fn debug_data(&self) -> BTreeMap<&'static str, String> {
        let mut data = BTreeMap::new();
        let mut say = |name, value: Option<String>| {
            if let Some(value) = value {
                data.insert(name, value);
            }
        };
        let Self { written, told, .. } = self;
        say("entryIndex", Some(self.index.to_string()));
        say("entryType", Some(written.kind.to_string()));
        say(
            "initiatingEntity",
            Some(self.initiating_entity().to_owned()),
        );
        say(
            "caseNumber",
            written.case.as_ref().map(|case| case.number.to_string()),
        );
        say("grantId", self.grant().map(|id| id.to_string()));
        say("sessionId", written.session.map(|id| id.to_string()));
        // Of the grant of a request, nothing is looked up but its id.
        let of_grant = || {
            let grant = self.grant().filter(|_| written.request.is_none())?;
            self.names.grants.get(&grant)?.justification.clone()
        };
        say(
            "justification",
            told.justification.clone().or_else(of_grant),
        );
        say("expiration", self.expiration());
        say("scopes", told.scopes.map(|scopes| scopes.to_string()));
        say("reason", told.why.clone());
        say("attempted", told.attempted.clone());
        say("leftOut", told.left_out.map(|count| count.to_string()));
        say("signInWay", told.way.clone());
        if let Some(line) = &written.request {
            say("requestUri", Some(line.path.to_string()));
            say("requestMethod", Some(line.method.to_string()));
        }
        let role = |role| match role {
            Role::SuperAdmin => "Super administrator",
            Role::Admin => "Administrator",
        };
        let changed = matches!(&*written.kind, "admin.role_set" | "admin.role_accepted");
        let (name, role) = match (changed, told.role) {
            (true, Some(Role::Admin)) => ("privilegeRevoked", Some(role(Role::SuperAdmin))),
            (true, of) => ("privilegeGranted", of.map(role)),
            (false, of) => ("role", of.map(role)),
        };
        say(name, role.map(str::to_owned));
        if matches!(
            &*written.kind,
            "org.hosts_set" | "org.settings_changed" | "org.upstream_set"
        ) {
            say(
                "changed",
                written.detail.map(|detail| detail.get().to_owned()),
            );
        }
        data
    }

    /// As CAEP has it.
    fn initiating_entity(&self) -> &'static str {
        match (self.told.why.as_deref(), &*self.written.actor.kind) {
            (Some("rules_widened" | "period_over"), _) => "policy",
            (Some("history_lost"), _) => "system",
            (_, "agent" | "unknown") => "user",
            _ => "admin",
        }
    }

    /// Until when it is good: access, a session at most, or a credential.
    fn expiration(&self) -> Option<String> {
        let made = match &self.told.grant {
            Some(GrantSaid::Made(grant)) => Some(grant.period.expires_at),
            _ => None,
        };
        let began = match &self.told.session {
            Some(SessionSaid::Began(session)) => Some(session.absolute_until),
            _ => None,
        };
        let period = self.told.period.map(|period| period.expires_at);
        let at = made.or(began).or(period).or(self.told.expires_at);
        at.map(time::write)
    }
}

fn person(id: String, named: Option<&Named>) -> Party {
    Party {
        display_name: named.map(|named| named.name.clone()),
        ..party(id, "User", named.map(|named| named.email.as_str()))
    }
}

fn party(id: String, kind: &'static str, alternate_id: Option<&str>) -> Party {
    Party {
        id,
        kind,
        alternate_id: alternate_id.map(str::to_owned),
        display_name: None,
        detail_entry: None,
    }
}

/// The same for the same entry, always (RFC 9562 section 5.8).
fn uuid(org: OrgId, index: u64) -> String {
    let whole = digest(&[
        b"countersign okta log event",
        org.as_uuid().as_bytes(),
        &index.to_be_bytes(),
    ]);
    let mut bytes = [0; 16];
    bytes
        .iter_mut()
        .zip(whole)
        .for_each(|(to, from)| *to = from);
    Builder::from_custom_bytes(bytes).into_uuid().to_string()
}
