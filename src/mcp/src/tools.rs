//! The tools: their names, what an assistant is told of them, and their arguments.

use rmcp::model::{Tool, ToolAnnotations};

use crate::arguments::{Argument, Kind, schema};

/// One tool.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    title: &'static str,
    about: &'static str,
    pub(crate) arguments: &'static [Argument],
}

/// What an assistant is told of all of them together.
pub(crate) const INSTRUCTIONS: &str = "\
seer knows a person's own photos by what they show. Search with search_photos, look at one with \
get_photo, read everything that is known about one with photo_facts. Photos are named by their id. \
Nothing can be changed. If an answer says that nothing clearly shows what was asked for, say so \
instead of presenting its photos as results.";

/// All tools.
pub(crate) const TOOLS: &[Entry] = &[
    Entry {
        name: "search_photos",
        title: "Search photos",
        about: "Find photos of the library by what they show, by facts, or both; best first. Gives \
                for each its id, path, date, place, how well it fits (relevance: strong, likely or \
                weak) and why it was found. Weak ones are only the nearest and probably do not \
                show it.",
        arguments: &[
            Argument {
                name: "query",
                about: "What the photos show, in plain words (\"two dogs on a beach\"), and filters \
                        that must hold, in any order. Filters: after:2019-06 before:2021 date:2019-07-14 \
                        year:2008..2010 camera:canon lens:50mm tag:kite people:\"Marie Curie\" \
                        place:Lisbon near:48.1,11.6,20km folder:holiday path:*.jpg name:img ext:png \
                        type:video orientation:portrait rating:4 text:invoice (words that can be read \
                        in the picture or stand in its names). A leading - excludes: -ext:png, -people. \
                        OR and parentheses join filters. \"quoted words\" must stand in names, tags or \
                        captions. like:ID finds photos that look like a photo. Words that say when \
                        (\"last summer\") are read as filters. Empty: all photos, newest first.",
                kind: Kind::Text { longest: 2_000 },
            },
            Argument {
                name: "limit",
                about: "How many photos in one page.",
                kind: Kind::Number { least: 1, most: 100, usual: 10 },
            },
            Argument {
                name: "page",
                about: "Which page, from 1 on. The answer says whether there are more.",
                kind: Kind::Number { least: 1, most: 10_000, usual: 1 },
            },
            Argument {
                name: "sort",
                about: "The order of the photos that fit.",
                kind: Kind::Choice(&["relevance", "newest", "oldest"]),
            },
        ],
    },
    Entry {
        name: "get_photo",
        title: "Look at a photo",
        about: "One photo as a JPEG, upright, resized to a longest side, never enlarged. Of a video \
                one of its frames.",
        arguments: &[
            Argument {
                name: "id",
                about: "The photo's id as search_photos gives it, or the start of it.",
                kind: Kind::Id,
            },
            Argument {
                name: "size",
                about: "The longest side in pixels.",
                kind: Kind::Number { least: 32, most: 2_048, usual: 1_024 },
            },
        ],
    },
    Entry {
        name: "photo_facts",
        title: "Facts of a photo",
        about: "Everything that is known about one photo: its files, size in pixels and bytes, when \
                and where it was taken, camera, lens and exposure, tags, people, captions, text that \
                can be read in it, what it probably shows.",
        arguments: &[Argument {
            name: "id",
            about: "The photo's id as search_photos gives it, or the start of it.",
            kind: Kind::Id,
        }],
    },
    Entry {
        name: "library_status",
        title: "The library in numbers",
        about: "How many photos and files the library holds, from which folders, with which model \
                they are searched, and whether they are being indexed now.",
        arguments: &[],
    },
];

/// The tools as the protocol lists them.
pub(crate) fn list() -> Vec<Tool> {
    TOOLS.iter().map(Entry::tool).collect()
}

impl Entry {
    fn tool(&self) -> Tool {
        let hints = ToolAnnotations::with_title(self.title)
            .read_only(true)
            .destructive(false)
            .idempotent(true)
            .open_world(false);
        Tool::new(self.name, self.about, schema(self.arguments))
            .with_title(self.title)
            .with_annotations(hints)
    }
}
