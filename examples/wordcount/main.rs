//! Counts the words of many files, with actors that crash and lose nothing.
//!
//! ```text
//! cargo run --release --example wordcount -- [PATH…] [--verify] [--crash-every N] [--crash-shards N] [--compare ROUNDS]
//! ```
//!
//! The [tree](tree::Count), in the order in which it starts; each depends on those before it:
//!
//! | child | does | when it crashes |
//! |---|---|---|
//! | [`Keeper`](keeper::Keeper) | has the counts while no shard has them; does nothing that could crash | the run ends |
//! | [`Shard`](shard::Shard)s, under a supervisor | merge their share of the words | lives again, and goes on in the middle of the part |
//! | [`Ledger`](ledger::Ledger) | knows which file is with whom; does nothing that could crash | the run ends |
//! | [`Reader`](reader::Reader) | walks the paths | the run ends |
//! | [`Worker`](worker::Worker)s, in a pool | count one file at a time, and hand its words to the shards | lives again, and is given the same file |
//! | [`Foreman`](foreman::Foreman) | fills the pool | lives again |
//! | [`Reporter`](reporter::Reporter) | shows a bar, or lines | lives again |
//!
//! A worker asks the ledger for a file, counts it by itself, and leaves the words of the whole file with the ledger before it hands them
//! to the shards. So a file is counted once or not at all, wherever a worker crashes; and a word is, wherever a shard crashes.

mod account;
mod arguments;
mod compare;
mod console;
mod count;
mod crash;
mod foreman;
mod interrupt;
mod job;
mod keeper;
mod ledger;
mod plain;
mod reader;
mod reporter;
mod run;
mod shard;
mod skip;
mod table;
mod tally;
mod tree;
mod walk;
mod words;
mod worker;

use account::{End, Totals};
use arguments::Arguments;
use clap::Parser;
use interrupt::Interrupt;
use skip::{Reason, Skip};
use std::{error::Error, io, path::PathBuf, process::ExitCode};
use tokio::runtime::{Builder, Runtime};
use tree::Count;

fn main() -> ExitCode {
    done(&Arguments::parse()).unwrap_or_else(|error| {
        console::note(&format!("wordcount: {error}"));
        ExitCode::from(2)
    })
}

/// Does what is asked for, and gives the exit status.
fn done(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let count = Count {
        roots: arguments.roots()?,
        workers: arguments.workers(),
        shown: arguments.compare.is_none(),
        crashes: arguments.crashes(),
        intensity: arguments.intensity(),
    };
    crash::install(count.shown);
    let runtime = runtime(count.workers)?;
    let interrupt = runtime.block_on(Interrupt::listen());
    let status = match arguments.compare {
        Some(rounds) => compare::compare(&runtime, &interrupt, &count, rounds)?,
        None => count_once(&runtime, &interrupt, &count, arguments)?,
    };
    // Whoever still computes then, after a crash of those who must not, has nobody left to tell.
    runtime.shutdown_background();
    Ok(status)
}

/// A runtime whose blocking threads are enough for every worker and the reader.
fn runtime(workers: usize) -> io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().max_blocking_threads(workers + 2).build()
}

fn count_once(
    runtime: &Runtime,
    interrupt: &Interrupt,
    count: &Count,
    arguments: &Arguments,
) -> Result<ExitCode, Box<dyn Error>> {
    let totals = match runtime.block_on(run::run(count.clone(), interrupt.subscribe())) {
        Ok(totals) => totals,
        Err(error) => {
            console::note(&format!("wordcount: everything is lost: {error}"));
            return Ok(ExitCode::FAILURE);
        }
    };
    let top = tally::top(&totals.tallies, arguments.top);
    let mut report: Vec<_> =
        top.iter().map(|(word, count)| format!("{count:>10}  {word}")).collect();
    report.push(totals.to_string());
    console::print(report.join("\n"))?;
    match &totals.end {
        End::Interrupted => return Ok(ExitCode::from(interrupt::STATUS)),
        End::Failed(why) => {
            console::note(&format!("wordcount: {why}"));
            return Ok(ExitCode::FAILURE);
        }
        End::Settled => {}
    }
    let agrees = !arguments.verify || verify(&totals, count.roots.clone())?;
    let not_there = |skip: &Skip| skip.reason == Reason::NotThere;
    let is_good = agrees && totals.is_complete() && !totals.account.skipped.iter().any(not_there);
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Counts again in one plain loop.
fn verify(totals: &Totals, roots: Vec<PathBuf>) -> io::Result<bool> {
    let again = plain::one_loop(roots);
    let time = again.time.as_secs_f64();
    let difference = totals.difference(&again);
    match &difference {
        None => {
            console::print(format_args!("verified: one plain loop counts the same, in {time:.2} s"))
        }
        Some(difference) => console::print(format_args!("NOT verified: {difference}")),
    }?;
    Ok(difference.is_none())
}
