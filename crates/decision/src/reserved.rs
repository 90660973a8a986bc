//! The path that the gateway keeps for itself on a session's origin.

use crate::path::decoded;

const RESERVED: &str = ".countersign";

/// Whether a path belongs to the gateway, however it is spelled: a product must not be able to
/// answer under a spelling that some browser takes for ours.
#[must_use]
pub fn is_reserved(path: &str) -> bool {
    let name = path.split(['&', '=']).next().unwrap_or_default();
    let plain = String::from_utf8_lossy(&decoded(name))
        .replace('\\', "/")
        .to_ascii_lowercase();
    plain
        .trim_start_matches('/')
        .strip_prefix(RESERVED)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ';']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserved_path_is_known_in_every_spelling() {
        for path in [
            "/.countersign",
            "/.countersign/",
            "/.countersign/open",
            "/%2ecountersign/x",
            "/.Countersign/x",
            "/.counter%73ign/x",
            "//.countersign/x",
            "/.countersign%2fx",
            "/.countersign\\x",
            "/.countersign;a/x",
        ] {
            assert!(is_reserved(path), "{path}");
        }
        for path in [
            "/",
            "/countersign/",
            "/.countersigned",
            "/a/.countersign/x",
            "*",
        ] {
            assert!(!is_reserved(path), "{path}");
        }
    }
}
