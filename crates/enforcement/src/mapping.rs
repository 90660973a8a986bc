//! Addresses in headers, between the upstream's own origin and the session's.

use std::{borrow::Cow, sync::OnceLock};

use url::Url;

use crate::addresses::Addresses;

/// A response leads to one of Countersign's own origins (R17).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LeadsToUs;

/// The two names of one product under one session. Most requests have no address to map, so these
/// are read when one has.
#[derive(Debug)]
pub(crate) struct Mapping<'a> {
    upstream: &'a str,
    session: &'a str,
    read: OnceLock<Option<Origins>>,
}

#[derive(Debug)]
struct Origins {
    upstream: Url,
    session: Url,
}

/// An address that no browser follows.
const NOWHERE: &str = "about:invalid";

/// What the URL Standard leaves of an address before it looks for its parts: no blanks around it, no
/// tabs and line ends in it, and two slashes where more than two begin it, because browsers skip the
/// rest and `url` does not.
fn as_browsers_read(text: &str) -> Cow<'_, str> {
    let text = text.trim_matches(|c: char| c <= ' ');
    let text = if text.contains(['\t', '\r', '\n']) {
        Cow::Owned(text.replace(['\t', '\r', '\n'], ""))
    } else {
        Cow::Borrowed(text)
    };
    let behind = text.trim_start_matches(['/', '\\']);
    if text.len() - behind.len() > 2 {
        return Cow::Owned(format!("//{behind}"));
    }
    text
}

