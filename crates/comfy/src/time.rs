//! Moments and spans in milliseconds. Invariant: nothing here reads a clock; every moment is an argument.

use serde::{Deserialize, Serialize};

/// A moment: milliseconds since 1970-01-01 UTC by the clock of whoever calls.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct At(pub u64);

impl At {
    /// Milliseconds from `earlier` to here; 0 when a clock was set back.
    pub fn since(self, earlier: At) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Returns the moment so many milliseconds later.
    pub fn plus(self, ms: u64) -> At {
        At(self.0.saturating_add(ms))
    }
}

/// A second, in ms.
pub const SECOND_MS: u64 = 1_000;
/// A minute, in ms.
pub const MINUTE_MS: u64 = 60 * SECOND_MS;

const MONTHS: &[u8] = b"MarAprMayJunJulAugSepOctNovDecJanFeb";

/// Reads `Sun, 22 Nov 2026 08:26:54 GMT` (IMF-fixdate, RFC 9110) as milliseconds since 1970.
/// The day of the week is not read; a day too many for its month is one of the next.
pub fn http_date_ms(text: &str) -> Option<u64> {
    let text: &[u8; 29] = text.as_bytes().try_into().ok()?;
    let number = |from: usize, to: usize| {
        text.get(from..to)?.iter().try_fold(0, |sum, digit| {
            digit.is_ascii_digit().then(|| sum * 10 + u64::from(digit - b'0'))
        })
    };
    let marks = [(3, b','), (4, b' '), (7, b' '), (11, b' '), (16, b' '), (19, b':'), (22, b':')];
    if !marks.iter().all(|(at, mark)| text.get(*at) == Some(mark)) || !text.ends_with(b" GMT") {
        return None;
    }
    // Years begin in March here, so that the leap day is their last.
    let month = MONTHS.chunks(3).position(|name| text.get(8..11) == Some(name))? as u64;
    let year = number(12, 16).filter(|year| *year >= 1970)? - u64::from(month >= 10);
    let day = number(5, 7).filter(|day| (1..=31).contains(day))?;
    let leap_days = year / 4 - year / 100 + year / 400;
    // 1970 begins 719,468 days after the first of March of the year 0, and `day` counts from 1.
    let days = year * 365 + leap_days + (month * 153 + 2) / 5 + day - 719_469;
    let hour = number(17, 19).filter(|hour| *hour < 24)?;
    let minute = number(20, 22).filter(|minute| *minute < 60)?;
    let second = number(23, 25).filter(|second| *second <= 60)?;
    Some(((days * 24 + hour) * 60 + minute) * MINUTE_MS + second * SECOND_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_http_are_read_or_refused() {
        let table = [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Sun, 22 Nov 2026 08:26:54 GMT", Some(1_795_336_014_000)),
            ("Tue, 29 Feb 2000 00:00:00 GMT", Some(951_782_400_000)),
            ("Wed, 01 Mar 2000 00:00:00 GMT", Some(951_868_800_000)),
            ("Fri, 31 Dec 2100 23:59:59 GMT", Some(4_133_980_799_000)),
            ("Sat, 31 Dec 2016 23:59:60 GMT", Some(1_483_228_800_000)),
            ("Sun, 29 Feb 2026 00:00:00 GMT", Some(1_772_323_200_000)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(253_402_300_799_000)),
            ("", None),
            ("GMT", None),
            ("1795336014", None),
            ("Wed, 31 Dec 1969 23:59:59 GMT", None),
            ("Sun, 00 Nov 2026 08:26:54 GMT", None),
            ("Sun, 32 Nov 2026 08:26:54 GMT", None),
            ("Sun, 22 Nov 2026 24:26:54 GMT", None),
            ("Sun, 22 Nov 2026 08:60:54 GMT", None),
            ("Sun, 22 Nov 2026 08:26:61 GMT", None),
            ("Sun, 22 nov 2026 08:26:54 GMT", None),
            ("Sun, 22 arA 2026 08:26:54 GMT", None),
            ("Sun, +2 Nov 2026 08:26:54 GMT", None),
            ("Sun, 22 Nov 2026 08:26:54 UTC", None),
            ("Sun, 22 Nov 2026 08-26-54 GMT", None),
            ("Sun, 22 Nov 2026 08:26:54 GMT ", None),
            ("Sunday, 22-Nov-26 08:26:54 GMT", None),
            ("Sun Nov 22 08:26:54 2026", None),
            ("Sun, 22 N\u{f6}v 2026 08:26:5 GMT", None),
            ("\u{732b}\u{732b}\u{732b}\u{732b}\u{732b}\u{732b}\u{732b}\u{732b}\u{732b}ab", None),
        ];
        for (text, expected) in table {
            assert_eq!(http_date_ms(text), expected, "{text}");
        }
    }
}
