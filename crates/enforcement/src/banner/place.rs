//! Where in a document the banner goes.
//!
//! It is to be the first thing in the body, and must change nothing else: not the doctype's effect,
//! not what belongs to the head, not a frameset. So the place is right behind the tag that begins
//! the body, or, where a document leaves that out, before the first thing that implies it.
//!
//! A frameset may still take the place of a body that was only implied, as long as there has been
//! nothing in it that is seen (HTML standard, "frameset-ok flag"). Until something is, the place is
//! not certain.
//!
//! The library follows tags, not the rules that say which of them browsers ignore: `</head>` ends a
//! template for it, and for nobody else. Once it may be lost, the place is the end of the document,
//! behind the end tags of whatever may be open there, which are ignored where it is not; the
//! banner's script then moves it to the beginning of the body. Behind a frameset it is nothing.
//!
//! `lol_html` reads the document; what it writes is thrown away. The bytes that go on are the
//! product's own, cut in two at the place, so nothing here can change one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use encoding_rs::WINDOWS_1252;
use lol_html::{
    AsciiCompatibleEncoding, MemorySettings, Selector,
    errors::RewritingError,
    html_content::{TextChunk, TextType},
    send::{DocumentContentHandlers, Element, ElementContentHandlers, HtmlRewriter, Settings},
};

use super::white::{Read, Reference, is_white};

/// How much may be held while the end of a tag has not come, or nothing of an implied body is seen.
const MEMORY: usize = 256 * 1024;

/// What stands in a head, or before it, without beginning the body (HTML standard, "the rules for
/// parsing tokens": before head, in head, after head).
const OF_THE_HEAD: [&str; 13] = [
    "html", "head", "title", "meta", "link", "base", "basefont", "bgsound", "style", "script",
    "noscript", "noframes", "template",
];
/// Of these, the ones whose content is not markup.
const RAW: [&str; 5] = ["title", "style", "script", "noscript", "noframes"];

/// What leaves no room for a frameset behind it (HTML standard, "in body": what sets the frameset-ok
/// flag to "not ok"). An `input` does unless it is hidden.
const SEEN: [&str; 24] = [
    "pre", "listing", "li", "dd", "dt", "button", "applet", "marquee", "object", "table", "area",
    "br", "embed", "img", "image", "keygen", "wbr", "hr", "textarea", "xmp", "iframe", "select",
    "input", "body",
];

const HTML: &str = "http://www.w3.org/1999/xhtml";

const BYTE_ORDER_MARK: [char; 3] = ['\u{ef}', '\u{bb}', '\u{bf}'];

/// What is known of the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Not before this many bytes of the document.
    After(usize),
    /// After exactly this many bytes.
    At(usize),
    /// There is none.
    Nowhere,
}

/// Where the banner goes in a document that is over.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Last {
    pub(super) place: Place,
    /// What ends before it.
    pub(super) closing: String,
}

/// No document means that many templates to be open at its end.
const MOST_TEMPLATES: usize = 64;

/// Counts what the library has read as whole tokens, by what it would write.
type Sink = Box<dyn FnMut(&[u8]) + Send>;

/// Finds the place as the document comes in.
pub(super) struct Finder {
    rewriter: HtmlRewriter<'static, Sink>,
    seen: Arc<Mutex<Seen>>,
    fed: usize,
}

#[derive(Debug, Default)]
struct Seen {
    /// Bytes read as whole tokens.
    past: usize,
    found: Option<Place>,
    /// Where a body without a tag begins, while a frameset may still take its place.
    implied: Option<usize>,
    /// How deep in templates: what is in them is nowhere in the document.
    templates: usize,
    /// How many templates there have been.
    begun: usize,
    /// The element open whose content is text.
    raw: Option<&'static str>,
    /// A reference in text of which more may come.
    reference: Option<Reference>,
    /// Browsers may be somewhere else in the document.
    lost: bool,
}

