//! What `#[protocol]` makes of a trait.

use super::ir::Protocol;
use super::lower::named_types;
use crate::handle::{self, Handle};
use crate::handlers::expand::limit;
use crate::handlers::ir::{Handler, Kind, Output, Reply};
use crate::syntax::{Method, TraitBlock, TraitItem};
use crate::{attrs, editor, names, types};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{FnArg, ReturnType, Signature, WhereClause};

pub(crate) fn expand(protocol: &Protocol, block: &TraitBlock) -> TokenStream {
    let parts = [
        port(protocol, block),
        handle_type(protocol, block),
        constructors(protocol),
        methods(protocol),
        editor::uses(&protocol.krate, &protocol.markers),
    ];
    parts.into_iter().collect()
}

// Input:  #[call] async fn load(&mut self, path: String) -> u64;
// Output: fn load(&mut self, path: String) -> impl Future<Output = u64> + Send;
pub(crate) fn the_trait(block: &TraitBlock) -> TokenStream {
    let TraitBlock { attrs, vis, trait_token, name, generics, supertraits, items } = block;
    let colon = (!supertraits.is_empty()).then(|| quote!(:));
    let where_clause = &generics.where_clause;
    let items = items.iter().map(|item| match item {
        TraitItem::Method(method) => trait_method(method),
        TraitItem::Other(item, _) => item.clone(),
    });
    let what = format!("`{{Self}}` does not speak `{name}`");
    let label = format!("does not speak `{name}`");
    let note = format!("write `impl {} for {{Self}} {{{{ .. }}}}`", types::text(shown(block)));
    quote! {
        #(#attrs)*
        #[diagnostic::on_unimplemented(message = #what, label = #label, note = #note)]
        #vis #trait_token #name #generics #colon #supertraits #where_clause {
            #(#items)*
        }
    }
}

