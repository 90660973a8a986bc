//! Judging commands.

mod admission;
mod approve;
mod cases;
mod claim;
mod clients;
mod exchange;
mod issuers;
mod orgs;
mod passkeys;
mod people;
mod provisioning;
mod request;
mod sessions;
mod staff;

use crate::{Actor, Command, Event, Refusal, State, Timestamp};

pub use admission::{approver, caller_may_act, counts, still_approves};
pub use clients::{in_scope, sees_clients};
pub use exchange::exchange_until;
pub use issuers::bound;
pub use passkeys::RECENT_SIGN_IN;
pub use people::sees_credential;
pub use staff::agent_known_by;

/// Judges `command` by `actor` at `now` against `state`.
///
/// The state must hold the case, org and people the command is about, as loaded together; what it
/// does not hold does not exist.
///
/// # Errors
/// The refusal; nothing happens then.
pub fn decide(
    state: &State,
    command: &Command,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    caller_may_act(state, actor)?;
    match command {
        Command::CreateOrg { org, slug, name } => orgs::create(*org, slug, name, actor),
        Command::SetUpstream { org, upstream } => {
            orgs::set_upstream(state, *org, upstream, actor, now)
        }
        Command::SetHosts { org, hosts } => orgs::set_hosts(state, *org, hosts, actor),
        Command::ChangeSettings { org, settings } => {
            orgs::change_settings(state, *org, *settings, actor)
        }
        Command::Block { org } => orgs::block(state, *org, actor, now),
        Command::Unblock { org } => orgs::unblock(state, *org, actor),
        Command::CreateAdmin {
            admin,
            org,
            email,
            name,
            role,
        } => people::create_admin(state, (*admin, *org, email, name, *role), actor),
        Command::SetRole { admin, role } => people::set_role(state, *admin, *role, actor),
        Command::SetAdminActive { admin, active } => {
            people::set_admin_active(state, *admin, *active, actor, now)
        }
        Command::CreateAgent { agent, email, name } => {
            people::create_agent(*agent, email, name, actor)
        }
        Command::ChangeAdmin {
            admin,
            email,
            name,
            profile,
        } => provisioning::change_admin(state, *admin, (email, name, profile), actor),
        Command::RemoveAdmin { admin } => provisioning::remove_admin(state, *admin, actor, now),
        Command::ChangeAgent {
            agent,
            email,
            name,
            profile,
        } => provisioning::change_agent(state, *agent, (email, name, profile), actor),
        Command::RemoveAgent { agent } => provisioning::remove_agent(state, *agent, actor, now),
        Command::SetAgentActive { agent, active } => {
            people::set_agent_active(state, *agent, *active, actor, now)
        }
        Command::MintCredential {
            credential,
            owner,
            kind,
            expires_at,
        } => people::mint_credential(state, (*credential, *owner, *kind, *expires_at), actor),
        Command::RevokeCredential {
            credential,
            owner,
            spent,
        } => people::revoke_credential(state, *credential, *owner, *spent, actor),
        Command::RegisterPasskey {
            credential,
            name,
            signed_in_at,
        } => passkeys::register(state, (*credential, name, *signed_in_at), actor, now),
        Command::RemovePasskey { credential } => passkeys::remove(state, *credential, actor),
        Command::SignIn => claim::sign_in(state, actor),
        Command::AddIssuer {
            org,
            issuer,
            said,
            sealed,
        } => issuers::add(state, *org, (*issuer, said, sealed), actor),
        Command::SetIssuerSecret {
            org,
            issuer,
            sealed,
        } => issuers::set_secret(state, *org, *issuer, sealed, actor),
        Command::AcceptIssuer { org, issuer } => issuers::accept(state, *org, *issuer, actor),
        Command::RemoveIssuer { org, issuer } => issuers::remove(state, *org, *issuer, actor),
        Command::SignInByIssuer {
            org,
            credential,
            subject,
            email,
        } => issuers::sign_in(state, *org, (*credential, *subject, email.as_ref()), actor),
        Command::UnbindOpenId { credential } => issuers::unbind(state, *credential, actor),
        Command::Accept { what } => claim::accept(state, *what, actor),
        Command::Refuse { what } => claim::refuse(state, *what, actor, now),
        Command::CreateClient(new) => clients::create(state, new, actor, now),
        Command::AddClientKey { org, client, key } => {
            clients::add_key(state, (*org, *client), key, actor, now)
        }
        Command::RemoveClientKey { org, client, key } => {
            clients::remove_key(state, (*org, *client), key, actor)
        }
        Command::RemoveClient { org, client } => clients::remove(state, (*org, *client), actor),
        Command::OpenCase(new) => cases::open(state, new, actor),
        Command::CloseCase { case } => cases::close(state, *case, actor, now),
        Command::ReopenCase { case } => cases::reopen(state, *case, actor),
        Command::JoinTeam { case, agent } => cases::join_team(state, *case, *agent, actor, now),
        Command::LeaveTeam { case, agent } => cases::leave_team(state, *case, *agent, actor, now),
        Command::RequestAccess {
            case,
            justification,
            subject,
        } => request::ask(state, *case, justification, *subject, actor, now),
        Command::WithdrawRequest { case } => request::withdraw(state, *case, actor),
        Command::Grant { case, grant } => approve::grant(state, *case, *grant, actor, now),
        Command::Extend { case, to } => approve::extend(state, *case, *to, actor, now),
        Command::Revoke { case } => approve::revoke(state, *case, actor, now),
        Command::EndAfterLoss { case } => approve::end_after_loss(state, *case, actor, now),
        Command::ApproveSelfAssignment { case } => {
            approve::approve_self_assignment(state, *case, actor)
        }
        Command::WithdrawSelfAssignment { case } => {
            approve::withdraw_self_assignment(state, *case, actor, now)
        }
        Command::StartSession {
            case,
            session,
            label,
            token,
            code,
            limits,
        } => sessions::start(
            state,
            *case,
            &sessions::NewSession {
                id: *session,
                label,
                token: *token,
                code: *code,
                limits: *limits,
            },
            actor,
            now,
        ),
        Command::OpenLink {
            case,
            session,
            code,
            handover,
            browser,
        } => sessions::open_link(
            state,
            *case,
            *session,
            (*code, *handover, *browser),
            actor,
            now,
        ),
        Command::EnterSession {
            case,
            session,
            handover,
            browser,
            cookie,
        } => sessions::enter(
            state,
            *case,
            *session,
            (*handover, *browser, *cookie),
            actor,
            now,
        ),
        Command::EndOwnSessions => staff::end_own(state, actor, now),
        Command::SignInAgent {
            agent,
            subject,
            email,
            name,
        } => staff::sign_in_agent(
            state,
            (*agent, *subject),
            email.as_ref(),
            name.as_ref(),
            actor,
        ),
        Command::UnbindAgent { agent } => staff::unbind_agent(state, *agent, actor),
        Command::SignInOperator { person, expires_at } => {
            staff::sign_in_operator(person, *expires_at, actor)
        }
        Command::EndSession { case, session } => sessions::end(state, *case, *session, actor, now),
        Command::ExchangeToken(new) => exchange::exchange(state, new, actor, now),
        Command::EndToken { case, session, id } => {
            exchange::end(state, (*case, *session, *id), actor, now)
        }
    }
}
