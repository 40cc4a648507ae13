//! What one seed plays: the cloud, the way to it, the person. Invariant: everything that differs
//! from seed to seed is drawn here, before the first instant.

use pilotlight_comfy::comfy::Transport;
use pilotlight_emulator::{ColdCalls, KillAt, OutputOrder, Params, RunFails, Version, Volume};
use pilotlight_runs::queue::Move;
use pilotlight_runs::run::Limits;

use crate::chance::Chance;

#[derive(Clone, Debug)]
pub struct Script {
    pub params: Params,
    pub transport: Transport,
    pub limits: Limits,
    pub usual_run_ms: Option<(u64, u64)>,
    pub way: Way,
    pub presses: Vec<Press>,
    pub actions: Vec<Action>,
    /// Nothing goes wrong and nobody interferes: what ends must be seen soon.
    pub calm: bool,
    /// An old browser: superseded requests go on, their replies come late.
    pub leaky: bool,
    /// The browser's store refuses a file, so many times in a hundred.
    pub writes_fail_percent: u64,
    /// It has no room for the record of a run, so many times in a hundred.
    pub records_fail_percent: u64,
    /// The page is opened in another tab, too, at that moment.
    pub second_tab_at_ms: Option<u64>,
    /// How often the person presses the remedy of a failure that can be taken up.
    pub mends: u32,
    /// After how long the configuration says that the GPU is put away.
    pub idle_delay_ms: Option<u64>,
    /// How much GPU time the person wants to use before being asked.
    pub minutes_per_day: Option<f64>,
}

/// What lies between the page and the gateway.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    pub least_ms: u64,
    pub most_ms: u64,
    /// A request or a reply takes up to 3 s more, so many times in a hundred.
    pub slow_percent: u64,
    /// The connection breaks before the request arrives, so many times in a hundred; half of those
    /// requests arrive all the same, after up to [`STRAGGLES_MS`].
    pub broken_percent: u64,
}

/// The longest that a request is under way whose connection has broken.
pub const STRAGGLES_MS: u64 = 1_900;

#[derive(Clone, Copy, Debug)]
pub struct Press {
    pub at_ms: u64,
    pub kind: Kind,
    pub times: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text to image.
    Picture,
    /// Image to text, with an upload.
    Answer,
}

#[derive(Clone, Copy, Debug)]
pub struct Action {
    pub when: Moment,
    pub act: Act,
}

#[derive(Clone, Copy, Debug)]
pub enum Moment {
    At(u64),
    /// So much later than the page's nth step: close to what it just did.
    Step {
        nth: u32,
        delay_ms: u64,
    },
}

#[derive(Clone, Copy, Debug)]
pub enum Act {
    Cancel {
        nth: usize,
    },
    CancelAll,
    Pause {
        for_ms: u64,
    },
    /// Moves one that waits.
    Shift {
        nth: usize,
        how: Move,
    },
    Reload {
        away_ms: u64,
    },
    Hide {
        for_ms: u64,
    },
    /// The lid is closed: no timers, all connections break.
    Suspend {
        for_ms: u64,
    },
    /// The network came back.
    Wake,
    KillPod,
    StrangerRuns {
        seconds: u64,
    },
    /// Somebody presses *Interrupt* in ComfyUI's own page.
    StrangerStops,
    /// The browser forgets the pictures of the form.
    LosePictures,
    /// The person presses *Wake*, or *Keep awake* for so long.
    KeepAwake {
        ms: Option<u64>,
    },
    StopKeepingAwake,
}

