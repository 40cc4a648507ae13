//! What is said of telling a person who looks elsewhere, in English and in Chinese.

use pilotlight_comfy::language::Language;

/// Not among `Word` and `Sentence`, which come with the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Heads the part of the settings that is about it.
    WhenDone,
    Notification,
    /// The browser was told not to let this page.
    NotificationRefused,
    Sound,
    /// Asked once, while a GPU wakes.
    Offer,
    Yes,
    No,
}

impl Told {
    pub fn say(self, language: Language) -> &'static str {
        match language {
            Language::English => match self {
                Self::WhenDone => "When a run is done",
                Self::Notification => "Show a notification if I am looking elsewhere",
                Self::NotificationRefused => {
                    "The browser blocks notifications of this page; its site settings can allow them."
                }
                Self::Sound => "Play a short sound",
                Self::Offer => "Waking takes a while. Should the browser tell you when it is done?",
                Self::Yes => "Tell me",
                Self::No => "No, thanks",
            },
            Language::Chinese => match self {
                Self::WhenDone => "任务完成时",
                Self::Notification => "不在此页面时，发送通知",
                Self::NotificationRefused => "浏览器已禁止此页面发送通知，可在网站设置中允许。",
                Self::Sound => "播放提示音",
                Self::Offer => "唤醒 GPU 需要一些时间。完成后让浏览器通知你吗？",
                Self::Yes => "通知我",
                Self::No => "不用了",
            },
        }
    }
}
