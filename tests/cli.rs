//! The program as a person or a script uses it: real binary, real library, tiny model.

mod support;

use std::path::Path;

use support::{Place, fixture};

#[test]
fn help_teaches_with_examples() {
    let ran = Place::empty().seer(&["--help"]);
    assert_eq!(ran.code, 0);
    for word in ["Examples:", "seer serve", "seer search", "Exit status"] {
        assert!(ran.out.contains(word), "{word} in {}", ran.out);
    }
}

#[test]
fn without_a_library_the_error_says_what_next() {
    let ran = Place::empty().seer(&["search", "dog"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("no library") && ran.err.contains("seer index"), "{}", ran.err);
    assert_eq!(ran.out, "");
}

#[test]
fn index_then_search_gives_exact_paths_when_piped() {
    let place = Place::with_pictures();
    let summary = place.index();
    assert_eq!(summary["encoded"], 11);
    assert_eq!(summary["failed"], 0);

    let ran = place.seer(&["search", "two", "dogs", "-k", "3"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.lines().len(), 3);
    for line in ran.lines() {
        assert!(Path::new(line).is_file(), "{line}");
        assert!(line.starts_with(place.photos().to_str().unwrap()), "{line}");
    }
    let all = place.seer(&["search", "two dogs", "-k", "100"]);
    assert_eq!(all.lines().len(), 11, "min(k, photos) results, always");
    assert_eq!(ran.lines(), all.lines()[..3]);
    let page = place.seer(&["search", "two dogs", "-k", "2", "--offset", "1"]);
    assert_eq!(page.lines(), all.lines()[1..3]);
}

#[test]
fn json_and_nul_are_for_programs() {
    let place = Place::with_pictures();
    place.index();
    let ran = place.seer(&["search", "sunset", "--json", "-k", "4"]);
    let hits = ran.json();
    assert_eq!(hits.len(), 4);
    for (i, hit) in hits.iter().enumerate() {
        assert_eq!(hit["rank"], i + 1);
        assert!(Path::new(hit["path"].as_str().unwrap()).is_file());
        assert_eq!(hit["id"].as_str().unwrap().len(), 64);
        assert!(hit["score"].as_f64().unwrap() <= 1.0);
    }
    let scores: Vec<f64> = hits.iter().map(|hit| hit["score"].as_f64().unwrap()).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");

    let ran = place.seer(&["search", "sunset", "-0", "-k", "4"]);
    let paths: Vec<&[u8]> = ran.raw.split(|b| *b == 0).collect();
    assert_eq!(paths.len(), 5, "four paths, each ended by NUL");
    assert_eq!(paths[0], hits[0]["path"].as_str().unwrap().as_bytes());
}

#[test]
fn filters_narrow_and_an_empty_answer_is_exit_code_1() {
    let place = Place::with_pictures();
    place.index();
    let ran = place.seer(&["search", "anything ext:jpg"]);
    assert_eq!(ran.lines().len(), 3, "{ran:?}");
    assert!(ran.lines().iter().all(|line| line.ends_with(".jpg")));
    let ran = place.seer(&["search", "--", "-ext:jpg", "name:gray"]);
    assert_eq!(ran.lines().len(), 2, "3_gray.png and 9_gray16.png: {ran:?}");
    let ran = place.seer(&["search", "anything camera:canon"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("camera:canon"), "{}", ran.err);
}

#[test]
fn a_misspelt_filter_is_refused_with_the_right_one() {
    let place = Place::with_pictures();
    place.index();
    let ran = place.seer(&["search", "beach camra:canon"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean camera:"), "{}", ran.err);
}

#[test]
fn a_picture_finds_itself_or_others_and_mixes_with_words() {
    let place = Place::with_pictures();
    place.index();
    let picture = place.photos().join("3_gray.png");
    let picture = picture.to_str().unwrap();
    let ran = place.seer(&["search", picture]);
    assert_eq!((ran.code, ran.lines()[0]), (0, picture), "{ran:?}");
    assert_eq!(place.seer(&["search", picture, "at night"]).code, 0);

    let id = place.seer(&["search", picture, "--json", "-k", "1"]).json()[0]["id"].clone();
    let copy = place.library().with_file_name("a copy elsewhere.png");
    std::fs::copy(picture, &copy).unwrap();
    let others = |place: &Place| {
        for image in [&id.as_str().unwrap()[..8], picture, copy.to_str().unwrap()] {
            let ran = place.seer(&["similar", image]);
            assert_eq!(ran.lines().len(), 10, "all others, not itself: {ran:?}");
            assert!(!ran.lines().contains(&picture));
        }
    };
    others(&place);
    let server = place.serve(&[]);
    others(&place);
    drop(server);

    let ran = place.seer(&["similar", "/no/such.jpg"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("/no/such.jpg"), "{}", ran.err);
}

#[test]
fn a_library_that_cannot_be_made_is_told_with_one_cause() {
    let place = Place::with_pictures();
    let inside = place.photos().join("3_gray.png/library");
    let photos = place.photos();
    let args = ["index", photos.to_str().unwrap(), "--library", inside.to_str().unwrap()];
    let ran = place.seer(&args);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(ran.err.matches("os error").count(), 1, "{}", ran.err);
    assert!(ran.err.contains("cannot make the folder"), "{}", ran.err);
}

#[test]
fn a_second_run_encodes_nothing_and_moves_are_recognised() {
    let place = Place::with_pictures();
    place.index();
    let again = place.index();
    assert_eq!((&again["encoded"], &again["plan"]["unchanged"]), (&0.into(), &11.into()));

    let photos = place.photos();
    std::fs::create_dir(photos.join("moved")).unwrap();
    std::fs::rename(photos.join("8_wide.png"), photos.join("moved/wide one.png")).unwrap();
    std::fs::remove_file(photos.join("2_rgba.png")).unwrap();
    let run = place.index();
    assert_eq!((&run["encoded"], &run["photos"]), (&0.into(), &10.into()), "{run}");
    let ran = place.seer(&["search", "name:\"wide one\""]);
    assert_eq!(ran.lines(), [photos.join("moved/wide one.png").to_str().unwrap()]);
    assert_eq!(place.seer(&["search", "name:rgba"]).code, 1);
}

#[test]
fn an_emptied_folder_deletes_nothing_without_prune() {
    let place = Place::with_pictures();
    place.index();
    for entry in std::fs::read_dir(place.photos()).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    assert_eq!(place.index()["photos"], 11);
    let photos = place.photos();
    let ran = place.seer(&["index", "--json", "--prune", photos.to_str().unwrap()]);
    assert_eq!(ran.finished()["photos"], 0, "{ran:?}");
}

#[test]
fn a_bad_file_is_listed_and_never_stops_a_run() {
    let place = Place::with_pictures();
    std::fs::write(place.photos().join("broken.jpg"), b"\xff\xd8\xff\xe0 not really").unwrap();
    let summary = place.index();
    assert_eq!((&summary["encoded"], &summary["failed"]), (&11.into(), &1.into()));
    let ran = place.seer(&["failures"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("broken.jpg: "), "{}", ran.out);
    let status = place.seer(&["status", "--json"]).json().remove(0);
    assert_eq!((&status["photos"], &status["failures"]), (&11.into(), &1.into()));
}

#[test]
fn while_a_server_owns_the_library_the_commands_talk_to_it() {
    let place = Place::with_pictures();
    let server = place.serve(&[place.photos().to_str().unwrap()]);
    assert_eq!(server.wait_until_indexed()["photos"], 11);

    let here = place.seer(&["search", "two dogs", "-k", "5"]);
    assert_eq!((here.code, here.lines().len()), (0, 5), "{here:?}");
    let status = place.seer(&["status"]);
    assert!(status.out.contains("server"), "{}", status.out);

    std::fs::copy(fixture("images/3_gray.png"), place.photos().join("copy of gray.png")).unwrap();
    std::fs::remove_file(place.photos().join("8_wide.png")).unwrap();
    let run = place.index();
    assert_eq!((&run["encoded"], &run["photos"]), (&0.into(), &10.into()), "{run}");
    assert_eq!(place.seer(&["search", "name:\"copy of gray\""]).lines().len(), 1);

    let second = place.seer(&["serve"]);
    assert_eq!(second.code, 2);
    assert!(second.err.contains("runs already"), "{}", second.err);

    #[cfg(unix)]
    assert_eq!(server.interrupt(), 0);
    let alone = place.seer(&["search", "two dogs", "-k", "5"]);
    assert_eq!(alone.code, 0, "{alone:?}");
}

#[test]
fn a_run_of_the_server_that_fails_is_not_told_as_the_one_before() {
    let place = Place::with_pictures();
    let server = place.serve(&[]);
    assert_eq!(place.index()["encoded"], 11);
    std::fs::rename(place.photos(), place.photos().with_file_name("elsewhere")).unwrap();
    let ran = place.seer(&["index"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains(place.photos().to_str().unwrap()), "the reason: {}", ran.err);
    let indexing = &server.get("api/status")["indexing"];
    assert_eq!((&indexing["running"], &indexing["last"]["run"]), (&false.into(), &2.into()));
    assert_eq!(indexing["last"]["failed"]["fault"], "environment", "{indexing}");

    std::fs::rename(place.photos().with_file_name("elsewhere"), place.photos()).unwrap();
    assert_eq!(place.index()["plan"]["unchanged"], 11);
}

#[test]
fn offline_names_what_works_instead() {
    let place = Place::empty();
    let ran = place.seer(&["models", "pull", "ViT-B-32/laion2b_s34b_b79k"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("builtin"), "what works without a network: {}", ran.err);
    let ran = place.seer(&["models", "pull", "ViT-B-23/laion2b_s34b_b79k"]);
    assert!(ran.err.contains("ViT-B-32"), "a suggestion: {}", ran.err);
    let list = place.seer(&["models", "list"]);
    assert!(list.out.contains("ViT-B-32") && list.out.contains("builtin"), "{}", list.out);
}

#[test]
fn eval_prints_recall_in_both_directions() {
    let place = Place::with_pictures();
    let captions = place.photos().join("captions.tsv");
    let rows = "image\tsplit\tcaption\n3_gray.png\tdev\ta grey wall\n3_gray.png\tdev\tfog\n\
                8_wide.png\tdev\ta long fence\n2_rgba.png\ttrain\tglass\n";
    std::fs::write(&captions, rows).unwrap();
    let photos = place.photos();
    let args = [
        "eval",
        "retrieval",
        captions.to_str().unwrap(),
        "--images",
        photos.to_str().unwrap(),
        "--json",
    ];
    let all = place.seer(&args).json().remove(0);
    assert_eq!((&all["photos"], &all["captions"]), (&3.into(), &4.into()));
    assert_eq!(all["text_to_image"]["at_5"], 1.0, "three photos: always among the first five");

    let dev = place.seer(&[&args[..], &["--split", "dev"]].concat()).json().remove(0);
    assert_eq!((&dev["photos"], &dev["captions"]), (&2.into(), &3.into()));
    let none = place.seer(&[&args[..], &["--split", "test"]].concat());
    assert_eq!(none.code, 2);
    assert!(none.err.contains("there are: dev train"), "{}", none.err);
    let lost = place.seer(&["eval", "retrieval", captions.to_str().unwrap()]);
    assert!(lost.code == 2 && lost.err.contains("--images FOLDER"), "{lost:?}");
}

#[test]
fn models_are_listed_narrowed_and_sorted() {
    let place = Place::empty();
    let few = place.seer(&["models", "list", "--json"]).json();
    let all = place.seer(&["models", "list", "--json", "--all"]).json();
    assert!(few.len() >= 5 && few.len() < 30 && all.len() > 200, "{} of {}", few.len(), all.len());
    assert_eq!(few[0]["name"], "builtin");
    let args = ["models", "list", "--json", "--family", "vit", "--max-dim", "512", "--sort"];
    let fast = place.seer(&[&args[..], &["speed"]].concat()).json();
    let costs: Vec<f64> = fast.iter().map(|m| m["image_gflops"].as_f64().unwrap()).collect();
    assert!(costs.len() > 10 && costs.is_sorted(), "{costs:?}");
    let best = place.seer(&[&args[..], &["accuracy"]].concat()).json();
    assert!(best.iter().all(|m| m["dim"].as_u64().unwrap() <= 512 && m["family"] == "vit"));
    assert_eq!(best[0]["name"], "ViT-B-16/dfn2b");
    let none = place.seer(&["models", "list", "--family", "nothing"]);
    assert_eq!((none.code, none.out.as_str()), (1, ""));
    assert!(none.err.contains("siglip2"), "it says which there are: {}", none.err);
    let unknown = place.seer(&["models", "info", "ViT-B-32/openai", "--json"]).json();
    assert_eq!((&unknown[0]["here"], &unknown[0]["measured"]), (&false.into(), &false.into()));
    assert!(unknown[0]["images_per_second"].as_f64().unwrap() > 0.0, "{unknown:?}");
    let plain = place.seer(&["models", "list"]);
    assert!(plain.err.contains("seer models recommend"), "{}", plain.err);
}

#[test]
fn recommendations_fit_what_was_asked() {
    let place = Place::empty();
    let args = ["models", "recommend", "--json", "--memory", "2", "--speed", "0"];
    let models = place.seer(&args).json();
    assert!((1..=3).contains(&models.len()), "{models:?}");
    for model in &models {
        assert!(model["memory_gib"].as_f64().unwrap() <= 2.0, "{model}");
        assert!(!model["reason"].as_str().unwrap().is_empty());
    }
    let none = place.seer(&["models", "recommend", "--speed", "1e12"]);
    assert_eq!(none.code, 1, "{none:?}");
    assert!(none.err.contains("the fastest within that memory"), "{}", none.err);
    let small = ["models", "recommend", "--memory", "0.5", "--speed", "0"];
    let exact = place.seer(&small);
    assert!(exact.err.contains("are not ranked"), "{}", exact.err);
    let rounded = place.seer(&[&small[..], &["--dtype", "q8"]].concat());
    assert!(rounded.err.contains("--dtype q8"), "{}", rounded.err);
    let best =
        |out: &str| out.lines().nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    assert_ne!(best(&exact.out), best(&rounded.out), "8 bits leave room for a larger one");
}

#[test]
fn json_figures_stay_short() {
    let place = Place::with_pictures();
    let picture = place.photos().join("3_gray.png");
    let picture = picture.to_str().unwrap();
    for args in [
        &["models", "info", "ViT-B-32/openai", "--json"][..],
        &["models", "recommend", "--json", "--memory", "2", "--speed", "0"],
        &["classify", picture, "--labels", "cat,dog", "--json"],
        &["rank", picture, "fog", "--json"],
        &["embed", picture],
    ] {
        let ran = place.seer(args);
        assert_eq!(ran.code, 0, "{ran:?}");
        let figures = ran.out.split(['"', ':', ',', '[', ']', '}']).filter(|t| t.contains('.'));
        // An f32 needs nine digits; what was measured is f64.
        let longest = figures.filter(|t| t.parse::<f64>().is_ok_and(|v| v.abs() < 1.0));
        for figure in longest.filter(|_| args[0] != "models") {
            let digits = figure.trim_start_matches(['-', '0', '.']).split('e').next().unwrap();
            assert!(digits.len() <= 9, "{args:?}: {figure}");
        }
    }
    let ran = place.seer(&["models", "info", "ViT-B-32/openai", "--json"]);
    assert!(ran.out.contains("\"zero_shot_imagenet\":0.6332"), "{}", ran.out);
}

#[test]
fn a_model_fetched_by_its_hub_id_is_listed_and_removed() {
    let place = Place::empty();
    let model = place.models().join("hub/models--someone--clip");
    let snapshot = model.join("snapshots/0123456789abcdef0123456789abcdef01234567");
    std::fs::create_dir_all(&snapshot).unwrap();
    std::fs::create_dir_all(model.join("refs")).unwrap();
    std::fs::write(model.join("refs/main"), "0123456789abcdef0123456789abcdef01234567").unwrap();
    for file in ["config.json", "preprocessor_config.json", "tokenizer.json", "model.safetensors"] {
        std::fs::copy(fixture("clip-tiny").join(file), snapshot.join(file)).unwrap();
    }
    let list = place.seer(&["models", "list", "--json"]).json();
    let ours = list.iter().find(|model| model["name"] == "someone/clip").unwrap();
    assert_eq!(ours["here"], true);
    let list = place.seer(&["models", "list"]);
    assert!(list.out.contains("Fetched by its hub id"), "{}", list.out);
    let narrowed = place.seer(&["models", "list", "--family", "vit"]);
    assert!(!narrowed.out.contains("someone/clip"), "its family is not known");
    let other = place.seer(&["models", "verify", "ViT-B-32"]);
    assert!(other.code == 2 && other.err.contains("these have: someone/clip"), "{other:?}");
    assert_eq!(place.seer(&["models", "remove", "someone/clip", "--yes"]).code, 0);
    let gone = place.seer(&["models", "remove", "someone/clip", "--yes"]);
    assert!(gone.code == 2 && gone.err.contains("none has so far"), "{gone:?}");
}

#[test]
fn names_that_are_nothing_are_told_apart() {
    let place = Place::empty();
    for (args, expected) in [
        (["models", "info", "./nothing"], "is no folder that holds a model"),
        (["models", "info", "foobar"], "no model is called \"foobar\""),
        (["models", "info", "ViT-B-23"], "did you mean ViT-B-32"),
        (["models", "remove", "ViT-B-32"], "has not been fetched"),
        (["models", "verify", "someone/clip"], "has not been fetched"),
        (["models", "recommend", "--language=german"], "two letters"),
        (["models", "recommend", "--dtype=bf16"], "--dtype f32, or --dtype q8"),
        (["models", "recommend", "--dtype=int8"], "f32, bf16, f16 or q8"),
    ] {
        let ran = place.seer(&args);
        assert!(ran.code == 2 && ran.err.contains(expected), "{args:?}: {ran:?}");
    }
}

#[test]
fn half_precision_on_the_processor_is_refused_with_what_to_take_instead() {
    let place = Place::with_pictures();
    let picture = place.photos().join("3_gray.png");
    for dtype in ["bf16", "f16"] {
        let args = ["embed", picture.to_str().unwrap(), "--device", "cpu", "--dtype", dtype];
        let ran = place.seer(&args);
        assert!(ran.code == 2 && ran.err.contains("choose --dtype f32, or --dtype q8"), "{ran:?}");
        assert!(ran.out.is_empty());
    }
}

#[test]
fn a_model_travels_in_a_file() {
    let place = Place::empty();
    let pack = place.photos().join("tiny.seer");
    let (pack, to) = (pack.to_str().unwrap(), place.photos().join("model"));
    let folder = fixture("clip-tiny");
    let ran = place.seer(&["models", "export", folder.to_str().unwrap(), pack]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = place.seer(&["models", "import", pack]);
    assert!(ran.code == 2 && ran.err.contains("--to FOLDER"), "{ran:?}");
    let ran = place.seer(&["models", "import", pack, "--to", to.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let info = place.seer(&["models", "info", to.to_str().unwrap(), "--json"]).json();
    assert!(info[0]["images_per_second"].as_f64().unwrap() > 0.0, "{info:?}");
    let ran = place.seer(&["models", "remove", to.to_str().unwrap(), "--yes"]);
    assert!(ran.code == 2 && ran.err.contains("removes only what it fetched"), "{ran:?}");
    assert!(to.join("model.safetensors").is_file());
    std::fs::write(pack, b"damaged").unwrap();
    let ran = place.seer(&["models", "import", pack]);
    assert!(ran.code == 2 && ran.err.contains("nothing was imported"), "{ran:?}");
}

#[test]
fn demo_serves_its_own_pictures_and_the_second_time_encodes_nothing() {
    let place = Place::empty();
    let home = place.photos().join("demo");
    for encoded in [40, 0] {
        let server = place.demo(&home);
        let status = server.get("api/status");
        assert_eq!((&status["photos"], &status["failures"]), (&40.into(), &0.into()));
        assert_eq!(server.before[0]["encoded"], encoded, "{:?}", server.before);
        let examples: Vec<_> =
            server.before.iter().filter(|event| event["event"] == "example").collect();
        assert_eq!(examples.len(), 3);
        assert!(examples.iter().all(|example| example["found"].as_array().unwrap().len() == 3));

        let again = place.seer(&["demo", "--no-open", "--folder", home.to_str().unwrap()]);
        assert_eq!(again.code, 0, "a second one shows the first: {again:?}");
        assert!(again.out.contains(&server.url), "{}", again.out);
        #[cfg(unix)]
        assert_eq!(server.interrupt(), 0);
    }
    assert!(home.join("photos/CREDITS.md").is_file());
    assert!(!place.library().exists(), "the person's own library is not touched");
}

#[test]
fn status_says_how_good_the_built_in_model_is_and_how_to_get_a_better_one() {
    let place = Place::empty();
    let photo = place.photos().join("one.png");
    std::fs::copy(fixture("images/3_gray.png"), photo).unwrap();
    let photos = place.photos();
    place.seer(&["index", "--model", "builtin", photos.to_str().unwrap()]);
    let ran = place.seer(&["status"]);
    let better = "seer index --model ViT-B-32";
    assert!(ran.out.contains("seer models pull ViT-B-32") && ran.out.contains(better), "{ran:?}");

    place.index();
    let ran = place.seer(&["status"]);
    assert!(ran.out.contains("models pull"), "the built-in one still answers: {ran:?}");
    let tiny = fixture("clip-tiny");
    assert_eq!(place.seer(&["models", "use", tiny.to_str().unwrap()]).code, 0);
    let ran = place.seer(&["status"]);
    assert!(!ran.out.contains("models pull"), "gone with another model: {ran:?}");
}

#[test]
fn classify_gives_shares_of_the_labels() {
    let place = Place::with_pictures();
    let (one, two) = (place.photos().join("3_gray.png"), place.photos().join("8_wide.png"));
    let args = ["classify", one.to_str().unwrap(), two.to_str().unwrap(), "--json"];
    let lines = place.seer(&[&args[..], &["--labels", "cat, dog,red car"]].concat()).json();
    assert_eq!(lines.len(), 2);
    for line in &lines {
        let labels = line["labels"].as_array().unwrap();
        let number = |field: &str| -> Vec<f64> {
            labels.iter().map(|label| label[field].as_f64().unwrap()).collect()
        };
        assert_eq!(labels.len(), 3);
        assert!(number("cosine").is_sorted_by(|a, b| a >= b), "{line}");
        assert!((number("probability").iter().sum::<f64>() - 1.0).abs() < 1e-4, "{line}");
    }
    let file = place.photos().join("labels.txt");
    std::fs::write(&file, "cat\n\ndog\nred car\n").unwrap();
    let from_file = place.seer(&[&args[..], &["--labels-file", file.to_str().unwrap()]].concat());
    assert_eq!(from_file.json(), lines, "a file says the same as a list");
    let other = [&args[..], &["--labels", "cat,dog,red car", "--template", "{}"]].concat();
    assert_ne!(place.seer(&other).json(), lines, "templates change the texts");

    let ran = place.seer(&[&args[..], &["--labels", "cat", "--template", "a photo"]].concat());
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("{}"), "{}", ran.err);
    let ran = place.seer(&["classify", "/no/such.jpg", "--labels", "cat,dog"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("/no/such.jpg"), "{}", ran.err);
}

#[test]
fn rank_and_embed_agree() {
    let place = Place::with_pictures();
    let picture = place.photos().join("3_gray.png");
    let picture = picture.to_str().unwrap();
    let ranked = place.seer(&["rank", picture, "fog", "a dog", "--json"]).json();
    assert_eq!(ranked.len(), 2);

    let items = ["embed", picture, "fog", "a dog"];
    let lines = place.seer(&items).json();
    let vector = |line: &serde_json::Value| -> Vec<f64> {
        line["embedding"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
    };
    assert_eq!((&lines[0]["picture"], &lines[1]["text"]), (&picture.into(), &"fog".into()));
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    for line in &lines {
        assert!((dot(&vector(line), &vector(line)) - 1.0).abs() < 1e-5, "unit length");
    }
    for line in &lines[1..] {
        let fit = ranked.iter().find(|fit| fit["text"] == line["text"]).unwrap();
        let cosine = dot(&vector(&lines[0]), &vector(line));
        assert!((cosine - fit["cosine"].as_f64().unwrap()).abs() < 1e-5, "{cosine} {fit}");
    }

    let output = place.photos().join("out.npy");
    let ran = place.seer(&[&items[..], &["--output", output.to_str().unwrap()]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    let bytes = std::fs::read(&output).unwrap();
    let numbers = &bytes[10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]))..];
    let first = f32::from_le_bytes(numbers[..4].try_into().unwrap());
    assert!((f64::from(first) - vector(&lines[0])[0]).abs() < 1e-6);
    assert_eq!(numbers.len(), 3 * vector(&lines[0]).len() * 4);
    let ran = place.seer(&["embed", "fog", "--output", "out.csv"]);
    assert!(ran.code == 2 && ran.err.contains(".npy"), "{ran:?}");
}

#[test]
fn a_photo_with_the_querys_words_in_its_name_comes_first() {
    let place = Place::with_pictures();
    place.index();
    let all = place.seer(&["search", "grandma in the garden", "-k", "100"]);
    let last = all.lines().last().unwrap().to_string();
    let named = place.photos().join("Grandma in the garden.png");
    std::fs::rename(&last, &named).unwrap();
    place.index();
    let ran = place.seer(&["search", "grandma in the garden", "-k", "100"]);
    assert_eq!(ran.lines()[0], named.to_str().unwrap());
    let rest: Vec<&str> = all.lines().into_iter().filter(|line| *line != last).collect();
    assert_eq!(ran.lines()[1..], rest, "the others keep their order");
}

#[test]
fn a_word_meets_its_other_number_in_names() {
    let place = Place::with_pictures();
    place.index();
    for (word, folder) in [("airplane", "airplanes"), ("die Häuser", "Haus")] {
        let all = place.seer(&["search", word, "-k", "100"]);
        let last = all.lines().last().unwrap().to_string();
        let named = place.photos().join(folder).join("1.png");
        std::fs::create_dir(place.photos().join(folder)).unwrap();
        std::fs::rename(&last, &named).unwrap();
        place.index();
        let ran = place.seer(&["search", word, "-k", "100"]);
        assert_eq!(ran.lines()[0], named.to_str().unwrap(), "{word}");
        let exact = place.seer(&["search", &format!("text:\"{word}\""), "-k", "100"]);
        assert_eq!(exact.code, 1, "filters take words as they are: {exact:?}");
    }
}
