//! Answers with their Markdown shown: headings, lists, quotes, code, emphasis. Loaded with the
//! first answer that may have any.
//!
//! Invariant: every element is built; nothing in an answer becomes markup, is loaded, or can be
//! pressed. The address of a link is shown as text.

use leptos::html;
use leptos::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag};

/// Elements nested deeper than this are left out, their contents are not.
const DEEPEST: usize = 24;
/// A longer text is shown as it is.
const LONGEST_BYTES: usize = 200_000;

/// An element whose contents are still being read.
struct Open {
    element: Element,
    made: Vec<AnyView>,
    /// What it says, to compare it with the address of a link.
    words: String,
}

/// What becomes of a tag.
enum Element {
    Nothing,
    Paragraph,
    Heading(HeadingLevel),
    Quote,
    Code,
    List(Option<u64>),
    Item,
    Emphasis,
    Strong,
    /// A link or an image, and its address.
    Link(String),
}

/// Returns the elements of a text; `None` if it is only paragraphs.
pub fn formatted(text: &str) -> Option<AnyView> {
    if text.len() > LONGEST_BYTES {
        return None;
    }
    let is_plain = |event: Event<'_>| match event {
        Event::Start(tag) => matches!(tag, Tag::Paragraph | Tag::HtmlBlock),
        Event::Code(_) | Event::Rule => false,
        Event::End(_)
        | Event::Text(_)
        | Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::Html(_)
        | Event::InlineHtml(_)
        | Event::FootnoteReference(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::TaskListMarker(_) => true,
    };
    if Parser::new_ext(text, Options::empty()).all(is_plain) {
        return None;
    }
    let mut all = All { outermost: Open::new(Element::Nothing), inner: Vec::new() };
    for event in Parser::new_ext(text, Options::empty()) {
        match event {
            Event::Start(tag) => {
                let is_deep = all.inner.len() >= DEEPEST;
                let element = if is_deep { Element::Nothing } else { of(tag) };
                all.inner.push(Open::new(element));
            }
            Event::End(_) => {
                if let Some(ended) = all.inner.pop() {
                    all.innermost().take(ended);
                }
            }
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => all.innermost().say(&text),
            Event::Code(text) => {
                let code = html::code().child(text.to_string()).into_any();
                all.innermost().made.push(code);
            }
            Event::SoftBreak | Event::HardBreak => {
                all.innermost().made.push(html::br().into_any());
            }
            Event::Rule => all.innermost().made.push(html::hr().into_any()),
            Event::TaskListMarker(_) => {}
        }
    }
    let made = all.outermost.made;
    Some(html::div().class("answer-text formatted").child(made).into_any())
}

/// The elements that are being read.
struct All {
    outermost: Open,
    inner: Vec<Open>,
}

impl All {
    fn innermost(&mut self) -> &mut Open {
        self.inner.last_mut().unwrap_or(&mut self.outermost)
    }
}

fn of(tag: Tag<'_>) -> Element {
    match tag {
        Tag::Paragraph => Element::Paragraph,
        Tag::Heading { level, .. } => Element::Heading(level),
        Tag::BlockQuote(_) => Element::Quote,
        Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => Element::Code,
        Tag::List(first) => Element::List(first),
        Tag::Item => Element::Item,
        Tag::Emphasis => Element::Emphasis,
        Tag::Strong => Element::Strong,
        Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
            Element::Link(dest_url.into_string())
        }
        Tag::HtmlBlock
        | Tag::FootnoteDefinition(_)
        | Tag::DefinitionList
        | Tag::DefinitionListTitle
        | Tag::DefinitionListDefinition
        | Tag::Table(_)
        | Tag::TableHead
        | Tag::TableRow
        | Tag::TableCell
        | Tag::Strikethrough
        | Tag::Superscript
        | Tag::Subscript
        | Tag::MetadataBlock(_) => Element::Nothing,
    }
}

impl Open {
    fn new(element: Element) -> Self {
        Self { element, made: Vec::new(), words: String::new() }
    }

    fn say(&mut self, text: &str) {
        self.words.push_str(text);
        self.made.push(text.to_owned().into_any());
    }

    /// Takes over an element that was within this one and has ended.
    fn take(&mut self, ended: Self) {
        let Self { element, made, words } = ended;
        let view = match element {
            Element::Nothing => made.into_any(),
            Element::Paragraph => html::p().child(made).into_any(),
            Element::Heading(HeadingLevel::H1) => html::h3().child(made).into_any(),
            Element::Heading(HeadingLevel::H2) => html::h4().child(made).into_any(),
            Element::Heading(HeadingLevel::H3) => html::h5().child(made).into_any(),
            Element::Heading(HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6) => {
                html::h6().child(made).into_any()
            }
            Element::Quote => html::blockquote().child(made).into_any(),
            // It scrolls, so the keyboard must reach it.
            Element::Code => {
                html::pre().attr("tabindex", "0").child(html::code().child(made)).into_any()
            }
            Element::List(None) => html::ul().child(made).into_any(),
            Element::List(Some(first)) => {
                html::ol().attr("start", first.to_string()).child(made).into_any()
            }
            Element::Item => html::li().child(made).into_any(),
            Element::Emphasis => html::em().child(made).into_any(),
            Element::Strong => html::strong().child(made).into_any(),
            Element::Link(address) if address.is_empty() || address == words => made.into_any(),
            Element::Link(address) => (made, format!(" ({address})")).into_any(),
        };
        self.words.push_str(&words);
        self.made.push(view);
    }
}
