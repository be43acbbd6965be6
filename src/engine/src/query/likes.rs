//! Photos that a query names: `like:ID`, `more:ID`, `less:ID`, each with a weight behind `^`.

use super::{Like, QueryError};

/// # Errors
/// No id; a weight that is none or not from 0 to 10; a minus before it.
pub(super) fn like(
    key: &str,
    value: &str,
    excluded: bool,
    source: &str,
) -> Result<Like, QueryError> {
    let wrong = |message: String| Err(QueryError::new(source, message));
    if excluded && key != "like" {
        let other = if key == "more" { "less" } else { "more" };
        return wrong(format!("write {other}:ID, without a minus, for the opposite"));
    }
    let (id, weight) = match value.rsplit_once('^') {
        Some((id, weight)) => (id, weight.parse::<f32>().ok()),
        None => (value, Some(1.0)),
    };
    if excluded || id.is_empty() {
        let opposite = if excluded { "; less:ID is for the opposite" } else { "" };
        return wrong(format!("write {key}:ID with a photo's id from an earlier answer{opposite}"));
    }
    match weight.filter(|weight| (0.0..=10.0).contains(weight)) {
        Some(weight) => Ok(Like { id: id.to_owned(), weight }),
        None => wrong(format!("a weight is a number from 0 to 10, such as {key}:{id}^0.5")),
    }
}
