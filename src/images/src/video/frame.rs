//! One frame as something to decode: its coded bytes, and what decodes them.

use std::cell::RefCell;

use super::film::{Codes, Coding, Film};
use crate::metadata::Packets;
use crate::profile::Described;
use crate::raster::{Channels, Raster, Storage};
use crate::source::{AnySource, Claim, Outcome, Source};
use crate::worker::{Codec, Request, Worker};
use crate::{ImageError, Stop, Wanted, jpeg};

/// Decodes the frames of one video, one after the other.
pub(super) struct Frames<'a> {
    film: &'a Film,
    /// Started when it is first needed.
    worker: RefCell<Option<Worker>>,
}

/// A frame whose bytes were read.
struct Frame<'a> {
    of: &'a Frames<'a>,
    codec: Codec,
    data: Vec<u8>,
}

impl<'a> Frames<'a> {
    /// Of a video whose coding is decoded here.
    pub(super) fn new(film: &'a Film) -> Self {
        Self { film, worker: RefCell::new(None) }
    }

    /// A frame as a picture to decode.
    ///
    /// # Errors
    /// `Unsupported` where its coding is not decoded here; `Damaged`.
    pub(super) fn open<'f>(
        &'f self,
        data: &'f [u8],
        wanted: &Wanted,
    ) -> Result<AnySource<'f>, ImageError> {
        let codec = match self.film.coding {
            Coding::Jpeg => return jpeg::open(data, wanted),
            Coding::H264 if cfg!(feature = "h264") => Codec::H264,
            Coding::Hevc if cfg!(feature = "heic") => Codec::Hevc,
            Coding::Av1 => Codec::Av1,
            other => return Err(super::not_decoded(other)),
        };
        // The head of AV1 is four bytes and then units like those of the frames.
        let first = match codec {
            Codec::Av1 => self.film.header.get(4..).unwrap_or(&[]),
            _ => &[],
        };
        Ok(Box::new(Frame { of: self, codec, data: [first, data].concat() }))
    }
}

impl<'a> Source<'a> for Frame<'a> {
    fn claim(&self) -> Claim {
        let padded = |side: u32| u64::from(side).next_multiple_of(128);
        let (width, height) = self.of.film.size;
        // In the worker: samples and what is kept of them; here the pixels as they are sent.
        let decoder = (padded(width) * padded(height)).saturating_mul(12);
        let fixed = decoder.saturating_add(3 * self.data.len() as u64 + (1 << 20));
        Claim::new(self.of.film.size, 3, 0, fixed)
    }

    fn take_packets(&mut self) -> Packets<'a> {
        Packets::default()
    }

    fn described(&self) -> Option<Described> {
        let codes = self.of.film.codes?;
        Described::from_codes(codes.primaries, codes.transfer)
    }

    fn orientation(&self) -> Option<u16> {
        Some(self.of.film.orientation)
    }

    fn decode(self: Box<Self>, stop: &Stop) -> Result<Outcome<'a>, ImageError> {
        let Self { of, codec, data } = *self;
        let film = of.film;
        let header = if codec == Codec::Av1 { Vec::new() } else { film.header.clone() };
        let matrix = film.codes.and_then(matrix);
        let request = Request { codec, size: film.size, matrix, header, data };
        let mut worker = match of.worker.take() {
            Some(worker) => worker,
            None => Worker::start("video", stop)?,
        };
        let tile = worker.decode(&request)?;
        // One that could not decode a frame may have ended.
        of.worker.replace(Some(worker));
        let pixels = tile.rgba.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]);
        let data: Vec<u8> = pixels.collect();
        let raster = Raster::new(tile.width, tile.height, Channels::Rgb, Storage::Direct, data);
        Ok(Outcome::Pixels(raster))
    }
}

/// The matrix, where the container says all of it.
fn matrix(codes: Codes) -> Option<(u16, bool)> {
    Some((codes.matrix, codes.is_full?)).filter(|(matrix, _)| *matrix != 2)
}
