//! The checks of one node and what is upstream of it.
//!
//! Invariant: an exception inside a node is noted on that node by whoever links to it, as ComfyUI's
//! `validate_inputs` does it.

use crate::comfy::classes::{self, Class, Input, with_models};
use crate::comfy::disk::{Disk, leads_out};
use crate::comfy::python::{convert, python_repr, python_text, python_type};
use crate::json::{Json, map, strings};
use crate::params::Params;

/// `{"type", "message", "details", "extra_info"}`.
pub fn error(kind: &str, message: &str, details: &str, extra_info: Json) -> Json {
    map([
        ("type", kind.into()),
        ("message", message.into()),
        ("details", details.into()),
        ("extra_info", extra_info),
    ])
}

/// A Python exception.
pub struct Raised {
    pub kind: &'static str,
    pub text: String,
}

fn raise<T>(kind: &'static str, text: impl Into<String>) -> Result<T, Raised> {
    Err(Raised { kind, text: text.into() })
}

/// A walk through a graph from its outputs upstream.
pub struct Check<'a> {
    graph: &'a mut Json,
    params: &'a Params,
    disk: &'a Disk,
    /// What was found of each node; no reasons: nothing wrong with it or only upstream of it.
    pub seen: Vec<(String, Vec<Json>)>,
    visiting: Vec<(String, bool)>,
}

impl<'a> Check<'a> {
    /// A walk that has seen nothing yet.
    pub fn new(graph: &'a mut Json, params: &'a Params, disk: &'a Disk) -> Self {
        Self { graph, params, disk, seen: Vec::new(), visiting: Vec::new() }
    }

    /// A member of a node.
    pub fn member(&self, id: &str, key: &str) -> Option<&Json> {
        self.graph.get(id)?.get(key)
    }

    /// What is wrong with a node itself.
    pub fn reasons(&self, id: &str) -> Vec<Json> {
        self.seen.iter().find(|(node, _)| node == id).map(|(_, r)| r.clone()).unwrap_or_default()
    }

    /// Remembers what is wrong with a node.
    pub fn note(&mut self, id: &str, reasons: Vec<Json>) {
        match self.seen.iter_mut().find(|(node, _)| node == id) {
            Some((_, old)) => *old = reasons,
            None => self.seen.push((id.to_owned(), reasons)),
        }
    }

    /// Whether a node and everything upstream of it is well.
    pub fn node(&mut self, id: &str) -> Result<bool, Raised> {
        match self.visiting.iter().find(|(node, _)| node == id) {
            Some((_, valid)) if self.seen.iter().any(|(node, _)| node == id) => return Ok(*valid),
            Some(_) => return raise("RecursionError", "maximum recursion depth exceeded"),
            None => {}
        }
        if self.visiting.len() > 500 {
            return raise("RecursionError", "maximum recursion depth exceeded");
        }
        let place = self.visiting.len();
        self.visiting.push((id.to_owned(), false));
        let class_name = self.member(id, "class_type").map(python_text).unwrap_or_default();
        if self.member(id, "inputs").and_then(Json::as_map).is_none() {
            return raise("KeyError", "'inputs'");
        }
        let Some(class) =
            classes::find(self.params.version, &self.params.missing_classes, &class_name)
        else {
            return raise("KeyError", python_repr(&class_name.as_str().into()));
        };
        let mut errors = Vec::new();
        let mut valid = true;
        for input in &class.inputs {
            valid &= self.input(id, class, input, &mut errors)?;
        }
        self.custom(id, class, &mut errors)?;
        valid &= errors.is_empty();
        self.visiting[place].1 = valid;
        self.note(id, errors);
        Ok(valid)
    }

