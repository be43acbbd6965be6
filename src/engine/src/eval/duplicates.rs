//! How many mild copies of pictures are told, and how many other pictures are taken for copies.

use std::path::PathBuf;

use seer_images::{Alteration, DecodeOptions, ImageError, Limits, Stop, altered, decode};
use seer_types::PhotoFacts;
use serde::Serialize;

use crate::EngineError;
use crate::alike::{Alike, Look, groups};
use crate::picture_file::read_picture;

/// What was found.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DuplicatesReport {
    /// All pictures.
    pub pictures: usize,
    /// Of these, flat ones: they are like no other.
    pub flat: usize,
    /// Copies, by what was done to them.
    pub copies: Vec<CopiesReport>,
    /// Pictures among those given that are told to be alike: wrong, unless they are copies.
    pub groups: Vec<Vec<PathBuf>>,
}

/// Copies of one kind.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CopiesReport {
    /// What was done to them.
    pub kind: &'static str,
    /// Those that were told.
    pub told: usize,
    /// Of how many.
    pub of: usize,
}

impl DuplicatesReport {
    /// Pictures that a group has besides its first, for each 10,000 pictures.
    pub fn pairs_per_10_000(&self) -> f64 {
        let pairs: usize = self.groups.iter().map(|group| group.len() - 1).sum();
        pairs as f64 * 10_000.0 / self.pictures.max(1) as f64
    }
}

/// What is done to copies. Cuts change with each picture, in turn from all sides.
const KINDS: [(&str, Kind); 14] = [
    ("quality 40", |_| Alteration { quality: 40, ..plain() }),
    ("quality 60", |_| Alteration { quality: 60, ..plain() }),
    ("quality 90", |_| plain()),
    ("half size", |_| Alteration { shrink: 2, ..plain() }),
    ("third size", |_| Alteration { shrink: 3, ..plain() }),
    ("cut to 90 %, middle", |_| Alteration { cut: [0.05; 4], ..plain() }),
    ("cut to 90 %, corner", |turn| Alteration { cut: corner(turn, 0.1, 0.0), ..plain() }),
    ("cut to 90 %, between", |turn| Alteration { cut: corner(turn, 0.07, 0.03), ..plain() }),
    ("moved by 2 %", |turn| Alteration { cut: side(turn, 0.02), ..plain() }),
    ("moved by 5 %", |turn| Alteration { cut: side(turn, 0.05), ..plain() }),
    ("20 % brighter", |_| Alteration { brightness: 1.2, ..plain() }),
    ("20 % darker", |_| Alteration { brightness: 0.8, ..plain() }),
    ("warmer", |_| Alteration { warmth: 1.12, ..plain() }),
    ("cooler", |_| Alteration { warmth: 1.0 / 1.12, ..plain() }),
];

/// From the number of a picture.
type Kind = fn(usize) -> Alteration;

fn plain() -> Alteration {
    Alteration { quality: 85, ..Alteration::default() }
}

fn corner(turn: usize, much: f32, little: f32) -> [f32; 4] {
    let along = |is_first: bool| if is_first { [much, little] } else { [little, much] };
    let ([left, right], [top, bottom]) =
        (along(turn.is_multiple_of(2)), along((turn / 2).is_multiple_of(2)));
    [left, right, top, bottom]
}

fn side(turn: usize, much: f32) -> [f32; 4] {
    let mut cut = [0.0; 4];
    cut[turn % 4] = much;
    cut
}

/// Makes mild copies of `copied` of the pictures, evenly spread, and compares each with its
/// original; then compares all pictures with each other. `progress` hears how many pictures are done,
/// of how many.
///
/// # Errors
/// `PictureFile` and `Io` for a picture that cannot be read.
pub fn duplicates(
    pictures: &[PathBuf],
    copied: usize,
    progress: &dyn Fn(usize, usize),
) -> Result<DuplicatesReport, EngineError> {
    let mut copies = KINDS.map(|(kind, _)| CopiesReport { kind, told: 0, of: 0 });
    let (mut paths, mut looks) = (Vec::new(), Vec::new());
    let step = pictures.len().div_ceil(copied.max(1)).max(1);
    for (number, path) in pictures.iter().enumerate() {
        progress(number, pictures.len());
        let bytes = read_picture(path, &DecodeOptions::default())?;
        let failed = |source| EngineError::PictureFile { path: path.clone(), source };
        let Some(look) = Look::of(&signed(&bytes).map_err(failed)?) else { continue };
        if number % step == 0 && copied > 0 {
            count(&bytes, number / step, &look, &mut copies).map_err(failed)?;
        }
        paths.push(path.clone());
        looks.push(look);
    }
    let groups = groups(&looks, &Stop::new(), &mut |_| {}).map_err(EngineError::Picture)?;
    let named = |group: Vec<usize>| group.into_iter().map(|i| paths[i].clone()).collect();
    Ok(DuplicatesReport {
        pictures: pictures.len(),
        flat: pictures.len() - looks.len(),
        copies: copies.into(),
        groups: groups.into_iter().map(named).collect(),
    })
}

/// A picture's facts, without the time, so that bursts do not count.
fn signed(bytes: &[u8]) -> Result<PhotoFacts, ImageError> {
    let photo = decode(bytes, &Limits::default())?;
    let signature = photo.signature();
    Ok(PhotoFacts { signature, taken: None, ..photo.facts().clone() })
}

/// Makes a copy of each kind, and counts those that are told.
fn count(
    bytes: &[u8],
    turn: usize,
    original: &Look,
    copies: &mut [CopiesReport],
) -> Result<(), ImageError> {
    let photo = decode(bytes, &Limits::default())?;
    for (report, (_, kind)) in copies.iter_mut().zip(KINDS) {
        let copy = Look::of(&signed(&altered(&photo, &kind(turn)))?);
        report.of += 1;
        report.told +=
            usize::from(copy.is_some_and(|copy| original.alike(&copy) == Some(Alike::Copy)));
    }
    Ok(())
}
