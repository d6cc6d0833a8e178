//! Lesson 00: Addresses: who can reach whom, and by which address.

mod kinds;
mod requests;
mod resolver;
mod tools;

lab::lesson! {
    port: 8900,
    tools: [tools::inspect::TOOL, tools::resolve::TOOL, tools::ports::TOOL, tools::here::TOOL],
    experiments: [
        same_network,
        name_family,
        mapped_address,
    ]
}
