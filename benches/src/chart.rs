//! The bar chart: for each work and contender the ratio to the baseline, on a log scale, a panel for each runtime.

use crate::{
    comparison::Row,
    contenders::{BASELINE, Entry},
    report,
    runtime::Runtime,
    work::Work,
};
use std::fmt::Write as _;

const LABELS: f64 = 190.0;
const PANEL: f64 = 380.0;
const GAP: f64 = 20.0;
const TOP: f64 = 70.0;
const BAR: f64 = 7.0;

/// The scale goes from one over this to this; what is beyond is cut, and its number says so.
const WIDEST: f64 = 100.0;

/// One for each contender. Like the grey of the text, they can be told from white and from black.
const COLOURS: [&str; 8] =
    ["#3b82f6", "#9ca3af", "#f59e0b", "#ef4444", "#10b981", "#a855f7", "#ec4899", "#14b8a6"];
const GREY: &str = "#858b94";

/// A drawing of all ratios there are.
pub(crate) fn svg(rows: &[Row], contenders: &[Entry]) -> String {
    let mut works: Vec<Work> =
        rows.iter().filter(|row| report::is_compared(row)).map(|row| row.work).collect();
    works.dedup();
    let bars = (1..contenders.len()).map(|_| BAR).sum::<f64>();
    let group = bars.max(12.0) + 8.0;
    let height = TOP + works.iter().map(|_| group).sum::<f64>() + GAP;
    let width = LABELS + 2.0 * (PANEL + GAP);
    let mut drawing = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"11\" fill=\"{GREY}\">\n"
    );
    legend(&mut drawing, contenders);
    for runtime in Runtime::ALL {
        axis(&mut drawing, runtime, height - GAP);
    }
    let mut top = TOP;
    for work in works {
        let middle = top + bars / 2.0 + 4.0;
        text(&mut drawing, LABELS - 8.0, middle, "end", work.facts().title);
        for row in rows.iter().filter(|row| row.work == work && report::is_compared(row)) {
            let mut y = top;
            for contender in 1..contenders.len() {
                if let Some(ratio) = row.ratio(contender) {
                    bar(&mut drawing, row.runtime, y, ratio.median, colour(contender));
                }
                y += BAR;
            }
        }
        top += group;
    }
    drawing + "</svg>\n"
}

fn legend(drawing: &mut String, contenders: &[Entry]) {
    let mut x = LABELS;
    for (contender, entry) in contenders.iter().enumerate().skip(1) {
        rectangle(drawing, x, 8.0, 10.0, 10.0, colour(contender));
        text(drawing, x + 14.0, 17.0, "start", entry.name);
        x += 24.0 + entry.name.chars().map(|_| 6.5).sum::<f64>();
    }
}

/// The lines at the powers of ten, and what they mean.
fn axis(drawing: &mut String, runtime: Runtime, bottom: f64) {
    let middle = left(runtime) + PANEL / 2.0;
    let title = format!("{}, times {}", runtime.title(), BASELINE.name);
    text(drawing, middle, 40.0, "middle", &title);
    for (ratio, name) in [(0.01, "1/100"), (0.1, "1/10"), (1.0, "1"), (10.0, "10"), (100.0, "100")]
    {
        let x = position(runtime, ratio);
        let opacity = if name == "1" { 0.9 } else { 0.3 };
        _ = writeln!(
            drawing,
            "<path d=\"M{x:.1} {:.1}V{bottom:.1}\" stroke=\"{GREY}\" stroke-opacity=\"{opacity}\"/>",
            TOP - 10.0
        );
        text(drawing, x, TOP - 14.0, "middle", name);
    }
}

/// From 1 to the ratio.
fn bar(drawing: &mut String, runtime: Runtime, y: f64, ratio: f64, colour: &str) {
    let (one, end) = (position(runtime, 1.0), position(runtime, ratio));
    let (x, width) = (one.min(end), (one - end).abs().max(1.0));
    rectangle(drawing, x, y, width, BAR - 1.0, colour);
    let (x, anchor) = if ratio < 1.0 { (end - 3.0, "end") } else { (end + 3.0, "start") };
    _ = writeln!(
        drawing,
        "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"7\" text-anchor=\"{anchor}\">{ratio:.2}</text>",
        y + BAR - 1.5
    );
}

fn rectangle(drawing: &mut String, x: f64, y: f64, width: f64, height: f64, colour: &str) {
    _ = writeln!(
        drawing,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{colour}\"/>"
    );
}

fn text(drawing: &mut String, x: f64, y: f64, anchor: &str, words: &str) {
    _ = writeln!(
        drawing,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>"
    );
}

fn colour(contender: usize) -> &'static str {
    COLOURS[(contender - 1) % COLOURS.len()]
}

fn left(runtime: Runtime) -> f64 {
    match runtime {
        Runtime::Two => LABELS,
        Runtime::One => LABELS + PANEL + GAP,
    }
}

/// Where a ratio is, from the left of the drawing.
fn position(runtime: Runtime, ratio: f64) -> f64 {
    let cut = ratio.clamp(WIDEST.recip(), WIDEST);
    left(runtime) + PANEL / 2.0 * (1.0 + cut.log10() / WIDEST.log10())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contenders::SUBJECT;

    #[test]
    fn a_bar_goes_from_one_to_the_ratio() {
        let figures = vec![vec![Some(10.0)], vec![Some(1.0)]];
        let rows = [Row { work: Work::Cast, runtime: Runtime::Two, figures }];
        let drawing = svg(&rows, &[BASELINE, SUBJECT]);
        // A tenth is half way from the middle of the panel to its left.
        assert!(drawing.contains("<rect x=\"285.0\" y=\"70.0\" width=\"95.0\""), "{drawing}");
        assert!(drawing.contains(">0.10</text>"), "{drawing}");
    }

    #[test]
    fn the_scale_is_even_in_powers_of_ten() {
        let at = |ratio| position(Runtime::Two, ratio) - LABELS;
        assert!((at(1.0) - PANEL / 2.0).abs() < 1e-9);
        assert!((at(10.0) - PANEL * 0.75).abs() < 1e-9);
        assert!((at(1_000.0) - PANEL).abs() < 1e-9);
    }
}
