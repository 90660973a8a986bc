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

/// A place in the operator's navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorPlace {
    /// The organisations, or one of them.
    Orgs,
    /// The agents.
    Agents,
    /// The cases.
    Cases,
    /// How the deployment does.
    Health,
    /// A page that the navigation does not name.
    Elsewhere,
}

/// What an operator can reach.
pub fn for_operator(t: Lang, here: OperatorPlace) -> Vec<NavItem> {
    let item = |label, href, place| NavItem {
        label,
        href,
        current: here == place,
    };
    vec![
        item(t.operator_orgs(), "/operator", OperatorPlace::Orgs),
        item(
            t.operator_agents(),
            "/operator/agents",
            OperatorPlace::Agents,
        ),
        item(t.nav_cases(), "/operator/cases", OperatorPlace::Cases),
        item(
            t.operator_health(),
            "/operator/health",
            OperatorPlace::Health,
        ),
    ]
}
