//! Several models in one library: one is filled beside another, queries are answered by one of them,
//! and a model's embeddings can be forgotten. Kinds of index are chosen and compared.

mod support;

use serde_json::Value;
use support::{Place, Ran};

/// The second model that every machine has: the built-in one in 8-bit numbers.
const OTHER: &str = "builtin in q8";

/// The program with the library's own model.
fn seer(place: &Place, args: &[&str]) -> Ran {
    let mut command = place.command(args);
    Ran::of(command.env_remove("SEER_MODEL").output().expect("seer starts"))
}

fn index(place: &Place) {
    ok(place, &["index", place.photos().to_str().expect("text path")]);
}

fn models(place: &Place) -> Vec<Value> {
    let status = seer(place, &["status", "--json"]);
    assert_eq!(status.code, 0, "{status:?}");
    status.json()[0]["models"].as_array().expect("a list").clone()
}

fn in_use(place: &Place) -> String {
    let models = models(place);
    let used = models.iter().find(|model| model["in_use"] == true).expect("one is in use");
    used["name"].as_str().expect("a name").to_owned()
}

/// Which photos answer a query, with their scores.
fn answer(place: &Place) -> Vec<(String, f64)> {
    let ran = seer(place, &["search", "--json", "two dogs"]);
    // 1: a model that can tell says that no photo shows any.
    assert!(ran.code < 2, "{ran:?}");
    let hit = |hit: &Value| {
        (hit["path"].as_str().expect("a path").to_owned(), hit["score"].as_f64().expect("a score"))
    };
    ran.json().iter().map(hit).collect()
}

fn ok(place: &Place, args: &[&str]) -> String {
    let ran = seer(place, args);
    assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
    format!("{}{}", ran.out, ran.err)
}

#[test]
fn a_second_model_is_filled_beside_the_first_and_used_when_wanted() {
    let place = Place::with_pictures();
    index(&place);
    assert_eq!((models(&place).len(), in_use(&place).as_str()), (1, "builtin"));
    let before = answer(&place);

    let told = ok(&place, &["index", "--dtype", "q8"]);
    assert!(told.contains("seer models use \"builtin in q8\""), "{told}");
    let both = models(&place);
    assert_eq!((both.len(), in_use(&place).as_str()), (2, "builtin"));
    assert!(both.iter().all(|model| model["lacking"] == 0 && model["encoded"] != 0), "{both:?}");
    assert_eq!(answer(&place), before, "the first one answers");

    ok(&place, &["models", "use", OTHER]);
    assert_eq!(in_use(&place), OTHER);
    assert_ne!(answer(&place), before, "scores differ a little");
    ok(&place, &["models", "use", "builtin"]);
    assert_eq!(answer(&place), before, "and back again");

    let refused = seer(&place, &["models", "forget", "builtin"]);
    assert!(refused.code == 2 && refused.err.contains("models use"), "{refused:?}");
    let unknown = seer(&place, &["models", "use", "nosuch"]);
    assert!(unknown.code == 2 && unknown.err.contains(OTHER), "{unknown:?}");
    ok(&place, &["models", "forget", OTHER]);
    assert_eq!(models(&place).len(), 1);
    assert_eq!(answer(&place), before);
    assert_eq!(support::check(|args| seer(&place, args)), Ok(()));
}

#[test]
fn a_running_server_fills_a_second_model_and_switches() {
    let place = Place::with_pictures();
    index(&place);
    let mut command = place.command(&["serve", "--json", "--address", "127.0.0.1:0"]);
    command.env_remove("SEER_MODEL");
    let server = support::Server::start(command);
    let score = || server.get("api/search?q=two+dogs")["hits"][0]["score"].clone();
    let before = score();
    let told = ok(&place, &["index", "--dtype", "q8"]);
    assert!(told.contains("seer models use"), "{told}");
    assert_eq!((models(&place).len(), score()), (2, before.clone()));
    ok(&place, &["models", "use", OTHER]);
    assert_eq!(in_use(&place), OTHER);
    assert_ne!(score(), before);
    ok(&place, &["models", "use", "builtin"]);
    assert_eq!(score(), before);
    ok(&place, &["models", "forget", OTHER]);
    assert_eq!(models(&place).len(), 1);
}

#[test]
fn photos_that_a_model_has_not_seen_are_told() {
    let place = Place::with_pictures();
    index(&place);
    ok(&place, &["index", "--dtype", "q8"]);
    std::fs::write(place.photos().join("new.ppm"), [&b"P6 4 4 255\n"[..], &[7; 48]].concat())
        .expect("write a picture");
    index(&place);
    let told = ok(&place, &["models", "use", OTHER]);
    assert!(told.contains("1 photo") && told.contains("seer index"), "{told}");
    let searched = seer(&place, &["search", "two dogs"]);
    assert!(searched.err.contains("1 photo is not encoded"), "{searched:?}");
    ok(&place, &["index"]);
    assert!(models(&place).iter().all(|model| model["lacking"] == 0));
    assert!(!seer(&place, &["search", "two dogs"]).err.contains("not encoded"));
}

#[test]
fn a_kind_of_index_is_chosen_kept_and_compared() {
    let place = Place::with_pictures();
    index(&place);
    let before = seer(&place, &["search", "--json", "two dogs"]).out;
    for kind in ["hnsw", "lists", "exact", "auto"] {
        ok(&place, &["index", "--index", kind]);
        assert_eq!(models(&place)[0]["index"], kind);
        assert_eq!(seer(&place, &["search", "--json", "two dogs"]).out, before, "{kind}");
    }
    let odd = seer(&place, &["index", "--index", "graph"]);
    assert!(odd.code == 2 && odd.err.contains("hnsw"), "{odd:?}");
    let compared = seer(&place, &["check", "--recall", "--json"]);
    assert_eq!(compared.code, 0, "{compared:?}");
    let kinds: Vec<Value> = compared.json();
    assert_eq!(kinds.len(), 3);
    for kind in &kinds {
        assert_eq!(kind["recall_at_10"], 1.0, "so few photos are compared one by one: {kind}");
    }
    assert_eq!(kinds.iter().filter(|kind| kind["in_use"] == true).count(), 1);
}
