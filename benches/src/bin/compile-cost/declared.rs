//! The actors as a user of Ghostlight declares them.

use crate::{ACTORS, Kind, handlers};
use std::fmt::Write as _;

pub(crate) fn program() -> String {
    let mut source = String::new();
    for number in 0..ACTORS {
        actor(&mut source, number);
    }
    source + &super::by_hand::main_function()
}

fn actor(source: &mut String, number: usize) {
    let mut methods = String::new();
    let mut uses = String::new();
    for (at, kind) in handlers() {
        let (method, usage) = match kind {
            Kind::Cast => (
                format!("#[cast] pub fn put_{at}(&mut self, value: u64) {{ self.values[{at}] = value; }}"),
                format!("it.put_{at}({at}).await?;"),
            ),
            Kind::Call => (
                format!("#[call] pub fn get_{at}(&self) -> u64 {{ self.values[{at}] }}"),
                format!("sum += it.get_{at}().await?;"),
            ),
            Kind::CallWithResult => (
                format!(
                    "#[call] pub fn rename_{at}(&mut self, name: String, at: usize) -> Result<String, String> {{
                        if at < self.names.len() {{ Ok(std::mem::replace(&mut self.names[at], name)) }} else {{ Err(name) }}
                    }}"
                ),
                format!("sum += u64::from(it.rename_{at}(String::new(), 0).await?.is_ok());"),
            ),
            Kind::AsyncCall => (
                format!(
                    "#[call] pub async fn later_{at}(&mut self, by: u64) -> u64 {{
                        tokio::task::yield_now().await;
                        self.values[{at}] += by;
                        self.values[{at}]
                    }}"
                ),
                format!("sum += it.later_{at}(1).await?;"),
            ),
        };
        let _ = writeln!(methods, "    {method}"); // a `String` takes it
        let _ = writeln!(uses, "    {usage}");
    }
    let _ = writeln!(
        source,
        "pub mod actor_{number} {{
use ghostlight::prelude::*;
#[actor]
pub struct Store {{ values: Vec<u64>, names: Vec<String> }}
#[handlers]
impl Store {{
    #[init] pub fn open() -> Self {{ Self {{ values: vec![0; {}], names: Vec::new() }} }}
{methods}}}
}}
async fn use_{number}() -> Result<u64, Box<dyn std::error::Error>> {{
    let mut sum = 0;
    let it = actor_{number}::Store::start().await?;
{uses}    Ok(sum)
}}",
        crate::HANDLERS
    );
}
