//! The handle of a tree: a value with one method for each child.

use crate::attrs;
use crate::handle::{self, Handle};
use crate::self_type::SelfType;
use crate::supervisor::ir::{Child, Supervisor};
use crate::{names, types};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

pub(super) fn expand(supervisor: &Supervisor) -> TokenStream {
    let parts = [
        handle_type(supervisor),
        handle_traits(supervisor),
        from_actor_ref(supervisor),
        accessors(supervisor),
    ];
    parts.into_iter().collect()
}

// Input:  impl<K: Eq> Bank<K>
// Output: pub struct BankRef<K: Eq>(SupervisorRef, PhantomData<fn() -> (K,)>);
// `pub` whatever the type is: an associated type of a public supervisor must be (E0446), and whether it is
// public cannot be seen here.
fn handle_type(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, ty, .. } = supervisor;
    let (handle, generics) = (ty.enum_name("Ref"), &ty.generics);
    let where_clause = &generics.where_clause;
    let parameters: Vec<_> = generics.type_params().map(|parameter| &parameter.ident).collect();
    let marker = (!parameters.is_empty())
        .then(|| quote!(, ::core::marker::PhantomData<fn() -> (#(#parameters,)*)>));
    let first_line = format!(" A handle to a running {}.", link(ty));
    quote! {
        #[doc = #first_line]
        #[doc = ""]
        #[doc = " Cheap to clone, and valid across restarts: it names the role, not one life."]
        #[must_use = "a tree that is no child of another ends when its last handle is dropped"]
        pub struct #handle #generics (#krate::SupervisorRef #marker) #where_clause;
    }
}

/// The type in the docs of its handle. The block may stand in another module than the type.
fn link(ty: &SelfType) -> String {
    let path = types::text(names::renamed(&ty.path, ty.name.clone()));
    if ty.name == path { format!("[`{path}`]") } else { format!("[`{}`]({path})", ty.name) }
}

/// The values of the fields of the handle behind the first.
fn rest(supervisor: &Supervisor) -> TokenStream {
    let is_generic = supervisor.ty.generics.type_params().next().is_some();
    if is_generic { quote!(, ::core::marker::PhantomData) } else { TokenStream::new() }
}

/// What makes the handle a value, and lets it stand for the `SupervisorRef` in it.
fn handle_traits(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, ty, .. } = supervisor;
    let handle = Handle {
        name: &ty.enum_name("Ref"),
        generics: &ty.generics,
        inner: quote!(#krate::SupervisorRef),
        rest: rest(supervisor),
    };
    let (value_traits, conversions) = (handle::value_traits(&handle), handle::conversions(&handle));
    quote!(#value_traits #conversions)
}

// Input:  impl Bank
// Output: impl From<ActorRef<Supervisor>> for BankRef: what every role asks of its handle
fn from_actor_ref(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, ty, .. } = supervisor;
    let handle = ty.enum_name("Ref");
    let rest = rest(supervisor);
    let (impl_generics, arguments, where_clause) = ty.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics ::core::convert::From<#krate::ActorRef<#krate::Supervisor>>
            for #handle #arguments #where_clause
        {
            fn from(actor: #krate::ActorRef<#krate::Supervisor>) -> Self {
                Self(<#krate::SupervisorRef as ::core::convert::From<_>>::from(actor) #rest)
            }
        }
    }
}

// Input:  the children of impl Bank
// Output: impl BankRef { .. }
fn accessors(supervisor: &Supervisor) -> TokenStream {
    let ty = &supervisor.ty;
    let handle = ty.enum_name("Ref");
    let accessors = supervisor
        .children
        .iter()
        .filter_map(|child| Some(accessor(supervisor, child, child.role.as_ref()?)));
    let allowed = attrs::allowed_for_accessors();
    let (impl_generics, arguments, where_clause) = ty.generics.split_for_impl();
    quote! {
        #allowed
        impl #impl_generics #handle #arguments #where_clause {
            #(#accessors)*
        }
    }
}

// Input:  #[child] pub fn vault(&self, ledger: LedgerRef) -> ChildSpec<Vault>
// Output: pub fn vault(&self) -> <Vault as Role>::Ref { self.0.__child::<Vault>("vault") }
fn accessor(supervisor: &Supervisor, child: &Child, role: &Type) -> TokenStream {
    let krate = &supervisor.krate;
    let Child { name, vis, .. } = child;
    let id = child.id();
    let attrs = attrs::for_method(&child.attrs);
    let docs = attrs::docs(&child.attrs).is_empty().then(|| {
        let line = format!(" The child `{id}`.");
        quote!(#[doc = #line])
    });
    quote! {
        #docs
        #attrs
        #vis fn #name(&self) -> <#role as #krate::Role>::Ref {
            self.0.__child::<#role>(#id)
        }
    }
}
