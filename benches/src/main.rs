//! What a message costs: Ghostlight beside actors written by hand on tokio, and beside other frameworks. The README says how to read it.

mod allocator;
mod arguments;
mod chart;
mod comparison;
mod contender;
mod contenders;
mod report;
mod results;
mod runtime;
mod table;
#[cfg(test)]
mod tests;
mod work;

use arguments::{Command, Comparison};
use contenders::Entry;
use runtime::Runtime;
use std::{env, error::Error, process::ExitCode};
use table::Table;
use work::Work;

fn main() -> ExitCode {
    let done = match arguments::parse(env::args_os().skip(1)) {
        // Our own errors say what is allowed.
        Err(error @ lexopt::Error::Custom(_)) => Err(error.into()),
        Err(error) => Err(format!("{error}\n\n{}", arguments::HELP).into()),
        Ok(Command::Help) => {
            print!("{}", arguments::HELP);
            Ok(())
        }
        Ok(Command::Measure { work, contender, runtime, size }) => {
            measure(work, &contender, runtime, size)
        }
        Ok(Command::Compare(comparison)) => compare(&comparison),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What a child does.
fn measure(
    work: Work,
    contender: &Entry,
    runtime: Runtime,
    size: Option<u64>,
) -> Result<(), Box<dyn Error>> {
    if work.counts() {
        allocator::activate();
    }
    work::crash::hide_crashes();
    match (contender.measure)(work, runtime, size.unwrap_or(work.facts().size)) {
        Some(measured) if measured.seen != measured.expected => {
            let (name, work) = (contender.name, work.facts().name);
            return Err(format!("{name} did not do the work `{work}`: {measured:?}").into());
        }
        Some(measured) => println!("{}", measured.figure),
        None => println!("{}", comparison::CANNOT),
    }
    Ok(())
}

fn compare(comparison: &Comparison) -> Result<(), Box<dyn Error>> {
    let (rows, failures) = comparison::run(comparison);
    let print = if comparison.markdown { Table::markdown } else { Table::text };
    print!("{}", report::text(&rows, comparison, print));
    if comparison.write {
        results::write(&rows, comparison)?;
    }
    for failure in &failures {
        eprintln!("{failure}");
    }
    match failures.len() {
        0 => Ok(()),
        failures => Err(format!("{failures} measurements failed").into()),
    }
}
