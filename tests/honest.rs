//! What the program says is so: forgetting forgets, a mistyped name is told, and an output that
//! cannot be written ends the display only.

mod support;

use std::fs;
use std::path::Path;
use std::process::Stdio;

use support::{Place, fixture};

fn text(path: &Path) -> &str {
    path.to_str().expect("text path")
}

/// Two folders of photos, both indexed.
fn two_folders() -> (Place, std::path::PathBuf, std::path::PathBuf) {
    let place = Place::empty();
    let (a, b) = (place.photos().join("A"), place.photos().join("B"));
    for (folder, picture) in [(&a, "3_gray.png"), (&b, "0_landscape.jpg")] {
        fs::create_dir(folder).unwrap();
        fs::copy(fixture("images").join(picture), folder.join(picture)).unwrap();
    }
    assert_eq!(place.seer(&["index", text(&a), text(&b)]).code, 0);
    (place, a, b)
}

fn status(place: &Place) -> (u64, Vec<String>) {
    let status = place.seer(&["status", "--json"]).json().remove(0);
    let roots = status["roots"].as_array().unwrap().iter();
    let roots = roots.map(|root| root.as_str().unwrap().rsplit('/').next().unwrap().to_owned());
    (status["photos"].as_u64().unwrap(), roots.collect())
}

#[test]
fn pruning_forgets_a_folder_that_is_gone_and_forget_one_that_is_there() {
    let (place, a, b) = two_folders();
    assert_eq!(place.seer(&["roots"]).lines(), [text(&a), text(&b)]);
    fs::remove_dir_all(&a).unwrap();
    let roots = place.seer(&["roots", "--json"]).json();
    assert_eq!((&roots[0]["there"], &roots[0]["files"]), (&false.into(), &1.into()));
    let kept = place.seer(&["index"]);
    assert_eq!(kept.code, 2, "it is told: {kept:?}");
    assert!(kept.err.contains("seer forget"), "{}", kept.err);
    assert_eq!(status(&place).0, 2);

    let pruned = place.seer(&["index", "--prune"]);
    assert_eq!(pruned.code, 0, "{pruned:?}");
    assert!(pruned.err.contains(text(&a)), "{}", pruned.err);
    assert_eq!(status(&place), (1, vec!["B".to_owned()]));
    assert_eq!(place.seer(&["index"]).code, 0);

    let forgotten = place.seer(&["forget", text(&b)]);
    assert_eq!(forgotten.code, 0, "{forgotten:?}");
    assert!(forgotten.out.contains("1 photo"), "{}", forgotten.out);
    assert_eq!(status(&place), (0, Vec::new()));
    assert_eq!(place.seer(&["roots"]).code, 1, "there is none");
    assert!(b.join("0_landscape.jpg").exists());
    let again = place.seer(&["forget", text(&b)]);
    assert_eq!((again.code, again.out.as_str()), (1, ""));
    assert!(again.err.contains("knows nothing"), "{}", again.err);
}

