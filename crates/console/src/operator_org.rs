//! One organisation, for operators: where its product is, whether that answers, and its people.

use std::{fmt, sync::Arc};

use axum::{
    Extension,
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use countersign_app::{AdminRead, Checked, Failure, ProductCheck, org_in};
use countersign_domain::{
    Acceptance, Email, HeaderName, Mode, Org, Origin, Refusal, Role, Slug, Upstream,
};
use countersign_web::{
    messages::{Lang, Text},
    text::UserText,
};

use crate::{
    Console,
    operator::{Operator, OperatorPosted},
    operator_forms::{self, after},
    operator_hosts,
    posted::Fields,
    refuse::Halt,
    said::{OperatorDid, Said},
    seen,
    took::Took,
    views::{
        nav::OperatorPlace,
        operator::{Awaits, FreshLink, HostsForm, NewAdminForm, OrgPage, PersonRow, ProductForm},
    },
};

/// So many people are on a page.
const AT_A_TIME: usize = 100;

/// What connects to products; the binary hands it in.
#[derive(Clone)]
pub struct Products(Arc<dyn ProductCheck>);

impl Products {
    /// Products as this connects to them.
    pub fn new(check: impl ProductCheck) -> Self {
        Self(Arc::new(check))
    }
}

impl fmt::Debug for Products {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Products")
    }
}

/// What a page of an org shows besides the org.
#[derive(Default)]
pub(crate) struct Besides {
    pub(crate) after: Option<Email>,
    pub(crate) product: Option<ProductForm>,
    pub(crate) hosts: Option<HostsForm>,
    pub(crate) checked: Option<Checked>,
    pub(crate) person: NewAdminForm,
    pub(crate) link: Option<FreshLink>,
}

/// The page.
pub(crate) async fn show(
    console: Console,
    Path(slug): Path<String>,
    operator: Operator,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    let slug = named(&operator, &slug)?;
    let besides = Besides {
        after: after(&query).and_then(|text| Email::parse(text).ok()),
        ..Besides::default()
    };
    page(&console, &operator, &slug, besides, StatusCode::OK).await
}

/// The org in an address. What cannot be one is none.
pub(crate) fn named(operator: &Operator, text: &str) -> Result<Slug, Halt> {
    Slug::parse(text).map_err(|_| operator.fail(&Failure::from(Refusal::OrgNotFound)))
}

pub(crate) async fn page(
    console: &Console,
    operator: &Operator,
    slug: &Slug,
    besides: Besides,
    status: StatusCode,
) -> Result<Response, Halt> {
    let fail = |failure: Failure| operator.fail(&failure);
    let org = console
        .app
        .org(operator.actor(), slug)
        .await
        .map_err(fail)?;
    let people = console
        .app
        .admins(operator.actor(), slug, besides.after.as_ref(), AT_A_TIME)
        .await
        .map_err(fail)?;
    let last = people.items.last().filter(|_| people.more);
    let view = OrgPage {
        page: operator.page(
            operator.t().operator_org(UserText::from(org.name.as_str())),
            OperatorPlace::Orgs,
        ),
        slug: slug.as_str().into(),
        name: org.name.as_str().into(),
        blocked: org.block.is_some(),
        has_product: org.upstream.is_some(),
        claimed: org.claim.is_some(),
        rules: org
            .upstream
            .as_ref()
            .map_or(0, |upstream| upstream.routes.as_slice().len()),
        product: besides
            .product
            .unwrap_or_else(|| as_set(&org, operator.t())),
        hosts: besides
            .hosts
            .unwrap_or_else(|| operator_hosts::as_set(console, &org)),
        checked: besides.checked.map(Into::into),
        next: last.map(|read| format!("/operator/orgs/{slug}?after={}", read.admin.email)),
        continued: besides.after.is_some(),
        people: people.items.iter().map(person_row).collect(),
        person: besides.person,
        link: besides.link,
    };
    Ok(operator.show(status, &view))
}

fn person_row(read: &AdminRead) -> PersonRow {
    let admin = &read.admin;
    let proposed = read.claimed && admin.active && admin.proposed.is_some();
    PersonRow {
        name: admin.name.as_str().into(),
        email: admin.email.as_str().into(),
        super_admin: Some(admin.role == Role::SuperAdmin),
        active: admin.active,
        awaits: match read.acceptance() {
            Acceptance::Waiting if admin.active => Some(Awaits::Account),
            Acceptance::Refused => Some(Awaits::Refused),
            _ => proposed.then_some(Awaits::Role),
        },
    }
}

/// That agents can reach the product past the gateway, where they can.
fn past(upstream: Option<&Upstream>, t: Lang) -> Option<Text> {
    let resource = upstream?.resource.as_ref()?;
    Some(t.operator_past(UserText::new(resource.to_string())))
}

