//! Waking the GPU and keeping it awake on a press: does what the engine's machine asks for.
//! Invariant: nothing is asked without a press, and a reload ends it.

use std::cell::{Cell, RefCell};

use gloo_timers::future::TimeoutFuture;
use pilotlight_engine::comfy::{self, Endpoint};
use pilotlight_engine::present;
use pilotlight_engine::run::{LongPoll, Turn};
use pilotlight_engine::server::HELD_MS;
use pilotlight_engine::text::WarmWord;
use pilotlight_engine::warm::{Around, End, Event, Goal, Phase, Step, Warm};
use web_sys::AbortSignal;

use super::http::{Call, Line};
use super::{access, driver, metering, records};
use crate::app::{Notice, Page};
use crate::live::Live;
use crate::{browser, desk, task};

thread_local! {
    static WARM: Live<Warm> = Live::new(Warm::default());
    /// A new line ends the former one's request.
    static LINE: RefCell<Option<Line>> = const { RefCell::new(None) };
    static IS_HIDDEN: Cell<bool> = const { Cell::new(false) };
}

pub fn warm() -> Live<Warm> {
    WARM.with(|warm| *warm)
}

/// Hears when the page is looked at again.
pub fn begin(page: Page) {
    browser::on_return(move || {
        if warm().peek(Warm::is_on) {
            IS_HIDDEN.set(false);
            tell(page, Event::Returned);
        }
    });
}

pub fn press(page: Page, goal: Goal) {
    page.notices.update(|all| all.retain(|one| !matches!(one, Notice::Warm(_))));
    IS_HIDDEN.set(false);
    tell(page, Event::Pressed(goal));
}

pub fn stop(page: Page) {
    tell(page, Event::Stopped);
}

/// Focuses what is drawn anew, once it is.
pub fn focus(id: &'static str) {
    task::spawn(async move {
        TimeoutFuture::new(0).await;
        browser::focus(id);
    });
}

/// Whether the server can be kept awake, as far as it is known: `false` once it was found to lack
/// what that needs.
pub fn can_keep(page: Page) -> bool {
    page.server.with(|server| server.holds != LongPoll::Absent)
}

/// Called each second. Whether something goes on.
pub fn tick(page: Page) -> bool {
    if !warm().peek(Warm::is_on) {
        return false;
    }
    let is_hidden = browser::is_hidden();
    let event = match (IS_HIDDEN.replace(is_hidden), is_hidden) {
        (false, true) => Event::Hid,
        (true, false) => Event::Returned,
        (false, false) | (true, true) => Event::Ticked,
    };
    tell(page, event);
    true
}

fn tell(page: Page, event: Event) {
    let now = browser::now();
    page.now.set(now);
    let mut heard = false;
    if matches!(event, Event::Knocked(..) | Event::Held(..)) {
        heard = page.server.update(|server| {
            server.learn_warm(&event, now);
            server.heard_at == Some(now)
        });
        if heard {
            records::keep_server(page);
        }
    }
    let limit_ms = page.config.limits().waking_ms;
    let around = Around { now, heard_at: page.server.peek(|server| server.heard_at), limit_ms };
    let before = warm().peek(Warm::phase);
    let step = warm().update(|warm| warm.update(event, &around));
    warm().peek(|warm| metering::warm(page, warm, heard, now));
    let Some(step) = step else { return };
    changed(page, before);
    perform(page, step);
}

/// Says and remembers what follows from what it has become.
fn changed(page: Page, before: Phase) {
    let language = page.language.now();
    let warm = warm().borrow();
    let is_awake =
        matches!(warm.phase(), Phase::Keeping { .. }) || warm.ended() == Some(&End::Awake);
    match (before, warm.phase()) {
        (Phase::Resting, Phase::Waking { .. }) => {
            page.spoken.set(WarmWord::Waking.say(language));
        }
        (Phase::Waking { .. }, _) if is_awake => {
            let length = warm.woke().and_then(|span| Some(span.until?.since(span.from)));
            let (waking, _) = page.wait_kinds(page.tab.now());
            driver::learn_wait(page, &waking, length.filter(|ms| *ms > HELD_MS));
            page.spoken.set(WarmWord::Awake.say(language));
        }
        (_, _) => {}
    }
    let Some(end) = warm.ended() else { return };
    let Some(said) = present::warm_end(&warm) else { return };
    page.spoken.set(said.get(language).to_owned());
    if let End::Setup(fault) = end {
        access::heard(fault);
    }
    match end {
        End::Awake | End::Over | End::Stopped => {}
        // Nobody may be looking at the panel any more, or at the page.
        End::Hidden | End::NotHeld | End::OutOfReach(_) | End::Setup(_) => {
            desk::add_notice(page, Notice::Warm(said));
        }
    }
}

fn perform(page: Page, step: Step) {
    LINE.with_borrow_mut(|line| *line = None);
    let Some(endpoint) = page.endpoint.now() else { return };
    if step == Step::Rest {
        return;
    }
    let line = Line::open();
    let signal = line.signal();
    LINE.with_borrow_mut(|place| *place = Some(line));
    let turn = warm().peek(Warm::turn);
    task::spawn(async move {
        let event = ask(endpoint, turn, step, signal).await;
        tell(page, event);
    });
}

async fn ask(endpoint: &Endpoint, turn: Turn, step: Step, signal: Option<AbortSignal>) -> Event {
    match step {
        Step::Knock { limit_ms } => {
            let heard = Call { signal, limit_ms }.send(&endpoint.knock(), None).await;
            Event::Knocked(turn, comfy::facts(&heard))
        }
        Step::Hold { limit_ms } => {
            let heard = Call { signal, limit_ms }.send(&endpoint.awake(), None).await;
            Event::Held(turn, comfy::held(&heard))
        }
        Step::Sleep { ms } => {
            TimeoutFuture::new(u32::try_from(ms).unwrap_or(u32::MAX)).await;
            Event::Rang(turn)
        }
        Step::Rest => Event::Rang(turn),
    }
}
