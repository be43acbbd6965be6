//! A photo as JSON.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use seer_types::{DateSource, LibraryPath, PhotoRecord, Place, TextLine, Video};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shapes;

/// One photo. Unknown facts are left out.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Photo {
    /// 64 hex digits: BLAKE3 of the file's content.
    pub id: String,
    /// Pixels across, upright.
    pub width: u32,
    /// Pixels down, upright.
    pub height: u32,
    /// Format by content: "jpeg", "png", …
    pub format: String,
    /// Whether browsers can show the original itself.
    pub viewable: bool,
    /// File length in bytes.
    pub size: u64,
    /// When the library first saw it, Unix seconds.
    pub added: i64,
    /// When it was taken, camera's local time, as far as it is known: `2019-07-14T16:20:00`,
    /// `2019-07-14`, `2019-07` or `2019`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<String>,
    /// What says when it was taken: "exif_original", "file_name", …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<shapes::DateSource>)]
    pub taken_from: Option<DateSource>,
    /// Camera.
    #[serde(default, skip_serializing_if = "Camera::is_unknown")]
    pub camera: Camera,
    /// Lens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lens: Option<String>,
    /// Exposure.
    #[serde(default, skip_serializing_if = "Exposure::is_unknown")]
    pub exposure: Exposure,
    /// Where it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// The place at that position; its names in English and locally.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<shapes::Place>)]
    pub place: Option<Place>,
    /// Names of places written into the file, the narrowest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<String>,
    /// Names of the people in it, written into the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// Stars, 0 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// Keywords written into the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Title or description written into the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// What else was written about it into the file: titles, comments, other languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub descriptions: Vec<String>,
    /// Lines that can be read in the picture.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<shapes::TextLine>)]
    pub text_lines: Vec<TextLine>,
    /// What a model says in a sentence that it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated_caption: Option<String>,
    /// Of a video: its length, and the frames that were looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<shapes::Video>)]
    pub video: Option<Video>,
    /// The likely ones of the classes that a classifier gave it, the likeliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// How likely each of the classes is, 0 to 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probabilities: Vec<f32>,
    /// Every file with this content, sorted by path.
    pub files: Vec<PhotoFile>,
}

/// What took the photo.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Camera {
    /// "Canon".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub make: Option<String>,
    /// "Canon EOS 5D".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

/// How it was exposed.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Exposure {
    /// Exposure time in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// Aperture as f-number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub f_number: Option<f64>,
    /// ISO speed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iso: Option<u32>,
    /// Focal length in millimetres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focal_mm: Option<f64>,
}

/// Degrees, WGS 84.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Position {
    /// -90 to 90, north positive.
    pub latitude: f64,
    /// -180 to 180, east positive.
    pub longitude: f64,
}

/// One place where the photo lies.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct PhotoFile {
    /// Absolute path; U+FFFD stands where it is not Unicode.
    pub path: String,
    /// The indexed folder it was found under.
    pub root: String,
    /// The path's exact bytes in base64, only where `path` is not exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_base64: Option<String>,
    /// Modification time when it was indexed, Unix nanoseconds.
    pub modified_ns: i64,
}

impl Camera {
    fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

impl Exposure {
    fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

impl PhotoFile {
    /// The path as the operating system knows it, also where it is not Unicode.
    pub fn exact_path(&self) -> PathBuf {
        let exact = self.path_base64.as_deref().and_then(|text| STANDARD.decode(text).ok());
        match exact {
            Some(bytes) => LibraryPath::from_bytes(&bytes).as_path().to_path_buf(),
            None => PathBuf::from(&self.path),
        }
    }
}

impl Photo {
    /// Without the place where it was taken, and its names.
    #[must_use]
    pub fn without_position(self) -> Self {
        Self { position: None, place: None, locations: Vec::new(), ..self }
    }
}

impl From<&seer_types::PhotoFile> for PhotoFile {
    fn from(file: &seer_types::PhotoFile) -> Self {
        let exact = file.path.as_path().to_str().is_some();
        Self {
            path: file.path.to_text(),
            root: file.root.to_text(),
            path_base64: (!exact).then(|| STANDARD.encode(file.path.to_bytes())),
            modified_ns: file.stamp.modified_ns,
        }
    }
}

impl From<PhotoRecord> for Photo {
    fn from(record: PhotoRecord) -> Self {
        let facts = record.facts;
        let likely = facts.classes.into_iter().filter(seer_types::PhotoClass::is_likely);
        let (classes, probabilities) = likely.map(|class| (class.names, class.probability)).unzip();
        Self {
            id: record.id.to_string(),
            width: facts.width,
            height: facts.height,
            viewable: crate::routes::is_viewable(&facts.format),
            format: facts.format,
            size: record.size,
            added: record.added,
            taken: facts.taken.map(|taken| taken.to_string()),
            taken_from: facts.taken.map(|taken| taken.source),
            camera: Camera { make: facts.camera_make, model: facts.camera_model },
            lens: facts.lens,
            exposure: Exposure {
                seconds: facts.settings.exposure_seconds,
                f_number: facts.settings.f_number,
                iso: facts.settings.iso,
                focal_mm: facts.settings.focal_mm,
            },
            position: facts
                .position
                .map(|place| Position { latitude: place.latitude, longitude: place.longitude }),
            place: facts.place,
            locations: facts.locations,
            people: facts.people,
            rating: facts.rating,
            tags: facts.tags,
            caption: facts.caption,
            descriptions: facts.descriptions,
            text_lines: facts.text_lines,
            generated_caption: facts.generated_caption,
            video: facts.video,
            classes,
            probabilities,
            files: record.files.iter().map(PhotoFile::from).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seer_types::FileStamp;

    fn file(path: LibraryPath) -> PhotoFile {
        let stamp = FileStamp::new(1, 7);
        PhotoFile::from(&seer_types::PhotoFile { path, root: LibraryPath::new("/p"), stamp })
    }

    #[test]
    fn a_unicode_path_is_sent_once() {
        let file = file(LibraryPath::new("/p/é.jpg"));
        assert_eq!((file.path.as_str(), &file.path_base64), ("/p/é.jpg", &None));
        assert_eq!(file.exact_path(), PathBuf::from("/p/é.jpg"));
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_not_unicode_stays_exact() {
        let path = LibraryPath::from_bytes(b"/p/\xe9.jpg");
        let file = file(path.clone());
        assert_eq!(file.path, "/p/\u{fffd}.jpg");
        assert_eq!(file.exact_path(), path.as_path());
    }
}
