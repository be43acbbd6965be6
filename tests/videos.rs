//! Videos in a folder: found by what is in any of their frames, with its second; those that need another
//! program are counted and named, and read once one is.

mod support;

use std::fs;
use std::path::Path;

use seer_images::{Limits, decode};
use seer_types::{ColorOrder, CropRounding, Interpolation, PreprocessSpec, ResizeMode};
use serde_json::Value;
use support::{Place, Ran, fixture};

fn put(place: &Place, name: &str, clip: &str) {
    fs::copy(fixture("videos").join(clip), place.photos().join(name)).expect("a clip");
}

/// One of the three scenes of the clips, as FFmpeg shows it.
fn scene(place: &Place, number: usize) -> String {
    let png = fs::read(fixture("videos/h264.mp4.png")).expect("the scenes");
    let all = decode(&png, &Limits::default()).expect("a PNG");
    let (width, height) = (all.width(), all.height());
    let spec = PreprocessSpec {
        width,
        height,
        resize: ResizeMode::Squash,
        interpolation: Interpolation::Bilinear,
        crop: CropRounding::Floor,
        order: ColorOrder::ConvertFirst,
        mean: [0.0; 3],
        std: [1.0; 3],
    };
    let pixels = all.prepare(&spec);
    let one = pixels.rgb().len() / 3;
    let head = format!("P6 {width} {} 255\n", height / 3);
    let file = place.photos().parent().expect("a folder").join(format!("scene-{number}.ppm"));
    let pixels = &pixels.rgb()[number * one..][..one];
    fs::write(&file, [head.as_bytes(), pixels].concat()).expect("written");
    file.to_str().expect("text path").to_owned()
}

fn names(ran: &Ran) -> Vec<String> {
    let name = |line: &&str| line.rsplit('/').next().unwrap_or(line).to_owned();
    ran.lines().iter().map(name).collect()
}

fn found(place: &Place, query: &str) -> Vec<String> {
    let ran = place.seer(&["search", "--all", query]);
    assert!(ran.code < 2, "{query}: {ran:?}");
    names(&ran)
}

/// The only hit of a picture among videos.
fn nearest(place: &Place, picture: &str) -> Value {
    let hits = place.seer(&["search", "--json", picture]).json();
    hits.into_iter().next().expect("a hit")
}

#[test]
fn a_video_is_found_by_a_later_frame_with_its_second() {
    let place = Place::empty();
    put(&place, "holiday.mp4", "h264.mp4");
    fs::copy(fixture("images/0_landscape.jpg"), place.photos().join("other.jpg")).expect("copied");
    let run = place.index();
    assert_eq!((&run["encoded"], &run["failed"]), (&2.into(), &0.into()), "{run}");
    for (number, second) in [(0, 0.0), (1, 2.0), (2, 4.0)] {
        let hit = nearest(&place, &scene(&place, number));
        assert!(hit["path"].as_str().expect("a path").ends_with("holiday.mp4"), "{hit}");
        assert_eq!(hit["at_second"].as_f64(), Some(second), "{hit}");
        assert_eq!(hit["video"]["frames"], serde_json::json!([0.0, 2.0, 4.0]), "{hit}");
        assert_eq!((&hit["width"], &hit["height"]), (&160.into(), &120.into()), "{hit}");
    }
    for query in ["date:2019-07-14", "type:mp4", "near:36.4,-5.1,30km"] {
        assert_eq!(found(&place, query), ["holiday.mp4"], "{query}");
    }

    // Of a video like others all frames count, and itself is left out.
    let id = nearest(&place, &scene(&place, 0))["id"].as_str().expect("an id").to_owned();
    assert_eq!(found(&place, &format!("like:{id}")), ["other.jpg"]);

    // A moved one is known, and an unchanged one is not read again.
    let (old, new) = (place.photos().join("holiday.mp4"), place.photos().join("moved.mp4"));
    fs::rename(old, new).expect("moved");
    let run = place.index();
    assert_eq!((&run["encoded"], &run["failed"]), (&0.into(), &0.into()), "{run}");
    assert_eq!(found(&place, "type:mp4"), ["moved.mp4"]);
    assert_eq!(nearest(&place, &scene(&place, 2))["at_second"].as_f64(), Some(4.0));
    assert_eq!(place.seer(&["check"]).code, 0);
}

