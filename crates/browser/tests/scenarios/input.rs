//! What people put into the form that cannot be used.

use pilotlight_browser_tests::{Stage, Verdict};

use crate::common::{another_press, press_run, requests, sole_run};

/// What the control of an empty field for images is called.
const EMPTY: &str = "Image Choose an image or drop or paste it here";

#[test]
fn a_file_that_is_no_picture_is_refused_by_name() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.click("tab", "Image to text").await?;
        let text = scene.file("notes.txt", b"no picture")?;
        page.choose_file("Image", &text).await?;
        page.see("“notes.txt” isn’t an image").await?;
        // One that only says it is one.
        let fake = scene.file("fake.png", b"no picture either")?;
        page.choose_file("Image", &fake).await?;
        page.see("Your browser can’t read “fake.png” as an image").await?;
        page.choose_file("Image", &scene.picture()).await?;
        page.find("button", "Replace").await?;
        page.until_none("alert").await?;
        page.click("button", "Remove image").await?;
        page.find("button", EMPTY).await?;
        assert_eq!(requests(scene, "").await?, 0);
        Ok(())
    });
}

#[test]
fn a_run_without_its_picture_is_stopped_at_the_field() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.click("tab", "Image to text").await?;
        page.click("button", "Run").await?;
        page.see("Choose an image first.").await?;
        let focus = "return document.activeElement.closest('[data-widget=picture]') !== null";
        page.until("the focus at the picture", focus, &[]).await?;
        assert_eq!(requests(scene, "").await?, 0);
        Ok(())
    });
}

#[test]
fn a_prompt_of_more_than_100_kb_is_stopped_at_the_field() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, &"a tiger ".repeat(13_000)).await?;
        page.see("Too long: 100 kB at most.").await?;
        // The focus comes a frame later, and a frame with so long a text takes its time.
        let focus = "return document.activeElement.matches('textarea')";
        page.until("the focus at the field", focus, &[]).await?;
        assert_eq!(page.focused().await?, "textbox Prompt");
        assert_eq!(page.phase(1).await?, "");
        assert_eq!(requests(scene, "").await?, 0);
        Ok(())
    });
}

#[test]
fn a_prompt_of_almost_100_kb_runs() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        press_run(&scene.page, &"老虎 ".repeat(14_000)).await?;
        scene.page.until_phase(1, "done").await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn control_characters_are_warned_of_and_left_out() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Prompt", "a \u{7}tiger\u{1b}").await?;
        page.see("Control characters are removed.").await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn numbers_that_cannot_be_are_stopped_at_the_field() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        for (typed, said) in [
            ("99", "Maximum 16."),
            ("0", "Minimum 1."),
            ("two", "Enter a number."),
            ("1.5", "Enter a whole number."),
        ] {
            page.fill("Images", typed).await?;
            page.press("Enter").await?;
            page.see(said).await?;
            assert_eq!(page.focused().await?, "textbox Images");
            another_press(page).await?;
        }
        assert_eq!(requests(scene, "").await?, 0);
        Ok(())
    });
}

#[test]
fn a_seed_beyond_2_to_the_53_gets_a_warning() {
    Stage::new("big-seed").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Seed", "9007199254740993").await?;
        page.see("Seeds this large get rounded on the way").await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        // What the server really ran with.
        page.see("seed 9007199254740992").await?;
        Ok(())
    });
}

#[test]
fn an_upload_that_is_too_large_for_the_gateway_ends_in_words() {
    Stage::new("upload-too-large").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.click("tab", "Image to text").await?;
        // Noise that no packing makes small.
        let draw = "const canvas = document.createElement('canvas');\
            canvas.width = canvas.height = 256; const context = canvas.getContext('2d');\
            const data = context.createImageData(256, 256);\
            for (let at = 0; at < data.data.length; at += 65536)\
            crypto.getRandomValues(data.data.subarray(at, at + 65536)); context.putImageData(data, 0, 0);\
            return new Promise((then) => canvas.toBlob((blob) => {\
            const bag = new DataTransfer(); bag.items.add(new File([blob], 'noise.png', {type: 'image/png'}));\
            const input = pilotlightTest.fileInput('Image'); input.files = bag.files;\
            input.dispatchEvent(new Event('change', {bubbles: true})); then(blob.size); }))";
        let size = page.js(draw, &[]).await?;
        assert!(size.as_u64() > Some(65_536), "{size}");
        page.find("button", "Replace").await?;
        page.fill("Question", "What is it?").await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "failed").await?;
        page.see("Too large to send").await?;
        page.see("The gateway rejected the size of your image.").await?;
        assert_eq!(scene.emulator.taken().await?.len(), 0);
        page.click("button", "Shrink the image and run").await?;
        page.see("noise.png · 128 × 128").await?;
        page.until_phase(2, "done|failed").await?;
        // The next one is small enough.
        page.choose_file("Image", &scene.picture()).await?;
        page.see("flame-192.png · 192 × 192").await?;
        page.fill("Question", "What is it? [answer=A flame.]").await?;
        another_press(page).await?;
        page.click("button", "Run").await?;
        page.until_phase(3, "done").await?;
        Ok(())
    });
}

#[test]
fn a_picture_of_more_than_100_mb_is_refused_before_it_is_read() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.click("tab", "Image to text").await?;
        let huge = scene.file("huge.png", b"\x89PNG")?;
        // A file of holes: as long as it says, and nothing on the disk.
        std::fs::OpenOptions::new().write(true).open(&huge).unwrap().set_len(100_000_001).unwrap();
        page.choose_file("Image", &huge).await?;
        page.see("The image is too large: 100 MB at most.").await?;
        page.find("button", EMPTY).await?;
        Ok(())
    });
}

#[test]
fn a_picture_can_be_dropped_and_pasted() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.click("tab", "Image to text").await?;
        let give = |kind: &str| {
            format!(
                "return fetch('icons/flame-192.png').then((reply) => reply.blob()).then((blob) => {{\
                const bag = new DataTransfer();\
                bag.items.add(new File([blob], '{kind}.png', {{type: 'image/png'}}));\
                const event = '{kind}' === 'drop'\
                    ? new DragEvent('drop', {{dataTransfer: bag, bubbles: true, cancelable: true}})\
                    : new ClipboardEvent('paste', {{clipboardData: bag, bubbles: true, cancelable: true}});\
                document.body.dispatchEvent(event); return true; }})"
            )
        };
        page.js(&give("drop"), &[]).await?;
        page.see("drop.png").await?;
        page.js(&give("paste"), &[]).await?;
        page.see("paste.png").await?;
        let alerts = page.names("alert").await?;
        assert!(alerts.is_empty(), "{alerts:?}");
        Ok(())
    });
}
