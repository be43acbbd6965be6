//! The real program is stopped without warning, at random moments and at recorded ones, while it
//! indexes, serves, saves, prunes, changes its model, closes, upgrades, restores and repairs, fills,
//! chooses and forgets models, builds indexes and copies libraries. After each stop the library opens by itself, has all that was written, agrees with itself (`seer
//! check`), answers, and indexing finishes the work.
//!
//! `cargo test -p seer --test chaos` has 60 rounds. `SEER_CHAOS_ROUNDS` and `SEER_CHAOS_SEED` ask
//! for more and for other ones (`docs/RELIABILITY.md`). A failing round prints its seed and moment
//! and keeps the library as the stop left it, with the photos, in the temporary folder.
#![cfg(target_os = "linux")]

mod album;
mod call;
mod deed;
mod disk;
mod findings;
mod moments;
mod moments_spaces;
mod operation;
mod power;
mod random;
mod recorder;
mod recording;
mod replay;
mod subject;
#[path = "../support/mod.rs"]
mod support;
mod verdict;
mod verdict_spaces;

use deed::Deed;
use findings::{Findings, rounds};
use random::Random;
use recording::{Scene, possible};
use replay::{stop_anywhere, stop_often};
use support::{OLD_LIBRARIES, fixture};

#[test]
fn killed_at_random_moments() {
    moments::kill_at_random_moments();
}

#[test]
fn a_first_run_can_be_stopped_anywhere() {
    if possible() {
        stop_anywhere("first run", &Scene::new(70, &fixture("clip-tiny")).record_index(false));
    }
}

#[test]
fn a_run_over_a_changed_folder_can_be_stopped_anywhere() {
    if possible() {
        let mut random = Random::of(findings::seed(), 1);
        let scene = Scene::indexed(100, &fixture("clip-tiny")).disturbed(&mut random, 100);
        stop_anywhere("changes", &scene.record_index(false));
    }
}

#[test]
fn pruning_can_be_stopped_anywhere() {
    if possible() {
        let mut random = Random::of(findings::seed(), 2);
        let mut scene = Scene::indexed(60, &fixture("clip-tiny")).disturbed(&mut random, 10);
        scene.album.empty_a_folder(&mut random);
        stop_anywhere("prune", &scene.record_index(true));
    }
}

#[test]
fn a_change_of_the_model_can_be_stopped_anywhere() {
    if possible() {
        let mut random = Random::of(findings::seed(), 3);
        let mut scene = Scene::indexed(60, &fixture("clip-tiny")).disturbed(&mut random, 10);
        scene.model = fixture("metaclip2-tiny");
        stop_anywhere("other model", &scene.record_index(false));
    }
}

#[test]
fn a_server_can_be_stopped_anywhere() {
    if possible() {
        let mut random = Random::of(findings::seed(), 4);
        let scene = Scene::indexed(60, &fixture("clip-tiny")).disturbed(&mut random, 40);
        stop_anywhere("serve", &scene.record_serve());
    }
}

#[test]
fn a_restore_can_be_stopped_anywhere() {
    if possible() {
        let mut random = Random::of(findings::seed(), 6);
        let scene = Scene::indexed(60, &fixture("clip-tiny"));
        stop_anywhere("restore", &scene.record_restore(&mut random));
    }
}

#[test]
fn a_repair_can_be_stopped_anywhere() {
    if possible() {
        let mut random = Random::of(findings::seed(), 7);
        let scene = Scene::indexed(60, &fixture("clip-tiny"));
        stop_anywhere("repair", &scene.record_repair(&mut random));
    }
}

#[test]
fn an_upgrade_can_be_stopped_anywhere() {
    if possible() {
        let mut findings = Findings::new("upgrade");
        let rounds = rounds("upgrade").div_ceil(OLD_LIBRARIES.len() as u64) as usize;
        for (number, name) in OLD_LIBRARIES.iter().enumerate() {
            let mut random = Random::of(findings::seed(), 10 + number as u64);
            let scene = Scene::older(name, 20, &fixture("clip-tiny")).disturbed(&mut random, 10);
            stop_often(&scene.record_index(false), rounds, &mut findings);
        }
        findings.report();
    }
}

#[test]
fn the_run_after_a_stop_can_be_stopped_anywhere() {
    if possible() {
        let mut random = Random::of(findings::seed(), 5);
        let scene = Scene::indexed(60, &fixture("clip-tiny")).disturbed(&mut random, 40);
        let first = scene.record_index(false);
        let count = random.index(first.operations.len());
        stop_anywhere("recovery", &first.resumed_after(count).record_index(false));
    }
}

#[test]
fn changes_of_models_and_indexes_are_killed_at_random_moments() {
    moments_spaces::kill_at_random_moments();
}

#[test]
fn filling_a_second_model_can_be_stopped_anywhere() {
    if possible() {
        let scene = Scene::indexed(60, &deed::first());
        stop_anywhere("second model", &scene.record_deed(Deed::Fill));
    }
}

#[test]
fn a_choice_of_the_model_can_be_stopped_anywhere() {
    if possible() {
        stop_anywhere("use a model", &Scene::in_both_models(60).record_deed(Deed::Use));
    }
}

#[test]
fn forgetting_a_model_can_be_stopped_anywhere() {
    if possible() {
        stop_anywhere("forget a model", &Scene::in_both_models(60).record_deed(Deed::Forget));
    }
}

#[test]
fn building_lists_of_vectors_can_be_stopped_anywhere() {
    if possible() {
        let recording = Scene::in_both_models(560).record_deed(Deed::Index("lists"));
        assert!(recording.begins_file("lists"), "too few photos for lists");
        stop_anywhere("lists", &recording);
    }
}

#[test]
fn building_a_graph_can_be_stopped_anywhere() {
    if possible() {
        let recording = Scene::in_both_models(4200).record_deed(Deed::Index("hnsw"));
        assert!(recording.begins_file("graphs"), "too few photos for a graph");
        stop_anywhere("graph", &recording);
    }
}

#[test]
fn a_copy_can_be_stopped_anywhere() {
    if possible() {
        let scene = Scene::in_both_models(60).set_aside();
        stop_anywhere("copy", &scene.record_deed(Deed::Copy));
    }
}
