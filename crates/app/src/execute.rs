//! Load, decide, append, wait until effective: what every command goes through.

use std::fmt::Display;

use countersign_domain::{
    Actor, Case, CaseId, CaseNumber, Command, Event, Refusal, State, Timestamp, decide,
};
use countersign_node::Effective;
use countersign_store::{
    Append, AppendError, Key, NewCredential, NewKept, NewPasskey, Position, Recorded, Slice,
    Unavailable, Unique, Version,
};

use crate::{App, Failure, Made, app::caller};

/// How often a command is decided again because what it was decided on has moved.
const ATTEMPTS: usize = 64;
/// The same for one that takes away: others give way to it, and it is not to be put off.
const TAKING_AWAY: usize = 256;
/// How often the store may leave open whether it has persisted, before it is taken for broken.
const LEFT_OPEN: usize = 3;
/// How many events are read at once when looking for what may have been persisted.
const PAGE: usize = 512;

/// Commands that happen together or not at all, and what goes with them.
pub(crate) struct Plan {
    pub(crate) commands: Vec<Command>,
    /// What they make, if that is something with an id of its own.
    pub(crate) makes: Option<Key>,
    pub(crate) credential: Option<NewCredential>,
}

/// Events of an append whose answer was lost, and what there was before it.
struct Lost {
    after: Position,
    events: Vec<Event>,
}

impl From<Command> for Plan {
    fn from(command: Command) -> Self {
        Self {
            commands: vec![command],
            makes: None,
            credential: None,
        }
    }
}

/// A command that went through.
pub(crate) struct Done {
    /// The state afterwards, as far as it was loaded.
    pub(crate) state: State,
    /// The time it was decided at or recorded.
    pub(crate) now: Timestamp,
    /// What happened; nothing when all was so already.
    pub(crate) events: Vec<Event>,
    /// How it became effective everywhere, if it took something away.
    pub(crate) effective: Option<Effective>,
}

impl App {
    /// Runs the command that `plan` makes of what the keys load. The plan is made again whenever
    /// something it was decided on has moved (R2).
    pub(crate) async fn execute(
        &self,
        actor: Actor,
        keys: Vec<Key>,
        plan: impl FnMut(&Slice) -> Result<Plan, Failure> + Send,
    ) -> Result<Done, Failure> {
        let done = self
            .run(actor, keys, None, plan, |_, _| Ok(((), None)))
            .await?;
        Ok(done.0)
    }

    /// The same, with the passkey that is stored with its event.
    pub(crate) async fn execute_with(
        &self,
        actor: Actor,
        keys: Vec<Key>,
        passkey: &NewPasskey,
        plan: impl FnMut(&Slice) -> Result<Plan, Failure> + Send,
    ) -> Result<Done, Failure> {
        let done = self
            .run(actor, keys, Some(passkey), plan, |_, _| Ok(((), None)))
            .await?;
        Ok(done.0)
    }

    /// The same for a call that makes something: answers with what `made` finds in the state
    /// afterwards, and keeps that answer if the call is one that may be repeated.
    pub(crate) async fn make<T: Clone + Into<Made> + Send>(
        &self,
        actor: Actor,
        keys: Vec<Key>,
        plan: impl FnMut(&Slice) -> Result<Plan, Failure> + Send,
        made: impl Fn(&State, Timestamp) -> Result<T, Failure> + Send + Sync,
    ) -> Result<T, Failure> {
        let answer = |slice: &Slice, events: &[Event]| {
            let mut state = slice.state.clone();
            for event in events {
                state.evolve(slice.now, event);
            }
            let made = made(&state, slice.now)?;
            let kept = self
                .once
                .as_ref()
                .map(|once| once.keep(&made.clone().into(), slice.now, self.ports.random()))
                .transpose()?;
            Ok((made, kept))
        };
        let done = self.run(actor, keys, None, plan, answer).await?;
        Ok(done.1)
    }

