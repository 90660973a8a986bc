//! People, for operators: a customer's admins and support's agents.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use countersign_app::{Failure, Minted, OwnerRef};
use countersign_domain::{Email, PersonName, Refusal, Role, Slug};

use crate::{
    Console,
    operator::{Operator, OperatorPosted},
    operator_forms::{self, after},
    operator_org::{self, Besides, named},
    posted::Fields,
    refuse::{Halt, Told},
    said::{OperatorDid, Said},
    took::Took,
    views::{
        nav::OperatorPlace,
        operator::{AgentsPage, FreshLink, NewAdminForm, PersonRow},
    },
};

/// So many agents are on a page.
const AT_A_TIME: usize = 100;

fn typed(fields: &Fields) -> NewAdminForm {
    NewAdminForm {
        email: fields.text("email").trim().to_owned(),
        name: fields.text("name").trim().to_owned(),
        super_admin: fields.is("role", "super_admin"),
        ..NewAdminForm::default()
    }
}

/// What was typed as values, or the form told what is wrong with it.
fn checked(form: &mut NewAdminForm, operator: &Operator) -> Option<(Email, PersonName)> {
    let t = operator.t();
    let email = operator_forms::read(&form.email, Email::parse, t.ask_as_no_address(), t);
    let name = operator_forms::read(&form.name, PersonName::parse, t.operator_name_wrong(), t);
    match (email, name) {
        (Ok(email), Ok(name)) => Some((email, name)),
        (email, name) => {
            form.email_error = email.err();
            form.name_error = name.err();
            None
        }
    }
}

/// Makes a customer's admin.
pub(crate) async fn create_admin(
    console: Console,
    Path(slug): Path<String>,
    posted: OperatorPosted,
) -> Result<Response, Halt> {
    let OperatorPosted { operator, fields } = posted;
    let slug = named(&operator, &slug)?;
    let mut form = typed(&fields);
    let Some((email, name)) = checked(&mut form, &operator) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return again(&console, &operator, &slug, form, status).await;
    };
    let role = if form.super_admin {
        Role::SuperAdmin
    } else {
        Role::Admin
    };
    let made = console
        .app
        .create_admin(operator.actor(), &slug, email, name, role);
    match made.await {
        Ok(_) => {
            let to = format!("/operator/orgs/{slug}#people");
            Ok(operator.go(&to, &Said::Operator(OperatorDid::PersonMade)))
        }
        Err(Failure::Refused(Refusal::EmailTaken)) => {
            form.email_error = Some(operator.t().operator_email_taken());
            again(&console, &operator, &slug, form, StatusCode::CONFLICT).await
        }
        Err(failure) => Err(operator.fail(&failure)),
    }
}

/// The page with the form as it was typed.
async fn again(
    console: &Console,
    operator: &Operator,
    slug: &Slug,
    person: NewAdminForm,
    status: StatusCode,
) -> Result<Response, Halt> {
    let besides = Besides {
        person,
        ..Besides::default()
    };
    operator_org::page(console, operator, slug, besides, status).await
}

/// What a row's button does to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Link,
    Role(Role),
    Active(bool),
}

impl Act {
    fn of(fields: &Fields, operator: &Operator) -> Result<(Self, Email), Halt> {
        let unreadable = || operator.tell(&Told::unreadable_form(StatusCode::BAD_REQUEST));
        let act = match fields.text("act") {
            "link" => Self::Link,
            "super_admin" => Self::Role(Role::SuperAdmin),
            "admin" => Self::Role(Role::Admin),
            "activate" => Self::Active(true),
            "deactivate" => Self::Active(false),
            _ => return Err(unreadable()),
        };
        let email = Email::parse(fields.text("email")).map_err(|_| unreadable())?;
        Ok((act, email))
    }
}

/// Does something to a customer's admin.
pub(crate) async fn act_on_admin(
    console: Console,
    Path(slug): Path<String>,
    posted: OperatorPosted,
) -> Result<Response, Halt> {
    let OperatorPosted { operator, fields } = posted;
    let slug = named(&operator, &slug)?;
    let (act, email) = Act::of(&fields, &operator)?;
    let fail = |failure: Failure| operator.fail(&failure);
    let (app, actor) = (&console.app, operator.actor());
    let changed = match act {
        Act::Link => {
            let owner = OwnerRef::Admin {
                org: slug.clone(),
                email: email.clone(),
            };
            let minted = app
                .mint_login_link(actor, &owner, None)
                .await
                .map_err(fail)?;
            let besides = Besides {
                link: Some(fresh(&operator, &email, &minted)),
                ..Besides::default()
            };
            return operator_org::page(&console, &operator, &slug, besides, StatusCode::OK).await;
        }
        Act::Role(role) => app.set_role(actor, &slug, &email, role).await,
        Act::Active(active) => app.set_admin_active(actor, &slug, &email, active).await,
    };
    let changed = changed.map_err(fail)?;
    let took = Took::just_now(app, changed.effective);
    let to = format!("/operator/orgs/{slug}#people");
    let proposed = changed.person.admin.proposed.is_some();
    let said = match act {
        Act::Role(Role::SuperAdmin) if proposed => {
            Said::Operator(OperatorDid::RoleProposed { person: email })
        }
        _ => said(act, email, took),
    };
    Ok(operator.go(&to, &said))
}

