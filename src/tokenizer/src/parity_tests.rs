//! Token ids of 200 strings against the references (`tests/fixtures/tokenizer/cases.json`).

use std::path::PathBuf;

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Case {
    text: String,
    hf_ids: Vec<u32>,
    openclip_ids: Vec<u32>,
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(name)
}

fn cases() -> Vec<Case> {
    let json =
        std::fs::read(fixture("tokenizer/cases.json")).expect("cases.json is in the repository");
    serde_json::from_slice(&json).expect("cases.json parses")
}

fn spec(vocab_size: usize) -> TokenizerSpec {
    TokenizerSpec {
        layout: Layout::HuggingFace,
        family: TokenizerFamily::Clip,
        context_length: 77,
        vocab_size,
        end_id: None,
    }
}

fn full_json() -> Vec<u8> {
    std::fs::read(fixture("tokenizer/clip-bpe-49408.tokenizer.json"))
        .expect("the vocabulary is in the repository")
}

/// The cases whose ids differ, one line each.
fn differing(
    tokenizer: &Tokenizer,
    cases: &[Case],
    expected: impl Fn(&Case) -> &[u32],
) -> Vec<String> {
    cases
        .iter()
        .filter_map(|case| {
            let (ours, theirs) = (tokenizer.encode(&case.text), expected(case));
            (ours != theirs)
                .then(|| format!("{:?}\n  ours   {ours:?}\n  theirs {theirs:?}", case.text))
        })
        .collect()
}

#[test]
fn every_string_has_openclips_ids_with_the_published_vocabulary() {
    let tokenizer = Tokenizer::published_clip(&spec(49_408)).unwrap();
    let cases = cases();
    assert_eq!(cases.len(), 200);
    let failing = differing(&tokenizer, &cases, |c| &c.openclip_ids);
    assert!(failing.is_empty(), "{} of 200 differ:\n{}", failing.len(), failing.join("\n"));
}

#[test]
fn every_string_has_openclips_ids_with_a_tokenizer_json() {
    let tokenizer = Tokenizer::from_json(&full_json(), &spec(49_408)).unwrap();
    let failing = differing(&tokenizer, &cases(), |c| &c.openclip_ids);
    assert!(failing.is_empty(), "{} of 200 differ:\n{}", failing.len(), failing.join("\n"));
}

#[test]
fn without_cleaning_every_string_has_hugging_faces_ids() {
    let vocabulary = vocabulary::from_json(&full_json()).unwrap();
    let tokenizer =
        Tokenizer::clip(vocabulary, Cleaning::HuggingFaceClip, &spec(49_408), FILE).unwrap();
    // Hugging Face takes a typed special token for the token itself; ours stays text on purpose.
    let special =
        |case: &Case| case.text.contains("<|startoftext|>") || case.text.contains("<|endoftext|>");
    let (typed, others): (Vec<Case>, Vec<Case>) = cases().into_iter().partition(special);
    assert_eq!((typed.len(), others.len()), (4, 196));
    let failing = differing(&tokenizer, &others, |c| &c.hf_ids);
    assert!(failing.is_empty(), "{} of 196 differ:\n{}", failing.len(), failing.join("\n"));
    let failing = differing(&tokenizer, &typed, |c| &c.openclip_ids);
    assert!(failing.is_empty(), "typed special tokens are text:\n{}", failing.join("\n"));
}

#[test]
fn a_small_checkpoints_own_vocabulary_is_the_published_one_cut() {
    let own = Tokenizer::load(&fixture("clip-tiny"), &spec(1024)).unwrap();
    let cut = Tokenizer::published_clip(&spec(1024)).unwrap();
    for case in cases() {
        assert_eq!(own.encode(&case.text), cut.encode(&case.text), "{:?}", case.text);
    }
    assert_eq!(own.encode(""), [1022, 1023]);
}

#[test]
fn long_texts_keep_the_end_token() {
    let tokenizer =
        Tokenizer::published_clip(&TokenizerSpec { context_length: 5, ..spec(49_408) }).unwrap();
    assert_eq!(tokenizer.encode("a a a a a a a"), [49_406, 320, 320, 320, 49_407]);
    assert_eq!(tokenizer.encode("a a"), [49_406, 320, 320, 49_407]);
}

