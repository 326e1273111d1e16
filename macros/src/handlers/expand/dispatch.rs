//! From a message to the user's method: the implementation of `Actor`.

use super::{checks, messages};
use crate::attrs;
use crate::handlers::ir::{
    Argument, Handler, Handlers, Kind, Output, Reply, Stream, Terminate, TerminateArgument,
};
use crate::names;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

pub(super) fn expand(handlers: &Handlers) -> TokenStream {
    let deferred = handlers.of(Kind::Call).enumerate().filter_map(|(index, handler)| {
        let ty = match &handler.reply {
            Reply::Deferred(ty) => ty.clone(),
            Reply::Stream(stream) if handler.is_async => messages::opened(handlers, stream),
            _ => return None,
        };
        Some(deferred(handlers, handler, index, &ty))
    });
    [actor(handlers)].into_iter().chain(deferred).collect()
}

// Input:  the handlers of impl Vault
// Output: impl Actor for Vault {
//             type Call = VaultCall; ..
//             const EXIT: Option<fn(Exit) -> Self::Info> = ..;
//             const MESSAGES: &'static [&'static str] = &["balance", ..];
//             const SHOW: Option<Show<Self>> = ..;
//             const TERMINATES: bool = true;
//             fn message_index(..) { .. }
//             fn handle(..) { .. }
//             async fn handle_async(..) { .. }
//             async fn terminate(..) { .. }
//         }
fn actor(handlers: &Handlers) -> TokenStream {
    let krate = &handlers.krate;
    let path = &handlers.actor.path;
    let (impl_generics, arguments, where_clause) = handlers.actor.generics.split_for_impl();
    let associated = |has: bool, suffix: &str| {
        let name = handlers.actor.enum_name(suffix);
        if has { quote!(#name #arguments) } else { quote!(#krate::__private0::Never) }
    };
    let [call, cast, info, continue_] =
        Kind::ALL.map(|kind| associated(handlers.has(kind), kind.word()));
    let reply = associated(handlers.has(Kind::Call), "Reply");
    let allowed = attrs::allowed_for_impls();
    let exit = handlers.has(Kind::Info).then(|| exit(krate, &info));
    let names = message_names(handlers);
    let show = (!handlers.derives.is_empty()).then(|| show(krate));
    let handle = handle(handlers);
    let handle_async = handle_async(handlers);
    let terminate = terminate(handlers);
    quote! {
        #allowed
        #[diagnostic::do_not_recommend]
        #[automatically_derived]
        impl #impl_generics #krate::Actor for #path #where_clause {
            type Call = #call;
            type Reply = #reply;
            type Cast = #cast;
            type Info = #info;
            type Continue = #continue_;

            #exit
            #names
            #show
            #handle
            #handle_async
            #terminate
        }
    }
}

// Input:  #[info] fn gone(&mut self, exit: Exit)
// Output: const EXIT: Option<fn(Exit) -> Self::Info> = { use NoExit as _; TrapsExit::<VaultInfo>::EXIT };
/// An actor traps exits where it has a handler for them. The type checker sees that, aliases included: the constant of
/// `TrapsExit` itself, for infos that are `From<Exit>`, wins over the one of the trait.
fn exit(krate: &TokenStream, info: &TokenStream) -> TokenStream {
    quote! {
        const EXIT: ::core::option::Option<fn(#krate::Exit) -> Self::Info> = {
            #[allow(unused_imports)]
            use #krate::__private0::NoExit as _;
            #krate::__private0::TrapsExit::<#info>::EXIT
        };
    }
}

// Input:  #[handlers(derive(Debug))]
// Output: const SHOW: Option<Show<Self>> = { use NoShow as _; Shows::<Self>::SHOW };
/// Crash reports show messages that are `Debug`: the type checker sees which are, as in [`exit`].
fn show(krate: &TokenStream) -> TokenStream {
    quote! {
        const SHOW: ::core::option::Option<#krate::__private0::Show<Self>> = {
            #[allow(unused_imports)]
            use #krate::__private0::NoShow as _;
            #krate::__private0::Shows::<Self>::SHOW
        };
    }
}

