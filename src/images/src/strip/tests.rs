//! Real files of every kind, with something private in every place that can hold it.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};

use super::*;
use crate::{Limits, decode};

/// Stands in every private place; must be nowhere in a stripped file.
const SECRET: &[u8] = b"PRIVATE-48.1374N-11.5755E-Ada";
/// Stands in the colour profile, which stays.
const PROFILE: &[u8] = b"a colour profile of some bytes";
const SIZE: (u32, u32) = (33, 21);

fn pixels() -> Vec<u8> {
    (0..SIZE.0 * SIZE.1 * 3).map(|at| (at * 7 % 251) as u8).collect()
}

/// An EXIF block: orientation 6, and a description that is private.
fn exif() -> Vec<u8> {
    let length = SECRET.len() as u8;
    let mut block = b"II*\0\x08\0\0\0\x02\0\x0e\x01\x02\0".to_vec();
    block.extend_from_slice(&[length, 0, 0, 0, 38, 0, 0, 0]);
    block.extend_from_slice(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0");
    block.extend_from_slice(SECRET);
    block
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Stripped: nothing private, the same pixels and orientation, and nothing more to strip.
fn check(bytes: &[u8]) -> Vec<u8> {
    assert!(holds(bytes, SECRET));
    let stripped = strip_bytes(bytes).unwrap();
    assert!(!holds(&stripped, SECRET));
    let (before, after) = (decoded(bytes), decoded(&stripped));
    assert!(before.thumbnail(64) == after.thumbnail(64));
    assert_eq!(
        (before.facts().width, before.facts().height),
        (after.facts().width, after.facts().height)
    );
    assert_eq!((&after.facts().caption, &after.facts().position), (&None, &None));
    assert_eq!(strip_bytes(&stripped).unwrap(), stripped);
    stripped
}

fn decoded(bytes: &[u8]) -> crate::Photo {
    decode(bytes, &Limits::default()).unwrap()
}

fn segment(marker: u8, parts: &[&[u8]]) -> Vec<u8> {
    let payload = parts.concat();
    let length = (payload.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker][..], &length, &payload].concat()
}

fn plain_jpeg() -> Vec<u8> {
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, 90);
    encoder.set_icc_profile(PROFILE.to_vec()).unwrap();
    encoder.write_image(&pixels(), SIZE.0, SIZE.1, ExtendedColorType::Rgb8).unwrap();
    jpeg
}

fn private_jpeg() -> Vec<u8> {
    let plain = plain_jpeg();
    let mut segments = segment(0xe1, &[b"Exif\0\0", &exif()]);
    segments.extend(segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET]));
    segments.extend(segment(0xe2, &[b"MPF\0", SECRET]));
    segments.extend(segment(0xe0, &[b"JFXX\0", SECRET]));
    segments.extend(segment(0xed, &[b"Photoshop 3.0\0", SECRET]));
    segments.extend(segment(0xe7, &[SECRET]));
    segments.extend(segment(0xfe, &[SECRET]));
    // A whole second picture behind the first, as motion photos and previews have.
    let behind = [SECRET, &plain, &segment(0xe1, &[b"Exif\0\0", &exif()])].concat();
    [&plain[..2], &segments, &plain[2..], &behind].concat()
}

#[test]
fn a_jpeg_keeps_its_pixels_profile_and_orientation_only() {
    let stripped = check(&private_jpeg());
    assert!(holds(&stripped, PROFILE));
    assert!(holds(&stripped, &orientation::block(6)));
    assert_eq!(decoded(&stripped).facts().width, SIZE.1);
    // The pictures' data are the same bytes: from the first table to the end.
    let plain = plain_jpeg();
    let tables = |bytes: &[u8]| bytes.windows(2).position(|w| w == [0xff, 0xdb]).unwrap();
    assert_eq!(stripped[tables(&stripped)..], plain[tables(&plain)..]);
    assert_eq!(strip_bytes(&plain).unwrap(), plain);
}

#[test]
fn segments_between_scans_and_previews_in_jfif_go_too() {
    let plain = plain_jpeg();
    let jfif = plain.windows(2).position(|w| w == [0xff, 0xe0]).unwrap();
    let end = jfif + 2 + usize::from(plain[jfif + 3]);
    let preview = segment(0xe0, &[&plain[jfif + 4..end - 2], &[3, 3], SECRET, b"......"]);
    check(&[&plain[..jfif], &preview, &plain[end..]].concat());

    let scan = plain.windows(2).position(|w| w == [0xff, 0xda]).unwrap();
    let comment = segment(0xfe, &[SECRET]);
    check(&[&plain[..scan], &comment, &plain[scan..]].concat());
    let fill = [&plain[..scan], &comment, &[0xff, 0xff], &plain[scan..]].concat();
    check(&fill);
}

