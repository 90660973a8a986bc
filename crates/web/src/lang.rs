//! The languages of the product, and which of them a reader is spoken to in.

/// A language. Every message is a method of it, see [`crate::messages`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English, which is also what whoever asks for none of these gets.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
}

/// The cookie that holds a reader's own choice. Anybody may set it: it changes the words of a page
/// and nothing else.
pub const LANGUAGE_COOKIE: &str = "countersign-language";

/// More ranges than that are in no browser's settings.
const MOST_RANGES: usize = 32;

impl Lang {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::En, Self::De, Self::Fr];

    /// Its tag (BCP 47), for `lang` and `Content-Language`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
        }
    }

    /// The tag by which scripts word dates.
    pub(crate) const fn of_dates(self) -> &'static str {
        match self {
            Self::En => "en-GB",
            Self::De => "de",
            Self::Fr => "fr",
        }
    }

    /// The direction it is written in, for `dir`.
    pub const fn dir(self) -> &'static str {
        match self {
            Self::En | Self::De | Self::Fr => "ltr",
        }
    }

    /// What it calls itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
            Self::Fr => "Français",
        }
    }

    /// The language with this tag.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// The reader's own choice, or else what their browser asks for: the values of `Cookie` and of
    /// `Accept-Language`.
    pub fn of_request(cookies: &str, accept_language: &str) -> Self {
        Self::of_cookies(cookies).unwrap_or_else(|| Self::negotiated(accept_language))
    }

    /// The choice in a `Cookie` header; none in one that is no language or comes twice.
    pub fn of_cookies(cookies: &str) -> Option<Self> {
        let mut chosen = cookies
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == LANGUAGE_COOKIE)
            .map(|(_, value)| value);
        let only = chosen.next()?;
        Self::of_code(only).filter(|_| chosen.next().is_none())
    }

    /// The `Set-Cookie` header that keeps this choice for a year.
    pub fn set_cookie(self) -> String {
        format!(
            "{LANGUAGE_COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000",
            self.code()
        )
    }

    /// The one with the greatest weight in an `Accept-Language` header, by its primary subtag
    /// (RFC 9110 section 12.5.4, RFC 4647 section 3.4); among equals the first.
    pub fn negotiated(accept_language: &str) -> Self {
        let mut best = (Self::default(), 0);
        for range in accept_language.split(',').take(MOST_RANGES) {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let primary = tag.split('-').next().unwrap_or_default();
            let known = Self::ALL
                .into_iter()
                .find(|lang| primary.eq_ignore_ascii_case(lang.code()));
            let weight = parts.next().map_or(Some(1000), thousandths);
            if let (Some(lang), Some(weight)) = (known, weight)
                && weight > best.1
            {
                best = (lang, weight);
            }
        }
        best.0
    }
}

/// A weight (`q=0.8`, RFC 9110 section 12.4.2) in thousandths; none when it is no weight.
fn thousandths(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    let value = value.trim();
    let good = name.trim().eq_ignore_ascii_case("q")
        && value.len() <= 5
        && value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let part: u16 = format!("{part:0<3}").parse().ok()?;
    match whole {
        "0" if good => Some(part),
        "1" if good && part == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_is_asked_by_weight() {
        for (header, lang) in [
            ("", Lang::En),
            ("de", Lang::De),
            ("de-AT,de;q=0.9,en;q=0.8", Lang::De),
            ("FR-ca", Lang::Fr),
            ("en;q=0.5, fr;q=0.7, de;q=0.6", Lang::Fr),
            ("de;q=0.5,fr;q=0.5", Lang::De),
            ("ja, *;q=0.5", Lang::En),
            ("ja,fr;q=0.1", Lang::Fr),
            ("de;q=0, fr;q=0", Lang::En),
            ("de;q=1.000, fr", Lang::De),
            (
                "de;q=2, de;q=0.1.2, de;level=1, de;q=, fr;q=0.001",
                Lang::Fr,
            ),
            ("deu, dex-DE", Lang::En),
            (";;;,,,=", Lang::En),
        ] {
            assert_eq!(Lang::negotiated(header), lang, "{header}");
        }
        let flood = format!("{}de", "x,".repeat(100_000));
        assert_eq!(Lang::negotiated(&flood), Lang::En);
    }

    #[test]
    fn a_choice_goes_before_the_browser_and_only_a_language_is_one() {
        let of = |cookies| Lang::of_request(cookies, "de");
        assert_eq!(of("a=b; countersign-language=fr; tz=UTC"), Lang::Fr);
        assert_eq!(of("countersign-language=en"), Lang::En);
        for cookies in [
            "countersign-language=",
            "countersign-language=xx",
            "countersign-language=FR",
            "countersign-language=fr%0d%0a",
            "xcountersign-language=fr",
            "countersign-language=fr; countersign-language=en",
        ] {
            assert_eq!(of(cookies), Lang::De, "{cookies}");
        }
        assert!(
            Lang::Fr
                .set_cookie()
                .starts_with("countersign-language=fr; Path=/;")
        );
    }
}
