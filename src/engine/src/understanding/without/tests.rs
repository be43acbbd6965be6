use super::*;
use crate::query::plain::plain_runs;

/// What is read, as what, and whether it is sure.
fn read(text: &str) -> Vec<(String, String, bool)> {
    let found = exclusions(text, &plain_runs(text), &[]);
    let reading = |one: Found| (text[one.words].to_owned(), one.filters, one.sure);
    found.into_iter().map(reading).collect()
}

fn assert_reads(cases: &[(&str, &str, &str)], sure: bool) {
    for (text, words, filters) in cases {
        let expected = vec![((*words).to_owned(), (*filters).to_owned(), sure)];
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn without_is_sure() {
    assert_reads(
        &[
            ("beach without people", "without people", "-people"),
            ("a beach without any people at sunset", "without any people", "-people"),
            ("a dog without a leash on grass", "without a leash", "-leash"),
            ("street without red cars, night", "without red cars", "-words:\"red cars\""),
            (
                "table without a glass of wine",
                "without a glass of wine",
                "-words:\"glass of wine\"",
            ),
            ("man without a shirt jumping", "without a shirt", "-shirt"),
            (
                "street without people walking",
                "without people walking",
                "-words:\"people walking\"",
            ),
            ("street without cars or bikes", "without cars or bikes", "-cars -bikes"),
            ("without people", "without people", "-people"),
            ("Beach, but without People!", "but without People", "-People"),
            ("Strand ohne Menschen am Abend", "ohne Menschen", "-Menschen"),
            ("eine Straße ohne rote Autos", "ohne rote Autos", "-words:\"rote Autos\""),
            ("une plage sans les gens", "sans les gens", "-gens"),
            ("playa sin gente en verano", "sin gente", "-gente"),
            ("spiaggia senza persone", "senza persone", "-persone"),
            ("praia sem pessoas", "sem pessoas", "-pessoas"),
            ("strand zonder mensen op het zand", "zonder mensen", "-mensen"),
        ],
        true,
    );
}

#[test]
fn no_and_not_are_sure_behind_words_that_lead_to_them() {
    assert_reads(
        &[
            ("beach with no people", "with no people", "-people"),
            ("beach and no people", "and no people", "-people"),
            ("a house that has no windows", "that has no windows", "-windows"),
            ("dog, no leash", "no leash", "-leash"),
            ("beach no people", "no people", "-people"),
            ("a street with no one in it", "with no one in it", "-people"),
            ("a street with no one in it at night", "with no one", "-people"),
            ("a street with nobody", "with nobody", "-people"),
            ("dogs but not puppies", "but not puppies", "-puppies"),
            ("a red car, not a truck", "not a truck", "-truck"),
            ("Straße und keine Autos", "und keine Autos", "-Autos"),
            ("straat met geen auto's", "met geen auto's", "-auto's"),
        ],
        true,
    );
}

#[test]
fn other_no_and_not_are_offered() {
    assert_reads(
        &[
            ("house no windows", "no windows", "-windows"),
            ("man not smiling", "not smiling", "-smiling"),
            ("no dogs on the beach", "no dogs", "-dogs"),
            ("Strand keine Autos", "keine Autos", "-Autos"),
            ("nobody on the beach", "nobody", "-people"),
            (
                "beach without big green plastic umbrellas",
                "without big green plastic",
                "-words:\"big green plastic\"",
            ),
        ],
        false,
    );
}

#[test]
fn what_follows_and_is_offered() {
    let expected = [
        ("without people".to_owned(), "-people".to_owned(), true),
        ("and cars".to_owned(), "-cars".to_owned(), false),
    ];
    assert_eq!(read("street without people and cars"), expected);
    for text in ["beach without people and a dog", "beach without people and with palms"] {
        assert_eq!(read(text).len(), 1, "{text}");
    }
    let both = read("beach and no people and no dogs");
    assert_eq!(both.iter().filter(|(_, _, sure)| *sure).count(), 2, "{both:?}");
}

#[test]
fn signs_and_idioms_are_not_read() {
    for text in [
        "no parking sign",
        "a no entry sign",
        "no smoking",
        "street with no parking sign",
        "no dogs allowed",
        "no 7 jersey",
        "No. 5",
        "not far from the sea",
        "whether or not it rains",
        "to be or not to be",
        "do not enter",
        "this is not a pipe",
        "not in snow",
        "nothing",
        "without",
        "without a",
        "without in the park",
        "without a doubt the best",
        "doctors without borders",
        "without -people",
        "without people^2",
        "without \"people\"",
        "\"without people\"",
        "words:\"without people\"",
        "text:\"without people\"",
        "-without people",
        "sin city poster",
        "comic sans font",
        "knot notebook noon",
        "kein Durchgang",
        "ein Bild ohne Titel",
        "perro no gato",
        "a boy jumping",
        "say no to drugs",
    ] {
        assert_eq!(read(text), [], "{text}");
    }
}

#[test]
fn what_is_left_out_ends_before_words_that_are_read_otherwise() {
    for (text, read) in
        [("beach without people last summer", Some("-people")), ("beach without last summer", None)]
    {
        let summer = text.find("last").unwrap()..text.len();
        let found = exclusions(text, &plain_runs(text), std::slice::from_ref(&summer));
        let filters: Vec<&str> = found.iter().map(|one| one.filters.as_str()).collect();
        assert_eq!(filters, Vec::from_iter(read), "{text}");
    }
}
