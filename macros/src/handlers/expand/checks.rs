//! What only the type checker can tell, asked so that it answers in our words and at the user's type.

use super::dispatch;
use crate::handlers::ir::{Field, Handler, Handlers, Init, Reply, fields};
use crate::self_type::SelfType;
use crate::{names, types};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{ConstParam, GenericArgument, Generics, Path, PathArguments, Type};

pub(super) fn expand(handlers: &Handlers) -> TokenStream {
    let actor = &handlers.actor;
    let parts = [
        of_type_parameters(handlers),
        marker(&handlers.krate, &actor.path, &actor.name),
        missing_actor(actor),
    ];
    parts.into_iter().collect()
}

/// One question about a type.
struct Assertion {
    tokens: TokenStream,
    /// It is about a type with a type parameter in it.
    has_parameter: bool,
}

// Input:  #[call] pub fn balance(&self, owner: String) -> Option<u64>
// Output: const {
//             use ::ghostlight::__private0::{assert_message, assert_reply};
//             assert_message::<String>();
//             assert_reply::<Option<u64>>();
//         }
/// What is asked about all handlers. It stands in the body of the dispatch: rustc is silent about what
/// follows from an error there, such as a future that cannot be `Send`.
pub(super) fn of_handlers(handlers: &Handlers) -> TokenStream {
    let is_async = dispatch::has_async(handlers);
    let assertions = handlers.methods.iter().flat_map(|handler| assertions_of(handlers, handler));
    in_body(handlers, assertions.filter(|it| is_async || !it.has_parameter))
}

/// What is asked about the arguments of an init, in its body.
pub(super) fn of_init(handlers: &Handlers, init: &Init) -> TokenStream {
    let no_cfg = TokenStream::new();
    let of_field = |field: &Field| assertion(handlers, &no_cfg, &field.ty, &quote!(assert_message));
    in_body(handlers, fields(&init.arguments).map(of_field))
}

