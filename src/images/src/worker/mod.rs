//! Decoders that run in a process of their own, which may end at any time: what they break is theirs,
//! and time and memory are bound by the system.
//!
//! The program that uses this crate names a command ([`set_worker`]) that does nothing but
//! [`serve_worker`]: usually itself with a hidden argument. Bytes go in by its standard input, pixels
//! come out by its standard output. Without a command, what needs a worker is refused by its name.

mod limits;
mod process;
mod protocol;

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::OnceLock;

pub(crate) use process::Worker;
pub(crate) use protocol::{Codec, Request};

use crate::ImageError;
use crate::heif::{self, Tile};

/// How a worker is started.
#[derive(Clone, Debug)]
struct Command {
    program: PathBuf,
    arguments: Vec<OsString>,
}

static COMMAND: OnceLock<Command> = OnceLock::new();

/// Names the command by which workers are started; it has to do nothing but [`serve_worker`]. Only the
/// first call counts.
pub fn set_worker(program: PathBuf, arguments: Vec<OsString>) {
    let _ = COMMAND.set(Command { program, arguments });
}

/// Whether there is a command for workers, without which AVIF pictures and videos are refused.
pub fn has_worker() -> bool {
    COMMAND.get().is_some()
}

/// What a worker does: answers requests until there are no more. Nothing else may be written to
/// standard output.
///
/// # Errors
/// Those of reading and writing; a request that breaks the rules is `InvalidData`.
pub fn serve_worker() -> io::Result<()> {
    serve(io::stdin().lock(), io::stdout().lock())
}

fn serve(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    while let Some(request) = Request::read(&mut input)? {
        limits::apply(request.memory(), process::LONGEST);
        protocol::write_answer(&decode(request), &mut output)?;
    }
    Ok(())
}

fn decode(request: Request) -> Result<Tile, ImageError> {
    let (size, matrix) = (request.size, request.matrix);
    match request.codec {
        Codec::Av1 => heif::decode_av1(request.data, size, matrix),
        #[cfg(feature = "heic")]
        Codec::Hevc => heif::decode_hevc(&request.header, &request.data, size, matrix),
        #[cfg(feature = "h264")]
        Codec::H264 => crate::video::decode_h264(&request.header, &request.data, size, matrix),
        #[cfg(not(all(feature = "heic", feature = "h264")))]
        _ => Err(ImageError::foreign("videos of this kind")),
    }
}
