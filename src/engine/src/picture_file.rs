//! Picture files into memory, within the limits of `seer-images`.

use std::path::Path;

use seer_images::{DecodeOptions, FileBytes, Limits, ReadPictureError};

use crate::EngineError;

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
