//! Work, memory and words are bound, whatever a file asks for.

#[path = "../../../tests/hostile_files/mod.rs"]
mod hostile_files;

use std::sync::atomic::{AtomicBool, Ordering};

use hostile_files::{scans, segment};
use seer_images::{DecodeOptions, ImageError, Limits, MemoryBudget, Stop, decode};
use seer_images::{decode_thumbnail, read_picture_file};
use seer_types::FailureKind;

fn refusal(bytes: &[u8]) -> ImageError {
    decode(bytes, &Limits::default()).map(|_| ()).unwrap_err()
}

#[test]
fn a_hundred_scans_are_read_and_one_more_is_not() {
    assert!(decode(&scans(64, 100), &Limits::default()).is_ok());
    for count in [101, 882] {
        let error = refusal(&scans(64, count));
        assert_eq!(error.kind(), FailureKind::Unsupported);
        assert!(error.to_string().contains(&format!("{count} scans")), "{error}");
        assert!(!error.to_string().contains("damaged"), "{error}");
    }
}

#[test]
fn scans_of_a_large_picture_are_bound_by_its_blocks() {
    // 640,000 blocks: 38 scans are within 32 times as many visits and 4 million more.
    assert!(decode(&scans(6400, 30), &Limits::default()).is_ok());
    assert_eq!(refusal(&scans(6400, 60)).kind(), FailureKind::Unsupported);
}

#[test]
fn the_general_decoder_does_not_get_what_ours_refuses() {
    // A comment between two scans that is cut off sends the file to the general decoder.
    let mut bytes = scans(64, 300);
    bytes.truncate(bytes.len() - 30);
    assert!(refusal(&bytes).to_string().contains("scans"));
}

#[test]
fn thousands_of_tables_are_refused() {
    let whole = scans(64, 2);
    let table = segment(0xc4, &[&[0, 1][..], &[0; 15], &[0]].concat());
    let bytes = [&whole[..2], &table.repeat(20_000), &whole[2..]].concat();
    // All of them stand before the first scan, where they are as much work.
    assert!(decode(&bytes, &Limits::default()).is_err());
}

#[test]
fn a_stopped_decoder_says_so_and_gives_all_memory_back() {
    let stop = Stop::new();
    let options = DecodeOptions { stop: stop.clone(), ..DecodeOptions::default() };
    let bytes = scans(6400, 30);
    let is_done = AtomicBool::new(false);
    let result = std::thread::scope(|scope| {
        scope.spawn(|| {
            // As soon as it has its memory, it decodes.
            while MemoryBudget::pixels().lent() < 64 << 20 && !is_done.load(Ordering::Relaxed) {
                std::thread::yield_now();
            }
            stop.stop();
        });
        let result = decode_thumbnail(&bytes, &options, 2000);
        is_done.store(true, Ordering::Relaxed);
        result
    });
    assert_eq!(result, Err(ImageError::Stopped));
}

#[test]
fn a_photo_holds_its_memory_until_it_is_dropped() {
    // As much as nobody else here takes.
    let bytes = scans(9000, 2);
    let photo = decode(&bytes, &Limits::default()).unwrap();
    assert!(MemoryBudget::pixels().lent() >= 9000 * 9000);
    drop(photo);
}

#[test]
fn a_picture_beyond_the_limit_is_refused_with_both_figures() {
    let tight = Limits { max_decoded_bytes: 3 << 20, ..Limits::default() };
    let error = decode(&scans(6400, 2), &tight).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("6400 x 6400") && error.contains("3 MiB"), "{error}");
}

#[test]
fn metadata_is_bound() {
    let tags: String =
        (0..2000).map(|i| format!("<rdf:li>{i} {}</rdf:li>", "w ".repeat(1000))).collect();
    let xmp = format!(
        "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><dc:subject>{}</dc:subject></x:xmpmeta>",
        &tags[..60_000]
    );
    let whole = scans(8, 2);
    let bytes = [&whole[..2], &segment(0xe1, xmp.as_bytes()), &whole[2..]].concat();
    let photo = decode(&bytes, &Limits::default()).unwrap();
    let tags = &photo.facts().tags;
    assert!(!tags.is_empty() && tags.len() <= 100);
    assert!(tags.iter().all(|tag| tag.chars().count() <= 200));
}

#[test]
fn files_are_counted_while_they_are_held() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.jpg");
    std::fs::write(&path, vec![0; 1 << 20]).unwrap();
    let bytes = read_picture_file(&path, &DecodeOptions::default()).unwrap();
    assert!(MemoryBudget::files().lent() >= 1 << 20);
    assert_eq!(bytes.len(), 1 << 20);
}

/// A PNG of one pixel with this packet of XMP.
fn with_xmp(packet: &str) -> Vec<u8> {
    let mut file = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut file);
    let colour = image::ExtendedColorType::L8;
    image::ImageEncoder::write_image(encoder, &[9], 1, 1, colour).unwrap();
    let body = [&b"iTXtXML:com.adobe.xmp\0\0\0\0\0"[..], packet.as_bytes()].concat();
    let length = (body.len() as u32 - 4).to_be_bytes();
    let chunk = [&length[..], &body, &crc32fast::hash(&body).to_be_bytes()].concat();
    file.splice(33..33, chunk);
    file
}

#[test]
fn hostile_packets_take_little_time() {
    let most = 4 << 20;
    let fill = |start: &str, part: &str| {
        let count = (most - start.len() - 1000) / part.len();
        format!("<x:xmpmeta><rdf:RDF><rdf:Description>{start}{}", part.repeat(count))
    };
    let long = "w".repeat(most / 2);
    let category = format!("<acdsee:categories>&lt;Category Assigned=&quot;1&quot;&gt;{long}",);
    let keyword = format!(
        "<mwg-kw:Keywords><mwg-kw:Hierarchy><rdf:Bag><rdf:li mwg-kw:Keyword='{long}'>\
         <mwg-kw:Children><rdf:Bag>"
    );
    let packets = [
        fill("<dc:subject><rdf:Bag>", "<rdf:li>a,b;c</rdf:li>"),
        fill("<dc:subject>", "a\n"),
        fill("", "<a>"),
        fill("", "<xmp:Rating>1</xmp:Rating>"),
        fill("<a ", "b='c' "),
        fill("", "<a xmlns:b='c'>"),
        fill("", "<a xmlns:b='c'/>"),
        fill("", "<!---->"),
        fill("<a>", "&lt;"),
        fill(&category, "&lt;Category Assigned=&quot;1&quot;/&gt;"),
        fill(&keyword, "<rdf:li mwg-kw:Keyword='b'/>"),
        fill("<exif:GPSLatitude>", "1,N"),
    ];
    for packet in packets {
        let start = std::time::Instant::now();
        let file = with_xmp(&packet);
        let photo = decode(&file, &Limits::default()).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        assert!(photo.facts().tags.len() <= 100, "{}", &packet[..80]);
        assert!(seconds < 20.0, "{seconds} s for {}", &packet[..80]);
        eprintln!("{seconds:.3} s for {}", &packet[37..90]);
    }
}