#[test]
fn what_stands_between_segments_goes_too() {
    let plain = plain_jpeg();
    let tables = plain.windows(2).position(|w| w == [0xff, 0xdb]).unwrap();
    let file = [&plain[..tables], SECRET, &plain[tables..]].concat();
    assert_eq!(strip_bytes(&file).unwrap(), plain);
}

#[test]
fn the_jpegs_of_the_decoder_s_tests_keep_their_pixels() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/jpeg/golden.safetensors");
    let file = std::fs::read(path).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&file).unwrap();
    let jpegs = tensors.tensors().into_iter().filter(|(_, t)| t.data().starts_with(b"\xff\xd8"));
    let mut seen = 0;
    for (name, tensor) in jpegs {
        let Ok(before) = decode(tensor.data(), &Limits::default()) else { continue };
        let stripped = strip_bytes(tensor.data()).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(decoded(&stripped).thumbnail(64) == before.thumbnail(64), "{name}");
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn a_jpeg_that_was_cut_off_stays_what_it_is() {
    let whole = private_jpeg();
    let scan = whole.windows(2).position(|w| w == [0xff, 0xda]).unwrap();
    let cut = &whole[..scan + 200];
    let stripped = strip_bytes(cut).unwrap();
    assert!(!holds(&stripped, SECRET));
    assert!(stripped.ends_with(&cut[scan..]));
}

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let body = [&kind[..], content].concat();
    let length = (content.len() as u32).to_be_bytes();
    [&length[..], &body, &crc32fast::hash(&body).to_be_bytes()].concat()
}

#[test]
fn a_png_keeps_its_pixels_profile_and_orientation_only() {
    let mut plain = Vec::new();
    let mut encoder = PngEncoder::new(&mut plain);
    encoder.set_icc_profile(PROFILE.to_vec()).unwrap();
    encoder.write_image(&pixels(), SIZE.0, SIZE.1, ExtendedColorType::Rgb8).unwrap();
    let header = 8 + 25;
    let before = [
        chunk(b"tEXt", &[b"Author\0", SECRET].concat()),
        chunk(b"zTXt", &[b"Raw profile type exif\0\0", SECRET].concat()),
        chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", SECRET].concat()),
        chunk(b"eXIf", &exif()),
        chunk(b"tIME", &SECRET[..7]),
        chunk(b"prVt", SECRET),
    ]
    .concat();
    let end = plain.len() - 12;
    let late = chunk(b"tEXt", &[b"Comment\0", SECRET].concat());
    let file =
        [&plain[..header], &before, &plain[header..end], &late, &plain[end..], SECRET].concat();
    let stripped = check(&file);
    assert!(holds(&stripped, &chunk(b"eXIf", &orientation::block(6))));
    assert!(holds(&stripped, b"iCCPicc\0"));
    let data = |bytes: &[u8]| bytes.windows(4).position(|w| w == b"IDAT").unwrap();
    assert_eq!(stripped[data(&stripped)..], plain[data(&plain)..]);
    let unknown = [&plain[..header], &chunk(b"PrVT", SECRET), &plain[header..]].concat();
    assert!(matches!(strip_bytes(&unknown), Err(StripError::Unsafe(_))));
}

fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (kind, content) in chunks {
        body.extend_from_slice(*kind);
        body.extend_from_slice(&(content.len() as u32).to_le_bytes());
        body.extend_from_slice(content);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat()
}

