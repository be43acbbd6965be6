//! Changes of models, kinds of index and copies killed with SIGKILL at random moments.

use std::process::Stdio;
use std::time::Duration;

use crate::deed::{Deed, first, second};
use crate::findings::{Findings, copy_folder, rounds, seed};
use crate::random::Random;
use crate::recording::Scene;
use crate::subject::Subject;
use crate::verdict::Promise;

/// Photos at the beginning: enough for lists of vectors.
const PHOTOS: u64 = 560;

const DEEDS: [Deed; 7] = [
    Deed::Fill,
    Deed::Use,
    Deed::Forget,
    Deed::Index("lists"),
    Deed::Copy,
    Deed::Index("hnsw"),
    Deed::Index("exact"),
];

pub fn kill_at_random_moments() {
    let name = "spaces at random moments";
    let mut findings = Findings::new(name);
    let mut scene = Scene::in_both_models(PHOTOS);
    // Longest pause before a kill, for each deed: about as long as the deed takes.
    let mut spans = [Duration::from_millis(400); DEEDS.len()];
    let mut in_time = 0;
    for round in 0..rounds(name) {
        let mut random = Random::of(seed(), 2_000_000 + round);
        let number = round as usize % DEEDS.len();
        let span = &mut spans[number];
        let before = *span;
        let fine = scene.kill(round, DEEDS[number], span, &mut random, &mut findings);
        // It becomes longer after a kill that came before the end.
        in_time += u64::from(*span > before);
        if !fine {
            scene = Scene::in_both_models(PHOTOS);
        }
    }
    println!("chaos: {name}: {in_time} kills came before the end");
    findings.report();
}

impl Scene {
    /// Does a deed, kills it, and looks at the library; whether it is in order.
    fn kill(
        &mut self,
        round: u64,
        deed: Deed,
        span: &mut Duration,
        random: &mut Random,
        findings: &mut Findings,
    ) -> bool {
        self.prepare(deed);
        let subject = Subject::of(&self.place, &first());
        let pause = Duration::from_micros(random.below(span.as_micros() as u64));
        let ended = killed(&subject, deed, pause);
        // Nearer to what the deed takes: longer pauses come too late, shorter ones too early.
        *span = match ended {
            true => (*span * 2 / 3).max(Duration::from_millis(5)),
            false => (*span * 5 / 4).min(Duration::from_secs(5)),
        };
        let untouched = tempfile::tempdir().expect("temporary folder");
        let stopped = untouched.path().join("library");
        copy_folder(&subject.library, &stopped);
        let promise = Promise {
            before: &self.before,
            after: &self.before,
            folder: &self.before,
            watermark: 0,
            finished: false,
            prune: false,
        };
        let verdict = (deed.verdict())(&subject, &promise);
        let fine = verdict.is_ok();
        let moment = format!("round {round}, {deed:?}, {} ms in", pause.as_millis());
        findings.take(&moment, verdict, &stopped, &self.place.photos());
        fine
    }

    /// Makes what the deed begins with.
    fn prepare(&mut self, deed: Deed) {
        match deed {
            Deed::Fill => {
                let model = second();
                let forget = ["models", "forget", model.to_str().expect("text path")];
                let ran = Subject::of(&self.place, &first()).run(&forget);
                assert_eq!(ran.code, 0, "{ran:?}");
            }
            Deed::Copy => {
                let from = crate::deed::source(&self.place);
                let _ = std::fs::remove_dir_all(&from);
                std::fs::rename(self.place.library(), from).expect("moved aside");
            }
            _ => {}
        }
    }
}

/// Whether it had ended by itself before the kill.
fn killed(subject: &Subject<'_>, deed: Deed, pause: Duration) -> bool {
    let mut command = deed.command(subject);
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("seer starts");
    std::thread::sleep(pause);
    let ended = child.try_wait().expect("a child").is_some();
    child.kill().expect("kill"); // SIGKILL on Unix: no handler runs
    child.wait().expect("wait");
    ended
}