    async fn run<T: Send>(
        &self,
        actor: Actor,
        mut keys: Vec<Key>,
        passkey: Option<&NewPasskey>,
        mut plan: impl FnMut(&Slice) -> Result<Plan, Failure> + Send,
        answer: impl Fn(&Slice, &[Event]) -> Result<(T, Option<NewKept>), Failure> + Send + Sync,
    ) -> Result<(Done, T), Failure> {
        keys.extend(caller(actor));
        let mut claim = None;
        let mut lost: Option<Lost> = None;
        let mut attempts = 0;
        let mut most = ATTEMPTS;
        let mut left_open = 0;
        // Whatever the number of attempts, nobody goes away without having looked.
        while lost.is_some() || attempts < most {
            let mut slice = match lost.take() {
                None => self.store.load(&keys).await?,
                Some(lost) => match self.look_again(&keys, &lost, &actor).await {
                    Ok((slice, None)) => slice,
                    Ok((slice, Some(at))) => {
                        return self.found_done(slice, lost.events, at, answer).await;
                    }
                    Err(error) => return Err(self.outcome_unknown(&lost.events, error)),
                },
            };
            let Plan {
                commands,
                makes,
                credential,
            } = plan(&slice)?;
            let events = decided(&slice, &commands, &actor)?;
            if let Some(as_read) = &self.as_read {
                as_read.holds(&slice.state, slice.now)?;
            }
            let cases: Vec<CaseId> = slice.state.cases().map(|case| case.id).collect();
            if commands.iter().any(Command::takes_away) {
                most = TAKING_AWAY;
                // Only now: what is refused claims nothing.
                claim.get_or_insert_with(|| self.precedence.claim(cases));
            } else if self.precedence.give_way(&cases).await {
                continue;
            }
            attempts += 1;
            let (answer, kept) = answer(&slice, &events)?;
            if events.is_empty() {
                self.settled(&slice).await?;
                let done = Done {
                    state: slice.state,
                    now: slice.now,
                    events,
                    effective: None,
                };
                return Ok((done, answer));
            }
            // Looking again has shown each time that it was not persisted, and never will be.
            if left_open == LEFT_OPEN {
                return Err(Failure::Unavailable(
                    "the store goes on failing to commit".to_owned(),
                ));
            }
            let mut read = std::mem::take(&mut slice.versions);
            for stream in events.iter().map(Event::stream) {
                if !read.iter().any(|(named, _)| *named == stream) {
                    read.push((stream, Version::NONE));
                }
            }
            let append = Append {
                actor,
                at: slice.now,
                read: &read,
                events: &events,
                credentials: credential.as_slice(),
                kept: kept.as_ref(),
                passkey,
            };
            let appended = match self.store.append(append).await {
                Ok(appended) => appended,
                Err(AppendError::Conflict) => continue,
                Err(AppendError::Unknown(error)) => {
                    tracing::warn!(error, "looking again whether a change was persisted");
                    left_open += 1;
                    keys.extend(makes);
                    let after = slice.head;
                    lost = Some(Lost { after, events });
                    continue;
                }
                Err(error) => return Err(not_appended(&error)),
            };
            let effective = self.took_effect(&events, appended.position, &slice).await?;
            for event in &events {
                slice.state.evolve(appended.at, event);
            }
            let done = Done {
                state: slice.state,
                now: appended.at,
                events,
                effective,
            };
            return Ok((done, answer));
        }
        Err(Failure::Busy)
    }

