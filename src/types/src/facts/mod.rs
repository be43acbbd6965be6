//! What is known about a photo beside its pixels.

mod place;
mod taken;
mod text_line;
mod time;
mod video;

use serde::{Deserialize, Serialize};

use crate::Signature;

pub use place::{Place, PlaceName};
pub use taken::{DateSource, Precision, Taken};
pub use text_line::TextLine;
pub use time::LocalTime;
pub use video::Video;

/// What decoding and the embedded metadata (EXIF, XMP, IPTC) say, and what a classifier sees.
/// Unknown is `None`.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct PhotoFacts {
    /// Pixels across, after orientation is applied.
    pub width: u32,
    /// Pixels down, after orientation is applied.
    pub height: u32,
    /// Format by content, lower case: "jpeg", "png", "webp", …
    pub format: String,
    /// When the picture was taken, as far as it is known, in the camera's local time.
    pub taken: Option<Taken>,
    /// "Canon".
    pub camera_make: Option<String>,
    /// "Canon EOS 5D".
    pub camera_model: Option<String>,
    /// "EF24-105mm f/4L IS USM".
    pub lens: Option<String>,
    /// Exposure.
    pub settings: CameraSettings,
    /// Where it was taken.
    pub position: Option<Coordinates>,
    /// What place that is. `None` where no position is known or nothing is near.
    pub place: Option<Place>,
    /// Names of places as somebody wrote them, the narrowest first: "Alfama", "Lisboa", "Portugal".
    pub locations: Vec<String>,
    /// Keywords. Those of a hierarchy have `|` between their levels, the widest first:
    /// "Places|Berlin".
    pub tags: Vec<String>,
    /// Names of the people in the picture, as somebody wrote them.
    pub people: Vec<String>,
    /// Stars that somebody gave it, 0 to 5.
    pub rating: Option<u8>,
    /// The description that somebody wrote, or else the title.
    pub caption: Option<String>,
    /// What else was written about the picture: titles, headlines, comments, other languages.
    pub descriptions: Vec<String>,
    /// Words that can be read in the picture, in reading order.
    pub text_lines: Vec<TextLine>,
    /// What a model says in a sentence that the picture shows.
    pub generated_caption: Option<String>,
    /// Of a video.
    pub video: Option<Video>,
    /// What a classifier takes it to show, the likeliest first. Empty where none has looked.
    pub classes: Vec<PhotoClass>,
    /// By which copies of the picture are told. `None` for flat pictures, and where none was made.
    pub signature: Option<Signature>,
}

/// A class that a classifier takes a photo to show.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PhotoClass {
    /// Its names with commas between them: "laptop, laptop computer".
    pub names: String,
    /// How likely it is, 0 to 1; those of all of a classifier's classes sum up to 1.
    pub probability: f32,
}

impl PhotoClass {
    /// A class of this probability or a higher one is a tag of its photo: mostly one, mostly right.
    /// What older libraries noted without a probability has at least this one.
    pub const LIKELY: f32 = 0.2;

    /// Whether it is a tag of its photo.
    pub fn is_likely(&self) -> bool {
        self.probability >= Self::LIKELY
    }
}

/// Exposure as the camera recorded it.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct CameraSettings {
    /// Exposure time in seconds.
    pub exposure_seconds: Option<f64>,
    /// Aperture as f-number.
    pub f_number: Option<f64>,
    /// ISO speed.
    pub iso: Option<u32>,
    /// Focal length in millimetres (real, not 35 mm equivalent).
    pub focal_mm: Option<f64>,
}

/// A place on earth in degrees (WGS 84).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Coordinates {
    /// -90 to 90, north positive.
    pub latitude: f64,
    /// -180 to 180, east positive.
    pub longitude: f64,
}
