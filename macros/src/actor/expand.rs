//! What `#[actor]` adds to the struct.

use super::ir::Actor;
use crate::handle::{self, Handle};
use crate::{names, types};
use proc_macro2::TokenStream;
use quote::quote;

pub(crate) fn expand(actor: &Actor) -> TokenStream {
    let parts = [
        handle_type(actor),
        handle_traits(actor),
        state(actor),
        handlers_marker(actor),
        state_check(actor),
    ];
    parts.into_iter().collect()
}

// Input:  pub struct Cache<K, V> where K: Eq { .. }
// Output: pub struct CacheRef<K, V>(ActorRef<Cache<K, V>>) where K: Eq;
//         impl<K, V> CacheRef<K, V> where K: Eq {
//             pub const fn named(name: &'static str) -> Self { Self(ActorRef::named(name)) }
//             pub fn __actor(&self) -> &ActorRef<Cache<K, V>> { .. }
//         }
fn handle_type(actor: &Actor) -> TokenStream {
    let Actor { krate, vis, name, generics, .. } = actor;
    let handle = names::with_suffix(name, "Ref");
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    let first_line = format!(" A handle to a running [`{name}`].");
    let named_line = format!(" A handle to whichever `{name}` has this name.");
    quote! {
        #[doc = #first_line]
        #[doc = ""]
        #[doc = " Cheap to clone, and valid across restarts: it names the role, not one life."]
        #[must_use = "an actor without a supervisor ends when its last handle is dropped"]
        #vis struct #handle #generics (#krate::ActorRef<#name #arguments>) #where_clause;

        impl #impl_generics #handle #arguments #where_clause {
            #[doc = #named_line]
            #[doc = ""]
            #[doc = " The name is resolved at each use, in the runtime of that moment: there need be no such actor yet."]
            pub const fn named(name: &'static str) -> Self {
                Self(#krate::ActorRef::named(name))
            }

            #[doc(hidden)]
            #[inline]
            pub fn __actor(&self) -> &#krate::ActorRef<#name #arguments> {
                &self.0
            }
        }
    }
}

/// What makes the handle a value, and lets it stand for the `ActorRef` in it.
fn handle_traits(actor: &Actor) -> TokenStream {
    let Actor { krate, name, generics, .. } = actor;
    let (_, arguments, _) = generics.split_for_impl();
    let handle = Handle {
        name: &names::with_suffix(name, "Ref"),
        generics,
        inner: quote!(#krate::ActorRef<#name #arguments>),
        rest: TokenStream::new(),
    };
    let (value_traits, conversions) = (handle::value_traits(&handle), handle::conversions(&handle));
    quote!(#value_traits #conversions)
}

// Input:  #[actor(mailbox = 64)] pub struct Cache<K> { .. }
// Output: impl<K: 'static> State for Cache<K> { type Ref = CacheRef<K>; const OPTIONS: Options = ..; }
fn state(actor: &Actor) -> TokenStream {
    let Actor { krate, name, generics, options, .. } = actor;
    let handle = names::with_suffix(name, "Ref");
    let generics = types::with_static(generics.clone());
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    quote! {
        #[diagnostic::do_not_recommend]
        #[automatically_derived]
        impl #impl_generics #krate::State for #name #arguments #where_clause {
            type Ref = #handle #arguments;
            const OPTIONS: #krate::Options = #krate::Options::new() #options;
        }
    }
}

// Input:  pub struct Vault { .. }
// Output: pub struct __VaultActor;
//         const _: () = assert_handlers::<__VaultActor>();
// `#[handlers]` implements what is asserted. The marker has the place of the struct's name, so that a
// forgotten `#[handlers]` is reported there; it is never generic, so that it can be named here.
fn handlers_marker(actor: &Actor) -> TokenStream {
    let Actor { krate, vis, name, .. } = actor;
    let marker = names::marker(name);
    quote! {
        #[doc(hidden)]
        #[allow(missing_debug_implementations)]
        #vis struct #marker;
        const _: () = #krate::__private0::assert_handlers::<#marker>();
    }
}

// Input:  pub struct Vault { .. }
// Output: const _: () = assert_state::<Vault>();
fn state_check(actor: &Actor) -> TokenStream {
    let Actor { krate, name, generics, .. } = actor;
    if !generics.params.is_empty() {
        return TokenStream::new();
    }
    quote!(const _: () = #krate::__private0::assert_state::<#name>();)
}
