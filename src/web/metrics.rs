//! `GET /metrics` — numbers about the program as Prometheus reads them (text format 0.0.4).

use axum::Router;
use axum::http::header;
use axum::routing::get;
use std::fmt::Write;
use std::sync::Arc;

/// The numbers as they stand now.
pub type Read = Arc<dyn Fn() -> Vec<Family> + Send + Sync>;

/// What kind of number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// One line of a family.
#[derive(Debug, Clone, PartialEq)]
struct Sample {
    suffix: &'static str,
    label: Option<(&'static str, String)>,
    value: f64,
}

/// One number with its name, what it means, and its lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    name: &'static str,
    help: &'static str,
    kind: Kind,
    samples: Vec<Sample>,
}

impl Family {
    /// A number that only grows; the name ends in `_total`.
    #[must_use]
    pub fn counter(name: &'static str, help: &'static str, value: u64) -> Self {
        let samples = vec![Sample { suffix: "", label: None, value: value as f64 }];
        Self { name, help, kind: Kind::Counter, samples }
    }

    /// A number that goes up and down.
    #[must_use]
    pub fn gauge(name: &'static str, help: &'static str, value: f64) -> Self {
        Self { name, help, kind: Kind::Gauge, samples: vec![Sample { suffix: "", label: None, value }] }
    }

    /// The same, one for each value of a label.
    #[must_use]
    pub fn gauges(name: &'static str, help: &'static str, label: &'static str, values: Vec<(String, f64)>) -> Self {
        let sample = |(of, value)| Sample { suffix: "", label: Some((label, of)), value };
        Self { name, help, kind: Kind::Gauge, samples: values.into_iter().map(sample).collect() }
    }

    /// How many measurements lay at or below each bound, all of them, and their sum.
    #[must_use]
    pub fn histogram(
        name: &'static str,
        help: &'static str,
        at_most: impl IntoIterator<Item = (f64, u64)>,
        count: u64,
        sum: f64,
    ) -> Self {
        let bucket =
            |bound: String, value: u64| Sample { suffix: "_bucket", label: Some(("le", bound)), value: value as f64 };
        let mut samples: Vec<Sample> = at_most.into_iter().map(|(bound, n)| bucket(bound.to_string(), n)).collect();
        samples.push(bucket("+Inf".to_owned(), count));
        samples.push(Sample { suffix: "_sum", label: None, value: sum });
        samples.push(Sample { suffix: "_count", label: None, value: count as f64 });
        Self { name, help, kind: Kind::Histogram, samples }
    }
}

/// The page.
#[must_use]
fn print(families: &[Family]) -> String {
    let mut page = String::new();
    for Family { name, help, kind, samples } in families.iter().filter(|family| !family.samples.is_empty()) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        // Writing to a string does not fail.
        let _ = writeln!(page, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for Sample { suffix, label, value } in samples {
            let label = label.as_ref().map(|(key, of)| format!("{{{key}=\"{}\"}}", escape(of))).unwrap_or_default();
            let _ = writeln!(page, "{name}{suffix}{label} {value}");
        }
    }
    page
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// The route.
pub fn metrics(read: Read) -> Router {
    Router::new().route(
        "/metrics",
        get(move || {
            let page = print(&read());
            let headers = [
                (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            async move { (headers, page) }
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_as_the_format_wants_it() {
        let page = print(&[
            Family::counter("a_total", "Things.", 3),
            Family::gauges("b", "None yet.", "platform", Vec::new()),
            Family::gauges("c", "Ages.", "platform", vec![("x\"\\\n".to_owned(), 1.5)]),
            Family::histogram("d_seconds", "Times.", [(0.001, 1), (1.0, 2)], 4, 7.25),
        ]);
        let wanted = "# HELP a_total Things.\n# TYPE a_total counter\na_total 3\n\
                      # HELP c Ages.\n# TYPE c gauge\nc{platform=\"x\\\"\\\\\\n\"} 1.5\n\
                      # HELP d_seconds Times.\n# TYPE d_seconds histogram\nd_seconds_bucket{le=\"0.001\"} 1\n\
                      d_seconds_bucket{le=\"1\"} 2\nd_seconds_bucket{le=\"+Inf\"} 4\nd_seconds_sum 7.25\nd_seconds_count 4\n";
        assert_eq!(page, wanted);
    }
}
