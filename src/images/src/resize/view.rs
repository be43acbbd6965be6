//! Pixels changed on their way into a resize, a band at a time: the picture itself stays as it is
//! and no copy of it is made.

use std::ops::Range;

use super::Source;
use super::sums::Part;
use crate::colour::{cmyk_to_rgb, over_white, premultiply};

/// Bytes of a band of changed pixels.
pub(super) const BAND_BYTES: usize = 256 << 10;

/// What pixels are seen as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum View {
    /// What they are.
    Stored,
    /// Grey or RGB on white, instead of with alpha.
    OverWhite,
    /// Colours multiplied by alpha.
    Premultiplied,
    /// RGB instead of inks.
    Light,
}

impl View {
    /// Channels of pixels that have `stored` of them.
    pub(crate) fn channels(self, stored: usize) -> usize {
        match self {
            Self::Stored | Self::Premultiplied => stored,
            Self::OverWhite => stored - 1,
            Self::Light => 3,
        }
    }

    /// Appends pixels that have `stored` channels to `out`, as they are seen.
    pub(super) fn append(self, stored: usize, pixels: &[u8], out: &mut Vec<u8>) {
        let begin = out.len();
        match (self, stored) {
            (Self::Stored, _) => out.extend_from_slice(pixels),
            (Self::OverWhite, 2) => {
                out.extend(pixels.as_chunks().0.iter().map(|[v, a]| over_white(*v, *a)));
            }
            (Self::OverWhite, _) => {
                let blend = |[r, g, b, a]: &[u8; 4]| [r, g, b].map(|v| over_white(*v, *a));
                out.extend(pixels.as_chunks().0.iter().flat_map(blend));
            }
            (Self::Premultiplied, stored) => {
                out.extend_from_slice(pixels);
                match stored {
                    2 => premultiply::<2>(&mut out[begin..]),
                    _ => premultiply::<4>(&mut out[begin..]),
                }
            }
            (Self::Light, _) => {
                out.extend(pixels.as_chunks().0.iter().flat_map(|ink| cmyk_to_rgb(*ink)));
            }
        }
    }
}

/// A rectangle of a source as it is seen, in a buffer that is used again.
pub(super) fn part<'b>(
    source: &Source,
    columns: &Range<usize>,
    rows: &Range<usize>,
    buffer: &'b mut Vec<u8>,
) -> Part<'b> {
    let stored = source.channels;
    buffer.clear();
    for y in rows.clone() {
        let row = &source.data[(y * source.width as usize + columns.start) * stored..];
        source.view.append(stored, &row[..columns.len() * stored], buffer);
    }
    let stride = columns.len() * source.view.channels(stored);
    Part { data: buffer, stride, top: rows.start, left: columns.start }
}

/// Cuts a range into bands of at most [`BAND_BYTES`], with `bytes` for each position.
pub(super) fn bands(range: &Range<usize>, bytes: usize) -> impl Iterator<Item = Range<usize>> {
    let (end, step) = (range.end, (BAND_BYTES / bytes.max(1)).max(1));
    range.clone().step_by(step).map(move |from| from..end.min(from + step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_cover_the_range() {
        let all: Vec<_> = bands(&(3..10), BAND_BYTES / 3).collect();
        assert_eq!(all, [3..6, 6..9, 9..10]);
        assert_eq!(bands(&(0..2), BAND_BYTES * 9).count(), 2);
        assert_eq!(bands(&(5..5), 1).count(), 0);
    }

    #[test]
    fn pixels_are_seen_as_asked() {
        let seen = |view: View, stored, pixels: &[u8]| {
            let mut out = vec![9];
            view.append(stored, pixels, &mut out);
            out[1..].to_vec()
        };
        assert_eq!(seen(View::OverWhite, 2, &[7, 0, 7, 255]), [255, 7]);
        assert_eq!(seen(View::OverWhite, 4, &[1, 2, 3, 255]), [1, 2, 3]);
        assert_eq!(seen(View::Premultiplied, 2, &[200, 128]), [100, 128]);
        assert_eq!(seen(View::Premultiplied, 4, &[9, 9, 9, 0]), [0; 4]);
        assert_eq!(seen(View::Light, 4, &[0, 0, 0, 55]), [200; 3]);
    }
}
