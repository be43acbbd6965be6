//! Shows what the program and its libraries have to say as lines on standard error.

use std::sync::{Mutex, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::ValueEnum;
use indicatif::ProgressBar;
use log::kv::{Error, Key, Value, VisitSource};
use log::{Level, LevelFilter, Log, Metadata, Record};
use seer_types::LocalTime;
use serde_json::{Map, json};

use crate::stdio;

/// The bar being drawn, if any: a notice must not tear it.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

static NOTICES: OnceLock<Notices> = OnceLock::new();

/// How lines look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// An object in each line.
    Json,
}

struct Notices {
    verbose: bool,
    format: LogFormat,
}

/// Shows warnings of seer's own crates; with `verbose`, and as JSON, also what it is doing; with
/// `verbose` warnings of all others, too; with `quiet` only errors.
pub fn install(quiet: bool, verbose: bool, format: LogFormat) {
    let level = match (quiet, verbose || format == LogFormat::Json) {
        (true, _) => LevelFilter::Error,
        (false, false) => LevelFilter::Warn,
        (false, true) => LevelFilter::Info,
    };
    if log::set_logger(NOTICES.get_or_init(|| Notices { verbose, format })).is_ok() {
        log::set_max_level(level);
    }
}

/// While a bar is given, notices are printed above it.
pub fn around(bar: Option<ProgressBar>) {
    *BAR.lock().unwrap_or_else(|e| e.into_inner()) = bar;
}

/// One line on standard error, above the progress bar if there is one.
pub fn line(text: &str) {
    at_level(Level::Info, text);
}

/// Why the command ends.
pub fn error(text: &str) {
    at_level(Level::Error, text);
}

fn at_level(level: Level, text: &str) {
    match NOTICES.get().map(|notices| notices.format) {
        Some(LogFormat::Json) => print(&as_json(level, "seer", text, Map::new())),
        _ => print(text),
    }
}

fn print(line: &str) {
    match &*BAR.lock().unwrap_or_else(|e| e.into_inner()) {
        Some(bar) => bar.suspend(|| stdio::error_line(line)),
        None => stdio::error_line(line),
    }
}

/// `{"time": "2026-07-14T16:20:00Z", "level": "warn", "target": "seer_http", "message": "…", …}`.
fn as_json(
    level: Level,
    target: &str,
    message: &str,
    more: Map<String, serde_json::Value>,
) -> String {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let time = LocalTime::from_seconds(since_1970.as_secs().cast_signed());
    let level = level.as_str().to_ascii_lowercase();
    let mut line = json!({
        "time": format!("{time}Z"), "level": level, "target": target, "message": message,
    });
    if let Some(line) = line.as_object_mut() {
        line.extend(more);
    }
    line.to_string()
}

/// The fields of a record.
struct Fields(Map<String, serde_json::Value>);

impl<'kvs> VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let value = match value.to_u64() {
            Some(number) => json!(number),
            None => json!(value.to_string()),
        };
        self.0.insert(key.to_string(), value);
        Ok(())
    }
}

impl Log for Notices {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let ours = metadata.target().starts_with("seer");
        ours || (self.verbose && metadata.level() <= Level::Warn)
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        match self.format {
            LogFormat::Text => print(&format!("seer: {}", record.args())),
            LogFormat::Json => {
                let mut fields = Fields(Map::new());
                // A field that cannot be read is left out.
                let _ = record.key_values().visit(&mut fields);
                let message = record.args().to_string();
                print(&as_json(record.level(), record.target(), &message, fields.0));
            }
        }
    }

    fn flush(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_json_holds_all() {
        let more = Map::from_iter([("status".to_owned(), json!(200))]);
        let line = as_json(Level::Warn, "seer_http", "two\nlines", more);
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&line["level"], &line["status"]), (&json!("warn"), &json!(200)));
        assert_eq!(line["message"], "two\nlines");
        assert!(line["time"].as_str().unwrap().ends_with('Z'));
    }
}
