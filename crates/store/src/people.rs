//! People as a directory that provisions them lists them.

use countersign_domain::{Email, ExternalId, OrgId, Person, Role, State, Timestamp};

use crate::Position;

/// Whose people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeopleOf {
    /// The customer users of an org.
    Org(OrgId),
    /// The vendor's agents.
    Vendor,
}

/// Which of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// This one, if it is one of them.
    One(Person),
    /// Whoever has this address.
    Email(Email),
    /// Those whom a directory names so.
    External(ExternalId),
    /// Those with this role; among agents nobody.
    Role(Role),
}

/// A listing of people, ascending by address, without those who were removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleQuery {
    /// Whose.
    pub of: PeopleOf,
    /// Which.
    pub which: Which,
    /// Only who comes after this address.
    pub after: Option<Email>,
    /// Without this many at the beginning.
    pub skip: usize,
    /// At most this many.
    pub limit: usize,
}

/// Somebody on such a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedPerson {
    /// Who.
    pub person: Person,
    /// When they were made.
    pub created_at: Timestamp,
    /// When they were last changed.
    pub changed_at: Timestamp,
}

/// A page of people.
#[derive(Clone, Debug)]
pub struct PeoplePage {
    /// The people with their orgs.
    pub state: State,
    /// The people of this page, in order.
    pub people: Vec<ListedPerson>,
    /// How many there are in all, wherever the page begins.
    pub total: usize,
    /// The newest position that took something away, at the read.
    pub barrier: Position,
}
