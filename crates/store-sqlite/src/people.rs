//! People as a directory that provisions them lists them.

use countersign_domain::{Person, Role, Timestamp};
use countersign_store::{ListedPerson, PeopleOf, PeoplePage, PeopleQuery, Which};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::{
    fault::{Fault, count, limit},
    marks::Marks,
    snapshots,
};

/// A page of people.
pub(crate) async fn page(
    connection: &mut SqliteConnection,
    query: &PeopleQuery,
) -> Result<PeoplePage, Fault> {
    let total: i64 = counted(query)?
        .build_query_scalar()
        .fetch_one(&mut *connection)
        .await?;
    let rows: Vec<(String, i64, i64, String)> = listed(query)?
        .build_query_as()
        .fetch_all(&mut *connection)
        .await?;
    let people = rows
        .iter()
        .map(|(id, created, changed, _)| {
            Ok(ListedPerson {
                person: match query.of {
                    PeopleOf::Org(_) => Person::Admin(id.parse()?),
                    PeopleOf::Vendor => Person::Agent(id.parse()?),
                },
                created_at: Timestamp::from_millis(*created),
                changed_at: Timestamp::from_millis(*changed),
            })
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    let kind = match query.of {
        PeopleOf::Org(_) => 1,
        PeopleOf::Vendor => 2,
    };
    let docs = rows.into_iter().map(|(.., doc)| (kind, doc)).collect();
    let parts = snapshots::parse(docs)?;
    let state = snapshots::close(connection, parts).await?;
    let barrier = Marks::read(connection).await?.barrier;
    Ok(PeoplePage {
        state,
        people,
        total: usize::try_from(count(total)?).unwrap_or(usize::MAX),
        barrier,
    })
}

fn counted(query: &PeopleQuery) -> Result<QueryBuilder<Sqlite>, Fault> {
    let mut sql = QueryBuilder::new("SELECT count(*)");
    choose(&mut sql, query)?;
    Ok(sql)
}

/// The first event of somebody's stream made them; those of their area changed them.
fn listed(query: &PeopleQuery) -> Result<QueryBuilder<Sqlite>, Fault> {
    let mut sql = QueryBuilder::new(
        "SELECT id,
                (SELECT min(at) FROM events WHERE stream = people.id AND version = 1),
                (SELECT max(at) FROM events
                 WHERE stream = people.id AND (type GLOB 'admin.*' OR type GLOB 'agent.*')),
                doc",
    );
    choose(&mut sql, query)?;
    if let Some(after) = &query.after {
        sql.push(" AND email > ").push_bind(after.to_string());
    }
    sql.push(" ORDER BY email LIMIT ")
        .push_bind(limit(query.limit))
        .push(" OFFSET ")
        .push_bind(limit(query.skip));
    Ok(sql)
}

fn choose(sql: &mut QueryBuilder<Sqlite>, query: &PeopleQuery) -> Result<(), Fault> {
    match query.of {
        PeopleOf::Org(org) => {
            sql.push(" FROM admins AS people WHERE email <> id AND org = ")
                .push_bind(org.to_string());
        }
        PeopleOf::Vendor => _ = sql.push(" FROM agents AS people WHERE email <> id"),
    }
    match &query.which {
        Which::All => {}
        Which::One(Person::Admin(id)) => _ = sql.push(" AND id = ").push_bind(id.to_string()),
        Which::One(Person::Agent(id)) => _ = sql.push(" AND id = ").push_bind(id.to_string()),
        Which::Email(email) => _ = sql.push(" AND email = ").push_bind(email.to_string()),
        Which::External(id) => {
            sql.push(" AND external_id = ").push_bind(id.to_string());
        }
        Which::Role(role) => {
            sql.push(" AND json_extract(doc, '$.role') = ")
                .push_bind(role_name(*role)?);
        }
    }
    Ok(())
}

/// A role as the domain's own document has it.
fn role_name(role: Role) -> Result<String, Fault> {
    match serde_json::to_value(role)? {
        serde_json::Value::String(name) => Ok(name),
        other => Err(Fault::Damaged(format!("{other} is not a name"))),
    }
}
