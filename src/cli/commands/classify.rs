//! `seer classify`: which of some labels fits a picture, without any training.

use std::path::Path;

use anyhow::{Result, bail};
use seer_encoders::Model;
use seer_engine::zero_shot::{TEMPLATE, ZeroShot};
use serde::Serialize;

use crate::args::{ClassifyArgs, Shared};
use crate::choice::{self, Fetch};
use crate::exit::Outcome;
use crate::pictures;
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

pub fn run(shared: &Shared, args: &ClassifyArgs) -> Result<Outcome> {
    let labels = labels(args)?;
    let templates = templates(&args.templates)?;
    let (model, _) = choice::load_chosen(shared, Fetch::Refused)?;
    let names: Vec<&str> = labels.iter().map(String::as_str).collect();
    let zero_shot = ZeroShot::new(&model, &names, &templates)?;
    let mut outcome = Outcome::Found;
    for (path, embedding) in pictures::encode(&model, &args.pictures)? {
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
    if labels.is_empty() {
        bail!("which labels? Write --labels 'cat,dog' or --labels-file FILE with one a line");
    }
    Ok(labels)
}

/// The templates that were asked for, else CLIP's own.
pub fn templates(asked: &[String]) -> Result<Vec<String>> {
    if asked.is_empty() {
        return Ok(vec![TEMPLATE.to_owned()]);
    }
    if let Some(other) = asked.iter().find(|template| !template.contains("{}")) {
        bail!("the template \"{other}\" has no {{}} where the label goes, as in \"{TEMPLATE}\"");
    }
    Ok(asked.to_vec())
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

fn print(shared: &Shared, path: &Path, fits: &[Fit<'_>]) -> Result<()> {
    if shared.json {
        let line = serde_json::json!({ "picture": path.to_string_lossy(), "labels": fits });
        println!("{line}");
        return Ok(());
    }
    let name = printable(&path.to_string_lossy());
    for fit in fits {
        println!("{}\t{}\t{name}", certainty(fit), printable(fit.label));
    }
    Ok(())
}

/// ` 62.3 %`, or the cosine where there is no probability.
pub fn certainty(fit: &Fit<'_>) -> String {
    match fit.probability {
        Some(probability) => format!("{:5.1} %", probability * 100.0),
        None => format!("{:7.3}", fit.cosine),
    }
}
