//! How the values of widgets are sent.

use crate::json;
use crate::number::MAX_SAFE;
use serde_json::Value;

/// How a value is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    AsIs,
    /// With one of `{a|b}` in the place of both.
    DynamicText,
    Curve,
    /// The place of `choice` among the options that follow.
    Index,
}

/// A list that is a value must not look like a link.
pub(super) fn wrapped(value: Value, way: Way) -> Value {
    match (way, whole(value)) {
        (Way::Curve, Value::Null) => Value::Null,
        (Way::Curve, value) => json::object(vec![
            ("__type__", Value::String("CURVE".to_owned())),
            ("__value__", value),
        ]),
        (_, Value::Array(list)) => json::object(vec![("__value__", Value::Array(list))]),
        (_, value) => value,
    }
}

/// Whole numbers as JavaScript writes them, `1` and not `1.0`, as far as it tells them apart.
pub(crate) fn whole(value: Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            let float = number.as_f64().unwrap_or_default();
            let small = float.abs() <= MAX_SAFE as f64 && float.trunc() == float;
            if small { Value::from(float as i64) } else { Value::Number(number) }
        }
        Value::Array(list) => Value::Array(list.into_iter().map(whole).collect()),
        Value::Object(mut map) => {
            for value in map.values_mut() {
                *value = whole(value.take());
            }
            Value::Object(map)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}
