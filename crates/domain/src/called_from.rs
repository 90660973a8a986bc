//! From where somebody called: what is known of their side of the connection. It says nothing about who
//! they are, and no rule looks at it; it stands beside what they did.

use std::{fmt, net::IpAddr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How much of a user agent is kept, in characters.
const LONGEST: usize = 200;
/// What stands at the end of one that was longer.
const CUT: char = '…';

/// From where a call came.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CalledFrom {
    /// The address: of whoever connected, or as a proxy says that is trusted to.
    pub address: IpAddr,
    /// What the program that called says of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<UserAgent>,
}

impl CalledFrom {
    /// With an address in its usual form: an IPv4 address that came over an IPv6 socket is one.
    #[must_use]
    pub fn new(address: IpAddr, user_agent: Option<UserAgent>) -> Self {
        Self {
            address: address.to_canonical(),
            user_agent,
        }
    }
}

/// What a program says of itself (RFC 9110 section 10.1.5), in one printable line of at most 200 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserAgent(Arc<str>);

impl UserAgent {
    /// What is printable of a header, cut where it is too long; nothing when nothing is left. Anybody may
    /// say anything here, and no call is refused for it.
    #[must_use]
    pub fn read(header: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(header);
        let words = text.split(|c: char| c.is_whitespace() || !is_printable(c));
        let mut line = String::with_capacity(text.len());
        for word in words.filter(|word| !word.is_empty()) {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        let mut ends = line.char_indices().skip(LONGEST - 1);
        if let (Some((last, _)), Some(_)) = (ends.next(), ends.next()) {
            line.truncate(last);
            line.push(CUT);
        }
        (!line.is_empty()).then(|| Self(line.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for UserAgent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for UserAgent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match Self::read(text.as_bytes()) {
            Some(read) if *read.0 == *text => Ok(read),
            _ => Err(serde::de::Error::custom("no user agent as one is kept")),
        }
    }
}

/// Neither a control character, nor one that is seen by nobody or turns around what stands beside it.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
