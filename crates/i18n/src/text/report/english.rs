//! English.

use super::{Reason, Report, Title};
use crate::text::first_line;

pub(super) fn sentence(report: &Report) -> &'static str {
    match report {
        Report::InLineBehind { .. } => "In line ({} ahead)",
        Report::Usually { .. } => "usually {}",
        Report::LongerThanUsual => "longer than usual",
        Report::ClusterMayBeFull => {
            "Longer than usual: the cluster may be out of GPUs. Your run is safe."
        }
        Report::FirstWaking => {
            "A sleeping GPU usually takes one to several minutes to wake. Your run is safe."
        }
        Report::NoAnswerFor { .. } => {
            "No answer for {}. The GPU may have been put away; the page goes on asking."
        }
        Report::AsItWas => "So it was when the page was left; asking how it is now.",
        Report::MayTakeTheNodesTime => {
            "The server stops a run only when the node it is at has finished."
        }

        Report::GatewayGaveUp { .. } => {
            "The gateway gave up after {}; asking again. Your run is safe."
        }
        Report::GatewayAnswered { .. } => {
            "The gateway answered {}; asking again. Your run is safe."
        }
        Report::AskedToPause => {
            "The gateway is busy and asked for a pause; asking again after it. Your run is safe."
        }
        Report::NoAnswerYet => "No answer; asking again. Your run is safe.",
        Report::NoAnswerDirect => {
            "No answer that the page may read, so it cannot tell why; asking again. Your run is safe."
        }
        Report::NotComfy => "Something else than ComfyUI answered; asking again. Your run is safe.",
        Report::ReplyLost => {
            "The reply was lost; looking whether the run arrived. Nothing is sent twice."
        }

        Report::WokeIn { .. } => "Woke in {}",
        Report::DoneIn { .. } => "Ran {}",
        Report::DoneCached => "From the server's cache: the same values had run before",
        Report::DoneWithSeed { .. } => "seed {}",
        Report::NothingCame => "The run ended well but gave nothing to show.",
        Report::SomeGone { count: 1 } => {
            "One result was gone before it could be fetched: the server had been put away."
        }
        Report::SomeGone { .. } => {
            "{} results were gone before they could be fetched: the server had been put away."
        }
        Report::CancelledUnconfirmed => {
            "Cancelled here. The server did not confirm it; the run may still end there."
        }
        Report::WillNotRun { .. } => "A part of the workflow will not run: {}",
        Report::NoResultFrom { .. } => "No result comes from {}.",

        Report::Failed(title) => failed(*title),
        Report::Why(reason) => why(reason),
    }
}

fn failed(title: Title) -> &'static str {
    match title {
        Title::Access => "The server does not let this page in",
        Title::Expired => "This run is too old to ask after by itself",
        Title::Interrupted => "Somebody stopped the run",
        Title::KeyMissing => "The server wants a key",
        Title::KeyWrong => "The server does not take this key",
        Title::Lost => "The GPU went away while it was working",
        Title::NoAnswer => "The server does not answer",
        Title::NoWaking => "The GPU did not wake",
        Title::Node => "The workflow failed",
        Title::NodeMissing => "The server lacks a node",
        Title::OutOfMemory => "Not enough GPU memory",
        Title::PictureLost => "The picture of this run is gone",
        Title::Refused => "The server refused a value",
        Title::Setup => "The page is not set up rightly",
        Title::TooLarge => "Too large to send",
        Title::UnknownModel => "There is no such model",
    }
}

fn why(reason: &Reason) -> &'static str {
    match reason {
        Reason::Access => {
            "The gateway asks for an access the page does not have. Its operator can add it."
        }
        Reason::Expired => {
            "The server has probably been put away since. Looking wakes the GPU, which costs."
        }
        Reason::Interrupted => {
            "Another user of the same server interrupted it. What you typed is here."
        }
        Reason::ExtensionWrong => {
            "The Pilotlight extension there is set up wrongly and lets nobody in. The details tell its \
             operator what to put right."
        }
        Reason::KeyMissing => {
            "Whoever runs the server can tell you. Once you have entered it the run goes on; nothing \
             is sent twice."
        }
        Reason::KeyWrong => {
            "It may have been changed. Once you have entered the right one the run goes on; nothing is \
             sent twice."
        }
        Reason::LostPolling => {
            "Nothing was kept there; what you typed is here. The page could only ask now and then, \
             which the cluster does not count as use. The Pilotlight extension in ComfyUI, or a longer \
             scale-down window, cures this."
        }
        Reason::LostLongPoll => {
            "The cluster stopped the server and with it went the queue. Nothing was kept there; what \
             you typed is here."
        }
        Reason::NoAnswer => {
            "The run may still be there: it was sent and not answered for. Nothing is sent twice."
        }
        Reason::NoAnswerDirect => {
            "The browser tells the page nothing but “no answer”: the address, the network, the \
             certificate, the model or a refusal of the server. The run may still be there; nothing \
             is sent twice."
        }
        Reason::NoWaking => {
            "The cluster gave no GPU in time; it may be out of them. Nothing was sent, nothing was \
             computed."
        }
        Reason::NotSentYet => {
            "The page was away before the run could be sent. Nothing was computed; what you typed is \
             here."
        }
        Reason::Node { message, .. } if first_line(message).is_empty() => {
            "The node {} failed without saying why."
        }
        Reason::Node { .. } => "{}: {}",
        Reason::OriginNotListed => {
            "It answers the pages of listed sites only, and this site is not among them. Its operator \
             can add it."
        }
        Reason::OutOfMemory => "Try fewer pictures.",
        Reason::PictureLost => {
            "This browser did not keep it through the reload. Choose it again; nothing was sent."
        }
        Reason::Refused { .. } => "{}",
        Reason::SetupNotUnderstood { .. } => {
            "What stands at the address answered {}: it is not kubeai with ComfyUI behind it, or \
             the relay in front of it is missing."
        }
        Reason::TooLarge => {
            "The gateway refused the size. A smaller picture or a shorter text gets through."
        }
        Reason::UnknownModel => {
            "Nothing answers at this address, or the model's name is not one the cluster knows."
        }
    }
}
