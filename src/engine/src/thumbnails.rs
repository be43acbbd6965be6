//! Small JPEGs of photos, made while indexing or on first demand, and kept in the library folder.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use seer_images::{DecodeOptions, Stop};
use seer_types::{FileStamp, PhotoFile, PhotoId};

use crate::picture_file::{open_video, read_picture};
use crate::{EngineError, Library, kept_thumbnail, stamp};

/// The longest edges thumbnails are kept in; a demand gets the next larger one.
pub const THUMBNAIL_SIZES: [u32; 4] = [256, 512, 1024, 2048];

/// The longest edge that is made while indexing: the page's grid asks for it, and its viewer first.
pub const INDEXED_THUMBNAIL: u32 = 512;

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
        let jpeg = match open_video(&original)? {
            Some(file) => self.of_video(file, &original, id, size, &options)?,
            None => of_picture(&original, id, size, &options)?,
        };
        if let Err(error) = keep(&path, &jpeg, Lasting::AtOnce) {
            log::warn!("a thumbnail could not be kept in {}: {error}", path.display());
        }
        Ok(jpeg)
    }

    /// Whether a thumbnail of [`INDEXED_THUMBNAIL`] is kept of a photo.
    pub fn has_thumbnail(&self, id: PhotoId) -> bool {
        self.thumbnail_path(id, INDEXED_THUMBNAIL).is_file()
    }

    /// Keeps a thumbnail of [`INDEXED_THUMBNAIL`] that was made while a photo was read. After a power
    /// cut it may be gone, or half: it is then made again on demand.
    ///
    /// # Errors
    /// What the system says; `StorageFull` while the disk is nearly full.
    pub fn keep_thumbnail(&self, id: PhotoId, jpeg: &[u8]) -> std::io::Result<()> {
        keep(&self.thumbnail_path(id, INDEXED_THUMBNAIL), jpeg, Lasting::Soon)
    }

    fn of_video(
        &self,
        mut file: File,
        path: &Path,
        id: PhotoId,
        size: u32,
        options: &DecodeOptions,
    ) -> Result<Vec<u8>, EngineError> {
        let read = |error| EngineError::io("read", path)(error);
        // All of it is read only where its state does not tell that it is the same.
        let now = stamp(path, &file.metadata().map_err(read)?);
        let is_unchanged = self.photo(id)?.is_some_and(|photo| {
            let files = self.record_here(photo).files;
            let is_known = |file: &PhotoFile| {
                let now = FileStamp { sidecars: file.stamp.sidecars, ..now };
                file.path.as_path() == path && file.stamp == now
            };
            files.iter().any(is_known)
        });
        if !is_unchanged && content_hash(&mut file, &options.stop).map_err(read)? != Some(id) {
            options.stop.check().map_err(EngineError::Picture)?;
            return Err(EngineError::FileGone(path.to_path_buf()));
        }
        let make = || {
            seer_images::with_name(path, || {
                seer_images::decode_video_thumbnail(&mut file, path, options, size)
            })
        };
        seer_images::catch_bug(make).map_err(EngineError::Picture)
    }

    fn thumbnail_path(&self, id: PhotoId, size: u32) -> PathBuf {
        let hex = id.to_string();
        self.folder.join("thumbnails").join(&hex[..2]).join(format!("{hex}-{size}.jpg"))
    }
}

fn of_picture(
    path: &Path,
    id: PhotoId,
    size: u32,
    options: &DecodeOptions,
) -> Result<Vec<u8>, EngineError> {
    let bytes = read_picture(path, options)?;
    if PhotoId(*blake3::hash(&bytes).as_bytes()) != id {
        return Err(EngineError::FileGone(path.to_path_buf()));
    }
    let make =
        || seer_images::with_name(path, || seer_images::decode_thumbnail(&bytes, options, size));
    seer_images::catch_bug(make).map_err(EngineError::Picture)
}

/// The hash of a file of any length; `None` once stopped.
fn content_hash(file: &mut File, stop: &Stop) -> std::io::Result<Option<PhotoId>> {
    let (mut hasher, mut chunk) = (blake3::Hasher::new(), vec![0; 256 << 10]);
    loop {
        match file.read(&mut chunk)? {
            _ if stop.is_stopped() => return Ok(None),
            0 => return Ok(Some(PhotoId(*hasher.finalize().as_bytes()))),
            count => hasher.update(&chunk[..count]),
        };
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

/// When a file has to be on the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lasting {
    /// Before it has its name.
    AtOnce,
    /// Whenever the system likes: waiting for the disk, file by file, would slow indexing down.
    Soon,
}

/// Writes beside and renames, so that a reader never sees half a picture.
fn keep(path: &Path, jpeg: &[u8], lasting: Lasting) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    // Thumbnails are made again at any time; the room is for what cannot be.
    if seer_embedded::Room::of(folder).is_some_and(|room| !room.has(jpeg.len() as u64)) {
        return Err(std::io::ErrorKind::StorageFull.into());
    }
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&kept_thumbnail::seal(jpeg))?;
    if lasting == Lasting::AtOnce {
        // Before the name: after a power cut it stands for the whole picture or for nothing.
        file.as_file().sync_data()?;
    }
    file.persist(path)?;
    Ok(())
}
