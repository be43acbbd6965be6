//! Opening the search page in a browser.

/// Opens an address where there is a screen; says so where that fails.
pub fn open(url: &str) {
    if !has_a_screen() {
        return;
    }
    if let Err(error) = open::that_detached(url) {
        log::warn!("no browser could be opened ({error}); open the address above yourself");
    }
}

/// Windows and macOS sessions have one; elsewhere a display server says so.
fn has_a_screen() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
