//! How a server is found, and how it ends.

use std::net::TcpStream;
use std::time::Duration;

use actix_web::rt::System;

use super::harness::{Server, TOKEN, Wanted};
use crate::client::{Client, ClientError};
use crate::wire::SearchRequest;
use crate::{Limits, ServeError, ServeOptions, ServerFile, Shutdown, Token};

#[test]
fn a_running_server_is_found_through_its_library() {
    let mut server = Server::start();
    let folder = server.library.folder().to_path_buf();
    let file = ServerFile::read(&folder).unwrap();
    assert_eq!((file.address, file.token.as_str()), (server.address, TOKEN));
    let found = Client::find(&folder).unwrap();
    assert_eq!(found.status().unwrap().photos, 11);
    server.stop().unwrap();
    assert!(ServerFile::read(&folder).is_none());
    assert!(Client::find(&folder).is_none());
    assert!(matches!(found.status(), Err(ClientError::Unreachable { .. })));
}

#[test]
fn a_file_of_a_dead_or_other_process_is_ignored() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    assert!(Client::find(folder.path()).is_none());
    let live = ServerFile::read(server.library.folder()).unwrap();
    let other = ServerFile { pid: live.pid + 1, ..live.clone() };
    other.write(folder.path()).unwrap();
    assert!(Client::find(folder.path()).is_none());
    let closed = ServerFile { address: "127.0.0.1:1".parse().unwrap(), ..live };
    closed.write(folder.path()).unwrap();
    assert!(Client::find(folder.path()).is_none());
}

#[test]
fn what_runs_is_finished_before_the_end() {
    let limits = Limits { searches_at_once: 1, ..Limits::default() };
    let mut server = Server::with(Wanted { limits, ..Default::default() });
    let held = System::new().block_on(server.state.searches.enter()).unwrap();
    let client = server.client.clone();
    let waiting = std::thread::spawn(move || client.search(&SearchRequest::default()));
    while server.state.searches.in_line() == 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
    server.shutdown.stop();
    // The listener closes first; then the running request is answered.
    while TcpStream::connect(server.address).is_ok() {
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(held);
    assert_eq!(waiting.join().unwrap().unwrap().hits.len(), 11);
    server.stop().unwrap();
}

#[test]
fn a_taken_address_is_an_error_that_names_it() {
    let server = Server::start();
    let options = ServeOptions { address: server.address, ..Default::default() };
    let result = crate::serve(
        server.library.clone(),
        server.index.clone(),
        options,
        |_| panic!("it must not get ready"),
        Shutdown::new(),
    );
    let error = result.unwrap_err();
    assert!(matches!(error, ServeError::Address { .. }));
    assert!(error.to_string().contains(&server.address.to_string()), "{error}");
}

#[test]
fn another_address_needs_a_token_and_the_url_carries_it() {
    let server = Server::start();
    let options = ServeOptions { address: "0.0.0.0:0".parse().unwrap(), ..Default::default() };
    let shutdown = Shutdown::new();
    let check = |ready: crate::Ready| {
        assert_ne!(ready.address.port(), 0);
        assert_eq!(ready.token.as_str().len(), 32);
        assert!(ready.url.ends_with(&format!("/?token={}", ready.token.as_str())), "{:?}", ready);
        shutdown.stop();
    };
    crate::serve(server.library.clone(), server.index.clone(), options, check, shutdown.clone())
        .unwrap();
}

#[test]
fn a_token_that_was_given_is_not_repeated() {
    let server = Server::start();
    let token = Some(Token::given("a-secret-of-letters").unwrap());
    let address = "0.0.0.0:0".parse().unwrap();
    let options = ServeOptions { address, token, ..Default::default() };
    let shutdown = Shutdown::new();
    let check = |ready: crate::Ready| {
        assert!(ready.locked && ready.url.ends_with('/'), "{}", ready.url);
        assert!(!format!("{ready:?}").contains("a-secret-of-letters"));
        shutdown.stop();
    };
    assert!(!format!("{options:?}").contains("a-secret-of-letters"));
    crate::serve(server.library.clone(), server.index.clone(), options, check, shutdown.clone())
        .unwrap();
}