impl Mapping<'_> {
    pub(crate) fn new<'a>(upstream: &'a str, session: &'a str) -> Mapping<'a> {
        Mapping {
            upstream,
            session,
            read: OnceLock::new(),
        }
    }

    /// `None` when either is not an origin: then nothing can be mapped.
    fn origins(&self) -> Option<&Origins> {
        let read = || {
            Some(Origins {
                upstream: Url::parse(self.upstream).ok()?,
                session: Url::parse(self.session).ok()?,
            })
        };
        self.read.get_or_init(read).as_ref()
    }

    /// An address in a response, read as the browser reads it: relative to what it asked for.
    pub(crate) fn outward(
        &self,
        text: &str,
        path: &str,
        addresses: &Addresses,
    ) -> Result<String, LeadsToUs> {
        let Origins { upstream, session } = self.origins().ok_or(LeadsToUs)?;
        let base = session.join(path);
        let text = &*as_browsers_read(text);
        let Ok(target) = base.as_ref().unwrap_or(session).join(text) else {
            // A browser that could make sense of it would be led who knows where.
            return Ok(NOWHERE.to_owned());
        };
        if target.origin() == upstream.origin() {
            return Ok(with_origin_of(&target, session));
        }
        if addresses.is_ours(&target, session) {
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
        // Read once, by the HTML standard's shared declarative refresh steps, and written anew in one
        // form, so that no browser finds another address in it.
        let text = text.trim_start_matches(SPACE);
        let digits = |c: char| !c.is_ascii_digit() && c != '.';
        let end = text.find(digits).unwrap_or(text.len());
        let (delay, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        let after = rest.trim_start_matches(SPACE);
        let behind = after.strip_prefix([';', ',']).unwrap_or(after);
        let separated = behind.len() < rest.len() || rest.is_empty();
        if delay.is_empty() || !separated {
            // No browser refreshes by that, so none is given it.
            return Ok(String::new());
        }
        let rest = behind.trim_start_matches(SPACE);
        if rest.is_empty() {
            return Ok(delay.to_owned());
        }
        let mapped = self.outward(refresh_address(rest), path, addresses)?;
        if mapped.starts_with(['\'', '"']) {
            // It would be read as a quotation, and another address found in it.
            let quoted = mapped.replace('"', "%22");
            return Ok(format!("{delay}; url=\"{quoted}\""));
        }
        Ok(format!("{delay}; url={mapped}"))
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
        let Origins { upstream, session } = self.origins()?;
        let target = Url::parse(text).ok()?;
        (target.origin() == session.origin()).then(|| with_origin_of(&target, upstream))
    }

    /// An Origin header's value.
    pub(crate) fn inward_origin(&self, text: &str) -> Option<String> {
        let Origins { upstream, session } = self.origins()?;
        let target = Url::parse(text).ok()?;
        (target.origin() == session.origin()).then(|| upstream.origin().ascii_serialization())
    }
}

/// ASCII white space, as far as a header can hold it.
const SPACE: [char; 5] = [' ', '\t', '\n', '\r', '\x0c'];

/// The address behind the delay of a refresh: with or without `url=`, with or without quotes.
fn refresh_address(text: &str) -> &str {
    let named = match text.split_at_checked(3) {
        Some((word, rest)) if word.eq_ignore_ascii_case("url") => {
            rest.trim_start_matches(SPACE).strip_prefix('=')
        }
        _ => None,
    };
    let address = match named {
        Some(rest) => rest.trim_start_matches(SPACE),
        // An address may begin with these letters.
        None => text,
    };
    let quoted = ['\'', '"'].into_iter().find_map(|quote| {
        let behind = address.strip_prefix(quote)?;
        behind.split(quote).next()
    });
    quoted.unwrap_or(address).trim_matches(SPACE)
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

    fn mapping() -> (Mapping<'static>, Addresses) {
        (
            Mapping::new("http://127.0.0.1:9000", "http://abc.gw.localhost:8081"),
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
            ("http://[", "about:invalid"),
            ("///127.0.0.1:9000/x", "http://abc.gw.localhost:8081/x"),
            ("/\t//127.0.0.1:9000/x", "http://abc.gw.localhost:8081/x"),
            (" /a\tb ", "/ab"),
            // With the base's own scheme and no two slashes it is a path.
            ("http:/localhost:8080/x", "http:/localhost:8080/x"),
        ] {
            assert_eq!(mapping.outward(from, "/p/q", &addresses).as_deref(), Ok(to));
        }
        for ours in [
            "http://localhost:8080/x",
            "http:///localhost:8080/x",
            "//localhost:8080/x",
            "///localhost:8080/x",
            "/////localhost:8080/x",
            "\\\\\\localhost:8080/x",
            "/\\/localhost:8080/x",
            "/\t//localhost:8080/x",
            "//\t/localhost:8080/x",
            "\t ///localhost:8080/x",
            "h\tttp:\t/\t/localhost:8080/x",
        ] {
            let answer = mapping.outward(ours, "/", &addresses);
            assert_eq!(answer, Err(LeadsToUs), "{ours:?}");
        }
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

    /// Every form in which the HTML standard's shared declarative refresh steps find an address.
    #[test]
    fn a_refresh_is_read_as_browsers_read_it() {
        let (mapping, addresses) = mapping();
        let forms = |to: &str| {
            [
                format!("5;url={to}"),
                format!("5; url={to}"),
                format!("5;url = {to}"),
                format!("5 ; URL\t=\t{to}"),
                format!("5\t;\turl={to}"),
                format!("  5;  url={to}  "),
                format!("\t5;url={to}\t"),
                format!("5,url={to}"),
                format!("5 , url={to}"),
                format!("5 url={to}"),
                format!("5\turl={to}"),
                format!("5\x0curl={to}"),
                format!("5;{to}"),
                format!("5 {to}"),
                format!("5,{to}"),
                format!("5; uRl='{to}'"),
                format!("5; url=\"{to}\""),
                format!("5; url= '{to}' "),
                format!("5; url='{to}"),
                format!("5; '{to}'"),
                format!("5; url='{to}' and more"),
                format!("5; url=\"{to}\"; url=/elsewhere"),
            ]
        };
        for form in forms("http://127.0.0.1:9000/x") {
            let mapped = mapping.refresh(&form, "/", &addresses);
            let mapped = mapped.unwrap_or_else(|_| panic!("{form:?} is refused"));
            assert_eq!(mapped, "5; url=http://abc.gw.localhost:8081/x", "{form:?}");
        }
        for ours in ["http://localhost:8080/x", "http://gw.localhost:8081/"] {
            for form in forms(ours) {
                let refused = mapping.refresh(&form, "/", &addresses);
                assert_eq!(refused, Err(LeadsToUs), "{form:?}");
            }
        }
        // A fraction is passed over; without an address the page itself is loaded again.
        for (form, mapped) in [
            ("0.5; url=/a", "0.5; url=/a"),
            (".5;url=/a", ".5; url=/a"),
            ("5", "5"),
            (" 5 ", "5"),
            ("5;", "5"),
            ("5 ; ", "5"),
            // An address that only begins like the word.
            ("5; url.html", "5; url=url.html"),
            ("5; urls/a", "5; url=urls/a"),
            ("5; url", "5; url=url"),
            // No browser refreshes by these.
            ("", ""),
            ("url=http://localhost:8080/", ""),
            (";url=http://localhost:8080/", ""),
            ("-1;url=http://localhost:8080/", ""),
            ("5s;url=http://localhost:8080/", ""),
        ] {
            assert_eq!(
                mapping.refresh(form, "/", &addresses).as_deref(),
                Ok(mapped),
                "{form:?}"
            );
        }
    }

    /// What is written is read back as the address that was judged, whatever quotes are inside.
    #[test]
    fn no_quotation_hides_an_address_in_a_refresh() {
        let (mapping, addresses) = mapping();
        for (form, mapped) in [
            (
                "0; url=\"'http://localhost:8080/\"",
                "0; url=\"'http://localhost:8080/\"",
            ),
            (
                "0; url=\" 'http://localhost:8080/\"",
                "0; url=\"'http://localhost:8080/\"",
            ),
            (
                "0; url='\"http://localhost:8080/'",
                "0; url=\"%22http://localhost:8080/\"",
            ),
            ("0; url='/a\"b'", "0; url=/a\"b"),
            ("0; url=''", "0; url="),
        ] {
            let once = mapping.refresh(form, "/", &addresses).unwrap();
            assert_eq!(once, mapped, "{form}");
        }
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
