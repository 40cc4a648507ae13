//! Commands that views send; [`crate::form_state`] executes those of the page and its forms at once,
//! the others as soon as the second bundle is loaded.

use pilotlight_comfy::failure::Remedy;
use pilotlight_comfy::language::Language;
use pilotlight_forms::form::{Draft, FieldKey};
use pilotlight_runs::config::Theme;

use crate::browser::Picked;

/// A command of any feature.
pub enum Command {
    /// The page itself.
    Page(PageCommand),
    /// The form of the current tab.
    Form(FormCommand),
    /// A file or result that becomes the value of a field.
    Input(InputCommand),
    /// A run of the list.
    Run(RunCommand),
    /// A result.
    Result(ResultCommand),
    /// A workflow and its tab.
    Workflow(WorkflowCommand),
    /// What opens over the page.
    Dialog(DialogCommand),
    /// Copies a text to the clipboard.
    CopyText(String),
    /// Shows a short message that disappears by itself.
    Announce(&'static str),
}

/// Commands of the page itself.
pub enum PageCommand {
    /// Brings the tab with this index to the front.
    PickTab(usize),
    /// Changes the language, and remembers it.
    SetLanguage(Language),
    /// Changes the theme, and remembers it.
    SetTheme(Theme),
    /// Dismisses the notice with this index.
    DismissNotice(usize),
}

/// Commands of the form of the current tab.
pub enum FormCommand {
    /// Sets the value of a field.
    Fill(FieldKey, Draft),
    /// Sets how many runs one press starts, 1 to 16.
    SetTimes(u32),
}

/// Commands that fill a field of the form with an image, a video or a sound.
pub enum InputCommand {
    /// Takes a file of the user.
    TakeFile(FieldKey, Picked),
    /// Takes the result that was dragged. Without a field, opens the workflow of the result.
    TakeResult(Option<FieldKey>),
}

/// Commands of runs; a run is named by its number.
pub enum RunCommand {
    /// Runs the form of the current tab.
    Start,
    /// Cancels a run.
    Cancel(u32),
    /// Removes a run that has ended from the list.
    Dismiss(u32),
    /// Does what helps after a failure.
    Remedy(u32, Remedy),
    /// Runs the same values again with another seed.
    Repeat(u32),
}

/// Commands of results; a result is named by its id.
pub enum ResultCommand {
    /// Runs the values of a result again with another seed.
    Repeat(u32),
    /// Runs the values of a result again, its seed included.
    MakeAgain(u32),
    /// Fills the image field of a form with a result.
    UseAsInput(u32),
    /// Copies the seed of a result.
    CopySeed(u32),
    /// Copies an image or a text.
    Copy(u32),
    /// Deletes a result; its card offers to restore it.
    Remove(u32),
    /// Restores a deleted result.
    Restore(u32),
    /// Deletes all results.
    RemoveAll,
    /// Saves a result as a file.
    Download(u32),
}

/// Commands of workflows and their tabs.
pub enum WorkflowCommand {
    /// Opens a file with a workflow in it.
    OpenFile(Picked),
    /// Opens a text that was pasted or dropped: a workflow, the address of one, or neither.
    OpenText(String),
    /// Asks the server for the node classes that the workflow just opened needs.
    LoadNodes,
    /// Closes the tab with this index.
    Close(usize),
}

/// Commands of dialogs.
pub enum DialogCommand {
    /// Opens a dialog.
    Open(Dialog),
    /// Closes the dialog that is open.
    Close,
}

/// A dialog of the page; at most one is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dialog {
    Settings,
    /// For the form of the current tab.
    Editor,
    Presets,
    /// Asks whether to start runs that would pass a limit.
    Limit,
    /// The setup dialog with the connection test.
    Setup,
    /// The gallery of all stored results.
    Gallery,
    /// One result, large; its id in [`State::outputs`](crate::app::State::outputs).
    Viewer(u32),
}

macro_rules! commands {
    ($($variant:ident $command:ident,)*) => {
        $(impl From<$command> for Command {
            fn from(command: $command) -> Self {
                Self::$variant(command)
            }
        })*
    };
}

commands! {
    Page PageCommand,
    Form FormCommand,
    Input InputCommand,
    Run RunCommand,
    Result ResultCommand,
    Workflow WorkflowCommand,
    Dialog DialogCommand,
}
