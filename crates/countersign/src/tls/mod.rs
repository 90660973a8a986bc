//! TLS: what we show to clients, and whom we trust to be an upstream.

mod identity;
mod upstream;

use std::{path::PathBuf, sync::Arc, time::Duration};

use rustls::{ServerConfig, crypto::CryptoProvider};
use tokio::time::{MissedTickBehavior, interval};

pub(crate) use self::{
    identity::Identity,
    upstream::{UpstreamTrust, database_client, provider_client, upstream_client},
};

/// How often certificate and key files are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// A certificate chain and its key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Files {
    pub(crate) cert: PathBuf,
    pub(crate) key: PathBuf,
}

impl Files {
    /// Both or neither, as given under these names.
    pub(crate) fn both(
        cert: (&'static str, Option<PathBuf>),
        key: (&'static str, Option<PathBuf>),
    ) -> Result<Option<Self>, TlsError> {
        match (cert, key) {
            ((_, Some(cert)), (_, Some(key))) => Ok(Some(Self { cert, key })),
            ((_, None), (_, None)) => Ok(None),
            ((given, Some(_)), (missing, None)) | ((missing, None), (given, Some(_))) => {
                Err(TlsError::Half { given, missing })
            }
        }
    }
}

/// Files that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("{path} cannot be read: {error}")]
    Unreadable { path: String, error: std::io::Error },
    #[error("{path} is not PEM, or has no {wanted} in it")]
    Empty { path: String, wanted: &'static str },
    #[error("{cert} and {key} do not belong together: {error}")]
    Mismatch {
        cert: String,
        key: String,
        error: rustls::Error,
    },
    #[error("{path}: {error}")]
    Unusable { path: String, error: String },
    #[error("{given} is given without {missing}; a certificate and its key go together")]
    Half {
        given: &'static str,
        missing: &'static str,
    },
    #[error(transparent)]
    Rustls(#[from] rustls::Error),
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// A server that shows what the files hold, also after they have changed. Must be called within
/// a runtime.
pub(crate) fn server(files: &Files, name: &str) -> Result<Arc<ServerConfig>, TlsError> {
    let identity = Arc::new(Identity::load(files.clone(), name)?);
    warn_of(&identity);
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::clone(&identity) as _);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    tokio::spawn(reload(identity));
    Ok(Arc::new(config))
}

fn warn_of(identity: &Identity) {
    if let Some(warning) = identity.misnamed() {
        tracing::warn!("{warning}");
    }
}

/// Looks at the files now and then: that works for every way in which they are replaced.
async fn reload(identity: Arc<Identity>) {
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let this = Arc::clone(&identity);
        let looked = tokio::task::spawn_blocking(move || this.reload()).await;
        match looked {
            Ok(Ok(true)) => {
                tracing::info!("a certificate was replaced");
                warn_of(&identity);
            }
            Ok(Ok(false)) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "a certificate changed and cannot be used; the old one stays");
            }
            Err(_) => return,
        }
    }
}
