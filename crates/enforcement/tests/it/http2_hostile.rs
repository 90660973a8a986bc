//! Products over HTTP/2 that break the rules: the client gets one answer that is what it seems, the log
//! says how it went, nothing is sent twice that the product may have begun with, and nobody else is
//! touched.

use crate::{
    attacks::{
        Attack, CALM, CANCEL, Cut, Ends, Failed, GoesOn, INTERNAL_ERROR, Late, NO_ERROR,
        REFUSED_STREAM, Retires, Whole, attack, closing, headed, hint, withstands,
    },
    frames::{
        CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, PING, PUSH_PROMISE, SETTINGS, block,
        field, frame, go_away, head, reset, setting, window_update,
    },
    hostile::{Frames, data, fields, hello, last},
};

#[tokio::test]
async fn a_head_that_is_none_is_not_passed_on() {
    let mut attacks = Vec::new();
    let with = |name: &str, value: &str| fields("200", &[(name, value)]);
    for (name, value) in [
        ("connection", "close"),
        ("transfer-encoding", "chunked"),
        ("keep-alive", "timeout=5"),
        ("proxy-connection", "close"),
        ("upgrade", "h2c"),
        (":status", "200"),
        ("content-length", "+5"),
        ("content-length", "5"),
    ] {
        let what = format!("{name}: {value}");
        attacks.push(headed(&what, Failed, GoesOn, with(name, value)));
    }
    // After these nothing on the connection can be relied on.
    for (name, value) in [
        ("X-Capital", "a"),
        ("x-a", "a\0b"),
        ("x-a", "a\r\nset-cookie: a=b"),
        ("x-a", "a\nb"),
        ("x a", "b"),
        ("", "b"),
        (":unknown", "a"),
    ] {
        let what = format!("{name}: {value}");
        attacks.push(headed(&what, Failed, Ends, with(name, value)));
    }
    // What names a request is left out, and says nothing.
    for (name, value) in [(":path", "/"), (":method", "GET")] {
        let what = format!("{name}: {value}");
        attacks.push(headed(&what, Whole(""), GoesOn, with(name, value)));
    }
    for status in ["", "abc", "99", "1000", "-200", "200 OK"] {
        attacks.push(headed(status, Failed, Ends, fields(status, &[])));
    }
    attacks.push(headed("no status", Failed, GoesOn, vec![field("x-a", "b")]));
    attacks.push(headed(
        "a late status",
        Failed,
        GoesOn,
        vec![field("x-a", "b"), field(":status", "200")],
    ));
    attacks.push(headed(
        "two lengths",
        Failed,
        GoesOn,
        fields("200", &[("content-length", "0"), ("content-length", "5")]),
    ));
    let names = (0..5_000).map(|n| field(&format!("x-{n}"), "x"));
    let long = fields("200", &[]).into_iter().chain(names).collect();
    attacks.push(headed("a long list", Failed, GoesOn, long));
    // One large header for the table, and then one byte for each time it is meant.
    let mut bomb = vec![0x88, 0x40, 3, b'x', b'-', b'a', 127, 0xa1, 0x1e];
    bomb.extend([b'x'; 4_000]);
    bomb.extend([0xbe; 12_000]);
    attacks.push(attack("a bomb", Failed, Ends, move |s| {
        frame(HEADERS, END_HEADERS | END_STREAM, s, &bomb)
    }));
    attacks.push(headed("101", Failed, GoesOn, fields("101", &[])));
    attacks.push(headed(
        "nothing but a hint",
        Failed,
        GoesOn,
        fields("103", &[]),
    ));
    withstands(attacks).await;
}

/// An answer without an announced length, of which a piece has come.
fn begun(stream: u32) -> Vec<u8> {
    [head(stream, 0, &fields("200", &[])), data(stream, "hel")].concat()
}

/// One of five bytes, of which a piece has come.
fn begun_of_five(stream: u32) -> Vec<u8> {
    let fields = fields("200", &[("content-length", "5")]);
    [head(stream, 0, &fields), data(stream, "hel")].concat()
}

