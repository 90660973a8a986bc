//! The certificate we show, as the files hold it now.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use arc_swap::ArcSwap;
use rustls::{
    client::verify_server_name,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    server::{ClientHello, ParsedCertificate, ResolvesServerCert},
    sign::CertifiedKey,
};

use super::{Files, TlsError, provider};

/// The certificate we show, as the files hold it now.
#[derive(Debug)]
pub(crate) struct Identity {
    files: Files,
    /// The name that browsers will look for.
    name: String,
    current: ArcSwap<CertifiedKey>,
    seen: Mutex<Contents>,
}

#[derive(Clone, PartialEq, Eq)]
struct Contents {
    cert: Vec<u8>,
    key: Vec<u8>,
}

impl std::fmt::Debug for Contents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contents")
    }
}

impl Identity {
    /// Reads the files, for a server that is reached by `name`.
    pub(crate) fn load(files: Files, name: &str) -> Result<Self, TlsError> {
        let seen = Contents::read(&files)?;
        let current = ArcSwap::from_pointee(seen.certified(&files)?);
        Ok(Self {
            files,
            name: name.to_owned(),
            current,
            seen: Mutex::new(seen),
        })
    }

    /// Reads the files again; answers whether they had changed. Files that do not belong together,
    /// as when only one has been replaced yet, change nothing and are told of once.
    pub(crate) fn reload(&self) -> Result<bool, TlsError> {
        let found = Contents::read(&self.files)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == found {
            return Ok(false);
        }
        *seen = found.clone();
        drop(seen);
        self.current.store(Arc::new(found.certified(&self.files)?));
        Ok(true)
    }

    /// What to tell when browsers will not accept the certificate as it is now.
    pub(crate) fn misnamed(&self) -> Option<String> {
        let current = self.current.load();
        let parsed = current.cert.first().map(ParsedCertificate::try_from);
        let (Some(Ok(parsed)), Ok(server)) = (parsed, ServerName::try_from(self.name.as_str()))
        else {
            return None;
        };
        verify_server_name(&parsed, &server).err().map(|_| {
            let path = self.files.cert.display();
            format!(
                "{path} is not for {}; browsers will refuse it. Put a certificate for that name there",
                self.name
            )
        })
    }
}

impl ResolvesServerCert for Identity {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}

impl Contents {
    fn read(files: &Files) -> Result<Self, TlsError> {
        Ok(Self {
            cert: read(&files.cert)?,
            key: read(&files.key)?,
        })
    }

    fn certified(&self, files: &Files) -> Result<CertifiedKey, TlsError> {
        let (chain, key) = (
            chain(&files.cert, &self.cert)?,
            private_key(&files.key, &self.key)?,
        );
        CertifiedKey::from_der(chain, key, &provider()).map_err(|error| TlsError::Mismatch {
            cert: files.cert.display().to_string(),
            key: files.key.display().to_string(),
            error,
        })
    }
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|error| TlsError::Unreadable {
        path: path.display().to_string(),
        error,
    })
}

/// Every certificate of a PEM file; at least one.
pub(super) fn chain(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    chain
        .ok()
        .filter(|chain| !chain.is_empty())
        .ok_or_else(|| TlsError::Empty {
            path: path.display().to_string(),
            wanted: "certificate",
        })
}

pub(super) fn private_key(path: &Path, pem: &[u8]) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|_| TlsError::Empty {
        path: path.display().to_string(),
        wanted: "private key",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(directory: &Path, name: &str) -> Files {
        let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        let files = Files {
            cert: directory.join("cert.pem"),
            key: directory.join("key.pem"),
        };
        fs::write(&files.cert, made.cert.pem()).unwrap();
        fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
        files
    }

    #[test]
    fn replaced_files_are_shown_and_a_half_replaced_pair_is_not() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("../../target/tmp/identity-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let files = write(&directory, "a.test");
        let identity = Identity::load(files.clone(), "a.test").unwrap();
        assert_eq!(identity.misnamed(), None);
        let shown = || identity.current.load().cert.clone();
        let first = shown();
        assert!(!identity.reload().unwrap());

        let old_key = fs::read(&files.key).unwrap();
        write(&directory, "b.test");
        let new_key = fs::read(&files.key).unwrap();
        fs::write(&files.key, old_key).unwrap();
        let error = identity.reload().unwrap_err();
        assert!(
            error.to_string().contains("do not belong together"),
            "{error}"
        );
        assert_eq!(shown(), first, "the old pair stays");
        assert!(!identity.reload().unwrap(), "told once");

        fs::write(&files.key, new_key).unwrap();
        assert!(identity.reload().unwrap());
        assert_ne!(shown(), first);
        let told = identity.misnamed().unwrap();
        assert!(told.contains("is not for a.test"), "{told}");

        fs::remove_file(&files.cert).unwrap();
        assert!(matches!(
            identity.reload(),
            Err(TlsError::Unreadable { .. })
        ));
        fs::write(&files.cert, "nonsense").unwrap();
        assert!(matches!(identity.reload(), Err(TlsError::Empty { .. })));
        fs::remove_dir_all(directory).unwrap();
    }
}
