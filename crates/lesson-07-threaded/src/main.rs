//! Lesson 07: Many clients at the same time: threads, their limits, and a stop that loses nothing.

lab::lesson! {
    port: 8009,
    experiments: [
        one_panic,
    ]
}
