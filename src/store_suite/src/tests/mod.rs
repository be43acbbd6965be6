//! The plain store passes; wrong ones do not. Two definitions of filters agree, and no case
//! is forgotten.

mod definitions;
mod listed;
mod wrong;
mod wrong_store;

use crate::{Place, PlainStore};

fn new_place() -> Box<dyn Place> {
    Box::new(PlainStore::new())
}

crate::store_suite!(new_place);
