//! The comparison on hand-made walks.

use std::path::PathBuf;

use seer_types::FileStamp;

use super::*;
use crate::walk::Unread;

const A: PhotoId = PhotoId([1; 32]);
const B: PhotoId = PhotoId([2; 32]);

fn stamp(size: u64) -> FileStamp {
    FileStamp::new(size, 5)
}

fn found(path: &str, size: u64) -> FoundFile {
    FoundFile { path: PathBuf::from(path), root: 0, stamp: stamp(size), surely_picture: true }
}

fn known(path: &str, size: u64, state: KnownState) -> KnownFile {
    let (path, root) = (LibraryPath::new(path), LibraryPath::new("/p"));
    KnownFile { path, root, stamp: stamp(size), state }
}

fn walk(mut files: Vec<FoundFile>) -> Walk {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Walk { files, ..Walk::default() }
}

fn root(path: &str) -> Root {
    Root::Folder(PathBuf::from(path))
}

/// Photo A is embedded, B is not; files named "text" are no pictures.
fn plan(roots: &[Root], walk: &Walk, known: Vec<KnownFile>, prune: bool) -> Plan {
    let questions = Questions {
        analysed: &HashSet::from([A]),
        retries: &|path| path.to_text().contains("again"),
        looks_like_picture: &|path| !path.ends_with("text"),
        indexed: &[LibraryPath::new("/r")],
        places: &[],
        stops: &|| false,
    };
    compare(roots, walk, known, prune, &questions)
}

fn names<T>(items: &[T], path: impl Fn(&T) -> &LibraryPath) -> Vec<String> {
    items.iter().map(|item| path(item).to_text()).collect()
}

#[test]
fn each_file_lands_where_it_belongs() {
    let walk = walk(vec![
        found("/p/same.jpg", 1),
        found("/p/new.jpg", 2),
        found("/p/changed.jpg", 3),
        found("/p/failed.jpg", 4),
        found("/p/again.jpg", 5),
        found("/p/other-model.jpg", 6),
    ]);
    let known = vec![
        known("/p/same.jpg", 1, KnownState::Photo(A)),
        known("/p/changed.jpg", 30, KnownState::Photo(A)),
        known("/p/failed.jpg", 4, KnownState::Failed { decoders: seer_images::DECODERS }),
        known("/p/again.jpg", 5, KnownState::Failed { decoders: seer_images::DECODERS }),
        known("/p/other-model.jpg", 6, KnownState::Photo(B)),
        known("/p/gone.jpg", 7, KnownState::Photo(A)),
        known("/p/gone-failed.jpg", 8, KnownState::Failed { decoders: seer_images::DECODERS }),
    ];
    let plan = plan(&[root("/p")], &walk, known, false);
    assert_eq!(
        plan.counts,
        PlanCounts { found: 6, unchanged: 1, to_read: 4, gone: 1, known_failures: 1, other: 0 }
    );
    assert_eq!(
        names(&plan.jobs, |j| &j.path),
        ["/p/again.jpg", "/p/changed.jpg", "/p/new.jpg", "/p/other-model.jpg"]
    );
    assert_eq!(names(&plan.gone, |g| &g.path), ["/p/gone-failed.jpg", "/p/gone.jpg"]);
    assert!(plan.notices.is_empty());
}

#[test]
fn files_without_a_picture_extension_are_sniffed_once() {
    let unknown = |path| FoundFile { surely_picture: false, ..found(path, 1) };
    let walk = walk(vec![unknown("/p/picture"), unknown("/p/text"), unknown("/p/known")]);
    let known = vec![known("/p/known", 1, KnownState::Photo(A))];
    let counts = plan(&[root("/p")], &walk, known, false).counts;
    assert_eq!((counts.found, counts.to_read, counts.unchanged, counts.other), (2, 1, 1, 1));
}

#[test]
fn a_known_picture_that_became_text_is_gone() {
    let walk = walk(vec![
        found("/p/a.jpg", 1),
        FoundFile { surely_picture: false, ..found("/p/text", 2) },
    ]);
    let plan = plan(&[root("/p")], &walk, vec![known("/p/text", 1, KnownState::Photo(A))], false);
    assert_eq!(names(&plan.gone, |g| &g.path), ["/p/text"]);
    assert_eq!(plan.counts.other, 1);
}

