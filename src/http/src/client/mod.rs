//! Talking to a running server: how the other subcommands reach a library that it owns.

mod backup;
mod error;
mod thumbnail;
mod verified;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{Connector, TcpConnector};

use crate::{IndexOrder, ServerFile, Token, wire};
pub use error::ClientError;
use verified::{KNOCK, Verified};

/// Longest wait for any other answer; the server itself gives up earlier.
const ANSWER: Duration = Duration::from_secs(120);
/// The same where the server looks at the whole library.
const LONG_ANSWER: Duration = Duration::from_secs(660);
/// Longest answer that is read: thousands of records are far below it.
const MAX_ANSWER_BYTES: u64 = 256 << 20;

/// One server, reached over connections that are [`Verified`] before anything is said. Blocks; may
/// be used from several threads.
#[derive(Clone, Debug)]
pub struct Client {
    agent: ureq::Agent,
    base: String,
    token: Token,
}

impl Client {
    /// The server that owns a library, if one answers.
    ///
    /// Reads `server.json` in the library's folder. A file that a dead process left behind is
    /// ignored: whoever answers must be the process that wrote it.
    pub fn find(library_folder: &Path) -> Option<Self> {
        let client = Self::to(&ServerFile::read(library_folder)?);
        client.health().ok().map(|_| client)
    }

