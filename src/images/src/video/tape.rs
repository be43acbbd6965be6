//! A long file of which a few parts are read: never more than a bound at once, and in all.

use std::io::{self, Read, Seek, SeekFrom};

use crate::{ImageError, Stop};

/// Most bytes that are read at once, a frame or the tables of a whole video: 64 MiB.
const AT_ONCE: u64 = 64 << 20;
/// Most bytes that are read of a video in all.
const IN_ALL: u64 = 512 << 20;
/// Most readings: containers are walked from part to part.
const READINGS: u32 = 200_000;

/// What can be read from any place on.
pub(crate) trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

/// A file with what may still be read of it.
pub(crate) struct Tape<'a> {
    source: &'a mut dyn Source,
    length: u64,
    bytes_left: u64,
    readings_left: u32,
    stop: Stop,
}

impl<'a> Tape<'a> {
    /// # Errors
    /// `Damaged`, where the system does not say how long the file is.
    pub(crate) fn new(source: &'a mut dyn Source, stop: &Stop) -> Result<Self, ImageError> {
        let length = source.seek(SeekFrom::End(0)).map_err(unread)?;
        let stop = stop.clone();
        Ok(Self { source, length, bytes_left: IN_ALL, readings_left: READINGS, stop })
    }

    /// Bytes of the file.
    pub(crate) fn len(&self) -> u64 {
        self.length
    }

    /// `count` bytes from `at` on, or as many as there are.
    ///
    /// # Errors
    /// `Damaged` beyond the bounds and where reading fails; `Stopped`.
    pub(crate) fn up_to(&mut self, at: u64, count: u64) -> Result<Vec<u8>, ImageError> {
        self.stop.check()?;
        let count = count.min(self.length.saturating_sub(at));
        if count > AT_ONCE || count > self.bytes_left || self.readings_left == 0 {
            return Err(ImageError::damaged("video", "far more is to be read of it than is usual"));
        }
        self.bytes_left -= count;
        self.readings_left -= 1;
        self.source.seek(SeekFrom::Start(at)).map_err(unread)?;
        let mut bytes = vec![0; count as usize];
        let mut filled = 0;
        while filled < bytes.len() {
            match self.source.read(&mut bytes[filled..]) {
                Ok(0) => break,
                Ok(more) => filled += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(unread(error)),
            }
        }
        bytes.truncate(filled);
        Ok(bytes)
    }

    /// Exactly `count` bytes from `at` on.
    ///
    /// # Errors
    /// As [`Tape::up_to`]; `Damaged` where the file ends before.
    pub(crate) fn bytes(&mut self, at: u64, count: u64) -> Result<Vec<u8>, ImageError> {
        let bytes = self.up_to(at, count)?;
        match bytes.len() as u64 == count {
            true => Ok(bytes),
            false => Err(ImageError::damaged("video", "it ends too early")),
        }
    }
}

fn unread(error: io::Error) -> ImageError {
    ImageError::damaged("video", &format!("it cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn parts_are_read_and_nothing_beyond_the_end() {
        let mut file = Cursor::new(b"0123456789".to_vec());
        let mut tape = Tape::new(&mut file, &Stop::new()).unwrap();
        assert_eq!(tape.len(), 10);
        assert_eq!(tape.bytes(3, 4).unwrap(), b"3456");
        assert_eq!(tape.up_to(8, 4).unwrap(), b"89");
        assert_eq!(tape.up_to(u64::MAX, u64::MAX).unwrap(), b"");
        assert!(tape.bytes(8, 3).is_err());
    }

    #[test]
    fn there_is_an_end_to_reading() {
        let mut file = Cursor::new(vec![0; 100]);
        let mut tape = Tape::new(&mut file, &Stop::new()).unwrap();
        tape.bytes_left = 150;
        assert!(tape.bytes(0, 100).is_ok());
        assert!(tape.bytes(0, 100).is_err());
        let stop = Stop::new();
        stop.stop();
        let mut tape = Tape::new(&mut file, &stop).unwrap();
        assert_eq!(tape.bytes(0, 1), Err(ImageError::Stopped));
    }
}
