//! `seer score`: pictures ordered by a linear head, such as an aesthetic predictor.

use std::path::Path;

use anyhow::Result;

use crate::args::{ScoreArgs, Shared};
use crate::choice::{self, Fetch};
use crate::exit::Outcome;
use crate::linear_head::LinearHead;
use crate::outln;
use crate::pictures;
use crate::text::{self, printable};

pub fn run(shared: &Shared, args: &ScoreArgs) -> Result<Outcome> {
    let (model, _) = choice::load_chosen(shared, Fetch::Refused)?;
    let head = LinearHead::read(&args.head, model.dim())?;
    let mut outcome = Outcome::Found;
    let mut scored: Vec<(f32, &Path)> = Vec::new();
    for (path, embedding) in pictures::encode(shared, &model, &args.pictures)? {
        match embedding {
            Ok(embedding) => scored.push((head.score(&embedding), path)),
            Err(error) => {
                log::error!("{error}");
                outcome = Outcome::Trouble;
            }
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (score, path) in scored {
        let path = path.to_string_lossy();
        match shared.json {
            true => {
                let score = text::json(&score)?;
                outln!("{}", serde_json::json!({ "picture": path, "score": score }));
            }
            false => outln!("{score:.3}\t{}", printable(&path)),
        }
    }
    Ok(outcome)
}
