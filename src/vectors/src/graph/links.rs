//! One finished graph: which vector is linked to which, as plain numbers.

use std::ops::Range;

use super::reach::starts;
use crate::part::Part;

/// A navigable graph over the slots `first` to `first + len - 1` of a store. Point `n` is the
/// vector in slot `first + n`; every live slot of the range is a point. A point that was removed
/// stays as a stepping stone until the store is compacted.
pub(crate) struct Links {
    first: usize,
    /// Points when the graph was built.
    built: usize,
    /// Where walks begin, then all points that no walk reaches.
    starts: Part<u32>,
    /// Point `n`'s links are the numbers `offsets[n]` to `offsets[n + 1] - 1` of `links`.
    offsets: Part<u32>,
    links: Part<u32>,
}

/// The three columns of [`Links`], as the snapshot stores them.
pub(crate) struct Columns<T> {
    pub(crate) starts: T,
    pub(crate) offsets: T,
    pub(crate) links: T,
}

impl Links {
    /// From the links of each point. `points`: those that are in the graph; the first one is
    /// where walks begin, if it leads to most of the others.
    pub(crate) fn new(first: usize, neighbours: &[Vec<u32>], points: &[u32]) -> Self {
        let mut offsets = Vec::with_capacity(neighbours.len() + 1);
        let mut links = Vec::with_capacity(neighbours.iter().map(Vec::len).sum());
        offsets.push(0);
        for of_point in neighbours {
            links.extend_from_slice(of_point);
            offsets.push(links.len() as u32);
        }
        let starts = starts(&offsets, &links, points);
        let columns = Columns { starts, offsets, links };
        Self::over(first, points.len(), columns.map(Part::Owned))
    }

    /// A graph that was built before; see [`Links::is_sound`].
    pub(crate) fn over(first: usize, built: usize, columns: Columns<Part<u32>>) -> Self {
        let Columns { starts, offsets, links } = columns;
        Self { first, built, starts, offsets, links }
    }

    /// Whether all numbers are those of points, and the links of each point follow one another.
    pub(crate) fn is_sound(&self) -> bool {
        let Columns { starts, offsets, links } = self.columns();
        let is_point = |number: &u32| (*number as usize) < self.len();
        offsets.first() == Some(&0)
            && offsets.last().is_some_and(|end| *end as usize == links.len())
            && offsets.is_sorted()
            && starts.iter().all(is_point)
            && links.iter().all(is_point)
    }

    pub(crate) fn columns(&self) -> Columns<&[u32]> {
        Columns {
            starts: self.starts.values(),
            offsets: self.offsets.values(),
            links: self.links.values(),
        }
    }

    /// Slots of the range.
    pub(crate) fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Slots the graph answers for.
    pub(crate) fn slots(&self) -> Range<usize> {
        self.first..self.first + self.len()
    }

    /// Points when the graph was built.
    pub(crate) fn built(&self) -> usize {
        self.built
    }

    /// Whether compactions have taken so many points that a new graph would serve better.
    pub(crate) fn is_worn(&self) -> bool {
        4 * self.len() < 3 * self.built
    }

    /// Follows the store through a compaction, which gave each slot the number in `slots`, or
    /// none. The links to points that went are dropped. `None` when all of them went.
    pub(crate) fn renumbered(&self, slots: &[Option<u32>]) -> Option<Self> {
        let of_range = slots.get(self.slots())?;
        let first = of_range.iter().flatten().next().copied()?;
        let Columns { starts, offsets, links } = self.columns();
        let new = |point: &u32| of_range.get(*point as usize).copied()?.map(|slot| slot - first);
        let mut neighbours = Vec::with_capacity(self.len());
        for (point, slot) in of_range.iter().enumerate() {
            if slot.is_some() {
                let of_point = &links[offsets[point] as usize..offsets[point + 1] as usize];
                neighbours.push(of_point.iter().filter_map(new).collect());
            }
        }
        let mut points: Vec<u32> = (0..neighbours.len() as u32).collect();
        if let Some(start) = starts.first().and_then(new) {
            points.swap(0, start as usize);
        }
        Some(Self { built: self.built, ..Self::new(first as usize, &neighbours, &points) })
    }

    /// Bytes of memory; a graph of a snapshot lies in memory as a whole, too.
    pub(crate) fn memory(&self) -> usize {
        self.starts.bytes() + self.offsets.bytes() + self.links.bytes()
    }
}

impl<T> Columns<T> {
    fn map<U>(self, change: impl Fn(T) -> U) -> Columns<U> {
        let Self { starts, offsets, links } = self;
        Columns { starts: change(starts), offsets: change(offsets), links: change(links) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points 0 - 1 - 2 - 3 in a row, from slot 10 on.
    fn row() -> Links {
        Links::new(10, &[vec![1], vec![0, 2], vec![1, 3], vec![2]], &[0, 1, 2, 3])
    }

    #[test]
    fn links_lie_one_after_the_other() {
        let links = row();
        let columns = links.columns();
        assert_eq!(columns.offsets, [0, 1, 3, 5, 6]);
        assert_eq!(columns.links, [1, 0, 2, 1, 3, 2]);
        assert_eq!(columns.starts, [0]);
        assert_eq!((links.slots(), links.built(), links.is_sound()), (10..14, 4, true));
        assert!(links.memory() >= 12 * 4);
    }

    #[test]
    fn compaction_takes_points_and_leaves_no_one_behind() {
        // Slot 11, the second point, goes; three dead slots before the range go too.
        let mut next = 0..;
        let dead = [0, 1, 2, 11];
        let slots: Vec<Option<u32>> =
            (0..14).map(|slot| (!dead.contains(&slot)).then(|| next.next()).flatten()).collect();
        let links = row().renumbered(&slots).unwrap();
        assert_eq!((links.slots(), links.built(), links.is_sound()), (7..10, 4, true));
        assert_eq!(links.columns().links, [2, 1]);
        assert_eq!(links.columns().starts, [1, 0], "the first point is on nobody's way now");
        assert!(!links.is_worn());
        assert!(row().renumbered(&[None; 14]).is_none());
    }

    #[test]
    fn numbers_that_do_not_fit_are_not_sound() {
        let with = |starts: &[u32], offsets: &[u32], links: &[u32]| {
            let columns = Columns { starts, offsets, links };
            Links::over(0, 2, columns.map(|column: &[u32]| Part::Owned(column.to_vec()))).is_sound()
        };
        assert!(with(&[0], &[0, 1, 2], &[1, 0]), "the control");
        assert!(!with(&[2], &[0, 1, 2], &[1, 0]), "a start beyond the points");
        assert!(!with(&[0], &[0, 1, 2], &[1, 2]), "a link beyond the points");
        assert!(!with(&[0], &[0, 1, 3], &[1, 0]), "more links than there are");
        assert!(!with(&[0], &[0, 2, 1], &[1, 0]), "offsets that go back");
        assert!(!with(&[0], &[1, 1, 2], &[1, 0]), "links before the first point's");
        assert!(!with(&[], &[], &[]), "not even an end");
    }
}
