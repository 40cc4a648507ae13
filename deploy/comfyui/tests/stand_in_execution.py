"""What the extension touches of ComfyUI's executor: the modules `execution` and
`comfy_execution.progress`, and a thread that runs prompts as ComfyUI's does.

Invariant: names, order of arguments and order of calls are those of ComfyUI 0.33, with `older` those
of 0.3.64. What a node does is a function here: `node(context, inputs)`.
"""

import asyncio
import enum
import json
import sys
import threading
import time
import types


class NodeState(enum.Enum):
    Pending = "pending"
    Running = "running"
    Finished = "finished"
    Error = "error"


class ExecutionResult(enum.Enum):
    SUCCESS = 0
    FAILURE = 1
    PENDING = 2


class ProgressHandler:
    def __init__(self, name):
        self.name, self.enabled = name, True

    def set_registry(self, registry):
        pass

    def start_handler(self, node_id, state, prompt_id):
        pass

    def update_handler(self, node_id, value, max_value, state, prompt_id, image=None):
        pass

    def finish_handler(self, node_id, state, prompt_id):
        pass

    def reset(self):
        pass


class ProgressRegistry:
    def __init__(self, prompt_id, dynprompt):
        self.prompt_id, self.dynprompt = prompt_id, dynprompt
        self.nodes, self.handlers = {}, {}

    def register_handler(self, handler):
        self.handlers[handler.name] = handler

    def _set(self, node_id, state, value=..., max_value=...):
        entry = self.nodes.setdefault(node_id, {"state": NodeState.Pending, "value": 0, "max": 1})
        entry["state"] = state
        entry["max"] = entry["max"] if max_value is ... else max_value
        entry["value"] = entry["max"] if value is ... else value
        return entry, [handler for handler in self.handlers.values() if handler.enabled]

    def start_progress(self, node_id):
        entry, handlers = self._set(node_id, NodeState.Running, 0.0, 1.0)
        for handler in handlers:
            handler.start_handler(node_id, entry, self.prompt_id)

    def update_progress(self, node_id, value, max_value, image=None):
        entry, handlers = self._set(node_id, NodeState.Running, value, max_value)
        for handler in handlers:
            handler.update_handler(node_id, value, max_value, entry, self.prompt_id, image)

    def finish_progress(self, node_id):
        entry, handlers = self._set(node_id, NodeState.Finished)
        for handler in handlers:
            handler.finish_handler(node_id, entry, self.prompt_id)

    def reset_handlers(self):
        for handler in self.handlers.values():
            handler.reset()


class DynamicPrompt:
    def __init__(self, graph):
        self.graph, self.display = dict(graph), {}

    def add_ephemeral_node(self, node_id, node, display_id):
        self.graph[node_id], self.display[node_id] = node, display_id

    def get_display_node_id(self, node_id):
        while node_id in self.display:
            node_id = self.display[node_id]
        return node_id


class Expanded:
    """What a node returns that is replaced by others: their graph, the id under which each is shown
    if that is not the node's, and what the node puts out itself."""

    def __init__(self, graph, shown=None, output=None):
        self.graph, self.shown, self.output = graph, shown or {}, output


class Context:
    """What a node can do."""

    def __init__(self, executor, node_id):
        self.executor, self.node_id = executor, node_id

    def check(self):
        if self.executor.is_interrupted:
            raise self.executor.InterruptProcessingException

    def progress(self, value, max_value, image=None, node_id=""):
        """As ComfyUI's hook of all progress bars."""
        self.check()
        node_id = self.node_id if node_id == "" else node_id
        self.executor.registry.update_progress(node_id, value, max_value, image)


