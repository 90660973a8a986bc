//! The messages: what a page says, in the reader's language.
//!
//! They stand in `messages/LANGUAGE/*.ftl` (Project Fluent). The build makes each of them a method
//! of [`Lang`], with its variables as parameters in alphabetical order:
//!
//! ```text
//! asked-on = { $who } asked on { $at }
//! ```
//!
//! is `lang.asked_on(at, who)`, and `.why` under it is `lang.asked_on_why()`. A variable that a
//! plural is chosen by takes a whole number ([`Count`]), any other an [`Arg`].
//!
//! What comes out is a [`Text`]. In a template `{{ t.asked_on(at, who) }}` is HTML: the message's
//! own words are escaped, all but the tags `<strong>`, `<em>` and `<code>`; a value brings its own
//! escaped and isolated markup, and no value can bring a tag. Where markup has no meaning, in
//! attributes above all, it is `{{ t.asked_on(at, who).plain() }}`.

use std::{
    borrow::Cow,
    fmt,
    sync::{Arc, LazyLock},
};

use askama::filters::HtmlSafe;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

pub use crate::lang::Lang;
use crate::text::UserText;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The tags that the words of a message may hold. They take no attributes.
pub const TAGS: [&str; 6] = [
    "<strong>",
    "</strong>",
    "<em>",
    "</em>",
    "<code>",
    "</code>",
];

/// A message in a language, with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Text {
    lang: Lang,
    id: &'static str,
    attribute: Option<&'static str>,
    values: Vec<(&'static str, Value)>,
}

impl Text {
    fn new(
        lang: Lang,
        id: &'static str,
        attribute: Option<&'static str>,
        values: Vec<(&'static str, Value)>,
    ) -> Self {
        Self {
            lang,
            id,
            attribute,
            values,
        }
    }

    /// The words without markup, for whatever escapes them itself: an attribute, the document
    /// title, JSON.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(&mut out, Form::Plain);
        out
    }

    fn write(&self, out: &mut dyn fmt::Write, form: Form) -> fmt::Result {
        let values: FluentArgs<'_> = self
            .values
            .iter()
            .map(|(name, value)| (*name, value.in_form(self.lang, form)))
            .collect();
        // Tests hold that every language has every message.
        for lang in [self.lang, Lang::En] {
            let bundle = bundle(lang, form);
            let message = bundle.get_message(self.id);
            let pattern = message.and_then(|message| match self.attribute {
                None => message.value(),
                Some(name) => message
                    .get_attribute(name)
                    .map(|attribute| attribute.value()),
            });
            if let Some(pattern) = pattern {
                let mut errors = Vec::new();
                let said = bundle.format_pattern(pattern, Some(&values), &mut errors);
                debug_assert!(errors.is_empty(), "{}: {errors:?}", self.id);
                return out.write_str(&said);
            }
        }
        out.write_str(self.id)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Form::Html)
    }
}

impl HtmlSafe for Text {}

/// Where words go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Html,
    Plain,
}

/// A value in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number, written with the language's marks between thousands.
    Number(i64),
    /// A word of the program: a code, a path, a command.
    Fixed(&'static str),
    /// A clause that there is in English only.
    English(&'static str),
    /// Somebody's text.
    User(UserText),
    /// Something with markup of its own.
    Fragment(Fragment),
    /// Another message.
    Text(Text),
}

impl Value {
    fn in_form(&self, lang: Lang, form: Form) -> FluentValue<'_> {
        match (self, form) {
            (Self::Number(number), _) => FluentValue::from(*number),
            (Self::Fixed(word), Form::Html) => FluentValue::String(escaped(word)),
            (Self::Fixed(word), Form::Plain) => FluentValue::from(*word),
            (Self::English(clause), Form::Html) if lang != Lang::En => {
                FluentValue::from(format!("<span lang=\"en\">{}</span>", escaped(clause)))
            }
            (Self::English(clause), Form::Html) => FluentValue::String(escaped(clause)),
            (Self::English(clause), Form::Plain) => FluentValue::from(*clause),
            (Self::User(text), Form::Html) => FluentValue::from(text.to_string()),
            (Self::User(text), Form::Plain) => FluentValue::from(isolated(text.plain(), lang)),
            (Self::Fragment(fragment), Form::Html) => FluentValue::from(fragment.html.as_str()),
            (Self::Fragment(fragment), Form::Plain) => FluentValue::from(fragment.plain.as_str()),
            (Self::Text(text), Form::Html) => FluentValue::from(text.to_string()),
            (Self::Text(text), Form::Plain) => FluentValue::from(text.plain()),
        }
    }
}

/// A component of this room inside a message: an instant, a person. Only this room makes one, so no
/// page can take a text for markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    html: String,
    plain: String,
}

