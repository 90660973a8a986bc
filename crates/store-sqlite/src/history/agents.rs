//! The agents who appear in an org's history: what people choose from when they look for one.

use std::{collections::BTreeSet, ops::Range};

use countersign_domain::{AdminId, AgentId, OrgId};
use countersign_entries::Written;
use countersign_store::{HistoryFilter, HistoryOrder, agent_terms};
use rusqlite::{Connection, params};

use super::{
    BLOCK, TAIL,
    index::{reach, size},
    key,
    lookups::Lookups,
    page::Budget,
    postings::{Postings, beginning},
};
use crate::fault::{Fault, column};

/// How many blocks are gone through at first, and at most, at a time: most meet in what is newest.
const WIDTH: Range<u64> = 8..512;

pub(crate) fn appearing(
    connection: &Connection,
    org: OrgId,
    opened_by: Option<AdminId>,
    budget: Budget,
) -> Result<Vec<AgentId>, Fault> {
    let (log, blocks) = reach(connection, org)?;
    let size = size(connection, org)?;
    let from = blocks.saturating_mul(BLOCK).max(size.saturating_sub(TAIL));
    let mut found = lately(connection, org, opened_by, from)?;
    if let Some(log) = log {
        let mut blocks_left = budget.blocks;
        for term in beginning(connection, log, &agent_terms())? {
            let agent: AgentId = term.parse()?;
            if !found.contains(&agent)
                && (opened_by.is_none()
                    || meets(connection, log, blocks, agent, opened_by, &mut blocks_left)?)
            {
                found.insert(agent);
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// Those in what the index does not have yet.
fn lately(
    connection: &Connection,
    org: OrgId,
    opened_by: Option<AdminId>,
    from: u64,
) -> Result<BTreeSet<AgentId>, Fault> {
    let mut lookups = Lookups::new(connection, org);
    let mut select = connection
        .prepare_cached("SELECT encoded FROM entries WHERE org = ? AND idx >= ? ORDER BY idx")?;
    let mut rows = select.query(params![key(org), column(from)])?;
    let mut found = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let encoded: Vec<u8> = row.get(0)?;
        let written = Written::read(&encoded)?;
        let facts = lookups.facts(&written)?;
        if opened_by.is_none() || facts.opened_by == opened_by {
            found.extend(facts.agent);
            found.extend(facts.concerned);
        }
    }
    Ok(found)
}

/// Whether some row is by both, as far as the budget lets that be seen.
fn meets(
    connection: &Connection,
    log: i64,
    blocks: u64,
    agent: AgentId,
    opened_by: Option<AdminId>,
    blocks_left: &mut u64,
) -> Result<bool, Fault> {
    let both = HistoryFilter {
        agent: Some(agent),
        opened_by,
        ..HistoryFilter::default()
    };
    let postings = Postings::new(connection, log, &both.clauses())?;
    let mut end = blocks;
    let mut width = WIDTH.start;
    while let Some(last) = end.checked_sub(1).filter(|_| *blocks_left > 0) {
        let nearest = postings.nearest(&(0..=last), HistoryOrder::NewestFirst)?;
        let Some(nearest) = nearest else {
            return Ok(false);
        };
        let first = nearest.saturating_sub(width - 1);
        *blocks_left = blocks_left.saturating_sub(width);
        let rows = postings.rows(&(first..=nearest))?;
        if rows
            .values()
            .any(|places| places.ascending().next().is_some())
        {
            return Ok(true);
        }
        end = first;
        width = width.saturating_mul(2).min(WIDTH.end);
    }
    Ok(false)
}
