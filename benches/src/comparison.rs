//! Runs the children, and works out the ratios.

use crate::{
    arguments::Comparison,
    contenders::{self, Entry},
    runtime::Runtime,
    work::Work,
};
use std::{
    env, io,
    process::{Command, Stdio},
};

/// One work on one runtime: a figure for each contender and repetition.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) work: Work,
    pub(crate) runtime: Runtime,
    /// By contender, then by repetition.
    pub(crate) figures: Vec<Vec<f64>>,
}

/// The median of some numbers, and how far they spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

/// Measures everything.
///
/// A repetition goes through all works, so that what else the machine does for a while spoils few repetitions of each. The
/// contenders take turns at being first.
pub(crate) fn run(comparison: &Comparison) -> io::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for &work in &comparison.works {
        for &runtime in &comparison.runtimes {
            rows.push(Row { work, runtime, figures: vec![Vec::new(); contenders::ALL.len()] });
        }
    }
    for repetition in 0..comparison.repetitions {
        eprintln!("repetition {} of {}", repetition + 1, comparison.repetitions);
        for row in &mut rows {
            for turn in 0..contenders::ALL.len() {
                let contender = (repetition + turn) % contenders::ALL.len();
                let entry = &contenders::ALL[contender];
                let figure = measure(row.work, entry, row.runtime, comparison.size)?;
                row.figures[contender].push(figure);
            }
        }
    }
    Ok(rows)
}

/// Measures once, in a fresh process.
fn measure(work: Work, contender: &Entry, runtime: Runtime, size: Option<u64>) -> io::Result<f64> {
    let mut child = Command::new(env::current_exe()?);
    child.args(["--measure", work.name(), contender.name, runtime.name()]);
    if let Some(size) = size {
        child.args(["--size", &size.to_string()]);
    }
    let output = child.stderr(Stdio::inherit()).output()?;
    let figure = String::from_utf8_lossy(&output.stdout).trim().parse();
    figure
        .ok()
        .filter(|_| output.status.success())
        .ok_or_else(|| io::Error::other(format!("the child {child:?} failed: {}", output.status)))
}

impl Row {
    /// The figures of a contender.
    pub(crate) fn figure(&self, contender: usize) -> Spread {
        Spread::of(self.figures[contender].clone())
    }

    /// How many times what the first contender needs another one needs, repetition by repetition. `None` where the first
    /// one needs nothing.
    pub(crate) fn ratio(&self, contender: usize) -> Option<Spread> {
        let pairs = self.figures[contender].iter().zip(&self.figures[0]);
        let ratios: Vec<f64> = pairs.map(|(figure, baseline)| figure / baseline).collect();
        ratios.iter().all(|ratio| ratio.is_finite()).then(|| Spread::of(ratios))
    }
}

impl Spread {
    /// Of at least one number.
    fn of(mut numbers: Vec<f64>) -> Self {
        numbers.sort_by(f64::total_cmp);
        let (low, high) = (numbers[(numbers.len() - 1) / 2], numbers[numbers.len() / 2]);
        let median = f64::midpoint(low, high);
        Self { median, min: numbers[0], max: numbers[numbers.len() - 1] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_taken_within_each_repetition() {
        let figures = vec![vec![10.0, 20.0, 100.0], vec![5.0, 5.0, 100.0]];
        let row = Row { work: Work::Cast, runtime: Runtime::Two, figures };
        assert_eq!(row.ratio(1), Some(Spread { median: 0.5, min: 0.25, max: 1.0 }));
        assert_eq!(row.figure(1), Spread { median: 5.0, min: 5.0, max: 100.0 });
    }

    #[test]
    fn the_median_of_an_even_number_is_between_the_middle_two() {
        assert_eq!(
            Spread::of(vec![4.0, 1.0, 2.0, 3.0]),
            Spread { median: 2.5, min: 1.0, max: 4.0 }
        );
    }

    #[test]
    fn there_is_no_ratio_to_nothing() {
        let figures = vec![vec![0.0], vec![1.0]];
        let row = Row { work: Work::CastAllocations, runtime: Runtime::One, figures };
        assert_eq!(row.ratio(1), None);
    }
}
