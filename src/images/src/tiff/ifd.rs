//! The directories of a TIFF structure (TIFF 6.0, section 2; BigTIFF has wider numbers), as pictures
//! are read from: in any number, by position. Nothing is copied.

/// Entries looked at in one directory.
const MOST_ENTRIES: usize = 1000;

/// How numbers and positions are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Order {
    pub(crate) is_little: bool,
    /// Whether positions and counts have 64 bits.
    is_big: bool,
}

/// The bytes of a file, from which positions count.
#[derive(Clone, Copy)]
pub(crate) struct Structure<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) order: Order,
    /// Where the first directory lies.
    pub(crate) first: usize,
}

/// One entry: its tag, the type of its values, and their bytes as far as the file has them.
#[derive(Clone, Copy, Debug)]
struct Entry<'a> {
    tag: u16,
    kind: u16,
    bytes: &'a [u8],
}

/// The entries of a directory, and where the next one lies (0: there is none).
pub(crate) struct Directory<'a> {
    order: Order,
    entries: Vec<Entry<'a>>,
    pub(crate) next: usize,
}

impl<'a> Structure<'a> {
    /// `None` for what does not begin as TIFF, or as the raw files that are TIFF under another mark.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (is_little, is_big) = match bytes.first_chunk()? {
            b"II*\0" | b"IIU\0" | b"IIRO" | b"IIRS" => (true, false),
            b"MM\0*" | b"MMOR" | b"MMSR" => (false, false),
            b"II+\0" => (true, true),
            b"MM\0+" => (false, true),
            _ => return None,
        };
        let order = Order { is_little, is_big };
        let first = order.position(bytes.get(if is_big { 8 } else { 4 }..)?)?;
        Some(Self { bytes, order, first })
    }

    /// The directory at a position. `None` where there is none.
    pub(crate) fn directory(&self, at: usize) -> Option<Directory<'a>> {
        let (head, size) = if self.order.is_big { (8, 20) } else { (2, 12) };
        let rest = self.bytes.get(at..)?;
        let count = match self.order.is_big {
            true => usize::try_from(self.order.u64(*rest.first_chunk()?)).ok()?,
            false => usize::from(self.order.u16(*rest.first_chunk()?)),
        };
        let rest = rest.get(head..)?;
        let fields = rest.chunks_exact(size).take(count.min(MOST_ENTRIES));
        let entries = fields.filter_map(|field| self.entry(field)).collect();
        let next = count.checked_mul(size).and_then(|end| rest.get(end..));
        let next = next.and_then(|next| self.order.position(next)).unwrap_or(0);
        Some(Directory { order: self.order, entries, next })
    }

    /// Tag, type, count, and the values themselves or where they lie.
    fn entry(&self, field: &'a [u8]) -> Option<Entry<'a>> {
        let tag = self.order.u16(*field.first_chunk()?);
        let kind = self.order.u16(*field[2..].first_chunk()?);
        let length = self.order.position(&field[4..])?.checked_mul(size_of(kind)?)?;
        let value = &field[if self.order.is_big { 12 } else { 8 }..];
        let bytes = match value.get(..length) {
            Some(inside) => inside,
            None => {
                let there = self.bytes.get(self.order.position(value)?..)?;
                &there[..length.min(there.len())]
            }
        };
        Some(Entry { tag, kind, bytes })
    }
}

/// Bytes of a value of a type.
fn size_of(kind: u16) -> Option<usize> {
    Some(match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => return None,
    })
}

impl Order {
    pub(crate) fn u16(self, bytes: [u8; 2]) -> u16 {
        if self.is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) }
    }

    pub(crate) fn u32(self, bytes: [u8; 4]) -> u32 {
        if self.is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
    }

    pub(crate) fn u64(self, bytes: [u8; 8]) -> u64 {
        if self.is_little { u64::from_le_bytes(bytes) } else { u64::from_be_bytes(bytes) }
    }

    /// A position or a count.
    fn position(self, bytes: &[u8]) -> Option<usize> {
        match self.is_big {
            true => usize::try_from(self.u64(*bytes.first_chunk()?)).ok(),
            false => usize::try_from(self.u32(*bytes.first_chunk()?)).ok(),
        }
    }
}

