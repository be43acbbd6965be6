//! The kernel's limits of watching, in words that say what to do.

use std::fs;

/// A setting of Linux.
struct Limit {
    name: &'static str,
    what: &'static str,
    /// A value that suffices for most, unless the limit is higher already.
    enough: u64,
}

const WATCHES: Limit = Limit {
    name: "fs.inotify.max_user_watches",
    what: "folders that one user may have watched",
    enough: 1_048_576,
};

const INSTANCES: Limit = Limit {
    name: "fs.inotify.max_user_instances",
    what: "watchers that one user may have",
    enough: 1024,
};

/// Why not all folders can be watched.
pub(crate) fn of_watches() -> String {
    WATCHES.reached(WATCHES.value())
}

/// Why nothing can be watched.
pub(crate) fn of_instances() -> String {
    INSTANCES.reached(INSTANCES.value())
}

impl Limit {
    fn value(&self) -> Option<u64> {
        let file = format!("/proc/sys/{}", self.name.replace('.', "/"));
        fs::read_to_string(file).ok()?.trim().parse().ok()
    }

    fn reached(&self, value: Option<u64>) -> String {
        let Self { name, what, .. } = self;
        let enough = self.enough.max(value.unwrap_or(0).saturating_mul(2));
        let value = value.map_or_else(String::new, |value| format!(" = {value}"));
        format!(
            "the kernel's limit of {what} is reached ({name}{value}); to raise it: sudo sysctl \
             {name}={enough}, and the line \"{name}={enough}\" in /etc/sysctl.d/90-seer.conf keeps it; seer sees it \
             when it starts again"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_named_with_its_value_and_how_to_raise_it() {
        let words = WATCHES.reached(Some(8192));
        assert!(words.contains("(fs.inotify.max_user_watches = 8192)"), "{words}");
        assert!(words.contains("sudo sysctl fs.inotify.max_user_watches=1048576"), "{words}");
        assert!(WATCHES.reached(Some(2_000_000)).contains("max_user_watches=4000000"));
        assert!(INSTANCES.reached(None).contains("(fs.inotify.max_user_instances)"));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_kernel_is_asked() {
        assert!(WATCHES.value().is_some_and(|value| value > 0));
        assert!(INSTANCES.value().is_some_and(|value| value > 0));
    }
}
