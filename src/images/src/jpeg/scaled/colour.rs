//! Planes become pixels.

use super::planes::Plane;

/// Pixels converted together.
const BLOCK: usize = 32;

/// `width * height` pixels of one byte (a single plane) or three (RGB), row by row.
pub(super) fn interleave(
    planes: &[Plane],
    width: usize,
    height: usize,
    stored_rgb: bool,
) -> Vec<u8> {
    let mut out = vec![0; width * height * planes.len()];
    let mut scratch = vec![0; width * planes.len()];
    for (y, out) in out.chunks_exact_mut(width * planes.len()).enumerate() {
        let rows = planes.iter().zip(scratch.chunks_exact_mut(width));
        let rows: Vec<&[u8]> = rows.map(|(plane, scratch)| row(plane, y, scratch)).collect();
        match rows[..] {
            [first, second, third] if stored_rgb => {
                for (i, pixel) in out.as_chunks_mut::<3>().0.iter_mut().enumerate() {
                    *pixel = [first[i], second[i], third[i]];
                }
            }
            [light, blue, red] => rgb_from_ycbcr(light, blue, red, out),
            _ => out.copy_from_slice(rows[0]),
        }
    }
    out
}

/// Row `y` of the finest plane's size: as it lies in `plane`, or spread out in `scratch`.
fn row<'a>(plane: &'a Plane, y: usize, scratch: &'a mut [u8]) -> &'a [u8] {
    let (across, down) = plane.repeat;
    let stored = &plane.data[y / down * plane.stride..][..plane.stride];
    if across == 1 {
        return &stored[..scratch.len()];
    }
    for (out, value) in scratch.chunks_mut(across).zip(stored) {
        out.fill(*value);
    }
    scratch
}

fn rgb_from_ycbcr(light: &[u8], blue: &[u8], red: &[u8], out: &mut [u8]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // Safety: the processor was just found to have AVX2.
        return unsafe { rgb_from_ycbcr_avx2(light, blue, red, out) };
    }
    rgb_from_ycbcr_plain(light, blue, red, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn rgb_from_ycbcr_avx2(light: &[u8], blue: &[u8], red: &[u8], out: &mut [u8]) {
    rgb_from_ycbcr_plain(light, blue, red, out);
}

#[inline(always)]
fn rgb_from_ycbcr_plain(light: &[u8], blue: &[u8], red: &[u8], out: &mut [u8]) {
    let blocks = out.chunks_mut(BLOCK * 3).zip(light.chunks(BLOCK));
    for ((out, light), (blue, red)) in blocks.zip(blue.chunks(BLOCK).zip(red.chunks(BLOCK))) {
        if let (Some(light), Some(blue), Some(red)) =
            (light.first_chunk(), blue.first_chunk(), red.first_chunk())
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
