//! Ways to write the path of an address that a router or a proxy might take for the same one.

use std::collections::BTreeSet;

/// Written instead of a slash.
const SLASHES: [&str; 9] = ["//", "/./", "/x/../", "%2F", "%2f", "/%2e/", "%5C", "/;/", "%c0%af"];
/// Written behind the path.
const ENDS: [&str; 8] = ["/", "/.", "/x/..", "%00", "%20", ";x=1", "%23", "%3F"];

/// Every other spelling of `path`; none of them is an address of this server.
pub(super) fn of(path: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (at, letter) in path.char_indices().skip(1) {
        let (before, after) = (&path[..at], &path[at + 1..]);
        let code = letter as u32;
        for written in [format!("%{code:02X}"), format!("%{code:02x}"), format!("%25{code:02x}")] {
            all.insert(format!("{before}{written}{after}"));
        }
        if letter == '/' {
            all.extend(SLASHES.iter().map(|slash| format!("{before}{slash}{after}")));
        }
    }
    all.extend(SLASHES.iter().map(|slash| format!("{slash}{}", &path[1..])));
    all.extend(ENDS.iter().map(|end| format!("{path}{end}")));
    let encoded: String = path.bytes().map(|b| format!("%{b:02x}")).collect();
    all.insert(format!("/{}", &encoded[3..]));
    all.insert(encoded);
    // The first letters' case; ids may be written either way.
    let upper = path.replacen("api", "API", 1).replacen("assets", "Assets", 1);
    all.insert(upper.replacen("health", "Health", 1));
    // Those that begin without a slash are no request line at all; `//` alone would be "/".
    all.retain(|spelling| spelling.starts_with('/') && spelling != path);
    all
}
