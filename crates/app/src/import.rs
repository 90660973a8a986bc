//! Importing many cases (R4). What is wrong with any of them refuses all of them, before anything
//! has changed. What is good is appended in small portions, so that an import holds up neither a
//! revocation nor the log; cases that are there already are left as they are, so that an import that
//! was cut off is simply repeated.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::{Actor, Case, CaseId, CaseNumber, Command, Event, Refusal, State, decide};
use countersign_store::{Key, Slice};

use crate::{
    App, Failure, OpenCase, OpenerRef,
    cases::{resolve, uuid},
    execute::Plan,
    people::for_operators,
};

/// How many cases are judged against one read.
const JUDGED: usize = 500;
/// How many are appended at once: some milliseconds of the store's time.
const APPENDED: usize = 50;
/// How often a portion is tried while others open the same cases.
const ATTEMPTS: usize = 16;

/// A case to import, and where it was found.
#[derive(Clone, Debug)]
pub struct ImportLine {
    /// The line, from 1.
    pub line: usize,
    /// The case; its number is not missing.
    pub case: OpenCase,
}

/// What an import came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many cases it opened.
    pub opened: usize,
    /// How many were there already.
    pub there: usize,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineError {
    /// A rule says no.
    Refused(Refusal),
    /// It has the number of an earlier line.
    NumberOfLine(usize),
}

/// Why an import did not happen, or not in full.
#[derive(Debug)]
pub enum ImportError {
    /// Nothing has changed: these lines are wrong.
    Wrong(Vec<(usize, LineError)>),
    /// A line that was good a moment ago is not any more. The lines before it are done.
    Stopped {
        /// Which line.
        line: usize,
        /// Why.
        refusal: Refusal,
        /// What is done.
        done: Imported,
    },
    /// It failed; what was done by then stays.
    Failed {
        /// Why.
        failure: Failure,
        /// What is done.
        done: Imported,
    },
}

impl<E: Into<Failure>> From<E> for ImportError {
    fn from(error: E) -> Self {
        Self::Failed {
            failure: error.into(),
            done: Imported::default(),
        }
    }
}

impl App {
    /// Whether the caller may import cases at all.
    ///
    /// # Errors
    /// Why not.
    pub fn may_import(&self, actor: Actor) -> Result<(), Refusal> {
        for_operators(actor)
    }

    /// Opens every case that is not there yet; for operators.
    ///
    /// # Errors
    /// See [`ImportError`].
    pub async fn import_cases(
        &self,
        actor: Actor,
        lines: &[ImportLine],
    ) -> Result<Imported, ImportError> {
        for_operators(actor)?;
        let mut wrong = twice(lines);
        for portion in lines.chunks(JUDGED) {
            let slice = self.store.load(&keys(portion)).await?;
            let there = Numbered::of(&slice.state);
            let probe = CaseId::from_uuid(uuid(self));
            for line in portion {
                if let Err(refusal) = judged(&slice, &there, &line.case, probe, actor) {
                    wrong.push((line.line, LineError::Refused(refusal)));
                }
            }
        }
        if !wrong.is_empty() {
            wrong.sort_by_key(|(line, _)| *line);
            return Err(ImportError::Wrong(wrong));
        }
        let mut done = Imported::default();
        for portion in lines.chunks(APPENDED) {
            let opened = self.append_portion(actor, portion, done).await?;
            done.opened += opened;
            done.there += portion.len() - opened;
        }
        Ok(done)
    }

    /// Answers with how many cases of the portion were opened.
    async fn append_portion(
        &self,
        actor: Actor,
        portion: &[ImportLine],
        done: Imported,
    ) -> Result<usize, ImportError> {
        let ids: Vec<_> = portion
            .iter()
            .map(|_| CaseId::from_uuid(uuid(self)))
            .collect();
        for _ in 0..ATTEMPTS {
            match self.try_portion(actor, portion, &ids, done).await {
                // Somebody else opened one of them a moment ago: it is there now, or is another's.
                Err(ImportError::Failed {
                    failure: Failure::Refused(Refusal::NumberTaken),
                    ..
                }) => {}
                result => return result,
            }
        }
        Err(ImportError::Failed {
            failure: Failure::Busy,
            done,
        })
    }

