//! What is said of waking the GPU, keeping it awake and when it sleeps, in English and in Chinese.

use super::{fill, span};
use pilotlight_comfy::language::{Label, Language};

/// Not among `Word` and `Sentence`, which come with the form: these are wanted once somebody looks
/// at the server, or wakes it. Spans are in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub enum WarmWord<'a> {
    Device,
    Version,
    UsuallyWakesIn,
    WakesWithRun,
    SleepsIn {
        ms: u64,
    },
    MayBeAsleep,

    WakeNow,
    WakingCosts {
        sum: &'a str,
    },
    WakingTakes {
        range: &'a str,
    },
    KeepAwake,
    /// How long, and perhaps what that costs.
    For {
        ms: u64,
        cost: &'a str,
    },
    KeepingNeeds,
    Stop,

    KeptAwake,
    KeptFor {
        ms: u64,
    },
    Waking,
    GaveUp {
        after_ms: u64,
    },
    Answered {
        status: u16,
    },
    NoAnswer,

    // Ends.
    Awake,
    Over,
    StoppedKeeping,
    StoppedWaking,
    Hidden {
        ms: u64,
    },
    OutOfReach,
}

impl WarmWord<'_> {
    pub fn say(&self, language: Language) -> String {
        let sentence = match language {
            Language::English => english(self),
            Language::Chinese => chinese(self),
        };
        fill(sentence, self.figures(language))
    }

    pub fn in_both(&self) -> Label {
        Label { en: self.say(Language::English), zh: self.say(Language::Chinese) }
    }

    fn figures(&self, language: Language) -> [String; 2] {
        let one = |text: String| [text, String::new()];
        match self {
            Self::SleepsIn { ms }
            | Self::KeptFor { ms }
            | Self::Hidden { ms }
            | Self::GaveUp { after_ms: ms } => one(span(*ms, language)),
            Self::For { ms, cost } => [span(*ms, language), (*cost).to_owned()],
            Self::WakingCosts { sum: text } | Self::WakingTakes { range: text } => {
                one((*text).to_owned())
            }
            Self::Answered { status } => one(u64::from(*status).to_string()),
            Self::Device
            | Self::Version
            | Self::UsuallyWakesIn
            | Self::WakesWithRun
            | Self::MayBeAsleep
            | Self::WakeNow
            | Self::KeepAwake
            | Self::KeepingNeeds
            | Self::Stop
            | Self::KeptAwake
            | Self::Waking
            | Self::NoAnswer
            | Self::Awake
            | Self::Over
            | Self::StoppedKeeping
            | Self::StoppedWaking
            | Self::OutOfReach => <[String; 2]>::default(),
        }
    }
}

fn english(word: &WarmWord) -> &'static str {
    match word {
        WarmWord::Device => "GPU",
        WarmWord::Version => "ComfyUI",
        WarmWord::UsuallyWakesIn => "Usually wakes in",
        WarmWord::WakesWithRun => {
            "The GPU sleeps when nobody uses it and wakes with the next run. Looking here asks nothing."
        }
        WarmWord::SleepsIn { .. } => "Without another run it sleeps in about {}.",
        WarmWord::MayBeAsleep => "By now it may be asleep.",
        WarmWord::WakeNow => "Wake it now",
        WarmWord::WakingCosts { .. } => "Waking it costs about {}.",
        WarmWord::WakingTakes { .. } => "Waking it usually takes {}.",
        WarmWord::KeepAwake => "Keep it awake",
        WarmWord::For { cost: "", .. } => "{}",
        WarmWord::For { .. } => "{} · {}",
        WarmWord::KeepingNeeds => {
            "Keeping it awake needs the newest Pilotlight extension in ComfyUI; this server lacks it."
        }
        WarmWord::Stop => "Stop",
        WarmWord::KeptAwake => "Kept awake",
        WarmWord::KeptFor { .. } => "Kept awake for another {}.",
        WarmWord::Waking => "Waking the GPU",
        WarmWord::GaveUp { .. } => "The gateway gave up after {}; asking again.",
        WarmWord::Answered { .. } => "The gateway answered {}; asking again.",
        WarmWord::NoAnswer => "No answer; asking again.",
        WarmWord::Awake => "The GPU is awake.",
        WarmWord::Over => "The time is over: the GPU is no longer kept awake.",
        WarmWord::StoppedKeeping => "Stopped: the GPU is no longer kept awake.",
        WarmWord::StoppedWaking => "Stopped. If it had begun to wake, it may come up all the same.",
        WarmWord::Hidden { .. } => {
            "Nobody looked at this page for {}, so the GPU is no longer kept awake."
        }
        WarmWord::OutOfReach => "The GPU did not answer for too long, so it is not asked any more.",
    }
}

