//! Starts a server for one test and speaks HTTP with it.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::web;
use seer_encoders::DeviceChoice;
use seer_engine::{Change, Library, Model, OpenOptions, Point, SpaceEntry};
use seer_types::{IndexPhase, IndexSummary, LibraryPath, PhotoFile, PhotoId};
use tempfile::TempDir;

use crate::access::{Access, Hosts, NamedTokens, WrongTokens};
use crate::client::Client;
use crate::proof::ProofKey;
use crate::serve::{Ready, ServeError, run};
use crate::state::{Parts, State};
use crate::{
    EndedRun, IndexControl, IndexOrder, Limits, RunEnd, RunState, ServerFile, Shutdown, Token, wire,
};

pub(super) const TOKEN: &str = "token-of-this-test";

/// A running server with its folders. Stops when dropped.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) client: Client,
    pub(super) library: Arc<Library>,
    pub(super) state: web::Data<State>,
    pub(super) index: Arc<Watched>,
    pub(super) shutdown: Shutdown,
    pub(super) photos: PathBuf,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
    _folders: [TempDir; 2],
}

/// How a test wants its server.
pub(super) struct Wanted {
    pub(super) limits: Limits,
    pub(super) model: bool,
    pub(super) pictures: bool,
    pub(super) token_to_read: bool,
    pub(super) strip_metadata: bool,
}

impl Default for Wanted {
    fn default() -> Self {
        // Wrong tokens are many here; that they wait is tested apart.
        let limits = Limits { wrong_token_wait: Duration::ZERO, ..Limits::default() };
        Self { limits, model: true, pictures: true, token_to_read: false, strip_metadata: false }
    }
}

/// Limits that end soon. Still long enough for a request to arrive whole while other tests hold the
/// processor: what arrives later is refused as too slow before any other limit is met.
pub(super) fn impatient() -> Limits {
    Limits { patience: Duration::from_secs(3), ..Limits::default() }
}

/// An answer as it came.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(super) fn error_code(&self) -> String {
        let body: wire::ErrorBody = serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("no error body: {}", String::from_utf8_lossy(&self.body)));
        assert!(!body.error.message.is_empty());
        let row = crate::ERROR_CODES.iter().find(|row| row.code == body.error.code);
        assert_eq!(row.map(|row| row.status), Some(self.status), "{}", body.error.code);
        body.error.code
    }
}

impl Server {
    pub(super) fn start() -> Self {
        Self::with(Wanted::default())
    }

