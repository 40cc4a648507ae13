//! 中文.

use super::{Sentence, Word};
use pilotlight_runs::config::{AddressTrouble, Expected};

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Advanced => "高级选项",
        Word::AskAgain => "再问一次",
        Word::Cancel => "取消",
        Word::Cancelled => "已取消",
        Word::Cancelling => "正在取消",
        Word::ChooseFile => "选择文件",
        Word::ChoosePicture => "选择图片",
        Word::AskServer => "向服务器查询（会唤醒 GPU）",
        Word::CloseWorkflow => "关闭此工作流",
        Word::OpenWorkflow => "打开工作流",
        Word::Close => "关闭",
        Word::Copied => "已复制",
        Word::Copy => "复制",
        Word::CopyFailed => "浏览器不允许本页复制",
        Word::CopySeed => "复制种子",
        Word::DarkTheme => "深色",
        Word::Details => "详情",
        Word::DirectTransport => "直连服务端",
        Word::Dismiss => "知道了",
        Word::Done => "已完成",
        Word::Download => "下载",
        Word::DropHere => "松开即可添加",
        Word::DropOrPaste => "或拖放、粘贴到此处",
        Word::EditForm => "编辑表单",
        Word::EmptyBody => "第一次运行会唤醒 GPU，通常需要一两分钟。",
        Word::EmptyBodyKept => "期间可以关闭页面，回来后会继续。",
        Word::EmptyTitle => "还没有结果",
        Word::Endpoint => "地址",
        Word::Failed => "失败",
        Word::Fetching => "正在取回结果",
        Word::GoToField => "去修改",
        Word::InLine => "排队中",
        Word::KeepSeed => "沿用上次的种子",
        Word::Language => "语言",
        Word::Less => "减少",
        Word::LightTheme => "浅色",
        Word::LongPoll => "实时更新",
        Word::LongPollThere => "可用，即时得知结果",
        Word::LongPollUnknown => "尚未确认",
        Word::LookAgain => "再查一次",
        Word::LookAnyway => "仍要查询",
        Word::Model => "模型",
        Word::More => "增加",
        Word::Next => "下一张",
        Word::NoLongPoll => "未安装扩展：每隔几秒查询一次",
        Word::Off => "关",
        Word::On => "开",
        Word::OpenSettings => "检查连接",
        Word::OtherLanguage => "English",
        Word::PastedText => "粘贴的文本",
        Word::PictureGone => "这个结果没能取回：服务端已先被回收。",
        Word::PlainComfy => "无（普通 ComfyUI）",
        Word::Preview => "预览",
        Word::PreviewHint => "服务端不保存，GPU 休眠后即消失。",
        Word::Presets => "预设",
        Word::Previous => "上一张",
        Word::Progress => "进度",
        Word::Random => "随机",
        Word::RandomSeed => "每次随机",
        Word::ReachingGpu => "正在连接 GPU",
        Word::RelayTransport => "经由中继",
        Word::RemovePicture => "移除图片",
        Word::ReplacePicture => "更换",
        Word::Results => "结果",
        Word::Run => "生成",
        Word::RunAgain => "重新生成",
        Word::Running => "运行中",
        Word::Runs => "任务",
        Word::SameAgain => "再来一张",
        Word::Sending => "正在提交",
        Word::Server => "服务端",
        Word::ServerAsleep => "GPU 已休眠",
        Word::ServerAwake => "已就绪",
        Word::ServerUnknown => "尚未连接 GPU",
        Word::SetInConfig => "由页面旁的 config.json 设定。",
        Word::Settings => "设置",
        Word::SystemTheme => "跟随系统",
        Word::Theme => "主题",
        Word::TimesRun => "运行次数",
        Word::Transport => "连接方式",
        Word::TryAgain => "重试",
        Word::UseAsInput => "用作输入",
        Word::Waiting => "等待中",
        Word::WaitingForOthers => "前面的任务完成后自动开始，现在不产生费用。",
        Word::WakingGpu => "正在唤醒 GPU",
        Word::Workflows => "工作流",
    }
}

