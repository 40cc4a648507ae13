//! How the page's steps become requests, how their replies become events, and what the person and
//! the world do in between. Invariant: step by step what the page's own driver does.

use pilotlight_engine::comfy::{self, Heard};
use pilotlight_engine::failure::{ApiError, Fault};
use pilotlight_engine::id::PromptId;
use pilotlight_engine::lane::Move;
use pilotlight_engine::run::{Ask, Event, Fetched, Outcome, Phase, Step, UploadFault};
use pilotlight_engine::sighting::FileRef;

use crate::page::{Job, Order};
use crate::scene::{Scene, phase_name};
use crate::script::Act;
use crate::watch::says_html;
use crate::way::{Asking, Call, Gather};

impl Scene {
    pub(crate) fn perform(&mut self, number: usize, step: Step) {
        self.give_up(number);
        let Some(job) = self.page.job(number) else { return };
        let (turn, id) = (job.run.turn(), job.run.id().clone());
        if step != Step::Rest {
            self.stepped();
        }
        let endpoint = &self.page.endpoint;
        match step {
            Step::Knock { limit_ms } => {
                self.send(number, turn, Asking::Knock, limit_ms, endpoint.knock());
            }
            Step::Upload { limit_ms } => {
                if self.pictures_lost {
                    self.tell(number, Event::Uploaded(turn, Err(UploadFault::PictureLost)));
                } else {
                    let request = endpoint.upload("input.png");
                    self.send(number, turn, Asking::Upload, limit_ms, request);
                }
            }
            Step::Submit { limit_ms } => {
                if self.watch.posts(number) > 0 {
                    self.tally.count("a prompt", "sent again");
                }
                let request = endpoint.submit(&id, "simulation", self.page.graph(number));
                self.send(number, turn, Asking::Submit, limit_ms, request);
            }
            Step::Look { ask: Ask::History, limit_ms } => {
                self.send(number, turn, Asking::History, limit_ms, endpoint.history(&id));
            }
            Step::Look { ask: Ask::Queue, limit_ms } => {
                self.send(number, turn, Asking::Queue, limit_ms, endpoint.queue());
            }
            Step::Wait { known, limit_ms } => {
                self.send(number, turn, Asking::Wait, limit_ms, endpoint.wait(&id, known));
            }
            Step::Collect { files, limit_ms } => {
                self.gathers.retain(|gather| gather.number != number);
                let (places, files): (Vec<usize>, Vec<FileRef>) = files.into_iter().unzip();
                self.watch.collects(number, &places, &self.page.store);
                let slots = vec![None; files.len()];
                self.gathers.push(Gather { number, turn, places, files: files.clone(), slots });
                for (slot, file) in files.iter().enumerate() {
                    let request = self.page.endpoint.view(file, &id);
                    self.send(number, turn, Asking::File { slot }, limit_ms, request);
                }
            }
            Step::Stop { limit_ms } => {
                self.send(number, turn, Asking::Delete, limit_ms, endpoint.delete(&id));
            }
            Step::Sleep { ms } => self.later_ring(number, turn, ms),
            Step::Rest => {}
        }
    }

    /// A reply is here, or will never be.
    pub(crate) fn finished(&mut self, call: &Call, heard: &Heard) {
        self.note(|| format!("run {} ← {:?} {}", call.number, call.asking, shown(heard)));
        self.watch.heard(call, heard, self.now);
        let Some(job) = self.page.job(call.number) else { return };
        let (id, turn, number) = (job.run.id().clone(), call.turn, call.number);
        let event = match call.asking {
            Asking::Knock => Event::Knocked(turn, comfy::facts(heard)),
            Asking::Upload => Event::Uploaded(turn, self.uploaded(number, heard)),
            Asking::Submit => {
                let accepted = comfy::accepted(heard);
                self.answered_to_prompt(call, &accepted);
                Event::Accepted(turn, accepted)
            }
            Asking::History => Event::Seen(turn, comfy::history(heard, &id)),
            Asking::Queue => Event::Seen(turn, comfy::queue(heard, &id)),
            Asking::Wait => {
                let glimpse = comfy::wait(heard, &id);
                self.tally.glimpse(&glimpse);
                Event::Waited(turn, glimpse)
            }
            Asking::File { slot } => return self.fetched(call, slot, heard),
            Asking::Delete => match comfy::stopped(heard) {
                Ok(()) => {
                    let request = self.page.endpoint.interrupt(&id);
                    if !call.given_up {
                        self.send(number, turn, Asking::Interrupt, call.limit_ms, request);
                    }
                    return;
                }
                Err(fault) => Event::Stopped(turn, Err(fault)),
            },
            Asking::Interrupt => Event::Stopped(turn, comfy::stopped(heard)),
        };
        self.tell(number, event);
    }

