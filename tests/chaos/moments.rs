//! The program killed with SIGKILL at random moments of everything it does.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::album::{Album, Contents};
use crate::findings::{Findings, copy_folder, rounds, seed};
use crate::random::Random;
use crate::recording::{Scene, use_server};
use crate::subject::Subject;
use crate::support::{OLD_LIBRARIES, Place, Server, fixture};
use crate::verdict::{Promise, examine, watermark};

/// What the program is doing when it is killed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Deed {
    /// Walking, encoding, writing.
    Indexing,
    /// Writing the indexes at the end of a run.
    Saving,
    /// Closing the library after the last word.
    Closing,
    /// Ending after Ctrl-C.
    Interrupted,
    /// Forgetting the photos of an emptied folder.
    Pruning,
    /// Encoding everything with another model.
    OtherModel,
    /// Answering, making thumbnails, and indexing.
    Serving,
    /// Ending a server after Ctrl-C.
    ServerClosing,
    /// Indexing with a library that an earlier format wrote.
    Upgrading,
}

const DEEDS: [Deed; 9] = [
    Deed::Indexing,
    Deed::Saving,
    Deed::Closing,
    Deed::Interrupted,
    Deed::Pruning,
    Deed::OtherModel,
    Deed::Serving,
    Deed::ServerClosing,
    Deed::Upgrading,
];

/// The two models that take turns.
const MODELS: [&str; 2] = ["clip-tiny", "metaclip2-tiny"];

/// Photos at the beginning.
const PHOTOS: u64 = 150;

/// One library that is used, killed and looked at, again and again.
struct Life {
    place: Place,
    album: Album,
    /// What the library held when it was last in step.
    held: Contents,
    /// What it holds of folders that are not here.
    elsewhere: Contents,
    model: usize,
    /// Longest pause before a kill, for each deed: about as long as the deed takes.
    spans: [Duration; DEEDS.len()],
}

pub fn kill_at_random_moments() {
    let name = "random moments";
    let mut findings = Findings::new(name);
    let mut life = Life::new();
    for round in 0..rounds(name) {
        let mut random = Random::of(seed(), 1_000_000 + round);
        // Every deed has its turn; the order within each turn does not matter.
        let deed = DEEDS[(round as usize) % DEEDS.len()];
        if deed == Deed::Upgrading {
            Life::older(&mut random).round(round, deed, &mut random, &mut findings);
        } else if !life.round(round, deed, &mut random, &mut findings) {
            life = Life::new();
        }
    }
    findings.report();
}

impl Life {
    fn new() -> Self {
        let place = Place::empty();
        let album = Album::new(place.photos(), PHOTOS);
        Self::of(place, album, Contents::new())
    }

    /// With a library of an earlier format, and a few photos that it does not know.
    fn older(random: &mut Random) -> Self {
        let name: &str = OLD_LIBRARIES[random.index(OLD_LIBRARIES.len())];
        let scene = Scene::older(name, 20, &fixture(MODELS[0]));
        Self::of(scene.place, scene.album, scene.elsewhere)
    }

    fn of(place: Place, album: Album, elsewhere: Contents) -> Self {
        let spans = [Duration::from_millis(300); DEEDS.len()];
        Self { place, album, held: elsewhere.clone(), elsewhere, model: 0, spans }
    }

    /// Changes photos, kills the program, and looks at the library; whether it is in order.
    fn round(
        &mut self,
        round: u64,
        deed: Deed,
        random: &mut Random,
        findings: &mut Findings,
    ) -> bool {
        let changes = 10 + random.below(40);
        self.album.disturb(random, changes);
        if deed == Deed::Pruning {
            self.album.empty_a_folder(random);
        }
        if deed == Deed::OtherModel {
            self.model = 1 - self.model;
        }
        let killed = self.kill_while(deed, random);
        let subject = self.subject();
        let mut after = self.album.contents();
        after.extend(self.elsewhere.clone());
        let promise = Promise {
            before: &self.held,
            after: &after,
            folder: &after,
            watermark: watermark(&subject.library),
            finished: killed.finished,
            prune: deed == Deed::Pruning,
        };
        let untouched = tempfile::tempdir().expect("temporary folder");
        copy_folder(&subject.library, &untouched.path().join("library"));
        let verdict = examine(&subject, &promise);
        let moment = format!("round {round}, {deed:?}, {} ms in", killed.pause.as_millis());
        let fine = verdict.is_ok();
        let library = untouched.path().join("library");
        findings.take(&moment, verdict, &library, &self.place.photos());
        self.held = after;
        fine
    }

