//! English.

use super::{Reason, Sentence, Title, Word, first_line};
use crate::config::{AddressTrouble, Expected};
use crate::schema::Fixed;

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Advanced => "Advanced",
        Word::AskAgain => "Ask again",
        Word::AskServer => "Ask the server (wakes the GPU)",
        Word::Cancel => "Cancel",
        Word::Cancelled => "Cancelled",
        Word::Cancelling => "Cancelling",
        Word::ChooseFile => "Choose a file",
        Word::ChoosePicture => "Choose a picture",
        Word::Close => "Close",
        Word::CloseWorkflow => "Close this workflow",
        Word::Copied => "Copied",
        Word::Copy => "Copy",
        Word::CopyFailed => "The browser does not let the page copy",
        Word::CopySeed => "Copy the seed",
        Word::DarkTheme => "Dark",
        Word::Details => "Details",
        Word::Device => "GPU",
        Word::DirectTransport => "straight to the server",
        Word::Dismiss => "Dismiss",
        Word::Done => "Done",
        Word::Download => "Download",
        Word::DropHere => "Drop it here",
        Word::DropOrPaste => "or drop or paste it here",
        Word::EditForm => "Edit the form",
        Word::EmptyBody => {
            "The first run wakes the GPU; that usually takes a minute or two. \
             You can close this page meanwhile: the run is taken up again."
        }
        Word::EmptyTitle => "Nothing here yet",
        Word::Endpoint => "Address",
        Word::Failed => "Failed",
        Word::Fetching => "Fetching",
        Word::GoToField => "Go to the field",
        Word::InLine => "In line",
        Word::KeepSeed => "Keep the last seed",
        Word::Language => "Language",
        Word::Less => "Less",
        Word::LightTheme => "Light",
        Word::LongPoll => "Live updates",
        Word::LongPollThere => "yes, by the extension",
        Word::LongPollUnknown => "not known yet",
        Word::LookAgain => "Look again",
        Word::LookAnyway => "Look anyway",
        Word::Model => "Model",
        Word::More => "More",
        Word::Next => "Next",
        Word::NoLongPoll => "no: asked every few seconds",
        Word::Off => "Off",
        Word::On => "On",
        Word::OpenWorkflow => "Open a workflow",
        Word::OpenSettings => "Open the settings",
        Word::OtherLanguage => "中文",
        Word::PastedText => "pasted text",
        Word::PictureGone => "This picture is gone: the server put it away before it was fetched.",
        Word::PlainComfy => "none: a plain ComfyUI",
        Word::Presets => "Presets",
        Word::Previous => "Previous",
        Word::Progress => "Progress",
        Word::Random => "random",
        Word::RandomSeed => "Random seed each time",
        Word::ReachingGpu => "Reaching the GPU",
        Word::RelayTransport => "through a relay",
        Word::RemovePicture => "Remove the picture",
        Word::ReplacePicture => "Replace",
        Word::Results => "Results",
        Word::Run => "Run",
        Word::RunAgain => "Run again",
        Word::Running => "Running",
        Word::Runs => "Runs",
        Word::SameAgain => "Same again",
        Word::Sending => "Sending",
        Word::Server => "Server",
        Word::ServerAsleep => "GPU asleep",
        Word::ServerAwake => "Awake",
        Word::ServerUnknown => "GPU not asked yet",
        Word::SetInConfig => "Set in config.json beside the page.",
        Word::Settings => "Settings",
        Word::SystemTheme => "System",
        Word::Theme => "Theme",
        Word::TimesRun => "How many runs",
        Word::Transport => "Connection",
        Word::TryAgain => "Try again",
        Word::UseAsInput => "Use as input",
        Word::UsuallyWakesIn => "Usually wakes in",
        Word::Version => "ComfyUI",
        Word::Waiting => "Waiting",
        Word::WaitingForOthers => "Waits for the runs before it. It costs nothing yet.",
        Word::WakingGpu => "Waking the GPU",
        Word::Workflow => "Workflow",
        Word::Workflows => "Workflows",
    }
}

