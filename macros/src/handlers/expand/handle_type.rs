//! The methods of the handle: one for each call and each cast.

use super::messages;
use crate::attrs;
use crate::handlers::ir::{Handler, Handlers, Kind, Limit, Reply, Stream};
use crate::names;
use crate::options::duration;
use proc_macro2::TokenStream;
use quote::quote;

// Input:  the calls and casts of impl<K: Eq> Cache<K>
// Output: impl<K: Eq> CacheRef<K> { .. }
pub(super) fn expand(handlers: &Handlers) -> TokenStream {
    let methods = handlers.methods.iter().filter_map(|handler| match handler.kind {
        Kind::Call => Some(call(handlers, handler)),
        Kind::Cast => Some(cast(handlers, handler)),
        Kind::Info | Kind::Continue => None,
    });
    let allowed = attrs::allowed_for_impls();
    let handle = handlers.actor.handle();
    let (impl_generics, _, where_clause) = handlers.actor.generics.split_for_impl();
    quote! {
        #allowed
        impl #impl_generics #handle #where_clause {
            #(#methods)*
        }
    }
}

// Input:  #[call] pub fn withdraw(&mut self, owner: String, amount: u64) -> Result<u64, Refused>
// Output: pub fn withdraw(&self, owner: String, amount: u64) -> Call<'_, Vault, Result<u64, Refused>> {
//             Call::__new(
//                 self.__actor(),
//                 VaultCall::Withdraw { owner, amount },
//                 CallOptions { inline: true, later: false, always: false, limit: Limit::Default },
//                 |reply| match reply { VaultReply::Withdraw(value) => value, _ => unreachable!() },
//             )
//         }
//
// Input:  #[call] pub fn watch(&mut self, out: StreamTo<Movement>)
// Output: pub fn watch(&self) -> Call<'_, Vault, Streaming<Movement>> { .. value.into_streaming() .. }
fn call(handlers: &Handlers, handler: &Handler) -> TokenStream {
    let krate = &handlers.krate;
    let (ty, is_stream) = match &handler.reply {
        Reply::Now(ty) | Reply::Deferred(ty) => (ty.clone(), false),
        Reply::Stream(Stream { item, .. }) => (quote!(#krate::Streaming<#item>), true),
        Reply::None => return TokenStream::new(),
    };
    let actor = &handlers.actor.path;
    let message = messages::literal(handlers, handler);
    let replies = handlers.actor.enum_name("Reply");
    let variant = &handler.variant;
    let (reply, value) = (names::local("reply"), names::local("value"));
    let unwrapped = if is_stream { quote!(#value.into_streaming()) } else { quote!(#value) };
    let (inline, always) = (!handler.is_async, handler.always);
    let later = !matches!(handler.reply, Reply::Now(_));
    let limit = limit(handler.limit, krate);
    let result = quote!(#krate::Call<'_, #actor, #ty>);
    let body = quote! {
        #krate::Call::__new(
            self.__actor(),
            #message,
            #krate::__private0::CallOptions {
                inline: #inline,
                later: #later,
                always: #always,
                limit: #limit,
            },
            |#reply| match #reply {
                #replies::#variant(#value) => #unwrapped,
                _ => ::core::unreachable!(),
            },
        )
    };
    method(handler, &result, &body)
}

// Input:  #[cast] pub fn deposit(&mut self, owner: String, amount: u64)
// Output: pub fn deposit(&self, owner: String, amount: u64) -> Cast<'_, Vault> {
//             Cast::__new(self.__actor(), VaultCast::Deposit { owner, amount })
//         }
fn cast(handlers: &Handlers, handler: &Handler) -> TokenStream {
    let krate = &handlers.krate;
    let actor = &handlers.actor.path;
    let message = messages::literal(handlers, handler);
    let result = quote!(#krate::Cast<'_, #actor>);
    method(handler, &result, &quote!(#krate::Cast::__new(self.__actor(), #message)))
}

fn method(handler: &Handler, result: &TokenStream, body: &TokenStream) -> TokenStream {
    let attrs = attrs::for_method(&handler.attrs);
    let (vis, name) = (&handler.vis, &handler.name);
    let (names, types): (Vec<_>, Vec<_>) = handler.fields().map(|f| (&f.name, &f.ty)).unzip();
    quote! {
                #attrs
        #[inline]
        #vis fn #name(&self, #(#names: #types),*) -> #result {
            #body
        }
    }
}

pub(crate) fn limit(limit: Limit, krate: &TokenStream) -> TokenStream {
    let limit = match limit {
        Limit::Default => quote!(Default),
        Limit::Infinite => quote!(Infinite),
        Limit::Milliseconds(time) => {
            let time = duration(time);
            quote!(After(#time))
        }
    };
    quote!(#krate::__private0::Limit::#limit)
}
