//! HEIF: pictures in boxes (HEIC, AVIF and their relatives), tile by tile, upright as the boxes say.

mod av1;
pub(crate) mod boxes;
#[cfg(feature = "heic")]
mod hevc;
mod items;
mod plan;
mod tile;
pub(crate) mod yuv;

use std::borrow::Cow;

use boxes::{Boxes, Fields};
use items::{Id, Items};
use plan::{Coding, Plan};
use tile::Decoders;

pub(crate) use av1::decode as decode_av1;
#[cfg(feature = "heic")]
pub(crate) use hevc::decode_frame as decode_hevc;
pub(crate) use tile::Tile;

use crate::format::Readable;
use crate::metadata::{LARGEST_EXIF, LARGEST_PROFILE, LARGEST_XMP, Packets};
use crate::profile::Described;
use crate::raster::{Channels, Raster, Storage};
use crate::source::{AnySource, Claim, Outcome, Source};
use crate::{ImageError, Stop};

/// The value of tiles that are missing.
const MISSING: u8 = 128;

/// A file whose items were read.
struct Heif<'a> {
    items: Items<'a>,
    plan: Plan,
    packets: Packets<'a>,
    described: Option<Described>,
    format: Readable,
    length: usize,
}

/// Reads the items.
///
/// # Errors
/// `Damaged`; `Unsupported` for pictures that are made in ways that are not read, by name.
pub(crate) fn open(bytes: &[u8], format: Readable) -> Result<AnySource<'_>, ImageError> {
    let Some(items) = Items::read(bytes) else {
        return Err(match Boxes(bytes).any(|(kind, _)| kind == b"moov") {
            true => ImageError::variant(format.name(), "a sequence without a still picture"),
            false => ImageError::damaged(format.name(), "it ends too early"),
        });
    };
    let plan = Plan::new(&items, items.primary)?;
    let first = plan.tiles.first().copied().unwrap_or(items.primary);
    let of_colours = |id| (profile(&items, id), codes(&items, id));
    let (own, of_tile) = (of_colours(items.primary), of_colours(first));
    let profile = own.0.or(of_tile.0).filter(|profile| profile.len() <= LARGEST_PROFILE);
    // A profile says more than code points.
    let codes = own.1.or(of_tile.1).filter(|_| profile.is_none());
    let packets = packets(&items, profile);
    let described = codes.and_then(|codes| Described::from_codes(codes.primaries, codes.transfer));
    Ok(Box::new(Heif { items, plan, packets, described, format, length: bytes.len() }))
}

impl<'a> Source<'a> for Heif<'a> {
    fn claim(&self) -> Claim {
        let plan = &self.plan;
        let channels = if plan.alpha.is_some() { 4 } else { 3 };
        let padded = |side: u32| u64::from(side).next_multiple_of(64);
        let area = padded(plan.tile.0) * padded(plan.tile.1);
        let decoder = match plan.coding {
            #[cfg(feature = "heic")]
            Coding::Hevc => {
                let first = plan.tiles.first().copied().unwrap_or_default();
                let configuration = self.items.property(first, b"hvcC").unwrap_or(&[]);
                area.saturating_mul(hevc::bytes_a_pixel(configuration))
            }
            Coding::Jpeg => tile::most_of_jpeg(area, self.length),
            // In the worker: samples, references, and the pixels until they are sent.
            _ => area.saturating_mul(8),
        };
        // The tile's own pixels, and its bytes twice.
        let fixed = decoder
            .saturating_add(area.saturating_mul(4))
            .saturating_add(2 * self.length as u64 + (1 << 20));
        let whole = Claim::new((plan.width, plan.height), channels, 0, fixed);
        let (width, height) = plan.shown();
        let pixels = Claim::new((width, height), channels, 0, 0).pixels;
        Claim { width, height, pixels, ..whole }
    }

    fn take_packets(&mut self) -> Packets<'a> {
        std::mem::take(&mut self.packets)
    }

    fn described(&self) -> Option<Described> {
        self.described
    }

    fn orientation(&self) -> Option<u16> {
        Some(self.plan.orientation)
    }

    fn decode(self: Box<Self>, stop: &Stop) -> Result<Outcome<'a>, ImageError> {
        let (plan, size) = (&self.plan, if self.plan.alpha.is_some() { 4 } else { 3 });
        let mut data = vec![MISSING; plan.width as usize * plan.height as usize * size];
        lay(&self.items, plan, (&mut data, size), self.format, stop, |out, pixel| {
            out[..3].copy_from_slice(&pixel[..3]);
        })?;
        if let Some(alpha) = &plan.alpha {
            data.iter_mut().skip(3).step_by(4).for_each(|alpha| *alpha = 255);
            // Without it the picture is shown as a whole.
            let _ = lay(&self.items, alpha, (&mut data, size), self.format, stop, |out, pixel| {
                out[3] = pixel[0];
            });
        }
        if let Some(part) = plan.crop {
            crop(&mut data, plan.width as usize * size, part, size);
        }
        let (width, height) = plan.shown();
        let channels = if size == 4 { Channels::Rgba } else { Channels::Rgb };
        Ok(Outcome::Pixels(Raster::new(width, height, channels, Storage::Direct, data)))
    }
}

