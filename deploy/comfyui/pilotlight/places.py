"""Where each run is: in ComfyUI's queue, in its history, or nowhere.

Invariant: no graph of a queued run is copied, except by servers before mid-2025.
"""

TICK_S = 0.02  # how often to look while somebody waits
NOWHERE_S = 1.0  # a run on its way from the queue to the history was unseen for up to 0.7 s
BREATH_S = 0.5  # how late a client that left may be noticed

ENDED = "ended"  # the state of a run that is in the history


class Places:
    """Looks at the queue. The state of a run is (token, state), ENDED, or None: nowhere."""

    def __init__(self, queue):
        self.queue, self.places, self.states = queue, None, {}

    def look(self):
        """Looks where each run is: `states` has (token, state) by id."""
        volatile = getattr(self.queue, "get_current_queue_volatile", None)  # copies no graphs
        running, pending = volatile() if volatile else self.queue.get_current_queue()
        running = [item[1] for item in running]
        pending = [(item[0], item[1]) for item in pending]
        if self.places != (running, pending):
            self.places, self.states = (running, pending), {}
            # The queue is a heap: the order is that of (number, id), not that of the list.
            for ahead, (_, prompt_id) in enumerate(sorted(pending), len(running)):
                state = {"state": "pending", "ahead": ahead}
                self.states.setdefault(prompt_id, (f"pending:{ahead}", state))
            self.states.update(dict.fromkeys(running, ("running", {"state": "running"})))

    def state_of(self, prompt_id):
        # The history after the queue: a run moves from there to the history, never back.
        has_ended = self.queue.get_history(prompt_id=prompt_id)
        return ENDED if has_ended else self.states.get(prompt_id)
