//! What a caller may say about which part of a history is wanted, as the description has it.

use std::collections::BTreeSet;

use countersign_entries::KINDS;
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema, Type},
};

use crate::texts::{CaseNumberText, EmailText, SessionIdText};

/// Of which case.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)]
pub(crate) struct OfCase {
    /// Only what is about the case of this number.
    #[param(value_type = Option<CaseNumberText>)]
    case: Option<String>,
}

/// Which rows.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)]
pub(crate) struct Filters {
    /// Only what this agent did, or what was done about their access, their sessions and their place on
    /// teams; by address.
    #[param(value_type = Option<EmailText>)]
    agent: Option<String>,
    /// Only what is about or under this session.
    #[param(value_type = Option<SessionIdText>)]
    session: Option<String>,
    /// Only these kinds, or areas such as `access`, separated by commas.
    #[param(value_type = Option<Kinds>, style = Form, explode = false, example = json!(["request", "request.refused"]))]
    kind: Option<String>,
    /// Only requests of this sort: `pages`, which read and were for a page of its own, as far as the
    /// browser's own words are to be believed; `declared`, which could change something and passed because
    /// the vendor declares them harmless; or `attempts`, which are those and what was refused.
    requests: Option<RequestsText>,
    /// Only what has words that begin so, or in quotation marks exactly so: in the paths that were
    /// looked at, and in reasons, titles and names; or, when it begins with `/`, paths that begin so.
    /// At most 8 words.
    q: Option<String>,
    /// Only what was recorded then or later.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Only what was recorded before.
    #[param(format = DateTime)]
    to: Option<String>,
}

/// Which page of them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)]
pub(crate) struct Page {
    /// `newest` first, as when left out, or `oldest` first.
    order: Option<OrderText>,
    /// At most this many; 100 when left out.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
    /// The cursor of an earlier answer.
    #[param(maximum = 18446744073709551615u64)]
    after: Option<u64>,
}

/// What the file looks like.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)]
pub(crate) struct FileFormat {
    /// `jsonl`, as when left out, or `csv`.
    format: Option<FormatText>,
}

/// A sort of requests.
#[derive(ToSchema)]
#[schema(as = RequestSort, rename_all = "lowercase")]
#[allow(dead_code)]
pub(crate) enum RequestsText {
    Pages,
    Declared,
    Attempts,
}

/// Which end of a history comes first.
#[derive(ToSchema)]
#[schema(as = HistoryOrder, rename_all = "lowercase")]
#[allow(dead_code)]
pub(crate) enum OrderText {
    Newest,
    Oldest,
}

/// What a file of a history looks like.
#[derive(ToSchema)]
#[schema(as = ExportFormat, rename_all = "lowercase")]
#[allow(dead_code)]
pub(crate) enum FormatText {
    Jsonl,
    Csv,
}

/// Kinds of entries and areas of kinds.
pub(crate) struct Kinds;

impl PartialSchema for Kinds {
    fn schema() -> RefOr<Schema> {
        let areas = KINDS.iter().filter_map(|kind| kind.split_once('.'));
        let names: BTreeSet<&str> = KINDS
            .into_iter()
            .chain(areas.map(|(area, _)| area))
            .collect();
        let one = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(names));
        ArrayBuilder::new().items(one).min_items(Some(1)).into()
    }
}

impl ToSchema for Kinds {}
