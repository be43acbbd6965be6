//! Where a track's frames lie and when they are shown: the tables of `stbl`.

use super::super::film::KeyFrame;
use super::child;
use crate::heif::boxes::Fields;

/// Most key frames that are compared: of more, some at equal steps.
const MOST_KEYS: usize = 1 << 16;

/// Most bytes that are decoded on the way to a frame.
const LONGEST_WAY: u64 = 16 << 20;

/// The tables, as they lie in the file.
pub(super) struct Tables<'a> {
    /// How many frames last how long.
    lengths: &'a [[u8; 8]],
    /// How many frames are shown how much later than they are decoded.
    shifts: &'a [[u8; 8]],
    /// Numbers of the key frames, from 1; `None`: all are.
    keys: Option<&'a [[u8; 4]]>,
    sizes: Sizes<'a>,
    /// From which chunk on a chunk has how many frames.
    runs: &'a [[u8; 12]],
    chunks: Chunks<'a>,
}

/// Bytes of the frames.
#[derive(Clone, Copy)]
enum Sizes<'a> {
    Each(&'a [[u8; 4]]),
    Same { size: u64, count: u64 },
}

/// Where chunks begin.
#[derive(Clone, Copy)]
enum Chunks<'a> {
    Narrow(&'a [[u8; 4]]),
    Wide(&'a [[u8; 8]]),
}

impl<'a> Tables<'a> {
    pub(super) fn read(stbl: &'a [u8]) -> Self {
        let of = |kind: &[u8; 4]| child(stbl, kind);
        let chunks = match of(b"co64") {
            Some(body) => Chunks::Wide(entries(body)),
            None => Chunks::Narrow(of(b"stco").map_or(&[], entries)),
        };
        Self {
            lengths: of(b"stts").map_or(&[], entries),
            shifts: of(b"ctts").map_or(&[], entries),
            keys: of(b"stss").map(entries),
            sizes: of(b"stsz").and_then(sizes).unwrap_or(Sizes::Each(&[])),
            runs: of(b"stsc").map_or(&[], entries),
            chunks,
        }
    }

    /// The key frames, and when the last frame ends: in seconds, `delay` later than the tables say, of
    /// `scale` units each.
    pub(super) fn keys(&self, scale: u32, delay: f64) -> (Vec<KeyFrame>, f64) {
        let numbers = self.numbers();
        let seconds = |units: i64| (units as f64 / f64::from(scale) + delay).max(0.0);
        let times = self.times(&numbers);
        let found = numbers.iter().zip(times).filter_map(|(number, time)| {
            let (at, length) = self.place(*number)?;
            Some(KeyFrame::new(seconds(time), at, length))
        });
        let whole = self.lengths.iter().fold(0i64, |sum, entry| {
            let (count, length) = pair(entry);
            sum.saturating_add(i64::from(count).saturating_mul(i64::from(length)))
        });
        (found.collect(), seconds(whole))
    }

    /// Numbers of key frames from 0, in their order.
    fn numbers(&self) -> Vec<u64> {
        let count = self.sizes.count();
        let mut numbers: Vec<u64> = match self.keys {
            Some(keys) => {
                let step = keys.len().div_ceil(MOST_KEYS).max(1);
                let numbers = keys.iter().step_by(step).map(|key| u32::from_be_bytes(*key));
                numbers.filter_map(|number| u64::from(number).checked_sub(1)).collect()
            }
            None => {
                let step = count.div_ceil(MOST_KEYS as u64).max(1);
                (0..count).step_by(step as usize).collect()
            }
        };
        numbers.retain(|number| *number < count);
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// When frames are shown, in units; `numbers` are sorted.
    fn times(&self, numbers: &[u64]) -> Vec<i64> {
        let (mut lengths, mut shifts) = (Runs::new(self.lengths), Runs::new(self.shifts));
        let shown = numbers.iter().map(|number| {
            let (_, length, before) = lengths.at(*number);
            let decoded = before.saturating_add(
                (number - lengths.first.min(*number)).cast_signed().saturating_mul(length.into()),
            );
            let (is_there, shift, _) = shifts.at(*number);
            // Shifts may be negative, whatever the version says.
            let shift = if is_there { i64::from(shift.cast_signed()) } else { 0 };
            decoded.saturating_add(shift)
        });
        shown.collect()
    }

    /// Where a frame lies, and how long it is.
    fn place(&self, number: u64) -> Option<(u64, u64)> {
        let mut first = 0u64;
        for (place, run) in self.runs.iter().enumerate() {
            let (chunk, [per_chunk, _]) = three(run);
            let chunk = u64::from(chunk).checked_sub(1)?;
            let next = match self.runs.get(place + 1) {
                Some(next) => u64::from(three(next).0).checked_sub(1)?,
                None => self.chunks.count(),
            };
            let (chunks, per_chunk) = (next.checked_sub(chunk)?, u64::from(per_chunk));
            let frames = chunks.checked_mul(per_chunk)?;
            if number - first < frames {
                let within = (number - first) % per_chunk;
                let start = self.chunks.start(chunk + (number - first) / per_chunk)?;
                let before = self.sizes.sum(number - within, within)?;
                return Some((start.checked_add(before)?, self.sizes.sum(number, 1)?));
            }
            first += frames;
        }
        None
    }
}

impl Tables<'_> {
    /// The frame that is decoded at about this second, with all that it needs: at most `most` frames and
    /// [`LONGEST_WAY`] bytes. `None` where that is a key frame, and where it needs more.
    pub(super) fn between(
        &self,
        second: f64,
        most: u64,
        scale: u32,
        delay: f64,
    ) -> Option<KeyFrame> {
        let units = ((second - delay) * f64::from(scale)).max(0.0) as i64;
        let number = self.number_at(units)?.min(self.sizes.count().checked_sub(1)?);
        let keys = self.keys?;
        let after = keys.partition_point(|key| u64::from(u32::from_be_bytes(*key)) <= number + 1);
        let key =
            u64::from(u32::from_be_bytes(*keys.get(after.checked_sub(1)?)?)).checked_sub(1)?;
        if number <= key || number - key > most {
            return None;
        }
        let numbers: Vec<u64> = (key..=number).collect();
        let shown = self.times(&numbers).into_iter().max()?;
        let places: Option<Vec<_>> = numbers.into_iter().map(|number| self.place(number)).collect();
        let mut places = places?.into_iter();
        let (at, length) = places.next()?;
        let then: Vec<(u64, u64)> = places.collect();
        let way = then.iter().try_fold(length, |sum, (_, length)| sum.checked_add(*length))?;
        let second = (shown as f64 / f64::from(scale) + delay).max(0.0);
        (way <= LONGEST_WAY).then_some(KeyFrame { second, at, length, then })
    }

    /// The number of the frame that is decoded then.
    fn number_at(&self, units: i64) -> Option<u64> {
        let (mut first, mut begin) = (0u64, 0i64);
        for entry in self.lengths {
            let (count, length) = pair(entry);
            let end = begin.saturating_add(i64::from(count).saturating_mul(length.into()));
            if units < end {
                return Some(first + ((units - begin) / i64::from(length.max(1))) as u64);
            }
            (first, begin) = (first + u64::from(count), end);
        }
        None
    }
}

/// A table of runs that is gone through once.
struct Runs<'a> {
    entries: std::slice::Iter<'a, [u8; 8]>,
    /// How many frames the run has, and the value of each.
    run: (u32, u32),
    /// Number of its first frame.
    first: u64,
    /// Values of all frames before it.
    sum: i64,
}

