//! Queries and what is understood of them.

use super::*;

fn term(text: &str, weight: f32) -> Term {
    Term { text: text.into(), weight }
}

#[test]
fn plain_words_are_one_term() {
    let query = parse("two dogs  running on a beach").unwrap();
    assert_eq!(query.terms, [term("two dogs running on a beach", 1.0)]);
    assert!(query.filters.is_empty());
}

#[test]
fn weights_and_exclusions_are_terms_of_their_own() {
    let query = parse("beach sunset^0.5 -people").unwrap();
    assert_eq!(query.terms, [term("beach", 1.0), term("sunset", 0.5), term("people", EXCLUDED)]);
    assert_eq!(query.words(), "beach sunset");
}

#[test]
fn wanted_words_keep_their_order() {
    let query = parse("-cat a child^2 on a -dog swing park^1 ^x").unwrap();
    let wanted = [term("a", 1.0), term("child", 2.0), term("on a swing park ^x", 1.0)];
    assert_eq!(query.terms[..3], wanted);
    assert_eq!(query.terms[3..], [term("cat", EXCLUDED), term("dog", EXCLUDED)]);
    assert_eq!(query.words(), "a child on a swing park ^x");
}

#[test]
fn several_words_can_be_excluded_as_one_text() {
    let query = parse("street -words:\"a red car\" -words:bus").unwrap();
    let excluded = [term("a red car", EXCLUDED), term("bus", EXCLUDED)];
    assert_eq!(query.terms, [&[term("street", 1.0)], &excluded[..]].concat());
    assert!(parse("words:\"\"").is_err() && parse("words: May").is_err());
}

#[test]
fn filters_leave_the_meaning() {
    let query = parse("beach after:2019 camera:canon -ext:png path:\"my holiday\"").unwrap();
    assert_eq!(query.terms, [term("beach", 1.0)]);
    let typed: Vec<&str> = query.filters.iter().map(|f| f.0.as_str()).collect();
    assert_eq!(typed, ["after:2019", "camera:canon", "-ext:png", "path:\"my holiday\""]);
    assert!(matches!(query.filters[2].1, Filter::Not(_)));
}

#[test]
fn quoted_text_must_occur_and_is_meaning_too() {
    let query = parse("\"stop sign\" at night").unwrap();
    assert_eq!(query.terms, [term("stop sign at night", 1.0)]);
    assert!(matches!(&query.filters[0].1, Filter::Text(t) if t == "stop sign"));
}

#[test]
fn the_language_of_the_words_can_be_said() {
    let query = parse("lang:de Gift").unwrap();
    assert_eq!((query.language.unwrap().name, query.words().as_str()), ("German", "Gift"));
    assert_eq!(parse("Gift").unwrap().language, None);
    for text in ["lang:xx Gift", "lang:german Gift", "-lang:de Gift", "lang: Gift"] {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains("lang:"), "{text}: {error}");
    }
}

#[test]
fn unknown_keys_are_refused_with_a_suggestion() {
    let error = parse("camra:canon").unwrap_err().to_string();
    assert!(error.contains("camra:canon") && error.contains("camera:"), "{error}");
    for text in ["like:", "camera: canon", "-like:abcd"] {
        assert!(parse(text).is_err(), "{text}");
    }
    assert!(parse("after:yesterday-ish").is_err());
    for text in ["--ext:jpg", "(beach,ext:jpg", "!-ext:jpg", "beach/tag:x", "tag：", ".name:x"] {
        assert!(parse(text).is_err(), "{text}");
    }
    assert!(parse("see:// http://tag://x a-date://x").is_ok());
}

#[test]
fn colons_inside_ordinary_words_are_words() {
    assert_eq!(parse("clock showing 3:30").unwrap().terms[0].text, "clock showing 3:30");
    assert_eq!(parse("note: a dog").unwrap().terms[0].text, "note: a dog");
}

