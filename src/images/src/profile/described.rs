//! Colours described by their primaries, white and curve instead of a profile: in code points
//! (ITU H.273), as HEIC, AVIF and PNG have them, and in PNG's older chunks.

use moxcms::{Chromaticity, ColorPrimaries, ColorProfile, ToneReprCurve, XyY};

/// Red, green, blue and white as CIE x and y, and how values become light.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Described {
    primaries: [[f64; 2]; 3],
    white: [f64; 2],
    curve: Curve,
}

/// How a value from 0 to 1 becomes light.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Curve {
    Srgb,
    Power(f32),
    /// Perceptual quantizer (SMPTE ST 2084): its light is brought into the range of a screen.
    Pq,
}

const D65: [f64; 2] = [0.3127, 0.3290];
const SRGB: [[f64; 2]; 3] = [[0.64, 0.33], [0.30, 0.60], [0.15, 0.06]];

impl Described {
    /// From code points. `None` for unspecified and unknown ones, and for what is sRGB anyway.
    ///
    /// The curves of television are shown like sRGB's, as browsers show them.
    pub(crate) fn from_codes(primaries: u16, transfer: u16) -> Option<Self> {
        let (primaries, white) = match primaries {
            1 | 2 => (SRGB, D65),
            4 => ([[0.67, 0.33], [0.21, 0.71], [0.14, 0.08]], [0.310, 0.316]),
            5 => ([[0.64, 0.33], [0.29, 0.60], [0.15, 0.06]], D65),
            6 | 7 => ([[0.630, 0.340], [0.310, 0.595], [0.155, 0.070]], D65),
            9 => ([[0.708, 0.292], [0.170, 0.797], [0.131, 0.046]], D65),
            11 => ([[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]], [0.314, 0.351]),
            12 => ([[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]], D65),
            _ => return None,
        };
        let curve = match transfer {
            1 | 2 | 6 | 13 | 14 | 15 | 18 => Curve::Srgb,
            4 => Curve::Power(2.2),
            5 => Curve::Power(2.8),
            8 => Curve::Power(1.0),
            16 => Curve::Pq,
            17 => Curve::Power(2.6),
            _ => return None,
        };
        let found = Self { primaries, white, curve };
        (found != Self { primaries: SRGB, white: D65, curve: Curve::Srgb }).then_some(found)
    }

    /// Adobe RGB (1998), section 4.3.
    pub(crate) fn adobe_rgb() -> Self {
        let primaries = [[0.64, 0.33], [0.21, 0.71], [0.15, 0.06]];
        Self { primaries, white: D65, curve: Curve::Power(2.199_218_8) }
    }

    /// From PNG's chunks: the power by which light becomes values, and white, red, green, blue. What
    /// is not said is sRGB's.
    pub(crate) fn from_gamma(gamma: Option<f64>, colours: Option<[[f64; 2]; 4]>) -> Option<Self> {
        let is_usual = |power: f64| (0.1..10.0).contains(&power);
        let curve = match gamma {
            Some(gamma) => Curve::Power(Some(1.0 / gamma).filter(|p| is_usual(*p))? as f32),
            None => Curve::Srgb,
        };
        let [white, primaries @ ..] = colours.unwrap_or([D65, SRGB[0], SRGB[1], SRGB[2]]);
        let is_place = |[x, y]: &[f64; 2]| *y > 0.0 && *x >= 0.0 && x + y <= 1.0;
        let is_sound = is_place(&white) && primaries.iter().all(is_place) && spans(&primaries);
        is_sound.then_some(Self { primaries, white, curve })
    }

    pub(super) fn profile(&self) -> ColorProfile {
        let mut profile = ColorProfile::new_srgb();
        let [red, green, blue] = self.primaries.map(|[x, y]| Chromaticity::new(x as f32, y as f32));
        let white = XyY { x: self.white[0], y: self.white[1], yb: 1.0 };
        profile.update_rgb_colorimetry(white, ColorPrimaries { red, green, blue });
        let curve = match self.curve {
            Curve::Srgb => return profile,
            Curve::Power(power) => ToneReprCurve::Parametric(vec![power]),
            Curve::Pq => {
                ToneReprCurve::Lut((0..1024).map(|i| screen_light(i as f32 / 1023.0)).collect())
            }
        };
        profile.red_trc = Some(curve.clone());
        profile.green_trc = Some(curve.clone());
        profile.blue_trc = Some(curve);
        profile
    }
}

/// Whether the primaries are corners of a triangle and not of a line.
fn spans([r, g, b]: &[[f64; 2]; 3]) -> bool {
    let area = (g[0] - r[0]) * (b[1] - r[1]) - (b[0] - r[0]) * (g[1] - r[1]);
    area.abs() > 1e-3
}

/// Light of a screen, from 0 to 65535, for a value of the perceptual quantizer: 203 nits are white
/// paper (ITU BT.2408), and what is brighter, up to 1,000 nits, is pressed together (Reinhard).
fn screen_light(value: f32) -> u16 {
    let (m1, m2) = (2610.0 / 16_384.0, 2523.0 / 4096.0 * 128.0);
    let (c1, c2, c3) = (3424.0 / 4096.0, 2413.0 / 4096.0 * 32.0, 2392.0 / 4096.0 * 32.0);
    let power = value.powf(1.0 / m2);
    let nits = ((power - c1).max(0.0) / (c2 - c3 * power)).powf(1.0 / m1) * 10_000.0;
    let (light, most) = (nits / 203.0, 1000.0f32 / 203.0);
    let pressed = light * (1.0 + light / (most * most)) / (1.0 + light);
    (pressed.clamp(0.0, 1.0) * 65_535.0) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Meaning;
    use crate::raster::Channels;

    fn shown(described: Described, pixel: [u8; 3]) -> Vec<u8> {
        Meaning::Described(described).to_srgb(&pixel, Channels::Rgb).unwrap()
    }

    #[test]
    fn code_points_of_phones_are_known_and_srgb_needs_nothing() {
        assert_eq!(Described::from_codes(1, 13), None);
        assert_eq!(Described::from_codes(2, 2), None);
        assert_eq!(Described::from_codes(99, 13), None);
        let p3 = Described::from_codes(12, 13).unwrap();
        let rgb = shown(p3, [200, 100, 50]);
        assert!(rgb[0] > 205 && rgb[2] < 40, "{rgb:?}");
        let white = shown(p3, [255, 255, 255]);
        assert!(white.iter().all(|level| *level >= 254), "{white:?}");
    }

    #[test]
    fn gamma_is_applied_and_nonsense_is_not() {
        let linear = Described::from_gamma(Some(1.0), None).unwrap();
        let rgb = shown(linear, [55, 55, 55]);
        assert!(rgb.iter().all(|level| level.abs_diff(128) <= 1), "{rgb:?}");
        assert_eq!(Described::from_gamma(Some(0.0), None), None);
        assert_eq!(Described::from_gamma(None, Some([[0.3, 0.3]; 4])), None);
        assert_eq!(Described::from_gamma(None, Some([[0.3, 0.0]; 4])), None);
    }

    #[test]
    fn bright_light_is_pressed_into_the_screen() {
        let pq = Described::from_codes(9, 16).unwrap();
        let (paper, lamp) = (shown(pq, [148; 3])[0], shown(pq, [192; 3])[0]);
        assert!((170..215).contains(&paper) && lamp > 245, "{paper} {lamp}");
        assert_eq!(shown(pq, [0; 3]), [0; 3]);
    }
}
