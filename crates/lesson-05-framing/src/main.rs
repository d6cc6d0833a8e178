//! Lesson 05, framing: where does one message end and the next begin?

lab::lesson! {
    port: 8080,
    experiments: [
        split_header,
        short_body,
        byte_order,
        ran_twice,
    ]
}
