//! One run as an onlooker between page and gateway sees it.

use std::collections::VecDeque;

use crate::network::{Call, RequestKind};

/// One look that found the run nowhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Miss {
    pub asked: u64,
    pub heard: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Watched {
    /// Its own id, and the server's where that differs.
    pub ids: Vec<String>,
    pub pressed: u64,
    /// When something was asked for it first.
    pub first_asked: Option<u64>,
    pub posts: u32,
    pub uploads: u32,
    /// The page was closed and opened again while the prompt was out.
    pub restored: bool,
    /// Taken up more than an hour after it was wanted.
    pub too_old: bool,
    /// The person pressed its remedy.
    pub resumed: bool,
    /// The page went without a record of it.
    pub is_forgotten: bool,
    /// The server refused the last prompt: 400.
    pub refused: bool,
    pub cancelled_at: Option<u64>,
    pub ended: bool,
    pub ended_at: u64,
    pub confirmed_at: Option<u64>,
    /// Since it was last seen somewhere, sent, or taken up.
    pub misses: Vec<Miss>,
    /// The server said that it has it, since it was sent or taken up.
    pub placed: bool,
    pub fails: u32,
    pub failed: Option<(u64, u64)>,
    /// Files that are asked for together fail together.
    pub fail_asked_at: Option<u64>,
    pub last_good: Option<u64>,
    pub last_status: Option<u16>,
    pub recent: VecDeque<u64>,
    /// Files that came, since it was taken up or before and stored.
    pub files: usize,
    pub forgiven: u64,
}

impl Watched {
    pub fn begin_again(&mut self, files: usize, now: u64) {
        self.forget_misses();
        self.placed = false;
        self.ended = false;
        (self.fails, self.failed) = (0, None);
        self.last_good = Some(now);
        self.recent.clear();
        self.files = files;
    }

    pub fn forget_misses(&mut self) {
        self.misses.clear();
    }

    /// Where the bytes of a reply say that the run is.
    pub fn look(&mut self, call: &Call, body: &[u8], status: u16, now: u64) {
        let text = std::str::from_utf8(body).unwrap_or_default();
        let names = |ids: &[String]| ids.iter().any(|id| text.contains(id.as_str()));
        let nowhere = match call.request_kind {
            RequestKind::History if names(&self.ids) => false,
            RequestKind::History => return,
            RequestKind::Queue if names(&self.ids) => false,
            RequestKind::Queue => true,
            RequestKind::Wait if status != 200 => return,
            RequestKind::Wait => body == b"{}",
            RequestKind::Wake
            | RequestKind::Upload
            | RequestKind::Submit
            | RequestKind::File { .. }
            | RequestKind::Delete
            | RequestKind::Interrupt
            | RequestKind::Hold => return,
        };
        if nowhere {
            self.misses.push(Miss { asked: call.asked_at, heard: now });
        } else {
            self.forgiven += u64::from(!self.misses.is_empty());
            self.forget_misses();
            self.placed = true;
        }
    }
}
