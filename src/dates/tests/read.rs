//! What must be read, what must only be offered, and what must not be read at all. Today is Sunday,
//! 29 November 2026.

use seer_dates::{Context, Meaning, Reading, read};

fn context(south: bool) -> Context {
    Context { now: "2026-11-29T14:30:00".parse().unwrap(), south }
}

/// A meaning in one line: `2026-06-01 .. 2026-09-01`, `days 6,7`, `time 1320..300`, `yearly 6-1..8-31`.
fn line(meaning: &Meaning) -> String {
    let moment = |at: &Option<seer_types::LocalTime>| {
        let text = at.map_or_else(String::new, |at| at.to_string());
        text.trim_end_matches(":00").replace("T00:00", "").replace("T00", "")
    };
    let mut parts = Vec::new();
    if meaning.from.is_some() || meaning.until.is_some() {
        parts.push(format!("{} .. {}", moment(&meaning.from), moment(&meaning.until)));
    }
    if !meaning.weekdays.is_empty() {
        let days: Vec<String> = meaning.weekdays.iter().map(u8::to_string).collect();
        parts.push(format!("days {}", days.join(",")));
    }
    parts.extend(meaning.time.map(|(from, until)| format!("time {from}..{until}")));
    parts.extend(meaning.days.map(|((a, b), (c, d))| format!("yearly {a}-{b}..{c}-{d}")));
    parts.join("; ")
}

fn shown(text: &str, reading: &Reading) -> String {
    let sure = if reading.sure { "" } else { "?" };
    format!(
        "[{}]{sure} {}",
        &text[reading.range.clone()],
        reading.meanings.iter().map(line).collect::<Vec<_>>().join(" | ")
    )
}

fn all(text: &str) -> Vec<String> {
    read(text, &context(false)).iter().map(|reading| shown(text, reading)).collect()
}

