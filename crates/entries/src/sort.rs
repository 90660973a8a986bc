//! What sort of request an entry is of: what somebody opened, and what else came with it.

use countersign_domain::Method;

use crate::{What, Written};

/// A sort of requests that support made. Each is of one sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Read, and for a page of its own: what people mean when they say that somebody opened something.
    /// Browsers say which are; whatever a program asks for counts as one.
    Page,
    /// Read, and part of a page or asked for by its scripts, as far as the browser's own words are to be
    /// believed.
    Further,
    /// Could change something by its method: nothing but a rule of the vendor's, which declares it
    /// harmless, let it pass (R17).
    Declared,
    /// Refused.
    Refused,
}

impl Sort {
    fn of_passed(method: &str, page: bool) -> Self {
        match (Method::is_safe(method), page) {
            (false, _) => Self::Declared,
            (true, true) => Self::Page,
            (true, false) => Self::Further,
        }
    }
}

impl What {
    /// Of which sort, if it is a request.
    #[must_use]
    pub fn sort(&self) -> Option<Sort> {
        match self {
            Self::Request(line) => Some(Sort::of_passed(&line.method, line.page)),
            Self::Refused { .. } => Some(Sort::Refused),
            Self::Event(_) | Self::Outcome(_) | Self::SignIn(_) | Self::Attempt(_) => None,
        }
    }
}

impl Written<'_> {
    /// Of which sort, if it is a request.
    #[must_use]
    pub fn sort(&self) -> Option<Sort> {
        let request = self.request.as_ref()?;
        match &*self.kind {
            "request" => Some(Sort::of_passed(&request.method, request.page)),
            "request.refused" => Some(Sort::Refused),
            _ => None,
        }
    }
}
