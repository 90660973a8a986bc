//! Printing for people and for programs.

use std::process::ExitCode;

use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};
use countersign_app::Failure;
use countersign_domain::{Refusal, Slug};
use countersign_web::refusals;
use serde_json::{Value, json};

use super::route_file::RouteFileError;
use crate::config::ConfigError;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    /// A use case refused or failed.
    #[error(transparent)]
    Use(#[from] Failure),
    /// A setting cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A file of route rules cannot be used.
    #[error(transparent)]
    Routes(#[from] RouteFileError),
    /// An org has that short name already.
    #[error(
        "org {slug} exists already: \"{name}\", so nothing was made. To work on it, use --org {slug}; to make another, choose \
         another short name; \"countersign org list\" shows every org."
    )]
    SlugTaken {
        /// The short name.
        slug: Slug,
        /// The name of the org that has it.
        name: String,
    },
    /// Anything else, in words.
    #[error("{0}")]
    Other(String),
}

impl Failed {
    pub(crate) fn other(error: impl std::fmt::Display) -> Self {
        Self::Other(error.to_string())
    }

    fn code(&self) -> &str {
        match self {
            Self::Use(Failure::Refused(refusal)) => refusal.code(),
            Self::Use(Failure::Busy) => "busy",
            Self::Use(Failure::Kept) => "already_done",
            Self::Use(Failure::Unavailable(_)) => "unavailable",
            Self::Use(Failure::EffectUnknown(_)) => "effect_unknown",
            Self::Use(Failure::OutcomeUnknown { .. }) => "outcome_unknown",
            Self::SlugTaken { .. } => Refusal::SlugTaken.code(),
            Self::Config(_) => "bad_setting",
            Self::Routes(_) => "bad_routes",
            Self::Other(_) => "failed",
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::Use(Failure::Refused(refusal)) => refusals::sentence(refusal),
            Self::Use(Failure::OutcomeUnknown { takes_away, why }) => {
                outcome_unknown(*takes_away, why)
            }
            other => other.to_string(),
        }
    }
}

/// What to do when it is not known whether a command did what it was for.
fn outcome_unknown(takes_away: bool, why: &str) -> String {
    if takes_away {
        format!(
            "Access may not have ended yet: the database was lost while it was being taken away ({why}). Run the command again \
             until it says that it is done, which it does when access has ended everywhere; repeating is safe."
        )
    } else {
        format!(
            "It is not known whether this was done: the database was lost meanwhile ({why}). Look whether it is there, and run the \
             command again if not. Repeating does no harm, but may make a second token or sign-in link: revoke what you \
             do not know."
        )
    }
}

/// Where results go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) const fn new(json: bool) -> Self {
        Self { json }
    }

    pub(crate) const fn is_json(self) -> bool {
        self.json
    }

    /// One result: an object for programs, a line per fact for people.
    pub(crate) fn object(self, value: &Value) {
        if self.json {
            return println!("{value}");
        }
        for (name, value) in value.as_object().into_iter().flatten() {
            println!("{:<12} {}", name.replace('_', " "), plain(value));
        }
    }

    /// What was made for a customer, and whether it waits until the customer accepts it (R3).
    pub(crate) fn waiting(self, mut value: Value, waits: bool) {
        if self.json
            && let Value::Object(fields) = &mut value
        {
            fields.insert("awaits_acceptance".to_owned(), waits.into());
        }
        self.object(&value);
        if waits && !self.json {
            println!(
                "\nThis org is claimed: it grants, extends and approves nothing until one of the org's super admins\n\
                 accepts it, on Settings > Account."
            );
        }
    }

    /// A sentence for people, after a result that says the same to programs.
    pub(crate) fn note(self, words: &str) {
        if !self.json {
            println!("\n{words}");
        }
    }

    /// One result that people are told in a sentence.
    pub(crate) fn said(self, value: &Value, words: &str) {
        if self.json {
            println!("{value}");
        } else {
            println!("{words}");
        }
    }

    /// A list: `{items: […]}` for programs, a table for people.
    pub(crate) fn list(self, columns: &[&str], items: &[Value]) {
        if self.json {
            return println!("{}", json!({ "items": items }));
        }
        if items.is_empty() {
            return println!("There is nothing to list yet.");
        }
        let mut table = Table::new();
        table
            .load_style(UTF8_HORIZONTAL_ONLY)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_header(columns.iter().map(|name| name.replace('_', " ")));
        for item in items {
            table.add_row(columns.iter().map(|name| plain(&item[*name])));
        }
        println!("{table}");
    }

    /// A failure: on standard error for people, an object with `error` for programs.
    pub(crate) fn failed(self, failed: &Failed) -> ExitCode {
        if self.json {
            println!(
                "{}",
                json!({"error": {"code": failed.code(), "message": failed.sentence()}})
            );
        } else {
            eprintln!("countersign: {}", failed.sentence());
        }
        ExitCode::from(1)
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(items) if items.is_empty() => "–".to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