#[tokio::test]
async fn a_body_that_breaks_off_never_looks_whole() {
    let mut attacks = Vec::new();
    for reason in [NO_ERROR, INTERNAL_ERROR, REFUSED_STREAM, CANCEL] {
        let of = |begun: fn(u32) -> Vec<u8>| move |s| [begun(s), reset(s, reason)].concat();
        let what = format!("RST_STREAM {reason} in the middle");
        attacks.push(attack(&what, Cut, GoesOn, of(begun)));
        let what = format!("RST_STREAM {reason} in the middle of five");
        attacks.push(attack(&what, Cut, GoesOn, of(begun_of_five)));
        let what = format!("RST_STREAM {reason} after the head");
        let headed = |s| head(s, 0, &fields("200", &[]));
        attacks.push(attack(&what, Cut, GoesOn, of(headed)));
        let what = format!("RST_STREAM {reason} after the end");
        attacks.push(attack(&what, Whole("hello"), GoesOn, of(hello)));
    }
    for reason in [NO_ERROR, INTERNAL_ERROR] {
        let what = format!("GOAWAY {reason} of this and all others in the middle");
        attacks.push(attack(&what, Cut, Ends, move |s| {
            [begun(s), go_away(0, reason)].concat()
        }));
        let what = format!("GOAWAY {reason} in the middle, and the end of the connection");
        attacks.push(closing(&what, Cut, move |s| {
            [begun(s), go_away(s, reason)].concat()
        }));
    }
    attacks.push(attack(
        "a GOAWAY in the middle",
        Whole("hello"),
        Retires,
        |s| [begun(s), go_away(s, NO_ERROR), last(s, "lo")].concat(),
    ));
    attacks.push(closing("the end of the connection", Cut, begun));
    attacks.push(attack("less than announced", Cut, GoesOn, |s| {
        [begun_of_five(s), last(s, "l")].concat()
    }));
    attacks.push(attack("more than announced", Cut, GoesOn, |s| {
        [begun_of_five(s), last(s, "lo and more")].concat()
    }));
    attacks.push(attack(
        "no more than announced, and more",
        Whole("hello"),
        GoesOn,
        |s| [begun_of_five(s), data(s, "lo"), last(s, "and more")].concat(),
    ));
    attacks.push(attack("more after the end", Whole("hello"), GoesOn, |s| {
        [hello(s), data(s, "more")].concat()
    }));
    attacks.push(attack(
        "another head after the end",
        Whole("hello"),
        GoesOn,
        |s| [hello(s), head(s, END_STREAM, &fields("200", &[]))].concat(),
    ));
    attacks.push(attack("another head in the middle", Cut, GoesOn, |s| {
        [begun(s), head(s, 0, &fields("200", &[])), last(s, "lo")].concat()
    }));
    for (what, gets, trailer) in [
        // What names nothing is left out, and says nothing.
        (
            "a status among the trailers",
            Whole("hello"),
            (":status", "200"),
        ),
        ("a path among the trailers", Whole("hello"), (":path", "/")),
        (
            "a cookie among the trailers",
            Whole("hello"),
            ("set-cookie", "a=b"),
        ),
        (
            "an encoding among the trailers",
            Cut,
            ("transfer-encoding", "chunked"),
        ),
    ] {
        attacks.push(attack(what, gets, GoesOn, move |s| {
            let trailers = vec![field(trailer.0, trailer.1)];
            [begun(s), data(s, "lo"), head(s, END_STREAM, &trailers)].concat()
        }));
    }
    attacks.push(attack("trailers that are not the end", Cut, GoesOn, |s| {
        [
            begun(s),
            head(s, 0, &vec![field("x-sum", "42")]),
            last(s, "lo"),
        ]
        .concat()
    }));
    withstands(attacks).await;
}

#[tokio::test]
async fn r18_only_what_was_never_begun_with_is_sent_again() {
    let again = |attack: Attack, seen| Attack { seen, ..attack };
    let refuses = || {
        attack("REFUSED_STREAM", Whole("hello"), Retires, |s| {
            reset(s, REFUSED_STREAM)
        })
    };
    let mut attacks = vec![again(refuses(), 2)];
    for reason in [NO_ERROR, INTERNAL_ERROR, CANCEL, CALM] {
        let what = format!("RST_STREAM {reason} before the head");
        attacks.push(attack(&what, Failed, GoesOn, move |s| reset(s, reason)));
        let what = format!("GOAWAY {reason} of this, and the end of the connection");
        attacks.push(closing(&what, Failed, move |s| go_away(s, reason)));
    }
    for reason in [INTERNAL_ERROR, CALM] {
        let what = format!("GOAWAY {reason} of all");
        attacks.push(attack(&what, Failed, Ends, move |_| go_away(0, reason)));
    }
    attacks.push(attack(
        "a GOAWAY before the answer",
        Whole("hello"),
        Retires,
        |s| [go_away(s, NO_ERROR), hello(s)].concat(),
    ));
    let never = attack("GOAWAY before any stream", Whole("hello"), Ends, |_| {
        go_away(0, NO_ERROR)
    });
    attacks.push(again(never, 2));
    attacks.push(closing("the end of the connection", Failed, |_| Vec::new()));
    attacks.push(closing("HTTP/1.1", Failed, |_| {
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".to_vec()
    }));
    withstands(attacks).await;
}

