//! A body with the banner in it.

use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};

use super::place::{Finder, Last, Place};
use crate::stalled::GiveUp;

/// A body that may get the banner on its way. Up to the place of the banner, no more is held back
/// than a tag that has not ended, or the beginning of a body without a tag of which nothing is seen;
/// behind it, every frame passes as it is. Errors pass, and trailers once nothing is held back.
pub(crate) struct Bannered<B> {
    body: B,
    search: Option<Box<Search>>,
    /// To go out before anything more is taken in.
    ready: VecDeque<Bytes>,
    /// The body has said that it is over.
    ended: bool,
    /// The length is not the body's any more.
    longer: bool,
}

struct Search {
    finder: Finder,
    rest: Rest,
}

struct Rest {
    banner: Bytes,
    held: BytesMut,
    /// How much of the document has gone out.
    passed: usize,
}

impl<B> std::fmt::Debug for Bannered<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bannered")
            .field("searching", &self.search.is_some())
            .finish_non_exhaustive()
    }
}

impl<B> Bannered<B> {
    /// A body that stays as it is.
    pub(crate) fn plain(body: B) -> Self {
        Self {
            body,
            search: None,
            ready: VecDeque::new(),
            ended: false,
            longer: false,
        }
    }

    /// A body that gets the banner where its place is, if it has one.
    pub(crate) fn with(body: B, banner: Bytes) -> Self {
        let search = Finder::new().map(|finder| {
            Box::new(Search {
                finder,
                rest: Rest {
                    banner,
                    held: BytesMut::new(),
                    passed: 0,
                },
            })
        });
        Self {
            search,
            longer: true,
            ..Self::plain(body)
        }
    }

    fn take(&mut self, data: Bytes) {
        let Some(search) = &mut self.search else {
            self.ready.push_back(data);
            return;
        };
        let place = search.finder.read(&data);
        search.rest.held.extend_from_slice(&data);
        if let Place::After(safe) = place {
            let safe = search.rest.until(safe);
            self.push(safe);
        } else if let Some(search) = self.search.take() {
            self.let_go(search.rest, place, String::new());
        }
    }

    /// The body is over.
    fn finish(&mut self) {
        self.ended = true;
        if let Some(search) = self.search.take() {
            let Search { finder, rest } = *search;
            let Last { place, closing } = finder.end(&rest.held);
            self.let_go(rest, place, closing);
        }
    }

    fn let_go(&mut self, mut rest: Rest, place: Place, closing: String) {
        if let Place::At(at) = place {
            let before = rest.until(at);
            self.push(before);
            self.push(closing.into());
            self.push(rest.banner);
        }
        self.push(rest.held.freeze());
    }

    fn push(&mut self, data: Bytes) {
        if !data.is_empty() {
            self.ready.push_back(data);
        }
    }
}

impl Rest {
    /// What of the held is within the first `at` bytes of the document. What has gone out stays
    /// out: whatever the finder says, a document is never put out of order.
    fn until(&mut self, at: usize) -> Bytes {
        let count = at.saturating_sub(self.passed).min(self.held.len());
        self.passed += count;
        self.held.split_to(count).freeze()
    }
}

impl<B: GiveUp> GiveUp for Bannered<B> {
    fn give_up(&mut self) {
        self.body.give_up();
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Bannered<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        loop {
            if let Some(data) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
            if self.ended {
                return Poll::Ready(None);
            }
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) if self.search.is_none() => return Poll::Ready(Some(Ok(frame))),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.take(data),
                    // What is held back here would leave after the trailers said that all had. A
                    // document has no use for them.
                    Err(_) => self.finish(),
                },
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => self.finish(),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ready.is_empty() && (self.ended || self.search.is_none() && self.body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        if self.longer {
            SizeHint::default()
        } else {
            self.body.size_hint()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http::HeaderMap;
    use http_body_util::{BodyExt, StreamBody};
    use proptest::prelude::*;

    use super::*;

    const BANNER: &str = "<countersign-banner></countersign-banner>";

    type Frames = Vec<Result<Frame<Bytes>, &'static str>>;

    fn body(frames: Frames) -> Bannered<impl Body<Data = Bytes, Error = &'static str> + Unpin> {
        let stream = StreamBody::new(futures_util::stream::iter(frames));
        Bannered::with(stream, Bytes::from_static(BANNER.as_bytes()))
    }

    fn data(bytes: &[u8]) -> Result<Frame<Bytes>, &'static str> {
        Ok(Frame::data(Bytes::copy_from_slice(bytes)))
    }

    async fn all(mut body: impl Body<Data = Bytes, Error = &'static str> + Unpin) -> Vec<u8> {
        let mut out = Vec::new();
        while let Some(frame) = body.frame().await {
            out.extend_from_slice(&frame.unwrap().into_data().unwrap());
        }
        assert!(body.is_end_stream());
        out
    }

    fn run<F: Future>(future: F) -> F::Output {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(future)
    }

