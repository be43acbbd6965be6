//! Videos: a few frames of each as pictures, and what the container says.
//!
//! A video is never read as a whole: its container is walked ([`mp4`], [`mkv`]), key frames that are
//! spread over its length are chosen ([`choose`]), and each is decoded in a worker process. What is not
//! decoded here is left to a program that the person names ([`ffmpeg`]).

mod choose;
mod ffmpeg;
mod film;
mod frame;
#[cfg(feature = "h264")]
mod h264;
mod mkv;
mod mp4;
mod tape;

use std::io::{Read, Seek};
use std::path::Path;
use std::time::{Duration, Instant};

use seer_types::{
    ColorOrder, CropRounding, Interpolation, PhotoFacts, PreparedImage, PreprocessSpec, ResizeMode,
    Signature, Video,
};

pub use ffmpeg::{has_ffmpeg, set_ffmpeg};
use film::{Coding, Film, KeyFrame};
use frame::Frames;
#[cfg(feature = "h264")]
pub(crate) use h264::decode as decode_h264;
use tape::Tape;

use crate::decode::{finish, read};
use crate::metadata::{Packets, VideoSaid, video_facts};
use crate::{DecodeOptions, ImageError, Photo, Wanted, format};

/// How long the frames of one video may take: those that are there then are taken.
const LONGEST: Duration = Duration::from_secs(120);

/// A video as a photo: what is known of it, and its frames as a model takes them.
#[derive(Debug)]
pub struct VideoPhoto {
    /// Of the video; size and signature are those of the first of its frames. `video` holds the length
    /// and the second of each frame.
    pub facts: PhotoFacts,
    /// At least one, at most 8, in their order.
    pub frames: Vec<PreparedImage>,
    /// A JPEG of the first one.
    pub thumbnail: Option<Vec<u8>>,
}

/// Whether a file that starts with these bytes is a video; up to [`crate::SNIFF_BYTES`] are looked at.
pub fn is_video(first_bytes: &[u8]) -> bool {
    format::sniff(first_bytes).is_none() && container(first_bytes).is_some()
}

/// Decodes frames of a video: up to 8 key frames that are spread over its length, without those that
/// show nothing (one colour) unless all do.
///
/// MP4, QuickTime, Matroska and WebM with pictures in H.264 (cargo feature `h264`), HEVC (feature
/// `heic`), AV1 or JPEG, where there is a worker ([`crate::set_worker`]); all others where a program was
/// named ([`set_ffmpeg`]), which reads `path` by itself. `thumbnail`: the longest edge of a small picture
/// that is wanted. Limits on the length of files do not hold here: of a video a few parts are read.
///
/// # Errors
/// As [`crate::decode`]; `Unsupported` names the coding.
pub fn decode_video<R: Read + Seek>(
    source: &mut R,
    path: &Path,
    options: &DecodeOptions,
    spec: &PreprocessSpec,
    thumbnail: Option<u32>,
) -> Result<VideoPhoto, ImageError> {
    let wanted = match thumbnail {
        Some(edge) => Wanted::PreparedAndThumbnail(spec, edge),
        None => Wanted::Prepared(spec),
    };
    let mut kept: Vec<Kept> = Vec::new();
    let film = each_frame(source, path, options, &wanted, &mut |second, photo| {
        let is_blank = is_blank(&photo);
        // Of the first frame, and of the first one that shows something.
        let is_first = kept.is_empty() || !is_blank && kept.iter().all(|frame| frame.is_blank);
        let small = thumbnail.filter(|_| is_first).map(|edge| photo.thumbnail(edge));
        let signature = if is_first { photo.signature() } else { None };
        let (prepared, size) = (photo.prepare(spec), (photo.width(), photo.height()));
        kept.push(Kept { second, prepared, is_blank, signature, size, thumbnail: small });
        true
    })?;
    if kept.iter().any(|frame| !frame.is_blank) {
        kept.retain(|frame| !frame.is_blank);
    }
    let mut facts = video_facts(&film.said, &film.packets);
    facts.format = film.format.to_owned();
    if let Some(first) = kept.first_mut() {
        (facts.width, facts.height) = first.size;
        facts.signature = first.signature.take();
    }
    let seconds = kept.iter().map(|frame| frame.second as f32).collect();
    facts.video = Some(Video { duration: film.duration as f32, frames: seconds });
    let thumbnail = kept.first_mut().and_then(|first| first.thumbnail.take());
    Ok(VideoPhoto {
        facts,
        frames: kept.into_iter().map(|frame| frame.prepared).collect(),
        thumbnail,
    })
}