impl Fragment {
    /// A component as HTML and without markup.
    pub(crate) fn new(html: impl fmt::Display, plain: impl Into<String>) -> Self {
        Self {
            html: html.to_string(),
            plain: plain.into(),
        }
    }

    /// Digits, which no language writes marks between: a day, a year.
    pub(crate) fn digits(number: impl Into<i64>) -> Self {
        let digits = number.into().to_string();
        Self {
            html: digits.clone(),
            plain: digits,
        }
    }
}

/// What `<bdi>` is in HTML: the direction of somebody's text ends where it ends. Such text holds no
/// direction marks of its own any more. ASCII in a line from left to right moves nothing.
fn isolated(text: String, lang: Lang) -> String {
    if text.is_ascii() && lang.dir() == "ltr" {
        text
    } else {
        format!("\u{2068}{text}\u{2069}")
    }
}

/// What a message can hold. Text from outside is none of it unless it is [`UserText`].
pub trait Arg {
    /// As a value.
    fn into_value(self) -> Value;
}

/// A technical clause for whoever debugs a product, which there is in English only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InEnglish(pub &'static str);

impl Arg for InEnglish {
    fn into_value(self) -> Value {
        Value::English(self.0)
    }
}

/// A whole number that a plural is chosen by.
pub trait Count {
    /// As a value.
    fn into_value(self) -> Value;
}

impl<T: Clone + Arg> Arg for &T {
    fn into_value(self) -> Value {
        self.clone().into_value()
    }
}

impl<T: Copy + Count> Count for &T {
    fn into_value(self) -> Value {
        (*self).into_value()
    }
}

impl Arg for &'static str {
    fn into_value(self) -> Value {
        Value::Fixed(self)
    }
}

impl Arg for UserText {
    fn into_value(self) -> Value {
        Value::User(self)
    }
}

impl fmt::Display for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.html)
    }
}

impl HtmlSafe for Fragment {}

impl Arg for Fragment {
    fn into_value(self) -> Value {
        Value::Fragment(self)
    }
}

impl Arg for Text {
    fn into_value(self) -> Value {
        Value::Text(self)
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Arg for $number {
            fn into_value(self) -> Value {
                Value::Number(i64::try_from(self).unwrap_or(i64::MAX))
            }
        }
        impl Count for $number {
            fn into_value(self) -> Value {
                Arg::into_value(self)
            }
        }
    )*};
}
numbers!(i64, u64, usize, u32, i32, u16, i16);

type Bundle = FluentBundle<Arc<FluentResource>>;

/// The messages of a language, parsed once.
struct Spoken {
    html: Bundle,
    plain: Bundle,
}

static EN: LazyLock<Spoken> = LazyLock::new(|| spoken(Lang::En));
static DE: LazyLock<Spoken> = LazyLock::new(|| spoken(Lang::De));
static FR: LazyLock<Spoken> = LazyLock::new(|| spoken(Lang::Fr));

fn bundle(lang: Lang, form: Form) -> &'static Bundle {
    let spoken = match lang {
        Lang::En => &*EN,
        Lang::De => &*DE,
        Lang::Fr => &*FR,
    };
    match form {
        Form::Html => &spoken.html,
        Form::Plain => &spoken.plain,
    }
}

fn spoken(lang: Lang) -> Spoken {
    let sources = SOURCES.iter().zip(Lang::ALL);
    let resources: Vec<_> = sources
        .filter(|(_, of)| *of == lang)
        .flat_map(|(sources, _)| *sources)
        .map(|source| {
            // The build has parsed them: there are no errors.
            let (Ok(resource) | Err((resource, _))) = FluentResource::try_new((*source).to_owned());
            Arc::new(resource)
        })
        .collect();
    Spoken {
        html: made(lang, &resources, html_words),
        plain: made(lang, &resources, plain_words),
    }
}

fn made(lang: Lang, resources: &[Arc<FluentResource>], words: fn(&str) -> Cow<'_, str>) -> Bundle {
    let tag = LanguageIdentifier::from_bytes(lang.code().as_bytes()).unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Values isolate themselves: only they know whether they are somebody's text.
    bundle.set_use_isolating(false);
    bundle.set_transform(Some(words));
    bundle.set_formatter(Some(match lang {
        Lang::En => |value, _| number(value, ","),
        Lang::De => |value, _| number(value, "."),
        Lang::Fr => |value, _| number(value, "\u{202f}"),
    }));
    for resource in resources {
        bundle.add_resource_overriding(Arc::clone(resource));
    }
    bundle
}

