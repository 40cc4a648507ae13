//! English.

use super::{Reason, Sentence, Title, Word, range, span};
use crate::config::{AddressTrouble, Expected};
use crate::language::Language::English;

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Advanced => "Advanced",
        Word::AllPresetValues => "as the workflow sets them",
        Word::AskAgain => "Ask again",
        Word::Cancel => "Cancel",
        Word::Cancelled => "Cancelled",
        Word::Cancelling => "Cancelling",
        Word::ChoosePicture => "Choose a picture",
        Word::Clear => "Clear",
        Word::Close => "Close",
        Word::Copied => "Copied",
        Word::Copy => "Copy",
        Word::CopyFailed => "The browser does not let the page copy",
        Word::CopySeed => "Copy the seed",
        Word::CrashBody => "Nothing that was stored is lost. Reload the page to go on.",
        Word::CrashTitle => "The page has stopped working",
        Word::DarkTheme => "Dark",
        Word::Details => "Details",
        Word::Device => "GPU",
        Word::DirectTransport => "straight to the server",
        Word::Dismiss => "Dismiss",
        Word::Done => "Done",
        Word::Download => "Download",
        Word::DropHere => "Drop it here",
        Word::DropOrPaste => "or drop or paste it here",
        Word::EmptyBody => {
            "The first run wakes the GPU, which usually takes a minute or two. \
             You can reload or close the page meanwhile: the run is taken up again."
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
        Word::LongPoll => "Long wait",
        Word::LongPollThere => "there: heard at once",
        Word::LongPollUnknown => "not known yet",
        Word::LookAgain => "Look again",
        Word::LookAnyway => "Look anyway",
        Word::Model => "Model",
        Word::More => "More",
        Word::Next => "Next",
        Word::NoLongPoll => "without the extension: asked every few seconds",
        Word::NothingWaits => "Nothing is running",
        Word::Off => "Off",
        Word::On => "On",
        Word::OpenPicture => "Show large",
        Word::OpenSettings => "Open the settings",
        Word::OtherLanguage => "中文",
        Word::PictureGone => "This picture is gone: the server put it away before it was fetched.",
        Word::PlainComfy => "none: a plain ComfyUI",
        Word::Previous => "Previous",
        Word::Progress => "Progress",
        Word::Random => "random",
        Word::RandomSeed => "Random seed each time",
        Word::RelayTransport => "through a relay",
        Word::Reload => "Reload",
        Word::RemovePicture => "Remove the picture",
        Word::ReplacePicture => "Replace",
        Word::Reset => "Reset",
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
        Word::SystemTheme => "As the system",
        Word::Theme => "Theme",
        Word::TimesRun => "How many runs",
        Word::Transport => "Way",
        Word::TryAgain => "Try again",
        Word::UseAsInput => "Use as input",
        Word::UsuallyWakesIn => "Usually wakes in",
        Word::Version => "ComfyUI",
        Word::Waiting => "Waiting",
        Word::WaitingForOthers => "Waits for the runs before it. It costs nothing yet.",
        Word::WakingGpu => "Waking the GPU",
        Word::Workflows => "Workflows",
    }
}

