//! Which attributes are read here, and which are copied where.

use crate::diag::Errors;
use crate::names::{CALLBACKS, MARKERS};
use crate::types;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// The marker that `attr` is, if it is one: `call` for `#[call]` and for `#[ghostlight::call(..)]`, and for the
/// `#[handle_call]` that is meant for it.
pub(crate) fn marker(attr: &Attribute) -> Option<(&'static str, &Ident)> {
    let word = &attr.path().segments.last()?.ident;
    let markers = MARKERS.iter().map(|(marker, _)| (marker, marker));
    let callbacks = CALLBACKS.iter().filter(|(callback, _)| attr.path().is_ident(callback));
    let callbacks = callbacks.map(|(callback, marker)| (callback, marker));
    let (_, name) = markers.chain(callbacks).find(|(written, _)| word == *written)?;
    Some((name, word))
}

/// The item without the markers in its body.
pub(crate) fn without_markers(item: TokenStream) -> TokenStream {
    let parser = |input: ParseStream| {
        input
            .call(Attribute::parse_outer)
            .map(|read| read.iter().any(|attr| marker(attr).is_some()))
    };
    in_body(item, &mut |attribute| {
        let is_marker = parser.parse2(attribute.clone()).unwrap_or(false);
        if is_marker { TokenStream::new() } else { attribute }
    })
}

/// The item with `#[handle_continue]` for each `#[continue]`, which nothing can be called; `None` where there
/// is none.
pub(crate) fn with_continue(item: TokenStream, errors: &mut Errors) -> Option<TokenStream> {
    let before = errors.count();
    let item = in_body(item, &mut |attribute| {
        let Ok(word) = continue_marker.parse2(attribute.clone()) else {
            return attribute;
        };
        errors.with_help(
            word,
            "`continue` is a keyword, so it cannot be a marker",
            "`#[handle_continue]`",
        );
        let marker = Ident::new("handle_continue", word.span);
        quote!(#[#marker])
    });
    (errors.count() > before).then_some(item)
}

fn continue_marker(input: ParseStream) -> syn::Result<Token![continue]> {
    input.parse::<Token![#]>()?;
    let content;
    syn::bracketed!(content in input);
    content.parse()
}

/// The item with what `change` makes of each attribute in its body.
fn in_body(item: TokenStream, change: &mut dyn FnMut(TokenStream) -> TokenStream) -> TokenStream {
    let of_tree = |tree| match tree {
        TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => {
            let mut changed = TokenStream::new();
            let mut trees = body.stream().into_iter().peekable();
            while let Some(tree) = trees.next() {
                let is_hash = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '#');
                let bracket = trees.next_if(|next| {
                    is_hash && matches!(next, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket)
                });
                changed.extend(match bracket {
                    Some(bracket) => change([tree, bracket].into_iter().collect()),
                    None => tree.into(),
                });
            }
            let mut changed = Group::new(Delimiter::Brace, changed);
            changed.set_span(body.span());
            changed.into()
        }
        tree => tree,
    };
    item.into_iter().map(of_tree).collect()
}

/// `#[async_trait]`, which is refused beside `#[handlers]` and `#[supervisor]`.
pub(crate) fn is_async_trait(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "async_trait")
}

/// `ctx`, `reply` or `stream`, for `#[ctx]`, `#[reply]` and `#[stream]` on a parameter.
pub(crate) fn parameter_marker(attr: &Attribute) -> Option<&'static str> {
    ["ctx", "reply", "stream"].into_iter().find(|marker| attr.path().is_ident(marker))
}

/// The condition and the marker of a `#[cfg_attr(condition, marker)]`.
pub(crate) fn conditional_marker(attr: &Attribute) -> Option<(String, &'static str)> {
    let Meta::List(arguments) = &attr.meta else {
        return None;
    };
    if !attr.path().is_ident("cfg_attr") {
        return None;
    }
    let parts =
        Punctuated::<Meta, Token![,]>::parse_terminated.parse2(arguments.tokens.clone()).ok()?;
    let found = parts.iter().skip(1).find_map(|meta| {
        let last = &meta.path().segments.last()?.ident;
        MARKERS.into_iter().map(|(marker, _)| marker).find(|marker| last == marker)
    })?;
    Some((types::text(parts.first()?).replace(" (", "("), found))
}

/// Whether the attribute of the block takes `attr` away from a method.
pub(crate) fn is_consumed(attr: &Attribute) -> bool {
    marker(attr).is_some() || conditional_marker(attr).is_some()
}

/// `#[cfg(..)]`, for everything generated from a handler.
pub(crate) fn cfg(attrs: &[Attribute]) -> TokenStream {
    attrs.iter().filter(|attr| attr.path().is_ident("cfg")).map(ToTokens::to_token_stream).collect()
}

/// All `#[cfg(..)]`s together, as one condition; `None` where there is none.
pub(crate) fn condition(attrs: &[Attribute]) -> Option<TokenStream> {
    let conditions: Vec<_> = attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .filter_map(|attr| attr.meta.require_list().ok())
        .map(|list| &list.tokens)
        .collect();
    (!conditions.is_empty()).then(|| quote!(all(#(#conditions),*)))
}

/// The opposite of all `#[cfg(..)]`s together; `None` where there is none.
pub(crate) fn not_cfg(attrs: &[Attribute]) -> Option<TokenStream> {
    condition(attrs).map(|condition| quote!(#[cfg(not(#condition))]))
}

/// `#[doc]` alone, for `start` and the like.
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

/// A message moves into its handler and a handle into its child, and each takes `self`, whether it needs to or not.
/// What a handler returns is for its caller, who gets a request that is `#[must_use]`.
pub(crate) fn allowed_for_marked() -> TokenStream {
    quote! {
        #[allow(clippy::must_use_candidate, clippy::needless_pass_by_value, clippy::unused_self)]
    }
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

/// Lints on the accessors of a supervisor's children: a child need not be asked for, and may be more private than the
/// handle, which is `pub` because the block does not say how visible its type is.
pub(crate) fn allowed_for_accessors() -> TokenStream {
    quote! {
        #[allow(
            dead_code,
            deprecated,
            missing_docs,
            private_interfaces,
            clippy::must_use_candidate
        )]
    }
}
