//! Rows as values.

use tokio_postgres::{Row, types::FromSqlOwned};

use crate::{
    connection::{Bound, Connection},
    fault::Fault,
    sql::Sql,
};

/// What a row reads as.
pub(crate) trait Columns: Sized {
    fn of(row: &Row) -> Result<Self, Fault>;
}

macro_rules! tuple_of_columns {
    ($($name:ident: $place:literal),*) => {
        impl<$($name: FromSqlOwned),*> Columns for ($($name,)*) {
            fn of(row: &Row) -> Result<Self, Fault> {
                Ok(($(row.try_get::<_, $name>($place)?,)*))
            }
        }
    };
}

tuple_of_columns!(A: 0);
tuple_of_columns!(A: 0, B: 1);
tuple_of_columns!(A: 0, B: 1, C: 2);
tuple_of_columns!(A: 0, B: 1, C: 2, D: 3);
tuple_of_columns!(A: 0, B: 1, C: 2, D: 3, E: 4);
tuple_of_columns!(A: 0, B: 1, C: 2, D: 3, E: 4, F: 5);
tuple_of_columns!(A: 0, B: 1, C: 2, D: 3, E: 4, F: 5, G: 6);
tuple_of_columns!(A: 0, B: 1, C: 2, D: 3, E: 4, F: 5, G: 6, H: 7);
tuple_of_columns!(A: 0, B: 1, C: 2, D: 3, E: 4, F: 5, G: 6, H: 7, I: 8);

impl Connection {
    pub(crate) async fn all<T: Columns>(
        &self,
        sql: &str,
        bound: Bound<'_>,
    ) -> Result<Vec<T>, Fault> {
        self.rows(sql, bound).await?.iter().map(T::of).collect()
    }

    pub(crate) async fn one<T: Columns>(&self, sql: &str, bound: Bound<'_>) -> Result<T, Fault> {
        T::of(&self.row(sql, bound).await?)
    }

    pub(crate) async fn any<T: Columns>(
        &self,
        sql: &str,
        bound: Bound<'_>,
    ) -> Result<Option<T>, Fault> {
        let row = self.row_if_any(sql, bound).await?;
        row.as_ref().map(T::of).transpose()
    }

    pub(crate) async fn all_of<T: Columns>(&self, sql: &Sql) -> Result<Vec<T>, Fault> {
        self.all(sql.text(), &sql.bound()).await
    }

    /// The one column of each row.
    pub(crate) async fn values<T: FromSqlOwned>(
        &self,
        sql: &str,
        bound: Bound<'_>,
    ) -> Result<Vec<T>, Fault> {
        let rows: Vec<(T,)> = self.all(sql, bound).await?;
        Ok(rows.into_iter().map(|(value,)| value).collect())
    }

    pub(crate) async fn value<T: FromSqlOwned>(
        &self,
        sql: &str,
        bound: Bound<'_>,
    ) -> Result<T, Fault> {
        let (value,) = self.one(sql, bound).await?;
        Ok(value)
    }

    pub(crate) async fn value_if_any<T: FromSqlOwned>(
        &self,
        sql: &str,
        bound: Bound<'_>,
    ) -> Result<Option<T>, Fault> {
        let row: Option<(T,)> = self.any(sql, bound).await?;
        Ok(row.map(|(value,)| value))
    }
}
