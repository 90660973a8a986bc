//! Importing many cases at once, as JSON Lines (R4).

use axum::{
    Json,
    body::Body,
    extract::{Request, State},
    http::StatusCode,
};
use countersign_app::{ImportError, ImportLine, Imported, LineError};
use futures_util::StreamExt;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    body::{self, content_type},
    caller::Caller,
    cases::NewCase,
    json,
    problem::{FieldError, Problem},
    replies::ChangingByBody,
    router::Served,
};

/// How many lines an import may have.
const LINES: usize = 10_000;
/// How much an import may be, in bytes.
pub(crate) const LIMIT: usize = 8 * 1024 * 1024;
/// How many errors are told: enough for a wrong field in each line.
const ERRORS: usize = 10_000;
/// What JSON Lines are called.
const TYPES: [&str; 3] = [
    "application/jsonl",
    "application/x-ndjson",
    "application/x-jsonlines",
];

/// What an import came to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportedCases {
    /// How many cases it opened.
    opened: usize,
    /// How many were there already, and were left as they are.
    there: usize,
}

impl From<Imported> for ImportedCases {
    fn from(Imported { opened, there }: Imported) -> Self {
        Self { opened, there }
    }
}

/// Import cases
///
/// Each line is a case as in opening one, with its number and its opener: up to 10,000 lines and 8 MiB.
/// What is wrong with any line refuses all of them, and every error is told with its line. A case that
/// is there already, of the same org, with the same title and opener, is left as it is; so an import
/// that was cut off is simply repeated. For operators.
#[utoipa::path(
    post, path = "/api/v1/cases/import", tag = "cases",
    request_body(content = String, content_type = "application/jsonl", description = "One JSON object in each line", example = "{\"org\":\"acme\",\"number\":\"00012345\",\"subject\":\"Invoices cannot be exported\",\"opened_by\":{\"admin\":\"dana@acme.test\"},\"team\":[\"sam@vendor.test\"]}\n"),
    responses((status = 200, description = "What it came to", body = ImportedCases), ChangingByBody),
)]
pub(crate) async fn import_cases(
    State(served): State<Served>,
    Caller(actor): Caller,
    request: Request,
) -> Result<Json<ImportedCases>, Problem> {
    served.app.may_import(actor)?;
    let (head, body) = request.into_parts();
    if content_type(&head.headers).is_none_or(|essence| !TYPES.contains(&essence.as_str())) {
        return Err(unsupported());
    }
    let lines = Lines::read(body).await?;
    match served.app.import_cases(actor, &lines).await {
        Ok(imported) => Ok(Json(imported.into())),
        Err(ImportError::Wrong(wrong)) => Err(refused(wrong.into_iter().map(in_line).collect())),
        Err(ImportError::Stopped {
            line,
            refusal,
            done,
        }) => Err(stopped(line, &refusal.into(), done)),
        Err(ImportError::Failed { failure, done }) => Err(failed(failure.into(), done)),
    }
}

fn in_line((line, error): (usize, LineError)) -> FieldError {
    match error {
        LineError::NumberOfLine(earlier) => {
            FieldError::new("number", format!("is the number of line {earlier} as well"))
                .in_line(line)
        }
        LineError::Refused(refusal) => {
            let problem = Problem::from(refusal);
            let detail = problem.detail().to_owned();
            let mut errors = problem.into_errors();
            errors
                .pop()
                .unwrap_or_else(|| FieldError::new(".", detail))
                .in_line(line)
        }
    }
}

/// Lines as they come in: what was read is parsed and let go.
#[derive(Default)]
struct Lines {
    /// The beginning of a line whose end has not come yet.
    rest: Vec<u8>,
    line: usize,
    good: Vec<ImportLine>,
    wrong: Vec<FieldError>,
}

impl Lines {
    async fn read(body: Body) -> Result<Vec<ImportLine>, Problem> {
        let mut lines = Self::default();
        let mut size = 0;
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| cut_off())?;
            size += chunk.len();
            if size > LIMIT {
                return Err(body::too_large(LIMIT));
            }
            lines.take(&chunk)?;
        }
        lines.end()
    }

    fn take(&mut self, chunk: &[u8]) -> Result<(), Problem> {
        let mut pieces = chunk.split(|byte| *byte == b'\n');
        let last = pieces.next_back().unwrap_or_default();
        for piece in pieces {
            self.rest.extend_from_slice(piece);
            let line = std::mem::take(&mut self.rest);
            self.line(&line)?;
        }
        self.rest.extend_from_slice(last);
        Ok(())
    }

    fn end(mut self) -> Result<Vec<ImportLine>, Problem> {
        let last = std::mem::take(&mut self.rest);
        if !last.is_empty() {
            self.line(&last)?;
        }
        if self.line == 0 {
            return Err(json::malformed(
                "This call needs a case in each line, and there is none: see /openapi.json.",
            ));
        }
        if self.wrong.is_empty() {
            Ok(self.good)
        } else {
            Err(refused(self.wrong))
        }
    }

    fn line(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.line += 1;
        if self.line > LINES {
            return Err(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_many_lines",
                "The import has too many lines",
                "An import has at most 10,000 lines, and nothing has been imported: send it in several parts.",
            ));
        }
        let line = self.line;
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        match case(bytes) {
            Ok(case) => self.good.push(ImportLine { line, case }),
            Err(problem) => {
                let detail = problem.detail().to_owned();
                let mut errors = problem.into_errors();
                if errors.is_empty() {
                    errors.push(FieldError::new(".", detail));
                }
                let room = ERRORS.saturating_sub(self.wrong.len());
                let errors = errors.into_iter().take(room);
                self.wrong.extend(errors.map(|error| error.in_line(line)));
            }
        }
        Ok(())
    }
}

