//! Facts in each container and under each of the names that writers give them, in files built here;
//! and blocks that were changed at random, which never panic.

mod common;

use std::fs;
use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};
use seer_images::{Limits, SidecarKind, decode, merge_sidecars};
use seer_types::{DateSource, PhotoFacts};

const XMP: &[u8] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>\
    <r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
    <r:Description xmlns:d='http://purl.org/dc/elements/1.1/' xmlns:p='http://ns.adobe.com/xap/1.0/'\
    p:Rating='4' d:title='Dusk'><d:subject><r:Bag><r:li>lighthouse</r:li></r:Bag></d:subject>\
    </r:Description></r:RDF></x:xmpmeta>";

/// A big-endian EXIF block with an original date in a directory that a pointer of this type names.
fn exif(pointer: u8, date: &[u8; 20]) -> Vec<u8> {
    let mut block = b"MM\0*\0\0\0\x08\0\x01".to_vec();
    block.extend([0x87, 0x69, 0, pointer, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0]);
    block.extend([0, 1, 0x90, 0x03, 0, 2, 0, 0, 0, 20, 0, 0, 0, 44, 0, 0, 0, 0]);
    block.extend(date);
    block
}

const DATE: &[u8; 20] = b"2019:07:14 16:20:05\0";

fn jpeg(segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let plain = fs::read(common::fixtures().join("images/0_landscape.jpg")).unwrap();
    let mut file = plain[..2].to_vec();
    for (marker, content) in segments {
        file.extend([0xff, *marker]);
        file.extend((content.len() as u16 + 2).to_be_bytes());
        file.extend(content);
    }
    file.extend(&plain[2..]);
    file
}

/// A grey pixel, with chunks before and behind its data.
fn png(before: &[(&[u8; 4], Vec<u8>)], behind: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut plain = Vec::new();
    PngEncoder::new(&mut plain).write_image(&[9], 1, 1, ExtendedColorType::L8).unwrap();
    let chunk = |(kind, body): &(&[u8; 4], Vec<u8>)| {
        let sum = crc32fast::hash(&[&kind[..], body].concat()).to_be_bytes();
        [&(body.len() as u32).to_be_bytes()[..], &kind[..], body, &sum].concat()
    };
    let chunks = |all: &[(&[u8; 4], Vec<u8>)]| all.iter().flat_map(chunk).collect::<Vec<u8>>();
    let (start, end) = (33, plain.len() - 12);
    [&plain[..start], &chunks(before), &plain[start..end], &chunks(behind), &plain[end..]].concat()
}

fn facts(file: &[u8]) -> PhotoFacts {
    decode(file, &Limits::default()).unwrap().facts().clone()
}

fn taken(file: &[u8]) -> (String, DateSource) {
    let taken = facts(file).taken.unwrap();
    (taken.to_string(), taken.source)
}

fn original() -> (String, DateSource) {
    ("2019-07-14T16:20:05".to_owned(), DateSource::ExifOriginal)
}

fn hexadecimal(name: &str, bytes: &[u8]) -> Vec<u8> {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\n{name}\n{:8}\n{digits}\n", bytes.len()).into_bytes()
}

#[test]
fn the_first_exif_segment_is_the_cameras_whatever_type_its_pointer_has() {
    for pointer in [4, 9, 13] {
        let first = [&b"Exif\0\0"[..], &exif(pointer, DATE)].concat();
        let second = [&b"Exif\0\0"[..], &exif(4, b"2001:01:01 00:00:00\0")].concat();
        assert_eq!(taken(&jpeg(&[(0xe1, first), (0xe1, second)])), original());
    }
}

