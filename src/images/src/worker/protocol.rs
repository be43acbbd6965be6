//! What a worker is asked and what it answers, as bytes: numbers are little-endian.

use std::io::{self, Read, Write};

use crate::ImageError;
use crate::heif::Tile;

/// Begins a request, so that nothing else is taken for one.
const MARK: &[u8; 4] = b"SEE?";
/// Stands for a matrix that the data tells itself.
const NO_MATRIX: u16 = u16::MAX;

/// The largest tile, in pixels, and the longest data.
const MOST_PIXELS: u64 = 1 << 28;
const LONGEST_DATA: u64 = 1 << 28;
const LONGEST_REASON: usize = 4096;

/// Kinds of answers.
const PIXELS: u8 = 0;
const DAMAGED: u8 = 1;
const UNSUPPORTED: u8 = 2;

/// How a tile is coded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Codec {
    Av1,
    Hevc,
    H264,
}

impl Codec {
    const ALL: [Self; 3] = [Self::Av1, Self::Hevc, Self::H264];
}

/// A tile to decode, or a frame of a video.
pub(crate) struct Request {
    pub(crate) codec: Codec,
    /// Pixels across and down that it should have.
    pub(crate) size: (u32, u32),
    /// The matrix of its colours, and whether values use all of their range.
    pub(crate) matrix: Option<(u16, bool)>,
    /// The decoder's configuration, where that stands apart.
    pub(crate) header: Vec<u8>,
    pub(crate) data: Vec<u8>,
}

impl Request {
    /// Bytes of memory that decoding it may take.
    pub(super) fn memory(&self) -> u64 {
        let padded = |side: u32| u64::from(side).next_multiple_of(128);
        let pixels = padded(self.size.0) * padded(self.size.1);
        // The next frame may be longer.
        (320 << 20) + pixels * 24 + 2 * self.data.len() as u64
    }

    pub(super) fn write(&self, output: &mut impl Write) -> io::Result<()> {
        let (matrix, is_full) = self.matrix.unwrap_or((NO_MATRIX, false));
        let mut head = MARK.to_vec();
        head.push(self.codec as u8);
        head.extend(self.size.0.to_le_bytes());
        head.extend(self.size.1.to_le_bytes());
        head.extend(matrix.to_le_bytes());
        head.push(u8::from(is_full));
        for part in [&self.header, &self.data] {
            head.extend((part.len() as u64).to_le_bytes());
        }
        output.write_all(&head)?;
        output.write_all(&self.header)?;
        output.write_all(&self.data)?;
        output.flush()
    }

    /// `None` where there are no more.
    pub(super) fn read(input: &mut impl Read) -> io::Result<Option<Self>> {
        let mut first = [0];
        if input.read(&mut first)? == 0 {
            return Ok(None);
        }
        let rest: [u8; 3] = bytes(input)?;
        let [codec] = bytes(input)?;
        let size = (u32::from_le_bytes(bytes(input)?), u32::from_le_bytes(bytes(input)?));
        let matrix = u16::from_le_bytes(bytes(input)?);
        let [is_full] = bytes(input)?;
        let lengths = [u64::from_le_bytes(bytes(input)?), u64::from_le_bytes(bytes(input)?)];
        let is_marked = first[0] == MARK[0] && rest == MARK[1..];
        let is_sound = is_marked && lengths.iter().all(|length| *length <= LONGEST_DATA);
        let codec = Codec::ALL.get(usize::from(codec)).filter(|_| is_sound);
        let broken = || io::Error::new(io::ErrorKind::InvalidData, "no request for a decoder");
        let codec = *codec.ok_or_else(broken)?;
        if u64::from(size.0) * u64::from(size.1) > MOST_PIXELS {
            return Err(broken());
        }
        let [mut header, mut data] = lengths.map(|length| vec![0; length as usize]);
        input.read_exact(&mut header)?;
        input.read_exact(&mut data)?;
        let matrix = (matrix != NO_MATRIX).then_some((matrix, is_full == 1));
        Ok(Some(Self { codec, size, matrix, header, data }))
    }
}

