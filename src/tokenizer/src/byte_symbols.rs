//! Bytes as printable characters, the alphabet of byte-level byte-pair encodings (GPT-2, CLIP).

/// The character that stands for each byte: itself where it prints, else the next one from U+0100 on.
pub fn byte_symbols() -> [char; 256] {
    let mut next = 0x100;
    std::array::from_fn(|byte| match byte as u8 {
        b @ (b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff) => char::from(b),
        _ => {
            next += 1;
            char::from_u32(next - 1).unwrap_or('\u{fffd}')
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printable_bytes_are_themselves_and_the_rest_follow_on() {
        let symbols = byte_symbols();
        assert_eq!((symbols[b'a' as usize], symbols[0xe9]), ('a', 'é'));
        // 0x00 is the first without a print, the space the 33rd, 0xAD the last of 68.
        assert_eq!((symbols[0], symbols[b' ' as usize], symbols[0xad]), ('Ā', 'Ġ', '\u{143}'));
    }
}
