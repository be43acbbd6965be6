//! Which files of a repository a model needs: settings, tokenizer and weights of one layout, nothing else.

use seer_checkpoint::config::Layout;
use seer_checkpoint::pickled_names;

/// The files to fetch, weights last, so that a snapshot with weights has all the rest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Selection {
    pub layout: Layout,
    pub files: Vec<String>,
}

/// Why no file list makes a model.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unusable {
    /// Settings are there, but the weights only pickled (`.bin`, `.pt`).
    OnlyPickled,
    /// Not a CLIP checkpoint in a layout seer reads.
    NotAModel,
}

const TOKENIZER: &str = "tokenizer.json";
/// In Hugging Face's layout; timm's repositories have their preprocessing in `config.json`.
const PREPROCESSOR: &str = "preprocessor_config.json";
/// What stands for it in a repository without one: BERT's word pieces and how to use them.
const WORD_PIECES: [&str; 2] = ["vocab.txt", "tokenizer_config.json"];

/// Picks from the names in a repository or folder. `first` is the layout to try first, OpenCLIP's by default.
pub(super) fn select(names: &[String], first: Option<Layout>) -> Result<Selection, Unusable> {
    let safe = |layout| stems(layout).iter().find_map(|stem| weights(names, stem));
    pick(names, first, safe).ok_or_else(|| {
        let is_pickled = |name: &String| {
            name.ends_with(".bin") || name.ends_with(".pt") || name.ends_with(".pth")
        };
        let has_settings = names.iter().any(|n| n == "open_clip_config.json" || n == "config.json");
        if has_settings && names.iter().any(is_pickled) {
            Unusable::OnlyPickled
        } else {
            Unusable::NotAModel
        }
    })
}

/// The same with weights as `torch.save` writes them, for what was never published otherwise.
pub(super) fn select_pickled(names: &[String], first: Option<Layout>) -> Option<Selection> {
    let has = |name: &&&str| names.iter().any(|n| n == **name);
    pick(names, first, |layout| {
        pickled_names(layout).iter().find(has).map(|name| vec![(*name).to_owned()])
    })
}

/// The first layout of which settings and weights are there.
fn pick(
    names: &[String],
    first: Option<Layout>,
    weights: impl Fn(Layout) -> Option<Vec<String>>,
) -> Option<Selection> {
    let order = match first {
        Some(Layout::HuggingFace) => [Layout::HuggingFace, Layout::OpenClip],
        _ => [Layout::OpenClip, Layout::HuggingFace],
    };
    order.into_iter().find_map(|layout| {
        let has = |name: &str| names.iter().any(|n| n == name);
        let settings = settings(layout);
        let weights = weights(layout)?;
        if !settings.iter().all(|name| has(name)) {
            return None;
        }
        let mut files: Vec<String> = settings.iter().map(|name| (*name).to_owned()).collect();
        let settled = layout == Layout::HuggingFace && has(PREPROCESSOR);
        files.extend(settled.then(|| PREPROCESSOR.to_owned()));
        let pieces: &[&str] = if has(WORD_PIECES[0]) { &WORD_PIECES } else { &[] };
        let tokenizer = if has(TOKENIZER) { &[TOKENIZER] } else { pieces };
        files.extend(tokenizer.iter().filter(|name| has(name)).map(|name| (*name).to_owned()));
        files.extend(weights);
        Some(Selection { layout, files })
    })
}

fn settings(layout: Layout) -> &'static [&'static str] {
    match layout {
        Layout::OpenClip => &["open_clip_config.json"],
        Layout::HuggingFace => &["config.json"],
    }
}

fn stems(layout: Layout) -> &'static [&'static str] {
    match layout {
        Layout::OpenClip => &["open_clip_model", "open_clip_pytorch_model"],
        Layout::HuggingFace => &["model"],
    }
}

