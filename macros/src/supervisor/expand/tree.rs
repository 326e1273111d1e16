//! How the tree starts, and what it looks like: the implementations of `Supervise` and `Role`, and the
//! functions of the user's type.

use crate::attrs;
use crate::names;
use crate::supervisor::ir::{Child, Dependency, Supervisor};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::ext::IdentExt;

pub(super) fn expand(supervisor: &Supervisor) -> TokenStream {
    let parts = [supervise(supervisor), role(supervisor), functions(supervisor)];
    parts.into_iter().collect()
}

/// The children that are started, each with its number and its type.
fn started(supervisor: &Supervisor) -> impl Iterator<Item = (usize, &Child, &Type)> {
    let sound = supervisor.children.iter().enumerate().filter(|(_, child)| child.is_sound);
    sound.filter_map(|(index, child)| Some((index, child, child.role.as_ref()?)))
}

// Input:  #[supervisor(strategy = rest_for_one)] impl Bank { .. }
// Output: impl Supervise for Bank {
//             const OPTIONS: SupervisorOptions = SupervisorOptions::new(Strategy::RestForOne) ..;
//             fn children(self: Arc<Self>) -> Vec<Planned> { Vec::from([..]) }
//         }
fn supervise(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, ty, options, .. } = supervisor;
    let path = &ty.path;
    let (impl_generics, _, where_clause) = ty.generics.split_for_impl();
    let allowed = attrs::allowed_for_impls();
    let children: Vec<_> = started(supervisor)
        .map(|(index, child, role)| planned(supervisor, index, child, role))
        .collect();
    let with_tree = (!children.is_empty()).then(|| with_tree(krate));
    let significant =
        started(supervisor).filter_map(|(_, child, role)| may_end(supervisor, child, role));
    quote! {
        #allowed
        #[automatically_derived]
        impl #impl_generics #krate::Supervise for #path #where_clause {
            const OPTIONS: #krate::SupervisorOptions = #options;

            fn children(
                self: ::std::sync::Arc<Self>,
            ) -> ::std::vec::Vec<#krate::__private0::Planned> {
                #(#significant)*
                #with_tree
                ::std::vec::Vec::from([#(#children,)*])
            }
        }
    }
}