#[test]
fn image_resources_are_one_sequence() {
    let resource =
        |records: &[u8]| [&b"8BIM\x04\x04\0\0\0\0\0"[..], &[records.len() as u8], records].concat();
    let keyword = resource(b"\x1c\x02\x19\x00\x0alighthouse!\0"[..15].as_ref());
    let whole = [&keyword[..], &[0], &resource(b"\x1c\x02\x78\0\x05Ducks")].concat();
    for cut in [1, 10, 20, keyword.len(), whole.len() - 3] {
        let part = |bytes: &[u8]| (0xed, [b"Photoshop 3.0\0", bytes].concat());
        let found = facts(&jpeg(&[part(&whole[..cut]), part(&whole[cut..])]));
        assert_eq!(found.tags, ["lighthouse"], "{cut}");
        assert_eq!(found.caption.as_deref(), Some("Ducks"), "{cut}");
    }
}

#[test]
fn xmp_is_read_from_every_container() {
    let app1 = [b"http://ns.adobe.com/xap/1.0/\0", XMP].concat();
    let text = [b"XML:com.adobe.xmp\0\0\0\0\0", XMP].concat();
    let raw = |kind: &str, content: &[u8]| {
        let keyword = format!("Raw profile type {kind}\0").into_bytes();
        png(&[], &[(b"tEXt", [keyword, hexadecimal(kind, content)].concat())])
    };
    let mut webp = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(Cursor::new(&mut webp));
    encoder.set_exif_metadata(exif(4, DATE)).unwrap();
    encoder.write_image(&[9; 3], 1, 1, ExtendedColorType::Rgb8).unwrap();
    let chunk = [b"XMP ", &(XMP.len() as u32).to_le_bytes()[..], XMP, &[0][..XMP.len() % 2]];
    webp.extend(chunk.concat());
    let length = (webp.len() as u32 - 8).to_le_bytes();
    webp[4..8].copy_from_slice(&length);
    let mut gif = Vec::new();
    GifEncoder::new(&mut gif).encode(&[9; 3], 1, 1, ExtendedColorType::Rgb8).unwrap();
    gif.pop();
    gif.extend([&b"\x21\xff\x0bXMP DataXMP"[..], XMP, &[1]].concat());
    gif.extend((0..=255).rev());
    gif.extend(b"\0\x3b");
    for (container, file) in [
        ("jpeg", jpeg(&[(0xe1, app1.clone())])),
        ("png", png(&[(b"iTXt", text.clone())], &[])),
        ("png behind", png(&[], &[(b"iTXt", text)])),
        ("png raw", raw("xmp", XMP)),
        ("png raw APP1", raw("APP1", &app1)),
        ("webp", webp),
        ("gif", gif),
    ] {
        let found = facts(&file);
        assert_eq!(found.tags, ["lighthouse"], "{container}");
        assert_eq!(found.rating, Some(4), "{container}");
        assert_eq!(found.caption.as_deref(), Some("Dusk"), "{container}");
    }
}

#[test]
fn png_holds_exif_and_texts_on_both_sides_of_its_data() {
    let block = exif(4, DATE);
    let raw = [&b"Raw profile type exif\0"[..], &hexadecimal("exif", &block)].concat();
    assert_eq!(taken(&png(&[(b"eXIf", block.clone())], &[])), original());
    assert_eq!(taken(&png(&[], &[(b"eXIf", block)])), original());
    assert_eq!(taken(&png(&[(b"tEXt", raw)], &[])), original());
    for written in
        ["Sun, 14 Jul 2019 16:20:05 +0200", "2019-07-14T16:20:05Z", "2019:07:14 16:20:05"]
    {
        let text = [b"Creation Time\0", written.as_bytes()].concat();
        let expected = (original().0, DateSource::PngCreation);
        assert_eq!(taken(&png(&[], &[(b"tEXt", text)])), expected);
    }
    let texts = [(b"tEXt", b"Description\0K\xfcste".to_vec()), (b"tEXt", b"Author\0Ann".to_vec())];
    let found = facts(&png(&[], &texts));
    assert_eq!(found.caption.as_deref(), Some("Küste"));
    assert!(found.descriptions.is_empty());
}

#[test]
fn comments_are_texts() {
    let found = facts(&jpeg(&[(0xfe, b"Chateau de Chambord".to_vec())]));
    assert_eq!(found.caption.as_deref(), Some("Chateau de Chambord"));
    let program = b"CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90".to_vec();
    assert_eq!(facts(&jpeg(&[(0xfe, program)])).caption, None);
}