    /// Checks one input; false when something upstream of it is wrong.
    fn input(
        &mut self,
        id: &str,
        class: &Class,
        input: &Input,
        errors: &mut Vec<Json>,
    ) -> Result<bool, Raised> {
        let name = input.name.as_str();
        let Some(value) = self.member(id, "inputs").and_then(|i| i.get(name)).cloned() else {
            if input.required {
                errors.push(error(
                    "required_input_missing",
                    "Required input is missing",
                    name,
                    map([("input_name", name.into())]),
                ));
            }
            return Ok(true);
        };
        if let Json::List(link) = &value {
            return self.link(input, link, &value, errors);
        }
        let value = match convert(&input.kind, &value) {
            Ok(value) => value,
            Err(why) => {
                let kind = input.kind.as_str().unwrap_or("");
                let mut extra = received(input, value.clone());
                extra.set("exception_message", why.clone().into());
                let details = format!("{name}, {}, {why}", python_text(&value));
                errors.push(error(
                    "invalid_input_type",
                    &format!("Failed to convert an input value to a {kind} value"),
                    &details,
                    extra,
                ));
                return Ok(true);
            }
        };
        self.replace(id, name, &value);
        if !checked_by_class(&class.name, name) {
            errors.extend(self.limits(input, value));
        }
        Ok(true)
    }

    fn replace(&mut self, id: &str, name: &str, value: &Json) {
        if let Json::Map(nodes) = &mut *self.graph
            && let Some((_, Json::Map(members))) = nodes.iter_mut().find(|(node, _)| node == id)
            && let Some((_, inputs)) = members.iter_mut().find(|(key, _)| key == "inputs")
        {
            inputs.set(name, value.clone());
        }
    }

    fn link(
        &mut self,
        input: &Input,
        link: &[Json],
        value: &Json,
        errors: &mut Vec<Json>,
    ) -> Result<bool, Raised> {
        let name = input.name.as_str();
        let [source, slot] = link else {
            let message = "Bad linked input, must be a length-2 list of [node_id, slot_index]";
            errors.push(error("bad_linked_input", message, name, received(input, value.clone())));
            return Ok(true);
        };
        let Some(source_id) =
            source.as_str().filter(|id| self.graph.get(id).is_some()).map(str::to_owned)
        else {
            return raise("KeyError", python_repr(source));
        };
        let class_name = self.member(&source_id, "class_type").map(python_text).unwrap_or_default();
        let class = classes::find(self.params.version, &self.params.missing_classes, &class_name);
        let outputs = class.map(|c| c.outputs.as_slice()).unwrap_or_default();
        let Json::Int(slot) = slot else {
            return raise(
                "TypeError",
                format!("tuple indices must be integers or slices, not {}", python_type(slot)),
            );
        };
        let slot = if *slot < 0 { *slot + outputs.len() as i128 } else { *slot };
        let Some(given) = usize::try_from(slot).ok().and_then(|slot| outputs.get(slot)) else {
            return raise("IndexError", "tuple index out of range");
        };
        if input.kind.as_str() != Some(given) {
            let details = format!(
                "{name}, received_type({given}) mismatch input_type({})",
                python_text(&input.kind)
            );
            let extra = map([
                ("input_name", name.into()),
                ("input_config", config(input)),
                ("received_type", given.as_str().into()),
                ("linked_node", value.clone()),
            ]);
            errors.push(error(
                "return_type_mismatch",
                "Return type mismatch between linked nodes",
                &details,
                extra,
            ));
            return Ok(true);
        }
        Ok(match self.node(&source_id) {
            Ok(valid) => valid,
            Err(raised) => {
                let extra = map([
                    ("input_name", name.into()),
                    ("input_config", config(input)),
                    ("exception_message", raised.text.as_str().into()),
                    ("exception_type", raised.kind.into()),
                    ("traceback", traceback("validate_inputs")),
                    ("linked_node", value.clone()),
                ]);
                let reason = error(
                    "exception_during_inner_validation",
                    "Exception when validating inner node",
                    &raised.text,
                    extra,
                );
                self.note(&source_id, vec![reason]);
                false
            }
        })
    }

