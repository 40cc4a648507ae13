//! Tables of workflows with files that are needed or not.

use super::*;
use crate::form::{Given, PictureRef, derive};
use pilotlight_comfy::language::Language;
use pilotlight_comfy::problem::Trouble;
use serde_json::{Value, json};

fn classes() -> Vec<Class> {
    let file = json!(["COMBO", {"image_upload": true}]);
    let image = json!(["IMAGE"]);
    Class::read_all(&json!({
        "LoadImage": {"input": {"required": {"image": file}}},
        "LoadSound": {"input": {"required": {"audio": ["COMBO", {"audio_upload": true}]}}},
        "Load": {"input": {"required": {"name": ["STRING"]}}},
        "Scale": {"input": {"required": {"image": image, "by": ["FLOAT"]}}},
        "Blend": {"input": {"required": {"one": image}, "optional": {"two": image, "sound": ["AUDIO"]}}},
        "Encode": {"input": {"required": {"image": image, "vae": ["VAE"]}}},
        "Many": {"input": {"required": {"images": ["COMFY_AUTOGROW_V3", {}]}}},
        "LoadAndShow": {"input": {"required": {"image": file}}, "output_node": true},
        "Save": {"input": {"required": {"image": image}}, "output_node": true},
        "Show": {"input": {"optional": {"image": image}}, "output_node": true},
    }))
}

fn form(nodes: &Value) -> Form {
    let workflow = Workflow::from_value(nodes.clone()).unwrap();
    derive(Given { workflow, classes: &classes(), author: None, app: None, name: "" })
}

/// What is sent with nothing chosen: the nodes with their inputs, or the fields that lack a file.
#[track_caller]
fn check(nodes: Value, expected: Result<Value, &[&str]>) {
    let form = form(&nodes);
    let drafts: Drafts = form
        .fields
        .iter()
        .filter(|field| field.widget.is_file())
        .map(|field| (field.key.clone(), Draft::Picture(None)))
        .collect();
    let sent = form.without_empty(&drafts, &classes()).check(&drafts, 0);
    let sent = sent.map(|ready| ready.workflow.to_value());
    let missing = sent.map_err(|problems| {
        let missing =
            |trouble: &Trouble| matches!(trouble, Trouble::PictureMissing | Trouble::FileMissing);
        assert!(problems.iter().all(|problem| missing(&problem.trouble)), "{problems:?}");
        problems.iter().map(|it| it.place.as_ref().unwrap().to_string()).collect::<Vec<_>>()
    });
    assert_eq!(missing, expected.map_err(|keys| keys.iter().map(|it| (*it).to_owned()).collect()));
    for field in form.fields.iter().filter(|field| field.widget.is_file()) {
        let is_missing = missing.as_ref().is_err_and(|all| all.contains(&field.key.to_string()));
        assert_eq!(form.may_be_empty(field, &classes()), !is_missing, "{}", field.key);
    }
}

fn node(class: &str, inputs: Value) -> Value {
    json!({"class_type": class, "inputs": inputs})
}

#[test]
fn an_optional_file_takes_its_branch_along() {
    let load = || node("LoadImage", json!({"image": "a.png"}));
    let make = || node("Load", json!({"name": "x"}));
    let save = || node("Save", json!({"image": ["8", 0]}));
    let blend = |two: Value| node("Blend", json!({"one": ["2", 0], "two": two}));
    let alone = node("Blend", json!({"one": ["2", 0]}));
    let left = json!({"2": make(), "8": alone, "9": save()});
    // Straight into an optional input.
    check(
        json!({"1": load(), "2": make(), "8": blend(json!(["1", 0])), "9": save()}),
        Ok(left.clone()),
    );
    // With nodes between that need it, and what only they use.
    check(
        json!({"1": load(), "2": make(), "3": node("Scale", json!({"image": ["1", 0], "by": 2.0})),
            "4": node("Encode", json!({"image": ["3", 0], "vae": ["5", 0]})), "5": make(),
            "8": blend(json!(["4", 0])), "9": save()}),
        Ok(left.clone()),
    );
    // What others use as well stays.
    check(
        json!({"1": load(), "2": make(), "4": node("Encode", json!({"image": ["1", 0], "vae": ["2", 0]})),
            "8": blend(json!(["4", 0])), "9": save()}),
        Ok(left.clone()),
    );
    // Two that meet in a node; a sound; a result that may be without a picture.
    check(
        json!({"1": load(), "2": make(), "3": load(),
            "4": node("Blend", json!({"one": ["1", 0], "two": ["3", 0]})),
            "8": blend(json!(["4", 0])), "9": save()}),
        Ok(left),
    );
    check(
        json!({"1": node("LoadSound", json!({"audio": null})), "2": make(),
            "8": node("Blend", json!({"one": ["2", 0], "sound": ["1", 0]})),
            "9": node("Show", json!({"image": ["8", 0]}))}),
        Ok(json!({"2": make(), "8": node("Blend", json!({"one": ["2", 0]})),
            "9": node("Show", json!({"image": ["8", 0]}))})),
    );
    check(
        json!({"1": load(), "9": node("Show", json!({"image": ["1", 0]}))}),
        Ok(json!({"9": node("Show", json!({}))})),
    );
}

