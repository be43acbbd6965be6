//! Tables of names. All are compared without regard to ASCII case.

use std::ffi::OsStr;

use super::SkipRule;

/// Files by which a folder asks to be left out with all it holds.
pub(super) const MARKERS: [&str; 2] = [".nomedia", ".noimage"];

const FOLDERS: [(&str, SkipRule); 15] = [
    ("$RECYCLE.BIN", SkipRule::System),
    ("RECYCLER", SkipRule::System),
    ("System Volume Information", SkipRule::System),
    ("lost+found", SkipRule::System),
    ("node_modules", SkipRule::System),
    ("#recycle", SkipRule::Storage),
    ("@Recycle", SkipRule::Storage),
    ("#snapshot", SkipRule::Storage),
    ("@Recently-Snapshot", SkipRule::Storage),
    ("@eaDir", SkipRule::Storage),
    ("@tmp", SkipRule::Storage),
    ("@SynoResource", SkipRule::Storage),
    ("@__thumb", SkipRule::Storage),
    ("iPod Photo Cache", SkipRule::AppleLibrary),
    ("__MACOSX", SkipRule::ResourceFork),
];

/// Beginnings of the names of folders: Nextcloud's own data, previews among it.
const FOLDER_STARTS: [(&str, SkipRule); 1] = [("appdata_oc", SkipRule::Storage)];

/// Ends of the names of folders.
const FOLDER_ENDS: [(&str, SkipRule); 5] = [
    (".lrdata", SkipRule::Lightroom),
    (".lrcat-data", SkipRule::Lightroom),
    (".cocatalogdb", SkipRule::CaptureOne),
    (".download", SkipRule::Unfinished),
    (".sb-download", SkipRule::Unfinished),
];

const FILES: [(&str, SkipRule); 5] = [
    ("Thumbs.db", SkipRule::System),
    ("ehthumbs.db", SkipRule::System),
    ("ehthumbs_vista.db", SkipRule::System),
    ("desktop.ini", SkipRule::System),
    ("Icon\r", SkipRule::System),
];

/// Beginnings of the names of files.
const FILE_STARTS: [(&str, SkipRule); 4] = [
    ("._", SkipRule::ResourceFork),
    ("~$", SkipRule::Unfinished),
    ("SYNOPHOTO_", SkipRule::Storage),
    ("SYNOVIDEO_", SkipRule::Storage),
];

/// Ends of the names of files.
const FILE_ENDS: [(&str, SkipRule); 27] = [
    ("~", SkipRule::Backup),
    (".bak", SkipRule::Backup),
    (".backup", SkipRule::Backup),
    (".orig", SkipRule::Backup),
    (".old", SkipRule::Backup),
    (".bkp", SkipRule::Backup),
    ("_original", SkipRule::Backup),
    ("_exiftool_tmp", SkipRule::Unfinished),
    (".crdownload", SkipRule::Unfinished),
    (".part", SkipRule::Unfinished),
    (".partial", SkipRule::Unfinished),
    (".filepart", SkipRule::Unfinished),
    (".download", SkipRule::Unfinished),
    (".opdownload", SkipRule::Unfinished),
    (".sb-download", SkipRule::Unfinished),
    (".downloading", SkipRule::Unfinished),
    (".!qB", SkipRule::Unfinished),
    (".!ut", SkipRule::Unfinished),
    (".!bt", SkipRule::Unfinished),
    (".bc!", SkipRule::Unfinished),
    (".aria2", SkipRule::Unfinished),
    (".ytdl", SkipRule::Unfinished),
    (".unfinished", SkipRule::Unfinished),
    (".incomplete", SkipRule::Unfinished),
    (".tmp", SkipRule::Unfinished),
    (".temp", SkipRule::Unfinished),
    (".icloud", SkipRule::Unfinished),
];

pub(super) fn of_folder(name: &OsStr) -> Option<SkipRule> {
    exact(&FOLDERS, name)
        .or_else(|| by(&FOLDER_STARTS, |start| has_start(name, start)))
        .or_else(|| by(&FOLDER_ENDS, |end| has_end(name, end)))
}

pub(super) fn of_file(name: &OsStr) -> Option<SkipRule> {
    exact(&FILES, name)
        .or_else(|| by(&FILE_STARTS, |start| has_start(name, start)))
        .or_else(|| by(&FILE_ENDS, |end| has_end(name, end)))
        .or_else(|| is_auto_save(name).then_some(SkipRule::Backup))
}

pub(super) fn of_any(name: &OsStr) -> Option<SkipRule> {
    has_start(name, ".").then_some(SkipRule::Hidden)
}

/// Whether a name ends like this and says something before.
pub(super) fn has_end(name: &OsStr, end: &str) -> bool {
    let bytes = name.as_encoded_bytes();
    bytes.len() > end.len() && bytes[bytes.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
}

fn has_start(name: &OsStr, start: &str) -> bool {
    let bytes = name.as_encoded_bytes();
    bytes.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start.as_bytes()))
}

/// Emacs keeps what is not saved yet in `#name#`.
fn is_auto_save(name: &OsStr) -> bool {
    has_start(name, "#") && has_end(name, "#")
}

fn exact(table: &[(&str, SkipRule)], name: &OsStr) -> Option<SkipRule> {
    by(table, |known| name.eq_ignore_ascii_case(known))
}

fn by(table: &[(&str, SkipRule)], fits: impl Fn(&str) -> bool) -> Option<SkipRule> {
    table.iter().find(|(known, _)| fits(known)).map(|(_, rule)| *rule)
}
