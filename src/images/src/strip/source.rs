//! The file that is read, and the list of its parts that are kept.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use super::StripError;

/// More parts than the pictures of the world have; a file made to have more is refused.
const MOST_PIECES: usize = 50_000;

/// A part of a stripped file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// Bytes of the original file.
    Part {
        /// Where they begin, in bytes from its start.
        start: u64,
        /// How many.
        length: u64,
    },
    /// Bytes that replace others.
    Made(Vec<u8>),
}

impl Piece {
    /// Its length in bytes; never 0.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> u64 {
        match self {
            Self::Part { length, .. } => *length,
            Self::Made(bytes) => bytes.len() as u64,
        }
    }
}

/// Pieces in order; neighbours are joined.
#[derive(Default)]
pub(super) struct Pieces(Vec<Piece>);

impl Pieces {
    /// Keeps `length` bytes of the file from `start`.
    pub(super) fn keep(&mut self, start: u64, length: u64) -> Result<(), StripError> {
        match self.0.last_mut() {
            _ if length == 0 => Ok(()),
            Some(Piece::Part { start: first, length: known }) if *first + *known == start => {
                *known += length;
                Ok(())
            }
            _ => self.push(Piece::Part { start, length }),
        }
    }

    /// Adds bytes that are not in the file.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<(), StripError> {
        match self.0.last_mut() {
            _ if bytes.is_empty() => Ok(()),
            Some(Piece::Made(known)) => {
                known.extend_from_slice(bytes);
                Ok(())
            }
            _ => self.push(Piece::Made(bytes.to_vec())),
        }
    }

    /// Adds what another list holds.
    pub(super) fn append(&mut self, others: Pieces) -> Result<(), StripError> {
        others.0.into_iter().try_for_each(|piece| match piece {
            Piece::Part { start, length } => self.keep(start, length),
            Piece::Made(bytes) => self.add(&bytes),
        })
    }

    pub(super) fn len(&self) -> u64 {
        self.0.iter().map(Piece::len).sum()
    }

    pub(super) fn into_list(self) -> Vec<Piece> {
        self.0
    }

    fn push(&mut self, piece: Piece) -> Result<(), StripError> {
        if self.0.len() >= MOST_PIECES {
            return Err(StripError::Unsafe("it is in too many parts"));
        }
        self.0.push(piece);
        Ok(())
    }
}

/// A file read from front to back.
pub(super) struct Source<R> {
    reader: BufReader<R>,
    position: u64,
    end: u64,
}

impl<R: Read + Seek> Source<R> {
    pub(super) fn new(mut file: R) -> io::Result<Self> {
        let end = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        Ok(Self { reader: BufReader::with_capacity(64 << 10, file), position: 0, end })
    }

    /// Bytes from the start of the file.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    pub(super) fn left(&self) -> u64 {
        self.end - self.position
    }

    /// Up to `count` bytes from the start, before anything was read.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let buffered = self.reader.fill_buf()?;
        Ok(buffered[..buffered.len().min(count)].to_vec())
    }

    /// The next `N` bytes.
    pub(super) fn read<const N: usize>(&mut self) -> Result<[u8; N], StripError> {
        let mut bytes = [0; N];
        self.reach(N as u64)?;
        self.reader.read_exact(&mut bytes)?;
        self.position += N as u64;
        Ok(bytes)
    }

    /// The next `count` bytes; the caller bounds them.
    pub(super) fn read_vec(&mut self, count: u64) -> Result<Vec<u8>, StripError> {
        self.reach(count)?;
        let mut bytes = vec![0; count as usize];
        self.reader.read_exact(&mut bytes)?;
        self.position += count;
        Ok(bytes)
    }

    /// Goes on by `count` bytes.
    pub(super) fn skip(&mut self, count: u64) -> Result<(), StripError> {
        self.reach(count)?;
        self.reader.seek_relative(count as i64)?;
        self.position += count;
        Ok(())
    }

    /// Goes on to the next byte with this value, which is not read. `false`: there is none, and
    /// all has been read.
    pub(super) fn skip_to(&mut self, value: u8) -> Result<bool, StripError> {
        loop {
            let buffered = self.reader.fill_buf()?;
            if buffered.is_empty() {
                return Ok(false);
            }
            let found = buffered.iter().position(|byte| *byte == value);
            let count = found.unwrap_or(buffered.len());
            self.reader.consume(count);
            self.position += count as u64;
            if found.is_some() {
                return Ok(true);
            }
        }
    }

    /// The byte after the next one; nothing is read. `None` at the end of the file.
    pub(super) fn after_next(&mut self) -> Result<Option<u8>, StripError> {
        if self.left() < 2 {
            return Ok(None);
        }
        if let [_, second, ..] = self.reader.buffer() {
            return Ok(Some(*second));
        }
        let mut both = [0; 2];
        self.reader.read_exact(&mut both)?;
        self.reader.seek_relative(-2)?;
        Ok(Some(both[1]))
    }

    fn reach(&self, count: u64) -> Result<(), StripError> {
        if count <= self.left() { Ok(()) } else { Err(StripError::Unsafe("it ends early")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_joined() {
        let mut pieces = Pieces::default();
        for (start, length) in [(0, 2), (2, 3), (7, 1), (8, 0)] {
            pieces.keep(start, length).unwrap();
        }
        pieces.add(b"a").unwrap();
        pieces.add(b"b").unwrap();
        assert_eq!(pieces.len(), 8);
        let parts = [
            Piece::Part { start: 0, length: 5 },
            Piece::Part { start: 7, length: 1 },
            Piece::Made(b"ab".to_vec()),
        ];
        assert_eq!(pieces.into_list(), parts);
    }

    #[test]
    fn a_file_in_too_many_parts_is_refused() {
        let mut pieces = Pieces::default();
        let kept = (0..=MOST_PIECES as u64).try_for_each(|at| pieces.keep(2 * at, 1));
        assert!(matches!(kept, Err(StripError::Unsafe(_))));
    }
}
