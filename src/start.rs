//! Starts the page: reads configuration, workflows and stored data, and mounts the first view.
//! Invariant: whatever is missing or invalid, a page is shown.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::mount::mount_to;
use leptos::prelude::*;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::schema::Class;
use pilotlight_forms::form::{Form, Package, PackageRefusal};
use pilotlight_runs::config::{Config, Theme};
use pilotlight_runs::estimate::Waits;
use pilotlight_runs::server::Server;

use crate::app::{Notice, Page, State};
use crate::features::root::App;
use crate::runtime::page_files;
use crate::runtime::task;
use crate::runtime::task::Work;
use crate::{browser, bundles, form_state, storage};

pub async fn start() {
    let (config, notices) = configuration().await;
    match browser::found("data-framed") {
        Some(around) if !config.welcomes(&around) => {
            bundles::check_ancestors(config, notices, |config, notices| {
                task::spawn(start_page(config, notices));
            })
        }
        Some(_) | None => start_page(config, notices).await,
    }
}

/// Reads the workflows and mounts the page. Called only once the page may be shown.
pub async fn start_page(config: Config, mut notices: Vec<Notice>) {
    let (mut forms, mut others) = (Vec::new(), Vec::new());
    for (path, text) in workflows(&config).await {
        match text.map(|text| form(&text)) {
            Ok(Ok(form)) => forms.push((form, false)),
            Ok(Err(refusal)) if refusal.is_of_another_format() => others.push(path),
            Ok(Err(refusal)) => {
                notices.push(Notice::Workflow { path, detail: refusal.place() });
            }
            Err(status) => notices.push(Notice::Workflow { path, detail: http_status(status) }),
        }
    }
    // Workflows that were opened earlier, except those that are now in the configuration.
    for text in storage::all(form_state::WORKFLOWS) {
        if let Ok(form) = form(&text)
            && !forms.iter().any(|((other, _), _): &(Made, bool)| other.id == form.0.id)
        {
            forms.push((form, true));
        }
    }
    if storage::is_refused() {
        notices.push(Notice::StorageRefused);
    }
    let Some(stage) = browser::take_root() else { return };
    mount_to(stage, move || {
        let page = page(config, forms, others, notices);
        provide_context(page);
        bundles::fetch(page);
        // If there is no network yet, loading is tried again when the page is shown or goes online.
        browser::on_return(move || bundles::fetch(page));
        view! { <App/> }
    })
    .forget();
}

async fn configuration() -> (Config, Vec<Notice>) {
    match page_files::text("config.json").await {
        Ok(text) => {
            let (config, notices) = Config::parse(&text);
            (config, notices.into_iter().map(Notice::Config).collect())
        }
        Err(_) => (Config::default(), vec![Notice::ConfigMissing]),
    }
}

/// Reads all workflows at once. Returns path and text, or HTTP status, in the configured order.
async fn workflows(config: &Config) -> Vec<(String, Result<String, u16>)> {
    let read = Rc::new(RefCell::new(Vec::new()));
    let mut work: Vec<Work> = Vec::new();
    for (place, path) in config.workflows.iter().enumerate() {
        read.borrow_mut().push((path.clone(), Err(0)));
        let (path, read) = (path.clone(), read.clone());
        work.push(Box::pin(async move {
            let text = page_files::text(&path).await;
            read.borrow_mut()[place].1 = text;
        }));
    }
    task::all(work).await;
    read.take()
}

fn http_status(status: u16) -> String {
    if status == 0 { String::new() } else { format!("HTTP {status}") }
}

/// A form, and the node classes from which it was made.
type Made = (Form, Vec<Class>);

fn form(text: &str) -> Result<Made, PackageRefusal> {
    Package::parse(text).map(Package::parts)
}

fn page(
    config: Config,
    forms: Vec<(Made, bool)>,
    others: Vec<String>,
    notices: Vec<Notice>,
) -> Page {
    let chosen = browser::found("data-lang").and_then(|tag| Language::from_tag(&tag));
    let language = chosen
        .or(config.language)
        .or_else(browser::preferred_language)
        .filter(|language| config.languages.contains(language))
        .or(config.languages.first().copied())
        .unwrap_or(Language::English);
    browser::set_language(language);
    let theme = match browser::found("data-theme").as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        // A host may request the system's theme, whatever the configuration says.
        _ if browser::found("data-auto").is_some() => Theme::Auto,
        _ => config.theme,
    };
    browser::set_theme(theme);
    let sheet = |(made, is_opened)| form_state::sheet(made, language, is_opened);
    let sheets: Vec<_> = forms.into_iter().map(sheet).collect();
    // The workflow that the link names, otherwise the last selected tab.
    let last = storage::get("tab").filter(|_| browser::found("data-embed").is_none());
    let named = [browser::link(), last];
    let place = |id: String| sheets.iter().position(|sheet| sheet.form.id == id);
    let tab = named.into_iter().flatten().find_map(place);
    let endpoint = config.endpoint();
    Page::new(State {
        endpoint: RwSignal::new(endpoint.map(Arc::new)),
        config: Box::leak(Box::new(config)),
        others: others.leak(),
        sheets: RwSignal::new(sheets),
        tab: RwSignal::new(tab.unwrap_or(0)),
        language: RwSignal::new(language),
        theme: RwSignal::new(theme),
        jobs: RwSignal::new_local(Vec::new()),
        outputs: RwSignal::new_local(Vec::new()),
        server: RwSignal::new(Server::default()),
        waits: RwSignal::new(Waits::default()),
        now: RwSignal::new(browser::now()),
        notices: RwSignal::new(notices),
        toast: RwSignal::new(String::new()),
        spoken: RwSignal::new(String::new()),
        dialog: RwSignal::new(None),
        focus: RwSignal::new(None),
        second_bundle: RwSignal::new(None),
        waiting: RwSignal::new(false),
        pending_commands: StoredValue::new_local(Vec::new()),
        is_loading: StoredValue::new(false),
        fetch: bundles::fetch,
    })
}
