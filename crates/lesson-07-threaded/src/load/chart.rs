//! The figures as a picture: latency percentiles on a logarithmic axis, throughput beside them.

use std::time::Duration;

use anyhow::anyhow;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::round::Load;
use super::table::{GREETINGS, PERCENTILES};
use super::tally::{Tally, Times};

/// Pixels.
const SIZE: (u32, u32) = (960, 440);
/// Where the second and the third panel begin, pixels from the left.
const BORDERS: [u32; 2] = [430, 620];
/// The radius of a point.
const MARK: i32 = 4;
/// Fonts and their sizes; an SVG viewer takes its own font of that kind.
const LABEL: (&str, u32) = ("sans-serif", 15);
const CAPTION: (&str, u32) = ("sans-serif", 18);
const TITLE: (&str, u32) = ("sans-serif", 21);
/// Colours that also those who do not tell red from green can tell apart (Okabe and Ito).
const COLOURS: [RGBColor; 4] =
    [RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115), RGBColor(204, 121, 167)];

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws an SVG document. It names the font `sans-serif` and needs none here.
///
/// # Errors
///
/// The drawing library fails.
pub(super) fn draw(load: &Load, tallies: &[Tally]) -> anyhow::Result<String> {
    let mut text = String::new();
    let area = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
    paint(&area, load, tallies).map_err(|error| anyhow!("the picture cannot be drawn: {error}"))?;
    drop(area);
    Ok(text)
}

fn paint(area: &Area, load: &Load, tallies: &[Tally]) -> Result<(), Box<dyn std::error::Error>> {
    area.fill(&WHITE)?;
    let title = format!("{} clients in a closed loop, {} requests a round", load.clients, load.requests);
    let area = area.titled(&title, TITLE)?;
    let (left, rest) = area.split_horizontally(BORDERS[0]);
    let (middle, right) = rest.split_horizontally(BORDERS[1] - BORDERS[0]);
    times(
        &left,
        tallies,
        &Panel { title: "Latency of a request", shares: &PERCENTILES, legend: true, of: |t| &t.latency },
    )?;
    times(
        &middle,
        tallies,
        &Panel { title: "Time to greeting", shares: &GREETINGS, legend: false, of: |t| &t.greeting },
    )?;
    throughput(&right, tallies)?;
    area.present()?;
    Ok(())
}

fn colour(place: usize) -> RGBColor {
    COLOURS[place % COLOURS.len()]
}

/// One panel with a logarithmic axis of time.
struct Panel {
    title: &'static str,
    shares: &'static [(&'static str, f64)],
    /// Only the first one explains its marks and its axis; the next one has the same.
    legend: bool,
    of: fn(&Tally) -> &Times,
}

fn times(area: &Area, tallies: &[Tally], panel: &Panel) -> Result<(), Box<dyn std::error::Error>> {
    let (low, high) = decades(tallies);
    let width = panel.shares.len() as f64;
    let mut chart = ChartBuilder::on(area)
        .caption(panel.title, CAPTION)
        .margin(8)
        .x_label_area_size(40)
        .y_label_area_size(if panel.legend { 78 } else { 58 })
        .build_cartesian_2d(-0.5..width - 0.5, (low..high).log_scale())?;
    let name = |place: &f64| panel.shares.get(*place as usize).map_or(String::new(), |(name, _)| name.to_string());
    let mut mesh = chart.configure_mesh();
    mesh.disable_x_mesh().x_labels(panel.shares.len()).x_label_formatter(&name).x_desc("percentile");
    mesh.y_label_formatter(&|nanoseconds| axis_label(*nanoseconds));
    if panel.legend {
        mesh.y_desc("time, logarithmic");
    }
    mesh.light_line_style(RGBColor(235, 235, 235)).bold_line_style(RGBColor(200, 200, 200));
    mesh.label_style(LABEL).axis_desc_style(LABEL).draw()?;
    for (place, tally) in tallies.iter().enumerate() {
        let points: Vec<(f64, f64)> = panel
            .shares
            .iter()
            .enumerate()
            .filter_map(|(x, (_, share))| Some((x as f64, nanoseconds((panel.of)(tally).within(*share)?))))
            .collect();
        let colour = colour(place);
        chart.draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)))?;
        chart
            .draw_series(points.into_iter().map(|point| Circle::new(point, MARK, colour.filled())))?
            .label(legend(tally))
            .legend(move |(x, y)| Circle::new((x + 8, y), MARK, colour.filled()));
    }
    if panel.legend {
        let mut labels = chart.configure_series_labels();
        labels.position(SeriesLabelPosition::UpperLeft).background_style(WHITE).border_style(RGBColor(200, 200, 200));
        labels.label_font(LABEL).draw()?;
    }
    Ok(())
}

