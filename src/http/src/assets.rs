//! The page's files, compiled in. One table: add a file in `web/` here and it is served.

/// One file of the page.
pub(crate) struct Asset {
    name: &'static str,
    pub(crate) content_type: &'static str,
    pub(crate) bytes: &'static [u8],
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";
const PNG: &str = "image/png";
const MANIFEST: &str = "application/manifest+json";

macro_rules! assets {
    ($($kind:ident $name:literal,)*) => {
        const ASSETS: &[Asset] = &[$(Asset {
            name: $name,
            content_type: $kind,
            bytes: include_bytes!(concat!("../../../web/", $name)),
        }),*];
    };
}

assets! {
    HTML "index.html",
    CSS "style.css",
    CSS "grid.css",
    CSS "viewer.css",
    CSS "settings.css",
    CSS "filters.css",
    CSS "map.css",
    SVG "icon.svg",
    PNG "icon-192.png",
    PNG "icon-512.png",
    MANIFEST "app.webmanifest",
    SCRIPT "action.js",
    SCRIPT "add-folder.js",
    SCRIPT "address.js",
    SCRIPT "album-rename.js",
    SCRIPT "albums.js",
    SCRIPT "alike.js",
    SCRIPT "answer.js",
    SCRIPT "api.js",
    SCRIPT "around.js",
    SCRIPT "asked-words.js",
    SCRIPT "asking.js",
    SCRIPT "box-hint.js",
    SCRIPT "chips.js",
    SCRIPT "choose-language.js",
    SCRIPT "chosen.js",
    SCRIPT "clipboard.js",
    SCRIPT "completion.js",
    SCRIPT "confirm.js",
    SCRIPT "dates.js",
    SCRIPT "dates-text.js",
    SCRIPT "days.js",
    SCRIPT "dialogs.js",
    SCRIPT "dom.js",
    SCRIPT "examples.js",
    SCRIPT "facet-link.js",
    SCRIPT "facts.js",
    SCRIPT "film.js",
    SCRIPT "filter-text.js",
    SCRIPT "filters.js",
    SCRIPT "fitting.js",
    SCRIPT "fold.js",
    SCRIPT "format.js",
    SCRIPT "grid.js",
    SCRIPT "growth.js",
    SCRIPT "hidden.js",
    SCRIPT "hide.js",
    SCRIPT "incoming.js",
    SCRIPT "keyboard.js",
    SCRIPT "language.js",
    SCRIPT "languages/de.js",
    SCRIPT "languages/en.js",
    SCRIPT "languages/es.js",
    SCRIPT "languages/fr.js",
    SCRIPT "layout.js",
    SCRIPT "leaves-out.js",
    SCRIPT "installed.js",
    SCRIPT "library.js",
    SCRIPT "lines.js",
    SCRIPT "locale.js",
    SCRIPT "looking.js",
    SCRIPT "main.js",
    SCRIPT "map.js",
    SCRIPT "map-clusters.js",
    SCRIPT "map-land.js",
    SCRIPT "map-moves.js",
    SCRIPT "map-view.js",
    SCRIPT "marks.js",
    SCRIPT "measures.js",
    SCRIPT "mercator.js",
    SCRIPT "messages.js",
    SCRIPT "model.js",
    SCRIPT "moves.js",
    SCRIPT "notice.js",
    SCRIPT "order.js",
    SCRIPT "outlines.js",
    SCRIPT "page-text.js",
    SCRIPT "picked.js",
    SCRIPT "pictures.js",
    SCRIPT "places.js",
    SCRIPT "progress.js",
    SCRIPT "recent.js",
    SCRIPT "recent-list.js",
    SCRIPT "refusals.js",
    SCRIPT "region.js",
    SCRIPT "results.js",
    SCRIPT "rights.js",
    SCRIPT "rows.js",
    SCRIPT "scroll.js",
    SCRIPT "scrubber.js",
    SCRIPT "selection.js",
    SCRIPT "service-worker.js",
    SCRIPT "settings-access.js",
    SCRIPT "settings.js",
    SCRIPT "settings-add-model.js",
    SCRIPT "settings-folders.js",
    SCRIPT "settings-language.js",
    SCRIPT "settings-models.js",
    SCRIPT "settings-offered.js",
    SCRIPT "settings-page.js",
    SCRIPT "settings-reading.js",
    SCRIPT "start.js",
    SCRIPT "suggest.js",
    SCRIPT "summary.js",
    SCRIPT "theme.js",
    SCRIPT "tile.js",
    SCRIPT "timeline.js",
    SCRIPT "timelines.js",
    SCRIPT "token-form.js",
    SCRIPT "viewer.js",
    SCRIPT "waiting.js",
    SCRIPT "why.js",
    SCRIPT "zoom.js",
}

/// The page itself.
pub(crate) fn page() -> &'static Asset {
    &ASSETS[0]
}

/// A file of the page by its exact name.
pub(crate) fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

impl Asset {
    /// A strong ETag: changes with the content.
    pub(crate) fn tag(&self) -> String {
        format!("\"{}\"", &blake3::hash(self.bytes).to_hex()[..16])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_page_is_in_the_table() {
        let mut files = [files_in(""), files_in("languages/")].concat();
        let mut names: Vec<&str> = ASSETS.iter().map(|asset| asset.name).collect();
        files.sort();
        names.sort_unstable();
        assert_eq!(files, names);
    }

    /// Names as in the table; `folder` ends with a slash.
    fn files_in(folder: &str) -> Vec<String> {
        let path = format!("{}/../../web/{folder}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.path().is_file())
            .map(|entry| format!("{folder}{}", entry.file_name().to_str().unwrap()))
            .collect()
    }

    #[test]
    fn the_page_comes_first_and_nothing_else_is_html() {
        assert_eq!(page().name, "index.html");
        assert_eq!(ASSETS.iter().filter(|asset| asset.content_type == HTML).count(), 1);
        assert!(find("../Cargo.toml").is_none());
    }

    #[test]
    fn the_page_has_no_inline_code_and_no_foreign_address() {
        let page = std::str::from_utf8(page().bytes).unwrap();
        assert!(!page.contains("style=") && !page.contains("<style"));
        assert!(!page.contains("onclick") && !page.contains("javascript:"));
        assert!(!page.contains("http://") && !page.contains("https://"));
        assert_eq!(page.matches("<script").count(), 3, "the page's; theme and language before it");
    }
}
