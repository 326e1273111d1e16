//! The enums: what travels to the actor and back, without channels or reply ports in it.

use crate::attrs;
use crate::handlers::ir::{Handler, Handlers, Kind, Reply, Stream};
use crate::names;
use proc_macro2::TokenStream;
use quote::quote;
use syn::Visibility;

pub(super) fn expand(handlers: &Handlers) -> TokenStream {
    let messages = Kind::ALL.into_iter().map(|kind| {
        let variants = handlers.of(kind).map(message).collect::<Vec<_>>();
        let docs = format!(" The {} of `{}`.", plural(kind), handlers.actor.name);
        data_enum(handlers, kind.word(), &docs, &variants)
    });
    let replies =
        handlers.of(Kind::Call).filter_map(|handler| reply(handlers, handler)).collect::<Vec<_>>();
    let docs = format!(" The replies to the calls of `{}`.", handlers.actor.name);
    let replies = data_enum(handlers, "Reply", &docs, &replies);
    let conversions = handlers.of(Kind::Info).map(|handler| info_from(handlers, handler));
    let never = handlers.has(Kind::Info).then(|| info_from_never(handlers));
    messages.chain([replies]).chain(conversions).chain(never).collect()
}

fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Call => "calls",
        Kind::Cast => "casts",
        Kind::Info => "infos",
        Kind::Continue => "continues",
    }
}