/// Decodes one tile after the other and puts its pixels, four bytes each, into those of the picture,
/// `size` bytes each.
fn lay(
    items: &Items,
    plan: &Plan,
    (data, size): (&mut [u8], usize),
    format: Readable,
    stop: &Stop,
    put: impl Fn(&mut [u8], &[u8; 4]),
) -> Result<(), ImageError> {
    let stride = plan.width as usize * size;
    let (mut laid, mut wrong) = (0, None);
    let mut decoders = Decoders::new(stop);
    for (number, id) in (0u32..).zip(&plan.tiles) {
        stop.check()?;
        let left = number % plan.columns * plan.tile.0;
        let top = number / plan.columns * plan.tile.1;
        if left >= plan.width || top >= plan.height {
            laid += 1;
            continue;
        }
        let tile = match decoders.decode(items, plan, *id) {
            Ok(tile) => tile,
            Err(error @ (ImageError::Unsupported { .. } | ImageError::Stopped)) => {
                return Err(error);
            }
            Err(error) => {
                wrong = wrong.or(Some(error));
                continue;
            }
        };
        laid += 1;
        let columns = tile.width.min(plan.width - left) as usize;
        let rows = tile.rgba.chunks_exact(tile.width.max(1) as usize * 4);
        let below = data.chunks_exact_mut(stride).skip(top as usize);
        for (out, row) in below.zip(rows.take(tile.height as usize)) {
            let out = out[left as usize * size..][..columns * size].chunks_exact_mut(size);
            out.zip(row.as_chunks::<4>().0).for_each(|(out, pixel)| put(out, pixel));
        }
    }
    // Tiles that are damaged or cut off stay grey, up to a half of them.
    if laid * 2 < plan.tiles.len() {
        let missing = || ImageError::damaged(format.name(), "less than half of it is there");
        return Err(wrong.unwrap_or_else(missing));
    }
    Ok(())
}

/// Keeps a part of the rows, which are `stride` bytes long.
fn crop(data: &mut Vec<u8>, stride: usize, [left, top, width, height]: [u32; 4], size: usize) {
    let length = width as usize * size;
    for y in 0..height as usize {
        let from = (top as usize + y) * stride + left as usize * size;
        data.copy_within(from..from + length, y * length);
    }
    data.truncate(length * height as usize);
    data.shrink_to_fit();
}

/// Code points of an item's colours (ITU H.273).
#[derive(Clone, Copy)]
struct Codes {
    primaries: u16,
    transfer: u16,
    matrix: u16,
    is_full: bool,
}

fn codes(items: &Items, id: Id) -> Option<Codes> {
    let of_kind = |(kind, body): (&[u8; 4], _)| (kind == b"colr").then_some(body);
    let mut colours = items.properties(id).filter_map(of_kind);
    let mut fields = Fields(colours.find_map(|body: &[u8]| body.strip_prefix(b"nclx"))?);
    Some(Codes {
        primaries: fields.number(2)? as u16,
        transfer: fields.number(2)? as u16,
        matrix: fields.number(2)? as u16,
        is_full: fields.number(1)? >> 7 == 1,
    })
}

fn profile<'a>(items: &Items<'a>, id: Id) -> Option<&'a [u8]> {
    let colours = items.properties(id).filter(|(kind, _)| *kind == b"colr");
    let mut profiles = colours
        .filter_map(|(_, body)| body.strip_prefix(b"prof").or_else(|| body.strip_prefix(b"rICC")));
    profiles.next()
}

fn packets<'a>(items: &Items<'a>, profile: Option<&'a [u8]>) -> Packets<'a> {
    let exif = items.described_by(items.primary, |item| item.is_exif());
    let exif = exif.and_then(|id| match items.data(id) {
        Cow::Borrowed(data) => exif_block(data).map(Cow::Borrowed),
        Cow::Owned(data) => exif_block(&data).map(|block| Cow::Owned(block.to_vec())),
    });
    let xmp = items.described_by(items.primary, |item| item.is_xmp());
    let xmp = xmp.map(|id| items.data(id)).filter(|xmp| xmp.len() <= LARGEST_XMP);
    Packets { exif, xmp, profile: profile.map(Cow::Borrowed), ..Packets::default() }
}

/// The block begins so many bytes behind a number that says how many; some programs leave that out.
pub(crate) fn exif_block(data: &[u8]) -> Option<&[u8]> {
    let (skipped, rest) = data.split_first_chunk()?;
    let block = match skipped {
        b"II*\0" | b"MM\0*" => data,
        skipped => rest.get(u32::from_be_bytes(*skipped) as usize..)?,
    };
    let block = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
    Some(block).filter(|block| block.len() <= LARGEST_EXIF)
}
