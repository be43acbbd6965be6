//! What a file says about itself: EXIF, XMP and IPTC become [`PhotoFacts`].
//!
//! Broken metadata is common and never an error here: what cannot be read is unknown.

mod bounds;
mod camera;
mod camera_raw;
mod date;
pub(crate) mod directory;
mod exif_block;
mod gps;
mod iptc;
mod text;
mod xmp;

use std::borrow::Cow;

use seer_types::{DateSource, PhotoFacts, Taken};

pub(crate) use bounds::{LARGEST_EXIF, LARGEST_PROFILE, LARGEST_XMP};
pub(crate) use camera_raw::is_camera_raw;
use exif_block::ExifBlock;
use iptc::Iptc;
use xmp::Xmp;

/// Raw metadata blocks as they lie in a file.
#[derive(Default, Debug)]
pub(crate) struct Packets<'a> {
    /// A TIFF structure: the EXIF block, or a whole TIFF file.
    pub(crate) exif: Option<&'a [u8]>,
    /// XMP, usually UTF-8 XML.
    pub(crate) xmp: Option<Cow<'a, [u8]>>,
    /// Photoshop image resources ("8BIM" records), one of which holds IPTC.
    pub(crate) photoshop: Option<&'a [u8]>,
    /// The colour profile.
    pub(crate) profile: Option<Cow<'a, [u8]>>,
}

/// What the blocks say; size and format are left for the caller to fill in.
pub(crate) struct Found {
    pub(crate) facts: PhotoFacts,
    /// EXIF orientation, 1 to 8; 1 when unknown.
    pub(crate) orientation: u16,
}

impl Default for Found {
    fn default() -> Self {
        Self { facts: PhotoFacts::default(), orientation: 1 }
    }
}

/// Reads all blocks. Where two say the same thing, EXIF wins for the camera's facts and XMP for
/// words, which people's tools keep up to date.
pub(crate) fn read_facts(packets: &Packets) -> Found {
    let exif = packets.exif.and_then(ExifBlock::parse);
    let tag_bytes = |tag| exif.as_ref().and_then(|e| e.bytes(tag));
    let xmp = packets.xmp.as_deref().or_else(|| tag_bytes(exif_block::XMP));
    let xmp = xmp.map_or_else(Xmp::default, xmp::read);
    let photoshop = packets.photoshop.or_else(|| tag_bytes(exif_block::PHOTOSHOP));
    let iptc = match tag_bytes(exif_block::IPTC) {
        Some(records) => iptc::read(records),
        None => photoshop.map_or_else(Iptc::default, iptc::read_resources),
    };
    let mut found = exif.map_or_else(Found::default, |exif| Found {
        orientation: exif.orientation(),
        facts: exif_facts(&exif),
    });
    add_words(&mut found.facts, xmp, iptc);
    bounds::keep_within(&mut found.facts);
    found
}

fn exif_facts(exif: &ExifBlock) -> PhotoFacts {
    let make = exif.text(exif_block::MAKE);
    let model = exif.text(exif_block::MODEL);
    let is_camera_name =
        |text: &String| Some(text) == make.as_ref() || Some(text) == model.as_ref();
    let caption = exif
        .text(exif_block::DESCRIPTION)
        .filter(|text| !camera::is_filler(text) && !is_camera_name(text));
    PhotoFacts {
        taken: exif.taken().map(|at| Taken::second(at, DateSource::ExifOriginal)),
        camera_model: camera::full_model(make.as_deref(), model.as_deref()),
        camera_make: make,
        lens: exif.text(exif_block::LENS).filter(|lens| camera::is_lens(lens)),
        settings: exif.settings(),
        position: gps::position(exif),
        caption,
        ..PhotoFacts::default()
    }
}

fn add_words(facts: &mut PhotoFacts, xmp: Xmp, iptc: Iptc) {
    facts.tags = bounds::tags(xmp.subjects.into_iter().chain(iptc.keywords));
    let description = xmp.description.or(iptc.caption).or(facts.caption.take());
    let description = description.filter(|text| !camera::is_filler(text));
    facts.caption = join(xmp.title.or(iptc.title), description);
    let taken = xmp.taken.map(|at| Taken::second(at, DateSource::XmpOriginal));
    facts.taken = facts.taken.or(taken);
    facts.lens = facts.lens.take().or(xmp.lens.filter(|lens| camera::is_lens(lens)));
}

/// "Title — description", or the one there is.
fn join(title: Option<String>, description: Option<String>) -> Option<String> {
    match (title, description) {
        (Some(title), Some(text)) if text.contains(&title) => Some(text),
        (Some(title), Some(text)) => Some(format!("{title} — {text}")),
        (title, text) => title.or(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_all_blocks_are_merged() {
        let xmp = Xmp {
            subjects: vec!["Beach".into(), "sun".into()],
            title: Some("Evening".into()),
            ..Xmp::default()
        };
        let iptc = Iptc {
            keywords: vec!["beach".into(), "sea".into()],
            caption: Some("Waves at dusk".into()),
            title: Some("other".into()),
        };
        let mut facts = PhotoFacts { caption: Some("from exif".into()), ..PhotoFacts::default() };
        add_words(&mut facts, xmp, iptc);
        assert_eq!(facts.tags, ["Beach", "sun", "sea"]);
        assert_eq!(facts.caption.as_deref(), Some("Evening — Waves at dusk"));
    }

    #[test]
    fn a_title_inside_the_description_is_not_repeated() {
        let both = join(Some("Dusk".into()), Some("Dusk at sea".into()));
        assert_eq!(both.as_deref(), Some("Dusk at sea"));
        assert_eq!(join(None, None), None);
    }

    #[test]
    fn garbage_gives_nothing() {
        let garbage: Vec<u8> = (0..=255u8).cycle().take(3000).collect();
        let bytes = Some(&garbage[..]);
        let xmp = bytes.map(Cow::Borrowed);
        let found = read_facts(&Packets { exif: bytes, xmp, photoshop: bytes, profile: None });
        assert_eq!(found.facts, PhotoFacts::default());
        assert_eq!(found.orientation, 1);
    }
}
