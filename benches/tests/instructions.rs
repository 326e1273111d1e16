//! What a message costs in instructions, which no other program on the machine changes: counted by callgrind, where valgrind is
//! installed, and compared with `instructions.txt`.
//!
//! `cargo test --release --test instructions`; with `UPDATE_EXPECT=1` the figures are written anew.

use std::{
    env,
    fmt::Write,
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// How much more than the committed figure is too much.
const SLACK: f64 = 1.10;

/// Operations of a short run and of a long one: what both do besides cancels out.
const SIZES: [u32; 2] = [4_000, 20_000];

/// A child does a tenth as many again, to warm up.
const WARM_UP: f64 = 1.1;

/// The instructions of one run of a child.
fn count(work: &str, size: u32) -> f64 {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env!("CARGO_BIN_EXE_ghostlight-benches"))
        .args(["--measure", work, "ghostlight", "one", "--size"])
        .arg(size.to_string());
    let output = valgrind.output().expect("valgrind runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    // ==1234== Collected : 10205713
    let counted = said.lines().find_map(|line| line.split_once("Collected : "));
    let (_, counted) = counted.expect("callgrind says what it has counted");
    counted.trim().parse().expect("a number")
}

fn per_operation(work: &str) -> f64 {
    let [short, long] = SIZES.map(|size| count(work, size));
    (long - short) / (f64::from(SIZES[1] - SIZES[0]) * WARM_UP)
}

#[test]
fn a_message_takes_no_more_instructions_than_it_did() {
    let has_valgrind = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if cfg!(debug_assertions) || !has_valgrind {
        eprintln!("not counted: this takes `--release`, and valgrind");
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.txt");
    let known = fs::read_to_string(&path).expect("the figures are there");
    let mut new = String::new();
    let mut worse = String::new();
    for line in known.lines() {
        let Some((work, figure)) = line.split_once(' ').filter(|_| !line.starts_with('#')) else {
            writeln!(new, "{line}").expect("room");
            continue;
        };
        let (counted, figure) = (per_operation(work), figure.parse::<f64>().expect("a number"));
        println!("{work}: {counted:.0}, was {figure}");
        writeln!(new, "{work} {counted:.0}").expect("room");
        if counted > figure * SLACK {
            writeln!(worse, "{work}: {counted:.0} instructions, were {figure}").expect("room");
        }
    }
    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, new).expect("the figures can be written");
    } else {
        assert!(
            worse.is_empty(),
            "{worse}if that must be: UPDATE_EXPECT=1 cargo test --release --test instructions"
        );
    }
}
