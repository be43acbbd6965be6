//! A file's bytes as foreign decoders read them: small portions, each behind a look at the flag.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use crate::Stop;

/// Bytes that are handed out at once.
const PORTION: usize = 16 << 10;

/// How often a decoder may read as many bytes as the file has: some formats let many parts point
/// to the same bytes, so that little data makes much work.
const READINGS: u64 = 16;

/// Bytes of a header.
const LONGEST_HEADER: u64 = 1 << 20;

/// Reads bytes in portions. Fails once the flag is set, or far more was read than there is.
pub(crate) struct Watched<'a> {
    bytes: &'a [u8],
    at: usize,
    left: u64,
    stop: Stop,
}

impl<'a> Watched<'a> {
    pub(crate) fn new(bytes: &'a [u8], stop: &Stop) -> Self {
        let left = bytes.len() as u64 * READINGS + (1 << 20);
        Self { bytes, at: 0, left, stop: stop.clone() }
    }

    /// For a header alone, which is short: what reads on fails.
    pub(crate) fn header(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, left: LONGEST_HEADER, stop: Stop::new() }
    }

    fn portion(&self, most: usize) -> io::Result<&'a [u8]> {
        if self.stop.is_stopped() {
            return Err(io::Error::other("it was stopped"));
        }
        if self.left == 0 {
            return Err(io::Error::other("far more is read of it than it has"));
        }
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        Ok(&rest[..rest.len().min(PORTION).min(most)])
    }

    fn took(&mut self, bytes: usize) {
        self.at += bytes;
        self.left = self.left.saturating_sub(bytes as u64);
    }
}

impl Read for Watched<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let portion = self.portion(out.len())?;
        out[..portion.len()].copy_from_slice(portion);
        self.took(portion.len());
        Ok(portion.len())
    }
}

impl BufRead for Watched<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.portion(PORTION)
    }

    fn consume(&mut self, bytes: usize) {
        self.took(bytes);
    }
}

impl Seek for Watched<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(at) => i128::from(at),
            SeekFrom::Current(step) => self.at as i128 + i128::from(step),
            SeekFrom::End(step) => self.bytes.len() as i128 + i128::from(step),
        };
        // Positions behind the end are allowed; nothing is there.
        self.at = usize::try_from(to).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_all_bytes_in_order() {
        let bytes: Vec<u8> = (0..100_000).map(|i| (i % 251) as u8).collect();
        let (stop, mut read) = (Stop::new(), Vec::new());
        let mut watched = Watched::new(&bytes, &stop);
        watched.read_to_end(&mut read).unwrap();
        assert!(read == bytes);
        watched.seek(SeekFrom::End(-2)).unwrap();
        assert_eq!(watched.fill_buf().unwrap(), &bytes[bytes.len() - 2..]);
        assert!(watched.seek(SeekFrom::Current(-200_000)).is_err());
        watched.seek(SeekFrom::Start(1 << 40)).unwrap();
        assert!(watched.fill_buf().unwrap().is_empty());
    }

    #[test]
    fn a_stopped_decoder_reads_nothing_more() {
        let stop = Stop::new();
        let mut watched = Watched::new(b"some bytes", &stop);
        assert_eq!(watched.read(&mut [0; 4]).unwrap(), 4);
        stop.stop();
        assert!(watched.read(&mut [0; 4]).is_err());
    }

    #[test]
    fn bytes_are_not_read_for_ever() {
        let stop = Stop::new();
        let bytes = vec![0; 100_000];
        let mut watched = Watched::new(&bytes, &stop);
        let mut times = 0;
        while watched.read_to_end(&mut Vec::new()).is_ok() {
            watched.seek(SeekFrom::Start(0)).unwrap();
            times += 1;
            assert!(times < 100);
        }
        assert!(times >= 16);
    }
}
