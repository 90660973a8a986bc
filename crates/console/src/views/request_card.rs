//! One request for impersonation, as an approver sees it (R8 to R14).

use super::reads::{ChangedRules, read_only};
use countersign_web::{
    chip::{Chip, Tone},
    messages::{Lang, Text},
    person::{Person, names},
    text::UserText,
    time::{Moment, Remaining},
};

/// Who opened a case, and on whose word the page says so (R4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opener {
    /// The person.
    pub person: Person,
    /// Said by the vendor's case tracker, not by that person's own act.
    pub according_to_vendor: bool,
    /// Whether it is an agent of the vendor rather than an admin of the org.
    pub is_agent: bool,
}

/// Where a request stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// Waiting for a tick.
    Requested,
    /// Access is open.
    Live {
        /// The end.
        until: Moment,
        /// The time left.
        left: Remaining,
        /// Who ticked.
        granted_by: Person,
        /// When.
        granted_at: Moment,
        /// Whether it ends within half an hour.
        soon: bool,
    },
    /// The time is over.
    Expired {
        /// The end.
        at: Moment,
        /// `expired 2 h ago`, from [`countersign_web::time::time_left`].
        age: Text,
        /// Who ticked.
        granted_by: Person,
    },
    /// An approver, or a rule, took it away.
    Revoked {
        /// When.
        at: Moment,
        /// By what.
        why: Removed,
        /// Whose act that was; `None` when it was no admin's of the org.
        by: Option<Person>,
    },
}

/// What took access away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// The box was unticked.
    Unticked,
    /// Everything was blocked.
    Block,
    /// The approval of the self-assigned case was withdrawn.
    ApprovalWithdrawn,
    /// The vendor put the agent who opened the case on it.
    BecameSelfAssigned,
    /// The case was closed.
    CaseClosed,
    /// The vendor's database lost something, perhaps that it was taken away.
    HistoryLost,
    /// The vendor lets through what was refused when the customer ticked.
    RulesWidened,
}

/// Whether the reader may change the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// The box can be changed.
    Possible,
    /// It cannot, and why.
    Impossible(CannotGrant),
}

/// Why a request cannot be granted now (R9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotGrant {
    /// No agent is on the case's team (R5).
    NoAgentOnTeam,
    /// The case is self-assigned and not approved (R6).
    SelfAssignmentNotApproved,
    /// A super admin has blocked all support access (R15).
    Blocked,
    /// There is no active admin to act as (R8).
    NoSubject,
    /// The org lets super admins only approve.
    SuperAdminsOnly,
    /// That the reader opened the case is the vendor's word, and the org does not take that (R4).
    OpenerNotAttested,
    /// The reader is neither a super admin nor the admin who opened the case.
    NotApprover,
    /// The org is claimed, and the reader or their sign-in has not been accepted (R3).
    NotAccepted,
}

impl CannotGrant {
    /// Why access that is live cannot be changed: neither cleared nor extended.
    pub fn sentence_while_live(self, t: &Lang) -> Text {
        match self {
            Self::SuperAdminsOnly | Self::OpenerNotAttested => t.cannot_remove_super_admins_only(),
            Self::NotApprover => t.cannot_remove_not_approver(),
            // These keep nobody from clearing a box; should one meet a live grant all the same,
            // the page claims nothing about it.
            Self::NoAgentOnTeam
            | Self::SelfAssignmentNotApproved
            | Self::Blocked
            | Self::NoSubject
            | Self::NotAccepted => t.cannot_change_now(),
        }
    }

    /// The reason, and what would change it.
    pub fn sentence(self, t: &Lang) -> Text {
        match self {
            Self::NoAgentOnTeam => t.cannot_no_agent(),
            Self::SelfAssignmentNotApproved => t.cannot_self_assigned(),
            Self::Blocked => t.cannot_blocked(),
            Self::NoSubject => t.cannot_no_subject(),
            Self::NotAccepted => t.cannot_not_accepted(),
            Self::SuperAdminsOnly => t.cannot_super_admins_only(),
            Self::OpenerNotAttested => t.cannot_not_attested(),
            Self::NotApprover => t.cannot_not_approver(),
        }
    }
}