fn locked(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Finder {
    /// `None` when the library cannot be set up; it always can.
    pub(super) fn new() -> Option<Self> {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let every: Selector = "*".parse().ok()?;
        let elements = ElementContentHandlers::default().element({
            let seen = Arc::clone(&seen);
            move |element: &mut Element<'_, '_>| {
                on_element(&seen, element);
                Ok(())
            }
        });
        let text = DocumentContentHandlers::default().text({
            let seen = Arc::clone(&seen);
            move |chunk: &mut TextChunk<'_>| {
                locked(&seen).text(chunk);
                Ok(())
            }
        });
        let mut settings = Settings::new_send();
        settings.element_content_handlers = vec![(std::borrow::Cow::Owned(every), elements)];
        settings.document_content_handlers = vec![text];
        // One character for each byte, whatever it means: all that matters here is ASCII.
        settings.encoding = AsciiCompatibleEncoding::new(WINDOWS_1252)?;
        settings.memory_settings = MemorySettings {
            preallocated_parsing_buffer_size: 0,
            max_allowed_memory_usage: MEMORY,
        };
        // An ambiguity may at worst put the banner somewhere else.
        settings.strict = false;
        let sink: Sink = {
            let seen = Arc::clone(&seen);
            Box::new(move |written: &[u8]| locked(&seen).past += written.len())
        };
        Some(Self {
            rewriter: HtmlRewriter::new(settings, sink),
            seen,
            fed: 0,
        })
    }

    /// Reads on. After an answer other than [`Place::After`] there is nothing more to read.
    pub(super) fn read(&mut self, chunk: &[u8]) -> Place {
        self.fed += chunk.len();
        let read: Result<(), RewritingError> = self.rewriter.write(chunk);
        let seen = locked(&self.seen);
        let place = match (seen.found, read) {
            (Some(found), _) => return found,
            // More than was read cannot be past.
            (None, Ok(())) if seen.past <= self.fed => Place::After(seen.past),
            // Too large or too strange: without the banner, then.
            (None, _) => Place::Nowhere,
        };
        let begun = seen
            .implied
            .or_else(|| seen.reference.as_ref().map(|reference| reference.at));
        match (begun, place) {
            (Some(at), Place::After(past)) if self.fed - at <= MEMORY => Place::After(at.min(past)),
            // No frameset comes so late.
            (Some(at), _) => Place::At(at),
            (None, place) => place,
        }
    }

    /// The document is over, and `held` is what of it is no whole token. The place is its end; where
    /// something is unfinished, behind the end of that. What a script or a tag would do with an end
    /// that the product has not written is not for us to find out.
    pub(super) fn end(self, held: &[u8]) -> Last {
        let mut seen = locked(&self.seen);
        seen.settle();
        let place = match (seen.found, seen.implied) {
            (Some(found), _) => found,
            (None, Some(at)) => Place::At(at),
            (None, None) if self.fed == 0 || seen.raw == Some("script") => Place::Nowhere,
            (None, None) => Place::At(self.fed),
        };
        let mut closing = String::new();
        if place != Place::At(self.fed) {
            return Last { place, closing };
        }
        match seen.raw {
            Some(raw) => closing.extend(["</", raw, ">"]),
            None if seen.past == self.fed => {}
            None if held.starts_with(b"<!--") => closing.push_str("-->"),
            None => {
                let place = Place::Nowhere;
                return Last { place, closing };
            }
        }
        let open = if seen.lost {
            seen.begun
        } else {
            seen.templates
        };
        for _ in 0..open.min(MOST_TEMPLATES) {
            closing.push_str("</template>");
        }
        Last { place, closing }
    }
}

fn on_element(seen: &Arc<Mutex<Seen>>, element: &mut Element<'_, '_>) {
    let name = element.tag_name();
    let name = name.as_str();
    let mut now = locked(seen);
    if now.lost {
        return;
    }
    if now.templates == 0 {
        let tag = element.source_location().bytes();
        match name {
            // A drawing begins the body like any other element, and none in it is what it is called.
            _ if element.namespace_uri() != HTML => now.imply(tag.start),
            "body" if now.implied.is_none() => now.find(Place::At(tag.end)),
            // Anything seen of a body before a frameset would make browsers ignore that.
            "frameset" if now.implied.is_none() => now.find(Place::Nowhere),
            "frameset" => now.lose(),
            // Browsers let no frameset come behind a template in a body.
            "template" if now.implied.is_some() => now.show(tag.start),
            _ if is_seen(element) => now.show(tag.start),
            _ if !OF_THE_HEAD.contains(&name) => now.imply(tag.start),
            _ => {}
        }
    }
    let raw = RAW.into_iter().find(|raw| *raw == name);
    let is_template = name == "template";
    if !is_template && raw.is_none() {
        return;
    }
    let Some(ends) = element.end_tag_handlers() else {
        return;
    };
    if is_template {
        now.templates += 1;
        now.begun += 1;
    } else {
        now.raw = raw;
    }
    let seen = Arc::clone(seen);
    ends.push(Box::new(move |end| {
        let mut now = locked(&seen);
        if !is_template {
            now.raw = None;
        } else if end.name() == "template" {
            now.templates = now.templates.saturating_sub(1);
        } else {
            now.lose();
        }
        Ok(())
    }));
}