// Input:  #[call] pub fn balance(&self, owner: String) -> u64; #[cast] pub fn deposit(&mut self, owner: String)
// Output: const MESSAGES: &'static [&'static str] = &["balance", "deposit"];
//         fn message_index(message: &Message<Self>) -> u16 {
//             match message {
//                 Message::Call(VaultCall::Balance { .. }) => 0,
//                 Message::Cast(VaultCast::Deposit { .. }) => 1,
//                 _ => u16::MAX,
//             }
//         }
fn message_names(handlers: &Handlers) -> TokenStream {
    let krate = &handlers.krate;
    let message = names::local("message");
    let methods: Vec<_> = numbered(handlers).collect();
    let names = methods.iter().map(|(_, handler)| handler.name.unraw().to_string());
    let arms = methods.iter().map(|(number, handler)| {
        let (cfg, kind) = (handler.cfg(), format_ident!("{}", handler.kind.word()));
        let message = messages::any(handlers, handler);
        quote!(#cfg #krate::Message::#kind(#message) => #number,)
    });
    quote! {
        const MESSAGES: &'static [&'static str] = &[#(#names),*];

        #[allow(unreachable_patterns)]
        fn message_index(#message: &#krate::Message<Self>) -> u16 {
            match #message {
                #(#arms)*
                _ => u16::MAX,
            }
        }
    }
}

// Input:  #[cast] pub fn deposit(&mut self, owner: String); #[call] pub async fn audit(&mut self)
// Output: fn handle(&mut self, message: Message<Self>, ctx: &mut Ctx<Self>) -> Handled<Self> {
//             match message {
//                 Message::Cast(VaultCast::Deposit { owner }) => { ctx.__handling(1); Handled::Now({ .. }) },
//                 message => Handled::Later(message),
//             }
//         }
// Kinds without handlers have no arm: there are no values of their type.
fn handle(handlers: &Handlers) -> TokenStream {
    let krate = &handlers.krate;
    let (message, ctx) = (names::local("message"), names::local("ctx"));
    let arms = arms(handlers, false, |outcome| quote!(#krate::Handled::Now(#outcome)));
    let asserted = (!has_async(handlers)).then(|| checks::of_handlers(handlers));
    let later = has_async(handlers).then(|| quote!(#message => #krate::Handled::Later(#message),));
    quote! {
        fn handle(
            &mut self,
            #message: #krate::Message<Self>,
            #ctx: &mut #krate::Ctx<Self>,
        ) -> #krate::Handled<Self> {
            #asserted
            match #message {
                #(#arms)*
                #later
            }
        }
    }
}

// Input:  #[call] pub async fn audit(&mut self) -> u64
// Output: async fn handle_async(&mut self, message: Message<Self>, ctx: &mut Ctx<Self>) -> Outcome<Self> {
//             match message {
//                 Message::Call(VaultCall::Audit) => {
//                     ctx.__handling(0);
//                     Outcome::Reply(VaultReply::Audit(__send(Self::audit(self)).await))
//                 }
//                 _ => unreachable!(),
//             }
//         }
// Without an async handler it captures nothing, so that nothing has to be `Send` for its sake.
fn handle_async(handlers: &Handlers) -> TokenStream {
    let krate = &handlers.krate;
    if !has_async(handlers) {
        return quote! {
            fn handle_async(
                &mut self,
                _: #krate::Message<Self>,
                _: &mut #krate::Ctx<Self>,
            ) -> impl ::core::future::Future<Output = #krate::Outcome<Self>> + ::core::marker::Send {
                async { ::core::unreachable!() }
            }
        };
    }
    let (message, ctx) = (names::local("message"), names::local("ctx"));
    let arms = arms(handlers, true, |outcome| outcome);
    let send = send();
    let asserted = checks::of_handlers(handlers);
    quote! {
        async fn handle_async(
            &mut self,
            #message: #krate::Message<Self>,
            #ctx: &mut #krate::Ctx<Self>,
        ) -> #krate::Outcome<Self> {
            #send
            #asserted
            match #message {
                #(#arms)*
                _ => ::core::unreachable!(),
            }
        }
    }
}

