//! Marks and smart albums, the whole way through the program and its server.

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use support::{Place, Ran};

fn names(ran: &Ran) -> Vec<String> {
    let name =
        |path: &&str| Path::new(path).file_name().expect("a name").to_string_lossy().into_owned();
    ran.lines().iter().map(name).collect()
}

fn files(folder: &Path) -> BTreeSet<String> {
    let entries =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let names = entries.map(|entry| entry.file_name().into_string().expect("Unicode"));
    names.filter(|name| !name.starts_with('.')).collect()
}

fn ok(ran: Ran) -> Ran {
    assert_eq!(ran.code, 0, "{ran:?}");
    ran
}

#[test]
fn marks_move_the_answer_and_are_parts_of_the_query() {
    let place = Place::with_pictures();
    place.index();
    let all = ok(place.seer(&["search", "--json", "--all", "-k", "50", "a picture"])).json();
    let id = |place: usize| all[place]["id"].as_str().expect("an id")[..12].to_owned();
    let (right, wrong) = (id(all.len() - 1), id(0));
    let query = format!("a picture more:{right} less:{wrong}");
    let marked = ok(place.seer(&["search", "--json", "--all", "-k", "50", &query])).json();
    let ids = |hits: &[serde_json::Value]| -> Vec<String> {
        hits.iter().map(|hit| hit["id"].as_str().expect("an id")[..12].to_owned()).collect()
    };
    assert_eq!(marked.len(), all.len() - 1, "what is wrong is left out");
    assert!(!ids(&marked).contains(&wrong));
    let place_of = |hits: &[serde_json::Value]| ids(hits).iter().position(|id| *id == right);
    assert!(place_of(&marked) < place_of(&all), "what is right rises and stays");
    let alone = ok(place.seer(&["search", "--json", "--all", &format!("more:{right}")])).json();
    assert_eq!(ids(&alone)[0], right, "without words it is nearest to itself");
    let far = ok(place.seer(&["search", "--json", "--all", &format!("less:{wrong}")])).json();
    assert!(!ids(&far).contains(&wrong));
    let half = ok(place.seer(&["search", "--all", &format!("like:{right}^0.5 a picture")]));
    assert!(!half.lines().is_empty());
    let unknown = place.seer(&["search", "a picture more:0000000000"]);
    assert!(unknown.code == 2 && unknown.err.contains("0000000000"), "{unknown:?}");
    let negative = place.seer(&["search", "--", "-more:abcd"]);
    assert!(negative.err.contains("less:ID"), "{negative:?}");
}

#[test]
fn an_album_is_saved_shown_renamed_and_removed() {
    let place = Place::with_pictures();
    place.index();
    let none = place.seer(&["album"]);
    assert_eq!((none.code, none.out.as_str()), (1, ""), "{none:?}");
    assert!(none.err.contains("seer album save"), "{none:?}");
    ok(place.seer(&["album", "save", "All PNGs", "ext:png", "--sort", "oldest"]));
    ok(place.seer(&["album", "save", "pictures", "a picture", "-k", "3"]));
    let wrong = place.seer(&["album", "save", "x", "camra:canon"]);
    assert!(wrong.code == 2 && wrong.err.contains("camera:"), "{wrong:?}");
    let listed = ok(place.seer(&["album", "--json"])).json();
    let png = ok(place.seer(&["search", "--all", "-k", "100", "ext:png", "--sort", "oldest"]));
    assert_eq!(listed[0]["name"], "All PNGs");
    assert_eq!(listed[0]["photos"], png.lines().len());
    assert_eq!(listed[1]["photos"], 3, "a model that was not measured: as many as it says");
    let shown = ok(place.seer(&["album", "show", "All PNGs", "--all", "-k", "100"]));
    assert_eq!(shown.lines(), png.lines());
    let paths = ok(place.seer(&["album", "export", "All PNGs", "--paths"]));
    assert_eq!(
        names(&paths).into_iter().collect::<BTreeSet<_>>(),
        names(&png).into_iter().collect::<BTreeSet<_>>()
    );
    ok(place.seer(&["album", "rename", "pictures", "Bilder"]));
    assert_eq!(place.seer(&["album", "show", "pictures"]).code, 2);
    ok(place.seer(&["album", "remove", "Bilder"]));
    let gone = place.seer(&["album", "remove", "Bilder"]);
    assert!(gone.code == 2 && gone.err.contains("no album \"Bilder\""), "{gone:?}");
    let text = ok(place.seer(&["album", "list"]));
    assert_eq!(text.lines().len(), 1);
    assert!(text.out.contains("ext:png  (oldest first)"), "{text:?}");
}

