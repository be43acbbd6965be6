//! What a filter allows, found once and used for a whole question.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::Filter;

/// The photos that a filter allows, as a store remembers them while a question is answered.
///
/// Made by [`crate::Store::allow`], and of use to the store that made it alone. For one question:
/// what is applied after it was made may or may not count.
#[derive(Clone)]
pub struct Allowed {
    /// The filter.
    pub filter: Filter,
    /// How many photos it allows.
    pub count: u64,
    /// What the store knows of them besides.
    pub kept: Option<Arc<dyn Any + Send + Sync>>,
}

impl fmt::Debug for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Allowed").field("filter", &self.filter).field("count", &self.count).finish()
    }
}