    fn answered_to_prompt(&mut self, call: &Call, accepted: &Result<comfy::Accepted, Fault>) {
        if call.given_up {
            return;
        }
        match accepted {
            Ok(accepted) => {
                if self.watch.accepted(call.number, accepted.prompt_id.as_str()) {
                    self.tally.count("a prompt", "under another id");
                }
            }
            Err(fault) if fault.is_transient() => {
                let there = match self.watch.has(call.number, &self.world) {
                    true => "answered badly and there",
                    false => "answered badly and not there",
                };
                self.tally.count("a prompt", there);
            }
            Err(_) => {}
        }
    }

    fn uploaded(&mut self, number: usize, heard: &Heard) -> Result<(), UploadFault> {
        let name = comfy::uploaded(heard).map_err(UploadFault::Fault)?;
        if let Some(job) = self.page.jobs.iter_mut().find(|job| job.number == number) {
            self.tally.count("also", "pictures uploaded");
            if job.uploaded.is_some() {
                self.tally.count("also", "pictures uploaded again");
            }
            job.uploaded = Some(name);
        }
        Ok(())
    }

    fn fetched(&mut self, call: &Call, slot: usize, heard: &Heard) {
        let Some(at) = self
            .gathers
            .iter()
            .position(|gather| gather.number == call.number && gather.turn == call.turn)
        else {
            return;
        };
        let gather = &mut self.gathers[at];
        let (Some(file), Some(place)) = (gather.files.get(slot), gather.slots.get_mut(slot)) else {
            return;
        };
        let mark = self.page.orders.get(call.number).map_or("", |order| order.mark.as_str());
        let fetched = match comfy::viewed(heard) {
            // What the browser's own decoder would find out.
            Ok(true) if says_html(heard) => Fetched::Missed(Fault::new(ApiError::Garbled)),
            Ok(true) if comfy::is_anothers(heard, file) => {
                if !call.given_up {
                    self.watch.put_aside(call.number, heard, mark);
                    self.tally.count("also", "another's file of the same name");
                }
                Fetched::Gone
            }
            Ok(true) => {
                if !call.given_up {
                    self.watch.picture(call.number, heard, mark, &self.world, &mut self.tally);
                    let is_kept = !self.chance.percent(self.script.writes_fail_percent);
                    self.tally.count("a file", if is_kept { "stored" } else { "not stored" });
                    if let (true, Some(at)) = (is_kept, gather.places.get(slot)) {
                        self.page.store.files.entry(call.number).or_default().insert(*at);
                    }
                }
                Fetched::Here
            }
            Ok(false) => Fetched::Gone,
            Err(fault) => Fetched::Missed(fault),
        };
        *place = Some(fetched);
        if gather.slots.iter().all(Option::is_some) {
            let gather = self.gathers.swap_remove(at);
            let fetched = gather.slots.into_iter().flatten().collect();
            self.tell(call.number, Event::Collected(call.turn, fetched));
        }
    }

