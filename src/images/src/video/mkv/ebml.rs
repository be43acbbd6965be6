//! Elements of EBML (RFC 8794). Nothing is copied.

/// The head of an element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Head {
    pub(super) id: u32,
    /// Bytes of the head itself.
    pub(super) head: u64,
    /// Bytes of the content; `None`: until something begins that cannot be in it.
    pub(super) length: Option<u64>,
}

impl Head {
    /// The longest one.
    pub(super) const MOST: u64 = 12;

    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (id, id_width) = number(bytes, true)?;
        let (length, width) = number(bytes.get(id_width..)?, false)?;
        let is_unknown = length == (1 << (7 * width)) - 1;
        let length = (!is_unknown).then_some(length);
        Some(Self { id: u32::try_from(id).ok()?, head: (id_width + width) as u64, length })
    }
}

/// A number whose first byte tells how many bytes it has, with or without that mark; and that.
pub(super) fn number(bytes: &[u8], with_mark: bool) -> Option<(u64, usize)> {
    let width = bytes.first()?.leading_zeros() as usize + 1;
    let number = whole(bytes.get(..width).filter(|_| width <= 8)?);
    Some((if with_mark { number } else { number & !(1 << (7 * width)) }, width))
}

/// The bytes as one number; the last eight of more.
pub(super) fn whole(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// A number with a point, of four or eight bytes.
pub(super) fn real(bytes: &[u8]) -> Option<f64> {
    match bytes.len() {
        4 => Some(f32::from_bits(whole(bytes) as u32).into()),
        8 => Some(f64::from_bits(whole(bytes))),
        _ => None,
    }
}

/// One element after the other: its id and its content. The last one may be cut off.
#[derive(Clone, Copy)]
pub(super) struct Elements<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Elements<'a> {
    type Item = (u32, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let head = Head::read(self.0)?;
        let rest = self.0.get(head.head as usize..)?;
        let length = head.length.unwrap_or(u64::MAX).min(rest.len() as u64);
        let (body, rest) = rest.split_at(length as usize);
        self.0 = rest;
        Some((head.id, body))
    }
}

/// The content of the first element of this id.
pub(super) fn child(body: &[u8], id: u32) -> Option<&[u8]> {
    Elements(body).find(|(found, _)| *found == id).map(|(_, body)| body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_widths() {
        assert_eq!(number(&[0x81], false), Some((1, 1)));
        assert_eq!(number(&[0x40, 0x02], false), Some((2, 2)));
        assert_eq!(number(&[0x01, 0, 0, 0, 0, 0, 1, 0], false), Some((256, 8)));
        assert_eq!(number(&[0x00, 0xff], false), None);
        assert_eq!(number(&[0x40], false), None);
        assert_eq!(number(&[0x1a, 0x45, 0xdf, 0xa3], true), Some((0x1a45_dfa3, 4)));
    }

    #[test]
    fn elements_follow_each_other_and_may_be_cut() {
        let bytes = [0xec, 0x82, b'a', b'b', 0xd7, 0x81, 7, 0xae, 0xff, 1, 2];
        let all: Vec<_> = Elements(&bytes).collect();
        assert_eq!(all, [(0xec, &b"ab"[..]), (0xd7, &[7][..]), (0xae, &[1, 2][..])]);
        for length in 0..bytes.len() {
            Elements(&bytes[..length]).count();
        }
        assert_eq!(Head::read(&[0xae, 0xff]).unwrap().length, None);
        assert_eq!(real(&1.5f32.to_be_bytes()), Some(1.5));
    }
}
