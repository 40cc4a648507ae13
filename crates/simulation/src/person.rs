//! What the person and the rest of the world do. Invariant: the person acts through events alone, as
//! the buttons of the page do.

use pilotlight_comfy::failure::Failure;
use pilotlight_runs::keep_awake::Goal;
use pilotlight_runs::run::Outcome;
use pilotlight_session::Event;

use crate::browser::{Order, request};
use crate::scene::{Scene, phase_name};
use crate::script::Act;

impl Scene {
    /// The remedy of a failed run is pressed.
    pub(crate) fn mend(&mut self, number: usize) {
        let Some(tab) = self.browser.tab_of(number) else { return };
        let Some(job) = self.browser.job(number) else { return };
        let Some(Outcome::Failed(failure)) = job.run.outcome() else { return };
        let is_lost = matches!(failure, Failure::Lost { .. });
        let run = job.number;
        self.note(|| format!("the person presses the remedy of run {number}"));
        if !is_lost {
            self.observer.resumed(number, self.now);
            return self.dispatch(tab, Event::RetryRequested(run));
        }
        let Some(tab_of_it) = self.browser.tab(tab) else { return };
        let lost = tab_of_it.session.lost();
        let lost: Vec<usize> = lost.into_iter().filter_map(|run| tab_of_it.index(run)).collect();
        for number in lost {
            self.wanted(self.browser.orders[number].clone());
        }
        self.tally.count("also", "lost runs run again");
        self.dispatch(tab, Event::RunLostAgainRequested);
    }

    fn wanted(&mut self, order: Order) {
        self.observer.pressed(self.now);
        self.browser.orders.push(order);
        self.tally.count("also", "presses");
    }

    pub(crate) fn press(&mut self, at: usize) {
        let tab = match (self.browser.is_open_in(0), self.browser.is_open_in(1)) {
            (true, true) => at % 2,
            (true, false) => 0,
            (false, true) => 1,
            (false, false) => return,
        };
        let press = self.script.presses[at];
        let mut requests = Vec::new();
        for _ in 0..press.times {
            let number = self.browser.next_number();
            let mark = format!("mark-{number}-{at}-of-this-press");
            let seed = self.chance.below(1 << 53);
            let pictures = self.chance.pick(&[1, 1, 1, 2, 3]);
            let order = Order { kind: press.kind, mark, seed, pictures };
            self.note(|| format!("run {number} is wanted: {:?}", press.kind));
            requests.push(request(&order));
            self.wanted(order);
        }
        let before = self.browser.jobs().count();
        let used_ms = self.browser.used_ms(self.now);
        self.dispatch(tab, Event::RunsRequested(requests));
        let has_started = self.browser.jobs().count() > before;
        self.observer.started(has_started, used_ms, self.script.minutes_per_day);
    }

    pub(crate) fn act(&mut self, act: Act) {
        if !matches!(act, Act::KillPod | Act::StrangerRuns { .. } | Act::StrangerStops)
            && (!self.browser.is_open() || self.asleep_until > self.now)
        {
            return;
        }
        self.note(|| format!("{act:?}"));
        match act {
            Act::Cancel { nth } => self.cancel(nth),
            Act::CancelAll => self.cancel_all(),
            Act::Pause { for_ms } => {
                self.tally.count("also", "pauses");
                self.observer.line.is_paused = true;
                self.dispatch_all(&Event::PauseRequested);
                self.later_resume(for_ms);
            }
            Act::Shift { nth, how } => self.shift(nth, how),
            Act::Reload { away_ms } => self.leave(away_ms),
            Act::Hide { for_ms } => {
                self.browser.is_hidden = true;
                self.tally.count("also", "hidden");
                self.later_show(for_ms);
            }
            Act::Suspend { for_ms } => {
                self.asleep_until = self.now + for_ms;
                self.tally.count("also", "suspended");
                for at in 0..self.calls.len() {
                    self.break_off(at, self.asleep_until);
                }
                self.later_rouse(for_ms);
            }
            Act::Wake => self.wake(),
            Act::KillPod => {
                self.tally.count("pod killed with", self.observer.busiest(&self.world));
                self.world.kill_pod(self.now);
            }
            Act::StrangerRuns { seconds } => self.stranger(seconds),
            Act::StrangerStops => {
                self.stopped_by_stranger = true;
                let body = self
                    .browser
                    .endpoint
                    .model()
                    .map_or("{}".to_owned(), |model| format!("{{\"model\":\"{model}\"}}"));
                self.world_post("interrupt", body);
            }
            Act::LosePictures => self.pictures_lost = true,
            Act::KeepAwake { ms } => {
                let goal = ms.map_or(Goal::Wake, |ms| Goal::Keep { ms });
                self.tally.count("also", "woken or kept awake by a press");
                let Some(tab) = self.browser.tabs.iter().position(Option::is_some) else { return };
                if let Some(tab) = self.browser.tabs[tab].as_mut() {
                    tab.has_keep_awake_press = true;
                }
                self.dispatch(tab, Event::KeepAwakeRequested(goal, String::new()));
            }
            Act::StopKeepingAwake => self.dispatch_all(&Event::KeepAwakeStopped),
        }
    }

    pub(crate) fn dispatch_all(&mut self, event: &Event) {
        for tab in 0..2 {
            if self.browser.is_open_in(tab) {
                self.dispatch(tab, event.clone());
            }
        }
    }