#[test]
fn a_file_of_the_same_length_may_be_a_move_and_is_read_first() {
    let walk = walk(vec![found("/p/a.jpg", 1), found("/p/z.jpg", 9)]);
    let known = vec![
        known("/p/old.jpg", 9, KnownState::Photo(A)),
        known("/p/deleted.jpg", 8, KnownState::Photo(A)),
    ];
    let plan = plan(&[root("/p")], &walk, known, false);
    assert_eq!(names(&plan.jobs, |j| &j.path), ["/p/z.jpg", "/p/a.jpg"]);
    assert_eq!(plan.gone.iter().map(|g| g.maybe_moved).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn an_emptied_root_keeps_its_files_unless_pruned() {
    let known = || vec![known("/p/a.jpg", 1, KnownState::Photo(A))];
    let kept = plan(&[root("/p")], &walk(vec![]), known(), false);
    assert!(kept.gone.is_empty());
    assert!(kept.notices[0].starts_with("/p has no pictures any more"), "{:?}", kept.notices);
    let pruned = plan(&[root("/p")], &walk(vec![]), known(), true);
    assert_eq!((pruned.gone.len(), pruned.notices.len()), (1, 0));
}

#[test]
fn an_emptied_folder_that_was_indexed_by_itself_keeps_its_files() {
    let mut inner = known("/p/usb/a.jpg", 1, KnownState::Photo(A));
    inner.root = LibraryPath::new("/p/usb");
    let plan = plan(&[root("/p")], &walk(vec![found("/p/b.jpg", 2)]), vec![inner], false);
    assert!(plan.gone.is_empty());
    assert_eq!(plan.notices.len(), 1);
}

#[test]
fn a_missing_root_keeps_its_files_unless_pruned() {
    let roots = [Root::Missing(PathBuf::from("/m"), "gone".to_owned()), root("/p")];
    let walk = walk(vec![FoundFile { root: 1, ..found("/p/b.jpg", 2) }]);
    let known = || vec![known("/m/a.jpg", 1, KnownState::Photo(A))];
    assert!(plan(&roots, &walk, known(), false).gone.is_empty());
    assert_eq!(plan(&roots, &walk, known(), true).gone.len(), 1);
}

#[test]
fn what_could_not_be_read_keeps_its_files_even_when_pruning() {
    let mut walk = walk(vec![found("/p/b.jpg", 2)]);
    walk.unread.push(Unread { path: PathBuf::from("/p/closed"), reason: String::new() });
    let known = vec![
        known("/p/closed/a.jpg", 1, KnownState::Photo(A)),
        known("/p/closed-too.jpg", 1, KnownState::Photo(A)),
    ];
    let plan = plan(&[root("/p")], &walk, known, true);
    assert_eq!(names(&plan.gone, |g| &g.path), ["/p/closed-too.jpg"]);
}

#[test]
fn a_single_file_belongs_to_the_folder_it_has_or_lies_in() {
    let files = ["/p/sub/a.jpg", "/q/b.jpg", "/r/deep/c.jpg"];
    let roots = files.map(|file| Root::File(PathBuf::from(file)));
    let found = files.iter().enumerate().map(|(n, file)| FoundFile { root: n, ..found(file, 2) });
    let known = vec![known("/p/sub/a.jpg", 1, KnownState::Photo(A))];
    let plan = plan(&roots, &walk(found.collect()), known, false);
    assert_eq!(names(&plan.jobs, |j| &j.root), ["/p", "/q", "/r"]);
}

#[test]
fn a_stopped_comparison_concludes_nothing() {
    let known = vec![known("/p/gone.jpg", 1, KnownState::Photo(A))];
    let questions = Questions {
        analysed: &HashSet::from([A]),
        retries: &|_| false,
        looks_like_picture: &|_| true,
        indexed: &[],
        places: &[],
        stops: &|| true,
    };
    let walk = walk(vec![found("/p/a.jpg", 2)]);
    let plan = compare(&[root("/p")], &walk, known, true, &questions);
    assert!(plan.gone.is_empty() && plan.jobs.is_empty());
}

#[test]
fn the_same_size_and_time_with_another_inode_or_change_time_is_read_again() {
    let whole =
        |changed, inode| FileStamp { changed_ns: Some(changed), inode: Some(inode), ..stamp(1) };
    let photo = |stamp| KnownFile { stamp, ..known("/p/a.jpg", 1, KnownState::Photo(A)) };
    let plan_of = |before, now| {
        let walk = walk(vec![FoundFile { stamp: now, ..found("/p/a.jpg", 1) }]);
        plan(&[root("/p")], &walk, vec![photo(before)], false)
    };
    assert_eq!(plan_of(whole(5, 7), whole(5, 7)).counts.unchanged, 1);
    assert_eq!(plan_of(whole(5, 7), whole(6, 7)).counts.to_read, 1);
    assert_eq!(plan_of(whole(5, 7), whole(5, 8)).counts.to_read, 1);
    // Of earlier versions: nothing is read, and what was missing is noted.
    let upgraded = plan_of(stamp(1), whole(5, 7));
    assert_eq!((upgraded.counts.unchanged, upgraded.jobs.len()), (1, 0));
    let (id, file) = &upgraded.restamped[0];
    assert_eq!((*id, file.stamp), (A, whole(5, 7)));
}
