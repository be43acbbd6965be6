//! Four-channel pixels become ink amounts. Files hold them inverted, as Adobe's do.

pub(super) fn from_inverted(data: &mut [u8]) {
    data.iter_mut().for_each(|value| *value = 255 - *value);
}

pub(super) fn from_ycck(data: &mut [u8]) {
    for pixel in data.as_chunks_mut::<4>().0 {
        let [y, cb, cr, k] = *pixel;
        let [c, m, y] = rgb_from_ycbcr(y, cb, cr);
        *pixel = [c, m, y, 255 - k];
    }
}

/// JFIF 1.02, section 7, with 16 fractional bits. In YCCK the three are inks already.
fn rgb_from_ycbcr(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    let round = |value: i32| ((value + (1 << 15)) >> 16).clamp(0, 255) as u8;
    [round(y + 91_881 * cr), round(y - 22_554 * cb - 46_802 * cr), round(y + 116_130 * cb)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ycbcr_corners() {
        assert_eq!(rgb_from_ycbcr(255, 128, 128), [255, 255, 255]);
        assert_eq!(rgb_from_ycbcr(76, 85, 255), [254, 0, 0]);
        assert_eq!(rgb_from_ycbcr(0, 128, 128), [0, 0, 0]);
    }
}
