//! When two texts are the same to a search: one rule for paths, names, words and tags.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text as people see it: letters of double or half width as plain ones, and without characters that
/// are not seen, but for those that join letters and signs.
pub fn as_seen(text: &str) -> String {
    let joins = |c: char| matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
    let visible = text.chars().filter(|c| !is_unseen(*c) || joins(*c));
    match text.contains(|c| matches!(c, '\u{3000}' | '\u{ff01}'..='\u{ffee}')) {
        true => visible.nfkc().collect(),
        false => visible.collect(),
    }
}

/// Texts have the same fold when they differ only in case, in accents on Latin, Greek and Cyrillic
/// letters, in width ("ＩＭＧ", "IMG"), in how characters are composed (NFC, NFD), in typographic
/// marks for plain ones (’ for ', “ for ", – for -), or in characters that are not seen. "ß" and
/// "SS" are the same, as are "σ" and "ς", "æ" and "ae", "ø" and "o". Marks of other scripts count.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    let mut drops_marks = false;
    for c in seen(text).nfkd().map(plain_mark) {
        if is_combining_mark(c) {
            if !drops_marks {
                folded.push(c);
            }
            continue;
        }
        drops_marks = has_accents(c);
        match bare_letter(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.extend(fold_case(c)),
        }
    }
    folded.nfc().collect()
}

/// The fold of a path, with `/` between names on every system. What looks like a slash inside a
/// name ("／") stays apart from those between names.
pub fn fold_path(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    let names: Vec<String> = path.split('/').map(|name| fold(name).replace('/', "∕")).collect();
    names.join("/")
}

/// The characters of a text that are seen, with plain marks for typographic ones.
pub(crate) fn seen(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !is_unseen(*c)).map(plain_mark)
}

/// Lower, upper, lower: the detour over upper case is what joins ß with ss and ς with σ.
fn fold_case(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// Whether marks on this character are accents: Latin, Greek, Cyrillic, and what is no letter.
fn has_accents(c: char) -> bool {
    matches!(c,
        '\0'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{1d00}'..='\u{1dbf}'
        | '\u{1e00}'..='\u{1fff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a640}'..='\u{a69f}'
        | '\u{a720}'..='\u{a7ff}' | '\u{ab30}'..='\u{ab6f}')
}

/// Latin letters that Unicode does not take apart.
fn bare_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'ħ' | 'Ħ' => "h",
        'ŧ' | 'Ŧ' => "t",
        'ŋ' | 'Ŋ' => "ng",
        'ı' => "i",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        _ => return None,
    })
}

/// The mark on a keyboard that a typographic one stands for.
pub fn plain_mark(c: char) -> char {
    match c {
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' | 'ʹ' | 'ʼ' | '´' => '\'',
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '〝' | '〞' | '〟' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '∶' | '꞉' => ':',
        c => c,
    }
}

/// Characters that change how others are shown or where lines break, and are not seen.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(texts: &[&str]) {
        for text in texts {
            assert_eq!(fold(text), fold(texts[0]), "{text}");
        }
    }

    #[test]
    fn case_and_accents_do_not_count() {
        assert_eq!(fold("Holiday 2019"), "holiday 2019");
        assert_eq!(fold("Café ÉTÉ"), "cafe ete");
        same(&["STRASSE", "Straße", "straẞe"]);
        same(&["ΟΔΟΣ", "οδός", "ΟΔΌΣ", "οδος"]);
        same(&["Ёлка, Йод", "елка, иод"]);
        same(&["Tiếng Việt", "tieng viet"]);
        same(&["Ærøskøbing Łódź Đorđe", "aeroskobing lodz dorde"]);
        same(&["İstanbul", "istanbul", "ıstanbul"]);
        assert_ne!(fold("cafe"), fold("cave"));
    }

    #[test]
    fn width_and_composition_do_not_count() {
        same(&["É", "e\u{301}", "E"]);
        same(&["ＩＭＧ＿１２", "img_12"]);
        same(&["ｶﾞ", "ガ", "カ\u{3099}"]);
        same(&["서울", "\u{1109}\u{1165}\u{110b}\u{116e}\u{11af}"]);
        same(&["Grandma’s", "grandma's", "Grandmaʼs"]);
        same(&["“a – b”", "\"a - b\""]);
        same(&["pho\u{ad}to\u{200b}", "photo"]);
    }

    #[test]
    fn marks_of_other_scripts_count() {
        assert_ne!(fold("ガ"), fold("カ"));
        assert_ne!(fold("कि"), fold("क"));
        assert_ne!(fold("บ้าน"), fold("บาน"));
    }

    #[test]
    fn a_fold_is_its_own() {
        for c in '\0'..=char::MAX {
            let folded = fold(c.encode_utf8(&mut [0; 4]));
            assert_eq!(fold(&folded), folded, "{c:?}");
        }
    }

    #[test]
    fn slashes_in_names_stay_there() {
        assert_eq!(fold_path("/A/b／c"), "/a/b∕c");
        assert_eq!(fold_path("b／c"), fold_path("B／C"));
    }

    #[test]
    fn width_and_what_takes_no_room_are_not_seen() {
        assert_eq!(as_seen("ｔｗｏ　ｄｏｇｓ"), "two dogs");
        assert_eq!(as_seen("do\u{200b}g\u{ad}s\u{feff}"), "dogs");
        assert_eq!(as_seen("ﾈｺ"), "ネコ");
        assert_eq!(as_seen("½ ﬁ é 海"), "½ ﬁ é 海", "what is seen stays");
        assert_eq!(as_seen("می\u{200c}خواهم"), "می\u{200c}خواهم");
    }
}
