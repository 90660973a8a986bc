//! What a parser forgives and hides.
//!
//! hyper takes a bare line feed for the end of a line, and a Content-Length that stands beside a
//! Transfer-Encoding, or comes twice, is gone from the headers it shows. Whoever is in front may
//! have read such a head in another way, so it is refused (R17). This looks at the bytes of an
//! HTTP/1.1 connection as they come, on their way to hyper, and keeps for each head whether it
//! reads the same to everybody.
//!
//! It has to know where heads begin, and takes no chances with that: only a plain Content-Length
//! says how much lies between two heads. Whatever comes after a Transfer-Encoding, or after a head
//! that is refused, is not looked at, because the connection ends with that request's answer. And
//! a request for whose head nothing was kept is refused.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use memchr::memchr;

/// Longer than any line that matters.
const KEPT: usize = 64;

const BARE_LINE_FEED: &str = "a line of its head ends in a bare line feed";
const BARE_RETURN: &str = "a line of its head has a carriage return in the middle";
const BOTH_LENGTHS: &str = "it has a Content-Length and a Transfer-Encoding";
const TWO_LENGTHS: &str = "Content-Length comes twice";
const ODD_LENGTH: &str = "its Content-Length is no plain number";
const ODD_ENCODING: &str = "its Transfer-Encoding is not chunked and nothing else";
const UNSEEN: &str = "where its head begins is not certain";

/// What is known of the heads that have come and whose requests have not been taken up yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heads(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// So many read the same to everybody.
    plain: usize,
    /// The one after them does not, and is the last.
    ambiguous: Option<&'static str>,
}

impl Heads {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes up the next request.
    ///
    /// # Errors
    /// What two parties could read differently in its head.
    pub(crate) fn next(&self) -> Result<(), &'static str> {
        let mut known = self.known();
        if known.plain == 0 {
            return Err(known.ambiguous.unwrap_or(UNSEEN));
        }
        known.plain -= 1;
        Ok(())
    }
}

/// Reads the bytes of a connection, in whatever pieces they come.
#[derive(Debug)]
pub(crate) struct Scanner {
    heads: Heads,
    at: At,
    line: Line,
    /// Of the head that is being read.
    lines: usize,
    length: Option<u64>,
    has_encoding: bool,
}

#[derive(Clone, Copy, Debug)]
enum At {
    Head,
    /// So much of a body is to come.
    Body(u64),
    /// No head that matters comes any more.
    Last,
}

/// The line that is being read, as far as it matters.
#[derive(Debug)]
struct Line {
    kept: [u8; KEPT],
    length: usize,
    /// What has come of it ends in a carriage return.
    returned: bool,
}

impl Scanner {
    pub(crate) fn new(heads: Heads) -> Self {
        Self {
            heads,
            at: At::Head,
            line: Line::new(),
            lines: 0,
            length: None,
            has_encoding: false,
        }
    }

