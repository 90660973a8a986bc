//! Browsers in which somebody is signed in.

use std::collections::BTreeSet;

use countersign_domain::{
    AdminCredential, AgentId, CredentialId, Duration, Person, SecretHash, Timestamp, has_passed,
};
use countersign_store::{
    AtProvider, BrowserSession, BrowserSessionLimits, Credential, NewBrowserSession, SignedInAt,
};

use super::Data;

#[derive(Clone, Debug)]
pub(super) struct Browser {
    cookie: SecretHash,
    pub(super) session: BrowserSession,
    last_seen: Timestamp,
}

#[derive(Clone, Debug)]
pub(super) struct OperatorBrowser {
    cookie: SecretHash,
    last_seen: Timestamp,
    at: AtProvider,
}

impl Data {
    pub(super) fn is_signed_in_by(&self, credential: CredentialId, now: Timestamp) -> bool {
        self.browsers.iter().any(|browser| {
            browser.session.credential == Some(credential)
                && !has_passed(browser.session.ends_at, now)
        })
    }

    pub(super) fn start_browser(
        &mut self,
        person: Person,
        credential: CredentialId,
        new: &NewBrowserSession,
        now: Timestamp,
    ) {
        let at = AtProvider::default();
        self.start_browser_at((person, Some(credential)), new, at, now);
    }

    fn start_browser_at(
        &mut self,
        (person, credential): (Person, Option<CredentialId>),
        new: &NewBrowserSession,
        at: AtProvider,
        now: Timestamp,
    ) {
        self.browsers.push(Browser {
            cookie: new.cookie,
            session: BrowserSession {
                person,
                credential,
                started_at: now,
                ends_at: now.plus(new.limits.absolute),
                at,
            },
            last_seen: now,
        });
    }

    pub(super) fn start_for_agent(
        &mut self,
        (agent, at): (AgentId, AtProvider),
        session: &NewBrowserSession,
        clock: Timestamp,
    ) -> bool {
        let known = self.state.agent(agent);
        if !known.is_some_and(|known| known.active && known.known_by == at.subject) {
            return false;
        }
        let now = self.now(clock);
        self.start_browser_at((Person::Agent(agent), None), session, at, now);
        self.advance(now);
        true
    }

    pub(super) fn signed_in_at(&self, known: SecretHash) -> Vec<SignedInAt> {
        let people = self.browsers.iter();
        let people = people.filter(|browser| is_at(browser.session.at, known));
        let people: BTreeSet<Person> = people.map(|browser| browser.session.person).collect();
        let operators = self.operator_browsers.iter();
        let operators = operators.filter(|browser| is_at(browser.at, known));
        let ids = operators.filter_map(|browser| {
            let found = self.credential_by(Timestamp::from_millis(0), |minted| {
                minted.new.hash == browser.cookie
            })?;
            found.spent_at.is_none().then_some(found.id)
        });
        let people = people.into_iter().map(SignedInAt::Person);
        people.chain(ids.map(SignedInAt::Operator)).collect()
    }

    pub(super) fn end_browsers_at(&mut self, known: SecretHash) {
        self.browsers
            .retain(|browser| !is_at(browser.session.at, known));
    }

    pub(super) fn start_by_openid(
        &mut self,
        credential: CredentialId,
        session: &NewBrowserSession,
        at: AtProvider,
        clock: Timestamp,
    ) -> bool {
        let known = self.state.credential(credential).copied();
        let known = known.filter(AdminCredential::opens_by_issuer);
        let Some(owner) = known.and_then(|known| known.owner) else {
            return false;
        };
        let now = self.now(clock);
        let who = (Person::Admin(owner), Some(credential));
        self.start_browser_at(who, session, at, now);
        self.advance(now);
        true
    }

    pub(super) fn end_browsers_by(&mut self, credential: CredentialId) {
        self.browsers
            .retain(|browser| browser.session.credential != Some(credential));
    }

    pub(super) fn see_browser(
        &mut self,
        cookie: SecretHash,
        limits: BrowserSessionLimits,
        clock: Timestamp,
    ) -> Option<BrowserSession> {
        let now = self.now(clock);
        let browser = self
            .browsers
            .iter_mut()
            .find(|browser| browser.cookie == cookie)?;
        let started_at = browser.session.started_at;
        let ends_at = browser
            .session
            .ends_at
            .min(started_at.plus(limits.absolute));
        if has_passed(ends_at, now) || has_passed(browser.last_seen.plus(limits.idle), now) {
            return None;
        }
        browser.last_seen = browser.last_seen.max(now);
        Some(BrowserSession {
            ends_at,
            ..browser.session
        })
    }

    pub(super) fn end_browser(
        &mut self,
        cookie: SecretHash,
        limits: BrowserSessionLimits,
        clock: Timestamp,
    ) -> Option<BrowserSession> {
        let ended = self.see_browser(cookie, limits, clock);
        self.browsers.retain(|browser| browser.cookie != cookie);
        ended
    }

    pub(super) fn is_operators_cookie(&self, hash: SecretHash) -> bool {
        self.operator_browsers
            .iter()
            .any(|browser| browser.cookie == hash)
    }

    pub(super) fn begin_operator_browser(
        &mut self,
        cookie: SecretHash,
        at: AtProvider,
        clock: Timestamp,
    ) {
        let last_seen = self.now(clock);
        self.operator_browsers.push(OperatorBrowser {
            cookie,
            last_seen,
            at,
        });
    }

    pub(super) fn see_operator_browser(
        &mut self,
        cookie: SecretHash,
        idle: Duration,
        clock: Timestamp,
    ) -> Option<Credential> {
        let found = self.credential_hashed(cookie, true, clock)?;
        let mut browsers = self.operator_browsers.iter_mut();
        let browser = browsers.find(|browser| browser.cookie == cookie)?;
        if !found.is_good() || has_passed(browser.last_seen.plus(idle), found.now) {
            return None;
        }
        browser.last_seen = browser.last_seen.max(found.now);
        Some(found)
    }
}

fn is_at(at: AtProvider, known: SecretHash) -> bool {
    at.subject == Some(known) || at.session == Some(known)
}