impl<'a> Runs<'a> {
    fn new(entries: &'a [[u8; 8]]) -> Self {
        Self { entries: entries.iter(), run: (0, 0), first: 0, sum: 0 }
    }

    /// Goes on to a frame: whether the table has it, its value, and those of all frames before its run.
    fn at(&mut self, number: u64) -> (bool, u32, i64) {
        while number >= self.first + u64::from(self.run.0) {
            let Some(next) = self.entries.next() else { return (false, self.run.1, self.sum) };
            let (count, value) = self.run;
            self.first += u64::from(count);
            self.sum = self.sum.saturating_add(i64::from(count).saturating_mul(value.into()));
            self.run = pair(next);
        }
        (true, self.run.1, self.sum)
    }
}

impl Sizes<'_> {
    fn count(self) -> u64 {
        match self {
            Self::Each(sizes) => sizes.len() as u64,
            Self::Same { count, .. } => count,
        }
    }

    /// Bytes of `count` frames from one on.
    fn sum(self, first: u64, count: u64) -> Option<u64> {
        match self {
            Self::Same { size, .. } => size.checked_mul(count),
            Self::Each(sizes) => {
                let end = usize::try_from(first.checked_add(count)?).ok()?;
                let sizes = sizes.get(first as usize..end)?;
                Some(sizes.iter().map(|size| u64::from(u32::from_be_bytes(*size))).sum())
            }
        }
    }
}