    /// The server that a `server.json` describes. Nothing is sent yet.
    pub fn to(file: &ServerFile) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(KNOCK))
            .timeout_global(Some(ANSWER))
            .max_redirects(0)
            .proxy(None)
            .user_agent(concat!("seer/", env!("CARGO_PKG_VERSION")))
            .build();
        let connector = ().chain(TcpConnector::default()).chain(Verified::new(file));
        Self {
            agent: ureq::Agent::with_parts(config, connector, DefaultResolver::default()),
            base: format!("http://{}", file.address),
            token: file.token.clone(),
        }
    }

    /// Where the server is, such as `http://127.0.0.1:7337`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Whether it is there; answers within seconds.
    ///
    /// # Errors
    /// [`ClientError`], as for every other call.
    pub fn health(&self) -> Result<wire::Health, ClientError> {
        let url = self.url("/health");
        let request = self.agent.get(&url).config().timeout_global(Some(KNOCK)).build();
        receive(&url, request.call())
    }

    /// Searches.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` with code `bad_query` and the like when the request is wrong.
    pub fn search(&self, request: &wire::SearchRequest) -> Result<wire::SearchAnswer, ClientError> {
        self.post("/api/search", request)
    }

    /// Several searches at once, each with its own answer or error.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` when there are too many.
    pub fn search_batch(
        &self,
        request: &wire::BatchRequest,
    ) -> Result<wire::BatchAnswer, ClientError> {
        self.post("/api/search/batch", request)
    }

    /// Groups of photos that are alike, among those that the filters of a query allow.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` with code `bad_query` when there is more than filters.
    pub fn duplicates(&self, query: &str) -> Result<wire::Duplicates, ClientError> {
        let url = self.url("/api/duplicates");
        let request = self.agent.get(&url).query("q", query);
        let request = request.config().timeout_global(Some(LONG_ANSWER)).build();
        receive(&url, request.header("authorization", self.bearer()).call())
    }

    /// One photo, by its id or the start of it.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` with code `not_found`.
    pub fn photo(&self, id: &str) -> Result<wire::Photo, ClientError> {
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(ClientError::NotAnId(id.chars().take(80).collect()));
        }
        self.get(&format!("/api/photos/{id}"))
    }

    /// Photos like one of the library.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` with code `not_found`.
    pub fn similar(&self, id: &str, k: usize) -> Result<wire::SearchAnswer, ClientError> {
        let pictures = vec![wire::Picture::Id(self.photo(id)?.id)];
        self.search(&wire::SearchRequest { pictures, k, ..Default::default() })
    }

    /// The library and the server in numbers.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn status(&self) -> Result<wire::Status, ClientError> {
        self.get("/api/status")
    }

    /// The indexed folders.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn roots(&self) -> Result<Vec<wire::Root>, ClientError> {
        self.get::<wire::Roots>("/api/roots").map(|answer| answer.roots)
    }

    /// Has an indexed folder watched, or no longer.
    ///
    /// # Errors
    /// `Refused` with code `no_root` for what is no indexed folder.
    pub fn watch(&self, folder: &Path, watch: bool) -> Result<Vec<wire::Root>, ClientError> {
        let unspeakable = || ClientError::NotUnicode(folder.to_path_buf());
        let folder = folder.to_str().ok_or_else(unspeakable)?.to_owned();
        let order = wire::WatchRequest { folder, watch };
        self.post::<wire::Roots>("/api/roots/watch", &order).map(|answer| answer.roots)
    }

    /// Files that could not be indexed.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn failures(&self) -> Result<Vec<wire::Failure>, ClientError> {
        self.get::<wire::Failures>("/api/failures").map(|answer| answer.failures)
    }

    /// Starts an indexing run; no folders: all that were indexed before.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` with code `index_running` while one goes on.
    pub fn start_index(&self, order: &IndexOrder) -> Result<wire::IndexState, ClientError> {
        let text = |folder: &PathBuf| {
            folder
                .to_str()
                .map(str::to_owned)
                .ok_or_else(|| ClientError::NotUnicode(folder.clone()))
        };
        let folders = order.folders.iter().map(text).collect::<Result<_, _>>()?;
        let order = order.clone();
        let request = wire::IndexRequest {
            folders,
            prune: order.prune,
            model: order.model,
            index: order.index,
            excludes: order.excludes,
            no_excludes: order.no_excludes,
            no_thumbnails: order.without_thumbnails,
            retry_failures: order.retry_failures,
            text: order.text,
            captions: order.captions,
        };
        self.post("/api/index", &request)
    }

    /// How far the indexing run is.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn index_state(&self) -> Result<wire::IndexState, ClientError> {
        self.get("/api/index")
    }

    /// Asks the indexing run to stop.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn cancel_index(&self) -> Result<wire::IndexState, ClientError> {
        let url = self.url("/api/index");
        receive(&url, self.agent.delete(&url).header("authorization", self.bearer()).call())
    }

    /// Forgets a folder or a file.
    ///
    /// # Errors
    /// [`ClientError`]; `Refused` with code `index_running` while a run goes on.
    pub fn forget(&self, place: &Path) -> Result<wire::Forgotten, ClientError> {
        let unspeakable = || ClientError::NotUnicode(place.to_path_buf());
        let place = place.to_str().ok_or_else(unspeakable)?.to_owned();
        self.post("/api/forget", &wire::ForgetRequest { place })
    }

    /// Has queries answered with another model, by name or the start of its fingerprint; returns
    /// when it is loaded.
    ///
    /// # Errors
    /// `Refused` when no photo is encoded with it or it cannot be loaded.
    pub fn use_model(&self, model: &str) -> Result<wire::Models, ClientError> {
        self.post("/api/models/use", &wire::ModelRequest { model: model.to_owned() })
    }

    /// Has a model's embeddings forgotten.
    ///
    /// # Errors
    /// `Refused` for the model in use, an unknown one, and while an indexing run goes on.
    pub fn forget_model(&self, model: &str) -> Result<wire::Models, ClientError> {
        self.post("/api/models/forget", &wire::ModelRequest { model: model.to_owned() })
    }

    /// The albums, by name.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn albums(&self) -> Result<Vec<wire::Album>, ClientError> {
        self.get::<wire::Albums>("/api/albums").map(|answer| answer.albums)
    }

    /// Keeps an album, in place of a search of the same name; returns all of them.
    ///
    /// # Errors
    /// `Refused` for a name or a query that an album cannot have.
    pub fn save_album(&self, album: &wire::Album) -> Result<Vec<wire::Album>, ClientError> {
        let order = wire::AlbumSave::from(album.clone());
        self.post::<wire::Albums>("/api/albums", &order).map(|answer| answer.albums)
    }

    /// Gives an album another name; returns all of them.
    ///
    /// # Errors
    /// `Refused` for an unknown one, and for a name that another one has.
    pub fn rename_album(&self, name: &str, to: &str) -> Result<Vec<wire::Album>, ClientError> {
        let order = wire::AlbumRename { name: name.to_owned(), to: to.to_owned() };
        self.post::<wire::Albums>("/api/albums/rename", &order).map(|answer| answer.albums)
    }

    /// Puts photos into an album of picked photos, or takes them out; one that is not there is made.
    ///
    /// # Errors
    /// `Refused` for the name of a search, for what is no id, and for too many.
    pub fn pick(
        &self,
        name: &str,
        photos: &[String],
        put_in: bool,
    ) -> Result<wire::Picked, ClientError> {
        let order = wire::AlbumPhotos { name: name.to_owned(), photos: photos.to_vec(), put_in };
        self.post("/api/albums/photos", &order)
    }

    /// Lets go of an album; returns those that are left.
    ///
    /// # Errors
    /// `Refused` for an unknown one.
    pub fn remove_album(&self, name: &str) -> Result<Vec<wire::Album>, ClientError> {
        let order = wire::AlbumName { name: name.to_owned() };
        self.post::<wire::Albums>("/api/albums/remove", &order).map(|answer| answer.albums)
    }

    /// Hides photos from searches, or shows them again; returns how many are hidden then.
    ///
    /// # Errors
    /// `Refused` for what is no id, and for too many.
    pub fn hide(&self, photos: &[String], hidden: bool) -> Result<usize, ClientError> {
        let order = wire::Hide { photos: photos.to_vec(), hidden };
        self.post::<wire::Hidden>("/api/hide", &order).map(|answer| answer.hidden)
    }

    /// The tokens with names, by name.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn tokens(&self) -> Result<Vec<wire::NamedToken>, ClientError> {
        self.get::<wire::Tokens>("/api/tokens").map(|answer| answer.tokens)
    }

    /// Makes a token, whose letters the answer tells.
    ///
    /// # Errors
    /// `Refused` for a name that it cannot have, or that another one has, and for folders that it cannot be
    /// bound to.
    pub fn create_token(
        &self,
        wanted: &wire::TokenCreate,
    ) -> Result<wire::TokenCreated, ClientError> {
        self.post("/api/tokens", wanted)
    }

    /// Takes a token back; returns those that are left.
    ///
    /// # Errors
    /// `Refused` for an unknown one.
    pub fn revoke_token(&self, name: &str) -> Result<Vec<wire::NamedToken>, ClientError> {
        let order = wire::TokenName { name: name.to_owned() };
        self.post::<wire::Tokens>("/api/tokens/revoke", &order).map(|answer| answer.tokens)
    }

    fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        let url = self.url(path);
        receive(&url, self.agent.get(&url).header("authorization", self.bearer()).call())
    }

    fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let url = self.url(path);
        let request = self.agent.post(&url).header("authorization", self.bearer());
        receive(&url, request.send_json(body))
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token.as_str())
    }
}

