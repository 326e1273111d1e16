//! The same actors by hand: an enum of messages, a loop, and a handle with a method for each message.

use crate::{ACTORS, Kind, handlers};
use std::fmt::Write as _;

pub(crate) fn program() -> String {
    let mut source = String::new();
    for number in 0..ACTORS {
        actor(&mut source, number);
    }
    source + &main_function()
}

/// Uses all actors, so that all is compiled.
pub(crate) fn main_function() -> String {
    let mut uses = String::new();
    for number in 0..ACTORS {
        let _ = writeln!(uses, "    sum += use_{number}().await?;"); // a `String` takes it
    }
    format!(
        "async fn all() -> Result<u64, Box<dyn std::error::Error>> {{
    let mut sum = 0;
{uses}    Ok(sum)
}}
fn main() {{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect(\"it starts\");
    println!(\"{{:?}}\", runtime.block_on(all()).expect(\"they answer\"));
}}
"
    )
}

/// What one handler takes in each place.
#[derive(Default)]
struct Parts {
    variants: String,
    arms: String,
    methods: String,
    handle: String,
    uses: String,
}

fn actor(source: &mut String, number: usize) {
    let mut parts = Parts::default();
    for (at, kind) in handlers() {
        handler(&mut parts, at, kind);
    }
    let Parts { variants, arms, methods, handle, uses } = parts;
    let _ = writeln!(
        source,
        "pub mod actor_{number} {{
use tokio::sync::{{mpsc, oneshot}};
pub struct Store {{ values: Vec<u64>, names: Vec<String> }}
pub enum Message {{
{variants}}}
#[derive(Debug)]
pub struct Gone;
impl std::fmt::Display for Gone {{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{ f.write_str(\"gone\") }}
}}
impl std::error::Error for Gone {{}}
#[derive(Clone)]
pub struct Handle {{ sender: mpsc::Sender<Message> }}
impl Store {{
    pub fn start() -> Handle {{
        let (sender, receiver) = mpsc::channel(1024);
        tokio::spawn(Self {{ values: vec![0; {}], names: Vec::new() }}.run(receiver));
        Handle {{ sender }}
    }}
    async fn run(mut self, mut receiver: mpsc::Receiver<Message>) {{
        while let Some(message) = receiver.recv().await {{
            match message {{
{arms}            }}
        }}
    }}
{methods}}}
impl Handle {{
{handle}}}
}}
async fn use_{number}() -> Result<u64, Box<dyn std::error::Error>> {{
    let mut sum = 0;
    let it = actor_{number}::Store::start();
{uses}    Ok(sum)
}}",
        crate::HANDLERS
    );
}

fn handler(parts: &mut Parts, at: usize, kind: Kind) {
    let asks = |message: &str| {
        format!(
            "let (reply, answer) = oneshot::channel();
        self.sender.send({message}).await.map_err(|_| Gone)?;
        answer.await.map_err(|_| Gone)"
        )
    };
    let (variant, arm, method, handle, usage) = match kind {
        Kind::Cast => (
            format!("Put{at} {{ value: u64 }}"),
            format!("Message::Put{at} {{ value }} => self.put_{at}(value),"),
            format!("fn put_{at}(&mut self, value: u64) {{ self.values[{at}] = value; }}"),
            format!(
                "pub async fn put_{at}(&self, value: u64) -> Result<(), Gone> {{
        self.sender.send(Message::Put{at} {{ value }}).await.map_err(|_| Gone)
    }}"
            ),
            format!("it.put_{at}({at}).await?;"),
        ),
        Kind::Call => (
            format!("Get{at} {{ reply: oneshot::Sender<u64> }}"),
            format!("Message::Get{at} {{ reply }} => {{ let _ = reply.send(self.get_{at}()); }}"),
            format!("fn get_{at}(&self) -> u64 {{ self.values[{at}] }}"),
            format!(
                "pub async fn get_{at}(&self) -> Result<u64, Gone> {{
        {}
    }}",
                asks(&format!("Message::Get{at} {{ reply }}"))
            ),
            format!("sum += it.get_{at}().await?;"),
        ),
        Kind::CallWithResult => (
            format!("Rename{at} {{ name: String, at: usize, reply: oneshot::Sender<Result<String, String>> }}"),
            format!("Message::Rename{at} {{ name, at, reply }} => {{ let _ = reply.send(self.rename_{at}(name, at)); }}"),
            format!(
                "fn rename_{at}(&mut self, name: String, at: usize) -> Result<String, String> {{
        if at < self.names.len() {{ Ok(std::mem::replace(&mut self.names[at], name)) }} else {{ Err(name) }}
    }}"
            ),
            format!(
                "pub async fn rename_{at}(&self, name: String, at: usize) -> Result<Result<String, String>, Gone> {{
        {}
    }}",
                asks(&format!("Message::Rename{at} {{ name, at, reply }}"))
            ),
            format!("sum += u64::from(it.rename_{at}(String::new(), 0).await?.is_ok());"),
        ),
        Kind::AsyncCall => (
            format!("Later{at} {{ by: u64, reply: oneshot::Sender<u64> }}"),
            format!("Message::Later{at} {{ by, reply }} => {{ let _ = reply.send(self.later_{at}(by).await); }}"),
            format!(
                "async fn later_{at}(&mut self, by: u64) -> u64 {{
        tokio::task::yield_now().await;
        self.values[{at}] += by;
        self.values[{at}]
    }}"
            ),
            format!(
                "pub async fn later_{at}(&self, by: u64) -> Result<u64, Gone> {{
        {}
    }}",
                asks(&format!("Message::Later{at} {{ by, reply }}"))
            ),
            format!("sum += it.later_{at}(1).await?;"),
        ),
    };
    let _ = writeln!(parts.variants, "    {variant},"); // a `String` takes it
    let _ = writeln!(parts.arms, "                {arm}");
    let _ = writeln!(parts.methods, "    {method}");
    let _ = writeln!(parts.handle, "    {handle}");
    let _ = writeln!(parts.uses, "    {usage}");
}