    pub(super) fn with(wanted: Wanted) -> Self {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let photos = folders[1].path().canonicalize().unwrap();
        let model = wanted.model.then(|| Arc::new(tiny_model("clip-tiny")));
        let options = OpenOptions { model: model.clone(), ..OpenOptions::default() };
        let library = Arc::new(Library::open(folders[0].path(), options).unwrap());
        if wanted.model {
            library.choose_model("clip-tiny").unwrap();
        }
        if wanted.pictures {
            fill(&library, model.as_deref(), &photos);
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let access = Access {
            hosts: Hosts::new(&[]),
            token: Token::given(TOKEN).unwrap(),
            named: NamedTokens::of(library.clone()),
            token_to_read: wanted.token_to_read,
            port: address.port(),
            wrong_tokens: WrongTokens::new(wanted.limits.wrong_token_wait),
        };
        let index = Arc::new(Watched::default());
        let control: Arc<dyn IndexControl> = index.clone();
        let ready = Ready::new(address, &access, true);
        let key = ProofKey::random().unwrap();
        let file = ServerFile::of_this_process(address, &access.token, &key);
        let state = web::Data::new(State::new(Parts {
            library: library.clone(),
            index: control,
            limits: wanted.limits,
            access,
            address,
            key,
            strip_metadata: wanted.strip_metadata,
        }));
        let shutdown = Shutdown::new();
        let (announce, announced) = mpsc::channel();
        let thread = std::thread::spawn({
            let (state, shutdown) = (state.clone(), shutdown.clone());
            move || run(state, listener, ready, |ready| announce.send(ready).unwrap(), shutdown)
        });
        assert_eq!(announced.recv().unwrap().address, address);
        let client = Client::to(&file);
        let thread = Some(thread);
        Self { address, client, library, state, index, shutdown, photos, thread, _folders: folders }
    }

    /// Sends a request exactly as written; `Host` is added unless `head` has one.
    pub(super) fn send(&self, line: &str, head: &str, body: &[u8]) -> Answer {
        let host = if head.to_lowercase().contains("host:") {
            String::new()
        } else {
            format!("Host: {}\r\n", self.address)
        };
        let length = format!("Content-Length: {}\r\nConnection: close\r\n", body.len());
        let mut request = format!("{line} HTTP/1.1\r\n{host}{head}{length}\r\n").into_bytes();
        request.extend_from_slice(body);
        let mut stream = TcpStream::connect(self.address).unwrap();
        // A server that refuses early closes while we still write: its answer counts.
        let _ = stream.write_all(&request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("a whole head");
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head[9..12].parse().unwrap();
        Answer { status, head, body: bytes[end + 4..].to_vec() }
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path}"), "", b"")
    }

    pub(super) fn post(&self, path: &str, json: &str) -> Answer {
        let head = "Content-Type: application/json\r\n";
        self.send(&format!("POST {path}"), head, json.as_bytes())
    }

    /// The id of a fixture picture.
    pub(super) fn id_of(&self, name: &str) -> PhotoId {
        hash(&fs::read(self.photos.join(name)).unwrap())
    }

    /// Sends a request with the token.
    pub(super) fn send_with_token(&self, line: &str, head: &str, body: &[u8]) -> Answer {
        self.send(line, &format!("Authorization: Bearer {TOKEN}\r\n{head}"), body)
    }

    /// Takes over one more picture, without an embedding.
    pub(super) fn add(&self, name: &str, bytes: &[u8]) {
        let path = self.photos.join(name);
        fs::write(&path, bytes).unwrap();
        let root = LibraryPath::new(&self.photos);
        self.library.apply(vec![change(None, &path, &root)]).unwrap();
    }

    /// Takes over one more picture, encoded and with its signature.
    pub(super) fn add_encoded(&self, name: &str, bytes: &[u8]) {
        let path = self.photos.join(name);
        fs::write(&path, bytes).unwrap();
        let model = self.library.model().unwrap();
        let mut change = change(Some(&model), &path, &LibraryPath::new(&self.photos));
        if let Change::Photo { facts, .. } = &mut change {
            let limits = seer_images::Limits::default();
            facts.signature = seer_images::decode(bytes, &limits).unwrap().signature();
        }
        self.library.apply(vec![change]).unwrap();
    }

    /// Ends the server and gives what `serve` returned.
    pub(super) fn stop(&mut self) -> Result<(), ServeError> {
        self.shutdown.stop();
        self.thread.take().map_or(Ok(()), |thread| thread.join().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stopped = self.stop();
        assert!(std::thread::panicking() || stopped.is_ok());
    }
}

/// An indexer that only remembers what it was told: the real one is the program's business.
#[derive(Default)]
pub(super) struct Watched {
    pub(super) runs: Mutex<Vec<IndexOrder>>,
    pub(super) state: Mutex<RunState>,
    /// How often it was told that other folders are to be watched.
    pub(super) changes: AtomicUsize,
}

impl Watched {
    /// Ends the run.
    pub(super) fn end(&self, end: RunEnd) {
        let mut state = self.state.lock().unwrap();
        state.progress.phase = IndexPhase::Idle;
        state.last = Some(EndedRun { run: state.run, end });
    }
}

impl IndexControl for Watched {
    fn start(&self, order: IndexOrder) -> Result<u64, String> {
        let mut state = self.state.lock().unwrap();
        if state.progress.phase != IndexPhase::Idle {
            return Err("a run is going on".to_owned());
        }
        state.progress.phase = IndexPhase::Scanning;
        state.run += 1;
        self.runs.lock().unwrap().push(order);
        Ok(state.run)
    }

    fn use_model(&self, space: &SpaceEntry) -> Result<(), String> {
        match space.name == "clip-tiny" {
            true => Ok(()),
            false => Err(format!("the model \"{}\" is not on this machine", space.name)),
        }
    }

    fn watched_changed(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    fn has_model(&self, name: &str) -> bool {
        name == "builtin"
    }

    fn state(&self) -> RunState {
        self.state.lock().unwrap().clone()
    }

    fn cancel(&self) {
        self.end(RunEnd::Finished(IndexSummary { interrupted: true, ..Default::default() }));
    }
}

pub(super) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

pub(super) fn tiny_model(name: &str) -> Model {
    Model::load(&fixtures().join(name), DeviceChoice::Cpu).unwrap()
}

fn hash(bytes: &[u8]) -> PhotoId {
    PhotoId(*blake3::hash(bytes).as_bytes())
}

/// Copies the fixture pictures into `folder` and takes them over, as the indexer would.
fn fill(library: &Library, model: Option<&Model>, folder: &Path) {
    let root = LibraryPath::new(folder);
    library.add_root(&root).unwrap();
    for entry in fs::read_dir(fixtures().join("images")).unwrap() {
        let source = entry.unwrap().path();
        if source.extension().is_some_and(|ext| ext == "png" || ext == "jpg") {
            let path = folder.join(source.file_name().unwrap());
            fs::copy(&source, &path).unwrap();
            library.apply(vec![change(model, &path, &root)]).unwrap();
        }
    }
}

fn change(model: Option<&Model>, path: &Path, root: &LibraryPath) -> Change {
    let bytes = fs::read(path).unwrap();
    let photo = seer_images::decode(&bytes, &seer_images::Limits::default()).unwrap();
    let point = model.map(|model| {
        Point::whole(model.encode_images(&[photo.prepare(model.spec())]).unwrap().remove(0))
    });
    let meta = fs::metadata(path).unwrap();
    let stamp = seer_engine::stamp(path, &meta);
    Change::Photo {
        id: hash(&bytes),
        size: meta.len(),
        facts: photo.facts().clone(),
        file: PhotoFile { path: LibraryPath::new(path), root: root.clone(), stamp },
        points: point.into_iter().collect(),
    }
}

/// A run over these folders.
pub(super) fn over(folders: &[PathBuf], prune: bool) -> IndexOrder {
    IndexOrder { folders: folders.to_vec(), prune, ..IndexOrder::default() }
}
