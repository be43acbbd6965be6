//! How much marks help: precision at 20 before and after a simulated person marks photos of the first page.
//!
//! usage: feedback LIBRARY CAPTIONS [odd|even]
//!
//! CAPTIONS: a table of file name, split and caption, several captions for a photo; LIBRARY holds these photos and
//! is encoded with the built-in model. A photo is about a word when two of its captions have it,
//! and not about it when none has; others are left out. Two kinds of
//! person are simulated: one asks for a word and wants it; one asks for a word and wants those of its photos that
//! are about a second word too. Each marks the first 1, 2 or 3 right photos of the first twenty with `more:`, and as
//! many wrong ones with `less:`. Marked photos are left out of both counts. "odd" and "even" take every second
//! question: strengths are chosen on one half and told of the other.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;

use seer_encoders::{DeviceChoice, Model};
use seer_engine::{Library, OpenOptions, SearchRequest};

/// Photos of a page.
const PAGE: usize = 20;
/// Photos that are about the word or both words of a question.
const RIGHT: std::ops::RangeInclusive<usize> = 25..=400;
/// Questions of each kind.
const QUESTIONS: usize = 240;
/// A second word narrows the first down to at most this share of its photos.
const SHARE: f64 = 0.35;

type Ids = BTreeSet<String>;

/// The photos that are about a word: two captions or more have it; and those of which nobody can tell:
/// one has it.
#[derive(Default)]
struct About {
    surely: Ids,
    perhaps: Ids,
}

struct Question {
    words: String,
    right: Ids,
    /// Neither right nor wrong: not marked, and not counted.
    unsure: Ids,
    /// The answer to the words alone.
    first: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [library, captions, half @ ..] = &args[..] else {
        return Err("usage: feedback LIBRARY CAPTIONS [odd|even]".into());
    };
    let model = std::sync::Arc::new(Model::builtin(DeviceChoice::Cpu)?);
    let options = OpenOptions { model: Some(model), ..OpenOptions::default() };
    let library = Library::open(Path::new(library), options)?;
    let about = photos_by_word(&library, Path::new(captions))?;
    for (kind, questions) in [("a word", words(&about)), ("two words", pairs(&about))] {
        let wanted = |place: usize| match half.first().map(String::as_str) {
            Some("odd") => place % 2 == 1,
            Some("even") => place.is_multiple_of(2),
            _ => true,
        };
        let questions = questions.into_iter().enumerate();
        let mut questions: Vec<Question> =
            questions.filter(|(place, _)| wanted(*place)).map(|(_, question)| question).collect();
        for question in &mut questions {
            question.first = search(&library, &question.words, &question.unsure)?;
        }
        println!("{kind}: {} questions", questions.len());
        for (more, less) in [(1, 0), (3, 0), (0, 1), (0, 3), (1, 1), (3, 3)] {
            report(&library, &questions, more, less)?;
        }
    }
    Ok(())
}

fn report(
    library: &Library,
    questions: &[Question],
    more: usize,
    less: usize,
) -> Result<(), Box<dyn Error>> {
    let (mut before, mut after, mut asked) = (0.0, 0.0, 0);
    let mut better = 0i64;
    for question in questions {
        let first = &question.first;
        let page = &first[..first.len().min(PAGE)];
        let (right, wrong): (Vec<&String>, Vec<&String>) =
            page.iter().partition(|id| question.right.contains(*id));
        if right.len() < more || wrong.len() < less {
            continue;
        }
        let marks = right[..more].iter().map(|id| format!("more:{}", &id[..16]));
        let marks = marks.chain(wrong[..less].iter().map(|id| format!("less:{}", &id[..16])));
        let marks: Vec<String> = marks.collect();
        let marked = format!("{} {}", question.words, marks.join(" "));
        let again = search(library, &marked, &question.unsure)?;
        let marked: Ids =
            right[..more].iter().chain(&wrong[..less]).map(|id| (*id).clone()).collect();
        let precision = |order: &[String]| {
            let rest = order.iter().filter(|id| !marked.contains(*id)).take(PAGE);
            rest.filter(|id| question.right.contains(*id)).count() as f64 / PAGE as f64
        };
        let (old, new) = (precision(first), precision(&again));
        better += i64::from(new > old) - i64::from(new < old);
        before += old;
        after += new;
        asked += 1;
    }
    let percent = |sum: f64| 100.0 * sum / f64::from(asked.max(1));
    println!(
        "  {more} more, {less} less: {asked} questions, precision@{PAGE} {:.1} -> {:.1} (better {better:+})",
        percent(before),
        percent(after)
    );
    Ok(())
}

