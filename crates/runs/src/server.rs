//! The status of the server. Invariant: it comes only from replies to other requests; nothing is
//! requested to update it.

use crate::connection_test::{Extension, Well};
use crate::keep_awake;
use crate::run::{Event, FRESH_MS, Fetched, LongPoll};
use pilotlight_comfy::comfy::Facts;
use pilotlight_comfy::run_status::StatusReport;
use pilotlight_comfy::time::{At, MINUTE_MS, SECOND_MS};

/// A wake request that was held longer than this woke a new pod.
pub const HELD_MS: u64 = 3 * SECOND_MS;

/// For so long a server is believed to lack the extension: asking leaves an error in the console.
const LACKING_MS: u64 = 10 * MINUTE_MS;

/// The status of the server, from its replies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Server {
    /// When it last answered.
    pub heard_at: Option<At>,
    /// What it last reported about itself.
    pub facts: Option<Facts>,
    /// Whether it has the extension's long-poll.
    pub long_poll: LongPoll,
    /// Whether it can hold a request for keep-awake; earlier extensions have only the long-poll.
    pub holds: LongPoll,
    /// When it was last found to lack one of them.
    pub lacking_at: Option<At>,
}

impl Server {
    /// Returns whether it answered so recently that a request does not wake it.
    pub fn is_awake(&self, now: At) -> bool {
        self.heard_at.is_some_and(|at| now.since(at) < FRESH_MS)
    }

    /// Updates the status from an event of a run, before the run handles it.
    pub fn learn(&mut self, event: &Event, now: At) {
        let heard = match event {
            Event::WakeReplied(_, result) => {
                if let Ok(facts) = result {
                    self.facts = Some(facts.clone());
                    self.perhaps_another(now);
                }
                result.is_ok()
            }
            Event::Uploaded(_, result) => result.is_ok(),
            Event::Accepted(_, result) => result.is_ok(),
            Event::Seen(_, result) => result.is_ok(),
            Event::Waited(_, result) => {
                match result {
                    Ok(StatusReport::NoLongPoll) => {
                        self.long_poll = LongPoll::Absent;
                        self.holds = LongPoll::Absent;
                        self.lacking_at = Some(now);
                    }
                    Ok(_) => self.long_poll = LongPoll::There,
                    Err(_) => {}
                }
                result.is_ok()
            }
            Event::Collected(_, fetched) => {
                fetched.iter().any(|fetched| matches!(fetched, Fetched::Here | Fetched::Gone))
            }
            Event::Stopped(_, result) => result.is_ok(),
            Event::Released
            | Event::TimerFired(_)
            | Event::Woken
            | Event::Cancelled
            | Event::Resumed => false,
        };
        if heard {
            self.heard_at = Some(now);
        }
    }

    /// Updates the status from an event of keep-awake.
    pub fn learn_keep_awake(&mut self, event: &keep_awake::Event, now: At) {
        let heard = match event {
            keep_awake::Event::WakeReplied(_, result) => {
                if let Ok(facts) = result {
                    self.facts = Some(facts.clone());
                    self.perhaps_another(now);
                }
                result.is_ok()
            }
            keep_awake::Event::Held(_, result) => {
                match result {
                    Ok(true) => self.holds = LongPoll::There,
                    Ok(false) => {
                        self.holds = LongPoll::Absent;
                        self.lacking_at = Some(now);
                    }
                    Err(_) => {}
                }
                result.is_ok()
            }
            keep_awake::Event::Pressed(_)
            | keep_awake::Event::Stopped
            | keep_awake::Event::TimerFired(_)
            | keep_awake::Event::Hid
            | keep_awake::Event::Returned
            | keep_awake::Event::Ticked => false,
        };
        if heard {
            self.heard_at = Some(now);
        }
    }

    /// Updates the status from a successful connection test.
    pub fn learn_tested(&mut self, well: &Well, now: At) {
        self.facts = Some(well.facts.clone());
        self.heard_at = Some(now);
        match well.extension {
            Extension::There => self.long_poll = LongPoll::There,
            Extension::Absent => {
                self.long_poll = LongPoll::Absent;
                self.holds = LongPoll::Absent;
                self.lacking_at = Some(now);
            }
            Extension::Locked | Extension::Unknown => {}
        }
    }

