//! What a caller hears while files come in.

/// Hears of a download. Called from the thread that fetches; every method may be left out.
pub trait FetchProgress {
    /// The files that are missing and will be fetched.
    fn files(&self, _missing: &[String]) {}
    /// Bytes of a file on disk so far, those of an earlier, interrupted run included, and its size.
    /// At least once a file, then about every 256 KiB.
    fn received(&self, _file: &str, _bytes: u64, _total: u64) {}
    /// The connection broke; the fetch goes on where it stopped.
    fn retrying(&self, _file: &str) {}
    /// The file's checksum is being computed.
    fn verifying(&self, _file: &str) {}
    /// The file is complete, and its checksum right where the server gave one.
    fn finished(&self, _file: &str) {}
}

/// Hears nothing.
impl FetchProgress for () {}

/// Passes hf-hub's calls on, in steps that a terminal can follow.
pub(super) struct Adapter<'a> {
    pub progress: &'a dyn FetchProgress,
    pub file: &'a str,
    total: u64,
    received: u64,
    told: u64,
}

impl<'a> Adapter<'a> {
    const STEP: u64 = 256 * 1024;

    pub fn new(progress: &'a dyn FetchProgress, file: &'a str) -> Self {
        Self { progress, file, total: 0, received: 0, told: 0 }
    }

    fn tell(&mut self) {
        self.told = self.received;
        self.progress.received(self.file, self.received, self.total);
    }
}

impl hf_hub::api::Progress for Adapter<'_> {
    fn init(&mut self, size: usize, _filename: &str) {
        (self.total, self.received, self.told) = (size as u64, 0, 0);
    }

    fn update(&mut self, size: usize) {
        self.received += size as u64;
        if self.received - self.told >= Self::STEP {
            self.tell();
        }
    }

    fn finish(&mut self) {
        self.tell();
    }
}
