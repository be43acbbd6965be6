//! JPEG XL, by libjxl's own decoder in Rust. Of an animation the first frame is taken.

use std::borrow::Cow;
use std::io::{self, IoSliceMut, Read};

use ::jxl::api::{
    AlphaMode, Event, ExtraChannel, JxlBasicInfo, JxlBitstreamInput, JxlColorEncoding,
    JxlColorProfile, JxlColorType, JxlDataFormat, JxlDecoder, JxlDecoderOptions, JxlOutputBuffer,
    JxlPixelFormat, ProfileLevel,
};

use crate::heif::boxes::Boxes;
use crate::heif::exif_block;
use crate::metadata::{LARGEST_EXIF, LARGEST_PROFILE, LARGEST_XMP, Packets};
use crate::raster::{Channels, Raster, Storage};
use crate::source::{AnySource, Claim, Outcome, Source};
use crate::watched::Watched;
use crate::{ImageError, Stop, guard};

/// Bytes that decoding takes for a sample besides the result: a number in 32 bits, where a whole
/// frame is held before its colours are made (measured: half of that for photos).
const BYTES_A_SAMPLE: u64 = 4;

/// The value of what is missing.
const MISSING: u8 = 128;

/// A file whose header was read.
struct Jxl<'a> {
    bytes: &'a [u8],
    width: u32,
    height: u32,
    channels: Channels,
    /// Channels in the file, shown or not.
    coded: u64,
    orientation: u16,
    packets: Packets<'a>,
}

/// Reads the header.
///
/// # Errors
/// `Damaged`; `TooLarge` for sides that no picture has.
pub(crate) fn open(bytes: &[u8]) -> Result<AnySource<'_>, ImageError> {
    guard::foreign("jxl", || {
        let mut decoder = JxlDecoder::new(options(None));
        let mut input = Input(Watched::new(bytes, &Stop::new()), bytes.len());
        match decoder.process(&mut input, None, None).map_err(refuse)? {
            Event::BasicInfo => {}
            _ => return Err(ImageError::damaged("jxl", "it ends too early")),
        }
        let info = decoder.basic_info();
        let info = info.ok_or_else(|| ImageError::damaged("jxl", "it has no header"))?;
        let mut file = Jxl::new(bytes, info, decoder.embedded_color_profile());
        let extra = info.extra_channels.len();
        // In which colours pixels come out depends on their type.
        decoder.set_pixel_format(format(file.channels, extra)).map_err(refuse)?;
        let profile = decoder.output_color_profile().or(decoder.embedded_color_profile());
        file.packets = packets(bytes, profile);
        Ok(Box::new(file) as AnySource)
    })
}

impl<'a> Jxl<'a> {
    /// Without its packets.
    fn new(bytes: &'a [u8], info: &JxlBasicInfo, profile: Option<&JxlColorProfile>) -> Self {
        let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
        let has = |kind| info.extra_channels.iter().any(|channel| channel.ec_type == kind);
        let is_grey = profile.is_some_and(|profile| profile.channels() == 1);
        let is_cmyk = profile.is_some_and(JxlColorProfile::is_cmyk) && has(ExtraChannel::Black);
        let channels = match (is_grey, has(ExtraChannel::Alpha)) {
            _ if is_cmyk => Channels::Cmyk,
            (true, false) => Channels::Grey,
            (true, true) => Channels::GreyAlpha,
            (false, false) => Channels::Rgb,
            (false, true) => Channels::Rgba,
        };
        Self {
            bytes,
            width: side(info.size.0),
            height: side(info.size.1),
            channels,
            coded: 3 + info.extra_channels.len() as u64,
            orientation: info.orientation as u16,
            packets: Packets::default(),
        }
    }
}

impl<'a> Source<'a> for Jxl<'a> {
    fn claim(&self) -> Claim {
        let extra = self.coded * BYTES_A_SAMPLE;
        let fixed = self.bytes.len() as u64 + (4 << 20);
        Claim::new((self.width, self.height), self.channels.count() as u64, extra, fixed)
    }

    fn take_packets(&mut self) -> Packets<'a> {
        std::mem::take(&mut self.packets)
    }

    fn orientation(&self) -> Option<u16> {
        Some(self.orientation)
    }

    fn decode(self: Box<Self>, stop: &Stop) -> Result<Outcome<'a>, ImageError> {
        let mut data = guard::foreign("jxl", || decode(&self, stop))?;
        // The file counts light where we count ink.
        if self.channels == Channels::Cmyk {
            data.iter_mut().for_each(|ink| *ink = 255 - *ink);
        }
        let (width, height) = (self.width, self.height);
        Ok(Outcome::Pixels(Raster::new(width, height, self.channels, Storage::Direct, data)))
    }
}