// Input:  variants Get { key: K } and Clear, of impl<K: Eq> Cache<K>
// Output: pub enum CacheCall<K: Eq> {
//             Get { key: K },
//             Clear,
//             __Marker(PhantomData<fn() -> (K,)>, Never),
//         }
// `pub` whatever the handlers are: an associated type of a public actor must be (E0446), and whether the
// actor is public cannot be seen here. Without a public handler the enum is at least no part of the docs.
fn data_enum(
    handlers: &Handlers,
    suffix: &str,
    docs: &str,
    variants: &[TokenStream],
) -> TokenStream {
    if variants.is_empty() {
        return TokenStream::new();
    }
    let Handlers { krate, actor, derives, .. } = handlers;
    let name = actor.enum_name(suffix);
    let derive = (!derives.is_empty()).then(|| quote!(#[derive(#derives)]));
    let is_public = |handler: &Handler| matches!(handler.vis, Visibility::Public(_));
    let hidden = (!handlers.methods.iter().any(is_public)).then(|| quote!(#[doc(hidden)]));
    let allowed = attrs::allowed_for_enums();
    let generics = &actor.generics;
    let where_clause = &generics.where_clause;
    let parameters: Vec<_> = generics.type_params().map(|parameter| &parameter.ident).collect();
    let marker = (!parameters.is_empty()).then(|| {
        quote! {
            #[doc(hidden)]
            __Marker(
                ::core::marker::PhantomData<fn() -> (#(#parameters,)*)>,
                #krate::__private0::Never,
            ),
        }
    });
    quote! {
        #[doc = #docs]
        #hidden
        #allowed
        #derive
        pub enum #name #generics #where_clause {
            #(#variants,)*
            #marker
        }
    }
}

// Input:  /// Takes `amount`.
//         #[call] pub fn withdraw(&mut self, owner: String, amount: u64) -> Result<u64, Refused>
// Output: /// Takes `amount`.
//         Withdraw { owner: String, amount: u64 }
fn message(handler: &Handler) -> TokenStream {
    let attrs = attrs::for_variant(&handler.attrs);
    let variant = &handler.variant;
    let (names, types): (Vec<_>, Vec<_>) = handler.fields().map(|f| (&f.name, &f.ty)).unzip();
    let fields = match (handler.kind, names.is_empty()) {
        (_, true) => TokenStream::new(),
        // What an info carries is the message itself.
        (Kind::Info, false) => quote!((#(#types),*)),
        (_, false) => quote!({ #(#names: #types),* }),
    };
    quote!(#attrs #variant #fields)
}

// Input:  #[call] pub fn balance(&self, owner: String) -> Option<u64>
// Output: Balance(Option<u64>)
//
// Input:  #[call] pub fn watch(&mut self, out: StreamTo<Movement>)
// Output: Watch(Opened<Movement>)
fn reply(handlers: &Handlers, handler: &Handler) -> Option<TokenStream> {
    let ty = match &handler.reply {
        Reply::Now(ty) | Reply::Deferred(ty) => ty.clone(),
        Reply::Stream(stream) => opened(handlers, stream),
        Reply::None => return None,
    };
    let attrs = attrs::for_variant(&handler.attrs);
    let variant = &handler.variant;
    Some(quote!(#attrs #variant(#ty)))
}

/// What the reply of a call with a stream carries.
pub(super) fn opened(handlers: &Handlers, stream: &Stream) -> TokenStream {
    let (krate, item) = (&handlers.krate, &stream.item);
    quote!(#krate::__private0::Opened<#item>)
}

// Input:  #[info] fn alarm(&mut self, alarm: Alarm)
// Output: impl From<Alarm> for VaultInfo { .. }: so that what comes in finds its handler by its type
fn info_from(handlers: &Handlers, handler: &Handler) -> TokenStream {
    let Some(field) = handler.fields().next() else {
        return TokenStream::new();
    };
    let cfg = handler.cfg();
    let allowed = attrs::allowed_for_impls();
    let (ty, variant) = (&field.ty, &handler.variant);
    let name = handlers.actor.enum_name("Info");
    let (impl_generics, arguments, where_clause) = enum_generics(handlers);
    let value = names::local("value");
    quote! {
        #cfg
        #allowed
        #[automatically_derived]
        impl #impl_generics ::core::convert::From<#ty> for #name #arguments #where_clause {
            fn from(#value: #ty) -> Self {
                Self::#variant(#value)
            }
        }
    }
}

// Input:  the `#[info]` handlers of impl Vault
// Output: impl From<Never> for VaultInfo { .. }: one conversion more, so that the compiler does not guess when a message fits
//         none, and says instead which handler is missing
fn info_from_never(handlers: &Handlers) -> TokenStream {
    let krate = &handlers.krate;
    let allowed = attrs::allowed_for_impls();
    let name = handlers.actor.enum_name("Info");
    let (impl_generics, arguments, where_clause) = enum_generics(handlers);
    let never = names::local("never");
    quote! {
        #allowed
        #[automatically_derived]
        impl #impl_generics ::core::convert::From<#krate::__private0::Never> for #name #arguments
            #where_clause
        {
            fn from(#never: #krate::__private0::Never) -> Self {
                match #never {}
            }
        }
    }
}

fn enum_generics(
    handlers: &Handlers,
) -> (syn::ImplGenerics<'_>, syn::TypeGenerics<'_>, Option<&syn::WhereClause>) {
    handlers.actor.generics.split_for_impl()
}

/// How a message is written: `VaultCall::Withdraw { owner, amount }`, as a pattern and as a value.
pub(super) fn literal(handlers: &Handlers, handler: &Handler) -> TokenStream {
    let fields = handler.fields().map(|field| &field.name);
    written(handlers, handler, &quote!(#(#fields),*))
}

/// The pattern of every message for a handler: `VaultCall::Withdraw { .. }`.
pub(super) fn any(handlers: &Handlers, handler: &Handler) -> TokenStream {
    written(handlers, handler, &quote!(..))
}

fn written(handlers: &Handlers, handler: &Handler, fields: &TokenStream) -> TokenStream {
    let name = handlers.actor.enum_name(handler.kind.word());
    let variant = &handler.variant;
    match (handler.kind, handler.fields().next()) {
        (_, None) => quote!(#name::#variant),
        (Kind::Info, Some(_)) => quote!(#name::#variant(#fields)),
        (_, Some(_)) => quote!(#name::#variant { #fields }),
    }
}
