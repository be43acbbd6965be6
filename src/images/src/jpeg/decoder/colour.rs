//! Rows of components become rows of pixels.

use super::frame::Colours;

/// Pixels converted together.
const BLOCK: usize = 32;

/// Puts the rows of all components side by side into `out`; inks stay inverted.
#[inline(always)]
pub(super) fn interleave(colours: Colours, rows: &[&[u8]; 4], out: &mut [u8]) {
    let [first, second, third, fourth] = rows;
    match colours {
        Colours::Grey => out.copy_from_slice(&first[..out.len()]),
        Colours::YCbCr => rgb_from_ycbcr(first, second, third, out),
        Colours::Rgb => {
            for (i, pixel) in out.as_chunks_mut().0.iter_mut().enumerate() {
                *pixel = [first[i], second[i], third[i]];
            }
        }
        Colours::Cmyk | Colours::Ycck => {
            for (i, pixel) in out.as_chunks_mut().0.iter_mut().enumerate() {
                *pixel = [first[i], second[i], third[i], fourth[i]];
            }
        }
    }
}

#[inline(always)]
fn rgb_from_ycbcr(light: &[u8], blue: &[u8], red: &[u8], out: &mut [u8]) {
    let blocks = out.chunks_mut(BLOCK * 3).zip(light.chunks(BLOCK));
    for ((out, light), (blue, red)) in blocks.zip(blue.chunks(BLOCK).zip(red.chunks(BLOCK))) {
        if let (Some(light), Some(blue), Some(red)) =
            (light.first_chunk(), blue.first_chunk(), red.first_chunk())
            && out.len() == BLOCK * 3
        {
            convert::<BLOCK>(light, blue, red, out);
        } else {
            for (i, pixel) in out.chunks_exact_mut(3).enumerate() {
                convert::<1>(&[light[i]], &[blue[i]], &[red[i]], pixel);
            }
        }
    }
}

/// JFIF 1.02, section 7, with 16 fractional bits.
#[inline(always)]
fn convert<const N: usize>(light: &[u8; N], blue: &[u8; N], red: &[u8; N], out: &mut [u8]) {
    let mut rgb = [[0u8; N]; 3];
    for i in 0..N {
        let light = (i32::from(light[i]) << 16) + (1 << 15);
        let (blue, red) = (i32::from(blue[i]) - 128, i32::from(red[i]) - 128);
        let byte = |value: i32| (value >> 16).clamp(0, 255) as u8;
        rgb[0][i] = byte(light + 91_881 * red);
        rgb[1][i] = byte(light - 22_554 * blue - 46_802 * red);
        rgb[2][i] = byte(light + 116_130 * blue);
    }
    for (i, pixel) in out.as_chunks_mut::<3>().0.iter_mut().enumerate().take(N) {
        *pixel = [rgb[0][i], rgb[1][i], rgb[2][i]];
    }
}
