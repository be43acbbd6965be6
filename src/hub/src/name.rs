//! Names of repositories on the hub.

use std::fmt;
use std::str::FromStr;

/// `owner/repository`, with `@revision` (branch, tag, commit or `refs/pr/N`) where it is not `main`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct RepositoryId {
    pub id: String,
    pub revision: String,
}

/// The branch a repository is read from when nothing else is said.
pub(super) const MAIN: &str = "main";

impl RepositoryId {
    pub fn new(id: &str, revision: &str) -> Self {
        Self { id: id.to_owned(), revision: revision.to_owned() }
    }

    /// The repository as hf-hub names it.
    pub fn repo(&self) -> hf_hub::Repo {
        hf_hub::Repo::with_revision(self.id.clone(), hf_hub::RepoType::Model, self.revision.clone())
    }
}

impl fmt::Display for RepositoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        if self.revision != MAIN { write!(f, "@{}", self.revision) } else { Ok(()) }
    }
}

/// The text is no repository's name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct NotAnId;

impl FromStr for RepositoryId {
    type Err = NotAnId;

    /// Both become parts of paths in the cache, so only the hub's own characters pass, and never `..`.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (id, revision) = text.trim().split_once('@').unwrap_or((text.trim(), MAIN));
        let (owner, repository) = id.split_once('/').ok_or(NotAnId)?;
        let parts = [owner, repository].into_iter().chain(revision.split('/'));
        for part in parts {
            let plain = part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
            if part.is_empty() || part.starts_with('.') || part.contains("..") || !plain {
                return Err(NotAnId);
            }
        }
        Ok(Self::new(id, revision))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_with_and_without_revision() {
        let id: RepositoryId = "laion/CLIP-ViT-B-32".parse().unwrap();
        assert_eq!((id.id.as_str(), id.revision.as_str()), ("laion/CLIP-ViT-B-32", "main"));
        assert_eq!(id.to_string(), "laion/CLIP-ViT-B-32");
        let pull: RepositoryId = "a/b.c@refs/pr/2".parse().unwrap();
        assert_eq!(pull.revision, "refs/pr/2");
        assert_eq!(pull.to_string(), "a/b.c@refs/pr/2");
    }

    #[test]
    fn what_could_leave_the_cache_is_no_id() {
        for text in [
            "",
            "a",
            "a/b/c",
            "a/..",
            "../b",
            "a/b@../../x",
            "a/b@",
            "a b/c",
            "/etc",
            "a/b@x//y",
            ".a/b",
            "ä/b",
        ] {
            assert_eq!(text.parse::<RepositoryId>(), Err(NotAnId), "{text}");
        }
    }
}
