//! XMP: dates, words, people, places and stars that programs write beside the camera's facts.
//!
//! Format: ISO 16684-1, a subset of RDF in XML. Properties are known by namespace and local name;
//! only those of the picture itself count, not those of what it was made of, which stand within
//! other properties.

mod encoding;
mod names;
mod structures;
mod tree;
mod values;

use seer_types::DateSource;

use self::names::Space;
use self::values::Value;
use super::bounds::LARGEST_XMP;
use super::gps::{self, Angle};
use super::said::{Level, Role, Said, Scale};

/// How a property is read.
#[derive(Clone, Copy)]
enum Reading {
    /// Each of its texts is one of these.
    Say(Role),
    /// The first of its texts is a part of the position.
    Position(Part),
    /// It is a structure.
    Structure(fn(Value, &mut Said)),
}

/// Parts of a position.
#[derive(Clone, Copy)]
enum Part {
    Latitude,
    LatitudeSide,
    Longitude,
    LongitudeSide,
}

use Reading::{Position, Say, Structure};

/// All properties that are read. Of those that say the same, the more trusted stand first; their
/// order in the packet means nothing.
const PROPERTIES: &[(Space, &str, Reading)] = &[
    (Space::Exif, "DateTimeOriginal", Say(Role::Date(DateSource::XmpOriginal))),
    (Space::Photoshop, "DateCreated", Say(Role::Date(DateSource::PhotoshopCreated))),
    (Space::Xmp, "CreateDate", Say(Role::Date(DateSource::XmpCreated))),
    (Space::Exif, "DateTimeDigitized", Say(Role::Date(DateSource::XmpCreated))),
    (Space::Exif, "GPSTimeStamp", Say(Role::Date(DateSource::Gps))),
    (Space::Exif, "GPSLatitude", Position(Part::Latitude)),
    (Space::Exif, "GPSLatitudeRef", Position(Part::LatitudeSide)),
    (Space::Exif, "GPSLongitude", Position(Part::Longitude)),
    (Space::Exif, "GPSLongitudeRef", Position(Part::LongitudeSide)),
    (Space::Dc, "description", Say(Role::Description)),
    (Space::Tiff, "ImageDescription", Say(Role::Description)),
    (Space::Acdsee, "caption", Say(Role::Title)),
    (Space::Acdsee, "notes", Say(Role::Description)),
    (Space::Dc, "title", Say(Role::Title)),
    (Space::Photoshop, "Headline", Say(Role::Text)),
    (Space::Exif, "UserComment", Say(Role::Comment)),
    (Space::IptcCore, "AltTextAccessibility", Say(Role::Text)),
    (Space::IptcCore, "ExtDescrAccessibility", Say(Role::Text)),
    (Space::IptcExtension, "Event", Say(Role::Text)),
    (Space::IptcExtension, "EventName", Say(Role::Text)),
    (Space::IptcExtension, "OrganisationInImageName", Say(Role::Text)),
    (Space::IptcExtension, "ArtworkOrObject", Structure(structures::artworks)),
    (Space::MediaPro, "Event", Say(Role::Text)),
    (Space::Dc, "subject", Say(Role::Tags)),
    (Space::Lightroom, "hierarchicalSubject", Say(Role::Levels('|'))),
    (Space::DigiKam, "TagsList", Structure(structures::tags_of_digikam)),
    (Space::MicrosoftPhoto, "LastKeywordXMP", Say(Role::Levels('/'))),
    (Space::MicrosoftPhoto, "LastKeywordIPTC", Say(Role::Levels('/'))),
    (Space::MediaPro, "CatalogSets", Say(Role::Levels('|'))),
    (Space::Acdsee, "categories", Structure(structures::categories)),
    (Space::Acdsee, "keywords", Say(Role::Tags)),
    (Space::Keywords, "Keywords", Structure(structures::keyword_tree)),
    (Space::Photoshop, "SupplementalCategories", Say(Role::Tags)),
    (Space::Regions, "Regions", Structure(structures::regions)),
    (Space::AcdseeRegions, "Regions", Structure(structures::regions)),
    (Space::MicrosoftRegions, "RegionInfo", Structure(structures::microsoft_regions)),
    (Space::IptcExtension, "PersonInImage", Say(Role::Person)),
    (Space::IptcExtension, "PersonInImageWDetails", Structure(structures::persons)),
    (Space::IptcExtension, "ImageRegion", Structure(structures::iptc_regions)),
    (Space::MediaPro, "People", Say(Role::Person)),
    (Space::Getty, "Personality", Say(Role::Person)),
    (Space::Xmp, "Rating", Say(Role::Rating(Scale::Stars))),
    (Space::Acdsee, "rating", Say(Role::Rating(Scale::Stars))),
    (Space::MicrosoftPhoto, "Rating", Say(Role::Rating(Scale::Percent))),
    (Space::IptcCore, "Location", Say(Role::Location(Level::Sublocation))),
    (Space::Photoshop, "City", Say(Role::Location(Level::City))),
    (Space::Photoshop, "State", Say(Role::Location(Level::State))),
    (Space::Photoshop, "Country", Say(Role::Location(Level::Country))),
    (Space::IptcCore, "CountryCode", Say(Role::Location(Level::CountryCode))),
    (Space::IptcExtension, "LocationCreated", Structure(structures::places)),
    (Space::IptcExtension, "LocationShown", Structure(structures::places)),
    (Space::MediaPro, "Location", Say(Role::Location(Level::Venue))),
    (Space::Tiff, "Make", Say(Role::Make)),
    (Space::Tiff, "Model", Say(Role::Model)),
    (Space::Aux, "Lens", Say(Role::Lens)),
    (Space::ExifEx, "LensModel", Say(Role::Lens)),
];

/// Says all that a packet holds, up to the first error in its XML.
pub(super) fn say(packet: &[u8], said: &mut Said) {
    if packet.len() > LARGEST_XMP {
        return;
    }
    let roots = tree::read(&encoding::decode(packet));
    let known = values::properties(&roots).into_iter().filter_map(|(name, value)| {
        let row = |row: &(Space, &str, Reading)| name.is(row.0, row.1);
        Some((PROPERTIES.iter().position(row)?, value))
    });
    let mut known: Vec<_> = known.collect();
    known.sort_by_key(|(row, _)| *row);
    let mut position: [Option<&str>; 4] = [None; 4];
    for (row, value) in known {
        match PROPERTIES[row].2 {
            Say(role) => value.texts().iter().for_each(|text| said.say(role, text)),
            Structure(read) => read(value, said),
            Position(part) => {
                let slot = &mut position[part as usize];
                *slot = slot.or_else(|| value.texts().first().copied());
            }
        }
    }
    say_position(position, said);
}

/// Latitude, its hemisphere, longitude, its hemisphere.
fn say_position(parts: [Option<&str>; 4], said: &mut Said) {
    let angle = |number: Option<&str>, side: Option<&str>| {
        Angle::written(&format!("{} {}", number?, side.unwrap_or("")))
    };
    let [latitude, north, longitude, east] = parts;
    if let (Some(latitude), Some(longitude)) = (angle(latitude, north), angle(longitude, east)) {
        said.position(gps::place(&latitude, &longitude));
    }
}

#[cfg(test)]
mod tests;
