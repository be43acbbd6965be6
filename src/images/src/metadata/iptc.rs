//! IPTC-IIM records: keywords, captions, dates and places that press tools and older programs write.
//!
//! Format: IPTC-NAA Information Interchange Model 4.2, chapter 3 (record 2 is "application").

use std::borrow::Cow;

use seer_types::DateSource;

use super::bounds::MOST_KEYWORDS;
use super::said::{Level, Role, Said};
use super::text;

/// Data sets of record 2 that are read, the more trusted first.
const DATA_SETS: &[(u8, Role)] = &[
    (120, Role::Description),
    (5, Role::Title),
    (105, Role::Text),
    (25, Role::Tags),
    (20, Role::Tags),
    (92, Role::Location(Level::Sublocation)),
    (90, Role::Location(Level::City)),
    (95, Role::Location(Level::State)),
    (101, Role::Location(Level::Country)),
    (100, Role::Location(Level::CountryCode)),
];

/// Dates with their times.
const DATES: &[(u8, u8, DateSource)] =
    &[(55, 60, DateSource::IptcCreated), (62, 63, DateSource::IptcDigitized)];

/// Data set 1:90: how the texts are encoded.
const ENCODING: (u8, u8) = (1, 90);

/// One data set of a record.
struct Record<'a> {
    number: u8,
    set: u8,
    data: &'a [u8],
}

/// Records in the order of their bytes: a TIFF file may declare them as 32-bit numbers, which some programs
/// then write the other way round.
pub(super) fn in_order(records: &[u8]) -> Cow<'_, [u8]> {
    let is_turned = records.first() != Some(&0x1c) && records.get(3) == Some(&0x1c);
    if !is_turned {
        return Cow::Borrowed(records);
    }
    let (numbers, _) = records.as_chunks::<4>();
    Cow::Owned(numbers.iter().flat_map(|[a, b, c, d]| [*d, *c, *b, *a]).collect())
}

/// Says what the records hold, up to the first one that makes no sense.
pub(super) fn say(records: &[u8], said: &mut Said) {
    let all = read(records);
    let is_latin = all.iter().any(|record| {
        (record.number, record.set) == ENCODING && matches!(record.data, b"\x1b.A" | b"\x1b-A")
    });
    let text = |data: &[u8]| {
        if is_latin && std::str::from_utf8(data).is_err() {
            text::clean(&text::from_windows(data))
        } else {
            text::from_bytes(data)
        }
    };
    let of = |set: u8| {
        let sets = all.iter().filter(move |record| (record.number, record.set) == (2, set));
        sets.filter_map(|record| text(record.data))
    };
    for (set, role) in DATA_SETS {
        of(*set).take(MOST_KEYWORDS).for_each(|value| said.say(*role, &value));
    }
    for (date, time, source) in DATES {
        if let Some(date) = of(*date).next() {
            let time = of(*time).next().unwrap_or_default();
            said.date(&format!("{date} {time}"), *source);
        }
    }
}

fn read(mut records: &[u8]) -> Vec<Record<'_>> {
    let mut all = Vec::new();
    while let Some((record, after)) = next_record(records) {
        all.push(record);
        records = after;
    }
    all
}

/// 0x1C, record, data set, 16-bit length. Where the upper bit of that is set, the rest of it says
/// how many bytes the length itself has.
fn next_record(bytes: &[u8]) -> Option<(Record<'_>, &[u8])> {
    let [0x1c, number, set, high, low] = *bytes.first_chunk()? else { return None };
    let mut rest = &bytes[5..];
    let mut length = usize::from(u16::from_be_bytes([high, low]));
    if length & 0x8000 != 0 {
        let (digits, after) = rest.split_at_checked(length & 0x7fff)?;
        let is_short = (1..=4).contains(&digits.len());
        is_short.then_some(())?;
        length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
        rest = after;
    }
    let (data, after) = rest.split_at_checked(length)?;
    Some((Record { number, set, data }, after))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use seer_types::PhotoFacts;

    pub(crate) fn record(number: u8, set: u8, data: &[u8]) -> Vec<u8> {
        [&[0x1c, number, set], &(data.len() as u16).to_be_bytes()[..], data].concat()
    }

    fn facts(records: &[Vec<u8>]) -> PhotoFacts {
        let mut said = Said::default();
        say(&records.concat(), &mut said);
        said.into_facts()
    }

    fn sample() -> Vec<Vec<u8>> {
        vec![
            record(2, 0, &[0, 4]),
            record(2, 5, b"DSC_1"),
            record(2, 25, b"sea"),
            record(2, 25, "Küste".as_bytes()),
            record(2, 25, b"K\xfcste 2"),
            record(2, 105, b"Headline"),
            record(2, 120, b"Waves\r\nat dusk"),
        ]
    }

    #[test]
    fn records_that_were_written_as_numbers_are_put_in_order() {
        let records = [record(2, 25, b"sea"), record(2, 25, b"boats")].concat();
        let mut turned = records.clone();
        turned.resize(records.len().next_multiple_of(4), 0);
        let padded = turned.clone();
        turned.chunks_exact_mut(4).for_each(<[u8]>::reverse);
        assert_eq!(in_order(&turned), padded);
        assert_eq!(in_order(&records), records);
    }

    #[test]
    fn words_of_all_kinds() {
        let found = facts(&sample());
        assert_eq!(found.tags, ["sea", "Küste", "Küste 2"]);
        assert_eq!(found.caption.as_deref(), Some("Waves at dusk"));
        assert_eq!(found.descriptions, ["DSC_1", "Headline"]);
        let long = b"\x1c\x02\x78\x80\x04\0\0\0\x05Waves".to_vec();
        assert_eq!(facts(&[long]).caption.as_deref(), Some("Waves"));
    }

    #[test]
    fn dates_with_and_without_a_time() {
        let date = record(2, 55, b"20040226");
        let taken = |records: &[Vec<u8>]| facts(records).taken.unwrap().to_string();
        let time = record(2, 60, b"093646+0100");
        assert_eq!(taken(&[date.clone(), time.clone()]), "2004-02-26T09:36:46");
        assert_eq!(taken(&[time, date.clone()]), "2004-02-26T09:36:46");
        assert_eq!(taken(std::slice::from_ref(&date)), "2004-02-26");
        assert_eq!(taken(&[record(2, 55, b"20040200")]), "2004-02");
        assert_eq!(taken(&[record(2, 55, b"19930000")]), "1993");
        assert_eq!(taken(&[record(2, 62, b"20100101"), date]), "2004-02-26");
    }

    #[test]
    fn places_and_encodings() {
        let found = facts(&[
            record(1, 90, b"\x1b%G"),
            record(2, 101, b"Portugal"),
            record(2, 90, "Évora".as_bytes()),
            record(2, 92, b"Pra\xe7a"),
        ]);
        assert_eq!(found.locations, ["Praça", "Évora", "Portugal"]);
        let quotes =
            facts(&[record(2, 25, b"children\x92s party"), record(2, 120, b"\x93\x8cuvre\x94")]);
        assert_eq!(quotes.tags, ["children’s party"]);
        assert_eq!(quotes.caption.as_deref(), Some("“Œuvre”"));
    }

    #[test]
    fn a_cut_block_gives_what_is_left() {
        let bytes = sample().concat();
        for length in 0..bytes.len() {
            facts(&[bytes[..length].to_vec()]);
        }
        assert_eq!(facts(&[bytes[..30].to_vec()]).tags, ["sea"]);
    }
}
