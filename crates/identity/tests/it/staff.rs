//! The vendor's staff, whom its own providers sign in: as agents and operators, and as nothing else.

use std::{collections::BTreeSet, sync::Arc, time::Duration as Span};

use countersign_app::{BootClock, Failure, OpenCase, OpenerRef, Secret, StartedSession};
use countersign_domain::{
    Actor, AgentId, CaseNumber, Duration, IssuerUrl, Justification, MailDomain, OpenIdClient,
    OperatorVia, Origin, Person, Refusal, SessionId, Slug, StaffRules, Title, Upstream,
};
use countersign_identity::{
    BadToken, Identity, OpenIdError, Outbound, Providers, SignedIn, Staff, StaffAsk, StaffProvider,
    StaffSignedIn,
};
use countersign_store::{Key, SignedInAt};
use serde_json::{Value, json};

use crate::{
    openid_scene::{HandBoot, NOW, at_home, tls},
    provider::{CLIENT, Provider, SECRET},
    world::{DANA, OPERATOR, World, acme, email, good},
};

const SAM: &str = "sam@vendor.test";
const WITHIN: Duration = Duration::from_mins(15);

struct Staffed {
    world: World,
    identity: Identity,
    provider: Provider,
    other: Provider,
}

fn vendor() -> Slug {
    good(Slug::parse("vendor"))
}

fn other() -> Slug {
    good(Slug::parse("other"))
}

fn staff_provider(id: Slug, issuer: &str) -> StaffProvider {
    let set = |values: &[&str]| values.iter().map(ToString::to_string).collect();
    StaffProvider {
        id,
        name: "Vendor SSO".to_owned(),
        issuer: good(IssuerUrl::parse(issuer)),
        client: good(OpenIdClient::parse(CLIENT)),
        secret: Some(SECRET.to_owned()),
        scopes: vec!["groups".to_owned()],
        claim: "groups".to_owned(),
        rules: StaffRules {
            agents: set(&["support"]),
            operators: set(&["platform"]),
            ..StaffRules::default()
        },
        domains: BTreeSet::from([good(MailDomain::parse("vendor.test"))]),
        creates_agents: true,
    }
}

/// What a provider says of somebody in these groups.
fn in_groups(groups: &[&str]) -> Value {
    json!({
        "email": SAM, "email_verified": true, "name": "Sam", "groups": groups,
        "auth_time": NOW, "sid": "there",
    })
}

