//! Where we listen, and what that is called when nobody says otherwise.
//!
//! On the own machine people come by the name `localhost` and not by 127.0.0.1: passkeys belong to a
//! name. Browsers look for that name at ::1 as well as at 127.0.0.1, so whoever listens at the other of
//! the two under our port would get what is meant for us: sign-in links, cookies, tokens. That other
//! address is therefore taken, and nothing listens there: who tries it first is turned away at once and
//! comes to us.

use std::{
    io::ErrorKind,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use tokio::net::{TcpListener, TcpSocket};

use crate::cli::Failed;

/// How many ports the system may choose before one is free at both addresses of the own machine.
const CHOICES: usize = 16;

/// A listening socket.
#[derive(Debug)]
pub(crate) struct Bound {
    /// It accepts connections.
    pub(crate) listener: TcpListener,
    /// Where it does.
    pub(crate) address: SocketAddr,
    /// The same port at the other address of `localhost`, where nothing listens.
    _other: Option<TcpSocket>,
}

impl Bound {
    /// Listens at `address`, which `flag` has named. `local` is whether people come by a name of the
    /// own machine.
    pub(crate) async fn at(flag: &str, address: SocketAddr, local: bool) -> Result<Self, Failed> {
        let mut choices = if address.port() == 0 { CHOICES } else { 1 };
        loop {
            choices -= 1;
            let listener = TcpListener::bind(address)
                .await
                .map_err(|error| Failed::Other(format!("{flag} {address}: {error}")))?;
            let bound = listener.local_addr().map_err(Failed::other)?;
            let Some(other) = other_loopback(bound).filter(|_| local) else {
                return Ok(Self::new(listener, bound, None));
            };
            match take(other) {
                Ok(taken) => return Ok(Self::new(listener, bound, taken)),
                Err(Occupied) if choices > 0 => {}
                Err(Occupied) => {
                    return Err(Failed::Other(format!(
                        "{flag} {bound}: another program has {other}, and browsers that look for localhost \
                         would come to it. Stop it, or listen on another port"
                    )));
                }
            }
        }
    }

    fn new(listener: TcpListener, address: SocketAddr, other: Option<TcpSocket>) -> Self {
        Self {
            listener,
            address,
            _other: other,
        }
    }
}

struct Occupied;

/// Takes an address without listening at it; nothing where the machine has no such address.
fn take(address: SocketAddr) -> Result<Option<TcpSocket>, Occupied> {
    let socket = if address.is_ipv6() {
        TcpSocket::new_v6()
    } else {
        TcpSocket::new_v4()
    };
    let Ok(socket) = socket else {
        return Ok(None);
    };
    match socket.bind(address) {
        Ok(()) => Ok(Some(socket)),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(Occupied),
        Err(_) => Ok(None),
    }
}

/// The other address that `localhost` stands for.
fn other_loopback(address: SocketAddr) -> Option<SocketAddr> {
    let other = match address.ip() {
        IpAddr::V4(Ipv4Addr::LOCALHOST) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::LOCALHOST) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        _ => return None,
    };
    Some(SocketAddr::new(other, address.port()))
}

/// What people call an address that we listen at.
pub(crate) fn authority(address: SocketAddr) -> String {
    if other_loopback(address).is_some() || address.ip().is_unspecified() {
        format!("localhost:{}", address.port())
    } else {
        address.to_string()
    }
}

/// The host of an origin.
pub(crate) fn host(origin: &str) -> &str {
    let authority = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Whether an origin has a name of the own machine.
pub(crate) fn is_local(origin: &str) -> bool {
    let host = host(origin);
    host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener as Std;

    use super::*;

    #[test]
    fn the_own_machine_goes_by_its_name() {
        for (address, name) in [
            ("127.0.0.1:8080", "localhost:8080"),
            ("[::1]:8080", "localhost:8080"),
            ("0.0.0.0:8080", "localhost:8080"),
            ("[::]:8080", "localhost:8080"),
            ("127.0.0.2:8080", "127.0.0.2:8080"),
            ("192.0.2.7:8080", "192.0.2.7:8080"),
            ("[2001:db8::1]:8080", "[2001:db8::1]:8080"),
        ] {
            assert_eq!(authority(address.parse().unwrap()), name);
        }
        for (origin, local) in [
            ("http://localhost:8080", true),
            ("http://localhost", true),
            ("http://gw.localhost:8081", true),
            ("http://127.0.0.1:8080", false),
            ("https://localhost.example.com", false),
            ("https://notlocalhost", false),
        ] {
            assert_eq!(is_local(origin), local, "{origin}");
        }
    }

    #[tokio::test]
    async fn nobody_else_answers_at_the_other_address_of_localhost() {
        let here = "127.0.0.1:0".parse().unwrap();
        let bound = Bound::at("--listen", here, true).await.unwrap();
        let other = other_loopback(bound.address).unwrap();
        let refused = Std::bind(other).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AddrInUse);
        let turned_away = std::net::TcpStream::connect(other).unwrap_err();
        assert_eq!(turned_away.kind(), ErrorKind::ConnectionRefused);
        drop(bound);
        Std::bind(other).unwrap();
    }

    #[tokio::test]
    async fn who_is_there_already_is_told_of() {
        let stranger = Std::bind("[::1]:0").unwrap();
        let port = stranger.local_addr().unwrap().port();
        let here = SocketAddr::from(([127, 0, 0, 1], port));
        let error = Bound::at("--listen", here, true).await.unwrap_err();
        let expected = format!("another program has [::1]:{port}");
        assert!(error.to_string().contains(&expected), "{error}");
        // Nobody looks for it there where people come by another name.
        Bound::at("--listen", here, false).await.unwrap();
    }
}
