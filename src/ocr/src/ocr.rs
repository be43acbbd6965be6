//! Both networks, and what lies between them.

use std::borrow::Cow;
use std::path::Path;

use seer_checkpoint::{Checkpoint, CheckpointError, EmbeddedFile, packed};
use seer_kernels::precision::Precision;
use seer_types::TextLine;

use crate::error::OcrError;
use crate::find;
use crate::lines::believed;
use crate::net::Map;
use crate::net::detector::Detector;
use crate::net::recogniser::Recogniser;
use crate::picture::{Picture, Rgb};
use crate::read::crop::{Line, crop};
use crate::read::decode::Characters;
use crate::read::line;
use crate::resize::{enlarged, reduced};
use crate::size;
use crate::weights::Weights;

/// The files of the model.
const FILES: [&str; 2] = ["detector.safetensors", "recogniser.safetensors"];
/// The same in the program.
static BUILT_IN: [(&str, EmbeddedFile); 2] =
    [(FILES[0], packed!("detector.safetensors")), (FILES[1], packed!("recogniser.safetensors"))];
/// Most lines that are read in one picture.
const MOST_LINES: usize = 400;
/// Lines that are filled up to the same width.
const ALIKE: usize = 6;

/// Lines less sure than this are read upside down too.
const SURE: f32 = 0.75;
/// The same for lines that run up or down: one of these ways is upside down.
const SURE_UPRIGHT: f32 = 0.97;
/// Level lines with fewer characters are not read upside down: most of them are no text.
const SEVERAL: usize = 3;
/// By how much a line has to be surer upside down.
const SURER: f32 = 0.05;

/// Finds lines of text in pictures and reads them: PP-OCRv6 small.
///
/// It can be shared by threads. A picture takes about 60 MB while it is looked at.
pub struct Ocr {
    detector: Detector,
    recogniser: Recogniser,
    characters: Characters,
}

impl Ocr {
    /// The model in the program, computed in 8 bits.
    ///
    /// # Errors
    /// `Model`, when the program itself is damaged.
    pub fn built_in() -> Result<Self, OcrError> {
        Self::open(&Checkpoint::Embedded(&BUILT_IN), Precision::EightBit)
    }

    /// A model in a folder, `detector.safetensors` and `recogniser.safetensors`, computed in f32 or in
    /// 8 bits.
    ///
    /// # Errors
    /// `Model`, with the file or the tensor that is wrong.
    pub fn from_files(folder: &Path, precision: Precision) -> Result<Self, OcrError> {
        Self::open(&Checkpoint::Folder(folder.to_owned()), precision)
    }

    fn open(files: &Checkpoint, precision: Precision) -> Result<Self, OcrError> {
        let (detector, recogniser) = (files.bytes(FILES[0])?, files.bytes(FILES[1])?);
        let mut found = Weights::open(FILES[0], &detector)?;
        let mut read = Weights::open(FILES[1], &recogniser)?;
        let characters = read.note("characters").map(Characters::new);
        let characters = characters.ok_or_else(|| CheckpointError::Weights {
            file: FILES[1].to_owned(),
            reason: "the list of its characters is missing".to_owned(),
        })?;
        let classes = characters.classes();
        let detector = precision.during(|| Detector::take(&mut found))?;
        let recogniser = precision.during(|| Recogniser::take(&mut read, classes))?;
        found.finish()?;
        read.finish()?;
        Ok(Self { detector, recogniser, characters })
    }

    /// The lines of text in a picture, from top to bottom. `stop` is asked many times on the way
    /// whether to stop.
    ///
    /// # Errors
    /// `Pixels` when the picture's bytes are not as many as its size says; `Stopped`.
    pub fn read(
        &self,
        picture: Picture,
        stop: &dyn Fn() -> bool,
    ) -> Result<Vec<TextLine>, OcrError> {
        let mut lines = self.read_all(picture, stop)?;
        lines.retain(believed);
        Ok(lines)
    }

    /// The same with lines that may be no text at all: what the networks say.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_all(
        &self,
        picture: Picture,
        stop: &dyn Fn() -> bool,
    ) -> Result<Vec<TextLine>, OcrError> {
        picture.check()?;
        let go_on = || !stop();
        let Some(searched) = size::to_search(picture.width, picture.height) else {
            return Ok(Vec::new());
        };
        let map = self.detector.apply(&searchable(picture, searched), &go_on);
        let map = map.ok_or(OcrError::Stopped)?;
        let [width, height] = size::to_read(picture.width, picture.height);
        let mut boxes = find::in_reading_order(find::boxes(&map, width, height));
        boxes.truncate(MOST_LINES);
        drop(map);
        let smaller = !boxes.is_empty() && width < picture.width;
        let smaller = smaller.then(|| reduced(picture, width, height));
        let picture = smaller.as_ref().map_or(picture, Rgb::borrowed);
        let cut: Vec<Line> = boxes.iter().filter_map(|corners| crop(picture, corners)).collect();
        let mut lines = self.lines(&cut, &go_on).ok_or(OcrError::Stopped)?;
        lines.retain(|line| !line.text.trim().is_empty());
        for line in &mut lines {
            line.corners = line.corners.map(|[x, y]| [x / width as f32, y / height as f32]);
        }
        Ok(lines)
    }

    /// What is written in each line, corners in pixels. Nothing when `go_on` says no on the way.
    fn lines(&self, cut: &[Line], go_on: &dyn Fn() -> bool) -> Option<Vec<TextLine>> {
        let ratio = |number: &usize| line::ratio(&cut[*number].pixels);
        let mut order: Vec<usize> = (0..cut.len()).collect();
        order.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)));
        let mut lines: Vec<Option<TextLine>> = vec![None; cut.len()];
        for alike in order.chunks(ALIKE) {
            let widest = alike.last().map_or(0.0, ratio).clamp(line::SHORTEST, line::LONGEST);
            for number in alike {
                lines[*number] = Some(self.line(&cut[*number], widest, go_on)?);
            }
        }
        lines.into_iter().collect()
    }

    /// One line, the right way up: as it is, or upside down when that is surer.
    fn line(&self, cut: &Line, widest: f64, go_on: &dyn Fn() -> bool) -> Option<TextLine> {
        let found = self.text(cut, widest, go_on)?;
        let sure = if cut.upright { SURE_UPRIGHT } else { SURE };
        let several = cut.upright || found.text.chars().count() >= SEVERAL;
        if found.confidence >= sure || !several {
            return Some(found);
        }
        let turned = self.text(&cut.upside_down(), widest, go_on)?;
        Some(if turned.confidence > found.confidence + SURER { turned } else { found })
    }

    fn text(&self, cut: &Line, widest: f64, go_on: &dyn Fn() -> bool) -> Option<TextLine> {
        let scores = self.recogniser.apply(&line::prepared(&cut.pixels, widest), go_on)?;
        let (text, confidence) = self.characters.text(&scores);
        Some(TextLine { text, corners: cut.corners, confidence })
    }
}

/// The picture at the size in which text is looked for, values from -1 to 1.
fn searchable(picture: Picture, [width, height]: [usize; 2]) -> Map {
    let smaller = width < picture.width && height < picture.height;
    let same = width == picture.width && height == picture.height;
    let pixels = match () {
        () if same => Cow::Borrowed(picture.pixels),
        () if smaller => Cow::Owned(reduced(picture, width, height).pixels),
        () => Cow::Owned(enlarged(picture, width, height).pixels),
    };
    let values = pixels.iter().map(|byte| f32::from(*byte) / 127.5 - 1.0).collect();
    Map { height, width, channels: 3, values }
}
