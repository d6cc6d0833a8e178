//! The further commands of this lesson with real processes, and Python as a second opinion on the arithmetic.

use std::process::{Command, Output, Stdio};

use lab::testing::{assert_error, assert_printed, python, text};

fn run(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lesson-00-addresses"));
    command.args(words).stdin(Stdio::null()).output().expect("it runs")
}

/// Like `run`, for a call that must succeed.
#[track_caller]
fn printed(words: &[&str]) -> String {
    let output = run(words);
    assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn an_ipv4_network_is_shown_bit_by_bit() {
    let wanted = "\
10.200.3.4/12

  address    10.200.3.4       00001010.1100|1000.00000011.00000100
  AND mask   255.240.0.0      11111111.1111|0000.00000000.00000000
  = network  10.192.0.0       00001010.1100|0000.00000000.00000000
  broadcast  10.207.255.255   00001010.1100|1111.11111111.11111111

  network    10.192.0.0/12
  mask       255.240.0.0
  broadcast  10.207.255.255
  hosts      10.192.0.1 to 10.207.255.254, 1048574 in all
  kind       private: for use inside; routers of the Internet do not carry it (RFC 1918 section 3)
  part of    10.0.0.0/8
";
    assert_printed(&run(&["inspect", "10.200.3.4/12"]), wanted);
}

#[test]
fn an_ipv6_network_is_shown_group_by_group() {
    let wanted = "\
2001:db8:1234::9/36

  group  address            AND mask           = network
  2001   0010000000000001   1111111111111111   0010000000000001
  0db8   0000110110111000   1111111111111111   0000110110111000
  1234   0001|001000110100  1111|000000000000  0001|000000000000
  0000   0000000000000000   0000000000000000   0000000000000000
  0000   0000000000000000   0000000000000000   0000000000000000
  0000   0000000000000000   0000000000000000   0000000000000000
  0000   0000000000000000   0000000000000000   0000000000000000
  0009   0000000000001001   0000000000000000   0000000000000000

  network    2001:db8:1000::/36
  broadcast  none: IPv6 has multicast instead (RFC 4291 section 2)
  hosts      2001:db8:1000:: to 2001:db8:1fff:ffff:ffff:ffff:ffff:ffff, 2^92 = 4951760157141521099596496896 in all
  kind       documentation: for examples; no host has it (RFC 3849)
  part of    2001:db8::/32
";
    assert_printed(&run(&["inspect", "2001:db8:1234::9/36"]), wanted);
}

#[test]
fn several_networks_are_shown_one_after_the_other_or_none() {
    let both = printed(&["inspect", "192.0.2.1/31", "::1"]);
    let (first, second) = (printed(&["inspect", "192.0.2.1/31"]), printed(&["inspect", "::1"]));
    assert_eq!(both, format!("{first}\n{second}"));
    let output = run(&["inspect", "192.0.2.1/31", "localhost"]);
    assert!(output.stdout.is_empty());
    assert_error(&output, "resolve localhost");
}

#[test]
fn mistakes_on_the_command_line_are_one_line() {
    assert_error(&run(&["inspect", "10.0.0.1/40"]), "the prefix must be a number from 0 to 32");
    assert_error(&run(&["inspect", "\u{1b}[2J"]), "is no address");
    assert_error(&run(&["ports", "65536"]), "0 to 65535");
    assert_error(&run(&["ports", "+80"]), "0 to 65535");
    assert_error(&run(&["resolve", "a b"]), "is no name");
    for words in [&["inspect"][..], &["resolve"]] {
        let output = run(words);
        let complaint = text(&output.stderr);
        assert!(complaint.starts_with("error: give ") && complaint.lines().count() == 1, "{complaint}");
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn a_name_that_does_not_exist_is_one_line() {
    // RFC 6761 section 6.4: no resolver may find a name under .invalid.
    assert_error(&run(&["resolve", "no-such-host.invalid", "--timeout", "50"]), "no-such-host.invalid");
}

#[test]
fn localhost_is_on_this_machine() {
    let text = printed(&["resolve", "localhost", "--port", "8900"]);
    let lines: Vec<&str> = text.lines().skip(1).collect();
    assert!(!lines.is_empty() && lines.iter().all(|line| line.ends_with("loopback")), "{text}");
    assert!(lines.iter().all(|line| line.contains(":8900 ")), "{text}");
}

#[test]
fn ports_are_found_in_their_range() {
    let text = printed(&["ports"]);
    assert!(text.contains("49152 to 65535  dynamic") && text.contains("On this system:"), "{text}");
    let text = printed(&["ports", "0", "1023", "1024", "65535"]);
    for line in ["0: system port", "1023: system port", "1024: user port", "65535: dynamic port"] {
        assert!(text.lines().any(|l| l.starts_with(line)), "{line}: {text}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn linux_says_which_ports_it_hands_out_and_does_so() {
    let text = printed(&["ports"]);
    let line = text.lines().find(|line| line.contains("ip_local_port_range")).expect("the range");
    let numbers: Vec<u16> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    for _ in 0..20 {
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
        let port = socket.local_addr().expect("an address").port();
        assert!((numbers[0]..=numbers[1]).contains(&port), "{port} is not in {line}");
    }
}

#[test]
fn this_machine_has_a_loopback_interface() {
    let text = printed(&["here"]);
    assert!(text.lines().any(|line| line.contains("127.0.0.1/8") && line.ends_with("loopback")), "{text}");
    assert!(text.contains("Neighbours, IPv4 (ARP, RFC 826):"), "{text}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut words = vec!["inspect"];
    words.resize(3000, "2001:db8::1/32");
    let mut command = Command::new(env!("CARGO_BIN_EXE_lesson-00-addresses"));
    let child = command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("it runs");
    // More than a pipe holds is printed into it.
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
}

/// One fact of a block, by the word that it begins with.
#[track_caller]
fn fact<'a>(block: &'a str, word: &str) -> &'a str {
    let facts = block.split("\n\n").nth(2).unwrap_or_default();
    let line = facts.lines().find_map(|line| line.strip_prefix("  ")?.strip_prefix(word)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {word} in {block}")).trim()
}

#[test]
fn python_gets_the_same_networks() {
    let Some(mut command) = python("subnets.py") else { return };
    let output = command.arg("400").output().expect("it runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let table = text(&output.stdout);
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows.len(), 400);
    for row in rows {
        let [given, network, broadcast, first, last, count] = row[..] else { panic!("{row:?}") };
        let block = printed(&["inspect", given]);
        assert_eq!(fact(&block, "network"), network, "{block}");
        if block.contains("\n  groups") {
            // Python has no word for multicast groups and counts hosts.
            continue;
        }
        let hosts = fact(&block, "hosts");
        let words: Vec<&str> = hosts.split([' ', ',']).collect();
        assert_eq!(words[0], first, "{block}");
        if count == "1" {
            assert!(hosts.ends_with(" alone"), "{block}");
            continue;
        }
        assert_eq!(words[2], last, "{block}");
        if count == "2" && (given.ends_with("/31") || given.ends_with("/127")) {
            assert!(hosts.contains(", both"), "{block}");
        } else {
            assert!(hosts.ends_with(&format!(" {count} in all")), "{block}: {count}");
        }
        let wanted = if broadcast == "-" { "none" } else { broadcast };
        assert!(fact(&block, "broadcast").starts_with(wanted), "{block}");
    }
}
