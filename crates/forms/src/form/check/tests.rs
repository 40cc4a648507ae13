//! Tables for checking drafts, and the two built-in workflows as they stand.

use super::*;
use crate::form::Package;
use pilotlight_comfy::language::Language;
use serde_json::json;

/// A form with one field of the widget that `description` asks for.
fn form(description: Value, value: Value) -> Form {
    let package = json!({
        "pilotlight": 1, "id": "a", "title": "A",
        "prompt": {"1": {"class_type": "A", "inputs": {"seed": value}}},
        "form": [{"node": "1", "input": "seed", "label": "X", "required": true}],
        "classes": {"A": {"input": {"required": {"seed": description}}}},
    });
    Package::from_value(&package).map(Package::form).expect("a package")
}

fn key() -> FieldKey {
    FieldKey::new("1", "seed")
}

fn typed(text: &str) -> Drafts {
    [(key(), Draft::Text(text.into()))].into_iter().collect()
}

/// What a run of the form would send for the typed text, with 2^53 + 6 drawn as its seed.
#[track_caller]
fn check(form: &Form, text: &str, expected: Result<Value, Trouble>) {
    let ready = form.check(&typed(text), (1 << 53) + 6);
    let sent = ready.map(|ready| ready.workflow.input(&key()).cloned().unwrap_or_default());
    assert_eq!(sent, expected.map_err(|trouble| vec![Problem::at(&key(), trouble)]), "{text}");
}

fn too_small(min: &str) -> Result<Value, Trouble> {
    Err(Trouble::TooSmall { min: min.into() })
}

fn too_large(max: &str) -> Result<Value, Trouble> {
    Err(Trouble::TooLarge { max: max.into() })
}

#[test]
fn whole_numbers() {
    let package = json!({
        "pilotlight": 1, "id": "a", "title": "A",
        "prompt": {"1": {"class_type": "A", "inputs": {"n": 4}}},
        "form": [{"node": "1", "input": "n", "label": "X"}],
        "classes": {"A": {"input": {"required": {"n": ["INT", {"min": -1, "max": 16}]}}}},
    });
    let form = Package::from_value(&package).map(Package::form).expect("a package");
    let key = FieldKey::new("1", "n");
    let table = [
        ("16", Ok(json!(16))),
        ("-1", Ok(json!(-1))),
        ("12", Ok(json!(12))),
        ("", Err(Trouble::Missing)),
        ("17", too_large("16")),
        ("99999999999999999999999999999999", too_large("16")),
        ("-2", too_small("-1")),
        ("1.5", Err(Trouble::NotWhole)),
        ("many", Err(Trouble::NotANumber)),
    ];
    for (text, expected) in table {
        let drafts = [(key.clone(), Draft::Text(text.into()))].into_iter().collect();
        let sent = form.check(&drafts, 0).map(|ready| ready.workflow.input(&key).cloned());
        let expected = expected.map(Some).map_err(|trouble| vec![Problem::at(&key, trouble)]);
        assert_eq!(sent, expected, "{text}");
    }
}

#[test]
fn decimal_numbers() {
    let form = form(json!(["FLOAT", {"min": 0.1, "max": 10, "step": 0.5}]), json!(1));
    check(&form, "5", Ok(json!(5)));
    check(&form, "5.0", Ok(json!(5.0)));
    check(&form, "0.33", Ok(json!(0.33)));
    check(&form, "0,5", Ok(json!(0.5)));
    check(&form, "", Err(Trouble::Missing));
    check(&form, "0", too_small("0.1"));
    check(&form, "10.5", too_large("10"));
    check(&form, "x", Err(Trouble::NotANumber));
}

#[test]
fn seeds() {
    let any = form(json!(["INT", {"min": 0, "max": u64::MAX}]), json!(7));
    check(&any, "", Ok(json!(6)));
    check(&any, " ", Ok(json!(6)));
    check(&any, "-1", Ok(json!(6)));
    check(&any, "42", Ok(json!(42)));
    check(&any, "18446744073709551615", Ok(json!(u64::MAX)));
    check(&any, "18446744073709551616", too_large("18446744073709551615"));
    check(&any, "-2", too_small("0"));
    check(&any, "x", Err(Trouble::NotANumber));
    let few = form(json!(["INT", {"min": 1, "max": 4}]), json!(1));
    check(&few, "", Ok(json!(3)));
    check(&few, "5", too_large("4"));
    let signed = form(json!(["INT", {"min": -5, "max": 5}]), json!(1));
    check(&signed, "-1", Ok(json!(-1)));
    let odd = form(json!(["INT", {"min": 5, "max": 1}]), json!(1));
    check(&odd, "", Ok(json!(6)));
}

