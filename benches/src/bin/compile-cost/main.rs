//! What actors cost to compile: 50 of 20 handlers each, declared with Ghostlight and written by hand on tokio's channels.
//!
//! Both programs are generated, built once with all they depend on, and then checked and built by turns. The figures are those of the
//! program alone. `cargo run --release --manifest-path benches/Cargo.toml --bin compile-cost`.

mod by_hand;
mod declared;

use std::{
    env,
    error::Error,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// How many actors there are.
const ACTORS: usize = 50;

/// How many handlers each has: as many of each kind.
const HANDLERS: usize = 20;

/// How often each program is compiled, in each way, unless the first argument says otherwise.
const TIMES: usize = 7;

const WAYS: [&str; 2] = ["check", "build"];

/// The kinds of handlers.
#[derive(Clone, Copy)]
enum Kind {
    Cast,
    Call,
    CallWithResult,
    AsyncCall,
}

/// The handlers of one actor, numbered.
fn handlers() -> impl Iterator<Item = (usize, Kind)> {
    let kinds = [Kind::Cast, Kind::Call, Kind::CallWithResult, Kind::AsyncCall];
    (0..HANDLERS).map(move |number| (number, kinds[number % kinds.len()]))
}

struct Program {
    name: &'static str,
    place: PathBuf,
}

impl Program {
    /// Writes a package that nothing else is in.
    fn generate(name: &'static str, root: &Path, source: &str) -> io::Result<Self> {
        let place = root.join(name);
        fs::create_dir_all(place.join("src"))?;
        let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             ghostlight = {{ path = '{}' }}\ntokio = {{ version = \"1\", features = [\"rt\", \"sync\", \"time\"] }}\n\n\
             [profile.dev]\nincremental = false\n\n[workspace]\n",
            runtime.display()
        );
        fs::write(place.join("Cargo.toml"), manifest)?;
        fs::write(place.join("src/main.rs"), source)?;
        Ok(Self { name, place })
    }

    /// Compiles it, and gives the seconds that it took.
    fn compile(&self, way: &str, target: &Path) -> Result<f64, Box<dyn Error>> {
        let source = self.place.join("src/main.rs");
        fs::write(&source, fs::read(&source)?)?; // newer than what was made of it
        let begun = Instant::now();
        let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args([way, "--quiet"])
            .current_dir(&self.place)
            .env("CARGO_TARGET_DIR", target)
            .status()?;
        let seconds = begun.elapsed().as_secs_f64();
        if status.success() {
            Ok(seconds)
        } else {
            Err(format!("{} does not {way}", self.name).into())
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let times = env::args().nth(1).map_or(Ok(TIMES), |times| times.parse())?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/compile-cost");
    let target = root.join("target");
    let programs = [
        Program::generate("by-hand", &root, &by_hand::program())?,
        Program::generate("declared", &root, &declared::program())?,
    ];
    for way in WAYS {
        for program in &programs {
            program.compile(way, &target)?;
        }
    }
    for way in WAYS {
        let mut figures = Vec::new();
        for _ in 0..times {
            let [by_hand, declared] = &programs;
            let by_hand = by_hand.compile(way, &target)?;
            figures.push((by_hand, declared.compile(way, &target)?));
        }
        let by_hand = median(figures.iter().map(|(by_hand, _)| *by_hand));
        let declared = median(figures.iter().map(|(_, declared)| *declared));
        let ratios: Vec<f64> =
            figures.iter().map(|(by_hand, declared)| declared / by_hand).collect();
        let (least, most) = ratios.iter().fold((f64::MAX, 0.0_f64), |(least, most), ratio| {
            (least.min(*ratio), most.max(*ratio))
        });
        println!(
            "cargo {way}: by hand {by_hand:.1} s, declared {declared:.1} s, ratio {:.2} [{least:.2}..{most:.2}]; medians of {times}",
            median(ratios.iter().copied()),
        );
    }
    Ok(())
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
