"""Observes the run that executes: the progress of its nodes, their previews and their outputs.

ComfyUI has a registry of progress, which it replaces for each run, and sends outputs only to the
client that a prompt names. So `execution.execute`, the function that runs one node, is wrapped:
before the first node of a run a handler is registered in the registry, and after each node its output
is read from where ComfyUI keeps it for the history. This also works for prompts that name no client.

Invariant: nothing here raises an exception into ComfyUI's executor or changes what it does.
Invariant: the executor's thread writes a record, the event loop reads it. Both write `wants_images`
and `image`, each by one assignment.
"""

import functools
import logging
import math

# A node that was expanded into others shows the state of theirs with the highest rank.
RANKS = {"finished": 0, "pending": 1, "running": 2, "error": 3}


def number(value):
    """Returns a value as a number for JSON; 0 if it is not a finite number."""
    try:
        value = float(value)
    except (TypeError, ValueError, OverflowError):
        return 0
    if not math.isfinite(value):
        return 0
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


class Record:
    """What one run has done so far. Ids are those of the registry: nodes that another node was
    expanded into have ids that are not in the prompt."""

    def __init__(self, registry):
        self.registry, self.prompt_id = registry, registry.prompt_id
        self.version = 0  # incremented on every change of the progress
        self.shown = {}  # ComfyUI's display id by id: the node in the prompt
        self.node = None  # the node that started or progressed last
        self.failed = set()
        self.outputs = []  # (id, output), in order of arrival
        self.entries = {}  # ComfyUI's object that holds the output, by id
        self.image = None  # the last preview since the last output: (id, ComfyUI's tuple)
        self.wants_images = False

    def note_progress(self, node_id, runs):
        """Notes that a node has started, progressed or finished."""
        if isinstance(node_id, str):
            if node_id not in self.shown:
                self.shown[node_id] = self.display_id(node_id)
            if runs:
                self.node = node_id
        self.version += 1

    def display_id(self, node_id):
        """Returns the id under which a node is shown. Must not be called in the event loop: ComfyUI
        follows links that a custom node has set, which may form a cycle."""
        try:
            return str(self.registry.dynprompt.get_display_node_id(node_id))
        except Exception:  # a handler must not raise
            return node_id

    def note_result(self, node_id, entry, has_failed):
        """Notes the output and the failure of a node, after it has run or was found in the cache."""
        if entry is not None and entry is not self.entries.get(node_id):
            self.outputs.append((node_id, entry["output"]))
            self.entries[node_id] = entry
            self.image = None  # the output shows more
        if has_failed:
            self.failed.add(node_id)
            self.version += 1

    def snapshot(self):
        """Returns the id of a running node, or None, and the state of every node that has started."""
        nodes, running = {}, None
        # Copied, because the executor's thread adds nodes.
        for node_id, entry in self.registry.nodes.copy().items():
            shown = self.shown.get(node_id)
            if shown is None:
                continue
            state = "error" if node_id in self.failed else entry["state"].value
            if state == "running" and (running is None or running[0] != self.node):
                running = (node_id, shown)
            rank = RANKS.get(state, 0)
            if shown not in nodes or rank >= RANKS.get(nodes[shown]["state"], 0):
                nodes[shown] = {"state": state, "value": number(entry["value"]),
                                "max": number(entry["max"])}
        return running and running[1], nodes


class Observer:
    """Holds the record of the run that executes, or of the last one."""

    def __init__(self):
        self.current = None
        self.watched = {}  # by the id of a run, what its record is attached to as soon as it exists

    def record_of(self, prompt_id):
        """Returns the record of a run if it executes, or was the last one to do so; else None."""
        record = self.current
        return record if record is not None and record.prompt_id == prompt_id else None

    def before_node(self, registry, make_handler):
        """Makes the record of a new run. Called by the executor's thread before each node."""
        if self.current is None or self.current.registry is not registry:
            record = Record(registry)
            registry.register_handler(make_handler(record))
            self.current = record
            watching = self.watched.get(record.prompt_id)
            if watching is not None:
                watching.attach(record)

    def after_node(self, args, result):
        """Reads the output of a node. Called by the executor's thread after each node, with the
        arguments and the result of `execute`."""
        caches, node_id = args[2], args[3]
        outcome, _, error = result
        has_failed = outcome.name == "FAILURE"
        entry = None
        if not has_failed:
            # 0.3.64 has a cache of outputs, 0.33 a dictionary that it passes to each call.
            entry = caches.ui.get(node_id) if hasattr(caches, "ui") else args[10].get(node_id)
        is_interrupt = type(error).__name__ == "InterruptProcessingException"
        self.current.note_result(node_id, entry, has_failed and not is_interrupt)


def make_handlers(base):
    """Returns the class of handlers, derived from ComfyUI's `ProgressHandler`."""

    class Handler(base):
        def __init__(self, record):
            super().__init__("pilotlight")
            self.record = record

        def start_handler(self, node_id, state, prompt_id):
            self.record.note_progress(node_id, True)

        def update_handler(self, node_id, value, max_value, state, prompt_id, image=None):
            record = self.record
            record.note_progress(node_id, True)
            if image is not None and record.wants_images:
                record.image = (node_id if isinstance(node_id, str) else record.node, image)

        def finish_handler(self, node_id, state, prompt_id):
            self.record.note_progress(node_id, False)

    return Handler


def observe():
    """Returns an observer of all future runs. With a ComfyUI from before mid-2025 it has no records,
    so there are no events but `status`, `history` and `gone`."""
    observer = Observer()
    try:
        import execution
        from comfy_execution.progress import ProgressHandler, get_progress_state
        original = execution.execute
    except (ImportError, AttributeError):
        logging.info("[Pilotlight] this ComfyUI has no registry of progress: no live progress")
        return observer
    make_handler = make_handlers(ProgressHandler)
    faults = []

    def attempt(look, *args):
        """Calls `look`. Returns whether it succeeded; the first failure is logged."""
        try:
            look(*args)
        except Exception:  # another version or another custom node works differently
            if not faults:
                logging.warning("[Pilotlight] a run cannot be observed", exc_info=True)
                faults.append(look)
            return False
        return True

    @functools.wraps(original)
    async def execute(*args, **kwargs):
        is_observed = attempt(lambda: observer.before_node(get_progress_state(), make_handler))
        result = await original(*args, **kwargs)
        if is_observed:  # otherwise the record is that of an earlier run
            attempt(observer.after_node, args, result)
        return result

    execution.execute = execute
    return observer
