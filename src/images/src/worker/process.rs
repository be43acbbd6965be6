//! A worker as the one who started it sees it: it is asked, and ended when it takes too long.

use std::io::{BufReader, BufWriter};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::protocol::Request;
use super::{COMMAND, protocol};
use crate::heif::Tile;
use crate::{ImageError, Stop};

/// A worker that lives longer is ended.
pub(super) const LONGEST: Duration = Duration::from_secs(60);
/// How long its watch sleeps between two looks.
const NAP: Duration = Duration::from_millis(10);

/// A running worker; it ends when this is dropped.
pub(crate) struct Worker {
    child: Arc<Mutex<Child>>,
    input: BufWriter<ChildStdin>,
    output: BufReader<ChildStdout>,
    format: &'static str,
    is_done: Arc<AtomicBool>,
    is_late: Arc<AtomicBool>,
    watch: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts one for a file of this format. When `stop` is set, or it lives too long, it is ended.
    ///
    /// # Errors
    /// `Unsupported` where nobody has named a command, or it cannot be started.
    pub(crate) fn start(format: &'static str, stop: &Stop) -> Result<Self, ImageError> {
        let missing = || match format {
            "avif" => ImageError::foreign("AVIF pictures"),
            _ => crate::video::needs_worker(),
        };
        let command = COMMAND.get().ok_or_else(missing)?;
        let mut child = Command::new(&command.program)
            .args(&command.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| {
                log::error!("a decoder in its own process could not be started: {error}");
                missing()
            })?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(missing)?;
        let child = Arc::new(Mutex::new(child));
        let (is_done, is_late) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
        let watch = {
            let (child, is_done) = (Arc::clone(&child), Arc::clone(&is_done));
            let (is_late, stop) = (Arc::clone(&is_late), stop.clone());
            std::thread::spawn(move || watch(&child, &is_done, &is_late, &stop))
        };
        let (input, output) = (BufWriter::new(input), BufReader::new(output));
        Ok(Self { child, input, output, format, is_done, is_late, watch: Some(watch) })
    }

    /// Has a tile decoded.
    ///
    /// # Errors
    /// What the decoder says; `Damaged` where it has ended or was ended. No other can be asked then.
    pub(crate) fn decode(&mut self, request: &Request) -> Result<Tile, ImageError> {
        let answer = request
            .write(&mut self.input)
            .and_then(|()| protocol::read_answer(request.size, self.format, &mut self.output));
        answer.unwrap_or_else(|_| {
            let seconds = LONGEST.as_secs();
            let detail = match self.is_late.load(Ordering::Relaxed) {
                true => format!("decoding it takes longer than {seconds} s"),
                false => "the decoder met something it was not written for".to_owned(),
            };
            Err(ImageError::damaged(self.format, &detail))
        })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.is_done.store(true, Ordering::Relaxed);
        if let Some(watch) = self.watch.take() {
            let _ = watch.join();
        }
        let mut child = lock(&self.child);
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Ends the worker when it has to.
fn watch(child: &Mutex<Child>, is_done: &AtomicBool, is_late: &AtomicBool, stop: &Stop) {
    let begin = Instant::now();
    while !is_done.load(Ordering::Relaxed) {
        let late = begin.elapsed() > LONGEST;
        if late || stop.is_stopped() {
            is_late.store(late, Ordering::Relaxed);
            let _ = lock(child).kill();
            return;
        }
        std::thread::sleep(NAP);
    }
}

fn lock(child: &Mutex<Child>) -> MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(|e| e.into_inner())
}
