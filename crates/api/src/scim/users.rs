//! `/Users` (RFC 7644 section 3).

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use countersign_app::{Change, Provisioned, ProvisionedAt, Which};
use countersign_domain::{Email, ExternalId, Person, Refusal};
use countersign_filter::{Comparison, Filter, Operator, Value as Literal};

use super::{
    body::Body,
    caller::{Directory, Id},
    error::{ScimError, ScimType},
    list::{Asked, AskedByQuery, ShownByQuery, listed},
    matching::{check, fits},
    patch::{operations, patched},
    reply::{Tagged, document, said},
    schemas::Type,
    user::{untimed, user},
    user_input::whole,
};
use crate::{etag::Conditions, problem::Problem, router::Served};

/// How many people are looked at for one filter that no index answers.
const SCANNED: usize = 10_000;
/// How many of them at a time.
const AT_A_TIME: usize = 500;

pub(super) async fn list(
    served: Served,
    directory: Directory,
    AskedByQuery(asked): AskedByQuery,
) -> Result<Response, ScimError> {
    page(&served, directory, &asked).await
}

pub(super) async fn search(
    served: Served,
    directory: Directory,
    Body(body): Body,
) -> Result<Response, ScimError> {
    page(&served, directory, &Asked::of_search(&body)?).await
}

pub(super) async fn create(
    served: Served,
    directory: Directory,
    ShownByQuery(shown): ShownByQuery,
    Body(body): Body,
) -> Result<Response, ScimError> {
    let wanted = whole(directory.users(), &body, None)?;
    let made = served.app.provision(directory.actor, &wanted).await?;
    let made = user(&served, &made);
    let told = shown.project(made.resource.clone());
    Ok(made.reply(StatusCode::CREATED, &told))
}

pub(super) async fn read(
    served: Served,
    directory: Directory,
    Id(id): Id,
    ShownByQuery(shown): ShownByQuery,
    conditions: Conditions,
) -> Result<Response, ScimError> {
    let person = directory.person(&id)?;
    let found = served.app.provisioned_one(directory.actor, person).await?;
    let found = user(&served, &found);
    let told = shown.project(found.resource.clone());
    Ok(found.reply_to_read(&conditions, &told))
}

pub(super) async fn replace(
    served: Served,
    directory: Directory,
    Id(id): Id,
    ShownByQuery(shown): ShownByQuery,
    conditions: Conditions,
    Body(body): Body,
) -> Result<Response, ScimError> {
    let person = directory.person(&id)?;
    let change = |known: &Provisioned| {
        unchanged(&served, &conditions, known)?;
        whole(directory.users(), &body, Some(known)).map(Change::To)
    };
    let changed = served
        .app
        .change_provisioned(directory.actor, person, change)
        .await?;
    let now = changed.person.ok_or(Refusal::PersonNotFound)?;
    let now = user(&served, &now);
    let told = shown.project(now.resource.clone());
    Ok(said(now.reply(StatusCode::OK, &told), changed.effective))
}

pub(super) async fn patch(
    served: Served,
    directory: Directory,
    Id(id): Id,
    ShownByQuery(shown): ShownByQuery,
    conditions: Conditions,
    Body(body): Body,
) -> Result<Response, ScimError> {
    let person = directory.person(&id)?;
    let operations = operations(&body)?;
    let change = |known: &Provisioned| {
        unchanged(&served, &conditions, known)?;
        patched(directory.users(), known, &operations).map(Change::To)
    };
    let changed = served
        .app
        .change_provisioned(directory.actor, person, change)
        .await?;
    let now = changed.person.ok_or(Refusal::PersonNotFound)?;
    let now = user(&served, &now);
    let told = shown.project(now.resource.clone());
    Ok(said(now.reply(StatusCode::OK, &told), changed.effective))
}

pub(super) async fn delete(
    served: Served,
    directory: Directory,
    Id(id): Id,
    conditions: Conditions,
) -> Result<Response, ScimError> {
    let person = directory.person(&id)?;
    let change = |known: &Provisioned| {
        unchanged(&served, &conditions, known)?;
        Ok::<_, ScimError>(Change::Removed)
    };
    let changed = served
        .app
        .change_provisioned(directory.actor, person, change)
        .await?;
    Ok(said(
        StatusCode::NO_CONTENT.into_response(),
        changed.effective,
    ))
}

