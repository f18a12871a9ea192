"""Lanes that do not give up: what was not acknowledged is sent again, whatever happens to the server."""

import http.client
import json
import queue
import threading
import time
from typing import Any

from bench.fair import BigFair

Scan = dict[str, Any]
Told = dict[str, Any]
PATIENCE_S = 60


class Senders:
    """So many lanes that send batches from one queue. `acknowledged` holds every answer by scan id."""

    def __init__(self, fair: BigFair, lanes: int = 6) -> None:
        self.path = f"/api/v1/fairs/{fair.code}/scans"
        self.headers = {"Authorization": f"Bearer {fair.token}", "Content-Type": "application/json"}
        self.lanes = lanes
        self.waiting: queue.SimpleQueue[list[Scan]] = queue.SimpleQueue()
        self.acknowledged: dict[str, list[Told]] = {}
        self.failures = 0
        self.mutex = threading.Lock()

    def put(self, scans: list[Scan], size: int) -> None:
        for start in range(0, len(scans), size):
            self.waiting.put(scans[start : start + size])

    def start(self, port: int, gives_up: bool = False) -> list[threading.Thread]:
        """Send until the queue is empty; a lane that `gives_up` stops when the server is gone."""
        threads = [threading.Thread(target=self._lane, args=(port, gives_up)) for _ in range(self.lanes)]
        for thread in threads:
            thread.start()
        return threads

    def run(self, port: int) -> None:
        """Send all there is, however often it takes."""
        for thread in self.start(port):
            thread.join()

    def _lane(self, port: int, gives_up: bool) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                scans = self.waiting.get(block=False)
            except queue.Empty:
                break
            if self._send(line, scans):
                continue
            self.waiting.put(scans)
            line.close()
            if gives_up:
                break
            time.sleep(0.1)
        line.close()

    def _send(self, line: http.client.HTTPConnection, scans: list[Scan]) -> bool:
        try:
            line.request("POST", self.path, json.dumps({"scans": scans}), self.headers)
            answer = line.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            answer, body = None, b""
        with self.mutex:
            if answer is None or answer.status != 200:
                self.failures += 1
                return False
            for told in json.loads(body)["scans"]:
                self.acknowledged.setdefault(told["id"], []).append(told)
        return True
