//! The transitions of the connection test.

use super::{Broken, ConnectionTest, Context, Echo, End, Extension, Finding, Probe, Step, Well};
use crate::run::backoff_ms;
use crate::server::HELD_MS;
use pilotlight_comfy::comfy::{self, Facts, RelayTrouble, Reply, Said, Transport};
use pilotlight_comfy::failure::ApiError;

impl ConnectionTest {
    /// Returns for how long the request has been outstanding, in ms.
    fn out_ms(&self, context: &Context) -> u64 {
        self.asked.map_or(0, |at| context.now.since(at))
    }

    pub(super) fn echoed(&mut self, probe: Probe, echo: Echo, context: &Context) -> Step {
        let out_ms = self.out_ms(context);
        if probe == Probe::Wait {
            return self.of_wait(&echo);
        }
        if !matches!(echo, Echo::Response(Err(_))) {
            self.is_reached = true;
            self.round_trip_ms = Some(self.round_trip_ms.map_or(out_ms, |least| least.min(out_ms)));
        }
        let reply = match echo {
            Echo::Redirected => return self.broken(Finding::Login, None),
            Echo::Opaque => return self.reached(context),
            Echo::Response(Err(error)) => return self.silent(probe, error, out_ms, context),
            Echo::Response(Ok(_)) if probe == Probe::Reach => return self.reached(context),
            Echo::Response(Ok(reply)) => reply,
        };
        match probe {
            Probe::UnknownModel | Probe::Reach => self.of_unknown_model(&reply, context),
            Probe::Wake => self.of_wake_request(&reply, context),
            Probe::Plain | Probe::Wait => self.of_plain(&reply, context),
        }
    }

    fn of_wait(&mut self, echo: &Echo) -> Step {
        let Echo::Response(Ok(reply)) = echo else { return self.well(Extension::Unknown) };
        self.well(match comfy::said(reply) {
            Said::Taken | Said::Facts(_) => Extension::There,
            Said::Extension(_) => Extension::Locked,
            Said::Other { status: 404 | 405, .. } | Said::Relay { status: 404 | 405, .. } => {
                Extension::Absent
            }
            Said::Page | Said::Relay { .. } | Said::Kubeai(_) | Said::Other { .. } => {
                Extension::Unknown
            }
        })
    }

    fn of_unknown_model(&mut self, reply: &Reply, context: &Context) -> Step {
        match comfy::said(reply) {
            // Plain ComfyUI: there is no pod to wake.
            Said::Facts(facts) => {
                self.is_plain = true;
                self.awake(facts, context)
            }
            // A server that reports an unknown model reads models and bodies.
            Said::Kubeai(404) => self.ask(Probe::Wake, context),
            Said::Taken if self.is_direct() => {
                self.is_plain = true;
                self.ask(Probe::Wake, context)
            }
            Said::Kubeai(400) => self.by_the_other_way(Finding::BodyLost, reply, context),
            said @ (Said::Taken
            | Said::Page
            | Said::Relay { .. }
            | Said::Kubeai(_)
            | Said::Extension(_)
            | Said::Other { .. }) => self.broken(self.finding(&said), Some(reply)),
        }
    }

    fn of_wake_request(&mut self, reply: &Reply, context: &Context) -> Step {
        let said = comfy::said(reply);
        let is_late = match &said {
            Said::Kubeai(status) | Said::Relay { status, .. } | Said::Other { status, .. } => {
                matches!(status, 429 | 500..=599)
            }
            Said::Page => !self.is_direct(),
            Said::Facts(_) | Said::Taken | Said::Extension(_) => false,
        };
        let finding = self.finding(&said);
        match said {
            Said::Facts(facts) => self.awake(facts, context),
            _ if is_late && self.has_kubeai() => self.later(finding, Some(reply), context),
            Said::Kubeai(404) if self.has_kubeai() => {
                self.broken(Finding::UnknownModel, Some(reply))
            }
            Said::Kubeai(400) if !self.has_model() => {
                self.broken(Finding::ModelWanted, Some(reply))
            }
            Said::Kubeai(400) => self.by_the_other_way(Finding::BodyLost, reply, context),
            Said::Other { status: 404 | 405, .. } if self.is_direct() => {
                self.by_the_other_way(Finding::NoExtension, reply, context)
            }
            Said::Other { status: status @ (404 | 405), .. } if self.has_kubeai() => {
                self.broken(Finding::Odd { status }, Some(reply))
            }
            Said::Taken
            | Said::Page
            | Said::Relay { .. }
            | Said::Kubeai(_)
            | Said::Extension(_)
            | Said::Other { .. } => self.broken(finding, Some(reply)),
        }
    }

