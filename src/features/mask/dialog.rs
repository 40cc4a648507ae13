//! The dialog *Paint a mask*, usable with pointer and keys. Invariant: the brush is shown where it
//! would paint, and every step can be undone.

use super::pointer;
use crate::browser;
use crate::events;
use leptos::prelude::*;
use leptos::{ev, html};
use pilotlight_forms::form::Widget;
use pilotlight_i18n::present::{Unpaintable, unpaintable};
use pilotlight_i18n::text::{CommonText, FormText, MaskText};

use crate::app::{MaskTarget, Page, Part};
use crate::components::{Choice, Icon, IconButton, follow};
use crate::features::mask::painting;
use crate::features::mask::painting::{Dash, Phase};

/// The button of an image field that opens the dialog.
#[component]
pub fn PaintMask(target: MaskTarget) -> impl IntoView {
    let page = target.page;
    let field = target.sheet.field(&target.key)?;
    if field.widget != Widget::Picture {
        return None;
    }
    let MaskTarget { sheet, key, .. } = target.clone();
    let is_wanted = move || sheet.drafts.with(|all| sheet.form.uses_mask(&key, all));
    Some(view! {
        <button
            class="button"
            type="button"
            id=painting::button_id(&field.key)
            // In a row of its own, below the name of the image.
            style:flex="1 1 100%"
            style:margin="var(--s-1) var(--s-2) var(--s-2) 0"
            hidden=move || !is_wanted()
            on:click=move |_| page.open(Part::Mask(target.clone()))
        >
            {move || page.word(FormText::PaintMask)}
        </button>
    })
}

/// The brush; cheap to copy.
#[derive(Clone, Copy)]
struct Brush {
    page: Page,
    erases: RwSignal<bool>,
    /// The size, 1 to `SIZE_MAX`.
    size: RwSignal<u32>,
    /// The position, in hundredths of a percent of width and height.
    at: RwSignal<(u32, u32)>,
}

/// The style sheet of the dialog, added when it is opened.
const STYLE: &str = include_str!("mask.css");

const SIZE_MAX: u32 = 100;
const SIZE: u32 = 40;
const WHOLE: u32 = 10_000;

impl Brush {
    fn new(page: Page) -> Self {
        Self {
            page,
            erases: RwSignal::new(false),
            size: RwSignal::new(SIZE),
            at: RwSignal::new((WHOLE / 2, WHOLE / 2)),
        }
    }

    fn says(self, text: MaskText) -> impl Fn() -> &'static str + Copy + Send + 'static {
        move || self.page.word(text)
    }

    /// Returns the diameter in pixels of an image with this longer side; quadratic in `size`.
    fn across(size: u32, longest: u32) -> f64 {
        let share = f64::from(size) / f64::from(SIZE_MAX);
        (share * share * f64::from(longest) / 2.0).max(1.0)
    }

    /// Moves the brush to a position in fractions of width and height.
    fn go_to(self, (x, y): (f64, f64)) {
        let whole = |share: f64| (share.clamp(0.0, 1.0) * f64::from(WHOLE)) as u32;
        self.at.set((whole(x), whole(y)));
    }
}

/// The dialog. A press outside does not close it, because strokes often end there.
#[component]
pub fn Mask(target: MaskTarget) -> impl IntoView {
    browser::add_style(STYLE);
    let page = target.page;
    let brush = Brush::new(page);
    let is_opened = Memo::new(|_| painting::phase().with(|phase| *phase != Phase::Opening));
    let sheet = move || {
        let size = is_opened.get().then(painting::size).flatten();
        let sheet = size.map(|(width, height)| view! { <Sheet brush width height/> }.into_any());
        sheet.into_any()
    };
    let close = || {
        if painting::may_leave() {
            painting::leave();
        }
    };
    view! {
        <dialog
            class="dialog mask"
            aria-labelledby="mask-title"
            node_ref=painting::dialog()
            on:cancel=|event: ev::Event| {
                if !painting::may_leave() {
                    event.prevent_default();
                }
            }
            // The browser closes it on Escape, or by itself.
            on:close=|_| painting::leave()
        >
            <div class="dialog-head">
                <h2 class="dialog-title" id="mask-title">
                    {move || page.word(FormText::PaintMask)}
                </h2>
                <IconButton href="#close" name=CommonText::Close on_press=close/>
            </div>
            <div class="mask-stage">{sheet}</div>
            <Said/>
            <Tools brush/>
            <Foot target brush/>
        </dialog>
    }
}

