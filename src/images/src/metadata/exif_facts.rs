//! What the tags of an EXIF block say.

use seer_types::DateSource;

use super::directory::{Place, Tag};
use super::exif_block::ExifBlock;
use super::gps;
use super::said::{Role, Said, Scale};

/// XMP inside a TIFF file.
pub(super) const XMP: Tag = Tag(Place::Main, 700);
/// IPTC records inside a TIFF file.
pub(super) const IPTC: Tag = Tag(Place::Main, 33_723);
/// Photoshop image resources inside a TIFF file.
pub(super) const PHOTOSHOP: Tag = Tag(Place::Main, 34_377);

/// Date and time of the satellites.
const GPS_DATE: Tag = Tag(Place::Gps, 0x001d);
const GPS_TIME: Tag = Tag(Place::Gps, 0x0007);

const COLOUR_SPACE: Tag = Tag(Place::Camera, 0xa001);
const INTEROPERABILITY: Tag = Tag(Place::Interoperability, 0x0001);

/// How a tag is written.
#[derive(Clone, Copy)]
enum Form {
    Text,
    /// 16 bits a character.
    Wide,
    /// Behind the name of its encoding.
    Comment,
    Number,
}

/// What the camera knows best.
const CAMERA: &[(Tag, Form, Role)] = &[
    (Tag(Place::Main, 0x010f), Form::Text, Role::Make),
    (Tag(Place::Main, 0x0110), Form::Text, Role::Model),
    (Tag(Place::Camera, 0xa434), Form::Text, Role::Lens),
    (Tag(Place::Camera, 0x9003), Form::Text, Role::Date(DateSource::ExifOriginal)),
    (Tag(Place::Camera, 0x9004), Form::Text, Role::Date(DateSource::ExifDigitized)),
    (Tag(Place::Main, 0x0132), Form::Text, Role::Date(DateSource::ExifSaved)),
];

/// What people write, the more trusted first.
const WORDS: &[(Tag, Form, Role)] = &[
    (Tag(Place::Main, 0x010e), Form::Text, Role::OwnDescription),
    // DocumentName of scanners.
    (Tag(Place::Main, 0x010d), Form::Text, Role::Comment),
    // ImageTitle of EXIF 3.0.
    (Tag(Place::Camera, 0xa436), Form::Text, Role::Title),
    // What Windows shows as title, subject, comment and keywords.
    (Tag(Place::Main, 0x9c9b), Form::Wide, Role::Title),
    (Tag(Place::Main, 0x9c9f), Form::Wide, Role::Text),
    (Tag(Place::Main, 0x9c9c), Form::Wide, Role::Comment),
    (Tag(Place::Main, 0x9c9e), Form::Wide, Role::Tags),
    (Tag(Place::Camera, 0x9286), Form::Comment, Role::Comment),
    (Tag(Place::Main, 0x4746), Form::Number, Role::Rating(Scale::Stars)),
    (Tag(Place::Main, 0x4749), Form::Number, Role::Rating(Scale::Percent)),
];

/// Says what the camera knows: its names, dates, position and exposure.
pub(super) fn say_camera(exif: &ExifBlock, said: &mut Said) {
    say(exif, CAMERA, said);
    if let Some(date) = exif.text(GPS_DATE) {
        said.date(&format!("{date}{}", gps_time(exif).unwrap_or_default()), DateSource::Gps);
    }
    said.position(gps::position(exif));
    said.settings(exif.settings());
}

/// Says what people wrote.
pub(super) fn say_words(exif: &ExifBlock, said: &mut Said) {
    say(exif, WORDS, said);
}

/// Whether the colours are those of Adobe RGB: they are not sRGB's, and the file keeps the rules of DCF's
/// optional colour space ("R03"); or some programs' own number for it stands there.
pub(super) fn is_adobe_rgb(exif: &ExifBlock) -> bool {
    match exif.number(COLOUR_SPACE) {
        Some(2.0) => true,
        Some(65535.0) => exif.text(INTEROPERABILITY).as_deref() == Some("R03"),
        _ => false,
    }
}

fn say(exif: &ExifBlock, table: &[(Tag, Form, Role)], said: &mut Said) {
    for (tag, form, role) in table {
        let value = match form {
            Form::Text => exif.text(*tag),
            Form::Wide => exif.wide_text(*tag),
            Form::Comment => exif.comment(*tag),
            Form::Number => exif.number(*tag).map(|number| number.to_string()),
        };
        if let Some(value) = value {
            said.say(*role, &value);
        }
    }
}

