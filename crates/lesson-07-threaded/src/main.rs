//! Lesson 07: Threads: many clients at the same time, and what one of them can do to the others.

lab::lesson! {
    port: 8009,
    experiments: [
    ]
}