fn as_set(org: &Org, t: Lang) -> ProductForm {
    let header =
        |name: &Option<HeaderName>| name.as_ref().map_or(String::new(), ToString::to_string);
    let upstream = org.upstream.as_ref();
    ProductForm {
        origin: upstream.map_or(String::new(), |upstream| upstream.origin.to_string()),
        user_header: upstream.map_or(String::new(), |upstream| header(&upstream.user_header)),
        org_header: upstream.map_or(String::new(), |upstream| header(&upstream.org_header)),
        declared: upstream.is_some_and(|upstream| upstream.mode == Mode::Declared),
        past: past(upstream, t),
        seen: seen::product(org),
        ..ProductForm::default()
    }
}

/// Says where the product is. Which requests to it read has a page of its own, and is chosen here only
/// while there is no product: from the first one on, nothing passes that should not.
pub(crate) async fn set_product(
    console: Console,
    Path(slug): Path<String>,
    posted: OperatorPosted,
) -> Result<Response, Halt> {
    let OperatorPosted { operator, fields } = posted;
    let slug = named(&operator, &slug)?;
    let fail = |failure: Failure| operator.fail(&failure);
    let org = console
        .app
        .org(operator.actor(), &slug)
        .await
        .map_err(fail)?;
    let shown = fields.text("seen").to_owned();
    let mut form = typed(&fields);
    if let Some(set) = &org.upstream {
        form.declared = set.mode == Mode::Declared;
        form.past = past(Some(set), operator.t());
    }
    let Some(read) = checked(&mut form, &operator) else {
        let besides = Besides {
            product: Some(form),
            ..Besides::default()
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return page(&console, &operator, &slug, besides, status).await;
    };
    let upstream = match org.upstream {
        Some(set) => Upstream {
            mode: set.mode,
            routes: set.routes,
            resource: set.resource,
            ..read
        },
        None => read,
    };
    let asked = slug.clone();
    let app = console.app.as_read(move |state, _| {
        let org = org_in(state, &asked)?;
        if seen::product(org) == shown {
            Ok(())
        } else {
            Err(Refusal::ChangedSinceShown)
        }
    });
    let to = format!("/operator/orgs/{slug}");
    match app.set_upstream(operator.actor(), &slug, upstream).await {
        Ok(set) => {
            let took = Took::just_now(&console.app, set.effective);
            Ok(operator.go(&to, &Said::Operator(OperatorDid::ProductSet { took })))
        }
        Err(Failure::Refused(Refusal::ChangedSinceShown)) => {
            Ok(operator.go(&to, &Said::Operator(OperatorDid::Stale)))
        }
        Err(failure) => Err(operator.fail(&failure)),
    }
}

fn typed(fields: &Fields) -> ProductForm {
    let text = |name| fields.text(name).trim().to_owned();
    ProductForm {
        origin: text("origin"),
        user_header: text("user_header"),
        org_header: text("org_header"),
        declared: fields.is("mode", "declared"),
        seen: text("seen"),
        ..ProductForm::default()
    }
}

/// What was typed as an upstream, or the form told what is wrong with it.
fn checked(form: &mut ProductForm, operator: &Operator) -> Option<Upstream> {
    let t = operator.t();
    let origin = operator_forms::read(&form.origin, Origin::parse, t.operator_origin_wrong(), t);
    let header = |text: &str| {
        let name = Some(text).filter(|text| !text.is_empty());
        let read =
            |text| operator_forms::read(text, HeaderName::parse, t.operator_header_wrong(), t);
        name.map(read).transpose()
    };
    let (user_header, org_header) = (header(&form.user_header), header(&form.org_header));
    let mode = if form.declared {
        Mode::Declared
    } else {
        Mode::ByMethod
    };
    match (origin, user_header, org_header) {
        (Ok(origin), Ok(user_header), Ok(org_header)) => Some(Upstream {
            user_header,
            org_header,
            mode,
            ..Upstream::new(origin)
        }),
        (origin, user_header, org_header) => {
            form.origin_error = origin.err();
            form.user_header_error = user_header.err();
            form.org_header_error = org_header.err();
            None
        }
    }
}

/// Asks the product that is configured whether it answers.
pub(crate) async fn check_product(
    console: Console,
    Path(slug): Path<String>,
    products: Option<Extension<Products>>,
    posted: OperatorPosted,
) -> Result<Response, Halt> {
    let operator = posted.operator;
    let slug = named(&operator, &slug)?;
    let Some(Extension(Products(check))) = products else {
        return Err(operator.tell(&crate::refuse::Told::no_page()));
    };
    let checked = console
        .app
        .check_product(operator.actor(), &slug, check.as_ref())
        .await
        .map_err(|failure| operator.fail(&failure))?;
    let besides = Besides {
        checked: Some(checked),
        ..Besides::default()
    };
    page(&console, &operator, &slug, besides, StatusCode::OK).await
}
