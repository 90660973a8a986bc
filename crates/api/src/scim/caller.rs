//! Who calls: a directory, by its SCIM token and nothing else; and about what.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use countersign_domain::{Actor, OrgId};
use countersign_identity::{Bearer, IdentityError};

use crate::{
    caller::{authorization, bearer, here, impersonated, stranger, within_quota},
    limits::takes_away,
    problem::Problem,
    router::Served,
};

/// A directory, within its quota. The token says whose it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Directory {
    pub(super) actor: Actor,
    /// Whose customer users; none for the vendor's agents.
    pub(super) org: Option<OrgId>,
}

/// The id in an address. What cannot be read is none.
pub(super) struct Id(pub(super) String);

impl FromRequestParts<Served> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Problem> {
        let Path(id) = Path::from_request_parts(parts, served)
            .await
            .map_err(|_| Problem::no_such_path())?;
        Ok(Self(id))
    }
}

/// Whose directory it is, not counted yet.
pub(crate) async fn known(parts: &Parts, served: &Served) -> Result<Actor, Problem> {
    impersonated(parts)?;
    let Some(token) = authorization(&parts.headers).and_then(bearer) else {
        return Err(stranger(served, parts));
    };
    let identity = served.identity.at(&here(parts, served));
    match identity.directory(token).await {
        Ok(Bearer { actor, .. }) => Ok(actor),
        Err(IdentityError::Unknown) => Err(stranger(served, parts)),
        Err(error) => Err(error.into()),
    }
}

impl FromRequestParts<Served> for Directory {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Problem> {
        let actor = known(parts, served).await?;
        within_quota(parts, served, actor, takes_away(parts))?;
        let org = match actor {
            Actor::Provisioning { org, .. } => org,
            _ => None,
        };
        Ok(Self { actor, org })
    }
}
