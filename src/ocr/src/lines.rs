//! Which lines are believed.

use seer_types::TextLine;

/// How sure a line has to be by the number of its letters and digits, from none on: few of them are
/// seen in leaves, bricks and folds, many are not.
const LEAST: [f32; 5] = [2.0, 0.95, 0.85, 0.7, 0.65];
/// How sure all others have to be.
const LEAST_OF_MANY: f32 = 0.6;

/// Whether a line is likely to be text.
pub(crate) fn believed(line: &TextLine) -> bool {
    let count = line.text.chars().filter(|c| c.is_alphanumeric()).count();
    line.confidence >= LEAST.get(count).copied().unwrap_or(LEAST_OF_MANY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_letters_have_to_be_surer() {
        let line = |text: &str, confidence| {
            believed(&TextLine { text: text.to_owned(), corners: [[0.0; 2]; 4], confidence })
        };
        assert!(line("EXIT", 0.65) && !line("EXIT", 0.55));
        assert!(line("A", 0.97) && !line("A", 0.9));
        assert!(line("B12", 0.8) && !line("12", 0.8));
        assert!(!line("--- --- ---", 1.0) && !line("", 1.0));
    }
}
