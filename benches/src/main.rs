//! What a message costs: Ghostlight beside actors written by hand on tokio. The README says how to read it.

mod allocator;
mod arguments;
mod comparison;
mod contender;
mod contenders;
mod report;
mod runtime;
mod table;
#[cfg(test)]
mod tests;
mod work;

use arguments::{Command, Comparison};
use contenders::Entry;
use runtime::Runtime;
use std::{env, error::Error, process::ExitCode};
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
    let measured = (contender.measure)(work, runtime, size.unwrap_or(work.size()));
    if measured.seen != measured.expected {
        let (name, work) = (contender.name, work.name());
        return Err(format!("{name} did not do the work `{work}`: {measured:?}").into());
    }
    println!("{}", measured.figure);
    Ok(())
}

fn compare(comparison: &Comparison) -> Result<(), Box<dyn Error>> {
    let rows = comparison::run(comparison)?;
    println!("{}; medians of {}\n", report::machine(), comparison.repetitions);
    let main = report::main_table(&rows);
    let others = report::others_table(&rows);
    let print = if comparison.markdown { table::Table::markdown } else { table::Table::text };
    print!("{}", print(&main));
    if let Some(others) = others {
        println!("\nThe others, as ratios to {}:\n\n{}", contenders::ALL[0].name, print(&others));
    }
    Ok(())
}
