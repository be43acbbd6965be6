//! A folder of links is brought up to date, and what is not ours stays.

use tempfile::TempDir;

use super::*;

struct Place {
    temp: TempDir,
    out: PathBuf,
}

impl Place {
    fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let out = temp.path().join("out");
        Self { temp, out }
    }

    /// A photo's file with its own content.
    fn photo(&self, path: &str, id: &str) -> Source {
        let file = self.temp.path().join("photos").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, format!("photo {id}")).unwrap();
        Source { file, id: id.repeat(8) }
    }

    fn update(&self, form: Form, sources: &[Source]) -> Done {
        bring_up_to_date(&self.out, "sea", form, sources).unwrap()
    }

    /// Names in the folder with what they hold.
    fn held(&self) -> Vec<(String, String)> {
        let entries = fs::read_dir(&self.out).unwrap().map(|entry| entry.unwrap());
        let entries = entries.map(|entry| {
            let text = fs::read_to_string(entry.path()).unwrap_or_default();
            (entry.file_name().into_string().unwrap(), text)
        });
        let mut held: Vec<_> = entries.filter(|(name, _)| name != NAME).collect();
        held.sort();
        held
    }
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn links_come_and_go_with_the_photos() {
    let place = Place::new();
    let (a, b, c) =
        (place.photo("a.jpg", "1"), place.photo("b.jpg", "2"), place.photo("c.jpg", "3"));
    let done = place.update(Form::Link, &[a.clone(), b.clone()]);
    assert_eq!(done, Done { made: 2, ..Done::default() });
    assert!(fs::symlink_metadata(place.out.join("a.jpg")).unwrap().is_symlink());
    assert_eq!(place.held(), pairs(&[("a.jpg", "photo 1"), ("b.jpg", "photo 2")]));
    let done = place.update(Form::Link, &[b.clone(), c.clone()]);
    assert_eq!(done, Done { made: 1, kept: 1, removed: 1, ..Done::default() });
    assert_eq!(place.held(), pairs(&[("b.jpg", "photo 2"), ("c.jpg", "photo 3")]));
    assert!(a.file.exists(), "the photos themselves are not touched");
    let done = place.update(Form::Link, &[b, c]);
    assert_eq!(done, Done { kept: 2, ..Done::default() });
    place.update(Form::Link, &[]);
    assert_eq!(place.held(), []);
}

#[test]
fn photos_of_one_name_are_told_apart_by_their_ids() {
    let place = Place::new();
    let (a, b) = (place.photo("2019/a.jpg", "1"), place.photo("2020/a.jpg", "2"));
    place.update(Form::Link, &[b.clone(), a.clone()]);
    assert_eq!(place.held(), pairs(&[("a-22222222.jpg", "photo 2"), ("a.jpg", "photo 1")]));
    let done = place.update(Form::Link, &[a, b]);
    assert_eq!(done.kept, 2, "names stay");
}

#[test]
fn what_others_put_there_stays() {
    let place = Place::new();
    let (a, b) = (place.photo("a.jpg", "1"), place.photo("b.jpg", "2"));
    fs::create_dir_all(&place.out).unwrap();
    fs::write(place.out.join("a.jpg"), "somebody's").unwrap();
    place.update(Form::Link, &[a.clone(), b.clone()]);
    let both =
        pairs(&[("a-11111111.jpg", "photo 1"), ("a.jpg", "somebody's"), ("b.jpg", "photo 2")]);
    assert_eq!(place.held(), both);
    // Somebody replaces a link by a file of their own.
    fs::remove_file(place.out.join("b.jpg")).unwrap();
    fs::write(place.out.join("b.jpg"), "edited").unwrap();
    let done = place.update(Form::Link, &[a]);
    assert_eq!((done.left, done.removed, done.kept), (1, 0, 1));
    let left =
        pairs(&[("a-11111111.jpg", "photo 1"), ("a.jpg", "somebody's"), ("b.jpg", "edited")]);
    assert_eq!(place.held(), left);
    let other = bring_up_to_date(&place.out, "dogs", Form::Link, &[b]).unwrap_err().to_string();
    assert!(other.contains("album \"sea\"") && other.contains("next:"), "{other}");
}

#[test]
fn copies_are_files_and_edited_ones_stay() {
    let place = Place::new();
    let (a, b) = (place.photo("a.jpg", "1"), place.photo("b.jpg", "2"));
    place.update(Form::Copy, &[a.clone(), b.clone()]);
    assert!(fs::symlink_metadata(place.out.join("a.jpg")).unwrap().is_file());
    fs::write(place.out.join("b.jpg"), "edited by somebody").unwrap();
    let done = place.update(Form::Copy, &[]);
    assert_eq!((done.removed, done.left), (1, 1));
    assert_eq!(place.held(), pairs(&[("b.jpg", "edited by somebody")]));
    // From copies to links: ours are made again.
    let place = Place::new();
    let a = place.photo("a.jpg", "1");
    place.update(Form::Copy, std::slice::from_ref(&a));
    let done = place.update(Form::Link, std::slice::from_ref(&a));
    assert_eq!((done.removed, done.made), (1, 1));
    assert!(fs::symlink_metadata(place.out.join("a.jpg")).unwrap().is_symlink());
}

#[test]
fn a_photo_that_is_not_there_is_counted_and_a_stopped_run_goes_on() {
    let place = Place::new();
    let (a, b) = (place.photo("a.jpg", "1"), place.photo("b.jpg", "2"));
    fs::remove_file(&b.file).unwrap();
    let done = place.update(Form::Link, &[a.clone(), b]);
    assert_eq!((done.made, done.missing), (1, 1));
    // Stopped before it could note the link: the very link is taken for what it is.
    fs::remove_file(place.out.join(NAME)).unwrap();
    place.update(Form::Link, &[a]);
    assert_eq!(place.held(), pairs(&[("a.jpg", "photo 1")]));
    place.update(Form::Link, &[]);
    assert_eq!(place.held(), []);
}

#[test]
fn a_folder_inside_an_indexed_one_is_known() {
    let place = Place::new();
    let photos = place.temp.path().join("photos");
    fs::create_dir_all(&photos).unwrap();
    let roots = [photos.clone()];
    assert_eq!(inside(&photos.join("new/out"), &roots), Some(&photos));
    assert_eq!(inside(&place.out, &roots), None);
    assert_eq!(inside(&place.temp.path().join("photos2"), &roots), None);
}
