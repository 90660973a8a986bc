//! Which requests to an org's product read, for operators: the mode and the rules, saved as a whole, and
//! what would become of a request (R17). What would end access that customers granted is saved only by
//! whoever was shown that it does.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use countersign_app::{Failure, ended_by, org_in};
use countersign_domain::{
    CaseNumber, Methods, Mode, Org, Refusal, RouteEffect, RouteError, RoutePattern, RouteRule,
    Routes, RulesChange, Upstream,
};
use countersign_web::{
    messages::{Lang, Text},
    text::UserText,
};

use crate::{
    Console,
    operator::{Operator, OperatorPosted},
    operator_explain::wondered,
    operator_forms,
    operator_org::named,
    posted::Fields,
    reads,
    refuse::{Halt, Told},
    said::{OperatorDid, Said},
    seen,
    took::Took,
    views::{
        nav::OperatorPlace,
        operator_routes::{AddedRule, Ends, RoutesForm, RoutesPage, RuleRow, WonderedForm},
    },
};

/// So many rules can be added at a time.
const TO_ADD: usize = 3;
/// So many cases are named of those whose access would end.
const NAMED: usize = 12;

/// The page; with a method and a path, what would become of that request; with `?edit=2`, the second
/// rule to be changed.
pub(crate) async fn show(
    console: Console,
    Path(slug): Path<String>,
    operator: Operator,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    let org = read(&console, &operator, &slug).await?;
    let wondered = wondered(&query, org.upstream.as_ref(), operator.t());
    let status = if wondered.is_wrong() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let mut form = as_set(&org);
    let edited = query.iter().find(|(name, _)| name == "edit");
    let edited = edited.and_then(|(_, number)| number.parse().ok());
    if let (Some(form), Some(number)) = (&mut form, edited) {
        change(form, &org, number);
    }
    Ok(page(&operator, &org, form, wondered, status))
}

/// Changing a rule is removing it and adding another in one go.
fn change(form: &mut RoutesForm, org: &Org, number: usize) {
    let rules = org.upstream.iter().flat_map(|set| set.routes.as_slice());
    let rows = rules.zip(&mut form.rules);
    let mut named = rows.filter(|(_, row)| row.number == number);
    if let (Some((rule, row)), Some(added)) = (named.next(), form.added.first_mut()) {
        row.remove = true;
        added.methods = rule.methods().to_string();
        added.path = rule.path().to_string();
        added.writes = rule.effect() == RouteEffect::Write;
    }
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
        ends: None,
        seen: seen::product(org),
    })
}

fn rows(upstream: &Upstream, removed: impl Fn(&RuleRow) -> bool) -> Vec<RuleRow> {
    let rules = upstream.routes.as_slice().iter().zip(1..);
    rules
        .map(|(rule, number)| {
            let mut row = RuleRow {
                number,
                methods: rule.methods().to_string().into(),
                path: rule.path().as_str().into(),
                reads: rule.effect() == RouteEffect::Read,
                text: format!("{} {rule}", rule.effect().as_str()),
                remove: false,
            };
            row.remove = removed(&row);
            row
        })
        .collect()
}

fn empty(number: usize) -> AddedRule {
    AddedRule {
        number,
        ..AddedRule::default()
    }
}

/// Saves mode and rules as a whole, if they are as the form showed them, and if whoever saves was shown
/// what that ends.
pub(crate) async fn save(
    console: Console,
    Path(slug): Path<String>,
    posted: OperatorPosted,
) -> Result<Response, Halt> {
    let OperatorPosted { operator, fields } = posted;
    let org = read(&console, &operator, &slug).await?;
    let mode = match fields.text("mode") {
        "by-method" => Mode::ByMethod,
        "declared" => Mode::Declared,
        _ => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Err(operator.tell(&Told::unreadable_form(status)));
        }
    };
    let Some(upstream) = org.upstream.clone() else {
        return Err(operator.fail(&Refusal::NoUpstream.into()));
    };
    let mut form = typed(&fields, &upstream, mode);
    let shown = seen::product(&org);
    if fields.text("seen") != shown {
        return Ok(stale(&operator, &org, form));
    }
    let Some(routes) = checked(&mut form, &upstream, operator.t()) else {
        let (wondered, status) = (WonderedForm::default(), StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(page(&operator, &org, Some(form), wondered, status));
    };
    let changed = Upstream {
        mode,
        routes,
        ..upstream.clone()
    };
    let to = format!("/operator/orgs/{}/routes", org.slug);
    if changed == upstream {
        return Ok(operator.go(&to, &Said::Operator(OperatorDid::RoutesUnchanged)));
    }
    let ending = console
        .app
        .upstream_would_end(operator.actor(), &org.slug, &changed)
        .await
        .map_err(|failure| operator.fail(&failure))?;
    if !ending.is_empty() && fields.text("ends") != confirmation(&changed, &ending) {
        return Ok(asked(&operator, &org, form, &changed, &ending));
    }
    let (slug, proposed, confirmed) = (org.slug.clone(), changed.clone(), ending);
    let app = console.app.as_read(move |state, now| {
        let known = org_in(state, &slug)?;
        let as_shown = seen::product(known) == shown;
        if as_shown && ended_by(state, known.id, &proposed, now) == confirmed {
            Ok(())
        } else {
            Err(Refusal::ChangedSinceShown)
        }
    });
    match app.set_upstream(operator.actor(), &org.slug, changed).await {
        Ok(set) => {
            let did = OperatorDid::RoutesSet {
                took: Took::just_now(&console.app, set.effective),
                ended: set.ended.len(),
            };
            Ok(operator.go(&to, &Said::Operator(did)))
        }
        Err(Failure::Refused(Refusal::ChangedSinceShown)) => {
            let org = read(&console, &operator, org.slug.as_str()).await?;
            let set = org.upstream.clone().unwrap_or(upstream);
            Ok(stale(&operator, &org, typed(&fields, &set, mode)))
        }
        Err(failure) => Err(operator.fail(&failure)),
    }
}

