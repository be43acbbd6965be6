//! Shows what the libraries log as lines on standard error.

use std::sync::Mutex;

use indicatif::ProgressBar;
use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::stdio;

/// The bar being drawn, if any: a notice must not tear it.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

struct Notices {
    verbose: bool,
}

static NORMAL: Notices = Notices { verbose: false };
static VERBOSE: Notices = Notices { verbose: true };

/// Shows warnings of seer's own crates; with `verbose` also what it is doing, and warnings of
/// all others; with `quiet` only errors.
pub fn install(quiet: bool, verbose: bool) {
    let level = match (quiet, verbose) {
        (true, _) => LevelFilter::Error,
        (false, false) => LevelFilter::Warn,
        (false, true) => LevelFilter::Info,
    };
    if log::set_logger(if verbose { &VERBOSE } else { &NORMAL }).is_ok() {
        log::set_max_level(level);
    }
}

/// While a bar is given, notices are printed above it.
pub fn around(bar: Option<ProgressBar>) {
    *BAR.lock().unwrap_or_else(|e| e.into_inner()) = bar;
}

/// One line on standard error, above the progress bar if there is one.
pub fn line(text: &str) {
    match &*BAR.lock().unwrap_or_else(|e| e.into_inner()) {
        Some(bar) => bar.suspend(|| stdio::error_line(text)),
        None => stdio::error_line(text),
    }
}

impl Log for Notices {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let ours = metadata.target().starts_with("seer");
        ours || (self.verbose && metadata.level() <= Level::Warn)
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            line(&format!("seer: {}", record.args()));
        }
    }

    fn flush(&self) {}
}
