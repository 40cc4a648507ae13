//! Chinese.

use super::{Reason, Report, Title};
use crate::text::first_line;

pub(super) fn sentence(report: &Report) -> &'static str {
    match report {
        Report::InLineBehind { .. } => "排队中（前面还有 {} 个）",
        Report::Usually { .. } => "通常需要 {}",
        Report::LongerThanUsual => "比平时久",
        Report::ClusterMayBeFull => "比平时久，集群可能暂时没有空闲 GPU。你的任务不会丢。",
        Report::FirstWaking => "唤醒休眠的 GPU 通常需要一到几分钟。你的任务不会丢。",
        Report::NoAnswerFor { .. } => "已 {}没有响应，GPU 可能已被回收；页面会继续查询。",
        Report::AsItWas => "这是离开页面时的状态，正在查询最新进展。",
        Report::MayTakeTheNodesTime => "服务端要等当前节点运行完才能停下。",

        Report::GatewayGaveUp { .. } => "网关 {}未等到响应，正在重试。你的任务不会丢。",
        Report::GatewayAnswered { .. } => "网关返回 {}，正在重试。你的任务不会丢。",
        Report::AskedToPause => "网关繁忙，要求稍候；稍后自动重试。你的任务不会丢。",
        Report::NoAnswerYet => "没有响应，正在重试。你的任务不会丢。",
        Report::NoAnswerDirect => "没有页面可读取的响应，无法判断原因，正在重试。你的任务不会丢。",
        Report::NotComfy => "响应的不是 ComfyUI，正在重试。你的任务不会丢。",
        Report::ReplyLost => "响应丢失，正在确认任务是否已送达。不会重复提交。",

        Report::WokeIn { .. } => "唤醒 {}",
        Report::DoneIn { .. } => "运行 {}",
        Report::DoneCached => "来自服务端缓存：相同的参数之前运行过",
        Report::DoneWithSeed { .. } => "种子 {}",
        Report::NothingCame => "运行成功，但没有可显示的结果。",
        Report::SomeGone { .. } => "有 {} 个结果没能取回：服务端已先被回收。",
        Report::CancelledUnconfirmed => "已在本页取消。服务端没有确认，任务可能仍会在那里运行完。",
        Report::WillNotRun { .. } => "工作流有一部分不会运行：{}",
        Report::NoResultFrom { .. } => "以下节点不会有结果：{}。",

        Report::Failed(title) => failed(*title),
        Report::Why(reason) => why(reason),
    }
}

fn failed(title: Title) -> &'static str {
    match title {
        Title::Access => "服务端拒绝了本页的访问",
        Title::Expired => "这个任务太久了，不再自动查询",
        Title::Interrupted => "任务被其他人中止",
        Title::KeyMissing => "服务端需要密钥",
        Title::KeyWrong => "服务端不接受这个密钥",
        Title::Lost => "GPU 在运行途中被回收",
        Title::NoAnswer => "服务端没有响应",
        Title::NoWaking => "GPU 未能唤醒",
        Title::Node => "工作流运行失败",
        Title::NodeMissing => "服务端缺少节点",
        Title::OutOfMemory => "显存不足",
        Title::PictureLost => "任务的图片已不在本浏览器中",
        Title::Refused => "服务端拒绝了某个值",
        Title::Setup => "页面设置有误",
        Title::TooLarge => "内容过大，无法发送",
        Title::UnknownModel => "没有这个模型",
    }
}

fn why(reason: &Reason) -> &'static str {
    match reason {
        Reason::Access => "网关要求访问凭证，而本页没有。请联系运维人员添加。",
        Reason::Expired => "服务端很可能已被回收。查询会唤醒 GPU（产生费用）。",
        Reason::Interrupted => "同一服务端的其他用户中止了它。你填写的内容都还在。",
        Reason::ExtensionWrong => {
            "服务端的 Pilotlight 扩展配置有误，因此拒绝一切请求。详情会告诉运维人员如何改正。"
        }
        Reason::KeyMissing => "请向服务端的管理者索取。输入密钥后任务会继续，不会重复提交。",
        Reason::KeyWrong => "密钥可能已更换。输入正确的密钥后任务会继续，不会重复提交。",
        Reason::LostPolling => {
            "服务端没有留下结果；你填写的内容都还在。本页只能间歇查询，集群不把它算作使用。在 ComfyUI 中安装 Pilotlight 扩展，或延长缩容窗口，即可避免。"
        }
        Reason::LostLongPoll => {
            "集群停止了服务端，队列随之丢失，服务端没有留下结果；你填写的内容都还在。"
        }
        Reason::NoAnswer => "任务已提交但没有得到回应，可能仍在服务端。没有重复提交。",
        Reason::NoAnswerDirect => {
            "浏览器只告诉本页“没有响应”：可能是地址、网络、证书、模型，或服务端拒绝。任务可能仍在服务端，没有重复提交。"
        }
        Reason::NoWaking => {
            "集群没有及时分配 GPU，可能暂时没有空闲。没有提交任何任务，也没有产生计算。"
        }
        Reason::NotSentYet => "任务还没提交页面就离开了，没有产生计算；你填写的内容都还在。",
        Reason::Node { message, .. } if first_line(message).is_empty() => {
            "节点 {} 运行失败，没有给出原因。"
        }
        Reason::Node { .. } => "{}：{}",
        Reason::OriginNotListed => "它只响应名单内网站的页面，本站不在其中。请联系运维人员添加。",
        Reason::OutOfMemory => "请减少数量后重试。",
        Reason::PictureLost => "刷新后浏览器没有保留它。请重新选择；没有提交任何任务。",
        Reason::Refused { .. } => "{}",
        Reason::SetupNotUnderstood { .. } => {
            "该地址返回 {}：后面不是带 ComfyUI 的 kubeai，或缺少中继。"
        }
        Reason::TooLarge => "网关拒绝了这个大小。请换小一点的图片或缩短文字。",
        Reason::UnknownModel => "该地址没有响应的服务，或集群中没有这个模型名。",
    }
}
