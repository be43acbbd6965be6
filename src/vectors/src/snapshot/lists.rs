//! The file of inverted lists: their lengths, then each list's columns, ready to be mapped.

use std::io::{self, Write};
use std::sync::Arc;

use memmap2::Mmap;

use crate::ivf::List;
use crate::kernel::LANES;
use crate::part::Part;

/// Every list begins at a multiple of this, a cache line.
const ALIGNMENT: usize = 64;

/// Writes the lists, in the form that [`read`] maps.
pub(super) fn write(lists: &[List], out: &mut dyn Write) -> io::Result<()> {
    let lengths: Vec<u32> = lists.iter().map(|list| list.len() as u32).collect();
    out.write_all(bytemuck::cast_slice(&lengths))?;
    pad(4 * lengths.len(), out)?;
    for list in lists {
        let columns: [&[u8]; 5] = [
            bytemuck::cast_slice(list.signs()),
            list.codes(),
            bytemuck::cast_slice(list.factors()),
            bytemuck::cast_slice(list.slots()),
            bytemuck::cast_slice(list.scales()),
        ];
        for column in columns {
            out.write_all(column)?;
        }
        pad(columns.iter().map(|column| column.len()).sum(), out)?;
    }
    Ok(())
}

/// Zeros up to the next multiple of [`ALIGNMENT`].
fn pad(written: usize, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&[0; ALIGNMENT][..written.next_multiple_of(ALIGNMENT) - written])
}

/// Maps `count` lists of vectors of `width` numbers; what is wrong with the file otherwise.
///
/// Numbers are checked; that every vector is in one list is the caller's to check.
pub(super) fn read(map: &Arc<Mmap>, count: usize, width: usize) -> Result<Vec<List>, &'static str> {
    const SHORT: &str = "it ends too early";
    let lengths = Part::<u32>::mapped(map, 0, count).ok_or(SHORT)?;
    let mut columns = Columns { map, at: (4 * count).next_multiple_of(ALIGNMENT) };
    let mut lists = Vec::with_capacity(count);
    for length in lengths.values().iter().map(|length| *length as usize) {
        let list = columns.list(length, width).ok_or(SHORT)?;
        let sound = |numbers: &[f32]| numbers.iter().all(|x| x.is_finite() && *x >= 0.0);
        let (factors, rest) = list.factors().split_at(length);
        if !sound(factors) || !sound(list.scales()) || !rest.iter().all(|x| x.is_nan()) {
            return Err("a scale or factor is none");
        }
        lists.push(list);
    }
    if columns.at == map.len() { Ok(lists) } else { Err("there are bytes after its end") }
}

/// Columns one after the other.
struct Columns<'a> {
    map: &'a Arc<Mmap>,
    at: usize,
}

impl Columns<'_> {
    fn list(&mut self, length: usize, width: usize) -> Option<List> {
        let padded = length.checked_next_multiple_of(LANES)?;
        let list = List {
            signs: self.next(padded.checked_mul(width / 64)?)?,
            codes: self.next(length.checked_mul(width)?)?,
            factors: self.next(padded)?,
            slots: self.next(length)?,
            scales: self.next(length)?,
        };
        self.at = self.at.checked_next_multiple_of(ALIGNMENT)?;
        Some(list)
    }

    fn next<T: bytemuck::Pod>(&mut self, count: usize) -> Option<Part<T>> {
        let part = Part::mapped(self.map, self.at, count)?;
        self.at += count * size_of::<T>();
        Some(part)
    }
}
