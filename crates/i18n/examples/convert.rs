//! `convert CLASSES.json UI.json…` prints, for each file of the editor's format in order, one line:
//! the prompt that the editor would queue, or `{"error":"…"}`. It fails only if the classes cannot
//! be read or nothing can be printed.

use pilotlight_comfy::graph::{Classes, Moment, convert_text};
use pilotlight_comfy::language::Language;
use pilotlight_i18n::present::unconverted;
use serde_json::{Value, json};
use std::io::{BufWriter, Write, stdout};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(path) = arguments.next() else {
        eprintln!("usage: convert CLASSES.json UI.json…");
        return ExitCode::FAILURE;
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    };
    let Some(classes) = Classes::parse(&text) else {
        eprintln!("{}: no JSON object of class descriptions", path.display());
        return ExitCode::FAILURE;
    };
    let moment = now();
    let mut out = BufWriter::new(stdout().lock());
    for path in arguments {
        let line = converted(&classes, &path, &moment);
        let line = line.unwrap_or_else(|error| json!({"error": error}));
        let mut line = line.to_string();
        // Some readers take these for the end of a line.
        for (odd, escaped) in
            [('\u{2028}', "\\u2028"), ('\u{2029}', "\\u2029"), ('\u{85}', "\\u0085")]
        {
            if line.contains(odd) {
                line = line.replace(odd, escaped);
            }
        }
        line.push('\n');
        if out.write_all(line.as_bytes()).is_err() {
            return ExitCode::FAILURE;
        }
    }
    if out.flush().is_err() {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn converted(classes: &Classes, path: &std::ffi::OsStr, moment: &Moment) -> Result<Value, String> {
    let bytes =
        std::fs::read(path).map_err(|error| format!("The file cannot be read: {error}."))?;
    let text = String::from_utf8(bytes).map_err(|_| "The file is not text in UTF-8.".to_owned())?;
    convert_text(classes, &text, moment)
        .map(|it| it.prompt)
        .map_err(|refusal| unconverted(&refusal, Language::English))
}

/// The time in UTC.
fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs();
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Years that begin in March, counted from 1 March of the year 0.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let small = |number: u64| u8::try_from(number).unwrap_or_default();
    let year = era * 400 + year + u64::from(month >= 10);
    Moment {
        year: u16::try_from(year).unwrap_or_default(),
        month: small(if month < 10 { month + 3 } else { month - 9 }),
        day: small(day - (153 * month + 2) / 5 + 1),
        hour: small(second / 3_600),
        minute: small(second / 60 % 60),
        second: small(second % 60),
        draw: u64::from(since.subsec_nanos()) ^ seconds,
    }
}
