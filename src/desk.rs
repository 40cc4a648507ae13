//! What follows from what a person wants. Invariant: one press of *Run* makes the runs it says,
//! once, and each of them is stored before anything is asked for it.

use std::cell::Cell;
use std::rc::Rc;

use pilotlight_engine::config::Theme;
use pilotlight_engine::failure::{Failure, Remedy};
use pilotlight_engine::form::{Draft, FieldKey, Widget};
use pilotlight_engine::id::PromptId;
use pilotlight_engine::json;
use pilotlight_engine::language::Language;
use pilotlight_engine::problem::Problem;
use pilotlight_engine::run::{Event, Outcome, Phase, Run};
use pilotlight_engine::text::Word;
use serde_json::Value;

use crate::app::{
    Complaint, Content, Dialog, Finding, Intent, Job, Notice, Order, Page, Sheet, TIMES_MAX,
};
use crate::browser::{self, Picked};
use crate::live::Live;
use crate::{driver, pictures, storage};

/// A second press within this time is the same press.
const DOUBLE_CLICK_MS: u64 = 500;
const TOAST_MS: u32 = 2_000;

thread_local! {
    static PRESSED: Cell<u64> = const { Cell::new(0) };
    static TOASTS: Cell<u32> = const { Cell::new(0) };
}

pub fn act(page: Page, intent: Intent) {
    match intent {
        Intent::Run => run(page),
        Intent::PickTab(tab) => pick_tab(page, tab),
        Intent::Fill(key, draft) => fill(page, key, draft),
        Intent::TakePicture(key, picked) => take_picture(page, key, picked),
        Intent::SetTimes(times) => {
            if let Some(sheet) = page.sheet(page.tab.now()) {
                sheet.times.set(times.clamp(1, TIMES_MAX));
            }
        }
        Intent::SetLanguage(language) => set_language(page, language),
        Intent::SetTheme(theme) => set_theme(page, theme),
        Intent::Open(dialog) => page.dialog.set(Some(dialog)),
        Intent::CloseDialog => page.dialog.set(None),
        Intent::CopyText(text) => copy_text(page, text),
        Intent::DismissNotice(at) => page.notices.update(|notices| {
            if at < notices.len() {
                notices.remove(at);
            }
        }),
        Intent::Dismiss(number) => dismiss(page, number),
        Intent::Cancel(number) => {
            if let Some(job) = job(page, number) {
                driver::tell(page, &job, Event::Cancelled);
            }
        }
        Intent::Remedy(number, remedy) => {
            if let Some(job) = job(page, number) {
                mend(page, &job, remedy);
            }
        }
        Intent::SameAgain(number) => {
            if let Some(order) = order(page, number) {
                same_again(page, &order);
            }
        }
        Intent::UseAsInput(id) => {
            if let Some(finding) = finding(page, id) {
                use_as_input(page, &finding);
            }
        }
        Intent::CopySeed(id) => {
            if let Some(seed) = finding(page, id).and_then(|finding| finding.seed) {
                copy_text(page, seed.to_string());
            }
        }
        Intent::CopyFinding(id) => {
            if let Some(finding) = finding(page, id) {
                copy(page, &finding);
            }
        }
        Intent::Download(id) => {
            if let Some(finding) = finding(page, id) {
                download(&finding);
            }
        }
    }
}

/// Names this browser to the server, which shows it in its queue.
pub fn client_id() -> String {
    storage::get("client").unwrap_or_else(|| {
        let id = PromptId::from_random(browser::random()).to_string();
        storage::set("client", &id);
        id
    })
}

