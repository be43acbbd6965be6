//! The restart intervals of a scan.

use std::ops::Range;

use super::bits::Segment;
use super::huffman::Broken;

/// Gives `decode` the data of one interval after the other, with the MCUs (of `all`) it is for.
/// Returns where the scan's data ends; `None` where a marker is not the one due or `decode` fails.
pub(super) fn each(
    bytes: &[u8],
    begins: usize,
    restart_interval: usize,
    all: usize,
    mut decode: impl FnMut(&Segment, Range<usize>) -> Result<(), Broken>,
) -> Option<usize> {
    let interval = if restart_interval == 0 { all } else { restart_interval };
    let mut segment = Segment::default();
    let mut at = begins;
    let mut first = 0;
    for number in (0..8).cycle() {
        at += segment.fill(bytes.get(at..)?);
        let wanted = first..(first + interval).min(all);
        first = wanted.end;
        decode(&segment, wanted).ok()?;
        if first == all {
            break;
        }
        if bytes.get(at..at + 2)? != [0xff, 0xd0 + number] {
            return None;
        }
        at += 2;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the MCUs of each interval end, and where the data does.
    fn walk(bytes: &[u8], interval: usize, all: usize) -> (Vec<usize>, Option<usize>) {
        let mut seen = Vec::new();
        let end = each(bytes, 1, interval, all, |_, wanted| {
            seen.push(wanted.end);
            Ok(())
        });
        (seen, end)
    }

    #[test]
    fn intervals_end_at_their_markers() {
        let bytes = b".a\xff\xd0b\xff\xd1c\xff\xd9";
        assert_eq!(walk(bytes, 2, 5), (vec![2, 4, 5], Some(8)));
        assert_eq!(walk(bytes, 0, 5), (vec![5], Some(2)));
    }

    #[test]
    fn a_marker_that_is_not_due_is_refused() {
        assert_eq!(walk(b".a\xff\xd1b\xff\xd9", 1, 2).1, None);
        assert_eq!(walk(b".a", 1, 2).1, None);
        assert_eq!(each(b".a\xff\xd9", 1, 0, 1, |_, _| Err(Broken)), None);
    }
}
