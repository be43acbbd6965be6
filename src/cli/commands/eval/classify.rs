//! `seer eval classify`: zero-shot accuracy on folders of pictures, one a class, and how well the
//! names of the classes find them.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use seer_engine::eval::classify::{Class, classify};

use crate::args::{EvalClassifyArgs, Shared};
use crate::choice::{self, Fetch};
use crate::commands::classify::templates;
use crate::commands::eval::folders::label_folders;
use crate::commands::eval::{HEADER, figures};
use crate::exit::Outcome;
use crate::outln;
use crate::progress::Counter;
use crate::text;

pub fn run(shared: &Shared, args: &EvalClassifyArgs) -> Result<Outcome> {
    let classes = classes(&args.folder, args.names.as_deref())?;
    let templates = templates(&args.templates, args.templates_file.as_deref())?;
    let (model, name) = choice::load_chosen(shared, Fetch::Refused)?;
    let counter = Counter::new(shared.quiet || shared.json, "encoding");
    let report = classify(&model, &classes, &templates, &|done, total| counter.show(done, total))?;
    drop(counter);
    if shared.json {
        let mut value = serde_json::to_value(report)?;
        value["model"] = name.into();
        value["templates"] = templates.into();
        outln!("{value}");
        return Ok(Outcome::Found);
    }
    outln!("{name}: {} pictures of {} classes", report.pictures, report.classes);
    outln!("top-1 {:5.1} %", report.top_1 * 100.0);
    outln!("top-5 {:5.1} %", report.top_5 * 100.0);
    outln!("{HEADER}");
    outln!("name to image {}", figures(report.name_to_image));
    Ok(Outcome::Found)
}

/// A class for each folder, called what the table says, else what the folder is called.
fn classes(folder: &Path, names: Option<&Path>) -> Result<Vec<Class>> {
    let table = names.map(table).transpose()?;
    let mut classes = Vec::new();
    for (directory, pictures) in label_folders(folder)? {
        let name = match &table {
            None => directory.replace('_', " "),
            Some(table) => table.get(&directory).cloned().with_context(|| {
                format!("the table of names does not say what the folder {directory} means")
            })?,
        };
        classes.push(Class { name, pictures });
    }
    Ok(classes)
}

fn table(file: &Path) -> Result<HashMap<String, String>> {
    let mut table = HashMap::new();
    for line in text::lines(file)? {
        let Some((folder, name)) = line.split_once('\t') else {
            bail!("in {}: \"{line}\" is not: folder, tab, name", file.display());
        };
        table.insert(folder.trim().to_owned(), name.trim().to_owned());
    }
    Ok(table)
}
