//! What every handle is: a value that stands for what it wraps.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Generics;

/// `VaultRef(ActorRef<Vault>)`, as far as the implementations of traits need to know it.
pub(crate) struct Handle<'a> {
    pub(crate) name: &'a Ident,
    pub(crate) generics: &'a Generics,
    /// The type of the first field, which the handle dereferences to.
    pub(crate) inner: TokenStream,
    /// The values of the fields behind it: `, PhantomData`, or nothing.
    pub(crate) rest: TokenStream,
}

// Input:  VaultRef
// Output: impl Clone, Debug, PartialEq, Eq, Hash for VaultRef: by hand, because a derive would demand
//         the same of the type parameters
pub(crate) fn value_traits(handle: &Handle) -> TokenStream {
    let Handle { name, generics, rest, .. } = handle;
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics ::core::clone::Clone for #name #arguments #where_clause {
            fn clone(&self) -> Self {
                Self(::core::clone::Clone::clone(&self.0) #rest)
            }
        }

        #[automatically_derived]
        impl #impl_generics ::core::fmt::Debug for #name #arguments #where_clause {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, f)
            }
        }

        #[automatically_derived]
        impl #impl_generics ::core::cmp::PartialEq for #name #arguments #where_clause {
            fn eq(&self, other: &Self) -> bool {
                ::core::cmp::PartialEq::eq(&self.0, &other.0)
            }
        }

        #[automatically_derived]
        impl #impl_generics ::core::cmp::Eq for #name #arguments #where_clause {}

        #[automatically_derived]
        impl #impl_generics ::core::hash::Hash for #name #arguments #where_clause {
            fn hash<__H: ::core::hash::Hasher>(&self, state: &mut __H) {
                ::core::hash::Hash::hash(&self.0, state);
            }
        }
    }
}

// Input:  VaultRef, ActorRef<Vault>
// Output: impl Deref<Target = ActorRef<Vault>> for VaultRef, From<ActorRef<Vault>> for VaultRef,
//         From<VaultRef> for ActorRef<Vault>
pub(crate) fn conversions(handle: &Handle) -> TokenStream {
    let Handle { name, generics, inner, rest } = handle;
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics ::core::ops::Deref for #name #arguments #where_clause {
            type Target = #inner;

            #[inline]
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        #[automatically_derived]
        impl #impl_generics ::core::convert::From<#inner> for #name #arguments #where_clause {
            fn from(actor: #inner) -> Self {
                Self(actor #rest)
            }
        }

        #[automatically_derived]
        impl #impl_generics ::core::convert::From<#name #arguments> for #inner #where_clause {
            fn from(handle: #name #arguments) -> Self {
                handle.0
            }
        }
    }
}
