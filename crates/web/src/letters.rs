//! What a text shows that is not what it seems (Unicode UTS 39): characters without ink, characters
//! that reorder their neighbours, piles of marks that cover the next line, and letters of another
//! alphabet that look like these.

use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};
use unicode_security::{GeneralSecurityProfile, confusable_detection::skeleton};

/// No script that people write stacks more marks than this on a letter.
const MARKS: usize = 4;

/// Alphabets in which whole words can look like Latin ones.
const LIKE_LATIN: [Script; 6] = [
    Script::Cyrillic,
    Script::Greek,
    Script::Armenian,
    Script::Cherokee,
    Script::Coptic,
    Script::Lisu,
];

/// Each character of `text`, and whether it is to be named by its code point rather than shown.
pub(crate) fn judged(text: &str) -> Vec<(char, bool)> {
    let chars: Vec<char> = text.chars().collect();
    let mut out: Vec<(char, bool)> = Vec::with_capacity(chars.len());
    let mut marks = 0;
    for word in chars.chunk_by(|a, b| is_of_word(*a) == is_of_word(*b)) {
        let disguise = Disguise::of(word, &chars);
        for (at, &c) in word.iter().enumerate() {
            marks = if is_combining_mark(c) { marks + 1 } else { 0 };
            let before = out.last().map(|(before, _)| *before);
            let told = is_unseen(c)
                || marks > MARKS
                || joins_nothing(c, before, word.get(at + 1).copied())
                || disguise.is_some_and(|disguise| disguise.hides(c));
            out.push((c, told));
        }
    }
    out
}

