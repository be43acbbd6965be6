//! TIFF as libtiff reads it: strips and tiles, joined or in planes, of any depth. The file itself is
//! the EXIF block.
//!
//! Unpacked parts become levels, levels are laid into the raster, and the raster's colours are
//! converted at the end. What is cut off stays grey; samples that are not shown are read over.

mod colours;
mod fax;
pub(crate) mod ifd;
mod jpeg_part;
mod layout;
pub(crate) mod packbits;
mod predict;
mod samples;
mod unpack;
mod ycbcr;

use std::borrow::Cow;

pub(crate) use colours::{Lab, rgb_from_lab};

use colours::Colours;
use ifd::Structure;
use layout::{Alpha, Layout};
use unpack::Packing;

use crate::colour::unpremultiply;
use crate::metadata::{LARGEST_PROFILE, Packets};
use crate::raster::{Channels, Raster, Storage};
use crate::source::{AnySource, Claim, Outcome, Source};
use crate::{ImageError, Stop};

const PROFILE: u16 = 34_675;

/// The value of samples that are missing.
const MISSING: u8 = 128;

/// A file whose first directory was read.
struct Tiff<'a> {
    layout: Layout<'a>,
    packets: Packets<'a>,
}

/// Reads the first directory.
///
/// # Errors
/// `Damaged` without one; `Unsupported` for kinds that are not read, by their names.
pub(crate) fn open(bytes: &[u8]) -> Result<AnySource<'_>, ImageError> {
    let broken = || ImageError::damaged("tiff", "its first directory is broken or cut off");
    let file = Structure::parse(bytes).ok_or_else(broken)?;
    let directory = file.directory(file.first).ok_or_else(broken)?;
    let layout = Layout::read(&file, &directory)?;
    let profile = directory.bytes(PROFILE).filter(|profile| profile.len() <= LARGEST_PROFILE);
    let packets = Packets {
        exif: Some(Cow::Borrowed(bytes)),
        profile: profile.map(Cow::Borrowed),
        ..Packets::default()
    };
    Ok(Box::new(Tiff { layout, packets }))
}

impl Tiff<'_> {
    /// How often the bytes of an unpacked part are held, while they are unpacked at worst.
    fn copies(&self) -> u64 {
        match self.layout.packing {
            Packing::None if self.layout.predictor == 1 && !self.layout.is_reversed => 0,
            // Their decoders let the result grow.
            Packing::Deflate | Packing::Zstd => 3,
            _ => 1,
        }
    }

    fn channels(&self) -> Channels {
        self.layout.colours.channels(self.layout.alpha != Alpha::None)
    }
}

impl<'a> Source<'a> for Tiff<'a> {
    fn claim(&self) -> Claim {
        let layout = &self.layout;
        let rows = layout.part.1.min(layout.height as usize);
        let part = layout.part_bytes(rows) as u64;
        // Units are spread, and a row of levels is made of one of samples.
        let spread = if layout.units.is_some() { part * 3 } else { 0 };
        let row = (layout.part.0 * layout.samples_of_part()) as u64;
        let parts = layout.parts.len() as u64 * 32;
        let turned = layout.parts.iter().map(|part| part.len() as u64).max().unwrap_or(0);
        let turned = if layout.is_reversed { turned } else { 0 };
        let fixed =
            part * self.copies() + turned + spread + layout.beside() + row + parts + (1 << 20);
        let size = (layout.width, layout.height);
        Claim::new(size, self.channels().count() as u64, 0, fixed)
    }

    fn take_packets(&mut self) -> Packets<'a> {
        std::mem::take(&mut self.packets)
    }

    fn decode(self: Box<Self>, stop: &Stop) -> Result<Outcome<'a>, ImageError> {
        let (channels, layout) = (self.channels(), &self.layout);
        let mut canvas = Canvas::new(layout, channels);
        for (number, packed) in layout.parts.iter().enumerate() {
            stop.check()?;
            canvas.place(layout, number, packed, stop)?;
        }
        canvas.check_extent(layout)?;
        let mut data = canvas.data;
        layout.colours.convert(&mut data, channels);
        if let Alpha::Premultiplied(_) = layout.alpha {
            match channels {
                Channels::GreyAlpha => unpremultiply::<2>(&mut data),
                _ => unpremultiply::<4>(&mut data),
            }
        }
        let is_indexed = matches!(layout.colours, Colours::Palette(_)) || layout.bits == 1;
        let storage = if is_indexed { Storage::Indexed } else { Storage::Direct };
        let raster = Raster::new(layout.width, layout.height, channels, storage, data);
        Ok(Outcome::Pixels(raster))
    }
}

/// The raster while parts are laid into it.
struct Canvas {
    data: Vec<u8>,
    /// Bytes of a pixel.
    size: usize,
    /// For each of them the sample it is made of.
    kept: Vec<usize>,
    /// Samples that have been laid, of all planes.
    laid: u64,
    levels: Vec<u8>,
}

impl Canvas {
    fn new(layout: &Layout, channels: Channels) -> Self {
        let size = channels.count();
        let alpha = match layout.alpha {
            Alpha::None => None,
            Alpha::Straight(sample) | Alpha::Premultiplied(sample) => Some(sample),
        };
        let pixels = layout.width as usize * layout.height as usize;
        let kept = (0..layout.colours.samples()).chain(alpha).collect();
        Self { data: vec![MISSING; pixels * size], size, kept, laid: 0, levels: Vec::new() }
    }

