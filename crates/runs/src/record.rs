//! The stored form of a run. Invariant: later versions read what a version wrote; anything else is
//! `None`, never guessed.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::run::Span;
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::json::{self, Version};
use pilotlight_comfy::run_status::Ended;
use pilotlight_comfy::time::At;

/// What is needed to resume a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    /// The version of this format.
    #[serde(rename = "v")]
    pub version: Version<1>,
    /// The id of the run at the server.
    pub prompt_id: PromptId,
    /// Whether images are uploaded before the prompt is sent.
    pub has_pictures: bool,
    /// How often the prompt was sent; 0: never.
    pub posts: u32,
    /// Whether the user had pressed *Cancel*.
    pub cancelled: bool,
    /// When the user pressed *Run*.
    pub pressed: At,
    /// Set if it was lost and not yet dismissed: whether the server had the long-poll. Earlier
    /// versions did not store it.
    #[serde(default, deserialize_with = "json::lenient")]
    pub lost: Option<bool>,
    /// Where it was last seen at the server. Earlier versions did not store it.
    #[serde(default, deserialize_with = "json::lenient")]
    pub seen: Option<Seen>,
    /// The durations of its stages, in the order of `Stage`. Earlier versions did not store them.
    #[serde(default, deserialize_with = "spans")]
    pub spans: [Option<Span>; 4],
    /// What the history said, once it was read: the locations of its files, even after the server
    /// has forgotten the run.
    #[serde(default)]
    pub ended: Option<Box<Ended>>,
}

/// Where a run was seen at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seen {
    /// In the server's queue.
    #[serde(rename = "in line")]
    InLine,
    /// Running.
    #[serde(rename = "running")]
    Running,
}

/// Reads stored spans; one that cannot be read is `None`, the others stay.
fn spans<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[Option<Span>; 4], D::Error> {
    let stored: Vec<Value> = json::lenient(deserializer)?;
    let mut spans = [None; 4];
    for (span, value) in spans.iter_mut().zip(&stored) {
        *span = Span::deserialize(value).ok();
    }
    Ok(spans)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn stored() -> Stored {
        Stored {
            version: Version,
            prompt_id: PromptId::from_random([7; 16]),
            has_pictures: true,
            posts: 2,
            cancelled: false,
            pressed: At(1_795_336_019_932),
            lost: None,
            seen: None,
            spans: [None; 4],
            ended: None,
        }
    }

    #[test]
    fn a_stored_run_comes_back_as_it_was() {
        let span = |from, until: Option<u64>| Some(Span { from: At(from), until: until.map(At) });
        for seen in [None, Some(Seen::InLine), Some(Seen::Running)] {
            let spans = [None, span(7, Some(9)), span(9, None), None];
            let lost = seen.map(|seen| seen == Seen::Running);
            let stored = Stored { lost, seen, spans, ..stored() };
            assert_eq!(json::from_value(&json::to_value(&stored)), Some(stored));
        }
    }

    #[test]
    fn what_an_earlier_page_stored_is_read() {
        let mut value = json::to_value(&stored());
        for (name, gone) in
            [("lost", json!(1)), ("seen", json!(7)), ("spans", json!([[], "x", [1.5], 3, 4]))]
        {
            value[name] = gone;
            assert_eq!(json::from_value::<Stored>(&value), Some(stored()), "{name}");
        }
        let object = value.as_object_mut().expect("an object");
        object.remove("lost");
        object.remove("seen");
        object.remove("spans");
        assert_eq!(json::from_value::<Stored>(&value), Some(stored()));
    }

    #[test]
    fn what_is_not_ours_is_refused() {
        let broken = |key: &str, value: Value| {
            let mut whole = json::to_value(&stored());
            whole[key] = value;
            json::from_value::<Stored>(&whole)
        };
        assert_eq!(broken("v", json!(2)), None);
        assert_eq!(broken("posts", json!(-1)), None);
        assert_eq!(broken("prompt_id", json!("")), None);
        assert_eq!(broken("pressed", json!("now")), None);
        assert_eq!(json::from_value::<Stored>(&json!([])), None);
    }
}