    /// Reads what comes next.
    pub(crate) fn read(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            bytes = match self.at {
                At::Last => return,
                At::Body(left) => self.body(left, bytes),
                At::Head => self.head(bytes).unwrap_or_else(|ambiguous| {
                    self.heads.known().ambiguous = Some(ambiguous);
                    self.at = At::Last;
                    &[]
                }),
            };
        }
    }

    fn body<'b>(&mut self, left: u64, bytes: &'b [u8]) -> &'b [u8] {
        let here = usize::try_from(left).unwrap_or(usize::MAX);
        let Some((_, rest)) = bytes.split_at_checked(here) else {
            let come = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            self.at = At::Body(left.saturating_sub(come));
            return &[];
        };
        self.at = At::Head;
        rest
    }

    /// Reads to the end of the line, if it is there; answers with what comes after it.
    fn head<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8], &'static str> {
        let Some((line, rest)) = split_at_line_feed(bytes) else {
            self.line.push(bytes)?;
            return Ok(&[]);
        };
        self.line.push(line)?;
        if !self.line.returned {
            return Err(BARE_LINE_FEED);
        }
        let line = std::mem::replace(&mut self.line, Line::new());
        match line.text() {
            // RFC 9112 section 2.2: empty lines before a request line mean nothing.
            b"" if self.lines == 0 => {}
            b"" => self.end()?,
            text => {
                if self.lines > 0 {
                    self.field(text, line.is_whole())?;
                }
                self.lines += 1;
            }
        }
        Ok(rest)
    }

    fn field(&mut self, text: &[u8], is_whole: bool) -> Result<(), &'static str> {
        let Some((name, value)) = memchr(b':', text).and_then(|at| text.split_at_checked(at))
        else {
            return Ok(());
        };
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            // RFC 9112 section 6.1: one that is not understood is refused, and a second chunked is wrong.
            let plain = is_whole && value.strip_prefix(b":").is_some_and(is_chunked);
            if !plain || self.has_encoding {
                return Err(ODD_ENCODING);
            }
            self.has_encoding = true;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            let number = value
                .strip_prefix(b":")
                .filter(|_| is_whole)
                .and_then(number);
            let number = number.ok_or(ODD_LENGTH)?;
            if self.length.replace(number).is_some() {
                return Err(TWO_LENGTHS);
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), &'static str> {
        let length = self.length.take();
        let has_encoding = std::mem::take(&mut self.has_encoding);
        self.lines = 0;
        self.at = match (length, has_encoding) {
            (Some(_), true) => return Err(BOTH_LENGTHS),
            (None, true) => At::Last,
            (Some(length), false) if length > 0 => At::Body(length),
            (_, false) => At::Head,
        };
        self.heads.known().plain += 1;
        Ok(())
    }
}

impl Line {
    fn new() -> Self {
        Self {
            kept: [0; KEPT],
            length: 0,
            returned: false,
        }
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), &'static str> {
        let Some(last) = bytes.len().checked_sub(1) else {
            return Ok(());
        };
        let first_return = memchr(b'\r', bytes);
        if self.returned || first_return.is_some_and(|at| at < last) {
            return Err(BARE_RETURN);
        }
        self.returned = first_return.is_some();
        let room = self.kept.iter_mut().skip(self.length);
        for (kept, byte) in room.zip(bytes) {
            *kept = *byte;
        }
        self.length = self.length.saturating_add(bytes.len());
        Ok(())
    }

    /// Whether all of it has been kept.
    fn is_whole(&self) -> bool {
        self.length <= KEPT
    }

    /// What has been kept, without the carriage return at its end.
    fn text(&self) -> &[u8] {
        let end = self.length.min(KEPT);
        let text = self.kept.get(..end).unwrap_or_default();
        text.strip_suffix(b"\r").unwrap_or(text)
    }
}

fn split_at_line_feed(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (line, rest) = bytes.split_at_checked(memchr(b'\n', bytes)?)?;
    Some((line, rest.strip_prefix(b"\n")?))
}

/// Digits and nothing else, but for blanks around them.
fn is_chunked(value: &[u8]) -> bool {
    value.trim_ascii().eq_ignore_ascii_case(b"chunked")
}

