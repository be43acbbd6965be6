//! The hand-over with real threads; with all their orders: `src/kernels/tests/hand_over.rs`.

use std::panic::catch_unwind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::hand_over::Team;
use super::sync::WATCH;

fn next<I: Iterator>(items: &Mutex<I>) -> Option<I::Item> {
    items.lock().expect("no panic while it is held").next()
}

/// Sums 1 to `count`, piece by piece, on `threads` threads of a team of its own.
fn sum(team: &'static Team, threads: usize, count: usize) -> usize {
    let (items, sum) = (Mutex::new(1..=count), AtomicUsize::new(0));
    team.run(threads, &|| {
        while let Some(item) = next(&items) {
            sum.fetch_add(item, Ordering::Relaxed);
        }
    });
    sum.into_inner()
}

fn team() -> &'static Team {
    Box::leak(Box::new(Team::new()))
}

#[test]
fn many_jobs_with_and_without_sleep_between_them() {
    let team = team();
    for round in 0..20_000 {
        assert_eq!(sum(team, 1 + round % 5, 20), 210);
        if round % 1000 == 0 {
            std::thread::sleep(2 * WATCH);
        }
    }
    assert_eq!(team.helpers().0, 4);
}

#[test]
fn callers_at_once_and_jobs_within_jobs() {
    let team = team();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..2000).for_each(|_| assert_eq!(sum(team, 3, 20), 210)));
        }
    });
    let inner = AtomicUsize::new(0);
    let runs = AtomicUsize::new(0);
    team.run(3, &|| {
        runs.fetch_add(1, Ordering::Relaxed);
        inner.fetch_add(sum(team, 3, 20), Ordering::Relaxed);
    });
    assert_eq!(inner.into_inner(), 210 * runs.into_inner());
}

#[test]
fn helpers_really_help() {
    let team = team();
    // Each waits for the other: one thread alone would never end.
    let meeting = std::sync::Barrier::new(3);
    team.run(3, &|| {
        meeting.wait();
    });
}

#[test]
fn a_panic_anywhere_comes_out_and_the_team_lives_on() {
    let team = team();
    let caller = std::thread::current().id();
    for by_caller in [true, false] {
        let meeting = std::sync::Barrier::new(2);
        let result = catch_unwind(|| {
            team.run(2, &|| {
                meeting.wait();
                assert!((std::thread::current().id() == caller) != by_caller, "as planned");
            });
        });
        let panic = result.expect_err("a panic");
        assert!(panic.downcast_ref::<&str>().is_some_and(|text| *text == "as planned"));
        assert_eq!(sum(team, 2, 100), 5050);
    }
}

#[test]
fn idle_helpers_sleep() {
    let team = team();
    sum(team, 3, 10);
    let end = Instant::now() + Duration::from_secs(20);
    while team.helpers().1 < 2 {
        assert!(Instant::now() < end, "helpers still awake");
        std::thread::sleep(WATCH);
    }
}