pub(super) fn sentence(sentence: &Sentence) -> &'static str {
    match sentence {
        Sentence::HeardAgo { .. } => "last heard {} ago",
        Sentence::WakesWithRun => {
            "The GPU sleeps when nobody uses it and wakes with the next run. Looking here asks nothing."
        }

        Sentence::InLineBehind { .. } => "In line ({} ahead)",
        Sentence::Usually { .. } => "usually {}",
        Sentence::LongerThanUsual => "longer than usual",
        Sentence::ClusterMayBeFull => {
            "Longer than usual: the cluster may be out of GPUs. Your run is safe."
        }
        Sentence::FirstWaking => {
            "A sleeping GPU usually takes one to several minutes to wake. Your run is safe."
        }
        Sentence::NoAnswerFor { .. } => {
            "No answer for {}. The GPU may have been put away; the page goes on asking."
        }
        Sentence::MayTakeTheNodesTime => {
            "The server stops a run only when the node it is at has finished."
        }

        Sentence::GatewayGaveUp { .. } => {
            "The gateway gave up after {}; asking again. Your run is safe."
        }
        Sentence::GatewayAnswered { .. } => {
            "The gateway answered {}; asking again. Your run is safe."
        }
        Sentence::AskedToPause => {
            "The gateway is busy and asked for a pause; asking again after it. Your run is safe."
        }
        Sentence::NoAnswerYet => "No answer; asking again. Your run is safe.",
        Sentence::NoAnswerDirect => {
            "No answer that the page may read, so it cannot tell why; asking again. Your run is safe."
        }
        Sentence::NotComfy => {
            "Something else than ComfyUI answered; asking again. Your run is safe."
        }
        Sentence::ReplyLost => {
            "The reply was lost; looking whether the run arrived. Nothing is sent twice."
        }

        Sentence::WokeIn { .. } => "Woke in {}",
        Sentence::DoneIn { .. } => "Ran {}",
        Sentence::DoneCached => "From the server's cache: the same values had run before",
        Sentence::DoneWithSeed { .. } => "seed {}",
        Sentence::NothingCame => "The run ended well but gave nothing to show.",
        Sentence::SomeGone { count: 1 } => {
            "One result was gone before it could be fetched: the server had been put away."
        }
        Sentence::SomeGone { .. } => {
            "{} results were gone before they could be fetched: the server had been put away."
        }
        Sentence::CancelledUnconfirmed => {
            "Cancelled here. The server did not confirm it; the run may still end there."
        }
        Sentence::WillNotRun { .. } => "A part of the workflow will not run: {}",

        Sentence::Failed(title) => failed(*title),
        Sentence::Why(reason) => why(reason),

        Sentence::Missing => "This is needed.",
        Sentence::NotANumber => "This is not a number.",
        Sentence::NotWhole => "This must be a whole number.",
        Sentence::TooSmall { .. } => "The smallest value is {}.",
        Sentence::TooLarge { .. } => "The largest value is {}.",
        Sentence::NotInList { .. } => "The server does not offer “{}”.",
        Sentence::WrongType => "The server cannot read this value.",
        Sentence::TooLong { .. } => "This is too long: at most {} kB can be sent.",
        Sentence::PictureMissing => "Choose a picture first.",
        Sentence::FileMissing => "Choose a file first.",
        Sentence::OnlyShown(why) => only_shown(*why),
        Sentence::InputMissing { .. } => "“{}” lacks its input “{}”.",
        Sentence::LinkNowhere { .. } => "“{}” gets its input “{}” from a node that is not there.",
        Sentence::NoResultFrom { .. } => "No result will come from {}.",
        Sentence::NodeMissing { .. } => {
            "The server has no node “{}” ({}). Its extension is probably not installed."
        }
        Sentence::NoOutput => "Nothing in this workflow gives a result.",
        Sentence::ServerSays { .. } => "The server says: {}",
        Sentence::SeedChanges => {
            "Above 9007199254740991 kubeai changes a seed on its way; another one will run."
        }
        Sentence::ControlCharacters => "Control characters are left out.",
        Sentence::NotAPicture { .. } => "“{}” is not a picture the browser can read.",
        Sentence::PictureTooLarge { .. } => "The picture is too large: at most {} MB can be sent.",
        Sentence::PictureOfType { .. } => "“{}” is no picture. PNG, JPEG, WebP, GIF and BMP work.",
        Sentence::PartMissing => {
            "A part of this page could not be fetched, so nothing can be run yet. \
             Check the connection, then press again or reload the page."
        }
        Sentence::PictureNotKept => {
            "The browser does not keep this picture: after a reload it must be chosen again."
        }

        Sentence::AboutCost { .. } => "about {}",
        Sentence::AboutCostWaking { .. } => "about {} · {} if the GPU has to wake",
        Sentence::AboutTime { .. } => "about {}",
        Sentence::AboutTimeWaking { .. } => "about {} · {} if the GPU has to wake",

        Sentence::SaidOf { .. } => "{}: {}",
        Sentence::RunNumber { .. } => "Run {}",

        Sentence::StorageRefused => {
            "The browser keeps nothing for this page. Do not reload while a run is under way."
        }
        Sentence::ConfigNotJson { .. } => {
            "config.json cannot be read: no JSON at line {}, column {}. \
             The page goes on with its defaults."
        }
        Sentence::ConfigNotAnObject => {
            "config.json must be an object in braces; the page goes on with its defaults."
        }
        Sentence::ConfigUnknownKey { .. } => "config.json has a key the page does not know: {}",
        Sentence::ConfigWrongType { .. } => "config.json: {} must be {}; its default is used.",
        Sentence::ConfigNotAnAddress { .. } => {
            "config.json: the endpoint “{}” {}. Nothing can be run until it is mended."
        }
        Sentence::ConfigModelMissing => {
            "config.json names no model. Straight to kubeai, every request needs one."
        }
        Sentence::ConfigMissing => {
            "There is no config.json beside the page; the page goes on with its defaults."
        }
        Sentence::WorkflowUnreadable { .. } => "The workflow {} cannot be used: {}",
    }
}

