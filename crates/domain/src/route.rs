//! Which requests to an upstream are reads, as its operator declares it (R17).

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    fmt,
};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{RoutePattern, TextError, text::text};

/// What a request is that no route rule speaks of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Mode {
    /// GET, HEAD and OPTIONS read, everything else writes.
    #[default]
    #[serde(rename = "by-method")]
    ByMethod,
    /// Everything writes.
    #[serde(rename = "declared")]
    Declared,
}

impl Mode {
    /// The name on the wire and the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ByMethod => "by-method",
            Self::Declared => "declared",
        }
    }

    /// Whether this is what an upstream has that says nothing.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a route rule says of the requests it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RouteEffect {
    /// They read.
    Read,
    /// They change something.
    Write,
}

impl RouteEffect {
    /// The name on the wire and in a rule file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

text!(
    /// A request method that a rule may name. CONNECT and TRACE are reads under no rule.
    Method,
    |text| {
        let good = (1..=32).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
        if good && !matches!(text, "CONNECT" | "TRACE") {
            Ok(text.to_owned())
        } else {
            Err(TextError::Form {
                expected: "a method in upper case, such as GET or POST, and not CONNECT or TRACE",
            })
        }
    }
);

impl Method {
    /// Whether a request with this method reads unless something says otherwise (RFC 9110 section
    /// 9.2.1). Of any other, only a route rule can say that it does.
    #[must_use]
    pub fn is_safe(method: &str) -> bool {
        matches!(method, "GET" | "HEAD" | "OPTIONS")
    }
}

/// The methods a rule is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub enum Methods {
    /// Whatever the method.
    Any,
    /// These, at least one. GET speaks for HEAD where no rule names HEAD.
    Only(BTreeSet<Method>),
}

impl Methods {
    /// How "whatever the method" is written.
    pub const ANY: &'static str = "*";

    /// Reads names of methods, or the asterisk alone.
    ///
    /// # Errors
    /// There is none, the asterisk is not alone, or a name is no method.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, RouteError> {
        let names: Vec<&str> = names.into_iter().collect();
        match names.as_slice() {
            [] => Err(RouteError::NoMethod),
            [Self::ANY] => Ok(Self::Any),
            names if names.contains(&Self::ANY) => Err(RouteError::AnyWithOthers),
            names => names
                .iter()
                .map(|name| {
                    Method::parse(name).map_err(|why| RouteError::Method((*name).into(), why))
                })
                .collect::<Result<_, _>>()
                .map(Self::Only),
        }
    }

    /// The names, as they are parsed.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let (any, only) = match self {
            Self::Any => (Some(Self::ANY), None),
            Self::Only(methods) => (None, Some(methods)),
        };
        any.into_iter()
            .chain(only.into_iter().flatten().map(Method::as_str))
    }
}

impl TryFrom<Vec<String>> for Methods {
    type Error = RouteError;

    fn try_from(names: Vec<String>) -> Result<Self, RouteError> {
        Self::parse(names.iter().map(String::as_str))
    }
}

impl From<Methods> for Vec<String> {
    fn from(methods: Methods) -> Self {
        methods.names().map(ToOwned::to_owned).collect()
    }
}

impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.names().collect();
        f.write_str(&names.join(","))
    }
}

/// What requests with these methods, at paths of this pattern, are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "UncheckedRule")]
pub struct RouteRule {
    methods: Methods,
    path: RoutePattern,
    effect: RouteEffect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UncheckedRule {
    methods: Methods,
    path: RoutePattern,
    effect: RouteEffect,
}

impl RouteRule {
    /// A rule.
    ///
    /// # Errors
    /// It calls whatever the method a read: nobody who writes that has DELETE in mind.
    pub fn new(
        methods: Methods,
        path: RoutePattern,
        effect: RouteEffect,
    ) -> Result<Self, RouteError> {
        if methods == Methods::Any && effect == RouteEffect::Read {
            return Err(RouteError::AnyIsNoRead);
        }
        Ok(Self {
            methods,
            path,
            effect,
        })
    }

