//! The banner goes into the pages of tabs, and nothing else is any different for it.

use bytes::Bytes;

use crate::{
    bodies::search_at,
    entering::{entered, visit},
    product::Reply,
    scene::{Scene, Session},
    wire,
};

const PAGE: &str =
    "<!doctype html><html><head><title>A</title></head><body class=a><p>hello</p></body></html>";
const DOCUMENT: [&str; 3] = [
    "Sec-Fetch-Site: none",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-Dest: document",
];

fn serves(scene: &Scene, path: &str, headers: &[(&'static str, &str)], body: &[u8]) {
    let mut all = vec![];
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        all.push(("content-type", "text/html; charset=utf-8".to_owned()));
    }
    all.extend(headers.iter().map(|(n, v)| (*n, (*v).to_owned())));
    let reply = Reply::Plain(200, all, Bytes::copy_from_slice(body));
    scene.product.answers(path, reply);
}

async fn page(scene: &Scene, session: &Session, path: &str, more: &[&str]) -> wire::Reply {
    let cookie = entered(scene, session).await;
    let lines = [&[cookie.as_str()], DOCUMENT.as_slice(), more].concat();
    visit(scene, session, path, &lines).await
}

/// The page without our element.
fn product_part(html: &str) -> String {
    let (before, rest) = html.split_once("<countersign-banner>").expect("a banner");
    let (_, after) = rest.split_once("</countersign-banner>").unwrap();
    assert!(!after.contains("countersign-banner"), "one banner: {html}");
    format!("{before}{after}")
}

#[tokio::test]
async fn a_page_gets_the_banner_and_is_otherwise_the_products() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    serves(
        &scene,
        "/a",
        &[
            ("etag", "\"a\""),
            ("last-modified", "Wed, 01 Jan 2025 00:00:00 GMT"),
            ("accept-ranges", "bytes"),
            ("content-security-policy", "default-src 'none'"),
        ],
        PAGE.as_bytes(),
    );
    let reply = page(&scene, &session, "/a", &[]).await;
    let html = reply.text();
    assert_eq!(product_part(&html), PAGE);
    assert!(html.contains("<body class=a><countersign-banner>"));
    for expected in [
        "<bdi>Acme Inc</bdi>",
        "<bdi>00012345</bdi> <bdi>Invoices are wrong</bdi>",
        "<bdi>Dana</bdi>",
        " UTC</time>",
        "data-case=\"http://localhost:8080/cases/00012345\"",
    ] {
        assert!(html.contains(expected), "{expected} in {html}");
    }
    // Whatever the page's <base> says, the banner's addresses are the session's own.
    let end = format!("action=\"http://{}/.countersign/end\"", session.host);
    assert!(html.contains(&end), "{html}");
    for gone in ["content-length", "etag", "last-modified", "accept-ranges"] {
        assert_eq!(reply.header(gone), None, "{gone}");
    }
    assert_eq!(
        reply.all("content-security-policy")[0],
        "default-src 'none'",
        "never loosened"
    );
    // What is on the log is the size of what the product said.
    let bytes = u64::try_from(PAGE.len()).unwrap();
    assert_eq!(scene.outcome().await["bytes"], bytes);
    assert_eq!(scene.outcome().await["ending"], "complete");
}

/// It says read-only without more only where that is so.
#[tokio::test]
async fn the_banner_says_that_more_goes_through_than_reads() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    serves(&scene, "/a", &[], PAGE.as_bytes());
    let html = page(&scene, &session, "/a", &[]).await.text();
    assert!(html.contains(">Read-only</span>"), "{html}");
    let session = search_at(&scene, &scene.product.origin()).await;
    let html = page(&scene, &session, "/a", &[]).await.text();
    let said =
        "1 kind of request that could change something is declared harmless, and goes through";
    assert!(html.contains("Read-only, with exceptions"), "{html}");
    assert!(html.contains(said), "{html}");
}

#[tokio::test]
async fn a_document_is_asked_for_whole_and_in_the_clear() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    serves(&scene, "/a", &[], PAGE.as_bytes());
    let partial = [
        "Accept-Encoding: gzip, br",
        "Range: bytes=0-1",
        "If-Range: \"a\"",
        "If-None-Match: \"a\"",
        "If-Modified-Since: Wed, 01 Jan 2025 00:00:00 GMT",
    ];
    let reply = page(&scene, &session, "/a", &partial).await;
    assert_eq!(product_part(&reply.text()), PAGE);
    assert_eq!(
        scene.product.saw("accept-encoding").as_deref(),
        Some("identity")
    );
    for name in ["range", "if-range", "if-none-match", "if-modified-since"] {
        assert_eq!(scene.product.saw(name), None, "{name}");
    }
    // What is not the page of a tab is asked for as the browser asked.
    let request = wire::get(&session, "/a", &partial);
    scene.client().await.call(request).await;
    assert_eq!(scene.product.saw("range").as_deref(), Some("bytes=0-1"));
    assert_eq!(
        scene.product.saw("accept-encoding").as_deref(),
        Some("gzip, br")
    );
}