/// The ids of an answer, without those of which nobody can tell.
fn search(library: &Library, query: &str, unsure: &Ids) -> Result<Vec<String>, Box<dyn Error>> {
    let request =
        SearchRequest { query: query.into(), k: 100, all: true, ..SearchRequest::default() };
    let answer = library.search(&request)?;
    let ids = answer.hits.into_iter().map(|hit| hit.photo.id.to_string());
    Ok(ids.filter(|id| !unsure.contains(id)).collect())
}

/// The photos that are about each word.
fn photos_by_word(
    library: &Library,
    captions: &Path,
) -> Result<BTreeMap<String, About>, Box<dyn Error>> {
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    library.store().each_photo(&mut |photo| {
        let name = |path: String| path.rsplit('/').next().unwrap_or_default().to_owned();
        ids.extend(photo.files.iter().map(|f| (name(f.path.to_text()), photo.id.to_string())));
        Ok(())
    })?;
    let mut counts: BTreeMap<(String, String), u32> = BTreeMap::new();
    for line in std::fs::read_to_string(captions)?.lines() {
        let mut fields = line.splitn(3, '\t');
        let (Some(name), Some(caption)) = (fields.next(), fields.nth(1)) else { continue };
        let Some(id) = ids.get(name) else { continue };
        let words = caption.split(|c: char| !c.is_alphanumeric());
        let words: BTreeSet<String> =
            words.filter(|word| word.len() > 2).map(|word| stem(&word.to_lowercase())).collect();
        for word in words {
            *counts.entry((word, id.clone())).or_default() += 1;
        }
    }
    let mut about: BTreeMap<String, About> = BTreeMap::new();
    for ((word, id), count) in counts {
        let of_word = about.entry(word).or_default();
        let list = if count >= 2 { &mut of_word.surely } else { &mut of_word.perhaps };
        list.insert(id);
    }
    let small = ["the", "and", "with", "while", "his", "her", "for", "from", "are", "their"];
    about.retain(|word, _| !small.contains(&word.as_str()));
    Ok(about)
}

fn stem(word: &str) -> String {
    let stem = word.strip_suffix('s').filter(|stem| stem.len() > 2 && !stem.ends_with('s'));
    stem.unwrap_or(word).to_owned()
}

fn words(about: &BTreeMap<String, About>) -> Vec<Question> {
    let right = about.iter().filter(|(_, about)| RIGHT.contains(&about.surely.len()));
    let question = |(word, about): (&String, &About)| {
        Question::new(word, about.surely.clone(), about.perhaps.clone())
    };
    spread(right.map(question).collect())
}

fn pairs(about: &BTreeMap<String, About>) -> Vec<Question> {
    let mut all = Vec::new();
    for (word, first) in about.iter().filter(|(_, about)| about.surely.len() >= 100) {
        for (_, second) in about.iter().filter(|(second, _)| *second != word) {
            let right: Ids = first.surely.intersection(&second.surely).cloned().collect();
            let share = right.len() as f64 / first.surely.len() as f64;
            if RIGHT.contains(&right.len()) && share <= SHARE {
                let perhaps = |id: &&String| {
                    let of =
                        |about: &About| about.surely.contains(*id) || about.perhaps.contains(*id);
                    of(first) && of(second) && !right.contains(*id)
                };
                let candidates = first.surely.iter().chain(&first.perhaps);
                let unsure = candidates.filter(perhaps).cloned().collect();
                all.push(Question::new(word, right, unsure));
            }
        }
    }
    spread(all)
}

impl Question {
    fn new(words: &str, right: Ids, unsure: Ids) -> Self {
        Self { words: words.to_owned(), right, unsure, first: Vec::new() }
    }
}

/// As many as are asked, from all over the list.
fn spread(all: Vec<Question>) -> Vec<Question> {
    let step = (all.len() / QUESTIONS).max(1);
    all.into_iter().step_by(step).take(QUESTIONS).collect()
}
