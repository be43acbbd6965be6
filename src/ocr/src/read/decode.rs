//! From scores along a line to its text. (Graves and others: Connectionist Temporal Classification,
//! 2006: the likeliest class at each place, repetitions once, blanks not at all.)

/// The characters a recogniser knows.
pub(crate) struct Characters(Vec<String>);

impl Characters {
    /// `list` has one character a line; a space comes after all of them, and the class before them
    /// is the blank.
    pub fn new(list: &str) -> Self {
        Self(list.split('\n').chain([" "]).map(str::to_owned).collect())
    }

    /// Classes, with the blank.
    pub fn classes(&self) -> usize {
        self.0.len() + 1
    }

    /// The text of `[places, classes]` scores, and the mean probability of its characters; 0 for
    /// none.
    pub fn text(&self, scores: &[f32]) -> (String, f32) {
        let (mut text, mut sum, mut count, mut last) = (String::new(), 0.0, 0, 0);
        for scores in scores.chunks_exact(self.classes()) {
            let (class, score) = highest(scores);
            if class != last && class != 0 {
                text.push_str(&self.0[class - 1]);
                sum += probability(scores, score);
                count += 1;
            }
            last = class;
        }
        (text, if count == 0 { 0.0 } else { sum / count as f32 })
    }
}

/// The first of the highest scores.
fn highest(scores: &[f32]) -> (usize, f32) {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    (scores.iter().position(|score| *score == most).unwrap_or(0), most)
}

/// What the softmax makes of the highest score.
fn probability(scores: &[f32], highest: f32) -> f32 {
    1.0 / scores.iter().map(|score| (score - highest).exp()).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_count_once_and_blanks_part_them() {
        let characters = Characters::new("a\nb");
        assert_eq!(characters.classes(), 4);
        let likely = |class: usize| (0..4).map(move |c| if c == class { 9.0 } else { 0.0 });
        let scores: Vec<f32> = [0, 1, 1, 0, 1, 2, 3, 3, 2].into_iter().flat_map(likely).collect();
        let (text, confidence) = characters.text(&scores);
        assert_eq!(text, "aab b");
        assert!((confidence - 1.0 / (1.0 + 3.0 * (-9f32).exp())).abs() < 1e-6);
        assert_eq!(characters.text(&[5.0, 1.0, 1.0, 1.0]), (String::new(), 0.0));
        assert_eq!(characters.text(&[f32::NAN; 4]).0, "");
    }
}
