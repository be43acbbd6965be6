//! What each route takes and gives, for the OpenAPI document.

use crate::Limits;
use crate::openapi::Doc;
use crate::wire;

pub(super) fn page() -> Doc {
    Doc::text("The page.", "text/html")
        .word("token", "Is kept in a cookie, where it is the right one.")
}

pub(super) fn asset() -> Doc {
    Doc::bytes("A file of the page.", "*/*").part("name", "The file's name.")
}

pub(super) fn language() -> Doc {
    Doc::bytes("What the page says, in one language.", "*/*").part("name", "The file's name.")
}

pub(super) fn health() -> Doc {
    Doc::json::<wire::Health>("Whether the server is alive.").word(
        "nonce",
        "64 hex digits: adds the header seer-proof, by which the server shows that it is itself.",
    )
}

pub(super) fn metrics() -> Doc {
    Doc::text("Numbers for Prometheus.", "application/openmetrics-text")
}

pub(super) fn openapi() -> Doc {
    Doc::object("This document.")
}

/// What an address may say about a search.
fn asked_by_address(doc: Doc) -> Doc {
    let limits = Limits::default();
    doc.word("q", "Query language; empty: all photos, newest first.")
        .words("like", "Ids of photos to resemble; up to 8.")
        .number("k", (1, limits.max_k), "How many results; 60 unless told.")
        .number("offset", (0, limits.max_offset), "How many of the best to skip.")
        .choice::<wire::Sort>("sort", "The order of the photos that fit.")
        .choice::<wire::TimeUnit>("timeline", "Count the photos that fit by time.")
        .flag("all", "true: photos that are alike are results of their own.")
        .flag("explain", "true: each result says why it is one; k is at most 100 then.")
}

pub(super) fn search() -> Doc {
    let summary = "Search by words, filters and photos of the library.";
    asked_by_address(Doc::json::<wire::SearchAnswer>(summary))
}

pub(super) fn search_by_body() -> Doc {
    let summary =
        "Search by words, filters and pictures; beside a picture the rest stands in the address.";
    asked_by_address(Doc::json::<wire::SearchAnswer>(summary))
        .takes::<wire::SearchRequest>()
        .takes_bytes("image/*")
        .takes_bytes("application/octet-stream")
}

pub(super) fn search_batch() -> Doc {
    Doc::json::<wire::BatchAnswer>("Up to 64 searches at once.").takes::<wire::BatchRequest>()
}

pub(super) fn duplicates() -> Doc {
    Doc::json::<wire::Duplicates>("Photos that are alike, in groups.")
        .word("q", "Filters that the photos must fulfil.")
}

/// A photo in the address.
fn of_photo(doc: Doc) -> Doc {
    doc.part("id", "The photo: 64 hex digits.")
}

pub(super) fn photo() -> Doc {
    Doc::json::<wire::Photo>("What is known about a photo.")
        .part("id", "The photo: 64 hex digits, or the start of them that fits one photo only.")
}

pub(super) fn thumbnail() -> Doc {
    of_photo(Doc::bytes("A small JPEG of a photo.", "image/jpeg")).number(
        "size",
        (1, 2048),
        "The longest edge in pixels; 512 unless told.",
    )
}

pub(super) fn original() -> Doc {
    of_photo(Doc::bytes("A photo's file.", "*/*")).number(
        "view",
        (0, 1),
        "1: a large JPEG where browsers cannot show the format as a picture.",
    )
}

pub(super) fn status() -> Doc {
    Doc::json::<wire::Status>("The library, the model and the indexing run in numbers.")
}

pub(super) fn roots() -> Doc {
    Doc::json::<wire::Roots>("The indexed folders.")
}

pub(super) fn failures() -> Doc {
    Doc::json::<wire::Failures>("Files that could not be indexed.")
}

pub(super) fn albums() -> Doc {
    Doc::json::<wire::Albums>("The smart albums.")
}

pub(super) fn save_album() -> Doc {
    Doc::json::<wire::Albums>("Keep an album, in place of a search of the same name.")
        .takes::<wire::AlbumSave>()
}

pub(super) fn rename_album() -> Doc {
    Doc::json::<wire::Albums>("Give an album another name.").takes::<wire::AlbumRename>()
}

pub(super) fn pick() -> Doc {
    Doc::json::<wire::Picked>("Put photos into an album of picked photos, or take them out.")
        .takes::<wire::AlbumPhotos>()
}

