//! Text from outside, validated once at the border: a value of these types is always good.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// Nothing but white space.
    Blank,
    /// Fewer characters than allowed, white space around it not counted.
    TooShort {
        /// The least number of characters.
        min: usize,
    },
    /// More characters than allowed.
    TooLong {
        /// The greatest number of characters.
        max: usize,
    },
    /// A control character where none belongs.
    Control,
    /// Not of the expected form.
    Form {
        /// What the text should look like.
        expected: &'static str,
    },
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => f.write_str("must not be blank"),
            Self::TooShort { min } => write!(f, "must have at least {min} characters"),
            Self::TooLong { max } => write!(f, "must have at most {max} characters"),
            Self::Control => f.write_str("must not contain control characters"),
            Self::Form { expected } => write!(f, "must be {expected}"),
        }
    }
}

impl std::error::Error for TextError {}

pub(crate) fn measured(text: &str, min: usize, max: usize) -> Result<&str, TextError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(TextError::Blank);
    }
    let length = trimmed.chars().count();
    if length < min {
        return Err(TextError::TooShort { min });
    }
    if length > max {
        return Err(TextError::TooLong { max });
    }
    Ok(trimmed)
}

fn one_line(text: &str, max: usize) -> Result<String, TextError> {
    let trimmed = measured(text, 1, max)?;
    if trimmed.chars().any(char::is_control) {
        return Err(TextError::Control);
    }
    Ok(trimmed.to_owned())
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $parse:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(compact_str::CompactString);

        impl $name {
            /// Validates `text`.
            ///
            /// # Errors
            /// What is wrong with it, in words for the person who typed it.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                let parse: fn(&str) -> Result<String, TextError> = $parse;
                // Most are short and are held in place: no allocation for a copy, no look elsewhere for a comparison.
                parse(text).map(|text| Self(text.into()))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use text;

text!(
    /// A case number: 1 to 64 letters, digits, `-`, `_` or `.`, beginning with a letter or digit.
    CaseNumber,
    |text| {
        let trimmed = measured(text, 1, 64)?;
        let good = trimmed.starts_with(|c: char| c.is_ascii_alphanumeric())
            && trimmed
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        if good {
            Ok(trimmed.to_owned())
        } else {
            Err(TextError::Form {
                expected: "letters, digits, '-', '_' or '.', beginning with a letter or digit",
            })
        }
    }
);
text!(
    /// A case's title ("subject" on the wire): one line of 1 to 200 characters.
    Title,
    |text| one_line(text, 200)
);
text!(
    /// A person's or org's name: one line of 1 to 100 characters.
    PersonName,
    |text| one_line(text, 100)
);
text!(
    /// What its owner calls a passkey: one line of 1 to 60 characters.
    PasskeyName,
    |text| one_line(text, 60)
);
text!(
    /// What a service client is called: one line of 1 to 60 characters.
    ClientName,
    |text| one_line(text, 60)
);
text!(
    /// Why an agent asks for access (R8): 10 to 2,000 characters; line breaks and tabs are allowed.
    Justification,
    |text| {
        let trimmed = measured(text, 10, 2_000)?;
        if trimmed
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        {
            return Err(TextError::Control);
        }
        Ok(trimmed.to_owned())
    }
);
text!(
    /// An org's short name: 1 to 63 lower-case letters, digits or hyphens, no hyphen at either end.
    Slug,
    |text| dns_label(text)
);
text!(
    /// The random first label of a session's own origin. It is not a secret.
    Label,
    |text| dns_label(text)
);
text!(
    /// An e-mail address, lower-cased: one `@`, a dot-free or dotted domain, ASCII, at most 254 characters.
    Email,
    |text| {
        let trimmed = measured(text, 3, 254)?.to_ascii_lowercase();
        let form = TextError::Form {
            expected: "an e-mail address",
        };
        let (local, domain) = trimmed.split_once('@').ok_or(form)?;
        let local_good = !local.is_empty()
            && local.len() <= 64
            && local
                .bytes()
                .all(|b| b.is_ascii_graphic() && !b"@()<>,;:\\\"[]".contains(&b));
        let domain_good = domain.split('.').all(is_dns_label);
        if local_good && domain_good {
            Ok(trimmed)
        } else {
            Err(form)
        }
    }
);
text!(
    /// How a directory names somebody: 1 to 255 characters in one line.
    ExternalId,
    |text| one_line(text, 255)
);
text!(
    /// The origin of an upstream: `http://host[:port]` or `https://host[:port]`, nothing behind it.
    Origin,
    |text| {
        let form = TextError::Form {
            expected: "an origin such as https://app.example.com or http://127.0.0.1:9000, without a path",
        };
        let trimmed = measured(text, 1, 300)?.trim_end_matches('/').to_ascii_lowercase();
        let authority = trimmed
            .strip_prefix("http://")
            .or_else(|| trimmed.strip_prefix("https://"))
            .ok_or(form)?;
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let host_good = match host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
            Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
            None => host.split('.').all(is_dns_label),
        };
        let port_good = port.is_none_or(|p| {
            p.starts_with(|first: char| matches!(first, '1'..='9')) && p.parse::<u16>().is_ok()
        });
        if host_good && port_good {
            Ok(trimmed)
        } else {
            Err(form)
        }
    }
);
text!(
    /// A host name: two labels or more of lower-case letters, digits and hyphens, as DNS and certificates have
    /// it. Upper case is lowered. No address, no port, no wildcard, and names with other letters in their ASCII
    /// form only (RFC 5891): what looks like another name cannot be given.
    HostName,
    |text| {
        let trimmed = measured(text, 1, 253)?.to_ascii_lowercase();
        let labels: Vec<&str> = trimmed.split('.').collect();
        // One that begins with a digit is how an address ends, in whatever notation (WHATWG URL, "ends in a number").
        let named = labels
            .last()
            .is_some_and(|last| last.starts_with(|first: char| first.is_ascii_alphabetic()));
        if labels.len() >= 2 && named && labels.iter().all(|label| is_dns_label(label)) {
            Ok(trimmed)
        } else {
            Err(TextError::Form {
                expected: "a host name such as acme.support.example.com: no port, no address, no wildcard, and other \
                           letters than a to z in their ASCII form (xn--…)",
            })
        }
    }
);
text!(
    /// The name of a request header that says who somebody is, lower-cased: letters, digits and hyphens. None
    /// that says what a request is, or where it comes from: what is put there would make another request of one
    /// that was judged (R17).
    HeaderName,
    |text| {
        let trimmed = measured(text, 1, 64)?.to_ascii_lowercase();
        let good = trimmed.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let reserved = matches!(
            trimmed.as_str(),
            "host"
                | "connection"
                | "content-length"
                | "transfer-encoding"
                | "upgrade"
                | "te"
                | "trailer"
                | "cookie"
                | "keep-alive"
                | "expect"
                | "authorization"
                | "date"
                | "forwarded"
                | "from"
                | "origin"
                | "pragma"
                | "range"
                | "referer"
                | "via"
                | "x-forwarded-for"
                | "x-forwarded-host"
                | "x-forwarded-method"
                | "x-forwarded-port"
                | "x-forwarded-prefix"
                | "x-forwarded-proto"
                | "x-forwarded-scheme"
                | "x-forwarded-server"
                | "x-forwarded-uri"
                | "x-http-method"
                | "x-method"
                | "x-real-ip"
                | "x-requested-with"
                | "x-rewrite-url"
        ) || trimmed.ends_with("-override")
            || [
                "accept",
                "access-control-",
                "cache-",
                "content-",
                "countersign-",
                "if-",
                "proxy-",
                "sec-",
                "x-original-",
            ]
            .iter()
            .any(|beginning| trimmed.starts_with(beginning));
        if good && !reserved {
            Ok(trimmed)
        } else {
            Err(TextError::Form {
                expected: "a header name of letters, digits and hyphens that says nothing else to a product: not one that HTTP uses, \
                           or that names a method, an address or where a request comes from",
            })
        }
    }
);

/// A label as it stands: the white space that may surround a whole text belongs to no part of it.
pub(crate) fn is_dns_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn dns_label(text: &str) -> Result<String, TextError> {
    let trimmed = measured(text, 1, 63)?;
    if is_dns_label(trimmed) {
        Ok(trimmed.to_owned())
    } else {
        Err(TextError::Form {
            expected: "lower-case letters, digits and hyphens",
        })
    }
}
