//! The price of the GPU.

/// The price of an hour of the GPU, as configured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price<'a> {
    /// The amount for one hour, from 0.
    pub per_hour: f64,
    /// A symbol such as `¥`, or a code such as `CNY`.
    pub currency: &'a str,
}