#[test]
fn texts() {
    let long = form(json!(["STRING", {"multiline": true}]), json!("x"));
    check(&long, " a tiger\n", Ok(json!(" a tiger\n")));
    check(&long, "a\r\nb\tc\rd", Ok(json!("a\nb\tc\nd")));
    check(&long, "a\u{0}b\u{7f}", Ok(json!("ab")));
    check(&long, " \n", Err(Trouble::Missing));
    check(&long, "\u{0}", Err(Trouble::Missing));
    check(&long, &"猫".repeat(33_333), Ok(json!("猫".repeat(33_333))));
    let limit_bytes = MAX_TEXT_BYTES;
    check(&long, &"猫".repeat(33_334), Err(Trouble::TooLong { limit_bytes }));
    let short = form(json!(["STRING"]), json!("x"));
    check(&short, " a ", Ok(json!(" a ")));
    check(&short, " ", Err(Trouble::Missing));
}

#[test]
fn choices_and_what_cannot_be_edited() {
    let choice = form(json!([["a", 2, true]]), json!("a"));
    check(&choice, "a", Ok(json!("a")));
    check(&choice, "2", Ok(json!(2)));
    check(&choice, "true", Ok(json!(true)));
    check(&choice, "b", Err(Trouble::NotInList { value: "b".into() }));
    let fixed = form(json!(["*"]), json!({"__value__": [1]}));
    check(&fixed, "anything", Ok(json!({"__value__": [1]})));
    let switch = form(json!(["BOOLEAN"]), json!(true));
    check(&switch, "of another kind", Ok(json!(true)));
}

#[test]
fn pictures_are_attached_by_the_name_the_server_gives() {
    let form = form(json!([[], {"image_upload": true}]), json!("test.png"));
    let missing = vec![Problem::at(&key(), Trouble::PictureMissing)];
    assert_eq!(form.check(&Drafts::default(), 0), Err(missing));
    let picture = PictureRef { name: "a.png".into(), size_bytes: 5, hash: "x".into() };
    let chosen = Draft::Picture(Some(picture.clone()));
    let drafts = [(key(), chosen)].into_iter().collect();
    let mut ready = form.check(&drafts, 0).expect("nothing is wrong");
    assert_eq!(ready.attachments, [Attachment { key: key(), picture }]);
    ready.attach(&key(), "a (1).png");
    assert_eq!(ready.workflow.input(&key()), Some(&json!("a (1).png")));
}

#[test]
fn a_file_of_the_server_that_the_form_names_is_sent_unless_another_is_chosen() {
    let of = |upload: &str, default: Option<&str>| {
        let mut package = json!({
            "pilotlight": 1, "id": "a", "title": "A",
            "prompt": {"1": {"class_type": "A", "inputs": {"seed": " example (1).png "}}},
            "form": [{"node": "1", "input": "seed", "label": "X"}],
            "classes": {"A": {"input": {"required": {"seed": [["b.png"], {upload: true}]}}}},
        });
        if let Some(default) = default {
            package["form"][0]["default"] = default.into();
        }
        let package = Package::from_value(&package).expect("a package");
        let (form, classes) = package.parts();
        // It stands in the form's file as well.
        let again = Package::parse(&form.to_file(&classes)).map(Package::form);
        assert_eq!(again.as_ref(), Ok(&form));
        form
    };
    let table =
        ["image_upload", "video_upload", "audio_upload"].map(|it| (it, " example (1).png "));
    for (upload, name) in table {
        let form = of(upload, Some(name));
        let untouched = form.drafts(Language::English);
        let ready = form.check(&untouched, 0).expect("nothing is wrong");
        assert_eq!((&ready.workflow, ready.attachments.len()), (form.workflow(), 0), "{upload}");
        let picture = PictureRef { name: "a.png".into(), size_bytes: 5, hash: "x".into() };
        let chosen = [(key(), Draft::Picture(Some(picture)))].into_iter().collect();
        assert!(form.check(&chosen, 0).is_ok_and(|ready| ready.attachments.len() == 1));
        let removed = [(key(), Draft::Picture(None))].into_iter().collect();
        assert!(form.check(&removed, 0).is_err(), "{upload}");
        // A form that names none takes none.
        assert!(of(upload, None).check(&untouched, 0).is_err(), "{upload}");
    }
}

