//! Many searches in one request.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::first::first;
use super::{ErrorMessage, SearchAnswer, SearchRequest};

/// Body of `POST /api/search/batch`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchRequest {
    /// The searches, as `POST /api/search` takes them; 1 to 64.
    #[serde(deserialize_with = "first")]
    pub queries: Vec<SearchRequest>,
}

/// Answer to many searches.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct BatchAnswer {
    /// One for each search, in their order.
    pub answers: Vec<OneOfBatch>,
}

/// What came of one search of several: its answer, or its error.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OneOfBatch {
    /// Its answer.
    Answer(Box<SearchAnswer>),
    /// Why it has none.
    Error(ErrorMessage),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_of_searches_is_not_kept() {
        let text = format!(r#"{{"queries":[{}]}}"#, vec!["{}"; 10_000].join(","));
        let request: BatchRequest = serde_json::from_str(&text).unwrap();
        assert_eq!(request.queries.len(), crate::wire::first::KEPT);
        assert!(serde_json::from_str::<BatchRequest>(r#"{"queries":[{"limit":1}]}"#).is_err());
        assert!(serde_json::from_str::<BatchRequest>("{}").is_err());
    }

    #[test]
    fn an_answer_or_an_error_says_which_it_is() {
        let message = ErrorMessage { code: "bad_query".into(), message: "no".into() };
        let text = serde_json::to_string(&OneOfBatch::Error(message)).unwrap();
        assert_eq!(text, r#"{"error":{"code":"bad_query","message":"no"}}"#);
    }
}
