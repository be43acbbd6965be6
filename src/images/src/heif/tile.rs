//! One tile: its bytes with what is said of them, and its pixels.

use std::borrow::Cow;

use super::items::{Id, Items};
use super::plan::{Coding, Plan};
use crate::source::Outcome;
use crate::{ImageError, Stop, Wanted, jpeg};

/// A tile before it is decoded.
pub(super) struct Coded<'a> {
    pub(super) data: Cow<'a, [u8]>,
    /// The decoder's configuration.
    pub(super) header: &'a [u8],
    /// Pixels across and down that it should have.
    pub(super) size: (u32, u32),
    /// The matrix that led to luma and differences (ITU H.273), and whether values use all of their
    /// range; `None`: the coded data says so.
    pub(super) matrix: Option<(u16, bool)>,
}

/// A tile's pixels: four bytes each, alpha among them counts for nothing.
pub(super) struct Tile {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) rgba: Vec<u8>,
}

impl Tile {
    /// # Errors
    /// `Damaged`; `Unsupported` for what is not decoded here, by name; `Stopped`.
    pub(super) fn decode(items: &Items, plan: &Plan, id: Id, stop: &Stop) -> Result<Self, ImageError> {
        let header = match plan.coding {
            Coding::Hevc => b"hvcC",
            Coding::Av1 => b"av1C",
            Coding::Jpeg => b"jpgC",
        };
        let matrix = super::codes(items, id).map(|codes| (codes.matrix, codes.is_full));
        let header = items.property(id, header).unwrap_or(&[]);
        let coded = Coded { data: items.data(id), header, size: plan.tile, matrix };
        match plan.coding {
            #[cfg(feature = "heic")]
            Coding::Hevc => super::hevc::decode(&coded),
            #[cfg(not(feature = "heic"))]
            Coding::Hevc => Err(ImageError::foreign("HEIC pictures")),
            Coding::Av1 => Err(ImageError::foreign("AVIF pictures")),
            Coding::Jpeg => decode_jpeg(&coded, stop),
        }
    }
}

/// The header may stand apart.
fn decode_jpeg(coded: &Coded, stop: &Stop) -> Result<Tile, ImageError> {
    let whole = [coded.header, &coded.data].concat();
    let mut source = jpeg::open(&whole, &Wanted::Photo)?;
    let raster = loop {
        let claim = source.claim();
        let area = u64::from(coded.size.0) * u64::from(coded.size.1);
        if (claim.width, claim.height) != coded.size || claim.peak > most_of_jpeg(area, whole.len()) {
            return Err(ImageError::damaged("heif", "a tile has another size than it should have"));
        }
        match source.decode(stop)? {
            Outcome::Instead(other) => source = other,
            Outcome::Pixels(raster) => break raster,
        }
    };
    let rgba = match raster.channels.count() {
        1 => raster.data.iter().flat_map(|grey| [*grey, *grey, *grey, 255]).collect(),
        3 => raster.data.as_chunks().0.iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect(),
        _ => return Err(ImageError::variant("heif", "inks")),
    };
    Ok(Tile { width: raster.width, height: raster.height, rgba })
}

/// Bytes that a tile coded as JPEG may take.
pub(super) fn most_of_jpeg(area: u64, length: usize) -> u64 {
    area.saturating_add(1 << 20).saturating_mul(12) + 3 * length as u64
}
