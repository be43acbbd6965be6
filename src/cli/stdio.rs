//! The one way to standard output and standard error.
//!
//! Whoever reads them may stop reading (`seer … | head -1`), and a file they go to may be on a full
//! disk. Neither ends the work, and nothing panics: what cannot be written is dropped from then on,
//! and [`ended`] says what that means for the exit status.

use std::fmt::Arguments;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::sync::atomic::{AtomicU8, Ordering};

use crate::exit::Outcome;
use crate::notices;

const FINE: u8 = 0;
/// Nobody reads any more.
const CLOSED: u8 = 1;
/// It cannot be written: a full disk, for example.
const FAILED: u8 = 2;

/// How standard output does.
static STATE: AtomicU8 = AtomicU8::new(FINE);

/// A line on standard output, as `println!` takes it.
#[macro_export]
macro_rules! outln {
    ($($text:tt)*) => { $crate::stdio::line(format_args!($($text)*)) };
}

/// See [`outln!`].
pub fn line(text: Arguments<'_>) {
    let mut line = text.to_string();
    line.push('\n');
    // `Output` never fails; it notes what went wrong.
    let _ = Output.write_all(line.as_bytes());
}

/// Standard output, for many lines; to be flushed at the end. Its errors are noted, not given.
pub fn writer() -> impl Write {
    BufWriter::new(Output)
}

/// A line on standard error; dropped when that cannot be written.
pub fn error_line(text: &str) {
    error_text(&format!("{text}\n"));
}

/// Text on standard error without an end of line, such as a question.
pub fn error_text(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// What a command's outcome is when its output is taken into account: a reader that has seen enough
/// is a normal end, an answer that could not be written is trouble.
pub fn ended(outcome: Outcome) -> Outcome {
    let _ = Output.flush();
    with_output(outcome, STATE.load(Ordering::Relaxed))
}

fn with_output(outcome: Outcome, state: u8) -> Outcome {
    match (outcome, state) {
        (Outcome::Found | Outcome::NothingFound, CLOSED) => Outcome::Found,
        (Outcome::Found | Outcome::NothingFound, FAILED) => Outcome::Trouble,
        _ => outcome,
    }
}

struct Output;

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if STATE.load(Ordering::Relaxed) == FINE {
            note(io::stdout().lock().write_all(bytes));
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if STATE.load(Ordering::Relaxed) == FINE {
            note(io::stdout().lock().flush());
        }
        Ok(())
    }
}

/// Remembers the first failure, and tells it unless it is a reader that has left.
fn note(written: io::Result<()>) {
    let Err(error) = written else { return };
    let state = if error.kind() == ErrorKind::BrokenPipe { CLOSED } else { FAILED };
    let first = STATE.compare_exchange(FINE, state, Ordering::Relaxed, Ordering::Relaxed).is_ok();
    if first && state == FAILED {
        notices::line(&format!(
            "seer: standard output cannot be written ({error}); the rest of the answer is dropped"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_decides_only_over_what_went_well() {
        use Outcome::{Found, Interrupted, NothingFound, Trouble};
        for (outcome, state, expected) in [
            (Found, FINE, Found),
            (NothingFound, FINE, NothingFound),
            (NothingFound, CLOSED, Found),
            (Found, FAILED, Trouble),
            (Interrupted, FAILED, Interrupted),
            (Trouble, CLOSED, Trouble),
        ] {
            assert_eq!(with_output(outcome, state), expected, "{outcome:?} {state}");
        }
    }
}
