//! Addresses in headers, between the upstream's own origin and the session's.

use url::Url;

use crate::addresses::Addresses;

/// A response leads to one of Countersign's own origins (R17).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LeadsToUs;

/// The two names of one product under one session.
#[derive(Clone, Debug)]
pub(crate) struct Mapping {
    upstream: Url,
    session: Url,
}

impl Mapping {
    /// `None` when either is not an origin.
    pub(crate) fn new(upstream: &str, session: &str) -> Option<Self> {
        Some(Self {
            upstream: Url::parse(upstream).ok()?,
            session: Url::parse(session).ok()?,
        })
    }

    /// An address in a response, read as the browser reads it: relative to what it asked for.
    pub(crate) fn outward(
        &self,
        text: &str,
        path: &str,
        addresses: &Addresses,
    ) -> Result<String, LeadsToUs> {
        let base = self.session.join(path);
        let Ok(target) = base.as_ref().unwrap_or(&self.session).join(text) else {
            // No browser follows what is not an address.
            return Ok(text.to_owned());
        };
        if target.origin() == self.upstream.origin() {
            return Ok(with_origin_of(&target, &self.session));
        }
        if addresses.is_ours(&target, &self.session) {
            return Err(LeadsToUs);
        }
        Ok(text.to_owned())
    }

    /// `Refresh: 5; url=…`.
    pub(crate) fn refresh(
        &self,
        text: &str,
        path: &str,
        addresses: &Addresses,
    ) -> Result<String, LeadsToUs> {
        // The HTML standard's shared declarative refresh steps: a number, then `;`, `,` or white space.
        let text = text.trim_start();
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (delay, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        let rest = rest
            .trim_start_matches([';', ',', ' ', '\t', '\n', '\r', '\x0c'])
            .trim_end();
        if rest.is_empty() {
            return Ok(delay.to_owned());
        }
        let address = match rest.get(..3) {
            Some(word) if word.eq_ignore_ascii_case("url") => {
                let rest = rest.get(3..).unwrap_or_default().trim_start();
                rest.strip_prefix('=').unwrap_or(rest)
            }
            _ => rest,
        };
        let address = address.trim().trim_matches(['"', '\'']);
        let mapped = self.outward(address, path, addresses)?;
        Ok(format!("{}; url={mapped}", delay.trim()))
    }

    /// Every `<…>` of a Link header.
    pub(crate) fn link(
        &self,
        text: &str,
        path: &str,
        addresses: &Addresses,
    ) -> Result<String, LeadsToUs> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('<') {
            let Some((address, behind)) = after.split_once('>') else {
                break;
            };
            out.push_str(before);
            out.push('<');
            out.push_str(&self.outward(address, path, addresses)?);
            out.push('>');
            rest = behind;
        }
        out.push_str(rest);
        Ok(out)
    }

    /// An Origin or Referer of a request: the session's becomes the upstream's, any other is
    /// nobody's business upstream.
    pub(crate) fn inward(&self, text: &str) -> Option<String> {
        let target = Url::parse(text).ok()?;
        (target.origin() == self.session.origin()).then(|| with_origin_of(&target, &self.upstream))
    }

    /// An Origin header's value.
    pub(crate) fn inward_origin(&self, text: &str) -> Option<String> {
        let target = Url::parse(text).ok()?;
        (target.origin() == self.session.origin())
            .then(|| self.upstream.origin().ascii_serialization())
    }
}

/// The path, query and fragment of `target` at the origin of `origin`.
fn with_origin_of(target: &Url, origin: &Url) -> String {
    use url::Position;
    let origin = origin.origin().ascii_serialization();
    // Slicing a Url by its own positions cannot go wrong.
    #[allow(clippy::indexing_slicing)]
    let rest = &target[Position::BeforePath..];
    format!("{origin}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping() -> (Mapping, Addresses) {
        (
            Mapping::new("http://127.0.0.1:9000", "http://abc.gw.localhost:8081").unwrap(),
            Addresses::new("http://localhost:8080", "http://gw.localhost:8081"),
        )
    }

    #[test]
    fn the_upstreams_own_addresses_become_the_sessions() {
        let (mapping, addresses) = mapping();
        for (from, to) in [
            (
                "http://127.0.0.1:9000/a?b#c",
                "http://abc.gw.localhost:8081/a?b#c",
            ),
            ("HTTP://127.0.0.1:9000", "http://abc.gw.localhost:8081/"),
            ("//127.0.0.1:9000/x", "http://abc.gw.localhost:8081/x"),
            (
                "http://user@127.0.0.1:9000/x",
                "http://abc.gw.localhost:8081/x",
            ),
            ("/a", "/a"),
            ("../a", "../a"),
            ("http://127.0.0.1:9001/x", "http://127.0.0.1:9001/x"),
            ("https://docs.vendor.test/", "https://docs.vendor.test/"),
            ("http://[", "http://["),
        ] {
            assert_eq!(mapping.outward(from, "/p/q", &addresses).as_deref(), Ok(to));
        }
        assert_eq!(
            mapping.outward("http://localhost:8080/x", "/", &addresses),
            Err(LeadsToUs)
        );
    }

    #[test]
    fn refresh_and_link_are_mapped() {
        let (mapping, addresses) = mapping();
        assert_eq!(
            mapping
                .refresh("5; URL='http://127.0.0.1:9000/x'", "/", &addresses)
                .as_deref(),
            Ok("5; url=http://abc.gw.localhost:8081/x")
        );
        assert_eq!(mapping.refresh("5", "/", &addresses).as_deref(), Ok("5"));
        assert_eq!(
            mapping.refresh("0;http://localhost:8080/", "/", &addresses),
            Err(LeadsToUs)
        );
        assert_eq!(
            mapping
                .link(
                    "<http://127.0.0.1:9000/2>; rel=next, </1>; rel=prev",
                    "/",
                    &addresses
                )
                .as_deref(),
            Ok("<http://abc.gw.localhost:8081/2>; rel=next, </1>; rel=prev")
        );
    }

    #[test]
    fn only_the_sessions_own_origin_is_told_upstream() {
        let (mapping, _) = mapping();
        assert_eq!(
            mapping
                .inward("http://abc.gw.localhost:8081/a?b")
                .as_deref(),
            Some("http://127.0.0.1:9000/a?b")
        );
        assert_eq!(
            mapping
                .inward_origin("http://abc.gw.localhost:8081")
                .as_deref(),
            Some("http://127.0.0.1:9000")
        );
        for other in ["null", "http://evil.test/", "http://def.gw.localhost:8081/"] {
            assert_eq!(mapping.inward(other), None);
            assert_eq!(mapping.inward_origin(other), None);
        }
    }
}
