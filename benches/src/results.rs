//! The files that show what was found to those who do not run it: `RESULTS.md` and `results.svg`.

use crate::{arguments::Comparison, chart, comparison::Row, report, table::Table};
use std::{fs, io, path::Path};

const HEADING: &str = "\
# Results

Written by `cargo run --release --manifest-path benches/Cargo.toml -- --write`. The [README](README.md) says what each line means, and how far
to trust it. A ratio is the median of those of all repetitions, with the smallest and the largest: below 1 is quicker, or smaller, than by hand.
`-` where a contender cannot do a work, or does it in a way of its own that would not be comparable.

![Ratios to actors by hand, on a log scale](results.svg)

";

/// Writes both into the folder of this crate.
pub(crate) fn write(rows: &[Row], comparison: &Comparison) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = report::text(rows, comparison, Table::markdown);
    fs::write(folder.join("RESULTS.md"), format!("{HEADING}{text}"))?;
    fs::write(folder.join("results.svg"), chart::svg(rows, &comparison.contenders))
}
