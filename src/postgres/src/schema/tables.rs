//! The statements that make the tables.
//!
//! The large tables are split by a hash of the photo (`file` and `todo`: of the path), and every
//! unique key holds what its table is split by; nothing refers from one table to another. So they
//! can be partitioned here, or distributed over machines. Texts are compared byte by byte
//! (`collate "C"`), and are written as `text.rs` says.

use super::VERSION;

/// A table that may be split.
struct Table {
    name: &'static str,
    columns: &'static str,
    split_by: &'static str,
}

const SPLIT: [Table; 3] = [
    Table {
        name: "photo",
        split_by: "id",
        // record: our own bytes. levels: of the classes, in their order. facets: what photos are counted by. The others are
        // what filters compare;
        // paths, endings, names and folders have a part for each file, in the same order.
        columns: r#"
            id bytea primary key,
            record bytea not null,
            live boolean not null,
            added bigint not null,
            "time" bigint not null,
            taken bigint,
            taken_end bigint,
            precision bigint,
            rating bigint,
            size bigint not null,
            width bigint not null,
            height bigint not null,
            latitude double precision,
            longitude double precision,
            format text collate "C" not null,
            camera text collate "C" not null,
            lens text collate "C" not null,
            tags text[] collate "C" not null,
            classes text[] collate "C" not null default '{}',
            levels bigint[] not null default '{}',
            facets text[] collate "C" not null default '{}',
            paths text collate "C" not null,
            endings text collate "C" not null,
            names text collate "C" not null,
            folders text collate "C" not null,
            words text collate "C" not null,
            people text collate "C" not null default '',
            places text collate "C" not null default '',
            lines text collate "C" not null default ''"#,
    },
    Table {
        name: "file",
        split_by: "key",
        // key: digest of the path, which may be longer than an index allows. photo: null where the
        // file could not be read. state: our own bytes.
        columns: "
            key bytea primary key,
            path bytea not null,
            photo bytea,
            state bytea not null",
    },
    Table {
        name: "analysed",
        split_by: "photo",
        columns: r#"
            photo bytea,
            name text collate "C",
            version bigint not null,
            primary key (photo, name)"#,
    },
];

/// Files that have to be read for a model.
const TODO: Table = Table {
    name: "todo",
    split_by: "key",
    // key: digest of the path. lease: null while nobody works on it.
    columns: "
        key bytea,
        model bytea,
        path bytea not null,
        root bytea not null,
        state bytea not null,
        tries bigint not null default 0,
        lease bytea,
        until timestamptz not null default '-infinity',
        primary key (key, model)",
};

const SMALL: &str = r#"
    create table root (key bytea primary key, path bytea not null, places bytea not null,
        excludes text[] collate "C" not null default '{}');
    create table album (name bytea primary key, album bytea not null);
    create table setting (name bytea primary key, value bytea not null);
    create table space (
        model bytea primary key,
        number bigint not null,
        name bytea not null,
        dim bigint not null,
        added boolean not null,
        kind text not null,
        built text,
        built_rows bigint not null default 0,
        lists bigint not null default 0
    );
    create sequence space_number;
    create table tally (
        what text collate "C", slot bigint, n bigint not null, primary key (what, slot)
    );
    create table library (
        one boolean primary key default true check (one),
        version integer not null,
        partitions bigint not null,
        id bytea not null default uuid_send(gen_random_uuid()),
        current_space bytea
    );
"#;

const INDEXES: &str = r#"
    create index photo_newest on photo ("time" desc, added desc, id) where live;
    create index photo_taken on photo (taken) where live;
    create index photo_place on photo (latitude, longitude) where live;
    create index photo_tags on photo using gin (tags);
    create index photo_classes on photo using gin (classes);
    create index photo_lines on photo (id) where lines <> '';
    create index photo_gone on photo (id) where not live;
    create index file_below on file (substring(path from 1 for 1000), key);
    create index file_failed on file (key) where photo is null;
"#;

/// All words of a photo's texts; conditions say the same.
pub(super) const WORDS_INDEX: &str = "create index photo_words on photo \
    using gin (string_to_array(words || ' ' || names || ' ' || folders, ' '));";

/// Without pg_trgm the same paths are found by reading them all.
const TRIGRAMS: &str = "create index photo_paths on photo using gin (paths {class});";

/// The statements that make an empty library.
pub(super) fn all(partitions: u32, trigram_class: Option<&str>) -> String {
    let mut statements = String::new();
    for Table { name, columns, split_by } in SPLIT {
        statements.push_str(&table(name, columns, split_by, partitions));
    }
    statements.push_str(&todo(partitions));
    statements.push_str(SMALL);
    statements.push_str(INDEXES);
    statements.push_str(WORDS_INDEX);
    if let Some(class) = trigram_class {
        statements.push_str(&TRIGRAMS.replace("{class}", class));
    }
    statements.push_str(&format!(
        "insert into library (version, partitions) values ({VERSION}, {partitions});"
    ));
    statements
}

/// The statements that make the list of work.
pub(super) fn todo(partitions: u32) -> String {
    let Table { name, columns, split_by } = TODO;
    let table = table(name, columns, split_by, partitions);
    format!("{table}create index todo_next on todo (model, until, key);\n")
}

/// A table, with its parts where it is split.
pub(super) fn table(name: &str, columns: &str, split_by: &str, partitions: u32) -> String {
    if partitions < 2 {
        return format!("create table {name} ({columns});\n");
    }
    let parts = (0..partitions).map(|part| {
        format!(
            "create table {name}_part_{part} partition of {name} \
             for values with (modulus {partitions}, remainder {part});\n"
        )
    });
    let parts: String = parts.collect();
    format!("create table {name} ({columns}) partition by hash ({split_by});\n{parts}")
}
