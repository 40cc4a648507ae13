//! What is said of GPU time and money that were used, and of limits, in English and in Chinese.

use super::fill;
use pilotlight_comfy::language::Language;

/// Not among `Word` and `Sentence`, which come with the form. Amounts are in money or in time.
#[derive(Clone, Debug, PartialEq)]
pub enum CostWord<'a> {
    /// Heads what was used.
    Used,
    Today,
    ThisMonth,
    Waking,
    Running,
    Idling,
    Money,
    Together,
    IdlingNotCounted,
    /// Of one run.
    About {
        sum: &'a str,
    },

    /// Heads the limits.
    Limits,
    LimitsHint,
    /// `unit`: a currency.
    DayIn {
        unit: &'a str,
    },
    MonthIn {
        unit: &'a str,
    },
    DayInMinutes,
    MonthInMinutes,
    NoAmount,

    // Asked before runs that would pass a limit.
    WouldPass,
    HasPassed,
    UsedToday {
        used: &'a str,
        limit: &'a str,
    },
    UsedThisMonth {
        used: &'a str,
        limit: &'a str,
    },
    WouldAdd {
        sum: &'a str,
    },
    /// The same with what idles after it.
    WouldAddIdling {
        sum: &'a str,
    },
    NoFigure,
    RunAnyway,
    NotNow,
}

impl CostWord<'_> {
    pub fn say(&self, language: Language) -> String {
        let sentence = match language {
            Language::English => english(self),
            Language::Chinese => chinese(self),
        };
        fill(sentence, self.figures())
    }

    fn figures(&self) -> [String; 2] {
        let one = |text: &str| [text.to_owned(), String::new()];
        match self {
            Self::About { sum } | Self::WouldAdd { sum } | Self::WouldAddIdling { sum } => one(sum),
            Self::DayIn { unit } | Self::MonthIn { unit } => one(unit),
            Self::UsedToday { used, limit } | Self::UsedThisMonth { used, limit } => {
                [(*used).to_owned(), (*limit).to_owned()]
            }
            Self::Used
            | Self::Today
            | Self::ThisMonth
            | Self::Waking
            | Self::Running
            | Self::Idling
            | Self::Money
            | Self::Together
            | Self::IdlingNotCounted
            | Self::Limits
            | Self::LimitsHint
            | Self::DayInMinutes
            | Self::MonthInMinutes
            | Self::NoAmount
            | Self::WouldPass
            | Self::HasPassed
            | Self::NoFigure
            | Self::RunAnyway
            | Self::NotNow => <[String; 2]>::default(),
        }
    }
}

fn english(word: &CostWord) -> &'static str {
    match word {
        CostWord::Used => "GPU time used from this browser",
        CostWord::Today => "Today",
        CostWord::ThisMonth => "This month",
        CostWord::Waking => "Waking",
        CostWord::Running => "Running",
        CostWord::Idling => "Idle",
        CostWord::Money => "Cost",
        CostWord::Together => "Together",
        CostWord::IdlingNotCounted => {
            "Without idle time after a run: config.json does not say when the cluster lets it sleep."
        }
        CostWord::About { .. } => "cost about {}",
        CostWord::Limits => "Ask before a run that passes",
        CostWord::LimitsHint => "Leave a field empty to be asked nothing.",
        CostWord::DayIn { .. } => "Per day ({})",
        CostWord::MonthIn { .. } => "Per month ({})",
        CostWord::DayInMinutes => "GPU minutes per day",
        CostWord::MonthInMinutes => "GPU minutes per month",
        CostWord::NoAmount => "This must be a number above 0.",
        CostWord::WouldPass => "This would pass the limit",
        CostWord::HasPassed => "The limit is passed",
        CostWord::UsedToday { .. } => "Used today: {} of {}.",
        CostWord::UsedThisMonth { .. } => "Used this month: {} of {}.",
        CostWord::WouldAdd { .. } => "This would add about {}.",
        CostWord::WouldAddIdling { .. } => "This would add about {}, with the idle time after it.",
        CostWord::NoFigure => "What this would add is not known yet.",
        CostWord::RunAnyway => "Run anyway",
        CostWord::NotNow => "Not now",
    }
}

fn chinese(word: &CostWord) -> &'static str {
    match word {
        CostWord::Used => "本浏览器的 GPU 用量",
        CostWord::Today => "今天",
        CostWord::ThisMonth => "本月",
        CostWord::Waking => "唤醒",
        CostWord::Running => "运行",
        CostWord::Idling => "闲置",
        CostWord::Money => "费用",
        CostWord::Together => "合计",
        CostWord::IdlingNotCounted => "不含运行后的闲置时间：config.json 未写明集群何时休眠 GPU。",
        CostWord::About { .. } => "费用约 {}",
        CostWord::Limits => "超出以下额度前先询问",
        CostWord::LimitsHint => "留空则不询问。",
        CostWord::DayIn { .. } => "每天（{}）",
        CostWord::MonthIn { .. } => "每月（{}）",
        CostWord::DayInMinutes => "每天 GPU 分钟数",
        CostWord::MonthInMinutes => "每月 GPU 分钟数",
        CostWord::NoAmount => "请填写大于 0 的数字。",
        CostWord::WouldPass => "这次运行将超出额度",
        CostWord::HasPassed => "额度已用完",
        CostWord::UsedToday { .. } => "今天已用 {}，额度 {}。",
        CostWord::UsedThisMonth { .. } => "本月已用 {}，额度 {}。",
        CostWord::WouldAdd { .. } => "这次预计再用 {}。",
        CostWord::WouldAddIdling { .. } => "这次预计再用 {}（含之后的闲置时间）。",
        CostWord::NoFigure => "这次的用量暂时无法估计。",
        CostWord::RunAnyway => "仍然运行",
        CostWord::NotNow => "暂不运行",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_in_their_places() {
        let used = CostWord::UsedToday { used: "¥4.90", limit: "¥5.00" };
        assert_eq!(used.say(Language::English), "Used today: ¥4.90 of ¥5.00.");
        assert_eq!(used.say(Language::Chinese), "今天已用 ¥4.90，额度 ¥5.00。");
        assert_eq!(CostWord::DayIn { unit: "CNY" }.say(Language::English), "Per day (CNY)");
        assert_eq!(CostWord::About { sum: "¥0.03" }.say(Language::Chinese), "费用约 ¥0.03");
    }
}
