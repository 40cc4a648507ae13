//! kubeai's autoscaler and the pods it starts and takes away.
//!
//! Invariant: at most one pod is ready and at most one is dying; "active" is the number of requests
//! in flight at the instant of a sample and nothing else.

use std::collections::VecDeque;

use crate::comfy::Comfy;
use crate::comfy::disk::Disk;
use crate::journal::Journal;
use crate::json::{Json, map};
use crate::params::{KillAt, Params};
use crate::rng::Rng;

/// The pods of the one model.
#[derive(Debug)]
pub struct Cluster {
    rng: Rng,
    pods_made: u64,
    /// kubeai wants a replica.
    wanted: bool,
    starting: Option<Starting>,
    ready: Option<Comfy>,
    dying: Option<(Comfy, u64)>,
    /// Until then kubeai believes in a pod that is dead.
    stale_until: u64,
    /// The autoscaler samples at this instant modulo its interval.
    phase: u64,
    next_sample: Option<u64>,
    samples: VecDeque<u64>,
    zero_since: Option<u64>,
    failed_starts: u64,
    volume: Disk,
    /// `kill_at` happens once.
    pub killed_once: bool,
}

#[derive(Debug)]
struct Starting {
    /// `None`: never.
    ready_at: Option<u64>,
}

/// What happened to the pods at an instant.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// A pod became ready.
    pub ready: bool,
    /// This pod is dead.
    pub died: Option<u64>,
}

impl Cluster {
    /// No pod, or a ready one when the parameters say so.
    pub fn new(params: &Params, seed: u64, now: u64, journal: &mut Journal) -> Self {
        let mut rng = Rng::new(seed ^ 0xC105);
        let phase = rng.bits();
        let mut cluster = Self {
            rng,
            pods_made: 0,
            wanted: false,
            starting: None,
            ready: None,
            dying: None,
            stale_until: 0,
            phase,
            next_sample: None,
            samples: VecDeque::new(),
            zero_since: None,
            failed_starts: params.failed_starts,
            volume: Disk::default(),
            killed_once: false,
        };
        if params.starts_warm || params.always_one || !params.kubeai {
            cluster.want(now, params);
            cluster.make_ready(now, params, journal);
        }
        cluster
    }

    /// A request came: a replica is wanted.
    pub fn want(&mut self, now: u64, params: &Params) {
        self.wanted = true;
        if self.ready.is_none() && self.starting.is_none() {
            let takes = self.rng.around(
                params.cold_start_ms,
                params.cold_start_jitter_ms.min(params.cold_start_ms),
            );
            self.starting =
                Some(Starting { ready_at: (!params.never_starts).then_some(now + takes) });
        }
        if self.next_sample.is_none() && !params.always_one && params.kubeai {
            self.next_sample = Some(self.sample_after(now, params));
        }
    }

    /// The pod a request is sent to: the ready one, else a dying one.
    pub fn target(&mut self) -> Option<&mut Comfy> {
        self.ready.as_mut().or(self.dying.as_mut().map(|(pod, _)| pod))
    }

    /// The pod of that number, while it lives.
    pub fn pod(&mut self, number: u64) -> Option<&mut Comfy> {
        self.pods().find(|pod| pod.pod == number)
    }

    /// Every living pod.
    pub fn pods(&mut self) -> impl Iterator<Item = &mut Comfy> {
        self.ready.iter_mut().chain(self.dying.as_mut().map(|(pod, _)| pod))
    }

    /// Whether kubeai still believes in a dead pod.
    pub fn is_stale(&self, now: u64) -> bool {
        now < self.stale_until
    }

    /// When something happens by itself.
    pub fn next_at(&self, now: u64, params: &Params) -> Option<u64> {
        let pods = self.ready.iter().chain(self.dying.as_ref().map(|(pod, _)| pod));
        let inside = pods.filter_map(|pod| pod.next_at(now, params)).min();
        let starting = self.starting.as_ref().and_then(|s| s.ready_at);
        let dying = self.dying.as_ref().map(|(_, until)| *until);
        [inside, starting, dying, self.next_sample].into_iter().flatten().min()
    }

    /// Starts and takes away what is due; `in_flight` is what a sample would count.
    pub fn advance(
        &mut self,
        now: u64,
        in_flight: u64,
        params: &Params,
        journal: &mut Journal,
    ) -> Changes {
        let mut changes = Changes::default();
        if self.dying.as_ref().is_some_and(|(_, until)| *until <= now) {
            changes.died = self.bury(now, params, journal);
        }
        let due = self.starting.as_ref().and_then(|s| s.ready_at).filter(|at| *at <= now);
        if due.is_some() && self.failed_starts > 0 {
            self.failed_starts -= 1;
            self.starting = Some(Starting { ready_at: Some(now + params.cold_start_ms) });
        } else if due.is_some() {
            self.make_ready(now, params, journal);
            changes.ready = true;
        }
        if self.next_sample.is_some_and(|at| at <= now) {
            self.sample(now, in_flight, params);
        }
        changes
    }

