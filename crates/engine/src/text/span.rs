//! Spans of time as people say them.

use crate::language::Language;

/// `42 s`, `1 min 12 s`, `12 min`, `3 h`, `2 d`.
pub fn span(ms: u64, language: Language) -> String {
    let seconds = (ms + 500) / 1_000;
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    match (language, seconds) {
        (Language::English, 0..60) => format!("{seconds} s"),
        (Language::Chinese, 0..60) => format!("{seconds} 秒"),
        (Language::English, 60..600) if !seconds.is_multiple_of(60) => {
            format!("{minutes} min {} s", seconds % 60)
        }
        (Language::Chinese, 60..600) if !seconds.is_multiple_of(60) => {
            format!("{minutes} 分 {} 秒", seconds % 60)
        }
        (Language::English, 60..7_200) => format!("{minutes} min"),
        (Language::Chinese, 60..7_200) => format!("{minutes} 分钟"),
        (Language::English, 7_200..172_800) => format!("{hours} h"),
        (Language::Chinese, 7_200..172_800) => format!("{hours} 小时"),
        (Language::English, _) => format!("{} d", hours / 24),
        (Language::Chinese, _) => format!("{} 天", hours / 24),
    }
}

/// A measured time: `6.4 s` below ten seconds, else as `span`.
pub fn clock(ms: u64, language: Language) -> String {
    if ms >= 9_950 {
        return span(ms, language);
    }
    let tenths = (ms + 50) / 100;
    match language {
        Language::English => format!("{}.{} s", tenths / 10, tenths % 10),
        Language::Chinese => format!("{}.{} 秒", tenths / 10, tenths % 10),
    }
}

/// `70–110 s`, `2–4 min`; one number when both ends read the same.
pub fn range(from_ms: u64, to_ms: u64, language: Language) -> String {
    let minutes = to_ms >= 180_000;
    let whole = |ms: u64| if minutes { (ms + 30_000) / 60_000 } else { (ms + 500) / 1_000 };
    let round = |ms: u64| whole(ms).max(1);
    let (from, to) = (round(from_ms), round(to_ms));
    let numbers = if from == to { to.to_string() } else { format!("{from}–{to}") };
    match (language, minutes) {
        (Language::English, false) => format!("{numbers} s"),
        (Language::English, true) => format!("{numbers} min"),
        (Language::Chinese, false) => format!("{numbers} 秒"),
        (Language::Chinese, true) => format!("{numbers} 分钟"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_as_people_say_them() {
        let table = [
            (0, "0 s", "0 秒"),
            (42_400, "42 s", "42 秒"),
            (59_600, "1 min", "1 分钟"),
            (72_000, "1 min 12 s", "1 分 12 秒"),
            (720_000, "12 min", "12 分钟"),
            (7_199_000, "119 min", "119 分钟"),
            (3 * 3_600_000, "3 h", "3 小时"),
            (60 * 3_600_000, "2 d", "2 天"),
        ];
        for (ms, english, chinese) in table {
            assert_eq!(span(ms, Language::English), english);
            assert_eq!(span(ms, Language::Chinese), chinese);
        }
    }

    #[test]
    fn short_measured_times_have_tenths() {
        let table = [(6_440, "6.4 s"), (40, "0.0 s"), (9_949, "9.9 s"), (9_950, "10 s")];
        for (ms, expected) in table {
            assert_eq!(clock(ms, Language::English), expected);
        }
    }

    #[test]
    fn ranges_share_their_unit() {
        let table = [
            (70_000, 110_000, "70–110 s"),
            (6_100, 6_300, "6 s"),
            (120_000, 240_000, "2–4 min"),
            (10, 400, "1 s"),
        ];
        for (from, to, expected) in table {
            assert_eq!(range(from, to, Language::English), expected);
        }
        assert_eq!(range(70_000, 110_000, Language::Chinese), "70–110 秒");
    }
}
