//! From an impl block to what is generated from it. A method with a mistake is reported and left out,
//! so that the others still work.

pub(crate) mod handler;
mod lifecycle;
pub(crate) mod parameters;
pub(crate) mod signature;

use super::ir::{Handlers, Kind};
use crate::diag::Errors;
use crate::markers::{self, Marker};
use crate::options::Options;
use crate::self_type::{self, SelfType, Words};
use crate::syntax::{ImplBlock, Method};
use proc_macro2::TokenStream;
use syn::Path;

const ACTOR: Words = Words {
    attribute: "handlers",
    what: "an actor",
    beside_traits: "; an impl of a protocol takes no attribute",
    without_async_trait: "handlers may be `async`",
};

/// What became of an impl block.
pub(crate) enum Lowered {
    Handlers(Box<Handlers>),
    /// No inherent impl, or one of a type that cannot be an actor.
    Refused {
        krate: TokenStream,
        path: Option<Path>,
    },
}

pub(crate) fn lower(options: TokenStream, block: &ImplBlock, errors: &mut Errors) -> Lowered {
    let options = Options::parse(options, "handlers", errors);
    let krate = options.krate(errors);
    let derives = options
        .settings
        .iter()
        .find(|setting| setting.text == "derive")
        .and_then(|setting| setting.list("derive(Debug, Clone)", errors))
        .unwrap_or_default();
    let Some(actor) = SelfType::of(block, &ACTOR, errors) else {
        return Lowered::Refused { krate, path: self_type::path(&block.self_ty).cloned() };
    };

    let mut handlers = Handlers {
        krate,
        actor,
        derives,
        methods: Vec::new(),
        inits: Vec::new(),
        terminates: Vec::new(),
        markers: Vec::new(),
        taken: Vec::new(),
    };
    for method in block.methods() {
        lower_method(method, &mut handlers, errors);
    }
    Lowered::Handlers(Box::new(handlers))
}

fn lower_method(method: &Method, handlers: &mut Handlers, errors: &mut Errors) {
    let marker = markers::of(method, "handlers", &mut handlers.markers, errors);
    let Some(Marker { name, word, options }) = marker else {
        return;
    };
    let before = errors.count();
    let options = Options::parse(options, name, errors);
    signature::refuse_modifiers(method, name, "impl block", errors);
    let kind = match name {
        "call" => Kind::Call,
        "cast" => Kind::Cast,
        "info" => Kind::Info,
        "handle_continue" => Kind::Continue,
        "init" => {
            let init = lifecycle::init(method, word, &handlers.actor, errors);
            handlers.inits.extend(init.filter(|_| errors.count() == before));
            return;
        }
        _ => {
            let terminate = lifecycle::terminate(method, word, errors);
            handlers.terminates.extend(terminate.filter(|_| errors.count() == before));
            return;
        }
    };
    let handler = handler::lower(method, kind, name, &options, &handlers.actor, errors);
    handlers.methods.extend(handler.filter(|_| errors.count() == before));
}
