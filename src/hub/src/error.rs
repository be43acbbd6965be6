//! Why a model could not be had. Each message ends in what to do next.

use std::fmt;
use std::path::PathBuf;

use thiserror::Error;

/// Why a model could not be found or fetched.
#[derive(Debug, Error)]
pub enum FetchError {
    /// The built-in model is in the program.
    #[error("\"builtin\" is in the program itself; there is nothing to fetch")]
    Builtin,
    /// Neither a folder, nor a known name, nor a hub id.
    #[error(
        "no model is called \"{name}\"{}; \"seer models list\" shows those known by name, others go by their hub id (owner/repository) or a folder",
        did_you_mean(suggestions)
    )]
    UnknownName {
        /// What was asked for.
        name: String,
        /// Names that are near.
        suggestions: Vec<String>,
    },
    /// A path was given, but no folder is there.
    #[error("{} is no folder; give the folder that holds the model's config and safetensors files", path.display())]
    NoSuchFolder {
        /// The path as given.
        path: PathBuf,
    },
    /// Offline was asked for, and the model is not on disk.
    #[error("{name} has not been fetched, and no network may be used; {available}")]
    Offline {
        /// What was asked for.
        name: String,
        /// What works instead.
        available: Available,
    },
    /// The server cannot be reached.
    #[error("{name} cannot be fetched: {cause}; {available}")]
    NoConnection {
        /// What was asked for.
        name: String,
        /// Why, in words, without the server's name.
        cause: String,
        /// What works instead.
        available: Available,
    },
    /// The connection broke again and again. What came in is kept.
    #[error(
        "the connection broke while fetching {file} ({received} of {total} bytes are kept): {cause}; run the same command again to go on from there"
    )]
    Interrupted {
        /// The file.
        file: String,
        /// Bytes on disk.
        received: u64,
        /// Its size.
        total: u64,
        /// Why, in words.
        cause: String,
    },
    /// There is no such repository, revision or file.
    #[error(
        "{id} is not on the hub (or not at that revision); check its spelling, or see \"seer models list\""
    )]
    NotFound {
        /// Repository and revision.
        id: String,
    },
    /// The server wants to know who asks.
    #[error("{}", denied(id, *had_token))]
    Denied {
        /// Repository and revision.
        id: String,
        /// Whether a token was sent.
        had_token: bool,
    },
    /// The server answered with an error of its own.
    #[error("the hub answered with status {status} for {id}; {}", after_status(*status))]
    Server {
        /// Repository and revision.
        id: String,
        /// HTTP status.
        status: u16,
    },
    /// The server answered something that is not the hub's protocol.
    #[error(
        "the answer for {id} is not what the hub sends ({reason}); a proxy or a login page may be in between: check HF_ENDPOINT and the network"
    )]
    Protocol {
        /// Repository and revision.
        id: String,
        /// What was odd.
        reason: String,
    },
    /// The repository has weights, but only pickled.
    #[error(
        "{id} offers its weights neither as safetensors nor under a name seer reads (open_clip_pytorch_model.bin, pytorch_model.bin); look for another revision or copy, or convert them (python: safetensors.torch.save_file) and give the folder"
    )]
    OnlyPickled {
        /// Repository and revision.
        id: String,
    },
    /// The repository holds something else.
    #[error(
        "{id} holds no CLIP model in a layout seer reads (open_clip_config.json with open_clip_model.safetensors, or config.json and preprocessor_config.json with model.safetensors)"
    )]
    NotAModel {
        /// Repository and revision.
        id: String,
    },
    /// A file's bytes are not those the server announced. The file was removed.
    #[error(
        "{file} came in damaged: its SHA-256 is {found}, the hub says {expected}; it was removed: run the same command again"
    )]
    Corrupt {
        /// The file.
        file: String,
        /// The announced digest.
        expected: String,
        /// The digest of what came in.
        found: String,
    },
    /// The disk is full.
    #[error("the disk of {} is full; free some space, or choose another cache folder with HF_HOME, then run the same command again", path.display())]
    DiskFull {
        /// The cache folder.
        path: PathBuf,
    },
    /// Another process fetches the same file.
    #[error("another process is fetching the same file ({}); wait for it, then run the same command again", lock.display())]
    Busy {
        /// The lock file.
        lock: PathBuf,
    },
    /// The cache cannot be read or written.
    #[error("cannot use the model cache at {}: {source}; choose another with HF_HOME", path.display())]
    Cache {
        /// Which file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// There is no home folder to put a cache in.
    #[error("no folder for models is known; set HF_HOME to one")]
    NoCacheFolder,
}

/// What works without a network.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Available {
    /// Names of the models in the cache.
    pub cached: Vec<String>,
}

impl fmt::Display for Available {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "these work without a network: the built-in model (\"builtin\"), a model's folder",
        )?;
        if self.cached.is_empty() {
            f.write_str("; no model has been fetched so far")
        } else {
            write!(f, ", and what has been fetched: {}", self.cached.join(", "))
        }
    }
}

fn did_you_mean(suggestions: &[String]) -> String {
    if suggestions.is_empty() {
        String::new()
    } else {
        format!(" (did you mean {}?)", suggestions.join(", or "))
    }
}

fn denied(id: &str, had_token: bool) -> String {
    let next = if had_token {
        "the token in HF_TOKEN is not allowed to read it: accept the model's terms on its page, or use another token"
    } else {
        "check its spelling; if it is gated or private, accept its terms on its page and set HF_TOKEN to your access token"
    };
    format!("{id} does not exist or is not open to everybody; {next}")
}

fn after_status(status: u16) -> &'static str {
    match status {
        429 => "it has been asked too often: wait some minutes, or set HF_TOKEN",
        500.. => "it has trouble of its own: try again later",
        _ => "check HF_ENDPOINT and the name",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_what_and_what_next() {
        let available = Available { cached: vec!["ViT-B-32/openai".into()] };
        let message = FetchError::Offline { name: "ViT-H-14".into(), available }.to_string();
        assert_eq!(
            message,
            "ViT-H-14 has not been fetched, and no network may be used; these work without a network: the built-in \
             model (\"builtin\"), a model's folder, and what has been fetched: ViT-B-32/openai"
        );
        let unknown =
            FetchError::UnknownName { name: "x".into(), suggestions: vec!["a".into(), "b".into()] };
        assert!(unknown.to_string().contains("did you mean a, or b?"));
        let denied = FetchError::Denied { id: "a/b".into(), had_token: false };
        assert!(denied.to_string().contains("HF_TOKEN"));
    }
}
