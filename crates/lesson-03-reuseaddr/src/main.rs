//! Lesson 03, reuseaddr: why is the address already in use, and when is it free again?

lab::lesson! {
    port: 8898,
    experiments: [
        restart,
        only_the_new_one,
        after_bind,
        two_servers,
        linger_zero,
        who_closes_first,
        ports_run_out,
        self_connect,
        borrowed_port,
        inherited_listener,
    ]
}
