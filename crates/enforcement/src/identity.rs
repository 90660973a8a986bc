//! The identity JWT that goes upstream, and only there.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use countersign_app::{Act, IdentityClaims, Ports, Signer, jwt_seconds};
use countersign_decision::Allowed;
use countersign_domain::{CaseNumber, IdMap, SessionId, Slug, Timestamp, Upstream};
use countersign_node::Node;
use http::HeaderValue;
use tokio::time::sleep;
use uuid::Uuid;

/// The longest a JWT is good for.
const LONGEST: countersign_domain::Duration = countersign_domain::Duration::from_secs(60);
/// JWTs count in whole seconds, a lease does not: for one that would run out sooner than this the
/// lease is renewed out of turn, which a fresh second follows soon. The default lease is long
/// enough that this never happens while it is renewed in time.
const WORTHWHILE: countersign_domain::Duration = countersign_domain::Duration::from_millis(50);
/// How long that wait is.
const PATIENCE: u32 = 200;
const PAUSE: Duration = Duration::from_millis(4);

/// Signs, and remembers what it signed: one signature costs as much as the rest of the gateway's
/// own work on a request, and what it says stays the same until the expiry moves on to another
/// second.
pub(crate) struct Identities {
    signer: Arc<dyn Signer>,
    signed: Mutex<Signed>,
}

/// Tokens of one expiry, the latest there is: so there are no more of them than sessions asked
/// under within about a second.
#[derive(Default)]
struct Signed {
    exp: i64,
    tokens: IdMap<SessionId, Token>,
}

/// A token and what it says, as far as that could differ between two requests of a session.
struct Token {
    upstream: Arc<Upstream>,
    subject_email: Arc<str>,
    agent_email: Arc<str>,
    org_slug: Slug,
    case_number: CaseNumber,
    value: HeaderValue,
}

impl Token {
    fn says(&self, allowed: &Allowed) -> bool {
        self.upstream.origin == allowed.upstream.origin
            && self.subject_email == allowed.subject_email
            && self.agent_email == allowed.agent_email
            && self.org_slug == allowed.org_slug
            && self.case_number == allowed.live.name.number
    }
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identities").finish_non_exhaustive()
    }
}

impl Identities {
    pub(crate) fn new(signer: Arc<dyn Signer>) -> Self {
        Self {
            signer,
            signed: Mutex::default(),
        }
    }

    fn signed(&self) -> MutexGuard<'_, Signed> {
        self.signed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remembered(&self, allowed: &Allowed, exp: i64) -> Option<HeaderValue> {
        let signed = self.signed();
        let token = signed.tokens.get(&allowed.live.session.id)?;
        (signed.exp == exp && token.says(allowed)).then(|| token.value.clone())
    }

    fn remember(&self, allowed: &Allowed, exp: i64, value: HeaderValue) {
        let mut signed = self.signed();
        if exp > signed.exp {
            signed.exp = exp;
            signed.tokens.clear();
        }
        // A session that ends before the lease would is signed for anew: it has not long to go.
        if exp == signed.exp {
            let token = Token {
                upstream: Arc::clone(&allowed.upstream),
                subject_email: Arc::clone(&allowed.subject_email),
                agent_email: Arc::clone(&allowed.agent_email),
                org_slug: allowed.org_slug.clone(),
                case_number: allowed.live.name.number.clone(),
                value,
            };
            signed.tokens.insert(allowed.live.session.id, token);
        }
    }
}

/// Who acts for whom, signed for one upstream, no longer than lease and session last.
pub(crate) async fn identity_token(
    node: &Node,
    identities: &Identities,
    ports: &dyn Ports,
    issuer: &str,
    allowed: &Allowed,
) -> Option<HeaderValue> {
    let (now, exp) = match validity(node, allowed.until) {
        (found, false) => found?,
        (_, true) => Box::pin(awaited(node, allowed.until)).await?,
    };
    if let Some(value) = identities.remembered(allowed, exp) {
        return Some(value);
    }
    let sid = allowed.live.session.id.to_string();
    let jti = Uuid::from_bytes(ports.uuid()).simple().to_string();
    let token = identities.signer.sign(&IdentityClaims {
        iss: issuer,
        aud: allowed.upstream.origin.as_str(),
        sub: &allowed.subject_email,
        act: Act {
            sub: &allowed.agent_email,
        },
        org: allowed.org_slug.as_str(),
        case: allowed.live.name.number.as_str(),
        sid: &sid,
        scope: "read",
        iat: jwt_seconds(now.min(node.has_come())),
        exp,
        jti: &jti,
    })?;
    let value = HeaderValue::from_str(&token).ok()?;
    identities.remember(allowed, exp, value.clone());
    Some(value)
}

/// The moment of issue and the expiry in seconds, `None` when not even a moment is left; and
/// whether waiting for the lease to be renewed would give more.
fn validity(node: &Node, until: Timestamp) -> (Option<(Timestamp, i64)>, bool) {
    let now = node.now();
    let leased = now.plus(node.lease_left());
    let exp = jwt_seconds(now.plus(LONGEST).min(leased).min(until));
    let left = Timestamp::from_millis(exp.saturating_mul(1_000)).since(now);
    // A lease is renewed; the end of a session stands.
    let waiting_helps = until.since(leased).as_millis() > 0;
    let found = (left.as_millis() > 0).then_some((now, exp));
    (found, left < WORTHWHILE && waiting_helps)
}

async fn awaited(node: &Node, until: Timestamp) -> Option<(Timestamp, i64)> {
    let mut last = None;
    for _ in 0..PATIENCE {
        let (found, wait) = validity(node, until);
        last = found.or(last);
        if !wait {
            break;
        }
        node.renew_soon();
        sleep(PAUSE).await;
    }
    last
}
