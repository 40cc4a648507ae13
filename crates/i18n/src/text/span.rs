//! Durations as texts.

use super::TimeText;
use pilotlight_comfy::language::Language;

/// Returns a duration such as `42 s`, `1 min 12 s`, `12 min`, `1 h 39 min`, `3 h`,
/// `2 d`.
pub fn span(ms: u64, language: Language) -> String {
    let seconds = (ms + 500) / 1_000;
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    let text = match seconds {
        0..60 => TimeText::Seconds { seconds },
        60..600 if !seconds.is_multiple_of(60) => {
            TimeText::MinutesSeconds { minutes, seconds: seconds % 60 }
        }
        60..3_600 => TimeText::Minutes { minutes },
        3_600..172_800 if !minutes.is_multiple_of(60) => {
            TimeText::HoursMinutes { hours, minutes: minutes % 60 }
        }
        3_600..172_800 => TimeText::Hours { hours },
        _ => TimeText::Days { days: hours / 24 },
    };
    text.say(language)
}

/// Returns a measured duration: `6.4 s` below ten seconds, otherwise as `span`.
pub fn clock(ms: u64, language: Language) -> String {
    if ms >= 9_950 {
        return span(ms, language);
    }
    let tenths = (ms + 50) / 100;
    let seconds = [&(tenths / 10).to_string(), ".", &(tenths % 10).to_string()].concat();
    TimeText::Tenths { seconds: &seconds }.say(language)
}

/// Returns a range such as `70–110 s`, `2–4 min`; one number if both ends are equal as texts.
pub fn range(from_ms: u64, to_ms: u64, language: Language) -> String {
    let minutes = to_ms >= 180_000;
    let whole = |ms: u64| if minutes { (ms + 30_000) / 60_000 } else { (ms + 500) / 1_000 };
    let [from, to] = [from_ms, to_ms].map(|ms| whole(ms).max(1));
    let text = match (from == to, minutes) {
        (true, false) => TimeText::Seconds { seconds: from },
        (true, true) => TimeText::Minutes { minutes: from },
        (false, false) => TimeText::RangeSeconds { from, to },
        (false, true) => TimeText::RangeMinutes { from, to },
    };
    text.say(language)
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
            (3_600_000, "1 h", "1 小时"),
            (5_940_000, "1 h 39 min", "1 小时 39 分钟"),
            (7_199_000, "1 h 59 min", "1 小时 59 分钟"),
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