/// The current phase, or an error.
#[component]
fn Said() -> impl IntoView {
    let page = expect_context::<Page>();
    let state = || {
        let is_stuck = painting::phase().with(|phase| matches!(phase, Phase::Stuck(_)));
        is_stuck.then_some("error")
    };
    let said = move || match painting::phase().get() {
        Phase::Opening => page.word(MaskText::Opening).to_owned(),
        Phase::Painting => page.word(MaskText::Hint).to_owned(),
        Phase::Saving => page.word(MaskText::Saving).to_owned(),
        Phase::Stuck(why) => unpaintable(why, page.language.get()),
    };
    view! {
        <div class="mask-said">
            <p role="status" data-state=state>
                {said}
            </p>
            <p class="mask-keys" id="mask-keys">
                {move || page.word(MaskText::Keys)}
            </p>
        </div>
    }
}

/// The image with the mask over it, as large as possible.
#[component]
fn Sheet(
    brush: Brush,
    /// In pixels of the image.
    width: u32,
    /// In pixels of the image.
    height: u32,
) -> impl IntoView {
    let sheet = NodeRef::<html::Div>::new();
    follow(move || {
        if let Some(sheet) = sheet.get() {
            painting::lay_into(&sheet);
        }
    });
    let stroke = Stroke { brush, width, height, last: StoredValue::new(None) };
    let end = move || stroke.last.set_value(None);
    view! {
        <div
            class="mask-sheet"
            id=painting::SHEET_ID
            tabindex="0"
            role="application"
            aria-describedby="mask-keys"
            aria-label=brush.says(MaskText::Mask)
            style:aspect-ratio=format!("{width} / {height}")
            style:inline-size=format!("min(100cqw, calc(100cqh * {width} / {height}))")
            node_ref=sheet
            on:pointerdown=move |event| stroke.pressed(&event)
            on:pointermove=move |event| stroke.moved(&event)
            on:pointerup=move |_| end()
            on:pointercancel=move |_| end()
            on:lostpointercapture=move |_| end()
            on:keydown=move |event| stroke.key_pressed(&event)
            on:keyup=move |event| {
                // Only Space ends the stroke; arrow keys may be released while it is held.
                if matches!(event.key().as_str(), "" | " ") {
                    end();
                }
            }
            on:blur=move |_| end()
        >
            <Ring brush longest=width.max(height) width/>
        </div>
    }
}

/// A stroke on an image of this size; cheap to copy.
#[derive(Clone, Copy)]
struct Stroke {
    brush: Brush,
    width: u32,
    height: u32,
    /// The end of the current stroke, in pixels of the image.
    last: StoredValue<Option<(f64, f64)>>,
}

impl Stroke {
    fn across(self) -> f64 {
        Brush::across(self.brush.size.get_untracked(), self.width.max(self.height))
    }

    /// Continues the stroke to a position in fractions of width and height, or starts one there.
    fn draw(self, (x, y): (f64, f64)) {
        let to = (x * f64::from(self.width), y * f64::from(self.height));
        let from = self.last.get_value();
        self.last.set_value(Some(to));
        let (across, erases) = (self.across(), self.brush.erases.get_untracked());
        painting::dash(from.is_none(), Dash { from: from.unwrap_or(to), to, across, erases });
    }

    fn is_under_way(self) -> bool {
        self.last.with_value(Option::is_some)
    }

    fn pressed(self, event: &ev::PointerEvent) {
        if event.button() > 0 || !event.is_primary() {
            return;
        }
        pointer::capture(event);
        for at in pointer::path(event) {
            self.brush.go_to(at);
            self.draw(at);
        }
    }

    fn moved(self, event: &ev::PointerEvent) {
        for at in pointer::path(event) {
            self.brush.go_to(at);
            if self.is_under_way() {
                self.draw(at);
            }
        }
    }

    fn key_pressed(self, event: &ev::KeyboardEvent) {
        let pressed = event.key();
        let (x, y) = self.brush.at.get_untracked();
        let step = self.across() / 2.0;
        let steps = |side: u32| ((step / f64::from(side) * f64::from(WHOLE)) as u32).max(1);
        let (right, down) = (steps(self.width), steps(self.height));
        let to = match pressed.as_str() {
            "ArrowLeft" => (x.saturating_sub(right), y),
            "ArrowRight" => ((x + right).min(WHOLE), y),
            "ArrowUp" => (x, y.saturating_sub(down)),
            "ArrowDown" => (x, (y + down).min(WHOLE)),
            " " => (x, y),
            "z" if events::has_command_key(event) => {
                event.prevent_default();
                return painting::undo();
            }
            _ => return,
        };
        event.prevent_default();
        self.brush.at.set(to);
        // While Space is held, the arrow keys continue the stroke.
        if pressed == " " && !event.repeat() || self.is_under_way() {
            let share = |at: u32| f64::from(at) / f64::from(WHOLE);
            self.draw((share(to.0), share(to.1)));
        }
    }
}

