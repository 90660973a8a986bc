//! What a broken product would do, so that the checker is known to notice.

/// One thing that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// A command that takes away answers without having looked at the leases.
    BarrierNotAwaited,
    /// An answer that something is gone already does not wait for the barrier.
    RepeatedAnswersDoNotWait,
    /// Recording looks at session and grant before its transaction, and not in it.
    FenceBeforeTheTransaction,
    /// Whether the lease still stands is not looked at when a request is recorded.
    FenceIgnoresTheLease,
    /// A lease is counted on a clock that stands still while its process does.
    LeaseDoesNotLapse,
    /// A process says that it has folded what it has not.
    AcknowledgesWhatItHasNotFolded,
    /// A process serves before it has folded what had happened when it got its lease.
    ServesBeforeItHasCaughtUp,
    /// Following the tail misses an event now and then.
    FollowerSkipsAnEvent,
    /// An append whose answer was lost is made again.
    LostAppendIsRepeated,
    /// An append whose answer was lost is taken for one that failed.
    LostAppendIsTakenForFailed,
    /// That nobody knows what came of a call is told as if nothing had.
    UnknownOutcomeIsSaidToBeNone,
    /// An append that conflicts is made all the same.
    ConflictsAreIgnored,
    /// An append that failed is taken for one that went through.
    FailedAppendIsAcknowledged,
    /// A batch of entries that failed is taken for one that is durable.
    FailedEntriesAreTakenForDurable,
    /// A process judges expiry by its own wall clock.
    JudgesByItsOwnClock,
    /// A response goes on without a look at lease and session.
    WritesAreNotChecked,
    /// Renewals come through and acknowledge nothing.
    NeverAcknowledges,
}

impl Mutant {
    /// All there are.
    pub const ALL: [Self; 17] = [
        Self::BarrierNotAwaited,
        Self::RepeatedAnswersDoNotWait,
        Self::FenceBeforeTheTransaction,
        Self::FenceIgnoresTheLease,
        Self::LeaseDoesNotLapse,
        Self::AcknowledgesWhatItHasNotFolded,
        Self::ServesBeforeItHasCaughtUp,
        Self::FollowerSkipsAnEvent,
        Self::LostAppendIsRepeated,
        Self::LostAppendIsTakenForFailed,
        Self::UnknownOutcomeIsSaidToBeNone,
        Self::ConflictsAreIgnored,
        Self::FailedAppendIsAcknowledged,
        Self::FailedEntriesAreTakenForDurable,
        Self::JudgesByItsOwnClock,
        Self::WritesAreNotChecked,
        Self::NeverAcknowledges,
    ];
}
