//! Counts the words of many files, with actors.
//!
//! ```text
//! cargo run --release --example wordcount -- [PATH…] [--workers N] [--top N] [--verify] [--crash-every N] [--crash-shards N]
//!     [--compare ROUNDS]
//! ```
//!
//! | actor | does | if it crashes |
//! |---|---|---|
//! | [`Keeper`](keeper::Keeper) | keeps the tables of the shards; does nothing that could crash | |
//! | [`Shard`](shard::Shard), several | adds up its share of the words, in a table that the keeper lends it | the table goes home, and what waits for the shard waits |
//! | [`Ledger`](ledger::Ledger) | knows which file is with whom; does nothing that could crash | |
//! | [`Reader`](reader::Reader) | walks the paths | the run is over, and says so |
//! | [`Worker`](worker::Worker), a pool | counts one file at a time | the next life asks the ledger, and is given the same file |
//! | [`Foreman`](foreman::Foreman) | fills the pool | it fills the pool again |
//! | [`Reporter`](reporter::Reporter) | shows a bar, or lines | it shows a new one |
//!
//! A worker asks the ledger for a file, counts it by itself, and hands the counts of the whole file in; the ledger passes them
//! on to the shards in one step. So a file is counted once or not at all, wherever a worker crashes. A shard notes each word that it adds
//! where it adds it, in the table; so a part is added once, wherever a shard crashes. [`tree`] says who restarts whom.

mod account;
mod arguments;
mod compare;
mod count;
mod foreman;
mod injected;
mod job;
mod keeper;
mod ledger;
mod plain;
mod reader;
mod reporter;
mod screen;
mod shard;
mod skip;
mod table;
mod tally;
mod tree;
mod walk;
mod words;
mod worker;

use account::Totals;
use arguments::Arguments;
use clap::Parser;
use job::{End, Plan};
use skip::Reason;
use std::{
    error::Error,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};
use tokio::runtime::{Builder, Runtime};

/// The exit status after Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    injected::report_briefly();
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            screen::set_bar(None);
            screen::say(&format!("wordcount: {error}"));
            ExitCode::from(2)
        }
    }
}

/// Does what is asked for. The exit status says whether nothing is missing.
fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let plan = Plan {
        roots: arguments.roots()?,
        workers: arguments.workers(),
        shows_progress: arguments.compare.is_none(),
        crash_every: arguments.crash_every(),
        crash_shards: arguments.crash_shards(),
    };
    let runtime = runtime(plan.workers)?;
    if let Some(rounds) = arguments.compare {
        let comparison = compare::run(&runtime, &plan, rounds)?;
        said(&comparison.to_string())?;
        return Ok(status(comparison.agrees()));
    }
    let totals = match runtime.block_on(job::run(plan.clone()))? {
        End::Done(totals) => totals,
        End::Interrupted(account, crashes, time) => {
            let time = time.as_secs_f64();
            said(&format!("interrupted after {time:.2} s; until then {account}, {crashes}"))?;
            return Ok(ExitCode::from(INTERRUPTED));
        }
    };
    let top = tally::top(&totals.tallies, arguments.top);
    let mut report: Vec<_> =
        top.iter().map(|(word, count)| format!("{count:>10}  {word}")).collect();
    report.push(totals.to_string());
    said(&report.join("\n"))?;
    let agrees = !arguments.verify || verify(&totals, plan.roots)?;
    let not_there = |skip: &skip::Skip| skip.reason == Reason::NotThere;
    Ok(status(agrees && totals.is_complete() && !totals.account.skipped.iter().any(not_there)))
}

fn status(is_good: bool) -> ExitCode {
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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
