//! Load, decide, append, wait until effective: what every command goes through.

use countersign_domain::{
    Actor, Case, CaseId, CaseNumber, Command, Event, Refusal, State, StreamId, Timestamp, decide,
};
use countersign_node::Effective;
use countersign_store::{
    Append, AppendError, Key, NewCredential, NewPasskey, Slice, Unique, Version,
};

use crate::{App, Failure, app::caller};

/// How often a command is decided again because what it was decided on has moved.
const ATTEMPTS: usize = 64;
/// The same for one that takes away: others give way to it, and it is not to be put off.
const TAKING_AWAY: usize = 256;

/// A command and what goes with it.
pub(crate) struct Plan {
    pub(crate) command: Command,
    pub(crate) creates: Option<StreamId>,
    pub(crate) credential: Option<NewCredential>,
}

impl From<Command> for Plan {
    fn from(command: Command) -> Self {
        Self {
            command,
            creates: None,
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
        self.execute_with(actor, keys, None, plan).await
    }

    /// The same, with the passkey that is stored with its event.
    pub(crate) async fn execute_with(
        &self,
        actor: Actor,
        mut keys: Vec<Key>,
        passkey: Option<&NewPasskey>,
        mut plan: impl FnMut(&Slice) -> Result<Plan, Failure> + Send,
    ) -> Result<Done, Failure> {
        keys.extend(caller(actor));
        let mut claim = None;
        let mut attempts = 0;
        let mut most = ATTEMPTS;
        while attempts < most {
            let mut slice = self.store.load(&keys).await?;
            let Plan {
                command,
                creates,
                credential,
            } = plan(&slice)?;
            let events = decide(&slice.state, &command, &actor, slice.now)?;
            let cases: Vec<CaseId> = slice.state.cases().map(|case| case.id).collect();
            if command.takes_away() {
                most = TAKING_AWAY;
                // Only now: what is refused claims nothing.
                claim.get_or_insert_with(|| self.precedence.claim(cases));
            } else if self.precedence.give_way(&cases).await {
                continue;
            }
            attempts += 1;
            if events.is_empty() {
                self.settled(&slice).await?;
                return Ok(Done {
                    state: slice.state,
                    now: slice.now,
                    events,
                    effective: None,
                });
            }
            let mut read = std::mem::take(&mut slice.versions);
            for stream in creates.into_iter().chain(events.iter().map(Event::stream)) {
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
                passkey,
            };
            let appended = match self.store.append(append).await {
                Ok(appended) => appended,
                // A lost answer is settled by looking again: what was persisted conflicts or is
                // found done.
                Err(AppendError::Conflict | AppendError::Unknown(_)) => continue,
                Err(AppendError::Taken(Unique::CaseNumber)) => {
                    return Err(Refusal::NumberTaken.into());
                }
                Err(AppendError::Taken(Unique::Slug)) => return Err(Refusal::SlugTaken.into()),
                Err(AppendError::Taken(Unique::Email)) => return Err(Refusal::EmailTaken.into()),
                Err(AppendError::Taken(Unique::Passkey)) => {
                    return Err(Refusal::PasskeyTaken.into());
                }
                Err(error @ (AppendError::Unnamed(_) | AppendError::NotPersisted(_))) => {
                    return Err(Failure::Unavailable(error.to_string()));
                }
            };
            let takes_away = events.iter().any(Event::takes_away);
            let effective = if takes_away {
                Some(
                    self.node
                        .wait_effective(appended.position)
                        .await
                        .map_err(|error| Failure::EffectUnknown(error.0))?,
                )
            } else {
                self.settled(&slice).await?;
                None
            };
            for event in &events {
                slice.state.evolve(appended.at, event);
            }
            return Ok(Done {
                state: slice.state,
                now: appended.at,
                events,
                effective,
            });
        }
        Err(Failure::Busy)
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