#[test]
fn a_file_that_is_needed_stays_required() {
    let load = || node("LoadImage", json!({"image": "a.png"}));
    let blend = |one: Value, two: Value| node("Blend", json!({"one": one, "two": two}));
    let save = || node("Save", json!({"image": ["8", 0]}));
    let by_image: Result<Value, &[&str]> = Err(&["1.image"]);
    // A required input that leads to a result, near and far, and in one of two ways.
    check(json!({"1": load(), "9": node("Save", json!({"image": ["1", 0]}))}), by_image.clone());
    check(
        json!({"1": load(), "8": node("Scale", json!({"image": ["1", 0], "by": 2.0})), "9": save()}),
        by_image.clone(),
    );
    check(
        json!({"1": load(), "8": blend(json!(["1", 0]), json!(["1", 0])), "9": save()}),
        by_image.clone(),
    );
    // Nodes and inputs of which nothing is known, and lists of links.
    for fed in [
        node("Mystery", json!({"image": ["1", 0]})),
        node("Blend", json!({"other": ["1", 0]})),
        node("Many", json!({"images.image0": ["1", 0]})),
    ] {
        let nodes = json!({"1": load(), "8": fed, "9": save()});
        let form = form(&nodes);
        let field = form.fields.iter().find(|field| field.widget.is_file()).unwrap();
        assert!(!form.may_be_empty(field, &classes()), "{nodes}");
    }
    // A node that loads a file and shows it.
    check(
        json!({"1": node("LoadAndShow", json!({"image": "a.png"})),
            "9": node("Show", json!({"image": ["1", 0]}))}),
        by_image,
    );
    // Of two that meet, the one is needed and the other is not.
    check(
        json!({"1": load(), "2": load(), "8": blend(json!(["1", 0]), json!(["2", 0])), "9": save()}),
        Err(&["1.image"]),
    );
    // The author of a form may require it.
    let mut form = form(&json!({"1": load(), "9": node("Show", json!({"image": ["1", 0]}))}));
    form.fields[0].required = true;
    assert!(!form.may_be_empty(&form.fields[0], &classes()));
    let drafts = [(form.fields[0].key.clone(), Draft::Picture(None))].into_iter().collect();
    assert!(form.without_empty(&drafts, &classes()).check(&drafts, 0).is_err());
}

#[test]
fn a_file_that_is_chosen_or_kept_is_sent() {
    let nodes = json!({"1": node("LoadImage", json!({"image": "a.png"})),
        "9": node("Show", json!({"image": ["1", 0]}))});
    let form = form(&nodes);
    let untouched = form.drafts(Language::English);
    let ready = form.without_empty(&untouched, &classes()).check(&untouched, 0).unwrap();
    assert_eq!((ready.workflow.to_value(), ready.attachments.len()), (nodes, 0));
    let picture = PictureRef { name: "b.png".into(), size_bytes: 5, hash: "x".into() };
    let key = form.fields[0].key.clone();
    let chosen = [(key, Draft::Picture(Some(picture)))].into_iter().collect();
    let ready = form.without_empty(&chosen, &classes()).check(&chosen, 0).unwrap();
    assert_eq!(ready.attachments.len(), 1);
}
