//! Lesson 01: TCP: a stream of bytes between two programs, and how it ends.

lab::lesson! {
    port: 23456,
    experiments: [
        one_call,
        hang_up,
        reset,
        empty_message,
        one_late,
    ]
}
