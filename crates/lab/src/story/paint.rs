//! Colour on a terminal.

use anstyle::Style;

/// Wraps `text` in `style`; the terminal adapter removes it where plain text is wanted.
pub(crate) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
