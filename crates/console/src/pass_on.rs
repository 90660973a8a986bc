//! What an agent passes on to the customer, for nothing is sent by itself (R8): the link, and a message
//! around it.

use countersign_app::CaseRead;
use countersign_domain::{Access, Case};
use countersign_web::{messages::Text, text::UserText};

use crate::{
    Console,
    reader::Reader,
    views::{agent_case::PassOn, agent_cases::AccessState},
    zone::Zone,
};

/// The link with a message in the language of `zone`; none while the customer can do nothing about
/// the case.
pub(crate) fn pass_on(
    console: &Console,
    reader: &Reader,
    read: &CaseRead,
    access: &AccessState,
    zone: &Zone,
) -> Option<PassOn> {
    let case = read.case()?;
    let link = format!(
        "{}/settings/account?edit=support#case-{}",
        home(console, read, case, access),
        case.number
    );
    let [what, act, end] = said(read, case, access, zone)?.map(|text| text.plain());
    let hello = zone.lang().pass_on_hello().plain();
    let name = reader.person().name.plain();
    Some(PassOn {
        lang: zone.lang(),
        message: [hello, what, format!("{act}\n{link}"), end, name].join("\n\n"),
        link,
    })
}

/// Where the customer is to go. Before a self-assigned case is approved its agent is not told which org it
/// is (R6), and its host name would.
fn home(console: &Console, read: &CaseRead, case: &Case, access: &AccessState) -> String {
    let settings = console.app.settings();
    let known = match access {
        AccessState::SelfAssignmentWaiting { .. } => None,
        _ => read.state().org(case.org),
    };
    known.map_or_else(|| settings.public_url.clone(), |org| settings.home(org))
}

/// What it is about, what to do, and what happens otherwise.
fn said(read: &CaseRead, case: &Case, access: &AccessState, zone: &Zone) -> Option<[Text; 3]> {
    let t = zone.lang();
    let number = UserText::from(case.number.as_str());
    let title = UserText::from(case.title.as_str());
    let org = read.state().org(case.org);
    let upstream = org.and_then(|org| org.upstream.as_ref());
    let declared = upstream.map_or(0, |upstream| upstream.routes.declared_harmless());
    let how = match declared {
        0 => t.pass_on_how(),
        declared => t.pass_on_how_but(declared),
    };
    let org = org.map(|org| UserText::from(org.name.as_str()));
    match access {
        // Before the approval its agent is not told which org it is (R6).
        AccessState::SelfAssignmentWaiting { .. } => Some([
            t.pass_on_self_assigned(number, title),
            t.pass_on_self_assigned_act(),
            t.pass_on_self_assigned_end(),
        ]),
        AccessState::Requested { .. } | AccessState::Blocked { requested: true } => Some([
            t.pass_on_request(number, how, org?, title),
            t.pass_on_request_act(t.grant_box()),
            t.pass_on_request_end(),
        ]),
        AccessState::Live { .. } => match &case.access {
            Access::Granted {
                grant,
                more_time_wanted: Some(_),
                ..
            } => Some([
                t.pass_on_more_time(
                    number,
                    how,
                    org?,
                    title,
                    zone.moment(grant.period.expires_at),
                ),
                t.pass_on_more_time_act(),
                t.pass_on_more_time_end(),
            ]),
            _ => None,
        },
        AccessState::Expired { at, widened } => {
            let act = if *widened {
                t.pass_on_request_act(t.grant_box())
            } else {
                t.pass_on_expired_act()
            };
            Some([
                t.pass_on_expired(number, how, org?, title, at),
                act,
                t.pass_on_expired_end(),
            ])
        }
        AccessState::TickAgain { at } => Some([
            t.pass_on_tick_again(at, number, how, org?, title),
            t.pass_on_request_act(t.grant_box()),
            t.pass_on_request_end(),
        ]),
        AccessState::NotRequested
        | AccessState::Blocked { requested: false }
        | AccessState::Revoked { .. }
        | AccessState::Closed => None,
    }
}