type Answer = Result<ureq::http::Response<ureq::Body>, ureq::Error>;

fn receive<T: DeserializeOwned>(url: &str, answer: Answer) -> Result<T, ClientError> {
    let unreachable = |error: ureq::Error| ClientError::Unreachable {
        url: url.to_owned(),
        reason: error.to_string(),
    };
    let mut response = answer.map_err(unreachable)?;
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec();
    let body = body.map_err(unreachable)?;
    if (200..300).contains(&status) {
        return serde_json::from_slice(&body).map_err(|error| ClientError::NotUnderstood {
            url: url.to_owned(),
            reason: error.to_string(),
        });
    }
    Err(refused(url, status, &body))
}

/// The reason that a refusing answer gives.
fn refusal(url: &str, response: &mut ureq::http::Response<ureq::Body>) -> ClientError {
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec();
    refused(url, status, &body.unwrap_or_default())
}

fn refused(url: &str, status: u16, body: &[u8]) -> ClientError {
    match serde_json::from_slice::<wire::ErrorBody>(body) {
        Ok(body) => {
            ClientError::Refused { status, code: body.error.code, message: body.error.message }
        }
        Err(_) => ClientError::NotUnderstood {
            url: url.to_owned(),
            reason: format!("status {status} without a reason"),
        },
    }
}
