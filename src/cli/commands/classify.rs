//! `seer classify`: which of some labels fits a picture, without any training.

use std::path::Path;

use anyhow::{Result, bail};
use seer_encoders::{ClassLabel, ClassScore, Model};
use seer_engine::classify_files;
use seer_engine::zero_shot::{TEMPLATE, ZeroShot};
use serde::Serialize;

use crate::args::{ClassifyArgs, Shared};
use crate::choice::{self, Fetch};
use crate::exit::Outcome;
use crate::outln;
use crate::pictures;
use crate::progress::Counter;
use crate::text::{self, printable};

/// One label of a picture.
#[derive(Serialize)]
pub struct Fit<'a> {
    /// The label, or the text that was compared.
    pub label: &'a str,
    /// -1 to 1.
    pub cosine: f32,
    /// 0 to 1; absent where the model does not say how sure a cosine is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f32>,
}

/// One of the classes a model has learnt.
#[derive(Serialize)]
struct Learnt<'a> {
    label: &'a str,
    /// 0 to 1, of all its classes.
    probability: f32,
}

pub fn run(shared: &Shared, args: &ClassifyArgs) -> Result<Outcome> {
    let labels = labels(args)?;
    let templates = templates(&args.templates, args.templates_file.as_deref())?;
    let (model, _) = choice::load_chosen(shared, Fetch::Refused)?;
    if labels.is_empty() {
        return own_classes(shared, &model, args);
    }
    let names: Vec<&str> = labels.iter().map(String::as_str).collect();
    let zero_shot = ZeroShot::new(&model, &names, &templates, &|_| {})?;
    let mut outcome = Outcome::Found;
    for (path, embedding) in pictures::encode(shared, &model, &args.pictures)? {
        let embedding = match embedding {
            Ok(embedding) => embedding,
            Err(error) => {
                log::error!("{error}");
                outcome = Outcome::Trouble;
                continue;
            }
        };
        let fits = ranked(&model, &names, &zero_shot.cosines(&embedding));
        print(shared, path, &fits[..args.k.min(fits.len())])?;
    }
    Ok(outcome)
}

fn labels(args: &ClassifyArgs) -> Result<Vec<String>> {
    let labels: Vec<String> = match (&args.labels, &args.labels_file) {
        (Some(list), _) => {
            let labels = list.split(',').map(str::trim).filter(|label| !label.is_empty());
            labels.map(str::to_owned).collect()
        }
        (None, Some(file)) => text::lines(file)?,
        (None, None) => Vec::new(),
    };
    if labels.is_empty() && (args.labels.is_some() || args.labels_file.is_some()) {
        bail!(
            "there is no label in what was given; write --labels 'cat,dog' or one a line in a file"
        );
    }
    Ok(labels)
}

/// The classes that a fine-tuned classifier has learnt.
fn own_classes(shared: &Shared, model: &Model, args: &ClassifyArgs) -> Result<Outcome> {
    let classes = model.classes();
    if classes.is_empty() {
        bail!("which labels? Write --labels 'cat,dog' or --labels-file FILE with one a line");
    }
    let counter = Counter::new(shared.quiet, "encoding");
    let done = |done| counter.show(done, args.pictures.len());
    let pictures = classify_files(model, &args.pictures, args.k, &done)?;
    drop(counter);
    let names: Vec<String> = classes.iter().enumerate().map(|(i, class)| name(i, class)).collect();
    let mut outcome = Outcome::Found;
    for (path, scores) in args.pictures.iter().zip(pictures) {
        match scores {
            Ok(scores) => {
                let learnt = |score: &ClassScore| Learnt {
                    label: &names[score.class],
                    probability: score.probability,
                };
                print(shared, path, &scores.iter().map(learnt).collect::<Vec<_>>())?;
            }
            Err(error) => {
                log::error!("{error}");
                outcome = Outcome::Trouble;
            }
        }
    }
    Ok(outcome)
}

/// What a class is called: in words, else by its name, else by its number.
fn name(number: usize, class: &ClassLabel) -> String {
    class.words().map_or_else(|| format!("class {number}"), str::to_owned)
}

/// The templates that were asked for and those of a file, one a line; without any, CLIP's own.
pub fn templates(asked: &[String], file: Option<&Path>) -> Result<Vec<String>> {
    let mut templates = asked.to_vec();
    if let Some(file) = file {
        templates.extend(text::lines(file)?);
    }
    if templates.is_empty() {
        return Ok(vec![TEMPLATE.to_owned()]);
    }
    if let Some(other) = templates.iter().find(|template| !template.contains("{}")) {
        bail!("the template \"{other}\" has no {{}} where the label goes, as in \"{TEMPLATE}\"");
    }
    Ok(templates)
}

/// Texts with their cosines and probabilities, best first, ties in the given order.
pub fn ranked<'a>(model: &Model, texts: &[&'a str], cosines: &[f32]) -> Vec<Fit<'a>> {
    let sure = model.logits().map(|logits| logits.probabilities(cosines));
    let fit = |(i, cosine): (usize, &f32)| Fit {
        label: texts[i],
        cosine: *cosine,
        probability: sure.as_ref().map(|sure| sure[i]),
    };
    let mut fits: Vec<Fit<'a>> = cosines.iter().enumerate().map(fit).collect();
    fits.sort_by(|a, b| b.cosine.total_cmp(&a.cosine));
    fits
}

fn print(shared: &Shared, path: &Path, labels: &[impl Label + Serialize]) -> Result<()> {
    if shared.json {
        let labels = text::json(&labels)?;
        let line = serde_json::json!({ "picture": path.to_string_lossy(), "labels": labels });
        outln!("{line}");
        return Ok(());
    }
    let name = printable(&path.to_string_lossy());
    for label in labels {
        outln!("{}\t{}\t{name}", label.certainty(), printable(label.label()));
    }
    Ok(())
}

/// What is printed of a label.
pub trait Label {
    fn label(&self) -> &str;

    /// ` 62.3 %`, or the cosine where there is no probability.
    fn certainty(&self) -> String;
}

impl Label for Fit<'_> {
    fn label(&self) -> &str {
        self.label
    }

    fn certainty(&self) -> String {
        self.probability.map_or_else(|| format!("{:7.3}", self.cosine), percent)
    }
}

impl Label for Learnt<'_> {
    fn label(&self) -> &str {
        self.label
    }

    fn certainty(&self) -> String {
        percent(self.probability)
    }
}

fn percent(share: f32) -> String {
    format!("{:5.1} %", share * 100.0)
}