impl Staffed {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl Fn(&mut StaffProvider)) -> Self {
        let world = World::demanding(Some(WITHIN)).await;
        let (provider, second) = (Provider::new(NOW).await, Provider::new(NOW).await);
        let outbound = Outbound::new(tls(), at_home()).with_patience(Span::from_millis(500));
        let clock = Arc::new(HandBoot::default()) as Arc<dyn BootClock>;
        let mut staff = vec![
            staff_provider(vendor(), &provider.issuer),
            staff_provider(other(), &second.issuer),
        ];
        staff.iter_mut().for_each(change);
        let identity = Identity::new(world.app.clone())
            .with_openid(Providers::new(outbound, clock))
            .with_staff(staff);
        provider.plan().claims = in_groups(&["support"]);
        Self {
            world,
            identity,
            provider,
            other: second,
        }
    }

    async fn come(&self, ask: StaffAsk) -> Result<StaffSignedIn, OpenIdError> {
        let (to, secret) = good(self.identity.begin_staff(&vendor(), ask).await);
        let came = self.provider.sign_in(&to);
        let identity = &self.identity;
        identity
            .finish_staff(&vendor(), secret.expose(), &came, None)
            .await
    }

    async fn sign_in(&self) -> Result<StaffSignedIn, OpenIdError> {
        self.come(StaffAsk::default()).await
    }

    async fn sign_in_as(&self, claims: Value) -> Result<StaffSignedIn, OpenIdError> {
        self.provider.plan().claims = claims;
        self.sign_in().await
    }

    async fn begin_at(&self, id: &Slug) -> (String, Secret) {
        good(self.identity.begin_staff(id, StaffAsk::default()).await)
    }

    async fn at_other(&self) -> Result<StaffSignedIn, OpenIdError> {
        let (to, secret) = self.begin_at(&other()).await;
        let came = self.other.sign_in(&to);
        self.identity
            .finish_staff(&other(), secret.expose(), &came, None)
            .await
    }

    async fn is_in(&self, signed_in: &StaffSignedIn) -> bool {
        let who = self.identity.browser(signed_in.cookie.expose()).await;
        who.is_ok()
    }

    async fn who(&self, signed_in: &StaffSignedIn) -> SignedIn {
        good(self.identity.browser(signed_in.cookie.expose()).await)
    }

    /// A session of the agent's at Acme.
    async fn session(&self, agent: AgentId) -> StartedSession {
        let app = &self.world.app;
        let upstream = Upstream::new(good(Origin::parse("http://127.0.0.1:9000")));
        good(app.set_upstream(OPERATOR, &acme(), upstream).await);
        let number = good(CaseNumber::parse("4711"));
        let new = OpenCase {
            org: acme(),
            number: Some(number.clone()),
            title: good(Title::parse("Invoices are missing")),
            opened_by: Some(OpenerRef::Admin(email(DANA))),
            team: vec![email(SAM)],
        };
        good(app.open_case(OPERATOR, new).await);
        let why = good(Justification::parse("To see the missing invoices"));
        let actor = Actor::Agent { id: agent };
        good(app.request_access(actor, &number, why, None).await);
        let dana = self.world.by_link(DANA).await;
        let dana = self.world.who(&dana).await.actor();
        good(app.grant(dana, &number).await);
        let shown = app.shown_at(Some(good(app.store().now().await)));
        good(shown.start_session(actor, &number).await)
    }

    async fn runs(&self, session: SessionId) -> bool {
        let app = &self.world.app;
        let slice = good(app.store().load(&[Key::Session(session)]).await);
        let mut cases = slice.state.cases();
        cases.any(|case| case.running(session, slice.now).is_some())
    }
}

fn agent(signed_in: &StaffSignedIn) -> AgentId {
    match signed_in.who {
        Staff::Agent(agent) => agent,
        Staff::Operator => panic!("an operator"),
    }
}

fn is_needed<T>(opened: &Result<T, Failure>) -> bool {
    let needed = Refusal::FreshSignInNeeded { within: WITHIN };
    matches!(opened, Err(Failure::Refused(refusal)) if *refusal == needed)
}

