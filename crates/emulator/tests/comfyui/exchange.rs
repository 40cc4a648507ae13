//! Requests that one server answers by itself.

use super::*;

/// Sends the recorded request to a server in the state it needs.
pub fn fresh(version: Version, recording: &Recording) {
    let name = recording.name.as_str();
    let mut client = stage(version, |p| {
        let headers = recording.headers();
        if let Some((_, origin)) = headers.iter().find(|(n, _)| n == "Access-Control-Allow-Origin")
        {
            (p.cors, p.cors_origin) = (true, origin.clone());
        }
        p.cors |= name.starts_with("cors_") || name.contains("limit_1MB");
        if name == "prompt_err_savetext_traversal" {
            p.output_order = OutputOrder::Ascending;
        }
        if name.contains("limit_1MB") || name == "prompt_get_body_too_large" {
            p.max_body_bytes = 1_048_576;
        }
    });
    let mut request = recording.request();
    match name {
        "prompt_get_while_running" => {
            drop(client.post("/prompt", &map([("prompt", t2i("[sleep=60]", 1))])))
        }
        "prompt_get_with_pending" => (0..5)
            .for_each(|i| drop(client.post("/prompt", &map([("prompt", t2i("[sleep=60]", i))])))),
        "view_cached_file_gone" => {
            run(&mut client, t2i("x", 1));
            assert!(client.world.delete_output("ComfyUI_00001_.png"));
            run(&mut client, t2i("x", 1));
        }
        "restart_view_output" => (0..14).for_each(|i| drop(run(&mut client, t2i("x", i)))),
        "upload_png_same_name_other_bytes" | "upload_png_overwrite_false" => {
            drop(client.ask(form("up.png", b"others", &[("overwrite", "true")])))
        }
        "prompt_body_too_large_limit_1MB"
        | "upload_too_large_limit_1MB"
        | "prompt_get_body_too_large" => request.body = vec![b' '; 1_100_000],
        "upload_too_large_default_100MiB" | "upload_too_large_150MiB" => {
            request.body = vec![b' '; 104_858_755]
        }
        "upload_just_fits_limit_1MB" => {
            let fits = form("fits.png", &vec![7; 1_046_000], &[]);
            (request.headers, request.body) = (fits.headers, fits.body);
        }
        _ if name.starts_with("view_") => prepare_view(&mut client, &mut request),
        _ => {}
    }
    let reply = client.ask(request);
    compare(recording, &reply);
}

/// Puts there what the view recordings look at, and the names and tags of this server.
fn prepare_view(client: &mut Client, request: &mut Request) {
    let id = run(client, t2i("a red fox", 1));
    let mut batch = t2i("three", 3);
    set_input(&mut batch, "2", "batch_size", Json::Int(3));
    set_input(&mut batch, "4", "filename_prefix", "sub/dir/batch %date% %width%".into());
    run(client, batch);
    let mut question = workflow("janus-image-understanding");
    set_input(&mut question, "5", "image", "example.png".into());
    set_input(&mut question, "7", "file", "janus/answer.txt".into());
    run(client, question);
    if request.query.contains("ComfyUI_temp_") {
        let history = json_of(&client.get(&format!("/api/history/{id}")));
        let outputs = at(&history, &[&id, "outputs", "5", "images"]).as_list().unwrap();
        request.query =
            format!("filename={}&subfolder=&type=temp", text(&outputs[0], &["filename"]));
    }
    let seen = client.get("/api/view?filename=ComfyUI_00001_.png");
    for (header, value) in &mut request.headers {
        match header.as_str() {
            "If-None-Match" => *value = seen.get_header("Etag").unwrap().to_owned(),
            "If-Modified-Since" => *value = seen.get_header("Last-Modified").unwrap().to_owned(),
            _ => {}
        }
    }
}

#[track_caller]
pub fn compare(recording: &Recording, reply: &Reply) {
    let name = &recording.name;
    let own = String::from_utf8_lossy(&reply.body).chars().take(2000).collect::<String>();
    assert_eq!(Some(reply.status), recording.status(), "{name}: {own}");
    compare_headers(recording, reply);
    if let Some(body) = recording.body_json() {
        let ours = json_of(reply);
        assert_shape(name, body, &ours);
        if reply.status == 400 {
            assert_eq!(errors(body), errors(&ours), "{name}: the errors differ");
        }
        if name.starts_with("object_info_") && name != "object_info_LoadImage" {
            assert_eq!(body.python(), ours.python(), "{name}: the description differs");
        }
    } else if let Some(body) = recording.body_text() {
        if !name.starts_with("view_savetext") {
            assert_eq!(own, body, "{name}");
        }
    } else if recording.status() != Some(200) || recording.header("Content-Type").is_none() {
        assert_eq!(reply.body.is_empty(), recording.status() != Some(206), "{name}: {own}");
    }
}

#[track_caller]
fn compare_headers(recording: &Recording, reply: &Reply) {
    let name = &recording.name;
    let ignored = [
        "date",
        "server",
        "connection",
        "content-length",
        "transfer-encoding",
        "content-range",
        "etag",
        "last-modified",
        "content-disposition",
    ];
    for (header, value) in recording
        .headers()
        .iter()
        .filter(|(n, _)| !ignored.contains(&n.to_ascii_lowercase().as_str()))
    {
        assert_eq!(reply.get_header(header), Some(value.as_str()), "{name}: {header}");
    }
    for (header, _) in
        reply.headers.iter().filter(|(n, _)| !ignored.contains(&n.to_ascii_lowercase().as_str()))
    {
        assert!(recording.header(header).is_some(), "{name}: {header} is too much");
    }
    for header in ["Etag", "Last-Modified", "Content-Range", "Content-Disposition"] {
        assert_eq!(
            reply.get_header(header).is_some(),
            recording.header(header).is_some(),
            "{name}: {header}"
        );
    }
    let attachment = |value: Option<&str>| value.is_some_and(|v| v.starts_with("attachment"));
    assert_eq!(
        attachment(reply.get_header("Content-Disposition")),
        attachment(recording.header("Content-Disposition").as_deref()),
        "{name}"
    );
}

/// The errors of a refusal, without tracebacks and order: node, type, message, details, what else.
fn errors(body: &Json) -> Vec<String> {
    let line = |node: &str, error: &Json| {
        let received =
            error.get("extra_info").and_then(|e| e.get("received_value")).map(Json::python);
        format!(
            "{node}: {} | {} | {} | {received:?}",
            text(error, &["type"]),
            text(error, &["message"]),
            text(error, &["details"])
        )
    };
    let mut found = vec![line("", at(body, &["error"]))];
    for (node, said) in at(body, &["node_errors"]).as_map().unwrap() {
        found
            .extend(at(said, &["errors"]).as_list().unwrap().iter().map(|error| line(node, error)));
        let mut dependent: Vec<_> =
            at(said, &["dependent_outputs"]).as_list().unwrap().iter().map(Json::python).collect();
        dependent.sort();
        found.push(format!("{node}: {} {dependent:?}", text(said, &["class_type"])));
    }
    found.sort();
    found
}
