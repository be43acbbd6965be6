//! `server.json` in the library folder: how the other subcommands find a running server.

use std::fs;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Token;
use crate::proof::ProofKey;

/// Content of `server.json`. Readable by its owner only, because of its two secrets.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServerFile {
    /// Where the server answers on this machine, such as `127.0.0.1:7337`.
    pub address: SocketAddr,
    /// The secret that requests carry.
    pub token: Token,
    /// The secret by which the server is recognised.
    pub(crate) key: ProofKey,
    /// Process id of the server.
    pub pid: u32,
    /// Version of seer that serves.
    pub version: String,
    /// Which folder it was written into: in a copy of the library it speaks of another one.
    #[serde(default)]
    pub(crate) folder: Option<String>,
}

impl ServerFile {
    /// The file's place for a library.
    pub fn path(library_folder: &Path) -> PathBuf {
        library_folder.join("server.json")
    }

    /// Describes this process, listening on `bound`.
    pub(crate) fn of_this_process(bound: SocketAddr, token: &Token, key: &ProofKey) -> Self {
        Self {
            address: reachable(bound),
            token: token.clone(),
            key: key.clone(),
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            folder: None,
        }
    }

    /// Reads it; `None` when there is none, it is not one of ours, or was copied with its library.
    pub fn read(library_folder: &Path) -> Option<Self> {
        let file: Self =
            serde_json::from_slice(&fs::read(Self::path(library_folder)).ok()?).ok()?;
        let is_here = file.folder.is_none() || file.folder == identity(library_folder);
        is_here.then_some(file)
    }

    /// Writes it at once as a whole, replacing one that a dead process left.
    pub(crate) fn write(&self, library_folder: &Path) -> io::Result<()> {
        // A named temporary file is created with mode 0600 on Unix.
        let mut file = tempfile::NamedTempFile::new_in(library_folder)?;
        let here = Self { folder: identity(library_folder), ..self.clone() };
        file.write_all(&serde_json::to_vec_pretty(&here)?)?;
        file.as_file().sync_all()?;
        file.persist(Self::path(library_folder))?;
        Ok(())
    }

    /// Removes it, unless another process has put its own there meanwhile.
    pub(crate) fn remove(&self, library_folder: &Path) {
        // The key is of this server alone.
        if Self::read(library_folder).is_some_and(|there| there.key == self.key) {
            let path = Self::path(library_folder);
            if let Err(error) = fs::remove_file(&path) {
                log::warn!("cannot remove {}: {error}", path.display());
            }
        }
    }
}

/// What tells a folder from a copy of it: the numbers that the system gives it, or its path.
fn identity(folder: &Path) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let found = fs::metadata(folder).ok()?;
        Some(format!("{}:{}", found.dev(), found.ino()))
    }
    #[cfg(not(unix))]
    {
        Some(fs::canonicalize(folder).ok()?.display().to_string())
    }
}

/// An address that listens everywhere is asked through loopback.
pub(crate) fn reachable(bound: SocketAddr) -> SocketAddr {
    match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, bound.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, bound.port()).into(),
        _ => bound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> ServerFile {
        let token = Token::given("a-secret-of-letters").unwrap();
        let address = "0.0.0.0:81".parse().unwrap();
        ServerFile::of_this_process(address, &token, &ProofKey::random().unwrap())
    }

    fn key_in(folder: &Path) -> Option<ProofKey> {
        ServerFile::read(folder).map(|file| file.key)
    }

    #[test]
    fn an_open_address_is_written_as_loopback() {
        assert_eq!(example().address, "127.0.0.1:81".parse().unwrap());
        assert_eq!(reachable("[::]:81".parse().unwrap()), "[::1]:81".parse().unwrap());
        assert_eq!(reachable("10.0.0.1:81".parse().unwrap()), "10.0.0.1:81".parse().unwrap());
    }

    #[test]
    fn survives_a_round_trip_and_leaves_no_other_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = example();
        file.write(folder.path()).unwrap();
        let read = ServerFile::read(folder.path()).unwrap();
        assert_eq!((read.address, read.pid, &read.key), (file.address, file.pid, &file.key));
        assert_eq!(read.token.as_str(), file.token.as_str());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        file.remove(folder.path());
        assert_eq!(key_in(folder.path()), None);
    }

    #[test]
    fn a_stale_file_is_replaced_and_a_foreign_one_kept() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(ServerFile::path(folder.path()), "not json").unwrap();
        assert_eq!(key_in(folder.path()), None);
        let other = example();
        other.write(folder.path()).unwrap();
        example().remove(folder.path());
        assert_eq!(key_in(folder.path()), Some(other.key));
    }

    #[test]
    fn a_copy_of_a_library_has_no_server() {
        let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        example().write(folder.path()).unwrap();
        let path = ServerFile::path(copy.path());
        fs::copy(ServerFile::path(folder.path()), &path).unwrap();
        assert!(ServerFile::read(copy.path()).is_none());
        assert!(ServerFile::read(folder.path()).is_some());
        // One of a version that did not note the folder is believed.
        fs::write(&path, serde_json::to_vec(&example()).unwrap()).unwrap();
        assert!(ServerFile::read(copy.path()).is_some());
    }

    #[test]
    fn its_secrets_are_not_shown() {
        let file = example();
        let shown = format!("{file:?}");
        let json = serde_json::to_value(&file).unwrap();
        for secret in [&json["token"], &json["key"]] {
            assert!(!shown.contains(secret.as_str().unwrap()), "{shown}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        example().write(folder.path()).unwrap();
        let mode = fs::metadata(ServerFile::path(folder.path())).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