/// A number with a mark between thousands.
fn number(value: &FluentValue<'_>, mark: &str) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    let digits = number.as_string();
    let (sign, digits) = digits
        .strip_prefix('-')
        .map_or(("", digits.as_ref()), |rest| ("-", rest));
    let mut out = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push_str(mark);
        }
        out.push(digit);
    }
    Some(out)
}

fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '>', '&', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        // Writing to a String cannot fail.
        let _ = crate::text::write_escaped(&mut out, c);
    }
    Cow::Owned(out)
}

/// The words of a message as HTML: escaped, all but [`TAGS`].
fn html_words(words: &str) -> Cow<'_, str> {
    if !words.contains(['<', '>', '&']) {
        return Cow::Borrowed(words);
    }
    let mut out = String::with_capacity(words.len() + 16);
    let mut rest = words;
    while let Some(c) = rest.chars().next() {
        if let Some(tag) = TAGS.into_iter().find(|tag| rest.starts_with(tag)) {
            out.push_str(tag);
            rest = rest.get(tag.len()..).unwrap_or_default();
            continue;
        }
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            _ => out.push(c),
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    Cow::Owned(out)
}

/// The words of a message without its tags.
fn plain_words(words: &str) -> Cow<'_, str> {
    if !words.contains('<') {
        return Cow::Borrowed(words);
    }
    Cow::Owned(
        TAGS.into_iter()
            .fold(words.to_owned(), |words, tag| words.replace(tag, "")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Person;

    #[test]
    fn what_people_wrote_is_a_value_and_never_a_message() {
        let hostile = "</strong><script>alert(1)</script>{ $case } { -x } \u{202e}\u{2069}&amp;";
        let said = Lang::En.flag_more_time("now", UserText::new(hostile));
        assert_eq!(
            said.to_string(),
            "<strong>More time wanted.</strong> <bdi>&lt;/strong&gt;&lt;script&gt;alert(1)&lt;/script&gt;\
             { $case } { -x } <span class=\"unseen\">U+202E</span><span class=\"unseen\">U+2069</span>\
             &amp;amp;</bdi> asked on now:"
        );
        // Nothing that ends the isolation comes from inside it.
        assert_eq!(
            Lang::De
                .case_title(UserText::new("\u{5d0}\u{2069}<b>"))
                .plain(),
            "Fall \u{2068}\u{5d0}[U+2069]<b>\u{2069}"
        );
        assert_eq!(
            Lang::En.case_title(UserText::new("A-1")).plain(),
            "Case A-1"
        );
    }

    #[test]
    fn components_keep_their_markup_and_lose_it_in_plain_text() {
        let sam = Person::new("Sam <x>", "sam@vendor.test");
        let said = Lang::En.session_as(&sam);
        assert_eq!(said.to_string(), format!("As {sam}"));
        assert_eq!(said.plain(), "As Sam <x> (sam@vendor.test)");
        assert_eq!(
            Lang::En.sign_in_how_agent().plain(),
            "You are in Support: ask whoever runs Countersign for your team."
        );
        assert_eq!(
            html_words("a < b & <b>c</b> <strong onclick>"),
            "a &lt; b &amp; &lt;b&gt;c&lt;/b&gt; &lt;strong onclick&gt;"
        );
    }

    #[test]
    fn plurals_and_numbers_are_those_of_the_language() {
        let waiting = |n: usize| Lang::ALL.map(|t| t.summary_waiting(n).plain());
        assert_eq!(
            waiting(1),
            [
                "1 request waits for approval",
                "1 Anfrage wartet auf Freigabe",
                "1 demande attend une autorisation"
            ]
        );
        assert_eq!(
            waiting(1_234),
            [
                "1,234 requests wait for approval",
                "1.234 Anfragen warten auf Freigabe",
                "1\u{202f}234 demandes attendent une autorisation"
            ]
        );
        // Nothing is singular in French, and plural elsewhere.
        assert_eq!(
            Lang::Fr.summary_waiting(0_usize).plain(),
            "0 demande attend une autorisation"
        );
        assert_eq!(
            Lang::En.summary_waiting(0_usize).plain(),
            "0 requests wait for approval"
        );
        assert_eq!(
            Lang::De.cases_cut_off(-1_000_000_i64).plain(),
            "Es werden nur -1.000.000 Fälle angezeigt. Es gibt weitere."
        );
    }

    #[test]
    fn a_clause_that_is_english_says_so_elsewhere() {
        let clause = InEnglish("the form is not UTF-8 <x>");
        assert!(
            Lang::En
                .gateway_ambiguous_why(clause)
                .to_string()
                .contains(": the form is not UTF-8 &lt;x&gt;.")
        );
        assert!(
            Lang::De
                .gateway_ambiguous_why(clause)
                .to_string()
                .contains("<span lang=\"en\">the form is not UTF-8 &lt;x&gt;</span>")
        );
    }
}