    /// The methods it is for.
    #[must_use]
    pub const fn methods(&self) -> &Methods {
        &self.methods
    }

    /// The paths it is for.
    #[must_use]
    pub const fn path(&self) -> &RoutePattern {
        &self.path
    }

    /// What it says.
    #[must_use]
    pub const fn effect(&self) -> RouteEffect {
        self.effect
    }

    /// Those of its methods that could change something and that it declares to be reads.
    pub fn declared_harmless(&self) -> impl Iterator<Item = &str> {
        let read = self.effect == RouteEffect::Read;
        let named = self.methods.names().filter(|name| !Method::is_safe(name));
        named.filter(move |_| read)
    }
}

impl TryFrom<UncheckedRule> for RouteRule {
    type Error = RouteError;

    fn try_from(rule: UncheckedRule) -> Result<Self, RouteError> {
        Self::new(rule.methods, rule.path, rule.effect)
    }
}

impl fmt::Display for RouteRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.methods, self.path)
    }
}

/// The rules of an upstream, in the order they were given, without contradiction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Routes(Vec<RouteRule>);

impl Routes {
    /// The greatest number of rules.
    pub const MAX: usize = 1_000;

    /// These rules.
    ///
    /// # Errors
    /// There are too many, or two say different things of the same requests.
    pub fn new(rules: Vec<RouteRule>) -> Result<Self, RouteError> {
        if rules.len() > Self::MAX {
            return Err(RouteError::TooMany);
        }
        let mut said: BTreeMap<(String, &str), (usize, RouteEffect)> = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            let shape = rule.path.shape();
            for method in rule.methods.names() {
                match said.entry((shape.clone(), method)) {
                    Entry::Vacant(free) => {
                        free.insert((index, rule.effect));
                    }
                    Entry::Occupied(taken) => {
                        let (first, effect) = *taken.get();
                        if effect != rule.effect {
                            return Err(RouteError::Contradiction {
                                first: first + 1,
                                second: index + 1,
                            });
                        }
                    }
                }
            }
        }
        Ok(Self(rules))
    }

    /// The rules.
    #[must_use]
    pub fn as_slice(&self) -> &[RouteRule] {
        &self.0
    }

    /// How many kinds of requests that could change something these declare to be reads: each a method
    /// and a pattern. What customers are told of as read-only is so but for these.
    #[must_use]
    pub fn declared_harmless(&self) -> usize {
        let kinds = |rule: &RouteRule| rule.declared_harmless().count();
        self.0.iter().map(kinds).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for Routes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Why a rule, or a set of rules, was refused. Rules are numbered from one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteError {
    /// It names no method.
    NoMethod,
    /// It names the asterisk beside other methods.
    AnyWithOthers,
    /// It names something that is no method a rule may name.
    Method(String, TextError),
    /// It calls whatever the method a read.
    AnyIsNoRead,
    /// There are more rules than [`Routes::MAX`].
    TooMany,
    /// Two rules say different things of the same requests.
    Contradiction {
        /// The number of the earlier one.
        first: usize,
        /// The number of the later one.
        second: usize,
    },
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMethod => f.write_str("names no method; name one, or * for a write"),
            Self::AnyWithOthers => {
                f.write_str("names * beside other methods; leave one or the other out")
            }
            Self::Method(name, why) => write!(f, "method {name:?} {why}"),
            Self::AnyIsNoRead => {
                f.write_str("makes a read of whatever the method; name the methods that read")
            }
            Self::TooMany => write!(
                f,
                "more than {} rules; use {{name}} and ** to say it in fewer",
                Routes::MAX
            ),
            Self::Contradiction { first, second } => write!(
                f,
                "rule {second} contradicts rule {first}: same method and path, one read and one write; remove one of them"
            ),
        }
    }
}

impl std::error::Error for RouteError {}
