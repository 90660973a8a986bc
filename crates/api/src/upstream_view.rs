//! Where an org's product is, on the wire, and which requests to it read (R17).

use countersign_domain::{
    HeaderName, Methods, Mode, Origin, Resource, RouteEffect, RoutePattern, RouteRule, Routes,
    Upstream,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    problem::{FieldError, Problem, Texts},
    texts::{HeaderNameText, MethodText, OriginText, ResourceText, RoutePatternText},
};

/// The product behind the gateway.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Upstream)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpstreamView {
    /// Scheme, host and port.
    #[schema(value_type = OriginText)]
    origin: String,
    /// The header in which the product takes the signed-in user's address.
    #[schema(value_type = Option<HeaderNameText>)]
    user_header: Option<String>,
    /// The header in which the product takes the org's short name.
    #[schema(value_type = Option<HeaderNameText>)]
    org_header: Option<String>,
    /// What a request is that no rule matches; `by-method` when left out.
    #[serde(default)]
    #[schema(required = false)]
    mode: ModeView,
    /// Which requests read and which write; none when left out.
    #[serde(default)]
    #[schema(value_type = Vec<RouteText>, required = false, max_items = 1000)]
    routes: Vec<RouteView>,
    /// What access tokens are for that agents may exchange sessions for, to reach the product past the gateway: the
    /// address of its API as programs know it, and not the origin. None when left out, and there are no such tokens.
    #[serde(default)]
    #[schema(value_type = Option<ResourceText>, required = false)]
    token_resource: Option<String>,
}

/// The product behind the gateway as it was set, and what that ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UpstreamSet)]
pub(crate) struct UpstreamSetView {
    /// Scheme, host and port.
    #[schema(value_type = OriginText)]
    origin: String,
    /// The header in which the product takes the signed-in user's address.
    #[schema(value_type = Option<HeaderNameText>)]
    user_header: Option<String>,
    /// The header in which the product takes the org's short name.
    #[schema(value_type = Option<HeaderNameText>)]
    org_header: Option<String>,
    /// What a request is that no rule matches.
    mode: ModeView,
    /// Which requests read and which write.
    #[schema(value_type = Vec<RouteText>, max_items = 1000)]
    routes: Vec<RouteView>,
    /// What access tokens are for that agents may exchange sessions for; null when there are none.
    #[schema(value_type = Option<ResourceText>, required)]
    token_resource: Option<String>,
    /// The numbers of the cases whose live access has ended, because more goes through now than their
    /// customer agreed to.
    ended: Vec<String>,
}

impl UpstreamSetView {
    pub(crate) fn new(set: UpstreamView, ended: Vec<String>) -> Self {
        Self {
            origin: set.origin,
            user_header: set.user_header,
            org_header: set.org_header,
            mode: set.mode,
            routes: set.routes,
            token_resource: set.token_resource,
            ended,
        }
    }
}

/// What a request is that no rule matches.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = UpstreamMode)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ModeView {
    /// GET, HEAD and OPTIONS are reads, everything else is a write.
    #[default]
    ByMethod,
    /// Everything is a write.
    Declared,
}

/// What requests with these methods, at paths of this pattern, are.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RouteView {
    pub(crate) methods: Vec<String>,
    pub(crate) path: String,
    pub(crate) effect: EffectView,
}

/// What requests with these methods, at paths of this pattern, are.
#[derive(ToSchema)]
#[schema(as = RouteRule)]
#[serde(untagged)]
#[allow(dead_code)]
pub(crate) enum RouteText {
    Named(NamedMethods),
    Any(AnyMethod),
}

/// What requests with some methods, at paths of this pattern, are.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
pub(crate) struct NamedMethods {
    /// The methods, in upper case.
    #[schema(value_type = Vec<MethodText>, example = json!(["GET", "POST"]), min_items = 1)]
    methods: Vec<String>,
    /// The pattern of the path: `{name}` for one segment, `**` at the end for any number.
    #[schema(value_type = RoutePatternText)]
    path: String,
    /// What they are.
    effect: EffectView,
}