#[test]
fn photos_are_picked_for_an_album_by_hand_and_through_a_server() {
    let place = Place::with_pictures();
    place.index();
    let all = ok(place.seer(&["search", "--all", "-k", "100", "--json"])).json();
    let ids: Vec<&str> = all.iter().map(|hit| hit["id"].as_str().expect("an id")).collect();
    let text = ok(place.seer(&["album", "add", "Our trip", &ids[0][..12], ids[1]]));
    assert_eq!(text.out, "2 photos put into \"Our trip\", which has 2 photos now\n");
    let found =
        |query: &str| ok(place.seer(&["search", "--all", "-k", "100", query])).lines().len();
    assert_eq!(found("album:\"our trip\""), 2);
    assert_eq!(found("-album:\"our trip\""), ids.len() - 2);
    let odd = place.seer(&["album", "add", "Our \"trip\"", ids[0]]);
    assert!(odd.code == 2 && odd.err.contains("quotes"), "{odd:?}");
    for order in [&["album", "add", "Our trip"][..], &["hide"]] {
        let nobody = "0".repeat(64);
        let unknown = place.seer(&[order, &[nobody.as_str()]].concat());
        assert!(unknown.code == 2 && unknown.err.contains(&nobody), "{unknown:?}");
    }
    let unknown = place.seer(&["search", "album:trip"]);
    assert!(unknown.code == 2 && unknown.err.contains("seer album"), "{unknown:?}");

    let _server = place.serve(&[]);
    let piped = place.seer_fed(&["album", "add", "Our trip", "-", "--json"], &ids.join("\n"));
    assert_eq!(ok(piped).json()[0]["photos"], ids.len());
    ok(place.seer(&["album", "rename", "Our trip", "Journey"]));
    let taken = ok(place.seer(&["album", "take", "Journey", ids[0]]));
    assert!(taken.out.starts_with("1 photo taken out of \"Journey\""), "{taken:?}");
    assert_eq!(found("album:Journey"), ids.len() - 1);
    assert_eq!(ok(place.seer(&["album", "--json"])).json()[0]["photos"], ids.len() - 1);
    ok(place.seer(&["album", "remove", "Journey"]));
    assert_eq!(place.seer(&["search", "album:Journey"]).code, 2);
}

#[cfg(unix)]
#[test]
fn an_exported_folder_follows_the_photos() {
    let place = Place::with_pictures();
    place.index();
    ok(place.seer(&["album", "save", "png", "ext:png"]));
    let out = place.library().with_file_name("out of it");
    let folder = out.to_str().expect("Unicode").to_owned();
    ok(place.seer(&["album", "export", "png", &folder]));
    let before = files(&out);
    assert!(!before.is_empty());
    let link = out.join(before.first().expect("a link"));
    assert!(std::fs::symlink_metadata(&link).expect("there").is_symlink());
    assert!(std::fs::read(&link).is_ok(), "it leads to the photo");

    let (new, gone) =
        (place.photos().join("new one.png"), std::fs::read_link(&link).expect("a link"));
    std::fs::copy(&gone, &new).expect("a copy");
    let mut bytes = std::fs::read(&new).expect("bytes");
    bytes.extend_from_slice(b"another photo");
    std::fs::write(&new, bytes).expect("written");
    std::fs::write(out.join("mine.txt"), "mine").expect("written");
    place.index();
    let after = files(&out);
    assert!(after.contains("new one.png") && after.contains("mine.txt"), "{after:?}");
    std::fs::remove_file(&new).expect("removed");
    place.index();
    let last = files(&out);
    assert!(!last.contains("new one.png") && last.contains("mine.txt"), "{last:?}");

    let inside = place.photos().join("links").to_str().expect("Unicode").to_owned();
    let refused = place.seer(&["album", "export", "png", &inside]);
    assert!(refused.code == 2 && refused.err.contains("indexed folder"), "{refused:?}");

    // What goes wrong with it never fails a run.
    std::fs::remove_dir_all(&out).expect("removed");
    let photos = place.photos();
    let ran = ok(place.seer(&["index", photos.to_str().expect("Unicode")]));
    assert!(ran.err.contains("not up to date"), "{ran:?}");
    assert!(!out.exists(), "a drive that is not there is not made up");
    ok(place.seer(&["album", "export", "png", &folder, "--stop"]));
    let ran = ok(place.seer(&["index", photos.to_str().expect("Unicode")]));
    assert!(!ran.err.contains("not up to date"), "{ran:?}");
}

