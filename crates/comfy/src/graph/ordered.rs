//! JSON whose objects keep the order they were written in.
//! Invariant: keys come in the order of the text, and integers of 64 bits stay exact.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// The parts of a dynamic choice are told apart by order alone, which `Value` does not keep.
pub(super) enum Ordered {
    Plain(Value),
    List(Vec<Ordered>),
    Object(Vec<(String, Ordered)>),
}

impl Ordered {
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.fields().iter().find_map(|(name, value)| (name == key).then_some(value))
    }

    /// The fields of an object; none of anything else.
    pub(super) fn fields(&self) -> &[(String, Self)] {
        match self {
            Self::Object(fields) => fields,
            Self::Plain(_) | Self::List(_) => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Plain(_) | Self::Object(_) => &[],
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Plain(value) => value.as_str(),
            Self::List(_) | Self::Object(_) => None,
        }
    }

    pub(super) fn integer(&self) -> Option<u64> {
        match self {
            Self::Plain(value) => value.as_u64(),
            Self::List(_) | Self::Object(_) => None,
        }
    }

    /// As JavaScript takes a value for a condition.
    pub(super) fn truthy(&self) -> bool {
        match self {
            Self::Plain(value) => truthy(value),
            Self::List(_) | Self::Object(_) => true,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Plain(Value::Null))
    }

    pub(super) fn value(&self) -> Value {
        match self {
            Self::Plain(value) => value.clone(),
            Self::List(items) => Value::Array(items.iter().map(Self::value).collect()),
            Self::Object(fields) => {
                let mut map = Map::new();
                for (key, value) in fields {
                    map.insert(key.clone(), value.value());
                }
                Value::Object(map)
            }
        }
    }
}

/// As JavaScript takes a value for a condition.
pub(super) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(on) => *on,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

struct Reader;

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Ordered;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Ordered, E> {
        Ok(Ordered::Plain(Value::Null))
    }

    fn visit_bool<E>(self, on: bool) -> Result<Ordered, E> {
        Ok(Ordered::Plain(Value::Bool(on)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Ordered, E> {
        Ok(Ordered::Plain(Value::Number(number.into())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Ordered, E> {
        Ok(Ordered::Plain(Value::Number(number.into())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Ordered, E> {
        Ok(Ordered::Plain(Number::from_f64(number).map_or(Value::Null, Value::Number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Ordered, E> {
        Ok(Ordered::Plain(Value::String(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Ordered, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = from.next_element()? {
            items.push(item);
        }
        Ok(Ordered::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Ordered, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = from.next_entry()? {
            fields.push(field);
        }
        Ok(Ordered::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_integers_their_digits() {
        let text = r#"{"z":[18446744073709551615,-1,0.5,null,true],"a":{"c":"x","b":{}}}"#;
        let read: Ordered = serde_json::from_str(text).expect("JSON");
        let keys: Vec<&str> = read.fields().iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["z", "a"]);
        let inner: Vec<&str> = read
            .get("a")
            .map_or(&[][..], Ordered::fields)
            .iter()
            .map(|(key, _)| key.as_str())
            .collect();
        assert_eq!(inner, ["c", "b"]);
        assert_eq!(read.value(), serde_json::from_str::<Value>(text).expect("JSON"));
    }
}