pub(super) fn sentence(sentence: &Sentence) -> String {
    let span = |ms: u64| span(ms, English);
    match sentence {
        Sentence::HeardAgo { ms } => format!("last heard {} ago", span(*ms)),
        Sentence::AsleepHeardAgo { ms } => {
            format!("GPU asleep, probably · last heard {} ago", span(*ms))
        }
        Sentence::WakingFor { ms } => format!("Waking · {}", span(*ms)),
        Sentence::AwakeOn { device } => format!("Awake · {device}"),
        Sentence::WakesWithRun => {
            "The GPU sleeps when nobody uses it and wakes with the next run. Looking here asks nothing."
                .into()
        }

        Sentence::InLineBehind { ahead } => format!("In line ({ahead} ahead)"),
        Sentence::Usually { from_ms, to_ms } => {
            format!("usually {}", range(*from_ms, *to_ms, English))
        }
        Sentence::LongerThanUsual => "longer than usual".into(),
        Sentence::ClusterMayBeFull => {
            "Longer than usual: the cluster may be out of GPUs. Your run is safe.".into()
        }
        Sentence::FirstWaking => {
            "A sleeping GPU usually takes one to several minutes to wake. Your run is safe.".into()
        }
        Sentence::NoAnswerFor { ms } => format!(
            "No answer for {}. The GPU may have been put away; the page goes on asking.",
            span(*ms)
        ),
        Sentence::MayTakeTheNodesTime => {
            "The server stops a run only when the node it is at has finished.".into()
        }

        Sentence::GatewayGaveUp { after_ms } => {
            format!("The gateway gave up after {}; asking again. Your run is safe.", span(*after_ms))
        }
        Sentence::GatewayAnswered { status } => {
            format!("The gateway answered {status}; asking again. Your run is safe.")
        }
        Sentence::AskedToPause => {
            "The gateway is busy and asked for a pause; asking again after it. Your run is safe.".into()
        }
        Sentence::NoAnswerYet => "No answer; asking again. Your run is safe.".into(),
        Sentence::NoAnswerDirect => {
            "No answer that the page may read, so it cannot tell why; asking again. Your run is safe."
                .into()
        }
        Sentence::NotComfy => {
            "Something else than ComfyUI answered; asking again. Your run is safe.".into()
        }
        Sentence::ReplyLost => {
            "The reply was lost; looking whether the run arrived. Nothing is sent twice.".into()
        }

        Sentence::WokeIn { ms } => format!("Woke in {}", span(*ms)),
        Sentence::DoneIn { ran_ms } => format!("Ran {}", super::clock(*ran_ms, English)),
        Sentence::DoneCached => "From the server's cache: the same values had run before".into(),
        Sentence::DoneWithSeed { seed } => format!("seed {seed}"),
        Sentence::NothingCame => "The run ended well but gave nothing to show.".into(),
        Sentence::SomeGone { count: 1 } => {
            "One result was gone before it could be fetched: the server had been put away.".into()
        }
        Sentence::SomeGone { count } => {
            format!("{count} results were gone before they could be fetched: the server had been put away.")
        }
        Sentence::CancelledUnconfirmed => {
            "Cancelled here. The server did not confirm it; the run may still end there.".into()
        }
        Sentence::WillNotRun { problem } => format!("A part of the workflow will not run: {problem}"),

        Sentence::Failed(title) => failed(*title).into(),
        Sentence::Why(reason) => why(reason),

        Sentence::Missing => "This is needed.".into(),
        Sentence::NotANumber => "This is not a number.".into(),
        Sentence::NotWhole => "This must be a whole number.".into(),
        Sentence::TooSmall { min } => format!("The smallest value is {min}."),
        Sentence::TooLarge { max } => format!("The largest value is {max}."),
        Sentence::NotInList { value } => format!("The server does not offer “{value}”."),
        Sentence::WrongType => "The server cannot read this value.".into(),
        Sentence::TooLong { limit_kb } => {
            format!("This is too long: at most {limit_kb} kB can be sent.")
        }
        Sentence::PictureMissing => "Choose a picture first.".into(),
        Sentence::NodeMissing { class, title } => format!(
            "The server has no node “{class}” ({title}). Its extension is probably not installed."
        ),
        Sentence::NoOutput => "Nothing in this workflow gives a result.".into(),
        Sentence::ServerSays { message } => format!("The server says: {message}"),
        Sentence::SeedChanges => {
            "Above 9007199254740991 kubeai changes a seed on its way; another one will run.".into()
        }
        Sentence::ControlCharacters => "Control characters are left out.".into(),
        Sentence::NotAPicture { name } => format!("“{name}” is not a picture the browser can read."),
        Sentence::PictureTooLarge { limit_mb } => {
            format!("The picture is too large: at most {limit_mb} MB can be sent.")
        }
        Sentence::PictureOfType { name } => {
            format!("“{name}” is no picture. PNG, JPEG, WebP, GIF and BMP work.")
        }
        Sentence::PictureNotKept => {
            "The browser does not keep this picture: after a reload it must be chosen again.".into()
        }

        Sentence::AboutCost { run } => format!("about {run}"),
        Sentence::AboutCostWaking { run, waking } => {
            format!("about {run} · {waking} if the GPU has to wake")
        }
        Sentence::AboutTime { run_ms } => format!("about {}", span(*run_ms)),
        Sentence::AboutTimeWaking { run_ms, waking_ms } => {
            format!("about {} · {} if the GPU has to wake", span(*run_ms), span(*waking_ms))
        }

        Sentence::RunIs { title, state } => format!("{title}: {state}"),
        Sentence::RunNumber { number } => format!("Run {number}"),
        Sentence::SeedCopied => "Seed copied".into(),
        Sentence::RunsLive { count: 1 } => "1 run".into(),
        Sentence::RunsLive { count } => format!("{count} runs"),
        Sentence::PictureOf { number, count } => format!("Picture {number} of {count}"),

        Sentence::StorageRefused => {
            "The browser keeps nothing for this page. Do not reload while a run is under way.".into()
        }
        Sentence::ConfigNotJson { line, column } => format!(
            "config.json cannot be read: no JSON at line {line}, column {column}. \
             The page goes on with its defaults."
        ),
        Sentence::ConfigNotAnObject => {
            "config.json must be an object in braces; the page goes on with its defaults.".into()
        }
        Sentence::ConfigUnknownKey { key } => {
            format!("config.json has a key the page does not know: {key}")
        }
        Sentence::ConfigWrongType { key, expected } => {
            format!("config.json: {key} must be {}; its default is used.", one_of(*expected))
        }
        Sentence::ConfigNotAnAddress { value, trouble } => format!(
            "config.json: the endpoint “{value}” {}. Nothing can be run until it is mended.",
            off(*trouble)
        ),
        Sentence::ConfigModelMissing => {
            "config.json names no model. Straight to kubeai, every request needs one.".into()
        }
        Sentence::ConfigMissing => {
            "There is no config.json beside the page; the page goes on with its defaults.".into()
        }
        Sentence::WorkflowUnreadable { path, detail } => {
            format!("The workflow {path} cannot be used: {detail}")
        }
    }
}

