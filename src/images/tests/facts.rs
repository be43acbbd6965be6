//! Dates, cameras, places and words of real files (values checked with Pillow), and metadata in
//! each container, built here. Real files are skipped with a message where absent.

mod common;

use std::fs;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};
use seer_images::{Limits, Photo, decode, decode_raw_orientation};
use seer_types::PhotoFacts;

fn facts(name: &str) -> Option<PhotoFacts> {
    let path = common::library()?.join(name);
    Some(decode(&fs::read(path).unwrap(), &Limits::default()).unwrap().facts().clone())
}

#[test]
fn a_phone_photo() {
    let Some(facts) = facts("camera/jpg/Apple iPhone 5.jpg") else { return };
    assert_eq!(facts.taken.unwrap().to_string(), "2012-09-29T16:11:25");
    assert_eq!(facts.camera_make.as_deref(), Some("Apple"));
    assert_eq!(facts.camera_model.as_deref(), Some("Apple iPhone 5"));
    let place = facts.position.unwrap();
    assert!((place.latitude - (47.0 + 37.63 / 60.0)).abs() < 1e-9);
    assert!((place.longitude + (122.0 + 20.24 / 60.0)).abs() < 1e-9);
    assert_eq!(facts.settings.iso, Some(50));
    assert_eq!(facts.settings.f_number, Some(2.4));
}

#[test]
fn a_camera_photo() {
    let Some(facts) = facts("camera/jpg/Canon EOS 5D.jpg") else { return };
    assert_eq!((facts.width, facts.height), (2912, 4368));
    assert_eq!(facts.camera_model.as_deref(), Some("Canon EOS 5D"));
    assert_eq!(facts.settings.exposure_seconds, Some(1.0 / 160.0));
    assert_eq!(facts.settings.focal_mm, Some(105.0));
    assert_eq!(facts.position, None);
}

#[test]
fn words_from_iptc_and_xmp() {
    let Some(facts) = facts("photo-exif-samples/jpg/xmp/BlueSquare.jpg") else { return };
    assert_eq!(facts.tags, ["XMP", "Blue Square", "test file", "Photoshop", ".jpg"]);
    assert!(facts.caption.unwrap().contains("created in Photoshop CS2"));
    let Some(facts) = self::facts("photo-exif-samples/jpg/long_description.jpg") else { return };
    assert!(facts.caption.unwrap().contains("Operation Mountain Viper"));
}

/// A little-endian EXIF block with an orientation, a make and a date.
fn exif_block(orientation: u8) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0\x03\0".to_vec();
    block.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    block.extend([0x0f, 0x01, 2, 0, 4, 0, 0, 0, b'A', b'c', b'e', 0]);
    block.extend([0x32, 0x01, 2, 0, 20, 0, 0, 0, 50, 0, 0, 0]);
    block.extend([0; 4]);
    block.extend(b"2001:02:03 04:05:06\0");
    block
}

/// 3 x 2 pixels, the top left one bright, the others dark.
const PIXELS: [u8; 18] = [250, 250, 250, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9];

fn encoded(mut encoder: impl ImageEncoder, orientation: u8) {
    encoder.set_exif_metadata(exif_block(orientation)).unwrap();
    encoder.write_image(&PIXELS, 3, 2, ExtendedColorType::Rgb8).unwrap();
}

/// A whole TIFF file whose first directory has the pixels and the orientation.
fn tiff(orientation: u8) -> Vec<u8> {
    let entries: [(u16, u16, u32, u32); 10] = [
        (256, 3, 1, 3),
        (257, 3, 1, 2),
        (258, 3, 3, 134),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (273, 4, 1, 140),
        (274, 3, 1, orientation.into()),
        (277, 3, 1, 3),
        (278, 3, 1, 2),
        (279, 4, 1, 18),
    ];
    let mut file = b"II*\0\x08\0\0\0\x0a\0".to_vec();
    for (tag, kind, count, value) in entries {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 4]);
    file.extend([8, 0, 8, 0, 8, 0]);
    assert_eq!(file.len(), 140);
    file.extend(PIXELS);
    file
}

