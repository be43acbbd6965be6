//! `seer rank`: which of some texts describes a picture best.

use anyhow::{Result, bail};

use super::classify::{Label, ranked};
use crate::args::{RankArgs, Shared};
use crate::choice::{self, Fetch};
use crate::exit::Outcome;
use crate::outln;
use crate::pictures;
use crate::text::{self, printable};

pub fn run(shared: &Shared, args: &RankArgs) -> Result<Outcome> {
    let mut texts = args.texts.clone();
    if let Some(file) = &args.texts_file {
        texts.extend(text::lines(file)?);
    }
    if texts.is_empty() {
        bail!("which texts? Write them after the picture, or --texts FILE with one a line");
    }
    let (model, _) = choice::load_chosen(shared, Fetch::Refused)?;
    let picture = pictures::encode_one(&model, &args.picture)?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut cosines = Vec::with_capacity(texts.len());
    for embedding in model.encode_texts(&texts)? {
        cosines.push(picture.cosine(&embedding)?);
    }
    for (i, fit) in ranked(&model, &texts, &cosines).iter().take(args.k).enumerate() {
        if shared.json {
            let cosine = text::json(&fit.cosine)?;
            let mut line =
                serde_json::json!({ "rank": i + 1, "text": fit.label, "cosine": cosine });
            if let Some(probability) = fit.probability {
                line["probability"] = text::json(&probability)?;
            }
            outln!("{line}");
        } else {
            outln!("{:.3}\t{}\t{}", fit.cosine, fit.certainty(), printable(fit.label));
        }
    }
    Ok(Outcome::Found)
}