fn one_of(expected: Expected) -> &'static str {
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

fn off(trouble: AddressTrouble) -> &'static str {
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
        Title::OutOfMemory => "Not enough GPU memory",
        Title::PictureLost => "The picture of this run is gone",
        Title::Refused => "The server refused a value",
        Title::Setup => "The page is not set up rightly",
        Title::TooLarge => "Too large to send",
        Title::UnknownModel => "There is no such model",
    }
}

fn why(reason: &Reason) -> String {
    match reason {
        Reason::Access => {
            "The gateway asks for an access the page does not have. Its operator can add it.".into()
        }
        Reason::Expired => {
            "The server has probably been put away since. Looking wakes the GPU, which costs.".into()
        }
        Reason::Interrupted => {
            "Another user of the same server interrupted it. What you typed is here.".into()
        }
        Reason::LostPolling => {
            "Nothing was kept there; what you typed is here. The page could only ask now and then, \
             which the cluster does not count as use. The Pilotlight extension in ComfyUI, or a longer \
             scale-down window, cures this."
                .into()
        }
        Reason::LostLongPoll => {
            "The cluster stopped the server and with it went the queue. Nothing was kept there; what \
             you typed is here."
                .into()
        }
        Reason::NoAnswer => {
            "The run may still be there: it was sent and not answered for. Nothing is sent twice.".into()
        }
        Reason::NoAnswerDirect => {
            "The browser tells the page nothing but “no answer”: the address, the network, the \
             certificate, the model or a refusal of the server. The run may still be there; nothing \
             is sent twice."
                .into()
        }
        Reason::NoWaking => {
            "The cluster gave no GPU in time; it may be out of them. Nothing was sent, nothing was \
             computed."
                .into()
        }
        Reason::NotSentYet => {
            "The page was away before the run could be sent. Nothing was computed; what you typed is \
             here."
                .into()
        }
        Reason::Node { node, message } => match message.lines().next().unwrap_or_default() {
            "" => format!("The node {node} failed without saying why."),
            message => format!("{node}: {message}"),
        },
        Reason::OutOfMemory => "Try fewer pictures.".into(),
        Reason::PictureLost => {
            "This browser did not keep it through the reload. Choose it again; nothing was sent.".into()
        }
        Reason::Refused { first } => first.clone(),
        Reason::SetupNotUnderstood { status } => format!(
            "What stands at the address answered {status}: it is not kubeai with ComfyUI behind it, or \
             the relay in front of it is missing."
        ),
        Reason::TooLarge => {
            "The gateway refused the size. A smaller picture or a shorter text gets through.".into()
        }
        Reason::UnknownModel => {
            "Nothing answers at this address, or the model's name is not one the cluster knows.".into()
        }
        Reason::UnknownModelNamed { model } => {
            format!("The cluster knows no model “{model}”, or nothing answers at this address.")
        }
    }
}
