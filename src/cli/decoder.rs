//! Decoders in processes of their own: the program started again with one argument that no help lists.

use std::path::PathBuf;
use std::process::ExitCode;

use seer_images::{serve_worker, set_ffmpeg, set_worker};

/// What such a process is started with, and nothing else.
const ARGUMENT: &str = "--decode-for-parent";

/// Decodes for the process that started this one, if that is what it was started for: nothing else may
/// write to standard output then.
pub(crate) fn served() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_none_or(|argument| argument != ARGUMENT) {
        return None;
    }
    Some(match serve_worker() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

/// Lets pictures that need it be decoded by such processes. A system that does not say where this
/// program lies has none, and such pictures are refused by their name.
pub(crate) fn offer() {
    match std::env::current_exe() {
        Ok(program) => set_worker(program, vec![ARGUMENT.into()]),
        Err(error) => log::info!(
            "no AVIF pictures and no videos: this program does not find itself ({error})"
        ),
    }
}

/// Has videos that are not decoded here read by this program.
pub(crate) fn offer_ffmpeg(program: PathBuf) {
    set_ffmpeg(program);
}
