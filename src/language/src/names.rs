//! The languages that can be told, by their ISO 639-1 codes.

use whatlang::Lang;

/// A language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Language {
    /// ISO 639-1, such as `de`.
    pub code: &'static str,
    /// Its English name.
    pub name: &'static str,
}

/// Languages that many people write, between which few words decide.
pub(crate) const COMMON: [Lang; 15] = [
    Lang::Ces,
    Lang::Cmn,
    Lang::Deu,
    Lang::Fra,
    Lang::Ita,
    Lang::Jpn,
    Lang::Kor,
    Lang::Nld,
    Lang::Pol,
    Lang::Por,
    Lang::Rus,
    Lang::Spa,
    Lang::Swe,
    Lang::Tur,
    Lang::Ukr,
];

const fn language(code: &'static str, name: &'static str) -> Language {
    Language { code, name }
}

const TABLE: [(Lang, Language); 45] = [
    (Lang::Ara, language("ar", "Arabic")),
    (Lang::Bel, language("be", "Belarusian")),
    (Lang::Ben, language("bn", "Bengali")),
    (Lang::Bul, language("bg", "Bulgarian")),
    (Lang::Cat, language("ca", "Catalan")),
    (Lang::Ces, language("cs", "Czech")),
    (Lang::Cmn, language("zh", "Chinese")),
    (Lang::Dan, language("da", "Danish")),
    (Lang::Deu, language("de", "German")),
    (Lang::Ell, language("el", "Greek")),
    (Lang::Eng, language("en", "English")),
    (Lang::Est, language("et", "Estonian")),
    (Lang::Fin, language("fi", "Finnish")),
    (Lang::Fra, language("fr", "French")),
    (Lang::Heb, language("he", "Hebrew")),
    (Lang::Hin, language("hi", "Hindi")),
    (Lang::Hrv, language("hr", "Croatian")),
    (Lang::Hun, language("hu", "Hungarian")),
    (Lang::Ind, language("id", "Indonesian")),
    (Lang::Ita, language("it", "Italian")),
    (Lang::Jpn, language("ja", "Japanese")),
    (Lang::Kat, language("ka", "Georgian")),
    (Lang::Kor, language("ko", "Korean")),
    (Lang::Lav, language("lv", "Latvian")),
    (Lang::Lit, language("lt", "Lithuanian")),
    (Lang::Mkd, language("mk", "Macedonian")),
    (Lang::Nld, language("nl", "Dutch")),
    (Lang::Nob, language("nb", "Norwegian")),
    (Lang::Pes, language("fa", "Persian")),
    (Lang::Pol, language("pl", "Polish")),
    (Lang::Por, language("pt", "Portuguese")),
    (Lang::Ron, language("ro", "Romanian")),
    (Lang::Rus, language("ru", "Russian")),
    (Lang::Slk, language("sk", "Slovak")),
    (Lang::Slv, language("sl", "Slovenian")),
    (Lang::Spa, language("es", "Spanish")),
    (Lang::Srp, language("sr", "Serbian")),
    (Lang::Swe, language("sv", "Swedish")),
    (Lang::Tam, language("ta", "Tamil")),
    (Lang::Tgl, language("tl", "Tagalog")),
    (Lang::Tha, language("th", "Thai")),
    (Lang::Tur, language("tr", "Turkish")),
    (Lang::Ukr, language("uk", "Ukrainian")),
    (Lang::Urd, language("ur", "Urdu")),
    (Lang::Vie, language("vi", "Vietnamese")),
];

/// All languages that have a code here.
pub fn languages() -> impl Iterator<Item = Language> {
    TABLE.into_iter().map(|(_, language)| language)
}

/// The language of an ISO 639-1 code, in either case.
pub fn by_code(code: &str) -> Option<Language> {
    languages().find(|language| language.code.eq_ignore_ascii_case(code))
}

pub(crate) fn of(lang: Lang) -> Option<Language> {
    TABLE.into_iter().find(|(known, _)| *known == lang).map(|(_, language)| language)
}
