//! Whom we trust to be an upstream, and how we show that we are the gateway.

use std::{path::PathBuf, sync::Arc};

use rustls::{ClientConfig, RootCertStore};

use super::{
    Files, TlsError,
    identity::{chain, private_key, read},
    provider,
};

/// Whom we trust to be an upstream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct UpstreamTrust {
    /// A PEM bundle of CAs; when given, only these are trusted.
    pub(crate) ca: Option<PathBuf>,
    /// What we show to upstreams that ask for a client certificate.
    pub(crate) client: Option<Files>,
}

/// The client that connects to upstreams over TLS.
pub(crate) fn upstream_client(trust: &UpstreamTrust) -> Result<Arc<ClientConfig>, TlsError> {
    client_with(trust, &[b"h2", b"http/1.1"])
}

fn client_with(trust: &UpstreamTrust, protocols: &[&[u8]]) -> Result<Arc<ClientConfig>, TlsError> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots(trust.ca.as_ref())?);
    let mut config = match &trust.client {
        None => config.with_no_client_auth(),
        Some(files) => config.with_client_auth_cert(
            chain(&files.cert, &read(&files.cert)?)?,
            private_key(&files.key, &read(&files.key)?)?,
        )?,
    };
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    Ok(Arc::new(config))
}

/// The client that connects to the database over TLS. With a CA given, only that is trusted.
pub(crate) fn database_client(
    ca: Option<&PathBuf>,
    client: Option<&(PathBuf, PathBuf)>,
) -> Result<Arc<ClientConfig>, TlsError> {
    let trust = UpstreamTrust {
        ca: ca.cloned(),
        client: client.cloned().map(|(cert, key)| Files { cert, key }),
    };
    client_with(&trust, &[b"postgresql"])
}

/// The client that connects to OpenID providers. With a CA given, only that is trusted.
pub(crate) fn provider_client(ca: Option<&PathBuf>) -> Result<Arc<ClientConfig>, TlsError> {
    let trust = UpstreamTrust {
        ca: ca.cloned(),
        client: None,
    };
    client_with(&trust, &[b"http/1.1"])
}

fn roots(ca: Option<&PathBuf>) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    match ca {
        Some(path) => {
            for certificate in chain(path, &read(path)?)? {
                roots.add(certificate).map_err(|error| TlsError::Unusable {
                    path: path.display().to_string(),
                    error: error.to_string(),
                })?;
            }
        }
        // A machine without any serves `http` upstreams all the same.
        None => {
            let found = rustls_native_certs::load_native_certs();
            for error in &found.errors {
                tracing::warn!(%error, "a certificate of the system cannot be read");
            }
            roots.add_parsable_certificates(found.certs);
        }
    }
    Ok(roots)
}