/// The page again with what was typed, beside the rules as they are by now. Those to be removed are known
/// by what they say, whatever their numbers are.
fn stale(operator: &Operator, org: &Org, mut form: RoutesForm) -> Response {
    form.seen = seen::product(org);
    form.error = Some(operator.t().routes_stale());
    page(
        operator,
        org,
        Some(form),
        WonderedForm::default(),
        StatusCode::CONFLICT,
    )
}

/// The page again, saying what saving ends.
fn asked(
    operator: &Operator,
    org: &Org,
    mut form: RoutesForm,
    changed: &Upstream,
    ending: &[CaseNumber],
) -> Response {
    let change = RulesChange::between(org.upstream.as_ref(), changed);
    form.ends = Some(Ends {
        cases: ending
            .iter()
            .take(NAMED)
            .map(|case| case.as_str().into())
            .collect(),
        count: ending.len(),
        change: reads::changed(&change, operator.t()),
        confirm: confirmation(changed, ending),
    });
    page(
        operator,
        org,
        Some(form),
        WonderedForm::default(),
        StatusCode::OK,
    )
}

/// Confirms these rules and that these cases lose access; nothing else.
fn confirmation(changed: &Upstream, ending: &[CaseNumber]) -> String {
    seen::short(&format!("{changed:?};{ending:?}"))
}

fn typed(fields: &Fields, upstream: &Upstream, mode: Mode) -> RoutesForm {
    let of = |name: &str, number: usize| fields.text(&format!("{name}-{number}")).trim().to_owned();
    let added = (1..=TO_ADD).map(|number| AddedRule {
        methods: of("methods", number),
        path: of("path", number),
        writes: of("effect", number) == RouteEffect::Write.as_str(),
        ..empty(number)
    });
    let removed: Vec<String> = fields.starting("remove-").map(str::to_owned).collect();
    RoutesForm {
        declared: mode == Mode::Declared,
        rules: rows(upstream, |row| removed.contains(&row.text)),
        added: added.collect(),
        error: None,
        ends: None,
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
            Some(rule) => rules.push(rule),
            None => wrong = true,
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

/// What was typed as a rule, or each field told what is wrong with it. Methods are taken in whatever case
/// they were typed: the form is for people.
fn rule(typed: &mut AddedRule, t: Lang) -> Option<RouteRule> {
    let names = typed.methods.to_ascii_uppercase();
    let names = names.split([',', ' ']).filter(|name| !name.is_empty());
    let methods = Methods::parse(names).map_err(|error| wrong_methods(&error, t));
    let path = operator_forms::read(&typed.path, RoutePattern::parse, t.routes_path_wrong(), t);
    let effect = if typed.writes {
        RouteEffect::Write
    } else {
        RouteEffect::Read
    };
    match (methods, path) {
        (Ok(methods), Ok(path)) => RouteRule::new(methods, path, effect)
            .map_err(|_| typed.methods_error = Some(t.routes_any_is_no_read()))
            .ok(),
        (methods, path) => {
            typed.methods_error = methods.err();
            typed.path_error = path.err();
            None
        }
    }
}

fn wrong_methods(error: &RouteError, t: Lang) -> Text {
    match error {
        RouteError::NoMethod => t.routes_no_method(),
        RouteError::AnyWithOthers => t.routes_any_with_others(),
        _ => t.routes_method_wrong(),
    }
}
