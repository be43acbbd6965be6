//! The real server on a free port, over a real library with a tiny model.

mod access;
mod albums;
mod batch;
mod bodies;
mod clip_retrieval;
mod explain;
mod forget;
mod harness;
mod immich;
mod imposters;
mod index;
mod limits;
mod metrics;
mod models;
mod openapi;
mod originals;
mod photos;
mod schema;
mod search;
mod shutdown;
mod spellings;
mod stripped;
mod walk;