/// Stores a run as it is now, or lets go of it when nothing is left to take up.
pub fn keep(page: Page, job: &Job) {
    let key = record_key(job.number);
    let Some(stored) = job.run.peek(Run::stored) else { return storage::remove(&key) };
    let endpoint = page.endpoint.map(|endpoint| endpoint.key());
    let form = page.sheet(job.order.sheet).map(|sheet| sheet.form.id.clone());
    let mut pictures = Vec::new();
    for attached in &job.order.ready.attachments {
        pictures.push(json::object(vec![
            ("key", Value::String(attached.key.to_string())),
            ("picture", attached.picture.to_value()),
        ]));
    }
    let record = json::object(vec![
        ("run", stored.to_value()),
        ("number", Value::from(job.number)),
        ("endpoint", Value::from(endpoint)),
        ("form", Value::from(form)),
        ("title", Value::String(job.order.title.clone())),
        ("drafts", job.order.drafts.to_value()),
        ("workflow", job.order.ready.workflow.to_value()),
        ("pictures", Value::Array(pictures)),
        ("seed", Value::from(job.order.ready.seed)),
    ]);
    storage::set(&key, &json::text(&record));
}

/// Stores when and what was last heard, so that a page opened again can say so.
pub fn keep_server(page: Page) {
    let Some(endpoint) = page.endpoint else { return };
    let server = page.server.now();
    let facts = server.facts.unwrap_or_default();
    let kept = json::object(vec![
        ("endpoint", Value::String(endpoint.key())),
        ("heard", Value::from(server.heard_at.map(|at| at.0))),
        ("version", Value::from(facts.version)),
        ("device", Value::from(facts.device)),
    ]);
    storage::set("server", &json::text(&kept));
}

/// Puts the server's refusal at the fields it is about.
pub fn refused(page: Page, job: &Job, problems: &[Problem]) {
    let Some(sheet) = page.sheet(job.order.sheet) else { return };
    sheet.problems.set(problems.to_vec());
    if page.tab.now() == job.order.sheet {
        page.focus.set(problems.iter().find_map(|problem| problem.place.clone()));
    }
}

/// A stored run as it is now, if there is still something of it to take up.
pub fn record(number: u32) -> Option<Value> {
    json::parse(&storage::get(&record_key(number))?)
}

fn record_key(number: u32) -> String {
    format!("run.{number:08}")
}

fn job(page: Page, number: u32) -> Option<Job> {
    page.jobs.peek(|jobs| jobs.iter().find(|job| job.number == number).cloned())
}

/// What a run was made from; its results know it when its card is gone.
fn order(page: Page, number: u32) -> Option<Rc<Order>> {
    if let Some(job) = job(page, number) {
        return Some(job.order);
    }
    page.findings.peek(|all| all.iter().find(|one| one.job == number).map(|one| one.order.clone()))
}

fn finding(page: Page, id: u32) -> Option<Finding> {
    page.findings.peek(|findings| findings.iter().find(|finding| finding.id == id).cloned())
}

fn pick_tab(page: Page, tab: usize) {
    page.tab.set(tab);
    storage::set("tab", &tab.to_string());
}

fn run(page: Page) {
    let now = browser::now().0;
    if now.saturating_sub(PRESSED.replace(now)) < DOUBLE_CLICK_MS {
        return;
    }
    let tab = page.tab.now();
    let Some(sheet) = page.sheet(tab) else { return };
    if page.endpoint.is_none() {
        return page.dialog.set(Some(Dialog::Settings));
    }
    let mut orders = Vec::new();
    for n in 0..sheet.times.now() {
        let drafts = sheet.form.drafts_for_run(&sheet.drafts.now(), n);
        match sheet.form.check(&drafts, browser::random_seed()) {
            Ok(ready) => {
                let title = title(sheet, &ready.title, page.language.now());
                orders.push(Order { sheet: tab, title, drafts, ready });
            }
            Err(problems) => {
                page.focus.set(problems.first().and_then(|problem| problem.place.clone()));
                return sheet.problems.set(problems);
            }
        }
    }
    sheet.problems.set(Vec::new());
    for order in orders {
        start(page, order);
    }
}

fn title(sheet: &Sheet, first_words: &str, language: Language) -> String {
    if first_words.is_empty() {
        sheet.form.title.get(language).to_owned()
    } else {
        first_words.to_owned()
    }
}

