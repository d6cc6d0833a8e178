//! Lesson 02: UDP: single datagrams that may be lost, doubled or forged.

mod rules;

lab::lesson! {
    port: 23456,
    experiments: [
        lost_reply,
        cut_datagram,
        too_big,
        overflow,
        stranger,
        anyone_can_stop_it,
        dead_port,
        late_error,
        empty_datagram,
        doubled_and_swapped,
        wrong_source,
        client_first,
        gbk,
        echo_loop,
    ]
}
