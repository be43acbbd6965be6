//! How each route is asked, and a library whose answers have something of everything.

use seer_engine::{Analysis, Change, Told};
use seer_types::{
    CameraSettings, Coordinates, DateSource, Failure, FailureKind, LibraryPath, PhotoClass,
    PhotoFile, Place, PlaceName, Taken, TextLine, Video,
};
use serde_json::{Value, json};

use crate::routes::Entry;
use crate::tests::harness::Server;
use crate::tests::immich;

/// How a route is asked.
pub(in crate::tests) struct Ask {
    pub(in crate::tests) target: String,
    pub(in crate::tests) kind: &'static str,
    pub(in crate::tests) body: Vec<u8>,
}

fn get(target: impl Into<String>) -> Ask {
    Ask { target: target.into(), kind: "", body: Vec::new() }
}

fn post(target: &str, body: Value) -> Ask {
    Ask { target: target.into(), kind: "application/json", body: body.to_string().into_bytes() }
}

/// A library with something of everything.
pub(in crate::tests) fn server() -> Server {
    let server = Server::start();
    let name = "0_landscape.jpg";
    let photo = server.library.photo(server.id_of(name)).unwrap().unwrap();
    let mut facts = photo.facts.clone();
    let taken = "2019-07-14T16:20:00".parse().unwrap();
    facts.taken = Some(Taken::second(taken, DateSource::ExifOriginal));
    (facts.camera_make, facts.camera_model) = (Some("Canon".into()), Some("EOS".into()));
    facts.lens = Some("EF24".into());
    facts.settings = CameraSettings {
        exposure_seconds: Some(0.004),
        f_number: Some(5.6),
        iso: Some(100),
        focal_mm: Some(105.0),
    };
    facts.position = Some(Coordinates { latitude: 48.1, longitude: 11.6 });
    let name_of = |english: &str, local: Option<&str>| {
        Some(PlaceName { english: english.into(), local: local.map(str::to_owned) })
    };
    facts.place = Some(Place {
        district: None,
        city: name_of("Munich", Some("München")),
        region: name_of("Bavaria", Some("Bayern")),
        country: name_of("Germany", Some("Deutschland")),
    });
    facts.locations = vec!["Schwabing".into()];
    (facts.tags, facts.people) = (vec!["kite".into()], vec!["Marie Curie".into()]);
    (facts.rating, facts.caption) = (Some(4), Some("Over the lake".into()));
    facts.descriptions = vec!["A day out".into()];
    facts.video = Some(Video { duration: 61.2, frames: vec![3.8] });
    facts.classes = vec![PhotoClass { names: "kite".into(), probability: 0.9 }];
    let lines = vec![TextLine { text: "EXIT".into(), corners: [[0.1, 0.2]; 4], confidence: 0.9 }];
    let file: PhotoFile = photo.files[0].clone();
    let failed = Failure {
        path: LibraryPath::new(server.photos.join("broken.jpg")),
        root: file.root.clone(),
        kind: FailureKind::Damaged,
        reason: "the file ends early".into(),
        stamp: file.stamp,
        decoders: 0,
        at: 1_781_250_000,
    };
    let (id, points) = (photo.id, Vec::new());
    let changes = vec![
        Change::Photo { id, size: photo.size, facts, file, points },
        Change::Told { id, told: Told::Lines(lines) },
        Change::Analysed { id, analysis: Analysis::lines() },
        Change::Told { id, told: Told::Caption(Some("a kite in the sky".into())) },
        Change::Failed(failed),
    ];
    server.library.apply(changes).unwrap();
    let root = server.library.roots().unwrap().remove(0);
    let album: crate::wire::Album =
        serde_json::from_value(json!({"name": "sky", "query": "a kite in the sky"})).unwrap();
    server.library.save_album(album.into()).unwrap();
    server.library.set_excludes(&root, &["private".to_owned()]).unwrap();
    server
}

