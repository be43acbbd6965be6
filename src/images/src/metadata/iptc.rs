//! IPTC-IIM records: keywords and captions that press tools and older programs write.
//!
//! Format: IPTC-NAA Information Interchange Model 4.2, chapter 3 (record 2 is "application");
//! Photoshop wraps it in an image resource with id 0x0404.

use super::bounds::MOST_KEYWORDS;
use super::text;

/// The records we use.
#[derive(Default, Debug, PartialEq)]
pub(super) struct Iptc {
    /// 2:25, repeated.
    pub(super) keywords: Vec<String>,
    /// 2:120.
    pub(super) caption: Option<String>,
    /// 2:105 headline, else 2:5 object name.
    pub(super) title: Option<String>,
}

/// Finds the IPTC resource among Photoshop's and reads it. The "Photoshop 3.0" header of a
/// JPEG segment may be there or not.
pub(super) fn read_resources(resources: &[u8]) -> Iptc {
    let mut rest = resources.strip_prefix(b"Photoshop 3.0\0").unwrap_or(resources);
    while let Some((id, data, after)) = next_resource(rest) {
        if id == 0x0404 {
            return read(data);
        }
        rest = after;
    }
    Iptc::default()
}

/// "8BIM", id, name (length byte, padded to even), size, data (padded to even).
fn next_resource(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let rest = bytes.strip_prefix(b"8BIM")?;
    let id = u16::from_be_bytes(*rest.first_chunk()?);
    let name_length = usize::from(*rest.get(2)?);
    let rest = rest.get(2 + (name_length + 2) / 2 * 2..)?;
    let size = u32::from_be_bytes(*rest.first_chunk()?) as usize;
    let data = rest.get(4..)?.get(..size)?;
    let after = rest.get(4 + size + size % 2..).unwrap_or(&[]);
    Some((id, data, after))
}

/// Reads records up to the first one that makes no sense.
pub(super) fn read(mut records: &[u8]) -> Iptc {
    let mut found = Iptc::default();
    let mut object_name = None;
    while let Some((record, after)) = next_record(records) {
        let text = || text::from_bytes(record.data);
        match (record.number, record.set) {
            (2, 5) => object_name = object_name.or_else(text),
            (2, 25) if found.keywords.len() < MOST_KEYWORDS => found.keywords.extend(text()),
            (2, 105) => found.title = found.title.or_else(text),
            (2, 120) => found.caption = found.caption.or_else(text),
            _ => {}
        }
        records = after;
    }
    found.title = found.title.or(object_name);
    found
}

/// One data set of a record.
struct Record<'a> {
    number: u8,
    set: u8,
    data: &'a [u8],
}

/// 0x1C, record, data set, 16-bit length. Lengths above 32 KiB do not occur in these records.
fn next_record(bytes: &[u8]) -> Option<(Record<'_>, &[u8])> {
    let [0x1c, number, set, high, low] = *bytes.first_chunk()? else { return None };
    let length = usize::from(u16::from_be_bytes([high, low]));
    let data = bytes.get(5..5 + length)?;
    Some((Record { number, set, data }, &bytes[5 + length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(set: u8, data: &[u8]) -> Vec<u8> {
        [&[0x1c, 2, set], &(data.len() as u16).to_be_bytes()[..], data].concat()
    }

    fn resource(id: u16, name: &[u8], data: &[u8]) -> Vec<u8> {
        let mut out = [b"8BIM", &id.to_be_bytes()[..], &[name.len() as u8], name].concat();
        if name.len().is_multiple_of(2) {
            out.push(0);
        }
        out.extend((data.len() as u32).to_be_bytes());
        out.extend(data);
        if data.len() % 2 == 1 {
            out.push(0);
        }
        out
    }

    fn sample() -> Vec<u8> {
        [
            record(0, &[0, 4]),
            record(5, b"DSC_1"),
            record(25, b"sea"),
            record(25, "Küste".as_bytes()),
            record(25, b"K\xfcste 2"),
            record(120, b"Waves\r\nat dusk"),
        ]
        .concat()
    }

    #[test]
    fn keywords_and_caption_are_found_behind_other_resources() {
        let bytes = [
            b"Photoshop 3.0\0".to_vec(),
            resource(0x03ed, b"abc", &[1, 2, 3]),
            resource(0x0404, b"", &sample()),
        ]
        .concat();
        let found = read_resources(&bytes);
        assert_eq!(found.keywords, ["sea", "Küste", "Küste 2"]);
        assert_eq!(found.caption.as_deref(), Some("Waves at dusk"));
        assert_eq!(found.title.as_deref(), Some("DSC_1"));
    }

    #[test]
    fn a_cut_block_gives_what_is_left() {
        let bytes = resource(0x0404, b"", &sample());
        for length in 0..bytes.len() {
            read_resources(&bytes[..length]);
            read(&sample()[..length.min(sample().len())]);
        }
        assert_eq!(read(&sample()[..30]).keywords, ["sea"]);
    }
}