#[test]
fn a_query_that_would_hold_others_up_is_refused() {
    let many = |part: &str, count: usize| vec![part; count].join(" ");
    for (part, most) in [
        ("-word", MOST_TEXTS),
        ("word^2", MOST_TEXTS),
        ("like:abcd", MOST_LIKES),
        ("more:abcd", MOST_MARKS),
        ("less:abcd", MOST_MARKS),
        ("ext:jpg", MOST_FILTERS),
        ("-ext:jpg", MOST_FILTERS),
        ("\"a\"", MOST_FILTERS),
    ] {
        assert!(parse(&many(part, most)).is_ok(), "{part}");
        let error = parse(&many(part, most + 1)).unwrap_err().to_string();
        assert!(error.contains(&format!("may have {most}")), "{error}");
    }
    // Plain words are one text, however many they are.
    assert_eq!(parse(&many("word", 500)).unwrap().terms.len(), 1);
    assert!(parse(&format!("plain {}", many("-word", MOST_TEXTS))).is_err());
    assert!(parse(&many("plain word^2", MOST_TEXTS - 1)).is_ok());
}

#[test]
fn questions_for_the_position_are_known() {
    for (text, asks) in [
        ("near:48.86,2.35", true),
        ("-near:48.86,2.35,1km", true),
        ("beach ext:jpg", false),
        ("near the sea", false),
    ] {
        assert_eq!(parse(text).unwrap().asks_for_position(), asks, "{text}");
    }
}

#[test]
fn like_is_a_picture() {
    let like = |id: &str, weight| Like { id: id.into(), weight };
    assert_eq!(parse("like:abc123 at night").unwrap().likes, [like("abc123", 1.0)]);
    let query = parse("like:abc1^0.5 like:abc2^10 like:abc3^0").unwrap();
    assert_eq!(query.likes, [like("abc1", 0.5), like("abc2", 10.0), like("abc3", 0.0)]);
    for text in
        ["like:abc1^11", "like:abc1^-1", "like:abc1^x", "like:abc1^", "like:^2", "like:abc1^NaN"]
    {
        assert!(parse(text).is_err(), "{text}");
    }
}

#[test]
fn marks_are_photos_that_are_right_and_wrong() {
    let query = parse("beach more:abc1 less:abc2^2 more:abc3 -sea").unwrap();
    let like = |id: &str, weight| Like { id: id.into(), weight };
    assert_eq!(query.more, [like("abc1", 1.0), like("abc3", 1.0)]);
    assert_eq!(query.less, [like("abc2", 2.0)]);
    assert_eq!(query.terms, [term("beach", 1.0), term("sea", EXCLUDED)]);
    assert!(query.is_marked() && query.has_meaning() && query.filters.is_empty());
    assert!(parse("more:abc1").unwrap().has_meaning());
    assert!(!parse("ext:jpg").unwrap().has_meaning());
    for (text, remedy) in [("-more:abc1", "less:"), ("-less:abc1", "more:"), ("more:", "more:ID")] {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains(remedy), "{error}");
    }
    assert_eq!(parse("more: or less: of it").unwrap_err().part, "more:");
    assert_eq!(parse("more or less").unwrap().terms, [term("more or less", 1.0)]);
}

#[test]
fn a_filter_never_passes_as_a_word() {
    let pieces = [
        "(",
        ")",
        "-(",
        "NOT",
        "or",
        "AND",
        "!",
        "-",
        "ext:jpg",
        "(ext:jpg",
        "ext:jpg)",
        "beach",
        "“a b”",
        "\"a\"",
        "‘x-",
        "「c」",
        "：",
        "like:abcd",
        "。",
        "+",
        "((",
        "or(",
    ];
    for a in pieces {
        for b in pieces {
            for c in pieces {
                for text in [format!("{a} {b} {c}"), format!("{a}{b} {c}"), format!("{a} {b}{c}")] {
                    let Ok(query) = parse(&text) else { continue };
                    assert!(!query.words().contains("ext:"), "{text}");
                    assert!(query.filters.iter().all(|(typed, _)| text.contains(typed)), "{text}");
                }
            }
        }
    }
}

#[test]
fn any_text_gives_an_answer_or_an_error() {
    for text in [
        "", "   ", "-", "--", "^", "^2", "a^", "a^x", "\"", "-\"\"", ":", "-:", "ext:", "é:ü",
        "\u{0}", "a^-1", "near:1",
    ] {
        let _ = parse(text);
    }
}

#[test]
fn words_may_be_kept_as_words() {
    let query = parse("dogs words:\"last summer\" park ext:jpg words:May").unwrap();
    assert_eq!(query.terms, [term("dogs last summer park May", 1.0)]);
    assert_eq!(query.filters.len(), 1);
}
