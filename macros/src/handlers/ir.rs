//! What `#[handlers]` knows of an actor.

use crate::attrs;
use crate::self_type::SelfType;
use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Type, Visibility};

/// One impl block, reduced to what is generated from it.
pub(crate) struct Handlers {
    /// The path of the runtime.
    pub(crate) krate: TokenStream,
    pub(crate) actor: SelfType,
    /// What `derive(..)` lists, for every enum.
    pub(crate) derives: TokenStream,
    /// In the order of the block; those with mistakes are left out.
    pub(crate) methods: Vec<Handler>,
    /// One, or none; `check` leaves only the first.
    pub(crate) inits: Vec<Init>,
    /// One, or none; `check` leaves only the first.
    pub(crate) terminates: Vec<Terminate>,
    /// Every marker of the block, where the user wrote it.
    pub(crate) markers: Vec<Ident>,
    /// What is generated from `#[init]` unless the block has a method of that name: `start`, `child_spec`.
    pub(crate) taken: Vec<&'static str>,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Call,
    Cast,
    Info,
    Continue,
}

/// A method marked `#[call]`, `#[cast]`, `#[info]` or `#[handle_continue]`.
pub(crate) struct Handler {
    pub(crate) kind: Kind,
    pub(crate) name: Ident,
    /// Its message: `GetAll` for `get_all`.
    pub(crate) variant: Ident,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) is_async: bool,
    /// The `self` of `&self`, which an async handler of a state that is not `Sync` cannot take.
    pub(crate) shared_self: Option<TokenStream>,
    /// In the user's order.
    pub(crate) arguments: Vec<Argument>,
    pub(crate) output: Output,
    /// Of a call.
    pub(crate) reply: Reply,
    pub(crate) always: bool,
    pub(crate) limit: Limit,
}

/// What a handler is called with.
pub(crate) enum Argument {
    /// With the place of the parameter's type.
    Ctx(Span),
    Reply,
    Stream,
    Field(Field),
}

/// A parameter that travels in the message.
pub(crate) struct Field {
    pub(crate) name: Ident,
    /// Without `Self`, to be named outside of the impl block.
    pub(crate) ty: TokenStream,
}

/// What a handler returns, as the user wrote it.
pub(crate) enum Output {
    Nothing,
    Type(Box<Type>),
    /// A type that names a lifetime of the method, and so cannot be named elsewhere.
    Unnamed,
}

/// How a call answers, and with what (without `Self`).
pub(crate) enum Reply {
    None,
    Now(TokenStream),
    Deferred(TokenStream),
    Stream(Stream),
}

/// A call that is answered with a stream.
pub(crate) struct Stream {
    /// Of the items, without `Self`.
    pub(crate) item: TokenStream,
    /// How many of them wait.
    pub(crate) capacity: usize,
}

/// `#[call(timeout = ..)]`.
#[derive(Clone, Copy)]
pub(crate) enum Limit {
    Default,
    Milliseconds(u64),
    Infinite,
}

/// The method marked `#[init]`.
pub(crate) struct Init {
    pub(crate) name: Ident,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) is_async: bool,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) output: Type,
    pub(crate) marker: Ident,
}

/// The method marked `#[terminate]`.
pub(crate) struct Terminate {
    pub(crate) name: Ident,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) is_async: bool,
    pub(crate) arguments: Vec<TerminateArgument>,
    pub(crate) marker: Ident,
}

pub(crate) enum TerminateArgument {
    Ctx(Span),
    Reason,
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [Kind::Call, Kind::Cast, Kind::Info, Kind::Continue];

    /// The variant of `Message`, the associated type of `Actor`, and the end of the enum's name.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Call => "Call",
            Kind::Cast => "Cast",
            Kind::Info => "Info",
            Kind::Continue => "Continue",
        }
    }
}

impl Handlers {
    pub(crate) fn of(&self, kind: Kind) -> impl Iterator<Item = &Handler> {
        self.methods.iter().filter(move |handler| handler.kind == kind)
    }

    pub(crate) fn has(&self, kind: Kind) -> bool {
        self.of(kind).next().is_some()
    }

    /// Whether a method of the block names the context, a type that exists for states that are `'static` only.
    pub(crate) fn takes_ctx(&self) -> bool {
        let is_ctx = |it: &Argument| matches!(it, Argument::Ctx(_));
        self.methods.iter().any(|handler| handler.arguments.iter().any(is_ctx))
            || self.inits.iter().any(|init| init.arguments.iter().any(is_ctx))
            || self.terminates.iter().any(|terminate| {
                terminate.arguments.iter().any(|it| matches!(it, TerminateArgument::Ctx(_)))
            })
    }
}

impl Handler {
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        fields(&self.arguments)
    }

    /// The `#[cfg(..)]`s of the handler, for whatever is generated from it.
    pub(crate) fn cfg(&self) -> TokenStream {
        attrs::cfg(&self.attrs)
    }
}

/// The parameters that travel.
pub(crate) fn fields(arguments: &[Argument]) -> impl Iterator<Item = &Field> {
    arguments.iter().filter_map(|argument| match argument {
        Argument::Field(field) => Some(field),
        Argument::Ctx(_) | Argument::Reply | Argument::Stream => None,
    })
}
