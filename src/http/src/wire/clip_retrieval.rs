//! What clip-retrieval's clients send and read, as JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::first::Kept;

/// Numbers of an embedding that are kept: more than any model gives.
const NUMBERS: usize = 16_384;
/// Ids that are kept: more than may be asked for.
const IDS: usize = 4_096;

/// Body of `POST /knn-service`: one of a text, a picture or an embedding. What else clients send
/// (`use_safety_model`, `use_violence_detector`, `use_mclip`, `aesthetic_score`, `aesthetic_weight`) is ignored.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, ToSchema)]
pub struct KnnRequest {
    /// A text. It is compared as a whole: no query language.
    #[serde(default)]
    pub text: Option<String>,
    /// A picture file in base64.
    #[serde(default)]
    pub image: Option<String>,
    /// Refused: pictures are not fetched.
    #[serde(default)]
    pub image_url: Option<String>,
    /// Numbers that the model in use gave.
    #[serde(default)]
    #[schema(value_type = Option<Vec<f32>>)]
    pub(crate) embedding_input: Option<Kept<f32, NUMBERS>>,
    /// "image": there is no index of captions.
    #[serde(default)]
    pub modality: Option<String>,
    /// How many results say what they are, 1 to 1,000; 40 unless told.
    #[serde(default)]
    pub num_images: Option<usize>,
    /// How many results there are, the others with id and similarity alone; more than 1,000 are as
    /// 1,000.
    #[serde(default)]
    pub num_result_ids: Option<usize>,
    /// "photos", the only one.
    #[serde(default)]
    pub indice_name: Option<String>,
    /// Photos that are alike are one result.
    #[serde(default)]
    pub deduplicate: Option<bool>,
}

/// One photo of the answer to `POST /knn-service`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct KnnResult {
    /// The photo as a number: the first 13 hex digits of its id.
    pub id: u64,
    /// Cosine, -1 to 1.
    pub similarity: f32,
    /// As in [`KnnMetadata`], like those below; left out after the first `num_images`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its caption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Where its file lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_path: Option<String>,
    /// Its id here: 64 hex digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}

impl KnnResult {
    /// A result that says what it is where that is given.
    pub(crate) fn new(id: u64, similarity: f32, metadata: Option<KnnMetadata>) -> Self {
        let bare = Self { id, similarity, url: None, caption: None, image_path: None, photo: None };
        match metadata {
            None => bare,
            Some(KnnMetadata { url, caption, image_path, photo }) => Self {
                url: Some(url),
                caption: Some(caption),
                image_path: Some(image_path),
                photo: Some(photo),
                ..bare
            },
        }
    }
}

/// What a photo is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct KnnMetadata {
    /// A JPEG of it on this server, of at most 1,024 pixels.
    pub url: String,
    /// Its caption, or what a model says that it shows; empty where there is neither.
    pub caption: String,
    /// Where its file lies.
    pub image_path: String,
    /// Its id here: 64 hex digits.
    pub photo: String,
}

/// Body of `POST /metadata`.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
pub struct MetadataRequest {
    /// Photos as numbers, at most 1,000.
    #[schema(value_type = Vec<u64>)]
    pub(crate) ids: Kept<u64, IDS>,
    /// "photos", the only one.
    #[serde(default)]
    pub indice_name: Option<String>,
}

/// One photo of the answer to `POST /metadata`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct MetadataResult {
    /// The number that was asked for.
    pub id: u64,
    /// What it is.
    pub metadata: KnnMetadata,
}