/// The link "Extend access by 1 day" (R13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extend {
    /// There is nothing to extend: never granted, or revoked.
    Hidden,
    /// The org has switched extending off.
    SwitchedOff,
    /// It can be clicked; access would then end at this instant.
    Possible {
        /// The end after a click now.
        until: Moment,
    },
    /// It would give access again that is over.
    Again {
        /// The end after a click now.
        until: Moment,
        /// Who could look inside.
        who: Vec<Person>,
        /// Whom support would act as: whoever the grant was for.
        subject: Person,
        /// Whether that is the reader.
        subject_is_you: bool,
        /// Whether whoever joins the case later could look in too.
        joiners: bool,
    },
    /// It cannot, and why.
    Impossible(CannotExtend),
}

/// Why access cannot be extended now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotExtend {
    /// It would add less than a minute.
    AlreadyAFullDay,
    /// The vendor lets through more than when this was granted; what is left is a tick.
    RulesWidened,
    /// Granting is impossible too, for the reason next to the box.
    NotGrantable,
    /// No agent is on the case's team any more, while access is live (R5).
    NoAgentOnTeam,
    /// The reader or their sign-in has not been accepted, while access is live (R3).
    NotAccepted,
}

impl CannotExtend {
    /// The reason, and what would change it.
    pub fn sentence(self, t: &Lang) -> Text {
        match self {
            Self::AlreadyAFullDay => t.extend_already(),
            Self::RulesWidened => t.extend_widened(),
            Self::NotGrantable => t.extend_not_now(),
            Self::NoAgentOnTeam => t.extend_no_agent(),
            Self::NotAccepted => t.extend_not_accepted(),
        }
    }
}

/// Something an approver should know before deciding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flag {
    /// The agent asks for more time while access is live (R8).
    MoreTimeWanted {
        /// Who asks.
        by: Person,
        /// When.
        at: Moment,
        /// Why.
        why: UserText,
    },
    /// Access was granted before, and ran out before this request (R8).
    GrantedBefore {
        /// By whom.
        by: Person,
        /// Its end.
        until: Moment,
        /// Whether the reader may both grant it afresh and extend it.
        both: bool,
    },
    /// These agents joined the team after the tick and have access too (R5).
    JoinedAfterTick(Vec<Person>),
    /// Who asked is no longer on the team (R8).
    RequesterLeftTeam(Person),
    /// Who ticked could not tick now: another role, or deactivated (R2).
    ApproverNoLongerAdmin {
        /// Who ticked.
        who: Person,
        /// Whether the reader may take the access away.
        removable: bool,
    },
    /// The name of this agent holds characters that are not what they seem.
    NameInDisguise(Person),
    /// An agent whose name a reader could take for that of an admin of the org.
    NamedLikeAdmin {
        /// The agent.
        agent: Person,
        /// The admin.
        admin: Person,
    },
}

/// How many kinds of requests are named on a card.
const NAMED: usize = 3;

fn listed(kinds: &[UserText]) -> UserText {
    let plain: Vec<String> = kinds.iter().map(UserText::plain).collect();
    UserText::new(plain.join(", "))
}

/// A request, granted or not.
#[derive(Clone, Debug)]
pub struct RequestCard {
    /// The case number; part of every form's path.
    pub case_number: UserText,
    /// The case's title.
    pub title: UserText,
    /// The org's name.
    pub org: UserText,
    /// Who opened the case.
    pub opened_by: Opener,
    /// Who asks.
    pub requested_by: Person,
    /// When.
    pub requested_at: Moment,
    /// Why.
    pub justification: UserText,
    /// The admin that support will act as; `None` only with [`CannotGrant::NoSubject`].
    pub subject: Option<Person>,
    /// Whether that is the reader.
    pub subject_is_you: bool,
    /// The agents who have, or would have, access.
    pub team: Vec<Person>,
    /// Whether whoever joins the case after the tick can look in too.
    pub joiners: bool,
    /// How many kinds of requests that could change something the vendor declares harmless.
    pub declared: usize,
    /// Those.
    pub harmless: Vec<UserText>,
    /// Those of them that cover everything below a path.
    pub harmless_below: Vec<UserText>,
    /// That support can reach the product past the gateway, where it can.
    pub past: Option<Text>,
    /// Where it stands.
    pub state: RequestState,
    /// What is different about which requests go through, where access ended because of it.
    pub widened: Option<ChangedRules>,
    /// Whether by now nothing goes through of what ended access.
    pub taken_back: bool,
    /// What an approver should know.
    pub flags: Vec<Flag>,
    /// Whether the reader may change the box.
    pub tick: Tick,
    /// The extension.
    pub extend: Extend,
    /// For how long a tick now would grant: `8 h`.
    pub would_last: Text,
    /// When access granted now would end.
    pub would_end: Moment,
    /// The state this card shows, sent back as `seen` so that a stale form is noticed.
    pub seen: String,
}

