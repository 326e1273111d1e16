//! How much the actors cost, and how much their crashes: the same files counted with crashes, without, and without actors, in turn.

use crate::{
    account::{End, Totals},
    console,
    crash::Crashes,
    interrupt::{self, Interrupt},
    plain, run,
    tree::Count,
};
use std::{error::Error, fmt, process::ExitCode};
use tokio::runtime::Runtime;

/// A way to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    CrashesOn,
    CrashesOff,
    Threads,
}

impl Way {
    const ALL: [Self; 3] = [Self::CrashesOn, Self::CrashesOff, Self::Threads];

    fn name(self) -> &'static str {
        match self {
            Self::CrashesOn => "crashes on",
            Self::CrashesOff => "crashes off",
            Self::Threads => "plain threads",
        }
    }
}

/// What was measured.
#[derive(Debug, Default)]
struct Comparison {
    /// For each way the seconds that each round took.
    seconds: [Vec<f64>; 3],
    /// Of the last round, as the first way counted.
    closing: String,
    /// Where some way differs from plain threads, or what it lost.
    difference: Option<String>,
}

/// Counts `rounds` times in each way, after once that does not count: it brings the files into memory.
pub(crate) fn compare(
    runtime: &Runtime,
    interrupt: &Interrupt,
    count: &Count,
    rounds: u16,
) -> Result<ExitCode, Box<dyn Error>> {
    let first = usize::from(count.crashes.never());
    let ways = &Way::ALL[first..];
    let mut comparison = Comparison::default();
    for round in 0..=usize::from(rounds) {
        // Who comes first changes, and who comes next, so that what one leaves behind is not always the burden of the same.
        let mut order: Vec<_> = ways.iter().cycle().skip(round).take(ways.len()).copied().collect();
        if round / ways.len() % 2 == 1 {
            order.reverse();
        }
        let mut counted = Vec::new();
        for way in order {
            let crashes = if way == Way::CrashesOn { count.crashes } else { Crashes::NEVER };
            let totals = if way == Way::Threads {
                plain::threads(count.roots.clone(), count.workers)
            } else {
                let count = Count { crashes, ..count.clone() };
                runtime.block_on(run::run(count, interrupt.subscribe()))?
            };
            match &totals.end {
                End::Interrupted => return Ok(ExitCode::from(interrupt::STATUS)),
                End::Failed(why) => return Err(why.clone().into()),
                End::Settled => counted.push((way, totals)),
            }
        }
        comparison.add(&counted, round > 0);
    }
    console::print(&comparison)?;
    let agrees = comparison.difference.is_none();
    Ok(if agrees { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Comparison {
    /// Takes a round in; its times, if it `counts`.
    fn add(&mut self, counted: &[(Way, Totals)], counts: bool) {
        let threads = counted.iter().find(|(way, _)| *way == Way::Threads);
        for (way, totals) in counted {
            if counts {
                self.seconds[*way as usize].push(totals.time.as_secs_f64());
            }
            let lost = || (!totals.is_complete()).then(|| totals.to_string());
            let differs = || threads.and_then(|(_, threads)| totals.difference(threads));
            let difference = lost().or_else(differs);
            let difference = difference.map(|what| format!("{}: {what}", way.name()));
            self.difference = self.difference.take().or(difference);
        }
        if let Some((_, first)) = counted.iter().min_by_key(|(way, _)| *way as usize) {
            self.closing = first.to_string();
        }
    }

    /// How much longer one way takes than another: the median of the rounds, the least and the most.
    fn ratio(&self, way: Way, than: Way) -> [f64; 3] {
        let pairs = self.seconds[way as usize].iter().zip(&self.seconds[than as usize]);
        let ratios: Vec<f64> = pairs.map(|(one, other)| one / other).collect();
        let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        [median(&ratios), least, ratios.iter().copied().fold(0.0, f64::max)]
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_there = |way: &Way| !self.seconds[*way as usize].is_empty();
        writeln!(f, "{}", self.closing)?;
        for way in Way::ALL.into_iter().filter(is_there) {
            let seconds = &self.seconds[way as usize];
            let (name, median) = (way.name(), median(seconds));
            writeln!(f, "{name:<13} {median:.3} s (median of {})", seconds.len())?;
        }
        let pairs = [
            (Way::CrashesOn, Way::Threads),
            (Way::CrashesOn, Way::CrashesOff),
            (Way::CrashesOff, Way::Threads),
        ];
        for (way, than) in pairs.into_iter().filter(|(way, _)| is_there(way)) {
            let [median, least, most] = self.ratio(way, than);
            let (way, than) = (way.name(), than.name());
            writeln!(
                f,
                "{way} / {than}: {median:.2} (median of the rounds; from {least:.2} to {most:.2})"
            )?;
        }
        match &self.difference {
            None => f.write_str("all count the same"),
            Some(difference) => write!(f, "NOT the same: {difference}"),
        }
    }
}

fn median(numbers: &[f64]) -> f64 {
    let mut numbers = numbers.to_vec();
    numbers.sort_by(f64::total_cmp);
    let (low, high) = (numbers[(numbers.len() - 1) / 2], numbers[numbers.len() / 2]);
    f64::midpoint(low, high)
}
