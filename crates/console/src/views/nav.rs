//! The main navigation, per kind of reader.

use countersign_web::{layout::NavItem, messages::Lang};

/// A place in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The list of cases, a case, or the form that opens one.
    Cases,
    /// Who is in now.
    Live,
    /// What was done.
    History,
    /// The settings.
    Settings,
    /// A page that the navigation does not name.
    Elsewhere,
}

/// What a customer admin can reach.
pub fn for_admin(t: Lang, here: Place) -> Vec<NavItem> {
    vec![
        NavItem {
            label: t.nav_cases(),
            href: "/cases",
            current: here == Place::Cases,
        },
        NavItem {
            label: t.nav_live(),
            href: "/live",
            current: here == Place::Live,
        },
        NavItem {
            label: t.nav_history(),
            href: "/history",
            current: here == Place::History,
        },
        NavItem {
            label: t.nav_settings(),
            href: "/settings/account",
            current: here == Place::Settings,
        },
    ]
}

/// What a support agent can reach.
pub fn for_agent(t: Lang, here: Place) -> Vec<NavItem> {
    vec![NavItem {
        label: t.nav_my_cases(),
        href: "/cases",
        current: here == Place::Cases,
    }]
}