fn is_seen(element: &Element<'_, '_>) -> bool {
    let name = element.tag_name();
    let is_hidden = || {
        let kind = element.get_attribute("type");
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case("hidden"))
    };
    SEEN.contains(&name.as_str()) && !(name == "input" && is_hidden())
}

impl Seen {
    /// Something at `at` begins the body, if it has not begun.
    fn imply(&mut self, at: usize) {
        self.implied.get_or_insert(at);
    }

    /// Something at `at` is seen: the body stays what it is.
    fn show(&mut self, at: usize) {
        let begun = *self.implied.get_or_insert(at);
        self.find(Place::At(begun));
    }

    fn find(&mut self, place: Place) {
        self.found.get_or_insert(place);
    }

    /// Where browsers are is not known any more, unless the place has been found.
    fn lose(&mut self) {
        self.lost = true;
        self.implied = None;
        self.reference = None;
    }

    /// Text outside of the head begins the body and is seen, unless it is white space.
    fn text(&mut self, chunk: &TextChunk<'_>) {
        if self.lost || self.templates > 0 || chunk.text_type() != TextType::Data {
            return;
        }
        let start = chunk.source_location().bytes().start;
        for (at, c) in (start..).zip(chunk.as_str().chars()) {
            self.character(at, c);
            if self.found.is_some() {
                return;
            }
        }
        if chunk.last_in_text_node() {
            self.settle();
        }
    }

    fn character(&mut self, at: usize, c: char) {
        if let Some(mut reference) = self.reference.take() {
            match reference.read(c) {
                Read::More => {
                    self.reference = Some(reference);
                    return;
                }
                Read::White => return,
                Read::WhiteBefore => {}
                Read::Seen => return self.show(reference.at),
            }
        }
        match c {
            // UTF-16, by its byte order mark.
            '\u{fe}' | '\u{ff}' if at == 0 => self.find(Place::Nowhere),
            // Not read as text, and the end of a head all the same.
            '\0' => self.imply(at),
            '&' => self.reference = Some(Reference::new(at)),
            _ if is_white(c) || BYTE_ORDER_MARK.get(at) == Some(&c) => {}
            _ => self.show(at),
        }
    }

