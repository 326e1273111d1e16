//! What may be an actor: structs and enums of every shape, with every option.

use ghostlight::prelude::*;

#[actor(mailbox = unbounded, restart = permanent, shutdown = brutal_kill, on_restart = keep)]
struct Unit;

#[handlers]
impl Unit {
    #[call]
    fn get(&self) -> u8 {
        1
    }
}

#[actor(mailbox = 64, restart = transient, shutdown = "10s", on_restart = drop, inline = sync)]
struct Tuple(u8, String);

#[handlers]
impl Tuple {
    #[call]
    fn get(&self) -> (u8, String) {
        (self.0, self.1.clone())
    }
}

#[actor(restart = temporary, shutdown = infinity, inline = always)]
#[derive(Debug, Clone, Default)]
enum Light {
    #[default]
    Off,
    On {
        brightness: u8,
    },
}

#[handlers]
impl Light {
    #[init]
    fn new() -> Self {
        Self::default()
    }

    #[cast]
    fn turn_on(&mut self, brightness: u8) {
        *self = Self::On { brightness };
    }

    #[call]
    async fn brightness(&mut self) -> u8 {
        match self {
            Self::Off => 0,
            Self::On { brightness } => *brightness,
        }
    }
}

#[actor(shutdown = "100 ms", inline = never)]
#[allow(clippy::empty_structs_with_brackets)]
struct Empty {}

#[handlers]
impl Empty {
    #[cast]
    fn poke(&mut self) {}
}

/// Only infos, and no handle method.
#[actor(blocking, shutdown = "2m")]
struct Listener(u8);

#[handlers]
impl Listener {
    #[init]
    fn new() -> Self {
        Self(0)
    }

    #[info]
    fn heard(&mut self, n: u8) {
        self.0 += n;
    }
}

/// Only a beginning and an end.
#[actor(shutdown = "1h")]
struct Guard;

#[handlers]
impl Guard {
    #[init]
    fn new() -> Self {
        Self
    }

    #[terminate]
    fn end(&mut self) {}
}

/// Helpers, constants and other blocks beside the handlers.
#[actor]
struct Mixed {
    n: u8,
}

#[handlers]
impl Mixed {
    const STEP: u8 = 2;

    #[init]
    fn new() -> Self {
        Self { n: Self::default_n() }
    }

    fn default_n() -> u8 {
        1
    }

    #[call]
    fn step(&mut self) -> u8 {
        self.helper(Self::STEP)
    }

    fn helper<T: Into<u8>>(&mut self, by: T) -> u8 {
        self.n += by.into();
        self.n
    }
}

impl Mixed {
    fn other(&self) -> u8 {
        self.n
    }
}

mod state {
    use ghostlight::prelude::*;

    #[actor]
    pub struct Far(pub u8);
}

#[handlers]
impl state::Far {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(ghostlight::spawn(Unit).unwrap().get().await.unwrap(), 1);
    let tuple = ghostlight::spawn(Tuple(1, "a".into())).unwrap();
    assert_eq!(tuple.get().await.unwrap(), (1, "a".into()));
    let light = Light::start().await.unwrap();
    light.turn_on(5).await.unwrap();
    assert_eq!(light.brightness().await.unwrap(), 5);
    ghostlight::spawn(Empty {}).unwrap().poke().await.unwrap();
    Listener::start().await.unwrap().info(5).await.unwrap();
    assert!(Guard::start().await.unwrap().is_alive());
    assert_eq!(Mixed::start().await.unwrap().step().await.unwrap(), 3);
    assert_eq!(Mixed { n: 5 }.other(), 5);
    assert_eq!(ghostlight::spawn(state::Far(7)).unwrap().get().await.unwrap(), 7);

    // Handles compare, hash and print.
    let (one, other) = (ghostlight::spawn(Unit).unwrap(), ghostlight::spawn(Unit).unwrap());
    assert!(one == one.clone() && one != other && !format!("{one:?}").is_empty());
    let handles: std::collections::HashSet<_> = [one.clone(), one, other].into();
    assert_eq!(handles.len(), 2);
}
