//! The server's indexing run: in the background, one at a time.

#[path = "index_job/errand.rs"]
mod errand;
#[path = "index_job/fetching.rs"]
mod fetching;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use seer_engine::{EngineError, Fault, Library, Model, SpaceEntry};
use seer_http::{EndedRun, IndexControl, IndexOrder, RunEnd, RunState, Watching, Way};
use seer_indexer::{Cancel, IndexError, IndexOptions};
use seer_types::{IndexEvent, IndexPhase, IndexProgress, IndexSummary};

use crate::album_exports;
use crate::analysts::{self, Chosen};
use crate::args::Shared as Options;
use crate::captioners;
use crate::choice::{self, Fetch};
use crate::notices;
use crate::text::printable;
use crate::watching::Board;
use errand::Errand;
pub use errand::Look;

/// Why a run broke off.
struct Broken {
    reason: String,
    fault: Fault,
}

impl Broken {
    /// By what this machine lacks.
    fn of(error: &anyhow::Error) -> Self {
        Self { reason: crate::causes::told(error), fault: Fault::Environment }
    }
}

impl From<IndexError> for Broken {
    fn from(error: IndexError) -> Self {
        Self { reason: error.to_string(), fault: error.fault() }
    }
}

impl From<EngineError> for Broken {
    fn from(error: EngineError) -> Self {
        Self { reason: error.to_string(), fault: error.fault() }
    }
}

/// One run from beginning to end.
type Run = dyn Fn(&Errand, &Cancel, &(dyn Fn(IndexEvent) + Sync)) -> Result<IndexSummary, Broken>
    + Send
    + Sync;

/// The models of this machine.
trait Models: Send + Sync {
    /// Loads a space's model and has queries answered with it.
    fn switch(&self, space: &SpaceEntry) -> anyhow::Result<()>;
    /// Whether one can be loaded without a network.
    fn has(&self, name: &str) -> bool;
    /// Whether one that is not here may be fetched.
    fn may_fetch(&self) -> bool;
}

/// Those that the options of a server name.
struct OnThisMachine {
    library: Arc<Library>,
    options: Options,
}

impl Models for OnThisMachine {
    fn switch(&self, space: &SpaceEntry) -> anyhow::Result<()> {
        choice::switch(&self.library, &self.options, space)
    }

    fn has(&self, name: &str) -> bool {
        choice::is_here(name, &self.options)
    }

    fn may_fetch(&self) -> bool {
        !choice::fetch_options(&self.options).is_offline()
    }
}

/// Runs the indexer for `seer serve`.
pub struct IndexJob {
    run: Arc<Run>,
    models: Box<dyn Models>,
    shared: Arc<Mutex<Shared>>,
    /// Held by whoever wants no run that nobody asked for.
    way: Way,
    board: Arc<Board>,
}

#[derive(Default)]
struct Shared {
    state: RunState,
    cancel: Cancel,
    thread: Option<JoinHandle<()>>,
    /// Whether watching began the run.
    watched: bool,
    /// The run that ended last so that another one could begin.
    made_way: u64,
    /// When the last run ended that somebody asked for.
    answered: Option<Instant>,
}

/// For so long after such a run watching begins none: whoever asked reads how theirs ended.
const PAUSE: Duration = Duration::from_secs(3);

