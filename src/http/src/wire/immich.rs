//! What Immich asks its machine-learning service, and reads of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The parts of `POST /predict`: `entries`, and what they are about.
#[derive(ToSchema)]
#[expect(dead_code, reason = "its schema is what it is for")]
pub(crate) struct PredictForm {
    /// JSON: for each task ("clip") and type ("textual", "visual") an object with `modelName` and
    /// `options`.
    entries: String,
    /// The text of "textual".
    text: Option<String>,
    /// The picture file of "visual".
    #[schema(value_type = Option<String>, format = Binary)]
    image: Option<Vec<u8>>,
}

/// `entries`: tasks, their types, and how each is to be done.
pub(crate) type Entries = BTreeMap<String, BTreeMap<String, PredictEntry>>;

/// How one thing is to be done.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub(crate) struct PredictEntry {
    /// A name that has to be there; the model in use answers whatever it is.
    #[serde(rename = "modelName")]
    pub(crate) model_name: String,
    #[serde(default)]
    pub(crate) options: Option<PredictOptions>,
}

/// What of the options is read.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
pub(crate) struct PredictOptions {
    /// The language of the text, as `de` or `de-AT`.
    #[serde(default)]
    pub(crate) language: Option<String>,
}

/// Answer to `POST /predict`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Prediction {
    /// The embedding: a JSON list of numbers, as a text.
    pub clip: String,
    /// Pixels down, upright; left out without a picture.
    #[serde(rename = "imageHeight", default, skip_serializing_if = "Option::is_none")]
    pub image_height: Option<u32>,
    /// Pixels across, upright; left out without a picture.
    #[serde(rename = "imageWidth", default, skip_serializing_if = "Option::is_none")]
    pub image_width: Option<u32>,
}