    fn subject(&self) -> Subject<'_> {
        Subject::of(&self.place, &fixture(MODELS[self.model]))
    }

    fn kill_while(&mut self, deed: Deed, random: &mut Random) -> Killed {
        let span = &mut self.spans[deed as usize];
        let pause = Duration::from_micros(random.below(span.as_micros() as u64));
        let longest = *span;
        let subject = Subject::of(&self.place, &fixture(MODELS[self.model]));
        let killed = match deed {
            Deed::Serving | Deed::ServerClosing => kill_server(&subject, deed, pause),
            _ => kill_run(&subject, deed, pause),
        };
        // Nearer to what the deed takes: longer pauses come too late, shorter ones too early.
        self.spans[deed as usize] = match killed.ended {
            true => (longest * 2 / 3).max(Duration::from_millis(5)),
            false => (longest * 5 / 4).min(Duration::from_secs(5)),
        };
        killed
    }
}

/// How a kill went.
struct Killed {
    pause: Duration,
    /// It had said that all was written.
    finished: bool,
    /// It had ended by itself before the kill.
    ended: bool,
}

fn kill_run(subject: &Subject<'_>, deed: Deed, pause: Duration) -> Killed {
    let args = subject.index_args(deed == Deed::Pruning);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut command = subject.command(&args);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("seer starts");
    // Read, and not closed before the kill: a closed pipe would end the run in its own way.
    let mut lines = Lines::of(&mut child);
    match deed {
        Deed::Saving => lines.until("\"phase\":\"saving\""),
        Deed::Closing => lines.until("\"event\":\"finished\""),
        // From the start on in every third round, else from where the work begins.
        _ if !pause.as_micros().is_multiple_of(3) => lines.until("\"event\":\"planned\""),
        _ => {}
    }
    std::thread::sleep(pause);
    if deed == Deed::Interrupted {
        interrupt(&child);
        std::thread::sleep(pause / 2);
    }
    let ended = child.try_wait().expect("a child").is_some();
    child.kill().expect("kill"); // SIGKILL on Unix: no handler runs
    child.wait().expect("wait");
    lines.until("nothing: to the end");
    // What an interrupted run had written is less than all.
    let finished = lines.last.contains("\"interrupted\":false");
    Killed { pause, finished, ended }
}

fn kill_server(subject: &Subject<'_>, deed: Deed, pause: Duration) -> Killed {
    let photos = subject.place.photos();
    let photos = photos.to_str().expect("text path");
    let mut command = subject.command(&["serve", "--json", "--address", "127.0.0.1:0", photos]);
    command.stderr(Stdio::null());
    let mut server = Server::start(command);
    use_server(&server);
    std::thread::sleep(pause);
    let ended = deed == Deed::ServerClosing && {
        server.signal("-INT");
        std::thread::sleep(pause / 2);
        server.has_ended()
    };
    server.kill();
    Killed { pause, finished: false, ended }
}

fn interrupt(child: &Child) {
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill runs").code().is_some());
}

/// What a run says, line by line.
struct Lines {
    lines: std::io::Lines<BufReader<ChildStdout>>,
    last: String,
}

impl Lines {
    fn of(child: &mut Child) -> Self {
        let lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
        Self { lines, last: String::new() }
    }

    /// Reads up to a line with `text` in it, or to the end.
    fn until(&mut self, text: &str) {
        for line in self.lines.by_ref().map_while(Result::ok) {
            self.last = line;
            if self.last.contains(text) {
                return;
            }
        }
    }
}