pub(super) fn write_answer(
    answer: &Result<Tile, ImageError>,
    output: &mut impl Write,
) -> io::Result<()> {
    match answer {
        Ok(tile) => {
            output.write_all(&[PIXELS])?;
            output.write_all(&tile.width.to_le_bytes())?;
            output.write_all(&tile.height.to_le_bytes())?;
            output.write_all(&tile.rgba)?;
        }
        Err(error) => {
            let (kind, reason) = match error {
                ImageError::Unsupported { what, .. } => (UNSUPPORTED, what.clone()),
                ImageError::Damaged { detail, .. } => (DAMAGED, detail.clone()),
                other => (DAMAGED, other.to_string()),
            };
            output.write_all(&[kind])?;
            output.write_all(&(reason.len() as u32).to_le_bytes())?;
            output.write_all(reason.as_bytes())?;
        }
    }
    output.flush()
}

/// Reads the answer to a request for a tile of at most `size`, of a file of this format.
///
/// # Errors
/// Of reading, where the worker has ended or breaks the rules; inside, what the decoder says.
pub(super) fn read_answer(
    size: (u32, u32),
    format: &str,
    input: &mut impl Read,
) -> io::Result<Result<Tile, ImageError>> {
    let broken = || io::Error::new(io::ErrorKind::InvalidData, "no answer of a decoder");
    let [kind] = bytes(input)?;
    if kind == PIXELS {
        let (width, height) =
            (u32::from_le_bytes(bytes(input)?), u32::from_le_bytes(bytes(input)?));
        if width > size.0 || height > size.1 {
            return Err(broken());
        }
        let mut rgba = vec![0; width as usize * height as usize * 4];
        input.read_exact(&mut rgba)?;
        return Ok(Ok(Tile { width, height, rgba }));
    }
    let length = u32::from_le_bytes(bytes(input)?) as usize;
    if length > LONGEST_REASON {
        return Err(broken());
    }
    let mut reason = vec![0; length];
    input.read_exact(&mut reason)?;
    let reason = String::from_utf8_lossy(&reason);
    match kind {
        DAMAGED => Ok(Err(ImageError::damaged(format, &reason))),
        UNSUPPORTED => Ok(Err(ImageError::foreign(&reason))),
        _ => Err(broken()),
    }
}

fn bytes<const N: usize>(input: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_answers_come_over_whole() {
        let request = Request {
            codec: Codec::Hevc,
            size: (3, 2),
            matrix: Some((9, true)),
            header: vec![7],
            data: vec![1, 2, 3],
        };
        let mut sent = Vec::new();
        request.write(&mut sent).unwrap();
        let got = Request::read(&mut &sent[..]).unwrap().unwrap();
        assert_eq!((got.size, got.matrix, got.data), ((3, 2), Some((9, true)), vec![1, 2, 3]));
        assert_eq!((got.codec, got.header), (Codec::Hevc, vec![7]));
        assert!(Request::read(&mut &b""[..]).unwrap().is_none());
        for length in 1..sent.len() {
            assert!(Request::read(&mut &sent[..length]).is_err());
        }
        let mut sent = Vec::new();
        write_answer(&Ok(Tile { width: 1, height: 1, rgba: vec![1, 2, 3, 4] }), &mut sent).unwrap();
        assert_eq!(
            read_answer((1, 1), "avif", &mut &sent[..]).unwrap().unwrap().rgba,
            [1, 2, 3, 4]
        );
        // An answer that is larger than the question is none.
        assert!(read_answer((0, 1), "avif", &mut &sent[..]).is_err());
        let refused = ImageError::damaged("avif", "worn out");
        let mut sent = Vec::new();
        write_answer(&Err(refused.clone()), &mut sent).unwrap();
        assert_eq!(read_answer((1, 1), "avif", &mut &sent[..]).unwrap().err(), Some(refused));
    }

    #[test]
    fn a_request_beyond_all_bounds_takes_no_memory() {
        let head = [&b"SEE?\0"[..], &[0xff; 8], &[0, 0, 0], &[0xff; 16]].concat();
        assert!(Request::read(&mut &head[..]).is_err());
    }
}
