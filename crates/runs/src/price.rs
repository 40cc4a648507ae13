//! What the time of a GPU costs.

/// What an hour of the GPU costs, as the operator configured it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price<'a> {
    /// The amount for one hour, from 0.
    pub per_hour: f64,
    /// A sign such as `¥`, or a code such as `CNY`.
    pub currency: &'a str,
}
