//! The finished program.

use lab::{Finished, Tool};

pub(crate) const FINISHED: Finished = Finished {
    serve: Tool { options: |command| command, run: |_, _| anyhow::bail!("to be written") },
    connect: Tool { options: |command| command, run: |_, _| anyhow::bail!("to be written") },
};
