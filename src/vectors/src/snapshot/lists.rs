//! The file of inverted lists: their lengths, then what is read of every list when the file is
//! opened (factors, slots, scales), then the rest (signs, codes), ready to be mapped.

use std::io::{self, Write};
use std::sync::Arc;

use crate::checked::Checked;
use crate::ivf::List;
use crate::kernel::LANES;
use crate::part::Part;

/// Every list's signs and codes begin at a multiple of this, a cache line.
const ALIGNMENT: usize = 64;

/// Writes the lists, in the form that [`read`] maps.
pub(super) fn write(lists: &[List], out: &mut dyn Write) -> io::Result<()> {
    let lengths: Vec<u32> = lists.iter().map(|list| list.len() as u32).collect();
    out.write_all(bytemuck::cast_slice(&lengths))?;
    pad(4 * lengths.len(), out)?;
    let mut written = 0;
    for list in lists {
        for column in [list.factors(), list.scales()].map(bytemuck::cast_slice) {
            out.write_all(column)?;
            written += column.len();
        }
        out.write_all(bytemuck::cast_slice(list.slots()))?;
        written += 4 * list.len();
    }
    pad(written, out)?;
    // Both are whole cache lines.
    for list in lists {
        out.write_all(bytemuck::cast_slice(list.signs()))?;
        out.write_all(list.codes())?;
    }
    Ok(())
}

/// Zeros up to the next multiple of [`ALIGNMENT`].
fn pad(written: usize, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&[0; ALIGNMENT][..written.next_multiple_of(ALIGNMENT) - written])
}

/// Maps `count` lists of vectors of `width` numbers; what is wrong with the file otherwise.
///
/// Numbers are checked; that every vector is in one list is the caller's to check. Signs and
/// codes are not looked at.
pub(super) fn read(
    map: &Arc<Checked>,
    count: usize,
    width: usize,
) -> Result<Vec<List>, &'static str> {
    const SHORT: &str = "it ends too early";
    let lengths = Part::<u32>::mapped(map, 0, count).ok_or(SHORT)?;
    let mut columns = Columns { map, at: (4 * count).next_multiple_of(ALIGNMENT) };
    let mut lists = Vec::with_capacity(count);
    for length in lengths.values().iter().map(|length| *length as usize) {
        let list = columns.numbers_of(length).ok_or(SHORT)?;
        let sound = |numbers: &[f32]| numbers.iter().all(|x| x.is_finite() && *x >= 0.0);
        let (factors, rest) = list.factors().split_at(length);
        if !sound(factors) || !sound(list.scales()) || !rest.iter().all(|x| x.is_nan()) {
            return Err("a scale or factor is none");
        }
        lists.push(list);
    }
    columns.at = columns.at.checked_next_multiple_of(ALIGNMENT).ok_or(SHORT)?;
    for list in &mut lists {
        (list.signs, list.codes) = columns.codes_of(list.len(), width).ok_or(SHORT)?;
    }
    if columns.at == map.len() { Ok(lists) } else { Err("there are bytes after its end") }
}

/// Columns one after the other.
struct Columns<'a> {
    map: &'a Arc<Checked>,
    at: usize,
}

impl Columns<'_> {
    /// A list without its signs and codes.
    fn numbers_of(&mut self, length: usize) -> Option<List> {
        Some(List {
            factors: self.next(length.checked_next_multiple_of(LANES)?)?,
            scales: self.next(length)?,
            slots: self.next(length)?,
            ..Default::default()
        })
    }

    fn codes_of(&mut self, length: usize, width: usize) -> Option<(Part<u64>, Part<u8>)> {
        let padded = length.checked_next_multiple_of(LANES)?;
        let signs = self.next(padded.checked_mul(width / 64)?)?;
        Some((signs, self.next(length.checked_mul(width)?)?))
    }

    fn next<T: bytemuck::Pod>(&mut self, count: usize) -> Option<Part<T>> {
        let part = Part::mapped(self.map, self.at, count)?;
        self.at += count * size_of::<T>();
        Some(part)
    }
}
