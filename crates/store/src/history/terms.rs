//! What an index behind the log is made of: a row has terms, and a filter says which it must have.

use std::{borrow::Cow, collections::BTreeSet};

use countersign_domain::AgentId;
use countersign_entries::Sort;

use super::{Facts, HistoryFilter, Requests, search::words};

/// Every row has it.
const ROW: &str = "row";
/// A row with more words than are kept of it; it has to be read for any word.
pub(super) const LONG: &str = "long";
/// A request for a page of its own.
const PAGE: &str = "page";
/// A request that could change something and passed.
const DECLARED: &str = "declared";

/// How many words of a row are kept. The targets of requests are the work of whoever is being
/// watched: one that is made of words must not fill the index, and must not hide in it.
const MOST_WORDS: usize = 64;
/// How many letters of a word are kept.
const WORD: usize = 32;
/// How many letters of a word stand for all words that begin alike.
const HEAD: usize = 3;

/// A row that the filter admits has one of these terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Terms.
    pub any: Vec<String>,
    /// Beginnings of terms.
    pub begins: Option<Begins>,
}

/// Beginnings of terms, of which a row has both. Where many terms begin with the first, fewer begin
/// with the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begins {
    /// Of words.
    pub words: String,
    /// Of what words begin with.
    pub heads: String,
}

impl Facts<'_> {
    /// The terms of this row.
    #[must_use]
    pub fn terms(&self) -> BTreeSet<String> {
        let entry = self.entry;
        let mut terms = of_texts(&entry.texts());
        terms.insert(ROW.to_owned());
        terms.insert(kind(&entry.kind));
        terms.extend(entry.case.as_ref().map(|case| case.id.to_string()));
        terms.extend(entry.session.map(|session| session.to_string()));
        terms.extend(self.agent.map(|agent| agent.to_string()));
        terms.extend(self.concerned.iter().map(ToString::to_string));
        match entry.sort() {
            Some(Sort::Page) => _ = terms.insert(PAGE.to_owned()),
            Some(Sort::Declared) => _ = terms.insert(DECLARED.to_owned()),
            Some(Sort::Further | Sort::Refused) | None => {}
        }
        terms.extend(self.opened_by.map(|admin| admin.to_string()));
        terms
    }
}

/// The beginning that the terms of agents have, and no others.
#[must_use]
pub fn agent_terms() -> String {
    format!("{}_", AgentId::PREFIX)
}

impl HistoryFilter {
    /// What every row that this admits has among its terms; at least one clause.
    #[must_use]
    pub fn clauses(&self) -> Vec<Clause> {
        let one = |term: String| Clause {
            any: vec![term],
            begins: None,
        };
        let mut clauses: Vec<Clause> = [
            self.opened_by.map(|id| id.to_string()),
            self.case.map(|id| id.to_string()),
            self.agent.map(|id| id.to_string()),
            self.own.map(|id| id.to_string()),
            self.session.map(|id| id.to_string()),
        ]
        .into_iter()
        .flatten()
        .map(one)
        .collect();
        if !self.kinds.is_empty() {
            clauses.push(Clause {
                any: self.kinds.iter().map(|name| kind(name)).collect(),
                begins: None,
            });
        }
        clauses.extend(self.requests.map(|sort| Clause {
            any: match sort {
                Requests::Pages => vec![PAGE.to_owned()],
                Requests::Further => vec![kind("request")],
                Requests::Declared => vec![DECLARED.to_owned()],
                Requests::Attempts => vec![DECLARED.to_owned(), kind("request.refused")],
            },
            begins: None,
        }));
        clauses.extend(self.search.iter().flat_map(super::search::Search::clauses));
        if clauses.is_empty() {
            clauses.push(one(ROW.to_owned()));
        }
        clauses
    }
}

fn kind(name: &str) -> String {
    format!("kind:{name}")
}

pub(super) fn word(text: &str) -> String {
    format!("word:{}", first(text, WORD))
}

pub(super) fn head(text: &str) -> String {
    format!("head:{}", first(text, HEAD))
}

pub(super) fn of_texts(texts: &[Cow<'_, str>]) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    let mut kept = 0;
    for text in texts.iter().flat_map(|text| words(text)) {
        let word = word(&text);
        if terms.contains(&word) {
            continue;
        }
        if kept == MOST_WORDS {
            terms.insert(LONG.to_owned());
            break;
        }
        kept += 1;
        terms.insert(head(&text));
        terms.insert(word);
    }
    terms
}

/// The first letters of a text.
fn first(text: &str, letters: usize) -> &str {
    let end = text.char_indices().nth(letters).map(|(at, _)| at);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}
