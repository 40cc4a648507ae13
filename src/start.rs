//! How the page comes up: configuration, workflows, what was stored, the first view, and the runs
//! that were under way. Invariant: whatever is missing or broken, a page stands at the end.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::mount::mount_to;
use pilotlight_engine::comfy::Facts;
use pilotlight_engine::config::{Config, Theme};
use pilotlight_engine::estimate::Waits;
use pilotlight_engine::form::{
    Attachment, Draft, Drafts, FieldKey, Form, Package, PictureRef, Ready,
};
use pilotlight_engine::json;
use pilotlight_engine::language::Language;
use pilotlight_engine::record::Stored;
use pilotlight_engine::run::{Run, Step};
use pilotlight_engine::server::Server;
use pilotlight_engine::time::At;
use pilotlight_engine::workflow::Workflow;
use serde_json::Value;

use crate::app::{Job, Notice, Order, Page, Sheet, State};
use crate::live::Live;
use crate::{browser, desk, driver, http, pictures, storage, view};

pub async fn start() {
    let (config, mut notices) = configuration().await;
    let mut forms = Vec::new();
    for (path, text) in workflows(&config).await {
        match text.map_err(http_status).and_then(|text| form(&text)) {
            Ok(form) => forms.push(form),
            Err(detail) => notices.push(Notice::Workflow { path, detail }),
        }
    }
    if storage::is_refused() {
        notices.push(Notice::StorageRefused);
    }
    let records = records(&config);
    let wanted = wanted(&forms, &records);
    if !wanted.is_empty() {
        pictures::restore(&wanted).await;
    }
    let Some(stage) = browser::clear_stage() else { return };
    // Leptos gives the owner of everything that follows something; what is seen is built by `dom`.
    mount_to(stage.clone(), move || {
        let page = page(config, forms, notices);
        driver::begin(page);
        for part in view::app(page) {
            part.append_to(&stage);
        }
        for number in records.iter().filter_map(number) {
            driver::spawn(take_up(page, number));
        }
        driver::spawn(async move { pictures::forget_others(&wanted).await });
    })
    .forget();
}

async fn configuration() -> (Config, Vec<Notice>) {
    match http::beside("config.json").await {
        Ok(text) => {
            let (config, notices) = Config::parse(&text);
            (config, notices.into_iter().map(Notice::Config).collect())
        }
        Err(_) => (Config::default(), vec![Notice::ConfigMissing]),
    }
}

/// All of them at once, in their order: path, and text or what is wrong with it.
async fn workflows(config: &Config) -> Vec<(String, Result<String, u16>)> {
    let read = Rc::new(RefCell::new(Vec::new()));
    let mut work: Vec<http::Work> = Vec::new();
    for (place, path) in config.workflows.iter().enumerate() {
        read.borrow_mut().push((path.clone(), Err(0)));
        let (path, read) = (path.clone(), read.clone());
        work.push(Box::pin(async move {
            let text = http::beside(&path).await;
            read.borrow_mut()[place].1 = text;
        }));
    }
    http::all(work).await;
    read.take()
}

fn http_status(status: u16) -> String {
    if status == 0 { String::new() } else { format!("HTTP {status}") }
}

fn form(text: &str) -> Result<Form, String> {
    Package::parse(text).map(Package::form).map_err(|refusal| refusal.place())
}

fn page(config: Config, forms: Vec<Form>, notices: Vec<Notice>) -> Page {
    let stored = storage::get("language").and_then(|tag| Language::from_tag(&tag));
    let language = stored
        .or(config.language)
        .or_else(browser::preferred_language)
        .filter(|language| config.languages.contains(language))
        .or(config.languages.first().copied())
        .unwrap_or(Language::English);
    browser::set_language(language);
    let theme = match storage::get("theme").as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => config.theme,
    };
    browser::set_theme(theme);
    let tab = storage::get("tab").and_then(|tab| tab.parse().ok()).filter(|tab| *tab < forms.len());
    let waits = storage::get("waits").and_then(|text| json::parse(&text));
    let endpoint = config.endpoint();
    let server = endpoint.as_ref().map(|endpoint| server(&endpoint.key())).unwrap_or_default();
    Page::new(State {
        endpoint: endpoint.map(|endpoint| &*Box::leak(Box::new(endpoint))),
        config: Box::leak(Box::new(config)),
        sheets: forms.into_iter().map(|form| sheet(form, language)).collect::<Vec<_>>().leak(),
        tab: Live::new(tab.unwrap_or(0)),
        language: Live::new(language),
        theme: Live::new(theme),
        jobs: Live::new(Vec::new()),
        findings: Live::new(Vec::new()),
        server: Live::new(server),
        waits: Live::new(waits.as_ref().map(Waits::from_value).unwrap_or_default()),
        now: Live::new(browser::now()),
        notices: Live::new(notices),
        toast: Live::new(String::new()),
        spoken: Live::new(String::new()),
        dialog: Live::new(None),
        focus: Live::new(None),
    })
}

