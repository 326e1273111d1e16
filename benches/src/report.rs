//! What is printed: the machine, and the tables.

use crate::{
    arguments::Comparison,
    comparison::{Row, Spread},
    contenders::{BASELINE, Entry, SUBJECT},
    table::Table,
    work::{Of, Unit},
};
use std::{fs, thread};

/// Figures are rounded to this many digits at least: one that is no more than half of the last is as good as 0.
const NOTHING: f64 = 0.0005;

/// All of it; each table the way `print` does it.
pub(crate) fn text(rows: &[Row], comparison: &Comparison, print: fn(&Table) -> String) -> String {
    let contenders = &comparison.contenders;
    let mut text = format!("{}; medians of {}\n", machine(contenders), comparison.repetitions);
    if let Some(table) = main_table(rows, contenders) {
        text = format!("{text}\n{}", print(&table));
    }
    if let Some(table) = others_table(rows, contenders) {
        let name = BASELINE.name;
        text =
            format!("{text}\nThe others, as ratios to {name}, or as figures:\n\n{}", print(&table));
    }
    text
}

/// The machine and the versions, in one line.
fn machine(contenders: &[Entry]) -> String {
    let cores = thread::available_parallelism().map_or_else(|_| "?".into(), |n| n.to_string());
    let mut line = format!("{cores} cores");
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    if let Some((_, model)) = model {
        line = format!("{line} ({model})");
    }
    line = format!("{line}, {}", env!("BENCHES_RUSTC"));
    let mut versions: Vec<_> = contenders
        .iter()
        .map(|entry| (entry.version)().unwrap_or_else(|| format!("no {}", entry.name)))
        .collect();
    versions.sort_unstable();
    versions.dedup();
    for version in versions {
        line = format!("{line}, {version}");
    }
    line
}

/// Ghostlight beside the baseline. `None` where it does not take part.
fn main_table(rows: &[Row], contenders: &[Entry]) -> Option<Table> {
    let subject = contenders.iter().position(|entry| entry.name == SUBJECT.name)?;
    let mut table =
        Table::new(["work", "on", BASELINE.name, SUBJECT.name, "ratio", "must", "goal", "met"]);
    for row in rows {
        let facts = row.work.facts();
        let at = row.runtime as usize;
        let (must, goal) = facts.target.map_or_else(Default::default, |target| {
            (target.must[at].to_string(), target.goal[at].to_string())
        });
        table.push([
            title(row),
            row.runtime.title().into(),
            figure(row.figure(0)),
            figure(row.figure(subject)),
            if is_compared(row) { ratio(row.ratio(subject)) } else { String::new() },
            must,
            goal,
            verdict(row, subject).into(),
        ]);
    }
    Some(table)
}

/// All other contenders, as ratios to the baseline. `None` when there are none.
fn others_table(rows: &[Row], contenders: &[Entry]) -> Option<Table> {
    let others: Vec<_> = (1..contenders.len())
        .filter(|&contender| contenders[contender].name != SUBJECT.name)
        .collect();
    let names = others.iter().map(|&contender| contenders[contender].name);
    let mut table = Table::new(["work", "on"].into_iter().chain(names));
    for row in rows {
        let title = if is_compared(row) { row.work.facts().title.into() } else { title(row) };
        let cells = others.iter().map(|&contender| {
            if is_compared(row) {
                ratio(row.ratio(contender))
            } else {
                figure(row.figure(contender))
            }
        });
        table.push([title, row.runtime.title().into()].into_iter().chain(cells));
    }
    (!others.is_empty()).then_some(table)
}

fn title(row: &Row) -> String {
    let facts = row.work.facts();
    format!("{}, {}", facts.title, facts.unit.name())
}

/// Whether it is the ratio to the baseline that says something: where figures are already shares of something else, or almost 0,
/// it does not.
pub(crate) fn is_compared(row: &Row) -> bool {
    let almost_nothing = row.figure(0).is_some_and(|figure| figure.median <= NOTHING);
    !matches!(row.work.facts().unit, Unit::Percent | Unit::Times) && !almost_nothing
}

/// What of its target a contender has reached.
fn verdict(row: &Row, contender: usize) -> &'static str {
    let facts = row.work.facts();
    let Some(target) = facts.target else { return "" };
    let reached = match target.of {
        Of::Ratio => row.ratio(contender),
        Of::Figure => row.figure(contender),
    };
    let meets = |limits: [f64; 2]| {
        let slack = if facts.unit == Unit::Percent { -NOTHING } else { NOTHING };
        let limit = limits[row.runtime as usize] + slack;
        reached.is_some_and(|reached| facts.unit.meets(reached.median, limit))
    };
    match () {
        () if meets(target.goal) => "goal",
        () if meets(target.must) => "must",
        () => "MISSED",
    }
}

fn ratio(spread: Option<Spread>) -> String {
    spread.map_or_else(
        || "-".into(),
        |Spread { median, min, max }| format!("{median:.2} [{min:.2}..{max:.2}]"),
    )
}

fn figure(spread: Option<Spread>) -> String {
    let Some(Spread { median, .. }) = spread else { return "-".into() };
    match median {
        ..=NOTHING => "0".into(),
        ..1.0 => format!("{median:.3}"),
        ..100.0 => format!("{median:.1}"),
        _ => format!("{median:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{runtime::Runtime, work::Work};

    fn met(work: Work, runtime: Runtime, baseline: f64, reached: f64) -> &'static str {
        let figures = vec![vec![Some(baseline)], vec![Some(reached)]];
        verdict(&Row { work, runtime, figures }, 1)
    }

    #[test]
    fn each_runtime_has_its_own_target() {
        assert_eq!(met(Work::Cast, Runtime::Two, 100.0, 66.0), "MISSED");
        assert_eq!(met(Work::Cast, Runtime::Two, 100.0, 65.0), "must");
        assert_eq!(met(Work::Cast, Runtime::One, 100.0, 66.0), "must");
        assert_eq!(met(Work::Cast, Runtime::One, 100.0, 45.0), "goal");
    }

    #[test]
    fn some_targets_are_figures() {
        assert_eq!(met(Work::CastAllocations, Runtime::One, 0.03, 0.000_01), "goal");
        assert_eq!(met(Work::ShutDown, Runtime::One, 0.1, 1.5), "must");
    }

    #[test]
    fn what_is_done_in_time_is_better_the_more_it_is() {
        assert_eq!(met(Work::OverloadFixed, Runtime::One, 5.0, 95.0), "goal");
        assert_eq!(met(Work::OverloadFixed, Runtime::One, 5.0, 89.0), "MISSED");
    }

    #[test]
    fn a_work_without_a_target_has_no_verdict() {
        assert_eq!(met(Work::CallP50, Runtime::Two, 1.0, 1.0), "");
    }

    #[test]
    fn figures_have_as_many_digits_as_mean_something() {
        let shown = [0.0, 0.031_25, 1.0, 57.34, 1_801.4]
            .map(|median| figure(Some(Spread { median, min: median, max: median })));
        assert_eq!(shown, ["0", "0.031", "1.0", "57.3", "1801"]);
    }
}
