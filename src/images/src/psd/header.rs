//! The head of a Photoshop file, its sections, and where the rows of the merged picture lie.

use crate::ImageError;
use crate::heif::boxes::Fields;

/// Most channels of a file, and the longest side, by Photoshop's own rules.
const MOST_CHANNELS: u64 = 56;
const LONGEST_SIDE: u64 = 300_000;

/// What the channels are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    Bitmap,
    /// Also one ink of several tones, which is stored as grey.
    Grey,
    Indexed,
    Rgb,
    Cmyk,
    Lab,
}

impl Mode {
    /// Planes of the colour.
    pub(super) fn planes(self) -> usize {
        match self {
            Self::Bitmap | Self::Grey | Self::Indexed => 1,
            Self::Rgb | Self::Lab => 3,
            Self::Cmyk => 4,
        }
    }
}

pub(super) struct Header<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bits of a sample: 1, 8, 16, or 32 for light.
    pub(super) depth: u16,
    pub(super) mode: Mode,
    pub(super) has_alpha: bool,
    pub(super) palette: &'a [u8],
    pub(super) resources: &'a [u8],
    /// Whether rows are packed by PackBits.
    pub(super) is_packed: bool,
    /// Bytes of the number that tells the length of a packed row.
    wide: usize,
    channels: usize,
    /// Lengths of packed rows, then the rows.
    data: &'a [u8],
}

impl<'a> Header<'a> {
    /// # Errors
    /// `Damaged` where it is cut off; `Unsupported` for kinds that are not read.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, ImageError> {
        let broken = || ImageError::damaged("psd", "it ends too early");
        let mut fields = Fields(bytes);
        let mut number = |size| fields.number(size).ok_or_else(broken);
        number(4)?;
        let is_large = number(2)? == 2;
        number(6)?;
        let (channels, height, width) = (number(2)?, number(4)?, number(4)?);
        let (depth, mode) = (number(2)?, number(2)?);
        let sides = 1..=LONGEST_SIDE;
        if !sides.contains(&width) || !sides.contains(&height) || channels > MOST_CHANNELS {
            return Err(ImageError::damaged("psd", "its size is none that it can have"));
        }
        let mode = match mode {
            0 => Mode::Bitmap,
            1 | 8 => Mode::Grey,
            2 => Mode::Indexed,
            3 => Mode::Rgb,
            4 => Mode::Cmyk,
            9 => Mode::Lab,
            7 => return Err(ImageError::variant("psd", "channels of their own inks")),
            other => return Err(ImageError::variant("psd", &format!("colours of kind {other}"))),
        };
        let is_usual = match mode {
            Mode::Bitmap => depth == 1,
            Mode::Indexed => depth == 8,
            Mode::Grey | Mode::Rgb => matches!(depth, 8 | 16 | 32),
            Mode::Cmyk | Mode::Lab => matches!(depth, 8 | 16),
        };
        if !is_usual || (channels as usize) < mode.planes() {
            return Err(ImageError::variant(
                "psd",
                &format!("{channels} channels of {depth} bits"),
            ));
        }
        let mut section = |size| {
            let length = usize::try_from(fields.number(size)?).ok()?;
            fields.bytes(length)
        };
        let (palette, resources) = (section(4), section(4));
        let layers = section(if is_large { 8 } else { 4 });
        let (Some(palette), Some(resources), Some(_)) = (palette, resources, layers) else {
            return Err(broken());
        };
        let packing = fields.number(2).ok_or_else(broken)?;
        if packing > 1 {
            return Err(ImageError::variant("psd", "a merged picture that is zipped"));
        }
        Ok(Self {
            width: width as u32,
            height: height as u32,
            depth: depth as u16,
            mode,
            has_alpha: matches!(mode, Mode::Rgb | Mode::Lab) && channels == 4,
            palette,
            resources,
            is_packed: packing == 1,
            wide: if is_large { 4 } else { 2 },
            channels: channels as usize,
            data: fields.0,
        })
    }

    /// Bytes of a row of a plane.
    pub(super) fn row_bytes(&self) -> usize {
        (self.width as usize * usize::from(self.depth)).div_ceil(8)
    }

    /// The rows of one plane after the other, packed or not; the last one may be cut off.
    pub(super) fn rows(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let count = self.channels * self.height as usize;
        let wide = self.wide;
        let lengths = if self.is_packed { count * wide } else { 0 };
        let (lengths, data) = self.data.split_at(lengths.min(self.data.len()));
        let (mut lengths, mut rest) = (Fields(lengths), data);
        let (is_packed, row_bytes) = (self.is_packed, self.row_bytes());
        std::iter::from_fn(move || {
            let length = match is_packed {
                true => lengths.number(wide)? as usize,
                false => row_bytes,
            };
            let (row, behind) = rest.split_at(length.min(rest.len()));
            rest = behind;
            (!row.is_empty()).then_some(row)
        })
    }
}

/// Numbers and contents of the resources.
pub(super) fn resources(bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut fields = Fields(bytes);
    std::iter::from_fn(move || {
        fields.bytes(4)?;
        let number = fields.number(2)? as u16;
        // A name behind its length, both together even.
        let name = fields.number(1)? as usize;
        fields.bytes(name | 1)?;
        let length = fields.number(4)? as usize;
        let body = fields.bytes(length)?;
        fields.bytes(length % 2);
        Some((number, body))
    })
}
