//! The wanted words of a query as texts: one sentence, and how much some of its words stand out.
//!
//! The sentence is encoded as a whole, because words mean together what they do not mean one by one.
//! For each step of the weights the words that weigh at least as much are one more text: `a child^2
//! on a swing` is "a child on a swing" and a little of "child". Words without weights, or all of
//! one weight, are exactly their sentence. Figures: `training/RESULTS.md`.

use crate::query::Term;

/// How much a model hears of a weight: a word that weighs 2 adds so much of itself to the sentence.
const HEARD: f32 = 0.15;

/// The texts of a query's wanted words with their weights, the sentence first; none where no word
/// is wanted. Weights are above 0.
pub(crate) fn layers(terms: &[Term]) -> Vec<(String, f32)> {
    let wanted: Vec<&Term> = terms.iter().filter(|term| term.weight > 0.0).collect();
    let mut steps: Vec<f32> = wanted.iter().map(|term| heard(term.weight)).collect();
    steps.sort_unstable_by(f32::total_cmp);
    steps.dedup();
    let mut below = 0.0;
    let layer = |step: f32| {
        let words = wanted.iter().filter(|term| heard(term.weight) >= step);
        let words: Vec<&str> = words.map(|term| term.text.as_str()).collect();
        let weight = step - std::mem::replace(&mut below, step);
        (words.join(" "), weight)
    };
    steps.into_iter().map(layer).collect()
}

/// What a weight above 0 counts: 1 for 1, and half as heavy as the others is the same as the others
/// twice as heavy.
fn heard(weight: f32) -> f32 {
    match weight >= 1.0 {
        true => 1.0 + HEARD * (weight - 1.0),
        false => 1.0 / heard(1.0 / weight),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    fn of(query: &str) -> Vec<(String, f32)> {
        layers(&parse(query).unwrap().terms)
    }

    #[test]
    fn words_of_one_weight_are_their_sentence() {
        for (query, text) in [
            ("a child on a swing", "a child on a swing"),
            ("child^1 swing", "child swing"),
            ("child^3 swing^3", "child swing"),
            ("child swing^0 tree", "child tree"),
            ("swing -people", "swing"),
        ] {
            let [(words, _)] = of(query).try_into().unwrap();
            assert_eq!(words, text, "{query}");
        }
        assert!(of("-people").is_empty() && of("dog^0").is_empty() && of("").is_empty());
    }

    #[test]
    fn heavier_words_are_heard_once_more() {
        let [sentence, child] = of("a child^2 on a swing").try_into().unwrap();
        assert_eq!((sentence.0.as_str(), sentence.1), ("a child on a swing", 1.0));
        assert!(child.0 == "child" && (child.1 - 0.15).abs() < 1e-6, "{child:?}");
        let texts: Vec<String> = of("red^2 car^2 street^0.5").into_iter().map(|l| l.0).collect();
        assert_eq!(texts, ["red car street", "red car"]);
        let three: Vec<String> = of("a^3 b^2 c").into_iter().map(|layer| layer.0).collect();
        assert_eq!(three, ["a b c", "a b", "a"]);
    }

    #[test]
    fn only_the_ratio_of_two_weights_counts() {
        let share = |query: &str| {
            let [whole, rest] = of(query).try_into().unwrap();
            assert_eq!(rest.0, "dog", "{query}");
            rest.1 / whole.1
        };
        assert!((share("dog^4 hat") - share("dog hat^0.25")).abs() < 1e-5);
        assert!(share("dog^4 hat") > share("dog^2 hat"));
        // A word of next to no weight is next to left out.
        assert!(share("dog hat^0.001") > 100.0);
    }
}