fn said(act: Act, person: Email, took: Option<Took>) -> Said {
    Said::Operator(match act {
        Act::Active(false) => OperatorDid::Deactivated { person, took },
        Act::Active(true) => OperatorDid::Activated { person },
        Act::Role(_) | Act::Link => OperatorDid::RoleSet { person },
    })
}

fn fresh(operator: &Operator, email: &Email, (minted, url): &(Minted, String)) -> FreshLink {
    FreshLink {
        email: email.as_str().into(),
        url: url.clone(),
        until: operator.zone.moment(minted.expires_at),
        awaits: minted.awaits(),
    }
}

/// The agents.
pub(crate) async fn agents(
    console: Console,
    operator: Operator,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    let after = after(&query).and_then(|text| Email::parse(text).ok());
    let (form, status) = (NewAdminForm::default(), StatusCode::OK);
    agents_page(&console, &operator, after, form, None, status).await
}

async fn agents_page(
    console: &Console,
    operator: &Operator,
    after: Option<Email>,
    person: NewAdminForm,
    link: Option<FreshLink>,
    status: StatusCode,
) -> Result<Response, Halt> {
    let agents = console
        .app
        .agents(operator.actor(), after.as_ref(), AT_A_TIME)
        .await;
    let agents = agents.map_err(|failure| operator.fail(&failure))?;
    let last = agents.items.last().filter(|_| agents.more);
    let view = AgentsPage {
        page: operator.page(operator.t().operator_agents(), OperatorPlace::Agents),
        next: last.map(|agent| format!("/operator/agents?after={}", agent.email)),
        continued: after.is_some(),
        people: agents
            .items
            .iter()
            .map(|agent| PersonRow {
                name: agent.name.as_str().into(),
                email: agent.email.as_str().into(),
                super_admin: None,
                active: agent.active,
                awaits: None,
            })
            .collect(),
        person,
        link,
    };
    Ok(operator.show(status, &view))
}

/// Makes an agent.
pub(crate) async fn create_agent(
    console: Console,
    posted: OperatorPosted,
) -> Result<Response, Halt> {
    let OperatorPosted { operator, fields } = posted;
    let mut form = typed(&fields);
    let Some((email, name)) = checked(&mut form, &operator) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return agents_page(&console, &operator, None, form, None, status).await;
    };
    match console
        .app
        .create_agent(operator.actor(), email, name)
        .await
    {
        Ok(_) => Ok(operator.go("/operator/agents", &Said::Operator(OperatorDid::PersonMade))),
        Err(Failure::Refused(Refusal::EmailTaken)) => {
            form.email_error = Some(operator.t().operator_email_taken());
            agents_page(&console, &operator, None, form, None, StatusCode::CONFLICT).await
        }
        Err(failure) => Err(operator.fail(&failure)),
    }
}

/// Does something to an agent.
pub(crate) async fn act_on_agent(
    console: Console,
    posted: OperatorPosted,
) -> Result<Response, Halt> {
    let OperatorPosted { operator, fields } = posted;
    let (act, email) = Act::of(&fields, &operator)?;
    let fail = |failure: Failure| operator.fail(&failure);
    let (app, actor) = (&console.app, operator.actor());
    match act {
        Act::Link => {
            let owner = OwnerRef::Agent {
                email: email.clone(),
            };
            let minted = app
                .mint_login_link(actor, &owner, None)
                .await
                .map_err(fail)?;
            let link = Some(fresh(&operator, &email, &minted));
            let form = NewAdminForm::default();
            agents_page(&console, &operator, None, form, link, StatusCode::OK).await
        }
        Act::Active(active) => {
            let changed = app
                .set_agent_active(actor, &email, active)
                .await
                .map_err(fail)?;
            let took = Took::just_now(app, changed.effective);
            Ok(operator.go("/operator/agents", &said(act, email, took)))
        }
        // Agents have no roles.
        Act::Role(_) => Err(operator.tell(&Told::unreadable_form(StatusCode::BAD_REQUEST))),
    }
}
