//! Who is measured.

use std::net::SocketAddr;

use crate::process::Process;

/// One way to the product.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contender<'a> {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    /// Whose CPU time counts.
    pub(crate) process: &'a Process,
    /// Whether its requests must be found on the log afterwards.
    pub(crate) records: bool,
}

impl Contender<'_> {
    pub(crate) fn pids(&self) -> Vec<u32> {
        self.process.pids()
    }
}
