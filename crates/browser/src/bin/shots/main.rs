//! Pictures of every state the page can be in: `shots [PART OF A NAME]...`.
//!
//! Each state is reached in the real page, once per language, and taken light and dark, wide and
//! narrow. Also makes the pictures of the READMEs.
//!
//! Invariant: a state that is not reached, or does not last for its pictures, is an error that
//! names it.

mod camera;
mod cover;
mod sheet;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use pilotlight_browser_tests::states::words::{self, Words};
use pilotlight_browser_tests::states::{self, Play, State};
use pilotlight_browser_tests::{Outcome, Trouble, places, play_to_end};

use camera::Camera;

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--").collect();
    if let Some(option) = wanted.iter().find(|arg| arg.starts_with('-')) {
        eprintln!("{option} is not an option of shots: [PART OF A NAME]...");
        return ExitCode::FAILURE;
    }
    play_to_end("shots", all(&wanted))
}

async fn all(wanted: &[String]) -> Outcome {
    let shots = folder("PILOTLIGHT_SHOTS", "shots")?;
    let docs = folder("PILOTLIGHT_DOCS", "docs")?;
    let is_wanted =
        |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()));
    let states = states::all();
    let chosen: Vec<&State> = states.iter().filter(|state| is_wanted(state.name)).collect();
    if chosen.is_empty() && !is_wanted(cover::NAME) {
        let names: Vec<&str> = states.iter().map(|state| state.name).collect();
        let names = names.join(", ");
        return Err(Trouble::new(format!("no such state; there are {names}, {}", cover::NAME)));
    }
    if wanted.is_empty() {
        clear(&shots)?;
    }
    let mut failed = Vec::new();
    for state in chosen {
        for words in &words::BOTH {
            let started = Instant::now();
            let name = format!("{}-{}", state.name, words.language);
            match take(state, words, &shots).await {
                Ok(()) => println!("{name:<28} {:5.1} s", started.elapsed().as_secs_f64()),
                Err(trouble) => {
                    println!("{name:<28} FAILED: {trouble}");
                    failed.push(name);
                }
            }
        }
    }
    if is_wanted(cover::NAME) {
        match cover::make(&docs.join("screenshots")).await {
            Ok(()) => println!("{:<28} {}", cover::NAME, docs.join("screenshots").display()),
            Err(trouble) => {
                println!("{:<28} FAILED: {trouble}", cover::NAME);
                failed.push(cover::NAME.to_owned());
            }
        }
    }
    let names: Vec<&str> = states.iter().map(|state| state.name).collect();
    let page = sheet::write(&shots, &names)?;
    println!("\nall of them: {}", page.display());
    if failed.is_empty() {
        return Ok(());
    }
    Err(Trouble::new(format!("not taken: {}", failed.join(", "))))
}

async fn take(state: &State, words: &'static Words, folder: &Path) -> Outcome {
    let stage = (state.stage)().browser_arg(camera::MOUSE);
    let stage = if words.language == "zh" { stage.chinese() } else { stage };
    let mut scene = stage.build().await?;
    let play = Play::new(&mut scene, words).await?;
    let taken = match (state.reach)(&play).await {
        Ok(()) => Camera::new(&play.scene.page).round(folder, state.name, words.language).await,
        Err(trouble) => {
            let there = play.scene.page.text().await.unwrap_or_default();
            let there = there.split_whitespace().collect::<Vec<_>>().join(" ");
            Err(Trouble::new(format!("{trouble}\n    on the page: {there}")))
        }
    };
    scene.page.session.close().await;
    taken
}

/// The folder that `variable` names, else the project's own; made when it is not there.
fn folder(variable: &str, name: &str) -> Outcome<PathBuf> {
    let named = std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
    let folder = named.unwrap_or_else(|| places::root().join(name));
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    Ok(folder)
}

/// Takes away the pictures of earlier states, so that none outlives its name.
fn clear(folder: &Path) -> Outcome {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if camera::SIZES.iter().any(|size| name.ends_with(&format!("-{}.png", size.width))) {
            std::fs::remove_file(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        }
    }
    Ok(())
}
