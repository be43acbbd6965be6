//! The real server on a free port, over a real library with a tiny model.

mod access;
mod forget;
mod harness;
mod index;
mod limits;
mod originals;
mod photos;
mod search;
mod shutdown;