/// A JPEG of the first frame that [`decode_video`] takes, as [`Photo::thumbnail`] makes it.
///
/// # Errors
/// As [`decode_video`].
pub fn decode_video_thumbnail<R: Read + Seek>(
    source: &mut R,
    path: &Path,
    options: &DecodeOptions,
    longest_edge: u32,
) -> Result<Vec<u8>, ImageError> {
    let mut made: Option<Vec<u8>> = None;
    let wanted = Wanted::Thumbnail(longest_edge);
    each_frame(source, path, options, &wanted, &mut |_, photo| {
        let is_blank = is_blank(&photo);
        if made.is_none() || !is_blank {
            made = Some(photo.thumbnail(longest_edge));
        }
        is_blank
    })?;
    made.ok_or_else(|| ImageError::damaged("video", NO_FRAME))
}

const NO_FRAME: &str = "it has no frame that can be shown";

/// What is kept of a frame.
struct Kept {
    second: f64,
    prepared: PreparedImage,
    is_blank: bool,
    signature: Option<Signature>,
    size: (u32, u32),
    thumbnail: Option<Vec<u8>>,
}

/// Whether a frame shows next to nothing: black before a film begins, a flash of white.
fn is_blank(photo: &Photo) -> bool {
    /// Levels by which one in each channel has to differ from the mean, as a mean.
    const LEAST: f64 = 3.0;
    const SIDE: u32 = 24;
    let spec = PreprocessSpec {
        width: SIDE,
        height: SIDE,
        resize: ResizeMode::Squash,
        interpolation: Interpolation::Bilinear,
        crop: CropRounding::Floor,
        order: ColorOrder::ConvertFirst,
        mean: [0.0; 3],
        std: [1.0; 3],
    };
    let small = photo.prepare(&spec);
    let pixels = small.rgb().as_chunks::<3>().0;
    let mean = |value: &dyn Fn(&[u8; 3]) -> f64| {
        pixels.iter().map(value).sum::<f64>() / pixels.len().max(1) as f64
    };
    (0..3).all(|channel| {
        let middle = mean(&|pixel| f64::from(pixel[channel]));
        mean(&|pixel| (f64::from(pixel[channel]) - middle).abs()) < LEAST
    })
}

/// What is known of the video besides its frames.
struct Known {
    format: &'static str,
    duration: f64,
    said: VideoSaid,
    packets: Packets<'static>,
}

/// Decodes frame after frame and gives each with its second to `take`, until that says false.
fn each_frame<R: Read + Seek>(
    source: &mut R,
    path: &Path,
    options: &DecodeOptions,
    wanted: &Wanted,
    take: &mut dyn FnMut(f64, Photo) -> bool,
) -> Result<Known, ImageError> {
    options.stop.check()?;
    let mut tape = Tape::new(source, &options.stop)?;
    let first = tape.up_to(0, format::SNIFF_BYTES as u64)?;
    let film = match container(&first) {
        Some(Container::Boxes) => mp4::open(&mut tape).map(Some),
        Some(Container::Matroska) => mkv::open(&mut tape).map(Some),
        Some(Container::Other(what)) if !has_ffmpeg() => Err(needs_program(what)),
        _ => Ok(None),
    };
    let own = film.and_then(|film| match film {
        None => Ok((None, 0)),
        Some(film) => own_frames(&film, &mut tape, options, wanted, take).map(|n| (Some(film), n)),
    });
    match own {
        Ok((Some(film), 1..)) => Ok(known(film)),
        Err(ImageError::Stopped) => Err(ImageError::Stopped),
        Ok((film, _)) => program_frames(film, path, options, wanted, take),
        Err(error) if !has_ffmpeg() => Err(error),
        // Of two reasons the own one.
        Err(error) => program_frames(None, path, options, wanted, take).map_err(|_| error),
    }
}

