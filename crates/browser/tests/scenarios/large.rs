//! A workflow of a thousand nodes: what is made of it at once, and what when somebody wants it.

use pilotlight_browser_tests::{Outcome, Page, Stage, Verdict, large};
use serde_json::{Value, json};

const NODES: usize = 1_000;
/// The first of them; many nodes have the same title.
const PROMPT: &str = "Prompt · CLIP Text Encode (Prompt) #4";

async fn drop_file(page: &Page, name: &str, file: &Value) -> Outcome {
    let give = "const bag = new DataTransfer(); const [name, text] = arguments;\
        bag.items.add(new File([text], name, {type: 'application/json'}));\
        document.body.dispatchEvent(\
        new DragEvent('drop', {dataTransfer: bag, bubbles: true, cancelable: true}))";
    page.js(give, &[json!(name), json!(file.to_string())]).await.map(drop)
}

/// Without pictures, which would have to be there before anything runs.
fn prompt() -> Value {
    let mut prompt = large::prompt(NODES, "without pictures");
    let nodes = prompt.as_object_mut().into_iter().flatten();
    for (_, node) in nodes.filter(|(_, node)| node["class_type"] == "LoadImage") {
        *node = json!({"class_type": "LoadImage", "inputs": {}});
    }
    prompt
}

async fn fields(page: &Page) -> Outcome<u64> {
    let body = "return pilotlightTest.labels().length";
    Ok(page.js(body, &[]).await?.as_u64().unwrap_or_default())
}

const UNFOLD: &str = "pilotlightTest.fold('Advanced').click()";
const ALL: &str = "return pilotlightTest.labels().length === 150";

#[test]
fn what_is_folded_away_is_made_when_it_is_unfolded() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        large::describe(page).await?;
        drop_file(page, "large.json", &large::prompt(NODES, "")).await?;
        page.find("tab", "large").await?;
        page.find("textbox", PROMPT).await?;
        let elements = "return pilotlightTest.parts('*', pilotlightTest.all('tabpanel')[0]).length";
        let elements = page.js(elements, &[]).await?.as_u64();
        assert!(elements.is_some_and(|count| count < 300), "{elements:?} elements");
        assert_eq!(fields(page).await?, 8);
        // The browser looks through what is folded away, and unfolds it when it finds something.
        let inside = "return pilotlightTest.fold('Advanced').nextElementSibling.textContent";
        let inside = page.js(inside, &[]).await?.to_string();
        assert!(inside.contains("picture 30 of a lighthouse"), "{inside}");
        page.js(UNFOLD, &[]).await?;
        page.until("all fields", ALL, &[]).await?;
        page.js(UNFOLD, &[]).await?;
        let front = "return pilotlightTest.labels().length === 8";
        page.until("the fields in front alone", front, &[]).await?;
        page.fill(PROMPT, "a lamp").await?;
        page.js(UNFOLD, &[]).await?;
        page.until("all fields", ALL, &[]).await?;
        assert_eq!(page.value(PROMPT).await?, "a lamp");
        Ok(())
    });
}

#[test]
fn a_refused_field_that_was_never_unfolded_gets_the_focus() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        large::describe(page).await?;
        drop_file(page, "large.json", &prompt()).await?;
        page.find("tab", "large").await?;
        page.js(UNFOLD, &[]).await?;
        page.until("all fields", ALL, &[]).await?;
        let name = "const advanced = pilotlightTest.fold('Advanced').parentElement;\
            const all = pilotlightTest.all('textbox', null, advanced);\
            const last = all.filter((one) => one.placeholder === 'random').pop(); last.value = 'none';\
            last.dispatchEvent(new InputEvent('input', {bubbles: true})); return last.id";
        let id = page.js(name, &[]).await?;
        scene.reload().await?;
        page.find("tab", "large").await?;
        assert_eq!(fields(page).await?, 8);
        page.click("button", "Run").await?;
        let focus = "return document.activeElement.id === arguments[0]\
            && pilotlightTest.fold('Advanced').parentElement.open";
        page.until("the focus at the refused seed", focus, &[id]).await?;
        assert_eq!(scene.emulator.taken().await?.len(), 0);
        Ok(())
    });
}

#[test]
fn both_formats_come_to_the_same_form() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        large::describe(page).await?;
        drop_file(page, "drawn.json", &large::editor(NODES, "")).await?;
        page.find("tab", "drawn").await?;
        page.fill(PROMPT, "something else").await?;
        drop_file(page, "prompt.json", &large::prompt(NODES, "")).await?;
        let filled =
            "return pilotlightTest.all('textbox', arguments[0])[0].value.includes('lighthouse')";
        page.until("its own words again", filled, &[json!(PROMPT)]).await?;
        assert_eq!(crate::common::tabs(page).await?, 3);
        Ok(())
    });
}

#[test]
fn its_form_is_edited_and_its_inputs_are_searched() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        large::describe(page).await?;
        drop_file(page, "large.json", &large::prompt(NODES, "")).await?;
        page.find("tab", "large").await?;
        page.js(UNFOLD, &[]).await?;
        page.click("button", "Edit form").await?;
        page.find("radio", "Fields 150").await?;
        let rows = "return pilotlightTest.inDialog('listitem').length === 150";
        page.until("a row for each field", rows, &[]).await?;
        page.click("radio", "All inputs").await?;
        page.fill("Search inputs", "checkpoint").await?;
        let listed = "return pilotlightTest.inDialog('checkbox').length === 50";
        page.until("the inputs that fit", listed, &[]).await?;
        Ok(())
    });
}
