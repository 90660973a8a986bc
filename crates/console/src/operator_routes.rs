//! Which requests to an org's product read, for operators: the mode and the rules, saved as a whole, and
//! what would become of a request (R17).

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use countersign_app::{Explained, Failure, Fate, Wondered, explain, org_in};
use countersign_domain::{
    Method, Methods, Mode, Org, Refusal, RouteEffect, RouteError, RoutePattern, RouteRule, Routes,
    Upstream,
};
use countersign_web::{
    messages::{Lang, Text},
    text::UserText,
};

use crate::{
    Console,
    operator::{Operator, OperatorPosted},
    operator_forms,
    operator_org::named,
    posted::Fields,
    refuse::{Halt, Told},
    said::{OperatorDid, Said, Took},
    seen,
    views::{
        nav::OperatorPlace,
        operator_routes::{
            AddedRule, Answer, RoutesForm, RoutesPage, RuleRow, WonderedForm, effect,
        },
    },
};

/// So many rules can be added at a time.
const TO_ADD: usize = 3;
/// No browser sends a longer line for a page that anybody wonders about.
const LONGEST_TARGET: usize = 2_000;

/// The page; with a method and a path, what would become of that request.
pub(crate) async fn show(
    State(console): State<Console>,
    Path(slug): Path<String>,
    operator: Operator,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    let org = read(&console, &operator, &slug).await?;
    let wondered = wondered(&query, org.upstream.as_ref(), operator.t());
    let status = if wondered.error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let form = as_set(&org);
    Ok(page(&operator, &org, form, wondered, status))
}

async fn read(console: &Console, operator: &Operator, slug: &str) -> Result<Org, Halt> {
    let slug = named(operator, slug)?;
    let org = console.app.org(operator.actor(), &slug).await;
    org.map_err(|failure| operator.fail(&failure))
}

fn page(
    operator: &Operator,
    org: &Org,
    form: Option<RoutesForm>,
    wondered: WonderedForm,
    status: StatusCode,
) -> Response {
    let name = UserText::from(org.name.as_str());
    let view = RoutesPage {
        page: operator.page(operator.t().routes_of(&name), OperatorPlace::Orgs),
        slug: org.slug.as_str().into(),
        name,
        claimed: org.claim.is_some(),
        form,
        wondered,
    };
    operator.show(status, &view)
}

fn as_set(org: &Org) -> Option<RoutesForm> {
    let upstream = org.upstream.as_ref()?;
    Some(RoutesForm {
        declared: upstream.mode == Mode::Declared,
        rules: rows(upstream, |_| false),
        added: (1..=TO_ADD).map(empty).collect(),
        error: None,
        seen: seen::product(org),
    })
}

fn rows(upstream: &Upstream, removed: impl Fn(usize) -> bool) -> Vec<RuleRow> {
    let rules = upstream.routes.as_slice().iter().zip(1..);
    rules
        .map(|(rule, number)| RuleRow {
            number,
            methods: rule.methods().to_string().into(),
            path: rule.path().as_str().into(),
            reads: rule.effect() == RouteEffect::Read,
            remove: removed(number),
        })
        .collect()
}

fn empty(number: usize) -> AddedRule {
    AddedRule {
        number,
        ..AddedRule::default()
    }
}

/// Saves mode and rules as a whole, if they are as the form showed them.
pub(crate) async fn save(
    State(console): State<Console>,
    Path(slug): Path<String>,
    posted: OperatorPosted,
) -> Result<Response, Halt> {
    let OperatorPosted { operator, fields } = posted;
    let org = read(&console, &operator, &slug).await?;
    let to = format!("/operator/orgs/{}/routes", org.slug);
    let stale = || Ok(operator.go(&to, &Said::Operator(OperatorDid::Stale)));
    let mode = match fields.text("mode") {
        "by-method" => Mode::ByMethod,
        "declared" => Mode::Declared,
        _ => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Err(operator.tell(&Told::unreadable_form(status)));
        }
    };
    let Some(upstream) = &org.upstream else {
        return Err(operator.fail(&Refusal::NoUpstream.into()));
    };
    // Numbers of rules mean those that were shown.
    let shown = fields.text("seen").to_owned();
    if seen::product(&org) != shown {
        return stale();
    }
    let mut form = typed(&fields, upstream, mode);
    let Some(routes) = checked(&mut form, upstream, operator.t()) else {
        let (wondered, status) = (WonderedForm::default(), StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(page(&operator, &org, Some(form), wondered, status));
    };
    let changed = Upstream {
        mode,
        routes,
        ..upstream.clone()
    };
    if changed == *upstream {
        return Ok(operator.go(&to, &Said::Operator(OperatorDid::RoutesUnchanged)));
    }
    let asked = org.slug.clone();
    let app = console.app.as_read(move |state, _| {
        if seen::product(org_in(state, &asked)?) == shown {
            Ok(())
        } else {
            Err(Refusal::ChangedSinceShown)
        }
    });
    match app.set_upstream(operator.actor(), &org.slug, changed).await {
        Ok(effective) => {
            let took = Took::just_now(&console.app, effective);
            Ok(operator.go(&to, &Said::Operator(OperatorDid::RoutesSet { took })))
        }
        Err(Failure::Refused(Refusal::ChangedSinceShown)) => stale(),
        Err(failure) => Err(operator.fail(&failure)),
    }
}

