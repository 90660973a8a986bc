//! A batch of drafts as the database takes it: arrays with a place for each entry.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::{OrgId, SessionId, Timestamp};
use countersign_entries::{Sort, What};
use countersign_store::{Draft, Fence, Verdict};

use crate::{
    fault::{Fault, count},
    known::Known,
};
use countersign_store::alike::{Ends, judged};

/// Entries to be written, and what each draft comes to once they are.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// The sessions under which requests go on, and until when each is good.
    pub(crate) active: Vec<String>,
    pub(crate) good_until: Vec<i64>,
    pub(crate) idle: Vec<i64>,
    /// The entries.
    pub(crate) orgs: Vec<String>,
    pub(crate) types: Vec<&'static str>,
    /// The session where it is a request for a page that goes on.
    pub(crate) pages: Vec<Option<String>>,
    /// The session and the sort where it is a request.
    pub(crate) under: Vec<Option<String>>,
    pub(crate) sorts: Vec<Option<&'static str>>,
    pub(crate) befores: Vec<Vec<u8>>,
    pub(crate) afters: Vec<Vec<u8>>,
    slots: Vec<Slot>,
}

#[derive(Debug)]
enum Slot {
    Unknown,
    Entry { org: OrgId, fence: Option<Fence> },
}

impl Batch {
    /// With everything that is known going on; none when some request would not.
    pub(crate) fn of_good(known: &Known, drafts: &[Draft]) -> Option<Self> {
        let mut batch = Self::default();
        for id in asking(drafts) {
            let good = known.get(id)?.good?;
            batch.active.push(id.to_string());
            batch.good_until.push(good.until.as_millis());
            batch.idle.push(good.idle.as_millis());
        }
        for draft in drafts {
            known.get(draft.session())?;
            batch.add(known, draft, None);
        }
        Some(batch)
    }

    /// With each request judged.
    pub(crate) fn of_judged(
        known: &Known,
        fences: &BTreeMap<SessionId, Fence>,
        drafts: &[Draft],
    ) -> Self {
        let mut batch = Self::default();
        for id in asking(drafts) {
            if known.get(id).is_some() && !fences.contains_key(&id) {
                batch.active.push(id.to_string());
            }
        }
        for draft in drafts {
            batch.add(known, draft, fences.get(&draft.session()).copied());
        }
        batch
    }

    fn add(&mut self, known: &Known, draft: &Draft, fence: Option<Fence>) {
        let Some(under) = known.get(draft.session()) else {
            self.slots.push(Slot::Unknown);
            return;
        };
        let (what, fence) = judged(draft, fence);
        let (before, after) = under.frame.around(&what);
        self.orgs.push(under.org.to_string());
        self.types.push(what.name());
        let page = matches!(&what, What::Request(line) if line.page);
        self.pages.push(page.then(|| draft.session().to_string()));
        let sort = what.sort();
        self.under.push(sort.map(|_| draft.session().to_string()));
        self.sorts.push(sort.map(column_of));
        self.befores.push(before);
        self.afters.push(after);
        let org = under.org;
        self.slots.push(Slot::Entry { org, fence });
    }

    /// The verdicts, in order, and where the logs end, given where they ended before: in ascending
    /// order of their orgs.
    pub(crate) fn verdicts(
        &self,
        firsts: &[i64],
        at: Timestamp,
    ) -> Result<(Vec<Verdict>, Ends), Fault> {
        let orgs: BTreeSet<&String> = self.orgs.iter().collect();
        if orgs.len() != firsts.len() {
            return Err(Fault::Damaged("an org has no log".to_owned()));
        }
        let mut ends = Ends::new();
        for (org, first) in orgs.iter().zip(firsts) {
            ends.insert(org.parse()?, count(*first)?);
        }
        let mut verdicts = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            verdicts.push(match slot {
                Slot::Unknown => Verdict::Fenced(Fence::UnknownSession),
                Slot::Entry { org, fence } => {
                    let end = ends.entry(*org).or_default();
                    let index = *end;
                    *end = index.saturating_add(1);
                    match fence {
                        Some(fence) => Verdict::Fenced(*fence),
                        None => Verdict::Recorded {
                            org: *org,
                            index,
                            at,
                        },
                    }
                }
            });
        }
        Ok((verdicts, ends))
    }
}

/// The column of a session in which requests of a sort are counted.
fn column_of(sort: Sort) -> &'static str {
    match sort {
        Sort::Page => "pages",
        Sort::Further => "further",
        Sort::Declared => "declared",
        Sort::Refused => "refused",
    }
}

/// The sessions under which requests are to go on. A request that passes keeps its session from
/// going idle, so all of a batch are judged alike.
pub(crate) fn asking(drafts: &[Draft]) -> BTreeSet<SessionId> {
    drafts
        .iter()
        .filter(|draft| matches!(draft, Draft::Request { .. }))
        .map(Draft::session)
        .collect()
}
