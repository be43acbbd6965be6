//! Colour conversions with Pillow's rounding.

/// `a * b / 255` rounded to nearest.
pub(crate) fn scale_by(a: u8, b: u8) -> u8 {
    let product = u32::from(a) * u32::from(b) + 128;
    (((product >> 8) + product) >> 8) as u8
}

/// Ink to light: black ink leaves `255 - k`, of which each colour ink takes its share.
pub(crate) fn cmyk_to_rgb([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    let light = 255 - k;
    [c, m, y].map(|ink| light - scale_by(ink, light))
}

/// Multiplies the colours of pixels of `n` channels (the last one is alpha) by their alpha.
pub(crate) fn premultiply<const N: usize>(data: &mut [u8]) {
    for pixel in data.as_chunks_mut::<N>().0 {
        let alpha = pixel[N - 1];
        for value in &mut pixel[..N - 1] {
            *value = scale_by(*value, alpha);
        }
    }
}

/// Undoes [`premultiply`] as far as 8 bits allow; fully transparent pixels keep their values.
pub(crate) fn unpremultiply<const N: usize>(data: &mut [u8]) {
    for pixel in data.as_chunks_mut::<N>().0 {
        let alpha = u32::from(pixel[N - 1]);
        if alpha == 0 || alpha == 255 {
            continue;
        }
        for value in &mut pixel[..N - 1] {
            *value = (u32::from(*value) * 255 / alpha).min(255) as u8;
        }
    }
}

/// What a pixel looks like on white, rounded as Pillow's `alpha_composite` rounds.
///
/// That keeps 7 more bits than 8 and drops them at the end instead of rounding.
pub(crate) fn over_white(value: u8, alpha: u8) -> u8 {
    if alpha == 0 {
        return 255;
    }
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    let mixed = (value * alpha + 255 * (255 - alpha)) * 128 + (128 << 7);
    ((((mixed >> 8) + mixed) >> 8) >> 7) as u8
}

/// The sRGB curve: linear light from 0 to 1 becomes a value from 0 to 255. NaN becomes 0.
pub(crate) fn srgb_from_linear(light: f32) -> u8 {
    let light = if light.is_nan() { 0.0 } else { light.clamp(0.0, 1.0) };
    let value =
        if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    (value * 255.0 + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaling_rounds_to_nearest_for_all_pairs() {
        for a in 0..=255u8 {
            for b in 0..=255u8 {
                let exact = (f64::from(a) * f64::from(b) / 255.0).round();
                assert_eq!(f64::from(scale_by(a, b)), exact, "{a} * {b}");
            }
        }
    }

    #[test]
    fn inks_take_light_away() {
        assert_eq!(cmyk_to_rgb([0, 0, 0, 0]), [255, 255, 255]);
        assert_eq!(cmyk_to_rgb([255, 0, 0, 0]), [0, 255, 255]);
        assert_eq!(cmyk_to_rgb([10, 200, 30, 255]), [0, 0, 0]);
    }

    #[test]
    fn alpha_is_multiplied_in_and_out() {
        let mut pixels = [200, 100, 50, 128, 9, 8, 7, 0, 1, 2, 3, 255];
        premultiply::<4>(&mut pixels);
        assert_eq!(pixels, [100, 50, 25, 128, 0, 0, 0, 0, 1, 2, 3, 255]);
        unpremultiply::<4>(&mut pixels);
        assert_eq!(pixels, [199, 99, 49, 128, 0, 0, 0, 0, 1, 2, 3, 255]);
    }

    #[test]
    fn white_shows_through() {
        assert_eq!(over_white(10, 255), 10);
        assert_eq!(over_white(10, 0), 255);
        for value in 0..=255u8 {
            for alpha in 0..=255u8 {
                let share = f64::from(alpha) / 255.0;
                let exact = f64::from(value) * share + 255.0 * (1.0 - share);
                assert!((f64::from(over_white(value, alpha)) - exact).abs() <= 0.51);
            }
        }
    }

    #[test]
    fn the_curve_has_known_points() {
        assert_eq!(srgb_from_linear(0.0), 0);
        assert_eq!(srgb_from_linear(1.0), 255);
        assert_eq!(srgb_from_linear(0.214_041_14), 128);
        assert_eq!(srgb_from_linear(f32::NAN), 0);
        assert_eq!(srgb_from_linear(1e30), 255);
    }
}
