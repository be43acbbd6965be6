//! What went wrong with one request, sorted by what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use hf_hub::api::sync::ApiError;

use super::error::FetchError;
use super::name::RepositoryId;

/// A request's failure.
#[derive(Debug)]
pub(super) enum Failure {
    /// No connection to the server came about.
    NoConnection(String),
    /// The transfer of a file broke off; another attempt may go on from what is on disk.
    Broken(String),
    /// The server refused.
    Status(u16),
    /// The answer is not the hub's.
    Protocol(String),
    /// The bytes are not those announced.
    Corrupt { file: String, expected: String, found: String },
    /// The disk.
    Io(io::Error),
    /// Another process holds the file's lock.
    Busy(PathBuf),
}

/// Why fetching a repository stopped.
#[derive(Debug)]
pub(super) enum Stop {
    /// The server is out of reach; the cause in words.
    NoConnection(String),
    /// The revision has its weights only pickled; another revision may have them as safetensors.
    OnlyPickled,
    /// Anything else.
    Error(FetchError),
}

/// A failure of a request that transfers no file.
pub(super) fn of_request(error: &ureq::Error) -> Failure {
    match error {
        ureq::Error::StatusCode(status) => Failure::Status(*status),
        ureq::Error::Json(e) => Failure::Protocol(e.to_string()),
        ureq::Error::Protocol(_)
        | ureq::Error::BadUri(_)
        | ureq::Error::Http(_)
        | ureq::Error::TooManyRedirects => Failure::Protocol(error.to_string()),
        _ => Failure::NoConnection(cause(error)),
    }
}

/// A failure while a file is transferred.
pub(super) fn of_transfer(error: ApiError) -> Failure {
    match error {
        ApiError::RequestError(e) => match of_request(&e) {
            Failure::NoConnection(cause) => Failure::Broken(cause),
            // 416: what is on disk is no beginning of the file any more. 5xx: the server's own trouble may pass.
            Failure::Status(status @ (416 | 429 | 500..)) => {
                Failure::Broken(format!("the hub answered with status {status}"))
            }
            other => other,
        },
        ApiError::IoError(e) => match e.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::NotFound
            | io::ErrorKind::AlreadyExists
            | io::ErrorKind::Unsupported => Failure::Io(e),
            _ => Failure::Broken(in_words(&e)),
        },
        ApiError::TooManyRetries(inner) => of_transfer(*inner),
        ApiError::LockAcquisition(path) => Failure::Busy(path),
        other => Failure::Protocol(other.to_string()),
    }
}

impl Failure {
    /// The failure as the end of the fetch. A broken transfer ends it only after several attempts, elsewhere.
    pub fn stop(self, id: &RepositoryId, had_token: bool, cache: &Path) -> Stop {
        let id = id.to_string();
        let path = cache.to_owned();
        Stop::Error(match self {
            Self::NoConnection(cause) | Self::Broken(cause) => return Stop::NoConnection(cause),
            Self::Status(401 | 403) => FetchError::Denied { id, had_token },
            Self::Status(404) => FetchError::NotFound { id },
            Self::Status(status) => FetchError::Server { id, status },
            Self::Protocol(reason) => FetchError::Protocol { id, reason },
            Self::Corrupt { file, expected, found } => {
                FetchError::Corrupt { file, expected, found }
            }
            Self::Io(e)
                if matches!(
                    e.kind(),
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
                ) =>
            {
                FetchError::DiskFull { path }
            }
            Self::Io(source) => FetchError::Cache { path, source },
            Self::Busy(lock) => FetchError::Busy { lock },
        })
    }
}

/// Why no connection came about, without naming the server.
fn cause(error: &ureq::Error) -> String {
    let words = match error {
        ureq::Error::HostNotFound => "the server's name cannot be resolved (no network?)",
        ureq::Error::Timeout(_) => "the server did not answer in time",
        ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => {
            "the proxy let nothing through"
        }
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
            "no secure connection came about (a wrong clock, or a proxy?)"
        }
        ureq::Error::Io(e) => return in_words(e),
        _ => "no connection came about",
    };
    words.to_owned()
}

fn in_words(error: &io::Error) -> String {
    let words = match error.kind() {
        io::ErrorKind::ConnectionRefused => "the server refused the connection",
        io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkDown => "there is no network, or no way to the server",
        io::ErrorKind::TimedOut => "the server did not answer in time",
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => "the server closed the connection",
        io::ErrorKind::UnexpectedEof => "the transfer ended early",
        kind => return kind.to_string(),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_words_without_the_servers_name() {
        let refused = ureq::Error::Io(io::Error::new(
            io::ErrorKind::ConnectionRefused,
            "127.0.0.1:1 refused",
        ));
        assert_eq!(cause(&refused), "the server refused the connection");
        assert!(cause(&ureq::Error::HostNotFound).contains("cannot be resolved"));
    }

    #[test]
    fn a_full_disk_is_told_from_a_broken_transfer() {
        let id = RepositoryId::new("a/b", "main");
        let stop = |kind: io::ErrorKind| {
            of_transfer(ApiError::IoError(io::Error::new(kind, "x"))).stop(
                &id,
                false,
                Path::new("/cache"),
            )
        };
        assert!(matches!(
            stop(io::ErrorKind::StorageFull),
            Stop::Error(FetchError::DiskFull { .. })
        ));
        assert!(matches!(
            stop(io::ErrorKind::PermissionDenied),
            Stop::Error(FetchError::Cache { .. })
        ));
        let broken =
            of_transfer(ApiError::IoError(io::Error::new(io::ErrorKind::UnexpectedEof, "x")));
        assert!(matches!(broken, Failure::Broken(_)));
    }

    #[test]
    fn statuses_mean_what_they_say() {
        let id = RepositoryId::new("a/b", "main");
        let stop = |status| Failure::Status(status).stop(&id, false, Path::new("/cache"));
        assert!(matches!(stop(404), Stop::Error(FetchError::NotFound { .. })));
        assert!(matches!(stop(401), Stop::Error(FetchError::Denied { had_token: false, .. })));
        assert!(matches!(stop(403), Stop::Error(FetchError::Denied { .. })));
        assert!(matches!(stop(418), Stop::Error(FetchError::Server { status: 418, .. })));
        let passing = of_transfer(ApiError::RequestError(Box::new(ureq::Error::StatusCode(503))));
        assert!(matches!(passing, Failure::Broken(_)));
    }
}