/// Requests with any method, at paths of this pattern, are writes.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
pub(crate) struct AnyMethod {
    /// Any method.
    #[schema(min_items = 1, max_items = 1)]
    methods: Vec<Asterisk>,
    /// The pattern of the path: `{name}` for one segment, `**` at the end for any number.
    #[schema(value_type = RoutePatternText)]
    path: String,
    /// What they are.
    effect: WriteAlone,
}

#[derive(ToSchema)]
#[allow(dead_code)]
pub(crate) enum Asterisk {
    #[serde(rename = "*")]
    Any,
}

#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code)]
pub(crate) enum WriteAlone {
    Write,
}

/// What requests are.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = RouteEffect)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EffectView {
    /// Reads.
    Read,
    /// Writes.
    Write,
}

impl From<&Upstream> for UpstreamView {
    fn from(upstream: &Upstream) -> Self {
        let header = |name: &Option<HeaderName>| name.as_ref().map(HeaderName::to_string);
        Self {
            origin: upstream.origin.to_string(),
            user_header: header(&upstream.user_header),
            org_header: header(&upstream.org_header),
            mode: match upstream.mode {
                Mode::ByMethod => ModeView::ByMethod,
                Mode::Declared => ModeView::Declared,
            },
            routes: upstream.routes.as_slice().iter().map(Into::into).collect(),
            token_resource: upstream.resource.as_ref().map(Resource::to_string),
        }
    }
}

impl From<&RouteRule> for RouteView {
    fn from(rule: &RouteRule) -> Self {
        Self {
            methods: rule.methods().names().map(ToOwned::to_owned).collect(),
            path: rule.path().to_string(),
            effect: match rule.effect() {
                RouteEffect::Read => EffectView::Read,
                RouteEffect::Write => EffectView::Write,
            },
        }
    }
}

impl UpstreamView {
    /// The upstream, or everything that is wrong with it.
    pub(crate) fn parse(self) -> Result<Upstream, Problem> {
        let mut texts = Texts::default();
        let origin = texts.read("origin", &self.origin, Origin::parse);
        let mut header = |field: &str, text: Option<String>| {
            text.and_then(|text| texts.read(field, &text, HeaderName::parse))
        };
        let user_header = header("user_header", self.user_header);
        let org_header = header("org_header", self.org_header);
        let resource = self
            .token_resource
            .and_then(|text| texts.read("token_resource", &text, Resource::parse));
        let rules = self.routes.into_iter().enumerate();
        let rules: Vec<_> = rules
            .filter_map(|(at, route)| route.parse(&format!("routes[{at}]"), &mut texts))
            .collect();
        texts.good()?;
        let routes = Routes::new(rules).map_err(|error| {
            let error = FieldError::new("routes", error.to_string());
            Problem::fields("invalid_routes", vec![error])
        })?;
        match origin {
            Some(origin) => Ok(Upstream {
                user_header,
                org_header,
                mode: match self.mode {
                    ModeView::ByMethod => Mode::ByMethod,
                    ModeView::Declared => Mode::Declared,
                },
                routes,
                resource,
                ..Upstream::new(origin)
            }),
            None => Err(Texts::default().problem()),
        }
    }
}

impl RouteView {
    fn parse(self, at: &str, texts: &mut Texts) -> Option<RouteRule> {
        let path = texts.read(format!("{at}.path"), &self.path, RoutePattern::parse);
        let methods = Methods::parse(self.methods.iter().map(String::as_str));
        let methods = methods
            .map_err(|error| texts.wrong(format!("{at}.methods"), &error))
            .ok();
        let effect = match self.effect {
            EffectView::Read => RouteEffect::Read,
            EffectView::Write => RouteEffect::Write,
        };
        RouteRule::new(methods?, path?, effect)
            .map_err(|error| texts.wrong(at, &error))
            .ok()
    }
}
