//! Every number and switch of the world, with where each comes from.
//!
//! Invariant: a guess about the cloud is a parameter here and nowhere a constant.

use crate::fault::PlannedFault;
use crate::json::Json;

/// Where the default of a parameter comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Read in source code or measured against a running program.
    Measured,
    /// Nobody knows yet; vary it.
    Guess,
    /// No claim about the real world: a handle for tests and demonstrations.
    Handle,
}

/// One parameter as `--help` shows it.
pub struct Described {
    pub name: &'static str,
    pub doc: String,
    pub origin: Origin,
    pub default: String,
}

/// A type a parameter can have.
pub trait Knob: Sized {
    fn read(value: &Json) -> Result<Self, String>;
    fn show(&self) -> Json;
}

impl Knob for u64 {
    fn read(value: &Json) -> Result<Self, String> {
        let Json::Int(n) = value else { return Err("must be a whole number".to_owned()) };
        u64::try_from(*n).map_err(|_| "must be a whole number from 0 up".to_owned())
    }
    fn show(&self) -> Json {
        Json::from(*self)
    }
}
impl Knob for f64 {
    fn read(value: &Json) -> Result<Self, String> {
        value
            .as_f64()
            .filter(|f| (0.0..=1.0).contains(f))
            .ok_or_else(|| "must be a number from 0 to 1".to_owned())
    }
    fn show(&self) -> Json {
        Json::Float(*self)
    }
}
impl Knob for bool {
    fn read(value: &Json) -> Result<Self, String> {
        if let Json::Bool(b) = value { Ok(*b) } else { Err("must be true or false".to_owned()) }
    }
    fn show(&self) -> Json {
        Json::Bool(*self)
    }
}
impl Knob for String {
    fn read(value: &Json) -> Result<Self, String> {
        value.as_str().map(str::to_owned).ok_or_else(|| "must be a text".to_owned())
    }
    fn show(&self) -> Json {
        Json::from(self.as_str())
    }
}
impl<T: Knob> Knob for Vec<T> {
    /// One item may stand without the list around it.
    fn read(value: &Json) -> Result<Self, String> {
        match value.as_list() {
            Some(items) => items.iter().map(T::read).collect(),
            None => Ok(vec![T::read(value)?]),
        }
    }
    fn show(&self) -> Json {
        Json::List(self.iter().map(T::show).collect())
    }
}
impl Knob for PlannedFault {
    fn read(value: &Json) -> Result<Self, String> {
        PlannedFault::parse(
            value
                .as_str()
                .ok_or_else(|| "must be texts such as \"POST /prompt 502 after\"".to_owned())?,
        )
    }
    fn show(&self) -> Json {
        self.to_json()
    }
}

