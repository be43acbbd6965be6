//! Fetching from a server on the loopback interface that answers as the hub does.

use std::cell::RefCell;
use std::net::TcpListener;

use tempfile::TempDir;

use super::test_server::{COMMIT, Hub, Server, sha256};
use super::*;

const WEIGHTS: &str = "open_clip_model.safetensors";

/// Bytes without a period that a cut or a shift could hide in.
fn weights() -> Vec<u8> {
    (0..700_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

fn hub() -> Hub {
    let files = [
        ("open_clip_config.json", br#"{"model_cfg":{}}"#.to_vec()),
        ("tokenizer.json", b"{}".to_vec()),
        ("README.md", b"not needed".to_vec()),
        (WEIGHTS, weights()),
    ];
    Hub {
        files: files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect(),
        ..Hub::default()
    }
}

fn options(cache: &TempDir, address: &str) -> FetchOptions {
    FetchOptions {
        offline: false,
        cache: Some(cache.path().to_owned()),
        endpoint: Some(format!("http://{address}")),
        token: Some("hf_test".to_owned()),
    }
}

/// Remembers what it heard, one line each.
#[derive(Default)]
struct Heard(RefCell<Vec<String>>);

impl FetchProgress for Heard {
    fn files(&self, missing: &[String]) {
        self.0.borrow_mut().push(format!("files {}", missing.join(" ")));
    }
    fn received(&self, file: &str, bytes: u64, total: u64) {
        self.0.borrow_mut().push(format!("{file} {bytes}/{total}"));
    }
    fn retrying(&self, file: &str) {
        self.0.borrow_mut().push(format!("retrying {file}"));
    }
    fn finished(&self, file: &str) {
        self.0.borrow_mut().push(format!("finished {file}"));
    }
}

/// How often the whole of the weights, or the rest of them, was asked for, and from where.
fn weight_requests(server: &Server) -> Vec<String> {
    let log = server.log();
    let requests = log.iter().filter(|line| line.contains(WEIGHTS) && !line.ends_with("-0"));
    requests.map(|line| line.rsplit(' ').next().unwrap_or("").to_owned()).collect()
}

#[test]
fn a_model_is_fetched_once_and_then_found_offline() {
    let (cache, server) = (tempfile::tempdir().unwrap(), Server::start(hub()));
    let options = options(&cache, &server.address);
    assert_eq!(cached("someone/clip", &options), None);
    let heard = Heard::default();
    let folder = resolve("someone/clip", &options, &heard).unwrap();
    assert_eq!(std::fs::read(folder.join(WEIGHTS)).unwrap(), weights());
    assert!(
        folder.join("open_clip_config.json").is_file() && folder.join("tokenizer.json").is_file()
    );
    assert!(!folder.join("README.md").exists(), "only what a model needs is fetched");
    let heard = heard.0.into_inner();
    assert_eq!(heard[0], format!("files open_clip_config.json tokenizer.json {WEIGHTS}"));
    assert!(heard.contains(&format!("{WEIGHTS} 700000/700000")), "{heard:?}");
    assert_eq!(heard.last(), Some(&format!("finished {WEIGHTS}")));
    assert_eq!(server.hub.lock().unwrap().token.as_deref(), Some("Bearer hf_test"));

    let requests = server.log().len();
    assert_eq!(resolve("someone/clip", &options, &()).unwrap(), folder);
    let offline = FetchOptions { offline: true, ..options.clone() };
    assert_eq!(resolve("someone/clip", &offline, &()).unwrap(), folder);
    assert_eq!(cached("someone/clip", &options), Some(folder.clone()));
    assert_eq!(server.log().len(), requests, "what is on disk opens no socket");

    let listed = list_cached(&options).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].name.as_str(), listed[0].bytes), ("someone/clip", 700_000 + 16 + 2));
    assert_eq!((&listed[0].folder, listed[0].kind), (&folder, ModelKind::Embeddings));
}

#[test]
fn what_looks_like_a_place_on_disk_is_no_name() {
    let folder = tempfile::tempdir().unwrap();
    for (name, expected) in [
        (folder.path().to_str().unwrap(), true),
        ("./not-there", true),
        ("someone/clip", false),
        ("ViT-B-32", false),
        ("builtin", false),
        ("nobody knows this", false),
    ] {
        assert_eq!(is_folder(name), expected, "{name}");
    }
}

