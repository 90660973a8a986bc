//! `/Groups`: one group, the org's super admins. Whoever is put into it becomes a super admin, and whoever is
//! taken out of it an admin, by the same rules as everywhere (R2, R3). The vendor's directory has no groups:
//! an agent has no role, and teams are those of cases.

use std::collections::BTreeSet;

use axum::{http::StatusCode, response::Response};
use countersign_app::{ProvisionedAt, Which};
use countersign_domain::{AdminId, Person, Role};
use serde_json::{Value, json};

use super::{
    body::Body,
    caller::{Directory, Id},
    error::{ScimError, ScimType},
    group_patch::{MOST, patched, replaced},
    list::{Asked, AskedByQuery, ShownByQuery, listed},
    matching::{check, fits},
    patch::operations,
    reply::{Tagged, address, document},
    schemas::{GROUP, Type},
    user::{SUPER_ADMINS, id_of},
};
use crate::{etag::Conditions, problem::Problem, router::Served};

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

pub(super) async fn read(
    served: Served,
    directory: Directory,
    Id(id): Id,
    ShownByQuery(shown): ShownByQuery,
    conditions: Conditions,
) -> Result<Response, ScimError> {
    named(directory, &id)?;
    let group = group(&served, &super_admins(&served, directory).await?);
    let told = shown.project(group.resource.clone());
    Ok(group.reply_to_read(&conditions, &told))
}

pub(super) async fn replace(
    served: Served,
    directory: Directory,
    Id(id): Id,
    ShownByQuery(shown): ShownByQuery,
    conditions: Conditions,
    Body(body): Body,
) -> Result<Response, ScimError> {
    named(directory, &id)?;
    let wanted = |members| replaced(members, &body);
    let group = change(&served, directory, &conditions, wanted).await?;
    let told = shown.project(group.resource.clone());
    Ok(group.reply(StatusCode::OK, &told))
}

pub(super) async fn patch(
    served: Served,
    directory: Directory,
    Id(id): Id,
    ShownByQuery(shown): ShownByQuery,
    conditions: Conditions,
    Body(body): Body,
) -> Result<Response, ScimError> {
    named(directory, &id)?;
    let operations = operations(&body)?;
    let wanted = |members| patched(members, &operations);
    let group = change(&served, directory, &conditions, wanted).await?;
    let told = shown.project(group.resource.clone());
    Ok(group.reply(StatusCode::OK, &told))
}

pub(super) async fn create(directory: Directory, _: Body) -> Result<Response, ScimError> {
    there_are_groups(directory)?;
    Err(ScimError::NotOffered(
        "No group can be made here: there is one, \"super_admin\", and a directory's group is linked to it. Find it with \
         the filter displayName eq \"super_admin\".",
    ))
}

pub(super) async fn delete(directory: Directory, Id(id): Id) -> Result<Response, ScimError> {
    named(directory, &id)?;
    Err(ScimError::NotOffered(
        "This group is always there and cannot be deleted: take its members out of it.",
    ))
}

fn there_are_groups(directory: Directory) -> Result<(), Problem> {
    match directory.org {
        Some(_) => Ok(()),
        None => Err(Problem::no_such_path()),
    }
}

fn named(directory: Directory, id: &str) -> Result<(), Problem> {
    there_are_groups(directory)?;
    if id == SUPER_ADMINS {
        Ok(())
    } else {
        Err(Problem::no_such_path())
    }
}

async fn page(served: &Served, directory: Directory, asked: &Asked) -> Result<Response, ScimError> {
    there_are_groups(directory)?;
    let group = group(served, &super_admins(served, directory).await?).resource;
    let fits = match &asked.filter {
        None => true,
        Some(filter) => {
            check(Type::Group, filter)?;
            fits(Type::Group, &group, filter)?
        }
    };
    let total = usize::from(fits);
    let told: Vec<Value> = (fits && asked.start == 1 && asked.count > 0)
        .then(|| asked.shown.project(group))
        .into_iter()
        .collect();
    Ok(document(StatusCode::OK, &listed(&told, asked.start, total)))
}

/// The org's super admins, ascending by address.
async fn super_admins(
    served: &Served,
    directory: Directory,
) -> Result<Vec<ProvisionedAt>, ScimError> {
    let page = served
        .app
        .provisioned(
            directory.actor,
            Which::Role(Role::SuperAdmin),
            (None, 0),
            MOST,
        )
        .await?;
    if page.total > MOST {
        return Err(ScimError::bad(
            ScimType::TooMany,
            format!(
                "The org has {} super admins, and the group is told with up to {MOST}: filter /Users by roles.value.",
                page.total
            ),
        ));
    }
    Ok(page.people)
}

fn group(served: &Served, members: &[ProvisionedAt]) -> Tagged {
    let members: Value = members
        .iter()
        .map(|member| {
            let id = id_of(member.who.person);
            json!({
                "value": id,
                "$ref": address(served, &format!("Users/{id}")),
                "display": member.who.name.as_str(),
                "type": "User",
            })
        })
        .collect();
    Tagged::of(json!({
        "schemas": [GROUP],
        "id": SUPER_ADMINS,
        "displayName": SUPER_ADMINS,
        "members": members,
        "meta": {
            "resourceType": "Group",
            "location": address(served, &format!("Groups/{SUPER_ADMINS}")),
        },
    }))
}

/// Gives everybody the role that `wanted` makes of who is in the group.
async fn change(
    served: &Served,
    directory: Directory,
    conditions: &Conditions,
    wanted: impl FnOnce(BTreeSet<AdminId>) -> Result<BTreeSet<AdminId>, ScimError>,
) -> Result<Tagged, ScimError> {
    let before = super_admins(served, directory).await?;
    if let Some(stale) = conditions.stale_for(&group(served, &before).tag) {
        return Err(Problem::stale(&stale).into());
    }
    let members: BTreeSet<AdminId> = before
        .iter()
        .filter_map(|member| match member.who.person {
            Person::Admin(id) => Some(id),
            Person::Agent(_) => None,
        })
        .collect();
    let wanted = wanted(members.clone())?;
    let raised = wanted
        .difference(&members)
        .map(|id| (*id, Role::SuperAdmin));
    let lowered = members.difference(&wanted).map(|id| (*id, Role::Admin));
    // First who comes, so that the last one to go is not the last there is.
    let roles: Vec<(AdminId, Role)> = raised.chain(lowered).collect();
    if roles.len() > MOST {
        return Err(ScimError::bad(
            ScimType::TooMany,
            format!("One request may change {MOST} members: send the rest in another."),
        ));
    }
    if !roles.is_empty() {
        served.app.provision_roles(directory.actor, &roles).await?;
    }
    Ok(group(served, &super_admins(served, directory).await?))
}
