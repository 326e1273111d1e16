//! How the actor starts: the implementation of `Init`, `start` and `child_spec`.

use super::{checks, dispatch};
use crate::attrs;
use crate::handlers::ir::{Handlers, Init, fields};
use crate::names;
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn expand(handlers: &Handlers) -> TokenStream {
    // More than one only where each is for another configuration.
    handlers
        .inits
        .iter()
        .flat_map(|method| [init(handlers, method), start(handlers, method)])
        .collect()
}

// Input:  #[init] pub fn open(ledger: LedgerRef, ctx: &mut Ctx<Self>) -> Self
// Output: impl Init<(LedgerRef,)> for Vault {
//             const ASYNC: bool = false;
//             async fn init(args: (LedgerRef,), ctx: &mut Ctx<Self>) -> Result<Self, ExitReason> {
//                 let (ledger,) = args;
//                 <Self as IntoInit<Self>>::into_init(Self::open(ledger, ctx))
//             }
//         }
fn init(handlers: &Handlers, method: &Init) -> TokenStream {
    let krate = &handlers.krate;
    let path = &handlers.actor.path;
    let (impl_generics, _, where_clause) = handlers.actor.generics.split_for_impl();

    let (cfg, allowed) = (attrs::cfg(&method.attrs), attrs::allowed_for_impls());
    let (names, types): (Vec<_>, Vec<_>) =
        fields(&method.arguments).map(|field| (&field.name, &field.ty)).unzip();
    let Init { name, output, is_async, .. } = method;
    let arguments = dispatch::arguments(&method.arguments);
    let state = dispatch::result(name, *is_async, &arguments);
    let send = is_async.then(dispatch::send);
    let asserted = checks::of_init(handlers, method);
    let (args, ctx) = (names::local("args"), names::local("ctx"));
    quote! {
        #cfg
        #allowed
        #[diagnostic::do_not_recommend]
        #[automatically_derived]
        impl #impl_generics #krate::Init<(#(#types,)*)> for #path #where_clause {
            const ASYNC: bool = #is_async;

            async fn init(
                #args: (#(#types,)*),
                #ctx: &mut #krate::Ctx<Self>,
            ) -> ::core::result::Result<Self, #krate::ExitReason> {
                let (#(#names,)*) = #args;
                #send
                #asserted
                <#output as #krate::__private0::IntoInit<Self>>::into_init(#state)
            }
        }
    }
}

// Input:  /// Opens the vault.
//         #[init] pub fn open(ledger: LedgerRef, ctx: &mut Ctx<Self>) -> Self
// Output: impl Vault {
//             /// Opens the vault.
//             pub fn start(ledger: LedgerRef) -> Start<Self, (LedgerRef,)> { Start::__new((ledger,)) }
//             pub fn child_spec(ledger: LedgerRef) -> ChildSpec<Self> where .. { ChildSpec::__new((ledger,)) }
//         }
// What `child_spec` asks for is asked where it is called (that is what `for<'__asked>` does): what is wrong with the actor has been
// said already, at the user's types.
fn start(handlers: &Handlers, method: &Init) -> TokenStream {
    let krate = &handlers.krate;
    let path = &handlers.actor.path;
    let (impl_generics, _, where_clause) = handlers.actor.generics.split_for_impl();
    let vis = &method.vis;
    let own_docs = attrs::docs(&method.attrs);
    let docs = if own_docs.is_empty() {
        let docs = format!(
            " Starts a `{}`: what it needs goes to `{}`.",
            handlers.actor.name, method.name
        );
        quote!(#[doc = #docs])
    } else {
        own_docs
    };
    let (cfg, allowed) = (attrs::cfg(&method.attrs), attrs::allowed_for_impls());
    let (names, types): (Vec<_>, Vec<_>) =
        fields(&method.arguments).map(|field| (&field.name, &field.ty)).unzip();
    // Where the compiler says "defined here", and where an editor goes to, is the `#[init]`.
    let [start, child_spec] =
        ["start", "child_spec"].map(|name| syn::Ident::new(name, method.name.span()));
    let spec_docs = format!(
        " A `{}` as the child of a supervisor: takes what `start` takes, and starts nothing.",
        handlers.actor.name
    );
    quote! {
        #cfg
        #allowed
        impl #impl_generics #path #where_clause {
            #docs
            #vis fn #start(#(#names: #types),*) -> #krate::Start<Self, (#(#types,)*)> {
                #krate::Start::__new((#(#names,)*))
            }

            #[doc = #spec_docs]
            #[allow(dead_code)]
            #vis fn #child_spec(#(#names: #types),*) -> #krate::ChildSpec<Self>
            where
                for<'__asked> Self: #krate::Spawn,
                for<'__asked> (#(#types,)*): ::core::marker::Send,
            {
                #krate::ChildSpec::__new((#(#names,)*))
            }
        }
    }
}