/// The circle that shows the brush.
#[component]
fn Ring(
    brush: Brush,
    /// The longer side of the image, in its pixels.
    longest: u32,
    /// The width of the image, in its pixels.
    width: u32,
) -> impl IntoView {
    let percent = |hundredths: u32| format!("calc({hundredths} * 0.01%)");
    let across = move || {
        let across = Brush::across(brush.size.get(), longest) / f64::from(width);
        percent((across * f64::from(WHOLE)) as u32)
    };
    view! {
        <span
            class="mask-ring"
            style:left=move || percent(brush.at.get().0)
            style:top=move || percent(brush.at.get().1)
            style:inline-size=across
        ></span>
    }
}

#[component]
fn Tools(brush: Brush) -> impl IntoView {
    let cannot_undo = Signal::derive(|| !can_paint() || painting::steps().get() == 0);
    let cannot_paint = Signal::derive(|| !can_paint());
    let resize = move |size: String| {
        brush.size.set(size.parse().unwrap_or(SIZE).clamp(1, SIZE_MAX));
    };
    view! {
        <div class="mask-tools">
            <div class="choices">
                <Mode brush text=MaskText::Paint erases=false/>
                <Mode brush text=MaskText::Erase erases=true/>
            </div>
            <label class="mask-brush">
                {brush.says(MaskText::Brush)}
                <input
                    class="mask-size"
                    type="range"
                    min="1"
                    max=SIZE_MAX.to_string()
                    prop:value=move || brush.size.get().to_string()
                    on:input:target=move |event| resize(event.target().value())
                />
            </label>
            <div class="mask-steps">
                <Step brush text=MaskText::Undo is_disabled=cannot_undo on_press=painting::undo/>
                <Step
                    brush
                    text=MaskText::Invert
                    is_disabled=cannot_paint
                    on_press=painting::invert
                />
                <Step brush text=MaskText::Clear is_disabled=cannot_paint on_press=painting::clear/>
            </div>
        </div>
    }
}

fn can_paint() -> bool {
    match painting::phase().get() {
        Phase::Painting | Phase::Stuck(Unpaintable::NotKept) => true,
        Phase::Opening
        | Phase::Saving
        | Phase::Stuck(Unpaintable::TooLarge | Unpaintable::NotDrawn) => false,
    }
}

/// The choice of painting or erasing.
#[component]
fn Mode(brush: Brush, text: MaskText, erases: bool) -> impl IntoView {
    view! {
        <Choice
            name="mask-mode"
            is_chosen=Signal::derive(move || brush.erases.get() == erases)
            on_choose=move || brush.erases.set(erases)
        >
            <span>{brush.says(text)}</span>
        </Choice>
    }
}

/// A button that changes the whole mask.
#[component]
fn Step(brush: Brush, text: MaskText, is_disabled: Signal<bool>, on_press: fn()) -> impl IntoView {
    view! {
        <button
            class="button"
            type="button"
            data-kind="quiet"
            disabled=move || is_disabled.get()
            on:click=move |_| on_press()
        >
            {brush.says(text)}
        </button>
    }
}

/// The button *Done*; or the question whether to discard changes.
#[component]
fn Foot(target: MaskTarget, brush: Brush) -> impl IntoView {
    let is_leaving = Memo::new(|_| painting::leaving().get());
    let foot = move || match is_leaving.get() {
        false => view! {
            <button
                class="button"
                type="button"
                data-kind="primary"
                disabled=|| !can_paint()
                on:click={
                    let target = target.clone();
                    move |_| painting::done(target.clone())
                }
            >
                <Icon href="#check"/>
                {brush.says(MaskText::Done)}
            </button>
        }
        .into_any(),
        true => view! {
            <p class="mask-question" role="alert">
                {brush.says(MaskText::DiscardChanges)}
            </p>
            <button class="button" type="button" on:click=|_| painting::leaving().set(false)>
                {brush.says(MaskText::KeepPainting)}
            </button>
            <button
                class="button"
                type="button"
                data-kind="primary"
                on:click=|_| painting::leave()
            >
                {brush.says(MaskText::Discard)}
            </button>
        }
        .into_any(),
    };
    view! { <div class="mask-foot">{foot}</div> }
}
