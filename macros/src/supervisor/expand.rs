//! What `#[supervisor]` adds to the impl block.

use super::ir::{Child, Dependency, Supervisor};
use crate::names::GENERATED;
use crate::options::duration;
use crate::{attrs, editor, names};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

pub(crate) fn expand(supervisor: &Supervisor) -> TokenStream {
    let parts = [
        handle_type(supervisor),
        handle_value_traits(supervisor),
        handle_conversions(supervisor),
        handle_methods(supervisor),
        supervise(supervisor),
        role(supervisor),
        start(supervisor),
        editor::uses(&supervisor.krate, &supervisor.markers),
    ];
    parts.into_iter().collect()
}

// Input:  impl Bank
// Output: pub struct BankRef(SupervisorRef);
// `pub` whatever the struct is, which cannot be seen here; its methods are as visible as those of the children.
fn handle_type(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, name, generics, .. } = supervisor;
    let handle = names::with_suffix(name, "Ref");
    let where_clause = &generics.where_clause;
    let marker = marker(supervisor);
    let first_line = format!(" A handle to a running [`{name}`].");
    quote! {
        #[doc = #first_line]
        #[doc = ""]
        #[doc = " Cheap to clone. The tree lives until the last one is dropped, unless it is a child of another."]
        #[allow(unreachable_pub, dead_code)]
        #[must_use = "a tree that is no child of another ends when its last handle is dropped"]
        pub struct #handle #generics (#krate::SupervisorRef, #marker) #where_clause;
    }
}

/// The type parameters, so that they are used.
fn marker(supervisor: &Supervisor) -> TokenStream {
    let parameters = supervisor.generics.type_params().map(|parameter| &parameter.ident);
    quote!(::core::marker::PhantomData<fn() -> (#(#parameters,)*)>)
}

// Input:  impl Bank
// Output: impl Clone, Debug, PartialEq, Eq, Hash for BankRef
fn handle_value_traits(supervisor: &Supervisor) -> TokenStream {
    let handle = names::with_suffix(&supervisor.name, "Ref");
    let (impl_generics, arguments, where_clause) = supervisor.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics ::core::clone::Clone for #handle #arguments #where_clause {
            fn clone(&self) -> Self {
                Self(::core::clone::Clone::clone(&self.0), ::core::marker::PhantomData)
            }
        }

        #[automatically_derived]
        impl #impl_generics ::core::fmt::Debug for #handle #arguments #where_clause {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, f)
            }
        }

        #[automatically_derived]
        impl #impl_generics ::core::cmp::PartialEq for #handle #arguments #where_clause {
            fn eq(&self, other: &Self) -> bool {
                ::core::cmp::PartialEq::eq(&self.0, &other.0)
            }
        }

        #[automatically_derived]
        impl #impl_generics ::core::cmp::Eq for #handle #arguments #where_clause {}

        #[automatically_derived]
        impl #impl_generics ::core::hash::Hash for #handle #arguments #where_clause {
            fn hash<__H: ::core::hash::Hasher>(&self, state: &mut __H) {
                ::core::hash::Hash::hash(&self.0, state);
            }
        }
    }
}

// Input:  impl Bank
// Output: impl Deref<Target = SupervisorRef> for BankRef, From<ActorRef<Supervisor>> for BankRef
fn handle_conversions(supervisor: &Supervisor) -> TokenStream {
    let krate = &supervisor.krate;
    let handle = names::with_suffix(&supervisor.name, "Ref");
    let (impl_generics, arguments, where_clause) = supervisor.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics ::core::ops::Deref for #handle #arguments #where_clause {
            type Target = #krate::SupervisorRef;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        #[automatically_derived]
        impl #impl_generics ::core::convert::From<#krate::ActorRef<#krate::Supervisor>>
            for #handle #arguments #where_clause
        {
            fn from(actor: #krate::ActorRef<#krate::Supervisor>) -> Self {
                Self(::core::convert::From::from(actor), ::core::marker::PhantomData)
            }
        }
    }
}

// Input:  #[child] pub fn vault(&self, ledger: LedgerRef) -> ChildSpec<Vault>
// Output: impl BankRef {
//             pub fn vault(&self) -> <Vault as Role>::Ref { self.0.__child::<Vault>("vault") }
//         }
fn handle_methods(supervisor: &Supervisor) -> TokenStream {
    let krate = &supervisor.krate;
    let handle = names::with_suffix(&supervisor.name, "Ref");
    let (impl_generics, arguments, where_clause) = supervisor.generics.split_for_impl();
    let methods = supervisor.children.iter().map(|child| {
        let Child { name, vis, role, .. } = child;
        let attrs = attrs::for_method(&child.attrs);
        let docs = attrs::docs(&child.attrs).is_empty().then(|| {
            let docs = format!(" The handle of the child `{}`.", name.unraw());
            quote!(#[doc = #docs])
        });
        let id = id(name);
        quote! {
            #docs
            #attrs
            #[allow(dead_code)]
            #vis fn #name(&self) -> <#role as #krate::Role>::Ref {
                self.0.__child::<#role>(#id)
            }
        }
    });
    quote! {
        #[allow(deprecated, private_interfaces, clippy::must_use_candidate)]
        impl #impl_generics #handle #arguments #where_clause {
            #(#methods)*
        }
    }
}

fn id(name: &Ident) -> String {
    name.unraw().to_string()
}

