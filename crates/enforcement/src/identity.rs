//! The identity JWT that goes upstream, and only there.

use std::time::Duration;

use countersign_app::{Act, IdentityClaims, Ports, Signer, jwt_seconds};
use countersign_decision::Allowed;
use countersign_domain::Timestamp;
use countersign_node::Node;
use tokio::time::sleep;
use uuid::Uuid;

/// The longest a JWT is good for.
const LONGEST: countersign_domain::Duration = countersign_domain::Duration::from_secs(60);
/// JWTs count in whole seconds, a short lease does not: for one that would run out sooner than this
/// the lease is renewed out of turn, which a fresh second follows soon.
const WORTHWHILE: countersign_domain::Duration = countersign_domain::Duration::from_millis(50);
/// How long that wait is.
const PATIENCE: u32 = 200;
const PAUSE: Duration = Duration::from_millis(4);

/// Signs who acts for whom, for one upstream, no longer than lease and session last.
pub(crate) async fn identity_token(
    node: &Node,
    signer: &dyn Signer,
    ports: &dyn Ports,
    issuer: &str,
    allowed: &Allowed,
) -> Option<String> {
    let (now, exp) = validity(node, allowed.until).await?;
    let sid = allowed.session.id.to_string();
    let jti = Uuid::from_bytes(ports.uuid()).simple().to_string();
    signer.sign(&IdentityClaims {
        iss: issuer,
        aud: allowed.upstream.origin.as_str(),
        sub: &allowed.subject_email,
        act: Act {
            sub: &allowed.agent_email,
        },
        org: allowed.org_slug.as_str(),
        case: allowed.case_number.as_str(),
        sid: &sid,
        scope: "read",
        iat: jwt_seconds(now),
        exp,
        jti: &jti,
    })
}

/// The moment of issue and the expiry in seconds; `None` when not even a moment is left.
async fn validity(node: &Node, until: Timestamp) -> Option<(Timestamp, i64)> {
    let mut last = None;
    for _ in 0..PATIENCE {
        let now = node.now();
        let leased = now.plus(node.lease_left());
        let exp = jwt_seconds(now.plus(LONGEST).min(leased).min(until));
        let left = Timestamp::from_millis(exp.saturating_mul(1_000)).since(now);
        if left.as_millis() > 0 {
            last = Some((now, exp));
        }
        // A lease is renewed; the end of a session stands.
        let waiting_helps = until.since(leased).as_millis() > 0;
        if left >= WORTHWHILE || !waiting_helps {
            return last;
        }
        node.renew_soon();
        sleep(PAUSE).await;
    }
    last
}
