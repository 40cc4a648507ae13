//! Titles that say where a field belongs, as Minimalistic Comfy Wrapper WebUI reads them:
//! `<Label:group:n>`, where the group may have a part behind a slash and `n` a second number.
//! Invariant: any other title is a title.

use pilotlight_comfy::language::one_line;

use super::names::MAX_NAME_CHARS;

/// What such a title says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Titled {
    pub label: String,
    /// Whether it stands in front.
    pub front: bool,
    /// The heading where it does not.
    pub group: Option<String>,
    /// Prompts come first, then others by number.
    pub order: (bool, u32, u32),
}

/// Reads a title; `None` if it is of another form.
pub(super) fn read(title: &str) -> Option<Titled> {
    let (inner, _) = title.trim().strip_prefix('<')?.split_once('>')?;
    let mut parts = inner.rsplitn(3, ':').map(str::trim);
    let (order, group, label) = (parts.next()?, parts.next()?, parts.next()?);
    let (row, column) = order.split_once('/').unwrap_or((order, "0"));
    let (category, tab) = group.split_once('/').unwrap_or((group, ""));
    let label = one_line(label, MAX_NAME_CHARS);
    if label.is_empty() || category.is_empty() {
        return None;
    }
    let category = category.to_ascii_lowercase();
    let heading = one_line(if tab.is_empty() { group } else { tab }, MAX_NAME_CHARS);
    let front = category != "advanced" && category != "output";
    Some(Titled {
        label,
        front,
        group: (!front && !tab.is_empty()).then_some(heading),
        order: (!category.contains("prompt"), row.parse().ok()?, column.parse().ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_this_form_are_read_and_no_others() {
        let table = [
            ("<Text prompt:prompt:0>", Some(("Text prompt", true, None, (false, 0, 0)))),
            (
                "<Seed:advanced/Generation:3/1> x",
                Some(("Seed", false, Some("Generation"), (true, 3, 1))),
            ),
            ("<A: B:important:2>", Some(("A: B", true, None, (true, 2, 0)))),
            ("<Out:output:1>", Some(("Out", false, None, (true, 1, 0)))),
            ("<lora:name:0.8>", None),
            ("<:prompt:0>", None),
            ("<Text:0>", None),
            ("KSampler", None),
            ("<", None),
        ];
        for (title, expected) in table {
            let read = read(title);
            let read = read
                .as_ref()
                .map(|it| (it.label.as_str(), it.front, it.group.as_deref(), it.order));
            assert_eq!(read, expected, "{title}");
        }
    }
}