pub(super) fn remove_album() -> Doc {
    Doc::json::<wire::Albums>("Let go of an album.").takes::<wire::AlbumName>()
}

pub(super) fn index() -> Doc {
    Doc::json::<wire::IndexState>("How far the indexing run is.")
}

pub(super) fn start_index() -> Doc {
    Doc::json::<wire::IndexState>("Start an indexing run.").takes::<wire::IndexRequest>().accepted()
}

pub(super) fn cancel_index() -> Doc {
    Doc::json::<wire::IndexState>("Stop the indexing run; what it has done is kept.").accepted()
}

pub(super) fn models() -> Doc {
    Doc::json::<wire::OfferedModels>("Models to choose from.")
}

pub(super) fn use_model() -> Doc {
    Doc::json::<wire::Models>("Answer with another model.").takes::<wire::ModelRequest>()
}

pub(super) fn forget_model() -> Doc {
    Doc::json::<wire::Models>("Forget a model's embeddings.").takes::<wire::ModelRequest>()
}

pub(super) fn index_model() -> Doc {
    Doc::json::<wire::Models>("Choose how a model's vectors are indexed.")
        .takes::<wire::ModelIndexRequest>()
}

pub(super) fn forget() -> Doc {
    Doc::json::<wire::Forgotten>("Forget a folder or a file.").takes::<wire::ForgetRequest>()
}

pub(super) fn backup() -> Doc {
    Doc::bytes("The library in one file.", "application/octet-stream")
}

pub(super) fn indices() -> Doc {
    Doc::texts("The indexes that clip-retrieval's clients may name.")
}

pub(super) fn knn() -> Doc {
    Doc::list::<wire::KnnResult>("The photos nearest to a text, a picture or an embedding.")
        .takes::<wire::KnnRequest>()
}

pub(super) fn metadata() -> Doc {
    Doc::list::<wire::MetadataResult>("What photos are, by number.")
        .takes::<wire::MetadataRequest>()
}

pub(super) fn ping() -> Doc {
    Doc::text("Whether the server is alive: pong.", "text/plain")
}

pub(super) fn predict() -> Doc {
    Doc::json::<wire::Prediction>("A text or a picture as an embedding.")
        .takes_form::<wire::PredictForm>()
}

pub(super) fn service_worker() -> Doc {
    Doc::text("What keeps the page's own files in the browser.", "text/javascript")
}

pub(super) fn download() -> Doc {
    Doc::bytes("The files of several photos as one ZIP archive.", "application/zip")
        .takes::<wire::Download>()
        .takes_bytes("application/x-www-form-urlencoded")
}

pub(super) fn disk() -> Doc {
    Doc::json::<wire::Disk>("What the library's folder takes of the disk.")
}

pub(super) fn folders() -> Doc {
    Doc::json::<wire::Folders>("Folders of the server's machine, to add one.")
        .word("in", "An absolute path; the home folder unless told.")
}

pub(super) fn watch() -> Doc {
    Doc::json::<wire::Roots>("Have an indexed folder watched, or no longer.")
        .takes::<wire::WatchRequest>()
}

pub(super) fn hide() -> Doc {
    Doc::json::<wire::Hidden>("Photos that searches find no more, or find again.")
        .takes::<wire::Hide>()
}

pub(super) fn tokens() -> Doc {
    Doc::json::<wire::Tokens>("The tokens with names.")
}

pub(super) fn create_token() -> Doc {
    Doc::json::<wire::TokenCreated>("Make a token with a name and a right.")
        .takes::<wire::TokenCreate>()
}

pub(super) fn revoke_token() -> Doc {
    Doc::json::<wire::Tokens>("Take a token back.").takes::<wire::TokenName>()
}

pub(super) fn facets() -> Doc {
    Doc::json::<wire::Facets>("The years, places, people and the like of photos, with counts.")
        .word("q", "A query, of which the filters count.")
        .word("find", "How a word of the values begins.")
        .number("most", (1, 100), "Values of each kind; 12 unless told.")
}

pub(super) fn places() -> Doc {
    Doc::json::<wire::OnMap>("Photos on a map, those that lie near to each other together.")
        .word("q", "A query, of which the filters count.")
        .word("box", "South, west, north and east in degrees; everywhere unless told.")
        .number("zoom", (0, 22), "How finely they are told apart.")
}
