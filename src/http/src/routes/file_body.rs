//! Parts of a file as a response body, read piece by piece off the event loop.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use actix_web::body::SizedStream;
use actix_web::web;
use futures_util::stream;
use seer_images::Piece;

/// Bytes read at once.
const AT_ONCE: u64 = 256 << 10;

/// What is still to be sent.
struct Rest {
    file: File,
    pieces: VecDeque<Piece>,
}

/// `length` bytes from `start` of what `pieces` of `file` make up. A file that ends early breaks
/// the connection off, so that the client notices.
pub(super) fn file_body(
    file: File,
    pieces: Vec<Piece>,
    start: u64,
    length: u64,
) -> SizedStream<impl futures_util::Stream<Item = io::Result<web::Bytes>>> {
    let rest = Rest { file, pieces: part(pieces, start, length) };
    let stream = stream::try_unfold(rest, |rest| async move {
        if rest.pieces.is_empty() {
            return Ok(None);
        }
        let (rest, bytes) = web::block(move || rest.read()).await.map_err(io::Error::other)??;
        Ok::<_, io::Error>(Some((web::Bytes::from(bytes), rest)))
    });
    SizedStream::new(length, stream)
}

/// Writes all that `pieces` of `file` make up.
///
/// # Errors
/// When the file ends early, or `out` takes no more.
pub(super) fn copy(file: File, pieces: Vec<Piece>, out: &mut impl io::Write) -> io::Result<()> {
    let mut rest = Rest { file, pieces: pieces.into() };
    while !rest.pieces.is_empty() {
        let bytes;
        (rest, bytes) = rest.read()?;
        out.write_all(&bytes)?;
    }
    Ok(())
}

impl Rest {
    /// The next bytes, at most [`AT_ONCE`].
    fn read(mut self) -> io::Result<(Self, Vec<u8>)> {
        let mut bytes = Vec::new();
        match self.pieces.pop_front() {
            None => {}
            Some(Piece::Made(made)) => bytes = made,
            Some(Piece::Part { start, length }) => {
                let now = length.min(AT_ONCE);
                bytes.resize(now as usize, 0);
                self.file.seek(SeekFrom::Start(start))?;
                self.file.read_exact(&mut bytes)?;
                if now < length {
                    let rest = Piece::Part { start: start + now, length: length - now };
                    self.pieces.push_front(rest);
                }
            }
        }
        Ok((self, bytes))
    }
}

/// The pieces that make up `length` bytes from `start`.
fn part(pieces: Vec<Piece>, start: u64, length: u64) -> VecDeque<Piece> {
    let (mut skip, mut left) = (start, length);
    let mut kept = VecDeque::new();
    for piece in pieces {
        let from = skip.min(piece.len());
        skip -= from;
        let count = left.min(piece.len() - from);
        left -= count;
        if count == 0 {
            continue;
        }
        kept.push_back(match piece {
            Piece::Part { start, .. } => Piece::Part { start: start + from, length: count },
            Piece::Made(bytes) => Piece::Made(bytes[from as usize..(from + count) as usize].into()),
        });
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> Vec<Piece> {
        vec![
            Piece::Part { start: 2, length: 3 },
            Piece::Made(b"xyz".to_vec()),
            Piece::Part { start: 7, length: 2 },
        ]
    }

    fn read(pieces: VecDeque<Piece>) -> Vec<u8> {
        let mut file = tempfile::tempfile().unwrap();
        io::Write::write_all(&mut file, b"0123456789").unwrap();
        let (mut rest, mut all) = (Rest { file, pieces }, Vec::new());
        while !rest.pieces.is_empty() {
            let (next, bytes) = rest.read().unwrap();
            rest = next;
            all.extend(bytes);
        }
        all
    }

    #[test]
    fn every_part_of_the_whole_is_right() {
        let whole = b"234xyz78";
        assert_eq!(read(part(pieces(), 0, 8)), whole);
        for start in 0..8 {
            for length in 0..=8 - start {
                let found = read(part(pieces(), start as u64, length as u64));
                assert_eq!(found, whole[start..start + length], "{start} {length}");
            }
        }
    }
}
