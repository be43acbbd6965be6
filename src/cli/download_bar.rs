//! How far a model's download is, on the terminal.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};
use seer_encoders::hub::FetchProgress;

use crate::notices;

/// Draws a download on standard error when that is a terminal.
pub struct DownloadBar {
    bar: ProgressBar,
}

impl DownloadBar {
    /// Hidden where `quiet`.
    pub fn new(quiet: bool) -> Self {
        if quiet || !io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden() };
        }
        let bar = ProgressBar::new(0);
        let template = "{msg} {bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        notices::around(Some(bar.clone()));
        Self { bar }
    }
}

impl Drop for DownloadBar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        notices::around(None);
    }
}

impl FetchProgress for DownloadBar {
    fn received(&self, file: &str, bytes: u64, total: u64) {
        self.bar.set_message(file.to_string());
        self.bar.set_length(total);
        self.bar.set_position(bytes);
    }

    fn retrying(&self, file: &str) {
        self.bar.set_message(format!("{file}: the connection broke, going on"));
    }

    fn verifying(&self, file: &str) {
        self.bar.set_message(format!("{file}: comparing the checksum"));
    }
}