impl Script {
    pub fn draw(chance: &mut Chance) -> Self {
        let calm = chance.percent(10);
        let ancient = chance.percent(2);
        let mut params = cloud(chance);
        let transport =
            if params.kubeai && chance.percent(35) { Transport::Direct } else { Transport::Relay };
        if transport == Transport::Direct {
            params.cors = true;
            params.extension = !chance.percent(1);
        }
        let mut script = Self {
            transport,
            limits: Limits {
                waking_ms: chance.pick(&[60_000, 300_000, 300_000, 300_000]),
                reach_ms: chance.pick(&[60_000, 180_000, 900_000]),
            },
            usual_run_ms: chance.pick(&[None, Some((800, 1_000)), Some((5_000, 9_000))]),
            way: way(chance),
            presses: presses(chance),
            actions: Vec::new(),
            calm,
            leaky: chance.percent(15),
            writes_fail_percent: chance.pick(&[0, 0, 0, 30, 100]),
            records_fail_percent: chance.pick(&[0, 0, 0, 0, 0, 10, 50, 100]),
            second_tab_at_ms: chance.percent(20).then(|| chance.moment_ms(60_000)),
            mends: chance.pick(&[0, 0, 1, 2]),
            idle_delay_ms: chance.pick(&[None, None, Some(40_000)]),
            minutes_per_day: chance.pick(&[None, None, None, None, Some(0.01), Some(2.0)]),
            params,
        };
        if calm || ancient {
            script.calm_down();
        } else {
            script.trouble(chance);
        }
        if ancient {
            // Its own ids are unknown to the page until it has read an answer, so a lost answer
            // is a run nobody can find: only undisturbed runs are played against it.
            script.params.version = Version::Ancient;
            script.params.gateway_timeout_ms = 0;
            script.calm = false;
        }
        script
    }

    fn calm_down(&mut self) {
        self.params.cold_calls = ColdCalls::Hold;
        self.params.window_ms = 600_000;
        self.params.busy_answer_ms = self.params.busy_answer_ms.min(400);
        (self.way.slow_percent, self.way.broken_percent) = (0, 0);
    }

    fn trouble(&mut self, chance: &mut Chance) {
        let params = &mut self.params;
        params.chaos_fault = chance.pick(&[0.0, 0.0, 0.03, 0.1, 0.3, 0.5]);
        params.chaos_kill = chance.pick(&[0.0, 0.0, 0.0, 0.01, 0.05]);
        params.kill_at = chance.pick(&[
            KillAt::Never,
            KillAt::Never,
            KillAt::Running,
            KillAt::View,
            KillAt::Fetched,
        ]);
        params.failed_starts = chance.pick(&[0, 0, 0, 0, 1, 2]);
        match chance.below(100) {
            0 | 1 => params.never_starts = true,
            2 | 3 => params.run_fails = RunFails::OutOfMemory,
            4 => params.run_fails = RunFails::Error,
            5 => params.refuse_input = "temperature".to_owned(),
            6 => params.missing_classes = vec!["JanusImageGeneration".to_owned()],
            7 => params.gateway_max_body_bytes = 700,
            8 => params.model = "another-model".to_owned(),
            9 => params.nan_in_history = true,
            _ => {}
        }
        for _ in 0..chance.pick(&[0, 0, 1, 1, 2, 3]) {
            self.actions.push(action(chance));
        }
        if chance.percent(12) {
            let ms = chance.pick(&[None, Some(60_000), Some(300_000)]);
            let when = Moment::At(chance.moment_ms(200_000));
            self.actions.push(Action { when, act: Act::KeepAwake { ms } });
            if chance.percent(40) {
                let when = Moment::At(chance.moment_ms(400_000));
                self.actions.push(Action { when, act: Act::StopKeepingAwake });
            }
        }
        // Each tab has a queue of its own; what is seen of one is judged where there is one.
        if self.second_tab_at_ms.is_none() && self.presses.iter().any(|press| press.times > 2) {
            for _ in 0..chance.pick(&[0, 1, 2, 4]) {
                self.actions.push(queue_action(chance));
            }
        }
        if self.actions.is_empty() && chance.percent(30) {
            // Waked at the worst moments.
            let nth = chance.between(3, 12) as u32;
            for n in 0..4 {
                let when = Moment::Step { nth: nth + n, delay_ms: chance.below(400) };
                self.actions.push(Action { when, act: Act::Wake });
            }
        }
    }
}