fn containers(orientation: u8) -> [(&'static str, Vec<u8>); 4] {
    let (mut jpeg, mut png, mut webp) = (Vec::new(), Vec::new(), Vec::new());
    encoded(JpegEncoder::new_with_quality(&mut jpeg, 100), orientation);
    encoded(PngEncoder::new(&mut png), orientation);
    encoded(WebPEncoder::new_lossless(Cursor::new(&mut webp)), orientation);
    [("jpeg", jpeg), ("png", png), ("webp", webp), ("tiff", tiff(orientation))]
}

/// Where the bright pixel is, as (column, row).
fn bright(photo: &Photo) -> (usize, usize) {
    let spec = seer_types::PreprocessSpec {
        width: photo.width(),
        height: photo.height(),
        resize: seer_types::ResizeMode::Squash,
        interpolation: seer_types::Interpolation::Bicubic,
        crop: seer_types::CropRounding::Floor,
        order: seer_types::ColorOrder::ConvertFirst,
        mean: [0.5; 3],
        std: [0.5; 3],
    };
    let prepared = photo.prepare(&spec);
    let at = prepared.rgb().chunks_exact(3).position(|pixel| pixel[1] > 128).unwrap();
    (at % photo.width() as usize, at / photo.width() as usize)
}

#[test]
fn orientation_is_applied_once_in_every_container() {
    let corners =
        [(1, 0, 0), (2, 2, 0), (3, 2, 1), (4, 0, 1), (5, 0, 0), (6, 1, 0), (7, 1, 2), (8, 0, 2)];
    for (orientation, x, y) in corners {
        for (format, bytes) in containers(orientation) {
            let photo = decode(&bytes, &Limits::default()).unwrap();
            assert_eq!(photo.facts().format, format);
            assert_eq!(photo.width(), if orientation < 5 { 3 } else { 2 });
            assert_eq!(bright(&photo), (x, y), "{format} {orientation}");
            let stored = decode_raw_orientation(&bytes, &Limits::default()).unwrap();
            assert_eq!((stored.width(), bright(&stored)), (3, (0, 0)), "{format}");
        }
    }
}

#[test]
fn exif_is_found_in_every_container() {
    for (format, bytes) in &containers(1)[..3] {
        let photo = decode(bytes, &Limits::default()).unwrap();
        let facts = photo.facts();
        assert_eq!(facts.camera_make.as_deref(), Some("Ace"), "{format}");
        assert_eq!(facts.taken.unwrap().to_string(), "2001-02-03T04:05:06", "{format}");
    }
}

/// A JPEG segment: marker, length, content.
fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

#[test]
fn iptc_and_xmp_segments_of_a_jpeg_are_read() {
    let plain = fs::read(common::fixtures().join("images/0_landscape.jpg")).unwrap();
    let keyword = b"\x1c\x02\x19\x00\x04lake\x1c\x02\x78\x00\x05Calm.";
    let resource = [b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x13", &keyword[..], b"\0"].concat();
    let xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:RDF><rdf:Description><dc:subject>\
        <rdf:Bag><rdf:li>Lake</rdf:li><rdf:li>boat</rdf:li></rdf:Bag></dc:subject>\
        </rdf:Description></rdf:RDF></x:xmpmeta>";
    let bytes = [&plain[..2], &segment(0xed, &resource), &segment(0xe1, xmp), &plain[2..]].concat();
    let photo = decode(&bytes, &Limits::default()).unwrap();
    assert_eq!(photo.facts().tags, ["Lake", "boat"]);
    assert_eq!(photo.facts().caption.as_deref(), Some("Calm."));
}

#[test]
fn broken_exif_never_fails_a_photo() {
    let plain = fs::read(common::fixtures().join("images/0_landscape.jpg")).unwrap();
    let whole = [b"Exif\0\0".to_vec(), exif_block(6)].concat();
    for length in 0..whole.len() {
        let bytes = [&plain[..2], &segment(0xe1, &whole[..length]), &plain[2..]].concat();
        let photo = decode(&bytes, &Limits::default()).unwrap();
        assert_eq!(photo.width() * photo.height(), 150 * 91);
    }
}
