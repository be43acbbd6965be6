//! The words of a sentence that name places.

use std::ops::Range;

use crate::find::{FoundPlace, found, lies_in, of_key};
use crate::fold::key;
use crate::gazetteer::gazetteer;
use crate::kind::Kind;
use crate::name_index::{Id, name_index};
use crate::prepositions::{Lead, is_article, is_conjunction, is_vessel, lead, unspaced_lead};
use crate::sentence::{Word, words};

/// How sure it is that words mean a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Certainty {
    /// Some village has that name.
    Low,
    /// As likely as not.
    Medium,
    /// The words mean the place.
    High,
}

/// Words that name a place.
#[derive(Clone, PartialEq, Debug)]
pub struct Mention {
    /// The bytes of the name, with the region or the country behind it.
    pub range: Range<usize>,
    /// The bytes from the preposition on: what is left out where the place becomes a filter.
    pub phrase: Range<usize>,
    /// How sure it is.
    pub certainty: Certainty,
    /// The places of that name, the best known first; at least one.
    pub places: Vec<FoundPlace>,
}

/// The longest names have so many words.
const LONGEST: usize = 7;
/// The longest names in scripts without blanks have so many characters.
const LONGEST_UNSPACED: usize = 12;
/// At most so many words of a text are read.
const MOST_WORDS: usize = 400;
/// Of each name so many places are given.
const MOST_PLACES: usize = 10;

/// The words of a text that name places, in their order; no two overlap, and the longest name counts.
/// Words that are ordinary ones, and names of villages, need a preposition, a capital letter or both
/// to be more than [`Certainty::Low`].
///
/// ```
/// use seer_places::{Certainty, read};
/// let found = read("sunset at the beach in lisbon");
/// let sure: Vec<_> = found.iter().filter(|mention| mention.certainty == Certainty::High).collect();
/// assert_eq!(sure.len(), 1);
/// assert_eq!((&sure[0].range, &sure[0].phrase), (&(23..29), &(20..29)));
/// assert_eq!(sure[0].places[0].country_code, "PT");
/// assert!(read("a nice man reading").iter().all(|mention| mention.certainty == Certainty::Low));
/// ```
pub fn read(text: &str) -> Vec<Mention> {
    let mut words = words(text);
    words.truncate(MOST_WORDS);
    let sentence = Sentence { text, speaking: capitals_speak(&words), words };
    let mut mentions = Vec::new();
    let mut at = 0;
    while at < sentence.words.len() {
        if sentence.words[at].unspaced {
            sentence.unspaced(at, &mut mentions);
            at += 1;
        } else if let Some((mention, end)) = sentence.name_at(at, sentence.goes_on(at, &mentions)) {
            mentions.push(mention);
            at = end;
        } else {
            at += 1;
        }
    }
    mentions
}

/// Whether capital letters tell names from other words: some words have none.
fn capitals_speak(words: &[Word]) -> bool {
    let small = words.iter().filter(|word| !word.capital && word.key.len() > 3);
    small.count() * 2 >= words.iter().filter(|word| word.capital).count().min(2)
}

struct Sentence<'a> {
    text: &'a str,
    words: Vec<Word>,
    speaking: bool,
}

