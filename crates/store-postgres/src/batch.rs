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
    /// The logs, in ascending order of their orgs, and how many entries come to each.
    pub(crate) orgs: Vec<String>,
    pub(crate) sizes: Vec<i64>,
    /// The entries: the place of each one's log, from 1, and which of that log's entries it is, from 1.
    pub(crate) places: Vec<i32>,
    pub(crate) nths: Vec<i64>,
    pub(crate) types: Vec<&'static str>,
    pub(crate) befores: Vec<Vec<u8>>,
    pub(crate) afters: Vec<Vec<u8>>,
    pub(crate) under: Under,
    slots: Vec<Slot>,
}

/// The sessions under which something was asked for.
#[derive(Debug, Default)]
pub(crate) struct Under {
    pub(crate) ids: Vec<String>,
    /// The place of each one's log.
    pub(crate) places: Vec<i32>,
    /// Whether what was asked for goes on.
    pub(crate) goes_on: Vec<bool>,
    /// Which of the log's entries is the last request for a page.
    pub(crate) last_pages: Vec<Option<i64>>,
    /// How many there were of each sort.
    pub(crate) pages: Vec<i64>,
    pub(crate) further: Vec<i64>,
    pub(crate) declared: Vec<i64>,
    pub(crate) refused: Vec<i64>,
}

/// What is known of one of them while entries are added.
#[derive(Debug, Default)]
struct Asked {
    place: i32,
    last_page: Option<i64>,
    of: [i64; 4],
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
        if drafts
            .iter()
            .any(|draft| known.get(draft.session()).is_none())
        {
            return None;
        }
        batch.add(known, &BTreeMap::new(), drafts);
        Some(batch)
    }

    /// With each request judged.
    pub(crate) fn of_judged(
        known: &Known,
        fences: &BTreeMap<SessionId, Fence>,
        drafts: &[Draft],
    ) -> Self {
        let mut batch = Self::default();
        batch.add(known, fences, drafts);
        batch
    }

    fn add(&mut self, known: &Known, fences: &BTreeMap<SessionId, Fence>, drafts: &[Draft]) {
        let mut logs: BTreeMap<OrgId, (i32, i64)> = drafts
            .iter()
            .filter_map(|draft| known.get(draft.session()))
            .map(|under| (under.org, (0, 0)))
            .collect();
        for ((_, (place, _)), number) in logs.iter_mut().zip(1..) {
            *place = number;
        }
        let mut asked: BTreeMap<SessionId, Asked> = BTreeMap::new();
        for draft in drafts {
            let id = draft.session();
            let fence = fences.get(&id).copied();
            let of = known.get(id);
            let Some((under, (place, size))) =
                of.and_then(|under| Some((under, logs.get_mut(&under.org)?)))
            else {
                self.slots.push(Slot::Unknown);
                continue;
            };
            *size = size.saturating_add(1);
            let (what, fence) = judged(draft, fence);
            let (before, after) = under.frame.around(&what);
            self.places.push(*place);
            self.nths.push(*size);
            self.types.push(what.name());
            self.befores.push(before);
            self.afters.push(after);
            if let Some(sort) = what.sort() {
                let asked = asked.entry(id).or_default();
                asked.place = *place;
                asked.count(sort);
                if matches!(&what, What::Request(line) if line.page) {
                    asked.last_page = Some(*size);
                }
            }
            let org = under.org;
            self.slots.push(Slot::Entry { org, fence });
        }
        for (org, (_, size)) in logs {
            self.orgs.push(org.to_string());
            self.sizes.push(size);
        }
        let going: BTreeSet<SessionId> = asking(drafts)
            .into_iter()
            .filter(|id| !fences.contains_key(id))
            .collect();
        for (id, asked) in asked {
            self.under.push(id, going.contains(&id), &asked);
        }
    }

    /// The verdicts, in order, and where the logs end, given where they ended before: in ascending
    /// order of their orgs.
    pub(crate) fn verdicts(
        &self,
        firsts: &[i64],
        at: Timestamp,
    ) -> Result<(Vec<Verdict>, Ends), Fault> {
        if self.orgs.len() != firsts.len() {
            return Err(Fault::Damaged("an org has no log".to_owned()));
        }
        let mut ends = Ends::new();
        for (org, first) in self.orgs.iter().zip(firsts) {
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

impl Asked {
    fn count(&mut self, sort: Sort) {
        let [pages, further, declared, refused] = &mut self.of;
        let count = match sort {
            Sort::Page => pages,
            Sort::Further => further,
            Sort::Declared => declared,
            Sort::Refused => refused,
        };
        *count = count.saturating_add(1);
    }
}

impl Under {
    fn push(&mut self, id: SessionId, goes_on: bool, asked: &Asked) {
        let [pages, further, declared, refused] = asked.of;
        self.ids.push(id.to_string());
        self.places.push(asked.place);
        self.goes_on.push(goes_on);
        self.last_pages.push(asked.last_page);
        self.pages.push(pages);
        self.further.push(further);
        self.declared.push(declared);
        self.refused.push(refused);
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
