//! Every version and flag that is not in Cargo.lock (Python's are in `requirements.txt`).
//!
//! Invariant: `wasm-bindgen` is the version in Cargo.lock; a tidy rule compares them.

/// trunk 0.22 wants a newer Rust.
pub const TRUNK: &str = "0.21.14";

/// Must be exactly what the page is compiled with.
pub const WASM_BINDGEN: &str = "0.2.130";

/// Older ones, such as Debian's 108, make a module that fails when it starts.
pub const BINARYEN: &str = "132.0.0";

/// Minifies the scripts.
pub const ESBUILD: &str = "0.28.2";

/// Finds what a screen reader or a keyboard cannot use; browser scenarios run it in the page.
pub const AXE: &str = "4.14.1";

/// Looks at what is built in; `deny.toml` is written for it.
pub const CARGO_DENY: &str = "0.20.2";

/// The oldest nginx that the configuration is written for: Debian 12 has it.
pub const NGINX: [u32; 2] = [1, 22];

/// How cargo builds the page for a developer; Cargo.toml says what that means.
pub const DEV_PROFILE: &str = "page-dev";

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// `--all-features` would make a module that browsers refuse: these are what they all know.
pub const WASM_OPT_FLAGS: &[&str] = &[
    "-Oz",
    "--converge",
    // The linker puts the stack first, so nothing is at the lowest addresses.
    "--low-memory-unused",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// For the module that everybody downloads, before the others: 1 kB less of 160, and 15 s more.
pub const WASM_OPT_FIRST_FLAGS: &[&str] = &["--flatten", "--rereloop", "-Oz"];

/// A tool is used for seconds and compiled for minutes: a quick build of it is the better one.
pub const QUICK_TOOL_BUILD: &[(&str, &str)] = &[
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

/// What of wasm-bindgen is compiled with optimization all the same: it goes over the whole module of
/// the page each time a developer saves a file, in 1.5 s instead of 5.
pub const OPTIMIZED_PARTS: &[&str] =
    &["walrus", "wasm-bindgen-cli-support", "wasm-encoder", "wasmparser"];

/// Packages whose programs serve a page or pack it.
pub const SERVED_PACKAGES: &[&str] = &[
    "pilotlight-compress",
    "pilotlight-divide",
    "pilotlight-emulator",
    "pilotlight-policy",
    "pilotlight-relay",
];

/// Packages of the workspace that only compile for a browser, or only run with one.
pub const PAGE_PACKAGE: &str = "pilotlight";
pub const BROWSER_PACKAGE: &str = "pilotlight-browser-tests";
/// Its tests start nginx and Caddy, which have to be fetched first.
pub const PROXY_PACKAGE: &str = "pilotlight-proxy-tests";
