//! The table in `docs/conformance.md` says of every case of OTP's suites which test covers it, and the tests say the same.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

const SUITES: [&str; 4] =
    ["supervisor_SUITE", "gen_server_SUITE", "supervisor_test", "gen_server_test"];

/// The folder of the whole project.
fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(project().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All cases, as `suite/case`.
fn cases() -> BTreeSet<String> {
    let case = |line: &str| line.split('\t').take(2).collect::<Vec<_>>().join("/");
    read("runtime/tests/conformance/cases.tsv").lines().skip(1).map(case).collect()
}

/// A line of the table.
struct Line {
    tests: Vec<String>,
    verdict: String,
}

/// The table, by `suite/case`.
fn table() -> BTreeMap<String, Line> {
    let page = read("docs/conformance.md");
    let mut suite = "";
    let mut lines = BTreeMap::new();
    for line in page.lines() {
        if line.starts_with("## ") {
            suite = line.split('`').nth(1).unwrap();
        } else if let [_, case, tests, verdict, _] = line.split('|').collect::<Vec<_>>()[..]
            && !matches!(case.trim(), "case" | "---")
        {
            let tests = tests.split("<br>").map(|test| test.trim().trim_matches('`').to_owned());
            let verdict = verdict.trim().to_owned();
            let line = Line { tests: tests.collect(), verdict };
            let case = format!("{suite}/{}", case.trim());
            assert!(lines.insert(case.clone(), line).is_none(), "{case}: two lines");
        }
    }
    lines
}

/// The cases that each test names in its doc comment, by `file::test`.
fn tests() -> BTreeMap<String, BTreeSet<String>> {
    let mut tests = BTreeMap::new();
    for entry in fs::read_dir(project().join("runtime/tests")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let file = path.file_stem().unwrap().to_str().unwrap();
        let (mut doc, mut is_test) = (String::new(), false);
        for line in fs::read_to_string(&path).unwrap().lines() {
            if let Some(text) = line.strip_prefix("///") {
                doc += text;
            } else if line.starts_with("#[") {
                is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            } else {
                let function = line.strip_prefix("async fn ").or(line.strip_prefix("fn "));
                if let Some((name, _)) = function.and_then(|function| function.split_once('('))
                    && is_test
                {
                    tests.insert(format!("{file}::{name}"), named(&doc));
                }
                (doc, is_test) = (String::new(), false);
            }
        }
    }
    tests
}

/// The cases that a doc comment names, those too that it misspells.
fn named(doc: &str) -> BTreeSet<String> {
    let code = doc.split('`').skip(1).step_by(2);
    let is_case =
        |code: &&str| code.contains('/') && code.split('/').any(|suite| SUITES.contains(&suite));
    code.filter(is_case).map(str::to_owned).collect()
}

#[test]
fn every_case_of_otps_suites_is_covered_as_the_table_says() {
    let (cases, table, tests) = (cases(), table(), tests());
    let mut wrong = Vec::new();
    for case in cases.iter().filter(|case| !table.contains_key(*case)) {
        wrong.push(format!("{case}: no line in the table; write a test, and the line"));
    }
    for (case, Line { tests: listed, verdict }) in &table {
        if !cases.contains(case) {
            wrong.push(format!("{case}: no case of cases.tsv"));
        }
        if verdict != "as OTP" && !verdict.starts_with("differs: because ") {
            wrong.push(format!("{case}: the verdict is `as OTP` or `differs: because ..`"));
        }
        for test in listed {
            if test.starts_with("ui-tests/") {
                if !project().join(test).is_file() {
                    wrong.push(format!("{case}: there is no `{test}`"));
                }
            } else if tests.get(test).is_none_or(|named| !named.contains(case)) {
                wrong.push(format!("{case}: no test `{test}` whose comment says OTP: `{case}`"));
            }
        }
    }
    for (test, named) in &tests {
        for case in named {
            if !cases.contains(case) {
                wrong.push(format!(
                    "{case}: `{test}` names it, and no case of cases.tsv is so called"
                ));
            } else if table.get(case).is_none_or(|line| !line.tests.contains(test)) {
                wrong.push(format!("{case}: `{test}` names it; add that to the table"));
            }
        }
    }
    assert!(wrong.is_empty(), "docs/conformance.md:\n{}", wrong.join("\n"));
}