/// Puts a run into the lane, stored before anything is asked for it.
fn start(page: Page, order: Order) {
    let id = PromptId::from_random(browser::random());
    let run = Run::new(id, !order.ready.attachments.is_empty(), browser::now());
    if let (Some(sheet), Some(seed)) = (page.sheet(order.sheet), order.ready.seed) {
        sheet.last_seed.set(Some(seed));
    }
    let job = Job {
        number: next_number(),
        order: Rc::new(order),
        run: Live::new(run),
        hand: Rc::default(),
    };
    keep(page, &job);
    let name = lock_name(job.number);
    driver::spawn(async move {
        browser::hold(&name).await;
    });
    page.jobs.update(|jobs| jobs.push(job));
    driver::release(page);
}

/// A run belongs to the page that holds the lock of this name.
pub fn lock_name(number: u32) -> String {
    format!("pilotlight run {number}")
}

fn next_number() -> u32 {
    let last: u32 = storage::get("count").and_then(|count| count.parse().ok()).unwrap_or(0);
    let next = last.wrapping_add(1);
    storage::set("count", &next.to_string());
    next
}

fn fill(page: Page, key: FieldKey, draft: Draft) {
    let Some(sheet) = page.sheet(page.tab.now()) else { return };
    if sheet.problems.peek(|all| all.iter().any(|one| one.place.as_ref() == Some(&key))) {
        sheet.problems.update(|all| all.retain(|one| one.place.as_ref() != Some(&key)));
    }
    if sheet.complaint.peek(Option::is_some) {
        sheet.complaint.set(None);
    }
    sheet.drafts.update(|drafts| drafts.set(key, draft));
    let kept = sheet.drafts.peek(|drafts| json::text(&drafts.to_value()));
    storage::set(&format!("drafts.{}", sheet.form.id), &kept);
}

fn take_picture(page: Page, key: FieldKey, picked: Picked) {
    let Some(sheet) = page.sheet(page.tab.now()) else { return };
    driver::spawn(async move {
        match pictures::take(&picked).await {
            Ok(picture) => put_picture(page, sheet, key, picture).await,
            Err(complaint) => sheet.complaint.set(Some((key, complaint))),
        }
    });
}

async fn put_picture(
    page: Page,
    sheet: &Sheet,
    key: FieldKey,
    picture: pilotlight_engine::form::PictureRef,
) {
    let hash = picture.hash.clone();
    let tab = page.sheets.iter().position(|one| one.form.id == sheet.form.id);
    if tab == Some(page.tab.now()) {
        fill(page, key, Draft::Picture(Some(picture)));
    }
    if !pictures::keep(&hash).await {
        add_notice(page, Notice::PictureNotKept);
    }
}

fn add_notice(page: Page, notice: Notice) {
    if page.notices.peek(|notices| !notices.contains(&notice)) {
        page.notices.update(|notices| notices.push(notice));
    }
}

/// Takes a card away; a run that could still be asked after is let go with it.
fn dismiss(page: Page, number: u32) {
    let Some(job) = job(page, number).filter(|job| job.run.peek(Run::is_ended)) else { return };
    storage::remove(&record_key(job.number));
    page.jobs.update(|jobs| jobs.retain(|job| job.number != number));
}

fn mend(page: Page, job: &Job, remedy: Remedy) {
    match remedy {
        Remedy::RunAgain => {
            let order = Order::clone(&job.order);
            dismiss(page, job.number);
            start(page, order);
        }
        Remedy::TryAgain | Remedy::LookAgain | Remedy::LookAnyway => {
            driver::tell(page, job, Event::Resumed);
        }
        Remedy::GoToField => {
            pick_tab(page, job.order.sheet);
            let failed = job.run.now();
            if let Phase::Ended(Outcome::Failed(Failure::Rejected(fault))) = failed.phase() {
                refused(page, job, &fault.problems);
            }
        }
        Remedy::OpenSettings => page.dialog.set(Some(Dialog::Settings)),
    }
}

