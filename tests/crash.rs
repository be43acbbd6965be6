//! `seer index` killed without warning (SIGKILL) at random moments and started again.
//!
//! What was committed before the kill is there afterwards, is not read or encoded again, and
//! every photo is there once in the end. The moments are random with a fixed seed.

mod support;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use support::Place;

const PHOTOS: u64 = 1000;
const KILLS: u64 = 8;

/// A small picture of its own content, in the plainest format there is.
fn write_picture(path: &Path, number: u64) {
    let mut bytes = b"P6 32 24 255\n".to_vec();
    bytes.extend(number.to_le_bytes());
    bytes.extend((8..32 * 24 * 3).map(|i: u64| (i * (number + 3)) as u8));
    std::fs::write(path, bytes).expect("write picture");
}

/// Numbers that look random and are the same in every run (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Starts a run and kills it `pause` after its plan was told (or before, for `None`); the
/// number of files that the plan called unchanged, if it came to it.
fn killed_run(place: &Place, pause: Option<Duration>) -> Option<u64> {
    let photos = place.photos();
    let mut command = place.command(&["index", "--json", photos.to_str().expect("text")]);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("seer starts");
    // Read, and not closed before the kill: a closed pipe would end the run in its own way.
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let mut unchanged = None;
    if let Some(pause) = pause {
        for line in lines.by_ref().map_while(Result::ok) {
            let event: serde_json::Value = serde_json::from_str(&line).expect("JSON");
            if event["event"] == "planned" {
                unchanged = event["unchanged"].as_u64();
                break;
            }
        }
        std::thread::sleep(pause);
    }
    child.kill().expect("kill"); // SIGKILL on Unix: no handler runs
    child.wait().expect("wait");
    unchanged
}

fn photos_and_files(place: &Place) -> (u64, u64) {
    let ran = place.seer(&["status", "--json"]);
    if ran.code != 0 {
        assert!(ran.err.contains("no library"), "{ran:?}");
        return (0, 0);
    }
    let status = &ran.json()[0];
    (status["photos"].as_u64().expect("photos"), status["files"].as_u64().expect("files"))
}

#[test]
fn a_killed_run_loses_and_repeats_nothing_that_was_committed() {
    let place = Place::empty();
    for number in 0..PHOTOS {
        write_picture(&place.photos().join(format!("{number}.ppm")), number);
    }
    let mut random = Random(20_261_121);
    let mut committed = 0;
    assert_eq!(killed_run(&place, None), None);
    for _ in 0..KILLS {
        let pause = Duration::from_millis(random.below(300));
        let unchanged = killed_run(&place, Some(pause));
        assert_eq!(unchanged, Some(committed), "all that was committed is known and unchanged");
        let (photos, files) = photos_and_files(&place);
        assert!(photos >= committed, "{photos} photos after {committed}: a commit was lost");
        assert_eq!(photos, files, "each photo has its one file");
        committed = photos;
    }
    let last = place.index();
    assert_eq!(last["plan"]["unchanged"], committed);
    assert_eq!(last["encoded"], PHOTOS - committed, "nothing committed is encoded again");
    assert_eq!((last["recognised"].as_u64(), last["failed"].as_u64()), (Some(0), Some(0)));
    assert_eq!(photos_and_files(&place), (PHOTOS, PHOTOS));
    let ran = place.seer(&["search", "--all", "-k", "1000", "anything"]);
    let mut found = ran.lines();
    found.sort_unstable();
    found.dedup();
    assert_eq!(found.len() as u64, PHOTOS, "each photo is found once");
    assert_eq!(ran.lines().len() as u64, PHOTOS);
}
