//! What would become of a request to an org's product, as an operator asks in the address of a page (R17).

use countersign_app::{Explained, Fate, Wondered, explain};
use countersign_domain::{Method, Mode, RouteEffect, Upstream};
use countersign_web::{messages::Lang, text::UserText};

use crate::views::operator_routes::{Answer, WonderedForm, effect};

/// No browser sends a longer line for a page that anybody wonders about.
const LONGEST_TARGET: usize = 2_000;
/// Nobody types more headers.
const HEADERS: usize = 20;

/// What was asked in the address, and the answer. The method is taken in whatever case it was typed.
pub(crate) fn wondered(
    query: &[(String, String)],
    upstream: Option<&Upstream>,
    t: Lang,
) -> WonderedForm {
    let asked = |name: &str| {
        let mut fields = query.iter();
        let field = fields.find(|(this, _)| this == name);
        field.map(|(_, value)| value.trim().to_owned())
    };
    let (Some(method), Some(path)) = (asked("method"), asked("path")) else {
        return WonderedForm::default();
    };
    let mut form = WonderedForm {
        method: method.to_ascii_uppercase(),
        path,
        content_type: asked("content-type").unwrap_or_default(),
        headers: asked("headers").unwrap_or_default(),
        ..WonderedForm::default()
    };
    let good_path = form.path.starts_with('/') && form.path.chars().count() <= LONGEST_TARGET;
    form.method_error = Method::parse(&form.method)
        .err()
        .map(|_| t.routes_method_wrong());
    form.path_error = (!good_path).then(|| t.routes_target_wrong());
    let headers = headers(&form);
    form.headers_error = headers.is_none().then(|| t.routes_headers_wrong());
    if let (false, Some(headers)) = (form.is_wrong(), headers) {
        let request = Wondered {
            method: &form.method,
            target: &form.path,
            headers: &headers,
        };
        let explained = explain(upstream, &request);
        form.answer = Some(answer(&form, &explained, upstream, t));
    }
    form
}

/// The headers as they would arrive, names in lower case; none when a line is no header. A content type
/// is that of a body, which a length announces.
fn headers(form: &WonderedForm) -> Option<Vec<(String, String)>> {
    let lines = form.headers.lines().map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    if lines.len() > HEADERS {
        return None;
    }
    let mut headers = lines
        .into_iter()
        .map(|line| {
            let (name, value) = line.split_once(':')?;
            let name = name.trim();
            let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
            let good = !name.is_empty() && name.bytes().all(token);
            good.then(|| (name.to_ascii_lowercase(), value.trim().to_owned()))
        })
        .collect::<Option<Vec<_>>>()?;
    if !form.content_type.is_empty() {
        headers.push(("content-type".to_owned(), form.content_type.clone()));
        headers.push(("content-length".to_owned(), "1".to_owned()));
    }
    Some(headers)
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
        ("upgrade", _) => t.routes_by_upgrade(),
        ("body", _) => t.routes_by_body(),
        ("mode", _) if upstream.is_some_and(|set| set.mode == Mode::Declared) => {
            t.routes_by_declared()
        }
        ("mode", _) => t.routes_by_method(),
        _ => t.routes_by_ambiguity(),
    };
    let bodiless = Method::is_safe(&form.method) || !form.content_type.is_empty();
    Answer {
        passes,
        fate,
        because,
        body: (passes && (explained.body_decides || !bodiless)).then(|| t.routes_body()),
    }
}
