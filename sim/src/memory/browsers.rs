//! Browsers in which somebody is signed in.

use countersign_domain::{
    AdminCredential, CredentialId, Duration, Person, SecretHash, Timestamp, has_passed,
};
use countersign_store::{BrowserSession, BrowserSessionLimits, Credential, NewBrowserSession};

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
        self.browsers.push(Browser {
            cookie: new.cookie,
            session: BrowserSession {
                person,
                credential: Some(credential),
                started_at: now,
                ends_at: now.plus(new.limits.absolute),
            },
            last_seen: now,
        });
    }

    pub(super) fn start_by_openid(
        &mut self,
        credential: CredentialId,
        session: &NewBrowserSession,
        clock: Timestamp,
    ) -> bool {
        let known = self.state.credential(credential).copied();
        let known = known.filter(AdminCredential::opens_by_issuer);
        let Some(owner) = known.and_then(|known| known.owner) else {
            return false;
        };
        let now = self.now(clock);
        self.start_browser(Person::Admin(owner), credential, session, now);
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

    pub(super) fn end_browser(&mut self, cookie: SecretHash) {
        self.browsers.retain(|browser| browser.cookie != cookie);
    }

    pub(super) fn is_operators_cookie(&self, hash: SecretHash) -> bool {
        self.operator_browsers
            .iter()
            .any(|browser| browser.cookie == hash)
    }

    pub(super) fn begin_operator_browser(&mut self, cookie: SecretHash, clock: Timestamp) {
        let last_seen = self.now(clock);
        self.operator_browsers
            .push(OperatorBrowser { cookie, last_seen });
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
