//! The arguments of a search, told apart: words, and picture files.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use seer_engine::{is_picture_name, parse_query};

use crate::text::printable;

/// What a search is asked with.
#[derive(PartialEq, Debug, Default)]
pub struct QueryArgs {
    /// Words and filters, as one line.
    pub words: String,
    /// Picture files, which are there.
    pub pictures: Vec<PathBuf>,
}

/// An argument that names a file is a picture, any other is words.
///
/// # Errors
/// An argument that can only be meant as a file (see [`looks_like_file`]) and names none: searching
/// its letters as words would answer another question.
pub fn tell_apart(arguments: &[String]) -> Result<QueryArgs> {
    let (mut words, mut pictures): (Vec<&str>, Vec<PathBuf>) = Default::default();
    for argument in arguments {
        let path = Path::new(argument);
        if path.is_file() {
            pictures.push(path.to_owned());
        } else if looks_like_file(argument) {
            bail!("{}", no_such_picture(argument));
        } else {
            words.push(argument);
        }
    }
    Ok(QueryArgs { words: words.join(" "), pictures })
}

/// Whether somebody who writes this means a file: it ends like a picture file, or it is one word
/// with a separator of folders in it. Filters, quoted and excluded words are neither.
fn looks_like_file(argument: &str) -> bool {
    if argument.starts_with(['-', '"']) {
        return false;
    }
    // `path:/photos/2019` is a filter; what cannot be understood says so itself.
    if !parse_query(argument)
        .is_ok_and(|query| query.filters.is_empty() && query.likes.is_empty() && !query.is_marked())
    {
        return false;
    }
    let one_word = !argument.contains(char::is_whitespace);
    let separated = argument.contains('/') || argument.contains(std::path::MAIN_SEPARATOR);
    let rooted = Path::new(argument).has_root();
    is_picture_name(Path::new(argument)) || (separated && (one_word || rooted))
}

fn no_such_picture(argument: &str) -> String {
    let shown = printable(argument);
    let path = Path::new(argument);
    if path.is_dir() {
        return format!(
            "\"{shown}\" is a folder; an example must be a picture file\nnext: to find photos in it, \
             write path:{}",
            quoted(&shown)
        );
    }
    let name = path.file_name().map_or(shown.clone(), |name| printable(&name.to_string_lossy()));
    let words = argument.replace(['/', '\\', '.'], " ");
    format!(
        "there is no picture file \"{shown}\"\nnext: to find photos of that name, write name:{}; to \
         search for the words, write \"{}\"",
        quoted(&name),
        printable(words.trim())
    )
}

/// As a filter takes it, and as a shell passes it on.
fn quoted(value: &str) -> String {
    match value.contains(char::is_whitespace) {
        true => format!("'\"{value}\"'"),
        false => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(arguments: &[&str]) -> Result<QueryArgs> {
        tell_apart(&arguments.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn what_can_only_be_a_file_must_be_there() {
        for argument in [
            "nosuch.jpg",
            "NoSuch.JPEG",
            "my beach.png",
            "nosuch.heic",
            "./nosuch",
            "sub/nosuch.webp",
            "/no/such/picture",
            "/no/such place/picture",
            "and/or",
        ] {
            let error = told(&[argument]).unwrap_err().to_string();
            assert!(error.contains(&format!("no picture file \"{argument}\"")), "{error}");
            assert!(error.contains("name:"), "{error}");
        }
    }

    #[test]
    fn words_filters_and_quoted_names_are_words() {
        for argument in [
            "two dogs",
            "e.g. dogs and/or cats",
            "path:/photos/2019",
            "name:beach.jpg",
            "\"beach.jpg\"",
            "-beach.jpg",
            "-path:/a/b",
            "dogs path:a/b.jpg",
            "f/2.8 lens",
            "like:3fa91c02",
            "more:3fa91c02",
            "less:3fa91c02^0.5",
            "Mr. Smith",
        ] {
            assert_eq!(told(&[argument]).unwrap().words, argument);
        }
    }

    #[test]
    fn files_are_pictures_whatever_they_are_called() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let name = file.path().to_str().unwrap();
        let expected = QueryArgs { words: "at night".into(), pictures: vec![name.into()] };
        assert_eq!(told(&["at", name, "night"]).unwrap(), expected);
        let folder = file.path().parent().unwrap().to_str().unwrap();
        let error = told(&[folder]).unwrap_err().to_string();
        assert!(error.contains("is a folder") && error.contains("path:"), "{error}");
    }
}
