//! Encrypted connections, with a certificate for the name "localhost" by an authority that nobody
//! knows (`tests/tls/make`).

mod support;

use seer_postgres::{InitOptions, PostgresConfig, PostgresStore};
use seer_store::{Store, StoreErrorKind};
use support::Server;

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn certificates_are_looked_at_as_the_address_says() {
    let server = Server::start(&["ssl=on"]);
    let authority = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/authority.pem");
    let known = format!("&sslrootcert={authority}");
    let url = |host: &str, rest: &str| {
        let port = server.port;
        PostgresConfig::new(format!("postgres://postgres:secret@{host}:{port}/postgres{rest}"))
    };
    PostgresStore::init(&url("localhost", ""), InitOptions::default()).expect("a library");
    for (host, mode, certificates, encrypted) in [
        ("localhost", "disable", "", Some(false)),
        ("127.0.0.1", "prefer", "", Some(true)),
        ("127.0.0.1", "require", "", Some(true)),
        ("127.0.0.1", "require", &*known, Some(true)),
        ("127.0.0.1", "verify-ca", &known, Some(true)),
        ("localhost", "verify-full", &known, Some(true)),
        // Signed by nobody that is known; for another name.
        ("localhost", "verify-full", "", None),
        ("localhost", "verify-ca", "", None),
        ("127.0.0.1", "verify-full", &known, None),
    ] {
        let mut config = url(host, &format!("?sslmode={mode}{certificates}"));
        config.reconnect_for = std::time::Duration::ZERO;
        let told = format!("{host} {mode} {certificates}");
        match (PostgresStore::open(&config), encrypted) {
            (Ok(store), Some(encrypted)) => {
                assert_eq!(store.counts().expect("counts").photos, 0);
                let sessions = "select bool_and(ssl) from pg_stat_ssl join pg_stat_activity \
                                using (pid) where application_name = 'seer'";
                let found = server.sql("postgres", sessions);
                assert_eq!(found, if encrypted { "t" } else { "f" }, "{told}");
            }
            (Err(error), None) => {
                assert_eq!(error.kind(), StoreErrorKind::Unreachable, "{told}: {error}");
                assert!(error.to_string().contains("certificate"), "{told}: {error}");
            }
            (Ok(_), None) => panic!("{told}: it was trusted"),
            (Err(error), Some(_)) => panic!("{told}: {error}"),
        }
    }
    let config = url("localhost", "?sslmode=verify-full&sslrootcert=/nowhere.pem");
    let error = PostgresStore::open(&config).expect_err("no such file");
    assert!(error.to_string().contains("/nowhere.pem"), "{error}");
}