#[test]
fn the_cache_is_laid_out_as_the_hubs_tools_expect() {
    let (cache, server) = (tempfile::tempdir().unwrap(), Server::start(hub()));
    resolve("someone/clip", &options(&cache, &server.address), &()).unwrap();
    let model = cache.path().join("models--someone--clip");
    assert_eq!(std::fs::read_to_string(model.join("refs/main")).unwrap(), COMMIT);
    assert!(model.join("snapshots").join(COMMIT).join(WEIGHTS).is_file());
    assert!(model.join("blobs").join(sha256(&weights())).is_file());
}

#[test]
fn a_broken_transfer_goes_on_within_the_run() {
    let cuts = vec![(WEIGHTS.to_owned(), 300_000), (WEIGHTS.to_owned(), 100_000)];
    let (cache, server) = (tempfile::tempdir().unwrap(), Server::start(Hub { cuts, ..hub() }));
    let heard = Heard::default();
    let folder = resolve("someone/clip", &options(&cache, &server.address), &heard).unwrap();
    assert_eq!(std::fs::read(folder.join(WEIGHTS)).unwrap(), weights());
    assert_eq!(weight_requests(&server), ["0-", "300000-", "400000-"]);
    assert_eq!(heard.0.borrow().iter().filter(|line| line.starts_with("retrying")).count(), 2);
}

