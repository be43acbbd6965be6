//! Who is not told where photos were taken.

use seer_engine::parse_query;

use crate::errors::{ApiError, NOT_SHARED};

/// Refuses a query that asks where photos were taken, of somebody who is not told.
pub(super) fn may_ask(query: &str, strips: bool) -> Result<(), ApiError> {
    match strips && parse_query(query).is_ok_and(|query| query.asks_for_position()) {
        false => Ok(()),
        true => Err(ApiError::new(
            NOT_SHARED,
            "this server does not tell others where photos were taken; leave out near:, place: and \
             box:",
        )),
    }
}
