//! Starting, announcing and ending the service.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use seer_engine::Library;

use crate::access::{Access, Hosts, NamedTokens, Sealed, WrongTokens, accepted, tells_own_user};
use crate::descriptors::connections_each;
use crate::guard::guard;
use crate::metrics::measured;
use crate::proof::ProofKey;
use crate::routes;
use crate::server_file::reachable;
use crate::state::{Parts, State};
use crate::{IndexControl, ServeOptions, ServerFile, Shutdown, Token, TokenError};

/// Threads that read requests and write answers; the work is done elsewhere.
const EVENT_LOOPS: usize = 2;
/// Longest wait for the head of a request: whoever connects and says nothing holds a place.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// Seconds that running requests get to finish after [`Shutdown::stop`].
const FINISHING_SECONDS: u64 = 10;

/// A server that has begun to answer.
#[derive(Clone)]
pub struct Ready {
    /// The bound address, with the port that was really taken.
    pub address: SocketAddr,
    /// What to open in a browser, such as `http://127.0.0.1:7337/`; with the token where the page
    /// needs it and the server made it. A token that was given is known, and is not repeated.
    pub url: String,
    /// Whether the page asks for the token of everybody: the server listens beyond this machine, or
    /// the system does not tell its users apart.
    pub locked: bool,
    /// The token, given or made.
    pub token: Token,
    made: bool,
}

impl Ready {
    pub(crate) fn new(address: SocketAddr, access: &Access, made: bool) -> Self {
        let token = access.token.clone();
        let locked = access.token_to_read;
        let mut ready = Self { address, url: format!("http://{address}/"), locked, token, made };
        if let Some(url) = ready.changing_url().filter(|_| locked) {
            ready.url = url;
        }
        ready
    }

    /// What to open to change something in the page: the address with the token, if the server made
    /// it.
    pub fn changing_url(&self) -> Option<String> {
        let token = self.token.as_str();
        self.made.then(|| format!("http://{}/?token={token}", self.address))
    }
}

/// The token is in the address.
impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Why the service could not start, or broke off.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address is taken, not ours, or not allowed.
    #[error("cannot listen on {address}: {source}; choose another address or port (0: any free)")]
    Address {
        /// What was asked for.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// No token could be made.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// No key could be made.
    #[error("the operating system gives no random numbers: {0}")]
    NoRandomness(getrandom::Error),
    /// Other commands could not find the server.
    #[error("cannot write {path}: {source}")]
    ServerFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The event loop.
    #[error("the server stopped: {0}")]
    Runtime(io::Error),
}

/// Serves `library` until `shutdown` is thrown; blocks the calling thread.
///
/// Before it answers it writes `server.json` into the library folder, then calls `on_ready`; at
/// the end it removes that file. Signals are left to the caller.
///
/// # Errors
/// When the address, the token or `server.json` cannot be used.
pub fn serve(
    library: Arc<Library>,
    index: Arc<dyn IndexControl>,
    options: ServeOptions,
    on_ready: impl FnOnce(Ready),
    shutdown: Shutdown,
) -> Result<(), ServeError> {
    let listener = listen(options.address)?;
    let address = listener.local_addr().map_err(ServeError::Runtime)?;
    let access = access(&options, address, &library)?;
    let ready = Ready::new(address, &access, options.token.is_none());
    let state = State::new(Parts {
        library,
        index,
        limits: options.limits,
        access,
        address: reachable(address),
        key: ProofKey::random().map_err(ServeError::NoRandomness)?,
        strip_metadata: options.strip_metadata,
    });
    run(web::Data::new(state), listener, ready, on_ready, shutdown)
}

fn access(
    options: &ServeOptions,
    bound: SocketAddr,
    library: &Arc<Library>,
) -> Result<Access, ServeError> {
    let token = match &options.token {
        Some(token) => token.clone(),
        None => Token::random()?,
    };
    Ok(Access {
        hosts: Hosts::new(&options.allowed_hosts),
        token,
        named: NamedTokens::of(Arc::clone(library)),
        token_to_read: !bound.ip().is_loopback() || !tells_own_user(),
        port: bound.port(),
        wrong_tokens: WrongTokens::new(options.limits.wrong_token_wait),
    })
}

fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    let in_context = |source| ServeError::Address { address, source };
    let listener = TcpListener::bind(address).map_err(in_context)?;
    listener.set_nonblocking(true).map_err(in_context)?;
    Ok(listener)
}

/// Runs a service whose state is already made.
pub(crate) fn run(
    state: web::Data<State>,
    listener: TcpListener,
    ready: Ready,
    on_ready: impl FnOnce(Ready),
    shutdown: Shutdown,
) -> Result<(), ServeError> {
    let folder = state.whole_library.folder().to_path_buf();
    let patience = state.limits.patience;
    let file = ServerFile::of_this_process(ready.address, &ready.token, &state.key);
    let metrics = state.metrics.clone();
    let sealed = Sealed::new(state);
    let app = move || {
        App::new()
            .app_data(sealed.clone())
            .app_data(metrics.clone())
            .wrap(from_fn(guard))
            .wrap(from_fn(measured))
            .configure(routes::configure)
    };
    let result = actix_web::rt::System::new().block_on(async {
        let server = HttpServer::new(app)
            .workers(EVENT_LOOPS)
            .on_connect(accepted)
            .max_connections(connections_each(EVENT_LOOPS))
            .client_request_timeout(patience.min(HEAD_PATIENCE))
            .shutdown_timeout(FINISHING_SECONDS)
            .disable_signals()
            .listen(listener)
            .map_err(ServeError::Runtime)?
            .run();
        file.write(&folder)
            .map_err(|source| ServeError::ServerFile { path: ServerFile::path(&folder), source })?;
        actix_web::rt::spawn(stop_when_thrown(shutdown, server.handle()));
        on_ready(ready);
        server.await.map_err(ServeError::Runtime)
    });
    file.remove(&folder);
    result
}

async fn stop_when_thrown(shutdown: Shutdown, server: ServerHandle) {
    shutdown.stopped().await;
    server.stop(true).await;
}