fn refusal(signed_in: Result<StaffSignedIn, OpenIdError>) -> Refusal {
    match signed_in {
        Err(OpenIdError::Use(Failure::Refused(refusal))) => refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_agent_is_made_at_the_first_sign_in_and_known_by_the_number_from_then_on() {
    let staffed = Staffed::new().await;
    let first = good(staffed.sign_in().await);
    let who = staffed.who(&first).await;
    assert_eq!((who.email.as_str(), who.name.as_str()), (SAM, "Sam"));
    assert_eq!(who.person, Person::Agent(agent(&first)));
    let mut renamed = in_groups(&["support", "other"]);
    renamed["email"] = json!("sam.taylor@vendor.test");
    let again = good(staffed.sign_in_as(renamed).await);
    assert_eq!(agent(&again), agent(&first));
    // Somebody else with the address is not taken for them, here or at another provider.
    let mut another = in_groups(&["support"]);
    another["sub"] = json!("1002");
    let theirs = staffed.sign_in_as(another).await;
    assert_eq!(refusal(theirs), Refusal::OpenIdOtherwise);
    staffed.other.plan().claims = in_groups(&["support"]);
    // A code of one provider's is nothing at the other's address.
    let (to, secret) = staffed.begin_at(&other()).await;
    let came = staffed.other.sign_in(&to);
    let mixed = staffed
        .identity
        .finish_staff(&vendor(), secret.expose(), &came, None)
        .await;
    assert!(matches!(mixed, Err(OpenIdError::MixedUp)), "{mixed:?}");
    assert_eq!(refusal(staffed.at_other().await), Refusal::OpenIdOtherwise);
    // Until an operator unlinks the first, who is out with it.
    good(staffed.world.app.unbind_agent(OPERATOR, &email(SAM)).await);
    assert!(!staffed.is_in(&again).await);
    assert_eq!(agent(&good(staffed.at_other().await)), agent(&first));
}

#[tokio::test]
async fn nobody_comes_in_who_is_no_active_agent_where_none_are_made() {
    let staffed = Staffed::with(|provider| provider.creates_agents = false).await;
    assert_eq!(refusal(staffed.sign_in().await), Refusal::NotStaff);
    let name = good(countersign_domain::PersonName::parse("Sam"));
    good(
        staffed
            .world
            .app
            .create_agent(OPERATOR, email(SAM), name)
            .await,
    );
    let signed_in = good(staffed.sign_in().await);
    let app = &staffed.world.app;
    good(app.set_agent_active(OPERATOR, &email(SAM), false).await);
    assert!(
        staffed
            .identity
            .browser(signed_in.cookie.expose())
            .await
            .is_err()
    );
    assert_eq!(refusal(staffed.sign_in().await), Refusal::CallerInactive);
}

/// R3: whatever the vendor's provider says, nobody becomes a customer's approver by it.
#[tokio::test]
async fn no_word_of_the_vendors_makes_anybody_a_customer() {
    let staffed = Staffed::new().await;
    let mut dana = in_groups(&["support"]);
    dana["email"] = json!(DANA);
    let refused = staffed.sign_in_as(dana.clone()).await;
    assert!(
        matches!(refused, Err(OpenIdError::NoAddress)),
        "{refused:?}"
    );
    dana["groups"] = json!(["support", "platform", "super_admin"]);
    for as_operator in [false, true] {
        staffed.provider.plan().claims = dana.clone();
        let anew = false;
        let refused = staffed.come(StaffAsk { as_operator, anew }).await;
        assert!(
            matches!(refused, Err(OpenIdError::NoAddress)),
            "{refused:?}"
        );
    }
    // Nor where the deployment lets it speak for the customer's domain: that is an agent by that address.
    let wide = good(MailDomain::parse("acme.test"));
    let staffed = Staffed::with(|provider| _ = provider.domains.insert(wide.clone())).await;
    dana["groups"] = json!(["support"]);
    let signed_in = good(staffed.sign_in_as(dana).await);
    let who = staffed.who(&signed_in).await;
    assert_eq!(who.person, Person::Agent(agent(&signed_in)));
    let app = &staffed.world.app;
    let approves = app.claim_read(who.actor()).await;
    assert!(approves.is_err(), "{approves:?}");
    // A sign-in that says that somebody else acts is none, and neither is an address that is not verified.
    for (claim, value) in [
        ("act", json!({"sub": "x"})),
        ("email_verified", json!(false)),
    ] {
        let mut claims = in_groups(&["support"]);
        claims[claim] = value;
        claims["sub"] = json!("1003");
        let refused = staffed.sign_in_as(claims).await;
        assert!(
            matches!(
                refused,
                Err(OpenIdError::BadToken(BadToken::Acts) | OpenIdError::NoAddress)
            ),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn an_operator_is_on_the_log_as_who_they_are() {
    let staffed = Staffed::new().await;
    staffed.provider.plan().claims = in_groups(&["support", "platform"]);
    let ask = StaffAsk {
        as_operator: true,
        anew: false,
    };
    let signed_in = good(staffed.come(ask).await);
    assert_eq!(signed_in.who, Staff::Operator);
    let cookie = signed_in.cookie.expose();
    let who = good(staffed.identity.operator(cookie).await);
    let via = OperatorVia::Person { id: who.credential };
    assert_eq!(who.actor, Actor::Operator { via });
    let known = who.person.clone().unwrap();
    assert_eq!(known.email.as_str(), SAM);
    // The cookie is no agent's, and no bearer token.
    assert!(staffed.identity.browser(cookie).await.is_err());
    assert!(staffed.identity.bearer(cookie).await.is_err());
    let slug = good(Slug::parse("globex"));
    let name = good(countersign_domain::PersonName::parse("Globex"));
    let org = good(staffed.world.app.create_org(who.actor, slug, name).await);
    let entries = good(staffed.world.app.store().entries(org.id, 0, 1).await);
    let told = String::from_utf8_lossy(&entries[0].encoded).into_owned();
    assert!(
        told.contains(SAM) && told.contains(r#""via":"openid""#),
        "{told}"
    );
    // Whoever is an operator and nothing else is one by either way; whoever is none is none.
    let only = good(staffed.sign_in_as(in_groups(&["platform"])).await);
    assert_eq!(only.who, Staff::Operator);
    staffed.provider.plan().claims = in_groups(&["support"]);
    assert_eq!(refusal(staffed.come(ask).await), Refusal::NotStaff);
    // The group is lost: what they held is, too.
    for lost in [signed_in, only] {
        assert!(
            staffed
                .identity
                .operator(lost.cookie.expose())
                .await
                .is_err()
        );
    }
}

#[tokio::test]
async fn who_loses_the_group_is_out_and_so_is_what_they_had_open() {
    let staffed = Staffed::new().await;
    let signed_in = good(staffed.sign_in().await);
    let session = staffed.session(agent(&signed_in)).await;
    assert!(staffed.runs(session.id).await);
    // Being asked for more than they can show takes nothing away.
    let mut claims = in_groups(&["sales"]);
    claims["nonce"] = json!("another");
    assert!(staffed.sign_in_as(claims).await.is_err());
    assert!(staffed.runs(session.id).await);
    let lost = staffed.sign_in_as(in_groups(&["sales"])).await;
    assert_eq!(refusal(lost), Refusal::NotStaff);
    assert!(!staffed.runs(session.id).await);
    assert!(
        staffed
            .identity
            .browser(signed_in.cookie.expose())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_way_they_show_who_they_are_has_to_be_enough() {
    let staffed = Staffed::with(|provider| {
        provider.rules.acr = vec!["urn:mfa".to_owned(), "urn:hardware".to_owned()];
        provider.rules.amr = BTreeSet::from(["otp".to_owned()]);
    })
    .await;
    let (to, _) = good(
        staffed
            .identity
            .begin_staff(&vendor(), StaffAsk::default())
            .await,
    );
    assert!(to.contains("acr_values=urn%3Amfa+urn%3Ahardware"), "{to}");
    for (acr, amr, enough) in [
        (json!("urn:mfa"), json!(["pwd", "otp"]), true),
        (json!("urn:hardware"), json!(["otp"]), true),
        (json!("urn:pwd"), json!(["otp"]), false),
        (json!(null), json!(["otp"]), false),
        (json!("urn:mfa"), json!(["pwd"]), false),
        (json!("urn:mfa"), json!(null), false),
    ] {
        let mut claims = in_groups(&["support"]);
        claims["acr"] = acr.clone();
        claims["amr"] = amr.clone();
        let signed_in = staffed.sign_in_as(claims).await;
        let refused = matches!(signed_in, Err(OpenIdError::NotEnough));
        assert_eq!(
            (signed_in.is_ok(), refused),
            (enough, !enough),
            "{acr} {amr}"
        );
    }
}

#[tokio::test]
async fn to_open_a_session_they_have_shown_lately_who_they_are() {
    let staffed = Staffed::new().await;
    let signed_in = good(staffed.sign_in().await);
    let who = staffed.who(&signed_in).await;
    let session = staffed.session(agent(&signed_in)).await;
    let (app, number) = (&staffed.world.app, good(CaseNumber::parse("4711")));
    let code = session.url.rsplit_once("code=").unwrap().1;
    let browser = countersign_app::hash_secret("browser");
    // A program shows nobody who it is.
    for shown_at in [None, who.at.shown_at] {
        if shown_at.is_some() {
            staffed.world.pass(WITHIN);
        }
        let app = app.shown_at(shown_at);
        let started = app.start_session(who.actor(), &number).await;
        assert!(is_needed(&started), "{started:?}");
        let opened = app.open_link(who.actor(), session.id, code, browser).await;
        assert!(is_needed(&opened), "{opened:?}");
    }
    // Others are told what they always are.
    let operators = app.start_session(OPERATOR, &number).await;
    assert!(
        operators.is_err() && !is_needed(&operators),
        "{operators:?}"
    );
    let now = NOW + WITHIN.as_millis() / 1_000;
    staffed.provider.plan().now = now;
    let anew = StaffAsk {
        as_operator: false,
        anew: true,
    };
    let (ways, _) = good(staffed.identity.staff_ways_anew().await);
    assert!(good(ways[0].to.clone()).contains("max_age=900"));
    // A provider that lets an old one stand, or says nothing of it, is no proof.
    for (auth_time, enough) in [
        (json!(now - 900 - 60), false),
        (json!(null), false),
        (json!(now - 900 - 59), true),
        (json!(now), true),
    ] {
        let mut claims = in_groups(&["support"]);
        claims["auth_time"] = auth_time.clone();
        staffed.provider.plan().claims = claims;
        let come = staffed.come(anew).await;
        assert_eq!(come.is_ok(), enough, "{auth_time}: {come:?}");
    }
    // A clock that is ahead makes nobody fresh for longer.
    let mut claims = in_groups(&["support"]);
    claims["auth_time"] = json!(now + 86_400);
    let signed_in = good(staffed.sign_in_as(claims).await);
    let who = staffed.who(&signed_in).await;
    assert_eq!(who.at.shown_at, Some(good(app.store().now().await)));
    let fresh = app.shown_at(who.at.shown_at);
    let started = fresh.start_session(who.actor(), &number).await;
    assert!(started.is_ok(), "{started:?}");
}

#[tokio::test]
async fn who_signs_out_at_the_vendors_provider_is_out_everywhere() {
    let staffed = Staffed::new().await;
    let told = async |claims: Value| {
        let token = staffed.provider.logout_token("logout+jwt", &claims);
        staffed.identity.staff_signed_out(&vendor(), &token).await
    };
    let (one, two) = (good(staffed.sign_in().await), {
        let mut elsewhere = in_groups(&["support"]);
        elsewhere["sid"] = json!("elsewhere");
        good(staffed.sign_in_as(elsewhere).await)
    });
    let session = staffed.session(agent(&one)).await;
    let is_in = async |signed_in: &StaffSignedIn| {
        staffed
            .identity
            .browser(signed_in.cookie.expose())
            .await
            .is_ok()
    };
    // It names a session of theirs there, and nobody.
    good(told(json!({"sub": null, "sid": "elsewhere"})).await);
    assert!(is_in(&one).await && !is_in(&two).await);
    assert!(!staffed.runs(session.id).await);
    let shown = staffed
        .world
        .app
        .shown_at(staffed.who(&one).await.at.shown_at);
    let number = good(CaseNumber::parse("4711"));
    let actor = Actor::Agent { id: agent(&one) };
    let session = good(shown.start_session(actor, &number).await);
    // What was said once is not said again, however often.
    for _ in 0..3 {
        let again = told(json!({"sub": null, "sid": "elsewhere"})).await;
        assert!(
            matches!(again, Err(OpenIdError::BadToken(BadToken::Expired))),
            "{again:?}"
        );
    }
    assert!(staffed.runs(session.id).await);
    // Another provider's word about the same number is about somebody else.
    let theirs = staffed
        .other
        .logout_token("logout+jwt", &json!({"jti": "other"}));
    good(staffed.identity.staff_signed_out(&other(), &theirs).await);
    assert!(is_in(&one).await && staffed.runs(session.id).await);
    staffed.provider.plan().claims = in_groups(&["support", "platform"]);
    let ask = StaffAsk {
        as_operator: true,
        anew: false,
    };
    let operator = good(staffed.come(ask).await);
    let elsewhere = good(
        staffed
            .identity
            .openid_sign_out(&staffed.who(&one).await)
            .await,
    );
    assert!(elsewhere.unwrap().to.starts_with(&staffed.provider.issuer));
    good(told(json!({"jti": "two"})).await);
    assert!(!is_in(&one).await && !staffed.runs(session.id).await);
    assert!(
        staffed
            .identity
            .operator(operator.cookie.expose())
            .await
            .is_err()
    );
    let left: Vec<SignedInAt> = vec![];
    let known =
        countersign_app::hash_secret(&format!("staff-subject:{}:1001", staffed.provider.issuer));
    assert_eq!(
        good(staffed.world.app.store().signed_in_at(known).await),
        left
    );
    // An org's own provider is not asked about staff.
    let token = staffed
        .provider
        .logout_token("logout+jwt", &json!({"jti": "three"}));
    let not_theirs = staffed.identity.signed_out_elsewhere(&acme(), &token).await;
    assert!(not_theirs.is_err());
}
