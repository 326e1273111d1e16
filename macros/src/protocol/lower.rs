//! From a trait to what is generated from it. A method with a mistake is reported and left out, so that the others still work.

use super::ir::Protocol;
use crate::diag::Errors;
use crate::handlers::ir::{Argument, Kind, Reply, Stream};
use crate::handlers::lower::{handler, signature};
use crate::markers::{self, Marker};
use crate::options::Options;
use crate::self_type::SelfType;
use crate::syntax::{Method, TraitBlock, TraitItem};
use crate::types;
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{FnArg, Path, Type, TypeParamBound};

/// Traits that a protocol may demand of whoever speaks it, and that are no protocols.
const PLAIN: [&str; 14] = [
    "Send",
    "Sync",
    "Sized",
    "Unpin",
    "UnwindSafe",
    "RefUnwindSafe",
    "Any",
    "Debug",
    "Display",
    "Clone",
    "Default",
    "PartialEq",
    "Eq",
    "Hash",
];

/// `None` for a trait that borrows.
pub(crate) fn lower(
    options: TokenStream,
    block: &TraitBlock,
    errors: &mut Errors,
) -> Option<Protocol> {
    let options = Options::parse(options, "protocol", errors);
    let krate = options.krate(errors);
    if let Some(lifetime) = block.generics.lifetimes().next() {
        errors.with_help(
            &lifetime.lifetime,
            "a protocol cannot borrow: its messages move to the actor's task",
            "own the data (`String`, `Arc<T>`)",
        );
        return None;
    }
    let mut protocol = Protocol {
        krate,
        ty: self_type(block),
        parents: block.supertraits.iter().filter_map(parent).collect(),
        methods: Vec::new(),
        markers: Vec::new(),
    };
    for item in &block.items {
        match item {
            TraitItem::Method(method) => lower_method(method, &mut protocol, errors),
            TraitItem::Other(_, word) => {
                let what =
                    "a protocol has methods only: who holds its handle knows no more of an actor";
                errors.with_help(word, what, "move it to a trait of its own, or to the impl block");
            }
        }
    }
    Some(protocol)
}

fn self_type(block: &TraitBlock) -> SelfType {
    let name = &block.name;
    let (_, arguments, _) = block.generics.split_for_impl();
    let mut generics = block.generics.clone();
    let names: Vec<_> = block.generics.type_params().map(|it| it.ident.clone()).collect();
    for name in names {
        let clause = generics.make_where_clause();
        clause.predicates.push(syn::parse_quote!(#name: ::core::marker::Send + 'static));
    }
    let path = syn::parse_quote!(#name #arguments);
    SelfType { path, name: name.clone(), own_generics: block.generics.clone(), generics }
}

/// The protocol that a supertrait is.
fn parent(bound: &TypeParamBound) -> Option<Path> {
    let TypeParamBound::Trait(bound) = bound else { return None };
    let last = bound.path.segments.last()?;
    (!PLAIN.iter().any(|name| last.ident == name)).then(|| bound.path.clone())
}

fn lower_method(method: &Method, protocol: &mut Protocol, errors: &mut Errors) {
    let before = errors.count();
    let marker = markers::of(method, "protocol", &mut protocol.markers, errors);
    let Some(Marker { name, options, .. }) = marker else {
        if errors.count() == before {
            errors.with_help(
                &method.sig.ident,
                "is this a `#[call]` or a `#[cast]`?",
                "mark each method of a protocol with one of them: a call answers, a cast does not",
            );
        }
        return;
    };
    let kind = if name == "call" { Kind::Call } else { Kind::Cast };
    let options = Options::parse(options, name, errors);
    refuse_self_type(method, errors);
    signature::refuse_modifiers(method, name, "trait", errors);
    if method.sig.receiver().is_none() {
        errors.with_help(
            &method.sig.ident,
            "a method of a protocol needs `&mut self` (or `&self`)",
            "a function without `self` has no actor to ask: move it out of the trait",
        );
        return;
    }
    let handler = handler::lower(method, kind, name, &options, &protocol.ty, errors);
    let handler = handler.filter(|_| errors.count() == before);
    let Some(handler) = handler else { return };
    if let Some(place) = handler.arguments.iter().find_map(|it| match it {
        Argument::Ctx(place) => Some(*place),
        _ => None,
    }) {
        errors.with_help(
            Ident::new("ctx", place),
            "a protocol's methods take no context: who speaks it may be no actor",
            "leave it out; what needs the context is a handler of the actor's own, that this one casts to",
        );
        return;
    }
    let answers_otherwise = match &handler.reply {
        Reply::Deferred(ty) => {
            Some((ty, "return the value; an `async fn` may wait for it".to_owned()))
        }
        Reply::Stream(Stream { item, .. }) => {
            let streaming = format!("return a `Streaming<{}>`", types::text(item));
            Some((item, format!("{streaming}: `StreamTo::pair()` makes both ends")))
        }
        Reply::Now(_) | Reply::None => None,
    };
    if let Some((ty, help)) = answers_otherwise {
        errors.with_help(ty, "a call of a protocol answers by its result", help);
        return;
    }
    protocol.methods.push(handler);
}

/// Who holds the handle does not know what type `Self` is.
fn refuse_self_type(method: &Method, errors: &mut Errors) {
    for ty in named_types(method) {
        if let Some(word) = types::self_in(ty.to_token_stream()) {
            errors.with_help(
                word,
                "who asks by a protocol does not know what `Self` is",
                "name a type that all who speak the protocol share",
            );
        }
    }
}

/// The types of the parameters, but for the context, and of the result.
pub(super) fn named_types(method: &Method) -> impl Iterator<Item = &Type> {
    let typed = method.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(parameter) => Some(&*parameter.ty),
        FnArg::Receiver(_) => None,
    });
    typed.filter(|ty| !types::is_ctx(ty)).chain(signature::returned(method))
}