    fn sample_after(&self, now: u64, params: &Params) -> u64 {
        let interval = params.sample_ms.max(1);
        let since = (now + interval - self.phase % interval) % interval;
        now + interval - since
    }

    fn sample(&mut self, now: u64, in_flight: u64, params: &Params) {
        let keep = (params.window_ms / params.sample_ms.max(1)).max(1) as usize;
        self.samples.push_back(in_flight);
        while self.samples.len() > keep {
            self.samples.pop_front();
        }
        if self.samples.iter().any(|n| *n > 0) {
            self.zero_since = None;
        } else {
            let since = *self.zero_since.get_or_insert(now);
            let long_enough = now >= since + params.scale_down_delay_ms;
            if long_enough && !params.always_one && self.dying.is_none() {
                self.scale_down(now, params);
            }
        }
        let idle = !self.wanted && self.ready.is_none() && self.starting.is_none();
        self.next_sample = (!idle).then(|| self.sample_after(now, params));
    }

    fn scale_down(&mut self, now: u64, params: &Params) {
        self.wanted = false;
        self.starting = None;
        self.zero_since = None;
        if let Some(pod) = self.ready.take() {
            self.dying = Some((pod, now + params.terminating_ms));
        }
    }

    fn make_ready(&mut self, now: u64, params: &Params, journal: &mut Journal) {
        self.starting = None;
        self.pods_made += 1;
        let disk =
            self.dying.as_ref().map_or(&self.volume, |(pod, _)| &pod.disk).kept(params.volume);
        let doomed = params.kill_at == KillAt::Running && !self.killed_once;
        let mut pod = Comfy::new(self.pods_made, disk, self.rng.bits(), doomed);
        pod.add_neighbours(now, params, journal);
        self.ready = Some(pod);
    }

    fn bury(&mut self, now: u64, params: &Params, journal: &mut Journal) -> Option<u64> {
        let (mut pod, _) = self.dying.take()?;
        pod.die(now, journal);
        self.volume = pod.disk.kept(params.volume);
        Some(pod.pod)
    }

    /// The ready pod dies at once; another starts, since a replica is still wanted.
    pub fn kill(&mut self, now: u64, params: &Params, journal: &mut Journal) -> Option<u64> {
        let mut pod = self.ready.take()?;
        pod.die(now, journal);
        self.volume = pod.disk.kept(params.volume);
        self.stale_until = now + params.stale_endpoint_ms;
        self.want(now, params);
        Some(pod.pod)
    }

    /// The pods that die now of what runs in them.
    pub fn fatalities(&mut self, now: u64, params: &Params, journal: &mut Journal) -> Vec<u64> {
        let due = |pod: &Comfy| pod.dies_at().is_some_and(|at| at <= now);
        let mut dead = Vec::new();
        if self.ready.as_ref().is_some_and(due) {
            self.killed_once = true;
            dead.extend(self.kill(now, params, journal));
        }
        if self.dying.as_ref().is_some_and(|(pod, _)| due(pod)) {
            dead.extend(self.bury(now, params, journal));
        }
        dead
    }

    /// Makes the next run of the ready pod its last.
    pub fn doom(&mut self) {
        if let Some(pod) = &mut self.ready {
            pod.doom();
        }
    }

    /// The number of the pod that [`Cluster::target`] gives.
    pub fn serving(&self) -> Option<u64> {
        self.ready.as_ref().or(self.dying.as_ref().map(|(pod, _)| pod)).map(|pod| pod.pod)
    }

    /// Whether a pod is ready.
    pub fn is_ready(&self) -> bool {
        self.ready.is_some()
    }

    /// Deletes a file of the ready pod's output directory; for tests.
    pub fn disk(&mut self) -> Option<&mut Disk> {
        self.ready.as_mut().map(|pod| &mut pod.disk)
    }

    /// The pods as `/__emulator/state` shows them.
    pub fn to_json(&self) -> Json {
        let state = match (&self.ready, &self.starting, &self.dying) {
            (Some(_), _, _) => "ready",
            (None, Some(_), _) => "starting",
            (None, None, Some(_)) => "terminating",
            (None, None, None) => "none",
        };
        let ready_at =
            self.starting.as_ref().and_then(|s| s.ready_at).map_or(Json::Null, Json::from);
        let queue = self.ready.as_ref().map_or_else(
            || map([("running", Json::List(vec![])), ("pending", Json::List(vec![]))]),
            Comfy::queue_json,
        );
        map([
            ("state", state.into()),
            ("number", self.pods_made.into()),
            ("ready_at_ms", ready_at),
            ("queue", queue),
        ])
    }
}