fn case(bytes: &[u8]) -> Result<countersign_app::OpenCase, Problem> {
    if bytes.len() > body::LIMIT {
        return Err(body::too_large(body::LIMIT));
    }
    let new: NewCase = body::typed(json::parse(bytes)?)?;
    let case = new.parse()?;
    let missing = |field| {
        let errors = vec![FieldError::new(field, "is missing")];
        Err(Problem::fields("missing_field", errors))
    };
    if case.number.is_none() {
        return missing("number");
    }
    if case.opened_by.is_none() {
        return missing("opened_by");
    }
    Ok(case)
}

fn refused(mut errors: Vec<FieldError>) -> Problem {
    let more = errors.len() >= ERRORS;
    errors.truncate(ERRORS);
    let lines: std::collections::BTreeSet<_> = errors.iter().map(|error| error.line).collect();
    let rest = if more {
        " There are more errors than are told."
    } else {
        ""
    };
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_lines",
        "Lines are not as they must be",
        &format!(
            "Something is wrong in {} of the lines, and nothing has been imported: correct them and send the whole import again.{rest}",
            lines.len()
        ),
    )
    .with_errors(errors)
}

fn stopped(line: usize, why: &Problem, done: Imported) -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "import_stopped",
        "The import stopped",
        &format!(
            "Something changed while the cases were imported, and line {line} was refused: {} The lines before it are done ({} opened, {} there already): correct it and send the whole import again, which leaves alone what is there.",
            why.detail(),
            done.opened,
            done.there
        ),
    )
}

/// What a failure says of a call is not to be said of the cases that were opened before it.
fn failed(why: Problem, done: Imported) -> Problem {
    if done == Imported::default() {
        return why;
    }
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "outcome_unknown",
        "The import stopped",
        &format!(
            "The store failed in the middle of the import. At least {} lines are done ({} opened, {} there already), and the next ones may be: send the whole import again, which leaves alone what is there.",
            done.opened + done.there,
            done.opened,
            done.there
        ),
    )
}

fn unsupported() -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "Not JSON Lines",
        "This call takes JSON Lines only: send \"Content-Type: application/jsonl\".",
    )
}

fn cut_off() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "body_cut_off",
        "The body broke off",
        "The body broke off before its end, and nothing has been imported: send it again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(chunks: &[&str]) -> Result<Vec<usize>, Vec<(usize, String)>> {
        let mut lines = Lines::default();
        let read = chunks
            .iter()
            .try_for_each(|chunk| lines.take(chunk.as_bytes()))
            .and_then(|()| lines.end());
        match read {
            Ok(good) => Ok(good.iter().map(|line| line.line).collect()),
            Err(problem) => Err(problem
                .into_errors()
                .into_iter()
                .map(|error| (error.line.unwrap_or_default(), error.field))
                .collect()),
        }
    }

    #[test]
    fn lines_are_found_however_they_are_cut() {
        let line = r#"{"org":"acme","number":"1","subject":"x","opened_by":{"agent":"s@v.test"}}"#;
        let two = format!("{line}\n{line}");
        for end in ["", "\n", "\r\n"] {
            let text = format!("{two}{end}");
            assert_eq!(lines(&[&text]), Ok(vec![1, 2]));
            for at in 0..text.len() {
                let (a, b) = text.split_at(at);
                assert_eq!(lines(&[a, b]), Ok(vec![1, 2]), "{at}");
            }
        }
    }

    #[test]
    fn every_error_is_told_with_its_line() {
        let text = "{\"org\":\"A\",\"subject\":\"\",\"number\":\"a b\"}\n\n[]\n{\n{\"org\":\"acme\",\"subject\":\"x\"}\n";
        let told = lines(&[text]).expect_err("lines are wrong");
        let told: Vec<(usize, &str)> = told.iter().map(|(l, f)| (*l, f.as_str())).collect();
        assert_eq!(
            told,
            [
                (1, "org"),
                (1, "number"),
                (1, "subject"),
                (2, "."),
                (3, "."),
                (4, "."),
                (5, "number"),
            ]
        );
    }

    #[test]
    fn there_are_bounds_on_lines_and_on_what_is_told() {
        let text = "x\n".repeat(LINES);
        assert_eq!(lines(&[&text]).expect_err("wrong").len(), ERRORS);
        let mut many = Lines::default();
        let over = many.take("x\n".repeat(LINES + 1).as_bytes());
        let over = serde_json::to_value(over.expect_err("too many")).unwrap();
        assert_eq!(over["code"], "too_many_lines");
        let long = format!("{{\"org\":\"{}\"}}", "x".repeat(body::LIMIT));
        assert_eq!(lines(&[&long]), Err(vec![(1, ".".to_owned())]));
    }
}
