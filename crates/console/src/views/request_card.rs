//! One request for impersonation, as an approver sees it (R8 to R14).

use countersign_web::{
    chip::{Chip, Tone},
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
    },
    /// The time is over.
    Expired {
        /// The end.
        at: Moment,
        /// `expired 2 h ago`, from [`countersign_web::time::time_left`].
        age: String,
        /// Who ticked.
        granted_by: Person,
    },
    /// An approver, or a rule, took it away.
    Revoked {
        /// When.
        at: Moment,
        /// Who; `None` when a rule did (a block, a self-assignment).
        by: Option<Person>,
    },
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
    /// Why a box that is ticked cannot be cleared.
    pub fn sentence_while_live(self) -> &'static str {
        match self {
            Self::SuperAdminsOnly | Self::OpenerNotAttested => {
                "Only a super admin can remove this access."
            }
            Self::NotApprover => {
                "Only a super admin or the admin who opened the case can remove this access."
            }
            // These keep nobody from clearing a box; should one meet a live grant all the same,
            // the page claims nothing about it.
            Self::NoAgentOnTeam
            | Self::SelfAssignmentNotApproved
            | Self::Blocked
            | Self::NoSubject
            | Self::NotAccepted => "This cannot be changed now. Reload the page.",
        }
    }

    /// The reason, and what would change it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoAgentOnTeam => {
                "Cannot be granted: no support agent is on this case, so nobody could use the access. \
                 Ask Support to assign someone."
            }
            Self::SelfAssignmentNotApproved => {
                "Cannot be granted yet: Support assigned this case to itself. \
                 Approve it first, under “Support access for self-assigned cases”."
            }
            Self::Blocked => {
                "Cannot be granted: all support access is blocked. A super admin can lift the block."
            }
            Self::NoSubject => {
                "Cannot be granted: the admin to act as is no longer active here. \
                 Ask Support to request again with another admin."
            }
            Self::NotAccepted => {
                "Cannot be granted by you yet: you, or what you signed in with, have not been accepted. \
                 The top of this page says what to do."
            }
            Self::SuperAdminsOnly => {
                "Cannot be granted by you: your organisation lets only super admins approve."
            }
            Self::OpenerNotAttested => {
                "Cannot be granted by you: that you opened the case is known from the vendor’s records only, \
                 and your organisation wants more than that. Ask a super admin."
            }
            Self::NotApprover => {
                "Cannot be granted by you: only a super admin or the admin who opened the case can approve."
            }
        }
    }
}

/// The link "Extend access by 1 day" (R13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extend {
    /// There is nothing to extend: never granted, revoked, or switched off by the org.
    Hidden,
    /// It can be clicked; access would then end at this instant.
    Possible {
        /// The end after a click now.
        until: Moment,
        /// Whom support would act as, where a tick would give another subject.
        acts_as: Option<Person>,
    },
    /// It cannot, and why.
    Impossible(CannotExtend),
}

/// Why access cannot be extended now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotExtend {
    /// It would add less than a minute.
    AlreadyAFullDay,
    /// Granting is impossible too, for the reason next to the box.
    NotGrantable,
    /// No agent is on the case's team any more, while access is live (R5).
    NoAgentOnTeam,
}

impl CannotExtend {
    /// The reason, and what would change it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::AlreadyAFullDay => {
                "Already extended: access runs for a full day from now. Days do not add up."
            }
            Self::NotGrantable => "Not possible now, for the reason above.",
            Self::NoAgentOnTeam => "Not possible now: no support agent is on this case.",
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
    /// These agents joined the team after the tick and have access too (R5).
    JoinedAfterTick(Vec<Person>),
    /// Who asked is no longer on the team (R8).
    RequesterLeftTeam(Person),
    /// Who ticked could not tick now: another role, or deactivated (R2).
    ApproverNoLongerAdmin(Person),
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
    /// Where it stands.
    pub state: RequestState,
    /// What an approver should know.
    pub flags: Vec<Flag>,
    /// Whether the reader may change the box.
    pub tick: Tick,
    /// The extension.
    pub extend: Extend,
    /// For how long a tick now would grant: `8 h`.
    pub would_last: String,
    /// When access granted now would end.
    pub would_end: Moment,
    /// The state this card shows, sent back as `seen` so that a stale form is noticed.
    pub seen: String,
}

impl RequestCard {
    /// The state in a word or two.
    pub fn chip(&self) -> Chip {
        match self.state {
            RequestState::Requested => Chip::new(Tone::Waiting, "Waiting for approval"),
            RequestState::Live { .. } => Chip::new(Tone::Live, "Access granted"),
            RequestState::Expired { .. } => Chip::new(Tone::Quiet, "Expired"),
            RequestState::Revoked { .. } => Chip::new(Tone::Quiet, "Access removed"),
        }
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(self.state, RequestState::Live { .. })
    }

    pub(super) fn cannot(&self) -> Option<&'static str> {
        match self.tick {
            Tick::Possible => None,
            Tick::Impossible(reason) if self.is_live() => Some(reason.sentence_while_live()),
            Tick::Impossible(reason) => Some(reason.sentence()),
        }
    }

    /// Who gets access, in a sentence.
    pub(super) fn who(&self) -> String {
        names(&self.team).to_string()
    }

    /// For ids and labels inside the page.
    pub(super) fn anchor(&self) -> String {
        self.case_number.path_segment()
    }
}
