//! What the page cannot do where the browser does not trust the connection, in English and in Chinese.

use pilotlight_comfy::language::{Label, Language};

/// Over plain http from another machine (not a secure context) browsers withhold what the page needs
/// for this. The list is that of the features that look for it; see `later::insecure`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insecure {
    /// Heads the part of the settings that is about it.
    Title,
    Missing,
}

impl Insecure {
    pub fn say(self, language: Language) -> &'static str {
        match language {
            Language::English => match self {
                Self::Title => "Unencrypted connection",
                Self::Missing => {
                    "This page came over plain http, so the browser switches some of it off: it \
                     cannot open without a network, copy to the clipboard, show notifications or \
                     protect its results from being cleared when the disk is full. Use it in one \
                     tab only: two tabs could both continue the same run. Over https everything \
                     works."
                }
            },
            Language::Chinese => match self {
                Self::Title => "未加密的连接",
                Self::Missing => {
                    "此页面通过未加密的 http 打开，浏览器因此停用了部分功能：断网时无法打开页面，\
                     无法复制到剪贴板，无法显示通知，磁盘空间不足时结果可能被浏览器清除。请只在一个\
                     标签页中使用，否则两个标签页可能同时接手同一个任务。改用 https 打开即可使用全部功能。"
                }
            },
        }
    }

    pub fn in_both(self) -> Label {
        let said = |language| self.say(language).to_owned();
        Label { en: said(Language::English), zh: said(Language::Chinese) }
    }
}