// Input:  #[supervisor(strategy = rest_for_one)] impl Bank { #[child] fn ledger(&self) -> ..; #[child] fn vault(..) }
// Output: impl Supervise for Bank {
//             const OPTIONS: SupervisorOptions = SupervisorOptions::new(Strategy::RestForOne);
//             fn children(self: Arc<Self>) -> Vec<Planned> {
//                 let mut children = Vec::new();
//                 children.push(Planned::of::<Vault, Self>(&self, "vault", |tree, siblings| {
//                     tree.vault(<LedgerRef as DependencyOn<Ledger>>::find(siblings, "ledger"))
//                 }));
//                 children
//             }
//         }
// The type of a dependency is named where the user wrote it: if it is not that of the child, rustc says so there, once.
fn supervise(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, path, .. } = supervisor;
    let (impl_generics, _, where_clause) = supervisor.generics.split_for_impl();
    let strategy = Ident::new(supervisor.strategy, proc_macro2::Span::call_site());
    let intensity = supervisor.intensity.as_ref().map(|intensity| {
        let most = intensity.most;
        quote!(.intensity(#most))
    });
    let period = supervisor.period.map(|period| {
        let period = duration(period);
        quote!(.period(#period))
    });
    let (children, tree, siblings) =
        (names::local("children"), names::local("tree"), names::local("siblings"));
    let planned = supervisor.children.iter().map(|child| {
        let Child { name, role, .. } = child;
        let cfg = attrs::cfg(&child.attrs);
        let id = id(name);
        let dependencies = child.dependencies.iter().filter_map(|Dependency { name, ty }| {
            let (id, role) = (self::id(name), &supervisor.child(name)?.role);
            Some(quote! {
                <#ty as #krate::__private0::DependencyOn<#role>>::find(#siblings, #id)
            })
        });
        quote! {
            #cfg
            #children.push(#krate::__private0::Planned::of::<#role, Self>(
                &self,
                #id,
                |#tree, #siblings| {
                    let _ = #siblings;
                    Self::#name(#tree, #(#dependencies),*)
                },
            ));
        }
    });
    quote! {
        #[allow(deprecated, clippy::vec_init_then_push)]
        #[automatically_derived]
        impl #impl_generics #krate::Supervise for #path #where_clause {
            const OPTIONS: #krate::SupervisorOptions =
                #krate::SupervisorOptions::new(#krate::Strategy::#strategy) #intensity #period;

            fn children(
                self: ::std::sync::Arc<Self>,
            ) -> ::std::vec::Vec<#krate::__private0::Planned> {
                #[allow(unused_mut)]
                let mut #children = ::std::vec::Vec::new();
                #(#planned)*
                #children
            }
        }
    }
}

// Input:  impl Bank { #[child] fn ledger(&self) -> ChildSpec<Ledger> }
// Output: impl Role for Bank {
//             type Actor = Supervisor;
//             type Ref = BankRef;
//             fn tree() -> Tree { Tree::of::<Self>("Bank").child::<Ledger>("ledger") }
//         }
fn role(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, path, name, .. } = supervisor;
    let handle = names::with_suffix(name, "Ref");
    let (impl_generics, arguments, where_clause) = supervisor.generics.split_for_impl();
    let tree = names::local("tree");
    let text = name.unraw().to_string();
    let children = supervisor.children.iter().map(|child| {
        let (cfg, id, role) = (attrs::cfg(&child.attrs), id(&child.name), &child.role);
        quote! {
            #cfg
            let #tree = #tree.child::<#role>(#id);
        }
    });
    quote! {
        #[diagnostic::do_not_recommend]
        #[automatically_derived]
        impl #impl_generics #krate::Role for #path #where_clause {
            type Actor = #krate::Supervisor;
            type Ref = #handle #arguments;

            fn tree() -> #krate::Tree {
                let #tree = #krate::Tree::of::<Self>(#text);
                #(#children)*
                #tree
            }
        }
    }
}

// Input:  impl Bank
// Output: impl Bank {
//             pub fn start(self) -> Start<Self, (Plan,)> { .. }
//             pub fn child_spec(self) -> ChildSpec<Self> { .. }
//             pub fn tree() -> Tree { .. }
//         }
fn start(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, path, name, .. } = supervisor;
    let (impl_generics, _, where_clause) = supervisor.generics.split_for_impl();
    let start_docs = format!(
        " Starts the tree: the children of `{name}`, one after the other. The last handle ends them."
    );
    let spec_docs = format!(" `{name}` as a child of another supervisor.");
    let tree_docs = format!(" The children of `{name}`, as their types describe them.");
    let start = quote! {
        #[doc = #start_docs]
        pub fn start(self) -> #krate::Start<Self, (#krate::__private0::Plan,)> {
            #krate::__private0::start_tree(self)
        }
    };
    let child_spec = quote! {
        #[doc = #spec_docs]
        pub fn child_spec(self) -> #krate::ChildSpec<Self> {
            #krate::__private0::tree_spec(self)
        }
    };
    let tree = quote! {
        #[doc = #tree_docs]
        #[must_use]
        pub fn tree() -> #krate::Tree {
            <Self as #krate::Role>::tree()
        }
    };
    let functions = GENERATED
        .into_iter()
        .zip([start, child_spec, tree])
        .filter(|(name, _)| !supervisor.own.iter().any(|own| own == name))
        .map(|(_, function)| function);
    quote! {
        #[allow(unreachable_pub, dead_code)]
        impl #impl_generics #path #where_clause {
            #(#functions)*
        }
    }
}