    /// A tab goes, and comes again; another one that is open resumes its runs meanwhile.
    fn leave(&mut self, away_ms: u64) {
        let tab = usize::from(!self.browser.is_open_in(0));
        let Some(session) = self.browser.tab(tab) else { return };
        let mut numbers = Vec::new();
        for (number, job) in session.jobs() {
            self.tally.count("reloaded in", phase_name(job.run.phase()));
            numbers.push(number);
        }
        for at in 0..self.calls.len() {
            if self.calls[at].tab == tab {
                self.calls[at].given_up = true;
                self.break_off(at, self.now);
            }
        }
        for number in &numbers {
            if self.browser.store.refused.contains(number) {
                // The page has said so: nobody looks after it any more.
                self.tally.count("also", "runs that found no room and were left");
                self.observer.line.left(*number);
                self.observer.runs[*number].is_forgotten = true;
            }
        }
        let granted = self.browser.close(tab);
        // Where another tab is open, this one may be closed for good.
        if self.browser.is_open_in(1 - tab) && self.chance.percent(30) {
            self.tally.count("also", "tabs closed for good");
        } else {
            self.later_open(tab, away_ms);
        }
        if !granted.is_empty() {
            self.tally.count("also", "runs taken over by another tab");
        }
        for (tab, run) in granted {
            self.dispatch(tab, Event::LockAcquired(run));
        }
        if let Some(leader) = self.browser.leave_leader(tab) {
            self.dispatch(leader, Event::LeaderLockAcquired);
        }
    }

    fn cancel(&mut self, nth: usize) {
        let can_cancel = self.browser.jobs().filter(|(_, job)| job.run.can_cancel());
        let live: Vec<usize> = can_cancel.map(|(number, _)| number).collect();
        let Some(number) = live.get(nth % live.len().max(1)).copied() else { return };
        let (Some(job), Some(tab)) = (self.browser.job(number), self.browser.tab_of(number)) else {
            return;
        };
        let run = job.number;
        self.tally.count("cancelled in", phase_name(job.run.phase()));
        self.note(|| format!("the person cancels run {number}"));
        self.observer.cancelled(number, self.now);
        self.dispatch(tab, Event::CancelRequested(run));
        self.look_at_the_pause();
    }

    /// What waits first, and nothing is released meanwhile.
    fn cancel_all(&mut self) {
        let can_cancel = self.browser.jobs().filter(|(_, job)| job.run.can_cancel());
        let numbers: Vec<usize> = can_cancel.map(|(number, _)| number).collect();
        for number in numbers {
            self.tally.count("also", "cancelled together");
            self.observer.cancelled(number, self.now);
        }
        self.dispatch_all(&Event::CancelAllRequested);
        self.look_at_the_pause();
    }

    /// A pause that holds nothing back is over.
    fn look_at_the_pause(&mut self) {
        let is_empty = |tab: &crate::browser::Tab| tab.session.waiting().is_empty();
        if self.browser.tabs.iter().flatten().all(is_empty) {
            self.observer.line.is_paused = false;
        }
    }

    fn shift(&mut self, nth: usize, how: pilotlight_runs::queue::Move) {
        let Some(tab) = self.browser.tabs.iter().position(Option::is_some) else { return };
        let waiting = self.browser.tab(tab).map(|tab| tab.session.waiting()).unwrap_or_default();
        let Some(run) = waiting.get(nth % waiting.len().max(1)).copied() else { return };
        self.tally.count("also", "moved");
        if let Some(shown) = self.browser.tab(tab)
            && let Some(number) = shown.index(run)
        {
            // While runs are resumed one after the other, it moves among those in the list.
            let listed: Vec<usize> = waiting.iter().filter_map(|run| shown.index(*run)).collect();
            self.observer.line.shifted(number, how, &listed);
        }
        self.dispatch(tab, Event::MoveRequested(run, how));
    }

    pub(crate) fn resume(&mut self) {
        self.note(|| "the queue goes on".to_owned());
        self.observer.line.is_paused = false;
        self.dispatch_all(&Event::ResumeRequested);
    }

    /// A run of somebody else.
    fn stranger(&mut self, seconds: u64) {
        let model = self.browser.endpoint.model().unwrap_or_default();
        let body = format!(
            r#"{{"model":"{model}","prompt":{{"1":{{"class_type":"JanusModelLoader","inputs":{{"model_name":"deepseek-ai/Janus-Pro-7B"}}}},"2":{{"class_type":"JanusImageGeneration","inputs":{{"prompt":"a stranger's [sleep={seconds}]","seed":{},"batch_size":1,"cfg_weight":5,"temperature":1,"top_p":0.95,"model":["1",0],"processor":["1",1]}}}},"3":{{"class_type":"SaveImage","inputs":{{"filename_prefix":"ComfyUI","images":["2",0]}}}}}}}}"#,
            self.chance.below(1 << 40)
        );
        self.tally.count("also", "strangers' runs");
        self.world_post("prompt", body);
    }

    fn world_post(&mut self, path: &str, body: String) {
        let base = if self.browser.endpoint.model().is_some() { "/openai" } else { "" };
        let request = pilotlight_emulator::Request::new("POST", &format!("{base}/api/{path}"))
            .with_body("application/json", body);
        self.world.handle(request, self.now);
    }
}
