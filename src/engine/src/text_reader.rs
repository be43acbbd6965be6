//! Words in pictures.

use std::sync::{Arc, OnceLock};

use seer_images::{DecodeOptions, decode_visible};
use seer_ocr::{Ocr, OcrError, Picture};
use seer_store::{Analysis, Told};
use seer_types::IndexPhase;

use crate::{Analyst, LookError};

/// The longest edge from which words are read: letters that get lost below are too small in most photos.
const LONGEST_EDGE: u32 = 2000;

/// Reads the words in pictures with the model that is part of the program, which is loaded with the first
/// picture.
#[derive(Default)]
pub struct TextReader {
    model: OnceLock<Result<Arc<Ocr>, String>>,
}

impl TextReader {
    /// One that has not loaded its model yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn model(&self) -> Result<Arc<Ocr>, LookError> {
        let load = || Ocr::built_in().map(Arc::new).map_err(|error| error.to_string());
        self.model.get_or_init(load).clone().map_err(LookError::Failed)
    }
}

impl Analyst for TextReader {
    fn analysis(&self) -> Analysis {
        Analysis::lines()
    }

    fn phase(&self) -> IndexPhase {
        IndexPhase::ReadingText
    }

    fn at_once(&self) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }

    fn look(&self, bytes: &[u8], options: &DecodeOptions) -> Result<Told, LookError> {
        let model = self.model()?;
        let seen = decode_visible(bytes, options, LONGEST_EDGE)?;
        let (width, height) = (seen.width() as usize, seen.height() as usize);
        let picture = Picture { pixels: seen.rgb(), width, height };
        match model.read(picture, &|| options.stop.is_stopped()) {
            Ok(lines) => Ok(Told::Lines(lines)),
            Err(OcrError::Stopped) => Err(LookError::Stopped),
            Err(error) => Err(LookError::Failed(error.to_string())),
        }
    }
}
