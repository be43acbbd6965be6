//! Picture files into memory, within the limits of `seer-images`.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use seer_images::{DecodeOptions, FileBytes, ImageError, Limits, ReadPictureError, SNIFF_BYTES};
use seer_types::{PreparedImage, PreprocessSpec};

use crate::EngineError;

/// A file opened as a video; `None` for anything else.
///
/// # Errors
/// `Io` where the system refuses, with the path.
pub(crate) fn open_video(path: &Path) -> Result<Option<File>, EngineError> {
    let failed = EngineError::io("read", path);
    let open = || -> std::io::Result<Option<File>> {
        // Opening a pipe would wait for a writer.
        if !std::fs::metadata(path)?.is_file() {
            return Ok(None);
        }
        let (mut file, mut first) = (File::open(path)?, Vec::new());
        file.by_ref().take(SNIFF_BYTES as u64).read_to_end(&mut first)?;
        file.rewind()?;
        Ok(seer_images::is_video(&first).then_some(file))
    };
    open().map_err(failed)
}

/// A picture file, or the first frame of a video, as a model takes it.
///
/// # Errors
/// `Io` where the system refuses, `PictureFile` for what cannot be decoded; both with the path.
pub(crate) fn prepare_file(
    path: &Path,
    options: &DecodeOptions,
    spec: &PreprocessSpec,
) -> Result<PreparedImage, EngineError> {
    let undecodable = |source| EngineError::PictureFile { path: path.to_path_buf(), source };
    let decoded = |work: &mut dyn FnMut() -> Result<PreparedImage, ImageError>| {
        seer_images::catch_bug(|| seer_images::with_name(path, work)).map_err(undecodable)
    };
    match open_video(path)? {
        Some(mut file) => decoded(&mut || {
            let mut video = seer_images::decode_video(&mut file, path, options, spec, None)?;
            // There is at least one.
            Ok(video.frames.swap_remove(0))
        }),
        None => {
            let bytes = read_picture(path, options)?;
            decoded(&mut || Ok(seer_images::decode_prepared(&bytes, options, spec)?.1))
        }
    }
}

/// Reads a picture file; its size is looked at first.
///
/// # Errors
/// `Io` where the system refuses, `PictureFile` for a file that is too large; both with the path.
pub(crate) fn read_picture(path: &Path, options: &DecodeOptions) -> Result<FileBytes, EngineError> {
    seer_images::read_picture_file(path, options).map_err(|error| match error {
        ReadPictureError::Io(source) => EngineError::io("read", path)(source),
        ReadPictureError::Refused(source) => {
            EngineError::PictureFile { path: path.to_path_buf(), source }
        }
    })
}

/// Longest picture file in a search: what a service takes in one request.
const QUERY_PICTURE: Limits =
    Limits { max_file_bytes: 47 << 20, max_pixels: u64::MAX, max_decoded_bytes: u64::MAX };

/// Reads a picture file that is meant for a search.
///
/// # Errors
/// As for any picture file; see [`check_query_picture`] for its length.
pub fn read_query_picture(path: &Path) -> Result<FileBytes, EngineError> {
    read_picture(path, &DecodeOptions::default())
}

/// Refuses a file that is too long to be sent with a search (47 MiB).
///
/// # Errors
/// `PictureFile` with `TooLarge`.
pub fn check_query_picture(path: &Path, bytes: u64) -> Result<(), EngineError> {
    let refused = |source| EngineError::PictureFile { path: path.to_path_buf(), source };
    QUERY_PICTURE.check_file(bytes).map_err(refused)
}
