//! Whose word counts, as the settings page shows it (R3).

use countersign_app::{ClaimRead, Credential, Passkey, Waiting};
use countersign_domain::{
    CredentialKind, CredentialOwner, Person as Who, RECENT_SIGN_IN, Refusal, Role, has_passed,
};
use countersign_identity::NoPasskeys;

use countersign_web::person::Person;

use crate::{
    names,
    passkeys::{self, SECTION},
    reader::Reader,
    views::claims::{AddPasskey, Claim, Claims, PasskeyRow, Unaccepted, WaitingFor, WaitingRow},
    zone::Zone,
};

/// How long a claim is news.
const NEWS: countersign_domain::Duration = countersign_domain::Duration::from_mins(10);

/// The parts of the page about it.
pub(crate) fn claims(read: &ClaimRead, reader: &Reader) -> Claims {
    let zone = &reader.zone;
    Claims {
        unaccepted: read.unaccepted.as_ref().map(|refusal| match refusal {
            Refusal::AdminNotAccepted => Unaccepted::Account,
            _ => Unaccepted::SignIn {
                has_passkey: !read.passkeys.is_empty(),
            },
        }),
        waiting: read
            .waiting
            .iter()
            .enumerate()
            .map(|(n, one)| waiting(read, one, n, zone))
            .collect(),
        claim: claim(read, zone),
        passkeys: read
            .passkeys
            .iter()
            .map(|key| passkey(read, key, reader))
            .collect(),
        add: add(read, reader),
    }
}

/// What tells something that waits from everything else that does.
pub(crate) fn key(waiting: &Waiting) -> String {
    match waiting {
        Waiting::Admin(admin) => admin.id.to_string(),
        Waiting::Role(admin, proposal) => {
            format!("{}:{}", admin.id, proposal.at.as_millis())
        }
        Waiting::Credential(credential) => credential.id.to_string(),
        Waiting::Passkey(key) => key.id.to_string(),
        Waiting::Issuer(issuer) => issuer.id.to_string(),
        Waiting::Client(client) => client.id.to_string(),
    }
}

fn claim(read: &ClaimRead, zone: &Zone) -> Claim {
    match read.org.claim {
        Some(claim) => Claim::Claimed {
            by: read
                .claimed_by()
                .map_or_else(|| names::unknown(zone.lang()), names::of_admin),
            at: zone.moment(claim.at),
            just_now: claim.by == read.caller.id && !has_passed(claim.at.plus(NEWS), read.now),
        },
        None if read.caller.is_super() => Claim::Yours {
            has_passkey: !read.passkeys.is_empty(),
        },
        None => Claim::NotYours,
    }
}

fn passkey(read: &ClaimRead, key: &Passkey, reader: &Reader) -> PasskeyRow {
    PasskeyRow {
        id: key.id.to_string(),
        name: key.name.as_str().into(),
        added: reader.zone.moment(key.created_at),
        used: key.last_used_at.map(|at| reader.zone.moment(at)),
        waits: read.org.claim.is_some() && key.standing.awaits(),
        in_use: reader.who.via == Some(key.id),
        may_remove: read.unaccepted.is_none(),
    }
}

fn add(read: &ClaimRead, reader: &Reader) -> AddPasskey {
    let origin = match reader.identity.passkey_origin() {
        Ok(origin) => origin,
        // They are the deployment's: its own address makes one.
        Err(NoPasskeys::NotBelow) => {
            let deployment = &reader.identity.address().deployment;
            return AddPasskey::AtTheDeployment(format!("{deployment}{SECTION}"));
        }
        Err(why) => return AddPasskey::Nowhere(passkeys::nowhere(why).in_a_line(reader.t())),
    };
    if read.unaccepted.is_some() {
        AddPasskey::NotAccepted
    } else if has_passed(reader.who.signed_in_at.plus(RECENT_SIGN_IN), read.now) {
        AddPasskey::SignInAgain
    } else if by_address(origin, reader.host.as_deref()) {
        AddPasskey::Elsewhere(format!("{origin}/settings/account"))
    } else {
        AddPasskey::Possible
    }
}

/// Whether the reader is on the own machine by an address, where passkeys want the name. What a
/// proxy in front makes of the host says nothing, and the page's script looks at its own.
fn by_address(origin: &str, host: Option<&str>) -> bool {
    let local = |text: &str| text.starts_with("localhost");
    origin
        .split_once("://")
        .is_some_and(|(_, name)| local(name))
        && host.is_some_and(|host| !local(host))
}

pub(crate) fn waiting(read: &ClaimRead, one: &Waiting, n: usize, zone: &Zone) -> WaitingRow {
    let (who, path, what) = match one {
        Waiting::Admin(admin) => (
            names::of_admin(admin),
            format!("admins/{}", names::of_admin(admin).email.path_segment()),
            WaitingFor::Account {
                super_admin: admin.role == Role::SuperAdmin,
            },
        ),
        Waiting::Role(admin, proposal) => (
            names::of_admin(admin),
            format!(
                "admins/{}/super-admin",
                names::of_admin(admin).email.path_segment()
            ),
            WaitingFor::Role {
                since: zone.moment(proposal.at),
            },
        ),
        Waiting::Credential(credential) => (
            owner(read, credential, zone),
            format!("credentials/{}", credential.id),
            match credential.kind {
                CredentialKind::LoginLink => WaitingFor::Link {
                    made: zone.moment(credential.created_at),
                    used: credential.spent_at.map(|at| zone.moment(at)),
                    in_use: credential.in_use,
                    expires: zone.moment(credential.expires_at),
                },
                CredentialKind::ScimToken => WaitingFor::Directory {
                    made: zone.moment(credential.created_at),
                    expires: zone.moment(credential.expires_at),
                },
                CredentialKind::ApiToken => WaitingFor::Token {
                    made: zone.moment(credential.created_at),
                    expires: zone.moment(credential.expires_at),
                },
            },
        ),
        Waiting::Passkey(key) => (
            person(read, key.person, zone),
            format!("credentials/{}", key.id),
            WaitingFor::Passkey {
                name: key.name.as_str().into(),
                added: zone.moment(key.created_at),
                used: key.last_used_at.map(|at| zone.moment(at)),
            },
        ),
        Waiting::Client(client) => (
            names::unknown(zone.lang()),
            format!("clients/{}", client.id),
            WaitingFor::Client {
                name: client.name.as_str().into(),
                made: zone.moment(client.made_at),
            },
        ),
        Waiting::Issuer(issuer) => (
            names::unknown(zone.lang()),
            format!("issuers/{}", issuer.id),
            WaitingFor::Issuer {
                url: issuer.said.url.as_str().into(),
                added: zone.moment(issuer.added_at),
            },
        ),
    };
    WaitingRow {
        what,
        yours: who == names::of_admin(&read.caller),
        person: who,
        path: format!("/settings/account/{path}"),
        id: format!("waiting-{n}"),
    }
}

fn owner(read: &ClaimRead, credential: &Credential, zone: &Zone) -> Person {
    match credential.owner {
        CredentialOwner::Admin(id) => person(read, Who::Admin(id), zone),
        CredentialOwner::Provisioning(_) => names::directory(zone.lang()),
        CredentialOwner::Agent(_) | CredentialOwner::Operator => names::unknown(zone.lang()),
    }
}

fn person(read: &ClaimRead, who: Who, zone: &Zone) -> Person {
    match who {
        Who::Admin(id) => read
            .person(id)
            .map_or_else(|| names::unknown(zone.lang()), names::of_admin),
        Who::Agent(_) => names::unknown(zone.lang()),
    }
}
