//! Photoshop files (PSD and PSB): the merged picture that stands behind the layers, and the metadata
//! among the resources. Layers are not looked at.

mod header;

use std::borrow::Cow;

use header::{Header, Mode};

use crate::colour::srgb_from_linear;
use crate::metadata::{LARGEST_EXIF, LARGEST_PROFILE, LARGEST_XMP, Packets};
use crate::raster::{Channels, Raster, Storage};
use crate::source::{AnySource, Claim, Outcome, Source};
use crate::tiff::{Lab, packbits, rgb_from_lab};
use crate::{ImageError, Stop};

/// Numbers of resources.
const VERSION: u16 = 1057;
const PROFILE: u16 = 1039;
const EXIF: u16 = 1058;
const XMP: u16 = 1060;

/// The value of what is missing.
const MISSING: u8 = 128;

/// A file whose header was read.
struct Psd<'a> {
    header: Header<'a>,
    packets: Packets<'a>,
}

/// Reads the header.
///
/// # Errors
/// `Damaged`; `Unsupported` for kinds that are not read, and files without a merged picture.
pub(crate) fn open(bytes: &[u8]) -> Result<AnySource<'_>, ImageError> {
    let header = Header::read(bytes)?;
    let mut packets =
        Packets { photoshop: Some(Cow::Borrowed(header.resources)), ..Packets::default() };
    for (number, body) in header::resources(header.resources) {
        match number {
            // A version, and whether the merged picture is more than white.
            VERSION if body.get(4) == Some(&0) => {
                return Err(ImageError::foreign("Photoshop files without a merged picture"));
            }
            PROFILE if body.len() <= LARGEST_PROFILE => packets.profile = Some(Cow::Borrowed(body)),
            EXIF if body.len() <= LARGEST_EXIF => packets.exif = Some(Cow::Borrowed(body)),
            XMP if body.len() <= LARGEST_XMP => packets.xmp = Some(Cow::Borrowed(body)),
            _ => {}
        }
    }
    Ok(Box::new(Psd { header, packets }))
}

impl Psd<'_> {
    fn channels(&self) -> Channels {
        match (self.header.mode, self.header.has_alpha) {
            (Mode::Bitmap | Mode::Grey, _) => Channels::Grey,
            (Mode::Cmyk, _) => Channels::Cmyk,
            (_, false) => Channels::Rgb,
            (_, true) => Channels::Rgba,
        }
    }
}

impl<'a> Source<'a> for Psd<'a> {
    fn claim(&self) -> Claim {
        let Header { width, height, .. } = self.header;
        // A row, and the lengths of all rows.
        let fixed = u64::from(width) * 8 + u64::from(height) * 256 + (1 << 20);
        Claim::new((width, height), self.channels().count() as u64, 0, fixed)
    }

    fn take_packets(&mut self) -> Packets<'a> {
        std::mem::take(&mut self.packets)
    }

    fn decode(self: Box<Self>, stop: &Stop) -> Result<Outcome<'a>, ImageError> {
        let (header, channels) = (&self.header, self.channels());
        let Header { width, height, .. } = *header;
        let mut data = vec![MISSING; width as usize * height as usize * channels.count()];
        let planes = header.mode.planes() + usize::from(header.has_alpha);
        let laid = lay_planes(header, planes, &mut data, channels.count(), stop)?;
        if laid * 2 < planes * height as usize {
            return Err(ImageError::damaged(
                "psd",
                "less than half of its merged picture is there",
            ));
        }
        convert(header, &mut data);
        let is_indexed = matches!(header.mode, Mode::Bitmap | Mode::Indexed);
        let storage = if is_indexed { Storage::Indexed } else { Storage::Direct };
        Ok(Outcome::Pixels(Raster::new(width, height, channels, storage, data)))
    }
}

/// Puts the first planes beside each other, `size` bytes a pixel; how many rows there were.
fn lay_planes(
    header: &Header,
    planes: usize,
    data: &mut [u8],
    size: usize,
    stop: &Stop,
) -> Result<usize, ImageError> {
    let (width, height) = (header.width as usize, header.height as usize);
    let row_bytes = header.row_bytes();
    let mut rows = header.rows();
    let mut laid = 0;
    for plane in 0..planes {
        stop.check()?;
        for y in 0..height {
            let Some(packed) = rows.next() else { return Ok(laid) };
            let row = match header.is_packed {
                true => Cow::Owned(packbits::unpack(packed, row_bytes)),
                false => Cow::Borrowed(packed),
            };
            laid += usize::from(row.len() == row_bytes);
            let out = data[y * width * size..][..width * size].chunks_exact_mut(size);
            for (x, pixel) in out.enumerate() {
                let Some(level) = level(&row, x, header.depth) else { break };
                pixel[plane] = level;
            }
        }
    }
    Ok(laid)
}

/// The level of a sample in its row.
fn level(row: &[u8], x: usize, depth: u16) -> Option<u8> {
    match depth {
        // Set bits are black.
        1 => row.get(x / 8).map(|byte| if byte >> (7 - x % 8) & 1 == 1 { 0 } else { 255 }),
        8 => row.get(x).copied(),
        16 => row.get(2 * x).copied(),
        _ => {
            let light = row.get(4 * x..)?.first_chunk()?;
            Some(srgb_from_linear(f32::from_be_bytes(*light)))
        }
    }
}

