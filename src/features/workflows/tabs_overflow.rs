//! What follows the tabs: the menu of all of them, once there are many or one that was
//! opened. Its bundle is loaded then. Invariant: the selected tab is in view.

use leptos::ev;
use leptos::prelude::*;

use crate::app::{Page, Part, Sheet};
use crate::browser;
use crate::components::follow;
use crate::features::workflows::tabs;
use crate::runtime::provided::Provided;

/// From so many tabs on, all of them are in a menu, too.
const MANY: usize = 4;

/// Returns the menu.
type MakeMenu = fn() -> AnyView;

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    menu: Provided<MakeMenu>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Shows the menu, which `menu` makes, whenever there is use for it.
pub fn show_menu(menu: MakeMenu) {
    state().menu.set(menu);
}

#[component]
pub fn TabsOverflow() -> impl IntoView {
    let page = expect_context::<Page>();
    follow(move || {
        let _changed = (page.tab.get(), tabs::open(page), page.language.get());
        request_animation_frame(move || show_tab(page));
    });
    let resized = window_event_listener(ev::resize, move |_| show_tab(page));
    on_cleanup(move || resized.remove());
    let is_shown = Memo::new(move |_| {
        let open = tabs::open(page);
        let is_own = |at: &usize| page.sheets.with(|all| all.get(*at).is_some_and(is_opened));
        open.len() >= MANY || open.iter().any(is_own)
    });
    follow(move || {
        if is_shown.get() {
            state().menu.request(page, Part::Tabs);
        }
    });
    move || is_shown.get().then(|| state().menu.get().map(|menu| menu())).into_any()
}

fn is_opened(sheet: &Sheet) -> bool {
    sheet.is_opened
}

/// Scrolls the tabs, and nothing else, until the selected one is seen.
fn show_tab(page: Page) {
    let Some(tab) = browser::element(&tabs::id(page.tab.get_untracked())) else { return };
    let Some(list) = tab.offset_parent() else { return };
    let (from, to) = (tab.offset_left(), tab.offset_left() + tab.offset_width());
    let (seen, width) = (list.scroll_left(), list.client_width());
    if from < seen {
        list.set_scroll_left(from);
    } else if to > seen + width {
        list.set_scroll_left(to - width);
    }
}
