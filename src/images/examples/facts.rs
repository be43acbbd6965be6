//! Prints what files say about themselves, with what stands beside them and in their names:
//! `cargo run -p seer-images --example facts -- FILE…`, one line of JSON for each.

use std::error::Error;
use std::path::Path;
use std::time::SystemTime;
use std::{env, fs};

use seer_images::{Limits, Neighbours, date_from_name, decode, merge_sidecars};
use seer_types::{LocalTime, PhotoFacts, Taken};

fn main() {
    for path in env::args_os().skip(1) {
        let path = Path::new(&path);
        match facts(path) {
            Ok(facts) => println!("{}", serde_json::json!({ "file": path, "facts": facts })),
            Err(error) => eprintln!("{}: {error}", path.display()),
        }
    }
}

fn facts(path: &Path) -> Result<PhotoFacts, Box<dyn Error>> {
    let mut facts = decode(&fs::read(path)?, &Limits::default())?.facts().clone();
    let folder = path.parent().filter(|folder| *folder != "").unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into()));
    let names: Vec<String> = names.collect::<Result<_, std::io::Error>>()?;
    let mut sidecars = Vec::new();
    for sidecar in Neighbours::new(names).of(&name) {
        sidecars.push((sidecar.kind, fs::read(folder.join(sidecar.name))?));
    }
    merge_sidecars(&mut facts, &sidecars);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    let of_name = date_from_name(&name, LocalTime::from_seconds(i64::try_from(now)?));
    facts.taken = match (facts.taken, of_name) {
        (Some(stored), Some(of_name)) => Some(Taken::or_better(stored, of_name)),
        (stored, of_name) => stored.or(of_name),
    };
    facts.signature = None;
    Ok(facts)
}
