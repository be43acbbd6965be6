//! One spelling per address.
//!
//! Routers decode a path before they match it, so one address has many spellings. This server
//! answers to one of them only; no address of its own needs a percent sign.

use actix_web::http::Uri;

/// Whether a path is written as this server's own addresses are: letters, digits and `- . _`
/// between single slashes, no dot segments, no slash at the end.
pub(crate) fn is_canonical(uri: &Uri) -> bool {
    let path = uri.path();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let is_segment =
        |part: &str| !part.is_empty() && part != "." && part != ".." && part.bytes().all(plain);
    path == "/" || path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_segment))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> bool {
        is_canonical(&text.parse().unwrap())
    }

    #[test]
    fn own_addresses_are() {
        for text in ["/", "/health", "/api/photos/3fa9/original?view=1", "/assets/main.js"] {
            assert!(canonical(text), "{text}");
        }
        assert!(canonical("http://localhost:7337/api/status?q=%61"));
    }

    #[test]
    fn other_spellings_are_not() {
        for text in [
            "*",
            "//",
            "/api/",
            "//api/status",
            "/api//status",
            "/./api/status",
            "/x/../api/status",
            "/%61pi/status",
            "/api%2Fstatus",
            "/api%2fstatus",
            "/%2e%2e/api",
            "/%2561pi/status",
            "/api;x/status",
            "/api/status%00",
            "/api/stat+us",
        ] {
            assert!(!canonical(text), "{text}");
        }
    }
}