fn legend(tally: &Tally) -> String {
    match tally.errors() {
        0 => tally.target.to_string(),
        1 => format!("{}: 1 error", tally.target),
        errors => format!("{}: {errors} errors", tally.target),
    }
}

/// The powers of ten around all times, nanoseconds.
fn decades(tallies: &[Tally]) -> (f64, f64) {
    let all = tallies.iter().flat_map(|tally| [&tally.latency, &tally.greeting]);
    let ends = all.flat_map(|times| [times.within(0.5), times.within(1.0)]).flatten().map(nanoseconds);
    let (low, high) = ends.fold((f64::MAX, 0.0_f64), |(low, high), time| (low.min(time), high.max(time)));
    if high < 1.0 {
        // Nothing was measured: an empty picture, from a microsecond to a second.
        return (1e3, 1e9);
    }
    let low = 10_f64.powf(low.max(1.0).log10().floor());
    (low, 10_f64.powf(high.log10().ceil()).max(low * 10.0))
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_nanos() as f64
}

fn axis_label(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds.round() {
        0.0..1e3 => (nanoseconds, "ns"),
        1e3..1e6 => (nanoseconds / 1e3, "µs"),
        1e6..1e9 => (nanoseconds / 1e6, "ms"),
        _ => (nanoseconds / 1e9, "s"),
    };
    format!("{value:.0} {unit}")
}

fn throughput(area: &Area, tallies: &[Tally]) -> Result<(), Box<dyn std::error::Error>> {
    let most = tallies.iter().map(Tally::rate).fold(1.0, f64::max);
    let mut chart = ChartBuilder::on(area)
        .caption("Right answers a second", CAPTION)
        .margin(8)
        .x_label_area_size(40)
        .y_label_area_size(78)
        .build_cartesian_2d(-0.5..tallies.len() as f64 - 0.5, 0.0..most * 1.1)?;
    let name = |place: &f64| tallies.get(*place as usize).map_or(String::new(), |tally| tally.target.to_string());
    let mut mesh = chart.configure_mesh();
    mesh.disable_x_mesh().x_labels(tallies.len()).x_label_formatter(&name).x_desc("server");
    mesh.y_label_formatter(&|rate| format!("{rate:.0}")).y_desc("requests/s");
    mesh.light_line_style(WHITE).bold_line_style(RGBColor(220, 220, 220));
    mesh.label_style(LABEL).axis_desc_style(LABEL).draw()?;
    let above = LABEL.into_text_style(area).pos(Pos::new(HPos::Center, VPos::Bottom));
    for (place, tally) in tallies.iter().enumerate() {
        let (x, rate) = (place as f64, tally.rate());
        let bar = Rectangle::new([(x - 0.3, 0.0), (x + 0.3, rate)], colour(place).filled());
        chart.draw_series([bar])?;
        chart.draw_series([Text::new(format!("{rate:.0}"), (x, rate + most * 0.01), &above)])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tally::tests::{a_thousand, with_errors};
    use super::super::target::Target;
    use super::*;

    fn load() -> Load {
        Load { clients: 1, requests: 1000, deadline: Duration::from_secs(30), lines: false }
    }

    /// How many elements of this name have this colour inside.
    fn filled(document: &roxmltree::Document, name: &str, colour: &str) -> usize {
        let has = |node: &roxmltree::Node| node.has_tag_name(("http://www.w3.org/2000/svg", name));
        document.descendants().filter(has).filter(|node| node.attribute("fill") == Some(colour)).count()
    }

    #[test]
    fn every_server_has_its_points_and_its_bar() {
        let text = draw(&load(), &[a_thousand("serial"), with_errors("threads")]).expect("a picture");
        let document = roxmltree::Document::parse(&text).expect("XML");
        for colour in ["#0072B2", "#D55E00"] {
            // Five percentiles, two greetings, one in the legend.
            assert_eq!(filled(&document, "circle", colour), 8, "{text}");
            assert_eq!(filled(&document, "rect", colour), 1, "{text}");
        }
        for label in ["serial", "threads: 2 errors", "10 µs", "1 ms", "1000", "requests/s"] {
            assert!(document.descendants().any(|node| node.text().is_some_and(|text| text.trim() == label)), "{label}");
        }
    }

    #[test]
    fn nothing_measured_is_an_empty_picture() {
        let text = draw(&load(), &[Tally::new(Target::Form("serial"))]).expect("a picture");
        roxmltree::Document::parse(&text).expect("XML");
    }

    #[test]
    fn the_axis_of_time_begins_and_ends_at_a_power_of_ten() {
        // 2 ms are the greeting, 500 µs the median.
        assert_eq!(decades(&[a_thousand("threads")]), (1e5, 1e7));
        assert_eq!([1e3, 1e5, 1e7, 1e10].map(axis_label), ["1 µs", "100 µs", "10 ms", "10 s"]);
    }
}
