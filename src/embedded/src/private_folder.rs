//! The library folder belongs to one user of the machine: nobody else may look into it.

#[cfg(unix)]
use std::fs;
use std::fs::DirBuilder;
use std::io;
use std::path::Path;

/// How everything in a library folder's top level begins.
#[cfg(unix)]
const OWN_NAMES: [&str; 8] = [
    "catalog",
    "discarded",
    "forgetting",
    "keywords",
    "vectors",
    "thumbnails",
    "server.json",
    ".tmp",
];

/// Makes the folder if it is not there, and closes it to other users (mode 0700 on Unix).
///
/// A folder that holds anything else than a library keeps its mode, with a notice: it may be one
/// that others use.
///
/// # Errors
/// When the folder cannot be made.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    close(folder);
    Ok(())
}

#[cfg(unix)]
fn close(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(mode) = fs::metadata(folder).map(|meta| meta.permissions().mode()) else { return };
    if mode & 0o077 == 0 {
        return;
    }
    let shown = folder.display();
    if !holds_a_library_only(folder) {
        log::warn!(
            "{shown} is open to other users of this machine and holds other things than the \
             library, so it is left so; a folder of its own is better (--library FOLDER)"
        );
        return;
    }
    match fs::set_permissions(folder, fs::Permissions::from_mode(0o700)) {
        Ok(()) => log::warn!("{shown} was open to other users of this machine; now it is not"),
        Err(error) => log::warn!("{shown} is open to other users of this machine: {error}"),
    }
}

/// Whether all names in the folder are those of a library; also when there are none.
#[cfg(unix)]
fn holds_a_library_only(folder: &Path) -> bool {
    let is_own = |name: &str| OWN_NAMES.iter().any(|own| name.starts_with(own));
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries
        .into_iter()
        .all(|entry| entry.is_ok_and(|entry| entry.file_name().to_str().is_some_and(is_own)))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(folder: &Path) -> u32 {
        fs::metadata(folder).unwrap().permissions().mode() & 0o7777
    }

    fn open(folder: &Path) {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn a_new_folder_is_closed() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("a/library");
        make(&folder).unwrap();
        assert_eq!(mode(&folder), 0o700);
        make(&folder).unwrap();
    }

    #[test]
    fn an_open_library_and_an_empty_folder_are_closed() {
        let place = tempfile::tempdir().unwrap();
        open(place.path());
        make(place.path()).unwrap();
        assert_eq!(mode(place.path()), 0o700);

        fs::create_dir(place.path().join("catalog")).unwrap();
        fs::write(place.path().join("server.json"), "{}").unwrap();
        open(place.path());
        make(place.path()).unwrap();
        assert_eq!(mode(place.path()), 0o700);
    }

    #[test]
    fn a_folder_with_other_things_keeps_its_mode() {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("catalog")).unwrap();
        fs::write(place.path().join("letter.txt"), "").unwrap();
        open(place.path());
        make(place.path()).unwrap();
        assert_eq!(mode(place.path()), 0o755);
    }
}
