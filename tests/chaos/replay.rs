//! A recorded run stopped after any of its operations, by a kill and by a power cut.

use crate::findings::{Findings, rounds, seed};
use crate::operation::Operation;
use crate::power;
use crate::random::Random;
use crate::recording::Recording;
use crate::subject::Subject;
use crate::verdict::{Promise, watermark_of};

/// Stops `recording` as often as the test `name` has rounds and looks at each library. With as many rounds as it has
/// operations, each is once the last one before a kill and once before a power cut.
pub fn stop_anywhere(name: &str, recording: &Recording) {
    let mut findings = Findings::new(name);
    stop_often(recording, rounds(name) as usize, &mut findings);
    findings.report();
}

/// Stops `recording` so many times.
pub fn stop_often(recording: &Recording, rounds: usize, findings: &mut Findings) {
    let total = recording.operations.len();
    for round in 0..rounds {
        let mut random = Random::of(seed(), round as u64);
        // Even rounds are kills, odd ones power cuts; each half is spread over all operations.
        let (half, halves) = (round / 2, rounds.div_ceil(2));
        let (from, to) = (half * total / halves, (half + 1) * total / halves);
        let count = from + 1 + random.index(to.max(from + 1) - from);
        let power_cut = round % 2 == 1;
        stop_after(recording, count, power_cut, random, findings);
    }
}

fn stop_after(
    recording: &Recording,
    count: usize,
    power_cut: bool,
    mut random: Random,
    findings: &mut Findings,
) {
    let way = if power_cut { "power cut" } else { "kill" };
    let total = recording.operations.len();
    let moment = format!("{way} after operation {count} of {total}");
    let stopped = tempfile::tempdir().expect("temporary folder");
    let library = stopped.path().join("library");
    let disk = recording.disk_after(count);
    match power_cut {
        true => power::write_remains(&disk, &library, Random::of(random.next(), 0)),
        false => disk.write_visible(&library),
    }
    let done = &recording.operations[..count];
    let promise = Promise {
        before: &recording.before,
        after: &recording.after,
        folder: &recording.folder,
        watermark: written(recording, done),
        finished: done.iter().any(says_finished),
        prune: recording.prune,
    };
    let untouched = stopped.path().join("untouched");
    crate::findings::copy_folder(&library, &untouched);
    let subject = Subject { place: &recording.place, library, model: recording.model.clone() };
    let verdict = (recording.verdict)(&subject, &promise);
    findings.take(&moment, verdict, &untouched, &recording.place.photos());
}

/// The last change that the program knew to be written: it writes its number into the head.
fn written(recording: &Recording, done: &[Operation]) -> u64 {
    let base = crate::verdict::watermark(&recording.base);
    let heads = done.iter().filter_map(|operation| match operation {
        Operation::Write { offset: 0, data, .. } if data.starts_with(b"seercat\0") => {
            Some(watermark_of(data))
        }
        _ => None,
    });
    heads.fold(base, u64::max)
}

/// The end of a run over photos, or the list that `seer models` ends with.
fn says_finished(operation: &Operation) -> bool {
    let ends = ["\"event\":\"finished\"", "\"in_use\":"];
    matches!(operation, Operation::Said(text) if ends.iter().any(|end| text.contains(end)))
}
