//! Tables, as text in columns or as Markdown.

/// Rows of cells under headings.
#[derive(Debug)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headings.
    pub(crate) fn new(headings: impl IntoIterator<Item = &'static str>) -> Self {
        Self { rows: vec![headings.into_iter().map(Into::into).collect()] }
    }

    /// Adds a row with as many cells as there are headings.
    pub(crate) fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// In columns: the first two to the left, as they are names, the others to the right.
    pub(crate) fn text(&self) -> String {
        let widths = self.widths();
        let rule = widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join("  ");
        let mut lines: Vec<_> = self.rows.iter().map(|row| padded(row, &widths, "  ")).collect();
        lines.insert(1, rule);
        lines.iter().map(|line| line.trim_end().to_owned() + "\n").collect()
    }

    /// As Markdown.
    pub(crate) fn markdown(&self) -> String {
        let widths = self.widths();
        let rules: Vec<_> =
            (0..widths.len()).map(|at| if at < 2 { "---" } else { "---:" }).collect();
        let mut lines: Vec<_> =
            self.rows.iter().map(|row| format!("| {} |\n", padded(row, &widths, " | "))).collect();
        lines.insert(1, format!("|{}|\n", rules.join("|")));
        lines.concat()
    }

    fn widths(&self) -> Vec<usize> {
        let columns = 0..self.rows[0].len();
        columns.map(|at| self.rows.iter().map(|row| row[at].len()).max().unwrap_or(0)).collect()
    }
}

fn padded(row: &[String], widths: &[usize], between: &str) -> String {
    let cells = row.iter().zip(widths).enumerate().map(|(at, (cell, &width))| {
        if at < 2 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
    });
    cells.collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(["work", "on", "ns"]);
        table.push(["cast".into(), "two workers".into(), "7".into()]);
        table
    }

    #[test]
    fn text_is_in_columns() {
        let expected = "work  on           ns\n----  -----------  --\ncast  two workers   7\n";
        assert_eq!(table().text(), expected);
    }

    #[test]
    fn markdown_has_a_rule_below_its_headings() {
        let expected = "| work | on          | ns |\n|---|---|---:|\n| cast | two workers |  7 |\n";
        assert_eq!(table().markdown(), expected);
    }
}