fn chinese(word: &WarmWord) -> &'static str {
    match word {
        WarmWord::Device => "GPU",
        WarmWord::Version => "ComfyUI",
        WarmWord::UsuallyWakesIn => "通常唤醒用时",
        WarmWord::WakesWithRun => "GPU 闲置时休眠，下次运行时自动唤醒。查看这里不会发出任何请求。",
        WarmWord::SleepsIn { .. } => "若没有新的任务，约 {}后休眠。",
        WarmWord::MayBeAsleep => "现在可能已经休眠。",
        WarmWord::WakeNow => "立即唤醒",
        WarmWord::WakingCosts { .. } => "唤醒一次约 {}。",
        WarmWord::WakingTakes { .. } => "唤醒通常需要 {}。",
        WarmWord::KeepAwake => "保持就绪",
        WarmWord::For { cost: "", .. } => "{}",
        WarmWord::For { .. } => "{} · {}",
        WarmWord::KeepingNeeds => {
            "保持就绪需要在 ComfyUI 中安装最新版 Pilotlight 扩展，当前服务端没有。"
        }
        WarmWord::Stop => "停止",
        WarmWord::KeptAwake => "保持就绪",
        WarmWord::KeptFor { .. } => "还将保持就绪 {}。",
        WarmWord::Waking => "正在唤醒 GPU",
        WarmWord::GaveUp { .. } => "网关 {}未等到响应，正在重试。",
        WarmWord::Answered { .. } => "网关返回 {}，正在重试。",
        WarmWord::NoAnswer => "没有响应，正在重试。",
        WarmWord::Awake => "GPU 已就绪。",
        WarmWord::Over => "时间已到，不再保持 GPU 就绪。",
        WarmWord::StoppedKeeping => "已停止，不再保持 GPU 就绪。",
        WarmWord::StoppedWaking => "已停止。若 GPU 已开始启动，仍可能就绪。",
        WarmWord::Hidden { .. } => "本页已有 {}无人查看，不再保持 GPU 就绪。",
        WarmWord::OutOfReach => "GPU 长时间没有响应，已不再请求。",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: WarmWord, english: &str, chinese: &str) {
        assert_eq!(word.in_both(), Label { en: english.into(), zh: chinese.into() });
    }

    #[test]
    fn figures_stand_in_their_places() {
        let for_ms = |cost| WarmWord::For { ms: 900_000, cost };
        check(for_ms(""), "15 min", "15 分钟");
        check(for_ms("¥3.00"), "15 min · ¥3.00", "15 分钟 · ¥3.00");
        let kept = WarmWord::KeptFor { ms: 872_000 };
        check(kept, "Kept awake for another 14 min.", "还将保持就绪 14 分钟。");
        check(
            WarmWord::Hidden { ms: 300_000 },
            "Nobody looked at this page for 5 min, so the GPU is no longer kept awake.",
            "本页已有 5 分钟无人查看，不再保持 GPU 就绪。",
        );
        check(
            WarmWord::Answered { status: 503 },
            "The gateway answered 503; asking again.",
            "网关返回 503，正在重试。",
        );
    }
}
