//! Counts the words of many files, with actors.
//!
//! ```text
//! cargo run --release --example wordcount -- [PATH…] [--workers N] [--top N] [--verify] [--compare ROUNDS]
//! ```
//!
//! | actor | does | depends on |
//! |---|---|---|
//! | [`Shard`](shard::Shard), several | holds the counts of its share of the words | |
//! | [`Ledger`](ledger::Ledger) | knows which file is with whom; does nothing that could crash | the shards |
//! | [`Reader`](reader::Reader) | walks the paths | the ledger |
//! | [`Worker`](worker::Worker), a pool | counts one file at a time | the ledger |
//! | [`Reporter`](reporter::Reporter) | shows a bar, or lines | the ledger |
//!
//! A worker asks the ledger for a file, counts it by itself, and hands the counts of the whole file in; the ledger passes them
//! on to the shards in one step. So a file is counted once or not at all, wherever a worker crashes.

mod account;
mod arguments;
mod compare;
mod count;
mod job;
mod ledger;
mod plain;
mod reader;
mod reporter;
mod shard;
mod skip;
mod tally;
mod walk;
mod words;
mod worker;

use account::Totals;
use arguments::Arguments;
use clap::Parser;
use job::Plan;
use skip::Reason;
use std::{
    error::Error,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};
use tokio::runtime::{Builder, Runtime};

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            drop(writeln!(io::stderr(), "wordcount: {error}"));
            ExitCode::from(2)
        }
    }
}

/// Does what is asked for. Says whether nothing is missing.
fn run(arguments: &Arguments) -> Result<bool, Box<dyn Error>> {
    let plan = Plan {
        roots: arguments.roots()?,
        workers: arguments.workers(),
        shows_progress: arguments.compare.is_none(),
        crash_every: arguments.crash_every,
    };
    let runtime = runtime(plan.workers)?;
    if let Some(rounds) = arguments.compare {
        let comparison = compare::run(&runtime, &plan, rounds)?;
        return said(&comparison.to_string()).map(|()| comparison.agrees());
    }
    let totals = runtime.block_on(job::run(plan.clone()))?;
    let top = tally::top(&totals.tallies, arguments.top);
    let mut report: Vec<_> =
        top.iter().map(|(word, count)| format!("{count:>10}  {word}")).collect();
    report.push(totals.to_string());
    said(&report.join("\n"))?;
    let agrees = !arguments.verify || verify(&totals, plan.roots)?;
    let not_there = |skip: &skip::Skip| skip.reason == Reason::NotThere;
    Ok(agrees && totals.is_complete() && !totals.account.skipped.iter().any(not_there))
}

/// A runtime whose blocking threads are enough for every worker and the reader.
fn runtime(workers: usize) -> io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().max_blocking_threads(workers + 2).build()
}

/// Counts again in one plain loop.
fn verify(totals: &Totals, roots: Vec<PathBuf>) -> Result<bool, Box<dyn Error>> {
    let again = plain::one_loop(roots);
    let time = again.time.as_secs_f64();
    match totals.difference(&again) {
        None => said(&format!("verified: one plain loop counts the same, in {time:.2} s"))?,
        Some(difference) => said(&format!("NOT verified: {difference}"))?,
    }
    Ok(totals.difference(&again).is_none())
}

/// Prints lines. When nobody reads them any more (`| head`), that is fine.
fn said(lines: &str) -> Result<(), Box<dyn Error>> {
    match writeln!(io::stdout(), "{lines}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
