//! Analysts look at photos once they can be found; what they find is kept, whatever stops them.

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use common::{Desk, notices};
use seer_engine::{Analysis, Analyst, LookError, Told};
use seer_images::DecodeOptions;
use seer_indexer::{Cancel, IndexOptions, run};
use seer_types::{IndexEvent, IndexPhase};

/// Finds a sentence in every picture, as far as it is allowed to.
struct Counting {
    looked: AtomicUsize,
    allowed: usize,
}

impl Counting {
    fn new(allowed: usize) -> Arc<Self> {
        Arc::new(Self { looked: AtomicUsize::new(0), allowed })
    }
}

impl Analyst for Counting {
    fn analysis(&self) -> Analysis {
        Analysis::lines()
    }

    fn phase(&self) -> IndexPhase {
        IndexPhase::Describing
    }

    fn at_once(&self) -> usize {
        3
    }

    fn look(&self, bytes: &[u8], options: &DecodeOptions) -> Result<Told, LookError> {
        let seen = seer_images::decode_visible(bytes, options, 100)?;
        match self.looked.fetch_add(1, Ordering::SeqCst) {
            before if before < self.allowed => {
                Ok(Told::Caption(Some(format!("{} pixels across", seen.width()))))
            }
            _ => Err(LookError::Failed("the device is gone".to_owned())),
        }
    }
}

fn with(analyst: &Arc<Counting>) -> IndexOptions {
    IndexOptions { analysts: vec![analyst.clone()], ..IndexOptions::default() }
}

#[test]
fn each_photo_is_looked_at_once() {
    let desk = Desk::with(40);
    std::fs::copy(desk.path("0.png"), desk.path("copy.png")).unwrap();
    let analyst = Counting::new(usize::MAX);
    let run = desk.index_with(&with(&analyst));
    assert_eq!((run.encoded, run.described, run.interrupted), (40, 40, false));
    let caption = desk.record("7.png").facts.generated_caption;
    assert_eq!(caption.as_deref(), Some("24 pixels across"));
    desk.picture("new.png", 900);
    assert_eq!(desk.index_with(&with(&analyst)).described, 1);
    assert_eq!(analyst.looked.load(Ordering::SeqCst), 41);
}

#[test]
fn what_was_found_before_a_stop_stays() {
    let desk = Desk::with(60);
    desk.index();
    let analyst = Counting::new(usize::MAX);
    let cancel = Cancel::new();
    let stop = |event: IndexEvent| {
        let looking = |p: &seer_types::IndexProgress| p.phase == IndexPhase::Describing;
        if matches!(&event, IndexEvent::Progress(p) if looking(p)) {
            cancel.cancel();
        }
    };
    let model = desk.library.model().unwrap();
    let first = run(&desk.library, &model, desk.all(), &with(&analyst), &cancel, &stop).unwrap();
    assert!(first.interrupted && first.described < 60, "{first:?}");
    let second = desk.index_with(&with(&analyst));
    assert_eq!((first.described + second.described, second.interrupted), (60, false));
}

#[test]
fn an_analyst_that_fails_is_told_and_the_photos_stay() {
    let desk = Desk::with(20);
    let events = Mutex::new(Vec::new());
    let listen = |event| events.lock().unwrap().push(event);
    let model = desk.library.model().unwrap();
    let options = with(&Counting::new(5));
    let run = run(&desk.library, &model, desk.all(), &options, &Cancel::new(), &listen).unwrap();
    assert_eq!((run.encoded, run.described, run.photos), (20, 5, 20));
    assert!(!run.interrupted, "nobody stopped it");
    let events = events.into_inner().unwrap();
    let told = notices(&events);
    assert!(told.iter().any(|notice| notice.contains("the device is gone")), "{told:?}");
    assert_eq!(desk.index_with(&with(&Counting::new(99))).described, 15);
}

#[test]
fn files_that_changed_or_are_gone_wait() {
    let desk = Desk::with(4);
    desk.index();
    desk.delete("0.png");
    std::fs::write(desk.path("1.png"), std::fs::read(desk.path("2.png")).unwrap()).unwrap();
    // The run before noted both; this one only looks, as a folder elsewhere is walked.
    let elsewhere = desk.base.join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    common::picture(&elsewhere.join("x.png"), 77);
    let (run, _) = desk.run(&[elsewhere], &with(&Counting::new(usize::MAX)));
    assert_eq!(run.unwrap().described, 3, "2.png, 3.png and x.png");
}
