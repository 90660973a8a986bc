//! The service clients of the org, as the settings page shows them.

use countersign_app::{App, ClaimRead, ClientRead, Failure};
use countersign_domain::{Actor, Scope as Allowed};

use crate::{
    settings_rows::acceptance,
    views::{
        clients::{ClientRow, Clients, KeyRow, Scope},
        support_access::Maker,
    },
    zone::Zone,
};

/// For super admins; others have nothing to do with them.
pub(crate) async fn clients(
    app: &App,
    actor: Actor,
    claims: &ClaimRead,
    zone: &Zone,
) -> Result<Option<Clients>, Failure> {
    if !claims.caller.is_super() {
        return Ok(None);
    }
    let clients = app.clients(actor, &claims.org.slug).await?;
    Ok(Some(Clients {
        rows: clients.iter().map(|read| row(read, claims, zone)).collect(),
        may_make: claims.unaccepted.is_none(),
    }))
}

fn row(read: &ClientRead, claims: &ClaimRead, zone: &Zone) -> ClientRow {
    let client = &read.client;
    let allowed = [
        (Allowed::OrgsRead, Scope::Read),
        (Allowed::OrgsManage, Scope::Manage),
        (Allowed::LogsRead, Scope::Logs),
        (Allowed::CasesRead, Scope::Cases),
        (Allowed::GrantsManage, Scope::Grants),
        (Allowed::LogRead, Scope::Log),
        (Allowed::TokensIntrospect, Scope::Introspect),
    ];
    let may = allowed
        .into_iter()
        .filter(|(scope, _)| client.scopes.holds(*scope));
    ClientRow {
        id: client.id.to_string(),
        name: client.name.as_str().into(),
        may: may.map(|(_, scope)| scope).collect(),
        bound: client.dpop,
        keys: client
            .keys
            .values()
            .map(|key| KeyRow {
                thumbprint: key.thumbprint.to_string(),
                kid: key.kid.as_deref().map(Into::into),
                added: zone.moment(key.added_at),
            })
            .collect(),
        made_by: match (&read.made_by, client.made_by) {
            (Some(admin), _) => Maker::Person(admin.name.as_str().into()),
            (None, Some(_)) => Maker::AnotherAdmin,
            (None, None) => Maker::Operator,
        },
        made_at: zone.moment(client.made_at),
        acceptance: acceptance(claims, client.standing, true),
    }
}
