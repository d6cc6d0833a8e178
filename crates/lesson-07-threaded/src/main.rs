//! Lesson 07: Many clients at the same time: threads, their limits, and a stop that loses nothing.

mod guest;
mod load;
mod wire;

lab::lesson! {
    port: 8009,
    tools: [load::TOOL, finished::CONVERSE],
    experiments: [
        one_at_a_time,
        flooded,
        exact_words,
        joined_greeting,
        no_limit,
        one_panic,
        no_descriptors,
        accept_unwrap,
        slow_loris,
        cannot_stop,
        lost_count,
        restart,
    ]
}