// Input:  #[child] fn vault(&self, ledger: LedgerRef) -> ChildSpec<Vault>
// Output: Planned::new::<Vault>("vault", __with_tree(&self, |tree, siblings| Self::vault(tree, ..)))
fn planned(supervisor: &Supervisor, index: usize, child: &Child, role: &Type) -> TokenStream {
    let krate = &supervisor.krate;
    let (cfg, id, name) = (child.cfg(), child.id(), &child.name);
    let (tree, siblings) = (names::local("tree"), names::local("siblings"));
    let dependencies =
        child.dependencies.iter().map(|dependency| given(supervisor, index, dependency, &siblings));
    let siblings = if child.dependencies.is_empty() { quote!(_) } else { quote!(#siblings) };
    let significant = child.significant.as_ref().map(|_| quote!(.significant()));
    quote! {
        #cfg
        #krate::__private0::Planned::new::<#role>(
            #id,
            __with_tree(&self, |#tree, #siblings| Self::#name(#tree, #(#dependencies),*)),
        )
        #significant
    }
}

// Input:  #[child(significant)] fn vault(&self) -> ChildSpec<Vault>, without a word on restarts
// Output: const _: () = assert!(may_be_significant::<Vault>(), "..");
/// In a generic block an item cannot name the type: there it is a `const` block, which is looked at when the tree is used.
fn may_end(supervisor: &Supervisor, child: &Child, role: &Type) -> Option<TokenStream> {
    let word = child.significant.as_ref().filter(|_| child.restarts_as_its_type)?;
    let (krate, cfg) = (&supervisor.krate, child.cfg());
    let what = format!(
        "`{}` is restarted however it ends, so no end of it is significant\n\
         help: `#[actor(restart = transient)]`, or `.restart(Restart::Transient)` on its spec",
        child.id()
    );
    let may = quote!(#krate::__private0::may_be_significant::<#role>());
    let assertion = quote_spanned!(word.span()=> ::core::assert!(#may, #what));
    let is_generic = !supervisor.ty.generics.params.is_empty();
    Some(if is_generic {
        quote!(#cfg const { #assertion })
    } else {
        quote!(#cfg const _: () = #assertion;)
    })
}

/// The function that [`planned`] calls. It knows of `Supervise` only: that the type is not `Send + Sync` is said where that
/// is implemented, and not for each child again.
fn with_tree(krate: &TokenStream) -> TokenStream {
    let siblings = quote!(&#krate::__private0::Siblings);
    quote! {
        fn __with_tree<S: #krate::Supervise, T: 'static>(
            tree: &::std::sync::Arc<S>,
            describe: fn(&S, #siblings) -> T,
        ) -> impl ::core::ops::FnMut(#siblings) -> T + ::core::marker::Send + use<S, T> {
            let tree = ::std::sync::Arc::clone(tree);
            move |siblings| describe(&tree, siblings)
        }
    }
}

// Input:  ledger: LedgerRef
// Output: <LedgerRef as DependencyOn<Ledger>>::from_handle(siblings.get::<Ledger>("ledger"))
//
// Input:  ledger: LedgerRef, where #[cfg(disk)] #[child] fn ledger(..)
// Output: {
//             #[cfg(disk)] { <LedgerRef as DependencyOn<Ledger>>::from_handle(..) }
//             #[cfg(not(any(all(disk))))] { compile_error!(..) }
//         }
/// The type is in a qualified path, so that rustc points at it.
fn given(
    supervisor: &Supervisor,
    index: usize,
    dependency: &Dependency,
    siblings: &Ident,
) -> TokenStream {
    let krate = &supervisor.krate;
    let Dependency { name, ty } = dependency;
    let candidates = supervisor.earlier(index, name).filter_map(|earlier| {
        let (role, id) = (earlier.role.as_ref()?, earlier.id());
        let handle = quote!(#siblings.get::<#role>(#id));
        let handle = quote! {
            <#ty as #krate::__private0::DependencyOn<#role>>::from_handle(#handle)
        };
        Some((attrs::condition(&earlier.attrs), earlier.cfg(), handle))
    });
    let candidates: Vec<_> = candidates.collect();
    if let [(None, _, handle)] = candidates.as_slice() {
        return handle.clone();
    }
    let arms = candidates.iter().map(|(_, cfg, handle)| quote!(#cfg { #handle }));
    let conditions = candidates.iter().map(|(condition, _, _)| condition);
    let what = format!(
        "`{}` needs `{name}`, which is not there in this configuration",
        supervisor.children[index].id()
    );
    let missing = quote_spanned!(name.span()=> ::core::compile_error!(#what));
    quote!({ #(#arms)* #[cfg(not(any(#(#conditions),*)))] { #missing } })
}

// Input:  impl Bank
// Output: impl Role for Bank {
//             type Actor = Supervisor;
//             type Ref = BankRef;
//             fn tree() -> Tree {
//                 let tree = Tree::supervisor("Bank", &SupervisorOptions::new(Strategy::RestForOne) ..);
//                 let tree = tree.child("ledger", <Ledger as Role>::tree());
//                 tree
//             }
//         }
fn role(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, ty, options, .. } = supervisor;
    let (path, handle) = (&ty.path, ty.enum_name("Ref"));
    let name = ty.name.unraw().to_string();
    let (impl_generics, arguments, where_clause) = ty.generics.split_for_impl();
    let tree = names::local("tree");
    let children = started(supervisor).map(|(_, child, role)| {
        let (cfg, id) = (child.cfg(), child.id());
        quote!(#cfg let #tree = #tree.child(#id, <#role as #krate::Role>::tree());)
    });
    quote! {
        #[diagnostic::do_not_recommend]
        #[automatically_derived]
        impl #impl_generics #krate::Role for #path #where_clause {
            type Actor = #krate::Supervisor;
            type Ref = #handle #arguments;

            fn tree() -> #krate::Tree {
                let #tree = #krate::Tree::supervisor(#name, &#options);
                #(#children)*
                #tree
            }
        }
    }
}

// Input:  impl Bank
// Output: impl Bank {
//             pub fn start(self) -> Start<Self, (Plan,)> { start_tree(self) }
//             pub fn child_spec(self) -> ChildSpec<Self> { tree_spec(self) }
//             pub fn tree() -> Tree { <Self as Role>::tree() }
//         }
fn functions(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, ty, .. } = supervisor;
    let (name, path) = (&ty.name, &ty.path);
    let (impl_generics, _, where_clause) = ty.generics.split_for_impl();
    let start_line = format!(" Starts a `{name}`: its children from top to bottom.");
    let spec_line =
        format!(" Describes a `{name}` to a supervisor, so that it is a child of another tree.");
    let tree_line = format!(" What a `{name}` consists of, to be printed.");
    let functions = [
        (
            "start",
            quote! {
                #[doc = #start_line]
                pub fn start(self) -> #krate::Start<Self, (#krate::__private0::Plan,)> {
                    #krate::__private0::start_tree(self)
                }
            },
        ),
        (
            "child_spec",
            quote! {
                #[doc = #spec_line]
                pub fn child_spec(self) -> #krate::ChildSpec<Self> {
                    #krate::__private0::tree_spec(self)
                }
            },
        ),
        (
            "tree",
            quote! {
                #[doc = #tree_line]
                pub fn tree() -> #krate::Tree {
                    <Self as #krate::Role>::tree()
                }
            },
        ),
    ];
    let free = functions.iter().filter(|(name, _)| !supervisor.taken.contains(name));
    let free = free.map(|(_, function)| function);
    quote! {
        impl #impl_generics #path #where_clause {
            #(#free)*
        }
    }
}
