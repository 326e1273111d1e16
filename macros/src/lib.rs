//! The attribute macros of ghostlight. Use them through the crate `ghostlight`, which exports them all.

mod actor;
mod attrs;
mod diag;
mod dump;
mod editor;
mod handle;
mod handlers;
mod markers;
mod names;
mod options;
mod protocol;
mod self_type;
mod supervisor;
mod syntax;
#[cfg(test)]
mod tests;
mod types;

use proc_macro::TokenStream;

#[doc = include_str!("docs/actor.md")]
#[proc_macro_attribute]
pub fn actor(options: TokenStream, item: TokenStream) -> TokenStream {
    actor::expand(options.into(), &item.into()).into()
}

#[doc = include_str!("docs/handlers.md")]
#[proc_macro_attribute]
pub fn handlers(options: TokenStream, item: TokenStream) -> TokenStream {
    handlers::expand(options.into(), &item.into()).into()
}

#[doc = include_str!("docs/protocol.md")]
#[proc_macro_attribute]
pub fn protocol(options: TokenStream, item: TokenStream) -> TokenStream {
    protocol::expand(options.into(), &item.into()).into()
}

#[doc = include_str!("docs/supervisor.md")]
#[proc_macro_attribute]
pub fn supervisor(options: TokenStream, item: TokenStream) -> TokenStream {
    supervisor::expand(options.into(), &item.into()).into()
}

#[doc = include_str!("docs/call.md")]
#[proc_macro_attribute]
pub fn call(_: TokenStream, item: TokenStream) -> TokenStream {
    outside("call", item)
}

#[doc = include_str!("docs/cast.md")]
#[proc_macro_attribute]
pub fn cast(_: TokenStream, item: TokenStream) -> TokenStream {
    outside("cast", item)
}

#[doc = include_str!("docs/info.md")]
#[proc_macro_attribute]
pub fn info(_: TokenStream, item: TokenStream) -> TokenStream {
    outside("info", item)
}

#[doc = include_str!("docs/handle_continue.md")]
#[proc_macro_attribute]
pub fn handle_continue(_: TokenStream, item: TokenStream) -> TokenStream {
    outside("handle_continue", item)
}

#[doc = include_str!("docs/init.md")]
#[proc_macro_attribute]
pub fn init(_: TokenStream, item: TokenStream) -> TokenStream {
    outside("init", item)
}

#[doc = include_str!("docs/terminate.md")]
#[proc_macro_attribute]
pub fn terminate(_: TokenStream, item: TokenStream) -> TokenStream {
    outside("terminate", item)
}

#[doc = include_str!("docs/child.md")]
#[proc_macro_attribute]
pub fn child(_: TokenStream, item: TokenStream) -> TokenStream {
    outside("child", item)
}

/// A marker that is expanded was not consumed by the attribute of its block.
fn outside(marker: &str, mut item: TokenStream) -> TokenStream {
    item.extend(TokenStream::from(diag::marker_outside(marker)));
    item
}
