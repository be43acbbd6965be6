//! Videos that are not decoded here, by a program that the person names: FFmpeg, or one that takes the
//! same arguments. It is called without a shell; its time and what it writes are bounded.

use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::metadata::{VideoField, VideoSaid};
use crate::{ImageError, Stop};

/// Longest time for a frame, or for what it says of the file.
const LONGEST: Duration = Duration::from_secs(30);
/// How long is slept between two looks.
const NAP: Duration = Duration::from_millis(10);
/// Most bytes of a frame: 128 MiB, four bytes for each pixel of 8K.
const LARGEST_FRAME: u64 = 128 << 20;
/// Most bytes of what it says.
const LONGEST_TEXT: u64 = 64 << 10;

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Names the program that reads videos which are not decoded here. Only the first call counts.
pub fn set_ffmpeg(program: PathBuf) {
    let _ = PROGRAM.set(program);
}

/// Whether a program for other videos was named.
pub fn has_ffmpeg() -> bool {
    PROGRAM.get().is_some()
}

/// What the program says of a file.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Seconds; 0 where it does not know.
    pub(super) duration: f64,
    pub(super) said: VideoSaid,
}

/// Asks for the length and the date.
///
/// # Errors
/// `Unsupported` where the program cannot be started, `Damaged` where it takes too long; `Stopped`.
pub(super) fn tell(path: &Path, stop: &Stop) -> Result<Told, ImageError> {
    let mut arguments = arguments(&["-hide_banner"], None, path);
    arguments.extend(["-t", "0", "-f", "null", "-"].map(OsString::from));
    let text = run(&arguments, Pipe::Errors, LONGEST_TEXT, stop)?;
    Ok(read_told(&String::from_utf8_lossy(&text)))
}

/// The frame that is shown at a second, as PPM; empty where there is none.
///
/// # Errors
/// As [`tell`].
pub(super) fn frame(path: &Path, second: f64, stop: &Stop) -> Result<Vec<u8>, ImageError> {
    let mut arguments = arguments(&["-v", "error"], Some(second), path);
    let wanted = ["-map", "0:v:0", "-frames:v", "1", "-an", "-sn", "-dn"];
    let as_pixels = ["-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "-"];
    arguments.extend(wanted.into_iter().chain(as_pixels).map(OsString::from));
    run(&arguments, Pipe::Output, LARGEST_FRAME, stop)
}

/// The file, and nothing but files: a playlist may name addresses.
fn arguments(first: &[&str], second: Option<f64>, path: &Path) -> Vec<OsString> {
    let mut all: Vec<OsString> = vec!["-nostdin".into()];
    all.extend(first.iter().map(OsString::from));
    all.extend(["-protocol_whitelist", "file,pipe"].map(OsString::from));
    if let Some(second) = second {
        all.extend(["-ss".into(), format!("{second:.3}").into()]);
    }
    // A name may look like an option or an address.
    let mut named = OsString::from("file:");
    named.push(path);
    all.extend(["-i".into(), named]);
    all
}

/// Which of its outputs is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pipe {
    Output,
    Errors,
}

/// Runs the program and reads at most `most` bytes of it.
fn run(arguments: &[OsString], pipe: Pipe, most: u64, stop: &Stop) -> Result<Vec<u8>, ImageError> {
    let program = PROGRAM.get().ok_or_else(|| super::refused("videos of this kind"))?;
    let taken = |wanted| if pipe == wanted { Stdio::piped() } else { Stdio::null() };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(taken(Pipe::Output))
        .stderr(taken(Pipe::Errors))
        .spawn()
        .map_err(|error| ImageError::Unsupported {
            what: "videos of this kind".to_owned(),
            advice: format!("{} cannot be started ({error})", program.display()),
        })?;
    let read = |pipe: &mut dyn Read| {
        let mut bytes = Vec::new();
        let _ = pipe.take(most).read_to_end(&mut bytes);
        bytes
    };
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || match (output, errors) {
            (Some(mut output), _) => read(&mut output),
            (_, Some(mut errors)) => read(&mut errors),
            _ => Vec::new(),
        });
        let ended = wait(&mut child, &|| reader.is_finished(), stop);
        let bytes = reader.join().unwrap_or_default();
        ended.map(|()| bytes)
    })
}

/// Waits for the reader and then for the program; ends the program when it has to be.
fn wait(child: &mut Child, is_read: &dyn Fn() -> bool, stop: &Stop) -> Result<(), ImageError> {
    let begin = Instant::now();
    loop {
        let has_ended = matches!(child.try_wait(), Ok(Some(_)));
        if has_ended && is_read() {
            return stop.check();
        }
        let is_late = begin.elapsed() > LONGEST;
        // Read to the bound and still writing: the rest is not wanted.
        if is_late || stop.is_stopped() || is_read() {
            let _ = child.kill();
            let _ = child.wait();
            stop.check()?;
            let seconds = LONGEST.as_secs();
            return match is_late {
                false => Ok(()),
                true => Err(ImageError::damaged(
                    "video",
                    &format!("a frame of it takes longer than {seconds} s"),
                )),
            };
        }
        std::thread::sleep(NAP);
    }
}

/// "Duration: 00:01:02.50", and what stands behind names of fields.
fn read_told(text: &str) -> Told {
    let mut told = Told::default();
    for line in text.lines() {
        let Some((name, value)) = line.trim().split_once(':') else { continue };
        let (name, value) = (name.trim(), value.trim());
        let field = match name {
            "Duration" => {
                told.duration = seconds(value.split(',').next().unwrap_or("")).unwrap_or(0.0);
                continue;
            }
            "creation_time" | "date" => VideoField::Date,
            "location" => VideoField::Position,
            "title" => VideoField::Title,
            "comment" => VideoField::Text,
            _ => continue,
        };
        told.said.texts.push((field, value.to_owned()));
    }
    told
}

/// "00:01:02.50" in seconds.
fn seconds(text: &str) -> Option<f64> {
    let mut parts = text.trim().split(':').map(|part| part.parse::<f64>().ok());
    let sum = parts.try_fold(0.0, |sum, part| Some(sum * 60.0 + part?))?;
    Some(sum).filter(|sum| sum.is_finite() && *sum >= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_and_the_date_are_read() {
        let told = read_told(
            "Input #0, avi, from 'file:x.avi':\n  Metadata:\n    creation_time   : \
             2019-07-14T16:20:05Z\n  Duration: 00:01:02.50, start: 0.000000, bitrate: 38 kb/s\n",
        );
        assert_eq!(told.duration, 62.5);
        assert_eq!(told.said.texts, [(VideoField::Date, "2019-07-14T16:20:05Z".to_owned())]);
        assert_eq!(read_told("  Duration: N/A, start").duration, 0.0);
    }

    #[test]
    fn a_name_is_never_an_option() {
        let all = arguments(&[], Some(1.5), Path::new("-y;rm.avi"));
        assert!(all.contains(&"file:-y;rm.avi".into()) && all.contains(&"1.500".into()));
    }
}