/// Every way to ask a route that makes its answers different.
pub(in crate::tests) fn asks(server: &Server, entry: &Entry) -> Vec<Ask> {
    let id = server.id_of("0_landscape.jpg").to_string();
    let model = server.library.model().unwrap().fingerprint().to_string();
    let album = json!({"name": "kept", "query": "kite", "sort": "newest", "k": 9});
    match (entry.method.as_str(), entry.path) {
        ("GET", "/") => vec![get("/")],
        ("GET", "/assets/{name}") => vec![get("/assets/main.js"), get("/assets/none.js")],
        ("GET", "/assets/languages/{name}") => {
            vec![get("/assets/languages/de.js"), get("/assets/languages/none.js")]
        }
        ("GET", "/health") => {
            vec![get("/health"), get(format!("/health?nonce={}", "ab".repeat(32)))]
        }
        (
            "GET",
            "/metrics" | "/api/openapi.json" | "/api/status" | "/api/roots" | "/api/failures"
            | "/api/albums" | "/api/index" | "/indices-list" | "/ping" | "/service-worker.js"
            | "/api/disk" | "/api/folders" | "/api/tokens" | "/api/models",
        ) => vec![get(entry.path)],
        ("GET", "/api/search") => [
            "",
            "?q=kite+after:2019&explain=true&k=9&timeline=month",
            "?q=Over+kite+-snow+place:Munich&explain=true&k=9&sort=newest&all=true",
            "?q=Hund",
            "?q=text:EXIT&explain=true&k=9",
            "?q=kite+last+summer&offset=1",
            &format!("?like={id}&timeline=year&k=2"),
            "?q=camra:canon",
            "?k=0",
            "?limit=3",
        ]
        .map(|more| get(format!("/api/search{more}")))
        .into(),
        ("POST", "/api/search") => vec![
            post(
                "/api/search",
                json!({"query": "kite", "pictures": [{"id": id}], "explain": true}),
            ),
            post("/api/search", json!({"pictures": [{"data": "!"}]})),
            Ask {
                target: "/api/search?q=kite".into(),
                kind: "image/jpeg",
                body: std::fs::read(server.photos.join("0_landscape.jpg")).unwrap(),
            },
            Ask { target: "/api/search".into(), kind: "image/jpeg", body: b"none".to_vec() },
            Ask { target: "/api/search".into(), kind: "text/plain", body: b"none".to_vec() },
        ],
        ("POST", "/api/search/batch") => {
            let queries = json!([{"query": "kite"}, {"query": "camra:canon"}]);
            vec![post(entry.path, json!({"queries": queries})), post(entry.path, json!({}))]
        }
        ("GET", "/api/duplicates") => vec![get(entry.path), get("/api/duplicates?q=words")],
        ("GET", "/api/photos/{id}") => {
            vec![get(format!("/api/photos/{id}")), get(format!("/api/photos/{}", "0".repeat(64)))]
        }
        ("GET", "/api/photos/{id}/thumbnail") => ["", "?size=64", "?size=0"]
            .map(|more| get(format!("/api/photos/{id}/thumbnail{more}")))
            .into(),
        ("GET", "/api/photos/{id}/original") => ["", "?view=1", "?view=x"]
            .map(|more| get(format!("/api/photos/{id}/original{more}")))
            .into(),
        ("POST", "/api/albums") => {
            vec![post(entry.path, album), post(entry.path, json!({"name": ""}))]
        }
        ("POST", "/api/albums/rename") => {
            let back = json!({"name": "other", "to": "kept"});
            vec![post(entry.path, json!({"name": "kept", "to": "other"})), post(entry.path, back)]
        }
        ("POST", "/api/albums/photos") => {
            let pick = |name: &str| json!({"name": name, "photos": [id], "in": true});
            vec![post(entry.path, pick("picked")), post(entry.path, pick("kept"))]
        }
        ("POST", "/api/albums/remove") => {
            vec![
                post(entry.path, json!({"name": "none"})),
                post(entry.path, json!({"name": "kept"})),
            ]
        }
        ("POST", "/api/index") => vec![post(entry.path, json!({})), post(entry.path, json!({}))],
        ("DELETE", "/api/index") => vec![get(entry.path)],
        ("POST", "/api/models/use" | "/api/models/forget") => {
            vec![
                post(entry.path, json!({"model": model})),
                post(entry.path, json!({"model": "none"})),
            ]
        }
        ("POST", "/api/models/index") => {
            vec![post(entry.path, json!({"model": model, "index": "hnsw"}))]
        }
        ("POST", "/api/forget") => {
            let place = server.photos.join("1_portrait.png");
            vec![post(entry.path, json!({"place": place})), post(entry.path, json!({"place": "a"}))]
        }
        ("POST", "/api/backup") => vec![post(entry.path, json!({}))],
        ("GET", "/api/facets") => ["", "?q=tag:kite", "?find=m&most=3", "?most=0"]
            .map(|more| get(format!("/api/facets{more}")))
            .into(),
        ("GET", "/api/places") => ["", "?q=tag:kite&box=47,10,49,12&zoom=5", "?box=here"]
            .map(|more| get(format!("/api/places{more}")))
            .into(),
        ("POST", "/api/download") => {
            vec![post(entry.path, json!({"photos": [id]})), post(entry.path, json!({"photos": []}))]
        }
        ("POST", "/api/hide") => {
            let none = json!({"photos": [], "hidden": true});
            vec![post(entry.path, none), post(entry.path, json!({"photos": ["x"], "hidden": true}))]
        }
        ("POST", "/api/roots/watch") => {
            let watch = |folder: &std::path::Path| json!({"folder": folder, "watch": true});
            vec![
                post(entry.path, watch(&server.photos)),
                post(entry.path, watch(&server.photos.join("none"))),
            ]
        }
        ("POST", "/api/tokens") => {
            vec![post(entry.path, json!({"name": "grandma", "right": "look"}))]
        }
        ("POST", "/api/tokens/revoke") => vec![post(entry.path, json!({"name": "none"}))],
        ("POST", "/knn-service") => vec![
            post(entry.path, json!({"text": "kite", "num_images": 2, "num_result_ids": 4})),
            post(entry.path, json!({"modality": "text"})),
        ],
        ("POST", "/metadata") => {
            let number = u64::from_str_radix(&id[..13], 16).unwrap();
            vec![post(entry.path, json!({"ids": [number]})), post(entry.path, json!({"ids": [1]}))]
        }
        ("POST", "/predict") => immich::asks(server)
            .into_iter()
            .map(|(kind, body)| Ask { target: entry.path.into(), kind, body })
            .collect(),
        other => panic!("say how {other:?} is asked"),
    }
}