    /// Forgets what the former pod lacked, if there may be another one.
    fn perhaps_another(&mut self, now: At) {
        let slept = self.heard_at.is_none_or(|at| now.since(at) > HELD_MS);
        let slept = slept && self.lacking_at.is_none_or(|at| now.since(at) > LACKING_MS);
        for lacks in [&mut self.long_poll, &mut self.holds] {
            if slept && *lacks == LongPoll::Absent {
                *lacks = LongPoll::Unknown;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Turn;
    use pilotlight_comfy::failure::{ApiError, Fault};

    #[track_caller]
    fn check(event: Event, heard: bool) {
        let mut server = Server::default();
        server.learn(&event, At(7));
        assert_eq!(server.heard_at.is_some(), heard, "{event:?}");
    }

    #[test]
    fn only_an_answer_counts_as_heard() {
        let turn = Turn(1);
        let fault = || Fault::new(ApiError::Unavailable(502));
        check(Event::WakeReplied(turn, Ok(Facts::default())), true);
        check(Event::WakeReplied(turn, Err(fault())), false);
        check(Event::Seen(turn, Ok(StatusReport::NotInHistory)), true);
        check(Event::Seen(turn, Err(fault())), false);
        check(Event::Collected(turn, vec![Fetched::Missed(fault()), Fetched::Here]), true);
        check(Event::Collected(turn, vec![Fetched::Missed(fault())]), false);
        check(Event::Stopped(turn, Ok(())), true);
        check(Event::TimerFired(turn), false);
        check(Event::Cancelled, false);
    }

    #[test]
    fn the_extension_is_looked_for_once_per_pod() {
        let mut server = Server::default();
        server.learn(&Event::Waited(Turn(1), Ok(StatusReport::NoLongPoll)), At(1_000));
        assert_eq!(server.long_poll, LongPoll::Absent);
        server.learn(&Event::WakeReplied(Turn(2), Ok(Facts::default())), At(2_000));
        assert_eq!(server.long_poll, LongPoll::Absent, "the same pod");
        server.learn(&Event::WakeReplied(Turn(3), Ok(Facts::default())), At(60_000));
        assert_eq!(server.long_poll, LongPoll::Absent, "it was asked a minute ago");
        server.learn(&Event::WakeReplied(Turn(3), Ok(Facts::default())), At(601_001));
        assert_eq!(server.long_poll, LongPoll::Unknown, "perhaps another pod");
        server.learn(&Event::Waited(Turn(4), Ok(StatusReport::Running)), At(601_002));
        assert_eq!(server.long_poll, LongPoll::There);
    }

    #[test]
    fn a_test_is_learnt_from() {
        let mut server = Server::default();
        let mut well = Well {
            transport: pilotlight_comfy::comfy::Transport::Relay,
            facts: Facts { version: Some("1".to_owned()), ..Facts::default() },
            extension: Extension::There,
            round_trip_ms: 5,
        };
        server.learn_tested(&well, At(7));
        assert_eq!((server.long_poll, server.holds), (LongPoll::There, LongPoll::Unknown));
        well.extension = Extension::Absent;
        server.learn_tested(&well, At(9));
        assert_eq!((server.long_poll, server.holds), (LongPoll::Absent, LongPoll::Absent));
        assert_eq!((server.heard_at, server.facts), (Some(At(9)), Some(well.facts)));
    }

    #[test]
    fn an_extension_of_before_has_the_long_poll_only() {
        let mut server = Server::default();
        let held = |result| keep_awake::Event::Held(Turn(1), result);
        server.learn(&Event::Waited(Turn(1), Ok(StatusReport::Running)), At(1_000));
        server.learn_keep_awake(&held(Ok(false)), At(2_000));
        assert_eq!((server.long_poll, server.holds), (LongPoll::There, LongPoll::Absent));
        assert_eq!(server.heard_at, Some(At(2_000)));
        server.learn_keep_awake(
            &keep_awake::Event::WakeReplied(Turn(2), Ok(Facts::default())),
            At(690_000),
        );
        assert_eq!((server.long_poll, server.holds), (LongPoll::There, LongPoll::Unknown));
        server.learn_keep_awake(&held(Err(Fault::new(ApiError::TimedOut))), At(699_000));
        assert_eq!((server.heard_at, server.holds), (Some(At(690_000)), LongPoll::Unknown));
        server.learn(&Event::Waited(Turn(3), Ok(StatusReport::NoLongPoll)), At(699_500));
        assert_eq!(server.holds, LongPoll::Absent);
    }
}
