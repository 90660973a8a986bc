//! R3: whose word about who somebody is an org takes, and that an operator's does not count in a claimed one.

use std::collections::BTreeSet;

use countersign_domain::{
    Actor, AdminId, Command, CredentialId, Email, Event, IssuerId, IssuerUrl, MailDomain,
    NewIssuer, OpenIdClient, OpenIdSubject, OrgId, Refusal, Role, Standing, counts,
};
use uuid::Uuid;

use crate::{
    r03_claims::{DANA_COUNTS, DANAS_KEY, claimed, set_active, set_role},
    world::{
        ACME, ANNE, C1, DANA, GIL, GLOBEX, IMPERSONATION, OPAL, OPERATOR, PAUL, SAM, World, admin,
        agent, credential_id, grant, secret, through,
    },
};

const FIRST: IssuerId = issuer_id(1);
const SECOND: IssuerId = issuer_id(2);
/// What Dana comes in with.
const DANAS: CredentialId = credential_id(51);
const ANNES: CredentialId = credential_id(52);

const fn issuer_id(n: u128) -> IssuerId {
    IssuerId::from_uuid(Uuid::from_u128(4_000 + n))
}

fn said(host: &str, domains: &[&str]) -> NewIssuer {
    NewIssuer {
        url: IssuerUrl::parse(&format!("https://{host}.example.com")).unwrap(),
        client: OpenIdClient::parse("countersign").unwrap(),
        domains: domains
            .iter()
            .map(|one| MailDomain::parse(one).unwrap())
            .collect(),
    }
}

fn add_to(org: OrgId, issuer: IssuerId, host: &str) -> Command {
    Command::AddIssuer {
        org,
        issuer,
        said: said(host, &["customer.test"]),
        sealed: None,
    }
}

fn add(issuer: IssuerId, host: &str) -> Command {
    add_to(ACME, issuer, host)
}

fn remove(issuer: IssuerId) -> Command {
    Command::RemoveIssuer { org: ACME, issuer }
}

fn accept(issuer: IssuerId) -> Command {
    Command::AcceptIssuer { org: ACME, issuer }
}

/// A sign-in by somebody whom the issuer knows by `number`, with an address it vouches for.
fn comes(issuer: IssuerId, number: u8, credential: CredentialId, email: Option<&str>) -> Command {
    Command::SignInByIssuer {
        org: ACME,
        credential,
        subject: OpenIdSubject {
            issuer,
            subject: secret(number),
        },
        email: email.map(|name| Email::parse(&format!("{name}@customer.test")).unwrap()),
    }
}

fn unbind(credential: CredentialId) -> Command {
    Command::UnbindOpenId { credential }
}

/// Acme with an issuer that the operator added before anybody claimed it.
fn with_issuer() -> World {
    let mut w = World::asked();
    w.ok(OPERATOR, add(FIRST, "login"));
    w
}

/// [`with_issuer`], claimed by Dana, who came in by it.
fn claimed_by_issuer() -> World {
    let mut w = with_issuer();
    let events = w.ok(through(DANA, DANAS), comes(FIRST, 1, DANAS, Some("dana")));
    let claim = Event::OrgClaimed {
        org: ACME,
        by: DANA,
        credential: DANAS,
    };
    assert_eq!(events.last(), Some(&claim));
    w
}

fn who_counts(w: &World, id: AdminId, via: CredentialId) -> Result<(), Refusal> {
    counts(&w.state, &through(id, via))
}