#[test]
fn a_folder_without_tokenizer_gets_clips_or_a_clear_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let clip = Tokenizer::load(folder.path(), &spec(49_408)).unwrap();
    assert_eq!(clip.encode("a"), [49_406, 320, 49_407]);
    let bert = TokenizerSpec { family: TokenizerFamily::LanguageModel, ..spec(30_522) };
    let refusal = Tokenizer::load(folder.path(), &bert).err().expect("refused").to_string();
    assert!(refusal.contains("tokenizer.json is missing"), "{refusal}");
}

#[test]
fn what_does_not_fit_the_text_tower_is_refused() {
    let refusal = |spec: &TokenizerSpec| {
        Tokenizer::from_json(&full_json(), spec).err().expect("refused").to_string()
    };
    assert!(refusal(&spec(49_407)).contains("ids up to 49407"));
    assert!(refusal(&TokenizerSpec { end_id: Some(2), ..spec(49_408) }).contains("says 2"));
    assert!(
        refusal(&TokenizerSpec { context_length: 2, ..spec(49_408) })
            .contains("context length of 2")
    );
}

#[test]
fn endless_texts_are_cut_between_characters() {
    assert_eq!(beginning("aé", 2), "a");
    assert_eq!(beginning("aé", 3), "aé");
    assert_eq!(beginning("aé", 9), "aé");
    let tokenizer = Tokenizer::published_clip(&spec(49_408)).unwrap();
    assert_eq!(tokenizer.encode(&"é ".repeat(1_000_000)).len(), 77);
}

#[test]
fn tokenizers_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Tokenizer>();
}

/// Ids of the texts of a fixture with a tokenizer of its own, as the reference filled them up.
fn own_texts(name: &str) -> (Vec<String>, Vec<Vec<u32>>) {
    let json = std::fs::read(fixture(name).join("texts.json")).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let texts = json["texts"].as_array().unwrap().iter();
    let texts: Vec<String> = texts.map(|text| text.as_str().unwrap().to_owned()).collect();
    let bytes = std::fs::read(fixture(name).join("expected.safetensors")).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let ids = tensors.tensor("input_ids").unwrap();
    let values: Vec<u32> =
        ids.data().as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as u32).collect();
    (texts, values.chunks(ids.shape()[1]).map(<[u32]>::to_vec).collect())
}

#[test]
fn tokenizers_of_many_languages_have_the_references_ids() {
    for (name, layout, family) in [
        ("oc-clipa", Layout::OpenClip, TokenizerFamily::WithoutSeparator),
        ("oc-worldwide", Layout::OpenClip, TokenizerFamily::LanguageModel),
        ("metaclip2-tiny", Layout::HuggingFace, TokenizerFamily::LanguageModel),
        ("oc-nllb", Layout::OpenClip, TokenizerFamily::Nllb),
    ] {
        let (texts, expected) = own_texts(name);
        let spec = TokenizerSpec {
            layout,
            family,
            context_length: expected[0].len(),
            vocab_size: 320,
            end_id: (name != "oc-clipa").then_some(2),
        };
        let tokenizer = Tokenizer::load(&fixture(name), &spec).unwrap();
        let padding = if name == "oc-clipa" { 0 } else { 1 };
        for (text, ids) in texts.iter().zip(expected) {
            let mut found = tokenizer.encode(text);
            found.resize(ids.len(), padding);
            assert_eq!(found, ids, "{name} {text:?}");
        }
    }
}

#[test]
fn an_end_id_that_is_not_the_tokenizers_is_refused() {
    let spec = TokenizerSpec {
        layout: Layout::OpenClip,
        family: TokenizerFamily::LanguageModel,
        context_length: 77,
        vocab_size: 320,
        end_id: Some(1),
    };
    let error = Tokenizer::load(&fixture("oc-worldwide"), &spec).err().unwrap().to_string();
    assert!(error.contains("the id 2 after a text") && error.contains("says 1"), "{error}");
}
