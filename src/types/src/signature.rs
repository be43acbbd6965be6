//! A photo's picture, small enough to be kept with its record and compared with others.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A picture's grey levels on a grid of 20 x 20, by which copies of it are told.
///
/// The levels are 0 to 63, row by row from the top, each the share of its place between the
/// darkest and the brightest of them. Photos of any shape fill the whole grid. Kept in 300 bytes:
/// four levels in three bytes, the first one in the highest bits.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<u8>", into = "Vec<u8>")]
pub struct Signature(Box<[u8]>);

impl Signature {
    /// Levels across, and down.
    pub const SIDE: usize = 20;
    /// Levels.
    pub const LEVELS: usize = Self::SIDE * Self::SIDE;
    /// The highest level.
    pub const HIGHEST: u8 = 63;
    /// How many bytes it takes.
    pub const BYTES: usize = Self::LEVELS / 4 * 3;

    /// From levels; those above [`Self::HIGHEST`] count as that.
    pub fn new(levels: &[u8; Self::LEVELS]) -> Self {
        let pack = |four: &[u8; 4]| {
            let [a, b, c, d] = four.map(|level| u32::from(level.min(Self::HIGHEST)));
            let [_, bytes @ ..] = (a << 18 | b << 12 | c << 6 | d).to_be_bytes();
            bytes
        };
        Self(levels.as_chunks::<4>().0.iter().flat_map(pack).collect())
    }

    /// The inverse of [`Self::bytes`]; `None` for another number of bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == Self::BYTES).then(|| Self(bytes.into()))
    }

    /// As it is kept.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The levels, 0 to 63.
    pub fn levels(&self) -> [u8; Self::LEVELS] {
        let mut levels = [0; Self::LEVELS];
        let (fours, threes) = (levels.as_chunks_mut::<4>().0, self.0.as_chunks::<3>().0);
        for (four, [a, b, c]) in fours.iter_mut().zip(threes) {
            let bits = u32::from_be_bytes([0, *a, *b, *c]);
            *four = [18, 12, 6, 0].map(|shift| (bits >> shift & 63) as u8);
        }
        levels
    }
}

impl fmt::Debug for Signature {
    /// All bytes in hex.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl From<Signature> for Vec<u8> {
    fn from(signature: Signature) -> Self {
        signature.0.into()
    }
}

impl TryFrom<Vec<u8>> for Signature {
    type Error = String;

    fn try_from(bytes: Vec<u8>) -> Result<Self, String> {
        let wrong = || format!("a signature has {} bytes, not {}", Self::BYTES, bytes.len());
        Self::from_bytes(&bytes).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_survive_packing() {
        let levels = std::array::from_fn(|i| (i * 7 % 64) as u8);
        let signature = Signature::new(&levels);
        assert_eq!(signature.bytes().len(), 300);
        assert_eq!(signature.levels(), levels);
        assert_eq!(signature.bytes()[..3], [0b0000_0000, 0b0111_0011, 0b1001_0101]);
        assert_eq!(Signature::from_bytes(signature.bytes()), Some(signature.clone()));
        assert_eq!(Signature::from_bytes(&signature.bytes()[1..]), None);
        assert_eq!(Signature::new(&[200; 400]).levels(), [63; 400]);
        assert!(format!("{signature:?}").starts_with("007395"));
    }
}
