//! Luma and colour differences to red, green and blue (ITU H.273, section 8.3). Each pixel takes the
//! differences of its own group of pixels.

/// Samples of 8 bits, or of more in 16, in the machine's order.
pub(crate) struct Plane<'a> {
    pub(crate) data: &'a [u8],
    /// Bytes from row to row.
    pub(crate) stride: usize,
}

pub(crate) struct Planes<'a> {
    pub(crate) luma: Plane<'a>,
    /// Towards blue and towards red; grey pictures have none.
    pub(crate) colours: Option<[Plane<'a>; 2]>,
    /// How many pixels share a difference, across and down.
    pub(crate) shared: (usize, usize),
    /// Bits of a sample.
    pub(crate) bits: u32,
}

/// How the three become colours.
pub(crate) struct Matrix {
    /// Shares of red and blue in luma; `None`: they are green, blue and red.
    shares: Option<(f32, f32)>,
    black: f32,
    /// From a sample to levels of 255.
    luma_scale: f32,
    colour_scale: f32,
    middle: f32,
}

impl Matrix {
    /// From code points. `None` for ones that are not known.
    pub(crate) fn new(code: u16, is_full: bool, bits: u32) -> Option<Self> {
        let shares = match code {
            0 => None,
            1 => Some((0.2126, 0.0722)),
            // Not specified: that of television before it became wide.
            2 | 5 | 6 => Some((0.299, 0.114)),
            4 => Some((0.30, 0.11)),
            7 => Some((0.212, 0.087)),
            9 | 10 => Some((0.2627, 0.0593)),
            _ => return None,
        };
        let unit = (1u32 << (bits - 8)) as f32;
        let most = ((1u32 << bits) - 1) as f32;
        let (black, luma, colour) = match is_full {
            true => (0.0, most, most),
            false => (16.0 * unit, 219.0 * unit, 224.0 * unit),
        };
        let middle = if shares.is_none() { black } else { 128.0 * unit };
        let colour = if shares.is_none() { luma } else { colour };
        Some(Self { shares, black, luma_scale: 255.0 / luma, colour_scale: 255.0 / colour, middle })
    }

    fn rgb(&self, y: u16, u: u16, v: u16) -> [u8; 3] {
        let luma = (f32::from(y) - self.black) * self.luma_scale;
        let (u, v) = (
            (f32::from(u) - self.middle) * self.colour_scale,
            (f32::from(v) - self.middle) * self.colour_scale,
        );
        let [red, green, blue] = match self.shares {
            None => [v, luma, u],
            Some((of_red, of_blue)) => {
                let red = luma + 2.0 * (1.0 - of_red) * v;
                let blue = luma + 2.0 * (1.0 - of_blue) * u;
                let green = (luma - of_red * red - of_blue * blue) / (1.0 - of_red - of_blue);
                [red, green, blue]
            }
        };
        // Casting keeps within the range of levels.
        [red, green, blue].map(|level| (level + 0.5) as u8)
    }
}

/// Four bytes a pixel, the last one 255.
pub(crate) fn to_rgba(planes: &Planes, matrix: &Matrix, width: usize, height: usize) -> Vec<u8> {
    let middle = matrix.middle as u16;
    let mut out = Vec::with_capacity(width * height * 4);
    for y in 0..height {
        for x in 0..width {
            let luma = planes.luma.sample(x, y, planes.bits);
            let [u, v] = match &planes.colours {
                Some(colours) => {
                    let (x, y) = (x / planes.shared.0.max(1), y / planes.shared.1.max(1));
                    [0, 1].map(|i| colours[i].sample(x, y, planes.bits))
                }
                None => [middle; 2],
            };
            let [red, green, blue] = matrix.rgb(luma, u, v);
            out.extend([red, green, blue, 255]);
        }
    }
    out
}

impl Plane<'_> {
    /// 0 beyond the end.
    fn sample(&self, x: usize, y: usize, bits: u32) -> u16 {
        let at = y * self.stride;
        match bits {
            8 => self.data.get(at + x).map_or(0, |byte| u16::from(*byte)),
            _ => {
                let bytes = self.data.get(at + 2 * x..).and_then(|rest| rest.first_chunk());
                bytes.map_or(0, |bytes| u16::from_ne_bytes(*bytes))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_black_and_red_in_all_ranges() {
        let full = Matrix::new(6, true, 8).unwrap();
        assert_eq!(full.rgb(255, 128, 128), [255, 255, 255]);
        assert_eq!(full.rgb(76, 85, 255), [254, 0, 0]);
        let narrow = Matrix::new(1, false, 10).unwrap();
        assert_eq!(narrow.rgb(940, 512, 512), [255, 255, 255]);
        assert_eq!(narrow.rgb(64, 512, 512), [0, 0, 0]);
        let identity = Matrix::new(0, true, 8).unwrap();
        assert_eq!(identity.rgb(1, 2, 3), [3, 1, 2]);
        assert!(Matrix::new(8, true, 8).is_none());
    }

    #[test]
    fn pixels_share_differences_and_grey_has_none() {
        let luma = Plane { data: &[50, 60, 0, 70, 80, 0], stride: 3 };
        let grey = Planes { luma, colours: None, shared: (0, 0), bits: 8 };
        let matrix = Matrix::new(6, true, 8).unwrap();
        let rgba = to_rgba(&grey, &matrix, 2, 2);
        assert_eq!(rgba.iter().copied().step_by(4).collect::<Vec<_>>(), [50, 60, 70, 80]);
        let luma = Plane { data: &[76; 4], stride: 2 };
        let colours = [&[85u8][..], &[255]].map(|data| Plane { data, stride: 1 });
        let red = Planes { luma, colours: Some(colours), shared: (2, 2), bits: 8 };
        assert_eq!(to_rgba(&red, &matrix, 2, 2), [254, 0, 0, 255].repeat(4));
    }
}
