//! Photoshop's image resources: records of other formats one after the other (Photoshop file
//! formats, "Image resource blocks").

/// The resource with IPTC records.
const IPTC: u16 = 0x0404;
/// The resource with an EXIF block.
const EXIF: u16 = 0x0422;
/// The resource with an XMP packet.
const XMP: u16 = 0x0424;

/// How a resource begins; the rarer ones are those of other programs.
const SIGNATURES: [&[u8; 4]; 5] = [b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR"];

/// The resources that we use, by kind in the order of the file.
#[derive(Default, Debug)]
pub(super) struct Resources<'a> {
    pub(super) iptc: Vec<&'a [u8]>,
    pub(super) exif: Vec<&'a [u8]>,
    pub(super) xmp: Vec<&'a [u8]>,
}

/// Reads the resources. Before the first one, and between two of them, the header of a JPEG segment
/// and other bytes may stand.
pub(super) fn read(bytes: &[u8]) -> Resources<'_> {
    let mut found = Resources::default();
    let mut rest = bytes;
    while let Some(start) = next_signature(rest) {
        match resource(&rest[start..]) {
            Some((id, data, after)) => {
                match id {
                    IPTC => found.iptc.push(data),
                    EXIF => found.exif.push(data),
                    XMP => found.xmp.push(data),
                    _ => {}
                }
                rest = after;
            }
            None => rest = &rest[start + 4..],
        }
    }
    found
}

fn next_signature(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| SIGNATURES.iter().any(|signature| window == *signature))
}

/// Signature, id, name (length byte, padded to even), size, data (padded to even).
fn resource(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let rest = bytes.get(4..)?;
    let id = u16::from_be_bytes(*rest.first_chunk()?);
    let name_length = usize::from(*rest.get(2)?);
    let rest = rest.get(2 + (name_length + 2) / 2 * 2..)?;
    let size = u32::from_be_bytes(*rest.first_chunk()?) as usize;
    let data = rest.get(4..)?.get(..size)?;
    let after = rest.get(4 + size + size % 2..).unwrap_or(&[]);
    Some((id, data, after))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn record(id: u16, name: &[u8], data: &[u8]) -> Vec<u8> {
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

    #[test]
    fn resources_are_found_behind_others_and_behind_bytes_that_are_none() {
        let bytes = [
            b"Photoshop 3.0\0".to_vec(),
            record(0x03ed, b"abc", &[1, 2, 3]),
            record(IPTC, b"", b"one"),
            b"\0\0\0".to_vec(),
            record(IPTC, b"x", b"two"),
            record(XMP, b"", b"<x/>"),
        ]
        .concat();
        let found = read(&bytes);
        assert_eq!(found.iptc, [b"one", b"two"]);
        assert_eq!(found.xmp, [b"<x/>"]);
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length]).iptc.len() <= 2);
        }
    }
}