    /// No more of the text comes.
    fn settle(&mut self) {
        if let Some(reference) = self.reference.take()
            && !reference.is_over()
        {
            self.show(reference.at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(document: &[u8], chunk: usize) -> Last {
        let mut finder = Finder::new().unwrap();
        let mut past = 0;
        for part in document.chunks(chunk) {
            match finder.read(part) {
                Place::After(safe) => {
                    assert!(past <= safe && safe <= document.len());
                    past = safe;
                }
                place => {
                    let closing = String::new();
                    return Last { place, closing };
                }
            }
        }
        finder.end(&document[past..])
    }

    fn place(document: &[u8], chunk: usize) -> Place {
        let Last { place, closing } = last(document, chunk);
        assert_eq!(closing, "");
        place
    }

    /// `|` marks the place.
    #[test]
    fn it_is_the_beginning_of_the_body_however_the_document_comes() {
        for marked in [
            "<!doctype html><html><head><title>a</title></head><body class=x>|<p>b</p></body></html>",
            "<!doctype html><html><head><title><body></title><script>'<body>'</script><style><p></style></head>\n<BODY onload='a>b'>|x",
            "<!doctype html><title>a</title><meta charset=latin1>|<p>b",
            "<!doctype html>\n<html>\n<!-- <body> -->\n<head>\n</head>\n|<div>no body tag</div>",
            "<!doctype html>\n |text alone",
            "\u{feff}<!doctype html><body>|x",
            "\u{feff} |x",
            "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\"><html><head></head><body>|</body></html>",
            "<?xml version='1.0'?><!doctype html><html><body>|",
            "<title>a</title><script src=a></script>|",
            "<template><body><p>a</p></template><noscript><body></noscript><body id=b>|<p>",
            "<template><template></template><p></template><p>"
                .replace("</template><p>", "</template>|<p>")
                .replacen("</template>|<p>", "</template><p>", 1)
                .as_str(),
            "|<p>a</p><!doctype html>",
            "|<svg><body></svg>",
            "|<table><tr><td>a",
            // What is not seen holds the place and is no reason to have none.
            "<title>a</title>|<div><p></p></div>\n<script></script><form><br><frameset>",
            "|<input type=hidden><input type=text><frameset>",
            "|<div></div>\0 <p>text<frameset>",
            "|<div></div><body class=x><frameset>",
            "|<svg><frameset></frameset><pre></pre></svg><div></div>",
            "|<svg><title>seen</title></svg>",
            "|<div></div><template></template><frameset>",
            "|<div></div><!-- never ends",
            "<html><head><title>\u{e9}\u{4e2d}</title></head><body>|\u{e9}",
            "&#32;<!doctype html>&#x0A;<title>a</title>&Tab;&#10 <body>|a",
            "&#32 &#00009;|&#33;<p>",
            " |&amp; <body>",
            "|&nbsp;<frameset>",
            "<title>a</title>\n|&Tab<p>",
            "<title>a</title>|&#3<!-- -->2;",
            "|<plaintext> <frameset></plaintext>",
            "<title>a</title>|&#",
        ] {
            let at = marked.find('|').unwrap();
            let document = marked.replacen('|', "", 1);
            for chunk in [1, 2, 3, 7, 1_000] {
                assert_eq!(
                    place(document.as_bytes(), chunk),
                    Place::At(at),
                    "{marked} by {chunk}"
                );
            }
        }
    }

    #[test]
    fn some_documents_have_none() {
        let utf16 = [b"\xff\xfe".as_slice(), b"<\0b\0o\0d\0y\0>\0"].concat();
        let documents: [&[u8]; 8] = [
            b"",
            b"<!doctype html><html><head></head><frameset cols=*><frame src=a></frameset></html>",
            b"&#32;<frameset cols=*><frame src=a></frameset>",
            b"&#x20<!-- --><html>&NewLine;<head></head>&#13;<frameset>",
            b"<title>a</title><script>never ends",
            b"<title>a</title><bod",
            b"\xfe\xff\0<\0b\0o\0d\0y\0>",
            &utf16,
        ];
        for document in documents {
            for chunk in [1, 3, 1_000] {
                assert_eq!(
                    place(document, chunk),
                    Place::Nowhere,
                    "{:?} by {chunk}",
                    String::from_utf8_lossy(document)
                );
            }
        }
    }

    #[test]
    fn where_it_may_be_lost_it_is_the_end_behind_whatever_may_be_open() {
        for (document, closing) in [
            ("<title>never ends", "</title>"),
            ("<title>never ends</titl", "</title>"),
            ("<style>p {}\n<body>", "</style>"),
            ("<noscript><p>never ends", "</noscript>"),
            ("<!doctype html><!-- never ends", "-->"),
            ("<template><p>never ends", "</template>"),
            ("<template><!-- <template>", "--></template>"),
            (
                "<template><template></template><title>",
                "</title></template>",
            ),
            // Not the end of a template, whatever of its head or document ends.
            ("<head><template></head><body><p>a", "</template>"),
            (
                "<html><template><template></html></template></template><body>a",
                "</template></template>",
            ),
            (
                "<template><svg><template></svg></template><p>a",
                "</template></template>",
            ),
            // The body that was only implied is gone, and nothing behind it is seen.
            ("<div></div>\n<frameset cols=*><frame src=a></frameset>", ""),
            ("<p></p><frameset cols=*>", ""),
            ("<input type=Hidden name=a><frameset cols=*>", ""),
            (
                "<head></head>\0<form><b> </b></form><script>a</script><frameset>",
                "",
            ),
            ("<svg><path/></svg><frameset>", ""),
            ("<template>a</template><div></div><frameset>", "</template>"),
        ] {
            for chunk in [1, 3, 1_000] {
                let expected = Last {
                    place: Place::At(document.len()),
                    closing: closing.to_owned(),
                };
                assert_eq!(
                    last(document.as_bytes(), chunk),
                    expected,
                    "{document} by {chunk}"
                );
            }
        }
        let deep = last("<template>".repeat(1_000).as_bytes(), 7);
        assert_eq!(deep.closing, "</template>".repeat(MOST_TEMPLATES));
    }

    #[test]
    fn a_document_is_not_held_for_ever_for_want_of_anything_seen() {
        let mut document = b"<!doctype html><title>a</title>".to_vec();
        let at = document.len();
        while document.len() < 2 * MEMORY {
            document.extend_from_slice(b"<div></div>\n");
        }
        let mut finder = Finder::new().unwrap();
        let mut places = document.chunks(16 * 1024).map(|part| finder.read(part));
        let held = MEMORY / (16 * 1024);
        assert!(
            places
                .by_ref()
                .take(held)
                .all(|place| place == Place::After(at))
        );
        assert_eq!(places.next(), Some(Place::At(at)));
    }

    #[test]
    fn a_tag_without_end_is_given_up() {
        let mut document = b"<!doctype html><link href='".to_vec();
        document.resize(2 * MEMORY, b'x');
        assert_eq!(place(&document, 16 * 1024), Place::Nowhere);
    }
}