impl IndexJob {
    /// Runs over `library`; `excludes` are those of every run, `options` those of the server, by
    /// which models are loaded.
    pub fn new(library: Arc<Library>, excludes: Vec<String>, options: Options) -> Self {
        let models = OnThisMachine { library: Arc::clone(&library), options: options.clone() };
        let run = move |errand: &Errand, cancel: &Cancel, events: &(dyn Fn(IndexEvent) + Sync)| {
            let order = match errand {
                Errand::Asked(order) => order,
                Errand::Watched(look) => {
                    return errand::look(&library, &options, look, cancel, events);
                }
            };
            if order.folders.is_empty() {
                return make_indexes(&library, cancel, events);
            }
            let captions = order.captions.as_deref().filter(|name| *name != analysts::OFF);
            if let Some(name) = captions {
                captioners::check_describes(name).map_err(|error| Broken::of(&error))?;
            }
            for name in order.model.as_deref().into_iter().chain(captions) {
                if !choice::is_here(name, &options)
                    && !fetching::fetch(name, &options, cancel, events)?
                {
                    return Ok(IndexSummary { interrupted: true, ..IndexSummary::default() });
                }
            }
            let model = model_for(&library, &options, order)?;
            let asked = Chosen { text: order.text, captions: order.captions.as_deref() };
            let analysts =
                analysts::choose(&library, &options, asked).map_err(|error| Broken::of(&error))?;
            let run = IndexOptions {
                excludes: [&excludes[..], &order.excludes].concat(),
                no_excludes: order.no_excludes.clone(),
                without_thumbnails: order.without_thumbnails,
                retry_failures: order.retry_failures,
                prune: order.prune,
                analysts,
                ..Default::default()
            };
            let done = seer_indexer::run(&library, &model, &order.folders, &run, cancel, &events)?;
            if !done.interrupted {
                album_exports::after_run(&library, &options);
            }
            Ok(done)
        };
        Self::over(Arc::new(run), Box::new(models))
    }

    fn over(run: Arc<Run>, models: Box<dyn Models>) -> Self {
        let (way, board) = (Way::default(), Arc::default());
        Self { run, models, shared: Arc::default(), way, board }
    }

