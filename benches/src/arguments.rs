//! The command line.

use crate::{
    contenders::{self, Entry},
    runtime::Runtime,
    work::Work,
};
use lexopt::prelude::*;
use std::{
    ffi::OsString,
    num::{NonZeroU64, NonZeroUsize},
};

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Compares Ghostlight with actors written by hand on tokio, and with other frameworks.

  --only WORK             measure this work only; may be given several times
  --against CONTENDER     compare this one only with the one by hand; may be given several times
  --runtime two|one|both  multi-thread with two workers, current-thread, or both (default)
  --reps N                repetitions, each a fresh process for each contender (default 7)
  --size N                operations per measurement, instead of each work's own number
  --markdown              print the tables as Markdown
  --write                 write RESULTS.md and results.svg beside this program's Cargo.toml as well

  --measure WORK CONTENDER two|one    measure once, in this process, and print the figure
";

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Command {
    Help,
    Measure { work: Work, contender: Entry, runtime: Runtime, size: Option<u64> },
    Compare(Comparison),
}

/// What is to be compared, and how.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) works: Vec<Work>,
    /// The baseline is the first.
    pub(crate) contenders: Vec<Entry>,
    pub(crate) runtimes: Vec<Runtime>,
    pub(crate) repetitions: usize,
    pub(crate) size: Option<u64>,
    pub(crate) markdown: bool,
    pub(crate) write: bool,
}

/// Reads the command line.
pub(crate) fn parse(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Command, lexopt::Error> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut measure = None;
    let mut size = None;
    let mut works = Vec::new();
    let mut against = Vec::new();
    let mut runtimes = Runtime::ALL.to_vec();
    let mut repetitions = 7;
    let (mut markdown, mut write) = (false, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Long("measure") => {
                let work = work(&parser.value()?.string()?)?;
                let contender = contender(&parser.value()?.string()?)?;
                measure = Some((work, contender, runtime(&parser.value()?.string()?)?));
            }
            Long("only") => works.push(work(&parser.value()?.string()?)?),
            Long("against") => against.push(contender(&parser.value()?.string()?)?.name),
            Long("runtime") => runtimes = these_runtimes(&parser.value()?.string()?)?,
            Long("reps") => repetitions = parser.value()?.parse::<NonZeroUsize>()?.get(),
            Long("size") => size = Some(parser.value()?.parse::<NonZeroU64>()?.get()),
            Long("markdown") => markdown = true,
            Long("write") => write = true,
            other => return Err(other.unexpected()),
        }
    }
    if let Some((work, contender, runtime)) = measure {
        return Ok(Command::Measure { work, contender, runtime, size });
    }
    if works.is_empty() {
        works.extend(Work::all());
    }
    let mut contenders = contenders::ALL.to_vec();
    if !against.is_empty() {
        against.push(contenders::BASELINE.name);
        contenders.retain(|entry| against.contains(&entry.name));
    }
    Ok(Command::Compare(Comparison {
        works,
        contenders,
        runtimes,
        repetitions,
        size,
        markdown,
        write,
    }))
}

fn work(name: &str) -> Result<Work, String> {
    let found = Work::all().find(|work| work.facts().name == name);
    found.ok_or_else(|| unknown("work", name, Work::all().map(|work| work.facts().name)))
}

fn contender(name: &str) -> Result<Entry, String> {
    let found = contenders::ALL.iter().find(|entry| entry.name == name);
    let all = contenders::ALL.iter().map(|entry| entry.name);
    found.copied().ok_or_else(|| unknown("contender", name, all))
}

fn runtime(name: &str) -> Result<Runtime, String> {
    let found = Runtime::ALL.into_iter().find(|runtime| runtime.name() == name);
    found.ok_or_else(|| unknown("runtime", name, Runtime::ALL.map(Runtime::name)))
}

fn these_runtimes(name: &str) -> Result<Vec<Runtime>, String> {
    match name {
        "both" => Ok(Runtime::ALL.to_vec()),
        "two" | "one" => runtime(name).map(|runtime| vec![runtime]),
        _ => Err(unknown("runtime", name, ["two", "one", "both"])),
    }
}

fn unknown(what: &str, name: &str, known: impl IntoIterator<Item = &'static str>) -> String {
    let known: Vec<_> = known.into_iter().map(|name| format!("`{name}`")).collect();
    format!("unknown {what} `{name}`\nhelp: one of {}", known.join(", "))
}
