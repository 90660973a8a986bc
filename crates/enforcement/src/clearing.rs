//! Leaving nothing of an ended session in the browser.

use std::collections::BTreeSet;

use http::{HeaderMap, HeaderValue, header, request::Parts};

use crate::credentials::{BROWSER_COOKIE, SESSION_COOKIE, cookies, is_reserved_cookie};

/// More headers than this some browsers and proxies would not take.
const MOST: usize = 100;
/// How deep a path is looked into.
const DEEPEST: usize = 12;

/// How much goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clear {
    /// Whatever the browser sent, and storage.
    Everything,
    /// The same, but for the session's own cookie.
    ButTheSession,
}

/// Tells the browser to forget. Cookies go by name: clearing them all would reach the sessions
/// next door.
pub(crate) fn clear(headers: &mut HeaderMap, asked: &Parts, how: Clear) {
    headers.insert(
        "clear-site-data",
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    let names: BTreeSet<&str> = cookies(&asked.headers).map(|(name, _)| name).collect();
    let ours = [SESSION_COOKIE, BROWSER_COOKIE]
        .into_iter()
        .filter(|name| *name != SESSION_COOKIE || how == Clear::Everything)
        .map(|name| expired(name, "/"));
    // A cookie goes only where it was set. What came with this request was set for its path or one
    // above, with or without a slash at the end.
    let paths = paths_above(asked.uri.path());
    let theirs = names
        .into_iter()
        .filter(|name| !is_reserved_cookie(name))
        .flat_map(|name| paths.iter().map(move |path| expired(name, path)));
    for text in ours.chain(theirs).take(MOST) {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.append(header::SET_COOKIE, value);
        }
    }
}

fn expired(name: &str, path: &str) -> String {
    format!("{name}=; Path={path}; Max-Age=0; Secure")
}

/// `/`, `/a`, `/a/`, `/a/b` for `/a/b`.
fn paths_above(path: &str) -> Vec<String> {
    let mut paths = vec!["/".to_owned()];
    // A path that could end the attribute is none that a cookie has.
    if !path.starts_with('/') || path.contains([';', ',']) {
        return paths;
    }
    let ends = path.match_indices('/').map(|(at, _)| at).skip(1);
    for at in ends.take(DEEPEST) {
        if let (Some(without), Some(with)) = (path.get(..at), path.get(..=at)) {
            paths.extend([without.to_owned(), with.to_owned()]);
        }
    }
    if path.len() > 1 && !path.ends_with('/') {
        paths.push(path.to_owned());
    }
    paths
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn cleared(path: &str, cookie: &'static str, how: Clear) -> Vec<String> {
        let request = Request::builder().uri(path).header("cookie", cookie);
        let (asked, ()) = request.body(()).unwrap().into_parts();
        let mut headers = HeaderMap::new();
        clear(&mut headers, &asked, how);
        assert_eq!(headers["clear-site-data"], "\"cache\", \"storage\"");
        let cookies = headers.get_all(header::SET_COOKIE).iter();
        cookies.map(|v| v.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn cookies_expire_by_name_at_every_path_they_may_have() {
        let all = cleared(
            "/a/b?c=/d/",
            "theme=x; theme=y; __Host-countersign-session=s",
            Clear::Everything,
        );
        let mut expected = vec![
            "__Host-countersign-session=; Path=/; Max-Age=0; Secure".to_owned(),
            "__Host-countersign-browser=; Path=/; Max-Age=0; Secure".to_owned(),
        ];
        for path in ["/", "/a", "/a/", "/a/b"] {
            expected.push(format!("theme=; Path={path}; Max-Age=0; Secure"));
        }
        assert_eq!(all, expected);
        let kept = cleared("/", "__Host-countersign-session=s", Clear::ButTheSession);
        assert_eq!(
            kept,
            ["__Host-countersign-browser=; Path=/; Max-Age=0; Secure"]
        );
    }

    #[test]
    fn a_strange_path_or_a_flood_of_cookies_is_bounded() {
        assert_eq!(paths_above("*"), ["/"]);
        assert_eq!(paths_above("/a;Domain=x/"), ["/"]);
        assert!(paths_above(&"/a".repeat(500)).len() <= 2 * DEEPEST + 2);
    }
}
