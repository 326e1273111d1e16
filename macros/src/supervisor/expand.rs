//! What `#[supervisor]` adds to the impl block, one file a kind of item.

mod handle_type;
mod tree;

use super::ir::Supervisor;
use crate::editor;
use proc_macro2::TokenStream;

pub(crate) fn expand(supervisor: &Supervisor) -> TokenStream {
    let parts = [
        handle_type::expand(supervisor),
        tree::expand(supervisor),
        editor::uses(&supervisor.krate, &supervisor.markers),
    ];
    parts.into_iter().collect()
}
