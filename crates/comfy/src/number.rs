//! Numbers as people type them and as JSON keeps them.
//! Invariant: a 64-bit integer never passes through a float, and nothing typed is rounded.

use serde_json::{Number, Value};

/// The largest integer that every 64-bit float below it can be told from: 2^53 − 1.
pub const MAX_SAFE: u64 = (1 << 53) - 1;

/// Lies beyond every bound that JSON can name, and still far from where an `i128` ends.
pub const FAR: i128 = 1 << 100;
const TWO_64: f64 = 18_446_744_073_709_551_616.0;
const FAR_FLOAT: f64 = TWO_64 * (1_u64 << 36) as f64;

/// Why a text is not the number asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misread {
    /// Nothing but blanks.
    Empty,
    /// No number at all.
    NotANumber,
    /// A number with a fraction.
    NotWhole,
}

/// A JSON number as an exact integer, if it is one. Wide enough for a class description that
/// writes 2^64 as a float.
pub fn integer(value: &Value) -> Option<i128> {
    let number = value.as_number()?;
    if let Some(small) = number.as_i64() {
        return Some(small.into());
    }
    if let Some(large) = number.as_u64() {
        return Some(large.into());
    }
    let float = number.as_f64()?;
    let size = float.abs();
    if float.trunc() != float || size >= FAR_FLOAT {
        return None;
    }
    // In two halves: a conversion to 128 bits brings a library of its own along.
    let high = (size / TWO_64) as u64;
    let low = (size - high as f64 * TWO_64) as u64;
    let size = i128::from(high) << 64 | i128::from(low);
    Some(if float < 0.0 { -size } else { size })
}

/// An integer as JSON, if 64 bits hold it.
pub fn json_integer(integer: i128) -> Option<Number> {
    i64::try_from(integer)
        .map(Number::from)
        .or_else(|_| u64::try_from(integer).map(Number::from))
        .ok()
}

/// A number as people write it: `5`, not `5.0`.
pub fn shown(number: &Number) -> String {
    let text = number.to_string();
    match text.strip_suffix(".0") {
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// As `shown`, of a float; empty for what is not finite.
pub fn shown_float(float: f64) -> String {
    Number::from_f64(float).map_or_else(String::new, |number| shown(&number))
}

/// Reads a whole number. `5.0` is one, and so are `5`, `1,024` and `+5`. One of very many digits
/// is cut down to 2^100, which no bound lets through.
///
/// # Errors
/// Why the text is no whole number.
pub fn typed_integer(text: &str) -> Result<i128, Misread> {
    let plain = plain(text);
    if plain.is_empty() {
        return Err(Misread::Empty);
    }
    let grouped = without_grouping(&plain).unwrap_or(plain);
    let digits = match grouped.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => whole,
        Some(_) | None => &grouped,
    };
    let bare = digits.strip_prefix('-').unwrap_or(digits);
    if !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit()) {
        let mut size = 0;
        for digit in bare.bytes() {
            size = (size * 10 + i128::from(digit - b'0')).min(FAR);
        }
        return Ok(if bare.len() < digits.len() { -size } else { size });
    }
    match typed_number(text) {
        Ok(_) => Err(Misread::NotWhole),
        Err(reason) => Err(reason),
    }
}

/// Reads a number and keeps it as it was typed: `5` stays an integer. One comma and no point is a
/// decimal comma, unless it could as well group thousands: `1,024` is refused, never guessed.
///
/// # Errors
/// Why the text is no number.
pub fn typed_number(text: &str) -> Result<Number, Misread> {
    let mut plain = plain(text);
    if plain.is_empty() {
        return Err(Misread::Empty);
    }
    let commas = plain.bytes().filter(|byte| *byte == b',').count();
    match (commas, plain.contains('.')) {
        (0, _) => {}
        (_, true) => plain = without_grouping(&plain).ok_or(Misread::NotANumber)?,
        (1, false) => {
            if without_grouping(&plain).is_some() {
                return Err(Misread::NotANumber);
            }
            plain = plain.replace(',', ".");
        }
        (_, false) => return Err(Misread::NotANumber),
    }
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", plain.as_str()),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') || digits == "." {
        return Err(Misread::NotANumber);
    }
    // JSON wants a digit on both sides of a point and no zeros in front.
    let lead = digits.trim_start_matches('0');
    let zero = if lead.starts_with(|c: char| c.is_ascii_digit()) { "" } else { "0" };
    let tail = if lead.ends_with('.') { "0" } else { "" };
    match serde_json::from_str([sign, zero, lead, tail].concat().as_str()) {
        Ok(Value::Number(number)) => Ok(number),
        Ok(_) | Err(_) => Err(Misread::NotANumber),
    }
}

/// Full-width forms become plain ones; blanks around and a plus in front go.
fn plain(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xff01 + u32::from('!')).unwrap_or(c)
        }
        '\u{2212}' => '-',
        '\u{3002}' | '\u{ff61}' => '.',
        '\u{3001}' => ',',
        other => other,
    };
    let text: String = text.trim().chars().map(narrow).collect();
    text.strip_prefix('+').map(str::to_owned).unwrap_or(text)
}

