//! What may be said of the session at an origin to a client that proves to be, or to have been, in
//! it.

use std::sync::Arc;

use countersign_decision::{About, LiveSession};
use countersign_domain::{CaseNumber, Label};
use http::{HeaderMap, header};

use crate::{
    Gateway,
    credentials::{Caller, Presented},
    over::Over,
};

/// A session known to whoever asks.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) live: Arc<LiveSession>,
    pub(crate) caller: Caller,
    pub(crate) about: About,
    /// The case's page in the console.
    pub(crate) case_url: String,
    /// Why it gives no access any more, if it does not.
    pub(crate) over: Option<Over>,
}

impl Gateway {
    /// The session whose credentials these headers carry, running or ended.
    pub(crate) fn known(&self, headers: &HeaderMap) -> Option<Known> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return None;
        };
        let label = self.addresses.label_of(host.as_bytes())?;
        let live = self.node.known_at_label(&label)?;
        let caller = Presented::of(headers).ok()?.opens(&live)?;
        let about = self.node.about(&live)?;
        Some(Known {
            caller,
            case_url: case_url(&self.addresses.public_url, &about.case_number),
            over: self.over(&label, &live),
            about,
            live,
        })
    }

    fn over(&self, label: &Label, live: &LiveSession) -> Option<Over> {
        if self.node.session(live.session.id).is_none() {
            return Some(self.node.ended_why(label).map_or(Over::Unknown, Over::from));
        }
        let denial = self.node.running_until(live.session.id).err()?;
        let now = self.node.now();
        let clock_alone = self.node.clock_end(live.session.id).is_ok();
        Some(Over::by_clock(
            denial,
            live.session.is_over(now),
            clock_alone,
        ))
    }
}

/// The case's page in the console.
pub(crate) fn case_url(public_url: &str, number: &CaseNumber) -> String {
    let number = countersign_web::text::UserText::new(number.as_str());
    format!("{public_url}/cases/{}", number.path_segment())
}
