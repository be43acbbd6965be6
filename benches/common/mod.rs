//! A server for a bench.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Stopped when dropped.
pub struct Server {
    pub child: Child,
    pub url: String,
}

impl Server {
    /// Waits until it answers. `command`: one that serves and prints JSON. Words in pictures are not read.
    pub fn start(mut command: Command) -> Self {
        let mut child =
            command.env("SEER_TEXT", "off").stdout(Stdio::piped()).spawn().expect("seer starts");
        let output = BufReader::new(child.stdout.take().expect("stdout"));
        let mut server = Self { child, url: String::new() };
        for line in output.lines() {
            let event: serde_json::Value =
                serde_json::from_str(&line.expect("text")).expect("JSON");
            if event["event"] == "ready" {
                server.url = event["url"].as_str().expect("url").to_owned();
                return server;
            }
        }
        panic!("the server ended before it was ready");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
