//! `seer eval retrieval`: captions finding their photos, and photos their captions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use seer_engine::eval::retrieval::{Captioned, Recall, retrieval};
use serde::Deserialize;

use crate::args::{RetrievalArgs, Shared};
use crate::choice::{self, Fetch};
use crate::exit::Outcome;
use crate::progress::Counter;

pub fn run(shared: &Shared, args: &RetrievalArgs) -> Result<Outcome> {
    let photos = read(&args.captions, args.images.as_deref(), args.split.as_deref())?;
    let (model, name) = choice::load_chosen(shared, Fetch::Refused)?;
    let counter = Counter::new(shared.quiet || shared.json, "encoding");
    let report = retrieval(&model, &photos, &|done, total| counter.show(done, total))?;
    drop(counter);
    if shared.json {
        let mut value = serde_json::to_value(report)?;
        value["model"] = name.into();
        println!("{value}");
        return Ok(Outcome::Found);
    }
    println!("{name}: {} photos, {} captions", report.photos, report.captions);
    println!("recall           @1      @5     @10");
    println!("text to image {}", figures(report.text_to_image));
    println!("image to text {}", figures(report.image_to_text));
    Ok(Outcome::Found)
}

fn figures(recall: Recall) -> String {
    let percent = |share: f64| format!("{:5.1} %", share * 100.0);
    format!("{} {} {}", percent(recall.at_1), percent(recall.at_5), percent(recall.at_10))
}

/// Karpathy's JSON (`dataset_coco.json`, `dataset_flickr30k.json`), or a table with tabs: image
/// file, split, caption.
fn read(captions: &Path, images: Option<&Path>, split: Option<&str>) -> Result<Vec<Captioned>> {
    let text = std::fs::read_to_string(captions)
        .with_context(|| format!("the captions {} cannot be read", captions.display()))?;
    let beside = captions.parent().unwrap_or(Path::new(".")).join("images");
    let folder = images.map_or(beside, Path::to_path_buf);
    let is_json = captions.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    let photos = match is_json {
        true => karpathy(&text, &folder, split),
        false => table(&text, &folder, split),
    };
    let photos = photos.with_context(|| format!("in {}", captions.display()))?;
    if photos.is_empty() {
        bail!("{} has no captions of the split {}", captions.display(), split.unwrap_or("(any)"));
    }
    Ok(photos)
}

#[derive(Deserialize)]
struct Dataset {
    images: Vec<Image>,
}

#[derive(Deserialize)]
struct Image {
    filename: String,
    #[serde(default)]
    filepath: Option<String>,
    split: String,
    sentences: Vec<Sentence>,
}

#[derive(Deserialize)]
struct Sentence {
    raw: String,
}

fn karpathy(text: &str, folder: &Path, split: Option<&str>) -> Result<Vec<Captioned>> {
    let dataset: Dataset = serde_json::from_str(text)?;
    let wanted = dataset.images.into_iter().filter(|image| split.is_none_or(|s| s == image.split));
    let captioned = |image: Image| Captioned {
        path: folder.join(image.filepath.unwrap_or_default()).join(image.filename),
        captions: image.sentences.into_iter().map(|sentence| sentence.raw).collect(),
    };
    Ok(wanted.map(captioned).collect())
}

fn table(text: &str, folder: &Path, split: Option<&str>) -> Result<Vec<Captioned>> {
    let mut photos: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [image, part, caption] = fields[..] else {
            bail!("line {} is not: image, split, caption, with tabs between them", number + 1);
        };
        let header = number == 0 && (image, part) == ("image", "split");
        if !header && split.is_none_or(|s| s == part) {
            photos.entry(folder.join(image)).or_default().push(caption.to_string());
        }
    }
    Ok(photos.into_iter().map(|(path, captions)| Captioned { path, captions }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_give_the_same() {
        let tsv = "image\tsplit\tcaption\nb.jpg\ttest\tone\na.jpg\ttrain\tx\nb.jpg\ttest\ttwo\n";
        let json = r#"{"images":[{"filename":"b.jpg","split":"test","sentences":[{"raw":"one"},{"raw":"two"}]},
            {"filename":"a.jpg","split":"train","sentences":[{"raw":"x"}]}]}"#;
        let folder = Path::new("/p");
        for photos in [table(tsv, folder, Some("test")), karpathy(json, folder, Some("test"))] {
            let photos = photos.unwrap();
            assert_eq!(photos.len(), 1);
            assert_eq!(photos[0].path, Path::new("/p/b.jpg"));
            assert_eq!(photos[0].captions, ["one", "two"]);
        }
        assert!(table("a.jpg only", folder, None).unwrap_err().to_string().contains("line 1"));
    }
}