    /// Stops the run, if any, and waits until what it finished is saved.
    pub fn finish(&self) {
        self.cancel();
        let thread = lock(&self.shared).thread.take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

/// The model that a run encodes with, and how its vectors are indexed.
fn model_for(
    library: &Library,
    options: &Options,
    order: &IndexOrder,
) -> Result<Arc<Model>, Broken> {
    let model = match &order.model {
        None => library.model()?,
        // It is loaded already.
        Some(name) if is_in_use(library, name)? => library.model()?,
        Some(name) => {
            let loaded = choice::load(name, &choice::own_numbers(options), Fetch::Refused);
            let (model, name) = loaded.map_err(|error| Broken::of(&error))?;
            library.add_model(&model, &name)?;
            model
        }
    };
    if let Some(kind) = order.index {
        library.set_index(model.fingerprint(), kind)?;
    }
    Ok(model)
}

/// A run that encodes nothing: it makes what the kinds of index that were chosen need.
fn make_indexes(
    library: &Library,
    cancel: &Cancel,
    events: &(dyn Fn(IndexEvent) + Sync),
) -> Result<IndexSummary, Broken> {
    let start = Instant::now();
    let tell = |done, of| events(IndexEvent::Progress(seer_indexer::saving(done, of, start)));
    tell(0, 0);
    library.save_indexes(&mut |done, of| {
        tell(done, of);
        !cancel.is_cancelled()
    })?;
    Ok(IndexSummary {
        interrupted: cancel.is_cancelled(),
        seconds: start.elapsed().as_secs_f64(),
        photos: library.status()?.photos,
        ..IndexSummary::default()
    })
}

/// Whether queries are answered with the model of this name.
fn is_in_use(library: &Library, name: &str) -> Result<bool, EngineError> {
    let Some((used, known)) = library.chosen_model()? else { return Ok(false) };
    Ok(known == name && library.model().is_ok_and(|model| model.fingerprint() == used))
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(|e| e.into_inner())
}

impl IndexJob {
    /// What watching and the server's requests tell each other.
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// Begins a run for what changed in watched folders; `None` when there is one already, one that
    /// somebody asked for has only just ended, or somebody wants none.
    pub fn start_watched(&self, look: Look) -> Option<u64> {
        let shared = lock(&self.shared);
        let unread = shared.answered.is_some_and(|ended| ended.elapsed() < PAUSE);
        if unread || Arc::strong_count(&self.way) > 1 {
            return None;
        }
        self.begin(shared, Errand::Watched(look)).ok()
    }

    /// Whether this run ended so that another one could begin.
    pub fn made_way(&self, run: u64) -> bool {
        lock(&self.shared).made_way == run
    }

    fn begin(&self, mut shared: MutexGuard<'_, Shared>, errand: Errand) -> Result<u64, String> {
        if shared.state.progress.phase != IndexPhase::Idle {
            return Err("an indexing run is going on; wait for it or cancel it first".into());
        }
        let watched = matches!(errand, Errand::Watched(_));
        let number = shared.state.run + 1;
        let cancel = Cancel::default();
        let work = {
            let (run, own, cancel) = (self.run.clone(), self.shared.clone(), cancel.clone());
            move || {
                let end = to_its_end(&*run, &errand, &own, &cancel);
                let mut shared = lock(&own);
                shared.state.last = Some(EndedRun { run: number, end });
                shared.state.progress.phase = IndexPhase::Idle;
                if !watched {
                    shared.answered = Some(Instant::now());
                }
            }
        };
        let thread = std::thread::Builder::new().name("index".into()).spawn(work);
        shared.thread = Some(thread.map_err(|error| format!("cannot start indexing: {error}"))?);
        shared.state.run = number;
        shared.state.progress = IndexProgress { phase: IndexPhase::Scanning, ..Default::default() };
        shared.cancel = cancel;
        shared.watched = watched;
        Ok(number)
    }
}

impl IndexControl for IndexJob {
    fn start(&self, order: IndexOrder) -> Result<u64, String> {
        let _way = self.make_way();
        self.begin(lock(&self.shared), Errand::Asked(order))
    }

    fn use_model(&self, space: &SpaceEntry) -> Result<(), String> {
        self.models.switch(space).map_err(|error| crate::causes::told(&error))
    }

    fn has_model(&self, name: &str) -> bool {
        self.models.has(name)
    }

    fn may_fetch(&self) -> bool {
        self.models.may_fetch()
    }

    fn state(&self) -> RunState {
        lock(&self.shared).state.clone()
    }

    fn cancel(&self) {
        lock(&self.shared).cancel.cancel();
    }

    fn make_way(&self) -> Way {
        // From here on none begins; the one that goes on is told to end, and has to.
        let way = Arc::clone(&self.way);
        loop {
            let mut shared = lock(&self.shared);
            if shared.state.progress.phase == IndexPhase::Idle || !shared.watched {
                return way;
            }
            shared.made_way = shared.state.run;
            shared.cancel.cancel();
            drop(shared);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn watching(&self) -> Vec<Watching> {
        self.board.folders()
    }

    fn watched_changed(&self) {
        self.board.change();
    }
}

/// The run's result, also when it panics: whoever waits for it hears of an end.
fn to_its_end(run: &Run, errand: &Errand, shared: &Mutex<Shared>, cancel: &Cancel) -> RunEnd {
    let quiet = matches!(errand, Errand::Watched(_));
    let events = |event: IndexEvent| follow(shared, event, quiet);
    let (reason, fault) = match catch_unwind(AssertUnwindSafe(|| run(errand, cancel, &events))) {
        Ok(Ok(summary)) => return RunEnd::Finished(summary),
        Ok(Err(Broken { reason, fault })) => (reason, fault),
        Err(panic) => (stopped_unexpectedly(&*panic), Fault::Bug),
    };
    notices::line(&format!("seer: indexing stopped: {reason}"));
    RunEnd::Failed { reason, fault }
}

fn stopped_unexpectedly(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    format!(
        "a defect in seer ({text}); what was indexed until then is kept\nnext: run it again, and report it if it happens again"
    )
}

/// Of a run that nobody asked for (`quiet`) only what it did is said, and nothing is a warning.
fn follow(shared: &Mutex<Shared>, event: IndexEvent, quiet: bool) {
    match event {
        IndexEvent::Progress(progress) => lock(shared).state.progress = progress,
        IndexEvent::Finished(summary) if quiet && !errand::did_something(&summary) => {}
        IndexEvent::Finished(summary) => log::info!("{}", crate::progress::finished(&summary)),
        IndexEvent::Notice { message } if quiet => log::info!("{}", printable(&message)),
        IndexEvent::Notice { message } => log::warn!("{}", printable(&message)),
        IndexEvent::Failed { path, reason } => {
            log::info!("not indexed: {}: {}", printable(&path.to_text()), printable(&reason));
        }
        IndexEvent::Planned(_) => {}
    }
}

#[cfg(test)]
#[path = "index_job/tests.rs"]
mod tests;
