//! `{"error": {"code": "...", "message": "..."}}`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Body of every answer whose status is 400 or above.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ErrorBody {
    /// The only field.
    pub error: ErrorMessage,
}

/// What went wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ErrorMessage {
    /// For programs: one of [`crate::ERROR_CODES`].
    #[schema(schema_with = crate::openapi::error_codes)]
    pub code: String,
    /// For people: what, where, what next.
    pub message: String,
}
