//! A part of a file as a response body, read piece by piece off the event loop.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use actix_web::body::SizedStream;
use actix_web::web;
use futures_util::stream;

/// Bytes read at once.
const PIECE: u64 = 256 << 10;

/// `length` bytes of `file` from `start`. A file that ends early breaks the connection off, so
/// that the client notices.
pub(super) fn file_body(
    mut file: File,
    start: u64,
    length: u64,
) -> io::Result<SizedStream<impl futures_util::Stream<Item = io::Result<web::Bytes>>>> {
    file.seek(SeekFrom::Start(start))?;
    let pieces = stream::try_unfold((file, length), |(file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let (file, bytes) = web::block(move || read_piece(file, left.min(PIECE)))
            .await
            .map_err(io::Error::other)??;
        let left = left - bytes.len() as u64;
        Ok::<_, io::Error>(Some((web::Bytes::from(bytes), (file, left))))
    });
    Ok(SizedStream::new(length, pieces))
}

fn read_piece(mut file: File, length: u64) -> io::Result<(File, Vec<u8>)> {
    let mut bytes = vec![0; length as usize];
    file.read_exact(&mut bytes)?;
    Ok((file, bytes))
}