    fn without_banner(bytes: &[u8]) -> (Vec<u8>, usize) {
        let (mut out, mut count, mut rest) = (Vec::new(), 0, bytes);
        while let Some(first) = rest.first() {
            if let Some(behind) = rest.strip_prefix(BANNER.as_bytes()) {
                count += 1;
                rest = behind;
            } else {
                out.push(*first);
                rest = &rest[1..];
            }
        }
        (out, count)
    }

    #[test]
    fn it_stands_in_the_same_place_cut_at_any_byte() {
        let document = b"<!doctype html>\n<html><head><title>\xe9</title></head><body>\xff<p>x</p></body></html>";
        let expected = run(all(body(vec![data(document)])));
        assert_eq!(without_banner(&expected), (document.to_vec(), 1));
        for at in 0..document.len() {
            let (a, b) = document.split_at(at);
            assert_eq!(run(all(body(vec![data(a), data(b)]))), expected, "{at}");
        }
        let bytewise = document.chunks(1).map(data).collect();
        assert_eq!(run(all(body(bytewise))), expected);
    }

    #[test]
    fn what_is_before_the_body_flows_without_waiting_for_it() {
        let mut body = body(vec![
            data(b"<!doctype html><title>a</title><link hr"),
            data(b"ef=a><body>"),
        ]);
        let first = run(body.frame()).unwrap().unwrap().into_data().unwrap();
        assert_eq!(first, "<!doctype html><title>a</title>");
    }

    #[test]
    fn errors_pass_and_trailers_when_nothing_is_held_back() {
        let mut failing = body(vec![data(b"<html><he"), Err("cut")]);
        assert_eq!(
            run(failing.frame()).unwrap().unwrap().into_data().unwrap(),
            "<html>"
        );
        assert_eq!(run(failing.frame()).unwrap().unwrap_err(), "cut");

        let mut trailers = HeaderMap::new();
        trailers.insert("x-sum", "42".parse().unwrap());
        let end = || Ok(Frame::trailers(trailers.clone()));
        let found = vec![data(b"<body>a"), end()];
        let collected = run(body(found).collect()).unwrap();
        assert_eq!(collected.trailers(), Some(&trailers));
        let frames = vec![data(b"<title>a</title>"), end()];
        let collected = run(body(frames).collect()).unwrap();
        assert_eq!(collected.trailers(), None);
        assert_eq!(
            collected.to_bytes(),
            format!("<title>a</title>{BANNER}").as_bytes()
        );
    }

    #[test]
    fn a_plain_body_is_as_it_was() {
        let full = http_body_util::Full::new(Bytes::from_static(b"<body>x"));
        let plain = Bannered::plain(full);
        assert_eq!(plain.size_hint().exact(), Some(7));
        let out: Result<_, Infallible> = run(plain.collect());
        assert_eq!(out.unwrap().to_bytes(), "<body>x");
    }

    fn pieces() -> impl Strategy<Value = Vec<u8>> {
        let known = prop::sample::select(vec![
            "<!doctype html>",
            "<html>",
            "<head>",
            "</head>",
            "<body class=x>",
            "</body>",
            "<title>",
            "</title>",
            "<script>",
            "</script>",
            "<!--",
            "-->",
            "<template>",
            "</template>",
            "<frameset>",
            "<p>",
            "</p>",
            "<div>",
            "<input type=hidden>",
            "<select>",
            "<table>",
            "<svg>",
            "</svg>",
            "<math>",
            "<![CDATA[",
            "]]>",
            "<textarea>",
            "<plaintext>",
            "<noscript>",
            "</noscript>",
            "<a b='",
            "'>",
            " ",
            "text",
            "<",
            ">",
            "&amp;",
            "\0",
        ]);
        let piece = prop_oneof![
            4 => known.prop_map(|text| text.as_bytes().to_vec()),
            1 => prop::collection::vec(any::<u8>(), 0..6),
        ];
        prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]
        #[test]
        fn nothing_else_changes(document in pieces(), cuts in prop::collection::vec(1usize..9, 1..40)) {
            let mut frames = Vec::new();
            let mut rest = document.as_slice();
            for cut in cuts.iter().cycle() {
                if rest.is_empty() { break; }
                let (a, b) = rest.split_at((*cut).min(rest.len()));
                frames.push(data(a));
                rest = b;
            }
            let whole = run(all(body(vec![data(&document)])));
            let (plain, count) = without_banner(&whole);
            let closing = plain.strip_prefix(document.as_slice()).map(String::from_utf8_lossy);
            let closing = closing.expect("the document, and what ends in front of the banner");
            prop_assert!(count <= 1 && (count == 1 || closing.is_empty()));
            let ends = closing.replace("-->", "").replace("</template>", "");
            prop_assert!(["", "</title>", "</noscript>"].contains(&ends.as_str()), "{}", closing);
            let out = run(all(body(frames)));
            prop_assert_eq!(out, whole, "the same however it is cut");
        }
    }
}
