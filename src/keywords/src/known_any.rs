//! What filters were asked for before, and whether any document met them.
//!
//! While a query is typed, and from query to query, the same words are asked for again and again. An
//! answer holds as long as the index shows the same documents.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use seer_store::Filter;

/// Answers kept; when there are more, all of them go.
const MOST: usize = 4096;

/// The answers for one generation of an index.
#[derive(Default)]
pub(crate) struct KnownAny {
    answers: Mutex<Answers>,
}

#[derive(Default)]
struct Answers {
    generation: u64,
    known: HashMap<String, bool>,
}

impl KnownAny {
    /// For each filter, whether any document meets it; `ask` answers for those that are not known.
    pub(crate) fn any<E>(
        &self,
        generation: u64,
        filters: &[Filter],
        ask: impl FnOnce(&[Filter]) -> Result<Vec<bool>, E>,
    ) -> Result<Vec<bool>, E> {
        let keys: Vec<String> = filters.iter().map(|filter| format!("{filter:?}")).collect();
        let mut found: Vec<Option<bool>> = {
            let answers = self.of(generation);
            keys.iter().map(|key| answers.known.get(key).copied()).collect()
        };
        let unknown: Vec<usize> = (0..found.len()).filter(|at| found[*at].is_none()).collect();
        if !unknown.is_empty() {
            let asked: Vec<Filter> = unknown.iter().map(|at| filters[*at].clone()).collect();
            let answers = ask(&asked)?;
            let mut kept = self.of(generation);
            for (at, met) in unknown.into_iter().zip(answers) {
                found[at] = Some(met);
                kept.known.insert(keys[at].clone(), met);
            }
        }
        Ok(found.into_iter().map(|met| met.unwrap_or(false)).collect())
    }

    /// The answers for a generation: none where others were kept.
    fn of(&self, generation: u64) -> MutexGuard<'_, Answers> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.generation != generation || answers.known.len() > MOST {
            *answers = Answers { generation, known: HashMap::new() };
        }
        answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(known: &KnownAny, generation: u64, words: &[&str], met: bool) -> (Vec<bool>, usize) {
        let filters: Vec<Filter> = words.iter().map(|word| Filter::Text((*word).into())).collect();
        let mut asked = 0;
        let answer = |unknown: &[Filter]| {
            asked = unknown.len();
            Ok::<_, ()>(vec![met; unknown.len()])
        };
        let found = known.any(generation, &filters, answer).unwrap();
        (found, asked)
    }

    #[test]
    fn what_is_known_is_not_asked_again_until_the_index_changes() {
        let known = KnownAny::default();
        assert_eq!(ask(&known, 1, &["a", "b"], true), (vec![true, true], 2));
        assert_eq!(ask(&known, 1, &["b", "c"], false), (vec![true, false], 1));
        assert_eq!(ask(&known, 1, &["c", "a"], true), (vec![false, true], 0));
        assert_eq!(ask(&known, 2, &["c", "a"], true), (vec![true, true], 2));
    }

    #[test]
    fn it_is_bounded() {
        let known = KnownAny::default();
        for number in 0..MOST + 10 {
            ask(&known, 1, &[&number.to_string()], true);
        }
        assert!(known.of(1).known.len() <= MOST);
    }
}
