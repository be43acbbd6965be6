//! Memory that one computation after another uses.

use crate::LINE;

/// Room for f32 values that begins at a line of the cache, so that vectors of them lie in one line each
/// where their rows are whole lines.
#[derive(Default)]
pub struct Room {
    values: Vec<f32>,
}

impl Room {
    /// Room for so many values. Those that were there before stay as long as there is no more of it than
    /// there ever was; others are anything.
    pub fn of(&mut self, length: usize) -> &mut [f32] {
        let most = length + LINE / size_of::<f32>();
        if self.values.len() < most {
            self.values = vec![0.0; most];
        }
        let skip = self.skip();
        &mut self.values[skip..skip + length]
    }

    /// The first values.
    ///
    /// # Panics
    /// When there was never room for so many: a bug in the caller.
    pub fn first(&self, length: usize) -> &[f32] {
        &self.values[self.skip()..][..length]
    }

    fn skip(&self) -> usize {
        self.values.as_ptr().align_offset(LINE).min(self.values.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_and_begin_at_a_line() {
        let mut room = Room::default();
        assert_eq!((room.of(0).len(), room.first(0).len()), (0, 0));
        room.of(1000).fill(2.0);
        assert_eq!(room.of(10), [2.0; 10]);
        assert_eq!(room.first(1000), [2.0; 1000]);
        for length in [1, 1000, 5000] {
            assert_eq!(room.of(length).len(), length);
            assert_eq!(room.first(length).as_ptr().align_offset(LINE), 0);
        }
    }
}
