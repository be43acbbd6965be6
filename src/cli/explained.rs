//! Why a photo is in an answer, for people.

use std::io::{Result, Write};

use seer_http::wire::{Band, Explanation, Hit, Judged, Part, Places, Stands};

use crate::text::printable;

/// Before each line.
const INDENT: &str = "      ";

/// Prints what can be said of one photo, a line for each thing.
pub fn tell(out: &mut impl Write, hit: &Hit, why: &Explanation) -> Result<()> {
    for line in lines(hit, why) {
        writeln!(out, "{INDENT}{}", printable(&line))?;
    }
    Ok(())
}

fn lines(hit: &Hit, why: &Explanation) -> Vec<String> {
    let mut lines = Vec::new();
    if why.photo != hit.photo.id {
        lines.push(format!("for a photo alike it: {}", why.photo));
    }
    if !why.parts.is_empty() {
        let parts: Vec<String> = why.parts.iter().map(part).collect();
        lines.push(format!("score {:.3} = {}", hit.score, parts.join("  ")));
    }
    if !why.words.is_empty() {
        let words = why.words.iter().map(|one| format!("\"{}\" {:+.3}", one.word, -one.share));
        lines.push(format!("without a word: {}", words.collect::<Vec<_>>().join(", ")));
    }
    lines.extend(why.stands.iter().map(stands));
    lines.extend(why.filters.iter().map(|met| match met.values.is_empty() {
        true => format!("{}: it has none", met.filter),
        false => format!("{}: {}", met.filter, met.values.join(", ")),
    }));
    lines.extend(places(&why.places));
    lines.extend(why.judged.as_ref().map(judged));
    lines
}

fn part(part: &Part) -> String {
    let Part { what, text, weight, cosine, share } = part;
    let name = match what.as_str() {
        "photo" | "more" | "less" => format!("{what} {}", text.get(..8).unwrap_or(text)),
        "picture" => format!("picture {text}"),
        "rest" => return format!("{share:+.3} other parts"),
        _ => format!("\"{text}\""),
    };
    format!("{share:+.3} {name} ({weight:.2} x {cosine:.3})")
}

fn stands(one: &Stands) -> String {
    let Stands { word, place, text, .. } = one;
    let what = match place.as_str() {
        "name" => "file name",
        "person" | "place" => {
            return format!("\"{word}\" stands in the name of the {place} \"{text}\"");
        }
        "line" => "line that can be read,",
        other => other,
    };
    format!("\"{word}\" stands in the {what} \"{text}\"")
}

fn places(places: &Places) -> Option<String> {
    let mut said: Vec<String> = Vec::new();
    said.extend(places.meaning.map(|place| format!("{place} by meaning")));
    said.extend(
        places
            .classes
            .as_ref()
            .map(|by| format!("{} by what it shows ({:.0} %)", by.place, by.probability * 100.0)),
    );
    said.extend(
        places.words.as_ref().map(|by| {
            format!("{} by words in names ({:.0} % of them)", by.place, by.share * 100.0)
        }),
    );
    (!said.is_empty()).then(|| format!("place {}", said.join(", ")))
}

fn judged(judged: &Judged) -> String {
    let band = match judged.band {
        Band::Strong => "strong",
        Band::Likely => "likely",
        Band::Weak => "weak",
    };
    let above = judged.above;
    let by = match judged.by.as_str() {
        "words" => return format!("{band}: its names hold the words"),
        "classes" => "by what it shows and its score",
        "answer" => "nothing in the answer clearly shows this",
        _ => "by its score",
    };
    format!("{band}: {by}, {above:.1} deviations above photos of other things")
}

#[cfg(test)]
mod tests {
    use seer_http::wire::ByWords;

    use super::*;

    #[test]
    fn each_thing_is_one_line() {
        let parts = [
            Part {
                what: "words".into(),
                text: "red kite".into(),
                weight: 1.1,
                cosine: 0.3,
                share: 0.33,
            },
            Part {
                what: "excluded".into(),
                text: "snow".into(),
                weight: -0.4,
                cosine: 0.1,
                share: -0.04,
            },
        ];
        assert_eq!(part(&parts[0]), "+0.330 \"red kite\" (1.10 x 0.300)");
        assert_eq!(part(&parts[1]), "-0.040 \"snow\" (-0.40 x 0.100)");
        let one = Stands {
            word: "beach".into(),
            place: "folder".into(),
            text: "2019 Beach".into(),
            path: None,
        };
        assert_eq!(stands(&one), "\"beach\" stands in the folder \"2019 Beach\"");
        let by = Places {
            meaning: Some(3),
            classes: None,
            words: Some(ByWords { place: 1, share: 1.0 }),
        };
        assert_eq!(
            places(&by).as_deref(),
            Some("place 3 by meaning, 1 by words in names (100 % of them)")
        );
        assert_eq!(places(&Places::default()), None);
        let weak = Judged { band: Band::Weak, by: "answer".into(), above: 1.25 };
        assert_eq!(
            judged(&weak),
            "weak: nothing in the answer clearly shows this, 1.2 deviations above photos of other \
             things"
        );
    }
}
