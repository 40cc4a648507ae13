//! What the targets share: an input taken apart, JSON changed by a script, and what must hold.
//! Invariant: the same bytes do the same.

use pilotlight_comfy::json;
use pilotlight_comfy::schema::Class;
use pilotlight_forms::form::{Form, Package};
use serde_json::{Map, Value};

/// Stands between the parts of an input; JSON has no such byte.
pub const MARK: u8 = 0;

/// The parts of an input; those that are not there are empty, and the last one is all the rest.
pub fn parts<const N: usize>(input: &[u8]) -> [&[u8]; N] {
    let mut parts = input.splitn(N, |byte| *byte == MARK);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

pub fn value(bytes: &[u8]) -> Option<Value> {
    json::parse(str::from_utf8(bytes).ok()?)
}

/// What came of an input is not many times as long.
#[track_caller]
pub fn bounded(out: usize, input: usize, times: usize) {
    assert!(out <= times * input + (64 << 10), "{out} bytes of {input}");
}

/// The form reads back from its file.
#[track_caller]
pub fn reads_back(form: &Form, classes: &[Class]) -> usize {
    let file = form.to_file(classes);
    match Package::parse(&file) {
        Ok(package) => assert_eq!(package.form(), *form, "{file}"),
        Err(why) => panic!("{why:?}: {file}"),
    }
    file.len()
}

/// As many changes as one input may ask for.
const MAX_CHANGES: usize = 12;
/// Values grow no further.
const MAX_NODES: usize = 20_000;
const ACT: u8 = 224;

/// Changes a value here and there, as the script says: each byte goes one step into it, and one
/// of the highest, or the end of the way, changes what is there as the next byte says. Bytes by
/// themselves seldom leave JSON to be JSON.
pub fn change(value: &mut Value, script: &[u8]) {
    let mut script = script.iter().copied();
    for _ in 0..MAX_CHANGES {
        if count(value) > MAX_NODES || step(value, &mut script).is_none() {
            return;
        }
    }
}

fn step(value: &mut Value, script: &mut impl Iterator<Item = u8>) -> Option<()> {
    let byte = script.next()?;
    let at = usize::from(byte);
    match value {
        Value::Array(list) if byte < ACT && !list.is_empty() => {
            let at = at % list.len();
            step(list.get_mut(at)?, script)
        }
        Value::Object(map) if byte < ACT && !map.is_empty() => {
            let at = at % map.len();
            step(map.values_mut().nth(at)?, script)
        }
        _ => {
            let how = script.next()?;
            // Nothing that is large already is copied.
            act(value, if count(value) > MAX_NODES / 64 { u8::MAX } else { how });
            Some(())
        }
    }
}

fn act(value: &mut Value, how: u8) {
    const COPIES: usize = 40;
    match (how, &mut *value) {
        (0, Value::Array(list)) => drop(list.pop()),
        (1, Value::Array(list)) => list.reverse(),
        (2..16, Value::Array(list)) if !list.is_empty() => {
            let last = list[list.len() - 1].clone();
            list.extend(std::iter::repeat_n(last, COPIES));
        }
        (16..32, Value::Object(map)) if !map.is_empty() => {
            let last = map.values().next_back().cloned().unwrap_or_default();
            for number in 0..COPIES {
                map.insert(format!("{number}"), last.clone());
            }
        }
        (32..48, Value::String(text)) => *text = text.repeat(COPIES),
        (48..64, Value::Object(map)) => *map = Map::new(),
        (64..80, _) => *value = Value::Array(vec![value.take()]),
        (80..96, Value::String(text)) => text.push('\u{a0}'),
        (80..96, Value::Number(number)) => {
            *value = number.as_i64().map_or(Value::Null, |near| near.wrapping_add(1).into());
        }
        _ => {
            let pool = pool();
            *value = pool[usize::from(how) % pool.len()].clone();
        }
    }
}

fn count(value: &Value) -> usize {
    match value {
        Value::Array(list) => 1 + list.iter().map(count).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(count).sum::<usize>(),
        Value::String(text) => 1 + text.len() / 64,
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
    }
}

fn pool() -> Vec<Value> {
    let texts = [
        "",
        " ",
        "1",
        "-1",
        "-10",
        "-20",
        "*",
        "a.b",
        "{a|{b}}",
        "%a.b%",
        "seed",
        "image",
        "INT",
        "FLOAT",
        "STRING",
        "BOOLEAN",
        "COMBO",
        "COMFY_DYNAMICCOMBO_V3",
        "COMFY_AUTOGROW_V3",
        "Reroute",
        "PrimitiveNode",
        "GetNode",
        "SetNode",
        "Note",
        "\u{a0}",
        "\u{2028}\u{feff}",
    ];
    let mut pool: Vec<Value> = texts.into_iter().map(Value::from).collect();
    pool.extend([Value::Null, true.into(), false.into(), 0.into(), 1.into(), 2.into(), 4.into()]);
    pool.extend([(-1).into(), (-10).into(), u64::MAX.into(), i64::MIN.into()]);
    pool.extend([0.1.into(), 1e300.into(), (-0.0).into(), 1e19.into()]);
    pool.extend([Value::Array(Vec::new()), Value::Object(Map::new())]);
    pool.push(Value::Array(vec!["1".into(), 0.into()]));
    pool
}
