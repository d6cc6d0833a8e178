//! Lesson 01: TCP: a stream of bytes between two programs, and how it ends.

mod forms;
mod gbk_sender;

lab::lesson! {
    port: 23456,
    tools: [gbk_sender::TOOL],
    experiments: [
        one_call,
        hang_up,
        reset,
        empty_message,
        one_late,
        half_close,
        closed_too_much,
        both_write_first,
        write_ok,
        unread_data,
        part_write,
        slow_reader,
        split_character,
        wrong_encoding,
        ignored_connect,
        full_queue,
        silent_peer,
    ]
}