impl Directory {
    /// Which type of resource its users are.
    pub(super) fn users(self) -> Type {
        match self.org {
            Some(_) => Type::Admin,
            None => Type::Agent,
        }
    }

    /// Somebody by their id. What is no id of theirs is nobody.
    pub(super) fn person(self, id: &str) -> Result<Person, Refusal> {
        let person = match self.org {
            Some(_) => id.parse().ok().map(Person::Admin),
            None => id.parse().ok().map(Person::Agent),
        };
        person.ok_or(Refusal::PersonNotFound)
    }
}

/// Refuses a change to somebody who is not as the client has read them.
fn unchanged(
    served: &Served,
    conditions: &Conditions,
    known: &Provisioned,
) -> Result<(), ScimError> {
    let present = Tagged::of(untimed(served, known)).tag;
    match conditions.stale_for(&present) {
        Some(stale) => Err(Problem::stale(&stale).into()),
        None => Ok(()),
    }
}

async fn page(served: &Served, directory: Directory, asked: &Asked) -> Result<Response, ScimError> {
    let (people, total) = match &asked.filter {
        None => {
            let page = served
                .app
                .provisioned(
                    directory.actor,
                    Which::All,
                    (None, asked.start - 1),
                    asked.count,
                )
                .await?;
            (page.people, page.total)
        }
        Some(filter) => {
            let found = found(served, directory, filter).await?;
            let total = found.len();
            let page = found.into_iter().skip(asked.start - 1).take(asked.count);
            (page.collect(), total)
        }
    };
    let told = people
        .iter()
        .map(|person| asked.shown.project(user(served, person).resource));
    Ok(document(
        StatusCode::OK,
        &listed(&told.collect::<Vec<_>>(), asked.start, total),
    ))
}

/// Everybody who is as the filter says: looked up, if it names somebody, else looked through up to a bound.
async fn found(
    served: &Served,
    directory: Directory,
    filter: &Filter,
) -> Result<Vec<ProvisionedAt>, ScimError> {
    let kind = directory.users();
    check(kind, filter)?;
    let which = named(directory, filter);
    if let Some(None) = which {
        return Ok(vec![]);
    }
    let which = which.flatten().unwrap_or(Which::All);
    let mut found = vec![];
    let mut after = None;
    let mut seen = 0;
    loop {
        let page = served
            .app
            .provisioned(directory.actor, which.clone(), (after, 0), AT_A_TIME)
            .await?;
        if page.total > SCANNED {
            return Err(ScimError::bad(
                ScimType::TooMany,
                format!(
                    "{} people would have to be looked at for this filter, and {SCANNED} may: filter by userName, \
                     externalId or id with eq, or read page by page without a filter.",
                    page.total
                ),
            ));
        }
        seen += page.people.len();
        after = page.people.last().map(|last| last.who.email.clone());
        let last = page.people.len() < AT_A_TIME || seen >= SCANNED;
        for person in page.people {
            if fits(kind, &user(served, &person).resource, filter)? {
                found.push(person);
            }
        }
        if last {
            break;
        }
    }
    Ok(found)
}

/// Whom a filter names so that an index finds them; `Some(None)` where it can be nobody.
fn named(directory: Directory, filter: &Filter) -> Option<Option<Which>> {
    match filter {
        Filter::Compare(comparison) => by_index(directory, comparison),
        Filter::And(all) => all.iter().find_map(|one| named(directory, one)),
        _ => None,
    }
}

fn by_index(directory: Directory, comparison: &Comparison) -> Option<Option<Which>> {
    let Literal::Text(text) = &comparison.value else {
        return None;
    };
    if comparison.operator != Operator::Equal {
        return None;
    }
    let is = |name: &str| comparison.attribute.is(name);
    if is("userName") || is("emails") || is("emails.value") {
        // As it is stored; blanks around an address are no part of it, nor of the one that is compared.
        let email = Email::parse(text).ok();
        return Some(
            email
                .filter(|email| email.as_str().eq_ignore_ascii_case(text))
                .map(Which::Email),
        );
    }
    if is("externalId") {
        return Some(ExternalId::parse(text).ok().map(Which::External));
    }
    if is("id") {
        return Some(directory.person(text).ok().map(Which::One));
    }
    None
}
