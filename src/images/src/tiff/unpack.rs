//! The compressions of strips and tiles. What is damaged or cut off is unpacked as far as it goes.

use std::borrow::Cow;
use std::io::Read;

use image::ImageDecoder;
use image::codecs::webp::WebPDecoder;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use weezl::BitOrder;
use weezl::decode::{Configuration, Decoder};

use super::fax;
use super::packbits;
use crate::watched::Watched;
use crate::{ImageError, Stop, guard};

/// How the bytes of strips and tiles are packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Packing {
    None,
    Fax(fax::Kind),
    Lzw,
    Jpeg,
    Deflate,
    PackBits,
    Zstd,
    WebP,
}

impl Packing {
    /// From the tag of that name and the options of faxes.
    ///
    /// # Errors
    /// `Unsupported` with the compression's name.
    pub(super) fn new(compression: u64, fax_options: u64) -> Result<Self, ImageError> {
        let name = match compression {
            1 => return Ok(Self::None),
            2 => return Ok(Self::Fax(fax::Kind::Runs)),
            3 => return Ok(Self::Fax(fax::Kind::Group3 { two_d: fax_options & 1 == 1 })),
            4 => return Ok(Self::Fax(fax::Kind::Group4)),
            5 => return Ok(Self::Lzw),
            7 => return Ok(Self::Jpeg),
            8 | 32_946 => return Ok(Self::Deflate),
            32_773 => return Ok(Self::PackBits),
            50_000 => return Ok(Self::Zstd),
            50_001 => return Ok(Self::WebP),
            6 => "old-style JPEG compression",
            9 | 10 => "JBIG compression",
            32_766 => "NeXT compression",
            32_809 => "ThunderScan compression",
            33_003 | 33_005 | 34_712 => "JPEG 2000 compression",
            34_676 | 34_677 => "LogLuv compression",
            34_887 => "LERC compression",
            34_892 => "lossy JPEG of camera raw files",
            34_925 => "LZMA compression",
            50_002 | 52_546 => "JPEG XL compression",
            other => return Err(ImageError::variant("tiff", &format!("compression {other}"))),
        };
        Err(ImageError::variant("tiff", name))
    }

    /// Unpacks at most `length` bytes; rows are `width` pixels and `row_bytes` long. `whole` are the
    /// bytes of a tile that does not reach beyond the picture.
    pub(super) fn unpack<'a>(
        self,
        packed: &'a [u8],
        length: usize,
        (width, row_bytes, whole): (usize, usize, usize),
        stop: &Stop,
    ) -> Cow<'a, [u8]> {
        // What a decoder gives up on is left out, like what is cut off.
        let foreign = |work: &dyn Fn() -> Vec<u8>| {
            Cow::Owned(guard::foreign("tiff", || Ok(work())).unwrap_or_default())
        };
        match self {
            Self::None | Self::Jpeg => Cow::Borrowed(&packed[..packed.len().min(length)]),
            Self::Fax(kind) => {
                let rows = length / row_bytes.max(1);
                foreign(&|| fax::decode(packed, kind, width, rows))
            }
            Self::Lzw => foreign(&|| lzw(packed, length)),
            Self::Deflate => foreign(&|| inflate(packed, length)),
            Self::PackBits => Cow::Owned(packbits::unpack(packed, length)),
            Self::Zstd => foreign(&|| zstd(packed, length)),
            Self::WebP => foreign(&|| webp(packed, (length, whole), stop)),
        }
    }
}

/// Codes grow one early, as the standard has it; very old files have their bits the other way round.
fn lzw(packed: &[u8], length: usize) -> Vec<u8> {
    let is_old = matches!(packed, [0, second, ..] if second & 1 == 1);
    let configuration = match is_old {
        true => Configuration::new(BitOrder::Lsb, 8),
        false => Configuration::with_tiff_size_switch(BitOrder::Msb, 8),
    };
    let mut decoder: Decoder = configuration.build();
    let mut out = vec![0; length];
    let (mut read, mut written) = (0, 0);
    while written < length {
        let step = decoder.decode_bytes(&packed[read..], &mut out[written..]);
        read += step.consumed_in;
        written += step.consumed_out;
        let is_moving = step.consumed_in + step.consumed_out > 0;
        if !is_moving || !matches!(step.status, Ok(weezl::LzwStatus::Ok)) {
            break;
        }
    }
    out.truncate(written);
    out
}

/// As far as it is whole, and no further than it should be.
fn inflate(packed: &[u8], length: usize) -> Vec<u8> {
    decompress_to_vec_zlib_with_limit(packed, length).unwrap_or_else(|error| error.output)
}

/// Bytes that unpacking a zstd frame holds beside its result, as its header says (RFC 8878, 3.1.1.1).
pub(super) fn zstd_window(packed: &[u8]) -> u64 {
    let Some([_, _, _, _, flags, window, ..]) = packed.first_chunk::<6>() else { return 0 };
    // A frame of one segment is its own window, which is no longer than the result.
    if flags & 0x20 != 0 {
        return 0;
    }
    let base = 1u64 << (10 + u64::from(window >> 3));
    base + base / 8 * u64::from(window & 7)
}

fn zstd(packed: &[u8], length: usize) -> Vec<u8> {
    let mut out = Vec::new();
    if let Ok(decoder) = ruzstd::decoding::StreamingDecoder::new(packed) {
        // An error leaves what was read before it.
        let _ = decoder.take(length as u64).read_to_end(&mut out);
    }
    out
}

fn webp(packed: &[u8], (length, whole): (usize, usize), stop: &Stop) -> Vec<u8> {
    let Ok(decoder) = WebPDecoder::new(Watched::new(packed, stop)) else { return Vec::new() };
    let there = usize::try_from(decoder.total_bytes()).unwrap_or(usize::MAX);
    if there != length && there != whole {
        return Vec::new();
    }
    let mut out = vec![0; there];
    if decoder.read_image(&mut out).is_ok() { out } else { Vec::new() }
}
