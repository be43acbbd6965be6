//! Pictures that are small as files and large as anything else, made by hand.
#![allow(dead_code)]

/// Bits, lowest first, as deflate has them.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    word: u64,
    count: u32,
}

impl Bits {
    fn push(&mut self, value: u64, count: u32) {
        self.word |= value << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.word as u8);
            self.word >>= 8;
            self.count -= 8;
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.push(0, 7);
        self.bytes
    }
}

/// A zlib stream (RFC 1950 and 1951) of `zeros` zeros: a literal, then repetitions of 258 bytes,
/// 13 bits each.
fn deflated_zeros(zeros: u64) -> Vec<u8> {
    let mut bits = Bits::default();
    // The last block, with fixed codes.
    bits.push(0b011, 3);
    // Codes are stored highest bit first: literal 0 is 00110000, length 258 is 11000101 and
    // distance 1 is 00000; the end is 0000000.
    bits.push(0b0000_1100, 8);
    let mut left = zeros - 1;
    while left >= 258 {
        bits.push(0b1010_0011, 13);
        left -= 258;
    }
    for _ in 0..left {
        bits.push(0b0000_1100, 8);
    }
    bits.push(0, 7);
    // Zeros leave one sum at 1; the other counts them.
    let sum = ((zeros % 65_521) as u32) << 16 | 1;
    [&[0x78, 0x9c], &bits.finish()[..], &sum.to_be_bytes()].concat()
}

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let sum = crc(kind.iter().chain(body));
    [&(body.len() as u32).to_be_bytes()[..], kind, body, &sum.to_be_bytes()].concat()
}

/// The checksum of a chunk (PNG 3, annex D).
fn crc<'a>(bytes: impl Iterator<Item = &'a u8>) -> u32 {
    let table: Vec<u32> = (0..256u32)
        .map(|n| (0..8).fold(n, |c, _| if c & 1 == 1 { 0xedb8_8320 ^ c >> 1 } else { c >> 1 }))
        .collect();
    !bytes.fold(!0u32, |c, byte| table[(c as u8 ^ byte) as usize] ^ c >> 8)
}

/// A PNG of zeros with 8-bit samples; `between` stands before its pixels.
pub fn png(width: u32, height: u32, colours: u8, between: &[u8]) -> Vec<u8> {
    let samples = if colours == 6 { 4 } else { 3 };
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, colours, 0, 0, 0]].concat();
    let pixels = deflated_zeros((u64::from(width) * samples + 1) * u64::from(height));
    let chunks =
        [chunk(b"IHDR", &header), between.to_vec(), chunk(b"IDAT", &pixels), chunk(b"IEND", b"")];
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat()
}

/// A chunk of 7 MB with a colour profile of 1 GiB.
pub fn profile_of_a_gibibyte() -> Vec<u8> {
    chunk(b"iCCP", &[&b"profile\0\0"[..], &deflated_zeros(1 << 30)].concat())
}

/// An icon with one picture of 64 x 64 pixels (or whatever it is).
pub fn icon(picture: &[u8]) -> Vec<u8> {
    let mut icon = vec![0, 0, 1, 0, 1, 0, 64, 64, 0, 0, 1, 0, 32, 0];
    icon.extend((picture.len() as u32).to_le_bytes());
    icon.extend(22u32.to_le_bytes());
    [icon, picture.to_vec()].concat()
}

/// A lossless WebP of one colour, without alpha: 40 bytes whatever its size.
pub fn webp(width: u32, height: u32) -> Vec<u8> {
    let size = (width - 1) | (height - 1) << 14;
    let mut file = b"RIFF\x20\0\0\0WEBPVP8L\x14\0\0\0\x2f".to_vec();
    file.extend(size.to_le_bytes());
    file.extend([
        0x07, 0x50, 0x81, 0x54, 0x08, 0x20, 0, 0x0a, 0x9a, 0x02, 0xc6, 0x88, 0x88, 0xfe, 7,
    ]);
    file
}

/// A QOI picture of runs of 62 pixels.
pub fn qoi(width: u32, height: u32) -> Vec<u8> {
    let mut file = b"qoif".to_vec();
    file.extend(width.to_be_bytes());
    file.extend(height.to_be_bytes());
    file.extend([4, 0]);
    file.extend(vec![0xfd; (u64::from(width) * u64::from(height)).div_ceil(62) as usize]);
    file.extend([0, 0, 0, 0, 0, 0, 0, 1]);
    file
}