/// `STEM.safetensors`, or its index and all of its shards `STEM-00001-of-00003.safetensors`.
fn weights(names: &[String], stem: &str) -> Option<Vec<String>> {
    let has = |name: &String| names.contains(name);
    let whole = format!("{stem}.safetensors");
    if has(&whole) {
        return Some(vec![whole]);
    }
    let index = format!("{whole}.index.json");
    if !has(&index) {
        return None;
    }
    let prefix = format!("{stem}-00001-of-");
    let count = names
        .iter()
        .find_map(|n| n.strip_prefix(&prefix)?.strip_suffix(".safetensors")?.parse::<u32>().ok())?;
    // More shards than any checkpoint has means a foreign name, not a model.
    let shards: Vec<String> =
        (1..=count.min(1000)).map(|i| format!("{stem}-{i:05}-of-{count:05}.safetensors")).collect();
    shards.iter().all(has).then(|| std::iter::once(index).chain(shards).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn only_the_files_of_one_layout_are_picked() {
        let both = names(&[
            "README.md",
            "config.json",
            "model.safetensors",
            "open_clip_config.json",
            "open_clip_model.safetensors",
            "open_clip_pytorch_model.bin",
            "preprocessor_config.json",
            "tokenizer.json",
            "vocab.json",
        ]);
        let open_clip = select(&both, None).unwrap();
        assert_eq!(open_clip.layout, Layout::OpenClip);
        assert_eq!(
            open_clip.files,
            ["open_clip_config.json", "tokenizer.json", "open_clip_model.safetensors"]
        );
        let hugging_face = select(&both, Some(Layout::HuggingFace)).unwrap();
        let expected =
            ["config.json", "preprocessor_config.json", "tokenizer.json", "model.safetensors"];
        assert_eq!(hugging_face.files, expected);
    }

    #[test]
    fn the_other_layout_serves_where_the_first_lacks_weights() {
        let list = names(&[
            "config.json",
            "preprocessor_config.json",
            "model.safetensors",
            "open_clip_config.json",
        ]);
        assert_eq!(select(&list, Some(Layout::OpenClip)).unwrap().layout, Layout::HuggingFace);
    }

    #[test]
    fn timms_classifiers_need_neither_preprocessor_nor_tokenizer() {
        let list = names(&["config.json", "model.safetensors", "pytorch_model.bin"]);
        let found = select(&list, None).unwrap();
        assert_eq!((found.layout, found.files), (Layout::HuggingFace, list[..2].to_vec()));
    }

    #[test]
    fn word_pieces_serve_where_there_is_no_tokenizer_json() {
        let mut list = names(&["config.json", "preprocessor_config.json", "model.safetensors"]);
        list.push("tokenizer_config.json".to_owned());
        assert!(!select(&list, None).unwrap().files.contains(&"tokenizer_config.json".to_owned()));
        list.push("vocab.txt".to_owned());
        assert_eq!(select(&list, None).unwrap().files[2..4], WORD_PIECES);
        list.push("tokenizer.json".to_owned());
        let files = select(&list, None).unwrap().files;
        assert_eq!((files.len(), files[2].as_str()), (4, "tokenizer.json"));
    }

    #[test]
    fn the_bots_name_for_converted_weights_is_known() {
        let list = names(&["open_clip_config.json", "open_clip_pytorch_model.safetensors"]);
        assert_eq!(select(&list, None).unwrap().files[1], "open_clip_pytorch_model.safetensors");
    }

    #[test]
    fn shards_come_with_their_index_and_all_of_them() {
        let mut list = names(&[
            "open_clip_config.json",
            "open_clip_model.safetensors.index.json",
            "open_clip_model-00001-of-00002.safetensors",
            "open_clip_model-00002-of-00002.safetensors",
        ]);
        assert_eq!(select(&list, None).unwrap().files.len(), 4);
        list.pop();
        assert_eq!(select(&list, None), Err(Unusable::NotAModel));
    }

    #[test]
    fn pickled_weights_and_other_models_are_told_apart() {
        let pickled = names(&["open_clip_config.json", "open_clip_pytorch_model.bin"]);
        assert_eq!(select(&pickled, None), Err(Unusable::OnlyPickled));
        assert_eq!(select_pickled(&pickled, None).unwrap().files, pickled);
        let odd = names(&["open_clip_config.json", "model.pt"]);
        assert_eq!(select(&odd, None), Err(Unusable::OnlyPickled));
        assert_eq!(select_pickled(&odd, None), None);
        assert_eq!(select(&names(&["README.md", "weights.gguf"]), None), Err(Unusable::NotAModel));
        assert_eq!(select(&[], None), Err(Unusable::NotAModel));
    }
}
