//! Where an org's product is, and what would become of a request to it (R17).

use axum::{Json, response::Response};
use countersign_app::{Fate, Wondered, org_in};
use countersign_domain::{Refusal, RouteRule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::JsonBody,
    caller::Caller,
    etag::{Conditions, Tag},
    params::OrgRef,
    problem::{FieldError, Problem},
    replies::{
        Changing, ChangingByBody, IfMatch, IfNoneMatch, IfNoneMatchToo, Stale, Unmodified, done,
    },
    router::Served,
    texts::SlugText,
    upstream_view::{EffectView, RouteView, UpstreamSetView, UpstreamView},
};

/// A request that somebody wonders about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WonderedRequest {
    /// The method, as on the wire.
    #[schema(example = "POST", min_length = 1, max_length = 32)]
    method: String,
    /// The path, with its query if there is one, as on the wire.
    #[schema(example = "/api/search?q=x", min_length = 1, max_length = 8192)]
    path: String,
    /// The headers that matter. A `Content-Length` announces a body.
    #[serde(default)]
    #[schema(required = false, max_items = 100)]
    headers: Vec<WonderedHeader>,
}

/// A header of a request that somebody wonders about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WonderedHeader {
    /// The name.
    #[schema(example = "content-type")]
    name: String,
    /// The value.
    #[schema(example = "application/json")]
    value: String,
}

/// What would become of a request, in a session that gives access.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Explanation {
    /// What would become of it.
    fate: FateView,
    /// The status it would be refused with; null otherwise.
    #[schema(required)]
    status: Option<u16>,
    /// The code it would be refused with; null otherwise.
    #[schema(required)]
    code: Option<&'static str>,
    /// What kind of thing says so, such as `rule`, `mode` or `ambiguity`.
    by: &'static str,
    /// The rule that says so; null when none does.
    #[schema(required)]
    rule: Option<NumberedRule>,
    /// Why, as a clause for people.
    because: String,
    /// Whether the body is looked into as well: one that asks for another method is refused.
    body_decides: bool,
}

/// What would become of a request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Fate)]
#[serde(rename_all = "snake_case")]
enum FateView {
    /// It passes as a read.
    Passes,
    /// It is refused.
    Refused,
    /// The gateway answers it, and the product is not asked.
    Kept,
}

/// A rule and its place among the rules.
#[derive(Debug, Serialize, ToSchema)]
struct NumberedRule {
    /// Its number, from 1.
    number: usize,
    /// The methods it is for; `*` alone for whatever the method.
    methods: Vec<String>,
    /// The pattern of the path.
    path: String,
    /// What such requests are.
    effect: EffectView,
}

impl From<(usize, RouteRule)> for NumberedRule {
    fn from((number, rule): (usize, RouteRule)) -> Self {
        let RouteView {
            methods,
            path,
            effect,
        } = RouteView::from(&rule);
        Self {
            number,
            methods,
            path,
            effect,
        }
    }
}

/// Read where an org's product is
///
/// For operators.
#[utoipa::path(
    get, path = "/api/v1/orgs/{slug}/upstream", tag = "orgs",
    params(("slug" = SlugText, Path, description = "The org's short name"), IfNoneMatch),
    responses((status = 200, description = "The upstream", body = UpstreamView), Unmodified, Changing),
)]
pub(crate) async fn get_upstream(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let upstream = served.app.upstream(actor, &slug).await?;
    let upstream = upstream.ok_or(Refusal::NoUpstream)?;
    Ok(conditions.answer(&UpstreamView::from(&upstream)))
}

/// Say where an org's product is
///
/// Replaces all of it. When it differs, the org's running sessions end everywhere before the call
/// answers. When it may let through requests that were refused before, so does all access that the
/// customer has granted: it is for them to grant it again. Idempotent; for operators.
#[utoipa::path(
    put, path = "/api/v1/orgs/{slug}/upstream", tag = "orgs",
    params(("slug" = SlugText, Path, description = "The org's short name"), IfMatch, IfNoneMatchToo),
    request_body = UpstreamView,
    responses((status = 200, description = "The upstream, and what setting it ended", body = UpstreamSetView), ChangingByBody, Stale),
)]
pub(crate) async fn put_upstream(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    conditions: Conditions,
    JsonBody(view): JsonBody<UpstreamView>,
) -> Result<Response, Problem> {
    let upstream = view.parse()?;
    let answer = UpstreamView::from(&upstream);
    let present = {
        let slug = slug.clone();
        move |state: &_, _| {
            let known = org_in(state, &slug)?.upstream.as_ref();
            Ok(known.map(|upstream| Tag::of(&UpstreamView::from(upstream))))
        }
    };
    let set = conditions
        .change(&served.app, present, |app| async move {
            app.set_upstream(actor, &slug, upstream).await
        })
        .await?;
    let tag = Tag::of(&answer);
    let ended = set.ended.iter().map(ToString::to_string).collect();
    let answer = UpstreamSetView::new(answer, ended);
    let mut response = done(&answer, set.effective);
    tag.put(response.headers_mut());
    Ok(response)
}

/// Say what would become of a request
///
/// It judges what the request is. Whether there is a session that gives access, and whether a page from
/// elsewhere sent it, is judged as well when it comes. For operators.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/upstream/explain", tag = "orgs",
    params(("slug" = SlugText, Path, description = "The org's short name")),
    request_body = WonderedRequest,
    responses((status = 200, description = "What would become of it", body = Explanation), ChangingByBody),
)]
pub(crate) async fn explain(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    JsonBody(request): JsonBody<WonderedRequest>,
) -> Result<Json<Explanation>, Problem> {
    request.good()?;
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|header| (header.name.to_ascii_lowercase(), header.value.clone()))
        .collect();
    let wondered = Wondered {
        method: &request.method,
        target: &request.path,
        headers: &headers,
    };
    let explained = served.app.explain(actor, &slug, &wondered).await?;
    let (fate, status, code) = match explained.fate {
        Fate::Passes => (FateView::Passes, None, None),
        Fate::Refused { status, code } => (FateView::Refused, Some(status), Some(code)),
        Fate::Kept => (FateView::Kept, None, None),
    };
    Ok(Json(Explanation {
        fate,
        status,
        code,
        by: explained.by,
        rule: explained.rule.map(NumberedRule::from),
        because: explained.because,
        body_decides: explained.body_decides,
    }))
}

impl WonderedRequest {
    /// Whether it could be a request at all.
    fn good(&self) -> Result<(), Problem> {
        let mut errors = vec![];
        let mut within = |field: String, text: &str, least: usize, most: usize| {
            let length = text.chars().count();
            if !(least..=most).contains(&length) {
                let says = format!("must have {least} to {most} characters");
                errors.push(FieldError::new(field, says));
            }
        };
        within("method".to_owned(), &self.method, 1, 32);
        within("path".to_owned(), &self.path, 1, 8_192);
        if self.headers.len() > 100 {
            errors.push(FieldError::new("headers", "must be at most 100"));
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::fields("invalid_text", errors))
        }
    }
}
