//! What is in a pack.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::checksum;
use crate::name::RepositoryId;
use crate::snapshot::is_plain_name;

/// Name of the first entry.
pub(super) const NAME: &str = "seer-pack.json";

/// The manifest as JSON.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// Always 1.
    pub seer_pack: u32,
    /// The name under which the model was exported.
    pub name: String,
    /// Where it is on the hub.
    pub origin: Option<Origin>,
    /// Its files, in the archive's order.
    pub files: Vec<File>,
}

/// A place on the hub.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Origin {
    /// `owner/repository`.
    pub hub: String,
    /// Branch or tag.
    pub revision: String,
    /// The commit.
    pub commit: String,
}

/// One file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Its path in the model's folder, with `/`.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Lower-case hexadecimal digest.
    pub sha256: String,
}

impl Manifest {
    /// Whether it can be acted on: errors are reasons in words.
    pub fn check(&self) -> Result<(), String> {
        if self.seer_pack != 1 {
            return Err(format!("it is of version {}, seer reads version 1", self.seer_pack));
        }
        let mut seen = HashSet::new();
        for file in &self.files {
            let parts: Vec<&str> = file.name.split('/').collect();
            if parts.len() > 2 || !parts.iter().all(|part| is_plain_name(part)) {
                return Err(format!("the name {:?} could leave the folder", file.name));
            }
            if !seen.insert(file.name.to_lowercase()) {
                return Err(format!("the name {} is there twice", file.name));
            }
            if checksum::stated(&file.sha256).is_none() {
                return Err(format!("{} has no SHA-256", file.name));
            }
        }
        if self.files.is_empty() {
            return Err("it lists no files".to_owned());
        }
        self.origin.as_ref().map_or(Ok(()), Origin::check)
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().fold(0u64, |sum, file| sum.saturating_add(file.bytes))
    }
}

impl Origin {
    /// The repository; `None` for what could leave the cache.
    pub fn id(&self) -> Option<RepositoryId> {
        format!("{}@{}", self.hub, self.revision).parse().ok()
    }

    fn check(&self) -> Result<(), String> {
        match self.id().is_some() && is_plain_name(&self.commit) {
            true => Ok(()),
            false => Err("its place on the hub could leave the cache".to_owned()),
        }
    }
}