impl Sentence<'_> {
    /// Whether a name at this word goes on with a list of sure ones: "in Lisbon or Porto".
    fn goes_on(&self, at: usize, mentions: &[Mention]) -> bool {
        let Some(before) = at.checked_sub(1).map(|before| &self.words[before]) else {
            return false;
        };
        let is_end = |end: usize| {
            let mut sure = mentions.iter().rev().filter(|one| one.certainty == Certainty::High);
            sure.next().is_some_and(|one| one.range.end == end)
        };
        match is_conjunction(&before.key) {
            true => at > 1 && is_end(self.words[at - 2].bare_end),
            false => before.comma && is_end(before.bare_end),
        }
    }

    /// The longest name that begins at a word, and the word behind it. `listed`: the small word before the
    /// first name of a list speaks for it.
    fn name_at(&self, at: usize, listed: bool) -> Option<(Mention, usize)> {
        let mut longest = at + 1;
        while longest < self.words.len()
            && longest - at < LONGEST
            && self.words[longest - 1].joined
            && !self.words[longest].unspaced
        {
            longest += 1;
        }
        (at + 1..=longest).rev().find_map(|end| {
            let name = self.key_of(at, end)?;
            let places = of_key(&name);
            Some(self.mention(at, end, &name, places, listed))
        })
    }

    /// The key of these words, where a place has it; with or without the "'s" at the end.
    fn key_of(&self, at: usize, end: usize) -> Option<String> {
        let (start, last) = (self.words[at].range.start, &self.words[end - 1]);
        [last.range.end, last.bare_end]
            .into_iter()
            .map(|end| key(&self.text[start..end]))
            .find(|key| !key.is_empty() && name_index().has(key))
    }

    fn mention(
        &self,
        at: usize,
        end: usize,
        name: &str,
        places: Vec<Id>,
        listed: bool,
    ) -> (Mention, usize) {
        let (start, lead) = if listed { (at, Lead::Strong) } else { self.lead(at) };
        let capital = self.speaking && self.words[at].capital && at > 0;
        let bare = at == 0 || !is_article(&self.words[at - 1].key);
        let mut certainty = certainty(name, places[0], lead, capital, bare);
        let (mut places, mut end) = (places, end);
        if let Some((inside, behind)) = self.qualified(end, &places) {
            (places, end) = (inside, behind);
            let strong = lead == Lead::Strong || capital || weight(places[0]) >= Weight::Middle;
            certainty = if strong { Certainty::High } else { certainty.max(Certainty::Medium) };
        }
        let range = self.words[at].range.start..self.words[end - 1].bare_end;
        let places = places.into_iter().take(MOST_PLACES).map(found).collect();
        let phrase = self.words[start].range.start..range.end;
        (Mention { range, phrase, certainty, places }, end)
    }

    /// What stands before a name, articles left out, and the word where that begins.
    fn lead(&self, at: usize) -> (usize, Lead) {
        let mut before = at;
        while before > 0 && at - before < 3 {
            before -= 1;
            let key = &self.words[before].key;
            match lead(key) {
                Lead::None if is_article(key) => {}
                Lead::None => break,
                // "a la" and "of the" say as much as what stands before an article.
                Lead::Weak if is_article(key) && before > 0 && strong(&self.words[before - 1]) => {}
                Lead::Weak if before > 0 && is_vessel(&self.words[before - 1].key) => break,
                lead => return (before, lead),
            }
        }
        (at, Lead::None)
    }

    /// The places that lie in what is named next, "Paris, Texas", and the word behind that.
    fn qualified(&self, end: usize, places: &[Id]) -> Option<(Vec<Id>, usize)> {
        let before = &self.words[end - 1];
        if end >= self.words.len() || !(before.joined || before.comma) {
            return None;
        }
        (end + 1..=(end + 3).min(self.words.len())).rev().find_map(|behind| {
            let joined = self.words[end..behind - 1].iter().all(|word| word.joined);
            let within =
                key(&self.text[self.words[end].range.start..self.words[behind - 1].bare_end]);
            let sure = before.comma || (within.len() > 2 && !name_index().is_ordinary(&within));
            let inside = || -> Vec<Id> {
                places.iter().copied().filter(|&id| lies_in(id, &within)).collect()
            };
            let inside = if joined && sure { inside() } else { Vec::new() };
            (!inside.is_empty()).then_some((inside, behind))
        })
    }

    /// Names within a stretch of a script without blanks.
    fn unspaced(&self, at: usize, mentions: &mut Vec<Mention>) {
        let range = self.words[at].range.clone();
        let mut start = range.start;
        while start < range.end {
            let rest = &self.text[start..range.end];
            let ends = rest.char_indices().map(|(at, c)| start + at + c.len_utf8());
            let ends: Vec<usize> = ends.take(LONGEST_UNSPACED).skip(1).collect();
            let mention = ends.iter().rev().find_map(|&end| self.unspaced_name(&range, start..end));
            let first = rest.chars().next().map_or(1, char::len_utf8);
            start = mention.as_ref().map_or(start + first, |mention| mention.range.end);
            mentions.extend(mention);
        }
    }

    fn unspaced_name(&self, word: &Range<usize>, name: Range<usize>) -> Option<Mention> {
        let key = key(&self.text[name.clone()]);
        let places = if name_index().has(&key) { of_key(&key) } else { return None };
        let (before, behind) = (&self.text[word.start..name.start], &self.text[name.end..word.end]);
        let whole = before.is_empty() && behind.is_empty();
        let lead = unspaced_lead(before, behind);
        let weight = weight(*places.first()?);
        let certainty = match (weight, lead) {
            _ if name_index().is_ordinary(&key) => Certainty::Low,
            (Weight::Large, _) => Certainty::High,
            (Weight::Middle, Lead::Strong) => Certainty::High,
            (Weight::Middle, _) if whole => Certainty::High,
            (Weight::Middle, _) | (Weight::Small, Lead::Strong) => Certainty::Medium,
            _ => Certainty::Low,
        };
        let places = places.into_iter().take(MOST_PLACES).map(found).collect();
        Some(Mention { phrase: name.clone(), range: name, certainty, places })
    }
}