#[test]
fn an_interrupted_fetch_goes_on_in_the_next_run() {
    // Once something comes in, then four times nothing.
    let mut cuts = vec![(WEIGHTS.to_owned(), 250_000)];
    cuts.extend(vec![(WEIGHTS.to_owned(), 0); 4]);
    let (cache, server) = (tempfile::tempdir().unwrap(), Server::start(Hub { cuts, ..hub() }));
    let options = options(&cache, &server.address);
    match resolve("someone/clip", &options, &()) {
        Err(FetchError::Interrupted { file, received, total, .. }) => {
            assert_eq!((file.as_str(), received, total), (WEIGHTS, 250_000, 700_000));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(cached("someone/clip", &options), None, "half a model is none");
    server.hub.lock().unwrap().cuts.clear();
    let before = weight_requests(&server).len();
    let folder = resolve("someone/clip", &options, &()).unwrap();
    assert_eq!(weight_requests(&server)[before..], ["250000-"]);
    assert_eq!(std::fs::read(folder.join(WEIGHTS)).unwrap(), weights());
}

#[test]
fn a_damaged_file_is_found_and_removed() {
    let corrupt = vec![WEIGHTS.to_owned()];
    let (cache, server) = (tempfile::tempdir().unwrap(), Server::start(Hub { corrupt, ..hub() }));
    let options = options(&cache, &server.address);
    match resolve("someone/clip", &options, &()) {
        Err(FetchError::Corrupt { file, expected, found }) => {
            assert_eq!((file.as_str(), expected), (WEIGHTS, sha256(&weights())));
            assert_ne!(found, sha256(&weights()));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(cached("someone/clip", &options), None);
    server.hub.lock().unwrap().corrupt.clear();
    assert!(resolve("someone/clip", &options, &()).is_ok());
}

#[test]
fn a_damaged_part_is_fetched_again_from_its_start() {
    let (cache, server) = (tempfile::tempdir().unwrap(), Server::start(hub()));
    let blobs = cache.path().join("models--someone--clip/blobs");
    std::fs::create_dir_all(&blobs).unwrap();
    std::fs::write(blobs.join(sha256(&weights())).with_extension("part"), vec![7; 1000]).unwrap();
    let folder = resolve("someone/clip", &options(&cache, &server.address), &()).unwrap();
    assert_eq!(weight_requests(&server), ["1000-", "0-"]);
    assert_eq!(std::fs::read(folder.join(WEIGHTS)).unwrap(), weights());
}

#[test]
fn a_part_that_is_already_whole_does_not_stop_the_fetch() {
    let (cache, server) = (tempfile::tempdir().unwrap(), Server::start(hub()));
    let blobs = cache.path().join("models--someone--clip/blobs");
    std::fs::create_dir_all(&blobs).unwrap();
    std::fs::write(blobs.join(sha256(&weights())).with_extension("part"), weights()).unwrap();
    assert!(resolve("someone/clip", &options(&cache, &server.address), &()).is_ok());
}

#[test]
fn large_files_come_from_where_the_hub_redirects_to() {
    let redirected = vec![WEIGHTS.to_owned()];
    let (cache, server) =
        (tempfile::tempdir().unwrap(), Server::start(Hub { redirected, ..hub() }));
    let folder = resolve("someone/clip", &options(&cache, &server.address), &()).unwrap();
    assert_eq!(std::fs::read(folder.join(WEIGHTS)).unwrap(), weights());
    assert!(server.log().iter().any(|line| line.starts_with("GET /elsewhere/")));
}

#[test]
fn a_registry_name_takes_the_conversion_where_main_is_pickled() {
    let (cache, server) =
        (tempfile::tempdir().unwrap(), Server::start(Hub { converted: true, ..hub() }));
    let options = options(&cache, &server.address);
    let folder = resolve("ViT-B-16", &options, &()).unwrap();
    assert!(folder.join(WEIGHTS).is_file());
    assert!(
        server.log().iter().any(|line| line.contains("/revision/refs%2Fpr%2F2")),
        "{:?}",
        server.log()
    );
    assert_eq!(cached("vit-b-16::datacomp_xl_s13b_b90k", &options), Some(folder));
    assert_eq!(list_cached(&options).unwrap()[0].name, "ViT-B-16/datacomp_xl_s13b_b90k");
    let pickled = resolve("someone/pickled", &options, &()).unwrap();
    assert!(pickled.join("open_clip_model.bin").is_file(), "where there is nothing else");
    assert_eq!(cached("someone/pickled", &options), Some(pickled));
}

/// A captioner's repository, as published: with the tokenizer in both forms, and files that seer does not use.
fn captioner_hub(weights_file: &str) -> Hub {
    let config = br#"{"model_type":"blip","text_config":{},"vision_config":{}}"#;
    let files = [
        ("config.json", config.to_vec()),
        ("preprocessor_config.json", b"{}".to_vec()),
        ("generation_config.json", b"{}".to_vec()),
        ("tokenizer.json", b"{}".to_vec()),
        ("vocab.txt", b"a".to_vec()),
        (weights_file, weights()),
        ("tf_model.h5", b"not needed".to_vec()),
    ];
    let files = files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect();
    Hub { files, ..Hub::default() }
}

#[test]
fn a_captioner_is_fetched_listed_and_removed_by_its_name() {
    const NAME: &str = "blip-image-captioning-base";
    let (cache, server) =
        (tempfile::tempdir().unwrap(), Server::start(captioner_hub("model.safetensors")));
    let options = options(&cache, &server.address);
    let heard = Heard::default();
    let folder = resolve(NAME, &options, &heard).unwrap();
    let expected = "config.json preprocessor_config.json tokenizer.json model.safetensors";
    assert_eq!(heard.0.borrow()[0], format!("files {expected}"));
    let asked = |line: &String| line.contains("/Salesforce/blip-image-captioning-base/");
    assert!(server.log().iter().any(asked), "{:?}", server.log());
    let by_id = cached("Salesforce/blip-image-captioning-base", &options);
    assert_eq!((cached(NAME, &options), by_id), (Some(folder.clone()), Some(folder)));
    let listed = list_cached(&options).unwrap();
    assert_eq!((listed.len(), listed[0].name.as_str()), (1, NAME));
    assert_eq!(listed[0].kind, ModelKind::Captions);
    removal(NAME, &options).unwrap().carry_out().unwrap();
    assert!(cached(NAME, &options).is_none() && list_cached(&options).unwrap().is_empty());
}

#[test]
fn a_captioner_with_pickled_weights_alone_is_fetched_too() {
    let hub = Hub { converted: true, ..captioner_hub("pytorch_model.safetensors") };
    let (cache, server) = (tempfile::tempdir().unwrap(), Server::start(hub));
    let options = options(&cache, &server.address);
    let folder = resolve("blip-image-captioning-large", &options, &()).unwrap();
    assert_eq!(std::fs::read(folder.join("pytorch_model.bin")).unwrap(), weights());
}

#[test]
fn refusals_are_told_apart() {
    let refusal = |status: u16, name: &str| {
        let (cache, server) =
            (tempfile::tempdir().unwrap(), Server::start(Hub { status, ..hub() }));
        resolve(name, &options(&cache, &server.address), &()).expect_err("refused")
    };
    assert!(matches!(refusal(404, "someone/nothing"), FetchError::NotFound { .. }));
    let gated = refusal(401, "someone/gated");
    assert!(
        matches!(gated, FetchError::Denied { had_token: true, .. })
            && gated.to_string().contains("HF_TOKEN")
    );
    assert!(matches!(refusal(403, "someone/gated"), FetchError::Denied { .. }));
    assert!(matches!(refusal(500, "someone/clip"), FetchError::Server { status: 500, .. }));
    match refusal(404, "ViT-B-32/opneai") {
        FetchError::UnknownName { suggestions, .. } => {
            assert_eq!(suggestions[0], "ViT-B-32/openai")
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_repository_without_a_model_is_refused() {
    let (cache, mut odd) = (tempfile::tempdir().unwrap(), hub());
    odd.files.remove("open_clip_config.json");
    let server = Server::start(odd);
    let refusal =
        resolve("someone/else", &options(&cache, &server.address), &()).expect_err("refused");
    assert!(matches!(refusal, FetchError::NotAModel { .. }), "{refusal:?}");
}

#[test]
fn offline_opens_no_socket_and_says_what_works() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let cache = tempfile::tempdir().unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let offline = FetchOptions { offline: true, ..options(&cache, &address) };
    let message = resolve("ViT-B-32/openai", &offline, &()).expect_err("not there").to_string();
    assert!(message.contains("builtin") && message.contains("folder"), "{message}");
    assert_eq!(cached("ViT-B-32/openai", &offline), None);
    assert!(verify("ViT-B-32/openai", &offline).is_err());
    assert!(listener.accept().is_err(), "nobody connected");
}

#[test]
fn no_connection_says_why_and_what_works() {
    let cache = tempfile::tempdir().unwrap();
    // A port that was free a moment ago and that nobody listens on.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    match resolve("ViT-B-32/openai", &options(&cache, &address), &()) {
        Err(error @ FetchError::NoConnection { .. }) => {
            let message = error.to_string();
            assert!(
                message.contains("refused the connection") && message.contains("builtin"),
                "{message}"
            );
            assert!(!message.contains("127.0.0.1"), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_answer_that_is_not_the_hubs_is_named_so() {
    let (cache, server) =
        (tempfile::tempdir().unwrap(), Server::start(Hub { status: 200, ..hub() }));
    let refusal =
        resolve("someone/clip", &options(&cache, &server.address), &()).expect_err("refused");
    assert!(matches!(refusal, FetchError::Protocol { .. }), "{refusal:?}");
}

#[test]
fn folders_and_names_that_mean_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let offline =
        FetchOptions { offline: true, cache: Some(folder.path().to_owned()), ..Default::default() };
    let path = folder.path().to_str().unwrap();
    assert_eq!(resolve(path, &offline, &()).unwrap(), folder.path());
    let missing = resolve(&format!("{path}/none"), &offline, &()).expect_err("no folder");
    assert!(matches!(missing, FetchError::NoSuchFolder { .. }));
    assert!(matches!(resolve("builtin", &offline, &()), Err(FetchError::Builtin)));
    match resolve("ViT-B-33", &offline, &()) {
        Err(FetchError::UnknownName { suggestions, .. }) => assert_eq!(suggestions[0], "ViT-B-32"),
        other => panic!("{other:?}"),
    }
    assert!(list_cached(&offline).unwrap().is_empty());
}

#[test]
fn verify_finds_bytes_that_changed_on_disk() {
    let (cache, server) = (tempfile::tempdir().unwrap(), Server::start(hub()));
    let options = options(&cache, &server.address);
    resolve("someone/clip", &options, &()).unwrap();
    let states = verify("someone/clip", &options).unwrap();
    let state = |name: &str, states: &[(String, FileState)]| {
        states.iter().find(|(n, _)| n == name).unwrap().1.clone()
    };
    assert_eq!(state(WEIGHTS, &states), FileState::Verified);
    assert_eq!(state("tokenizer.json", &states), FileState::Verified);
    let blob = cache.path().join("models--someone--clip/blobs").join(sha256(&weights()));
    let mut bytes = weights();
    bytes[1234] ^= 1;
    std::fs::write(blob, bytes).unwrap();
    let states = verify("someone/clip", &options).unwrap();
    assert!(matches!(state(WEIGHTS, &states), FileState::Damaged { .. }));
}
