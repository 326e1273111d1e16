//! What `#[supervisor(..)]` says about restarts.

use crate::diag::Errors;
use crate::options::{Options, Setting, duration};
use proc_macro2::TokenStream;
use quote::quote;

/// What `#[supervisor(..)]` says.
pub(super) struct Said {
    /// The path of the runtime.
    pub(super) krate: TokenStream,
    /// The options as a value.
    pub(super) options: TokenStream,
    pub(super) ends_with_children: bool,
}

const STRATEGIES: [&str; 3] = ["one_for_one", "one_for_all", "rest_for_one"];
const AUTO_SHUTDOWNS: [&str; 3] = ["never", "any_significant", "all_significant"];

/// Three restarts within five seconds, as in Elixir.
const INTENSITY: u32 = 3;
const PERIOD: u64 = 5_000;

// Input:  strategy = rest_for_one, period = "1m"
// Output: ::ghostlight, and
//         ::ghostlight::SupervisorOptions::new(::ghostlight::Strategy::RestForOne)
//             .intensity(3u32).period(Duration::from_millis(60000u64))
/// Where an option is wrong the default stands in for it, so that the rest still works.
pub(super) fn lower(options: TokenStream, errors: &mut Errors) -> Said {
    let before = errors.count();
    let options = Options::parse(options, "supervisor", errors);
    // A strategy that is misspelt is reported already.
    let is_readable = errors.count() == before;
    let krate = options.krate(errors);
    let setting = |name: &str| options.settings.iter().find(|setting| setting.text == name);

    let given = setting("strategy");
    if given.is_none() && is_readable {
        let choices = STRATEGIES.map(|strategy| format!("`strategy = {strategy}`"));
        let help = format!("one of {}", choices.join(", "));
        errors.with_help(TokenStream::new(), "a supervisor needs a strategy", help);
    }
    let strategy = match given.and_then(|setting| setting.word(&STRATEGIES, errors)) {
        Some("one_for_all") => quote!(OneForAll),
        Some("rest_for_one") => quote!(RestForOne),
        _ => quote!(OneForOne),
    };
    let given = setting("intensity");
    let intensity = given.and_then(|it| intensity(it, errors)).unwrap_or(INTENSITY);
    let given = setting("period");
    let period = duration(given.and_then(|it| period(it, errors)).unwrap_or(PERIOD));
    let given = setting("auto_shutdown");
    let auto_shutdown = given.map(|setting| setting.word(&AUTO_SHUTDOWNS, errors));
    // One that is misspelt is reported already: its children are not to be reported, too.
    let ends_with_children = !matches!(auto_shutdown, None | Some(Some("never")));
    let auto_shutdown = match auto_shutdown.flatten() {
        Some("any_significant") => Some(quote!(AnySignificant)),
        Some("all_significant") => Some(quote!(AllSignificant)),
        _ => None,
    };
    let auto_shutdown = auto_shutdown.map(|it| quote!(.auto_shutdown(#krate::AutoShutdown::#it)));
    let given = setting("backoff").and_then(|setting| setting.milliseconds_range(errors));
    let backoff = given.map(|(least, most)| {
        let (least, most) = (duration(least), duration(most));
        quote!(.backoff(#krate::Backoff::exponential(#least, #most)))
    });
    let options = quote! {
        #krate::SupervisorOptions::new(#krate::Strategy::#strategy)
            .intensity(#intensity)
            .period(#period)
            #auto_shutdown
            #backoff
    };
    Said { krate, options, ends_with_children }
}

/// OTP allows 0, and nearly nobody wants it: who does can say so to the builder.
fn intensity(setting: &Setting, errors: &mut Errors) -> Option<u32> {
    match setting.number() {
        Some(0) => errors.with_help(
            setting.value_tokens(),
            "the first crash would stop the whole supervisor",
            "give it at least 1 (a supervisor that is built at run time may have 0)",
        ),
        Some(count) => return Some(count),
        None => errors.with_help(
            setting.value_tokens(),
            "`intensity` is a number of restarts",
            "`intensity = 3`",
        ),
    }
    None
}

/// OTP counts restarts in whole seconds.
fn period(setting: &Setting, errors: &mut Errors) -> Option<u64> {
    let time = setting.milliseconds_or_none(&[], errors)?;
    if time < 1_000 {
        errors.with_help(
            setting.value_tokens(),
            "restarts are counted within a period of at least one second",
            "`period = \"1s\"`, or longer",
        );
    }
    Some(time).filter(|time| *time >= 1_000)
}
