//! XMP that does not fit into one segment of a JPEG file (XMP part 3, 1.1.3.1): the main packet
//! names the rest, which is cut into parts.

use super::bounds::LARGEST_XMP;

/// What a segment with a part begins with.
pub(crate) const NAMESPACE: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";

/// Bytes of the name of the whole.
const NAME: usize = 32;

/// A part of an extended packet.
#[derive(Clone, Copy, Debug)]
struct Part<'a> {
    name: &'a [u8],
    offset: usize,
    data: &'a [u8],
}

/// All parts of a file.
#[derive(Default, Debug)]
pub(crate) struct Parts<'a>(Vec<Part<'a>>);

impl<'a> Parts<'a> {
    /// Keeps a segment's content behind the namespace: name, length of the whole, where the part
    /// begins, and its bytes.
    pub(crate) fn add(&mut self, segment: &'a [u8]) {
        let part = || {
            let (name, rest) = segment.split_at_checked(NAME)?;
            let ([_, _, _, _, offset @ ..], data) = rest.split_first_chunk::<8>()?;
            Some(Part { name, offset: u32::from_be_bytes(*offset) as usize, data })
        };
        self.0.extend(part());
    }

    /// The packet that the main one names, as far as its parts follow each other; `None` where it
    /// names none.
    pub(crate) fn joined(mut self, main: Option<&[u8]>) -> Option<Vec<u8>> {
        let wanted = name_in(main?)?;
        self.0.retain(|part| part.name.eq_ignore_ascii_case(&wanted));
        self.0.sort_by_key(|part| part.offset);
        let mut whole = Vec::new();
        for part in &self.0 {
            let is_next = part.offset == whole.len();
            if is_next && whole.len() + part.data.len() <= LARGEST_XMP {
                whole.extend(part.data);
            }
        }
        (!whole.is_empty()).then_some(whole)
    }
}

/// The name that stands behind the property in a packet of any encoding.
fn name_in(packet: &[u8]) -> Option<Vec<u8>> {
    // Characters of other widths are these bytes with zeros between them.
    let bare: Vec<u8> = packet.iter().copied().filter(|byte| *byte != 0).collect();
    let property = b"HasExtendedXMP";
    let at = bare.windows(property.len()).position(|window| window == property)?;
    let rest = &bare[at + property.len()..];
    let start = rest.iter().position(u8::is_ascii_alphanumeric)?;
    rest.get(start..start + NAME).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &[u8], offset: u32, data: &[u8]) -> Vec<u8> {
        [name, &9u32.to_be_bytes(), &offset.to_be_bytes(), data].concat()
    }

    #[test]
    fn parts_of_the_packet_that_is_named_are_joined_in_order() {
        let (name, other) = ([b'A'; NAME], [b'B'; NAME]);
        let segments = [part(&name, 4, b"efghi"), part(&other, 0, b"x"), part(&name, 0, b"abcd")];
        let parts = || {
            let mut parts = Parts::default();
            segments.iter().for_each(|segment| parts.add(segment));
            parts.add(b"short");
            parts
        };
        let main = [b"<x n:HasExtendedXMP=\"", &name[..], b"\"/>"].concat();
        assert_eq!(parts().joined(Some(&main)).as_deref(), Some(&b"abcdefghi"[..]));
        let wide: Vec<u8> = main.iter().flat_map(|byte| [*byte, 0]).collect();
        assert!(parts().joined(Some(&wide)).is_some());
        assert!(parts().joined(Some(b"<x/>")).is_none());
        assert!(parts().joined(None).is_none());
    }

    #[test]
    fn what_follows_a_missing_part_is_left_out() {
        let name = [b'A'; NAME];
        let segments = [part(&name, 0, b"ab"), part(&name, 5, b"cd")];
        let mut parts = Parts::default();
        segments.iter().for_each(|segment| parts.add(segment));
        assert_eq!(
            parts.joined(Some(&[b"HasExtendedXMP>", &name[..]].concat())).as_deref(),
            Some(&b"ab"[..])
        );
    }
}
