//! Lesson 00: Addresses: who can reach whom, and by which address.

lab::lesson! {
    port: 8900,
    experiments: [
    ]
}
