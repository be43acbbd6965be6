//! `seer search --batch` and `--explain`: real binary, real library, tiny model.

mod support;

use support::{Place, Ran};

/// A place whose pictures are indexed.
fn indexed() -> Place {
    let place = Place::with_pictures();
    place.index();
    place
}

#[test]
fn each_line_of_a_file_is_a_query() {
    let place = indexed();
    let file = place.photos().parent().expect("a folder").join("queries.txt");
    std::fs::write(&file, "two dogs\n\n  sunset ext:jpg  \next:xyz\n").unwrap();
    let file = file.to_str().expect("text path");
    let ran = place.seer(&["search", "--batch", file, "-k", "4", "--all"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let blocks: Vec<Vec<&str>> =
        ran.out.trim_end().split("\n\n").map(|block| block.lines().collect()).collect();
    assert_eq!(
        blocks.iter().map(|block| block[0]).collect::<Vec<_>>(),
        ["# two dogs", "# sunset ext:jpg", "# ext:xyz"]
    );
    let alone = place.seer(&["search", "two dogs", "-k", "4", "--all"]);
    assert_eq!(blocks[0][1..], alone.lines()[..]);
    assert_eq!((blocks[1].len(), blocks[2].len()), (4, 1));
}

#[test]
fn more_queries_than_fit_into_one_block_come_from_standard_input() {
    let place = indexed();
    let queries: String = (0..150).map(|n| format!("dog number {n}\n")).collect();
    let ran = place.seer_fed(&["search", "--batch", "-", "--json", "-k", "2"], &queries);
    assert_eq!(ran.code, 0, "{ran:?}");
    let told = ran.json();
    assert_eq!(told.len(), 150);
    for (n, one) in told.iter().enumerate() {
        assert_eq!(one["query"], format!("dog number {n}"));
        assert_eq!(one["answer"]["hits"].as_array().map(Vec::len), Some(2));
    }
}

#[test]
fn a_line_that_is_no_query_fails_alone_here_and_through_a_server() {
    let place = indexed();
    let ask = || {
        let args = ["search", "--batch", "-", "--json"];
        let ran = place.seer_fed(&args, "dog\ncamra:canon\nsunset\n");
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains("line 2") && ran.err.contains("camera"), "{}", ran.err);
        let told = ran.json();
        assert_eq!(told.len(), 3);
        assert_eq!(told[1]["error"]["code"], "bad_query");
        let ids = |n: usize| {
            let hits = told[n]["answer"]["hits"].as_array().expect("hits").iter();
            hits.map(|hit| hit["photo"]["id"].clone()).collect::<Vec<_>>()
        };
        (ids(0), ids(2))
    };
    let here = ask();
    assert_eq!(here.0.len(), 11);
    let _server = place.serve(&[]);
    assert_eq!(ask(), here);
}

#[test]
fn an_unreadable_file_is_trouble_before_anything_is_asked() {
    let place = indexed();
    let ran = place.seer(&["search", "--batch", "no/such/file"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("no/such/file"), "{}", ran.err);
    assert_eq!(place.seer(&["search", "--batch", "-", "dog"]).code, 2);
}

#[test]
fn a_hit_says_why_it_is_one() {
    let place = indexed();
    let ran = place.seer(&["search", "two dogs -snow ext:jpg", "-k", "2", "--explain", "--all"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let text = &ran.out;
    for part in ["score ", "\"two dogs\" (", "\"snow\" (-", "without a word: \"two\"", "ext:jpg: /"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    let hits = place.seer(&["search", "two dogs", "-k", "2", "--explain", "--json"]).json();
    assert_eq!(hits[0]["why"]["places"]["meaning"], 1);
    let ran = place.seer(&["search", "dog", "--explain", "-k", "101"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("100"), "{}", ran.err);
}

#[test]
fn words_that_only_say_when_load_no_model() {
    let place = indexed();
    let ran = |query: &str| {
        let mut command = place.command(&["search", query]);
        command.env("SEER_MODEL", place.photos().join("no-such-model"));
        Ran::of(command.output().expect("seer starts"))
    };
    let found = ran("June 2019");
    assert!(found.code < 2, "{found:?}");
    assert_eq!(ran("dogs in June 2019").code, 2, "words need one");
}