impl RequestCard {
    /// The state in a word or two.
    pub fn chip(&self, t: &Lang) -> Chip {
        match self.state {
            RequestState::Requested => Chip::new(Tone::Waiting, t.access_waiting()),
            RequestState::Live { soon: true, .. } => Chip::new(Tone::Waiting, t.access_ends_soon()),
            RequestState::Live { .. } => Chip::new(Tone::Live, t.access_granted()),
            RequestState::Expired { .. } => Chip::new(Tone::Quiet, t.access_expired()),
            RequestState::Revoked { .. } if self.is_widened() => {
                Chip::new(Tone::Waiting, t.access_tick_again())
            }
            RequestState::Revoked { .. } => Chip::new(Tone::Quiet, t.access_removed()),
        }
    }

    /// Where it stands, for whoever looked at something older.
    pub fn by_now(&self, t: &Lang) -> Text {
        let case = &self.case_number;
        // What has changed may be who can look in; the tick alone would tell of something else.
        let joined = self.flags.iter().find_map(|flag| match flag {
            Flag::JoinedAfterTick(agents) => Some(agents),
            _ => None,
        });
        let more_time = self.flags.iter().find_map(|flag| match flag {
            Flag::MoreTimeWanted { by, .. } => Some(&by.name),
            _ => None,
        });
        match (&self.state, more_time) {
            (RequestState::Requested, _) => t.now_requested(case, &self.requested_by.name),
            (RequestState::Live { .. }, Some(by)) => t.now_more_time(case, by),
            (
                RequestState::Live {
                    until, granted_by, ..
                },
                None,
            ) => match joined {
                Some(joined) => t.now_joined(joined.len(), case, until.brief(), names(joined, *t)),
                None => {
                    let granted = t.now_live(case, until.brief(), &granted_by.name);
                    t.sentences(granted, self.who_can_look(t))
                }
            },
            (RequestState::Expired { at, .. }, _) => t.now_expired(at.brief(), case),
            (RequestState::Revoked { at, .. }, _) if self.is_widened() => {
                t.now_widened(at.brief(), case)
            }
            (RequestState::Revoked { at, .. }, _) => t.now_removed(at.brief(), case),
        }
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(self.state, RequestState::Live { .. })
    }

    /// Whether the customer is asked again because more goes through than they agreed to.
    pub(crate) fn is_widened(&self) -> bool {
        let why = Removed::RulesWidened;
        matches!(&self.state, RequestState::Revoked { why: this, .. } if *this == why)
    }

    /// Whether it waits for a tick.
    pub(crate) fn waits(&self) -> bool {
        self.state == RequestState::Requested || self.is_widened()
    }

    /// Who or what took access away; none while it is not taken away.
    pub(super) fn removed_by(&self, t: &Lang) -> Option<Text> {
        let RequestState::Revoked { why, by, .. } = &self.state else {
            return None;
        };
        let by = by.as_ref().map(|by| &by.name);
        match (why, by) {
            (Removed::Unticked, Some(by)) => Some(t.ends_removed_by(by)),
            (Removed::Unticked, None) => None,
            (Removed::Block, Some(by)) => Some(t.ends_removed_by_block(by)),
            (Removed::Block, None) => Some(t.ends_removed_block()),
            (Removed::ApprovalWithdrawn, Some(by)) => Some(t.ends_removed_by_withdrawal(by)),
            (Removed::ApprovalWithdrawn, None) => Some(t.ends_removed_withdrawal()),
            (Removed::BecameSelfAssigned, _) => Some(t.ends_removed_self_assigned()),
            (Removed::CaseClosed, _) => Some(t.ends_removed_closed()),
            (Removed::HistoryLost, _) => Some(t.ends_removed_history_lost()),
            (Removed::RulesWidened, _) => Some(t.ends_removed_by_rules()),
        }
    }