pub(super) fn sentence(sentence: &Sentence) -> &'static str {
    match sentence {
        Sentence::HeardAgo { .. } => "{}前有响应",

        Sentence::Missing => "请填写此项。",
        Sentence::NotANumber => "这不是数字。",
        Sentence::NotWhole => "请填写整数。",
        Sentence::TooSmall { .. } => "最小值为 {}。",
        Sentence::TooLarge { .. } => "最大值为 {}。",
        Sentence::NotInList { .. } => "服务端没有“{}”这个选项。",
        Sentence::Offered { .. } => "可选：{}。",
        Sentence::WrongType => "服务端无法识别这个值。",
        Sentence::TooLong { .. } => "内容过长，最多 {} kB。",
        Sentence::PictureMissing => "请先选择图片。",
        Sentence::FileMissing => "请先选择文件。",
        Sentence::InputMissing { .. } => "节点“{}”缺少输入“{}”。",
        Sentence::LinkNowhere { .. } => "节点“{}”的输入“{}”连接到一个不存在的节点。",
        Sentence::NodeMissing { .. } => "服务端没有节点“{}”（{}），可能未安装对应的扩展。",
        Sentence::NoOutput => "这个工作流没有任何输出。",
        Sentence::ServerSays { .. } => "服务端提示：{}",
        Sentence::SeedChanges => {
            "大于 9007199254740991 的种子经过 kubeai 时会被改变，实际运行的将是另一个种子。"
        }
        Sentence::ControlCharacters => "控制字符会被去掉。",
        Sentence::NotAPicture { .. } => "“{}”不是浏览器能读取的图片。",
        Sentence::PictureTooLarge { .. } => "图片过大，最大 {} MB。",
        Sentence::PictureOfType { .. } => "“{}”不是图片。支持 PNG、JPEG、WebP、GIF 和 BMP。",
        Sentence::PictureOfTooManyPixels { .. } => {
            "图片超过 {} 百万像素，ComfyUI 无法读取，请先缩小。"
        }
        Sentence::PartMissing => {
            "页面还有一部分没有加载成功，暂时无法运行。请检查网络，然后再按一次或刷新页面。"
        }

        Sentence::AboutCost { .. } => "约 {}",
        Sentence::AboutCostWaking { .. } => "约 {} · 若需唤醒 GPU 约 {}",
        Sentence::AboutTime { .. } => "约 {}",
        Sentence::AboutTimeWaking { .. } => "约 {} · 若需唤醒 GPU 约 {}",

        Sentence::RunNumber { .. } => "第 {} 次",
        Sentence::SaidOf { .. } => "{}：{}",

        Sentence::StorageRefused => "浏览器不允许本页保存数据，任务进行中请不要刷新。",
        Sentence::ConfigNotJson { .. } => {
            "无法读取 config.json：第 {} 行第 {} 列不是有效的 JSON，已使用默认设置。"
        }
        Sentence::ConfigNotAnObject => "config.json 应为花括号括起的对象，已使用默认设置。",
        Sentence::ConfigUnknownKey { .. } => "config.json 中有未知的项：{}",
        Sentence::ConfigWrongType { .. } => "config.json：{} 应为{}，已使用默认值。",
        Sentence::ConfigNotAnAddress { .. } => "config.json：地址“{}”{}，修正之前无法运行。",
        Sentence::ConfigModelMissing => {
            "config.json 没有指定模型；直连 kubeai 时每个请求都需要模型名。"
        }
        Sentence::ConfigMissing => "页面旁没有 config.json，已使用默认设置。",
        Sentence::WorkflowUnreadable { .. } => "无法使用工作流 {}：{}",
    }
}

pub(super) fn one_of(expected: Expected) -> &'static str {
    match expected {
        Expected::Text => "文本",
        Expected::Label => "文本，或分别给出“en”和“zh”",
        Expected::ModelName => "模型名（不含空格）",
        Expected::Paths => "相对于页面的地址列表",
        Expected::Addresses => "地址列表",
        Expected::Languages => "“en”和“zh”的列表",
        Expected::Language => "“en”或“zh”",
        Expected::Theme => "“auto”、“light”或“dark”",
        Expected::Transport => "“relay”或“direct”",
        Expected::Price => "不小于 0 的数字",
        Expected::Amount => "大于 0 的数字",
        Expected::Seconds => " 1 到 86400 之间的整数（秒）",
        Expected::SecondsRange => "两个整数（秒），较小的在前",
        Expected::Origins => "网站来源列表，如“https://shop.example”",
    }
}

pub(super) fn off(trouble: AddressTrouble) -> &'static str {
    match trouble {
        AddressTrouble::Empty => "为空",
        AddressTrouble::OddCharacter => "含有地址中不允许的字符",
        AddressTrouble::Scheme => "既不是相对地址，也不以 http:// 或 https:// 开头",
        AddressTrouble::NoHost => "没有主机名",
        AddressTrouble::Port => "的端口不是 1 到 65535 之间的数字",
        AddressTrouble::Credentials => "含有用户名或密码，浏览器不会发送",
        AddressTrouble::QueryOrFragment => "含有 ? 或 #",
    }
}
