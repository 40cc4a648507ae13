//! Rows of a list of LoRAs, such as `lora_1: {on, lora, strength}`: each part is a field.
//! Invariant: the key of a part is the name of its row, a point and its own name.

use super::graph::Graph;
use super::pick::{Pick, Rank};
use super::titles::{self, Titled};
use crate::form::labels::{input_label, is_on};
use crate::form::{Field, input};
use pilotlight_comfy::language::Label;
use pilotlight_comfy::schema::Known;
use std::borrow::Cow;

/// The parts in the order in which they are shown.
const PARTS: [&str; 3] = ["on", "lora", "strength"];
/// A second strength, for the text encoder.
const SECOND: &str = "strengthTwo";

/// Whether an input is what the editor draws around the rows, and holds nothing.
pub(super) fn is_frame(name: &str) -> bool {
    matches!(name, "PowerLoraLoaderHeaderWidget" | "➕ Add Lora")
}

impl<'a> Graph<'a> {
    /// The parts of all rows of a node.
    pub(super) fn rows(&self, at: usize, known: &Known<'a>) -> Vec<Pick<'a>> {
        let node = self.nodes[at].1;
        let rows: Vec<&str> =
            node.inputs().filter(|(_, value)| input::is_row(value)).map(|(name, _)| name).collect();
        let mut picks = Vec::new();
        for (place, name) in rows.iter().enumerate() {
            let second = node.input(name).and_then(|row| row.get(SECOND)?.as_number());
            let parts = PARTS.into_iter().chain(second.map(|_| SECOND));
            for (part_at, part) in parts.enumerate() {
                picks.push(Pick {
                    node: at,
                    input: Cow::Owned([*name, ".", part].concat()),
                    class: known.get(node.class()),
                    described: None,
                    role: if part == SECOND { "strength_clip" } else { part },
                    rank: Rank::Common,
                    place: place * (PARTS.len() + 1) + part_at,
                    leads: false,
                    settable: part != "lora",
                    front: None,
                });
            }
        }
        // `lora_10` stands behind `lora_2`.
        let number = |pick: &Pick<'_>| {
            let row = pick.input.rsplit_once('.').map_or("", |(row, _)| row);
            row.rsplit_once('_').and_then(|(_, number)| number.parse().ok()).unwrap_or(u64::MAX)
        };
        picks.sort_by_key(number);
        for (place, pick) in picks.iter_mut().enumerate() {
            pick.place = place;
        }
        picks
    }

    /// The nodes whose titles say where their fields belong, in the order they say.
    pub(super) fn titled(&self) -> Vec<(usize, Titled)> {
        let read = |(at, node): (usize, &(_, pilotlight_comfy::workflow::Node<'_>))| {
            Some((at, titles::read(node.1.title())?))
        };
        let mut titled: Vec<_> = self.nodes.iter().enumerate().filter_map(read).collect();
        titled.sort_by_key(|(_, titled)| titled.order);
        titled
    }
}

/// What a part of a row is called: by the number of its row.
pub(super) fn label(pick: &Pick<'_>) -> Option<Label> {
    let (row, part) = pick.input.rsplit_once('.')?;
    if !PARTS.contains(&part) && part != SECOND || !row.starts_with("lora") {
        return None;
    }
    let number: String = row.chars().filter(char::is_ascii_digit).collect();
    let lora = input_label("lora_name");
    let part = match part {
        "lora" => None,
        "on" => Some(is_on()),
        _ => Some(input_label(pick.role)),
    };
    Some(Label::of(|language| {
        let mut label = [lora.get(language), " ", &number].concat();
        if let Some(part) = &part {
            label.push_str(" · ");
            label.push_str(part.get(language));
        }
        label
    }))
}

impl Field {
    /// Takes over what the title of the node says.
    pub(super) fn title(&mut self, titled: &Titled, alone: bool) {
        let own = self.label.clone();
        self.label = Label::of(|language| {
            if alone {
                titled.label.clone()
            } else {
                [&titled.label, " · ", own.get(language)].concat()
            }
        });
        if let (true, Some(group)) = (self.advanced, &titled.group) {
            self.group = Some(Label::plain(group));
        }
    }
}