fn sheet(form: Form, language: Language) -> Sheet {
    let mut drafts = form.drafts(language);
    if let Some(kept) = kept_drafts(&form) {
        drafts.merge(kept);
    }
    // A picture that this browser no longer holds is no longer chosen.
    let lost: Vec<FieldKey> = drafts
        .iter()
        .filter(|(_, draft)| match draft {
            Draft::Picture(Some(picture)) => pictures::url_of(&picture.hash).is_none(),
            Draft::Picture(None) | Draft::Text(_) | Draft::Switch(_) => false,
        })
        .map(|(key, _)| key.clone())
        .collect();
    for key in lost {
        drafts.set(key, Draft::Picture(None));
    }
    Sheet {
        form,
        drafts: Live::new(drafts),
        problems: Live::new(Vec::new()),
        times: Live::new(1),
        last_seed: Live::new(None),
        complaint: Live::new(None),
    }
}

fn kept_drafts(form: &Form) -> Option<Drafts> {
    let text = storage::get(&format!("drafts.{}", form.id))?;
    Drafts::from_value(&json::parse(&text)?)
}

/// What was last heard of this endpoint.
fn server(key: &str) -> Server {
    let kept = storage::get("server").and_then(|text| json::parse(&text));
    let Some(kept) = kept.filter(|kept| kept.get("endpoint").and_then(Value::as_str) == Some(key))
    else {
        return Server::default();
    };
    let text = |name: &str| kept.get(name).and_then(Value::as_str).map(str::to_owned);
    let facts = Facts { version: text("version"), device: text("device"), vram_total_bytes: None };
    Server {
        heard_at: kept.get("heard").and_then(Value::as_u64).map(At),
        facts: facts.version.is_some().then_some(facts),
        ..Server::default()
    }
}

/// The stored runs of this endpoint.
fn records(config: &Config) -> Vec<Value> {
    let key = config.endpoint().map(|endpoint| endpoint.key());
    storage::all("run.")
        .into_iter()
        .filter_map(|text| json::parse(&text))
        .filter(|record| record.get("endpoint").and_then(Value::as_str) == key.as_deref())
        .collect()
}

fn number(record: &Value) -> Option<u32> {
    u32::try_from(record.get("number")?.as_u64()?).ok()
}

/// Every picture that a form or a stored run still needs.
fn wanted(forms: &[Form], records: &[Value]) -> Vec<String> {
    let mut hashes = Vec::new();
    let mut want = |drafts: &Drafts| {
        for (_, draft) in drafts.iter() {
            if let Draft::Picture(Some(picture)) = draft {
                hashes.push(picture.hash.clone());
            }
        }
    };
    forms.iter().filter_map(kept_drafts).for_each(|drafts| want(&drafts));
    let drafts = records.iter().filter_map(|record| Drafts::from_value(record.get("drafts")?));
    drafts.for_each(|drafts| want(&drafts));
    hashes
}

/// Takes up a stored run as soon as no other page of this browser is looking after it.
async fn take_up(page: Page, number: u32) {
    browser::hold(&desk::lock_name(number)).await;
    // The page that had it may have gone on with it, to its end even.
    let Some(record) = desk::record(number) else { return };
    let Some((stored, order)) = read(page, &record) else { return };
    let (run, step) = Run::restore(&stored, &driver::around(page, order.sheet));
    let job = Job { number, order: Rc::new(order), run: Live::new(run), hand: Rc::default() };
    page.jobs.update(|jobs| {
        let after = jobs.iter().position(|other| other.number > number);
        jobs.insert(after.unwrap_or(jobs.len()), job.clone());
    });
    if step != Step::Rest {
        driver::perform(page, &job, step);
    }
    driver::release(page);
}

fn read(page: Page, record: &Value) -> Option<(Stored, Order)> {
    let text = |name: &str| record.get(name).and_then(Value::as_str);
    let form = text("form")?;
    let sheet = page.sheets.iter().position(|sheet| sheet.form.id == form)?;
    let attachments = record.get("pictures")?.as_array()?.iter().filter_map(|entry| {
        let key = FieldKey::parse(entry.get("key")?.as_str()?)?;
        Some(Attachment { key, picture: PictureRef::from_value(entry.get("picture")?)? })
    });
    let ready = Ready {
        workflow: Workflow::from_value(record.get("workflow")?.clone()).ok()?,
        attachments: attachments.collect(),
        seed: record.get("seed").and_then(Value::as_u64),
        title: String::new(),
        warnings: Vec::new(),
    };
    let order = Order {
        sheet,
        title: text("title")?.to_owned(),
        drafts: Drafts::from_value(record.get("drafts")?)?,
        ready,
    };
    Some((Stored::from_value(record.get("run")?)?, order))
}
