//! Databases as places for the suite.

use std::sync::OnceLock;

use seer_postgres::{PostgresConfig, PostgresStore};
use seer_store::Store;
use seer_store_suite::Place;

use super::Server;

/// A database of the server that all tests of a program share.
pub struct Database {
    name: String,
    config: PostgresConfig,
}

pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&["fsync=off"]))
}

impl Database {
    /// A new one, with its tables split so many times.
    pub fn new(partitions: u32) -> Self {
        let (name, config) = server().library(partitions);
        Self { name, config }
    }

    /// The same, asked at another port.
    pub fn asked_at(mut self, port: u16) -> Self {
        self.config.read_url = Some(Server::url_at(port, &self.name));
        self
    }
}

impl Place for Database {
    fn open(&self) -> Box<dyn Store> {
        Box::new(PostgresStore::open(&self.config).expect("the library opens"))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        server().sql("postgres", &format!("drop database {} with (force)", self.name));
    }
}
