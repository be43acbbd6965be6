//! How a TIFF picture lies in its file, from its directory; nothing is unpacked.

use super::colours::Colours;
use super::ifd::{Directory, Order, Structure};
use super::samples::{Numbers, can_read};
use super::unpack::{Packing, zstd_window};
use crate::ImageError;

const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const BITS: u16 = 258;
const COMPRESSION: u16 = 259;
const PHOTOMETRIC: u16 = 262;
const FILL_ORDER: u16 = 266;
const STRIP_OFFSETS: u16 = 273;
const SAMPLES: u16 = 277;
const ROWS_PER_STRIP: u16 = 278;
const STRIP_LENGTHS: u16 = 279;
const PLANES: u16 = 284;
const FAX_OPTIONS: u16 = 292;
const PREDICTOR: u16 = 317;
const TILE_WIDTH: u16 = 322;
const TILE_HEIGHT: u16 = 323;
const TILE_OFFSETS: u16 = 324;
const TILE_LENGTHS: u16 = 325;
const EXTRA_SAMPLES: u16 = 338;
const SAMPLE_FORMAT: u16 = 339;
const JPEG_TABLES: u16 = 347;
const SUBSAMPLING: u16 = 530;

/// Parts may reach beyond the picture, but all together no further than this many times its size,
const MOST_OF_PARTS: u64 = 4;
/// and this many pixels, for small pictures.
const FREE_PARTS: u64 = 1 << 24;
/// Strips or tiles of a picture, those of all planes together.
const MOST_PARTS: u64 = 1 << 20;
/// Pixels along a side of a tile.
const LONGEST_TILE: usize = 1 << 30;
/// Samples of a pixel.
const MOST_SAMPLES: u64 = 64;

/// What the samples behind the colour are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Alpha {
    None,
    Straight(usize),
    /// The colours were multiplied by it.
    Premultiplied(usize),
}

pub(super) struct Layout<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) order: Order,
    /// Samples of a pixel in the file, shown or not.
    pub(super) samples: usize,
    pub(super) bits: u32,
    pub(super) numbers: Numbers,
    pub(super) colours: Colours,
    pub(super) alpha: Alpha,
    pub(super) packing: Packing,
    pub(super) predictor: u64,
    /// Whether each sample has a picture of its own.
    pub(super) is_planar: bool,
    /// Whether the lowest bit of a byte comes first.
    pub(super) is_reversed: bool,
    /// Pixels across and down of a strip or tile.
    pub(super) part: (usize, usize),
    /// Parts across and down; planes follow each other.
    pub(super) grid: (usize, usize),
    /// Where the parts lie and how long they are; fewer than there should be where it is cut off.
    pub(super) parts: Vec<&'a [u8]>,
    /// Luma samples for each of the others, across and down, where they stand together in units.
    pub(super) units: Option<(usize, usize)>,
    pub(super) jpeg_tables: Option<&'a [u8]>,
    /// Whether the coder of the parts turns luma and differences into red, green and blue.
    pub(super) is_luma: bool,
}

impl<'a> Layout<'a> {
    /// # Errors
    /// `Damaged` without a size; `Unsupported` for what is not read, by its name, and where the parts
    /// are far more than the picture.
    pub(super) fn read(
        file: &Structure<'a>,
        directory: &Directory<'a>,
    ) -> Result<Self, ImageError> {
        let broken = || ImageError::damaged("tiff", "its first directory is broken or cut off");
        let number = |tag, default| directory.number(tag).unwrap_or(default);
        let side = |tag| directory.number(tag).and_then(|side| u32::try_from(side).ok());
        let (width, height) = side(WIDTH).zip(side(HEIGHT)).ok_or_else(broken)?;
        if width == 0 || height == 0 {
            return Err(ImageError::damaged("tiff", "it has no pixels"));
        }
        let samples = number(SAMPLES, 1).max(1);
        if samples > MOST_SAMPLES {
            return Err(ImageError::variant("tiff", &format!("{samples} samples a pixel")));
        }
        let packing = Packing::new(number(COMPRESSION, 1), number(FAX_OPTIONS, 0))?;
        let mut bits = bits(directory)?;
        // What is coded as JPEG has 8 bits, also where nobody says so.
        if packing == Packing::Jpeg && !directory.has(BITS) {
            bits = 8;
        }
        let default = if matches!(packing, Packing::Fax(_)) { 0 } else { 1 };
        let colours = Colours::new(directory, number(PHOTOMETRIC, default), bits)?;
        let part = part(directory, width, height)?;
        let is_planar = number(PLANES, 1) == 2 && samples > 1;
        let mut layout = Self {
            width,
            height,
            order: file.order,
            samples: samples as usize,
            bits,
            numbers: numbers(directory, &colours)?,
            alpha: alpha(directory, &colours, samples as usize),
            colours,
            packing,
            predictor: number(PREDICTOR, 1),
            is_planar,
            is_reversed: number(FILL_ORDER, 1) == 2,
            part,
            grid: ((width as usize).div_ceil(part.0), (height as usize).div_ceil(part.1)),
            parts: Vec::new(),
            units: None,
            jpeg_tables: directory.bytes(JPEG_TABLES),
            is_luma: false,
        };
        layout.check_work()?;
        let units = layout.units(directory);
        let is_plain = !matches!(packing, Packing::Jpeg | Packing::WebP) && !is_planar;
        layout.units = units.filter(|_| is_plain);
        if units.is_some() && is_planar {
            return Err(ImageError::variant("tiff", "YCbCr in planes of different sizes"));
        }
        layout.check_kind()?;
        let is_converted = matches!(layout.packing, Packing::Jpeg | Packing::WebP);
        if is_converted && !is_planar && matches!(layout.colours, Colours::YCbCr(_)) {
            (layout.is_luma, layout.colours) = (true, Colours::Rgb);
        }
        layout.parts = layout.find_parts(file, directory);
        Ok(layout)
    }

