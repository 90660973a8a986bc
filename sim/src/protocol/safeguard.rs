//! What the protocol rests on, each to be taken out alone.

/// One thing the protocol does so that its promises hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Safeguard {
    /// Whoever waits for silence waits a margin longer than the lease.
    Margin,
    /// A lease counts from before its renewal was sent, not from the answer.
    LeaseCountsFromSending,
    /// A lease taken replaces the earlier one it names, and no other.
    ReplacesOnlyWhatItNames,
    /// A lease taken serves once its process has folded up to the head.
    CatchesUpBeforeServing,
    /// That head is read with or after the lease, not before it.
    HeadReadWithTheLease,
    /// A process acknowledges what it has folded and nothing beyond.
    AcknowledgesWhatItFolded,
    /// A process that has not folded the newest barrier gets no renewal.
    BarrierHoldsRenewalsUp,
    /// Leases are read after the commit.
    ReadsLeasesAfterTheCommit,
    /// A lease that has run out is ended.
    EndsWhatRanOut,
    /// It is ended only if it has not been renewed since it was read.
    EndsOnlyWhatStoodStill,
    /// It is ended by its epoch: a newer lease of the same process stays.
    EndsByEpoch,
    /// Every answer that something is gone waits for the barrier, a repeated one as well.
    RepeatedAnswersWait,
    /// Recording checks that the session was not taken away.
    FenceChecksTheSession,
    /// Recording checks that the lease is there.
    FenceChecksTheLease,
    /// Recording and taking away exclude each other.
    FenceLocks,
    /// Lease and view are looked at before the first byte goes to the product.
    ChecksBeforeTheFirstByte,
    /// Lease and view are looked at before each write of a response.
    ChecksEachWrite,
    /// What is read of the store's clock is used with what two clocks may run apart meanwhile.
    BoundsTheClock,
    /// It counts from before it was asked for: the answer may have been under way for long.
    ReadingCountsFromSending,
    /// It is read anew with each lease and renewal.
    ReadsTheClockWithEachLease,
}

impl Safeguard {
    /// All there are.
    pub const ALL: [Self; 20] = [
        Self::Margin,
        Self::LeaseCountsFromSending,
        Self::ReplacesOnlyWhatItNames,
        Self::CatchesUpBeforeServing,
        Self::HeadReadWithTheLease,
        Self::AcknowledgesWhatItFolded,
        Self::BarrierHoldsRenewalsUp,
        Self::ReadsLeasesAfterTheCommit,
        Self::EndsWhatRanOut,
        Self::EndsOnlyWhatStoodStill,
        Self::EndsByEpoch,
        Self::RepeatedAnswersWait,
        Self::FenceChecksTheSession,
        Self::FenceChecksTheLease,
        Self::FenceLocks,
        Self::ChecksBeforeTheFirstByte,
        Self::ChecksEachWrite,
        Self::BoundsTheClock,
        Self::ReadingCountsFromSending,
        Self::ReadsTheClockWithEachLease,
    ];
}