    fn of_plain(&mut self, reply: &Reply, context: &Context) -> Step {
        let said = comfy::said(reply);
        match said {
            Said::Taken | Said::Facts(_) => {
                self.by_the_other_way(Finding::NoExtension, reply, context)
            }
            Said::Kubeai(404) => self.broken(Finding::UnknownModel, Some(reply)),
            Said::Page
            | Said::Relay { .. }
            | Said::Kubeai(_)
            | Said::Extension(_)
            | Said::Other { .. } => self.broken(self.finding(&said), Some(reply)),
        }
    }

    /// Continues after a response that the page cannot read.
    fn reached(&mut self, context: &Context) -> Step {
        match (self.is_direct(), self.has_kubeai()) {
            (true, _) => self.ask(Probe::Wake, context),
            // kubeai never lets a page of another site read, so the other transport is tried.
            (false, true) if !self.has_switched => {
                self.switch();
                self.begin(context)
            }
            (false, true) => self.broken(Finding::Hidden, None),
            (false, false) => self.broken(Finding::CorsOff, None),
        }
    }

    fn silent(&mut self, probe: Probe, error: ApiError, out_ms: u64, context: &Context) -> Step {
        let is_late = error == ApiError::TimedOut;
        let was_held = out_ms > HELD_MS;
        match probe {
            Probe::Wake | Probe::Plain if is_late && self.has_kubeai() => {
                self.never_ready(None, context)
            }
            _ if is_late => self.broken(Finding::Silent, None),
            Probe::Reach | Probe::Wait => self.broken(Finding::NotReached, None),
            Probe::UnknownModel | Probe::Wake if !self.is_own() && !self.is_reached => {
                self.ask(Probe::Reach, context)
            }
            Probe::UnknownModel => self.broken(Finding::NotReached, None),
            Probe::Wake | Probe::Plain if self.has_kubeai() && (was_held || !self.is_direct()) => {
                self.later(Finding::NotReached, None, context)
            }
            Probe::Wake | Probe::Plain if self.is_own() => self.broken(Finding::NotReached, None),
            Probe::Wake => self.ask(Probe::Plain, context),
            Probe::Plain if self.has_kubeai() => self.broken(Finding::Hidden, None),
            Probe::Plain => self.broken(Finding::CorsOff, None),
        }
    }

    /// Returns the finding of a response that needs no special handling.
    fn finding(&self, said: &Said) -> Finding {
        match *said {
            Said::Extension(guard) => Finding::Guarded(guard),
            Said::Relay { status: 429 | 503, .. } => Finding::Busy,
            Said::Page => Finding::NoRelay { status: 200 },
            Said::Relay { trouble: RelayTrouble::NoModel, .. } => Finding::ModelWanted,
            // Some relays only report that the request was invalid.
            Said::Relay { status: 400, trouble: RelayTrouble::Unnamed } if !self.has_model() => {
                Finding::ModelWanted
            }
            Said::Relay { status: 400, trouble: RelayTrouble::Unnamed } => Finding::WrongPath,
            Said::Relay { trouble: RelayTrouble::NotPassedOn, .. } => Finding::WrongPath,
            Said::Relay { trouble: RelayTrouble::Foreign, .. } => Finding::Foreign,
            Said::Relay { trouble: RelayTrouble::UnknownHost, .. } => Finding::UnknownHost,
            Said::Relay { trouble, .. } => Finding::Upstream(trouble),
            Said::Other { status: 403, is_empty: true } => Finding::OriginRefused,
            Said::Kubeai(status) | Said::Other { status, .. } => match status {
                401 | 403 => Finding::Access { status },
                404 | 405 => Finding::NoRelay { status },
                429 => Finding::Busy,
                502..=504 => Finding::Gateway { status },
                _ => Finding::Odd { status },
            },
            Said::Facts(_) | Said::Taken => Finding::Odd { status: 200 },
        }
    }

