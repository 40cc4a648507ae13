"""What the run that executes does: the progress of its nodes, their previews, and their outputs.

ComfyUI keeps the progress in a registry that it replaces for each run, and sends outputs only to the
client that a prompt names. So `execution.execute`, the function that runs one node, is wrapped:
before the first node of a run a handler is put into its registry, and after each node its output is
read from where ComfyUI keeps it for the history. The prompt need not name a client.

Invariant: nothing here raises into ComfyUI's executor or changes what it does.
Invariant: the executor's thread writes a record, the event loop reads it; what both write are
`wants_images` and `image`, each by one assignment.
"""

import functools
import logging
import math

# Which state a node shows that was expanded into others: the highest of theirs.
RANKS = {"finished": 0, "pending": 1, "running": 2, "error": 3}


def number(value):
    """As JSON can say it: 0 for what is no finite number."""
    try:
        value = float(value)
    except (TypeError, ValueError, OverflowError):
        return 0
    if not math.isfinite(value):
        return 0
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


class Record:
    """What one run did so far. Nodes are named as the registry names them, which for the nodes that
    another one was expanded into is not what the prompt names them."""

    def __init__(self, registry):
        self.registry, self.prompt_id = registry, registry.prompt_id
        self.version = 0  # changes whenever the progress does
        self.shown = {}  # the id under which a node is shown, by its id
        self.node = None  # the node that began or progressed last
        self.failed = set()
        self.outputs = []  # (id, output) in the order in which they came
        self.entries = {}  # where ComfyUI keeps the output, by id
        self.image = None  # the last preview after the last output: (id, what the node gave)
        self.wants_images = False

    def moved(self, node_id, runs):
        """Notes that a node began, progressed or ended."""
        if isinstance(node_id, str):
            if node_id not in self.shown:
                self.shown[node_id] = self.display_id(node_id)
            if runs:
                self.node = node_id
        self.version += 1

    def display_id(self, node_id):
        """Returns the id under which a node is shown. Not for the event loop: ComfyUI follows what a
        node said of the nodes that it was expanded into, which may be a circle."""
        try:
            return str(self.registry.dynprompt.get_display_node_id(node_id))
        except Exception:  # a handler must not raise
            return node_id

    def has_run(self, node_id, entry, has_failed):
        """Notes what the executor says of a node that it has run, or has found in its cache."""
        if entry is not None and entry is not self.entries.get(node_id):
            self.outputs.append((node_id, entry["output"]))
            self.entries[node_id] = entry
            self.image = None  # it shows less than the output
        if has_failed:
            self.failed.add(node_id)
            self.version += 1

    def snapshot(self):
        """Returns the id of the node that runs, or None, and the state of each that has begun."""
        nodes, running = {}, None
        # A copy, since the executor's thread may add nodes meanwhile.
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
    """Has the record of the run that executes, or of the last one."""

    def __init__(self):
        self.current = None
        self.watched = {}  # by the id of a run: who is to have its record as soon as there is one

    def record_of(self, prompt_id):
        """Returns the record of a run if it is the one that executes; else None."""
        record = self.current
        return record if record is not None and record.prompt_id == prompt_id else None

    def before(self, registry, make_handler):
        """Called in the executor's thread before each node."""
        if self.current is None or self.current.registry is not registry:
            record = Record(registry)
            registry.register_handler(make_handler(record))
            self.current = record
            watching = self.watched.get(record.prompt_id)
            if watching is not None:
                watching.attach(record)

    def after(self, args, result):
        """Called in the executor's thread after each node, with what `execute` got and returned."""
        caches, node_id = args[2], args[3]
        outcome, _, error = result
        has_failed = outcome.name == "FAILURE"
        entry = None
        if not has_failed:
            # 0.3.64 keeps it in a cache, 0.33 in a dictionary that it gives to each call.
            entry = caches.ui.get(node_id) if hasattr(caches, "ui") else args[10].get(node_id)
        is_interrupt = type(error).__name__ == "InterruptProcessingException"
        self.current.has_run(node_id, entry, has_failed and not is_interrupt)


def make_handlers(base):
    """Returns what makes the handler of a record, derived from ComfyUI's `ProgressHandler`."""

    class Handler(base):
        def __init__(self, record):
            super().__init__("pilotlight")
            self.record = record

        def start_handler(self, node_id, state, prompt_id):
            self.record.moved(node_id, True)

        def update_handler(self, node_id, value, max_value, state, prompt_id, image=None):
            record = self.record
            record.moved(node_id, True)
            if image is not None and record.wants_images:
                record.image = (node_id if isinstance(node_id, str) else record.node, image)

        def finish_handler(self, node_id, state, prompt_id):
            self.record.moved(node_id, False)

    return Handler


def observe():
    """Returns an observer of all runs from now on. It sees nothing where ComfyUI's executor is not
    as it was from mid-2025 on; then events say where a run is, and no more."""
    observer = Observer()
    try:
        import execution
        from comfy_execution.progress import ProgressHandler, get_progress_state
        original = execution.execute
    except (ImportError, AttributeError):
        logging.info("[Pilotlight] this ComfyUI does not tell the progress of its runs")
        return observer
    make_handler = make_handlers(ProgressHandler)
    faults = []

    def attempt(look, *args):
        """Returns whether it went well. The first fault is logged."""
        try:
            look(*args)
        except Exception:  # whatever another version or another custom node does differently
            if not faults:
                logging.warning("[Pilotlight] a run cannot be observed", exc_info=True)
                faults.append(look)
            return False
        return True

    @functools.wraps(original)
    async def execute(*args, **kwargs):
        is_seen = attempt(lambda: observer.before(get_progress_state(), make_handler))
        result = await original(*args, **kwargs)
        if is_seen:  # else what comes of it would be noted with another run
            attempt(observer.after, args, result)
        return result

    execution.execute = execute
    return observer
