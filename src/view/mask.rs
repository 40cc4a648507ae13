//! *Paint a mask*: a picture to paint over, with pointer or keys. Invariant: the brush is seen where
//! it would paint, and what it does can be taken back.

use std::cell::Cell;
use std::rc::Rc;

use pilotlight_forms::form::Widget;
use pilotlight_i18n::present::{Unpaintable, unpaintable};
use pilotlight_i18n::text::{CommonText, FormText, MaskText};

use super::button::{bare, icon, icon_button};
use crate::app::{Easel, Page, Part};
use crate::dom::{self, El, el};
use crate::later::masking::{self, Dash, Phase};
use crate::live::Live;

/// The button beside a picture.
pub(super) fn tool(easel: Easel) -> Option<El> {
    let Easel { page, sheet, field } = easel;
    if field.widget != Widget::Picture {
        return None;
    }
    let is_wanted = move || sheet.drafts.with(|all| sheet.form.uses_mask(&field.key, all));
    let button = bare(move || easel.page.open(Part::Mask(easel)))
        .set("id", &masking::button_id(&field.key))
        // A line of its own, below the name of the picture.
        .style("flex", || Some("1 1 100%".to_owned()))
        .style("margin", || Some("var(--s-1) var(--s-2) var(--s-2) 0".to_owned()))
        .flag("hidden", move || !is_wanted())
        .says(move || FormText::PaintMask.say(page.language.get()).to_owned());
    Some(button)
}

/// What is painted with; copied freely.
#[derive(Clone, Copy)]
struct Brush {
    page: Page,
    erases: Live<bool>,
    /// 1 … `SIZE_MAX`.
    size: Live<u32>,
    /// Where it is, in hundredths of a percent of width and height.
    at: Live<(u32, u32)>,
}

/// Only who paints needs it.
const STYLE: &str = include_str!("../../style/mask.css");

const SIZE_MAX: u32 = 100;
const SIZE: u32 = 40;
const WHOLE: u32 = 10_000;

impl Brush {
    fn says(self, word: MaskText) -> impl Fn() -> String + Copy + 'static {
        move || word.say(self.page.language.get()).to_owned()
    }

    /// In pixels of a picture whose longer side is this; finer for small brushes.
    fn across(size: u32, longest: u32) -> f64 {
        let share = f64::from(size) / f64::from(SIZE_MAX);
        (share * share * f64::from(longest) / 2.0).max(1.0)
    }
}

/// The dialog. A press beside it does not close it: strokes end there.
pub(super) fn mask(easel: Easel) -> El {
    let page = easel.page;
    let brush = Brush {
        page,
        erases: Live::new(false),
        size: Live::new(SIZE),
        at: Live::new((WHOLE / 2, WHOLE / 2)),
    };
    let title = move || FormText::PaintMask.say(page.language.get()).to_owned();
    let head = el("div", "dialog-head")
        .put(el("h2", "dialog-title").set("id", "mask-title").says(title))
        .put(icon_button(page, "#close", CommonText::Close, || {
            if masking::may_leave() {
                masking::leave();
            }
        }));
    let stage = el("div", "mask-stage").keyed(
        || masking::phase().with(|phase| usize::from(*phase != Phase::Opening)),
        move |_| {
            masking::layers().map(|(layers, width, height)| sheet(brush, layers, width, height))
        },
    );
    dom::wear(STYLE);
    el("dialog", "dialog mask")
        .set("aria-labelledby", "mask-title")
        .on("cancel", |event| {
            if !masking::may_leave() {
                event.prevent();
            }
        })
        // After the browser has closed it, on Escape or by itself.
        .on("close", |_| masking::leave())
        .put_all([head, stage, said(page), tools(brush), foot(easel, brush)])
}

/// What goes on, or what is wrong.
fn said(page: Page) -> El {
    let said = el("p", "")
        .set("role", "status")
        .attr("data-state", || {
            let is_stuck = masking::phase().with(|phase| matches!(phase, Phase::Stuck(_)));
            is_stuck.then(|| "error".to_owned())
        })
        .says(move || {
            let language = page.language.get();
            match masking::phase().get() {
                Phase::Opening => MaskText::Opening.say(language).to_owned(),
                Phase::Painting => MaskText::Hint.say(language).to_owned(),
                Phase::Saving => MaskText::Saving.say(language).to_owned(),
                Phase::Stuck(why) => unpaintable(why, language),
            }
        });
    let keys = el("p", "mask-keys")
        .set("id", "mask-keys")
        .says(move || MaskText::Keys.say(page.language.get()).to_owned());
    el("div", "mask-said").put(said).put(keys)
}

