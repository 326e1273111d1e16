//! What is printed: the machine, and the tables.

use crate::{
    comparison::{Row, Spread},
    contenders,
    runtime::Runtime,
    table::Table,
    work::{Target, Unit},
};
use std::{fs, thread};

/// Figures are rounded to this many digits at least: one that is no more than half of the last is as good as 0.
const NOTHING: f64 = 0.0005;

/// The machine and the versions, in one line.
pub(crate) fn machine() -> String {
    let cores = thread::available_parallelism().map_or_else(|_| "?".into(), |n| n.to_string());
    let mut line = format!("{cores} cores");
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    if let Some((_, model)) = model {
        line = format!("{line} ({model})");
    }
    line = format!("{line}, {}", env!("BENCHES_RUSTC"));
    let mut crates: Vec<_> = contenders::ALL.iter().map(|entry| entry.of_crate).collect();
    crates.sort_unstable();
    crates.dedup();
    for name in crates {
        line = format!("{line}, {name} {}", version(name));
    }
    line
}

/// The version of a crate that this program was built with.
fn version(name: &str) -> &'static str {
    let name = format!("name = \"{name}\"");
    let mut lines = include_str!("../Cargo.lock").lines().skip_while(|line| *line != name);
    let version = lines.nth(1).and_then(|line| line.strip_prefix("version = "));
    version.map_or("?", |version| version.trim_matches('"'))
}

/// Ghostlight beside the baseline.
pub(crate) fn main_table(rows: &[Row]) -> Table {
    let [baseline, subject, ..] = contenders::ALL else { unreachable!("two at least") };
    let mut table = Table::new(["work", "on", baseline.name, subject.name, "ratio", "target"]);
    for row in rows {
        let unit = match row.work.unit() {
            Unit::Nanoseconds => "ns",
            Unit::Bytes => "bytes",
            Unit::Allocations => "allocations",
            Unit::Percent => "% in time",
        };
        table.push([
            format!("{}, {unit}", row.work.title()),
            row.runtime.title().into(),
            figure(row.figure(0).median),
            figure(row.figure(1).median),
            ratio(row.ratio(1)),
            verdict(row),
        ]);
    }
    table
}

/// All other contenders, as ratios to the baseline. `None` when there are none.
pub(crate) fn others_table(rows: &[Row]) -> Option<Table> {
    let others = contenders::ALL.get(2..).filter(|others| !others.is_empty())?;
    let names = others.iter().map(|entry| entry.name);
    let mut table = Table::new(["work", "on"].into_iter().chain(names));
    for row in rows {
        let ratios = (2..contenders::ALL.len()).map(|contender| match row.ratio(contender) {
            // The ratio of two figures that are almost 0 says nothing.
            Some(spread) if row.figure(0).median > NOTHING => ratio(Some(spread)),
            _ => figure(row.figure(contender).median),
        });
        table.push([row.work.name().into(), row.runtime.title().into()].into_iter().chain(ratios));
    }
    Some(table)
}

fn verdict(row: &Row) -> String {
    let (target, met) = match row.work.target() {
        Some(Target::Ratio(target)) if row.runtime == Runtime::Two => {
            let reached = row.ratio(1).map(|ratio| ratio.median);
            let met = reached.is_some_and(|reached| reached <= target + NOTHING);
            (target, met)
        }
        Some(Target::Figure(target)) => (target, row.figure(1).median <= target + NOTHING),
        Some(Target::AtLeast(target)) => (target, row.figure(1).median >= target),
        _ => return String::new(),
    };
    format!("{target} {}", if met { "met" } else { "MISSED" })
}

fn ratio(spread: Option<Spread>) -> String {
    spread.map_or_else(
        || "-".into(),
        |Spread { median, min, max }| format!("{median:.2} [{min:.2}..{max:.2}]"),
    )
}

fn figure(value: f64) -> String {
    if value <= NOTHING {
        "0".into()
    } else if value < 1.0 {
        format!("{value:.3}")
    } else if value < 100.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::Work;

    #[test]
    fn a_target_in_ratios_is_for_two_workers() {
        let mut row =
            Row { work: Work::Cast, runtime: Runtime::Two, figures: vec![vec![100.0], vec![66.0]] };
        assert_eq!(verdict(&row), "0.65 MISSED");
        row.figures[1] = vec![65.0];
        assert_eq!(verdict(&row), "0.65 met");
        row.runtime = Runtime::One;
        assert_eq!(verdict(&row), "");
    }

    #[test]
    fn a_target_in_figures_is_for_each_runtime() {
        let figures = vec![vec![0.03], vec![0.000_01]];
        let row = Row { work: Work::CastAllocations, runtime: Runtime::One, figures };
        assert_eq!(verdict(&row), "0 met");
    }

    #[test]
    fn figures_have_as_many_digits_as_mean_something() {
        assert_eq!(
            [0.0, 0.031_25, 1.0, 57.34, 1_801.4].map(figure),
            ["0", "0.031", "1.0", "57.3", "1801"]
        );
    }

    #[test]
    fn the_versions_are_known() {
        for entry in contenders::ALL {
            assert_ne!(version(entry.of_crate), "?", "{}", entry.of_crate);
        }
    }
}
