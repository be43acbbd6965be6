//! One tile: its bytes with what is said of them, and its pixels.

use std::borrow::Cow;

use super::items::{Id, Items};
use super::plan::{Coding, Plan};
use crate::source::Outcome;
use crate::worker::{Codec, Request, Worker};
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
pub(crate) struct Tile {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgba: Vec<u8>,
}

/// What decodes the tiles of a picture.
pub(super) struct Decoders<'a> {
    stop: &'a Stop,
    /// Started when it is first needed.
    worker: Option<Worker>,
}

impl<'a> Decoders<'a> {
    pub(super) fn new(stop: &'a Stop) -> Self {
        Self { stop, worker: None }
    }

    /// # Errors
    /// `Damaged`; `Unsupported` for what is not decoded here, by name; `Stopped`.
    pub(super) fn decode(
        &mut self,
        items: &Items,
        plan: &Plan,
        id: Id,
    ) -> Result<Tile, ImageError> {
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
            Coding::Av1 => self.decode_av1(coded),
            Coding::Jpeg => decode_jpeg(&coded, self.stop),
        }
    }

    fn decode_av1(&mut self, coded: Coded) -> Result<Tile, ImageError> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => Worker::start("avif", self.stop)?,
        };
        let Coded { size, matrix, data, .. } = coded;
        let (header, data) = (Vec::new(), data.into_owned());
        let tile = worker.decode(&Request { codec: Codec::Av1, size, matrix, header, data });
        self.stop.check()?;
        // One that could not decode a tile may have ended.
        self.worker = tile.is_ok().then_some(worker);
        tile
    }
}

/// The header may stand apart.
fn decode_jpeg(coded: &Coded, stop: &Stop) -> Result<Tile, ImageError> {
    let whole = [coded.header, &coded.data].concat();
    let mut source = jpeg::open(&whole, &Wanted::Photo)?;
    let raster = loop {
        let claim = source.claim();
        let area = u64::from(coded.size.0) * u64::from(coded.size.1);
        if (claim.width, claim.height) != coded.size || claim.peak > most_of_jpeg(area, whole.len())
        {
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