#[test]
fn r03_an_issuer_is_added_by_an_operator_or_a_super_admin_of_the_org() {
    let w = World::new();
    w.accepts([
        (OPERATOR, add(FIRST, "login")),
        (admin(DANA), add(FIRST, "login")),
    ]);
    w.refuses([
        (admin(PAUL), add(FIRST, "login"), Refusal::OnlySuperAdmins),
        (admin(GIL), add(FIRST, "login"), Refusal::OrgNotFound),
        (agent(SAM), add(FIRST, "login"), Refusal::OnlySuperAdmins),
        (
            IMPERSONATION,
            add(FIRST, "login"),
            Refusal::ImpersonationCannotAct,
        ),
    ]);
    let mut w = with_issuer();
    let without = |domains: &[&str]| Command::AddIssuer {
        org: ACME,
        issuer: SECOND,
        said: said("other", domains),
        sealed: None,
    };
    let many: Vec<String> = (0..21).map(|n| format!("d{n}.test")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    w.refuses([
        (OPERATOR, add(SECOND, "login"), Refusal::IssuerTaken),
        (OPERATOR, without(&[]), Refusal::IssuerDomains),
        (OPERATOR, without(&many), Refusal::IssuerDomains),
    ]);
    for n in 2..=5 {
        w.ok(OPERATOR, add(issuer_id(n), &format!("login{n}")));
    }
    w.refuses([(
        OPERATOR,
        add(issuer_id(6), "login6"),
        Refusal::TooManyIssuers,
    )]);
    w.accepts([(OPERATOR, remove(FIRST)), (admin(DANA), remove(FIRST))]);
    w.refuses([
        (admin(DANA), remove(issuer_id(9)), Refusal::IssuerNotFound),
        (admin(PAUL), remove(FIRST), Refusal::OnlySuperAdmins),
        (admin(GIL), remove(FIRST), Refusal::OrgNotFound),
        (admin(DANA), accept(FIRST), Refusal::OrgNotClaimed),
    ]);
}

#[test]
fn r03_the_first_sign_in_goes_by_the_address_and_later_ones_by_the_number() {
    let mut w = with_issuer();
    let unknown = Refusal::OpenIdUnknown;
    w.refuses([
        // An address that is not theirs, none, and one that the issuer does not speak for.
        (
            through(PAUL, ANNES),
            comes(FIRST, 2, ANNES, Some("anne")),
            unknown.clone(),
        ),
        (
            through(PAUL, ANNES),
            comes(FIRST, 2, ANNES, None),
            unknown.clone(),
        ),
        (
            through(GIL, ANNES),
            comes(FIRST, 2, ANNES, Some("gil")),
            unknown.clone(),
        ),
        (
            OPERATOR,
            comes(FIRST, 2, ANNES, Some("paul")),
            unknown.clone(),
        ),
        (
            agent(SAM),
            comes(FIRST, 2, ANNES, Some("paul")),
            unknown.clone(),
        ),
        (
            IMPERSONATION,
            comes(FIRST, 2, ANNES, Some("dana")),
            Refusal::ImpersonationCannotAct,
        ),
        (
            through(PAUL, ANNES),
            comes(SECOND, 2, ANNES, Some("paul")),
            Refusal::IssuerNotFound,
        ),
        // Nobody acts through anything else than what they come in with.
        (
            admin(PAUL),
            comes(FIRST, 2, ANNES, Some("paul")),
            Refusal::CredentialNotFound,
        ),
    ]);
    let events = w.ok(through(PAUL, ANNES), comes(FIRST, 2, ANNES, Some("paul")));
    assert!(
        matches!(events[..], [Event::OpenIdBound { admin: PAUL, .. }]),
        "{events:?}"
    );
    // Whatever address it gives, and to nobody else.
    assert_eq!(w.ok(through(PAUL, ANNES), comes(FIRST, 2, FRESH, None)), []);
    assert_eq!(
        w.ok(through(PAUL, ANNES), comes(FIRST, 2, FRESH, Some("anne"))),
        []
    );
    w.refuses([
        (
            through(ANNE, FRESH),
            comes(FIRST, 2, FRESH, Some("anne")),
            unknown,
        ),
        // Somebody else at the issuer has got Paul's address since.
        (
            through(PAUL, FRESH),
            comes(FIRST, 3, FRESH, Some("paul")),
            Refusal::OpenIdOtherwise,
        ),
    ]);
    // Another issuer that knows somebody by Paul's address.
    w.ok(admin(DANA), add(SECOND, "other"));
    w.refuses([(
        through(PAUL, FRESH),
        comes(SECOND, 2, FRESH, Some("paul")),
        Refusal::OpenIdOtherwise,
    )]);
    // Unlinked, the next who comes by the address is taken for them.
    w.refuses([
        (admin(OPAL), unbind(ANNES), Refusal::OnlySuperAdmins),
        (admin(GIL), unbind(ANNES), Refusal::CredentialNotFound),
        (OPERATOR, unbind(ANNES), Refusal::OnlySuperAdmins),
        (admin(DANA), unbind(FRESH), Refusal::CredentialNotFound),
    ]);
    w.accepts([(admin(PAUL), unbind(ANNES))]);
    w.ok(admin(DANA), unbind(ANNES));
    w.accepts([(through(PAUL, FRESH), comes(SECOND, 2, FRESH, Some("paul")))]);
    w.admin_active(PAUL, false);
    w.refuses([(
        through(PAUL, FRESH),
        comes(SECOND, 2, FRESH, Some("paul")),
        Refusal::CallerInactive,
    )]);
}

const FRESH: CredentialId = credential_id(59);

#[test]
fn r03_an_address_outside_the_issuers_domains_lets_nobody_in() {
    let mut w = World::new();
    w.ok(
        OPERATOR,
        Command::AddIssuer {
            org: ACME,
            issuer: FIRST,
            said: said("login", &["elsewhere.test", "sub.customer.test"]),
            sealed: None,
        },
    );
    w.refuses([(
        through(PAUL, FRESH),
        comes(FIRST, 2, FRESH, Some("paul")),
        Refusal::OpenIdUnknown,
    )]);
}

#[test]
fn r03_the_first_super_admin_who_comes_by_an_issuer_claims_the_org() {
    let mut w = with_issuer();
    // A plain admin claims nothing.
    w.ok(through(OPAL, ANNES), comes(FIRST, 2, ANNES, Some("opal")));
    assert_eq!(w.state.org(ACME).unwrap().claim, None);
    w.ok(through(DANA, DANAS), comes(FIRST, 1, DANAS, Some("dana")));
    let org = w.state.org(ACME).unwrap();
    assert_eq!(org.claim.unwrap().credential, DANAS);
    assert!(matches!(
        org.issuer(FIRST).unwrap().standing,
        Standing::Accepted { by: DANA, .. }
    ));
    // What the claim stands on counts: Dana, and the word of the issuer. Opal herself still waits.
    assert_eq!(who_counts(&w, DANA, DANAS), Ok(()));
    assert_eq!(who_counts(&w, OPAL, ANNES), Err(Refusal::AdminNotAccepted));
    // Dana by an operator's way in counts for nothing.
    w.refuses([(admin(DANA), grant(C1, 1), Refusal::CredentialNotAccepted)]);
    w.ok(through(DANA, DANAS), grant(C1, 1));
    assert_eq!(w.ok(through(DANA, DANAS), comes(FIRST, 1, FRESH, None)), []);
}

#[test]
fn r03_an_issuer_that_an_operator_adds_in_a_claimed_org_counts_for_nothing() {
    let mut w = claimed();
    w.ok(OPERATOR, add(FIRST, "vendor"));
    w.ok(through(DANA, DANAS), comes(FIRST, 1, DANAS, Some("dana")));
    assert_eq!(
        who_counts(&w, DANA, DANAS),
        Err(Refusal::CredentialNotAccepted)
    );
    // It looks and takes away, and washes nothing clean.
    w.refuses([
        (
            through(DANA, DANAS),
            grant(C1, 1),
            Refusal::CredentialNotAccepted,
        ),
        (
            through(DANA, DANAS),
            accept(FIRST),
            Refusal::CredentialNotAccepted,
        ),
        (
            through(DANA, DANAS),
            add(SECOND, "other"),
            Refusal::CredentialNotAccepted,
        ),
        (
            through(DANA, DANAS),
            remove(FIRST),
            Refusal::CredentialNotAccepted,
        ),
        (
            through(DANA, DANAS),
            unbind(DANAS),
            Refusal::CredentialNotAccepted,
        ),
        (
            through(DANA, DANAS),
            set_active(ANNE, false),
            Refusal::CredentialNotAccepted,
        ),
        (OPERATOR, accept(FIRST), Refusal::OnlySuperAdmins),
        (admin(GIL), accept(FIRST), Refusal::OrgNotFound),
    ]);
    w.accepts([(through(DANA, DANAS), Command::Block { org: ACME })]);
    // The operator may think again; so may the customer, either way.
    w.accepts([(OPERATOR, remove(FIRST)), (DANA_COUNTS, remove(FIRST))]);
    w.ok(DANA_COUNTS, accept(FIRST));
    assert_eq!(who_counts(&w, DANA, DANAS), Ok(()));
    w.refuses([(OPERATOR, remove(FIRST), Refusal::IssuerIsTheCustomers)]);
    assert_eq!(w.ok(DANA_COUNTS, accept(FIRST)), []);
    // Removed, it counts for nothing, and what it knew people by is no more.
    let events = w.ok(DANA_COUNTS, remove(FIRST));
    assert!(
        matches!(
            events[..],
            [
                Event::OpenIdUnbound {
                    credential: DANAS,
                    ..
                },
                Event::IssuerRemoved { .. }
            ]
        ),
        "{events:?}"
    );
    assert_eq!(
        who_counts(&w, DANA, DANAS),
        Err(Refusal::CredentialNotAccepted)
    );
}

#[test]
fn r03_what_the_vendors_issuer_says_keeps_nobody_from_the_customers_own() {
    let mut w = claimed();
    w.ok(OPERATOR, add(SECOND, "vendor"));
    w.ok(through(ANNE, ANNES), comes(SECOND, 1, ANNES, Some("anne")));
    w.ok(DANA_COUNTS, add(FIRST, "login"));
    w.ok(through(ANNE, FRESH), comes(FIRST, 1, FRESH, Some("anne")));
    // The other way round it does.
    w.ok(through(PAUL, DANAS), comes(FIRST, 2, DANAS, Some("paul")));
    let fresh = credential_id(60);
    w.refuses([(
        through(PAUL, fresh),
        comes(SECOND, 2, fresh, Some("paul")),
        Refusal::OpenIdOtherwise,
    )]);
}

#[test]
fn r03_an_issuer_that_a_super_admin_adds_is_the_orgs_own() {
    let mut w = claimed();
    w.ok(DANA_COUNTS, add(FIRST, "login"));
    w.ok(through(DANA, DANAS), comes(FIRST, 1, DANAS, Some("dana")));
    assert_eq!(who_counts(&w, DANA, DANAS), Ok(()));
    // From before the claim, nothing is.
    let mut w = World::new();
    w.ok(admin(DANA), add(FIRST, "login"));
    assert_eq!(
        w.state.org(ACME).unwrap().issuer(FIRST).unwrap().standing,
        Standing::Unaccepted
    );
    // Nor does the issuer of another org speak for this one.
    w.ok(OPERATOR, add_to(GLOBEX, SECOND, "login"));
    w.refuses([(
        through(PAUL, FRESH),
        comes(SECOND, 2, FRESH, Some("paul")),
        Refusal::IssuerNotFound,
    )]);
}

#[test]
fn r03_nobody_locks_an_org_out_that_comes_by_an_issuer() {
    let mut w = claimed_by_issuer();
    let dana: Actor = through(DANA, DANAS);
    w.refuses([
        (dana, remove(FIRST), Refusal::LastWayIn),
        (dana, unbind(DANAS), Refusal::LastWayIn),
        (dana, set_role(DANA, Role::Admin), Refusal::LastSuperAdmin),
        (OPERATOR, set_active(DANA, false), Refusal::LastSuperAdmin),
    ]);
    // Another who came by an issuer that waits is no help.
    w.ok(OPERATOR, add(SECOND, "vendor"));
    w.ok(through(ANNE, ANNES), comes(SECOND, 2, ANNES, Some("anne")));
    w.ok(
        dana,
        Command::Accept {
            what: countersign_domain::Awaiting::Admin(ANNE),
        },
    );
    w.refuses([(dana, remove(FIRST), Refusal::LastWayIn)]);
    w.ok(dana, accept(SECOND));
    w.accepts([(dana, remove(FIRST)), (OPERATOR, set_active(DANA, false))]);
    // A passkey is as good.
    let mut w = claimed();
    w.ok(DANA_COUNTS, add(FIRST, "login"));
    w.ok(dana, comes(FIRST, 1, DANAS, Some("dana")));
    w.accepts([
        (
            DANA_COUNTS,
            Command::RemovePasskey {
                credential: DANAS_KEY,
            },
        ),
        (DANA_COUNTS, remove(FIRST)),
    ]);
}

#[test]
fn r03_who_we_are_to_an_issuer_gives_nobody_anything() {
    let mut w = claimed();
    w.ok(DANA_COUNTS, add(FIRST, "login"));
    let secret = Command::SetIssuerSecret {
        org: ACME,
        issuer: FIRST,
        sealed: Some(countersign_domain::SealedSecret::parse("sealed").unwrap()),
    };
    w.refuses([
        (admin(DANA), secret.clone(), Refusal::CredentialNotAccepted),
        (admin(PAUL), secret.clone(), Refusal::OnlySuperAdmins),
        (agent(SAM), secret.clone(), Refusal::OnlySuperAdmins),
    ]);
    w.accepts([(DANA_COUNTS, secret.clone())]);
    w.ok(OPERATOR, secret.clone());
    assert_eq!(w.ok(DANA_COUNTS, secret), []);
    let issuer = w.state.org(ACME).unwrap().issuer(FIRST).unwrap();
    assert_eq!(issuer.standing, Standing::Own);
    assert_eq!(
        issuer.said.domains,
        BTreeSet::from([MailDomain::parse("customer.test").unwrap()])
    );
}
