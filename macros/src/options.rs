//! The one grammar of options, `#[actor(mailbox = 64, blocking)]`: so that every macro answers a wrong
//! option in the same way.

use crate::diag::{Errors, list};
use crate::types;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::fmt::Display;
use std::str::FromStr;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{LitInt, LitStr, Token, token};

/// Which options each attribute takes. An option used on the wrong attribute is looked up here too.
const KNOWN: &[(&str, &[&str])] = &[
    ("actor", &["mailbox", "restart", "shutdown", "on_restart", "inline", "blocking", "crate"]),
    ("handlers", &["derive", "crate"]),
    ("protocol", &["crate"]),
    ("supervisor", &["strategy", "intensity", "period", "auto_shutdown", "backoff", "crate"]),
    ("call", &["timeout", "always", "capacity"]),
    ("cast", &[]),
    ("info", &[]),
    ("handle_continue", &[]),
    ("init", &[]),
    ("terminate", &[]),
    ("child", &["significant"]),
];

/// Words that are values, each list with its option.
const VALUES: &[(&str, &[&str])] = &[
    ("strategy", &["one_for_one", "one_for_all", "rest_for_one"]),
    ("restart", &["permanent", "transient", "temporary"]),
    ("mailbox", &["unbounded"]),
    ("shutdown", &["brutal_kill"]),
];

/// What others call an option: the attribute, their word, and ours.
const OTHER_NAMES: &[(&str, &str, &str)] = &[
    ("supervisor", "max_restarts", "intensity = 3"),
    ("supervisor", "max_seconds", "period = \"5s\""),
    ("actor", "capacity", "mailbox = 64"),
];

/// What differs from child to child of one type is said of its `ChildSpec`.
const OF_A_SPEC: &[&str] = &["restart", "shutdown", "name"];

/// The options given to one attribute: known ones, each at most once.
pub(crate) struct Options {
    pub(crate) settings: Vec<Setting>,
}

/// One option: `name`, `name = value` or `name(value)`.
pub(crate) struct Setting {
    pub(crate) name: Ident,
    /// What `name` is called, for messages and matching.
    pub(crate) text: String,
    value: Value,
}

enum Value {
    None,
    Assigned(TokenStream),
    List(TokenStream),
}

impl Options {
    /// Reads the options of `#[macro_name(tokens)]`. Reports unknown and repeated ones, and leaves
    /// them out.
    pub(crate) fn parse(tokens: TokenStream, macro_name: &str, errors: &mut Errors) -> Self {
        let parsed = match settings.parse2(tokens) {
            Ok(parsed) => parsed,
            Err(error) => {
                errors.push(error);
                return Options { settings: Vec::new() };
            }
        };
        let known = known(macro_name);
        let mut kept: Vec<Setting> = Vec::new();
        for setting in parsed {
            let text = &setting.text;
            if !known.contains(&text.as_str()) {
                report_unknown(&setting, macro_name, known, errors);
            } else if kept.iter().any(|earlier| earlier.text == *text) {
                errors.at(&setting.name, format!("`{text}` is set twice"));
            } else {
                kept.push(setting);
            }
        }
        Options { settings: kept }
    }

    /// The path of the runtime: `::ghostlight`, or what `crate = path` says.
    pub(crate) fn krate(&self, errors: &mut Errors) -> TokenStream {
        self.settings
            .iter()
            .find(|setting| setting.text == "crate")
            .and_then(|setting| setting.path(errors))
            .unwrap_or_else(|| quote!(::ghostlight))
    }
}

fn known(macro_name: &str) -> &'static [&'static str] {
    KNOWN.iter().find(|(name, _)| *name == macro_name).map_or(&[], |(_, options)| options)
}

fn report_unknown(setting: &Setting, macro_name: &str, known: &[&str], errors: &mut Errors) {
    let text = &setting.text;
    if macro_name == "child" && OF_A_SPEC.contains(&text.as_str()) {
        let help = format!("say it of the `ChildSpec` that the method returns: `.{text}(..)`");
        errors.with_help(&setting.name, format!("`{text}` is no option of `#[child]`"), help);
    } else if let Some(option) = setting.is_value_of(known) {
        let what = format!("`{text}` is a value of the option `{option}`");
        errors.with_help(&setting.name, what, format!("`{option} = {text}`"));
    } else if let Some((.., ours)) =
        OTHER_NAMES.iter().find(|(attribute, word, _)| *attribute == macro_name && word == text)
    {
        let what = format!("unknown option `{text}`");
        errors.with_help(&setting.name, what, format!("it has another name: `{ours}`"));
    } else if macro_name == "actor" && text == "name" {
        errors.with_help(
            &setting.name,
            "`name` is no option of `#[actor]`: a name is that of one actor, not of its type",
            "give it where the actor starts: `.start(..).name(\"vault\")`, or `.name(\"vault\")` on its `ChildSpec`",
        );
    } else if let Some((owner, _)) =
        KNOWN.iter().find(|(_, options)| options.contains(&text.as_str()))
    {
        errors.at(&setting.name, format!("`{text}` is an option of `#[{owner}]`"));
    } else if known.is_empty() {
        errors.at(&setting.name, format!("`#[{macro_name}]` takes no options"));
    } else {
        let what = format!("unknown option `{text}`");
        errors.with_help(&setting.name, what, format!("`#[{macro_name}]` takes {}", list(known)));
    }
}

