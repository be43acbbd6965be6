//! A library of an older version is brought up, and answers as a new one does.

mod support;

use seer_postgres::{InitOptions, PostgresStore};
use seer_store::{Album, Store};
use seer_store_suite::random::{Random, random_filter, random_library};
use seer_store_suite::{PlainStore, check_same, found};
use support::place::server;

/// From tables of this version to those of version 3, without what these hold no more.
const BACK_TO_3: &str = "
    set search_path = seer, public;
    drop table album, setting;
    alter table root drop column excludes;
    alter table photo drop column endings, drop column folders, drop column words,
        drop column taken_end, drop column precision, drop column rating, drop column people,
        drop column places, drop column lines, drop column facets,
        add column extensions text[] collate \"C\" not null default '{}',
        add column texts text collate \"C\" not null default '';
    update photo set names = '', paths = '/an/older/fold', camera = '', tags = '{}';
    create index photo_words on photo using gin (string_to_array(texts, ' '));
    update library set version = 3";

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn what_photos_are_found_by_is_written_again() {
    for partitions in [0, 3] {
        let random = &mut Random::new(41);
        let (name, config) = server().library(partitions);
        let (store, plain) = (PostgresStore::open(&config).expect("opens"), PlainStore::new());
        for batch in random_library(1_500, random).batches {
            store.apply(&batch).expect("writes");
            plain.apply(&batch).expect("writes");
        }
        drop(store);
        server().sql(&name, BACK_TO_3);
        let older = PostgresStore::open(&config).expect_err("not brought up yet").to_string();
        assert!(older.contains("version 3") && older.contains("seer store init"), "{older}");

        PostgresStore::init(&config, InitOptions::default()).expect("brought up");
        let store = PostgresStore::open(&config).expect("opens");
        check_same(&store, &plain, &[], "brought up");
        let album = Album { name: "sea".into(), query: "sea".into(), order: None, most: 60 };
        store.put_album(&album).expect("kept");
        assert_eq!(store.albums().expect("read"), [album]);
        for round in 0..300 {
            let filter = random_filter(2, random);
            assert_eq!(found(&store, &filter), found(&plain, &filter), "{filter:?}, {round}");
        }
    }
}