    fn limits(&self, input: &Input, value: Json) -> Option<Json> {
        let name = input.name.as_str();
        if let Json::List(options) = with_models(input, self.params) {
            if options.contains(&value) {
                return None;
            }
            // As ComfyUI does, so that lists of files do not come back with every mistake.
            let (list, config) = if options.len() > 20 {
                (format!("(list of length {})", options.len()), Json::Null)
            } else {
                let list = Json::List(options);
                let config = Json::List(vec![list.clone(), input.options.clone()]);
                (python_text(&list), config)
            };
            let details = format!("{name}: '{}' not in {list}", python_text(&value));
            let extra = map([
                ("input_name", name.into()),
                ("input_config", config),
                ("received_value", value),
            ]);
            return Some(error("value_not_in_list", "Value not in list", &details, extra));
        }
        let number = value.as_f64()?;
        let too_small = input.options.get("min").filter(|min| less(&value, min));
        let refused = self.refuses(name).then(|| match &value {
            Json::Int(n) => Json::Int(n / 2),
            Json::Null
            | Json::Bool(_)
            | Json::Float(_)
            | Json::Str(_)
            | Json::List(_)
            | Json::Map(_)
            | Json::Raw(_) => Json::Float(number / 2.0),
        });
        let too_big =
            refused.as_ref().or_else(|| input.options.get("max").filter(|max| less(max, &value)));
        let (kind, message) = match (too_small, too_big) {
            (Some(min), _) => (
                "value_smaller_than_min",
                format!("Value {} smaller than min of {}", python_text(&value), python_text(min)),
            ),
            (None, Some(max)) => (
                "value_bigger_than_max",
                format!("Value {} bigger than max of {}", python_text(&value), python_text(max)),
            ),
            (None, None) => return None,
        };
        Some(error(kind, &message, name, received(input, value)))
    }

    /// Whether every value for this input is too large.
    fn refuses(&self, name: &str) -> bool {
        self.params.refuse_input.split(',').any(|one| one == name)
    }

    /// The class's own `VALIDATE_INPUTS`.
    fn custom(&self, id: &str, class: &Class, errors: &mut Vec<Json>) -> Result<(), Raised> {
        let value = |name| self.member(id, "inputs").and_then(|i| i.get(name));
        match class.name.as_str() {
            "LoadImage" => {
                let Some(image) = value("image").filter(|v| v.as_list().is_none()) else {
                    return Ok(());
                };
                let Some(name) = image.as_str() else {
                    return raise(
                        "AttributeError",
                        format!("'{}' object has no attribute 'endswith'", python_type(image)),
                    );
                };
                if self.disk.annotated(name).is_none() {
                    let details = format!("image - Invalid image file: {name}");
                    errors.push(error(
                        "custom_validation_failed",
                        "Custom validation failed for node",
                        &details,
                        map([("input_name", "image".into())]),
                    ));
                }
                Ok(())
            }
            "SaveText|pysssss" => match value("file").and_then(Json::as_str) {
                Some(file) if leads_out(file) => raise("ReferenceError", ""),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }
}

/// Inputs that the class checks itself, so that ComfyUI does not look at their limits.
fn checked_by_class(class: &str, input: &str) -> bool {
    matches!((class, input), ("LoadImage", "image") | ("SaveText|pysssss", "root_dir" | "file"))
}

fn config(input: &Input) -> Json {
    Json::List(vec![input.kind.clone(), input.options.clone()])
}

fn received(input: &Input, value: Json) -> Json {
    map([
        ("input_name", input.name.as_str().into()),
        ("input_config", config(input)),
        ("received_value", value),
    ])
}

fn less(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Int(a), Json::Int(b)) => a < b,
        _ => matches!((a.as_f64(), b.as_f64()), (Some(a), Some(b)) if a < b),
    }
}

/// A traceback as short as it may be.
pub fn traceback(function: &str) -> Json {
    strings([format!("  File \"/app/execution.py\", line 955, in {function}\n").as_str()])
}
