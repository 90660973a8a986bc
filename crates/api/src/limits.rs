//! Rate limits: per caller, so that nobody's calls take anything from anyone else's, and per address
//! for calls that say nobody good. Whatever takes access away has a bucket of its own: a caller who has
//! used up the other can still revoke.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use axum::{
    extract::MatchedPath,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts},
};
use countersign_app::BootClock;
use countersign_domain::{
    Actor, AdminId, AgentId, CalledFrom, ClientId, CredentialId, OperatorVia,
};

use crate::quota::{Buckets, Level, Quota};

/// How many callers, and how many addresses, are kept in mind.
const MOST: usize = 20_000;

/// How often callers may call.
#[derive(Clone, Copy, Debug)]
pub struct RateLimits {
    /// Each caller: a person with all their tokens, a service client, an operator's token.
    pub calls: Quota,
    /// Each address, for calls without a good token.
    pub unauthenticated: Quota,
}

impl Default for RateLimits {
    fn default() -> Self {
        const fn calls(calls: u32) -> NonZeroU32 {
            NonZeroU32::MIN.saturating_add(calls - 1)
        }
        Self {
            calls: Quota::per_minute(calls(1_200)),
            unauthenticated: Quota::per_minute(calls(60)),
        }
    }
}

/// Who is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    Admin(AdminId),
    Agent(AgentId),
    Client(ClientId),
    Operator(CredentialId),
    /// A directory, by its credential.
    Directory(CredentialId),
    /// Whoever is at the database itself; never by way of the API.
    CommandLine,
}

impl From<Actor> for Who {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::Admin { id, .. } => Self::Admin(id),
            Actor::Client { id, .. } => Self::Client(id),
            Actor::Agent { id } | Actor::Impersonation { agent: id, .. } => Self::Agent(id),
            Actor::Provisioning { via, .. } => Self::Directory(via),
            Actor::Operator { via } => match via {
                OperatorVia::Token { id } | OperatorVia::Person { id } => Self::Operator(id),
                OperatorVia::CommandLine | OperatorVia::Configuration => Self::CommandLine,
            },
        }
    }
}

/// Calls that take access away, by method and pattern.
pub(crate) const TAKING_AWAY: [(Method, &str); 16] = [
    (Method::DELETE, "/api/v1/cases/{number}/grant"),
    (Method::DELETE, "/api/v1/cases/{number}/self-assignment"),
    (Method::DELETE, "/api/v1/cases/{number}/team/{email}"),
    (Method::POST, "/api/v1/cases/{number}/close"),
    (Method::DELETE, "/api/v1/sessions/{id}"),
    (Method::DELETE, "/api/v1/credentials/{id}"),
    (Method::DELETE, "/api/v1/orgs/{slug}/clients/{id}"),
    (
        Method::DELETE,
        "/api/v1/orgs/{slug}/clients/{id}/keys/{thumbprint}",
    ),
    (Method::POST, "/api/v1/orgs/{slug}/block"),
    (
        Method::POST,
        "/api/v1/orgs/{slug}/admins/{email}/deactivate",
    ),
    (Method::POST, "/api/v1/agents/{email}/deactivate"),
    (Method::PUT, "/scim/v2/Users/{id}"),
    (Method::PATCH, "/scim/v2/Users/{id}"),
    (Method::DELETE, "/scim/v2/Users/{id}"),
    (Method::PUT, "/scim/v2/Groups/{id}"),
    (Method::PATCH, "/scim/v2/Groups/{id}"),
];

/// Whether a call takes access away, by its method and pattern.
pub(crate) fn takes_away(parts: &Parts) -> bool {
    let pattern = parts.extensions.get::<MatchedPath>();
    let pattern = pattern.map_or("", MatchedPath::as_str);
    TAKING_AWAY
        .iter()
        .any(|(method, path)| *method == parts.method && *path == pattern)
}

/// Every bucket there is.
pub(crate) struct Limits {
    clock: Arc<dyn BootClock>,
    quotas: RateLimits,
    calls: Mutex<Buckets<Who>>,
    taking_away: Mutex<Buckets<Who>>,
    unauthenticated: Mutex<Buckets<IpAddr>>,
}

/// A bucket that was asked, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    policy: &'static str,
    pub(crate) quota: Quota,
    pub(crate) level: Level,
}

impl Limits {
    pub(crate) fn new(quotas: RateLimits, clock: Arc<dyn BootClock>) -> Self {
        Self {
            clock,
            quotas,
            calls: Mutex::new(Buckets::new(quotas.calls, MOST)),
            taking_away: Mutex::new(Buckets::new(quotas.calls, MOST)),
            unauthenticated: Mutex::new(Buckets::new(quotas.unauthenticated, MOST)),
        }
    }

    /// Counts a call of somebody.
    pub(crate) fn call(&self, actor: Actor, takes_away: bool) -> Counted {
        let (policy, buckets) = if takes_away {
            ("taking-away", &self.taking_away)
        } else {
            ("calls", &self.calls)
        };
        Counted {
            policy,
            quota: self.quotas.calls,
            level: locked(buckets).take(actor.into(), self.clock.now()),
        }
    }

    /// Counts a call of nobody.
    pub(crate) fn stranger(&self, parts: &Parts) -> Counted {
        let from = parts.extensions.get::<CalledFrom>();
        let address = from.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |from| from.address);
        Counted {
            policy: "unauthenticated",
            quota: self.quotas.unauthenticated,
            level: locked(&self.unauthenticated).take(network(address), self.clock.now()),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One customer of a provider has a whole /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let prefix = u128::from(v6) >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from(prefix))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// What was counted for a request, for whoever writes the response's headers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter(Arc<OnceLock<Counted>>);

impl Meter {
    /// Notes what was counted.
    pub(crate) fn note(parts: &Parts, counted: Counted) {
        if let Some(meter) = parts.extensions.get::<Self>() {
            // A request is counted once.
            let _ = meter.0.set(counted);
        }
    }

    /// What was counted; nothing for a call that counts for nobody.
    pub(crate) fn counted(&self) -> Option<Counted> {
        self.0.get().copied()
    }

    /// Says so in the headers (draft-ietf-httpapi-ratelimit-headers).
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
        const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
        let Some(Counted {
            policy,
            quota,
            level,
        }) = self.0.get()
        else {
            return;
        };
        let Quota { calls, seconds } = quota;
        let Level {
            allowed,
            remaining,
            full_in,
            retry_in,
        } = level;
        let mut write = |name, text: String| {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(name, value);
            }
        };
        write(POLICY, format!("\"{policy}\";q={calls};w={seconds}"));
        write(LIMIT, format!("\"{policy}\";r={remaining};t={full_in}"));
        if !allowed {
            write(header::RETRY_AFTER, retry_in.to_string());
        }
    }
}

impl Counted {
    /// What was asked for too often, in words.
    pub(crate) fn words(&self) -> String {
        let Quota { calls, seconds } = self.quota;
        format!("{calls} calls in {seconds} seconds")
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_count_by_what_one_subscriber_has() {
        let network = |text: &str| super::network(text.parse().unwrap());
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.7"));
        assert_ne!(network("192.0.2.7"), network("192.0.2.8"));
    }
}
