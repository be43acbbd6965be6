//! PackBits (TIFF 6.0, section 9): runs and plain bytes.

/// At most `length` bytes of the unpacked data; fewer where it ends early.
pub(crate) fn unpack(mut packed: &[u8], length: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(length.min(packed.len().saturating_mul(64)));
    while out.len() < length {
        let Some((head, rest)) = packed.split_first() else { break };
        let room = length - out.len();
        match *head {
            // Nothing, by the rules.
            128 => packed = rest,
            head if head < 128 => {
                let count = usize::from(head) + 1;
                let (plain, rest) = rest.split_at(count.min(rest.len()));
                out.extend(&plain[..plain.len().min(room)]);
                packed = rest;
            }
            head => {
                let Some((value, rest)) = rest.split_first() else { break };
                let count = 257 - usize::from(head);
                out.resize(out.len() + count.min(room), *value);
                packed = rest;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_plain_bytes_are_unpacked_up_to_the_length() {
        let packed = [2, 1, 2, 3, 128, 254, 9, 0, 7];
        assert_eq!(unpack(&packed, 100), [1, 2, 3, 9, 9, 9, 7]);
        assert_eq!(unpack(&packed, 5), [1, 2, 3, 9, 9]);
        assert_eq!(unpack(&packed, 2), [1, 2]);
        assert_eq!(unpack(&[5, 1, 2], 100), [1, 2]);
        assert!(unpack(&[200], 100).is_empty());
    }
}
