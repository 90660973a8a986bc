//! Which proxies are believed when they say for whom they ask.

use std::{fmt, net::IpAddr, str::FromStr};

/// The networks whose word on a client's address counts; none unless an operator says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

/// Addresses that begin alike, such as `10.0.0.0/8`; a single one without the length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    length: u8,
}

/// A text that names no network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoNetwork(String);

impl fmt::Display for NoNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no address, and no network such as 10.0.0.0/8 whose address ends in zeros",
            self.0
        )
    }
}

impl std::error::Error for NoNetwork {}

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let none = || NoNetwork(text.to_owned());
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| none())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let length = match length {
            Some(length) => length.parse().map_err(|_| none())?,
            None => most,
        };
        let network = Self {
            first: address,
            length,
        };
        // What is more than the network was meant otherwise.
        if length > most || network.masked(bits(address)) != bits(address) {
            return Err(none());
        }
        Ok(network)
    }
}

/// An address as one number, from its highest bit on.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()) << 96,
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

impl Network {
    fn masked(self, bits: u128) -> u128 {
        let length = u32::from(self.length);
        let mask = u128::MAX.checked_shl(128 - length.min(128)).unwrap_or(0);
        bits & mask
    }

    fn holds(self, address: IpAddr) -> bool {
        self.first.is_ipv4() == address.is_ipv4() && self.masked(bits(address)) == bits(self.first)
    }
}

impl TrustedProxies {
    /// These.
    #[must_use]
    pub fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }

    /// The address of the client behind whoever connected, given the values of `X-Forwarded-For` in their order.
    /// Each proxy adds the address that connected to it at the end, so what a client wrote there itself stands
    /// before that. Read from the end, the first address that is no trusted proxy is the client's; whatever stands
    /// before is anybody's claim. What cannot be read ends the search at the proxy that passed it on.
    #[must_use]
    pub fn client<'a>(
        &self,
        connected: IpAddr,
        forwarded: impl DoubleEndedIterator<Item = &'a [u8]>,
    ) -> IpAddr {
        let mut client = connected.to_canonical();
        let hops = forwarded
            .rev()
            .flat_map(|value| value.rsplit(|byte| *byte == b','));
        for hop in hops {
            if !self.trusts(client) {
                break;
            }
            let Some(address) = address_of(hop) else {
                break;
            };
            client = address;
        }
        client
    }
}

/// An address as proxies write it: bare, with a port behind IPv4, or in brackets with or without one.
fn address_of(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let address = text.parse::<IpAddr>().ok().or_else(|| {
        let with_port = text.parse::<std::net::SocketAddr>().ok();
        with_port.map(|socket| socket.ip()).or_else(|| {
            let inside = text.strip_prefix('[')?.strip_suffix(']')?;
            inside.parse().ok().filter(IpAddr::is_ipv6)
        })
    })?;
    Some(address.to_canonical())
}