/// A Targa picture of runs of 128 pixels.
pub fn tga(width: u16, height: u16) -> Vec<u8> {
    let mut file = vec![0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    file.extend(width.to_le_bytes());
    file.extend(height.to_le_bytes());
    file.extend([32, 8]);
    let runs = (u64::from(width) * u64::from(height)).div_ceil(128) as usize;
    file.extend([0xff, 1, 2, 3, 4].repeat(runs));
    file
}

/// A GIF with these sizes of its screen and its only frame, which has no pixels.
pub fn gif(screen: (u16, u16), frame: (u16, u16)) -> Vec<u8> {
    let size = |(width, height): (u16, u16)| [width.to_le_bytes(), height.to_le_bytes()].concat();
    let mut file = [&b"GIF89a"[..], &size(screen), &[0x80, 0, 0, 0, 0, 0, 9, 9, 9]].concat();
    file.extend([&[0x2c, 0, 0, 0, 0], &size(frame)[..], &[0, 2, 2, 0x4c, 1, 0, 0x3b]].concat());
    file
}

/// A TIFF of 8-bit RGB whose rows all are the same few bytes.
pub fn tiff(width: u32, height: u32) -> Vec<u8> {
    let tags = [(256, width), (257, height), (258, 8), (259, 1), (262, 2), (273, 8), (277, 3)];
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    file.extend((tags.len() as u16).to_le_bytes());
    for (tag, value) in tags {
        file.extend((tag as u16).to_le_bytes());
        file.extend([4, 0, 1, 0, 0, 0]);
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 4]);
    file
}

/// A marker segment of a JPEG file.
pub fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    [&[0xff, marker], &(body.len() as u16 + 2).to_be_bytes()[..], body].concat()
}

/// Tables with which a coefficient is one bit, and a grey frame.
fn jpeg_head(frame: u8, width: u16, height: u16, others: &[u8]) -> Vec<u8> {
    let size = [height.to_be_bytes(), width.to_be_bytes()].concat();
    // One code of one bit each.
    let table = |kind: u8, symbols: &[u8]| {
        let mut body = vec![kind, symbols.len() as u8];
        body.extend([0; 15]);
        segment(0xc4, &[&body[..], symbols].concat())
    };
    [
        vec![0xff, 0xd8],
        segment(0xdb, &[&[0][..], &[1; 64]].concat()),
        segment(frame, &[&[8][..], &size, &[1, 1, 0x11, 0]].concat()),
        table(0, &[0]),
        table(0x10, others),
    ]
    .concat()
}

fn blocks(width: u16, height: u16) -> usize {
    usize::from(width).div_ceil(8) * usize::from(height).div_ceil(8)
}

/// A grey JPEG of one scan; each block is two bits.
pub fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let scan = segment(0xda, &[1, 1, 0, 0, 63, 0]);
    let data = vec![0; (blocks(width, height) * 2).div_ceil(8)];
    [jpeg_head(0xc0, width, height, &[0]), scan, data, vec![0xff, 0xd9]].concat()
}

/// A progressive JPEG of `side` x `side` pixels that comes in `count` scans, all of them legal: the
/// first coefficient, then others in 14 passes each, and what is left in the last scan. It is
/// whole for 2 + 14 n scans, and misses some bits for other numbers.
pub fn scans(side: u16, count: usize) -> Vec<u8> {
    let run = empty_blocks(blocks(side, side).div_ceil(32_767));
    let head = jpeg_head(0xc2, side, side, &[0xe0]);
    let first = segment(0xda, &[1, 1, 0, 0, 0, 0]);
    let mut file = [head, first, vec![0; blocks(side, side).div_ceil(8)]].concat();
    let passes = (1..64u8).flat_map(|place| {
        let refined = (0..13u8).rev().map(move |bit| (place, (bit + 1) << 4 | bit));
        std::iter::once((place, 13)).chain(refined)
    });
    let in_passes = if count > 63 * 14 { count - 1 } else { count - 2 };
    for (place, bits) in passes.take(in_passes) {
        file.extend(segment(0xda, &[1, 1, 0, place, place, bits]));
        file.extend(&run);
    }
    if in_passes == count - 2 {
        let next = (in_passes / 14 + 1).min(63) as u8;
        file.extend(segment(0xda, &[1, 1, 0, next, 63, 0]));
        file.extend(&run);
    }
    file.extend([0xff, 0xd9]);
    file
}

/// `times` runs of 32,767 empty blocks: a code of one bit and 14 ones each, filled up with ones and
/// stuffed.
fn empty_blocks(times: usize) -> Vec<u8> {
    let mut bits = format!("0{}", "1".repeat(14)).repeat(times);
    while bits.len() % 8 != 0 {
        bits.push('1');
    }
    let byte = |bits: &[u8]| bits.iter().fold(0u8, |value, bit| value << 1 | (bit - b'0'));
    let bytes = bits.as_bytes().chunks(8).map(byte);
    bytes.flat_map(|byte| if byte == 0xff { vec![0xff, 0] } else { vec![byte] }).collect()
}

/// A small JPEG whose EXIF block has thousands of pointers to one directory of thousands of entries.
pub fn jpeg_with_directories() -> Vec<u8> {
    let count: u16 = 5400;
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08".to_vec();
    exif.extend(count.to_be_bytes());
    exif.extend([0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 8].repeat(usize::from(count)));
    let plain = jpeg(64, 64);
    [&plain[..2], &segment(0xe1, &exif), &plain[2..]].concat()
}
