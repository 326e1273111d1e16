//! A supervision tree, to be looked at.

use super::plan::SupervisorOptions;
use crate::{Options, Pid, Restart, Shutdown, State};
use std::{
    any::type_name,
    fmt::{self, Write},
};

/// A supervision tree: as the types describe it (`Bank::tree()`), or as it is at this moment ([`SupervisorRef::tree`]).
///
/// It prints as text; [`mermaid`](Self::mermaid) is for a diagram.
///
/// [`SupervisorRef::tree`]: crate::SupervisorRef::tree
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    id: Option<String>,
    actor: String,
    /// What the types say of it: the strategy, or the restart type and the shutdown time.
    options: String,
    life: Option<Life>,
    children: Vec<Tree>,
}

/// What is known of a child at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Life {
    pid: Option<Pid>,
    restarts: u64,
}

impl Tree {
    /// An actor without children.
    pub(crate) fn actor<A: State>() -> Self {
        let Options { restart, shutdown, .. } = A::OPTIONS;
        Self::new(type_name::<A>(), said(restart, shutdown))
    }

    /// A supervisor, whose children are added.
    #[doc(hidden)]
    #[must_use]
    pub fn supervisor(name: &str, options: &SupervisorOptions) -> Self {
        Self::new(name, options.to_string())
    }

    pub(crate) fn new(actor: &str, options: String) -> Self {
        let children = Vec::new();
        Self { id: None, actor: short(actor), options, life: None, children }
    }

    /// Adds a child, after those that it has.
    #[doc(hidden)]
    #[must_use]
    pub fn child(mut self, id: &str, child: Self) -> Self {
        self.children.push(Self { id: Some(id.to_owned()), ..child });
        self
    }

    pub(crate) fn with_life(self, pid: Option<Pid>, restarts: u64) -> Self {
        Self { life: Some(Life { pid, restarts }), ..self }
    }

    /// The tree with at most so many children shown of each supervisor; a line says how many more there are.
    #[must_use]
    pub fn at_most(mut self, most: usize) -> Self {
        let more = self.children.len().saturating_sub(most);
        self.children.truncate(most);
        self.children = self.children.into_iter().map(|child| child.at_most(most)).collect();
        if more > 0 {
            self.children.push(Self::new(&format!("and {more} more"), String::new()));
        }
        self
    }

    /// The tree as a [Mermaid](https://mermaid.js.org) flowchart, which a Markdown file may contain.
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut chart = String::from("flowchart TD\n");
        let mut nodes = 0;
        self.add_to_chart(&mut chart, &mut nodes, None);
        chart
    }

    fn add_to_chart(&self, chart: &mut String, nodes: &mut usize, parent: Option<usize>) {
        let node = *nodes;
        *nodes += 1;
        let label = self.label().replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;");
        let details = self.details();
        let line = if details.is_empty() { "" } else { "<br>" };
        // A string takes whatever is written to it.
        let _ = match parent {
            None => writeln!(chart, "    n{node}[\"{label}{line}{details}\"]"),
            Some(parent) => {
                writeln!(chart, "    n{parent} --> n{node}[\"{label}{line}{details}\"]")
            }
        };
        for child in &self.children {
            child.add_to_chart(chart, nodes, Some(node));
        }
    }

    /// Who it is: `vault: Vault <0.5>`.
    fn label(&self) -> String {
        let mut label = match &self.id {
            Some(id) if !id.is_empty() => format!("{id}: {}", self.actor),
            _ => self.actor.clone(),
        };
        if let Some(life) = self.life {
            match life.pid {
                Some(pid) => _ = write!(label, " {pid}"),
                None => label.push_str(" (not running)"),
            }
        }
        label
    }

    /// What there is to say of it: `transient, 10 s to shut down`.
    fn details(&self) -> String {
        let restarts = match self.life.map_or(0, |life| life.restarts) {
            0 => String::new(),
            1 => "restarted once".to_owned(),
            n => format!("restarted {n} times"),
        };
        let comma = if self.options.is_empty() || restarts.is_empty() { "" } else { ", " };
        format!("{}{comma}{restarts}", self.options)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, indent: &str) -> fmt::Result {
        f.write_str(&self.label())?;
        let details = self.details();
        if !details.is_empty() {
            write!(f, "  [{details}]")?;
        }
        for (at, child) in self.children.iter().enumerate() {
            let is_last = at + 1 == self.children.len();
            write!(f, "\n{indent}{}", if is_last { "└─ " } else { "├─ " })?;
            child.write(f, &format!("{indent}{}", if is_last { "   " } else { "│  " }))?;
        }
        Ok(())
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, "")
    }
}

/// What a restart type and a shutdown time are called.
pub(super) fn said(restart: Restart, shutdown: Shutdown) -> String {
    let restart = restart_type(restart);
    match shutdown {
        Shutdown::After(time) => format!("{restart}, {time:?} to shut down"),
        Shutdown::BrutalKill => format!("{restart}, killed to shut down"),
        Shutdown::Infinity => format!("{restart}, any time to shut down"),
    }
}

/// What a restart type is called.
pub(super) const fn restart_type(restart: Restart) -> &'static str {
    match restart {
        Restart::Permanent => "permanent",
        Restart::Transient => "transient",
        Restart::Temporary => "temporary",
    }
}

/// A type's name without the modules: `bank::Cache<alloc::string::String>` is `Cache<String>`.
pub(super) fn short(name: &str) -> String {
    let mut short = String::new();
    let mut word = String::new();
    for letter in name.chars() {
        if letter.is_alphanumeric() || letter == '_' {
            word.push(letter);
        } else if letter == ':' {
            word.clear();
        } else {
            short.push_str(&word);
            word.clear();
            short.push(letter);
        }
    }
    short + &word
}