impl Chunks<'_> {
    fn count(self) -> u64 {
        match self {
            Self::Narrow(starts) => starts.len() as u64,
            Self::Wide(starts) => starts.len() as u64,
        }
    }

    fn start(self, chunk: u64) -> Option<u64> {
        let chunk = usize::try_from(chunk).ok()?;
        Some(match self {
            Self::Narrow(starts) => u32::from_be_bytes(*starts.get(chunk)?).into(),
            Self::Wide(starts) => u64::from_be_bytes(*starts.get(chunk)?),
        })
    }
}

/// The entries behind version and count, as many as there are.
fn entries<const N: usize>(body: &[u8]) -> &[[u8; N]] {
    let mut fields = Fields(body);
    let count = fields.version().and_then(|_| fields.number(4)).unwrap_or(0);
    let all = fields.0.as_chunks::<N>().0;
    &all[..all.len().min(count as usize)]
}

fn sizes(body: &[u8]) -> Option<Sizes<'_>> {
    let mut fields = Fields(body);
    fields.version()?;
    let (size, count) = (fields.number(4)?, fields.number(4)?);
    if size > 0 {
        return Some(Sizes::Same { size, count });
    }
    let all = fields.0.as_chunks::<4>().0;
    Some(Sizes::Each(&all[..all.len().min(count as usize)]))
}

fn pair(entry: &[u8; 8]) -> (u32, u32) {
    let both = u64::from_be_bytes(*entry);
    ((both >> 32) as u32, both as u32)
}

fn three(entry: &[u8; 12]) -> (u32, [u32; 2]) {
    let word = |at| entry[at..].first_chunk().map_or(0, |word| u32::from_be_bytes(*word));
    (word(0), [word(4), word(8)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    fn boxed(kind: &[u8; 4], body: &[u32]) -> Vec<u8> {
        let body = words(body);
        [&(body.len() as u32 + 8).to_be_bytes()[..], kind, &body].concat()
    }

    /// Seven frames: three of 10 units and four of 20; two chunks of three and one of one.
    fn table(keys: &[u32], count: u32) -> Vec<u8> {
        [
            boxed(b"stts", &[0, 2, 3, 10, 4, 20]),
            boxed(b"ctts", &[0, 2, 6, 5, 1, -3i32 as u32]),
            boxed(b"stss", &[&[0, keys.len() as u32], keys].concat()),
            boxed(b"stsz", &[0, 0, count, 1, 2, 3, 4, 5, 6, 7]),
            boxed(b"stsc", &[0, 2, 1, 3, 1, 3, 1, 1]),
            boxed(b"stco", &[0, 3, 100, 200, 300]),
        ]
        .concat()
    }

    fn found(table: &[u8]) -> Vec<(f64, u64, u64)> {
        let (keys, _) = Tables::read(table).keys(10, 0.0);
        keys.into_iter().map(|key| (key.second, key.at, key.length)).collect()
    }

    #[test]
    fn frames_are_found_in_their_chunks() {
        let table = table(&[1, 3, 5, 7], 7);
        let expected = [(0.5, 100, 1), (2.5, 103, 3), (5.5, 204, 5), (8.7, 300, 7)];
        assert_eq!(found(&table), expected);
        assert_eq!(Tables::read(&table).keys(10, -0.5).1, 10.5);
    }

    #[test]
    fn a_frame_between_comes_with_those_that_it_needs() {
        let table = table(&[1, 5], 7);
        let between = |second, most| Tables::read(&table).between(second, most, 10, 0.0);
        let found = between(2.5, 9).unwrap();
        assert_eq!((found.at, found.length, found.then), (100, 1, vec![(101, 2), (103, 3)]));
        assert_eq!(found.second, 2.5);
        // The last one, at the time at which it is shown.
        assert_eq!(between(9.9, 9).unwrap().second, 8.7);
        assert_eq!(between(9.9, 1), None);
        // Key frames themselves, and what is behind the end.
        assert_eq!((between(0.0, 9), between(5.5, 9), between(99.0, 9)), (None, None, None));
    }

    #[test]
    fn numbers_that_lie_find_nothing() {
        assert_eq!(found(&table(&[0, 8, u32::MAX], 7)), []);
        assert_eq!(found(&table(&[7], u32::MAX)).len(), 1);
        let endless = [
            boxed(b"stts", &[0, 1, u32::MAX, u32::MAX]),
            boxed(b"stsz", &[0, u32::MAX, u32::MAX]),
            boxed(b"stsc", &[0, 1, 1, u32::MAX, 1]),
            boxed(b"co64", &[0, 1, u32::MAX, u32::MAX]),
        ]
        .concat();
        let (keys, end) = Tables::read(&endless).keys(1, 0.0);
        // Most lie behind the largest number.
        assert!(keys.len() <= 1 && end > 1e18, "{} {end}", keys.len());
    }
}