    /// Unpacks a part and lays it where it belongs.
    fn place(
        &mut self,
        layout: &Layout,
        number: usize,
        packed: &[u8],
        stop: &Stop,
    ) -> Result<(), ImageError> {
        let (across, down) = layout.grid;
        let (plane, place) = (number / (across * down), number % (across * down));
        let (left, top) = (place % across * layout.part.0, place / across * layout.part.1);
        if packed.is_empty() || layout.is_planar && !self.kept.contains(&plane) {
            return Ok(());
        }
        let rows = layout.part.1.min(layout.height as usize - top);
        if layout.packing == Packing::Jpeg {
            let most = layout.beside().saturating_add(1 << 20);
            // A part that is damaged stays grey.
            if let Ok((samples, wide)) = jpeg_part::decode(layout, packed, most, stop) {
                let row_bytes = wide * layout.samples_of_part();
                self.lay_rows(layout, &samples, row_bytes, (left, top, rows, plane));
            }
            return Ok(());
        }
        let unpacked = unpacked(layout, packed, rows, stop);
        match layout.units {
            Some(units) => {
                let samples = ycbcr::spread(&unpacked, layout.part.0, units);
                self.lay_rows(layout, &samples, layout.part.0 * 3, (left, top, rows, plane));
            }
            None => {
                let row_bytes = layout.row_bytes();
                self.lay_rows(layout, &unpacked, row_bytes, (left, top, rows, plane));
            }
        }
        Ok(())
    }

    /// Lays at most `rows` rows of samples from the place (`left`, `top`) on.
    fn lay_rows(
        &mut self,
        layout: &Layout,
        samples: &[u8],
        row_bytes: usize,
        (left, top, rows, plane): (usize, usize, usize, usize),
    ) {
        let together = layout.samples_of_part();
        let columns = layout.part.0.min(layout.width as usize - left);
        for (y, row) in samples.chunks(row_bytes.max(1)).take(rows).enumerate() {
            let mut levels = std::mem::take(&mut self.levels);
            levels.clear();
            let kind = (layout.numbers, layout.bits);
            samples::append_levels(row, columns * together, kind, layout.order, &mut levels);
            self.laid += (levels.len() / together) as u64;
            let begin = ((top + y) * layout.width as usize + left) * self.size;
            let out = &mut self.data[begin..begin + columns * self.size];
            match (&layout.colours, layout.is_planar) {
                (Colours::Palette(table), _) => {
                    let colour = |level: u8| table.get(usize::from(level)).copied();
                    let pixels = levels.iter().step_by(together);
                    for (out, level) in out.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
                        *out = colour(*level).unwrap_or_default();
                    }
                }
                (_, true) => {
                    let channel = self.kept.iter().position(|sample| *sample == plane);
                    let channel = channel.unwrap_or(0);
                    let out = out[channel..].iter_mut().step_by(self.size);
                    out.zip(&levels).for_each(|(out, level)| *out = *level);
                }
                (_, false) => {
                    let pixels = levels.chunks_exact(together);
                    for (out, pixel) in out.chunks_exact_mut(self.size).zip(pixels) {
                        for (out, sample) in out.iter_mut().zip(&self.kept) {
                            *out = pixel[*sample];
                        }
                    }
                }
            }
            self.levels = levels;
        }
    }

    /// Refuses a picture of which less than half is there.
    fn check_extent(&self, layout: &Layout) -> Result<(), ImageError> {
        let pixels = u64::from(layout.width) * u64::from(layout.height);
        let planes = if layout.is_planar { self.kept.len() as u64 } else { 1 };
        if self.laid * 2 < pixels * planes {
            let detail = "less than half of it is there, or can be unpacked";
            return Err(ImageError::damaged("tiff", detail));
        }
        Ok(())
    }
}

/// The rows of a part as they were before they were packed.
fn unpacked<'a>(layout: &Layout, packed: &'a [u8], rows: usize, stop: &Stop) -> Cow<'a, [u8]> {
    let turned: Cow<[u8]> = match layout.is_reversed {
        true => Cow::Owned(packed.iter().map(|byte| byte.reverse_bits()).collect()),
        false => Cow::Borrowed(packed),
    };
    let (length, row_bytes) = (layout.part_bytes(rows), layout.row_bytes());
    let shape = (layout.part.0, row_bytes, layout.part_bytes(layout.part.1));
    let unpacked = match turned {
        Cow::Borrowed(packed) => layout.packing.unpack(packed, length, shape, stop),
        Cow::Owned(packed) => {
            Cow::Owned(layout.packing.unpack(&packed, length, shape, stop).into_owned())
        }
    };
    if layout.predictor == 1 || matches!(layout.packing, Packing::Fax(_) | Packing::WebP) {
        return unpacked;
    }
    let mut rows = unpacked.into_owned();
    let (together, bits) = (layout.samples_of_part(), layout.bits);
    match layout.predictor {
        2 => predict::undo_differences(&mut rows, row_bytes, together, bits, layout.order),
        _ => predict::undo_float_planes(&mut rows, row_bytes, together, bits, layout.order),
    }
    Cow::Owned(rows)
}