fn known(film: Film) -> Known {
    let Film { format, duration, said, packets, .. } = film;
    Known { format, duration, said, packets }
}

/// Decodes the chosen frames here; how many there are.
fn own_frames(
    film: &Film,
    tape: &mut Tape,
    options: &DecodeOptions,
    wanted: &Wanted,
    take: &mut dyn FnMut(f64, Photo) -> bool,
) -> Result<usize, ImageError> {
    if let Coding::Other(_) = film.coding {
        return if has_ffmpeg() { Ok(0) } else { Err(not_decoded(film.coding)) };
    }
    let (begin, frames) = (Instant::now(), Frames::new(film));
    let (mut count, mut wrong) = (0, None);
    for key in &film.frames {
        let photo = coded(tape, key).and_then(|data| {
            let source = frames.open(&data, wanted)?;
            finish(source, film.format, options, true, wanted)
        });
        match photo {
            Ok(photo) => {
                count += 1;
                if !take(key.second, photo) {
                    break;
                }
            }
            Err(error @ (ImageError::Stopped | ImageError::Unsupported { .. })) => {
                return Err(error);
            }
            Err(error) => {
                log::debug!("the frame at {} s: {error}", key.second);
                wrong = wrong.or(Some(error));
            }
        }
        if begin.elapsed() > LONGEST {
            break;
        }
    }
    let none = || ImageError::damaged(film.format, NO_FRAME);
    if count > 0 { Ok(count) } else { Err(wrong.unwrap_or_else(none)) }
}

/// The bytes of a frame, after those of the ones that it needs.
fn coded(tape: &mut Tape, key: &KeyFrame) -> Result<Vec<u8>, ImageError> {
    let mut data = tape.bytes(key.at, key.length)?;
    for (at, length) in &key.then {
        data.extend(tape.bytes(*at, *length)?);
    }
    Ok(data)
}

/// Has frames decoded by the program that was named.
fn program_frames(
    film: Option<Film>,
    path: &Path,
    options: &DecodeOptions,
    wanted: &Wanted,
    take: &mut dyn FnMut(f64, Photo) -> bool,
) -> Result<Known, ImageError> {
    let known = match film {
        Some(film) => known(film),
        None => {
            let ffmpeg::Told { duration, said } = ffmpeg::tell(path, &options.stop)?;
            Known { format: "video", duration, said, packets: Packets::default() }
        }
    };
    let (begin, mut count) = (Instant::now(), 0);
    // Whether to go on.
    let mut look = |second: f64, count: &mut u32| -> Result<bool, ImageError> {
        let picture = ffmpeg::frame(path, second, &options.stop)?;
        if picture.is_empty() {
            return Ok(true);
        }
        let photo = read(&picture, options, true, wanted)?;
        *count += 1;
        Ok(take(second, photo) && begin.elapsed() <= LONGEST)
    };
    for second in choose::targets(known.duration) {
        if !look(second, &mut count)? {
            break;
        }
    }
    // Where the only key frame is the first one, the program may find nothing behind it.
    if count == 0 {
        look(0.0, &mut count)?;
    }
    if count > 0 { Ok(known) } else { Err(ImageError::damaged("video", NO_FRAME)) }
}

/// What frames lie in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Container {
    /// MP4, QuickTime.
    Boxes,
    /// And WebM.
    Matroska,
    Other(&'static str),
}

/// Containers by their first bytes.
const CONTAINERS: &[(&[u8], Container)] = &[
    (b"\x1a\x45\xdf\xa3", Container::Matroska),
    (b"\0\0\x01\xba", Container::Other("MPEG videos")),
    (b"\0\0\x01\xb3", Container::Other("MPEG videos")),
    (b"FLV\x01", Container::Other("Flash videos")),
    (b"OggS", Container::Other("Ogg videos")),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Container::Other("Windows Media videos")),
];

