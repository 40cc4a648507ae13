//! Why a step of the form editor cannot be done.

use pilotlight_comfy::problem::Trouble;

/// Why a step cannot be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The workflow has no such input.
    NoSuchInput,
    /// Another node feeds it.
    Linked,
    /// It is a field already.
    Twice,
    /// It is no field of the form.
    NotAField,
    /// There is no neighbour on that side.
    AtTheEnd,
    /// A label without text.
    Empty,
    /// Nothing is left between the bounds, one of them is no number, or it takes no number.
    NoRange,
    /// A file, or what is only shown, has no value to begin with.
    NoDefault,
    /// Only a text can begin differently in each language.
    NotAText,
    /// The field does not take the value it would begin with.
    Value(Trouble),
}
