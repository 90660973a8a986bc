//! JSON that two readers cannot read differently: no object names a field twice.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::problem::{FieldError, Problem};
use axum::http::StatusCode;

/// Reads a JSON document.
///
/// # Errors
/// 400 when it is no JSON, 422 when an object in it names a field twice.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| malformed("The body is not UTF-8: send JSON encoded as UTF-8."))?;
    let doubled = Cell::new(None);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = Once { doubled: &doubled };
    let parsed = seed
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    parsed.map_err(|error| match doubled.take() {
        Some(key) => Problem::fields(
            "duplicate_field",
            vec![FieldError::new(key, "is there twice")],
        ),
        None => malformed(&format!(
            "The body cannot be read as JSON ({error}): correct it and try again."
        )),
    })
}

pub(crate) fn malformed(detail: &str) -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "malformed_json",
        "The body is no JSON",
        detail,
    )
}

/// Builds a value and stops at the first key that an object already has.
#[derive(Clone, Copy)]
struct Once<'a> {
    doubled: &'a Cell<Option<String>>,
}

impl<'de> DeserializeSeed<'de> for Once<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        /// Beyond it a float no longer tells one whole number from the next.
        const WHOLE: f64 = 9_007_199_254_740_992.0;
        // To JSON Schema 60.0 is an integer as 60 is.
        if value.fract() == 0.0 && value.abs() < WHOLE {
            #[allow(clippy::cast_possible_truncation)] // It is whole, and not that large.
            return Ok((value as i64).into());
        }
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = vec![];
        while let Some(item) = items.next_element_seed(self)? {
            array.push(item);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            if object.contains_key(&key) {
                self.doubled.set(Some(key));
                return Err(A::Error::custom("a field is there twice"));
            }
            let value = fields.next_value_seed(self)?;
            object.insert(key, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_is_read_as_it_stands() {
        let text = r#"{"a": [1, -2, 0.5, true, null, "ü"], "b": {"a": {}}}"#;
        assert_eq!(
            parse(text.as_bytes()).ok(),
            Some(json!({"a": [1, -2, 0.5, true, null, "ü"], "b": {"a": {}}}))
        );
    }

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        for (text, value) in [
            ("60.0", json!(60)),
            ("6e1", json!(60)),
            ("-0.0", json!(0)),
            ("60.5", json!(60.5)),
            ("1e300", json!(1e300)),
        ] {
            assert_eq!(parse(text.as_bytes()).ok(), Some(value), "{text}");
        }
    }

    #[test]
    fn a_field_named_twice_is_refused_at_any_depth() {
        for text in [r#"{"a": 1, "a": 1}"#, r#"{"b": [{"a": 1, "\u0061": 2}]}"#] {
            let problem = parse(text.as_bytes()).expect_err(text);
            let problem = serde_json::to_value(problem).expect("it serializes");
            assert_eq!(problem["status"], 422);
            assert_eq!(problem["errors"][0]["field"], "a");
        }
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        let deep = "[".repeat(100_000);
        for text in ["", "{", "{} {}", "nul", "{'a': 1}", "1e999", &deep] {
            let problem = parse(text.as_bytes()).expect_err(text);
            let problem = serde_json::to_value(problem).expect("it serializes");
            assert_eq!(problem["status"], 400, "{text}");
        }
        assert!(parse(b"\"\xff\"").is_err());
    }
}
