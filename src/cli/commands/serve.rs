//! `seer serve`: the page and the HTTP API, with indexing in the background.

use std::io::IsTerminal;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use seer_engine::Library;
use seer_http::{IndexControl, Ready, ServeOptions, Shutdown, Token};
use seer_indexer::Cancel;

use crate::analysts::Chosen;
use crate::args::{ServeArgs, Shared};
use crate::backend::Backend;
use crate::browser;
use crate::choice;
use crate::exit::Outcome;
use crate::folders;
use crate::index_job::IndexJob;
use crate::notices;
use crate::outln;
use crate::watching::{Pace, Watching};

pub fn run(shared: &Shared, args: &ServeArgs) -> Result<Outcome> {
    args.videos.offer();
    let mut folders = folders::absolute(&args.folders)?;
    let token = token(args)?;
    let address = resolve(&args.address)?;
    let library = match Backend::reach_or_begin(shared, &folders)? {
        Backend::Local(library) => library,
        Backend::Remote(client) => bail!(
            "a server for this library runs already: {}/\nnext: use it, or stop it first",
            client.base()
        ),
    };
    if !shared.quiet {
        notices::line("loading the model");
    }
    choice::load_if_possible(&library, shared)?;

    if folders.is_empty() && some_lack_something(&library, args)? {
        log::warn!("some photos are not encoded or looked at in full yet; doing that now");
        folders = library.roots()?.iter().map(|root| root.as_path().to_path_buf()).collect();
    }
    let job = Arc::new(IndexJob::new(Arc::clone(&library), args.exclude.clone(), shared.clone()));
    if !folders.is_empty() {
        job.start(args.analyses.order(folders)).map_err(anyhow::Error::msg)?;
    }
    let shutdown = Shutdown::new();
    stop_on_interrupt(&shutdown, Cancel::default())?;
    let options = ServeOptions {
        address,
        token,
        allowed_hosts: args.allowed_hosts.clone(),
        strip_metadata: args.strip_metadata,
        ..Default::default()
    };
    let announce = |ready: Ready| {
        say_where(shared, &ready);
        if args.open {
            // Without a token: others can read the arguments of a browser.
            browser::open(ready.url.split('?').next().unwrap_or(&ready.url));
        }
    };
    let pace = Pace::every(Duration::from_secs(args.sweep));
    let watching = Watching::begin(Arc::clone(&library), Arc::clone(&job), pace)?;
    let served = host(library, job, options, announce, shutdown, Some(watching));
    served.map(|()| Outcome::Found)
}

fn token(args: &ServeArgs) -> Result<Option<Token>> {
    Ok(match (&args.token, &args.token_file) {
        (Some(text), _) => Some(Token::given(text.as_str())?),
        (None, Some(file)) => Some(Token::from_file(file)?),
        (None, None) => None,
    })
}

/// The first Ctrl-C stops cleanly, the second at once.
pub fn stop_on_interrupt(shutdown: &Shutdown, cancel: Cancel) -> Result<()> {
    let switch = shutdown.clone();
    ctrlc::set_handler(move || {
        if switch.is_stopped() {
            std::process::exit(130);
        }
        notices::line("stopping; what is encoded is being saved (Ctrl-C again: stop at once)");
        cancel.cancel();
        switch.stop();
    })
    .context("cannot listen for Ctrl-C")
}

/// Serves until `shutdown` is thrown, then saves everything.
pub fn host(
    library: Arc<Library>,
    job: Arc<IndexJob>,
    options: ServeOptions,
    announce: impl FnOnce(Ready),
    shutdown: Shutdown,
    watching: Option<Watching>,
) -> Result<()> {
    let control: Arc<dyn IndexControl> = Arc::clone(&job) as Arc<dyn IndexControl>;
    let served = seer_http::serve(Arc::clone(&library), control, options, announce, shutdown);
    if let Some(watching) = watching {
        watching.finish();
    }
    job.finish();
    // Whoever stops it does not wait for lists and graphs.
    library.save_indexes(&mut |_, _| false)?;
    Ok(served?)
}

/// After a change of the model (a newer built-in one, for example), an interrupted run, or where something
/// else is to be found out from now on.
fn some_lack_something(library: &Library, args: &ServeArgs) -> Result<bool> {
    let status = library.status()?;
    let Some(index) = status.index else { return Ok(false) };
    if index.embedded < status.photos {
        return Ok(true);
    }
    let chosen = Chosen { text: args.analyses.text, captions: args.analyses.captions.as_deref() };
    let is_new = chosen.changes(status.reads_text, status.captions.as_deref());
    Ok(status.photos > 0 && (is_new || library.lacks_analyses()?))
}

/// An address to listen on.
pub fn resolve(text: &str) -> Result<SocketAddr> {
    let mut found = text.to_socket_addrs().with_context(|| {
        format!("\"{text}\" is no address to listen on; write one like 127.0.0.1:7337")
    })?;
    found.next().with_context(|| format!("\"{text}\" names no address"))
}

/// The one line a person needs; as JSON for programs that start us.
fn say_where(shared: &Shared, ready: &Ready) {
    if shared.json {
        let line =
            serde_json::json!({ "event": "ready", "url": ready.url, "address": ready.address });
        outln!("{line}");
    } else {
        outln!("seer is ready: {}", ready.url);
        if ready.locked && !ready.url.contains('?') && !shared.quiet {
            notices::line("it asks for the token that was given");
        }
        if !shared.quiet {
            say_how_to_change(ready);
            notices::line("Ctrl-C stops it");
        }
    }
}

/// The address with the token, which the page needs to change anything: on a terminal only, not in
/// logs that others may read.
pub fn say_how_to_change(ready: &Ready) {
    let on_terminal = std::io::stderr().is_terminal();
    if let Some(url) = ready.changing_url().filter(|_| on_terminal && !ready.locked) {
        notices::line(&format!("to change models and folders in the page, open {url}"));
    }
}
