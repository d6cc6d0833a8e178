//! Whatever starts processes, acts on them and cleans up after them.

pub(crate) mod actor;
pub(crate) mod descriptors;
pub(crate) mod group;
pub(crate) mod guard;
pub(crate) mod launch;
pub(crate) mod limits;
pub(crate) mod own_server;