/// The same values with another seed, since the server answers an equal workflow from its cache.
fn same_again(page: Page, former: &Order) {
    let Some(sheet) = page.sheet(former.sheet) else { return };
    let drafts = sheet.form.drafts_for_run(&former.drafts, 1);
    match sheet.form.check(&drafts, browser::random_seed()) {
        Ok(ready) => start(page, Order { drafts, ready, ..Order::clone(former) }),
        Err(problems) => sheet.problems.set(problems),
    }
}

/// Puts a picture into the first form that takes one, and goes there.
fn use_as_input(page: Page, finding: &Finding) {
    let Content::File { file_name, .. } = &finding.content else { return };
    let Some(blob) = finding.blob.clone() else { return };
    let takes = |sheet: &Sheet| {
        sheet
            .form
            .fields
            .iter()
            .find(|field| field.widget == Widget::Picture)
            .map(|field| field.key.clone())
    };
    let sheets = page.sheets.iter().enumerate();
    let found = sheets.filter_map(|(tab, sheet)| Some((tab, sheet, takes(sheet)?))).next();
    let Some((tab, sheet, key)) = found else { return };
    let file_name = file_name.clone();
    page.dialog.set(None);
    pick_tab(page, tab);
    driver::spawn(async move {
        match pictures::take_blob(&blob, &file_name, true).await {
            Ok(picture) => put_picture(page, sheet, key, picture).await,
            Err(complaint) => sheet.complaint.set(Some((key, complaint))),
        }
    });
}

fn copy(page: Page, finding: &Finding) {
    match &finding.content {
        Content::Text { text, .. } => copy_text(page, text.clone()),
        Content::File { .. } => {
            let Some(blob) = finding.blob.clone() else { return };
            driver::spawn(async move {
                let copied = browser::copy_picture(&blob).await;
                toast(page, if copied { Word::Copied } else { Word::CopyFailed }).await;
            });
        }
        Content::Gone => {}
    }
}

fn copy_text(page: Page, text: String) {
    driver::spawn(async move {
        let copied = browser::copy_text(&text).await;
        toast(page, if copied { Word::Copied } else { Word::CopyFailed }).await;
    });
}

async fn toast(page: Page, word: Word) {
    let mine = TOASTS.replace(TOASTS.get().wrapping_add(1)).wrapping_add(1);
    page.toast.set(word.say(page.language.now()).to_owned());
    gloo_timers::future::TimeoutFuture::new(TOAST_MS).await;
    if TOASTS.get() == mine {
        page.toast.set(String::new());
    }
}

fn download(finding: &Finding) {
    match &finding.content {
        Content::File { url, file_name, .. } => browser::download(url, file_name),
        Content::Text { text, .. } => {
            if let Some(url) = browser::text_url(text) {
                browser::download(&url, "answer.txt");
                browser::release_url(&url);
            }
        }
        Content::Gone => {}
    }
}

fn set_language(page: Page, language: Language) {
    let before = page.language.now();
    page.language.set(language);
    browser::set_language(language);
    storage::set("language", language.code());
    // A text that nobody has touched starts anew in the other language.
    for sheet in page.sheets {
        for field in &sheet.form.fields {
            let untouched = sheet
                .drafts
                .peek(|drafts| drafts.get(&field.key) == Some(&field.default_in(before)));
            if untouched && field.start.is_some() {
                sheet
                    .drafts
                    .update(|drafts| drafts.set(field.key.clone(), field.default_in(language)));
            }
        }
    }
}

fn set_theme(page: Page, theme: Theme) {
    page.theme.set(theme);
    browser::set_theme(theme);
    match theme {
        Theme::Auto => storage::remove("theme"),
        Theme::Light => storage::set("theme", "light"),
        Theme::Dark => storage::set("theme", "dark"),
    }
}

/// What to say of a file that was not taken.
pub fn complaint(complaint: &Complaint) -> pilotlight_engine::text::Sentence<'_> {
    use pilotlight_engine::text::Sentence;
    match complaint {
        Complaint::NotAPicture(name) => Sentence::PictureOfType { name },
        Complaint::Unreadable(name) => Sentence::NotAPicture { name },
        Complaint::TooLarge { limit_mb } => Sentence::PictureTooLarge { limit_mb: *limit_mb },
    }
}
