//! `seer eval names`: how well words find what they mean, on folders of pictures, one a label.

use std::path::Path;

use anyhow::{Context, Result, bail};
use seer_engine::eval::names::{Word, names};

use crate::args::{EvalNamesArgs, Shared};
use crate::choice::{self, Fetch};
use crate::commands::eval::folders::label_folders;
use crate::commands::eval::{HEADER, figures};
use crate::exit::Outcome;
use crate::outln;
use crate::progress::Counter;
use crate::text;

pub fn run(shared: &Shared, args: &EvalNamesArgs) -> Result<Outcome> {
    let folders = label_folders(&args.folder)?;
    let labels: Vec<usize> =
        folders.iter().enumerate().flat_map(|(i, (_, files))| vec![i; files.len()]).collect();
    let named: Vec<&str> = folders.iter().map(|(name, _)| name.as_str()).collect();
    let words = match &args.words {
        Some(file) => words(file, &named, &labels)?,
        None => named.iter().enumerate().map(|(i, name)| word(name, &[i], &labels)).collect(),
    };
    let pictures: Vec<_> = folders.iter().flat_map(|(_, files)| files.iter().cloned()).collect();
    let (model, name) = choice::load_chosen(shared, Fetch::Refused)?;
    let counter = Counter::new(shared.quiet || shared.json, "encoding");
    let report =
        names(&model, &words, &pictures, &labels, &|done, total| counter.show(done, total))?;
    drop(counter);
    if shared.json {
        let mut value = serde_json::to_value(report)?;
        value["model"] = name.into();
        outln!("{value}");
        return Ok(Outcome::Found);
    }
    let percent = |share: f64| format!("{:5.1} %", share * 100.0);
    outln!(
        "{name}: {} words over {} pictures; {} name classes of the model",
        report.words,
        report.pictures,
        report.known
    );
    outln!("{HEADER}");
    outln!("as searched   {}", figures(report.recall));
    outln!("by cosine     {}", figures(report.recall_by_cosine));
    outln!("right ones among the first five            {}", percent(report.precision_at_5));
    outln!("of the attainable ones, among the first ten {}", percent(report.attained_at_10));
    outln!("pictures as queries, right among five      {}", percent(report.similar_at_5));
    Ok(Outcome::Found)
}

/// A query whose right answers are the pictures of these folders.
fn word(text: &str, folders: &[usize], labels: &[usize]) -> Word {
    let right = (0..labels.len()).filter(|picture| folders.contains(&labels[*picture])).collect();
    Word { text: text.replace('_', " "), right }
}

/// The words of a table: word, tab, folders with commas between them.
fn words(file: &Path, folders: &[&str], labels: &[usize]) -> Result<Vec<Word>> {
    let mut words = Vec::new();
    for line in text::lines(file)? {
        let Some((query, shown)) = line.split_once('\t') else {
            bail!("in {}: \"{line}\" is not: word, tab, folders", file.display());
        };
        let number = |name: &str| {
            folders.iter().position(|folder| *folder == name.trim()).with_context(|| {
                format!("in {}: there is no folder {name} with pictures", file.display())
            })
        };
        let shown: Vec<usize> = shown.split(',').map(number).collect::<Result<_>>()?;
        words.push(word(query.trim(), &shown, labels));
    }
    if words.is_empty() {
        bail!("there are no words in {}", file.display());
    }
    Ok(words)
}