fn number(value: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(value).ok()?.trim_matches([' ', '\t']);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// How many plain heads there are, and what is wrong with the one after them.
    fn scanned<'b>(pieces: impl IntoIterator<Item = &'b [u8]>) -> (usize, Option<&'static str>) {
        let heads = Heads::default();
        let mut scanner = Scanner::new(heads.clone());
        for piece in pieces {
            scanner.read(piece);
        }
        let plain = (0..1_000).take_while(|_| heads.next().is_ok()).count();
        let known = heads.known().ambiguous;
        (plain, known)
    }

    fn whole(text: &str) -> (usize, Option<&'static str>) {
        let at_once = scanned([text.as_bytes()]);
        let by_byte = scanned(text.as_bytes().chunks(1));
        assert_eq!(at_once, by_byte, "{text:?}");
        at_once
    }

    #[test]
    fn r17_heads_that_read_alike_to_everybody_are_plain() {
        for (text, count) in [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1),
            ("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 1),
            ("GET / HTTP/1.1\r\nHost: a\r\n", 0),
            ("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", 2),
            (
                "GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
                2,
            ),
            // What a body holds is no head, whatever it looks like.
            (
                "POST / HTTP/1.1\r\ncontent-length:\t6 \r\n\r\nA\nB\r\n\nGET / HTTP/1.1\r\n\r\n",
                2,
            ),
            ("POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\nA\nB\r\n", 1),
            // The connection ends with the answer to this.
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /\n\n",
                1,
            ),
            (
                "GET / HTTP/1.1\r\nX-Content-Length: +1\r\nNo colon\r\n\r\n",
                1,
            ),
        ] {
            assert_eq!(whole(text), (count, None), "{text:?}");
        }
        let long = format!("GET /{0} HTTP/1.1\r\nX: {0}\r\n\r\n", "x".repeat(1_000));
        assert_eq!(whole(&long), (1, None));
    }

    #[test]
    fn r17_heads_that_two_could_read_differently_are_told_of_and_are_the_last() {
        let zeros = "0".repeat(KEPT);
        let rows = [
            ("GET / HTTP/1.1\nHost: a\r\n\r\n", BARE_LINE_FEED),
            ("GET / HTTP/1.1\r\nHost: a\n\r\n", BARE_LINE_FEED),
            ("GET / HTTP/1.1\r\nHost: a\r\n\n", BARE_LINE_FEED),
            ("\nGET / HTTP/1.1\r\n\r\n", BARE_LINE_FEED),
            ("GET / HTTP/1.1\r\nA: b\rC: d\r\n\r\n", BARE_RETURN),
            ("GET / HTTP/1.1\r\nA: b\r\r\n\r\n", BARE_RETURN),
            (
                "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
                BOTH_LENGTHS,
            ),
            (
                "POST / HTTP/1.1\r\nTRANSFER-ENCODING: chunked\r\nCONTENT-LENGTH: 3\r\n\r\n",
                BOTH_LENGTHS,
            ),
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                ODD_ENCODING,
            ),
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                ODD_ENCODING,
            ),
            (
                "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n",
                TWO_LENGTHS,
            ),
            (
                "POST / HTTP/1.1\r\nContent-Length: 3, 3\r\n\r\n",
                ODD_LENGTH,
            ),
            ("POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\n", ODD_LENGTH),
            ("POST / HTTP/1.1\r\nContent-Length:\r\n\r\n", ODD_LENGTH),
            ("POST / HTTP/1.1\r\nContent-Length: 0x3\r\n\r\n", ODD_LENGTH),
            (
                "POST / HTTP/1.1\r\nContent-Length: 18446744073709551616\r\n\r\n",
                ODD_LENGTH,
            ),
            (
                &*format!("POST / HTTP/1.1\r\nContent-Length: {zeros}3\r\n\r\n"),
                ODD_LENGTH,
            ),
        ];
        let plain = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        for (text, why) in rows {
            assert_eq!(whole(text), (0, Some(why)), "{text:?}");
            let second = format!("{plain}{text}{plain}");
            assert_eq!(whole(&second), (1, Some(why)), "{second:?}");
        }
    }

    #[test]
    fn r17_a_request_for_whose_head_nothing_is_known_is_refused() {
        assert_eq!(Heads::default().next(), Err(UNSEEN));
    }

    proptest! {
        #[test]
        fn r17_pieces_do_not_matter(
            text in vec(prop_oneof![
                Just(b"\r\n".to_vec()),
                Just(b"\n".to_vec()),
                Just(b"\r".to_vec()),
                Just(b"\r\n\r\n".to_vec()),
                Just(b"GET / HTTP/1.1\r\n".to_vec()),
                Just(b"Content-Length: 2\r\n".to_vec()),
                Just(b"Transfer-Encoding: chunked\r\n".to_vec()),
                vec(any::<u8>(), 0..80),
            ], 0..12),
            size in 1_usize..90,
        ) {
            let text = text.concat();
            prop_assert_eq!(scanned([text.as_slice()]), scanned(text.chunks(size)));
        }

        #[test]
        fn r17_every_plain_request_is_counted_whatever_its_body(
            bodies in vec(vec(prop_oneof![Just(b'\n'), Just(b'\r'), any::<u8>()], 0..50), 0..8),
            size in 1_usize..60,
        ) {
            let mut text = Vec::new();
            for body in &bodies {
                text.extend(format!("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n", body.len()).bytes());
                text.extend(body);
            }
            prop_assert_eq!(scanned(text.chunks(size)), (bodies.len(), None));
        }
    }
}
