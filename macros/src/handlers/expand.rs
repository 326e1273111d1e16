//! What `#[handlers]` adds to the impl block, one file a kind of item.

mod checks;
mod dispatch;
mod handle_type;
mod init;
mod messages;

use super::ir::Handlers;
use crate::editor;
use proc_macro2::TokenStream;

pub(crate) fn expand(handlers: &Handlers) -> TokenStream {
    let parts = [
        messages::expand(handlers),
        handle_type::expand(handlers),
        dispatch::expand(handlers),
        init::expand(handlers),
        checks::expand(handlers),
        editor::uses(&handlers.krate, &handlers.markers),
    ];
    parts.into_iter().collect()
}