    /// A run is over: is it, and as it is said?
    pub(crate) fn ended(&mut self, number: usize) {
        let Some(job) = self.page.job(number) else { return };
        let Phase::Ended(outcome) = job.run.phase() else { return };
        let outcome = outcome.clone();
        self.tally.outcome(&outcome);
        self.note(|| format!("run {number} ended: {}", said(&outcome)));
        self.watch.ended(number, &outcome, &self.page, &self.world, self.now);
        let can_mend = match &outcome {
            Outcome::Failed(failure) => failure.remedy(),
            Outcome::Done { .. } | Outcome::Cancelled { .. } => return,
        };
        use pilotlight_engine::failure::Remedy;
        let takes_up = match can_mend {
            Remedy::TryAgain | Remedy::LookAgain | Remedy::LookAnyway => true,
            Remedy::RunAgain | Remedy::GoToField | Remedy::OpenSettings | Remedy::EnterKey => false,
        };
        if takes_up && self.script.mends > 0 {
            self.script.mends -= 1;
            self.tally.count("also", "remedies pressed");
            let ms = 1_000 + self.chance.moment_ms(600_000);
            self.later_mend(number, ms);
        }
    }

    pub(crate) fn press(&mut self, at: usize) {
        let tab = match (self.page.is_open_in(0), self.page.is_open_in(1)) {
            (true, true) => at % 2,
            (true, false) => 0,
            (false, true) => 1,
            (false, false) => return,
        };
        let press = self.script.presses[at];
        for _ in 0..press.times {
            let number = self.page.orders.len();
            let mark = format!("mark-{number}-{at}-of-this-press");
            let seed = self.chance.below(1 << 53);
            let pictures = self.chance.pick(&[1, 1, 1, 2, 3]);
            let order = Order { kind: press.kind, mark, seed, pictures };
            let id = PromptId::from_random(self.chance.bytes());
            self.note(|| format!("run {number} is wanted: {id}, {:?}", press.kind));
            self.watch.pressed(&id, self.now);
            self.tally.count("also", "presses");
            self.page.start(tab, id, order, self.now);
        }
        self.release();
    }

    pub(crate) fn act(&mut self, act: Act) {
        if !matches!(act, Act::KillPod | Act::StrangerRuns { .. } | Act::StrangerStops)
            && (!self.page.is_open() || self.asleep_until > self.now)
        {
            return;
        }
        self.note(|| format!("{act:?}"));
        match act {
            Act::Cancel { nth } => self.cancel(nth),
            Act::CancelAll => self.cancel_all(),
            Act::Pause { for_ms } => {
                self.tally.count("also", "pauses");
                self.page.pause(true);
                self.watch.line.is_paused = true;
                self.later_resume(for_ms);
            }
            Act::Shift { nth, how } => self.shift(nth, how),
            Act::Reload { away_ms } => self.leave(away_ms),
            Act::Hide { for_ms } => {
                self.page.hidden = true;
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
                self.tally.count("pod killed with", self.watch.busiest(&self.world));
                self.world.kill_pod(self.now);
            }
            Act::StrangerRuns { seconds } => self.stranger(seconds),
            Act::StrangerStops => {
                self.stopped_by_stranger = true;
                let body = self
                    .page
                    .endpoint
                    .model()
                    .map_or("{}".to_owned(), |model| format!("{{\"model\":\"{model}\"}}"));
                self.world_post("interrupt", body);
            }
            Act::LosePictures => self.pictures_lost = true,
        }
    }

    /// A tab goes, and comes again; another one that is open looks after its runs meanwhile.
    fn leave(&mut self, away_ms: u64) {
        let tab = usize::from(!self.page.is_open_in(0));
        let own = |job: &&Job| job.tab == tab;
        let numbers: Vec<usize> = self.page.jobs.iter().filter(own).map(|job| job.number).collect();
        for job in self.page.jobs.iter().filter(own) {
            self.tally.count("reloaded in", phase_name(job.run.phase()));
        }
        for at in 0..self.calls.len() {
            if numbers.contains(&self.calls[at].number) {
                self.calls[at].given_up = true;
                self.break_off(at, self.now);
            }
        }
        for number in &numbers {
            if self.page.store.refused.contains(number) {
                // The page has said so: nobody looks after it any more.
                self.tally.count("also", "runs that found no room and were left");
                self.watch.line.left(*number);
                self.watch.runs[*number].is_forgotten = true;
            }
        }
        self.page.close(tab);
        self.gathers.retain(|gather| !numbers.contains(&gather.number));
        self.later_open(tab, away_ms);
        if self.page.is_open_in(1 - tab) {
            if !numbers.is_empty() {
                self.tally.count("also", "runs taken over by another tab");
            }
            self.take_up(1 - tab);
        }
    }