#[test]
fn warnings_hold_nothing_back() {
    let seed = form(json!(["INT"]), json!(7));
    let float = form(json!(["FLOAT"]), json!(7));
    let text = form(json!(["STRING"]), json!("x"));
    let changed = || vec![Warning::SeedChangesOverKubeai { place: key() }];
    let removed = || vec![Warning::ControlCharactersRemoved { place: key() }];
    let table = [
        (&seed, "9007199254740991", vec![]),
        (&seed, "9007199254740992", changed()),
        (&seed, "", vec![]),
        (&float, "9007199254740992", changed()),
        (&float, "0.5", vec![]),
        (&text, "a\r\nb", vec![]),
        (&text, "a\u{1b}b", removed()),
    ];
    for (form, text, expected) in table {
        assert_eq!(form.warnings(&typed(text)), expected, "{text}");
        assert!(form.check(&typed(text), 1).is_ok_and(|ready| ready.warnings == expected));
    }
    assert_eq!(Warning::place(&changed()[0]), &key());
}

#[test]
fn each_run_of_a_batch_has_its_own_seed() {
    let any = form(json!(["INT"]), json!(7));
    let few = form(json!(["INT", {"min": 1, "max": 3}]), json!(1));
    let table = [
        (&any, "5", 0, "5"),
        (&any, "5", 2, "7"),
        (&any, "18446744073709551615", 1, "0"),
        (&any, "", 2, ""),
        (&any, "-1", 2, "-1"),
        (&any, "x", 2, "x"),
        (&few, "2", 2, "1"),
        (&few, "9", 2, "9"),
    ];
    for (form, seed, n, expected) in table {
        assert_eq!(form.drafts_for_run(&typed(seed), n), typed(expected), "{seed} + {n}");
    }
}

#[track_caller]
fn check_title(text: &str, expected: &str) {
    let form = form(json!(["STRING", {"multiline": true}]), json!("x"));
    let title = form.check(&typed(text), 0).map(|ready| ready.title);
    assert_eq!(title.as_deref(), Ok(expected));
}

#[test]
fn a_run_is_named_by_its_first_words() {
    check_title(" a tiger\n in the  snow ", "a tiger in the snow");
    check_title(
        "one two three four five six seven eight nine ten",
        "one two three four five six seven eight…",
    );
    check_title("用中文详细描述一下这个图片", "用中文详细描述一下这个图片");
    check_title(&"猫".repeat(50), &format!("{}…", "猫".repeat(40)));
}

fn file(path: &str) -> String {
    let path = format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path} cannot be read: {error}"))
}

fn value(path: &str) -> Value {
    serde_json::from_str(&file(path)).expect("JSON")
}

fn built_in(name: &str) -> Form {
    let text = file(&format!("public/workflows/{name}.json"));
    let form = Package::parse(&text).map(Package::form).expect("a built-in workflow");
    assert_eq!(form.id, name);
    let guide: Value =
        serde_json::from_str(&pilotlight_fixtures::workflow(name)).expect("a workflow");
    assert_eq!(form.workflow().to_value(), guide, "word for word the guide's");
    let classes = value(&format!("public/workflows/{name}.json"))["classes"].take();
    for (class, entry) in classes.as_object().expect("classes") {
        let recorded =
            pilotlight_fixtures::recording("comfyui/0.33.0", &format!("object_info_{class}"));
        assert_eq!(recorded.value["response"]["body_json"][class], *entry, "as recorded");
    }
    form
}

/// One line per field: key, labels, widget, what it holds; advanced ones are indented.
fn summary(form: &Form, language: Language) -> Vec<String> {
    let line = |field: &Field| {
        let range = field.widget.range();
        let widget = field.widget.name();
        let bounds = [range.min, range.max, range.step].map(Option::unwrap_or_default);
        let holds = match field.default_in(language) {
            Draft::Text(text) => text,
            Draft::Switch(on) => on.to_string(),
            Draft::Picture(picture) => format!("{picture:?}"),
        };
        let fold = if field.advanced { "  " } else { "" };
        let label = field.label.get(language);
        format!("{fold}{} {label}: {widget} {} = {holds}", field.key, bounds.join("/"))
    };
    form.fields.iter().map(line).collect()
}

