//! Small JPEGs of photos, made on first demand and kept in the library folder.

use std::io::Write;
use std::path::{Path, PathBuf};

use seer_images::{DecodeOptions, Stop};
use seer_types::PhotoId;

use crate::picture_file::read_picture;
use crate::{EngineError, Library, kept_thumbnail};

/// The longest edges thumbnails are kept in; a demand gets the next larger one.
pub const THUMBNAIL_SIZES: [u32; 4] = [256, 512, 1024, 2048];

impl Library {
    /// A JPEG of the photo, upright, whose longest edge is at least `longest_edge` pixels where
    /// the photo has them (rounded up to one of [`THUMBNAIL_SIZES`]).
    ///
    /// # Errors
    /// `NotFound`, `FileGone`, `Picture` when the file can no longer be decoded.
    pub fn thumbnail(&self, id: PhotoId, longest_edge: u32) -> Result<Vec<u8>, EngineError> {
        self.thumbnail_until(id, longest_edge, &Stop::new())
    }

    /// [`Library::thumbnail`] that is given up soon after `stop` is set.
    ///
    /// # Errors
    /// The same, and `Picture` with `Stopped`.
    pub fn thumbnail_until(
        &self,
        id: PhotoId,
        longest_edge: u32,
        stop: &Stop,
    ) -> Result<Vec<u8>, EngineError> {
        let size = THUMBNAIL_SIZES.into_iter().find(|s| *s >= longest_edge);
        let size = size.unwrap_or(THUMBNAIL_SIZES[THUMBNAIL_SIZES.len() - 1]);
        let path = self.thumbnail_path(id, size);
        let original = self.original(id)?;
        if let Some(jpeg) = std::fs::read(&path).ok().and_then(kept_thumbnail::unseal) {
            return Ok(jpeg);
        }
        let options = DecodeOptions { stop: stop.clone(), ..DecodeOptions::default() };
        let bytes = read_picture(&original, &options)?;
        if PhotoId(*blake3::hash(&bytes).as_bytes()) != id {
            return Err(EngineError::FileGone(original));
        }
        let make = || {
            seer_images::with_name(&original, || {
                seer_images::decode_thumbnail(&bytes, &options, size)
            })
        };
        let jpeg = seer_images::catch_bug(make).map_err(EngineError::Picture)?;
        if let Err(error) = keep(&path, &jpeg) {
            log::warn!("a thumbnail could not be kept in {}: {error}", path.display());
        }
        Ok(jpeg)
    }

    fn thumbnail_path(&self, id: PhotoId, size: u32) -> PathBuf {
        let hex = id.to_string();
        self.folder.join("thumbnails").join(&hex[..2]).join(format!("{hex}-{size}.jpg"))
    }
}

/// Removes all thumbnails in a library's folder. What stays is a notice: they are of photos that
/// are named by their content.
pub(crate) fn discard_all(folder: &Path) {
    let folder = folder.join("thumbnails");
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            log::warn!("{} could not be removed: {error}", folder.display());
        }
        _ => {}
    }
}

/// Writes beside and renames, so that a reader never sees half a picture.
fn keep(path: &Path, jpeg: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    // Thumbnails are made again at any time; the room is for what cannot be.
    if seer_embedded::Room::of(folder).is_some_and(|room| !room.has(jpeg.len() as u64)) {
        return Err(std::io::ErrorKind::StorageFull.into());
    }
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&kept_thumbnail::seal(jpeg))?;
    // Before the name: after a power cut it stands for the whole picture or for nothing.
    file.as_file().sync_data()?;
    file.persist(path)?;
    Ok(())
}