/// Each text holds one reading, of these words, sure or not, with this meaning.
#[track_caller]
fn each(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(text, expected)| all(text) != [*expected])
        .map(|(text, expected)| format!("{text}: {:?}, not {expected}", all(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn dates_with_their_year_are_sure() {
    each(&[
        ("June 2019", "[June 2019] 2019-06-01 .. 2019-07-01"),
        ("dogs in June 2019", "[in June 2019] 2019-06-01 .. 2019-07-01"),
        ("june, 2019 beach", "[june, 2019] 2019-06-01 .. 2019-07-01"),
        ("14 July 2019", "[14 July 2019] 2019-07-14 .. 2019-07-15"),
        ("on July 14th, 2019", "[on July 14th, 2019] 2019-07-14 .. 2019-07-15"),
        ("the 14th of July 2019", "[the 14th of July 2019] 2019-07-14 .. 2019-07-15"),
        ("2019-07", "[2019-07] 2019-07-01 .. 2019-08-01"),
        ("cake 2019-07-14.", "[2019-07-14] 2019-07-14 .. 2019-07-15"),
        ("14.07.2019", "[14.07.2019] 2019-07-14 .. 2019-07-15"),
        ("7/14/2019", "[7/14/2019] 2019-07-14 .. 2019-07-15"),
        ("summer 2019", "[summer 2019] 2019-06-01 .. 2019-09-01"),
        ("in the summer of 2019", "[in the summer of 2019] 2019-06-01 .. 2019-09-01"),
        ("winter 2018/19", "[winter 2018/19] 2018-12-01 .. 2019-03-01"),
        ("christmas 2018", "[christmas 2018] 2018-12-24 .. 2018-12-27"),
        ("new year's eve 2018", "[new year's eve 2018] 2018-12-31 .. 2019-01-02"),
        ("easter 2019", "[easter 2019] 2019-04-19 .. 2019-04-23"),
        ("Sept 2019", "[Sept 2019] 2019-09-01 .. 2019-10-01"),
        ("mar 2019", "[mar 2019] 2019-03-01 .. 2019-04-01"),
        ("may 2019", "[may 2019] 2019-05-01 .. 2019-06-01"),
        ("the summer of '69", "[the summer of '69] 1969-06-01 .. 1969-09-01"),
    ]);
}

#[test]
fn years_are_sure_behind_a_small_word_or_alone() {
    each(&[
        ("2019", "[2019] 2019-01-01 .. 2020-01-01"),
        ("photos 2019", "[2019] 2019-01-01 .. 2020-01-01"),
        ("paris in 2019", "[in 2019] 2019-01-01 .. 2020-01-01"),
        ("in the year 2019", "[in the year 2019] 2019-01-01 .. 2020-01-01"),
        ("dogs from 2019", "[from 2019] 2019-01-01 .. 2020-01-01"),
        ("photos from 1985", "[from 1985] 1985-01-01 .. 1986-01-01"),
        ("since 2015", "[since 2015] 2015-01-01 .. "),
        ("trees before 2010", "[before 2010]  .. 2010-01-01"),
        ("trees after 2016", "[after 2016] 2017-01-01 .. "),
        ("until 2014", "[until 2014]  .. 2015-01-01"),
        ("from 2015 on", "[from 2015 on] 2015-01-01 .. "),
        ("since June 2019", "[since June 2019] 2019-06-01 .. "),
        ("since june", "[since june] 2026-06-01 .. "),
        ("since july", "[since july] 2026-07-01 .. "),
        ("between 2015 and 2017", "[between 2015 and 2017] 2015-01-01 .. 2018-01-01"),
        ("from 2015 to 2017", "[from 2015 to 2017] 2015-01-01 .. 2018-01-01"),
        ("in 2018 and 2019", "[in 2018 and 2019] 2018-01-01 .. 2020-01-01"),
        ("skiing 2015-2017", "[2015-2017] 2015-01-01 .. 2018-01-01"),
        ("2015 – 2017", "[2015 – 2017] 2015-01-01 .. 2018-01-01"),
        ("between May and July 2019", "[between May and July 2019] 2019-05-01 .. 2019-08-01"),
        ("14-20 July 2019", "[14-20 July 2019] 2019-07-14 .. 2019-07-21"),
        ("between 3 and 10 July", "[between 3 and 10 July] yearly 7-3..7-10"),
        ("June-August 2019", "[June-August 2019] 2019-06-01 .. 2019-09-01"),
        (
            "from December to February 2019",
            "[from December to February 2019] 2018-12-01 .. 2019-03-01",
        ),
        ("in the 90s", "[in the 90s] 1990-01-01 .. 2000-01-01"),
        ("in the 1990s", "[in the 1990s] 1990-01-01 .. 2000-01-01"),
        ("pictures from the eighties", "[from the eighties] 1980-01-01 .. 1990-01-01"),
        ("paris 2019", "[2019]? 2019-01-01 .. 2020-01-01"),
        ("1984 poster", "[1984]? 1984-01-01 .. 1985-01-01"),
        ("a car from 1950", "[from 1950]? 1950-01-01 .. 1951-01-01"),
        ("a car from the 50s", "[from the 50s]? 1950-01-01 .. 1960-01-01"),
        ("90s hairstyle", "[90s]? 1990-01-01 .. 2000-01-01"),
    ]);
}

#[test]
fn what_is_seen_from_today_is_sure() {
    each(&[
        ("yesterday", "[yesterday] 2026-11-28 .. 2026-11-29"),
        ("the day before yesterday", "[the day before yesterday] 2026-11-27 .. 2026-11-28"),
        ("dogs yesterday evening", "[yesterday evening] 2026-11-28 .. 2026-11-29; time 1080..1380"),
        ("last night", "[last night] 2026-11-28T18 .. 2026-11-29T06"),
        ("this morning", "[this morning] 2026-11-29 .. 2026-11-30; time 300..720"),
        ("today", "[today] 2026-11-29 .. 2026-11-30"),
        ("dogs last summer", "[last summer] 2026-06-01 .. 2026-09-01"),
        ("last winter", "[last winter] 2025-12-01 .. 2026-03-01"),
        ("last year", "[last year] 2025-01-01 .. 2026-01-01"),
        ("last year's party", "[last year's] 2025-01-01 .. 2026-01-01"),
        ("this year", "[this year] 2026-01-01 .. 2027-01-01"),
        ("last month", "[last month] 2026-10-01 .. 2026-11-01"),
        ("last week", "[last week] 2026-11-16 .. 2026-11-23"),
        ("last june", "[last june] 2026-06-01 .. 2026-07-01"),
        ("last July", "[last July] 2026-07-01 .. 2026-08-01"),
        ("last christmas", "[last christmas] 2025-12-24 .. 2025-12-27"),
        ("last sunday", "[last sunday] 2026-11-22 .. 2026-11-23"),
        ("last weekend", "[last weekend] 2026-11-21 .. 2026-11-23"),
        ("this weekend", "[this weekend] 2026-11-28 .. 2026-11-30"),
        ("two weeks ago", "[two weeks ago] 2026-11-09 .. 2026-11-16"),
        ("3 days ago", "[3 days ago] 2026-11-26 .. 2026-11-27"),
        ("a year ago", "[a year ago] 2025-01-01 .. 2026-01-01"),
        ("in the last 3 days", "[in the last 3 days] 2026-11-26 .. 2026-11-30"),
        ("over the past two months", "[over the past two months] 2026-09-29 .. 2026-11-30"),
        ("the past week", "[the past week] 2026-11-22 .. 2026-11-30"),
        ("since last summer", "[since last summer] 2026-06-01 .. "),
    ]);
}

#[test]
fn times_that_come_again_are_sure_where_the_words_say_so() {
    each(&[
        ("on Sundays", "[on Sundays] days 7"),
        ("every sunday", "[every sunday] days 7"),
        ("at weekends", "[at weekends] days 6,7"),
        ("on sunday mornings", "[on sunday mornings] days 7; time 300..720"),
        ("in July", "[in July] yearly 7-1..7-31"),
        ("between june and august", "[between june and august] yearly 6-1..8-31"),
        ("on new year's eve", "[on new year's eve] yearly 12-31..1-1"),
        ("on 14 July", "[on 14 July] yearly 7-14..7-14"),
        ("every summer", "[every summer] yearly 6-1..8-31"),
        ("taken at night", "[taken at night] time 1320..300"),
        ("between 10 pm and 4 am", "[between 10 pm and 4 am] time 1320..240"),
        ("between 22:00 and 5:00", "[between 22:00 and 5:00] time 1320..300"),
        ("from 10 to 11:30 pm", "[from 10 to 11:30 pm] time 1320..1410"),
        ("from monday to friday", "[from monday to friday] days 1,2,3,4,5"),
    ]);
}

#[test]
fn what_may_be_about_the_picture_is_only_offered() {
    each(&[
        ("May", "[May]? yearly 5-1..5-31"),
        ("Summer", "[Summer]? yearly 6-1..8-31"),
        ("March", "[March]? yearly 3-1..3-31"),
        ("in may", "[in may]? yearly 5-1..5-31"),
        ("a girl in summer dress", "[in summer]? yearly 6-1..8-31"),
        ("city at night", "[at night]? time 1320..300"),
        ("morning", "[morning]? time 300..720"),
        ("in the evening light", "[in the evening]? time 1080..1380"),
        ("weekend", "[weekend]? days 6,7"),
        ("on sunday", "[on sunday]? days 7"),
        ("black friday", "[friday]? days 5"),
        ("new year's eve", "[new year's eve]? yearly 12-31..1-1"),
        ("christmas", "[christmas]? yearly 12-24..12-26"),
        ("4th of july fireworks", "[4th of july]? yearly 7-4..7-4"),
        ("4/7/2019", "[4/7/2019]? 2019-07-04 .. 2019-07-05"),
        ("a spring", "[spring]? yearly 3-1..5-31"),
    ]);
}

#[test]
fn ordinary_words_are_not_read() {
    for text in [
        "",
        "two dogs on a beach",
        "sunday dress",
        "night sky",
        "christmas tree",
        "winter coat",
        "the morning sun over a lake",
        "IMG_2019",
        "IMG_2019.jpg",
        "2019.jpg",
        "boeing 747",
        "clock showing 3:30",
        "this may be a dog",
        "fall leaves",
        "spring water bottle",
        "a man walking past two dogs",
        "one day old chick",
        "the last day of school",
        "the last supper",
        "a 5 year old girl",
        "mid-summer festival",
        "1920x1080",
        "2019-13",
        "2019%",
        "#2019",
        "in 2150",
        "version 2019.07",
        "march of the penguins",
        "the day after",
        "before the storm",
        "since you left",
        "two a day",
        "second hand shop",
        "0000-00-00",
        "99999999999999999999",
        "week",
        "a year",
        "the august day out",
    ] {
        assert_eq!(all(text), [""; 0], "{text}");
    }
}

#[test]
fn six_more_languages_are_read() {
    each(&[
        ("Hunde letzten Sommer", "[letzten Sommer] 2026-06-01 .. 2026-09-01"),
        ("im Juni 2019", "[im Juni 2019] 2019-06-01 .. 2019-07-01"),
        ("am 14. Juli 2019", "[am 14. Juli 2019] 2019-07-14 .. 2019-07-15"),
        ("im Jahr 2019", "[im Jahr 2019] 2019-01-01 .. 2020-01-01"),
        ("zwischen 2015 und 2017", "[zwischen 2015 und 2017] 2015-01-01 .. 2018-01-01"),
        ("vor zwei Wochen", "[vor zwei Wochen] 2026-11-09 .. 2026-11-16"),
        ("vor 2010", "[vor 2010]  .. 2010-01-01"),
        ("ab 2015", "[ab 2015] 2015-01-01 .. "),
        ("seit 2015", "[seit 2015] 2015-01-01 .. "),
        ("in den 90ern", "[in den 90ern] 1990-01-01 .. 2000-01-01"),
        ("in den neunziger Jahren", "[in den neunziger Jahren] 1990-01-01 .. 2000-01-01"),
        ("gestern Abend", "[gestern Abend] 2026-11-28 .. 2026-11-29; time 1080..1380"),
        ("sonntags", "[sonntags] days 7"),
        ("Weihnachten 2018", "[Weihnachten 2018] 2018-12-24 .. 2018-12-27"),
        ("in den letzten 3 Tagen", "[in den letzten 3 Tagen] 2026-11-26 .. 2026-11-30"),
        ("im März", "[im März] yearly 3-1..3-31"),
        ("zwischen 22 und 4 Uhr", "[zwischen 22 und 4 Uhr] time 1320..240"),
        ("l'été dernier", "[l'été dernier] 2026-06-01 .. 2026-09-01"),
        ("en juin 2019", "[en juin 2019] 2019-06-01 .. 2019-07-01"),
        ("le 14 juillet 2019", "[le 14 juillet 2019] 2019-07-14 .. 2019-07-15"),
        ("il y a deux semaines", "[il y a deux semaines] 2026-11-09 .. 2026-11-16"),
        ("depuis 2015", "[depuis 2015] 2015-01-01 .. "),
        ("entre 2015 et 2017", "[entre 2015 et 2017] 2015-01-01 .. 2018-01-01"),
        ("dans les années 90", "[dans les années 90] 1990-01-01 .. 2000-01-01"),
        ("Noël 2018", "[Noël 2018] 2018-12-24 .. 2018-12-27"),
        ("hier", "[hier] 2026-11-28 .. 2026-11-29"),
        ("hier matin", "[hier matin] 2026-11-28 .. 2026-11-29; time 300..720"),
        ("les 3 derniers mois", "[les 3 derniers mois] 2026-08-29 .. 2026-11-30"),
        ("el verano pasado", "[el verano pasado] 2026-06-01 .. 2026-09-01"),
        ("en junio de 2019", "[en junio de 2019] 2019-06-01 .. 2019-07-01"),
        ("14 de julio de 2019", "[14 de julio de 2019] 2019-07-14 .. 2019-07-15"),
        ("hace dos semanas", "[hace dos semanas] 2026-11-09 .. 2026-11-16"),
        ("ayer por la tarde", "[ayer por la tarde] 2026-11-28 .. 2026-11-29; time 720..1080"),
        ("en los años 90", "[en los años 90] 1990-01-01 .. 2000-01-01"),
        ("los domingos", "[los domingos] days 7"),
        ("desde 2015", "[desde 2015] 2015-01-01 .. "),
        ("el año pasado", "[el año pasado] 2025-01-01 .. 2026-01-01"),
        ("l'estate scorsa", "[l'estate scorsa] 2026-06-01 .. 2026-09-01"),
        ("dal 2015 al 2017", "[dal 2015 al 2017] 2015-01-01 .. 2018-01-01"),
        ("nel giugno 2019", "[nel giugno 2019] 2019-06-01 .. 2019-07-01"),
        ("due settimane fa", "[due settimane fa] 2026-11-09 .. 2026-11-16"),
        ("negli anni '90", "[negli anni '90] 1990-01-01 .. 2000-01-01"),
        ("tra il 2015 e il 2017", "[tra il 2015 e il 2017] 2015-01-01 .. 2018-01-01"),
        ("ieri", "[ieri] 2026-11-28 .. 2026-11-29"),
        ("no verão passado", "[no verão passado] 2026-06-01 .. 2026-09-01"),
        ("em junho de 2019", "[em junho de 2019] 2019-06-01 .. 2019-07-01"),
        ("há duas semanas", "[há duas semanas] 2026-11-09 .. 2026-11-16"),
        ("ontem", "[ontem] 2026-11-28 .. 2026-11-29"),
        ("nos anos 90", "[nos anos 90] 1990-01-01 .. 2000-01-01"),
        ("afgelopen zomer", "[afgelopen zomer] 2026-06-01 .. 2026-09-01"),
        ("in juni 2019", "[in juni 2019] 2019-06-01 .. 2019-07-01"),
        ("twee weken geleden", "[twee weken geleden] 2026-11-09 .. 2026-11-16"),
        ("gisteren", "[gisteren] 2026-11-28 .. 2026-11-29"),
        ("in de jaren 90", "[in de jaren 90] 1990-01-01 .. 2000-01-01"),
        ("tussen 2015 en 2017", "[tussen 2015 en 2017] 2015-01-01 .. 2018-01-01"),
    ]);
    for text in [
        "ein Mädchen im Sommerkleid",
        "Morgenlicht über dem See",
        "hier ist mein Hund",
        "une femme sur la plage",
        "ha sido una playa",
        "un perro en la playa",
        "het meisje met een hond",
        "uma rua da cidade",
        "la donna sta su una sedia",
    ] {
        assert_eq!(all(text), [""; 0], "{text}");
    }
}

#[test]
fn seasons_are_the_other_way_round_in_the_south() {
    let south = |text: &str| {
        let found = read(text, &context(true));
        (line(&found[0].meanings[0]), found[0].seasonal)
    };
    assert_eq!(south("last summer"), ("2025-12-01 .. 2026-03-01".into(), true));
    assert_eq!(south("summer"), ("yearly 12-1..2-29".into(), true));
    assert_eq!(south("june 2019"), ("2019-06-01 .. 2019-07-01".into(), false));
}

#[test]
fn several_readings_stand_in_their_order() {
    assert_eq!(
        all("on sundays in 2019 in the park between 10 pm and 4 am"),
        [
            "[on sundays] days 7",
            "[in 2019] 2019-01-01 .. 2020-01-01",
            "[between 10 pm and 4 am] time 1320..240"
        ]
    );
}

#[test]
fn a_small_word_belongs_to_what_follows() {
    assert_eq!(
        all("photos from 2015 on sundays"),
        ["[from 2015] 2015-01-01 .. 2016-01-01", "[on sundays] days 7"]
    );
}

#[test]
fn any_text_is_read_without_a_panic_and_ranges_are_in_order() {
    let pieces = [
        "in", "2019", "-", "July", "14", "'", "last", "summer", "é", "\u{301}", " ", ".", "/", ":",
        "ago", "two", "weeks", "between", "and", "99", "0", "am", "every", "the", "海", "9999-99",
    ];
    let mut seed = 7_u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..8 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
            text.push_str(if seed >> 40 & 1 == 0 { " " } else { "" });
        }
        let found = read(&text, &context(false));
        let mut end = 0;
        for reading in found {
            assert!(
                reading.range.start >= end && reading.range.start < reading.range.end,
                "{text}"
            );
            assert!(text.get(reading.range.clone()).is_some(), "{text}");
            end = reading.range.end;
        }
    }
}

#[test]
fn a_list_holds_any_of_its_times() {
    let june = "2019-06-01 .. 2019-07-01";
    let july = "2019-07-01 .. 2019-08-01";
    each(&[
        ("in june and july 2019", &format!("[in june and july 2019] {june} | {july}")),
        ("june or july 2019", &format!("[june or july 2019] {june} | {july}")),
        ("im Juni und Juli 2019", &format!("[im Juni und Juli 2019] {june} | {july}")),
        ("samstags und sonntags", "[samstags und sonntags] days 6,7"),
        ("every sunday every monday", "[every sunday every monday] days 1,7"),
        ("in june, in july", "[in june, in july] yearly 6-1..6-30 | yearly 7-1..7-31"),
        (
            "in 2018 or 2020",
            "[in 2018 or 2020] 2018-01-01 .. 2019-01-01 | 2020-01-01 .. 2021-01-01",
        ),
        (
            "in 2017, 2018 and 2019",
            "[in 2017, 2018 and 2019] 2017-01-01 .. 2018-01-01 | 2018-01-01 .. 2019-01-01 | \
             2019-01-01 .. 2020-01-01",
        ),
        (
            "christmas 2018 and 2019",
            "[christmas 2018 and 2019] 2018-12-24 .. 2018-12-27 | 2019-12-24 .. 2019-12-27",
        ),
        (
            "im Sommer 2018 und 2019",
            "[im Sommer 2018 und 2019] 2018-06-01 .. 2018-09-01 | 2019-06-01 .. 2019-09-01",
        ),
        (
            "summer 2018-2020",
            "[summer 2018-2020] 2018-06-01 .. 2018-09-01 | 2019-06-01 .. 2019-09-01 | \
             2020-06-01 .. 2020-09-01",
        ),
        (
            "christmas from 2015 to 2016",
            "[christmas from 2015 to 2016] 2015-12-24 .. 2015-12-27 | 2016-12-24 .. 2016-12-27",
        ),
        ("may and june", "[may and june]? yearly 5-1..5-31 | yearly 6-1..6-30"),
    ]);
    assert_eq!(
        all("on saturdays and sundays in 2019"),
        ["[on saturdays and sundays] days 6,7", "[in 2019] 2019-01-01 .. 2020-01-01"]
    );
    assert_eq!(
        all("in june at night"),
        ["[in june] yearly 6-1..6-30", "[at night]? time 1320..300"],
        "no list"
    );
}

#[test]
fn times_ago_are_bound_and_exact() {
    each(&[
        ("more than two years ago", "[more than two years ago]  .. 2024-11-29"),
        ("over a year ago", "[over a year ago]  .. 2025-11-29"),
        ("less than two weeks ago", "[less than two weeks ago] 2026-11-15 .. "),
        ("vor mehr als zwei Jahren", "[vor mehr als zwei Jahren]  .. 2024-11-29"),
        ("half a year ago", "[half a year ago] 2026-05-01 .. 2026-06-01"),
        ("vor einem halben Jahr", "[vor einem halben Jahr] 2026-05-01 .. 2026-06-01"),
        ("heute vor einem Jahr", "[heute vor einem Jahr] 2025-11-29 .. 2025-11-30"),
        ("a year ago today", "[a year ago today] 2025-11-29 .. 2025-11-30"),
        ("l'altro ieri", "[l'altro ieri] 2026-11-27 .. 2026-11-28"),
    ]);
}

#[test]
fn days_and_weeks_are_read_as_they_are_written() {
    let week = "2019-07-14 .. 2019-07-21";
    each(&[
        ("14. bis 20. Juli 2019", &format!("[14. bis 20. Juli 2019] {week}")),
        ("vom 14. bis 20. Juli 2019", &format!("[vom 14. bis 20. Juli 2019] {week}")),
        ("14.-20. Juli 2019", &format!("[14.-20. Juli 2019] {week}")),
        ("capodanno 2019", "[capodanno 2019] 2019-01-01 .. 2019-01-02"),
        ("the week of 14 july 2019", "[the week of 14 july 2019] 2019-07-08 .. 2019-07-15"),
        ("29 February 2019", "[February 2019]? 2019-02-01 .. 2019-03-01"),
        ("31 June 2019", "[June 2019]? 2019-06-01 .. 2019-07-01"),
        ("an Sonntagen", "[an Sonntagen] days 7"),
        ("stamattina", "[stamattina] 2026-11-29 .. 2026-11-30; time 300..720"),
        ("negli anni novanta", "[negli anni novanta] 1990-01-01 .. 2000-01-01"),
        ("in de jaren negentig", "[in de jaren negentig] 1990-01-01 .. 2000-01-01"),
    ]);
}
