//! Which attributes are read here, and which are copied where.

use crate::names::MARKERS;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Meta};

/// The marker that `attr` is, if it is one: `call` for `#[call]` and for `#[ghostlight::call(..)]`.
pub(crate) fn marker(attr: &Attribute) -> Option<(&'static str, &Ident)> {
    let word = &attr.path().segments.last()?.ident;
    let name = MARKERS.iter().find(|marker| word == **marker)?;
    Some((name, word))
}

/// `#[async_trait]`, which is refused beside `#[handlers]`.
pub(crate) fn is_async_trait(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "async_trait")
}

/// `ctx` or `reply`, for `#[ctx]` and `#[reply]` on a parameter.
pub(crate) fn parameter_marker(attr: &Attribute) -> Option<&'static str> {
    ["ctx", "reply"].into_iter().find(|marker| attr.path().is_ident(marker))
}

/// The marker hidden in a `#[cfg_attr(condition, marker)]`.
pub(crate) fn conditional_marker(attr: &Attribute) -> Option<&'static str> {
    let Meta::List(list) = &attr.meta else {
        return None;
    };
    if !attr.path().is_ident("cfg_attr") {
        return None;
    }
    let tokens = list.tokens.to_string();
    let (_, attributes) = tokens.split_once(',')?;
    MARKERS.into_iter().find(|marker| {
        attributes.split(',').any(|attribute| {
            let path = attribute.split('(').next().unwrap_or_default();
            path.rsplit(':').next().is_some_and(|last| last.trim() == *marker)
        })
    })
}

/// Whether `#[handlers]` takes `attr` away from a method.
pub(crate) fn is_consumed(attr: &Attribute) -> bool {
    marker(attr).is_some() || conditional_marker(attr).is_some()
}

/// `#[cfg(..)]`, for everything generated from a handler.
pub(crate) fn cfg(attrs: &[Attribute]) -> TokenStream {
    attrs.iter().filter(|attr| attr.path().is_ident("cfg")).map(ToTokens::to_token_stream).collect()
}

/// The opposite of all `#[cfg(..)]`s together; `None` where there is none.
pub(crate) fn not_cfg(attrs: &[Attribute]) -> Option<TokenStream> {
    let conditions: Vec<_> = attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .filter_map(|attr| attr.meta.require_list().ok())
        .map(|list| &list.tokens)
        .collect();
    (!conditions.is_empty()).then(|| quote!(#[cfg(not(all(#(#conditions),*)))]))
}

/// `#[doc]` alone, for `start`.
pub(crate) fn docs(attrs: &[Attribute]) -> TokenStream {
    attrs.iter().filter(|attr| attr.path().is_ident("doc")).map(ToTokens::to_token_stream).collect()
}

/// What a variant takes over from its handler.
pub(crate) fn for_variant(attrs: &[Attribute]) -> TokenStream {
    attrs
        .iter()
        .filter(|attr| ["doc", "cfg", "deprecated"].iter().any(|name| attr.path().is_ident(name)))
        .map(ToTokens::to_token_stream)
        .collect()
}

/// What a method of the handle takes over from its handler.
pub(crate) fn for_method(attrs: &[Attribute]) -> TokenStream {
    attrs.iter().filter_map(copied_to_method).collect()
}

fn copied_to_method(attr: &Attribute) -> Option<TokenStream> {
    let name = attr.path().get_ident()?.to_string();
    match name.as_str() {
        "doc" | "cfg" | "deprecated" | "allow" => Some(attr.to_token_stream()),
        // A request is `#[must_use]` already: only a reason adds something.
        "must_use" => (!matches!(attr.meta, Meta::Path(_))).then(|| attr.to_token_stream()),
        // What is expected of the handler need not happen in the method of the handle.
        "expect" => {
            let Meta::List(list) = &attr.meta else {
                return None;
            };
            let lints = &list.tokens;
            Some(quote!(#[allow(#lints)]))
        }
        _ => None,
    }
}

/// A message moves into its handler, and a handler takes `self`, whether it needs to or not.
pub(crate) fn allowed_for_handlers() -> TokenStream {
    quote!(#[allow(clippy::needless_pass_by_value, clippy::unused_self)])
}

/// Lints which the enums would trip through no fault of the user's: private and undocumented handlers make
/// variants of public enums, and a handler may be there for messages that others send.
pub(crate) fn allowed_for_enums() -> TokenStream {
    quote!(#[allow(dead_code, missing_docs, private_interfaces, clippy::type_complexity)])
}

/// Lints which are the handler's own affair, once: it has docs or not, deprecated ones are still called, and every
/// parameter is passed on, an unused `_one` too.
pub(crate) fn allowed_for_impls() -> TokenStream {
    quote! {
        #[allow(
            deprecated,
            missing_docs,
            clippy::too_many_arguments,
            clippy::type_complexity,
            clippy::used_underscore_binding
        )]
    }
}
