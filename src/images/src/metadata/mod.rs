//! What a file says about itself: EXIF, XMP and IPTC become [`PhotoFacts`].
//!
//! Broken metadata is common and never an error here: what cannot be read is unknown.

mod bounds;
mod camera;
mod camera_raw;
mod clock;
mod comment;
mod container_text;
mod date;
pub(crate) mod directory;
mod exif_block;
mod exif_facts;
pub(crate) mod extended;
pub(crate) mod gif_texts;
mod gps;
mod iptc;
mod moment;
mod name_date;
mod photoshop;
mod said;
mod split_words;
mod text;
mod video;
mod xmp;

use std::borrow::Cow;

use seer_types::PhotoFacts;

pub(crate) use bounds::{LARGEST_EXIF, LARGEST_PROFILE, LARGEST_XMP};
pub(crate) use bounds::{keep_within, tags as kept_names, texts as kept_texts};
pub(crate) use camera_raw::is_camera_raw;
pub(crate) use container_text::{ContainerText, is_read as is_text_read, take_raw_profile};
use exif_block::ExifBlock;
pub(crate) use gps::at as position_at;
pub use name_date::date_from_name;
use photoshop::Resources;
pub(crate) use said::Said;
pub(crate) use text::clean as clean_text;
pub(crate) use video::{VideoField, VideoSaid, video_facts};

/// Raw metadata blocks as they lie in a file.
#[derive(Default, Debug)]
pub(crate) struct Packets<'a> {
    /// A TIFF structure: the EXIF block, or a whole TIFF file.
    pub(crate) exif: Option<Cow<'a, [u8]>>,
    /// XMP, XML in any encoding of Unicode.
    pub(crate) xmp: Option<Cow<'a, [u8]>>,
    /// Further packets of XMP: what did not fit into the first one.
    pub(crate) more_xmp: Vec<Cow<'a, [u8]>>,
    /// Photoshop image resources ("8BIM" records), one of which holds IPTC.
    pub(crate) photoshop: Option<Cow<'a, [u8]>>,
    /// IPTC records by themselves.
    pub(crate) iptc: Option<Cow<'a, [u8]>>,
    /// Comments and other texts.
    pub(crate) texts: Vec<ContainerText<'a>>,
    /// The colour profile.
    pub(crate) profile: Option<Cow<'a, [u8]>>,
}

/// What the blocks say; size and format are left for the caller to fill in.
pub(crate) struct Found {
    pub(crate) facts: PhotoFacts,
    /// EXIF orientation, 1 to 8; 1 when unknown.
    pub(crate) orientation: u16,
    /// Whether EXIF says that the colours are those of Adobe RGB.
    pub(crate) is_adobe_rgb: bool,
}

impl Default for Found {
    fn default() -> Self {
        Self { facts: PhotoFacts::default(), orientation: 1, is_adobe_rgb: false }
    }
}

/// Reads all blocks. Where two say the same thing, the rank of its source counts for a date, EXIF
/// wins for the camera's facts and the position, and XMP for words, which people's tools keep up to
/// date, then IPTC.
pub(crate) fn read_facts(packets: &Packets) -> Found {
    let resources = packets.photoshop.as_deref().map_or_else(Resources::default, photoshop::read);
    let blocks = packets.exif.iter().map(|exif| &**exif).chain(resources.exif.iter().copied());
    let exif = blocks.into_iter().find_map(ExifBlock::parse);
    let orientation = exif.as_ref().map_or(1, ExifBlock::orientation);
    let is_adobe_rgb = exif.as_ref().is_some_and(exif_facts::is_adobe_rgb);
    let facts = gather(packets, &resources, exif.as_ref()).into_facts();
    Found { facts, orientation, is_adobe_rgb }
}

/// What all blocks say.
fn gather(packets: &Packets, resources: &Resources, exif: Option<&ExifBlock>) -> Said {
    let tag_bytes = |tag| exif.and_then(|exif| exif.bytes(tag));
    let inner = tag_bytes(exif_facts::PHOTOSHOP).map_or_else(Resources::default, photoshop::read);
    let mut said = Said::default();
    // The camera's facts are EXIF's before all, words are not: these are said last.
    if let Some(exif) = exif {
        exif_facts::say_camera(exif, &mut said);
    }
    let first_xmp = packets.xmp.as_deref().or_else(|| tag_bytes(exif_facts::XMP));
    let other_xmp = packets.more_xmp.iter().map(|packet| &**packet);
    let resource_xmp = resources.xmp.iter().chain(&inner.xmp).copied();
    for packet in first_xmp.into_iter().chain(other_xmp).chain(resource_xmp) {
        xmp::say(packet, &mut said);
    }
    let of_tag = tag_bytes(exif_facts::IPTC).map(iptc::in_order);
    let own_iptc = packets.iptc.as_deref().into_iter().chain(of_tag.as_deref());
    for records in own_iptc.chain(resources.iptc.iter().chain(&inner.iptc).copied()) {
        iptc::say(records, &mut said);
    }
    if let Some(exif) = exif {
        exif_facts::say_words(exif, &mut said);
    }
    container_text::say(&packets.texts, &mut said);
    said
}

/// What a packet of XMP says by itself.
pub(crate) fn said_by_xmp(packet: &[u8]) -> Said {
    let mut said = Said::default();
    xmp::say(packet, &mut said);
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_all_blocks_are_merged() {
        let xmp = b"<x:xmpmeta><rdf:RDF><rdf:Description dc:title='Evening'><dc:subject><rdf:Bag>\
            <rdf:li>Beach</rdf:li><rdf:li>sun</rdf:li></rdf:Bag></dc:subject></rdf:Description>";
        let records = [(25, "beach"), (25, "sea"), (120, "Waves at dusk"), (5, "other")];
        let iptc: Vec<_> = records
            .iter()
            .map(|(set, text)| iptc::tests::record(2, *set, text.as_bytes()))
            .collect();
        let main = [exif_block::tests::ascii(0x010e, "from exif")];
        let exif = exif_block::tests::block(&main, &[], &[]);
        let facts = read_facts(&Packets {
            exif: Some(exif.into()),
            xmp: Some(xmp[..].into()),
            photoshop: Some(photoshop::tests::record(0x0404, b"", &iptc.concat()).into()),
            ..Packets::default()
        })
        .facts;
        assert_eq!(facts.tags, ["Beach", "sun", "sea"]);
        assert_eq!(facts.caption.as_deref(), Some("Waves at dusk"));
        assert_eq!(facts.descriptions, ["from exif", "Evening", "other"]);
    }

    #[test]
    fn garbage_gives_nothing() {
        let garbage: Vec<u8> = (0..=255u8).cycle().take(3000).collect();
        let bytes = || Some(Cow::Borrowed(&garbage[..]));
        let found = read_facts(&Packets {
            exif: bytes(),
            xmp: bytes(),
            more_xmp: bytes().into_iter().collect(),
            photoshop: bytes(),
            iptc: bytes(),
            ..Packets::default()
        });
        assert_eq!(found.facts, PhotoFacts::default());
        assert_eq!(found.orientation, 1);
    }
}
