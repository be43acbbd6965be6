//! Words for people in general, in the languages whose sentences are read.

/// In small letters.
const PEOPLE: &[&str] = &[
    "people",
    "persons",
    "person",
    "humans",
    "human",
    "anybody",
    "anyone",
    "somebody",
    "someone",
    // German and Dutch
    "menschen",
    "leute",
    "personen",
    "jemand",
    "jemanden",
    "mensen",
    "iemand",
    // French
    "gens",
    "personne",
    "personnes",
    "humains",
    // Spanish, Italian and Portuguese
    "gente",
    "personas",
    "persone",
    "pessoas",
    "pessoa",
    "nadie",
    "nessuno",
    "ninguém",
];

/// Whether a text means people, whoever they are.
pub(crate) fn is_people(text: &str) -> bool {
    PEOPLE.contains(&text.to_lowercase().as_str())
}
