//! What `#[handlers]` adds to the impl block, one file a kind of item.

mod checks;
mod dispatch;
mod handle_type;
mod init;
mod messages;

pub(crate) use self::handle_type::limit;

use super::ir::Handlers;
use crate::editor;
use proc_macro2::TokenStream;
use syn::Path;

/// For a block that is no use: `#[actor]` need not report that there is none.
pub(crate) fn refused(krate: &TokenStream, path: Option<&Path>) -> TokenStream {
    path.map(|path| checks::refused(krate, path)).unwrap_or_default()
}

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
