//! Settings and notifications.

pub mod dialog;
pub mod notification_offer;
pub mod notifications;