fn in_body(handlers: &Handlers, assertions: impl Iterator<Item = Assertion>) -> TokenStream {
    let block = block(handlers, assertions);
    if block.is_empty() { block } else { quote!(const { #block }) }
}

// Input:  impl<V> Cache<V> { #[cast] fn put(&mut self, value: V) }
// Output: const _: () = {
//             const fn check<V>() { assert_send::<V>(); }
//         };
/// Of a type with a type parameter `Send` itself is asked, where the parameters are bounded as the user
/// wrote it: rustc then says which bound to add, and where. Not beside an `async` body, which rustc would report
/// as well: there it is asked in the body.
fn of_type_parameters(handlers: &Handlers) -> TokenStream {
    let is_async = dispatch::has_async(handlers);
    let assertions = handlers.methods.iter().flat_map(|handler| assertions_of(handlers, handler));
    let block = block(handlers, assertions.filter(|it| !is_async && it.has_parameter));
    if block.is_empty() {
        return block;
    }
    let generics = &handlers.actor.own_generics;
    let where_clause = &generics.where_clause;
    quote! {
        const _: () = {
            const fn check #generics () #where_clause { #block }
        };
    }
}

fn block(handlers: &Handlers, assertions: impl Iterator<Item = Assertion>) -> TokenStream {
    let krate = &handlers.krate;
    let (with, without): (Vec<_>, Vec<_>) = assertions.partition(|it| it.has_parameter);
    let [with, without] = [with, without].map(|list| list.into_iter().map(|it| it.tokens));
    let with: TokenStream = with.collect();
    let without: TokenStream = without.collect();
    let uses = (!without.is_empty()).then(|| {
        quote! {
            #[allow(unused_imports)]
            use #krate::__private0::{assert_item, assert_message, assert_reply, assert_sync_state};
        }
    });
    let assert_send = (!with.is_empty()).then(|| {
        quote!(
            const fn assert_send<T: ::core::marker::Send>() {}
        )
    });
    quote!(#uses #assert_send #with #without)
}

fn assertions_of<'a>(
    handlers: &'a Handlers,
    handler: &'a Handler,
) -> impl Iterator<Item = Assertion> + use<'a> {
    let cfg = handler.cfg();
    let reply = match &handler.reply {
        Reply::Now(ty) | Reply::Deferred(ty) => Some((ty, quote!(assert_reply))),
        Reply::Stream(stream) => Some((&stream.item, quote!(assert_item))),
        Reply::None => None,
    };
    let fields = handler.fields().map(|field| (&field.ty, quote!(assert_message)));
    let values = fields.chain(reply);
    let values = values.map(move |(ty, function)| assertion(handlers, &cfg, ty, &function));
    // An async handler keeps `&self` while it waits, and moves between threads with it.
    let state = handler.shared_self.as_ref().filter(|_| handler.is_async).map(|receiver| {
        let cfg = handler.cfg();
        let actor = at(handlers.actor.path.to_token_stream(), receiver);
        let tokens = quote!(#cfg assert_sync_state::<#actor>(););
        Assertion { tokens, has_parameter: false }
    });
    values.chain(state)
}

/// The type is an explicit argument, so that rustc points at it.
fn assertion(
    handlers: &Handlers,
    cfg: &TokenStream,
    ty: &TokenStream,
    function: &TokenStream,
) -> Assertion {
    let generics = &handlers.actor.generics;
    let parameters: Vec<_> = generics.type_params().map(|parameter| &parameter.ident).collect();
    let has_parameter = types::mentions(ty, &parameters);
    let function = if has_parameter { &quote!(assert_send) } else { function };
    Assertion { tokens: quote!(#cfg #function::<#ty>();), has_parameter }
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

// Input:  impl<'a> Vault<'a>
// Output: impl HasHandlers for __VaultActor {}
//         mod __VaultNeedsActor7 { pub struct __VaultActor; }
//         use __VaultNeedsActor7::*;
pub(super) fn refused(krate: &TokenStream, path: &Path) -> TokenStream {
    let Some(last) = path.segments.last() else {
        return TokenStream::new();
    };
    let marker = marker(krate, path, &last.ident);
    let stand_ins = stand_ins(path, &last.ident, &TokenStream::new());
    quote!(#marker #stand_ins)
}

// Input:  impl Vault
// Output: impl HasHandlers for __VaultActor {}
fn marker(krate: &TokenStream, path: &Path, name: &Ident) -> TokenStream {
    let marker = names::renamed(path, names::marker(name));
    quote! {
        #[diagnostic::do_not_recommend]
        #[automatically_derived]
        impl #krate::__private0::HasHandlers for #marker {}
    }
}

// Input:  impl<K> Cache<K>
// Output: mod __CacheNeedsActor7 { pub struct CacheRef<P0>(..); pub struct __CacheActor; }
//         use __CacheNeedsActor7::*;
fn missing_actor(actor: &SelfType) -> TokenStream {
    let Some(parameters) = stand_in_parameters(actor) else {
        return TokenStream::new();
    };
    let handle = actor.enum_name("Ref");
    let types = parameters.type_params().map(|parameter| &parameter.ident);
    let fields = quote!((::core::marker::PhantomData<(#(#types,)*)>));
    let (_, arguments, _) = parameters.split_for_impl();
    let handle = quote! {
        pub struct #handle #parameters #fields;
        impl #parameters #handle #arguments {
            pub const fn named(_: &'static str) -> Self {
                Self(::core::marker::PhantomData)
            }
            pub fn __actor<T>(&self) -> T {
                ::core::unreachable!()
            }
        }
    };
    stand_ins(&actor.path, &actor.name, &handle)
}

/// What `#[actor]` generates wins over a glob import. So these are used only where it is missing, and
/// leave one error: that `Cache` is no `State`.
fn stand_ins(path: &Path, name: &Ident, handle: &TokenStream) -> TokenStream {
    if path.segments.len() != 1 || path.leading_colon.is_some() {
        return TokenStream::new();
    }
    let (module, marker) = (names::stand_ins(name), names::marker(name));
    quote! {
        #[doc(hidden)]
        #[allow(non_snake_case)]
        mod #module {
            #handle
            pub struct #marker;
        }
        use #module::*;
    }
}

/// A parameter for each generic argument. `None` where one is a constant whose type is unknown here.
fn stand_in_parameters(actor: &SelfType) -> Option<Generics> {
    let arguments = match &actor.path.segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().collect(),
        _ => Vec::new(),
    };
    let mut generics = Generics::default();
    for (index, argument) in arguments.into_iter().enumerate() {
        let GenericArgument::Type(ty) = argument else {
            return None;
        };
        let name = format_ident!("P{index}");
        generics.params.push(match const_type(actor, ty) {
            Some(ty) => syn::parse_quote!(const #name: #ty),
            None => syn::parse_quote!(#name),
        });
    }
    Some(generics)
}

/// The type of the constant parameter that `argument` is, if it is one.
fn const_type<'a>(actor: &'a SelfType, argument: &Type) -> Option<&'a Type> {
    let mut constants = actor.generics.const_params();
    let named = |parameter: &&ConstParam| parameter.ident == argument.to_token_stream().to_string();
    constants.find(named).map(|parameter| &parameter.ty)
}