class Executor:
    """Runs the prompts of a queue, one at a time, in a thread of its own."""

    def __init__(self, server, older=False):
        self.server, self.older = server, older
        self.queue = server.prompt_queue
        self.nodes = {}  # function by class
        self.registry = ProgressRegistry("", DynamicPrompt({}))
        self.cache, self.is_interrupted, self.stopped = {}, False, False
        base = Exception if older else BaseException
        self.InterruptProcessingException = type("InterruptProcessingException", (base,), {})
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.module = types.ModuleType("execution")
        self.module.execute = self._execute_older if older else self._execute_newer
        self.install()

    def install(self):
        progress = types.ModuleType("comfy_execution.progress")
        progress.ProgressHandler = ProgressHandler
        progress.get_progress_state = lambda: self.registry
        sys.modules["execution"] = self.module
        sys.modules["comfy_execution"] = types.ModuleType("comfy_execution")
        sys.modules["comfy_execution.progress"] = progress

    @staticmethod
    def uninstall():
        """A server from before mid-2025 has an `execution` without these."""
        for name in ["comfy_execution.progress", "comfy_execution", "execution"]:
            sys.modules.pop(name, None)

    def start(self):
        self.thread.start()

    def stop(self):
        self.stopped = self.is_interrupted = True
        if self.thread.is_alive():
            self.thread.join(5)

    def interrupt(self):
        self.is_interrupted = True

    def _work(self):
        while not self.stopped:
            if not self.queue.queue or self.queue.currently_running:
                time.sleep(0.005)
                continue
            self.queue.start()
            item = self.queue.currently_running[0]
            outputs, messages = asyncio.run(self._run(item[1], item[2], item[3]))
            self.queue.finish(outputs, messages)

    async def _run(self, prompt_id, graph, extra_data):
        """Returns the outputs and the messages of the history entry."""
        self.is_interrupted = False
        self.server.client_id = extra_data.get("client_id")
        messages = [["execution_start", {"prompt_id": prompt_id}]]
        self.registry.reset_handlers()
        dynprompt = DynamicPrompt(graph)
        self.registry = ProgressRegistry(prompt_id, dynprompt)
        self.registry.register_handler(ProgressHandler("webui"))
        caches = types.SimpleNamespace(outputs=self.cache)
        if self.older:
            caches.ui = {}
        # What this prompt does not have is dropped, as by ComfyUI's classic cache.
        kept = {self.key(node_id, node) for node_id, node in graph.items()}
        for key in self.cache.keys() - kept:
            del self.cache[key]
        waiting, executed, ui_outputs, expanded = list(graph), set(), {}, {}
        while waiting:
            arguments = [self.server, dynprompt, caches, waiting[0], extra_data, executed, prompt_id,
                         waiting, expanded, {}] + ([] if self.older else [ui_outputs])
            # As ComfyUI names it: whoever exchanges the function in the module is asked.
            result, error, _ = await self.module.execute(*arguments)
            if result == ExecutionResult.FAILURE:
                kind = "interrupted" if error.get("exception_type") is None else "error"
                messages.append([f"execution_{kind}", {"prompt_id": prompt_id, **error}])
                break
            if result == ExecutionResult.SUCCESS:
                waiting.pop(0)
        else:
            messages.append(["execution_success", {"prompt_id": prompt_id}])
        kept = caches.ui if self.older else ui_outputs
        return {node_id: entry["output"] for node_id, entry in kept.items()}, messages

    async def _execute_older(self, server, dynprompt, caches, current_item, extra_data, executed,
                             prompt_id, execution_list, pending_subgraph_results,
                             pending_async_nodes):
        return await self._node(dynprompt, caches, current_item, executed, execution_list,
                                pending_subgraph_results, caches.ui)

    async def _execute_newer(self, server, dynprompt, caches, current_item, extra_data, executed,
                             prompt_id, execution_list, pending_subgraph_results,
                             pending_async_nodes, ui_outputs):
        return await self._node(dynprompt, caches, current_item, executed, execution_list,
                                pending_subgraph_results, ui_outputs)

    @staticmethod
    def key(node_id, node):
        return json.dumps([node_id, node], sort_keys=True)

    async def _node(self, dynprompt, caches, node_id, executed, waiting, expanded, kept):
        node = dynprompt.graph[node_id]
        key = self.key(node_id, node)
        if key in caches.outputs:
            if caches.outputs[key]:
                kept[node_id] = caches.outputs[key]
            self.registry.finish_progress(node_id)
            return ExecutionResult.SUCCESS, None, None
        if node_id not in expanded:
            self.registry.start_progress(node_id)
            try:
                output = self.nodes[node["class_type"]](Context(self, node_id), node["inputs"])
            except self.InterruptProcessingException as stop:
                return ExecutionResult.FAILURE, {"node_id": node_id}, stop
            except Exception as error:
                told = {"node_id": node_id, "exception_type": type(error).__name__,
                        "exception_message": str(error)}
                return ExecutionResult.FAILURE, told, error
            inner = output if isinstance(output, Expanded) else None
            output = inner.output if inner else output
            if output:
                kept[node_id] = {"meta": {"node_id": node_id}, "output": output}
            if inner:
                for name, inner_node in inner.graph.items():
                    dynprompt.add_ephemeral_node(name, inner_node, inner.shown.get(name, node_id))
                waiting[:0] = inner.graph
                expanded[node_id] = inner
                return ExecutionResult.PENDING, None, None
        caches.outputs[key] = kept.get(node_id)
        self.registry.finish_progress(node_id)
        executed.add(node_id)
        return ExecutionResult.SUCCESS, None, None
