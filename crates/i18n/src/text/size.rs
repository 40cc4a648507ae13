//! Sizes of files as texts; the same in all languages.

/// Returns a size such as `840 B`, `12 kB`, `3.4 MB`, `1.2 GB`, in decimal units as browsers do.
pub fn size(bytes: u64) -> String {
    let mut unit = 1_u64;
    for name in ["B", "kB", "MB"] {
        let next = unit * 1_000;
        // What would be rounded to 1000 is 1 of the next unit.
        if bytes < next - unit / 2 {
            return figure(bytes, unit, name);
        }
        unit = next;
    }
    figure(bytes, unit, "GB")
}

/// Returns a number, with one decimal below ten unless it is zero.
fn figure(bytes: u64, unit: u64, name: &str) -> String {
    let tenths = bytes.saturating_add(unit / 20) / (unit / 10).max(1);
    let whole = bytes.saturating_add(unit / 2) / unit;
    let text = if unit > 1 && tenths < 100 && !tenths.is_multiple_of(10) {
        [(tenths / 10).to_string(), (tenths % 10).to_string()].join(".")
    } else {
        whole.to_string()
    };
    [&text, " ", name].concat()
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes() {
        let table = [
            (0, "0 B"),
            (1, "1 B"),
            (999, "999 B"),
            (1_000, "1 kB"),
            (1_049, "1 kB"),
            (1_050, "1.1 kB"),
            (9_949, "9.9 kB"),
            (9_960, "10 kB"),
            (12_345, "12 kB"),
            (999_499, "999 kB"),
            (999_500, "1 MB"),
            (3_400_000, "3.4 MB"),
            (999_500_000, "1 GB"),
            (12_000_000_000, "12 GB"),
        ];
        for (bytes, expected) in table {
            assert_eq!(size(bytes), expected);
        }
        assert!(size(u64::MAX).ends_with(" GB"));
    }
}
