//! Why what an address names was not opened, in English and in Chinese. Invariant: the first gap is
//! the address, each is one sentence, and each says what to do.

use pilotlight_comfy::language::Language;
use pilotlight_forms::open::Unlinked;
use pilotlight_forms::open::link::shown;

/// Said while a file is fetched.
pub fn opening(address: &str, language: Language) -> String {
    let sentence = match language {
        Language::English => "Opening {} …",
        Language::Chinese => "正在打开 {} …",
    };
    super::fill(sentence, [shown(address), String::new()])
}

/// Why this address was not fetched, or gave no file.
///
/// Not one of `Sentence`, whose words come with the form: these are wanted later, if at all.
pub fn unlinked(address: &str, why: &Unlinked, language: Language) -> String {
    let sentence = match language {
        Language::English => english(why),
        Language::Chinese => chinese(why),
    };
    let status = match why {
        Unlinked::Status(status) => status.to_string(),
        Unlinked::Scheme
        | Unlinked::Credentials
        | Unlinked::Server
        | Unlinked::Unanswered { .. }
        | Unlinked::BrokenOff => String::new(),
    };
    super::fill(sentence, [shown(address), status])
}

fn english(why: &Unlinked) -> &'static str {
    match why {
        Unlinked::Scheme => {
            "“{}” is not opened, since links lead to files at http and https addresses or beside \
             this page; download the file and open that."
        }
        Unlinked::Credentials => {
            "“{}” is not opened, since browsers send no name and password of an address; download \
             the file and open that."
        }
        Unlinked::Server => {
            "“{}” is not opened, since it leads to the ComfyUI server and a link must not wake the \
             GPU; download the file and open that."
        }
        Unlinked::Unanswered { foreign: true } => {
            "“{}” could not be fetched: there is no answer, or its site does not let this page read \
             it, which a browser does not tell apart; download the file and open that."
        }
        Unlinked::Unanswered { foreign: false } => {
            "“{}” could not be fetched: there is no answer; check the network and try again."
        }
        Unlinked::Status(404 | 410) => {
            "“{}” is neither a form of this page nor a file that is there (HTTP {}); check the link."
        }
        Unlinked::Status(_) => {
            "“{}” could not be fetched: its host answered HTTP {}; open the address by itself, \
             download the file and open that."
        }
        Unlinked::BrokenOff => {
            "“{}” broke off before it was whole; try again, or download the file and open that."
        }
    }
}

fn chinese(why: &Unlinked) -> &'static str {
    match why {
        Unlinked::Scheme => {
            "无法打开“{}”：链接只支持 http、https 地址或本页旁的文件；请下载文件后再打开。"
        }
        Unlinked::Credentials => {
            "无法打开“{}”：浏览器不会发送地址中的用户名和密码；请下载文件后再打开。"
        }
        Unlinked::Server => {
            "无法打开“{}”：它指向 ComfyUI 服务端，而打开链接不应唤醒 GPU；请下载文件后再打开。"
        }
        Unlinked::Unanswered { foreign: true } => {
            "无法获取“{}”：对方没有响应，或该网站不允许本页读取（浏览器无法区分这两种情况）；请下载文件后再打开。"
        }
        Unlinked::Unanswered { foreign: false } => "无法获取“{}”：没有响应；请检查网络后重试。",
        Unlinked::Status(404 | 410) => {
            "“{}”既不是本页的表单，也没有这个文件（HTTP {}）；请检查链接。"
        }
        Unlinked::Status(_) => {
            "无法获取“{}”：对方返回 HTTP {}；请单独打开该地址，下载文件后再打开。"
        }
        Unlinked::BrokenOff => "“{}”没有传输完整；请重试，或下载文件后再打开。",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sentence_names_the_address_says_what_to_do_and_is_one() {
        let every = [
            Unlinked::Scheme,
            Unlinked::Credentials,
            Unlinked::Server,
            Unlinked::Unanswered { foreign: true },
            Unlinked::Unanswered { foreign: false },
            Unlinked::Status(404),
            Unlinked::Status(503),
            Unlinked::BrokenOff,
        ];
        for why in every {
            for (language, end) in [(Language::English, '.'), (Language::Chinese, '。')] {
                let said = unlinked("N", &why, language);
                assert_eq!(said.matches("“N”").count(), 1, "{said}");
                assert_eq!(said.find(end), Some(said.len() - end.len_utf8()), "{said}");
                assert!(!said.contains("  ") && !said.contains("{}"), "{said}");
                assert!(said.contains([';', '；']), "{said}: nothing to do");
                let status = matches!(why, Unlinked::Status(_));
                assert_eq!(said.contains("HTTP ") && said.contains(['4', '3']), status, "{said}");
            }
        }
        let long = unlinked(&"x".repeat(500), &Unlinked::BrokenOff, Language::English);
        assert!(long.len() < 300, "{long}");
    }
}
