#!/usr/bin/env python3
"""Does an editor help with actors? Asks a rust-analyzer, as an editor does.

    cargo install ra_ap_rust-analyzer      # or any other rust-analyzer; it is slow to build, so CI does not
    python3 ui-tests/editor/check.py [PATH-OF-RUST-ANALYZER] [--sysroot-src PATH]

A rust-analyzer may install the sources of std (`rust-src`) by itself.

It makes a small program with an actor, and asks for hover, definition, completion, references and rename at a call through the handle: of a
block that is right, of one with a mistake in another handler, and of one with another handler that is not finished. It prints one line for
each question, and fails if one of them is not answered as it should be.
"""

import json
import pathlib
import queue
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLACE = ROOT / "target" / "editor-check"

PROGRAM = """use ghostlight::prelude::*;

/// Holds a balance.
#[actor]
pub struct Vault {
    balance: u64,
}

#[handlers]
impl Vault {
    /// Opens it.
    #[init]
    pub fn open(balance: u64) -> Self {
        Self { balance }
    }

    /// Takes `amount` out.
    #[call]
    pub fn withdraw(&mut self, amount: u64) -> u64 {
        self.balance -= amount;
        self.balance
    }
OTHER
}

/// What a vault and others can be asked.
#[protocol]
pub trait Account {
    /// What there is.
    #[call]
    fn balance(&self) -> u64;
}

pub async fn spend(vault: VaultRef, account: AccountRef) -> Option<u64> {
    let _ = account.balance().await;
    vault.withdraw(5).await.ok()
}

pub async fn begun(vault: VaultRef) {
    vault.wi
}

fn main() {}
"""

OTHERS = {
    "a block that is right": "",
    "beside a handler with a mistake": """
    #[call]
    pub fn wrong(&self, name: &str, other: impl Into<u64>) -> &str {
        name
    }
""",
    "beside a handler that is not finished": """
    #[cast]
    pub fn unfinished(&mut self, amount: u64) {
        self.
    }
""",
}

ANSWER_WITHIN = 120


