//! The JSON header: what it takes, and what it says about everything else.

use common::framing::json::{Error, Fields, read_header};
use common::framing::{self, encode};

fn parse(text: &str) -> Result<Fields, Error> {
    Fields::parse(text.as_bytes())
}

/// The message of the error, which always is one line.
fn message<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    let message = result.unwrap_err().to_string();
    assert!(!message.contains('\n'), "{message}");
    message
}

/// `size` of a header with this text as the value of "n".
fn size(value: &str, maximum: u64) -> Result<u64, Error> {
    parse(&format!("{{\"n\": {value}}}"))?.size("n", maximum)
}

fn integer(value: &str) -> Result<i64, Error> {
    parse(&format!("{{\"n\": {value}}}"))?.integer("n")
}

#[test]
fn a_header_with_everything() {
    let mut fields =
        parse(r#" { "size": 3000 , "status": -1, "name": "\u4ef7格\n", "args": ["a", ""], "none": [] } "#).unwrap();
    assert!(fields.has("size"));
    assert!(!fields.has("Size"));
    assert_eq!(fields.size("size", 3000).unwrap(), 3000);
    assert!(!fields.has("size"));
    assert_eq!(fields.integer("status").unwrap(), -1);
    assert_eq!(fields.text("name").unwrap(), "价格\n");
    assert_eq!(fields.texts("args").unwrap(), ["a", ""]);
    assert_eq!(fields.texts("none").unwrap(), [""; 0]);
    fields.finish().unwrap();
    parse("{}").unwrap().finish().unwrap();
}

#[test]
fn sizes() {
    assert_eq!(size("0", 0).unwrap(), 0);
    assert_eq!(size("3000", u64::MAX).unwrap(), 3000);
    // 2^53 + 1: the first whole number that a float cannot hold.
    assert_eq!(size("9007199254740993", u64::MAX).unwrap(), 9_007_199_254_740_993);
    assert_eq!(size("18446744073709551615", u64::MAX).unwrap(), u64::MAX);

    let whole = "and a size is a whole number from 0 to 2^64 - 1";
    for (value, shown) in [
        ("-1", "-1"),
        ("-0", "-0.0"),
        ("3.0", "3.0"),
        ("0.5", "0.5"),
        ("1e3", "1000.0"),
        ("1E3", "1000.0"),
        ("18446744073709551616", "1.8446744073709552e+19"), // 2^64
        ("-9223372036854775809", "-9.223372036854776e+18"),
        ("1e300", "1e+300"),
    ] {
        let error = size(value, u64::MAX).unwrap_err();
        assert!(matches!(error, Error::NotASize { field: "n", .. }), "{value}: {error:?}");
        assert_eq!(error.to_string(), format!("\"n\" in the header is {shown}, {whole}"));
    }

    assert!(matches!(size("11", 10), Err(Error::TooLarge { field: "n", size: 11, maximum: 10 })));
    assert_eq!(message(size("11", 10)), "\"n\" in the header is 11, and at most 10 is allowed");
    assert!(matches!(size("18446744073709551615", 10), Err(Error::TooLarge { size: u64::MAX, .. })));
}

#[test]
fn integers() {
    assert_eq!(integer("-9223372036854775808").unwrap(), i64::MIN);
    assert_eq!(integer("9223372036854775807").unwrap(), i64::MAX);
    for value in ["9223372036854775808", "-9223372036854775809", "1.0", "1e3", "-0"] {
        assert!(matches!(integer(value), Err(Error::NotAnInteger { field: "n", .. })), "{value}");
    }
    assert_eq!(message(integer("1.5")), "\"n\" in the header is 1.5, and not a whole number of 64 bits");
}

#[test]
fn wrong_types_are_named() {
    for (value, found) in
        [("null", "null"), ("true", "a boolean"), ("\"3\"", "a string"), ("[3]", "a list"), ("{\"n\": 3}", "an object")]
    {
        assert_eq!(message(size(value, 9)), format!("\"n\" in the header is {found}, and a number belongs there"));
        assert!(matches!(integer(value), Err(Error::WrongType { field: "n", want: "a number", .. })));
    }
    let text = |value: &str| parse(&format!("{{\"n\": {value}}}")).unwrap().text("n");
    let texts = |value: &str| parse(&format!("{{\"n\": {value}}}")).unwrap().texts("n");
    assert_eq!(message(text("3")), "\"n\" in the header is a number, and a string belongs there");
    assert_eq!(message(texts("\"ls\"")), "\"n\" in the header is a string, and a list of strings belongs there");
    for value in ["[1]", "[\"ls\", null]", "[[\"ls\"]]"] {
        let expected = "\"n\" in the header is a list of other things, and a list of strings belongs there";
        assert_eq!(message(texts(value)), expected);
    }
}

#[test]
fn missing_and_unknown_members() {
    let mut fields = parse(r#"{"size": 3, "colour": 1}"#).unwrap();
    assert_eq!(message(fields.size("data_size", 9)), "the header has no \"data_size\"");
    assert_eq!(fields.size("size", 9).unwrap(), 3);
    assert!(matches!(fields.size("size", 9), Err(Error::Missing("size"))), "each is there once");
    assert!(matches!(&parse("{}").unwrap().text("n"), Err(Error::Missing("n"))));
    assert_eq!(message(fields.finish()), "the header has an unknown \"colour\"");
}

#[test]
fn a_member_twice_is_an_error_wherever_it_stands() {
    for text in [
        r#"{"n": 1, "n": 2}"#,
        r#"{"n": 1, "m": 3, "n": 1}"#,
        r#"{"n": 1, "\u006e": 2}"#, // the same name, spelt in another way
    ] {
        assert!(matches!(parse(text), Err(Error::Duplicate(name)) if name == "n"), "{text}");
        assert_eq!(message(parse(text)), "the header has \"n\" more than once");
    }
    parse(r#"{"n": 1, "N": 2, "n ": 3, "": 4}"#).unwrap();
}

#[test]
fn names_from_a_stranger_stay_on_one_line_and_short() {
    let unknown = |name: &str| message(parse(&format!("{{{name:?}: 1}}")).unwrap().finish());
    assert_eq!(unknown("a\nb\tc"), r#"the header has an unknown "a\nb\tc""#);
    let long = unknown(&"价".repeat(1000));
    assert_eq!(long, format!("the header has an unknown \"{}\"...", "价".repeat(40)));
    assert_eq!(
        message(parse("{\"\\u001b[2J\": 1, \"\\u001b[2J\": 1}")),
        r#"the header has "\u{1b}[2J" more than once"#
    );
}

#[test]
fn json_that_is_no_object() {
    for text in ["[]", "[1, 2", "\"x\"", "3", "-1.5", "true", "null", "[{\"n\": 1}]"] {
        assert!(matches!(parse(text), Err(Error::NotAnObject)), "{text}: {:?}", parse(text));
    }
    assert_eq!(message(parse("[]")), "the header is JSON, but not an object");
}

#[test]
fn what_is_not_json() {
    let not_json: [&[u8]; 22] = [
        b"",
        b" ",
        b"{",
        b"{\"n\"",
        b"{\"n\": ",
        b"{\"n\": 1",
        b"{\"n\": 1,}",
        b"{n: 1}",
        b"{'n': 1}",
        b"{1: 1}",
        b"{\"n\": NaN}",
        b"{\"n\": Infinity}",
        b"{\"n\": 01}",
        b"{\"n\": 1e999}",
        b"{\"n\": 0x10}",
        b"{\"n\": 1} // one",
        b"{\"n\": \"\xff\"}",
        b"{\"n\xc0\xaf\": 1}",
        b"{\"n\": \"a\nb\"}",
        b"{\"n\": \"\\ud800\"}",
        b"\xef\xbb\xbf{\"n\": 1}",                // a byte order mark
        b"{\x00\"\x00n\x00\"\x00:\x001\x00}\x00", // UTF-16
    ];
    for bytes in not_json {
        let parsed = Fields::parse(bytes);
        assert!(matches!(parsed, Err(Error::Json(_))), "{}: {parsed:?}", bytes.escape_ascii());
        assert!(message(parsed).starts_with("the header is not JSON: "));
    }
    assert_eq!(message(parse("{\"n\": NaN}")), "the header is not JSON: expected value at line 1 column 7");
}

#[test]
fn bytes_behind_the_object() {
    for text in ["{} {}", "{},", "{}\0", "{}x", "{}]"] {
        assert!(message(parse(text)).contains("trailing characters"), "{text}");
    }
    parse("{}\r\n\t ").unwrap();
}

#[test]
fn too_deep() {
    let nested = |depth: usize| format!("{{\"n\": {}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    parse(&nested(127)).unwrap();
    for depth in [128, 200, 30_000] {
        assert!(message(parse(&nested(depth))).contains("recursion limit exceeded"), "{depth}");
    }
    assert!(matches!(parse(&"[".repeat(60_000)), Err(Error::NotAnObject)));
}

#[test]
fn as_many_members_as_a_header_can_hold() {
    // A comparison of each name with all others would be felt here.
    let members: Vec<String> = (0..8000).map(|n| format!("\"{n}\":1")).collect();
    let text = format!("{{{}}}", members.join(","));
    assert!(text.len() > 64 * 1024);
    assert_eq!(message(parse(&text).unwrap().finish()), "the header has an unknown \"0\"");
}

#[test]
fn a_header_is_read_and_the_body_is_left() {
    let wire = [encode(b"{\"data_size\": 3}", 100).unwrap(), b"abcdef".to_vec()].concat();
    let mut reader = &wire[..];
    let mut fields = read_header(&mut reader, 16).unwrap().unwrap();
    assert_eq!(fields.size("data_size", 10).unwrap(), 3);
    fields.finish().unwrap();
    assert_eq!(reader, b"abcdef");
}

#[test]
fn a_header_over_the_limit_is_not_read() {
    let wire = encode(b"{\"data_size\": 3}", 100).unwrap();
    let mut reader = &wire[..];
    let error = read_header(&mut reader, 15).unwrap_err();
    assert!(matches!(error, Error::Frame(framing::Error::TooLong { length: 16, maximum: 15 })));
    assert_eq!(error.to_string(), "a frame of 16 bytes, and at most 15 are allowed");
    assert_eq!(reader.len(), 16);
}

#[test]
fn the_end_at_every_byte_of_a_header() {
    let wire = encode(b"{\"data_size\": 3}", 100).unwrap();
    assert!(read_header(&mut &b""[..], 100).unwrap().is_none());
    for count in 1..wire.len() {
        let error = read_header(&mut &wire[..count], 100).unwrap_err();
        match error {
            Error::Frame(framing::Error::Truncated { got, want }) => {
                assert_eq!((got, want), (count, if count < 4 { 4 } else { 20 }));
            }
            other => panic!("after {count} bytes: {other:?}"),
        }
    }
}

#[test]
fn an_error_becomes_an_io_error_of_a_fitting_kind() {
    use std::io::{self, ErrorKind};
    let kind = |error: Error| io::Error::from(error).kind();
    assert_eq!(kind(Error::Missing("n")), ErrorKind::InvalidData);
    assert_eq!(kind(parse("{").unwrap_err()), ErrorKind::InvalidData);
    assert_eq!(kind(Error::Frame(framing::Error::Closed)), ErrorKind::ConnectionAborted);
    assert_eq!(kind(Error::Frame(framing::Error::Truncated { got: 1, want: 4 })), ErrorKind::UnexpectedEof);
    assert_eq!(kind(io::Error::from(ErrorKind::ConnectionReset).into()), ErrorKind::ConnectionReset);
    assert_eq!(io::Error::from(Error::Missing("n")).to_string(), "the header has no \"n\"");
}

#[test]
fn what_is_written_is_what_python_would_read() {
    // The bytes by hand: length, JSON, body.
    let mut wire = Vec::new();
    let header = serde_json::json!({"data_size": 3, "name": "价\n", "args": ["a"], "status": -1});
    common::framing::json::write(&mut wire, &header, &[b"ab", b"c"], 100).unwrap();
    let json = "{\"args\":[\"a\"],\"data_size\":3,\"name\":\"价\\n\",\"status\":-1}";
    assert_eq!(wire, [&[0, 0, 0, 55][..], json.as_bytes(), b"abc"].concat());
}
