//! What a search found, as a file.
//!
//! What such a file looks like is the API's; the binary hands its maker in.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use axum::{Extension, extract::Query, http::StatusCode, response::Response};
use countersign_app::{App, Failure, HistoryAsk};
use countersign_domain::{Actor, Slug};

use crate::{
    Console,
    history_typed::Typed,
    reader::Reader,
    refuse::{Halt, Told},
};

/// What a file looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// For a spreadsheet.
    Csv,
    /// For checking.
    JsonLines,
}

type Made = Pin<Box<dyn Future<Output = Result<Response, Failure>> + Send>>;

/// What makes a file of an org's history, as much of it as the actor may see.
#[derive(Clone)]
pub struct HistoryFiles(
    Arc<dyn Fn(App, Actor, Slug, HistoryAsk, FileFormat) -> Made + Send + Sync>,
);

impl fmt::Debug for HistoryFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HistoryFiles")
    }
}

impl HistoryFiles {
    /// Files made by `make`.
    pub fn new<F>(
        make: impl Fn(App, Actor, Slug, HistoryAsk, FileFormat) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Response, Failure>> + Send + 'static,
    {
        Self(Arc::new(move |app, actor, org, ask, format| {
            Box::pin(make(app, actor, org, ask, format))
        }))
    }
}

/// The file.
pub(crate) async fn export(
    console: Console,
    reader: Reader,
    files: Option<Extension<HistoryFiles>>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    reader.admin()?;
    let Some(Extension(files)) = files else {
        return Err(reader.tell(&Told::no_page()));
    };
    let fail = |failure: Failure| reader.fail(&failure);
    let typed = Typed::of(&query);
    let unreadable = || reader.tell(&Told::unreadable_form(StatusCode::UNPROCESSABLE_ENTITY));
    let format = match typed.text("format") {
        "csv" => FileFormat::Csv,
        "jsonl" => FileFormat::JsonLines,
        _ => return Err(unreadable()),
    };
    let asked = typed.ask(&reader).map_err(|_| unreadable())?;
    let own = console.app.own_org_alone(reader.actor()).await;
    let org = own.map_err(fail)?.org.slug;
    let file = (files.0)(console.app.clone(), reader.actor(), org, asked.ask, format).await;
    file.map_err(fail)
}
