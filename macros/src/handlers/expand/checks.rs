//! What only the type checker can tell, asked so that it answers in our words and at the user's type.

use crate::attrs;
use crate::handlers::ir::{ActorType, Field, Handler, Handlers, Reply, fields};
use crate::names;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{GenericArgument, GenericParam, PathArguments, Type};

pub(super) fn expand(handlers: &Handlers) -> TokenStream {
    [assertions(handlers), marker(handlers), missing_actor(handlers)].into_iter().collect()
}

// Input:  #[call] pub fn balance(&self, owner: String) -> Option<u64>
// Output: const _: () = {
//             assert_message::<String>();
//             assert_reply::<Option<u64>>();
//         };
// The type is an explicit argument, so that rustc points at it. With type parameters the assertions
// stand in a function that has them.
fn assertions(handlers: &Handlers) -> TokenStream {
    let krate = &handlers.krate;
    let of_init = handlers.inits.iter().flat_map(|init| {
        let cfg = attrs::cfg(&init.attrs);
        fields(&init.arguments).map(move |field| assert_message(&cfg, field))
    });
    let of_handlers = handlers.methods.iter().flat_map(|handler| assertions_of(handlers, handler));
    let assertions: Vec<_> = of_init.chain(of_handlers).collect();
    if assertions.is_empty() {
        return TokenStream::new();
    }
    let generics = &handlers.actor.generics;
    let where_clause = &generics.where_clause;
    let body = if generics.params.is_empty() {
        quote!(#(#assertions)*)
    } else {
        quote! {
            const fn check #generics () #where_clause {
                #(#assertions)*
            }
        }
    };
    quote! {
        const _: () = {
            use #krate::__private0::{assert_message, assert_reply, assert_sync_state};
            #body
        };
    }
}

fn assertions_of(handlers: &Handlers, handler: &Handler) -> Vec<TokenStream> {
    let cfg = handler.cfg();
    let messages = handler.fields().map(|field| assert_message(&cfg, field));
    let reply = match &handler.reply {
        Reply::Now(ty) | Reply::Deferred(ty) => Some(quote!(#cfg assert_reply::<#ty>();)),
        Reply::None => None,
    };
    // An async handler keeps `&self` while it waits, and moves between threads with it.
    let state = handler.shared_self.as_ref().filter(|_| handler.is_async).map(|receiver| {
        let actor = at(handlers.actor.path.to_token_stream(), receiver);
        quote!(#cfg assert_sync_state::<#actor>();)
    });
    messages.chain(reply).chain(state).collect()
}

fn assert_message(cfg: &TokenStream, field: &Field) -> TokenStream {
    let ty = &field.ty;
    quote!(#cfg assert_message::<#ty>();)
}

/// The same tokens, at another place.
fn at(tokens: TokenStream, place: &TokenStream) -> TokenStream {
    let Some(span) = place.clone().into_iter().next().map(|tree| tree.span()) else {
        return tokens;
    };
    let respanned = tokens.into_iter().map(|mut tree: TokenTree| {
        tree.set_span(span);
        tree
    });
    respanned.collect()
}

// Input:  impl Vault
// Output: impl HasHandlers for __VaultActor {}
fn marker(handlers: &Handlers) -> TokenStream {
    let krate = &handlers.krate;
    let marker = handlers.actor.marker();
    quote! {
        #[automatically_derived]
        impl #krate::__private0::HasHandlers for #marker {}
    }
}

// Input:  impl<K> Cache<K>
// Output: mod __CacheNeedsActor7 { pub struct CacheRef<P0>(..); pub struct __CacheActor; }
//         use __CacheNeedsActor7::*;
// What `#[actor]` generates wins over a glob import. So these are used only where it is missing, and
// leave one error: that `Cache` is no `State`.
fn missing_actor(handlers: &Handlers) -> TokenStream {
    let actor = &handlers.actor;
    if actor.path.segments.len() != 1 || actor.path.leading_colon.is_some() {
        return TokenStream::new();
    }
    let Some(parameters) = stand_in_parameters(actor) else {
        return TokenStream::new();
    };
    let module = names::stand_ins(&actor.name);
    let handle = actor.enum_name("Ref");
    let marker = names::marker(&actor.name);
    quote! {
        #[doc(hidden)]
        #[allow(non_snake_case)]
        mod #module {
            pub struct #handle<#(#parameters),*>(::core::marker::PhantomData<(#(#parameters,)*)>);
            impl<#(#parameters),*> #handle<#(#parameters),*> {
                pub fn __actor<T>(&self) -> T {
                    ::core::unreachable!()
                }
            }
            pub struct #marker;
        }
        use #module::*;
    }
}

/// A type parameter for each generic argument. `None` where one is a constant: its type is unknown here.
fn stand_in_parameters(actor: &ActorType) -> Option<Vec<Ident>> {
    let arguments = match &actor.path.segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().collect(),
        _ => Vec::new(),
    };
    let parameters = arguments.into_iter().enumerate().map(|(index, argument)| match argument {
        GenericArgument::Type(ty) if !is_const(actor, ty) => Some(format_ident!("P{index}")),
        _ => None,
    });
    parameters.collect()
}

fn is_const(actor: &ActorType, ty: &Type) -> bool {
    actor.generics.params.iter().any(|parameter| match parameter {
        GenericParam::Const(parameter) => parameter.ident == ty.to_token_stream().to_string(),
        _ => false,
    })
}