#[test]
fn a_server_keeps_albums_and_exports_after_its_runs() {
    let place = Place::with_pictures();
    place.index();
    let server = place.serve(&[]);
    ok(place.seer(&["album", "save", "Tout / été", "ext:png"]));
    let listed = server.get("api/albums");
    assert_eq!(listed["albums"][0]["name"], "Tout / été");
    let out: PathBuf = place.library().with_file_name("served");
    ok(place.seer(&["album", "export", "Tout / été", out.to_str().expect("Unicode"), "--copy"]));
    let before = files(&out);
    assert!(!before.is_empty());
    let first = out.join(before.first().expect("a copy"));
    assert!(std::fs::symlink_metadata(&first).expect("there").is_file());
    let mut bytes = std::fs::read(&first).expect("bytes");
    bytes.extend_from_slice(b"another photo");
    std::fs::write(place.photos().join("later.png"), bytes).expect("written");
    let photos = place.photos();
    ok(place.seer(&["index", photos.to_str().expect("Unicode")]));
    assert!(files(&out).contains("later.png"));
    ok(place.seer(&["album", "rename", "Tout / été", "été"]));
    ok(place.seer(&["album", "export", "été", out.to_str().expect("Unicode"), "--copy"]));
    assert_eq!(server.interrupt(), 0);
    let kept = ok(place.seer(&["album", "--json"])).json();
    assert_eq!(kept[0]["folders"][0], out.to_str().expect("Unicode"));
}

/// The demo's pictures, with the built-in model, whose answers are judged.
#[test]
fn the_words_say_what_fits_whatever_is_marked() {
    const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli/demo");
    let place = Place::empty();
    for entry in std::fs::read_dir(DEMO).expect("the demo's pictures") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "jpg") {
            let to = place.photos().join(path.file_name().expect("a name"));
            std::fs::copy(&path, to).expect("a copy");
        }
    }
    let seer = |args: &[&str]| place.seer(&[args, &["--model", "builtin"]].concat());
    let photos = place.photos();
    ok(seer(&["index", photos.to_str().expect("Unicode")]));
    let hits = |query: &str| {
        // 1: nothing fits, and these are the closest photos.
        let ran = seer(&["search", "--json", "--all", "-k", "40", query]);
        assert!(ran.code < 2, "{}", ran.err);
        let field =
            |hit: &serde_json::Value, name: &str| hit[name].as_str().expect("a text").to_owned();
        ran.json().iter().map(|hit| (field(hit, "id"), field(hit, "band"))).collect::<Vec<_>>()
    };
    let fits = |hits: &[(String, String)]| -> BTreeSet<String> {
        let fits = hits.iter().filter(|(_, band)| band != "weak");
        fits.map(|(id, _)| id.clone()).collect()
    };
    let query = "a kitten playing with wool";
    let before = hits(query);
    let (first, last) = (&before[0].0, &before[before.len() - 1].0);
    let right = hits(&format!("{query} more:{last}"));
    let mut expected = fits(&before);
    assert!((1..10).contains(&expected.len()), "{before:?}");
    expected.insert(last.clone());
    assert_eq!(fits(&right), expected, "what fitted, and what was marked as right");
    assert!(right.iter().is_sorted_by_key(|(_, band)| band == "weak"), "{right:?}");
    let wrong = hits(&format!("{query} less:{first}"));
    expected = fits(&before);
    expected.remove(first);
    assert_eq!(fits(&wrong), expected);
    assert_eq!(wrong.len(), before.len() - 1);

    // An album of this query holds what fits.
    ok(seer(&["album", "save", "kittens", &format!("{query} more:{last}")]));
    let listed = ok(seer(&["album", "--json"])).json();
    assert_eq!(listed[0]["photos"], fits(&right).len());
    let paths = ok(seer(&["album", "export", "kittens", "--paths"]));
    assert_eq!(paths.lines().len(), fits(&right).len());
}
