//! What `#[actor]` knows of an actor.

use crate::diag::Errors;
use crate::options::{Options, Setting, duration};
use crate::syntax::{StateHead, Target};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Generics, Visibility};

/// A struct or an enum that is the state of an actor.
pub(crate) struct Actor {
    /// The path of the runtime.
    pub(crate) krate: TokenStream,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    /// The calls on the builder of the options: `.mailbox(64usize).blocking()`.
    pub(crate) options: TokenStream,
}

/// Reads the options. `None` where `#[actor]` stands on something that cannot be a state.
pub(crate) fn lower(options: TokenStream, target: Target, errors: &mut Errors) -> Option<Actor> {
    let StateHead { vis, name, generics } = match target {
        Target::State(head) => head,
        Target::Impl(token) => {
            errors.at(token, "`#[actor]` goes on the struct; the impl block takes `#[handlers]`");
            return None;
        }
        Target::Other(word) => {
            errors.at(word, "`#[actor]` goes on a struct or an enum: the state of the actor");
            return None;
        }
    };
    let options = Options::parse(options, "actor", errors);
    let krate = options.krate(errors);
    let options =
        options.settings.iter().filter_map(|setting| option(setting, &krate, errors)).collect();
    Some(Actor { krate, vis, name, generics, options })
}

// Input:  restart = transient
// Output: .restart(::ghostlight::Restart::Transient)
fn option(setting: &Setting, krate: &TokenStream, errors: &mut Errors) -> Option<TokenStream> {
    Some(match setting.text.as_str() {
        "mailbox" if setting.is_word("unbounded") => quote!(.unbounded()),
        "mailbox" => {
            let count = setting.count(errors)?;
            quote!(.mailbox(#count))
        }
        "restart" => {
            let restart = match setting.word(&["permanent", "transient", "temporary"], errors)? {
                "permanent" => quote!(Permanent),
                "transient" => quote!(Transient),
                _ => quote!(Temporary),
            };
            quote!(.restart(#krate::Restart::#restart))
        }
        "shutdown" => {
            let shutdown = if setting.is_word("brutal_kill") {
                quote!(BrutalKill)
            } else if setting.is_word("infinity") {
                quote!(Infinity)
            } else {
                let time = duration(setting.milliseconds(&["brutal_kill", "infinity"], errors)?);
                quote!(After(#time))
            };
            quote!(.shutdown(#krate::Shutdown::#shutdown))
        }
        "on_restart" => {
            let drops = setting.word(&["keep", "drop"], errors)? == "drop";
            let on_restart = if drops { quote!(Drop) } else { quote!(Keep) };
            quote!(.on_restart(#krate::OnRestart::#on_restart))
        }
        "inline" => {
            let inline = match setting.word(&["sync", "always", "never"], errors)? {
                "sync" => quote!(Sync),
                "always" => quote!(Always),
                _ => quote!(Never),
            };
            quote!(.inline(#krate::Inline::#inline))
        }
        "blocking" if setting.flag(errors) => quote!(.blocking()),
        _ => return None,
    })
}
