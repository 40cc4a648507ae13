//! What a test of the way says of its links and of what it found, in English and in Chinese.

use super::{fill, span, span::one};
use pilotlight_comfy::comfy::{Guard, RelayTrouble};
use pilotlight_comfy::language::Language;
use pilotlight_runs::chain::{Extension, Finding, Link};

/// What is said of a test besides what it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainText {
    AllWell,
    Extension(Extension),
    ExtensionName,
    Hiccup {
        after_ms: u64,
    },
    HiccupStatus {
        status: u16,
    },
    /// `is_relay`: what is at the address is a relay, as far as is known.
    Link {
        link: Link,
        is_relay: bool,
        is_done: bool,
    },
    RoundTrip,
    Milliseconds {
        ms: u64,
    },
    Woke,
}

impl ChainText {
    pub fn say(self, language: Language) -> String {
        let words = match self {
            Self::AllWell => ["All is well", "一切正常"],
            Self::Extension(Extension::There) => ["yes", "已安装"],
            Self::Extension(Extension::Absent) => [
                "no: the page asks every few seconds, which may not keep the GPU awake",
                "未安装：页面每隔几秒查询一次，可能不足以让 GPU 保持运行",
            ],
            Self::Extension(Extension::Locked) => ["yes, and it wants a key", "已安装，需要密钥"],
            Self::Extension(Extension::Unknown) => ["not known", "未知"],
            Self::ExtensionName => ["Extension", "扩展"],
            Self::Hiccup { .. } => {
                ["No answer after {}; asking again.", "等待 {} 仍无响应，正在重试。"]
            }
            Self::HiccupStatus { .. } => {
                ["The gateway answers HTTP {}; asking again.", "网关返回 HTTP {}，正在重试。"]
            }
            Self::Link { link, is_relay, is_done } => match (link, is_relay, is_done) {
                (Link::Way, true, _) => ["The relay answers", "中继有响应"],
                (Link::Way, false, _) => ["The address answers", "地址有响应"],
                (Link::Kubeai, ..) => ["kubeai answers", "kubeai 有响应"],
                (Link::Gpu, _, true) => ["The GPU is awake", "GPU 已唤醒"],
                (Link::Gpu, _, false) => ["The GPU wakes", "唤醒 GPU"],
                (Link::Comfy, ..) => ["ComfyUI answers", "ComfyUI 有响应"],
                (Link::Extension, _, true) => ["The extension is there", "扩展已安装"],
                (Link::Extension, _, false) => ["The extension", "扩展"],
            },
            Self::RoundTrip => ["Round trip", "往返时间"],
            Self::Milliseconds { .. } => ["{} ms", "{} 毫秒"],
            Self::Woke => ["Woke in", "唤醒用时"],
        };
        let figure = match self {
            Self::Hiccup { after_ms } => span(after_ms, language),
            Self::HiccupStatus { status } => u64::from(status).to_string(),
            Self::Milliseconds { ms } => ms.to_string(),
            Self::AllWell
            | Self::Extension(_)
            | Self::ExtensionName
            | Self::Link { .. }
            | Self::RoundTrip
            | Self::Woke => String::new(),
        };
        fill(one(words, language), [figure, String::new()])
    }
}

/// What the sentences are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About<'a> {
    pub model: &'a str,
    /// For how long the GPU was asked for.
    pub waited_ms: u64,
}

/// What is broken in a few words, and what to do about it.
pub fn finding(finding: Finding, about: About, language: Language) -> [String; 2] {
    let (title, advice) = words(finding);
    let figure = match finding {
        Finding::NoRelay { status }
        | Finding::Gateway { status }
        | Finding::Access { status }
        | Finding::Odd { status } => u64::from(status).to_string(),
        Finding::UnknownModel | Finding::Hidden => about.model.to_owned(),
        Finding::NeverReady => span(about.waited_ms, language),
        Finding::Offline
        | Finding::Insecure
        | Finding::NotReached
        | Finding::Silent
        | Finding::WrongPath
        | Finding::Foreign
        | Finding::UnknownHost
        | Finding::Login
        | Finding::Upstream(_)
        | Finding::Busy
        | Finding::Guarded(_)
        | Finding::BodyLost
        | Finding::ModelWanted
        | Finding::OriginRefused
        | Finding::CorsOff
        | Finding::NoExtension => String::new(),
    };
    [title, advice].map(|words| fill(one(words, language), [figure.clone(), String::new()]))
}