/// The handlers that are `async`, or those that are not, from pattern to what comes of them.
fn arms(
    handlers: &Handlers,
    is_async: bool,
    result: impl Fn(TokenStream) -> TokenStream,
) -> Vec<TokenStream> {
    let ctx = names::local("ctx");
    let of_kind = indexed(handlers).zip(numbered(handlers));
    let arm = |((index, handler), (number, _)): ((usize, &Handler), (u16, &Handler))| {
        let (cfg, pattern) = (handler.cfg(), pattern(handlers, handler));
        let result = result(outcome(handlers, handler, index));
        quote!(#cfg #pattern => { #ctx.__handling(#number); #result })
    };
    of_kind.filter(|((_, handler), _)| handler.is_async == is_async).map(arm).collect()
}

pub(super) fn has_async(handlers: &Handlers) -> bool {
    handlers.methods.iter().any(|handler| handler.is_async)
}

/// The handlers, kind after kind, each with its number among those of its kind.
fn indexed(handlers: &Handlers) -> impl Iterator<Item = (usize, &Handler)> {
    Kind::ALL.into_iter().flat_map(|kind| handlers.of(kind).enumerate())
}

/// The handlers, each with its number among all.
fn numbered(handlers: &Handlers) -> impl Iterator<Item = (u16, &Handler)> {
    (0..).zip(indexed(handlers).map(|(_, handler)| handler))
}

fn pattern(handlers: &Handlers, handler: &Handler) -> TokenStream {
    let krate = &handlers.krate;
    let kind = format_ident!("{}", handler.kind.word());
    let message = messages::literal(handlers, handler);
    quote!(#krate::Message::#kind(#message))
}

// Input:  #[call] fn balance(&self, owner: String) -> Option<u64>
// Output: Outcome::Reply(VaultReply::Balance(Self::balance(self, owner)))
//
// Input:  #[call] fn statement(&self, owner: String, reply: ReplyTo<String>), call number 2
// Output: { let reply = ctx.__reply_to::<2, _>(); Self::statement(self, owner, reply); Outcome::Done }
//
// Input:  #[call] fn watch(&mut self, out: StreamTo<Movement>)
// Output: {
//             let (out, opened) = ..;
//             Self::watch(self, out);
//             Outcome::Reply(VaultReply::Watch(opened))
//         }
//
// Input:  #[call] async fn watch(&mut self, out: StreamTo<Movement>), call number 2
// Output: {
//             let (out, opened) = ..;
//             ctx.__stream_now::<2, _>(opened);
//             Self::watch(self, out).await;
//             Outcome::Done
//         }
//
// Input:  #[cast] fn deposit(&mut self, owner: String) -> Result<(), Refused>
// Output: From::from(<Result<(), Refused> as IntoOutcome>::into_outcome(Self::deposit(self, owner)))
fn outcome(handlers: &Handlers, handler: &Handler, index: usize) -> TokenStream {
    let krate = &handlers.krate;
    let (name, arguments) = (&handler.name, arguments(&handler.arguments));
    let arguments = quote!(self, #arguments);
    let result = match (handler.is_async, &handler.shared_self) {
        // The state is asked about already: that it is not `Sync` would be reported twice.
        (true, Some(_)) => quote!(Self::#name(#arguments).await),
        (is_async, _) => result(name, is_async, &arguments),
    };
    let done = quote!(#krate::Outcome::Done);
    match (&handler.reply, &handler.output) {
        (Reply::Now(_), _) => {
            let (replies, variant) = (handlers.actor.enum_name("Reply"), &handler.variant);
            quote!(#krate::Outcome::Reply(#replies::#variant(#result)))
        }
        (Reply::Deferred(_), _) => {
            let (ctx, reply) = (names::local("ctx"), names::local("reply"));
            quote!({ let #reply = #ctx.__reply_to::<#index, _>(); #result; #done })
        }
        (Reply::Stream(stream), _) => {
            let [ctx, opened] = ["ctx", "opened"].map(names::local);
            let open = open(krate, stream);
            if handler.is_async {
                let answer = quote!(#ctx.__stream_now::<#index, _>(#opened));
                return quote!({ #open #answer; #result; #done });
            }
            let (replies, variant) = (handlers.actor.enum_name("Reply"), &handler.variant);
            quote!({ #open #result; #krate::Outcome::Reply(#replies::#variant(#opened)) })
        }
        (Reply::None, Output::Nothing) => quote!({ #result; #done }),
        (Reply::None, Output::Type(ty)) => {
            let into = quote!(<#ty as #krate::__private0::IntoOutcome>::into_outcome);
            quote!(::core::convert::From::from(#into(#result)))
        }
        (Reply::None, Output::Unnamed) => {
            let into = quote!(#krate::__private0::IntoOutcome::into_outcome);
            quote!(::core::convert::From::from(#into(#result)))
        }
    }
}

// Input:  out: StreamTo<Movement>
// Output: let (out, opened) = { use NoStreams as _; Streams::<Movement>::open(ctx, 16) };
/// Items that are not `Send` are reported already: then the function of the trait is the one that is called, as in [`exit`].
fn open(krate: &TokenStream, Stream { item, capacity }: &Stream) -> TokenStream {
    let [ctx, out, opened] = ["ctx", "out", "opened"].map(names::local);
    quote! {
        let (#out, #opened) = {
            #[allow(unused_imports)]
            use #krate::__private0::NoStreams as _;
            #krate::__private0::Streams::<#item>::open(#ctx, #capacity)
        };
    }
}

// Input:  async fn audit(&mut self) -> u64
// Output: __send(Self::audit(self)).await
/// The call of the user's method. That the future of an async one is `Send` is asked here, at its name, and
/// by `__send` nowhere else.
pub(super) fn result(name: &Ident, is_async: bool, arguments: &TokenStream) -> TokenStream {
    if !is_async {
        return quote!(Self::#name(#arguments));
    }
    quote_spanned!(name.span()=> __send(Self::#name(#arguments)).await)
}

/// The function that [`result`] calls.
pub(super) fn send() -> TokenStream {
    quote! {
        #[inline]
        fn __send<F: ::core::future::Future + ::core::marker::Send>(
            future: F,
        ) -> impl ::core::future::Future<Output = F::Output> + ::core::marker::Send {
            future
        }
    }
}

/// What the method is called with, in the user's order.
pub(super) fn arguments(arguments: &[Argument]) -> TokenStream {
    let (reply, out) = (names::local("reply"), names::local("out"));
    let arguments = arguments.iter().map(|argument| match argument {
        Argument::Ctx(place) => names::local_at("ctx", *place).into_token_stream(),
        Argument::Reply => quote!(#reply),
        Argument::Stream => quote!(#out),
        Argument::Field(field) => {
            let name = &field.name;
            quote!(#name)
        }
    });
    quote!(#(#arguments),*)
}

// Input:  #[call] fn statement(&self, owner: String, reply: ReplyTo<String>), call number 2
// Output: impl Deferred<2, String, VaultReply> for Vault { fn wrap(value) { VaultReply::Statement(value) } }
fn deferred(handlers: &Handlers, handler: &Handler, index: usize, ty: &TokenStream) -> TokenStream {
    let krate = &handlers.krate;
    let path = &handlers.actor.path;
    let (impl_generics, arguments, where_clause) = handlers.actor.generics.split_for_impl();

    let (replies, variant) = (handlers.actor.enum_name("Reply"), &handler.variant);
    let (cfg, allowed) = (handler.cfg(), attrs::allowed_for_impls());
    let value = names::local("value");
    quote! {
        #cfg
        #allowed
        #[automatically_derived]
        impl #impl_generics #krate::__private0::Deferred<#index, #ty, #replies #arguments>
            for #path #where_clause
        {
            fn wrap(#value: #ty) -> #replies #arguments {
                #replies::#variant(#value)
            }
        }
    }
}

fn terminate(handlers: &Handlers) -> TokenStream {
    let Some(method) = handlers.terminates.first() else {
        return no_terminate(handlers, &TokenStream::new());
    };
    let with = with_terminate(handlers, method);
    // A `#[terminate]` that is configured away leaves an actor without one.
    let without = attrs::not_cfg(&method.attrs).map(|cfg| no_terminate(handlers, &cfg));
    quote!(#with #without)
}

// Input:  #[terminate] fn close(&mut self, reason: &ExitReason)
// Output: const TERMINATES: bool = true;
//         fn terminate(&mut self, reason: &ExitReason, ctx: &mut Ctx<Self>) -> impl Future<..> {
//             Self::close(self, reason);
//             ready(())
//         }
fn with_terminate(handlers: &Handlers, method: &Terminate) -> TokenStream {
    let krate = &handlers.krate;
    let cfg = attrs::cfg(&method.attrs);
    let name = &method.name;
    let (reason, ctx) = (names::local("reason"), names::local("ctx"));
    let arguments = method.arguments.iter().map(|argument| match argument {
        TerminateArgument::Ctx(place) => names::local_at("ctx", *place).into_token_stream(),
        TerminateArgument::Reason => reason.to_token_stream(),
    });
    let call = quote!(Self::#name(self, #(#arguments),*));
    let parameters = quote!(&mut self, #reason: &#krate::ExitReason, #ctx: &mut #krate::Ctx<Self>);
    let function = if method.is_async {
        quote!(async fn terminate(#parameters) { #call.await; })
    } else {
        let future = quote!(impl ::core::future::Future<Output = ()> + ::core::marker::Send);
        quote!(fn terminate(#parameters) -> #future { #call; ::core::future::ready(()) })
    };
    quote! {
        #cfg
        const TERMINATES: bool = true;

        #cfg
        #function
    }
}

fn no_terminate(handlers: &Handlers, cfg: &TokenStream) -> TokenStream {
    let krate = &handlers.krate;
    quote! {
        #cfg
        const TERMINATES: bool = false;

        #cfg
        fn terminate(
            &mut self,
            _: &#krate::ExitReason,
            _: &mut #krate::Ctx<Self>,
        ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send {
            ::core::future::ready(())
        }
    }
}