fn cloud(chance: &mut Chance) -> Params {
    let mut params = Params {
        picture_px: 8,
        kubeai: !chance.percent(6),
        cold_start_ms: chance.pick(&[500, 500, 5_000, 5_000, 12_000, 40_000, 90_000]),
        gateway_timeout_ms: chance.pick(&[0, 10_000, 60_000, 60_000]),
        terminating_ms: chance.pick(&[0, 3_000, 30_000]),
        stale_endpoint_ms: chance.pick(&[0, 300, 2_000]),
        version: chance.pick(&[Version::V0_33_0, Version::V0_33_0, Version::V0_3_64]),
        extension: chance.percent(55),
        volume: chance.pick(&[Volume::None, Volume::None, Volume::Output, Volume::Both]),
        busy_answer_ms: chance.pick(&[4, 4, 4, 400, 3_500]),
        run_ms: chance.pick(&[60, 700, 2_500, 6_000, 6_000, 20_000, 70_000]),
        load_ms: chance.pick(&[1, 300, 4_000]),
        run_jitter_ms: 40,
        gap_ms: chance.pick(&[0, 20, 300, 700, 700]),
        node_progress: chance.percent(20),
        output_order: chance.pick(&[OutputOrder::Varies, OutputOrder::Ascending]),
        neighbours: chance.pick(&[0, 0, 0, 1, 2]),
        neighbour_ms: chance.pick(&[1_500, 5_000, 20_000]),
        ..Params::default()
    };
    params.understand_ms = params.run_ms;
    match chance.below(10) {
        0..=2 => (params.starts_warm, params.always_one) = (true, true),
        3 | 4 => params.window_ms = 10_000,
        5 => params.starts_warm = true,
        _ => {}
    }
    if chance.percent(40) {
        params.cold_calls = chance.pick(&[
            ColdCalls::BadGateway,
            ColdCalls::Unavailable,
            ColdCalls::GatewayTimeout,
            ColdCalls::TooMany,
            ColdCalls::Reset,
        ]);
    }
    params
}

fn way(chance: &mut Chance) -> Way {
    let (least_ms, most_ms) = chance.pick(&[(0, 2), (5, 40), (60, 250)]);
    let rough = chance.percent(30);
    Way {
        least_ms,
        most_ms,
        slow_percent: if rough { 8 } else { 0 },
        broken_percent: if rough { chance.pick(&[2, 10, 25]) } else { 0 },
    }
}

fn presses(chance: &mut Chance) -> Vec<Press> {
    let mut presses = Vec::new();
    let mut at_ms = chance.below(3_000);
    for _ in 0..chance.pick(&[1, 1, 1, 2]) {
        let kind = if chance.percent(25) { Kind::Answer } else { Kind::Picture };
        presses.push(Press { at_ms, kind, times: chance.pick(&[1, 1, 1, 1, 2, 2, 3, 3, 9]) });
        at_ms += 600 + chance.moment_ms(200_000);
    }
    presses
}

/// What is done with runs that wait.
fn queue_action(chance: &mut Chance) -> Action {
    let when = Moment::Step { nth: chance.between(1, 40) as u32, delay_ms: chance.below(3_000) };
    let act = match chance.percent(35) {
        true => Act::Pause { for_ms: chance.pick(&[100, 5_000, 60_000, 1_200_000]) },
        false => {
            let how = chance.pick(&[Move::First, Move::Up, Move::Down, Move::Last]);
            Act::Shift { nth: chance.below(8) as usize, how }
        }
    };
    Action { when, act }
}

fn action(chance: &mut Chance) -> Action {
    let when = match chance.percent(60) {
        true => Moment::Step {
            nth: chance.between(1, 24) as u32,
            delay_ms: chance.pick(&[0, 1, 30, 300, 2_000]),
        },
        false => Moment::At(chance.moment_ms(200_000)),
    };
    let act = match chance.below(100) {
        0..=26 => Act::Cancel { nth: chance.below(3) as usize },
        27..=29 => Act::CancelAll,
        30..=54 => {
            Act::Reload { away_ms: chance.pick(&[50, 50, 2_000, 30_000, 600_000, 4_000_000]) }
        }
        55..=61 => Act::Hide { for_ms: chance.moment_ms(400_000) },
        62..=66 => Act::Suspend { for_ms: chance.moment_ms(400_000) },
        67..=71 => Act::Wake,
        72..=87 => Act::KillPod,
        88..=94 => Act::StrangerRuns { seconds: chance.between(1, 20) },
        95 | 96 => Act::StrangerStops,
        _ => Act::LosePictures,
    };
    Action { when, act }
}