/// From what the planes hold to what they mean.
fn convert(header: &Header, data: &mut [u8]) {
    match header.mode {
        // Inks are stored as the light that they leave.
        Mode::Cmyk => data.iter_mut().for_each(|ink| *ink = 255 - *ink),
        Mode::Lab => {
            let size = if header.has_alpha { 4 } else { 3 };
            for pixel in data.chunks_exact_mut(size) {
                let rgb = rgb_from_lab([pixel[0], pixel[1], pixel[2]], Lab::Icc);
                pixel[..3].copy_from_slice(&rgb);
            }
        }
        // All red values, all green, all blue.
        Mode::Indexed => {
            let value = |at: usize| header.palette.get(at).copied().unwrap_or(0);
            for pixel in data.as_chunks_mut::<3>().0 {
                let index = usize::from(pixel[0]);
                *pixel = [value(index), value(index + 256), value(index + 512)];
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3 x 2 pixels of a mode, `planes` of them as they are stored, packed or not.
    pub(super) fn file(mode: u16, depth: u16, planes: &[&[u8]], is_packed: bool) -> Vec<u8> {
        let count = planes.len() as u16;
        let mut bytes = [&b"8BPS\0\x01\0\0\0\0\0\0"[..], &count.to_be_bytes()].concat();
        bytes.extend([2u32.to_be_bytes(), 3u32.to_be_bytes()].concat());
        bytes.extend([depth.to_be_bytes(), mode.to_be_bytes()].concat());
        let palette: Vec<u8> =
            if mode == 2 { (0..768).map(|i| (i / 3) as u8).collect() } else { vec![] };
        bytes.extend((palette.len() as u32).to_be_bytes());
        bytes.extend(palette);
        bytes.extend([0; 8]);
        bytes.extend(u16::from(is_packed).to_be_bytes());
        let row = planes[0].len() / 2;
        if is_packed {
            (0..planes.len() * 2).for_each(|_| bytes.extend((row as u16 + 1).to_be_bytes()));
        }
        for plane in planes {
            for row in plane.chunks(row) {
                bytes.extend(is_packed.then_some(row.len() as u8 - 1));
                bytes.extend(row);
            }
        }
        bytes
    }

    fn pixels(bytes: &[u8]) -> (Channels, Vec<u8>) {
        match open(bytes).unwrap().decode(&Stop::new()).unwrap() {
            Outcome::Pixels(raster) => (raster.channels, raster.data),
            Outcome::Instead(_) => unreachable!("it is decoded at once"),
        }
    }

    const R: &[u8] = &[1, 2, 3, 4, 5, 6];
    const G: &[u8] = &[10, 20, 30, 40, 50, 60];
    const B: &[u8] = &[100, 110, 120, 130, 140, 150];

    #[test]
    fn every_mode_has_its_pixels() {
        for is_packed in [false, true] {
            let (channels, data) = pixels(&file(3, 8, &[R, G, B], is_packed));
            assert_eq!((channels, &data[..6]), (Channels::Rgb, &[1, 10, 100, 2, 20, 110][..]));
            let (channels, data) = pixels(&file(3, 8, &[R, G, B, R], is_packed));
            assert_eq!((channels, &data[..4]), (Channels::Rgba, &[1, 10, 100, 1][..]));
            let (channels, data) = pixels(&file(4, 8, &[R, G, B, R], is_packed));
            assert_eq!((channels, &data[..4]), (Channels::Cmyk, &[254, 245, 155, 254][..]));
            assert_eq!(pixels(&file(1, 8, &[R], is_packed)), (Channels::Grey, R.to_vec()));
            let (_, data) = pixels(&file(2, 8, &[R], is_packed));
            assert_eq!(data[..3], [0, 85, 171]);
            let (_, data) = pixels(&file(0, 1, &[&[0b1010_0000, 0]], is_packed));
            assert_eq!(data, [0, 255, 0, 255, 255, 255]);
        }
        let wide: Vec<u8> = R.iter().flat_map(|level| [*level, 77]).collect();
        assert_eq!(pixels(&file(1, 16, &[&wide], false)).1, R);
        let (_, data) = pixels(&file(9, 8, &[&[255; 6], &[128; 6], &[128; 6]], false));
        assert_eq!(data, [255; 18]);
    }

    #[test]
    fn what_is_cut_off_stays_grey_and_half_of_it_is_too_little() {
        let whole = file(3, 8, &[R, G, B], false);
        let (_, data) = pixels(&whole[..whole.len() - 2]);
        assert_eq!(data[15..], [6, 60, 128]);
        for length in 0..whole.len() - 9 {
            let decoded = open(&whole[..length]).and_then(|source| source.decode(&Stop::new()));
            assert!(decoded.is_err(), "{length}");
        }
    }

    #[test]
    fn a_file_without_a_merged_picture_is_named() {
        let mut bytes = file(3, 8, &[R, G, B], false);
        let resource = [&b"8BIM\x04\x21\0\0\0\0\0\x05\0\0\0\x01\0\0"[..]].concat();
        let at = 26 + 4;
        bytes.splice(at..at + 4, [&(resource.len() as u32).to_be_bytes()[..], &resource].concat());
        let error = open(&bytes).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("without a merged picture"), "{error}");
    }
}