/// The trait as it stands in an impl.
fn shown(block: &TraitBlock) -> TokenStream {
    let name = &block.name;
    let (_, arguments, _) = block.generics.split_for_impl();
    quote!(#name #arguments)
}

fn trait_method(method: &Method) -> TokenStream {
    let mut sig = method.sig.clone();
    refused(method, &mut sig);
    let kept = method.attrs.iter().filter(|attr| !attrs::is_consumed(attr));
    let is_async = sig.asyncness.take().is_some();
    if is_async {
        let output = match &sig.output {
            ReturnType::Default => quote!(()),
            ReturnType::Type(_, ty) => ty.to_token_stream(),
        };
        sig.output = syn::parse_quote! {
            -> impl ::core::future::Future<Output = #output> + ::core::marker::Send
        };
    }
    let body = method.trait_body(is_async);
    quote!(#(#kept)* #sig #body)
}

/// What is refused because of `Self` is refused once: rustc is not to say that `Self` may have no size.
fn refused(method: &Method, sig: &mut Signature) {
    if named_types(method).any(|ty| types::self_in(ty.to_token_stream()).is_some()) {
        let clause = sig.generics.make_where_clause();
        clause.predicates.push(syn::parse_quote!(Self: ::core::marker::Sized));
    }
    let is_ctx = |it: &FnArg| matches!(it, FnArg::Typed(it) if types::is_ctx(&it.ty));
    if sig.inputs.iter().any(is_ctx) {
        sig.inputs = sig.inputs.iter().filter(|it| !is_ctx(it)).cloned().collect();
    }
}

fn port_name(protocol: &Protocol) -> Ident {
    quote::format_ident!("__{}Port", protocol.ty.name, span = protocol.ty.name.span())
}

// Input:  trait Store<K> { #[call] fn get(&self, key: K) -> Option<u64>; }
// Output: pub trait __StorePort<K> { fn get(&self, key: K) -> Errand<Option<u64>>; }
//         impl<K, A: Speaker<S>, S: Store<K>> __StorePort<K> for Speaks<A, S> {
//             fn get(&self, key: K) -> Errand<Option<u64>> {
//                 Self::errand("Store::get", false, move |mut held: Held<A>| async move {
//                     let done = caught(async { S::get(held.speaker::<S>(), key) }).await;
//                     (held, done)
//                 })
//             }
//         }
fn port(protocol: &Protocol, block: &TraitBlock) -> TokenStream {
    let Protocol { krate, ty, methods, .. } = protocol;
    let port = port_name(protocol);
    let vis = &block.vis;
    let (generics, path) = (&ty.generics, &ty.path);
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    let heads = methods.iter().map(|method| {
        let head = port_head(protocol, method);
        quote!(#head;)
    });
    let bodies = methods.iter().map(|method| port_method(protocol, method));
    let (actor, speaker) = (names::local("A"), names::local("S"));
    let mut all = generics.clone();
    all.params.push(syn::parse_quote!(#actor));
    all.params.push(syn::parse_quote!(#speaker));
    let clause = all.make_where_clause();
    clause.predicates.extend(travels(protocol).predicates);
    clause.predicates.push(syn::parse_quote! {
        #actor: #krate::__private0::Speaker<#speaker>
    });
    clause.predicates.push(syn::parse_quote!(#speaker: #path + 'static));
    let (all_generics, _, all_clause) = all.split_for_impl();
    quote! {
        #[doc(hidden)]
        #[allow(missing_docs, private_interfaces, clippy::type_complexity)]
        #vis trait #port #impl_generics: ::core::marker::Send + ::core::marker::Sync #where_clause {
            #(#heads)*
        }

        #[allow(deprecated, trivial_bounds, clippy::used_underscore_binding, clippy::type_complexity)]
        impl #all_generics #port #arguments for #krate::__private0::Speaks<#actor, #speaker> #all_clause {
            #(#bodies)*
        }
    }
}

/// Demands of all types of messages and replies that they can travel: where one cannot, this is what rustc reports, at the type.
fn travels(protocol: &Protocol) -> WhereClause {
    let methods = protocol.methods.iter().filter(|method| method.cfg().is_empty());
    let types = methods.flat_map(|method| {
        let reply = match &method.reply {
            Reply::Now(ty) => Some(ty),
            _ => None,
        };
        method.fields().map(|field| &field.ty).chain(reply)
    });
    let predicates = types.map(|ty| {
        let place = ty.clone().into_iter().next().map_or_else(Span::call_site, |tree| tree.span());
        let place = Span::call_site().located_at(place);
        quote_spanned!(place=> #ty: ::core::marker::Send + 'static)
    });
    syn::parse_quote!(where #(#predicates),*)
}

fn answer(method: &Handler) -> TokenStream {
    match &method.reply {
        Reply::Now(ty) => ty.clone(),
        // Reported: a call answers by its result.
        Reply::Deferred(_) | Reply::Stream(_) | Reply::None => quote!(()),
    }
}

fn port_head(protocol: &Protocol, method: &Handler) -> TokenStream {
    let krate = &protocol.krate;
    let (cfg, name, answer) = (method.cfg(), &method.name, answer(method));
    let (names, types): (Vec<_>, Vec<_>) = method.fields().map(|f| (&f.name, &f.ty)).unzip();
    quote! {
        #cfg
        fn #name(&self, #(#names: #types),*) -> #krate::__private0::Errand<#answer>
    }
}

fn port_method(protocol: &Protocol, method: &Handler) -> TokenStream {
    let Protocol { krate, ty, .. } = protocol;
    let head = port_head(protocol, method);
    let (name, path, is_async) = (&method.name, &ty.path, method.is_async);
    let label = format!("{}::{}", ty.name, syn::ext::IdentExt::unraw(name));
    let names: Vec<_> = method.fields().map(|field| &field.name).collect();
    let (life, done) = (names::local("life"), names::local("done"));
    let (actor, speaker) = (names::local("A"), names::local("S"));
    let wait = is_async.then(|| quote!(.await));
    let settle = match &method.output {
        Output::Type(ty) if method.kind == Kind::Cast => {
            quote! {
                let #done = match #done {
                    ::core::result::Result::Ok(#done) => {
                        <#ty as #krate::__private0::IntoOutcome>::into_outcome(#done)
                    }
                    ::core::result::Result::Err(#done) => ::core::result::Result::Err(#done),
                };
            }
        }
        _ => TokenStream::new(),
    };
    quote! {
        #head {
            Self::errand(
                #label,
                #is_async,
                move |mut #life: #krate::__private0::Held<#actor>| async move {
                    let #done = #krate::__private0::caught(async {
                        <#speaker as #path>::#name(#life.speaker::<#speaker>(), #(#names),*) #wait
                    })
                    .await;
                    #settle
                    (#life, #done)
                },
            )
        }
    }
}

// Input:  pub trait Store<K> { .. }
// Output: pub struct StoreRef<K>(AnyRef, &'static dyn __StorePort<K>);
// Of one that extends `Base`, the first field is a `BaseRef`.
fn handle_type(protocol: &Protocol, block: &TraitBlock) -> TokenStream {
    let ty = &protocol.ty;
    let (vis, port, handle) = (&block.vis, port_name(protocol), ty.enum_name("Ref"));
    let generics = &ty.generics;
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    let (inner, others) = inner(protocol);
    let first_line =
        format!(" A handle to an actor that speaks [`{}`], whatever else it is.", ty.name);
    let copied: Vec<_> = (2..others.len() + 2).map(syn::Index::from).collect();
    let value_traits = handle::value_traits(&Handle {
        name: &handle,
        generics: &ty.generics,
        inner: inner.clone(),
        rest: quote!(, self.1 #(, ::core::clone::Clone::clone(&self.#copied))*),
    });
    let into_others = others.iter().zip(&copied).map(|(other, at)| {
        quote! {
            #[automatically_derived]
            impl #impl_generics ::core::convert::From<#handle #arguments> for #other #where_clause {
                fn from(handle: #handle #arguments) -> Self {
                    handle.#at
                }
            }
        }
    });
    quote! {
        #[doc = #first_line]
        #[doc = ""]
        #[doc = " Cheap to clone. It keeps an actor alive as the actor's own handle does."]
        #[must_use = "an actor without a supervisor ends when its last handle is dropped"]
        #vis struct #handle #generics (
            #inner,
            &'static dyn #port #arguments
            #(, #others)*
        ) #where_clause;

        #value_traits

        #[automatically_derived]
        impl #impl_generics ::core::ops::Deref for #handle #arguments #where_clause {
            type Target = #inner;

            #[inline]
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        #[automatically_derived]
        impl #impl_generics ::core::convert::From<#handle #arguments> for #inner #where_clause {
            fn from(handle: #handle #arguments) -> Self {
                handle.0
            }
        }

        #(#into_others)*
    }
}

/// What the handle derefs to, and the handles of the other protocols that it extends.
fn inner(protocol: &Protocol) -> (TokenStream, Vec<TokenStream>) {
    let krate = &protocol.krate;
    let mut handles = protocol.parents.iter().map(|parent| {
        let mut path = parent.clone();
        if let Some(last) = path.segments.last_mut() {
            last.ident = names::with_suffix(&last.ident, "Ref");
        }
        path.into_token_stream()
    });
    let first = handles.next().unwrap_or_else(|| quote!(#krate::AnyRef));
    (first, handles.collect())
}

// Output: impl<K> StoreRef<K> {
//             pub fn of<A: Spawn + Store<K>>(actor: &ActorRef<A>) -> Self
//             pub fn spawn<S: Store<K>>(speaker: S) -> Result<Self, StartError>
//         }
fn constructors(protocol: &Protocol) -> TokenStream {
    let Protocol { krate, ty, .. } = protocol;
    let (handle, path) = (ty.enum_name("Ref"), &ty.path);
    let mut generics = ty.generics.clone();
    generics.make_where_clause().predicates.extend(travels(protocol).predicates);
    let (impl_generics, arguments, where_clause) = generics.split_for_impl();
    let (inner, others) = inner(protocol);
    let (actor, speaker) = (names::local("A"), names::local("S"));
    let base = if protocol.parents.is_empty() {
        quote!(#krate::__private0::any_ref(actor))
    } else {
        quote!(<#inner>::__of::<#actor, #speaker>(actor))
    };
    let of_line = format!(" A handle to `actor`, as one that speaks [`{}`].", ty.name);
    let spawn_line = format!(
        " Starts an actor that is nothing but a `speaker` of [`{}`], which need not be one: for a test, say.",
        ty.name
    );
    quote! {
        #[allow(trivial_bounds)]
        impl #impl_generics #handle #arguments #where_clause {
            #[doc = #of_line]
            #[doc = ""]
            #[doc = " A handle by name is looked up here, once."]
            pub fn of<#actor>(actor: &#krate::ActorRef<#actor>) -> Self
            where
                #actor: #krate::Spawn + #path,
            {
                Self::__of::<#actor, #actor>(actor)
            }

            #[doc = #spawn_line]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = " Outside of a tokio runtime."]
            pub fn spawn<#speaker>(speaker: #speaker) -> ::core::result::Result<Self, #krate::StartError>
            where
                #speaker: #path + ::core::marker::Send + 'static,
            {
                let actor = #krate::__private0::start_speaker(speaker)?;
                ::core::result::Result::Ok(Self::__of::<_, #speaker>(&actor))
            }

            #[doc(hidden)]
            pub fn __of<#actor, #speaker>(actor: &#krate::ActorRef<#actor>) -> Self
            where
                #actor: #krate::__private0::Speaker<#speaker>,
                #speaker: #path + 'static,
            {
                Self(
                    #base,
                    &<#krate::__private0::Speaks<#actor, #speaker>>::NEW
                    #(, <#others>::__of::<#actor, #speaker>(actor))*
                )
            }
        }
    }
}

// Input:  #[call] fn get(&self, key: K) -> Option<u64>;
// Output: pub fn get(&self, key: K) -> ProtocolCall<'_, Option<u64>> { .. }
fn methods(protocol: &Protocol) -> TokenStream {
    let Protocol { krate, ty, .. } = protocol;
    let (handle, port) = (ty.enum_name("Ref"), port_name(protocol));
    let (impl_generics, arguments, where_clause) = ty.generics.split_for_impl();
    let methods = protocol.methods.iter().map(|method| {
        let attrs = attrs::for_method(&method.attrs);
        let (name, answer) = (&method.name, answer(method));
        let (names, types): (Vec<_>, Vec<_>) = method.fields().map(|f| (&f.name, &f.ty)).unzip();
        let errand = quote!(#port::#name(self.1, #(#names),*));
        let (result, body) = if method.kind == Kind::Call {
            let (inline, always) = (!method.is_async, method.always);
            let limit = limit(method.limit, krate);
            let options = quote! {
                #krate::__private0::CallOptions {
                    inline: #inline,
                    later: false,
                    always: #always,
                    limit: #limit,
                }
            };
            (
                quote!(#krate::ProtocolCall<'_, #answer>),
                quote!(#krate::ProtocolCall::__new(&self.0, #errand, #options)),
            )
        } else {
            (
                quote!(#krate::ProtocolCast<'_>),
                quote!(#krate::ProtocolCast::__new(&self.0, #errand)),
            )
        };
        quote! {
            #attrs
            pub fn #name(&self, #(#names: #types),*) -> #result {
                #body
            }
        }
    });
    let allowed = attrs::allowed_for_impls();
    quote! {
        #allowed
        impl #impl_generics #handle #arguments #where_clause {
            #(#methods)*
        }
    }
}