#[test]
fn the_built_in_forms_are_those_of_the_guide() {
    let form = built_in("janus-text-to-image");
    assert_eq!(
        summary(&form, Language::English),
        [
            "2.prompt Prompt: long text // = a tiger",
            "2.batch_size Images: int 1/16/ = 1",
            "2.seed Seed: seed 0/18446744073709551615/ = ",
            "  2.cfg_weight Guidance: float 1/10/0.5 = 5",
            "  2.temperature Temperature: float 0.1/2/0.1 = 1",
            "  2.top_p Top-p: float 0/1/ = 0.95",
        ]
    );
    let form = built_in("janus-image-understanding");
    assert_eq!(
        summary(&form, Language::Chinese),
        [
            "5.image 图片: picture // = None",
            "4.question 问题: long text // = 用中文详细描述一下这个图片",
            "  4.seed 随机种子: seed 0/18446744073709551615/ = ",
            "  4.temperature 温度: float 0/1/ = 0.1",
            "  4.top_p Top-p 采样: float 0/1/ = 1",
            "  4.max_new_tokens 最长回答: int 1/2048/ = 512",
        ]
    );
}

#[test]
fn an_untouched_form_sends_the_guides_prompt() {
    let form = built_in("janus-text-to-image");
    let ready = form.check(&form.drafts(Language::English), 820_488_455_847_715);
    let ready = ready.expect("nothing is wrong");
    assert_eq!(ready.workflow, *form.workflow());
    assert_eq!((ready.seed, ready.title.as_str()), (Some(820_488_455_847_715), "a tiger"));

    let form = built_in("janus-image-understanding");
    let mut drafts = form.drafts(Language::Chinese);
    let picture = PictureRef { name: "test.png".into(), size_bytes: 1, hash: String::new() };
    drafts.set(FieldKey::new("5", "image"), Draft::Picture(Some(picture)));
    let ready = form.check(&drafts, 8_880_086_473_644).expect("nothing is wrong");
    assert_eq!(ready.workflow, *form.workflow());
    assert_eq!(ready.attachments.len(), 1);
}

#[test]
fn every_problem_is_named_at_once() {
    let form = built_in("janus-text-to-image");
    let mut drafts = form.drafts(Language::English);
    for (input, text) in [("prompt", " "), ("batch_size", "17"), ("top_p", "1.1")] {
        drafts.set(FieldKey::new("2", input), Draft::Text(text.into()));
    }
    let problem = |input, trouble| Problem::at(&FieldKey::new("2", input), trouble);
    let expected = vec![
        problem("prompt", Trouble::Missing),
        problem("batch_size", Trouble::TooLarge { max: "16".into() }),
        problem("top_p", Trouble::TooLarge { max: "1".into() }),
    ];
    assert_eq!(form.check(&drafts, 0), Err(expected));
}

#[test]
fn a_video_and_a_sound_are_attached_like_a_picture() {
    for (flag, expected) in [
        ("image_upload", Trouble::PictureMissing),
        ("video_upload", Trouble::FileMissing),
        ("audio_upload", Trouble::FileMissing),
    ] {
        let form = form(json!(["COMBO", {flag: true}]), json!("x.mp4"));
        assert_eq!(form.check(&Drafts::default(), 0), Err(vec![Problem::at(&key(), expected)]));
        let file = PictureRef { name: "a.mp4".into(), size_bytes: 5, hash: "x".into() };
        let drafts = [(key(), Draft::Picture(Some(file)))].into_iter().collect();
        let ready = form.check(&drafts, 0).expect("nothing is wrong");
        assert_eq!(ready.attachments.len(), 1);
    }
}

#[test]
fn a_link_that_leads_nowhere_is_named_before_sending() {
    let package = json!({
        "pilotlight": 1, "id": "a", "title": "A", "form": [],
        "prompt": {"1": {"class_type": "Save", "inputs": {"images": ["9", 0]}}},
    });
    let form = Package::from_value(&package).map(Package::form).expect("a package");
    let place = FieldKey::new("1", "images");
    let trouble = Trouble::LinkNowhere { title: "Save".into(), input: "images".into() };
    let expected = Err(vec![Problem::at(&place, trouble)]);
    assert_eq!(form.check(&Drafts::default(), 0), expected);
}
