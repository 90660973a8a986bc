//! Sessions ended not long ago, so that a request that comes too late can be told from one that
//! never had a session, and told why.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use countersign_domain::{EndedWhy, Label, SessionId, Timestamp};

use crate::LiveSession;

/// How many are kept; older ones are forgotten, and their requests are then nobody's.
pub(crate) const KEPT: usize = 4_096;

/// The last ones by the moment of their end, whatever order they are told in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ended {
    sessions: BTreeMap<(Timestamp, SessionId), EndedSession>,
    labels: HashMap<Label, (Timestamp, SessionId)>,
}

/// A session that was ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EndedSession {
    pub(crate) session: Arc<LiveSession>,
    pub(crate) why: EndedWhy,
}

impl Ended {
    pub(crate) fn keep(&mut self, at: Timestamp, ended: EndedSession) {
        let session = &ended.session.session;
        let key = (at, session.id);
        self.labels.insert(session.label.clone(), key);
        self.sessions.insert(key, ended);
        if self.sessions.len() > KEPT
            && let Some((_, oldest)) = self.sessions.pop_first()
        {
            self.labels.remove(&oldest.session.session.label);
        }
    }

    pub(crate) fn of_label(&self, label: &Label) -> Option<&EndedSession> {
        self.labels
            .get(label)
            .and_then(|key| self.sessions.get(key))
    }
}

#[cfg(test)]
mod tests {
    use countersign_domain::{
        CaseName, CaseNumber, Duration, Entrance, SecretHash, Session, Title,
    };

    use super::*;

    fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(prefix: &str, number: usize) -> T {
        format!("{prefix}_{number:032x}").parse().unwrap()
    }

    fn label(number: usize) -> Label {
        Label::parse(&format!("s{number}")).unwrap()
    }

    fn ended(number: usize) -> EndedSession {
        let at = Timestamp::from_millis(0);
        let hash = SecretHash::from_bytes([0; 32]);
        let session = Session {
            id: id("sess", number),
            agent: id("agt", 1),
            subject: id("adm", 1),
            grant: id("grant", 1),
            period: 1,
            started_at: at,
            absolute_until: at,
            idle: Duration::from_mins(30),
            label: label(number),
            token: hash,
            entrance: Entrance::Entered { cookie: hash },
            tokens: vec![],
        };
        EndedSession {
            session: Arc::new(LiveSession {
                case: id("case", 1),
                name: Arc::new(CaseName {
                    number: CaseNumber::parse("4711").unwrap(),
                    title: Title::parse("Invoices").unwrap(),
                }),
                org: id("org", 1),
                session,
            }),
            why: EndedWhy::ByAgent,
        }
    }

    /// Of those that ended at the same moment the ids decide, so that no order of telling makes a
    /// difference to what is forgotten.
    #[test]
    fn the_oldest_are_forgotten_in_whatever_order_they_are_told() {
        let moment = |number: usize| Timestamp::from_millis((number / 3).try_into().unwrap());
        let tell = |numbers: &mut dyn Iterator<Item = usize>| {
            let mut kept = Ended::default();
            numbers.for_each(|number| kept.keep(moment(number), ended(number)));
            kept
        };
        let all = KEPT + 100;
        let forwards = tell(&mut (0..all));
        assert!(forwards.of_label(&label(99)).is_none());
        assert!(forwards.of_label(&label(100)).is_some());
        assert!(forwards.of_label(&label(all - 1)).is_some());
        assert_eq!(forwards, tell(&mut (0..all).rev()));
        assert_eq!(
            (forwards.sessions.len(), forwards.labels.len()),
            (KEPT, KEPT)
        );
    }
}