/// " 16:20:05" of three numbers. The satellites know UTC alone.
fn gps_time(exif: &ExifBlock) -> Option<String> {
    let numbers = exif.numbers(GPS_TIME)?;
    let [hour, minute, second] = *numbers.first_chunk()?;
    Some(format!(" {:02}:{:02}:{:02}", hour.floor(), minute.floor(), second.floor()))
}

#[cfg(test)]
mod tests {
    use super::super::exif_block::tests::{Entry, ascii, block, rational, short};
    use super::*;
    use seer_types::PhotoFacts;

    /// A block whose camera names this colour space, and these rules in the directory for them.
    fn of_colours(space: u16, rules: &[u8; 4]) -> Vec<u8> {
        let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
            [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
        };
        let directory = |entries: &[Vec<u8>]| {
            [&(entries.len() as u16).to_be_bytes()[..], &entries.concat(), &[0; 4]].concat()
        };
        let camera_at = 8 + 18u32;
        let rules_at = camera_at + 30;
        let [high, low] = space.to_be_bytes();
        let camera =
            [entry(0xa001, 3, 1, [high, low, 0, 0]), entry(0xa005, 4, 1, rules_at.to_be_bytes())];
        let main = [entry(0x8769, 4, 1, camera_at.to_be_bytes())];
        let rules = [entry(1, 2, 4, *rules)];
        let parts = [directory(&main), directory(&camera), directory(&rules)];
        [&b"MM\0*\0\0\0\x08"[..], &parts.concat()].concat()
    }

    #[test]
    fn adobe_rgb_is_known_by_the_rules_that_a_file_keeps() {
        let is_adobe =
            |space, rules| is_adobe_rgb(&ExifBlock::parse(&of_colours(space, rules)).unwrap());
        assert!(is_adobe(0xffff, b"R03\0") && is_adobe(2, b"R98\0"));
        assert!(!is_adobe(0xffff, b"R98\0") && !is_adobe(1, b"R03\0"));
    }

    fn facts(main: &[Entry], camera: &[Entry], gps: &[Entry]) -> PhotoFacts {
        let block = block(main, camera, gps);
        let mut said = Said::default();
        let exif = ExifBlock::parse(&block).unwrap();
        say_camera(&exif, &mut said);
        say_words(&exif, &mut said);
        said.into_facts()
    }

    #[test]
    fn the_date_of_taking_goes_before_the_others() {
        let main = [ascii(0x0132, "2020:01:01 00:00:00")];
        let both = [ascii(0x9003, "2018:05:06 07:08:09"), ascii(0x9004, "2019:01:01 00:00:00")];
        let gps = [ascii(0x1d, "2019:02:03"), rational(7, &[(4, 1), (5, 1), (69, 10)])];
        let taken = |camera: &[Entry], gps: &[Entry]| {
            facts(&main, camera, gps).taken.map(|t| (t.to_string(), t.source)).unwrap()
        };
        let of = |text: &str, source| (text.to_owned(), source);
        assert_eq!(taken(&both, &gps), of("2018-05-06T07:08:09", DateSource::ExifOriginal));
        assert_eq!(taken(&both[1..], &gps), of("2019-01-01T00:00:00", DateSource::ExifDigitized));
        assert_eq!(taken(&[], &gps), of("2019-02-03T04:05:06", DateSource::Gps));
        assert_eq!(taken(&[], &gps[..1]), of("2019-02-03", DateSource::Gps));
        assert_eq!(taken(&[], &[]), of("2020-01-01T00:00:00", DateSource::ExifSaved));
        let blank = [ascii(0x9003, "0000:00:00 00:00:00")];
        assert_eq!(taken(&blank, &[]), of("2020-01-01T00:00:00", DateSource::ExifSaved));
    }

    #[test]
    fn words_and_stars_of_windows() {
        let wide = |tag, text: &str| -> Entry {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            (tag, 1, bytes.len() as u32, bytes)
        };
        let main = [
            wide(0x9c9b, "Grandma"),
            wide(0x9c9c, "in the garden"),
            wide(0x9c9e, "lighthouse;Küste"),
            short(0x4746, 4),
        ];
        let found = facts(&main, &[], &[]);
        assert_eq!(found.caption.as_deref(), Some("Grandma"));
        assert_eq!(found.descriptions, ["in the garden"]);
        assert_eq!(found.tags, ["lighthouse", "Küste"]);
        assert_eq!(found.rating, Some(4));
    }
}