    /// How many parts there should be.
    pub(super) fn part_count(&self) -> usize {
        self.grid.0 * self.grid.1 * self.planes()
    }

    pub(super) fn planes(&self) -> usize {
        if self.is_planar { self.samples } else { 1 }
    }

    /// Samples that stand together in a part.
    pub(super) fn samples_of_part(&self) -> usize {
        if self.is_planar { 1 } else { self.samples }
    }

    /// Bytes of a row of a part, unpacked. Rows of units are as many rows of pixels.
    pub(super) fn row_bytes(&self) -> usize {
        match self.units {
            Some((across, down)) => self.part.0.div_ceil(across) * (across * down + 2),
            None => (self.part.0 * self.samples_of_part() * self.bits as usize).div_ceil(8),
        }
    }

    /// Bytes of a whole part of so many rows, unpacked.
    pub(super) fn part_bytes(&self, rows: usize) -> usize {
        let down = self.units.map_or(1, |(_, down)| down);
        self.row_bytes().saturating_mul(rows.div_ceil(down))
    }

    /// Bytes that unpacking a part holds besides the unpacked rows.
    pub(super) fn beside(&self) -> u64 {
        let area = (self.part.0 as u64).saturating_mul(self.part.1 as u64);
        match self.packing {
            // Samples, coefficients and the spliced file.
            Packing::Jpeg => {
                let longest = self.parts.iter().map(|part| part.len()).max().unwrap_or(0);
                let samples = self.samples_of_part() as u64;
                (area.saturating_add(1 << 20)).saturating_mul(samples * 4) + 3 * longest as u64
            }
            Packing::WebP => area.saturating_mul(16),
            Packing::Zstd => self.parts.iter().map(|part| zstd_window(part)).max().unwrap_or(0) * 2,
            _ => 0,
        }
    }

    /// All parts may point to the same few bytes: their work is bound by the size of the picture.
    fn check_work(&self) -> Result<(), ImageError> {
        let (across, down) = (self.part.0 as u64, self.part.1 as u64);
        let count = (self.grid.0 as u64).saturating_mul(self.grid.1 as u64);
        let area = across.saturating_mul(down).saturating_mul(count);
        let pixels = u64::from(self.width) * u64::from(self.height);
        let most = pixels.saturating_mul(MOST_OF_PARTS).saturating_add(FREE_PARTS);
        if count.saturating_mul(self.planes() as u64) > MOST_PARTS || area > most {
            let detail = format!("{count} parts of {across} x {down} pixels");
            return Err(ImageError::variant("tiff", &detail));
        }
        Ok(())
    }

    /// Refuses what would come out wrong.
    fn check_kind(&self) -> Result<(), ImageError> {
        let refuse = |what: String| Err(ImageError::variant("tiff", &what));
        if self.samples < self.colours.samples() {
            let (there, needed) = (self.samples, self.colours.samples());
            let detail = format!("a pixel has {there} samples of {needed}");
            return Err(ImageError::damaged("tiff", &detail));
        }
        let bits = self.bits;
        if !can_read(self.numbers, bits) {
            return refuse(format!("{:?} samples of {bits} bits", self.numbers));
        }
        match (self.packing, self.predictor) {
            // Coders that know their pixels.
            (Packing::Jpeg | Packing::WebP, _) if bits != 8 => {
                return refuse(format!("JPEG or WebP of {bits} bits"));
            }
            (Packing::Fax(_), _) if bits != 1 || self.samples_of_part() != 1 => {
                return refuse(format!("facsimile codes with {bits} bits"));
            }
            (Packing::Jpeg | Packing::WebP | Packing::Fax(_), _) | (_, 1) => {}
            (_, 2) if matches!(bits, 8 | 16 | 32 | 64) && self.units.is_none() => {}
            (_, 3) if self.numbers == Numbers::Light => {}
            (_, predictor) => {
                return refuse(format!("predictor {predictor} with samples of {bits} bits"));
            }
        }
        let is_usual = bits == 8 && matches!(self.numbers, Numbers::Whole);
        match self.colours {
            Colours::YCbCr(_) | Colours::Lab(_) if self.numbers == Numbers::Light => {
                refuse("floating-point samples of these colours".to_owned())
            }
            Colours::YCbCr(_) if self.units.is_some() && !is_usual => {
                refuse(format!("YCbCr of {bits} bits"))
            }
            _ => Ok(()),
        }
    }