impl<'a> Directory<'a> {
    fn find(&self, tag: u16) -> Option<Entry<'a>> {
        self.entries.iter().find(|entry| entry.tag == tag).copied()
    }

    pub(crate) fn has(&self, tag: u16) -> bool {
        self.find(tag).is_some()
    }

    /// The bytes of a tag's values, whatever their type.
    pub(crate) fn bytes(&self, tag: u16) -> Option<&'a [u8]> {
        self.find(tag).map(|entry| entry.bytes)
    }

    /// The first value of a tag of whole numbers.
    pub(crate) fn number(&self, tag: u16) -> Option<u64> {
        self.numbers(tag, 1).first().copied()
    }

    /// At most `most` values of a tag of whole numbers.
    pub(crate) fn numbers(&self, tag: u16, most: usize) -> Vec<u64> {
        let Some(Entry { kind, bytes, .. }) = self.find(tag) else { return Vec::new() };
        let order = self.order;
        match kind {
            1 | 6 | 7 => bytes.iter().take(most).map(|byte| u64::from(*byte)).collect(),
            3 | 8 => {
                let values = bytes.as_chunks().0.iter().take(most);
                values.map(|value| u64::from(order.u16(*value))).collect()
            }
            4 | 9 | 13 => {
                let values = bytes.as_chunks().0.iter().take(most);
                values.map(|value| u64::from(order.u32(*value))).collect()
            }
            16..=18 => {
                let values = bytes.as_chunks().0.iter().take(most);
                values.map(|value| order.u64(*value)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// How many values a tag of whole numbers has.
    pub(crate) fn count(&self, tag: u16) -> usize {
        self.find(tag).map_or(0, |entry| entry.bytes.len() / size_of(entry.kind).unwrap_or(1))
    }

    /// `N` fractions; `None` where a value is missing or no number.
    pub(crate) fn fractions<const N: usize>(&self, tag: u16) -> Option<[f64; N]> {
        let entry = self.find(tag).filter(|entry| entry.kind == 5)?;
        let values = entry.bytes.as_chunks::<8>().0;
        let mut all = [0.0; N];
        for (value, [a, b, c, d, e, f, g, h]) in all.iter_mut().zip(values.get(..N)?) {
            let above = f64::from(self.order.u32([*a, *b, *c, *d]));
            *value = above / f64::from(self.order.u32([*e, *f, *g, *h]));
        }
        all.iter().all(|value| value.is_finite()).then_some(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(tag: u16, count: u32, value: u32) -> Vec<u8> {
        [&tag.to_le_bytes()[..], &[4, 0], &count.to_le_bytes(), &value.to_le_bytes()].concat()
    }

    #[test]
    fn values_are_read_as_far_as_the_file_has_them() {
        let mut bytes = b"II*\0\x08\0\0\0\x02\0".to_vec();
        bytes.extend([long(273, 3, 38), long(256, 1, 7), vec![9, 0, 0, 0]].concat());
        bytes.extend([1u32, 2].map(u32::to_le_bytes).concat());
        let structure = Structure::parse(&bytes).unwrap();
        let directory = structure.directory(structure.first).unwrap();
        assert_eq!(directory.number(256), Some(7));
        assert_eq!(directory.numbers(273, 9), [1, 2]);
        assert_eq!((directory.count(273), directory.next), (2, 9));
        for length in 0..bytes.len() {
            if let Some(cut) = Structure::parse(&bytes[..length]) {
                cut.directory(cut.first);
            }
        }
    }

    #[test]
    fn a_count_beyond_all_bounds_reads_what_is_there() {
        let bytes = [&b"MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10"[..], &[0xff; 60]].concat();
        let structure = Structure::parse(&bytes).unwrap();
        assert!(structure.directory(structure.first).is_some_and(|all| all.entries.is_empty()));
    }
}