    /// Loads again after an append whose answer was lost, once that is over; with where it ends on the tail if
    /// it has been persisted. Its events went in together, so all of them stand one behind the other; some
    /// of them can also be what another call came to.
    async fn look_again(
        &self,
        keys: &[Key],
        lost: &Lost,
        actor: &Actor,
    ) -> Result<(Slice, Option<Position>), Unavailable> {
        self.store.settle().await?;
        let slice = self.store.load(keys).await?;
        let mut after = lost.after;
        let mut since: Vec<Recorded> = vec![];
        while after < slice.head {
            let page = self.store.tail(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.position;
            since.extend(page);
        }
        let are_these = |stand: &&[Recorded]| {
            let same = |(stands, event): (&Recorded, &Event)| {
                stands.actor == *actor && stands.event == *event
            };
            stand.iter().zip(&lost.events).all(same)
        };
        let mut places = since.windows(lost.events.len().max(1));
        let place = places.find(are_these).and_then(<[Recorded]>::last);
        let position = place.map(|last| last.position);
        Ok((slice, position))
    }

    /// Neither that it happened nor that it did not can be said. Until it can, this process serves nothing that
    /// may have been taken away.
    fn outcome_unknown(&self, events: &[Event], error: Unavailable) -> Failure {
        if events.iter().any(Event::takes_away) {
            self.node.doubt();
        }
        Failure::OutcomeUnknown {
            takes_away: events.iter().any(ends_access),
            why: error.0,
        }
    }

    /// What an append made whose answer was lost is there: it was persisted.
    async fn found_done<T>(
        &self,
        slice: Slice,
        events: Vec<Event>,
        position: Position,
        answer: impl Fn(&Slice, &[Event]) -> Result<(T, Option<NewKept>), Failure>,
    ) -> Result<(Done, T), Failure> {
        if self.once.is_some() {
            return Err(Failure::Kept);
        }
        let effective = self.took_effect(&events, position, &slice).await?;
        let (answer, _) = answer(&slice, &[]).map_err(recorded)?;
        let done = Done {
            state: slice.state,
            now: slice.now,
            events,
            effective,
        };
        Ok((done, answer))
    }

    /// Waits until events that are committed up to `position` are in effect everywhere, if they take
    /// something away; others wait as any answer does that is made from the slice.
    async fn took_effect(
        &self,
        events: &[Event],
        position: Position,
        slice: &Slice,
    ) -> Result<Option<Effective>, Failure> {
        let takes_away = events.iter().any(Event::takes_away);
        let awaited = if takes_away { position } else { slice.barrier };
        let effective = self.node.wait_effective(awaited).await.map_err(recorded)?;
        Ok(takes_away.then_some(effective))
    }

    /// An answer made from `slice` may say that access is gone, so it waits for the same barrier
    /// as the command that took it (R12).
    pub(crate) async fn settled(&self, slice: &Slice) -> Result<(), Failure> {
        self.node
            .wait_effective(slice.barrier)
            .await
            .map(|_| ())
            .map_err(Failure::from)
    }
}

/// Every event of commands that happen one after the other.
fn decided(slice: &Slice, commands: &[Command], actor: &Actor) -> Result<Vec<Event>, Refusal> {
    if let [command] = commands {
        return decide(&slice.state, command, actor, slice.now);
    }
    let mut state = slice.state.clone();
    let mut events = vec![];
    for command in commands {
        let more = decide(&state, command, actor, slice.now)?;
        for event in &more {
            state.evolve(slice.now, event);
        }
        events.extend(more);
    }
    Ok(events)
}

/// Whether somebody who asked for this wants to know above all that access has ended.
fn ends_access(event: &Event) -> bool {
    match event {
        // What these end is ended by events of its own.
        Event::UpstreamSet { .. } | Event::SelfAssignmentRequested { .. } => false,
        Event::CredentialRevoked { .. } => true,
        other => other.takes_away(),
    }
}

/// Of what fails behind a change that is recorded.
pub(crate) fn recorded(error: impl Display) -> Failure {
    Failure::EffectUnknown(error.to_string())
}

fn not_appended(error: &AppendError) -> Failure {
    match error {
        AppendError::Kept => Failure::Kept,
        AppendError::Taken(Unique::CaseNumber) => Refusal::NumberTaken.into(),
        AppendError::Taken(Unique::Host) => Refusal::HostTaken.into(),
        AppendError::Taken(Unique::Slug) => Refusal::SlugTaken.into(),
        AppendError::Taken(Unique::Email) => Refusal::EmailTaken.into(),
        AppendError::Taken(Unique::Passkey) => Refusal::PasskeyTaken.into(),
        AppendError::Conflict | AppendError::Unknown(_) => Failure::Busy,
        AppendError::Unnamed(_) | AppendError::NotPersisted(_) => {
            Failure::Unavailable(error.to_string())
        }
    }
}

/// The case with this number in a slice.
pub(crate) fn case_numbered<'a>(
    state: &'a State,
    number: &CaseNumber,
) -> Result<&'a Case, Refusal> {
    state
        .cases()
        .find(|case| case.number == *number)
        .ok_or(Refusal::CaseNotFound)
}
