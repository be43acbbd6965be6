//! Where models are cached, which server is asked, and with which token.

use std::path::PathBuf;

use super::error::FetchError;

/// How models are fetched. `Default` takes everything from the environment, as the hub's own tools do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FetchOptions {
    /// Opens no socket: only what is on disk is used. `HF_HUB_OFFLINE=1` means the same.
    pub offline: bool,
    /// The cache folder, the one with the `models--…` folders. Else `HF_HUB_CACHE`, `HUGGINGFACE_HUB_CACHE`,
    /// `HF_HOME` with `hub` below it, `XDG_CACHE_HOME`, and `.cache/huggingface/hub` in the home folder.
    pub cache: Option<PathBuf>,
    /// The server. Else `HF_ENDPOINT`, and the public hub.
    pub endpoint: Option<String>,
    /// The access token. Else `HF_TOKEN`, and the file `token` beside the cache folder that the hub's login writes.
    pub token: Option<String>,
}

impl FetchOptions {
    /// Whether no socket may be opened.
    pub fn is_offline(&self) -> bool {
        self.offline
            || variable("HF_HUB_OFFLINE")
                .is_some_and(|v| ["1", "true", "yes", "on"].contains(&v.as_str()))
    }

    /// The cache folder; it need not exist.
    ///
    /// # Errors
    /// `NoCacheFolder` when neither option, environment nor home folder names one.
    pub fn cache_folder(&self) -> Result<PathBuf, FetchError> {
        let from_variables = || {
            variable("HF_HUB_CACHE")
                .or_else(|| variable("HUGGINGFACE_HUB_CACHE"))
                .map(PathBuf::from)
                .or_else(|| Some(PathBuf::from(variable("HF_HOME")?).join("hub")))
        };
        let from_home = || {
            let caches = variable("XDG_CACHE_HOME").map(PathBuf::from);
            let caches = caches.or_else(|| std::env::home_dir().map(|home| home.join(".cache")))?;
            Some(caches.join("huggingface").join("hub"))
        };
        let folder = self
            .cache
            .clone()
            .or_else(from_variables)
            .or_else(from_home)
            .ok_or(FetchError::NoCacheFolder)?;
        std::path::absolute(&folder).map_err(|source| FetchError::Cache { path: folder, source })
    }

    /// The server's address without a slash at its end; `None` for the public hub.
    pub(super) fn server(&self) -> Option<String> {
        let endpoint = self.endpoint.clone().or_else(|| variable("HF_ENDPOINT"))?;
        Some(endpoint.trim_end_matches('/').to_owned())
    }

    /// The token, where one is set outside the cache folder.
    pub(super) fn access_token(&self) -> Option<String> {
        let token = self.token.clone().or_else(|| variable("HF_TOKEN"))?;
        Some(token.trim().to_owned()).filter(|token| !token.is_empty())
    }
}

/// A variable that is set and not empty.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_come_before_the_environment() {
        let options = FetchOptions {
            offline: true,
            cache: Some("/tmp/models".into()),
            endpoint: Some("http://127.0.0.1:1/".into()),
            token: Some(" hf_x\n".into()),
        };
        assert!(options.is_offline());
        assert_eq!(options.cache_folder().unwrap(), PathBuf::from("/tmp/models"));
        assert_eq!(options.server().as_deref(), Some("http://127.0.0.1:1"));
        assert_eq!(options.access_token().as_deref(), Some("hf_x"));
    }

    #[test]
    fn the_cache_folder_is_absolute() {
        let options = FetchOptions { cache: Some("models".into()), ..Default::default() };
        assert!(options.cache_folder().unwrap().is_absolute());
        assert!(FetchOptions::default().cache_folder().unwrap().is_absolute());
    }
}