fn strong(word: &Word) -> bool {
    lead(&word.key) == Lead::Strong
}

/// How much a place is to people.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Village,
    Small,
    Middle,
    Large,
}

fn weight(id: Id) -> Weight {
    let (index, whole) =
        (name_index(), id.kind != Kind::City || gazetteer().whole(id.number).is_none());
    let (people, fame) = (index.population(id), index.fame(id));
    match id.kind {
        Kind::Country => Weight::Large,
        Kind::Region if people >= 1_500_000 => Weight::Large,
        Kind::Region if people >= 150_000 => Weight::Middle,
        Kind::Region => Weight::Small,
        Kind::City if whole && (people >= 500_000 || fame >= 40) => Weight::Large,
        Kind::City if people >= 50_000 || fame >= 20 => Weight::Middle,
        Kind::City if people >= 5_000 => Weight::Small,
        Kind::City => Weight::Village,
    }
}

/// How sure a name is, by the best known place that has it. `bare`: no article stands before it.
fn certainty(name: &str, place: Id, lead: Lead, capital: bool, bare: bool) -> Certainty {
    use Certainty::{High, Low, Medium};
    let weight = weight(place);
    let known = weight >= Weight::Middle;
    if is_word(name) {
        return match lead {
            Lead::Strong if known && capital => High,
            Lead::Strong if known && bare && name.len() > 2 => Medium,
            _ if weight == Weight::Large && capital => Medium,
            _ => Low,
        };
    }
    if name_index().is_doubtful(name) && !capital {
        return match (weight, lead) {
            (Weight::Large | Weight::Middle, Lead::Strong) | (Weight::Large, Lead::Weak) => High,
            (Weight::Large | Weight::Middle, _) => Medium,
            _ => Low,
        };
    }
    match (weight, lead) {
        (Weight::Large, _) | (Weight::Middle, Lead::Strong) => High,
        (Weight::Middle, _) if capital => High,
        (Weight::Middle, _) => Medium,
        (Weight::Small, Lead::Strong) if capital || name.chars().count() > 4 => High,
        (Weight::Small, Lead::Strong) => Medium,
        (Weight::Small, _) | (Weight::Village, Lead::Strong) if capital => Medium,
        _ => Low,
    }
}

/// Whether a name is an ordinary word, or so short that it may be anything.
fn is_word(name: &str) -> bool {
    const SHORT: [&str; 4] = ["usa", "uk", "uae", "nyc"];
    let short = name.chars().count() <= 3 && name.is_ascii() && !SHORT.contains(&name);
    short || name.chars().all(|c| c.is_ascii_digit()) || name_index().is_ordinary(name)
}