/// What a text looks like at a glance: the same for texts that a reader would take for each other.
pub(crate) fn glance(text: &str) -> String {
    let shown: String = skeleton(text).filter(|c| c.is_alphanumeric()).collect();
    shown.to_lowercase()
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || is_unseen(c) || is_joiner(c)
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Persian, the scripts of India, Mongolian, Chinese characters and emoji need joiners and variation
/// selectors; between Latin, Greek and Cyrillic letters, or on nothing, they only hide.
fn joins_nothing(c: char, before: Option<char>, after: Option<char>) -> bool {
    let plain = |c: char| matches!(c.script(), Script::Latin | Script::Greek | Script::Cyrillic);
    is_joiner(c)
        && (before.is_none_or(|before| {
            plain(before)
                || before.is_whitespace()
                || is_joiner(before) && !matches!(before, '\u{fe0e}' | '\u{fe0f}')
        }) || after.is_some_and(plain))
}

/// A word that passes for one of another alphabet.
#[derive(Clone, Copy)]
enum Disguise {
    /// Letters of several alphabets: those that look Latin and are not.
    Mixed,
    /// Letters that no language writes, such as the mathematical ones.
    Costume,
}

impl Disguise {
    fn of(word: &[char], text: &[char]) -> Option<Self> {
        let letters = || word.iter().copied().filter(|c| script(*c).is_some());
        let first = letters().find_map(script);
        let mixed = letters().any(|c| script(c) != first);
        let passes = letters().filter(|c| passes_for_latin(*c)).count();
        if mixed && passes > 0 {
            return Some(Self::Mixed);
        }
        // A whole word can look Latin by chance; not where its alphabet shows itself elsewhere.
        let shows_itself = || {
            text.iter()
                .any(|c| script(*c) == first && !passes_for_latin(*c))
        };
        let alike = first.is_some_and(|script| LIKE_LATIN.contains(&script));
        if alike && passes > 1 && passes == letters().count() && !shows_itself() {
            return Some(Self::Mixed);
        }
        word.iter().any(|c| is_costume(*c)).then_some(Self::Costume)
    }

    fn hides(self, c: char) -> bool {
        is_costume(c) || matches!(self, Self::Mixed) && passes_for_latin(c)
    }
}

/// The alphabet of a letter or digit that has one.
fn script(c: char) -> Option<Script> {
    let script = c.script();
    let none = matches!(script, Script::Common | Script::Inherited | Script::Unknown);
    (!none && c.is_alphanumeric()).then_some(script)
}

/// A letter that is not Latin and looks like one that is.
fn passes_for_latin(c: char) -> bool {
    !c.is_ascii() && script(c).is_some_and(|script| script != Script::Latin) && looks_ascii(c)
}

/// A letter that looks like a plain Latin one and that no language writes. Wide forms show their
/// width, and those of Latin-1 are on keyboards.
fn is_costume(c: char) -> bool {
    u32::from(c) > 0xff
        && !matches!(c, '\u{ff00}'..='\u{ffef}')
        && c.is_alphanumeric()
        && matches!(c.script(), Script::Latin | Script::Common)
        && !c.identifier_allowed()
        && looks_ascii(c)
}

fn looks_ascii(c: char) -> bool {
    let mut buffer = [0; 4];
    skeleton(c.encode_utf8(&mut buffer)).all(|seen| seen.is_ascii_alphanumeric())
}

/// Whether a character is invisible wherever it stands, or reorders its neighbours.
fn is_unseen(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        // Control characters, soft hyphen, the joiner of graphemes, the letter mark of Arabic.
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}'
        // Mongolian vowel separator, Khmer vowels without ink, Hangul fillers, the empty Braille cell.
        | '\u{180e}' | '\u{17b4}' | '\u{17b5}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}'
        | '\u{2800}'
        // Zero-width space, direction marks, separators, embeddings and overrides.
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        // Word joiner, invisible operators, isolates, deprecated format characters.
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        // Invisible marks of musical notation.
        | '\u{1d173}'..='\u{1d17a}'
        // Tag characters: a whole hidden alphabet.
        | '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        judged(text)
            .into_iter()
            .filter(|(_, told)| *told)
            .map(|(c, _)| c)
            .collect()
    }

    #[test]
    fn letters_of_another_alphabet_do_not_pass_for_these() {
        for (text, expected) in [
            // Cyrillic a, and the whole name but n.
            ("D\u{430}na Cruz", "\u{430}"),
            ("D\u{430}n\u{430} \u{421}ruz", "\u{430}\u{430}\u{421}"),
            // Greek omicron, Armenian o, Cherokee D.
            ("P\u{3bf}rtal", "\u{3bf}"),
            ("p\u{585}rtal", "\u{585}"),
            ("\u{13a0}ana", "\u{13a0}"),
            // Nothing Latin in it at all.
            (
                "\u{441}\u{43e}\u{441}\u{43e}",
                "\u{441}\u{43e}\u{441}\u{43e}",
            ),
            // Mathematical and phonetic letters, a Roman numeral.
            ("\u{1d5a3}ana", "\u{1d5a3}"),
            ("D\u{251}na", "\u{251}"),
            ("A\u{217c}ex", "\u{217c}"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn what_languages_write_is_shown() {
        for text in [
            "Zoë Müller-Łukasz, Ağrı, Nguyễn Thị Ánh, Ærø",
            "Оксана Петрова",
            "ООО Ромашка",
            "Сара Орехова",
            "Αθηνά Παπαδοπούλου",
            "Dana Cruz и Пётр",
            "Δt of 3 ms, µm, α and β",
            "山田ハナコ Tシャツ ＡＢＣ",
            "שלום עולם",
            "می‌خواهم",
            "क्‍ष",
            "ภาษาไทย ที่นี่",
            "👩‍👩‍👧 ❤️ 1️⃣ 🏳️‍🌈",
            "两\nlines\tof 1st № 5",
        ] {
            assert_eq!(told(text), "", "{text}");
        }
    }

    #[test]
    fn what_has_no_ink_or_covers_other_lines_is_told() {
        for (text, expected) in [
            ("Da\u{200d}na", "\u{200d}"),
            ("\u{200c}Dana", "\u{200c}"),
            ("Dana\u{fe0f}", "\u{fe0f}"),
            ("a\u{e0101}b", "\u{e0101}"),
            ("\u{2764}\u{fe0f}\u{fe0f}", ""),
            ("Dana\u{2800}", "\u{2800}"),
            ("Da\u{34f}na", "\u{34f}"),
            (
                "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}b",
                "\u{304}\u{305}",
            ),
        ] {
            assert_eq!(told(text), expected, "{text:?}");
        }
    }

    #[test]
    fn names_that_a_reader_takes_for_each_other_look_the_same_at_a_glance() {
        for other in [
            "D\u{430}n\u{430} \u{421}ruz",
            "DANA  CRUZ",
            "Dana\u{a0}Cruz",
            "Da\u{200b}na Cruz",
            "\u{1d5a3}ana-Cruz.",
        ] {
            assert_eq!(glance(other), glance("Dana Cruz"), "{other}");
        }
        assert_eq!(glance("Iee Wong"), glance("lee Wong"));
        assert_ne!(glance("Dana Cruz"), glance("Dan Cruz"));
    }
}