#[test]
fn a_frame_is_no_copy_of_a_photo() {
    let place = Place::empty();
    put(&place, "a.mp4", "h264.mp4");
    // Recompressed: the same film.
    put(&place, "b.mov", "hevc-ten.mov");
    // Ends after its first frame.
    put(&place, "c.mp4", "one-frame.mp4");
    fs::copy(scene(&place, 0), place.photos().join("d.ppm")).expect("copied");
    let run = place.index();
    assert_eq!((&run["encoded"], &run["failed"]), (&4.into(), &0.into()), "{run}");
    let groups = place.seer(&["duplicates", "--json"]).json();
    let of = |group: &Value| -> Vec<String> {
        let photos = group["photos"].as_array().or(group.as_array()).expect("photos");
        let path = |photo: &Value| photo["files"][0]["path"].as_str().expect("a path").to_owned();
        photos.iter().map(path).map(|path| path.rsplit('/').next().unwrap().to_owned()).collect()
    };
    let mut groups: Vec<Vec<String>> = groups.iter().map(of).collect();
    groups.iter_mut().for_each(|group| group.sort());
    assert_eq!(groups, [["a.mp4", "b.mov"]]);
}

/// What a browser asks for to play one.
#[test]
fn a_part_of_a_video_can_be_asked_for() {
    let place = Place::empty();
    put(&place, "holiday.mp4", "h264.mp4");
    place.index();
    let id = nearest(&place, &scene(&place, 0))["id"].as_str().expect("an id").to_owned();
    let server = place.serve(&[]);
    let base = server.url.split('?').next().expect("url").to_owned();
    let whole = fs::read(fixture("videos/h264.mp4")).expect("a clip");
    let path = format!("{base}api/photos/{id}/original");
    let request = ureq::get(&path).header("Range", "bytes=100-199");
    let mut answer = request.call().expect("an answer");
    assert_eq!(answer.status(), 206);
    assert_eq!(answer.headers()["content-type"], "video/mp4");
    assert_eq!(answer.headers()["content-range"], format!("bytes 100-199/{}", whole.len()));
    assert_eq!(answer.body_mut().read_to_vec().expect("bytes"), whole[100..200]);
    // As a picture it is a frame, in any size.
    for path in [format!("{path}?view=1"), format!("{base}api/photos/{id}/thumbnail?size=2048")] {
        let mut answer = ureq::get(&path).call().expect("an answer");
        assert_eq!(answer.headers()["content-type"], "image/jpeg", "{path}");
        let jpeg = answer.body_mut().read_to_vec().expect("bytes");
        let picture = decode(&jpeg, &Limits::default()).expect("a JPEG");
        assert_eq!((picture.width(), picture.height()), (160, 120));
    }
    server.kill();
}

/// A program with FFmpeg's arguments: it says how long the film is, and has one picture.
#[cfg(unix)]
fn program(folder: &Path) -> String {
    use std::os::unix::fs::PermissionsExt;

    let file = folder.join("ffmpeg");
    let script = "#!/bin/sh\n\
        case \"$*\" in\n\
        *image2pipe*) cat \"$(dirname \"$0\")/frame.ppm\" ;;\n\
        *) echo '  Duration: 00:00:03.00, start: 0.000000' >&2 ;;\n\
        esac\n";
    fs::write(&file, script).expect("written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("executable");
    file.to_str().expect("text path").to_owned()
}

#[cfg(unix)]
#[test]
fn other_videos_are_counted_and_named_until_a_program_reads_them() {
    let place = Place::empty();
    put(&place, "web.webm", "vp9.webm");
    put(&place, "old.avi", "mpeg4.avi");
    let run = place.index();
    assert_eq!((&run["encoded"], &run["failed"]), (&0.into(), &2.into()), "{run}");
    let failures = format!("{:?}", place.seer(&["failures"]));
    for reason in ["videos coded as VP9 cannot be read", "AVI videos cannot be read", "--ffmpeg"] {
        assert!(failures.contains(reason), "{failures}");
    }

    // Not named: not tried again.
    let run = place.index();
    assert_eq!(run["failed"], 0, "{run}");
    let folder = place.photos().parent().expect("a folder").to_path_buf();
    fs::rename(scene(&place, 1), folder.join("frame.ppm")).expect("a frame");
    let photos = place.photos().to_str().expect("text path").to_owned();
    let run = place.seer(&["index", "--json", "--ffmpeg", &program(&folder), &photos]).finished();
    assert_eq!((&run["encoded"], &run["failed"]), (&2.into(), &0.into()), "{run}");
    let hit = nearest(&place, &scene(&place, 1));
    assert_eq!(
        hit["video"]["frames"].as_array().map(Vec::len),
        Some(if hit["format"] == "webm" { 6 } else { 3 })
    );
    assert!(place.seer(&["failures"]).lines().is_empty());
}
