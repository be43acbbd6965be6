//! Runs that end well, fail and panic, one after the other.

use super::*;

/// A job whose runs do what the name of their first folder says.
fn job() -> IndexJob {
    IndexJob::over(
        Arc::new(|errand, _, events| {
            let Errand::Asked(order) = errand else { panic!("nothing is watched") };
            events(IndexEvent::Progress(IndexProgress {
                phase: IndexPhase::Encoding,
                ..Default::default()
            }));
            match order.folders[0].to_str() {
                Some("good") => Ok(IndexSummary { photos: 7, ..Default::default() }),
                Some("bad") => Err(IndexError::NothingNamed.into()),
                _ => panic!("number {}", 3),
            }
        }),
        Box::new(NoModel),
    )
}

struct NoModel;

impl Models for NoModel {
    fn switch(&self, _: &SpaceEntry) -> anyhow::Result<()> {
        anyhow::bail!("there is no model")
    }

    fn has(&self, _: &str) -> bool {
        false
    }

    fn may_fetch(&self) -> bool {
        false
    }
}

fn order(folder: &str) -> IndexOrder {
    IndexOrder { folders: vec![folder.into()], ..IndexOrder::default() }
}

/// Starts a run and waits for its end.
fn run(job: &IndexJob, folder: &str) -> RunState {
    let number = job.start(order(folder)).unwrap();
    let thread = lock(&job.shared).thread.take().unwrap();
    thread.join().unwrap();
    let state = job.state();
    assert_eq!((state.run, state.progress.phase), (number, IndexPhase::Idle), "{folder}");
    assert_eq!(state.last.as_ref().unwrap().run, number, "the end is this run's own");
    state
}

#[test]
fn every_run_has_a_number_and_an_end_of_its_own() {
    let job = job();
    assert_eq!(job.state(), RunState::default());
    let good = run(&job, "good");
    assert!(matches!(good.last.unwrap().end, RunEnd::Finished(summary) if summary.photos == 7));

    let failed = run(&job, "bad").last.unwrap();
    let RunEnd::Failed { reason, fault } = failed.end else { panic!("{failed:?}") };
    assert_eq!((failed.run, fault), (2, Fault::User));
    assert!(reason.contains("nothing to index"), "{reason}");

    let panicked = run(&job, "panic").last.unwrap();
    let RunEnd::Failed { reason, fault } = panicked.end else { panic!("{panicked:?}") };
    assert_eq!((panicked.run, fault), (3, Fault::Bug));
    assert!(reason.contains("number 3"), "{reason}");

    assert!(matches!(run(&job, "good").last.unwrap().end, RunEnd::Finished(_)));
}

#[test]
fn a_second_run_waits_for_the_end_of_the_first() {
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let job = IndexJob::over(
        Arc::new(move |_, _, _| {
            let _ = wait.lock().unwrap().recv();
            Ok(IndexSummary::default())
        }),
        Box::new(NoModel),
    );
    assert_eq!(job.start(order("a")), Ok(1));
    assert!(job.start(order("b")).unwrap_err().contains("going on"));
    assert_eq!(job.state().last, None);
    go.send(()).unwrap();
    job.finish();
    assert_eq!(job.state().last.unwrap().run, 1);
}

/// A job whose runs go on until they are stopped; those that were asked for end at once.
fn patient() -> IndexJob {
    IndexJob::over(
        Arc::new(|errand, cancel, _| {
            while matches!(errand, Errand::Watched(_)) && !cancel.is_cancelled() {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            Ok(IndexSummary { interrupted: cancel.is_cancelled(), ..Default::default() })
        }),
        Box::new(NoModel),
    )
}

#[test]
fn what_somebody_asks_for_goes_before_what_watching_found() {
    let job = patient();
    assert_eq!(job.start_watched(Look::default()), Some(1));
    assert_eq!(job.start_watched(Look::default()), None, "one at a time");
    assert_eq!(job.start(order("asked")), Ok(2));
    assert!(job.made_way(1) && !job.made_way(2));
    job.finish();
    assert_eq!(job.start_watched(Look::default()), None, "they read how it ended first");
    assert_eq!(job.state().last.unwrap().run, 2);
}

#[test]
fn watching_begins_nothing_while_somebody_wants_none() {
    let job = patient();
    let way = job.make_way();
    assert_eq!(job.start_watched(Look::default()), None);
    drop(way);
    assert_eq!(job.start_watched(Look::default()), Some(1));
    job.finish();
    assert!(!job.made_way(1), "it was stopped, not put off");
}