fn typed(fields: &Fields, upstream: &Upstream, mode: Mode) -> RoutesForm {
    let of = |name: &str, number: usize| fields.text(&format!("{name}-{number}")).trim().to_owned();
    let added = (1..=TO_ADD).map(|number| AddedRule {
        methods: of("methods", number),
        path: of("path", number),
        writes: of("effect", number) == RouteEffect::Write.as_str(),
        ..empty(number)
    });
    RoutesForm {
        declared: mode == Mode::Declared,
        rules: rows(upstream, |number| {
            fields.is(&format!("remove-{number}"), "on")
        }),
        added: added.collect(),
        error: None,
        seen: fields.text("seen").to_owned(),
    }
}

/// The rules that stay and those that were typed, or the form told what is wrong with them.
fn checked(form: &mut RoutesForm, upstream: &Upstream, t: Lang) -> Option<Routes> {
    let set = upstream.routes.as_slice().iter().zip(&form.rules);
    let mut rules: Vec<RouteRule> = set
        .filter(|(_, row)| !row.remove)
        .map(|(rule, _)| rule.clone())
        .collect();
    let mut wrong = false;
    for typed in &mut form.added {
        if typed.methods.is_empty() && typed.path.is_empty() {
            continue;
        }
        match rule(typed, t) {
            Ok(rule) => rules.push(rule),
            Err(why) => {
                typed.error = Some(why);
                wrong = true;
            }
        }
    }
    if wrong {
        return None;
    }
    let named = |number: usize| {
        let rule = number.checked_sub(1).and_then(|index| rules.get(index));
        UserText::from(rule.map_or(String::new(), ToString::to_string))
    };
    let error = match Routes::new(rules.clone()) {
        Ok(routes) => return Some(routes),
        Err(RouteError::Contradiction { first, second }) => {
            t.routes_contradiction(named(first), named(second))
        }
        Err(_) => t.routes_too_many(Routes::MAX),
    };
    form.error = Some(error);
    None
}

fn rule(typed: &AddedRule, t: Lang) -> Result<RouteRule, Text> {
    let names = typed.methods.split([',', ' ']);
    let methods =
        Methods::parse(names.filter(|name| !name.is_empty())).map_err(|error| match error {
            RouteError::NoMethod => t.routes_no_method(),
            RouteError::AnyWithOthers => t.routes_any_with_others(),
            _ => t.routes_method_wrong(),
        })?;
    let path = operator_forms::read(&typed.path, RoutePattern::parse, t.routes_path_wrong(), t)?;
    let effect = if typed.writes {
        RouteEffect::Write
    } else {
        RouteEffect::Read
    };
    RouteRule::new(methods, path, effect).map_err(|_| t.routes_any_is_no_read())
}

/// What was asked in the address, and the answer.
fn wondered(query: &[(String, String)], upstream: Option<&Upstream>, t: Lang) -> WonderedForm {
    let asked = |name: &str| query.iter().find(|(this, _)| this == name);
    let (Some((_, method)), Some((_, path))) = (asked("method"), asked("path")) else {
        return WonderedForm::default();
    };
    let mut form = WonderedForm {
        method: method.trim().to_owned(),
        path: path.trim().to_owned(),
        ..WonderedForm::default()
    };
    let good_path = form.path.starts_with('/') && form.path.chars().count() <= LONGEST_TARGET;
    if Method::parse(&form.method).is_err() {
        form.error = Some(t.routes_method_wrong());
    } else if !good_path {
        form.error = Some(t.routes_target_wrong());
    } else {
        let request = Wondered {
            method: &form.method,
            target: &form.path,
            headers: &[],
        };
        let explained = explain(upstream, &request);
        form.answer = Some(answer(&form, &explained, upstream, t));
    }
    form
}

fn answer(
    form: &WonderedForm,
    explained: &Explained,
    upstream: Option<&Upstream>,
    t: Lang,
) -> Answer {
    let line = UserText::from(format!("{} {}", form.method, form.path));
    let passes = explained.fate == Fate::Passes;
    let fate = match explained.fate {
        Fate::Passes => t.routes_passes(&line),
        Fate::Refused { status, .. } => t.routes_refused(&line, i64::from(status)),
        Fate::Kept => t.routes_kept(&line),
    };
    let numbered = explained.rule.as_ref().map(|(number, rule)| {
        let said = effect(rule.effect() == RouteEffect::Read, &t);
        (*number, UserText::from(rule.to_string()), said)
    });
    let because = match (explained.by, numbered) {
        ("near_rule", Some((number, rule, _))) => t.routes_by_near(number, rule),
        (_, Some((number, rule, said))) => t.routes_by_rule(said, number, rule),
        ("gateway", _) if explained.fate == Fate::Kept => t.routes_by_gateway(),
        ("gateway", _) => t.routes_no_product(),
        ("override", _) => t.routes_by_override(),
        ("mode", _) if upstream.is_some_and(|set| set.mode == Mode::Declared) => {
            t.routes_by_declared()
        }
        ("mode", _) => t.routes_by_method(),
        // Without headers, it is the path that servers could read differently.
        _ => t.routes_by_ambiguity(),
    };
    let bodiless = matches!(form.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    Answer {
        passes,
        fate,
        because,
        body: (passes && !bodiless).then(|| t.routes_body()),
    }
}
