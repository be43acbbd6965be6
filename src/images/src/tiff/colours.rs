//! What the samples of a pixel mean, and how they become the channels of a raster.

use super::ifd::Directory;
use crate::ImageError;
use crate::raster::Channels;

/// Reference black and white, luma coefficients.
const REFERENCE: u16 = 532;
const COEFFICIENTS: u16 = 529;
const COLOUR_MAP: u16 = 320;
const INK_SET: u16 = 332;

/// What the colour samples are.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Colours {
    Grey {
        /// 0 is white.
        is_inverted: bool,
    },
    /// Numbers into a table.
    Palette(Vec<[u8; 3]>),
    Rgb,
    Cmyk,
    YCbCr(Conversion),
    Lab(Lab),
}

/// Kinds of CIE L*a*b*.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lab {
    /// a and b are signed; white is that of sRGB (D65), as programs that write TIFF have it.
    Cie,
    /// a and b are 128 for grey; white is D50, as profiles and Photoshop have it.
    Icc,
}

/// From luma and two differences to red, green and blue.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Conversion {
    /// Shares of red, green and blue in luma.
    luma: [f64; 3],
    /// Black and white of each of the three.
    reference: [f64; 6],
}

impl Colours {
    /// From the tag `PhotometricInterpretation`; `bits` are those of a sample.
    ///
    /// # Errors
    /// `Unsupported` with the name of what is not read; `Damaged` for a palette that is too short.
    pub(super) fn new(directory: &Directory, kind: u64, bits: u32) -> Result<Self, ImageError> {
        let name = match kind {
            0 => return Ok(Self::Grey { is_inverted: true }),
            1 | 4 => return Ok(Self::Grey { is_inverted: false }),
            2 => return Ok(Self::Rgb),
            3 => return palette(directory, bits),
            5 if matches!(directory.number(INK_SET), None | Some(1)) => return Ok(Self::Cmyk),
            6 => return Ok(Self::YCbCr(Conversion::new(directory))),
            8 => return Ok(Self::Lab(Lab::Cie)),
            9 => return Ok(Self::Lab(Lab::Icc)),
            5 => "inks other than cyan, magenta, yellow and black",
            10 => "ITULab colours",
            32_803 => "a sensor's own data",
            32_844 | 32_845 => "LogLuv colours",
            34_892 => "a sensor's own colours",
            other => return Err(ImageError::variant("tiff", &format!("colours of kind {other}"))),
        };
        Err(ImageError::variant("tiff", name))
    }

    /// Samples that a pixel's colour takes in the file.
    pub(super) fn samples(&self) -> usize {
        match self {
            Self::Grey { .. } | Self::Palette(_) => 1,
            Self::Rgb | Self::YCbCr(_) | Self::Lab(_) => 3,
            Self::Cmyk => 4,
        }
    }

    /// What they become, with alpha or without.
    pub(super) fn channels(&self, has_alpha: bool) -> Channels {
        match (self, has_alpha) {
            (Self::Grey { .. }, false) => Channels::Grey,
            (Self::Grey { .. }, true) => Channels::GreyAlpha,
            (Self::Cmyk, _) => Channels::Cmyk,
            (_, false) => Channels::Rgb,
            (_, true) => Channels::Rgba,
        }
    }

    /// Turns the pixels of a raster, in which the colour samples stand as they are in the file, into
    /// what they mean. Palettes are looked up before.
    pub(super) fn convert(&self, data: &mut [u8], channels: Channels) {
        match self {
            Self::Grey { is_inverted: true } => {
                let size = channels.count();
                data.iter_mut().step_by(size).for_each(|level| *level = 255 - *level);
            }
            Self::YCbCr(conversion) => each(data, channels, |pixel| conversion.rgb(pixel)),
            Self::Lab(kind) => each(data, channels, |pixel| rgb_from_lab(pixel, *kind)),
            _ => {}
        }
    }
}

/// Changes the first three channels of every pixel; runs of the same are looked at once.
fn each(data: &mut [u8], channels: Channels, to: impl Fn([u8; 3]) -> [u8; 3]) {
    let mut last = ([0; 3], to([0; 3]));
    for pixel in data.chunks_exact_mut(channels.count()) {
        let Some(colour) = pixel.first_chunk_mut::<3>() else { return };
        if last.0 != *colour {
            last = (*colour, to(*colour));
        }
        *colour = last.1;
    }
}

/// Red, then green, then blue, of 16 bits each - or of 8, in files of careless programs.
fn palette(directory: &Directory, bits: u32) -> Result<Colours, ImageError> {
    let count = 1usize << bits.min(8);
    let values = directory.numbers(COLOUR_MAP, count * 3);
    if values.len() < count * 3 {
        return Err(ImageError::damaged("tiff", "its palette is cut off"));
    }
    let shift = if values.iter().any(|value| *value > 255) { 8 } else { 0 };
    let level = |at: usize| (values[at] >> shift) as u8;
    let colour = |i: usize| [level(i), level(count + i), level(2 * count + i)];
    Ok(Colours::Palette((0..count).map(colour).collect()))
}