    async fn try_portion(
        &self,
        actor: Actor,
        portion: &[ImportLine],
        ids: &[CaseId],
        done: Imported,
    ) -> Result<usize, ImportError> {
        let mut stopped = None;
        let plan = |slice: &Slice| {
            let there = Numbered::of(&slice.state);
            let mut commands = vec![];
            for (line, id) in portion.iter().zip(ids) {
                match judged(slice, &there, &line.case, *id, actor) {
                    Ok(command) => commands.extend(command),
                    Err(refusal) => {
                        stopped = Some((line.line, refusal.clone()));
                        return Err(refusal.into());
                    }
                }
            }
            Ok(Plan {
                commands,
                makes: None,
                credential: None,
            })
        };
        let result = self.execute(actor, keys(portion), plan).await;
        match (result, stopped) {
            (Ok(portion), _) => Ok(opened(&portion.events)),
            (Err(_), Some((line, refusal))) => Err(ImportError::Stopped {
                line,
                refusal,
                done,
            }),
            (Err(failure), None) => Err(ImportError::Failed { failure, done }),
        }
    }
}

fn opened(events: &[Event]) -> usize {
    events
        .iter()
        .filter(|event| matches!(event, Event::CaseOpened { .. }))
        .count()
}

/// Lines with a number that an earlier line has.
fn twice(lines: &[ImportLine]) -> Vec<(usize, LineError)> {
    let mut first: BTreeMap<&CaseNumber, usize> = BTreeMap::new();
    let mut found = vec![];
    for ImportLine { line, case } in lines {
        if let Some(number) = &case.number
            && let Some(earlier) = first.get(number)
        {
            found.push((*line, LineError::NumberOfLine(*earlier)));
        } else if let Some(number) = &case.number {
            first.insert(number, *line);
        }
    }
    found
}

/// Everything that a portion names, each once.
fn keys(portion: &[ImportLine]) -> Vec<Key> {
    let cases = || portion.iter().map(|line| &line.case);
    let slugs: BTreeSet<_> = cases().map(|case| &case.org).collect();
    let mut agents: BTreeSet<_> = cases().flat_map(|case| &case.team).collect();
    let mut admins = BTreeSet::new();
    for case in cases() {
        match &case.opened_by {
            Some(OpenerRef::Admin(email)) => _ = admins.insert((&case.org, email)),
            Some(OpenerRef::Agent(email)) => _ = agents.insert(email),
            None => {}
        }
    }
    let numbers = cases().filter_map(|case| case.number.clone());
    let mut keys = vec![Key::CaseNumbers(numbers.collect())];
    keys.extend(slugs.into_iter().cloned().map(Key::Slug));
    keys.extend(agents.into_iter().cloned().map(Key::AgentEmail));
    keys.extend(
        admins
            .into_iter()
            .map(|(slug, email)| Key::AdminEmail(slug.clone(), email.clone())),
    );
    keys
}

/// The cases of a state by number.
struct Numbered<'a>(BTreeMap<&'a CaseNumber, &'a Case>);

impl<'a> Numbered<'a> {
    fn of(state: &'a State) -> Self {
        Self(state.cases().map(|case| (&case.number, case)).collect())
    }
}

/// The command that opens a case; none when it is there already, opened by the same person for the
/// same org under the same title.
fn judged(
    slice: &Slice,
    there: &Numbered<'_>,
    open: &OpenCase,
    id: CaseId,
    actor: Actor,
) -> Result<Option<Command>, Refusal> {
    let number = open.number.as_ref().ok_or(Refusal::NumberIsForOperators)?;
    let new = resolve(slice, open, id, number, actor)?;
    if let Some(known) = there.0.get(number) {
        let same = known.org == new.org
            && known.title == new.title
            && known.opened_by.who == new.opened_by;
        return if same {
            Ok(None)
        } else {
            Err(Refusal::NumberTaken)
        };
    }
    let command = Command::OpenCase(new);
    decide(&slice.state, &command, &actor, slice.now)?;
    Ok(Some(command))
}
