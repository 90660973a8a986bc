//! How much of what is tried in vain goes on the logs: enough for whoever reads one to see that it went on and
//! how often, and never so much that somebody could fill a log, or a process, by trying.

use std::collections::BTreeMap;

use crate::{AdminId, AgentId, CaseId, ClientId, CredentialId, Duration, OrgId, Timestamp};

/// In this time the same is said once.
pub const SAME_AGAIN: Duration = Duration::from_mins(1);
/// What is counted together.
pub const WINDOW: Duration = Duration::from_hours(1);
/// So much is said of one who tries, in an org and a window.
pub const MOST_OF_ONE: usize = 10;
/// So much is said in an org and a window, whoever tries.
pub const MOST_OF_AN_ORG: usize = 100;
/// So many who try are remembered, and so many of them give way when there are more: those who began longest ago.
const REMEMBERED: usize = 10_000;
const FORGOTTEN: usize = REMEMBERED / 10;

/// Who tries, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trier {
    /// A customer user.
    Admin(AdminId),
    /// An agent.
    Agent(AgentId),
    /// A service client.
    Client(ClientId),
    /// An operator with this token, or in the browser of this credential.
    Operator(CredentialId),
    /// A directory with this token.
    Directory(CredentialId),
    /// Somebody who would be let in as this customer user.
    As(AdminId),
}

/// What is tried, and why it comes to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vain {
    /// The case it is about.
    pub case: Option<CaseId>,
    /// The kind of the entry that it would have made.
    pub what: &'static str,
    /// The stable code of why not.
    pub code: &'static str,
}

/// What was said lately, and how much was left out. One for all orgs, in each process.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    ones: BTreeMap<(OrgId, Trier), OfOne>,
    orgs: BTreeMap<OrgId, OfOrg>,
}

#[derive(Clone, Debug)]
struct OfOne {
    since: Timestamp,
    said: Vec<(Vain, Timestamp)>,
    left_out: u64,
}

#[derive(Clone, Copy, Debug)]
struct OfOrg {
    since: Timestamp,
    said: usize,
}

impl Tally {
    /// Whether this is to be said at `now`: if so, how much by the same one was left out before it, since the
    /// last that was said.
    pub fn note(&mut self, org: OrgId, trier: Trier, vain: Vain, now: Timestamp) -> Option<u64> {
        self.make_room((org, trier), now);
        let whole = self.orgs.entry(org).or_insert(OfOrg {
            since: now,
            said: 0,
        });
        if is_over(whole.since, now) {
            *whole = OfOrg {
                since: now,
                said: 0,
            };
        }
        let one = self.ones.entry((org, trier)).or_insert_with(|| OfOne {
            since: now,
            said: vec![],
            left_out: 0,
        });
        if is_over(one.since, now) {
            one.since = now;
            one.said.clear();
        }
        let is_again =
            |(said, at): &(Vain, Timestamp)| *said == vain && now.since(*at) < SAME_AGAIN;
        let enough = one.said.len() >= MOST_OF_ONE || whole.said >= MOST_OF_AN_ORG;
        if enough || one.said.iter().any(is_again) {
            one.left_out = one.left_out.saturating_add(1);
            return None;
        }
        one.said.push((vain, now));
        whole.said += 1;
        Some(std::mem::take(&mut one.left_out))
    }

    /// What was to be said could not be written down: it counts among what was left out.
    pub fn unsaid(&mut self, org: OrgId, trier: Trier, left_out: u64) {
        if let Some(one) = self.ones.get_mut(&(org, trier)) {
            one.left_out = one.left_out.saturating_add(left_out).saturating_add(1);
        }
    }

    /// How many who try are remembered.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.ones.len()
    }

    fn make_room(&mut self, newcomer: (OrgId, Trier), now: Timestamp) {
        if self.ones.len() < REMEMBERED || self.ones.contains_key(&newcomer) {
            return;
        }
        self.ones
            .retain(|_, one| one.left_out > 0 || !is_over(one.since, now));
        self.orgs.retain(|_, whole| !is_over(whole.since, now));
        if self.ones.len() >= REMEMBERED {
            // Many at once, so that not each newcomer has all of them looked through.
            let mut since: Vec<Timestamp> = self.ones.values().map(|one| one.since).collect();
            let (_, latest, _) = since.select_nth_unstable(FORGOTTEN);
            let latest = *latest;
            self.ones.retain(|_, one| one.since > latest);
        }
    }
}

fn is_over(since: Timestamp, now: Timestamp) -> bool {
    now.since(since) >= WINDOW
}
