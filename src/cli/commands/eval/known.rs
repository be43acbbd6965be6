//! Known answers: which pictures show what a query asks for.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use seer_engine::eval::relevance::{JudgedQuery, KnownAnswers};
use seer_engine::is_picture_name;

use crate::args::EvalRelevanceArgs;
use crate::commands::eval::folders::label_folders;
use crate::commands::eval::retrieval;
use crate::text;

/// Reads what `seer eval relevance` was given, and draws the queries.
pub fn read(args: &EvalRelevanceArgs) -> Result<KnownAnswers> {
    let mut known = match args.answers.is_dir() {
        true => labels(&args.answers)?,
        false => file(args)?,
    };
    if let Some(folder) = &args.elsewhere {
        pictures_below(folder, &mut known.elsewhere)?;
        if known.elsewhere.is_empty() {
            bail!("there is no picture in {}", folder.display());
        }
    }
    if let Some(wanted) = args.queries {
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        let step = known.queries.len().div_ceil(wanted).max(1);
        known.queries = known.queries.into_iter().step_by(step).collect();
    }
    match known.queries.is_empty() {
        true => bail!("there are no queries in {}", args.answers.display()),
        false => Ok(known),
    }
}

fn labels(folder: &Path) -> Result<KnownAnswers> {
    let (mut pictures, mut queries) = (Vec::new(), Vec::new());
    for (label, files) in label_folders(folder)? {
        let right = (pictures.len()..pictures.len() + files.len()).collect();
        queries.push(JudgedQuery { text: label.replace('_', " "), right });
        pictures.extend(files);
    }
    Ok(KnownAnswers { pictures, queries, ..KnownAnswers::default() })
}

/// A table of answers has two fields, one of captions three.
fn file(args: &EvalRelevanceArgs) -> Result<KnownAnswers> {
    let is_json = args.answers.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    let lines = if is_json { Vec::new() } else { text::lines(&args.answers)? };
    match lines.first().is_some_and(|line| line.matches('\t').count() < 2) {
        true => table(args, &lines),
        false => captions(args),
    }
}

fn captions(args: &EvalRelevanceArgs) -> Result<KnownAnswers> {
    if args.elsewhere.is_none() {
        bail!(
            "captions do not say what the other pictures show\nnext: --elsewhere FOLDER names pictures that show \
             nothing of what is asked for"
        );
    }
    let photos = retrieval::read(&args.answers, args.images.as_deref(), args.split.as_deref())?;
    let query = |(number, text)| JudgedQuery { text, right: vec![number] };
    let texts = photos.iter().enumerate();
    let queries =
        texts.flat_map(|(i, photo)| photo.captions.iter().map(move |text| (i, text.clone())));
    let queries = queries.map(query).collect();
    let pictures = photos.into_iter().map(|photo| photo.path).collect();
    Ok(KnownAnswers { pictures, queries, ..KnownAnswers::default() })
}

fn table(args: &EvalRelevanceArgs, lines: &[String]) -> Result<KnownAnswers> {
    let beside = args.answers.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = args.images.as_deref().or(beside).unwrap_or(Path::new("."));
    let mut pictures = Vec::new();
    pictures_below(folder, &mut pictures)?;
    let numbers: HashMap<&Path, usize> =
        pictures.iter().enumerate().map(|(number, path)| (path.as_path(), number)).collect();
    let mut queries: Vec<JudgedQuery> = Vec::new();
    for line in lines {
        let file = args.answers.display();
        // A tab with nothing behind it is gone from the line.
        let (text, picture) = line.split_once('\t').unwrap_or((line, ""));
        if picture.contains('\t') {
            bail!("in {file}: \"{line}\" is not: query, tab, picture");
        }
        let (text, picture) = (text.trim(), picture.trim());
        let known = queries.iter().position(|query| query.text == text);
        let query = known.unwrap_or_else(|| {
            queries.push(JudgedQuery { text: text.to_owned(), right: Vec::new() });
            queries.len() - 1
        });
        if picture.is_empty() {
            continue;
        }
        let path = folder.join(picture);
        let number = *numbers.get(path.as_path()).with_context(|| {
            format!(
                "in {file}: there is no picture {}\nnext: --images FOLDER says where the pictures are",
                path.display()
            )
        })?;
        queries[query].right.push(number);
    }
    Ok(KnownAnswers { pictures, queries, ..KnownAnswers::default() })
}

/// All pictures of a folder and of those in it, by name; hidden ones left out.
fn pictures_below(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let unreadable = || format!("the folder {} cannot be read", folder.display());
    let entries = std::fs::read_dir(folder).with_context(unreadable)?;
    let paths: Result<Vec<PathBuf>, _> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.with_context(unreadable)?;
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        match path.is_dir() {
            _ if hidden => {}
            true => pictures_below(&path, found)?,
            false if is_picture_name(&path) => found.push(path),
            false => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(answers: &Path) -> EvalRelevanceArgs {
        EvalRelevanceArgs {
            answers: answers.to_path_buf(),
            images: None,
            elsewhere: None,
            split: None,
            queries: None,
            also: Vec::new(),
            fit: None,
        }
    }

    #[test]
    fn tables_and_label_folders() {
        let home = tempfile::tempdir().unwrap();
        for picture in ["dog/a.jpg", "dog/b.jpg", "hair_dryer/c.jpg", ".trash/d.jpg"] {
            let path = home.path().join(picture);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let folders = read(&args(home.path())).err().map(|e| e.to_string());
        assert_eq!(folders, None);
        let table = home.path().join("answers.tsv");
        std::fs::write(&table, "a dog\tdog/b.jpg\nno such thing\t\na dog\tdog/a.jpg\n").unwrap();
        let known = read(&args(&table)).unwrap();
        assert_eq!(known.pictures.len(), 3);
        let found: Vec<_> =
            known.queries.iter().map(|q| (q.text.as_str(), q.right.clone())).collect();
        assert_eq!(found, [("a dog", vec![1, 0]), ("no such thing", vec![])]);
        std::fs::write(&table, "a dog\tcat.jpg\n").unwrap();
        let error = read(&args(&table)).err().unwrap().to_string();
        assert!(error.contains("there is no picture") && error.contains("next:"), "{error}");
    }
}
