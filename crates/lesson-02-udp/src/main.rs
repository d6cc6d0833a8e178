//! Lesson 02: UDP: single datagrams that may be lost, doubled or forged.

lab::lesson! {
    port: 23456,
    experiments: [
        wrong_source,
        client_first,
    ]
}
