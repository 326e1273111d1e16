//! Erlang itself, where `erl` is on the machine. It does not implement the trait: `erlang/work.erl` does the works, and times them itself.

use super::Entry;
use crate::{
    runtime::Runtime,
    work::{Measured, Work},
};
use std::process::{Command, Stdio};

pub(crate) const ENTRY: Entry = Entry { name: "erlang", version, measure };

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/erlang/work.erl");

/// What makes sense there.
const WORKS: [Work; 12] = [
    Work::Cast,
    Work::CastFour,
    Work::Burst,
    Work::Call,
    Work::CallersOne,
    Work::CallersMany,
    Work::Ring,
    Work::Big,
    Work::Bank,
    Work::ForkJoin,
    Work::Spawn,
    Work::SpawnStop,
];

/// What `erl` prints that evaluates an expression, with so many schedulers. `None` where there is no `erl`.
fn evaluate(schedulers: u8, expression: &str) -> Option<String> {
    let mut erl = Command::new("erl");
    erl.args(["+S", &format!("{schedulers}:{schedulers}"), "-noshell", "-eval"]);
    erl.arg(format!("{expression}, halt()."));
    let output = erl.stderr(Stdio::inherit()).output().ok()?;
    String::from_utf8(output.stdout).ok().filter(|_| output.status.success())
}

fn version() -> Option<String> {
    let release = "io:format(\"Erlang/OTP ~s\", [erlang:system_info(otp_release)])";
    evaluate(1, release)
}

fn measure(work: Work, runtime: Runtime, size: u64) -> Option<Measured> {
    WORKS.contains(&work).then_some(())?;
    let schedulers = match runtime {
        Runtime::Two => 2,
        Runtime::One => 1,
    };
    let name = work.facts().name;
    let text = evaluate(
        schedulers,
        &format!(
            "{{ok, work, Binary}} = compile:file(\"{SOURCE}\", [binary]), \
             {{module, work}} = code:load_binary(work, \"work.erl\", Binary), \
             work:main('{name}', {size})"
        ),
    );
    // Where there is no `erl`, its works are like those that nobody could do.
    let text = text?;
    let mut numbers = text.split_whitespace();
    let figure = numbers.next().and_then(|figure| figure.parse().ok());
    let mut count = || numbers.next().and_then(|count| count.parse().ok());
    let measured = figure.zip(count()).zip(count()).map(|((figure, seen), expected)| Measured {
        figure,
        seen,
        expected,
    });
    Some(measured.unwrap_or_else(|| panic!("erl printed {text:?}")))
}
