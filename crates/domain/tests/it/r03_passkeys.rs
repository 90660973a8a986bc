//! R3: who adds and removes passkeys, and that an org is not locked out by it.

use countersign_domain::{Awaiting, Command, Duration, PasskeyName, RECENT_SIGN_IN, Refusal, Role};

use crate::{
    r03_claims::{
        ANNES_KEY, DANA_COUNTS, DANAS_KEY, DANAS_LINK, EARLIER_KEY, FRESH, OPALS_KEY, accept,
        before, claimed, register, set_active, set_role,
    },
    world::{ANNE, DANA, MS, OPAL, OPERATOR, PAUL, SAM, T0, admin, agent, credential_id, through},
};

#[test]
fn r03_a_passkey_is_added_by_its_owner_soon_after_signing_in() {
    let w = before();
    let at = |signed_in_at| Command::RegisterPasskey {
        credential: FRESH,
        name: PasskeyName::parse("laptop").unwrap(),
        signed_in_at,
    };
    let ago = |span: Duration| T0.plus(Duration::from_millis(-span.as_millis()));
    w.accepts([(admin(PAUL), at(ago(RECENT_SIGN_IN).plus(MS)))]);
    w.refuses([
        (admin(PAUL), at(ago(RECENT_SIGN_IN)), Refusal::SignInTooOld),
        (agent(SAM), at(T0), Refusal::NotYoursToMint),
        (OPERATOR, at(T0), Refusal::NotYoursToMint),
    ]);
    let mut w = w;
    for n in 0..18 {
        let command = register(credential_id(100 + n), &w);
        w.ok(admin(DANA), command);
    }
    w.refuses([(admin(DANA), at(T0), Refusal::TooManyPasskeys)]);
    w.accepts([(admin(PAUL), at(T0))]);
}

#[test]
fn r03_a_passkey_is_removed_by_its_owner_or_a_super_admin() {
    let mut w = claimed();
    let remove = |credential| Command::RemovePasskey { credential };
    w.refuses([
        (OPERATOR, remove(EARLIER_KEY), Refusal::OnlySuperAdmins),
        (agent(SAM), remove(EARLIER_KEY), Refusal::OnlySuperAdmins),
        (DANA_COUNTS, remove(DANAS_LINK), Refusal::CredentialNotFound),
        (DANA_COUNTS, remove(FRESH), Refusal::CredentialNotFound),
    ]);
    w.ok(DANA_COUNTS, remove(OPALS_KEY));
    w.refuses([(
        through(OPAL, OPALS_KEY),
        Command::SignIn,
        Refusal::CredentialNotFound,
    )]);
    // Before the claim, everyone their own, down to the last.
    let w = before();
    w.accepts([
        (admin(OPAL), remove(OPALS_KEY)),
        (admin(DANA), remove(DANAS_KEY)),
    ]);
}

#[test]
fn r03_nobody_locks_a_claimed_org_out_by_a_click() {
    let mut w = claimed();
    let remove = |credential| Command::RemovePasskey { credential };
    // Dana has two passkeys, but only one of them counts; Anne is a super admin who does not.
    w.refuses([
        (DANA_COUNTS, remove(DANAS_KEY), Refusal::LastPasskey),
        (
            DANA_COUNTS,
            set_role(DANA, Role::Admin),
            Refusal::LastSuperAdmin,
        ),
        (
            DANA_COUNTS,
            set_active(DANA, false),
            Refusal::LastSuperAdmin,
        ),
        (
            OPERATOR,
            set_role(DANA, Role::Admin),
            Refusal::LastSuperAdmin,
        ),
        (OPERATOR, set_active(DANA, false), Refusal::LastSuperAdmin),
    ]);
    w.accepts([(DANA_COUNTS, remove(EARLIER_KEY))]);
    // Neither a person without a key that counts nor such a key without its person is enough.
    for what in [Awaiting::Admin(ANNE), Awaiting::Credential(ANNES_KEY)] {
        let mut half = claimed();
        half.ok(DANA_COUNTS, accept(what));
        half.refuses([(DANA_COUNTS, remove(DANAS_KEY), Refusal::LastPasskey)]);
        w.ok(DANA_COUNTS, accept(what));
    }
    // Now somebody else can act for the org.
    w.accepts([
        (DANA_COUNTS, remove(DANAS_KEY)),
        (OPERATOR, set_active(DANA, false)),
        (through(ANNE, ANNES_KEY), set_role(DANA, Role::Admin)),
    ]);
    w.ok(OPERATOR, set_role(DANA, Role::Admin));
    w.refuses([(
        OPERATOR,
        set_role(ANNE, Role::Admin),
        Refusal::LastSuperAdmin,
    )]);
    // A plain admin is nobody's last hope.
    w.accepts([(OPERATOR, set_active(PAUL, false))]);
}
