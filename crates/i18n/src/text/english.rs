//! English.

use super::{Sentence, Word};
use pilotlight_runs::config::{AddressTrouble, Expected};

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
        Word::DirectTransport => "straight to the server",
        Word::Dismiss => "Dismiss",
        Word::Done => "Done",
        Word::Download => "Download",
        Word::DropHere => "Drop it here",
        Word::DropOrPaste => "or drop or paste it here",
        Word::EditForm => "Edit the form",
        Word::EmptyBody => "The first run wakes the GPU; that usually takes a minute or two.",
        Word::EmptyBodyKept => " You can close this page meanwhile: the run is taken up again.",
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
        Word::OpenSettings => "Test the connection",
        Word::OtherLanguage => "中文",
        Word::PastedText => "pasted text",
        Word::PictureGone => "This result is gone: the server was put away before it was fetched.",
        Word::PlainComfy => "none: a plain ComfyUI",
        Word::Preview => "Preview",
        Word::PreviewHint => "The server does not keep it: it goes when the GPU sleeps.",
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
        Word::Waiting => "Waiting",
        Word::WaitingForOthers => "Waits for the runs before it. It costs nothing yet.",
        Word::WakingGpu => "Waking the GPU",
        Word::Workflows => "Workflows",
    }
}

pub(super) fn sentence(sentence: &Sentence) -> &'static str {
    match sentence {
        Sentence::HeardAgo { .. } => "last heard {} ago",

        Sentence::Missing => "This is needed.",
        Sentence::NotANumber => "This is not a number.",
        Sentence::NotWhole => "This must be a whole number.",
        Sentence::TooSmall { .. } => "The smallest value is {}.",
        Sentence::TooLarge { .. } => "The largest value is {}.",
        Sentence::NotInList { .. } => "The server does not offer “{}”.",
        Sentence::Offered { .. } => "It has: {}.",
        Sentence::WrongType => "The server cannot read this value.",
        Sentence::TooLong { .. } => "This is too long: at most {} kB can be sent.",
        Sentence::PictureMissing => "Choose a picture first.",
        Sentence::FileMissing => "Choose a file first.",
        Sentence::InputMissing { .. } => "“{}” lacks its input “{}”.",
        Sentence::LinkNowhere { .. } => "“{}” gets its input “{}” from a node that is not there.",
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
        Sentence::PictureOfTooManyPixels { .. } => {
            "The picture has more than {} million pixels, which ComfyUI does not read. Scale it \
             down first."
        }
        Sentence::PartMissing => {
            "A part of this page could not be fetched, so nothing can be run yet. \
             Check the connection, then press again or reload the page."
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

pub(super) fn one_of(expected: Expected) -> &'static str {
    match expected {
        Expected::Text => "a text",
        Expected::Label => "a text, or one for each of “en” and “zh”",
        Expected::ModelName => "a model's name, without blanks",
        Expected::Paths => "a list of addresses relative to the page",
        Expected::Addresses => "a list of addresses",
        Expected::Languages => "a list of “en” and “zh”",
        Expected::Language => "“en” or “zh”",
        Expected::Theme => "“auto”, “light” or “dark”",
        Expected::Transport => "“relay” or “direct”",
        Expected::Price => "a number from 0",
        Expected::Amount => "a number above 0",
        Expected::Seconds => "a whole number of seconds, from 1 to 86400",
        Expected::SecondsRange => "two whole numbers of seconds, the smaller one first",
        Expected::Origins => "a list of origins such as “https://shop.example”",
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