class Server:
    """A rust-analyzer, and what it said."""

    def __init__(self, command):
        self.process = subprocess.Popen(
            [command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=PLACE
        )
        self.number = 0
        self.answers = {}
        self.quiescent = threading.Event()
        self.arrived = queue.Queue()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        stream = self.process.stdout
        while True:
            length = 0
            while (line := stream.readline().strip()):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            message = json.loads(stream.read(length))
            if message.get("method") == "experimental/serverStatus":
                if message["params"].get("quiescent"):
                    self.quiescent.set()
            elif "method" in message and "id" in message:
                self.write({"id": message["id"], "result": self.reply_to(message)})
            elif "id" in message:
                self.arrived.put(message)

    @staticmethod
    def reply_to(message):
        if message["method"] == "workspace/configuration":
            return [None for _ in message["params"]["items"]]
        return None

    def write(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method, params):
        self.write({"method": method, "params": params})

    def ask(self, method, params):
        self.number += 1
        self.write({"id": self.number, "method": method, "params": params})
        while True:
            message = self.arrived.get(timeout=ANSWER_WITHIN)
            if message["id"] == self.number:
                return message.get("result")


class Document:
    """The program in the editor."""

    def __init__(self, server, path):
        self.server, self.path, self.text, self.version = server, path, "", 0
        self.uri = path.as_uri()

    def show(self, text):
        self.text, self.version = text, self.version + 1
        self.path.write_text(text)
        if self.version == 1:
            item = {"uri": self.uri, "languageId": "rust", "version": 1, "text": text}
            self.server.tell("textDocument/didOpen", {"textDocument": item})
        else:
            item = {"uri": self.uri, "version": self.version}
            change = {"textDocument": item, "contentChanges": [{"text": text}]}
            self.server.tell("textDocument/didChange", change)

    def position(self, before, after=""):
        """Between `before` and `after`."""
        at = self.text.index(before + after) + len(before)
        line = self.text.count("\n", 0, at)
        return {"line": line, "character": at - (self.text.rfind("\n", 0, at) + 1)}

    def line(self, text):
        return self.text.count("\n", 0, self.text.index(text))

    def ask(self, what, position, **more):
        params = {"textDocument": {"uri": self.uri}, "position": position, **more}
        return self.server.ask("textDocument/" + what, params)


def labels(answer):
    items = answer.get("items", []) if isinstance(answer, dict) else answer or []
    return [item.get("filterText") or item["label"] for item in items]


def questions(document):
    """Each with whether the answer is right."""
    call = document.position("vault.", "withdraw(5)")
    handler = document.position("pub fn ", "withdraw")
    here = document.line("pub fn withdraw")
    there = document.line("vault.withdraw(5)")

    def hover():
        answer = document.ask("hover", call) or {}
        text = json.dumps(answer)
        return "Takes amount out." in text.replace("`", "") and "amount: u64" in text

    def definition():
        answer = document.ask("definition", call) or []
        answer = [answer] if isinstance(answer, dict) else answer
        return any((it.get("targetRange") or it.get("range"))["start"]["line"] <= here
                   <= (it.get("targetRange") or it.get("range"))["end"]["line"] for it in answer)

    def completion():
        answer = document.ask("completion", document.position("    vault.wi"))
        return any(label.startswith("withdraw") for label in labels(answer))

    def references():
        answer = document.ask("references", handler, context={"includeDeclaration": True}) or []
        lines = {it["range"]["start"]["line"] for it in answer}
        return {here, there} <= lines

    def rename():
        answer = document.ask("rename", handler, newName="take") or {}
        changes = answer.get("changes") or {}
        edits = [edit for file in changes.values() for edit in file]
        edits += [edit for file in answer.get("documentChanges") or [] for edit in file.get("edits", [])]
        lines = {edit["range"]["start"]["line"] for edit in edits}
        return {here, there} <= lines

    def in_the_body():
        if "self.\n" not in document.text:
            return None
        answer = document.ask("completion", document.position("        self.", "\n"))
        return "balance" in labels(answer)

    def protocol():
        answer = document.ask("hover", document.position("account.", "balance()")) or {}
        return "What there is." in json.dumps(answer)

    return {
        "hover on the call": hover,
        "definition of the call is the handler": definition,
        "completion of the handle": completion,
        "references of the handler": references,
        "rename of the handler": rename,
        "completion of `self.` in the unfinished handler": in_the_body,
        "hover on a call of a protocol": protocol,
    }


def patiently(question):
    """The answer once it is right: what has just been typed is not known at once."""
    until = time.monotonic() + ANSWER_WITHIN
    while True:
        answer = question()
        if answer or answer is None or time.monotonic() > until:
            return answer
        time.sleep(0.5)


def main(arguments):
    source = None
    if "--sysroot-src" in arguments:
        at = arguments.index("--sysroot-src")
        source = arguments[at + 1]
        del arguments[at : at + 2]
    command = arguments[0] if arguments else "rust-analyzer"
    (PLACE / "src").mkdir(parents=True, exist_ok=True)
    (PLACE / "Cargo.toml").write_text(
        '[package]\nname = "editor-check"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n'
        f'ghostlight = {{ path = "{ROOT / "runtime"}" }}\n\n[workspace]\n'
    )
    path = PLACE / "src" / "main.rs"
    path.write_text(PROGRAM.replace("OTHER\n", ""))
    server = Server(command)
    settings = {"cargo": {"sysrootSrc": source} if source else {}, "checkOnSave": False}
    server.ask("initialize", {
        "processId": None,
        "rootUri": PLACE.as_uri(),
        "capabilities": {
            "experimental": {"serverStatusNotification": True},
            "workspace": {"configuration": False, "workspaceEdit": {"documentChanges": True}},
            "textDocument": {"definition": {"linkSupport": True}},
        },
        "initializationOptions": settings,
    })
    server.tell("initialized", {})
    document = Document(server, path)
    document.show(path.read_text())
    server.quiescent.wait(timeout=5 * ANSWER_WITHIN)
    failed = 0
    for where, other in OTHERS.items():
        document.show(PROGRAM.replace("OTHER\n", other))
        for name, question in questions(document).items():
            answer = patiently(question)
            if answer is not None:
                failed += not answer
                print(f"{'ok' if answer else 'NO':3} {where}: {name}", flush=True)
    server.process.kill()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
