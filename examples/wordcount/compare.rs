//! How much the actors cost: the same files counted with them and without, in turn.

use crate::{
    account::Totals,
    job::{self, Plan},
    plain,
};
use std::{error::Error, fmt, time::Duration};
use tokio::runtime::Runtime;

/// What was measured.
#[derive(Debug)]
pub(crate) struct Comparison {
    rounds: Vec<Round>,
    /// Of the last round with actors.
    totals: Totals,
    difference: Option<String>,
}

#[derive(Debug)]
struct Round {
    actors: Duration,
    threads: Duration,
}

/// Counts `rounds` times with actors and as often with plain threads, after once with each that does not count: it brings the files
/// into memory.
pub(crate) fn run(
    runtime: &Runtime,
    plan: &Plan,
    rounds: u16,
) -> Result<Comparison, Box<dyn Error>> {
    let mut measured = Vec::new();
    for round in 0..=rounds {
        let by_actors = || runtime.block_on(job::run(plan.clone()));
        let by_threads = || plain::threads(plan.roots.clone(), plan.workers);
        // Who comes first alternates, so that what the one leaves behind is not always the other's burden.
        let (totals, again) = if round % 2 == 0 {
            let totals = by_actors()?;
            (totals, by_threads())
        } else {
            let again = by_threads();
            (by_actors()?, again)
        };
        if round > 0 {
            measured.push(Round { actors: totals.time, threads: again.time });
        }
        if round == rounds {
            let difference = totals.difference(&again);
            return Ok(Comparison { rounds: measured, totals, difference });
        }
    }
    unreachable!("the last round returns")
}

impl Comparison {
    /// Whether both count the same, and nothing is lost.
    pub(crate) fn agrees(&self) -> bool {
        self.difference.is_none() && self.totals.is_complete()
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let actors = median(self.rounds.iter().map(|round| round.actors.as_secs_f64()));
        let threads = median(self.rounds.iter().map(|round| round.threads.as_secs_f64()));
        let ratios =
            || self.rounds.iter().map(|r| r.actors.as_secs_f64() / r.threads.as_secs_f64());
        writeln!(f, "{}", self.totals)?;
        writeln!(f, "actors        {actors:.3} s (median of {})", self.rounds.len())?;
        writeln!(f, "plain threads {threads:.3} s")?;
        write!(
            f,
            "ratio         {:.2} (median of the rounds; from {:.2} to {:.2})",
            median(ratios()),
            ratios().fold(f64::INFINITY, f64::min),
            ratios().fold(0.0, f64::max)
        )?;
        match &self.difference {
            None => f.write_str("\nboth count the same"),
            Some(difference) => write!(f, "\nNOT the same: {difference}"),
        }
    }
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    let (low, high) = (numbers[(numbers.len() - 1) / 2], numbers[numbers.len() / 2]);
    f64::midpoint(low, high)
}