fn only_shown(why: Fixed) -> &'static str {
    match why {
        Fixed::Drawn => "It is drawn in ComfyUI’s editor and sent as it is.",
        Fixed::Several => "It takes several choices at once and is sent as it is.",
        Fixed::File => "It is a file of the server and sent as it is.",
        Fixed::Branches => {
            "Other choices need inputs that this workflow lacks; it is sent as it is."
        }
        Fixed::Unknown => "There is no widget for such a value; it is sent as it is.",
    }
}

pub(super) fn one_of(expected: Expected) -> &'static str {
    match expected {
        Expected::Text => "a text",
        Expected::Label => "a text, or one for each of “en” and “zh”",
        Expected::ModelName => "a model's name, without blanks",
        Expected::Paths => "a list of addresses relative to the page",
        Expected::Languages => "a list of “en” and “zh”",
        Expected::Language => "“en” or “zh”",
        Expected::Theme => "“auto”, “light” or “dark”",
        Expected::Transport => "“relay” or “direct”",
        Expected::Price => "a number from 0",
        Expected::Seconds => "a whole number of seconds, from 1 to 86400",
        Expected::SecondsRange => "two whole numbers of seconds, the smaller one first",
    }
}

pub(super) fn off(trouble: AddressTrouble) -> &'static str {
    match trouble {
        AddressTrouble::Empty => "is empty",
        AddressTrouble::OddCharacter => "has a character that no address has",
        AddressTrouble::Scheme => "is neither relative nor begins with http:// or https://",
        AddressTrouble::NoHost => "names no host",
        AddressTrouble::Port => "has a port that is no number from 1 to 65535",
        AddressTrouble::Credentials => "has a name or password in it, which browsers do not send",
        AddressTrouble::QueryOrFragment => "has a ? or # in it",
    }
}

fn failed(title: Title) -> &'static str {
    match title {
        Title::Access => "The server does not let this page in",
        Title::Expired => "This run is too old to ask after by itself",
        Title::Interrupted => "Somebody stopped the run",
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
