//! Which servers are trusted.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use crate::error::{PostgresError, Result};

/// What is asked of a server's certificate. The file holds certificates to trust in place of the
/// well-known ones.
#[derive(Debug)]
pub(super) enum Trust {
    /// Nothing: what is sent cannot be read on the way, but who reads it is not known.
    Anyone,
    /// Somebody trusted has signed it.
    AnyName(Option<PathBuf>),
    /// Somebody trusted has signed it for this host.
    Named(Option<PathBuf>),
}

impl Trust {
    /// # Errors
    /// `Url` when the file of certificates cannot be used.
    pub(super) fn client(&self) -> Result<ClientConfig> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| bad(&error.to_string()))?;
        Ok(match self {
            Self::Named(file) => {
                builder.with_root_certificates(roots(file.as_deref())?).with_no_client_auth()
            }
            Self::AnyName(file) => {
                let roots = Arc::new(roots(file.as_deref())?);
                let chain = WebPkiServerVerifier::builder_with_provider(roots, provider.clone());
                let chain = chain.build().map_err(|error| bad(&error.to_string()))?;
                let verifier = Lenient { provider, chain: Some(chain) };
                builder
                    .dangerous()
                    .with_custom_certificate_verifier(Arc::new(verifier))
                    .with_no_client_auth()
            }
            Self::Anyone => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Lenient { provider, chain: None }))
                .with_no_client_auth(),
        })
    }
}

fn bad(reason: &str) -> PostgresError {
    PostgresError::Url { reason: reason.to_owned() }
}

fn roots(file: Option<&Path>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let Some(file) = file else {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        return Ok(roots);
    };
    let unusable = |error: &dyn std::fmt::Display| {
        bad(&format!("the certificates in {} cannot be used ({error})", file.display()))
    };
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unusable(&error))? {
        let certificate = certificate.map_err(|error| unusable(&error))?;
        roots.add(certificate).map_err(|error| unusable(&error))?;
    }
    if roots.is_empty() {
        return Err(unusable(&"there are none"));
    }
    Ok(roots)
}

/// Looks at the chain of a certificate, or at nothing, and never at the name. That the server has
/// the certificate's key is always asked.
#[derive(Debug)]
struct Lenient {
    provider: Arc<CryptoProvider>,
    chain: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, Error> {
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(certificate, between, name, ocsp, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
