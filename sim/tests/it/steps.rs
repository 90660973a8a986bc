//! Random histories, biased so that grants live, run out, are extended, asked about again, blocked
//! and revoked often. A step names people and things by rough picks, which the world makes definite
//! when the step's turn comes; so a failing history shrinks well.

use proptest::{
    collection::{SizeRange, vec},
    prelude::{Just, Strategy, any, prop_oneof},
};

#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The case that most steps are about.
    pub(crate) focus: u8,
    /// Whether some orgs are claimed when the history begins.
    pub(crate) claimed: bool,
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) wait: Wait,
    /// Someone for whom the act is, or anyone at all.
    pub(crate) who: Who,
    /// The case, when it is not the focus.
    pub(crate) case: Option<u8>,
    pub(crate) act: Act,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Wait {
    None,
    Millis(i64),
    /// To the present expiration of the case's grant, give or take.
    ToExpiry(i64),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Who {
    Fitting(u8),
    Anyone(u8),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum To {
    Click,
    Present(i64),
    Ahead(i64),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    /// Whatever comes next for the case: towards a live grant, and then to its use.
    Onward(u8),
    Ask {
        subject: Option<u8>,
    },
    Withdraw,
    Grant,
    Extend(To),
    Revoke,
    EndAfterLoss,
    ApproveSelf,
    WithdrawSelf,
    Start {
        hours: u8,
    },
    End(u8),
    EndLast,
    Close,
    Reopen,
    Join(u8),
    JoinOpener,
    Leave(u8),
    AgentActive(u8, bool),
    AdminActive(u8, bool),
    Role(u8, bool),
    /// Someone whom the case's grant or a session hangs on is deactivated or demoted.
    Stop(u8),
    Settings(u8),
    /// An operator makes a token or link for a customer user, or one of them makes their own.
    Mint(u8),
    /// A customer user adds a passkey, so many minutes after signing in.
    Passkey {
        minutes: i64,
    },
    Unkey(u8),
    SignIn,
    Accept(u8),
    Refuse(u8),
    Block,
    Unblock,
    /// The org's product moves.
    Upstream,
    Open {
        opener: u8,
        team: u8,
    },
}

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn wait() -> impl Strategy<Value = Wait> {
    prop_oneof![
        60 => Just(Wait::None),
        8 => prop_oneof![Just(1), Just(59_999), Just(60_000), Just(60_001)].prop_map(Wait::Millis),
        8 => (1..120_i64).prop_map(|minutes| Wait::Millis(minutes * 60_000)),
        8 => (1..10_i64).prop_map(|hours| Wait::Millis(hours * HOUR)),
        3 => prop_oneof![Just(DAY - 1), Just(DAY), Just(DAY + 1)].prop_map(Wait::Millis),
        18 => (-1..=1_i64).prop_map(Wait::ToExpiry),
    ]
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![
        85 => any::<u8>().prop_map(Who::Fitting),
        15 => any::<u8>().prop_map(Who::Anyone),
    ]
}

fn to() -> impl Strategy<Value = To> {
    let around = prop_oneof![
        Just(-1),
        Just(0),
        Just(1),
        Just(59_999),
        Just(60_000),
        Just(HOUR)
    ];
    let ahead = prop_oneof![
        (-1..30_i64).prop_map(|hours| hours * HOUR),
        Just(DAY - 1),
        Just(DAY),
        Just(DAY + 1),
        Just(DAY + 60_000),
        Just(DAY + 60_001),
    ];
    prop_oneof![
        6 => Just(To::Click),
        2 => around.prop_map(To::Present),
        2 => ahead.prop_map(To::Ahead),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let mostly = |good: bool, weight: u32| {
        prop_oneof![
            weight => Just(good),
            1 => Just(!good),
        ]
    };
    prop_oneof![
        130 => any::<u8>().prop_map(Act::Onward),
        18 => prop_oneof![2 => Just(None), 1 => any::<u8>().prop_map(Some)]
            .prop_map(|subject| Act::Ask { subject }),
        6 => Just(Act::Withdraw),
        18 => Just(Act::Grant),
        14 => to().prop_map(Act::Extend),
        4 => Just(Act::Revoke),
        1 => Just(Act::EndAfterLoss),
        8 => Just(Act::ApproveSelf),
        4 => Just(Act::WithdrawSelf),
        24 => prop_oneof![Just(1_u8), Just(8), Just(48)].prop_map(|hours| Act::Start { hours }),
        9 => any::<u8>().prop_map(Act::End),
        6 => Just(Act::Close),
        6 => Just(Act::Reopen),
        12 => any::<u8>().prop_map(Act::Join),
        2 => Just(Act::JoinOpener),
        4 => any::<u8>().prop_map(Act::Leave),
        4 => (any::<u8>(), mostly(true, 2)).prop_map(|(who, on)| Act::AgentActive(who, on)),
        6 => (any::<u8>(), mostly(true, 4)).prop_map(|(who, on)| Act::AdminActive(who, on)),
        10 => (any::<u8>(), mostly(true, 1)).prop_map(|(who, up)| Act::Role(who, up)),
        10 => any::<u8>().prop_map(Act::Stop),
        13 => any::<u8>().prop_map(Act::Settings),
        7 => any::<u8>().prop_map(Act::Mint),
        9 => prop_oneof![6 => Just(0), 1 => Just(14), 1 => Just(15)]
            .prop_map(|minutes| Act::Passkey { minutes }),
        3 => any::<u8>().prop_map(Act::Unkey),
        6 => Just(Act::SignIn),
        18 => any::<u8>().prop_map(Act::Accept),
        9 => any::<u8>().prop_map(Act::Refuse),
        2 => Just(Act::Block),
        5 => Just(Act::Unblock),
        2 => Just(Act::Upstream),
        3 => (any::<u8>(), any::<u8>()).prop_map(|(opener, team)| Act::Open { opener, team }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let case = prop_oneof![
        7 => Just(None),
        3 => any::<u8>().prop_map(Some),
    ];
    (wait(), who(), case, act()).prop_map(|(wait, who, case, act)| Step {
        wait,
        who,
        case,
        act,
    })
}

pub(crate) fn plan(steps: impl Into<SizeRange>) -> impl Strategy<Value = Plan> {
    (any::<u8>(), any::<bool>(), vec(step(), steps)).prop_map(|(focus, claimed, steps)| Plan {
        focus,
        claimed,
        steps,
    })
}

/// Acts that bring cases to live grants and sessions, and end these again in every way there is, by
/// those who may; hardly anything is refused.
fn busy_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        70 => any::<u8>().prop_map(Act::Onward),
        40 => Just(Act::Start { hours: 48 }),
        3 => Just(Act::Ask { subject: None }),
        4 => Just(Act::Grant),
        10 => Just(Act::Extend(To::Click)),
        1 => Just(Act::Withdraw),
        3 => Just(Act::Revoke),
        2 => Just(Act::WithdrawSelf),
        10 => Just(Act::EndLast),
        4 => Just(Act::Close),
        6 => any::<u8>().prop_map(Act::Join),
        1 => Just(Act::JoinOpener),
        6 => any::<u8>().prop_map(Act::Leave),
        4 => any::<u8>().prop_map(Act::Stop),
        6 => any::<(u8, bool)>().prop_map(|(who, active)| Act::AgentActive(who, active)),
        2 => Just(Act::Settings(4)),
        2 => Just(Act::Block),
        2 => Just(Act::Upstream),
        1 => (any::<u8>(), any::<u8>()).prop_map(|(opener, team)| Act::Open { opener, team }),
    ]
}

/// A plan in which a lot happens to sessions.
pub(crate) fn busy_plan(steps: impl Into<SizeRange>) -> impl Strategy<Value = Plan> {
    let case = prop_oneof![2 => Just(None), 1 => any::<u8>().prop_map(Some)];
    let who = any::<u8>().prop_map(Who::Fitting);
    let wait = prop_oneof![
        8 => Just(Wait::Millis(1)),
        1 => Just(Wait::ToExpiry(0)),
        1 => wait(),
    ];
    let step = (wait, who, case, busy_act()).prop_map(|(wait, who, case, act)| Step {
        wait,
        who,
        case,
        act,
    });
    (any::<u8>(), vec(step, steps)).prop_map(|(focus, steps)| Plan {
        focus,
        claimed: false,
        steps,
    })
}
