//! Values as Python converts and prints them.
//!
//! Invariant: the sentences are Python's own; ComfyUI passes them on.

use crate::json::{Json, python_float};

/// Python's `int()`, `float()`, `str()`, `bool()` as the input's type asks.
pub fn convert(kind: &Json, value: &Json) -> Result<Json, String> {
    match kind.as_str() {
        Some("INT") => to_int(value),
        Some("FLOAT") => to_float(value),
        Some("STRING") => Ok(Json::Str(python_text(value))),
        Some("BOOLEAN") => Ok(Json::Bool(match value {
            Json::Null => false,
            Json::Bool(b) => *b,
            Json::Int(n) => *n != 0,
            Json::Float(f) => *f != 0.0,
            Json::Str(text) => !text.is_empty(),
            Json::List(items) => !items.is_empty(),
            Json::Map(pairs) => !pairs.is_empty(),
            Json::Raw(_) => true,
        })),
        _ => Ok(value.clone()),
    }
}

fn to_int(value: &Json) -> Result<Json, String> {
    match value {
        Json::Int(_) => Ok(value.clone()),
        Json::Bool(b) => Ok(Json::Int(i128::from(*b))),
        Json::Float(f) if f.is_nan() => Err("cannot convert float NaN to integer".to_owned()),
        Json::Float(f) if f.is_infinite() => {
            Err("cannot convert float infinity to integer".to_owned())
        }
        Json::Float(f) => Ok(Json::Int(f.trunc() as i128)),
        Json::Str(text) => {
            text.trim().parse().map(Json::Int).map_err(|_| {
                format!("invalid literal for int() with base 10: {}", python_repr(value))
            })
        }
        Json::Null | Json::List(_) | Json::Map(_) | Json::Raw(_) => Err(format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            python_type(value)
        )),
    }
}

fn to_float(value: &Json) -> Result<Json, String> {
    match value {
        Json::Float(_) => Ok(value.clone()),
        Json::Int(n) => Ok(Json::Float(*n as f64)),
        Json::Bool(b) => Ok(Json::Float(f64::from(u8::from(*b)))),
        Json::Str(text) => text
            .trim()
            .parse()
            .map(Json::Float)
            .map_err(|_| format!("could not convert string to float: {}", python_repr(value))),
        Json::Null | Json::List(_) | Json::Map(_) | Json::Raw(_) => Err(format!(
            "float() argument must be a string or a real number, not '{}'",
            python_type(value)
        )),
    }
}

/// Python's `str(value)`.
pub fn python_text(value: &Json) -> String {
    if let Json::Str(text) = value { text.clone() } else { python_repr(value) }
}

/// Python's `repr(value)`.
pub fn python_repr(value: &Json) -> String {
    match value {
        Json::Null => "None".to_owned(),
        Json::Bool(b) => if *b { "True" } else { "False" }.to_owned(),
        Json::Int(n) => n.to_string(),
        Json::Float(f) if f.is_nan() => "nan".to_owned(),
        Json::Float(f) => python_float(*f),
        Json::Str(text) if text.contains('\'') && !text.contains('"') => format!("\"{text}\""),
        Json::Str(text) => {
            format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n"))
        }
        Json::List(items) => {
            format!("[{}]", items.iter().map(python_repr).collect::<Vec<_>>().join(", "))
        }
        Json::Map(pairs) => {
            let shown: Vec<_> =
                pairs.iter().map(|(k, v)| format!("'{k}': {}", python_repr(v))).collect();
            format!("{{{}}}", shown.join(", "))
        }
        Json::Raw(text) => text.to_string(),
    }
}

/// The name of a value's Python type.
pub fn python_type(value: &Json) -> &'static str {
    match value {
        Json::Null => "NoneType",
        Json::Bool(_) => "bool",
        Json::Int(_) => "int",
        Json::Float(_) => "float",
        Json::Str(_) => "str",
        Json::List(_) => "list",
        Json::Map(_) | Json::Raw(_) => "dict",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: &str, value: Json, expected: Result<Json, &str>) {
        assert_eq!(convert(&kind.into(), &value), expected.map_err(str::to_owned), "{kind}");
    }

    #[test]
    fn values_are_converted_as_python_converts_them() {
        check("INT", Json::Float(12.7), Ok(Json::Int(12)));
        check("INT", "123".into(), Ok(Json::Int(123)));
        check("INT", "abc".into(), Err("invalid literal for int() with base 10: 'abc'"));
        check("INT", Json::Float(f64::NAN), Err("cannot convert float NaN to integer"));
        check(
            "INT",
            Json::Null,
            Err(
                "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
            ),
        );
        check("FLOAT", Json::Int(5), Ok(Json::Float(5.0)));
        check("FLOAT", "x".into(), Err("could not convert string to float: 'x'"));
        check("STRING", Json::Int(5), Ok("5".into()));
        check("STRING", Json::Null, Ok("None".into()));
        check("BOOLEAN", "".into(), Ok(Json::Bool(false)));
        check("IMAGE", Json::Null, Ok(Json::Null));
    }

    #[track_caller]
    fn shown(value: Json, expected: &str) {
        assert_eq!(python_repr(&value), expected);
    }

    #[test]
    fn values_are_printed_as_python_prints_them() {
        shown("it's".into(), "\"it's\"");
        shown(
            Json::List(vec![Json::Bool(true), Json::Null, Json::Float(1.0)]),
            "[True, None, 1.0]",
        );
        shown(Json::Map(vec![("a".to_owned(), Json::Int(1))]), "{'a': 1}");
    }
}
