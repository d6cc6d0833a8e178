//! Lesson 05, framing: where does one message end and the next begin?

mod misread;

lab::lesson! {
    port: 8080,
    experiments: [
        double_count,
        length_ack,
        split_header,
        short_body,
        cut_off,
        byte_order,
        signed_length,
        huge_length,
        two_writes,
        char_count,
        lost_place,
        timeout_retry,
        joined_commands,
        pipe_deadlock,
        ran_twice,
    ]
}
