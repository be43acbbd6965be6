//! XMP: titles, descriptions, keywords, and what EXIF sometimes lacks.
//!
//! Reads the customary prefixes (`dc:`, `exif:`, …), which all writers use; a packet that binds
//! others is read as if it were empty. Format: ISO 16684-1, a subset of RDF in XML.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use seer_types::LocalTime;

use super::bounds::{LARGEST_XMP, MOST_KEYWORDS};
use super::{date, text};
use crate::{ImageError, guard};

/// The properties we use.
#[derive(Default, Debug, PartialEq)]
pub(super) struct Xmp {
    /// `dc:subject`.
    pub(super) subjects: Vec<String>,
    /// `dc:title`, the first language.
    pub(super) title: Option<String>,
    /// `dc:description`, the first language.
    pub(super) description: Option<String>,
    /// `exif:DateTimeOriginal`, `photoshop:DateCreated` or `xmp:CreateDate`, the first found.
    pub(super) taken: Option<LocalTime>,
    /// `aux:Lens` or `exifEX:LensModel`.
    pub(super) lens: Option<String>,
}

impl Xmp {
    /// Keeps a property's value; unknown properties are passed over.
    fn keep(&mut self, property: &str, value: &str) {
        let Some(value) = text::clean(value) else { return };
        let first = |slot: &mut Option<String>| {
            slot.get_or_insert(value.clone());
        };
        match property {
            "dc:subject" if self.subjects.len() < MOST_KEYWORDS => self.subjects.push(value),
            "dc:title" => first(&mut self.title),
            "dc:description" => first(&mut self.description),
            "aux:Lens" | "exifEX:LensModel" => first(&mut self.lens),
            "exif:DateTimeOriginal" | "photoshop:DateCreated" | "xmp:CreateDate" => {
                self.taken = self.taken.or_else(|| date::parse(&value));
            }
            _ => {}
        }
    }
}

/// The properties that are read.
const PROPERTIES: &[&str] = &[
    "dc:subject",
    "dc:title",
    "dc:description",
    "aux:Lens",
    "exifEX:LensModel",
    "exif:DateTimeOriginal",
    "photoshop:DateCreated",
    "xmp:CreateDate",
];

/// Reads a packet up to the first error in its XML.
pub(super) fn read(packet: &[u8]) -> Xmp {
    let mut found = Xmp::default();
    if packet.len() > LARGEST_XMP {
        return found;
    }
    let packet = String::from_utf8_lossy(packet);
    let mut reader = Reader::from_str(packet.trim_matches(['\0', '\u{feff}']));
    reader.config_mut().check_end_names = false;
    // The property we are inside of, and the text of the current item.
    let mut property: Option<&'static str> = None;
    let mut value = String::new();
    while let Some(event) = next(&mut reader) {
        match event {
            Event::Start(element) => {
                keep_attributes(&mut found, &element);
                let name = element.name();
                let known = PROPERTIES.iter().find(|p| **p == name.as_ref());
                property = known.copied().or(property);
                value.clear();
            }
            Event::Empty(element) => keep_attributes(&mut found, &element),
            Event::Text(text) => value.push_str(text.as_ref()),
            Event::CData(text) => value.push_str(text.as_ref()),
            Event::GeneralRef(reference) => value.extend(character(&reference)),
            Event::End(element) => {
                if let Some(property) = property {
                    found.keep(property, &value);
                }
                if property == Some(element.name().as_ref()) {
                    property = None;
                }
                value.clear();
            }
            _ => {}
        }
    }
    found
}

/// The next event; `None` at the end, and where the XML is broken.
fn next<'a>(reader: &mut Reader<&'a [u8]>) -> Option<Event<'a>> {
    let broken = |error: quick_xml::Error| ImageError::damaged("xmp", &error.to_string());
    let event = guard::foreign("xmp", || reader.read_event().map_err(broken)).ok()?;
    (!matches!(event, Event::Eof)).then_some(event)
}

/// RDF lets simple properties stand as attributes of their description.
fn keep_attributes(found: &mut Xmp, element: &BytesStart) {
    let all = guard::foreign("xmp", || {
        let mut attributes = element.attributes();
        let pairs = attributes.with_checks(false).flatten().filter_map(|attribute| {
            let value = quick_xml::escape::unescape(&attribute.value).ok()?.into_owned();
            Some((attribute.key.as_ref().to_owned(), value))
        });
        Ok(pairs.collect::<Vec<_>>())
    });
    for (property, value) in all.unwrap_or_default() {
        found.keep(&property, &value);
    }
}

/// What `&amp;` or `&#233;` stands for.
fn character(reference: &quick_xml::events::BytesRef) -> Option<char> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Some(character);
    }
    match reference.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKET: &str = r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>
 <rdf:Description rdf:about="" aux:Lens="EF50mm f/1.8 &amp; hood" xmp:CreateDate="2011-02-03T04:05:06+01:00">
  <dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>K&#252;ste &amp; Meer</rdf:li></rdf:Bag></dc:subject>
  <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Dusk</rdf:li><rdf:li xml:lang="fr">Soir</rdf:li></rdf:Alt></dc:title>
  <dc:description>
    <rdf:Alt><rdf:li xml:lang="x-default">Waves
    at dusk</rdf:li></rdf:Alt>
  </dc:description>
  <dc:creator><rdf:Seq><rdf:li>Ann</rdf:li></rdf:Seq></dc:creator>
 </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"#;

    #[test]
    fn lists_languages_attributes_and_references() {
        let found = read(PACKET.as_bytes());
        assert_eq!(found.subjects, ["sea", "Küste & Meer"]);
        assert_eq!(found.title.as_deref(), Some("Dusk"));
        assert_eq!(found.description.as_deref(), Some("Waves at dusk"));
        assert_eq!(found.lens.as_deref(), Some("EF50mm f/1.8 & hood"));
        assert_eq!(found.taken.unwrap().to_string(), "2011-02-03T04:05:06");
    }

    #[test]
    fn a_cut_packet_gives_what_is_left() {
        for length in 0..PACKET.len() {
            let found = read(&PACKET.as_bytes()[..length]);
            assert!(found.subjects.len() <= 2);
        }
        let half = PACKET.find("<dc:title>").unwrap();
        assert_eq!(read(&PACKET.as_bytes()[..half]).subjects.len(), 2);
    }
}
