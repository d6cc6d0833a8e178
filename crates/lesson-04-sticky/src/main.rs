//! Lesson 04, sticky packets: why do two messages come as one, and one message as two?

lab::lesson! {
    port: 8080,
    experiments: [
        joined,
        divided,
        nodelay_myth,
        sleep_myth,
        bigger_buffer_myth,
        forgotten_rest,
        endless_line,
        two_readers,
        every_cut,
        datagrams_keep,
        unix_stream_sticks,
    ]
}
