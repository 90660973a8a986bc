//! The other parts of the settings page: self-assigned cases, sessions, credentials, the block.

use countersign_app::{ClaimRead, MintedCredential, OrgRead, Passkey};
use countersign_domain::{
    Actor, CredentialKind as Kind, OpenedBy, Person as Who, SelfAssignment as Standing,
    Standing as Counts, has_passed,
};
use countersign_web::{person::Person, time::ago};

use crate::{
    case_view::CaseView,
    names, seen,
    sessions::Running,
    settings_cards::misleading_names,
    views::support_access::{
        Acceptance, Block, CredentialKind, CredentialRow, CredentialState, Maker, SelfAssignedRow,
        SelfAssignment, SessionRow,
    },
    zone::Zone,
};

/// The row of a self-assigned case; none for any other.
pub(crate) fn self_assigned(view: &CaseView<'_>) -> Option<SelfAssignedRow> {
    let OpenedBy::Agent(agent) = view.case.opened_by.who else {
        return None;
    };
    // The approval may be given and withdrawn and asked anew; none of that moves the moment from
    // which the agent is on the case, which the team tells.
    let since = view.case.team.get(&agent).copied();
    let state = match view.case.self_assignment {
        Standing::NotRequired => return None,
        Standing::Requested { since: _ } => {
            if view.not_approver().is_some() {
                SelfAssignment::NotNow(view.zone.lang().self_assigned_not_yours())
            } else if !view.counts() {
                SelfAssignment::NotNow(view.zone.lang().self_assigned_not_accepted())
            } else if view.org.block.is_some() {
                SelfAssignment::NotNow(view.zone.lang().self_assigned_not_while_blocked())
            } else {
                SelfAssignment::Requested
            }
        }
        Standing::Approved { by, at } => SelfAssignment::Approved {
            by: view.approver(by),
            at: view.zone.moment(at),
            may_withdraw: view.may_approve(),
        },
    };
    Some(SelfAssignedRow {
        case_number: view.case.number.as_str().into(),
        title: view.case.title.as_str().into(),
        agent: view.agent(agent),
        since: since.map(|since| view.zone.moment(since)),
        flags: misleading_names(view, &[agent]),
        state,
        seen: seen::by_approver(view),
    })
}

/// The row of a running session.
pub(crate) fn session(view: &CaseView<'_>, running: &Running<'_>) -> SessionRow {
    let session = running.session;
    let t = view.zone.lang();
    let activity = if running.last_request > session.started_at {
        let (now, last) = (view.now().as_millis(), running.last_request.as_millis());
        t.session_last_request(ago(now, last, t))
    } else {
        t.session_no_request()
    };
    SessionRow {
        id: session.id.to_string(),
        agent: view.agent(session.agent),
        case_number: view.case.number.as_str().into(),
        subject: view.admin(session.subject),
        started: view.zone.moment(session.started_at),
        activity,
        ends: view.zone.moment(running.ends_at()),
        may_end: view.may_approve(),
        may_untick: view.may_approve(),
    }
}

/// The credentials of the org's people, newest first (R3).
pub(crate) fn credentials(org: &OrgRead, claims: &ClaimRead, zone: &Zone) -> Vec<CredentialRow> {
    let minted = org.credentials.iter().map(|minted| {
        (
            minted.credential.created_at,
            credential(minted, claims, zone),
        )
    });
    let mut rows: Vec<_> = minted
        .chain(
            claims
                .all_passkeys
                .iter()
                .map(|key| (key.created_at, passkey(key, claims, zone))),
        )
        .collect();
    rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn passkey(key: &Passkey, claims: &ClaimRead, zone: &Zone) -> CredentialRow {
    let owner = match key.person {
        Who::Admin(id) => claims.person(id),
        Who::Agent(_) => None,
    };
    let person = owner.map_or_else(|| names::unknown(zone.lang()), names::of_admin);
    CredentialRow {
        made_by: Maker::Person(person.name.clone()),
        person,
        kind: CredentialKind::Passkey,
        made_at: zone.moment(key.created_at),
        expires: None,
        state: CredentialState::Active,
        acceptance: acceptance(claims, key.standing, true),
    }
}

pub(crate) fn acceptance(claims: &ClaimRead, standing: Counts, opens: bool) -> Option<Acceptance> {
    claims.org.claim?;
    Some(match standing {
        Counts::Unaccepted if opens => Acceptance::Waits,
        Counts::Unaccepted => Acceptance::Never,
        Counts::Own => Acceptance::Own,
        Counts::Accepted { by, .. } => {
            Acceptance::By(claims.person(by).map(|admin| admin.name.as_str().into()))
        }
        Counts::Refused { .. } => Acceptance::Refused,
    })
}

/// The row of a token or link made for somebody of the org.
pub(crate) fn credential(
    minted: &MintedCredential,
    claims: &ClaimRead,
    zone: &Zone,
) -> CredentialRow {
    let credential = &minted.credential;
    let kind = match credential.kind {
        Kind::ApiToken => CredentialKind::ApiToken,
        Kind::LoginLink => CredentialKind::SignInLink,
        Kind::ScimToken => CredentialKind::ScimToken,
    };
    let state = match (credential.spent_at, credential.kind) {
        _ if matches!(credential.standing, Counts::Refused { .. }) => CredentialState::Refused,
        (Some(_), Kind::LoginLink) => CredentialState::Used,
        (Some(_), Kind::ApiToken | Kind::ScimToken) => CredentialState::Revoked,
        (None, _) if has_passed(credential.expires_at, credential.now) => CredentialState::Expired,
        (None, _) => CredentialState::Active,
    };
    let owner = minted.owner.as_ref();
    let made_by = match credential.minted_by {
        Actor::Operator { .. } => Maker::Operator,
        Actor::Admin { id, .. } => match owner.filter(|owner| owner.id == id) {
            Some(owner) => Maker::Person(owner.name.as_str().into()),
            None => claims.person(id).map_or(Maker::AnotherAdmin, |admin| {
                Maker::Person(admin.name.as_str().into())
            }),
        },
        Actor::Agent { .. }
        | Actor::Client { .. }
        | Actor::Provisioning { .. }
        | Actor::Impersonation { .. } => Maker::Support,
    };
    CredentialRow {
        person: match (owner, kind) {
            (Some(owner), _) => names::of_admin(owner),
            (None, CredentialKind::ScimToken) => names::directory(zone.lang()),
            (None, _) => names::unknown(zone.lang()),
        },
        kind,
        made_by,
        made_at: zone.moment(credential.created_at),
        expires: Some(zone.moment(credential.expires_at)),
        acceptance: acceptance(
            claims,
            credential.standing,
            credential.in_use || state == CredentialState::Active,
        ),
        state,
    }
}

/// The block (R15); `by` is whoever blocked, once there is a block.
pub(crate) fn block(read: &OrgRead, counts: bool, by: Option<Person>, zone: &Zone) -> Block {
    let may = read.caller.is_super();
    match read.org.block {
        None => Block::Open { may_block: may },
        Some(block) => Block::Blocked {
            by: by.unwrap_or_else(|| names::unknown(zone.lang())),
            at: zone.moment(block.at),
            may_lift: may && counts,
            seen: seen::block(&read.org),
        },
    }
}