type Both = [&'static str; 2];

fn words(finding: Finding) -> (Both, Both) {
    match finding {
        Finding::Offline => (
            ["This browser has no network", "浏览器没有网络"],
            ["Connect it, then test again.", "恢复网络后重新检查。"],
        ),
        Finding::Insecure => (
            ["The browser does not allow this address", "浏览器不允许访问此地址"],
            [
                "This page came by https, so it may ask only addresses of https. Put TLS in front \
                 of the server, or serve the page by http too.",
                "页面使用 https，只能访问 https 地址。请为服务端配置 TLS，或改用 http 提供页面。",
            ],
        ),
        Finding::NotReached => (
            ["Nothing answers at this address", "该地址没有响应"],
            [
                "Check name and port, and whether the program is running. A firewall, or a \
                 certificate that the browser does not trust, looks the same: open the address in \
                 a tab to see.",
                "请核对域名和端口，并确认程序正在运行。防火墙拦截或证书不受浏览器信任时也会如此，\
                 可在新标签页中打开该地址查看。",
            ],
        ),
        Finding::Silent => (
            ["No answer came in time", "响应超时"],
            [
                "Something is there, but it said nothing for 20 s, though no GPU has to wake for \
                 this. Its log may tell why.",
                "该地址有连接，但 20 秒内没有任何回复，而这一步并不需要唤醒 GPU。请查看它的日志。",
            ],
        ),
        Finding::NoRelay { .. } => (
            ["Something else is at this address", "该地址上是别的服务"],
            [
                "It answers HTTP {}, as a host of files does. A relay has to be there \
                 (pilotlight-relay, nginx or Caddy), or kubeai or ComfyUI itself.",
                "它返回 HTTP {}，像是静态文件服务。此处应为中继（pilotlight-relay、nginx 或 \
                 Caddy），或 kubeai、ComfyUI 本身。",
            ],
        ),
        Finding::WrongPath => (
            ["A relay is there, but not at this address", "中继在，但地址不对"],
            [
                "The relay’s own address ends in /openai. Check what stands before and behind it.",
                "中继的地址以 /openai 结尾，请核对其前后的内容。",
            ],
        ),
        Finding::Foreign => (
            ["The relay does not list this page", "中继未列出此页面"],
            [
                "Open the page from the relay’s address, or let it list this page’s origin \
                 (--allow-origin, PILOTLIGHT_ALLOW_ORIGINS).",
                "请从中继的地址打开页面，或在中继中列出此页面的来源（--allow-origin、\
                 PILOTLIGHT_ALLOW_ORIGINS）。",
            ],
        ),
        Finding::UnknownHost => (
            ["The relay does not know its own name", "中继不认识自己的域名"],
            [
                "Tell it the host name that stands in its address (--host, PILOTLIGHT_HOSTS).",
                "请把地址中的域名告诉中继（--host、PILOTLIGHT_HOSTS）。",
            ],
        ),
        Finding::Login => (
            ["The address leads to another page", "该地址跳转到了别的页面"],
            [
                "That is often a login. Open the address in a tab, log in, and test again.",
                "通常是登录页。请在新标签页中打开该地址并登录，然后重新检查。",
            ],
        ),
        Finding::Upstream(trouble) => upstream(trouble),
        Finding::Gateway { .. } => (
            ["The gateway does not get through to kubeai", "网关无法连接 kubeai"],
            [
                "It answers HTTP {} by itself. Nothing is wrong on this side: test again in some \
                 minutes, then ask those who run the cluster.",
                "网关返回 HTTP {}，问题不在页面这一侧。请几分钟后重新检查，仍不行请联系集群管理员。",
            ],
        ),
        Finding::Busy => (
            ["The server takes no more requests for now", "服务端暂时不再接受请求"],
            [
                "It gets too many (429). Wait a minute, then test again.",
                "请求过多（429），请稍等一分钟后重新检查。",
            ],
        ),
        Finding::Access { .. } => (
            ["Access is refused", "访问被拒绝"],
            [
                "HTTP {}: a token or a login is wanted. A relay can add a token (--token-env); \
                 straight to the server none can be sent.",
                "HTTP {}：需要令牌或登录。中继可以附加令牌（--token-env），直连时无法发送令牌。",
            ],
        ),
        Finding::Guarded(Guard::Key) => (
            ["The extension wants a key", "扩展需要密钥"],
            [
                "Everything else works. Ask those who installed the extension for its key.",
                "其他环节都正常。请向安装扩展的人索取密钥。",
            ],
        ),
        Finding::Guarded(Guard::Origin) => (
            ["The extension does not let this page in", "扩展不允许此页面访问"],
            [
                "It answers the pages of listed origins only, and this one is not among them. \
                 Those who installed the extension can add it.",
                "它只响应名单内来源的页面，此页面不在其中。请让安装扩展的人添加。",
            ],
        ),
        Finding::Guarded(Guard::Amiss) => (
            ["The extension is set up wrongly", "扩展的设置有误"],
            [
                "So it lets nobody in. ComfyUI’s log says what is amiss.",
                "因此它拒绝所有请求，具体原因见 ComfyUI 的日志。",
            ],
        ),
        Finding::BodyLost => (
            ["kubeai gets requests without their bodies", "kubeai 收到的请求没有请求体"],
            [
                "The model’s name is in them. Either what stands here is no relay for kubeai, or \
                 something between the two takes the bodies off reads.",
                "模型名在请求体中。可能此处的服务不是为 kubeai 准备的中继，也可能途中有设备去掉了 \
                 GET 的请求体。",
            ],
        ),
        Finding::ModelWanted => (
            ["A model has to be named", "需要填写模型名"],
            [
                "kubeai finds the deployment by it: its appName.",
                "kubeai 通过模型名（部署的 appName）查找部署。",
            ],
        ),
        Finding::UnknownModel => (
            ["kubeai knows no model “{}”", "kubeai 中没有模型“{}”"],
            [
                "The name is the deployment’s appName. Check its spelling, and whether it is in \
                 this cluster.",
                "模型名即部署的 appName。请核对拼写，并确认部署在此集群中。",
            ],
        ),
        Finding::NeverReady => (
            ["The GPU did not wake", "GPU 未能唤醒"],
            [
                "It was waited for {}. Probably no GPU is free, or the deployment does not start: \
                 the cluster tells which.",
                "已等待 {}。可能没有空闲的 GPU，或部署无法启动，请在集群中查看。",
            ],
        ),
        Finding::OriginRefused => (
            ["ComfyUI refuses this page", "ComfyUI 拒绝了此页面"],
            [
                "It answers no page of another address unless it is started with \
                 --enable-cors-header, or its extension lists this page in PILOTLIGHT_ORIGINS.",
                "请在启动 ComfyUI 时加上 --enable-cors-header，或将此页面列入扩展的 \
                 PILOTLIGHT_ORIGINS，否则它不会响应其他地址的页面。",
            ],
        ),
        Finding::Hidden => (
            ["It answers, but the page may not read what", "服务端有响应，但页面无权读取"],
            [
                "A relay there may not list this page (--allow-origin). Else ComfyUI runs without \
                 --enable-cors-header and its extension does not list this page, kubeai knows no \
                 model “{}”, or the gateway gave an error. The browser does not tell which; through \
                 a relay that lists it the page could.",
                "如果那里是中继，可能未列出此页面（--allow-origin）；否则可能是：ComfyUI 启动时未加 \
                 --enable-cors-header，其扩展也未列出此页面；kubeai 中没有模型“{}”；网关出错。\
                 浏览器不会说明是哪一种，经由列出此页面的中继则可以分辨。",
            ],
        ),
        Finding::CorsOff => (
            ["It answers, but not for this page", "服务端有响应，但不允许此页面读取"],
            [
                "If it is ComfyUI, start it with --enable-cors-header, or list this page in the \
                 extension’s PILOTLIGHT_ORIGINS.",
                "如果它是 ComfyUI，请在启动时加上 --enable-cors-header，或将此页面列入扩展的 \
                 PILOTLIGHT_ORIGINS。",
            ],
        ),
        Finding::NoExtension => (
            ["ComfyUI lacks the extension", "ComfyUI 未安装扩展"],
            [
                "Straight to the server nothing goes without it. Put deploy/comfyui/pilotlight \
                 into custom_nodes and start ComfyUI anew, or use a relay.",
                "直连时必须安装扩展：将 deploy/comfyui/pilotlight 放入 custom_nodes 并重启 \
                 ComfyUI，或改用中继。",
            ],
        ),
        Finding::Odd { .. } => (
            ["An answer that the page does not understand", "页面无法理解的回复"],
            [
                "HTTP {}: something on the way may be answering in the server’s place. Its own \
                 words are below.",
                "HTTP {}：可能是途中的其他服务代为应答，原文见下。",
            ],
        ),
    }
}

fn upstream(trouble: RelayTrouble) -> (Both, Both) {
    match trouble {
        RelayTrouble::Unreachable => (
            ["The relay does not reach the server", "中继无法连接服务端"],
            [
                "Check the address that it was given (--upstream), and whether it may reach that \
                 host and port.",
                "请核对它的上游地址（--upstream），并确认能够访问该主机和端口。",
            ],
        ),
        RelayTrouble::Untrusted => (
            ["The relay does not trust the server’s certificate", "中继不信任服务端的证书"],
            [
                "One of your own is made known to it with --ca FILE. Any other has run out, or is \
                 for another name.",
                "自签证书可用 --ca FILE 告知中继；否则证书可能已过期，或与域名不符。",
            ],
        ),
        RelayTrouble::TlsFailed => (
            ["Relay and server agree on no encryption", "中继与服务端未能建立加密连接"],
            [
                "Perhaps the server speaks plain http on this port: check scheme and port of \
                 --upstream.",
                "服务端在该端口可能使用的是 http，请核对 --upstream 的协议和端口。",
            ],
        ),
        RelayTrouble::CutOff => (
            ["The server hangs up on the relay", "服务端中断了与中继的连接"],
            [
                "It did so before it answered. Check that --upstream is the address of kubeai or \
                 ComfyUI, and look into its log.",
                "连接在回复之前被中断。请确认 --upstream 是 kubeai 或 ComfyUI 的地址，并查看其日志。",
            ],
        ),
        RelayTrouble::Redirected => (
            ["The server sends the relay elsewhere", "服务端让中继跳转到别处"],
            [
                "The relay does not follow: give it the address that it is sent to. If that is a \
                 login, it needs a token (--token-env).",
                "中继不跟随跳转，请改用跳转后的地址；若是登录页，则需要令牌（--token-env）。",
            ],
        ),
        RelayTrouble::NotPassedOn
        | RelayTrouble::NoModel
        | RelayTrouble::Foreign
        | RelayTrouble::UnknownHost
        | RelayTrouble::Unnamed => (
            ["The relay gets no answer from the server", "中继未收到服务端的回复"],
            [
                "Check the address behind the relay, and whether it trusts the certificate there. \
                 The relay’s log tells more.",
                "请核对中继的上游地址，以及它是否信任对方的证书；详情见其日志。",
            ],
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(it: Finding, title: &str, advice: &str) {
        let about = About { model: "m-1", waited_ms: 900_000 };
        for language in Language::ALL {
            let said = finding(it, about, language);
            assert!(said.iter().all(|said| !said.contains('{') && !said.is_empty()), "{said:?}");
        }
        let said = finding(it, about, Language::English);
        assert!(said[0].contains(title) && said[1].contains(advice), "{said:?}");
    }

    #[test]
    fn figures_stand_in_their_places() {
        check(Finding::NoRelay { status: 404 }, "Something else", "HTTP 404");
        check(Finding::Gateway { status: 504 }, "gateway", "HTTP 504");
        check(Finding::Access { status: 401 }, "Access", "HTTP 401");
        check(Finding::Odd { status: 418 }, "does not understand", "HTTP 418");
        check(Finding::UnknownModel, "no model “m-1”", "appName");
        check(Finding::Hidden, "may not read", "no model “m-1”");
        check(Finding::NeverReady, "did not wake", "15 min");
        check(Finding::Upstream(RelayTrouble::Untrusted), "certificate", "--ca FILE");
    }
}