macro_rules! choice {
    ($(#[doc = $doc:literal])+ $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $(#[doc = $text] $variant),+ }

        impl Knob for $name {
            fn read(value: &Json) -> Result<Self, String> {
                let text = match value {
                    Json::Str(text) => text.clone(),
                    other => other.python(),
                };
                match text.as_str() {
                    $($text => Ok($name::$variant),)+
                    _ => Err(format!("must be one of {}", [$($text),+].join(", "))),
                }
            }
            fn show(&self) -> Json {
                Json::from(match self { $($name::$variant => $text),+ })
            }
        }
    };
}

choice! {
    /// Which ComfyUI answers.
    Version { V0_33_0 = "0.33.0", V0_3_64 = "0.3.64", Ancient = "ancient" }
}
choice! {
    /// Which directories of ComfyUI outlive the pod.
    Volume { None = "none", Output = "output", Both = "input+output" }
}
choice! {
    /// What a request meets while no pod is ready.
    ColdCalls { Hold = "hold", BadGateway = "502", Unavailable = "503", GatewayTimeout = "504", TooMany = "429", Reset = "reset" }
}
choice! {
    /// At which moment a pod is killed, once.
    KillAt { Never = "never", Running = "running", View = "view", Fetched = "fetched" }
}
choice! {
    /// How every run ends.
    RunFails { No = "no", OutOfMemory = "oom", Error = "error" }
}
choice! {
    /// In which order the outputs of a graph are taken (the real server's order varies).
    OutputOrder { Varies = "varies", Ascending = "ascending", Descending = "descending" }
}

macro_rules! params {
    ($($(#[doc = $doc:literal])+ $origin:ident $name:ident : $type:ty = $default:expr;)+) => {
        /// The parameters of a world.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Params { $($(#[doc = $doc])+ pub $name: $type,)+ }

        impl Default for Params {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        impl Params {
            fn set_one(&mut self, key: &str, value: &Json) -> Result<(), String> {
                match key {
                    $(stringify!($name) => self.$name = Knob::read(value).map_err(|why| format!("{key} {why}."))?,)+
                    _ => return Err(format!("There is no parameter {key:?}; --help lists them.")),
                }
                Ok(())
            }

            /// Every parameter with its present value.
            pub fn to_json(&self) -> Json {
                Json::Map(vec![$((stringify!($name).to_owned(), self.$name.show()),)+])
            }

            /// What `--help` says of each parameter.
            pub fn described() -> Vec<Described> {
                let defaults = Self::default();
                vec![$(Described {
                    name: stringify!($name),
                    doc: concat!($($doc),+).trim().to_owned(),
                    origin: Origin::$origin,
                    default: defaults.$name.show().python(),
                },)+]
            }
        }
    };
}

params! {
    /// The gateway ends a request that has no answer after this long, with 504; 0 = never.
    Guess gateway_timeout_ms: u64 = 60_000;
    /// The gateway refuses larger bodies with 413; 0 = no limit.
    Guess gateway_max_body_bytes: u64 = 0;
    /// The gateway drops the bodies of GET and HEAD.
    Guess gateway_strips_get_bodies: bool = false;
    /// Faults waiting for their request: "METHOD PATH KIND [before|after] [skip=N]".
    Handle faults: Vec<PlannedFault> = Vec::new();
    /// Probability that a request meets a fault of any kind.
    Handle chaos_fault: f64 = 0.0;
    /// Probability that the arrival of a request kills the pod.
    Handle chaos_kill: f64 = 0.0;
    /// kubeai stands in front; false = a plain ComfyUI that is always there.
    Handle kubeai: bool = true;
    /// The model kubeai knows.
    Measured model: String = "serverless-comfyui".to_owned();
    /// kubeai passes every number through a float64.
    Measured loses_precision: bool = true;
    /// How often kubeai tries again, at once, on 500, 502, 503, 504 and broken connections.
    Measured retries: u64 = 3;
    /// A pod is there from the beginning.
    Handle starts_warm: bool = false;
    /// The pod is never taken away.
    Handle always_one: bool = false;
    /// kubeai counts the requests in flight this often (stock 10 000).
    Measured sample_ms: u64 = 10_000;
    /// ... and averages over this long (stock 600 000; the deployment's is not known).
    Guess window_ms: u64 = 600_000;
    /// The pod goes when the average was 0 for this long.
    Measured scale_down_delay_ms: u64 = 30_000;
    /// Requests younger than this are never seen by a sample (0 in kubeai; keeps tests that run
    /// faster than real time from depending on luck).
    Handle sample_misses_ms: u64 = 0;
    /// From the first request to a pod that is ready.
    Guess cold_start_ms: u64 = 12_000;
    /// ... give or take.
    Guess cold_start_jitter_ms: u64 = 1_500;
    /// No pod ever becomes ready.
    Handle never_starts: bool = false;
    /// So many starts fail first; each takes a whole cold start.
    Handle failed_starts: u64 = 0;
    /// What a request meets while no pod is ready; stock kubeai holds it.
    Guess cold_calls: ColdCalls = ColdCalls::Hold;
    /// A pod that is taken away still answers for this long.
    Guess terminating_ms: u64 = 3_000;
    /// kubeai believes in a pod that died suddenly for this long: 502 at once.
    Guess stale_endpoint_ms: u64 = 300;
    /// At which moment the pod is killed, once: in the middle of a run, when a picture is asked
    /// for, or after a picture was fetched.
    Handle kill_at: KillAt = KillAt::Never;
    /// Which ComfyUI answers; "ancient" ignores an own prompt_id.
    Measured version: Version = Version::V0_33_0;
    /// The extension of this project is in custom_nodes.
    Handle extension: bool = true;
    /// ... in a version that holds a request for its own sake.
    Handle extension_holds: bool = true;
    /// The extension's PILOTLIGHT_KEY: every request but a probe's wants it in its body; "" = none.
    Handle extension_key: String = String::new();
    /// Its PILOTLIGHT_ORIGINS: the pages that may ask; none named = any.
    Handle extension_origins: Vec<String> = Vec::new();
    /// ComfyUI was started with --enable-cors-header.
    Handle cors: bool = false;
    /// The only origin that flag names; "" or "*" = all.
    Measured cors_origin: String = "*".to_owned();
    /// Which directories outlive the pod.
    Guess volume: Volume = Volume::None;
    /// ComfyUI answers after this long.
    Measured answer_ms: u64 = 2;
    /// ... and so much later while the GPU works.
    Measured busy_answer_ms: u64 = 4;
    /// A larger body is answered 413 by ComfyUI.
    Measured max_body_bytes: u64 = 104_857_600;
    /// A picture takes this long to generate, when the prompt has no [sleep=SECONDS].
    Guess run_ms: u64 = 6_000;
    /// An answer about a picture takes this long.
    Guess understand_ms: u64 = 3_000;
    /// Both give or take.
    Guess run_jitter_ms: u64 = 400;
    /// The first run of a pod loads the model.
    Guess load_ms: u64 = 4_000;
    /// From leaving the queue to being in the history: 0 up to this (measured: up to 700).
    Measured gap_ms: u64 = 20;
    /// The nodes report progress and can be interrupted at once; the Janus nodes cannot.
    Measured node_progress: bool = false;
    /// The order in which outputs are taken.
    Measured output_order: OutputOrder = OutputOrder::Varies;
    /// Node classes this ComfyUI lacks.
    Handle missing_classes: Vec<String> = Vec::new();
    /// Models that JanusModelLoader finds beside its own two.
    Handle more_models: Vec<String> = Vec::new();
    /// Every value for this input, or for each of these (a,b), is refused as too large.
    Handle refuse_input: String = String::new();
    /// How every run ends: no (well), oom or error.
    Handle run_fails: RunFails = RunFails::No;
    /// The history shows a bare NaN among the inputs of every run.
    Handle nan_in_history: bool = false;
    /// Runs of other people are waiting when the pod is ready.
    Handle neighbours: u64 = 0;
    /// ... and each takes this long.
    Handle neighbour_ms: u64 = 5_000;
    /// The extension holds a wait for this long at most.
    Measured wait_ms: u64 = 25_000;
    /// The extension says *nowhere* of a run that was nowhere for this long.
    Measured nowhere_ms: u64 = 1_000;
    /// Width and height of a picture; small ones are quick to draw.
    Measured picture_px: u64 = 384;
    /// The server's clock at the beginning, in ms since 1970.
    Handle epoch_ms: u64 = 1_795_336_000_000;
    /// Behind kubeai stands a pod that answers `?status=`, `?reset=1`, `?half=1` as told.
    Handle told_pod: bool = false;
}

impl Params {
    /// Sets one parameter; `autoscaler` stands for several: stock, tight, warm, never-starts,
    /// flaky-start.
    pub fn set(&mut self, key: &str, value: &Json) -> Result<(), String> {
        if key == "autoscaler" {
            self.preset(value.as_str().unwrap_or(""))
        } else {
            self.set_one(key, value)
        }
    }

    fn preset(&mut self, name: &str) -> Result<(), String> {
        let (window_ms, always_one, never_starts, failed_starts) = match name {
            "stock" => (600_000, false, false, 0),
            "tight" => (10_000, false, false, 0),
            "warm" => (600_000, true, false, 0),
            "never-starts" => (600_000, false, true, 0),
            "flaky-start" => (600_000, false, false, 2),
            _ => {
                return Err(
                    "autoscaler must be one of stock, tight, warm, never-starts, flaky-start."
                        .to_owned(),
                );
            }
        };
        (self.sample_ms, self.window_ms, self.scale_down_delay_ms) = (10_000, window_ms, 30_000);
        (self.always_one, self.starts_warm) = (always_one, always_one);
        (self.never_starts, self.failed_starts) = (never_starts, failed_starts);
        self.cold_calls =
            if name == "flaky-start" { ColdCalls::Unavailable } else { ColdCalls::Hold };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::python;

    #[track_caller]
    fn check(key: &str, json: &str, expected: Result<(), &str>) {
        let mut params = Params::default();
        let value = python(json.as_bytes()).unwrap();
        match (params.set(key, &value), expected) {
            (Ok(()), Ok(())) => {
                let shown = params.to_json();
                if key != "autoscaler" {
                    assert!(shown.get(key).is_some(), "{key}");
                }
                for (name, value) in shown.as_map().unwrap() {
                    Params::default().set(name, value).unwrap();
                }
            }
            (Err(said), Err(part)) => assert!(said.contains(part), "{said}"),
            (got, _) => panic!("{key}={json}: {got:?}"),
        }
    }

    #[test]
    fn parameters_are_set_by_name() {
        check("run_ms", "10", Ok(()));
        check("run_ms", "-1", Err("run_ms must be a whole number"));
        check("run_ms", "\"soon\"", Err("run_ms must be a whole number"));
        check("chaos_fault", "0.5", Ok(()));
        check("chaos_fault", "2", Err("from 0 to 1"));
        check("version", "\"0.3.64\"", Ok(()));
        check("version", "\"1.0\"", Err("0.33.0, 0.3.64, ancient"));
        check("cold_calls", "503", Ok(()));
        check("volume", "\"input+output\"", Ok(()));
        check("missing_classes", "[\"LoadImage\"]", Ok(()));
        check("missing_classes", "\"LoadImage\"", Ok(()));
        check("faults", "[\"POST /prompt 502 after\"]", Ok(()));
        check("faults", "[\"nonsense\"]", Err("METHOD PATH KIND"));
        check("autoscaler", "\"tight\"", Ok(()));
        check("autoscaler", "\"huge\"", Err("must be one of stock"));
        check("nonsense", "1", Err("no parameter \"nonsense\""));
    }

    #[test]
    fn each_parameter_is_described() {
        let all = Params::described();
        assert!(all.len() > 40);
        assert!(all.iter().all(|d| !d.doc.is_empty() && !d.default.is_empty()));
    }
}
