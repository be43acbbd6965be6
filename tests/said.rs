//! A folder as it comes from phones, cameras and messengers: pictures of many formats are indexed, and
//! found by what their files, names and sidecars say.

mod support;

use std::fs;

use safetensors::SafeTensors;
use support::Place;

/// Pictures of many formats, with what the reference decoders make of them.
fn pictures() -> Vec<u8> {
    fs::read(support::fixture("formats/golden.safetensors")).expect("the pictures")
}

fn put(place: &Place, name: &str, picture: &str) {
    let all = pictures();
    let all = SafeTensors::deserialize(&all).expect("pictures by name");
    let bytes = all.tensor(picture).expect("a picture").data();
    fs::write(place.photos().join(name), bytes).expect("written");
}

/// In the middle of Lisbon.
fn sidecar(person: &str) -> String {
    format!(
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
        xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
        xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
        xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmp:Rating="4"
        exif:GPSLatitude="38,42.83N" exif:GPSLongitude="9,8.0W" exif:DateTimeOriginal="1993-07">
        <ext:PersonInImage><rdf:Bag><rdf:li>{person}</rdf:li></rdf:Bag></ext:PersonInImage>
        </rdf:Description></rdf:RDF></x:xmpmeta>"#
    )
}

/// The names of the files that a query finds.
fn found(place: &Place, query: &str) -> Vec<String> {
    let ran = place.seer(&["search", "--all", query]);
    assert!(ran.code < 2, "{query}: {ran:?}");
    let name = |line: &&str| line.rsplit('/').next().unwrap_or(line).to_owned();
    ran.lines().iter().map(name).collect()
}

#[test]
fn a_folder_of_a_phone_and_a_camera_is_found_by_what_it_says() {
    let place = Place::empty();
    for (name, picture) in [
        ("phone.heic", "heic"),
        ("IMG-20190714-WA0001.avif", "avif"),
        ("scan.jxl", "jxl"),
        ("DSC01273.NEF", "raw nef"),
    ] {
        put(&place, name, picture);
    }
    fs::write(place.photos().join("scan.jxl.xmp"), sidecar("Marie Curie")).expect("a sidecar");
    let run = place.index();
    assert_eq!((&run["encoded"], &run["failed"]), (&4.into(), &0.into()), "{run}");
    for (query, name) in [
        ("date:2019-07-14", "IMG-20190714-WA0001.avif"),
        ("weekday:sunday", "IMG-20190714-WA0001.avif"),
        ("month:7 year:1993", "scan.jxl"),
        ("person:curie", "scan.jxl"),
        ("rating:>=4", "scan.jxl"),
        ("place:lissabon", "scan.jxl"),
        ("near:lisbon", "scan.jxl"),
        ("photos from Portugal", "scan.jxl"),
        ("type:heic", "phone.heic"),
        ("name:1273", "DSC01273.NEF"),
    ] {
        assert_eq!(found(&place, query), [name], "{query}");
    }
    for query in
        ["date:1993-07-01", "time:0..6 year:1993", "place:paris", "rating:5", "text:lisbon"]
    {
        assert_eq!(found(&place, query), [""; 0], "{query}");
    }

    // A changed sidecar is a changed photo, and costs no second encoding.
    fs::write(place.photos().join("scan.jxl.xmp"), sidecar("Irène Joliot")).expect("a sidecar");
    let run = place.index();
    assert_eq!((&run["encoded"], &run["failed"]), (&0.into(), &0.into()), "{run}");
    assert_eq!(found(&place, "person:joliot"), ["scan.jxl"]);
    assert_eq!(found(&place, "person:curie"), [""; 0]);
}
