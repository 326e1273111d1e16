//! How the actor starts: the implementation of `Init`, `start` and `child_spec`.

use super::{checks, dispatch};
use crate::attrs;
use crate::handlers::ir::{Handlers, Init, fields};
use crate::names;
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn expand(handlers: &Handlers) -> TokenStream {
    if !handlers.markers.iter().any(|marker| marker == "init") {
        return without_init(handlers);
    }
    // More than one only where each is for another configuration.
    handlers
        .inits
        .iter()
        .flat_map(|method| [init(handlers, method), constructors(handlers, method)])
        .collect()
}

// Input:  impl Vault, without an #[init]
// Output: impl Vault where for<'__a> <&'__a Self as Deref>::Target: HasInit {
//             pub fn start(self) {}
//             pub fn child_spec(self) {}
//         }
/// What is called here does not exist, for the bound never holds; so `Vault::start()` is answered with what is missing. A function of
/// that name elsewhere is none the worse for it.
fn without_init(handlers: &Handlers) -> TokenStream {
    let krate = &handlers.krate;
    let path = &handlers.actor.path;
    let mut generics = handlers.actor.generics.clone();
    let actor = at_use(&quote!(Self));
    let has_init = syn::parse_quote!(#actor: #krate::__private0::HasInit);
    generics.make_where_clause().predicates.push(has_init);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    quote! {
        #[allow(dead_code)]
        impl #impl_generics #path #where_clause {
            #[doc(hidden)]
            pub fn start(self) {}
            #[doc(hidden)]
            pub fn child_spec(self) {}
        }
    }
}

// Input:  #[init] pub fn open(ledger: LedgerRef, ctx: &mut Ctx<Self>) -> Self
// Output: impl Init<(LedgerRef,)> for Vault {
//             const ASYNC: bool = false;
//             async fn init(args: (LedgerRef,), ctx: &mut Ctx<Self>) -> Result<Option<Self>, ExitReason> {
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
            ) -> ::core::result::Result<::core::option::Option<Self>, #krate::ExitReason> {
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
//             /// Describes a `Vault` to a supervisor, ..
//             pub fn child_spec(ledger: LedgerRef) -> ChildSpec<Self> { ChildSpec::__new((ledger,)) }
//         }
fn constructors(handlers: &Handlers, method: &Init) -> TokenStream {
    let krate = &handlers.krate;
    let path = &handlers.actor.path;
    let (impl_generics, _, where_clause) = handlers.actor.generics.split_for_impl();
    let (cfg, allowed) = (attrs::cfg(&method.attrs), attrs::allowed_for_impls());
    let types = fields(&method.arguments).map(|field| &field.ty);
    let start = constructor(
        (handlers, method),
        "start",
        &start_docs(handlers, method),
        &quote!(#krate::Start<Self, (#(#types,)*)>),
        &quote!(#krate::Start::__new),
        &TokenStream::new(),
    );
    let line = format!(
        " Describes a `{}` to a supervisor: what it needs goes to `{}`, at each start.",
        handlers.actor.name, method.name
    );
    let child_spec = constructor(
        (handlers, method),
        "child_spec",
        &quote!(#[doc = #line]),
        &quote!(#krate::ChildSpec<Self>),
        &quote!(#krate::ChildSpec::__new),
        &spec_bounds(handlers, method),
    );
    quote! {
        #cfg
        #allowed
        impl #impl_generics #path #where_clause {
            #start
            #child_spec
        }
    }
}

fn start_docs(handlers: &Handlers, method: &Init) -> TokenStream {
    let own_docs = attrs::docs(&method.attrs);
    if !own_docs.is_empty() {
        return own_docs;
    }
    let (actor, init) = (&handlers.actor.name, &method.name);
    let line = format!(" Starts a `{actor}`: what it needs goes to `{init}`.");
    quote!(#[doc = #line])
}

// Input:  #[init] pub fn open(ledger: LedgerRef) -> Self
// Output: where for<'__a> <&'__a Self as Deref>::Target: Spawn,
//               for<'__a> <&'__a (LedgerRef,) as Deref>::Target: Send
/// `Self: Spawn` and `(LedgerRef,): Send`, in words which rustc believes until somebody calls the function: an actor that
/// cannot be started is reported already, at the type that is to blame.
fn spec_bounds(handlers: &Handlers, method: &Init) -> TokenStream {
    let krate = &handlers.krate;
    let actor = at_use(&quote!(Self));
    let types: Vec<_> = fields(&method.arguments).map(|field| &field.ty).collect();
    let arguments = (!types.is_empty()).then(|| {
        let arguments = at_use(&quote!((#(#types,)*)));
        quote!(, #arguments: ::core::marker::Send)
    });
    quote!(where #actor: #krate::Spawn #arguments)
}

/// The type, in words in which a bound on it is believed until somebody relies on it.
fn at_use(ty: &TokenStream) -> TokenStream {
    quote!(for<'__a> <&'__a #ty as ::core::ops::Deref>::Target)
}

/// Nothing, where the block has a method of that name itself.
fn constructor(
    (handlers, method): (&Handlers, &Init),
    name: &'static str,
    docs: &TokenStream,
    result: &TokenStream,
    new: &TokenStream,
    bounds: &TokenStream,
) -> TokenStream {
    if handlers.taken.contains(&name) {
        return TokenStream::new();
    }
    let vis = &method.vis;
    let (names, types): (Vec<_>, Vec<_>) =
        fields(&method.arguments).map(|field| (&field.name, &field.ty)).unzip();
    // Where the compiler says "defined here", and where an editor goes to, is the `#[init]`.
    let name = syn::Ident::new(name, method.name.span());
    // An actor is started by itself, or by a supervisor: one of the two is not used.
    quote! {
        #docs
        #[allow(dead_code)]
        #vis fn #name(#(#names: #types),*) -> #result #bounds {
            #new((#(#names,)*))
        }
    }
}
