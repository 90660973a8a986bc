//! HTTP/2 frames made by hand (RFC 9113), and header blocks without compression (RFC 7541).

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RESET: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PUSH_PROMISE: u8 = 5;
pub(crate) const PING: u8 = 6;
pub(crate) const GO_AWAY: u8 = 7;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;
pub(crate) const END_STREAM: u8 = 1;
/// Of SETTINGS and PING.
pub(crate) const ACK: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;
/// How HPACK says `:status: 200`.
pub(crate) const OK: u8 = 0x88;
pub(crate) const LARGEST_FRAME: usize = 16 * 1024;

pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A string as HPACK writes it without Huffman codes (RFC 7541 section 5.2).
pub(crate) fn string(into: &mut Vec<u8>, text: &[u8]) {
    let mut length = text.len();
    if length < 127 {
        into.push(u8::try_from(length).unwrap());
    } else {
        into.push(127);
        length -= 127;
        while length >= 128 {
            into.push(u8::try_from(length % 128).unwrap() | 128);
            length /= 128;
        }
        into.push(u8::try_from(length).unwrap());
    }
    into.extend(text);
}

pub(crate) type Fields = Vec<(Vec<u8>, Vec<u8>)>;

pub(crate) fn block(fields: &Fields) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        string(&mut block, name);
        string(&mut block, value);
    }
    block
}

/// A header block in as many frames as it needs.
pub(crate) fn head(stream: u32, flags: u8, fields: &Fields) -> Vec<u8> {
    let block = block(fields);
    let mut pieces = block.chunks(LARGEST_FRAME).peekable();
    let (mut all, mut kind, mut flags) = (Vec::new(), HEADERS, flags);
    while let Some(piece) = pieces.next() {
        let last = if pieces.peek().is_none() {
            END_HEADERS
        } else {
            0
        };
        all.extend(frame(kind, flags | last, stream, piece));
        (kind, flags) = (CONTINUATION, 0);
    }
    all
}

pub(crate) fn field(name: &str, value: &str) -> (Vec<u8>, Vec<u8>) {
    (name.as_bytes().to_vec(), value.as_bytes().to_vec())
}

/// The next frame: its kind, flags, stream and payload.
pub(crate) async fn read(
    from: &mut (impl AsyncRead + Unpin),
) -> io::Result<(u8, u8, u32, Vec<u8>)> {
    let mut head = [0; 9];
    from.read_exact(&mut head).await?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
    let mut payload = vec![0; length as usize];
    from.read_exact(&mut payload).await?;
    Ok((head[3], head[4], stream, payload))
}

/// RST_STREAM.
pub(crate) fn reset(stream: u32, reason: u32) -> Vec<u8> {
    frame(RESET, 0, stream, &reason.to_be_bytes())
}

/// GOAWAY.
pub(crate) fn go_away(last: u32, reason: u32) -> Vec<u8> {
    frame(
        GO_AWAY,
        0,
        0,
        &[last.to_be_bytes(), reason.to_be_bytes()].concat(),
    )
}

pub(crate) fn setting(id: u16, value: u32) -> Vec<u8> {
    let mut payload = id.to_be_bytes().to_vec();
    payload.extend(value.to_be_bytes());
    frame(SETTINGS, 0, 0, &payload)
}

pub(crate) fn window_update(stream: u32, by: u32) -> Vec<u8> {
    frame(WINDOW_UPDATE, 0, stream, &by.to_be_bytes())
}
