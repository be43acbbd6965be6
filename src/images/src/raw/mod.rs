//! Camera raw files: the largest JPEG that the camera put inside, upright, with what the raw file says
//! of itself. The sensor's own data is not developed.

mod canon;
mod cr3;
mod raf;
mod scan;
mod walk;

use std::borrow::Cow;

use crate::metadata::Packets;
use crate::profile::Described;
use crate::source::{AnySource, Claim, Outcome, Source};
use crate::tiff::ifd::Structure;
use crate::{ImageError, Stop, Wanted, jpeg};

const ORIENTATION: u16 = 274;

/// A shorter longer side is that of a mere thumbnail: what follows no rule is then looked for, too.
const SMALL: u32 = 300;

/// What was found in a raw file.
#[derive(Default)]
struct Found<'a> {
    /// JPEG files, each from its beginning on.
    pictures: Vec<&'a [u8]>,
    /// A TIFF structure with the raw file's own metadata.
    exif: Option<Cow<'a, [u8]>>,
    /// How the sensor was held, as EXIF counts it.
    orientation: Option<u16>,
}

/// A picture inside of a raw file.
struct Inside<'a> {
    picture: AnySource<'a>,
    packets: Packets<'a>,
    orientation: Option<u16>,
}

/// Finds the largest picture and reads its headers.
///
/// # Errors
/// `Unsupported` where there is none; else as those of the picture.
pub(crate) fn open<'a>(bytes: &'a [u8], wanted: &Wanted) -> Result<AnySource<'a>, ImageError> {
    let found = if bytes.starts_with(raf::MARK) {
        raf::find(bytes)
    } else if bytes.get(4..8) == Some(b"ftyp") {
        cr3::find(bytes)
    } else {
        walk::find(bytes)
    };
    let largest = largest(&found.pictures);
    let is_small = largest.is_none_or(|(_, (width, height))| width.max(height) < SMALL);
    let others = if is_small { scan::find(bytes) } else { Vec::new() };
    let all = [&found.pictures[..], &others].concat();
    let Some((picture, _)) = self::largest(&all) else {
        return Err(ImageError::foreign("camera raw files without a JPEG picture inside"));
    };
    let mut picture = jpeg::open(picture, wanted)?;
    let own = picture.take_packets();
    let turned = own.exif.as_deref().and_then(orientation);
    let packets = Packets { exif: found.exif.or(own.exif), ..own };
    let orientation = turned.or(found.orientation);
    Ok(Box::new(Inside { picture, packets, orientation }))
}

impl<'a> Source<'a> for Inside<'a> {
    fn claim(&self) -> Claim {
        self.picture.claim()
    }

    fn take_packets(&mut self) -> Packets<'a> {
        std::mem::take(&mut self.packets)
    }

    fn described(&self) -> Option<Described> {
        self.picture.described()
    }

    fn orientation(&self) -> Option<u16> {
        self.orientation
    }

    fn decode(self: Box<Self>, stop: &Stop) -> Result<Outcome<'a>, ImageError> {
        self.picture.decode(stop)
    }
}

/// The picture with the most pixels, of those that can be decoded; the first of several.
fn largest<'a>(pictures: &[&'a [u8]]) -> Option<(&'a [u8], (u32, u32))> {
    let sized = pictures.iter().filter_map(|picture| Some((*picture, jpeg::size(picture)?)));
    let area = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
    sized.fold(None, |best: Option<(&[u8], (u32, u32))>, one| match best {
        Some(best) if area(best.1) >= area(one.1) => Some(best),
        _ => Some(one),
    })
}

/// The orientation that a TIFF structure tells in its first directory.
fn orientation(block: &[u8]) -> Option<u16> {
    let structure = Structure::parse(block)?;
    let number = structure.directory(structure.first)?.number(ORIENTATION)?;
    u16::try_from(number).ok().filter(|orientation| (1..=8).contains(orientation))
}