    pub(super) fn cannot(&self, t: &Lang) -> Option<Text> {
        match self.tick {
            Tick::Possible => None,
            Tick::Impossible(reason) if self.is_live() => Some(reason.sentence_while_live(t)),
            Tick::Impossible(reason) => Some(reason.sentence(t)),
        }
    }

    /// Who can look inside, while access is live.
    pub(super) fn who_can_look(&self, t: &Lang) -> Text {
        let (agents, who) = (self.team.len(), names(&self.team, *t));
        match &self.subject {
            Some(subject) => {
                let how = read_only(self.declared, t);
                t.say_live(agents, how, &self.org, &subject.name, who)
            }
            None => t.say_live_nobody(agents, read_only(self.declared, t), &self.org, who),
        }
    }

    /// What a tick now would give to whom; none without a subject, when there is nothing to tick.
    pub(super) fn what_a_tick_gives(&self, t: &Lang) -> Option<Text> {
        let subject = &self.subject.as_ref()?.name;
        let (agents, who) = (self.team.len(), names(&self.team, *t));
        let (length, until) = (&self.would_last, &self.would_end);
        let how = t.say_how_long(read_only(self.declared, t), length, until);
        Some(if self.subject_is_you {
            t.say_tick_as_you(agents, how, &self.org, subject, who)
        } else {
            t.say_tick_as_other(agents, how, &self.org, subject, who)
        })
    }

    /// What an extension would give again; none while it would only lengthen what is given.
    pub(super) fn what_extending_gives(&self, t: &Lang) -> Option<Text> {
        let Extend::Again {
            until,
            who,
            subject,
            subject_is_you,
            joiners,
        } = &self.extend
        else {
            return None;
        };
        let (agents, who) = (who.len(), names(who, *t));
        let how = t.say_how_long_again(read_only(self.declared, t), until);
        let gives = if *subject_is_you {
            t.say_again_as_you(agents, how, &self.org, &subject.name, who)
        } else {
            t.say_again_as_other(agents, how, &self.org, &subject.name, who)
        };
        Some(if *joiners {
            t.sentences(gives, t.say_joiners())
        } else {
            gives
        })
    }

    /// Whether anything on the card speaks of what a yes lets through.
    fn speaks_of_a_yes(&self, t: &Lang) -> bool {
        let gives = matches!(self.extend, Extend::Again { .. });
        self.is_live() || gives || self.cannot(t).is_none()
    }

    /// Whether the card says which requests that could change something go through.
    pub(super) fn shows_declared(&self, t: &Lang) -> bool {
        self.declared > 0 && self.speaks_of_a_yes(t)
    }

    /// That support can reach the product past the gateway, where the card speaks of what a yes gives.
    pub(super) fn says_past(&self, t: &Lang) -> Option<&Text> {
        self.past.as_ref().filter(|_| self.speaks_of_a_yes(t))
    }

    /// Which requests that could change something go through: by name while they are few.
    pub(super) fn say_declared(&self, t: &Lang) -> Text {
        if self.harmless.len() > NAMED {
            t.say_declared(self.declared)
        } else {
            t.say_declared_named(self.declared, listed(&self.harmless))
        }
    }

    /// That some of those cover everything below a path; none when none does.
    pub(super) fn say_below(&self, t: &Lang) -> Option<Text> {
        let below = &self.harmless_below;
        let first = below.get(..NAMED).unwrap_or(below);
        (!below.is_empty()).then(|| t.say_declared_below(below.len(), listed(first)))
    }

    /// For ids and labels inside the page.
    pub(super) fn anchor(&self) -> String {
        self.case_number.path_segment()
    }
}
