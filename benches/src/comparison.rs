//! Runs the children, and works out the ratios.

use crate::{arguments::Comparison, contenders::Entry, runtime::Runtime, work::Work};
use std::{
    env, io,
    process::{Command, Stdio},
};

/// What a child prints that cannot do its work.
pub(crate) const CANNOT: &str = "-";

/// One work on one runtime: a figure for each contender and repetition.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) work: Work,
    pub(crate) runtime: Runtime,
    /// By contender, then by repetition. `None` where a contender cannot do this, or failed.
    pub(crate) figures: Vec<Vec<Option<f64>>>,
}

/// The median of some numbers, and how far they spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

/// Measures everything. Says of each child that failed what it was, and goes on.
///
/// A repetition goes through all works, so that what else the machine does for a while spoils few repetitions of each. The
/// contenders take turns at being first. Bytes and allocations are the same each time, and are counted in the first only.
pub(crate) fn run(comparison: &Comparison) -> (Vec<Row>, Vec<io::Error>) {
    let contenders = &comparison.contenders;
    let mut failures = Vec::new();
    let mut rows = Vec::new();
    for &work in &comparison.works {
        for &runtime in &comparison.runtimes {
            rows.push(Row { work, runtime, figures: vec![Vec::new(); contenders.len()] });
        }
    }
    for repetition in 0..comparison.repetitions {
        eprintln!("repetition {} of {}", repetition + 1, comparison.repetitions);
        let counted = |row: &&mut Row| repetition > 0 && row.work.facts().unit.is_exact();
        for row in rows.iter_mut().filter(|row| !counted(row)) {
            for turn in 0..contenders.len() {
                let contender = (repetition + turn) % contenders.len();
                let entry = &contenders[contender];
                let figure = measure(row.work, entry, row.runtime, comparison.size);
                row.figures[contender].push(figure.unwrap_or_else(|failure| {
                    failures.push(failure);
                    None
                }));
            }
        }
    }
    (rows, failures)
}

/// Measures once, in a fresh process.
fn measure(
    work: Work,
    contender: &Entry,
    runtime: Runtime,
    size: Option<u64>,
) -> io::Result<Option<f64>> {
    let mut child = Command::new(env::current_exe()?);
    child.args(["--measure", work.facts().name, contender.name, runtime.name()]);
    if let Some(size) = size {
        child.args(["--size", &size.to_string()]);
    }
    let output = child.stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    match text.trim() {
        CANNOT if output.status.success() => Ok(None),
        figure => {
            figure.parse().ok().filter(|_| output.status.success()).map(Some).ok_or_else(|| {
                io::Error::other(format!("the child {child:?} failed: {}", output.status))
            })
        }
    }
}

impl Row {
    /// The figures of a contender. `None` where it has none.
    pub(crate) fn figure(&self, contender: usize) -> Option<Spread> {
        Spread::of(self.figures[contender].iter().copied().flatten().collect())
    }

    /// How many times what the baseline needs a contender needs, repetition by repetition. `None` where either has no
    /// figures, or the baseline needs nothing.
    pub(crate) fn ratio(&self, contender: usize) -> Option<Spread> {
        let pairs = self.figures[contender].iter().zip(&self.figures[0]);
        let ratios: Vec<_> =
            pairs.filter_map(|(figure, baseline)| Some((*figure)? / (*baseline)?)).collect();
        Spread::of(ratios).filter(|ratio| ratio.max.is_finite())
    }
}

impl Spread {
    /// Of at least one number.
    fn of(mut numbers: Vec<f64>) -> Option<Self> {
        numbers.sort_by(f64::total_cmp);
        let (min, max) = (*numbers.first()?, *numbers.last()?);
        let (low, high) = (numbers[(numbers.len() - 1) / 2], numbers[numbers.len() / 2]);
        Some(Self { median: f64::midpoint(low, high), min, max })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(figures: &[&[f64]]) -> Row {
        let figures = figures.iter().map(|of_one| of_one.iter().copied().map(Some).collect());
        Row { work: Work::Cast, runtime: Runtime::Two, figures: figures.collect() }
    }

    #[test]
    fn a_ratio_is_taken_within_each_repetition() {
        let row = row(&[&[10.0, 20.0, 100.0], &[5.0, 5.0, 100.0]]);
        assert_eq!(row.ratio(1), Some(Spread { median: 0.5, min: 0.25, max: 1.0 }));
        assert_eq!(row.figure(1), Some(Spread { median: 5.0, min: 5.0, max: 100.0 }));
    }

    #[test]
    fn the_median_of_an_even_number_is_between_the_middle_two() {
        let spread = Spread::of(vec![4.0, 1.0, 2.0, 3.0]);
        assert_eq!(spread, Some(Spread { median: 2.5, min: 1.0, max: 4.0 }));
    }

    #[test]
    fn there_is_no_ratio_to_nothing() {
        assert_eq!(row(&[&[0.0], &[1.0]]).ratio(1), None);
    }

    #[test]
    fn there_is_no_ratio_of_what_a_contender_cannot_do() {
        let mut row = row(&[&[2.0, 2.0], &[1.0, 1.0]]);
        row.figures[1] = vec![None, Some(1.0)];
        assert_eq!(row.ratio(1), Some(Spread { median: 0.5, min: 0.5, max: 0.5 }));
        row.figures[1] = vec![None, None];
        assert_eq!(row.ratio(1), None);
    }
}