    fn awake(&mut self, facts: Facts, context: &Context) -> Step {
        if let Some(at) = self.wake_replied.filter(|_| self.has_kubeai()) {
            self.woke = Some(context.now.since(at));
        }
        self.hiccup = None;
        let well = Well {
            transport: self.transport().unwrap_or(Transport::Relay),
            facts,
            extension: Extension::There,
            round_trip_ms: self.round_trip_ms.unwrap_or_else(|| self.out_ms(context)),
        };
        // With the direct transport, the extension itself has answered.
        if well.transport == Transport::Direct {
            return self.finish(End::Well(well));
        }
        self.found = Some(well);
        self.ask(Probe::Wait, context)
    }

    pub(super) fn well(&mut self, extension: Extension) -> Step {
        match self.found.take() {
            Some(well) => self.finish(End::Well(Well { extension, ..well })),
            None => Step::Rest,
        }
    }

    /// Tries again after a delay, since a GPU may be waking; fails after the limit.
    fn later(&mut self, finding: Finding, reply: Option<&Reply>, context: &Context) -> Step {
        let waited = self.wake_replied.map_or(0, |at| context.now.since(at));
        if waited >= context.limit_ms {
            return self.never_ready(reply, context);
        }
        // The time serves as jitter, since there is no run id.
        let spread = context.now.0.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let retry_after_s = reply.and_then(|reply| reply.retry_after_s);
        let ms = backoff_ms(self.attempts, retry_after_s, spread);
        self.attempts += 1;
        self.hiccup = Some((finding, self.out_ms(context)));
        self.probe = None;
        self.issue(Step::Sleep { ms }, context.now)
    }

    fn never_ready(&mut self, reply: Option<&Reply>, context: &Context) -> Step {
        self.waited_ms = self.wake_replied.map_or(0, |at| context.now.since(at));
        self.broken(Finding::NeverReady, reply)
    }

    /// Fails, or tries the other transport, which may work.
    fn by_the_other_way(&mut self, finding: Finding, reply: &Reply, context: &Context) -> Step {
        // A page of another site cannot read kubeai's response to a read.
        let is_hopeless = self.is_direct() && self.has_kubeai() && !self.is_own();
        let lacks_model = self.has_kubeai() && !self.has_model();
        if self.has_switched || is_hopeless || lacks_model {
            return self.broken(finding, Some(reply));
        }
        let transport = self.transport().unwrap_or(Transport::Relay);
        let raw = comfy::raw(reply);
        self.former = Some(Broken { finding, transport, raw });
        self.switch();
        self.begin(context)
    }

    fn switch(&mut self) {
        self.has_switched = true;
        if let Some(target) = &mut self.target {
            target.endpoint = target.endpoint.by(match target.endpoint.transport() {
                Transport::Relay => Transport::Direct,
                Transport::Direct => Transport::Relay,
            });
        }
    }

    /// Ends the test. If both transports failed, the finding of the first one is reported.
    pub(super) fn broken(&mut self, finding: Finding, reply: Option<&Reply>) -> Step {
        if let Some(former) = self.former.take() {
            return self.finish(End::Broken(former));
        }
        let transport = self.transport().unwrap_or(Transport::Relay);
        let raw = reply.map(comfy::raw).unwrap_or_default();
        self.finish(End::Broken(Broken { finding, transport, raw }))
    }
}
