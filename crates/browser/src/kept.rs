//! Results put into a browser's database, as many as are wanted, for what is played and measured
//! with more of them than a server would bring.
//!
//! Invariant: they are as the page itself writes them, and the same each time.

use serde_json::{Value, json};

use crate::page::Page;
use crate::stage::Scene;
use crate::trouble::{Outcome, Trouble};

/// The form of the first tab; of every fifth result the form is gone.
const FORM: &str = "janus-text-to-image";
/// When the first of them was asked for: 2026-11-01 UTC.
const FIRST_MS: u64 = 1_793_491_200_000;

/// Writes `arguments[0]` results, one run each: pictures of eight kinds, each a file of its own
/// size; of every tenth an answer, of every fiftieth a sound. Number 1 is the oldest.
const WRITE: &str = "const [count, form, first] = arguments;\
    const animals = ['tiger', 'fox', 'owl', 'whale', 'crane', 'panda', 'lynx', 'heron'];\
    const pad = (number, length) => String(number).padStart(length, '0');\
    const draw = async (kind) => {\
        const canvas = new OffscreenCanvas(384, 384);\
        const context = canvas.getContext('2d');\
        context.fillStyle = `hsl(${kind * 45} 60% 45%)`;\
        context.fillRect(0, 0, 384, 384);\
        for (let n = 0; n < 400; n += 1) {\
            context.fillStyle = `hsl(${kind * 45 + n % 60} ${40 + n % 40}% ${30 + n % 50}%)`;\
            context.beginPath();\
            context.arc((n * 73 + kind * 31) % 384, (n * 131) % 384, 4 + n % 23, 0, 7);\
            context.fill();\
        }\
        return canvas.convertToBlob({ type: 'image/png' });\
    };\
    const pictures = await Promise.all(animals.map((_, kind) => draw(kind)));\
    const database = await new Promise((then, otherwise) => {\
        const open = indexedDB.open('pilotlight');\
        open.onsuccess = () => then(open.result);\
        open.onerror = otherwise;\
    });\
    for (let from = 1; from <= count; from += 500) {\
        const writing = database.transaction(['rows', 'runs', 'files'], 'readwrite');\
        const done = new Promise((then, otherwise) => {\
            writing.oncomplete = then; writing.onabort = otherwise;\
        });\
        for (let n = from; n <= count && n < from + 500; n += 1) {\
            const id = `00000000-0000-4000-8000-${pad(n, 12)}`;\
            const at = first + n * 60000;\
            const key = `${pad(at, 14)} ${id} 0000`;\
            const own = n % 5 === 0 ? 'retired' : form;\
            const prompt = `a ${animals[n % 8]} in the rain, number ${n}`;\
            const seed = 1000 + n;\
            let piece = null;\
            if (n % 50 === 7) piece = { at: 0, file: `tone_${n}.wav`, media: 'audio' };\
            else if (n % 10 === 3) piece = { text: `An answer about number ${n}. 雨中的动物。` };\
            else piece = { at: 0, file: `ComfyUI_${pad(n, 5)}_.png`, media: 'image' };\
            if (piece.file) {\
                const tail = new Uint8Array([n & 255, n >> 8 & 255, n >> 16]);\
                const type = piece.media === 'audio' ? 'audio/wav' : 'image/png';\
                const blob = new Blob([pictures[n % 8], tail], { type });\
                piece.size_bytes = blob.size;\
                piece.is_preview = false;\
                writing.objectStore('files').put(blob, `${id} 0000`);\
            }\
            writing.objectStore('rows').put(JSON.stringify({\
                v: 1, key, run: id, number: n, at, form: own, prompt, seed, ran_ms: 4000 + n,\
                group: null, pictures: [], piece, is_starred: n % 100 === 0, is_pinned: false,\
            }), key);\
            writing.objectStore('runs').put(JSON.stringify({\
                v: 1, id, number: n, endpoint: '/openai serverless-comfyui', form: own,\
                workflow_title: own === form ? 'Text to image' : 'Retired workflow',\
                title: prompt,\
                drafts: { v: 1, fields: { '2.prompt': { text: prompt }, '2.seed': { text: '' },\
                    '2.cfg_weight': { text: '5' } } },\
                workflow: {\
                    '1': { inputs: { model_name: 'deepseek-ai/Janus-Pro-7B' },\
                        class_type: 'JanusModelLoader' },\
                    '2': { inputs: { prompt, seed, batch_size: 1, cfg_weight: 5 + n % 2,\
                        temperature: 1, top_p: 0.95, model: ['1', 0], processor: ['1', 1] },\
                        class_type: 'JanusImageGeneration', _meta: { title: 'Janus Image Generation' } },\
                    '4': { inputs: { filename_prefix: 'ComfyUI', images: ['2', 0] },\
                        class_type: 'SaveImage' },\
                },\
                pressed: at, ended: at + 9000, waking_ms: n % 3 ? null : 72000, in_line_ms: 400,\
                running_ms: 4000 + n, server: '0.33.0', failure: null,\
            }), id);\
        }\
        await done;\
    }\
    database.close();\
    return true;";

/// Everything that the stores hold, as texts that can be compared; bytes by their sum.
const SNAPSHOT: &str = "const database = await new Promise((then) => {\
        const open = indexedDB.open('pilotlight');\
        open.onsuccess = () => then(open.result);\
    });\
    const all = async (store) => {\
        const from = database.transaction(store).objectStore(store);\
        const wait = (request) => new Promise((then) => {\
            request.onsuccess = () => then(request.result);\
        });\
        const [keys, values] = await Promise.all([wait(from.getAllKeys()), wait(from.getAll())]);\
        const text = async (value) => {\
            if (!(value instanceof Blob)) return value;\
            const bytes = await crypto.subtle.digest('SHA-256', await value.arrayBuffer());\
            return value.type + ' ' + [...new Uint8Array(bytes)].join(' ');\
        };\
        const texts = await Promise.all(values.map(text));\
        return keys.map((key, at) => [key, texts[at]]);\
    };\
    const found = { rows: await all('rows'), runs: await all('runs'), files: await all('files'),\
        pictures: await all('pictures') };\
    database.close();\
    return found;";

/// Opens the page with so many results from before.
pub async fn open(scene: &Scene, count: usize) -> Outcome {
    scene.open().await?;
    let page = &scene.page;
    page.until_awake().await?;
    keep(page, count).await?;
    scene.reload().await
}

/// Puts results into the browser of a page that was opened before.
pub async fn keep(page: &Page, count: usize) -> Outcome {
    let args = [json!(count), json!(FORM), json!(FIRST_MS)];
    let done = page.js(&awaited(WRITE), &args).await?;
    if done == json!(true) { Ok(()) } else { Err(Trouble::new(format!("not kept: {done}"))) }
}

/// What the browser keeps, store by store.
pub async fn snapshot(page: &Page) -> Outcome<Value> {
    page.js(&awaited(SNAPSHOT), &[]).await
}

/// A body that may wait.
fn awaited(body: &str) -> String {
    format!("return (async function () {{ {body} }}).apply(null, arguments)")
}
