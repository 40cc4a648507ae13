//! The dialog: what is typed, and the test as it goes. Invariant: a probe goes out only after a
//! press, and closing the dialog ends the test.

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use pilotlight_engine::chain::{Around, Chain, End, Event, Place, Step, Target};
use pilotlight_engine::comfy::{Endpoint, Transport};
use pilotlight_engine::config::Address;
use pilotlight_engine::setup::{Setup, SetupField, SetupTrouble, Typed};
use pilotlight_engine::text::SetupText;
use pilotlight_engine::time::At;

use super::asking::{self, Held};
use super::{Purpose, take};
use crate::app::Page;
use crate::later::http::Line;
use crate::later::overlay::Overlay;
use crate::later::{access, deeds, driver, metering, records};
use crate::live::Live;
use crate::{browser, task, view};

/// What the dialog shows.
#[derive(Clone, Copy)]
pub struct Setting {
    pub page: Page,
    pub purpose: Purpose,
    pub typed: Live<Typed>,
    pub wrong: Live<Vec<(SetupField, SetupTrouble)>>,
    pub chain: Live<Chain>,
    /// Moves every second while a test goes on.
    pub now: Live<At>,
    /// Which opening of the dialog it is of.
    number: u32,
}

/// What goes with the dialog: itself, its clock, and the probe that is out.
struct Open {
    number: u32,
    overlay: Overlay,
    _clock: Interval,
    line: Held,
}

thread_local! {
    static OPEN: RefCell<Option<Open>> = const { RefCell::new(None) };
    static OPENED: Cell<u32> = const { Cell::new(0) };
}

pub(super) fn open(page: Page, purpose: Purpose) {
    leave();
    let stored = super::stored().filter(|_| super::is_ours().now());
    let number = OPENED.get().wrapping_add(1);
    OPENED.set(number);
    let setting = Setting {
        number,
        page,
        purpose,
        typed: Live::new(stored.map(|setup| setup.typed()).unwrap_or_default()),
        wrong: Live::new(Vec::new()),
        chain: Live::new(Chain::default()),
        now: Live::new(browser::now()),
    };
    let overlay = Overlay::open(|| view::setup(setting));
    let clock = Interval::new(1_000, move || {
        if setting.chain.peek(Chain::is_on) {
            setting.now.set(browser::now());
        }
    });
    OPEN.replace(Some(Open { number, overlay, _clock: clock, line: Held::default() }));
}

/// Closes the dialog; the browser puts the focus back to where it was.
pub fn leave() {
    if let Some(open) = OPEN.take() {
        open.line.take();
        open.overlay.close();
    }
}

/// What was found holds no longer for what is typed now.
pub fn edit(setting: Setting, change: impl FnOnce(&mut Typed)) {
    setting.typed.update(change);
    if setting.wrong.peek(|wrong| !wrong.is_empty()) {
        setting.wrong.set(Vec::new());
    }
    if setting.chain.peek(|chain| chain.target().is_some()) {
        OPEN.with_borrow(|open| open.as_ref().and_then(|open| open.line.take()));
        setting.chain.set(Chain::default());
    }
}

/// Begins the test, or stops it.
pub fn press(setting: Setting) {
    if setting.chain.peek(Chain::is_on) {
        return tell(setting, Event::Stopped);
    }
    let (endpoint, is_kubeai) = match setting.purpose {
        Purpose::Test => {
            let Some(endpoint) = setting.page.endpoint.now() else { return };
            let is_kubeai = Address::parse(endpoint.base()).is_ok_and(|it| it.is_kubeai());
            (endpoint.clone(), is_kubeai)
        }
        Purpose::SetUp => {
            let Some(setup) = read(setting) else { return };
            let endpoint = setup.endpoint();
            let key = access::of(&endpoint.key());
            (endpoint.with_access(key), setup.address.is_kubeai())
        }
    };
    let is_kubeai = is_kubeai || endpoint.model().is_some();
    let server = browser::resolved(endpoint.base());
    let place = Place::new(&browser::resolved("."), &server, browser::is_online());
    tell(setting, Event::Pressed(Box::new(Target { endpoint, place, is_kubeai })));
}

/// What is typed, if nothing is wrong with it; else that is shown at its fields.
fn read(setting: Setting) -> Option<Setup> {
    match setting.typed.peek(Typed::read) {
        Ok(setup) => Some(setup),
        Err(wrong) => {
            if let Some((field, _)) = wrong.first() {
                browser::focus(view::setup_field(*field));
            }
            setting.wrong.set(wrong);
            None
        }
    }
}

/// The page goes on with what is typed, by the way that was found or chosen.
pub fn use_this(setting: Setting) {
    let page = setting.page;
    if super::is_busy(page) {
        return;
    }
    let Some(setup) = read(setting) else { return };
    let found = setting.chain.peek(|chain| match chain.ended() {
        Some(End::Well(well)) => Some(well.transport),
        Some(End::Broken(_) | End::Stopped) | None => None,
    });
    take(page, &setup, found.or(setup.transport).unwrap_or(Transport::Relay));
    learn(setting);
    leave();
    deeds::say(page, &SetupText::Used.say(page.language.now()));
}

/// Tells the test of a dialog that is still there; that of one that was closed is over.
fn tell(setting: Setting, event: Event) {
    let is_open = |open: &Option<Open>| open.as_ref().is_some_and(|it| it.number == setting.number);
    if !OPEN.with_borrow(is_open) {
        return;
    }
    let page = setting.page;
    let now = browser::now();
    setting.now.set(now);
    let around = Around { now, limit_ms: page.config.limits().waking_ms };
    let Some(step) = setting.chain.update(|chain| chain.update(event, &around)) else { return };
    if setting.purpose == Purpose::Test {
        learn(setting);
    }
    if step == Step::Rest {
        // Once it is drawn.
        task::spawn(async {
            TimeoutFuture::new(0).await;
            browser::bring_into_view(view::SETUP_END);
        });
    }
    perform(setting, step);
}

fn perform(setting: Setting, step: Step) {
    let Some(line) = OPEN.with_borrow(|open| open.as_ref().map(|open| open.line.clone())) else {
        return;
    };
    line.take();
    if step == Step::Rest {
        return;
    }
    line.replace(Some(Line::open()));
    let turn = setting.chain.peek(Chain::turn);
    task::spawn(async move {
        let event = match step {
            Step::Ask { probe, request, limit_ms } => {
                Event::Echoed(turn, asking::ask(probe, &request, line, limit_ms).await)
            }
            Step::Sleep { ms } => {
                TimeoutFuture::new(u32::try_from(ms).unwrap_or(u32::MAX)).await;
                Event::Rang(turn)
            }
            Step::Rest => return,
        };
        tell(setting, event);
    });
}

/// The page knows what the test heard, and counts what it woke, if it is of the page's own server.
fn learn(setting: Setting) {
    let page = setting.page;
    let now = browser::now();
    let chain = setting.chain.borrow();
    let Some(End::Well(well)) = chain.ended() else { return };
    let tested = chain.target().map(|target| target.endpoint.key());
    if tested != page.endpoint.now().map(Endpoint::key) {
        return;
    }
    page.server.update(|server| server.learn_tested(well, now));
    records::keep_server(page);
    if let (Some(asked), Some(ms)) = (chain.knocked(), chain.woke_ms()) {
        metering::answered(page, asked, asked.plus(ms));
        let (waking, _) = page.wait_kinds(page.tab.now());
        let is_waking = ms > pilotlight_engine::server::HELD_MS;
        driver::learn_wait(page, &waking, is_waking.then_some(ms));
    }
    page.now.set(now);
}
