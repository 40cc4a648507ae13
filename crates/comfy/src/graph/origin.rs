//! Where the values of widgets were read, and what is done to them before they are sent.

use super::bounds::Bounds;
use serde_json::Value;
use std::ptr;

/// What is done to a value before it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum How {
    #[default]
    Plain,
    /// One of `{a|b}` is chosen, and comments are removed.
    Dynamic,
    /// `%date:…%` and `%Node.widget%` are replaced.
    Named,
    Curve,
}

impl How {
    pub(super) const ALL: [(Self, &str); 4] = [
        (Self::Plain, "plain"),
        (Self::Dynamic, "dynamic"),
        (Self::Named, "named"),
        (Self::Curve, "curve"),
    ];
}

/// A value of the file. It is only compared with the addresses of other values.
pub(super) type Origin = Option<*const Value>;

/// A value of the file, and what is done to it.
#[derive(Clone, Copy, Default)]
pub(super) struct Written {
    pub(super) origin: Origin,
    pub(super) how: How,
    pub(super) bounds: Option<Bounds>,
}

impl Written {
    pub(super) fn new(origin: Origin, how: How) -> Self {
        Self { origin, how, bounds: None }
    }

    /// A value that is sent as it is.
    pub(super) fn typed(value: &Value) -> Self {
        Self::new(Some(ptr::from_ref(value)), How::Plain)
    }

    /// A number that is moved into these bounds first.
    pub(super) fn within(self, bounds: Bounds) -> Self {
        Self { bounds: Some(bounds), ..self }
    }

    /// The same, with something more done to it.
    pub(super) fn and(self, how: How) -> Self {
        match (self.how, how) {
            (How::Plain, how) => Self { how, ..self },
            (_, How::Plain) => self,
            // Two that are done one after the other are not followed back.
            _ => Self::default(),
        }
    }
}
