//! Comparison of two images: overlaid or side by side, with the differing values.

use leptos::html::span;
use leptos::prelude::*;
use pilotlight_i18n::text::{CommonText, GalleryText};
use pilotlight_runs::results::{Difference, differences};

use crate::app::{Content, Page};
use crate::components::{FullScreenDialog, IconButton};
use crate::features::gallery::actions;
use crate::features::gallery::actions::Shown;

const HALF: u32 = 50;

#[component]
pub fn Compare() -> impl IntoView {
    let page = expect_context::<Page>();
    let is_divided = RwSignal::new(true);
    let other_way = move || match is_divided.get() {
        true => page.word(GalleryText::SideBySide),
        false => page.word(GalleryText::Overlay),
    };
    let parts = move || {
        let parts = actions::compared().get().map(|pair| {
            view! {
                <div class="compare-parts">
                    <Stage pair=pair.clone() is_divided/>
                    <Differences pair/>
                </div>
            }
            .into_any()
        });
        parts.into_any()
    };
    view! {
        <FullScreenDialog
            class="viewer compare"
            attr:aria-labelledby="compare-title"
            is_open=Signal::derive(|| actions::compared().with(Option::is_some))
            on_close=actions::end_comparing
        >
            <div class="viewer-head">
                <h2 class="compare-title" id="compare-title">
                    {move || page.word(GalleryText::CompareTitle)}
                </h2>
                <IconButton
                    href="#close"
                    name=CommonText::Close
                    on_press=actions::end_comparing
                />
                <button
                    class="button"
                    type="button"
                    data-kind="quiet"
                    on:click=move |_| is_divided.update(|is_divided| *is_divided = !*is_divided)
                >
                    {other_way}
                </button>
            </div>
            <div class="compare-body">{parts}</div>
        </FullScreenDialog>
    }
}

#[component]
fn Stage(
    pair: (Shown, Shown),
    /// Whether the images are overlaid, with a movable line between them.
    is_divided: RwSignal<bool>,
) -> impl IntoView {
    let page = expect_context::<Page>();
    // The position of the line, in percent of the width.
    let at = RwSignal::new(HALF);
    let digits = move || u64::from(at.get()).to_string();
    view! {
        <div
            class="compare-stage"
            data-divided=move || is_divided.get().then_some("true")
            style:--at=move || [&digits(), "%"].concat()
        >
            {picture(&pair.0)}
            {picture(&pair.1)}
            {span().class("compare-line")}
            <input
                class="compare-range"
                type="range"
                min="0"
                max="100"
                aria-label=move || page.word(GalleryText::Divider)
                hidden=move || !is_divided.get()
                prop:value=digits
                on:input:target=move |event| at.set(event.target().value().parse().unwrap_or(HALF))
            />
        </div>
    }
}

fn picture(shown: &Shown) -> impl IntoView + use<> {
    let url = match &shown.output.content {
        Content::File { url, .. } => url.clone(),
        Content::Gone | Content::Removed(_) | Content::Text { .. } => String::new(),
    };
    view! { <img class="compare-picture" alt=shown.output.row.prompt.clone() src=url/> }
}

/// The values that differ, and the seeds that were used.
#[component]
fn Differences(pair: (Shown, Shown)) -> impl IntoView {
    let page = expect_context::<Page>();
    let (one, other) = &pair;
    let mut rows: Vec<AnyView> = Vec::new();
    let seeds = [one, other].map(|shown| shown.output.row.seed.map(|seed| seed.to_string()));
    let mut has_seeds = false;
    if let (Some(first), Some(second)) = (&one.record, &other.record) {
        let found = differences(first, second);
        let of_seeds = |found: &Difference| [found.one.clone(), found.other.clone()] == seeds;
        has_seeds = found.iter().any(of_seeds);
        rows.extend(found.into_iter().map(row));
    }
    if seeds[0] != seeds[1] && !has_seeds {
        let [first, second] = seeds.map(Option::unwrap_or_default);
        let seed = view! {
            <tr>
                <th scope="row">{move || page.word(GalleryText::Seed)}</th>
                <td>{first}</td>
                <td>{second}</td>
            </tr>
        };
        rows.push(seed.into_any());
    }
    if rows.is_empty() {
        return view! {
            <p class="compare-same">{move || page.word(GalleryText::NoDifference)}</p>
        }
        .into_any();
    }
    view! {
        <div
            class="compare-table"
            tabindex="0"
            role="group"
            aria-label=move || page.word(GalleryText::Differences)
        >
            <table>
                <thead>
                    <tr>
                        <th>{move || page.word(GalleryText::Differences)}</th>
                        <th>{"1"}</th>
                        <th>{"2"}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(found: Difference) -> AnyView {
    let or_dash = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    view! {
        <tr>
            <th scope="row">{[&found.node, " · ", &found.input].concat()}</th>
            <td>{or_dash(found.one)}</td>
            <td>{or_dash(found.other)}</td>
        </tr>
    }
    .into_any()
}