/// `1,024` or `-12,345,678.9` without its commas; nothing if the commas do not group thousands.
fn without_grouping(text: &str) -> Option<String> {
    let whole = text.split('.').next()?;
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next()?;
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (1..=3).contains(&first.len()) && !first.starts_with('0') && digits(first);
    let mut rest = groups.clone();
    (fits && rest.next().is_some() && groups.all(|group| group.len() == 3 && digits(group)))
        .then(|| text.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check_integer(text: &str, expected: Result<i128, Misread>) {
        assert_eq!(typed_integer(text), expected, "{text:?}");
    }

    #[test]
    fn whole_numbers_are_read_kindly() {
        check_integer("5", Ok(5));
        check_integer(" 05 ", Ok(5));
        check_integer("+5", Ok(5));
        check_integer("5.0", Ok(5));
        check_integer("5.", Ok(5));
        check_integer("-1", Ok(-1));
        check_integer("−1", Ok(-1));
        check_integer("12", Ok(12));
        check_integer("-3", Ok(-3));
        check_integer("1,024", Ok(1024));
        check_integer("1,024", Ok(1024));
        check_integer("18446744073709551615", Ok(u64::MAX.into()));
        check_integer("18,446,744,073,709,551,615", Ok(u64::MAX.into()));
        check_integer("18446744073709551616", Ok(1 << 64));
        check_integer(&"9".repeat(50), Ok(FAR));
        check_integer(&format!("-{}", "9".repeat(50)), Ok(-FAR));
        check_integer("-", Err(Misread::NotANumber));
        check_integer("", Err(Misread::Empty));
        check_integer(" \u{3000}", Err(Misread::Empty));
        check_integer("5.5", Err(Misread::NotWhole));
        check_integer("5,5", Err(Misread::NotWhole));
        check_integer("1e3", Err(Misread::NotWhole));
        check_integer("five", Err(Misread::NotANumber));
        check_integer("五", Err(Misread::NotANumber));
        check_integer("0x10", Err(Misread::NotANumber));
        check_integer("--1", Err(Misread::NotANumber));
        check_integer("1 2", Err(Misread::NotANumber));
    }

    #[track_caller]
    fn check_number(text: &str, expected: Result<Value, Misread>) {
        assert_eq!(typed_number(text).map(Value::Number), expected, "{text:?}");
    }

    #[test]
    fn numbers_are_read_kindly_and_kept_as_typed() {
        check_number("5", Ok(json!(5)));
        check_number("5.0", Ok(json!(5.0)));
        check_number("0.95", Ok(json!(0.95)));
        check_number(".5", Ok(json!(0.5)));
        check_number("-.5", Ok(json!(-0.5)));
        check_number("007.50", Ok(json!(7.5)));
        check_number("0", Ok(json!(0)));
        check_number("00", Ok(json!(0)));
        check_number("3.", Ok(json!(3.0)));
        check_number("0,95", Ok(json!(0.95)));
        check_number("0,950", Ok(json!(0.95)));
        check_number("0.95", Ok(json!(0.95)));
        check_number("0。5", Ok(json!(0.5)));
        check_number("1,5", Ok(json!(1.5)));
        check_number("1e3", Ok(json!(1000.0)));
        check_number("1,024.5", Ok(json!(1024.5)));
        check_number("18446744073709551615", Ok(json!(u64::MAX)));
        check_number("", Err(Misread::Empty));
        check_number("1,024", Err(Misread::NotANumber));
        check_number("1,2,3", Err(Misread::NotANumber));
        check_number("1.2.3", Err(Misread::NotANumber));
        check_number(".", Err(Misread::NotANumber));
        check_number("-", Err(Misread::NotANumber));
        check_number("NaN", Err(Misread::NotANumber));
        check_number("inf", Err(Misread::NotANumber));
        check_number("1e999", Err(Misread::NotANumber));
        check_number("true", Err(Misread::NotANumber));
    }

    #[test]
    fn json_integers_stay_exact() {
        let table = [
            (json!(u64::MAX), Some(i128::from(u64::MAX))),
            (json!(i64::MIN), Some(i128::from(i64::MIN))),
            (json!(5.0), Some(5)),
            (json!(18446744073709551616.0), Some(1 << 64)),
            (json!(5.5), None),
            (json!(1e300), None),
            (json!("5"), None),
        ];
        for (value, expected) in table {
            assert_eq!(integer(&value), expected, "{value}");
        }
        assert_eq!(json_integer(u64::MAX.into()), Some(u64::MAX.into()));
        assert_eq!(json_integer(-1), Some((-1).into()));
        assert_eq!(json_integer(1 << 64), None);
    }

    #[test]
    fn numbers_are_shown_as_people_write_them() {
        assert_eq!(shown_float(10.0), "10");
        assert_eq!(shown_float(0.95), "0.95");
        assert_eq!(shown_float(f64::NAN), "");
        assert_eq!(shown(&u64::MAX.into()), "18446744073709551615");
    }
}
