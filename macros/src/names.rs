//! The names of generated items.

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{Path, PathArguments};

/// The markers of methods, each with the attribute of the block that it belongs in.
pub(crate) const MARKERS: [(&str, &str); 7] = [
    ("call", "handlers"),
    ("cast", "handlers"),
    ("info", "handlers"),
    ("handle_continue", "handlers"),
    ("init", "handlers"),
    ("terminate", "handlers"),
    ("child", "supervisor"),
];

/// Elixir's callbacks, each with the marker of a method that does the same.
pub(crate) const CALLBACKS: [(&str, &str); 3] =
    [("handle_call", "call"), ("handle_cast", "cast"), ("handle_info", "info")];

/// Methods of `ActorRef` (and of every handle) that a handler of the same name would hide.
pub(crate) const RESERVED: [&str; 14] = [
    "pid",
    "clone",
    "stop",
    "kill",
    "exit",
    "downgrade",
    "is_alive",
    "monitor",
    "link",
    "name",
    "info",
    "named",
    "deref",
    "__actor",
];

/// Functions of each handle of a protocol.
pub(crate) const RESERVED_FOR_PROTOCOLS: [&str; 3] = ["of", "spawn", "__of"];

/// Methods of `SupervisorRef` that a child of the same name would hide as well.
pub(crate) const RESERVED_FOR_CHILDREN: [&str; 9] = [
    "which_child",
    "which_children",
    "count_children",
    "terminate_child",
    "restart_child",
    "start_child",
    "delete_child",
    "shutdown",
    "__child",
];

/// The attribute of the block that `marker` belongs in.
pub(crate) fn block_of(marker: &str) -> &'static str {
    MARKERS.iter().find(|(name, _)| *name == marker).map_or("handlers", |(_, block)| block)
}

/// Whether `marker` may stand in the block that `block` is the attribute of.
pub(crate) fn belongs_in(marker: &str, block: &str) -> bool {
    block_of(marker) == block || block == "protocol" && matches!(marker, "call" | "cast")
}

/// `Vault` and `Call` make `VaultCall`. It keeps the place of `name`, so that a clash with a name of
/// the user's is reported there.
pub(crate) fn with_suffix(name: &Ident, suffix: &str) -> Ident {
    format_ident!("{}{}", name.unraw(), suffix, span = name.span())
}

/// The hidden marker which `#[actor]` and `#[handlers]` agree on.
pub(crate) fn marker(name: &Ident) -> Ident {
    format_ident!("__{}Actor", name.unraw(), span = name.span())
}

/// The module of the stand-ins that are used only where `#[actor]` is missing. The line makes it differ
/// from the one of another actor of this name, in a module that is glob-imported here.
pub(crate) fn stand_ins(name: &Ident) -> Ident {
    let line = if proc_macro::is_available() { Span::call_site().unwrap().line() } else { 0 };
    format_ident!("__{}NeedsActor{}", name.unraw(), line)
}

/// The path with another last name and no generic arguments: `bank::Vault<K>` becomes `bank::name`.
pub(crate) fn renamed(path: &Path, name: Ident) -> Path {
    let mut path = path.clone();
    if let Some(last) = path.segments.last_mut() {
        last.ident = name;
        last.arguments = PathArguments::None;
    }
    path
}

/// The message of a handler: `get_all` becomes `GetAll`.
pub(crate) fn variant(name: &Ident) -> Ident {
    let text = name.unraw().to_string();
    let mut pascal = String::new();
    for word in text.split('_') {
        let mut letters = word.chars();
        pascal.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        pascal.push_str(letters.as_str());
    }
    // `_2nd` and `__` leave nothing that could start a name, `self_` leaves a keyword.
    if !pascal.starts_with(char::is_alphabetic) {
        pascal.insert(0, '_');
    }
    if matches!(pascal.as_str(), "Self" | "_") {
        pascal.push_str("Message");
    }
    Ident::new(&pascal, name.span())
}

/// A local variable of generated code: no name of the user's can be confused with it.
pub(crate) fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// The same variable, where it is used: rustc points at `place` when its type is wrong.
pub(crate) fn local_at(name: &str, place: Span) -> Ident {
    Ident::new(name, Span::mixed_site().located_at(place))
}