#[tokio::test]
async fn everything_else_passes_untouched() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    type Other<'a> = (&'a str, &'a [(&'static str, &'a str)], &'a [u8]);
    let other: [Other<'_>; 8] = [
        (
            "/json",
            &[("content-type", "application/json")],
            b"{}<body>",
        ),
        ("/gzip", &[("content-encoding", "gzip")], b"\x1f\x8b<body>"),
        (
            "/file",
            &[("content-disposition", "attachment; filename=a.html")],
            PAGE.as_bytes(),
        ),
        (
            "/utf16",
            &[("content-type", "text/html; charset=utf-16le")],
            b"<\0b\0o\0d\0y\0>\0",
        ),
        (
            "/frames",
            &[],
            b"<!doctype html><html><head></head><frameset><frame src=a></frameset></html>",
        ),
        (
            "/frames-behind",
            &[],
            b"&#32;<!-- a -->&NewLine;<frameset><frame src=a></frameset>",
        ),
        ("/empty", &[], b""),
        ("/cut", &[], b"<!doctype html><script>never ends"),
    ];
    for (path, headers, body) in other {
        serves(&scene, path, headers, body);
        let lines = [&[cookie.as_str()], DOCUMENT.as_slice()].concat();
        let reply = visit(&scene, &session, path, &lines).await;
        assert_eq!((reply.status, reply.body.as_slice()), (200, body), "{path}");
    }
    serves(&scene, "/a", &[], PAGE.as_bytes());
    let length = PAGE.len().to_string();
    for dest in ["iframe", "empty", "embed"] {
        let dest = format!("Sec-Fetch-Dest: {dest}");
        let lines = [cookie.as_str(), "Sec-Fetch-Site: same-origin", &dest];
        let reply = visit(&scene, &session, "/a", &lines).await;
        assert_eq!(reply.text(), PAGE, "{dest}");
        assert_eq!(reply.header("content-length"), Some(length.as_str()));
    }
    let lines = [&[cookie.as_str()], DOCUMENT.as_slice()].concat();
    let head = wire::plain("HEAD", &session.host, "/a", &lines);
    let reply = scene.client().await.call(head).await;
    assert_eq!((reply.status, reply.body.len()), (200, 0));
    let answer = Reply::Plain(
        404,
        vec![("content-type", "text/html".into())],
        Bytes::from_static(PAGE.as_bytes()),
    );
    scene.product.answers("/missing", answer);
    let reply = visit(&scene, &session, "/missing", &lines).await;
    assert_eq!((reply.status, reply.text()), (404, PAGE.into()));
}

#[tokio::test]
async fn a_page_in_any_encoding_keeps_its_bytes() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    let body =
        b"<!doctype html><meta charset=shift_jis><title>\x83\x5c</title><body>\x95\x5c<p>\xff";
    for charset in ["shift_jis", "windows-1251", "utf-8", "nonsense"] {
        let kind = format!("text/html; charset={charset}");
        serves(&scene, "/a", &[("content-type", &kind)], body);
        let lines = [&[cookie.as_str()], DOCUMENT.as_slice()].concat();
        let reply = visit(&scene, &session, "/a", &lines).await;
        let find = |part: &[u8]| reply.body.windows(part.len()).position(|w| w == part);
        let start = find(b"<countersign-banner>").expect(charset);
        let close = b"</countersign-banner>";
        let end = find(close).unwrap() + close.len();
        assert!(reply.body[start..end].is_ascii());
        let rest = [&reply.body[..start], &reply.body[end..]].concat();
        assert_eq!(rest, body, "{charset}");
    }
}

#[tokio::test]
async fn the_banners_files_are_there_without_a_session_and_kept_by_their_hash() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    serves(&scene, "/a", &[], PAGE.as_bytes());
    let html = page(&scene, &session, "/a", &[]).await.text();
    for (name, kind) in [
        ("banner.css", "text/css; charset=utf-8"),
        ("page.css", "text/css; charset=utf-8"),
        ("banner.js", "text/javascript; charset=utf-8"),
    ] {
        let path = format!("/.countersign/{name}");
        let at = html.find(&path).unwrap();
        let address: String = html[at..].chars().take_while(|c| *c != '"').collect();
        for (target, kept) in [(address.as_str(), true), (&path, false)] {
            let reply = visit(&scene, &session, target, &[]).await;
            assert_eq!(
                (reply.status, reply.header("content-type")),
                (200, Some(kind))
            );
            let cache = reply.header("cache-control").unwrap();
            assert_eq!(cache != "no-store", kept, "{target}: {cache}");
        }
    }
    let worker = ["Service-Worker: script", "Sec-Fetch-Dest: serviceworker"];
    let reply = visit(&scene, &session, "/.countersign/banner.js", &worker).await;
    assert_eq!((reply.status, reply.code()), (403, "service_worker".into()));
}