fn decode(file: &Jxl, stop: &Stop) -> Result<Vec<u8>, ImageError> {
    let area = file.width as usize * file.height as usize;
    // Frames may be a little larger than the picture.
    let samples = area.saturating_mul(file.coded as usize + 1).saturating_add(1 << 20);
    let mut decoder = JxlDecoder::new(options(Some(samples)));
    let mut input = Input(Watched::new(file.bytes, stop), file.bytes.len());
    let row = file.width as usize * file.channels.count();
    let mut data = vec![MISSING; row * file.height as usize];
    loop {
        let mut out = [JxlOutputBuffer::new(&mut data, file.height as usize, row)];
        let is_ready = decoder.current_pixel_format().is_some();
        let buffers = if is_ready { Some(&mut out[..]) } else { None };
        match decoder.process(&mut input, buffers, None).map_err(refuse)? {
            Event::BasicInfo => {
                let extra = decoder.basic_info().map_or(0, |info| info.extra_channels.len());
                decoder.set_pixel_format(format(file.channels, extra)).map_err(refuse)?;
            }
            Event::FrameHeader => {}
            Event::FrameComplete { .. } | Event::Complete => return Ok(data),
            Event::NeedMoreInput { .. } => {
                let _ = decoder.flush_pixels(&mut out, None).map_err(refuse)?;
                return mostly_there(data, row);
            }
        }
    }
}

/// A picture that ends early, unless it lacks more rows than it has.
fn mostly_there(data: Vec<u8>, row: usize) -> Result<Vec<u8>, ImageError> {
    let rows = data.chunks_exact(row.max(1));
    let missing = rows.clone().rev().take_while(|row| row.iter().all(|value| *value == MISSING));
    if missing.count() * 2 > rows.len() {
        return Err(ImageError::damaged("jxl", "it ends too early"));
    }
    Ok(data)
}

fn options(samples: Option<usize>) -> JxlDecoderOptions {
    let mut options = JxlDecoderOptions::default();
    options.adjust_orientation = false;
    options.alpha_mode = AlphaMode::Unpremultiplied;
    options.max_profile_level = ProfileLevel::Main10;
    options.sample_limit = samples;
    options
}

fn format(channels: Channels, extra: usize) -> JxlPixelFormat {
    let color_type = match channels {
        Channels::Grey => JxlColorType::Grayscale,
        Channels::GreyAlpha => JxlColorType::GrayscaleAlpha,
        Channels::Rgb => JxlColorType::Rgb,
        Channels::Rgba => JxlColorType::Rgba,
        Channels::Cmyk => JxlColorType::Cmyk,
    };
    JxlPixelFormat {
        color_type,
        color_data_format: Some(JxlDataFormat::U8 { bit_depth: 8 }),
        extra_channel_format: vec![None; extra],
    }
}

/// What stands in boxes beside the picture, and its profile.
fn packets<'a>(bytes: &'a [u8], profile: Option<&JxlColorProfile>) -> Packets<'a> {
    let mut packets = Packets::default();
    if bytes.starts_with(b"\0\0\0\x0cJXL ") {
        for (kind, body) in Boxes(bytes) {
            keep(kind, Cow::Borrowed(body), &mut packets);
        }
    }
    let srgb = |is_grey| JxlColorProfile::Simple(JxlColorEncoding::srgb(is_grey));
    let profile =
        profile.filter(|p| ![false, true].iter().any(|g| p.same_color_encoding(&srgb(*g))));
    let profile = profile.and_then(JxlColorProfile::try_as_icc).map(|profile| profile.into_owned());
    packets.profile = profile.filter(|p| p.len() <= LARGEST_PROFILE).map(Cow::Owned);
    packets
}

/// Keeps what a box says; some are packed, behind the kind of what is inside.
fn keep<'a>(kind: &[u8; 4], body: Cow<'a, [u8]>, packets: &mut Packets<'a>) {
    match (kind, &body) {
        (b"brob", _) => {
            if let Some((inner, packed)) = body.split_first_chunk()
                && inner != b"brob"
                && let Some(unpacked) = unpacked(packed)
            {
                keep(inner, Cow::Owned(unpacked), packets);
            }
        }
        (b"Exif", Cow::Borrowed(data)) if data.len() <= LARGEST_EXIF => {
            let block = exif_block(data).map(Cow::Borrowed);
            packets.exif = packets.exif.take().or(block);
        }
        (b"Exif", Cow::Owned(data)) => {
            let block = exif_block(data).map(|block| Cow::Owned(block.to_vec()));
            packets.exif = packets.exif.take().or(block);
        }
        (b"xml ", _) if body.len() <= LARGEST_XMP => packets.xmp = Some(body),
        _ => {}
    }
}

/// What Brotli packed, as long as metadata may be.
fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let work = || {
        let mut out = Vec::new();
        let reader = brotli_decompressor::Decompressor::new(packed, 4096);
        let most = LARGEST_XMP as u64 + 1;
        let read = reader.take(most).read_to_end(&mut out);
        read.map_err(|error| ImageError::damaged("jxl", &error.to_string()))?;
        Ok(out)
    };
    guard::foreign("jxl", work).ok().filter(|out| out.len() <= LARGEST_XMP)
}

fn refuse(error: ::jxl::error::Error) -> ImageError {
    ImageError::damaged("jxl", &error.to_string())
}

/// The bytes in portions, so that decoding can be stopped between them; how many there are.
struct Input<'a>(Watched<'a>, usize);

impl JxlBitstreamInput for Input<'_> {
    fn available_bytes(&mut self) -> Result<usize, io::Error> {
        Ok(self.1)
    }

    fn read(&mut self, buffers: &mut [IoSliceMut]) -> Result<usize, io::Error> {
        let mut all = 0;
        for buffer in buffers {
            let mut filled = 0;
            while filled < buffer.len() {
                let count = self.0.read(&mut buffer[filled..])?;
                if count == 0 {
                    break;
                }
                filled += count;
            }
            all += filled;
        }
        self.1 -= all.min(self.1);
        Ok(all)
    }
}