impl Conversion {
    fn new(directory: &Directory) -> Self {
        let luma = directory.fractions(COEFFICIENTS).filter(|luma| luma[1] > 0.0);
        let reference = directory.fractions::<6>(REFERENCE);
        let reference = reference.filter(|r| r[0] != r[1] && r[2] != r[3] && r[4] != r[5]);
        Self {
            luma: luma.unwrap_or([0.299, 0.587, 0.114]),
            reference: reference.unwrap_or([0.0, 255.0, 128.0, 255.0, 128.0, 255.0]),
        }
    }

    /// TIFF 6.0, section 21.
    fn rgb(&self, [y, cb, cr]: [u8; 3]) -> [u8; 3] {
        let full = |level: u8, at: usize, most: f64| {
            let (black, white) = (self.reference[at], self.reference[at + 1]);
            (f64::from(level) - black) * most / (white - black)
        };
        let (y, cb, cr) = (full(y, 0, 255.0), full(cb, 2, 127.0), full(cr, 4, 127.0));
        let red = y + cr * (2.0 - 2.0 * self.luma[0]);
        let blue = y + cb * (2.0 - 2.0 * self.luma[2]);
        let green = (y - self.luma[0] * red - self.luma[2] * blue) / self.luma[1];
        [red, green, blue].map(|level| (level + 0.5).clamp(0.0, 255.0) as u8)
    }
}

/// CIE L*a*b* to sRGB.
pub(crate) fn rgb_from_lab([l, a, b]: [u8; 3], kind: Lab) -> [u8; 3] {
    let neutral = if kind == Lab::Icc { 128 } else { 0 };
    let signed = |value: u8| f32::from(value.wrapping_sub(neutral) as i8);
    let height = (f32::from(l) * 100.0 / 255.0 + 16.0) / 116.0;
    let light = |value: f32| {
        if value > 6.0 / 29.0 { value.powi(3) } else { (value - 4.0 / 29.0) * 108.0 / 841.0 }
    };
    // Relative to white; the matrices lead from there to the primaries of sRGB, that for D50 with
    // Bradford's adaptation.
    let (white, matrix) = match kind {
        Lab::Cie => ([0.950_47, 1.0, 1.088_83], &FROM_D65),
        Lab::Icc => ([0.964_22, 1.0, 0.825_21], &FROM_D50),
    };
    let xyz = [
        white[0] * light(height + signed(a) / 500.0),
        white[1] * light(height),
        white[2] * light(height - signed(b) / 200.0),
    ];
    matrix.map(|row| {
        let sum = row.iter().zip(xyz).map(|(factor, value)| factor * value).sum();
        crate::colour::srgb_from_linear(sum)
    })
}

const FROM_D65: [[f32; 3]; 3] = [
    [3.240_454, -1.537_138_5, -0.498_531_4],
    [-0.969_266, 1.876_010_8, 0.041_556],
    [0.055_643_4, -0.204_025_9, 1.057_225_2],
];
const FROM_D50: [[f32; 3]; 3] = [
    [3.133_856, -1.616_866_7, -0.490_614_6],
    [-0.978_768_4, 1.916_141_5, 0.033_454],
    [0.071_945_3, -0.228_991_4, 1.405_242_7],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours_of_lab() {
        assert_eq!(rgb_from_lab([255, 0, 0], Lab::Cie), [255, 255, 255]);
        assert_eq!(rgb_from_lab([255, 128, 128], Lab::Icc), [255, 255, 255]);
        assert_eq!(rgb_from_lab([0, 128, 128], Lab::Icc), [0, 0, 0]);
        // sRGB's red is L 54.29, a 80.80, b 69.89 under D50, and 53.23, 80.11, 67.22 under D65.
        for (lab, kind) in [([138, 209, 198], Lab::Icc), ([136, 80, 67], Lab::Cie)] {
            let [red, green, blue] = rgb_from_lab(lab, kind);
            assert!(red >= 252 && green < 14 && blue < 10, "{kind:?}: {red} {green} {blue}");
        }
    }

    #[test]
    fn ycbcr_is_converted_by_its_own_coefficients() {
        let usual = Conversion {
            luma: [0.299, 0.587, 0.114],
            reference: [0.0, 255.0, 128.0, 255.0, 128.0, 255.0],
        };
        assert_eq!(usual.rgb([255, 128, 128]), [255, 255, 255]);
        assert_eq!(usual.rgb([76, 85, 255]), [254, 0, 0]);
        let narrow = Conversion { reference: [16.0, 235.0, 128.0, 240.0, 128.0, 240.0], ..usual };
        assert_eq!(narrow.rgb([16, 128, 128]), [0, 0, 0]);
        assert_eq!(narrow.rgb([235, 128, 128]), [255, 255, 255]);
    }
}
