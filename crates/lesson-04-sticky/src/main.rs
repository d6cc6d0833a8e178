//! Lesson 04, sticky packets: why do two messages come as one, and one message as two?

lab::lesson! {
    port: 8080,
    experiments: [
        joined,
        divided,
        nodelay_myth,
        sleep_myth,
        bigger_buffer_myth,
    ]
}
