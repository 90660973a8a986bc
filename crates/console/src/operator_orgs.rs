//! The organisations, for operators, and making one.

use axum::{extract::Query, http::StatusCode, response::Response};
use countersign_app::Failure;
use countersign_domain::{Org, PersonName, Refusal, Slug};

use crate::{
    Console,
    operator::{Operator, OperatorPosted},
    operator_forms::{self, after},
    refuse::Halt,
    said::{OperatorDid, Said},
    views::{
        nav::OperatorPlace,
        operator::{NewOrgForm, OrgRow, OrgsPage},
    },
};

/// So many are on a page.
const AT_A_TIME: usize = 100;

/// The page.
pub(crate) async fn show(
    console: Console,
    operator: Operator,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    let after = after(&query).and_then(|text| Slug::parse(text).ok());
    page(
        &console,
        &operator,
        after,
        NewOrgForm::default(),
        StatusCode::OK,
    )
    .await
}

async fn page(
    console: &Console,
    operator: &Operator,
    after: Option<Slug>,
    form: NewOrgForm,
    status: StatusCode,
) -> Result<Response, Halt> {
    let orgs = console
        .app
        .orgs(operator.actor(), after.as_ref(), AT_A_TIME)
        .await;
    let orgs = orgs.map_err(|failure| operator.fail(&failure))?;
    let last = orgs.items.last().filter(|_| orgs.more);
    let view = OrgsPage {
        page: operator.page(operator.t().operator_orgs(), OperatorPlace::Orgs),
        next: last.map(|org| format!("/operator?after={}", org.slug)),
        continued: after.is_some(),
        orgs: orgs.items.iter().map(row).collect(),
        form,
    };
    Ok(operator.show(status, &view))
}

fn row(org: &Org) -> OrgRow {
    OrgRow {
        slug: org.slug.as_str().into(),
        name: org.name.as_str().into(),
        product: org
            .upstream
            .as_ref()
            .map(|upstream| upstream.origin.as_str().into()),
        blocked: org.block.is_some(),
    }
}

/// Makes one.
pub(crate) async fn create(console: Console, posted: OperatorPosted) -> Result<Response, Halt> {
    let OperatorPosted { operator, fields } = posted;
    let t = operator.t();
    let mut form = NewOrgForm {
        slug: fields.text("slug").trim().to_owned(),
        name: fields.text("name").trim().to_owned(),
        ..NewOrgForm::default()
    };
    let slug = operator_forms::read(&form.slug, Slug::parse, t.operator_slug_wrong(), t);
    let name = operator_forms::read(&form.name, PersonName::parse, t.operator_name_wrong(), t);
    let (slug, name) = match (slug, name) {
        (Ok(slug), Ok(name)) => (slug, name),
        (slug, name) => {
            form.slug_error = slug.err();
            form.name_error = name.err();
            return page(
                &console,
                &operator,
                None,
                form,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await;
        }
    };
    match console.app.create_org(operator.actor(), slug, name).await {
        Ok(org) => {
            let to = format!("/operator/orgs/{}", org.slug);
            Ok(operator.go(&to, &Said::Operator(OperatorDid::OrgMade)))
        }
        Err(Failure::Refused(Refusal::SlugTaken)) => {
            form.slug_error = Some(t.operator_slug_taken());
            page(&console, &operator, None, form, StatusCode::CONFLICT).await
        }
        Err(failure) => Err(operator.fail(&failure)),
    }
}
