//! What the checks need to know of a Markdown text.

use std::cell::RefCell;
use std::ops::Range;

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};

/// A heading and the anchor that links to it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// 1 for `#`.
    pub(crate) level: usize,
    pub(crate) text: String,
    pub(crate) anchor: String,
    pub(crate) line: usize,
}

/// Headings, links and code of one text, in order.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub(crate) headings: Vec<Heading>,
    /// Line and target.
    pub(crate) links: Vec<(usize, String)>,
    /// Line and label of every `[text][label]` whose label is nowhere defined.
    pub(crate) undefined: Vec<(usize, String)>,
    /// Line and text of every line of code, and of code within a line.
    pub(crate) code: Vec<(usize, String)>,
}

pub(crate) fn outline(text: &str) -> Outline {
    let line = |at: usize| 1 + text[..at].matches('\n').count();
    let undefined = RefCell::new(Vec::new());
    let notice = |link: BrokenLink<'_>| {
        // `[text]` alone is ordinary prose.
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            undefined.borrow_mut().push((line(link.span.start), link.reference.to_string()));
        }
        None
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let parser = Parser::new_with_broken_link_callback(text, options, Some(notice)).into_offset_iter();
    let mut outline = Outline::default();
    let mut heading: Option<Heading> = None;
    let mut in_code_block = false;
    for (event, Range { start, .. }) in parser {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let empty = String::new();
                heading =
                    Some(Heading { level: level as usize, text: empty.clone(), anchor: empty, line: line(start) });
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some(mut heading) = heading.take() {
                    heading.anchor = unused(&outline.headings, anchor(&heading.text));
                    outline.headings.push(heading);
                }
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                outline.links.push((line(start), dest_url.to_string()));
            }
            Event::Start(Tag::CodeBlock(_)) => in_code_block = true,
            Event::End(TagEnd::CodeBlock) => in_code_block = false,
            Event::Text(words) if in_code_block => {
                let first = line(start);
                outline.code.extend(words.lines().enumerate().map(|(at, words)| (first + at, words.to_string())));
            }
            Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.text += &words;
                }
                outline.code.push((line(start), words.to_string()));
            }
            Event::Text(words) => {
                if let Some(heading) = &mut heading {
                    heading.text += &words;
                }
            }
            _ => {}
        }
    }
    outline.undefined = undefined.into_inner();
    outline
}

/// The anchor that GitHub gives to a heading.
fn anchor(heading: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    heading.to_lowercase().chars().filter(kept).map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

/// The second heading of the same words gets `-1`, the third `-2`.
fn unused(headings: &[Heading], anchor: String) -> String {
    let taken = |anchor: &str| headings.iter().any(|heading| heading.anchor == anchor);
    if !taken(&anchor) {
        return anchor;
    }
    (1..).map(|n| format!("{anchor}-{n}")).find(|anchor| !taken(anchor)).unwrap_or(anchor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_github() {
        let outline = outline("# `recv()` gives half\n\n## Run it\n\n## Run it\n\n## Größe_1: what, why\n");
        let anchors: Vec<&str> = outline.headings.iter().map(|heading| heading.anchor.as_str()).collect();
        assert_eq!(anchors, ["recv-gives-half", "run-it", "run-it-1", "größe_1-what-why"]);
        assert_eq!(outline.headings[1].line, 3);
    }

    #[test]
    fn links_count_in_tables_and_not_in_code() {
        let text = "| a |\n|---|\n| [b](c.md) |\n\n`[d](e.md)`\n\n```text\n[f](g.md)\n```\n\n[h][i] buf[1] [j]\n";
        let outline = outline(text);
        assert_eq!(outline.links, [(3, "c.md".to_string())]);
        assert_eq!(outline.undefined, [(11, "i".to_string())]);
        let code = [(5, "[d](e.md)".to_string()), (8, "[f](g.md)".to_string())];
        assert_eq!(outline.code, code);
    }
}
