//! The checked-in description of the API is the generated one.

use std::path::Path;

#[test]
fn the_checked_in_document_is_the_generated_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let checked_in = std::fs::read_to_string(&file).unwrap_or_default();
    let same = checked_in == countersign_api::openapi_json();
    assert!(
        same,
        "docs/openapi.json is not what the endpoints generate: run script/generate and commit the result"
    );
}

#[test]
fn every_operation_says_what_it_answers() {
    let document = serde_json::to_value(countersign_api::openapi()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            let good = responses.keys().any(|status| status.starts_with('2'));
            assert!(good, "{method} {path} has no good answer");
            if path.starts_with("/api/") {
                for status in ["401", "403", "404", "413", "422", "429", "503"] {
                    let reference = responses[status]["$ref"].as_str().unwrap();
                    let described = document.pointer(&reference[1..]).unwrap();
                    let content = &described["content"]["application/problem+json"];
                    assert_eq!(
                        content["schema"]["$ref"], "#/components/schemas/Problem",
                        "{method} {path} {status}"
                    );
                    assert!(described["headers"]["RateLimit"].is_object(), "{status}");
                }
            }
        }
    }
}

/// A document whose references lead nowhere is of no use to a generator.
#[test]
fn every_reference_leads_somewhere() {
    let document = serde_json::to_value(countersign_api::openapi()).unwrap();
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}
