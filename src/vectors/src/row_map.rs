//! Row to slot, in pages: an array's speed without its need for small row numbers.

/// Rows per page.
const PAGE: usize = 4096;

/// Marks a row without a slot.
const NONE: u32 = u32::MAX;

/// Where each row's vector is. Rows are dense in practice, so pages are nearly full; a lone huge
/// row number costs one page (16 KiB) and at most 8 MiB of page table.
#[derive(Default, Clone)]
pub(crate) struct RowMap {
    pages: Vec<Option<Box<[u32; PAGE]>>>,
}

impl RowMap {
    pub(crate) fn get(&self, row: u32) -> Option<u32> {
        let page = self.pages.get(row as usize / PAGE)?.as_deref()?;
        Some(page[row as usize % PAGE]).filter(|slot| *slot != NONE)
    }

    /// Points `row` at `slot`; gives the slot it had.
    pub(crate) fn set(&mut self, row: u32, slot: u32) -> Option<u32> {
        let number = row as usize / PAGE;
        if self.pages.len() <= number {
            self.pages.resize(number + 1, None);
        }
        let page = self.pages[number].get_or_insert_with(|| Box::new([NONE; PAGE]));
        let before = std::mem::replace(&mut page[row as usize % PAGE], slot);
        Some(before).filter(|slot| *slot != NONE)
    }

    /// Forgets `row`; gives the slot it had.
    pub(crate) fn clear(&mut self, row: u32) -> Option<u32> {
        self.get(row)?;
        self.set(row, NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_and_forgets() {
        let mut map = RowMap::default();
        assert_eq!(map.get(0), None);
        assert_eq!(map.set(7, 100), None);
        assert_eq!(map.set(7, 200), Some(100));
        assert_eq!(map.get(7), Some(200));
        assert_eq!(map.get(8), None);
        assert_eq!(map.clear(7), Some(200));
        assert_eq!(map.clear(7), None);
        assert_eq!(map.get(7), None);
    }

    #[test]
    fn takes_the_largest_row() {
        let mut map = RowMap::default();
        assert_eq!(map.set(u32::MAX, 3), None);
        assert_eq!(map.get(u32::MAX), Some(3));
        assert_eq!(map.get(u32::MAX - 1), None);
        assert_eq!(map.pages.iter().flatten().count(), 1);
    }
}
