//! Questions that are answered from rows alone; nearest neighbours have a folder of their own.

pub(crate) mod albums;
pub(crate) mod allow;
pub(crate) mod analyses;
pub(crate) mod by_time;
pub(crate) mod clusters;
pub(crate) mod counts;
pub(crate) mod each;
pub(crate) mod facets;
pub(crate) mod files;
pub(crate) mod having;
pub(crate) mod photos;
pub(crate) mod roots;
pub(crate) mod settings;
pub(crate) mod showing;