    /// How many luma samples, across and down, share their colour differences, where that is more
    /// than one: 2 x 2 by default.
    fn units(&self, directory: &Directory) -> Option<(usize, usize)> {
        if !matches!(self.colours, Colours::YCbCr(_)) {
            return None;
        }
        let factor = |value: Option<&u64>| match value {
            Some(value @ (1 | 2 | 4)) => *value as usize,
            _ => 2,
        };
        let values = directory.numbers(SUBSAMPLING, 2);
        let factors = (factor(values.first()), factor(values.get(1)));
        (factors != (1, 1)).then_some(factors)
    }

    fn find_parts(&self, file: &Structure<'a>, directory: &Directory) -> Vec<&'a [u8]> {
        let tiles = (TILE_OFFSETS, TILE_LENGTHS);
        let strips = (STRIP_OFFSETS, STRIP_LENGTHS);
        let (offsets, lengths) = if directory.has(TILE_OFFSETS) { tiles } else { strips };
        let count = self.part_count();
        let offsets = directory.numbers(offsets, count);
        let lengths = directory.numbers(lengths, count);
        let part = |(i, offset): (usize, &u64)| {
            let begin = usize::try_from(*offset).unwrap_or(usize::MAX);
            let rest = file.bytes.get(begin..).unwrap_or(&[]);
            let length = lengths.get(i).and_then(|length| usize::try_from(*length).ok());
            // Some programs write no lengths: what follows is enough for any packing.
            let length = length.filter(|length| *length > 0).unwrap_or(rest.len());
            &rest[..length.min(rest.len())]
        };
        offsets.iter().enumerate().map(part).collect()
    }
}

/// Bits of a sample, which have to be the same for all of them.
fn bits(directory: &Directory) -> Result<u32, ImageError> {
    let all = directory.numbers(BITS, MOST_SAMPLES as usize);
    let first = all.first().copied().unwrap_or(1);
    if all.iter().any(|bits| *bits != first) || !(1..=64).contains(&first) {
        return Err(ImageError::variant("tiff", &format!("samples of {all:?} bits")));
    }
    Ok(first as u32)
}

fn numbers(directory: &Directory, colours: &Colours) -> Result<Numbers, ImageError> {
    match directory.number(SAMPLE_FORMAT).unwrap_or(1) {
        1 | 4 if matches!(colours, Colours::Palette(_)) => Ok(Numbers::Indices),
        1 | 4 => Ok(Numbers::Whole),
        // In Lab, numbers with a sign are what the colours mean.
        2 if matches!(colours, Colours::Lab(_)) => Ok(Numbers::Whole),
        3 => Ok(Numbers::Light),
        2 => Err(ImageError::variant("tiff", "samples with a sign")),
        _ => Err(ImageError::variant("tiff", "complex numbers as samples")),
    }
}

/// Without a tag, a fourth sample beside red, green and blue is alpha, as many programs have it.
fn alpha(directory: &Directory, colours: &Colours, samples: usize) -> Alpha {
    let colour = colours.samples();
    let extra = directory.numbers(EXTRA_SAMPLES, MOST_SAMPLES as usize);
    if matches!(colours, Colours::Cmyk | Colours::Palette(_)) {
        return Alpha::None;
    }
    if !directory.has(EXTRA_SAMPLES) && *colours == Colours::Rgb && samples == 4 {
        return Alpha::Straight(3);
    }
    // The first samples are the colour, whatever the tag says of how many are extra.
    let extra = extra.iter().take(samples.saturating_sub(colour)).enumerate();
    let mut found = extra.filter_map(|(i, kind)| match kind {
        1 => Some(Alpha::Premultiplied(colour + i)),
        2 | 999 => Some(Alpha::Straight(colour + i)),
        _ => None,
    });
    found.next().unwrap_or(Alpha::None)
}

/// Pixels across and down of a tile or strip.
fn part(directory: &Directory, width: u32, height: u32) -> Result<(usize, usize), ImageError> {
    let side = |value: u64| usize::try_from(value).ok().filter(|s| (1..=LONGEST_TILE).contains(s));
    let found = match directory.number(TILE_WIDTH).zip(directory.number(TILE_HEIGHT)) {
        Some((across, down)) if directory.has(TILE_OFFSETS) => side(across).zip(side(down)),
        _ => {
            let rows = directory.number(ROWS_PER_STRIP).filter(|rows| *rows > 0);
            let rows = rows.map_or(height, |rows| rows.min(height.into()) as u32);
            Some((width as usize, rows as usize))
        }
    };
    found.ok_or_else(|| ImageError::damaged("tiff", "its tiles have no size"))
}