#[test]
fn extended_xmp_belongs_to_the_main_packet() {
    let name = [b'0'; 32];
    let main = [
        &b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:RDF><rdf:Description xmpNote:HasExtendedXMP='"[..],
        &name,
        b"'/></rdf:RDF></x:xmpmeta>",
    ]
    .concat();
    let part = |name: &[u8], from: usize, to: usize| {
        let numbers = [(XMP.len() as u32).to_be_bytes(), (from as u32).to_be_bytes()].concat();
        [b"http://ns.adobe.com/xmp/extension/\0", name, &numbers, &XMP[from..to]].concat()
    };
    let half = XMP.len() / 2;
    let parts = |name: &[u8]| {
        [(0xe1, main.clone()), (0xe1, part(name, half, XMP.len())), (0xe1, part(name, 0, half))]
    };
    assert_eq!(facts(&jpeg(&parts(&name))).tags, ["lighthouse"]);
    assert!(facts(&jpeg(&parts(&[b'1'; 32]))).tags.is_empty());
}

/// A small generator of numbers that are the same in each run (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit.max(1)
    }
}

/// Overwrites, takes out, doubles and moves bytes.
fn change(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..1 + random.below(6) {
        let at = random.below(bytes.len());
        let length = random.below(12).min(bytes.len() - at);
        match random.below(5) {
            0 => bytes[at..at + length].fill([0, 0xff, b'<', b'>', 0x1c][random.below(5)]),
            1 => drop(bytes.drain(at..at + length)),
            2 => {
                let copy = bytes[at..at + length].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            3 => bytes.truncate(at + 1),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
        }
        if bytes.is_empty() {
            bytes.push(0);
        }
    }
}

#[test]
fn blocks_that_were_changed_never_panic_and_stay_within_bounds() {
    let runs = std::env::var("SEER_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let resources =
        b"8BIM\x04\x04\0\0\0\0\0\x18\x1c\x02\x37\0\x0820040226\x1c\x02\x19\0\x06a, b;c".to_vec();
    let json = br#"{"photoTakenTime": {"timestamp": "1563121205"}, "people": [{"name": "A"}]}"#;
    let comment = [&b"Comment\0"[..], &"é".repeat(30).into_bytes()].concat();
    let creation = b"Creation Time\0Sun, 14 Jul 2019 04:20:05 PM".to_vec();
    let mut random = Random(0x5eed_5eed_5eed);
    for _ in 0..2000 * runs {
        let mut changed = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            change(&mut bytes, &mut random);
            bytes
        };
        let app1 = |name: &[u8], content: Vec<u8>| (0xe1, [name, &content].concat());
        let segments = [
            app1(b"Exif\0\0", changed(&exif(4, DATE))),
            app1(b"http://ns.adobe.com/xap/1.0/\0", changed(XMP)),
            (0xed, [b"Photoshop 3.0\0", &changed(&resources)[..]].concat()),
            (0xfe, changed(&comment)),
        ];
        let mut found = facts(&jpeg(&segments));
        let sidecars = [(SidecarKind::Xmp, changed(XMP)), (SidecarKind::Takeout, changed(json))];
        merge_sidecars(&mut found, &sidecars);
        let texts = [(b"tEXt", changed(&comment)), (b"tEXt", changed(&creation))];
        for facts in [found, facts(&png(&texts, &[(b"eXIf", changed(&exif(4, DATE)))]))] {
            assert!(facts.position.is_none_or(|p| p.latitude.abs() <= 90.0));
            assert!(facts.rating.is_none_or(|stars| (1..=5).contains(&stars)));
            let texts = facts.tags.iter().chain(&facts.descriptions).chain(&facts.caption);
            assert!(texts.clone().all(|text| !text.is_empty()));
            assert!(texts.flat_map(|text| text.chars()).all(|c| !c.is_control()));
        }
    }
}
