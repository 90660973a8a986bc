//! The main navigation, per kind of reader.

use countersign_web::layout::NavItem;

/// A place in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The list of cases, a case, or the form that opens one.
    Cases,
    /// Settings > Account.
    Settings,
    /// A page that the navigation does not name.
    Elsewhere,
}

/// What a customer admin can reach.
pub fn for_admin(here: Place) -> Vec<NavItem> {
    vec![
        NavItem {
            label: "Cases",
            href: "/cases",
            current: here == Place::Cases,
        },
        NavItem {
            label: "Settings",
            href: "/settings/account",
            current: here == Place::Settings,
        },
    ]
}

/// What a support agent can reach.
pub fn for_agent(here: Place) -> Vec<NavItem> {
    vec![NavItem {
        label: "My cases",
        href: "/cases",
        current: here == Place::Cases,
    }]
}