    fn cancel(&mut self, nth: usize) {
        let live: Vec<usize> = self
            .page
            .jobs
            .iter()
            .filter(|job| job.run.can_cancel())
            .map(|job| job.number)
            .collect();
        let Some(number) = live.get(nth % live.len().max(1)).copied() else { return };
        if let Some(job) = self.page.job(number) {
            self.tally.count("cancelled in", phase_name(job.run.phase()));
        }
        self.note(|| format!("the person cancels run {number}"));
        self.watch.cancelled(number, self.now);
        self.tell(number, Event::Cancelled);
        self.settle();
    }

    /// What waits first, and nothing is released meanwhile.
    fn cancel_all(&mut self) {
        self.page.is_paused = true;
        let mut numbers = self.page.waiting();
        let others = self.page.jobs.iter().map(|job| job.number);
        numbers.extend(others.filter(|number| !numbers.contains(number)).collect::<Vec<_>>());
        for number in numbers {
            if self.page.job(number).is_some_and(|job| job.run.can_cancel()) {
                self.tally.count("also", "cancelled together");
                self.watch.cancelled(number, self.now);
                self.tell(number, Event::Cancelled);
            }
        }
        self.settle();
    }

    /// A pause that holds nothing back is over.
    fn settle(&mut self) {
        if self.page.is_paused && self.page.waiting().is_empty() {
            self.resume();
        }
    }

    fn shift(&mut self, nth: usize, how: Move) {
        let waiting = self.page.waiting();
        let Some(number) = waiting.get(nth % waiting.len().max(1)).copied() else { return };
        self.tally.count("also", "moved");
        self.watch.line.shifted(number, how);
        self.page.shift(number, how);
    }

    pub(crate) fn resume(&mut self) {
        self.note(|| "the lane goes on".to_owned());
        self.page.pause(false);
        self.watch.line.is_paused = false;
        self.release();
    }

    /// A run of somebody else.
    fn stranger(&mut self, seconds: u64) {
        let model = self.page.endpoint.model().unwrap_or_default();
        let body = format!(
            r#"{{"model":"{model}","prompt":{{"1":{{"class_type":"JanusModelLoader","inputs":{{"model_name":"deepseek-ai/Janus-Pro-7B"}}}},"2":{{"class_type":"JanusImageGeneration","inputs":{{"prompt":"a stranger's [sleep={seconds}]","seed":{},"batch_size":1,"cfg_weight":5,"temperature":1,"top_p":0.95,"model":["1",0],"processor":["1",1]}}}},"3":{{"class_type":"SaveImage","inputs":{{"filename_prefix":"ComfyUI","images":["2",0]}}}}}}}}"#,
            self.chance.below(1 << 40)
        );
        self.tally.count("also", "strangers' runs");
        self.world_post("prompt", body);
    }

    fn world_post(&mut self, path: &str, body: String) {
        let base = if self.page.endpoint.model().is_some() { "/openai" } else { "" };
        let request = pilotlight_emulator::Request::new("POST", &format!("{base}/api/{path}"))
            .with_body("application/json", body);
        self.world.handle(request, self.now);
    }
}

fn shown(heard: &Heard) -> String {
    match heard {
        Err(error) => format!("{error:?}"),
        Ok(reply) => {
            let text = String::from_utf8_lossy(&reply.body[..reply.body.len().min(90)]);
            let text: String = text.chars().filter(|c| !c.is_control()).collect();
            format!("{} {text}", reply.status)
        }
    }
}

fn said(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done { ended, gone } => {
            format!("done, {} outputs, {} gone", ended.outputs.len(), gone.len())
        }
        Outcome::Cancelled { confirmed } => format!("cancelled, confirmed: {confirmed}"),
        Outcome::Failed(failure) => {
            let text = format!("{failure:?}");
            format!("failed: {}", text.chars().take(200).collect::<String>())
        }
    }
}
