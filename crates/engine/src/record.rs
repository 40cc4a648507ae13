//! The stored form of a run. Invariant: what one version wrote, that version and later ones read;
//! anything else is `None`, never a guess.

use serde_json::Value;

use crate::id::PromptId;
use crate::json;
use crate::run::Span;
use crate::sighting::Ended;
use crate::time::At;

/// What a run needs to be taken up again.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub prompt_id: PromptId,
    pub has_pictures: bool,
    /// 0: the server was never sent this prompt.
    pub posts: u32,
    /// The person had pressed *Cancel*.
    pub cancelled: bool,
    pub pressed: At,
    /// It was lost, and nobody has let go of it yet; whether the long-poll was there.
    pub lost: Option<bool>,
    /// Where it was last seen at the server.
    pub seen: Option<Seen>,
    /// The clocks of its stages, in the order of `Stage`.
    pub spans: [Option<Span>; 4],
    /// What the history said, once it did: where its files are, even when the server has
    /// forgotten it since.
    pub ended: Option<Box<Ended>>,
}

/// Where a run was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    InLine,
    Running,
}

const VERSION: u64 = 1;

impl Stored {
    pub fn to_value(&self) -> Value {
        json::object(vec![
            ("v", VERSION.into()),
            ("prompt_id", self.prompt_id.as_str().into()),
            ("has_pictures", self.has_pictures.into()),
            ("posts", self.posts.into()),
            ("cancelled", self.cancelled.into()),
            ("pressed", self.pressed.0.into()),
            ("lost", self.lost.into()),
            ("seen", self.seen.map(word).into()),
            ("spans", self.spans.map(span).to_vec().into()),
            ("ended", self.ended.as_ref().map(|ended| ended.to_value()).into()),
        ])
    }

    pub fn from_value(value: &Value) -> Option<Self> {
        if value.get("v")?.as_u64()? != VERSION {
            return None;
        }
        Some(Self {
            prompt_id: PromptId::named(value.get("prompt_id")?.as_str()?)?,
            has_pictures: value.get("has_pictures")?.as_bool()?,
            posts: u32::try_from(value.get("posts")?.as_u64()?).ok()?,
            cancelled: value.get("cancelled")?.as_bool()?,
            pressed: At(value.get("pressed")?.as_u64()?),
            // Earlier pages did not store them.
            lost: value.get("lost").and_then(Value::as_bool),
            seen: value.get("seen").and_then(seen),
            spans: value.get("spans").and_then(spans).unwrap_or_default(),
            ended: match value.get("ended") {
                None | Some(Value::Null) => None,
                Some(ended) => Some(Box::new(Ended::from_value(ended)?)),
            },
        })
    }
}

fn word(seen: Seen) -> &'static str {
    match seen {
        Seen::InLine => "in line",
        Seen::Running => "running",
    }
}

fn seen(value: &Value) -> Option<Seen> {
    match value.as_str()? {
        "in line" => Some(Seen::InLine),
        "running" => Some(Seen::Running),
        _ => None,
    }
}

fn span(span: Option<Span>) -> Value {
    match span {
        None => Value::Null,
        Some(Span { from, until }) => vec![Value::from(from.0), until.map(|at| at.0).into()].into(),
    }
}

fn spans(value: &Value) -> Option<[Option<Span>; 4]> {
    let mut spans = [None; 4];
    for (span, value) in spans.iter_mut().zip(value.as_array()?) {
        let at = |place: usize| value.get(place)?.as_u64().map(At);
        *span = at(0).map(|from| Span { from, until: at(1) });
    }
    Some(spans)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn stored() -> Stored {
        Stored {
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
            assert_eq!(Stored::from_value(&stored.to_value()), Some(stored));
        }
    }

    #[test]
    fn what_an_earlier_page_stored_is_read() {
        let mut value = stored().to_value();
        for (name, gone) in
            [("lost", json!(1)), ("seen", json!(7)), ("spans", json!([[], "x", [1.5], 3, 4]))]
        {
            value[name] = gone;
            assert_eq!(Stored::from_value(&value), Some(stored()), "{name}");
        }
        let object = value.as_object_mut().expect("an object");
        object.remove("lost");
        object.remove("seen");
        object.remove("spans");
        assert_eq!(Stored::from_value(&value), Some(stored()));
    }

    #[test]
    fn what_is_not_ours_is_refused() {
        let broken = |key: &str, value: Value| {
            let mut whole = stored().to_value();
            whole[key] = value;
            Stored::from_value(&whole)
        };
        assert_eq!(broken("v", json!(2)), None);
        assert_eq!(broken("posts", json!(-1)), None);
        assert_eq!(broken("prompt_id", json!("")), None);
        assert_eq!(broken("pressed", json!("now")), None);
        assert_eq!(Stored::from_value(&json!([])), None);
    }
}