/// The picture with what is painted over it, as large as there is room.
fn sheet(brush: Brush, layers: [El; 2], width: u32, height: u32) -> El {
    let longest = width.max(height);
    let pixels = move |(x, y): (f64, f64)| (x * f64::from(width), y * f64::from(height));
    let place = move |(x, y): (u32, u32)| {
        let share = |at: u32| f64::from(at) / f64::from(WHOLE);
        pixels((share(x), share(y)))
    };
    let go_to = move |(x, y): (f64, f64)| {
        let whole = |share: f64| (share.clamp(0.0, 1.0) * f64::from(WHOLE)) as u32;
        brush.at.set((whole(x), whole(y)));
    };
    // The place where a stroke under way has come to.
    let last: Rc<Cell<Option<(f64, f64)>>> = Rc::default();
    let dash = move |last: &Cell<Option<(f64, f64)>>, to: (f64, f64)| {
        let from = last.replace(Some(to));
        let across = Brush::across(brush.size.now(), longest);
        let dash = Dash { from: from.unwrap_or(to), to, across, erases: brush.erases.now() };
        masking::dash(from.is_none(), dash);
    };
    let (down, moved, key) = (last.clone(), last.clone(), last.clone());
    let picture = el("div", "mask-sheet")
        .set("id", masking::SHEET_ID)
        .set("tabindex", "0")
        .set("role", "application")
        .set("aria-describedby", "mask-keys")
        .attr("aria-label", brush.says(MaskText::Mask))
        .style("aspect-ratio", move || Some(format!("{width} / {height}")))
        .style("inline-size", move || {
            Some(format!("min(100cqw, calc(100cqh * {width} / {height}))"))
        })
        .on("pointerdown", move |event| {
            if event.number("button") > 0.0 || !event.is("isPrimary") {
                return;
            }
            event.capture();
            for at in event.path() {
                go_to(at);
                dash(&down, pixels(at));
            }
        })
        .on("pointermove", move |event| {
            for at in event.path() {
                go_to(at);
                if moved.get().is_some() {
                    dash(&moved, pixels(at));
                }
            }
        })
        .on("keydown", move |event| {
            let pressed = event.key();
            let (x, y) = brush.at.now();
            let step = Brush::across(brush.size.now(), longest) / 2.0;
            let steps = |side: u32| ((step / f64::from(side) * f64::from(WHOLE)) as u32).max(1);
            let (right, down) = (steps(width), steps(height));
            let to = match pressed.as_str() {
                "ArrowLeft" => (x.saturating_sub(right), y),
                "ArrowRight" => ((x + right).min(WHOLE), y),
                "ArrowUp" => (x, y.saturating_sub(down)),
                "ArrowDown" => (x, (y + down).min(WHOLE)),
                " " => (x, y),
                "z" if event.is("ctrlKey") || event.is("metaKey") => {
                    event.prevent();
                    return masking::undo();
                }
                _ => return,
            };
            event.prevent();
            brush.at.set(to);
            // While it is held down the arrows draw on.
            if pressed == " " && !event.is("repeat") || key.get().is_some() {
                dash(&key, place(to));
            }
        });
    let ends = ["pointerup", "pointercancel", "lostpointercapture", "keyup", "blur"];
    let picture = ends.iter().fold(picture, |picture, name| {
        let last = last.clone();
        picture.on(name, move |event| {
            // Other keys are let go while that one is still held.
            if matches!(event.key().as_str(), "" | " ") {
                last.set(None);
            }
        })
    });
    picture.put_all(layers).put(ring(brush, longest, width))
}

/// The brush.
fn ring(brush: Brush, longest: u32, width: u32) -> El {
    let percent = |hundredths: u32| Some(format!("calc({hundredths} * 0.01%)"));
    el("span", "mask-ring")
        .style("left", move || percent(brush.at.get().0))
        .style("top", move || percent(brush.at.get().1))
        .style("inline-size", move || {
            let across = Brush::across(brush.size.get(), longest) / f64::from(width);
            percent((across * f64::from(WHOLE)) as u32)
        })
}

fn tools(brush: Brush) -> El {
    let stop = || masking::phase().with(|phase| !can_paint(*phase));
    let size = el("input", "mask-size")
        .set("type", "range")
        .set("min", "1")
        .set("max", &SIZE_MAX.to_string())
        .value(move || brush.size.get().to_string())
        .on("input", move |event| {
            brush.size.set(event.value().parse().unwrap_or(SIZE).clamp(1, SIZE_MAX));
        });
    let modes = el("div", "choices").put(mode(brush, MaskText::Paint, false)).put(mode(
        brush,
        MaskText::Erase,
        true,
    ));
    let step = |word, act: fn()| bare(act).set("data-kind", "quiet").says(brush.says(word));
    let undo = step(MaskText::Undo, masking::undo)
        .flag("disabled", move || stop() || masking::steps().get() == 0);
    let steps = el("div", "mask-steps")
        .put(undo)
        .put(step(MaskText::Invert, masking::invert).flag("disabled", stop))
        .put(step(MaskText::Clear, masking::clear).flag("disabled", stop));
    el("div", "mask-tools")
        .put(modes)
        .put(el("label", "mask-brush").says(brush.says(MaskText::Brush)).put(size))
        .put(steps)
}

fn can_paint(phase: Phase) -> bool {
    match phase {
        Phase::Painting | Phase::Stuck(Unpaintable::NotKept) => true,
        Phase::Opening
        | Phase::Saving
        | Phase::Stuck(Unpaintable::TooLarge | Unpaintable::NotDrawn) => false,
    }
}

fn mode(brush: Brush, word: MaskText, erases: bool) -> El {
    let input = el("input", "")
        .set("type", "radio")
        .set("name", "mask-mode")
        .flag("checked", move || brush.erases.get() == erases)
        .on("change", move |_| brush.erases.set(erases));
    el("label", "choice").put(input).put(el("span", "").says(brush.says(word)))
}

/// *Done*; or, where somebody leaves with something changed, what to do with it.
fn foot(easel: Easel, brush: Brush) -> El {
    el("div", "mask-foot").keyed(
        || usize::from(masking::leaving().get()),
        move |leaving| {
            if leaving == 0 {
                let done = bare(move || masking::done(easel))
                    .set("data-kind", "primary")
                    .flag("disabled", || masking::phase().with(|phase| !can_paint(*phase)))
                    .put(icon("#check"))
                    .says(brush.says(MaskText::Done));
                return vec![done];
            }
            let question = el("p", "mask-question")
                .set("role", "alert")
                .says(brush.says(MaskText::DiscardChanges));
            let stay =
                bare(|| masking::leaving().set(false)).says(brush.says(MaskText::KeepPainting));
            let discard = bare(masking::leave)
                .set("data-kind", "primary")
                .says(brush.says(MaskText::Discard));
            vec![question, stay, discard]
        },
    )
}