fn settings(input: ParseStream) -> syn::Result<Vec<Setting>> {
    let mut settings = Vec::new();
    while !input.is_empty() {
        // `crate` is a keyword, so any word may be a name here.
        let name = input.call(Ident::parse_any).map_err(|error| {
            syn::Error::new(error.span(), "an option has a name: `name`, or `name = value`")
        })?;
        if input.peek(Token![:]) {
            let place = input.span();
            let value = types::text(until_comma(input)?);
            let value = value.trim_start_matches([':', ' ']);
            let what = format!("an option is set with `=`\nhelp: `{name} = {value}`");
            return Err(syn::Error::new(place, what));
        }
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Value::Assigned(until_comma(input)?)
        } else if input.peek(token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            Value::List(content.parse()?)
        } else {
            Value::None
        };
        settings.push(Setting { text: name.unraw().to_string(), name, value });
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(settings)
}

fn until_comma(input: ParseStream) -> syn::Result<TokenStream> {
    let mut value = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) && !input.peek(Token![;]) {
        value.extend([input.parse::<TokenTree>()?]);
    }
    Ok(value)
}

impl Setting {
    /// The option among `known` that this word is a value of, where it stands alone.
    fn is_value_of(&self, known: &[&str]) -> Option<&'static str> {
        let is_alone = matches!(self.value, Value::None);
        let named = |(option, words): &&(&str, &[&str])| {
            is_alone && known.contains(option) && words.contains(&self.text.as_str())
        };
        VALUES.iter().find(named).map(|(option, _)| *option)
    }

    /// What to point at when the value is wrong: the value, or the name where there is none.
    pub(crate) fn value_tokens(&self) -> TokenStream {
        match &self.value {
            Value::Assigned(value) | Value::List(value) if !value.is_empty() => value.clone(),
            _ => self.name.to_token_stream(),
        }
    }

    fn assigned<T: syn::parse::Parse>(&self) -> Option<T> {
        match &self.value {
            Value::Assigned(value) => syn::parse2(value.clone()).ok(),
            _ => None,
        }
    }

    /// The value when it is the word `word`.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.assigned::<Ident>().is_some_and(|value| value == word)
    }

    /// A value out of a fixed list of words; reports any other.
    pub(crate) fn word(&self, words: &[&'static str], errors: &mut Errors) -> Option<&'static str> {
        if let Some(word) = words.iter().find(|word| self.is_word(word)) {
            return Some(word);
        }
        let what = match &self.value {
            Value::Assigned(value) if !value.is_empty() => {
                let (name, value) = (&self.text, types::text(value));
                if let Some(meant) = words.iter().find(|word| **word == plain_word(&value)) {
                    let what = format!("`{name}` takes a plain word");
                    errors.with_help(self.value_tokens(), what, format!("`{name} = {meant}`"));
                    return None;
                }
                format!("unknown {name} `{value}`")
            }
            _ => format!("`{}` needs a value", self.text),
        };
        errors.with_help(self.value_tokens(), what, format!("one of {}", list(words)));
        None
    }

    /// The value when it is a whole number that fits.
    pub(crate) fn number<T: FromStr<Err: Display>>(&self) -> Option<T> {
        self.assigned::<LitInt>()?.base10_parse().ok()
    }

    /// A count of messages, at least one; reports anything else.
    pub(crate) fn count(&self, errors: &mut Errors) -> Option<usize> {
        match self.number::<usize>() {
            Some(0) => errors.with_help(
                self.value_tokens(),
                "a mailbox needs room for at least one message",
                format!("`{} = unbounded` removes the limit", self.text),
            ),
            Some(count) => return Some(count),
            None => errors.with_help(
                self.value_tokens(),
                format!("`{}` is a number of messages", self.text),
                format!("`{0} = 64`, or `{0} = unbounded`", self.text),
            ),
        }
        None
    }

    /// A count of items, at least one; reports anything else.
    pub(crate) fn items(&self, errors: &mut Errors) -> Option<usize> {
        let name = &self.text;
        let what = match self.number::<usize>() {
            Some(0) => "a stream needs room for at least one item".to_owned(),
            Some(count) => return Some(count),
            None => format!("`{name}` is a number of items"),
        };
        errors.with_help(self.value_tokens(), what, format!("`{name} = 64`"));
        None
    }

    /// A duration in milliseconds, written `"5s"`; reports anything else. `words` are the words this
    /// option takes besides.
    pub(crate) fn milliseconds(&self, words: &[&str], errors: &mut Errors) -> Option<u64> {
        let time = self.milliseconds_or_none(words, errors)?;
        if time == 0 {
            let name = &self.text;
            errors.with_help(
                self.value_tokens(),
                format!("`{name}` is longer than nothing"),
                format!("`{name} = \"1ms\"`{}", or_words(words)),
            );
        }
        Some(time).filter(|time| *time > 0)
    }

    /// The same, where no time at all has a reason of its own to be refused for.
    pub(crate) fn milliseconds_or_none(&self, words: &[&str], errors: &mut Errors) -> Option<u64> {
        let text = self.assigned::<LitStr>().map(|text| text.value());
        let parsed = text.as_deref().and_then(milliseconds);
        if let Some(word) = words.iter().find(|word| text.as_deref() == Some(word)) {
            let name = &self.text;
            errors.with_help(
                self.value_tokens(),
                format!("`{word}` is a word, without quotes"),
                format!("`{name} = {word}`"),
            );
        } else if parsed.is_none() {
            let (name, or_words) = (&self.text, or_words(words));
            let number = self.assigned::<LitInt>();
            let number = number.map_or("5".to_owned(), |n| n.base10_digits().to_owned());
            errors.with_help(
                self.value_tokens(),
                format!("`{name}` is a duration: a whole number and its unit, in quotes"),
                format!("`{name} = \"{number}s\"` (units `ms`, `s`, `m`, `h`){or_words}"),
            );
        }
        parsed
    }

    /// Two durations in milliseconds, the second no shorter than the first, written `"100ms..10s"`; reports anything else.
    pub(crate) fn milliseconds_range(&self, errors: &mut Errors) -> Option<(u64, u64)> {
        let text = self.assigned::<LitStr>().map(|text| text.value()).unwrap_or_default();
        let range = text.split_once("..").and_then(|(least, most)| {
            Some((milliseconds(least.trim())?, milliseconds(most.trim())?))
        });
        let name = &self.text;
        match range {
            Some((0, _)) => errors.with_help(
                self.value_tokens(),
                format!("`{name}` is longer than nothing"),
                format!("`{name} = \"1ms..10s\"`"),
            ),
            Some((least, most)) if least > most => errors.with_help(
                self.value_tokens(),
                format!("`{name}` goes from the shorter duration to the longer"),
                format!("`{name} = \"100ms..10s\"`"),
            ),
            Some(range) => return Some(range),
            None => errors.with_help(
                self.value_tokens(),
                format!("`{name}` is two durations, each a whole number and its unit, in quotes"),
                format!("`{name} = \"100ms..10s\"` (units `ms`, `s`, `m`, `h`)"),
            ),
        }
        None
    }

    /// True for an option that stands alone; reports a value.
    pub(crate) fn flag(&self, errors: &mut Errors) -> bool {
        let alone = matches!(self.value, Value::None);
        if !alone {
            let what = format!("`{}` stands alone: it has no value", self.text);
            errors.at(self.value_tokens(), what);
        }
        alone
    }

    /// The tokens in `name(tokens)`; reports another form. `example` shows the right one.
    pub(crate) fn list(&self, example: &str, errors: &mut Errors) -> Option<TokenStream> {
        if let Value::List(tokens) = &self.value {
            return Some(tokens.clone());
        }
        let what = format!("`{}` takes a list in parentheses", self.text);
        errors.with_help(&self.name, what, format!("`{example}`"));
        None
    }

    fn path(&self, errors: &mut Errors) -> Option<TokenStream> {
        let path = self.assigned::<syn::Path>();
        if path.is_none() {
            let what = format!("`{}` is a path to ghostlight", self.text);
            errors.with_help(self.value_tokens(), what, "`crate = my_crate::ghostlight`");
        }
        path.map(ToTokens::into_token_stream)
    }
}

/// A value as our words are written: `transient` for `"transient"`, `Transient` and `Restart::Transient`.
fn plain_word(value: &str) -> String {
    let mut word = String::new();
    for letter in value.trim_matches('"').rsplit(':').next().unwrap_or_default().chars() {
        if letter.is_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.extend(letter.to_lowercase());
    }
    word
}

/// ", or `a` or `b`"; nothing where there are no words.
fn or_words(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    if quoted.is_empty() { String::new() } else { format!(", or {}", quoted.join(" or ")) }
}

/// Reads `"5s"`, `"100ms"`, `"2m"`, `"1h"`.
pub(crate) fn milliseconds(text: &str) -> Option<u64> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let factor = match unit.trim_start() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// The tokens of a `Duration`.
pub(crate) fn duration(milliseconds: u64) -> TokenStream {
    quote!(::core::time::Duration::from_millis(#milliseconds))
}