#[test]
fn a_running_server_forgets_too() {
    let (place, a, b) = two_folders();
    let server = place.serve(&[]);
    assert_eq!(place.seer(&["roots"]).lines(), [text(&a), text(&b)]);
    let ran = place.seer(&["forget", "--json", text(&a)]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()[0]["photos"], 1);
    fs::remove_dir_all(&b).unwrap();
    let ran = place.seer(&["index", "--prune", text(&b)]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let now = server.get("api/status");
    assert_eq!((&now["photos"], now["roots"].as_array().unwrap().len()), (&0.into(), 0));
}

#[test]
fn a_mistyped_name_to_prune_is_told_and_forgets_nothing() {
    let (place, ..) = two_folders();
    let ran = place.seer(&["index", "--prune", text(&place.photos().join("typo"))]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("typo") && ran.err.contains("check the name"), "{}", ran.err);
    assert_eq!(status(&place).0, 2);
}

#[test]
fn a_picture_that_is_not_there_is_no_search_for_its_letters() {
    let place = Place::with_pictures();
    place.index();
    for argument in ["nosuch.jpg", "3_gray.png", "./nosuch", "/no/such/picture.webp"] {
        let ran = place.seer(&["search", argument]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains("no picture file") && ran.err.contains("name:"), "{}", ran.err);
    }
    let named = place.seer(&["search", "name:3_gray.png"]);
    assert_eq!((named.code, named.lines().len()), (0, 1), "the way out works: {named:?}");
    assert_eq!(place.seer(&["search", "path:/photos/", "dogs"]).code, 0);
}

#[test]
fn a_mistyped_folder_founds_no_library() {
    let place = Place::empty();
    for args in [["index", "/no/such/folder"], ["serve", "/no/such/folder"]] {
        let ran = place.seer(&args);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains("/no/such/folder"), "{}", ran.err);
        assert!(!place.library().exists(), "{args:?}");
    }
    let server = place.serve(&[]);
    let ran = place.seer(&["index", "/no/such/folder"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("/no/such/folder"), "{}", ran.err);
    drop(server);
}

/// How the program ends when standard output is this.
#[cfg(unix)]
fn with_output(place: &Place, args: &[&str], output: Stdio) -> (i32, String) {
    let child = place.command(args).stdout(output).stderr(Stdio::piped()).spawn().unwrap();
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    (ended.status.code().unwrap_or(-1), said)
}

/// The writing end of a pipe that nobody reads.
#[cfg(unix)]
fn closed_pipe() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[cfg(unix)]
fn full_disk() -> Option<Stdio> {
    fs::File::options().write(true).open("/dev/full").ok().map(Into::into)
}

#[test]
#[cfg(unix)]
fn a_closed_pipe_ends_the_display_only() {
    let place = Place::with_pictures();
    let photos = place.photos();
    let (code, said) = with_output(&place, &["index", "--json", text(&photos)], closed_pipe());
    assert_eq!(code, 0, "{said}");
    assert_eq!(status(&place).0, 11, "the run went on to its end");
    for args in [
        &["search", "dogs"][..],
        &["search", "--json", "dogs"],
        &["status"],
        &["failures"],
        &["models", "list"],
        &["forget", "/nothing/there"],
    ] {
        let (code, said) = with_output(&place, args, closed_pipe());
        assert!(!said.contains("panicked"), "{args:?}: {said}");
        assert!(code == 0 || (code == 1 && args[0] != "search"), "{args:?}: {code} {said}");
    }
}

#[test]
#[cfg(unix)]
fn a_full_disk_is_told_and_ends_the_display_only() {
    let place = Place::with_pictures();
    let photos = place.photos();
    if full_disk().is_none() {
        return println!("skipped: this system has no /dev/full");
    }
    for args in [
        &["index", "--json", text(&photos)][..],
        &["search", "dogs"],
        &["search", "--json", "dogs"],
        &["status"],
        &["models", "list"],
    ] {
        let (code, said) = with_output(&place, args, full_disk().unwrap());
        assert!(!said.contains("panicked"), "{args:?}: {said}");
        assert_eq!(code, 2, "{args:?}: {said}");
        assert_eq!(said.matches("standard output cannot be written").count(), 1, "{said}");
    }
    assert_eq!(status(&place).0, 11, "the run went on to its end");
}

#[test]
#[cfg(unix)]
fn a_server_without_an_output_serves() {
    let place = Place::with_pictures();
    let demo = place.photos().with_file_name("demo");
    for (args, library) in [
        (&["serve", "--address", "127.0.0.1:0"][..], place.library()),
        (&["demo", "--no-open", "--folder", text(&demo)], demo.join("library")),
    ] {
        let mut outputs = vec![closed_pipe()];
        outputs.extend(full_disk());
        for output in outputs {
            let mut child =
                place.command(args).stdout(output).stderr(Stdio::piped()).spawn().unwrap();
            // It answers once its file is there; it would have ended on a panic.
            let file = library.join("server.json");
            while !file.exists() && child.try_wait().unwrap().is_none() {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            let ended = child.try_wait().unwrap();
            let _ =
                std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
            let said = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&said.stderr);
            assert!(ended.is_none() && !said.contains("panicked"), "{args:?}: {ended:?} {said}");
        }
    }
}

#[test]
fn a_model_whose_folder_is_gone_leaves_the_rest_working() {
    let place = Place::with_pictures();
    let model = place.photos().with_file_name("model");
    fs::create_dir(&model).unwrap();
    for entry in fs::read_dir(fixture("clip-tiny")).unwrap() {
        let from = entry.unwrap().path();
        if from.is_file() {
            fs::copy(&from, model.join(from.file_name().unwrap())).unwrap();
        }
    }
    let own = |args: &[&str]| {
        let mut command = place.command(args);
        command.env_remove("SEER_MODEL").output().unwrap()
    };
    assert!(own(&["index", "--model", text(&model), text(&place.photos())]).status.success());
    fs::remove_dir_all(&model).unwrap();
    for args in [&["status"][..], &["search", "name:gray"], &["search"]] {
        let ran = own(args);
        assert_eq!(ran.status.code(), Some(0), "{args:?}: {ran:?}");
    }
    for args in [["search", "dogs"], ["index", text(&place.photos())]] {
        let ran = own(&args);
        let said = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(text(&model)) && said.contains("--model builtin"), "{said}");
    }
}
