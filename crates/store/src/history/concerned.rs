//! Whom giving, prolonging or taking away access concerned. Such an entry names the grant; who had
//! access by it is told by what its case had been through until then.

use std::collections::BTreeSet;

use countersign_domain::{AgentId, Event, GrantId, Timestamp};
use countersign_entries::Written;
use serde::Deserialize;

/// The kinds of a case's events that tell it.
pub const TELLING: [&str; 3] = ["access.granted", "case.team_joined", "case.team_left"];

/// An event of a case, of one of the [`TELLING`] kinds.
pub type CaseEvent = (Timestamp, Event);

/// Which of a case's events are needed to tell whom an entry concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concerned {
    /// None: this entry says it itself, or it concerned nobody.
    Said,
    /// Those of the entry's case that made or followed this grant.
    By(GrantId),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail {
    grant: Option<Ticked>,
    team: BTreeSet<AgentId>,
}

/// A grant that was made; where it is only named, nothing that is needed here.
#[derive(Deserialize)]
#[serde(untagged)]
enum Ticked {
    Whole { team: AtTick },
    Named(#[allow(dead_code, reason = "only its form counts")] serde::de::IgnoredAny),
}

#[derive(Deserialize)]
struct AtTick {
    at_tick: BTreeSet<AgentId>,
}

impl Concerned {
    /// What is needed for this entry.
    #[must_use]
    pub fn of(entry: &Written<'_>) -> Self {
        match (&*entry.kind, entry.grant) {
            ("access.extended" | "access.period_opened" | "access.revoked", Some(grant)) => {
                Self::By(grant)
            }
            _ => Self::Said,
        }
    }

    /// Whom the entry concerned; `events` are those needed, in their order.
    ///
    /// Nothing that comes later may change it, so what happened in the very moment of the entry is left
    /// out: there may be more of it to come.
    #[must_use]
    pub fn agents(self, entry: &Written<'_>, events: &[CaseEvent]) -> BTreeSet<AgentId> {
        match self {
            Self::Said => said(entry),
            Self::By(grant) => {
                let made = |(_, event): &CaseEvent| matches!(event, Event::Granted { grant: made, .. } if made.id == grant);
                let after = events.iter().skip_while(|event| !made(event));
                let before = after
                    .filter(|(at, event)| *at < entry.at || matches!(event, Event::Granted { .. }));
                followed(grant, before.map(|(_, event)| event))
            }
        }
    }
}

/// Who was given access, or was put on a case's team when it was opened.
fn said(entry: &Written<'_>) -> BTreeSet<AgentId> {
    if !matches!(&*entry.kind, "access.granted" | "case.opened") {
        return BTreeSet::new();
    }
    let detail: Detail = entry.detail_as().unwrap_or_default();
    match detail.grant {
        Some(Ticked::Whole { team }) => team.at_tick,
        _ => detail.team,
    }
}

/// Who has access by a grant: those on the team at the tick and, unless it is pinned to them, those who
/// joined since; without those who left (R5).
fn followed<'e>(of: GrantId, events: impl Iterator<Item = &'e Event>) -> BTreeSet<AgentId> {
    let mut agents = BTreeSet::new();
    let mut made = None;
    for event in events {
        match (event, made) {
            (Event::Granted { grant, .. }, None) if grant.id == of => {
                agents.clone_from(&grant.team.at_tick);
                made = Some(grant);
            }
            (Event::Granted { .. }, _) => break,
            (Event::TeamJoined { agent, .. }, Some(grant)) if grant.team.admits(*agent) => {
                agents.insert(*agent);
            }
            (Event::TeamLeft { agent, .. }, _) => _ = agents.remove(agent),
            _ => {}
        }
    }
    agents
}
