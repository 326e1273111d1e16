//! How much the actors cost, and how much their crashes: the same files counted with actors that crash, with actors that do not, and
//! without actors, in turn.

use crate::{
    account::Totals,
    job::{self, End, Plan},
    plain,
};
use std::{error::Error, fmt, time::Duration};
use tokio::runtime::Runtime;

/// What was measured.
#[derive(Debug)]
pub(crate) struct Comparison {
    rounds: Vec<Round>,
    /// Of the last round with actors that crash.
    totals: Totals,
    difference: Option<String>,
}

#[derive(Debug)]
struct Round {
    crashing: Duration,
    actors: Duration,
    threads: Duration,
}

/// Counts `rounds` times in each way, after once that does not count: it brings the files into memory.
pub(crate) fn run(
    runtime: &Runtime,
    plan: &Plan,
    rounds: u16,
) -> Result<Comparison, Box<dyn Error>> {
    let mut measured = Vec::new();
    for round in 0..=rounds {
        let by_actors = |plan: &Plan| match runtime.block_on(job::run(plan.clone()))? {
            End::Done(totals) => Ok(totals),
            End::Interrupted(..) => Err(Box::<dyn Error>::from("interrupted")),
        };
        let calm = Plan { crash_every: None, crash_shards: None, ..plan.clone() };
        // Who comes first alternates, so that what the one leaves behind is not always the other's burden.
        let (mut crashing, mut actors, mut threads) = (None, None, None);
        for turn in 0..3 {
            match (usize::from(round) + turn) % 3 {
                0 => crashing = Some(by_actors(plan)?),
                1 => actors = Some(by_actors(&calm)?),
                _ => threads = Some(plain::threads(plan.roots.clone(), plan.workers)),
            }
        }
        let (Some(totals), Some(actors), Some(again)) = (crashing, actors, threads) else {
            unreachable!("each had its turn");
        };
        if round > 0 {
            measured.push(Round {
                crashing: totals.time,
                actors: actors.time,
                threads: again.time,
            });
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

impl Comparison {
    /// The ratio of two times of the same round: the median, the least and the most.
    fn ratio(&self, times: fn(&Round) -> (Duration, Duration)) -> String {
        let ratios = || {
            self.rounds.iter().map(|round| {
                let (one, other) = times(round);
                one.as_secs_f64() / other.as_secs_f64()
            })
        };
        let (least, most) = (ratios().fold(f64::INFINITY, f64::min), ratios().fold(0.0, f64::max));
        format!("{:.2} (from {least:.2} to {most:.2})", median(ratios()))
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: fn(&Round) -> Duration| {
            median(self.rounds.iter().map(|round| time(round).as_secs_f64()))
        };
        writeln!(f, "{}", self.totals)?;
        writeln!(f, "medians of {} rounds:", self.rounds.len())?;
        writeln!(f, "actors that crash     {:.3} s", seconds(|round| round.crashing))?;
        writeln!(f, "actors that do not    {:.3} s", seconds(|round| round.actors))?;
        writeln!(f, "plain threads         {:.3} s", seconds(|round| round.threads))?;
        writeln!(
            f,
            "crashes to none       {}",
            self.ratio(|round| (round.crashing, round.actors))
        )?;
        writeln!(
            f,
            "crashes to threads    {}",
            self.ratio(|round| (round.crashing, round.threads))
        )?;
        write!(f, "no crashes to threads {}", self.ratio(|round| (round.actors, round.threads)))?;
        match &self.difference {
            None => f.write_str("\nall count the same"),
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
