//! What NOT, OR, AND and parentheses mean, and what is refused.

use seer_store::Filter;

use super::super::{MOST_FILTERS, parse};

/// The filters as typed.
fn typed(text: &str) -> Vec<String> {
    parse(text).unwrap().filters.into_iter().map(|(typed, _)| typed).collect()
}

/// Filters as a formula.
fn meant(text: &str) -> String {
    let query = parse(text).unwrap();
    let filters: Vec<String> = query.filters.iter().map(|(_, f)| formula(f)).collect();
    filters.join(" & ")
}

fn formula(filter: &Filter) -> String {
    use Filter::{All, Any, Folder, Not, Text};
    let join = |parts: &[Filter], by: &str| {
        format!("({})", parts.iter().map(formula).collect::<Vec<_>>().join(by))
    };
    match filter {
        All(parts) => join(parts, " & "),
        Any(parts) => join(parts, " | "),
        Not(part) => format!("-{}", formula(part)),
        Folder(name) | Text(name) => name.clone(),
        other => format!("{other:?}"),
    }
}

#[test]
fn or_joins_filters() {
    assert_eq!(meant("folder:a OR folder:b"), "(a | b)");
    assert_eq!(meant("folder:a or folder:b || \"c\""), "(a | b | c)");
    assert_eq!(meant("folder:a OR folder:b folder:c"), "(a | b) & c");
    assert_eq!(meant("folder:a folder:b OR -folder:c"), "a & (b | -c)");
    assert_eq!(meant("(folder:a folder:b) OR folder:c"), "((a & b) | c)");
    assert_eq!(meant("(folder:a AND folder:b) | folder:c"), "((a & b) | c)");
    assert_eq!(meant("(folder:a OR folder:b) AND folder:c"), "(a | b) & c");
    assert_eq!(meant("((folder:a))"), "a");
}

#[test]
fn not_turns_filters_round() {
    for text in [
        "NOT folder:a",
        "not folder:a",
        "-folder:a",
        "!folder:a",
        "! folder:a",
        "NOT(folder:a)",
        "-(folder:a)",
        "AND NOT folder:a",
        "－folder:a",
    ] {
        assert_eq!(meant(text), "-a", "{text}");
    }
    assert_eq!(meant("NOT (folder:a OR folder:b)"), "-(a | b)");
    assert_eq!(meant("NOT -folder:a"), "--a");
    assert_eq!(meant("folder:a NOT folder:b"), "a & -b");
    assert_eq!(meant("+folder:a && folder:b"), "a & b");
}

#[test]
fn a_group_is_one_part_as_it_was_typed() {
    assert_eq!(
        typed("beach (folder:a OR  folder:b) and year:2019 NOT folder:c sunset"),
        ["(folder:a OR  folder:b)", "year:2019", "NOT folder:c"]
    );
    let query = parse("beach (folder:a OR folder:b) and year:2019 sunset").unwrap();
    assert_eq!(query.words(), "beach sunset");
    assert_eq!(typed("folder:a OR folder:b"), ["folder:a OR folder:b"]);
    // What is left when a part is taken away.
    assert_eq!(meant("AND folder:b"), "b");
    assert_eq!(meant("folder:b AND"), "b");
}

#[test]
fn quoted_text_is_meaning_only_where_it_must_occur() {
    assert_eq!(parse("\"a b\" c").unwrap().words(), "a b c");
    assert_eq!(parse("(\"a b\" OR folder:x) c").unwrap().words(), "c");
    assert_eq!(parse("NOT \"a b\" c").unwrap().words(), "c");
}

#[test]
fn operators_beside_words_are_refused_by_name() {
    for (text, named) in [
        ("beach OR folder:a", "OR"),
        ("folder:a OR beach", "OR"),
        ("folder:a OR", "OR"),
        ("OR folder:a", "OR"),
        ("cats OR dogs", "OR"),
        ("beach NOT people", "-people"),
        ("!people", "-people"),
        ("NOT like:abcd", "NOT"),
        ("folder:a NOT", "NOT"),
        ("(folder:a beach)", "parenthes"),
        ("(beach folder:a)", "parenthes"),
        ("(folder:a OR beach)", "parenthes"),
        ("(folder:a OR beach )", "OR"),
        ("(folder:a like:abcd)", "parenthes"),
        ("(folder:a", "parenthes"),
        ("folder:a)", "parenthes"),
        ("folder:a OR folder:b AND folder:c", "AND"),
        ("folder:a AND folder:b OR folder:c", "AND"),
        ("(folder:a OR folder:b AND folder:c)", "AND"),
    ] {
        let error = parse(text).expect_err(text).to_string();
        assert!(error.contains(named), "{text}: {error}");
    }
}

#[test]
fn sentences_stay_sentences() {
    for text in [
        "cats and dogs",
        "cats or dogs",
        "to be or not to be",
        "DO NOT ENTER",
        "SALT AND PEPPER",
        "a dog (brown)",
        "black & white",
        "smile :)",
        "wow !",
        "a | b",
        "(what a day)",
        "not a dog",
        "( )",
        "NOT",
        "!!! ok",
    ] {
        let query = parse(text).unwrap();
        assert!(query.filters.is_empty(), "{text}");
        assert_eq!(query.words(), text, "{text}");
    }
    assert_eq!(parse("cats and dogs folder:a").unwrap().words(), "cats and dogs");
}

#[test]
fn depth_and_number_have_bounds() {
    let nested = |n: usize| format!("{}folder:a{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(meant(&nested(super::MOST_DEPTH)), "a");
    assert!(parse(&nested(super::MOST_DEPTH + 1)).is_err());
    assert!(parse(&nested(1000)).is_err());
    let many = |n: usize| vec!["folder:a"; n].join(" OR ");
    assert_eq!(typed(&many(MOST_FILTERS)).len(), 1);
    assert!(parse(&many(MOST_FILTERS + 1)).unwrap_err().to_string().contains("64"));
    assert!(parse(&format!("{}folder:a", "NOT ".repeat(1000))).is_err());
}