#[tokio::test]
async fn what_breaks_the_connection_breaks_no_other() {
    let promised = |s: u32| {
        let mut payload = 2_u32.to_be_bytes().to_vec();
        payload.extend(block(&vec![
            field(":method", "GET"),
            field(":scheme", "https"),
            field(":authority", "127.0.0.1"),
            field(":path", "/pushed"),
        ]));
        frame(PUSH_PROMISE, END_HEADERS, s, &payload)
    };
    let most = (1 << 31) - 1;
    let mut attacks = Vec::new();
    let breaks: Vec<(&str, Frames)> = vec![
        ("PUSH_PROMISE", Box::new(promised)),
        ("DATA of no stream", Box::new(|_| data(0, "x"))),
        ("DATA of a stream to come", Box::new(|s| data(s + 100, "x"))),
        ("an answer to nothing", Box::new(|s| hello(s + 100))),
        ("a stream of the product's own", Box::new(|_| hello(2))),
        (
            "CONTINUATION of nothing",
            Box::new(|s| frame(CONTINUATION, END_HEADERS, s, &[0x88])),
        ),
        (
            "a frame in the middle of a head",
            Box::new(|s| [frame(HEADERS, 0, s, &[0x88]), frame(PING, 0, 0, &[0; 8])].concat()),
        ),
        (
            "a header of no table",
            Box::new(|s| frame(HEADERS, END_HEADERS, s, &[0xff, 0x7f])),
        ),
        (
            "a header block cut short",
            Box::new(|s| frame(HEADERS, END_HEADERS, s, &[0, 5, b'x'])),
        ),
        (
            "a window beyond the largest",
            Box::new(move |_| window_update(0, most)),
        ),
        ("a window of no more", Box::new(|_| window_update(0, 0))),
        (
            "SETTINGS of a window beyond",
            Box::new(|_| setting(4, u32::MAX)),
        ),
        ("SETTINGS of a frame too small", Box::new(|_| setting(5, 1))),
        (
            "SETTINGS of a stream",
            Box::new(|s| frame(SETTINGS, 0, s, &[])),
        ),
        (
            "SETTINGS in pieces",
            Box::new(|_| frame(SETTINGS, 0, 0, &[0, 4, 0])),
        ),
        ("PING of seven", Box::new(|_| frame(PING, 0, 0, &[0; 7]))),
        (
            "a frame beyond the largest",
            Box::new(|s| frame(DATA, 0, s, &[0; 20_000])),
        ),
        (
            "more padding than frame",
            Box::new(|s| frame(HEADERS, END_HEADERS | 8, s, &[200, 0x88])),
        ),
    ];
    for (what, frames) in breaks {
        // What comes after is not an answer.
        attacks.push(attack(what, Failed, Ends, move |s| {
            [frames(s), hello(s)].concat()
        }));
    }
    let of_stream = |by| move |s| [window_update(s, by), hello(s)].concat();
    // All of the request has been sent.
    attacks.push(attack(
        "a stream's window beyond the largest",
        Whole("hello"),
        GoesOn,
        of_stream(most),
    ));
    attacks.push(attack(
        "a stream's window of no more",
        Failed,
        Ends,
        of_stream(0),
    ));
    attacks.push(attack("DATA before the head", Failed, Ends, |s| {
        [data(s, "x"), hello(s)].concat()
    }));
    // What is strange, and allowed.
    let hints = |s| hint(s).repeat(100);
    attacks.push(attack("hints", Whole("hello"), GoesOn, move |s| {
        [hints(s), hello(s)].concat()
    }));
    attacks.push(attack("an unknown frame", Whole("hello"), GoesOn, |s| {
        [frame(0xfa, 0xff, s, b"x"), hello(s)].concat()
    }));
    attacks.push(attack(
        "a setting nobody knows",
        Whole("hello"),
        GoesOn,
        |s| [setting(0xfafa, 1), hello(s)].concat(),
    ));
    attacks.push(attack("empty frames", Whole("hello"), GoesOn, |s| {
        let empty = frame(DATA, 0, s, &[]).repeat(100);
        [begun(s), empty, last(s, "lo")].concat()
    }));
    withstands(attacks).await;
}

/// What keeps the gateway busy without ever answering is no answer, and no more than that.
#[tokio::test]
async fn chatter_is_not_an_answer() {
    const MUCH: usize = 2_000;
    let mut attacks = vec![attack("hints", Late, GoesOn, |s| hint(s).repeat(MUCH))];
    attacks.push(attack("SETTINGS", Late, GoesOn, |_| {
        frame(SETTINGS, 0, 0, &[]).repeat(MUCH)
    }));
    attacks.push(attack("PING", Late, GoesOn, |_| {
        frame(PING, 0, 0, &[0; 8]).repeat(MUCH)
    }));
    withstands(attacks).await;
}
