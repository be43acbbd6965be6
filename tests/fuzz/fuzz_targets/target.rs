//! Runs the target that `SEER_FUZZ_TARGET` names on what libFuzzer thinks of.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static RUN: LazyLock<fn(&[u8]) -> bool> = LazyLock::new(|| {
    // A panic of a foreign decoder is caught by ours and no finding, so it must not end the program,
    // as libFuzzer's hook would; one that comes out of a target still does.
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
    let name = std::env::var("SEER_FUZZ_TARGET").unwrap_or_default();
    let found = seer_fuzz::TARGETS.iter().find(|target| target.name == name);
    found.map(|target| target.run).unwrap_or_else(|| panic!("SEER_FUZZ_TARGET: no target {name:?}"))
});

fuzz_target!(|bytes: &[u8]| {
    RUN(bytes);
});
