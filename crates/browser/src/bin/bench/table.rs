//! Figures beside their targets and the former figures.
//!
//! Invariant: a figure without a target gets no verdict, one without a former figure no change.

use std::fmt::Write;

/// One figure.
#[derive(Debug)]
pub struct Row {
    figure: String,
    value: f64,
    unit: &'static str,
    /// At most this.
    target: Option<f64>,
    /// The same figure of the version before Leptos views and components.
    former: Option<f64>,
}

/// A change below this share is called none: two runs of the same page differ by as much.
const SAME: f64 = 0.03;

impl Row {
    /// A figure that is to be at most `target`.
    pub fn new(figure: impl Into<String>, value: f64, unit: &'static str, target: f64) -> Self {
        Self { figure: figure.into(), value, unit, target: Some(target), former: None }
    }

    /// A figure that is only told.
    pub fn told(figure: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { figure: figure.into(), value, unit, target: None, former: None }
    }

    /// Shows the former figure beside this one.
    #[must_use]
    pub fn formerly(mut self, former: f64) -> Self {
        self.former = Some(former);
        self
    }

    fn number(&self, value: f64) -> String {
        if self.unit == "×" { format!("{value:.2}") } else { number(value) }
    }

    /// The change since the former figure, in words.
    fn change(&self) -> String {
        let Some(former) = self.former else { return String::new() };
        let change = (self.value - former) / former;
        let percent = (change.abs() * 100.0).round();
        match change {
            _ if change.abs() < SAME => "same".to_owned(),
            _ if change > 0.0 => format!("{percent} % more"),
            _ => format!("{percent} % less"),
        }
    }
}

pub fn draw(rows: &[Row]) -> String {
    let wide = rows.iter().map(|row| row.figure.chars().count()).max().unwrap_or(0);
    let mut out = format!(
        "{:<wide$}  {:>9}  {:<8}  {:>9}  {:<7}  {:>9}  change\n",
        "figure", "", "unit", "target", "verdict", "former"
    );
    for row in rows {
        let target = row.target.map(|target| format!("≤ {}", row.number(target)));
        let former = row.former.map(|former| row.number(former)).unwrap_or_default();
        let verdict = match row.target {
            Some(target) if row.value <= target => "reached",
            Some(_) => "missed",
            None => "",
        };
        let line = format!(
            "{:<wide$}  {:>9}  {:<8}  {:>9}  {verdict:<7}  {former:>9}  {}",
            row.figure,
            row.number(row.value),
            row.unit,
            target.unwrap_or_default(),
            row.change(),
        );
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// Whole numbers as such, others to a tenth.
fn number(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 1_000.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

/// The value that this share of all values does not exceed; 0 when there are none.
pub fn share(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(at.max(1) - 1).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[f64], part: f64, expected: f64) {
        assert_eq!(share(values, part), expected, "{part} of {values:?}");
    }

    #[test]
    fn shares() {
        check(&[], 0.5, 0.0);
        check(&[3.0], 0.95, 3.0);
        check(&[5.0, 1.0, 3.0, 2.0, 4.0], 0.5, 3.0);
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        check(&hundred, 0.95, 95.0);
        check(&hundred, 1.0, 100.0);
    }

    #[test]
    fn a_row_says_whether_its_target_is_reached() {
        let table = draw(&[Row::new("a", 1.0, "ms", 2.0), Row::new("b", 2.55, "s", 2.0)]);
        assert!(table.contains("≤ 2  reached"), "{table}");
        assert!(table.contains("2.5") && table.contains("missed"), "{table}");
    }

    #[test]
    fn a_row_says_how_it_has_changed() {
        let change = |value, former| Row::told("a", value, "ms").formerly(former).change();
        assert_eq!(change(90.0, 100.0), "10 % less");
        assert_eq!(change(125.0, 100.0), "25 % more");
        assert_eq!(change(102.0, 100.0), "same");
        assert_eq!(Row::told("a", 1.0, "ms").change(), "");
        let table = draw(&[Row::told("a", 90.0, "ms").formerly(100.0), Row::told("b", 1.0, "ms")]);
        assert!(table.contains("  100  10 % less\n") && table.ends_with("ms\n"), "{table}");
    }
}
