//! Tells the program which compiler it was built with, for the first line of its output.

use std::{env, process::Command};

fn main() {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output();
    let version = version.ok().and_then(|output| String::from_utf8(output.stdout).ok());
    println!("cargo::rustc-env=BENCHES_RUSTC={}", version.as_deref().unwrap_or("rustc ?").trim());
    println!("cargo::rerun-if-changed=build.rs");
}
