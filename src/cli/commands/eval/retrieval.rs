//! `seer eval retrieval`: captions finding their photos, and photos their captions.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use seer_engine::eval::retrieval::{Captioned, retrieval};
use serde::Deserialize;

use crate::args::{RetrievalArgs, Shared};
use crate::choice::{self, Fetch};
use crate::commands::eval::{HEADER, figures};
use crate::exit::Outcome;
use crate::outln;
use crate::progress::Counter;

pub fn run(shared: &Shared, args: &RetrievalArgs) -> Result<Outcome> {
    let photos = read(&args.captions, args.images.as_deref(), args.split.as_deref())?;
    let (model, name) = choice::load_chosen(shared, Fetch::Refused)?;
    let counter = Counter::new(shared.quiet || shared.json, "encoding");
    let progress = |done, total| counter.show(done, total);
    let report = retrieval(&model, &photos, args.language, &progress)?;
    drop(counter);
    if shared.json {
        let mut value = serde_json::to_value(report)?;
        value["model"] = name.into();
        outln!("{value}");
        return Ok(Outcome::Found);
    }
    outln!("{name}: {} photos, {} captions", report.photos, report.captions);
    outln!("{HEADER}");
    outln!("text to image {}", figures(report.text_to_image));
    outln!("image to text {}", figures(report.image_to_text));
    Ok(Outcome::Found)
}

/// Karpathy's JSON (`dataset_coco.json`, `dataset_flickr30k.json`), or a table with tabs: image
/// file, split, caption.
pub fn read(captions: &Path, images: Option<&Path>, split: Option<&str>) -> Result<Vec<Captioned>> {
    let text = std::fs::read_to_string(captions)
        .with_context(|| format!("the captions {} cannot be read", captions.display()))?;
    let beside = captions.parent().unwrap_or(Path::new(".")).join("images");
    let folder = images.map_or(beside, Path::to_path_buf);
    let is_json = captions.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    let all = match is_json {
        true => karpathy(&text, &folder),
        false => table(&text, &folder),
    };
    let all = all.with_context(|| format!("in {}", captions.display()))?;
    let photos = of_split(all, split).with_context(|| format!("in {}", captions.display()))?;
    if let Some(missing) = photos.iter().find(|photo| !photo.path.exists()) {
        bail!(
            "the picture {} is not there\nnext: --images FOLDER says where the pictures are, --split NAME leaves \
             out the rest",
            missing.path.display()
        );
    }
    Ok(photos)
}

/// A photo and the split it belongs to.
type Of = (String, Captioned);

/// The photos of a split, or all.
fn of_split(all: Vec<Of>, split: Option<&str>) -> Result<Vec<Captioned>> {
    let splits: BTreeSet<String> = all.iter().map(|(split, _)| split.clone()).collect();
    let wanted = all.into_iter().filter(|(of, _)| split.is_none_or(|split| split == of));
    let photos: Vec<Captioned> = wanted.map(|(_, photo)| photo).collect();
    match (photos.is_empty(), split) {
        (false, _) => Ok(photos),
        (true, Some(split)) if !splits.is_empty() => {
            let known: Vec<String> = splits.into_iter().collect();
            bail!("there is no split {split}; there are: {}", known.join(" "))
        }
        (true, _) => bail!("there are no captions"),
    }
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

fn karpathy(text: &str, folder: &Path) -> Result<Vec<Of>> {
    let dataset: Dataset = serde_json::from_str(text)?;
    let captioned = |image: Image| {
        let path = folder.join(image.filepath.unwrap_or_default()).join(image.filename);
        let captions = image.sentences.into_iter().map(|sentence| sentence.raw).collect();
        (image.split, Captioned { path, captions })
    };
    Ok(dataset.images.into_iter().map(captioned).collect())
}

fn table(text: &str, folder: &Path) -> Result<Vec<Of>> {
    let mut photos: BTreeMap<(&str, PathBuf), Vec<String>> = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [image, part, caption] = fields[..] else {
            bail!("line {} is not: image, split, caption, with tabs between them", number + 1);
        };
        let header = number == 0 && (image, part) == ("image", "split");
        if !header {
            photos.entry((part, folder.join(image))).or_default().push(caption.to_string());
        }
    }
    let captioned = |((split, path), captions): ((&str, PathBuf), Vec<String>)| {
        (split.to_owned(), Captioned { path, captions })
    };
    Ok(photos.into_iter().map(captioned).collect())
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
        for all in [table(tsv, folder), karpathy(json, folder)] {
            let all = all.unwrap();
            assert_eq!(of_split(all.clone(), None).unwrap().len(), 2);
            let error = of_split(all.clone(), Some("val")).unwrap_err().to_string();
            assert!(error.contains("there are: test train"), "{error}");
            let photos = of_split(all, Some("test")).unwrap();
            assert_eq!(photos.len(), 1);
            assert_eq!(photos[0].path, Path::new("/p/b.jpg"));
            assert_eq!(photos[0].captions, ["one", "two"]);
        }
        assert!(table("a.jpg only", folder).unwrap_err().to_string().contains("line 1"));
    }
}