#[test]
fn a_webp_keeps_its_pixels_profile_and_orientation_only() {
    let mut plain = Vec::new();
    let encoder = WebPEncoder::new_lossless(&mut plain);
    encoder.write_image(&pixels(), SIZE.0, SIZE.1, ExtendedColorType::Rgb8).unwrap();
    let length = u32::from_le_bytes(plain[16..20].try_into().unwrap()) as usize;
    let picture = &plain[20..20 + length];
    // Profile, EXIF and XMP are there; size less one in 24 bits each.
    let header = [0x2c, 0, 0, 0, SIZE.0 as u8 - 1, 0, 0, SIZE.1 as u8 - 1, 0, 0];
    let mut file = riff(&[
        (b"VP8X", &header),
        (b"ICCP", PROFILE),
        (b"VP8L", picture),
        (b"EXIF", &exif()),
        (b"XMP ", SECRET),
        (b"prVt", SECRET),
    ]);
    file.extend_from_slice(SECRET);
    let stripped = check(&file);
    let turned = orientation::block(6);
    let expected = [
        (b"VP8X", &[&[0x28], &header[1..]].concat()[..]),
        (b"ICCP", PROFILE),
        (b"VP8L", picture),
        (b"EXIF", &turned),
    ];
    assert_eq!(stripped, riff(&expected));
    // Without the extended header there is one chunk; what follows it goes.
    check(&[&plain[..], SECRET].concat());
    assert!(strip_bytes(&riff(&[(b"XMP ", SECRET)])).is_err());
}

#[test]
fn frames_of_a_webp_animation_lose_what_is_not_their_picture() {
    let frame = |chunks: &[(&[u8; 4], &[u8])]| [&[0; 16][..], &riff(chunks)[12..]].concat();
    let header = [0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let file = |inner: &[(&[u8; 4], &[u8])]| {
        riff(&[(b"VP8X", &header), (b"ANIM", &[0; 6]), (b"ANMF", &frame(inner))])
    };
    let dirty = file(&[(b"VP8L", b"pixels"), (b"prVt", SECRET)]);
    assert_eq!(strip_bytes(&dirty).unwrap(), file(&[(b"VP8L", b"pixels")]));
}

#[test]
fn a_gif_keeps_its_pictures_and_their_timing_only() {
    use image::codecs::gif::{GifEncoder, Repeat};
    let mut plain = Vec::new();
    {
        let mut encoder = GifEncoder::new(&mut plain);
        encoder.set_repeat(Repeat::Finite(3)).unwrap();
        for shift in [0, 90] {
            let turned = pixels().iter().map(|p| p.wrapping_add(shift)).collect();
            let frame = image::RgbImage::from_raw(SIZE.0, SIZE.1, turned).unwrap();
            let rgba = image::DynamicImage::from(frame).into_rgba8();
            encoder.encode_frame(image::Frame::new(rgba)).unwrap();
        }
    }
    let stripped = strip_bytes(&plain).unwrap();
    assert_eq!(stripped, plain);
    let length = [SECRET.len() as u8];
    let comment = [&[0x21, 0xfe], &length[..], SECRET, &[0]].concat();
    let xmp = [&b"\x21\xff\x0bXMP DataXMP"[..], &length, SECRET, &[0]].concat();
    let text = [&b"\x21\x01\x0c............"[..], &length, SECRET, &[0]].concat();
    let end = plain.len() - 1;
    let screen = 13 + if plain[10] & 0x80 == 0 { 0 } else { 3 << ((plain[10] & 7) + 1) };
    let parts =
        [&plain[..screen], &comment, &xmp, &plain[screen..end], &text, &comment, &[0x3b], SECRET];
    assert_eq!(check(&parts.concat()), plain);
}

#[test]
fn other_formats_are_refused() {
    for bytes in [&b"P6 1 1 255 \0\0\0"[..], b"II*\0\x08\0\0\0", b"", b"GIF89a", b"\xff\xd8\xff"] {
        assert!(matches!(strip_bytes(bytes), Err(StripError::Unsafe(_))), "{bytes:?}");
    }
}

#[test]
fn damage_anywhere_gives_an_answer_or_an_error() {
    let mut plain = Vec::new();
    let encoder = WebPEncoder::new_lossless(&mut plain);
    encoder.write_image(&pixels(), SIZE.0, SIZE.1, ExtendedColorType::Rgb8).unwrap();
    for whole in [private_jpeg(), plain] {
        for at in 0..whole.len() {
            let _ = strip_bytes(&whole[..at]);
            let mut flipped = whole.clone();
            flipped[at] ^= 0xff;
            let _ = strip_bytes(&flipped);
        }
    }
}

#[test]
fn thumbnails_carry_nothing_of_the_file_but_a_small_profile() {
    let jpeg = decoded(&private_jpeg()).thumbnail(64);
    assert!(!holds(&jpeg, SECRET));
    for name in [&b"Exif"[..], b"http://ns.adobe.com", b"Photoshop", b"MPF\0", b"\xff\xfe"] {
        assert!(!holds(&jpeg, name), "{name:?}");
    }
    assert_eq!(strip_bytes(&jpeg).unwrap(), jpeg);
}