/// The container, told by the first bytes; not asked of pictures.
fn container(bytes: &[u8]) -> Option<Container> {
    if let Some((_, container)) = CONTAINERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(*container);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"AVI ") {
        return Some(Container::Other("AVI videos"));
    }
    // Packets of transport streams have one length.
    let every = |first: usize, step: usize| {
        (0..2).all(|packet| bytes.get(first + packet * step) == Some(&0x47))
    };
    if every(0, 188) || every(4, 192) && bytes.get(388) == Some(&0x47) {
        return Some(Container::Other("MPEG transport streams"));
    }
    let kinds: [&[u8]; 6] = [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"];
    let kind = bytes.get(4..8)?;
    let length = u32::from_be_bytes(*bytes.first_chunk()?);
    let is_long = length >= 8 || length == 1 && kind == b"mdat";
    (kinds.contains(&kind) && is_long).then_some(Container::Boxes)
}

/// Not decoded here, by the name of the coding.
fn not_decoded(coding: Coding) -> ImageError {
    match coding {
        Coding::Other(name @ "encrypted") => refused(&format!("{name} videos")),
        Coding::Other(name) if name.starts_with("in ") => {
            needs_program(&format!("videos coded {name}"))
        }
        Coding::Other(name) => needs_program(&format!("videos coded as {name}")),
        Coding::H264 => needs_program("videos coded as H.264"),
        Coding::Hevc => needs_program("videos coded as HEVC"),
        Coding::Av1 => needs_program("videos coded as AV1"),
        Coding::Jpeg => needs_program("videos coded as JPEG"),
    }
}

/// Videos without a worker.
pub(crate) fn needs_worker() -> ImageError {
    let advice = "this system does not let seer start itself again to decode them".to_owned();
    ImageError::Unsupported { what: "videos".to_owned(), advice }
}

/// What to do about videos that are not decoded here.
const NEEDS_PROGRAM: &str = "name an ffmpeg program that reads them (--ffmpeg)";

/// Whether a file was refused for this reason because no program for other videos was named.
pub fn lacked_ffmpeg(reason: &str) -> bool {
    reason.ends_with(NEEDS_PROGRAM)
}

fn needs_program(what: &str) -> ImageError {
    ImageError::Unsupported { what: what.to_owned(), advice: NEEDS_PROGRAM.to_owned() }
}

/// What no program reads either.
fn refused(what: &str) -> ImageError {
    let advice = "nothing of them can be shown".to_owned();
    ImageError::Unsupported { what: what.to_owned(), advice }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn videos_are_told_from_pictures() {
        for bytes in [
            &b"\0\0\0\x18ftypmp42\0\0\0\0"[..],
            b"\0\0\0\x14ftypqt  \0\0\0\0",
            b"\0\0\0\x08wide\0\0\0\0mdat",
            b"RIFF\x10\0\0\0AVI LIST",
            b"\x1a\x45\xdf\xa3\x01",
        ] {
            assert!(is_video(bytes), "{bytes:?}");
        }
        let mut packets = vec![0; 600];
        (0..600).step_by(188).for_each(|at| packets[at] = 0x47);
        assert!(is_video(&packets));
        for bytes in [&b"\0\0\0\x18ftypheic"[..], b"\xff\xd8\xff", b"", b"GGGG", b"\0\0\0\x01ftyp"]
        {
            assert!(!is_video(bytes), "{bytes:?}");
        }
    }

    #[test]
    fn what_is_not_decoded_is_named_with_what_to_do() {
        let text = not_decoded(Coding::Other("VP9")).to_string();
        assert!(text.starts_with("videos coded as VP9 cannot be read; name an ffmpeg"), "{text}");
        assert!(lacked_ffmpeg(&text) && !lacked_ffmpeg("damaged video file"));
    }
}
