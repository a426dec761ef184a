"""Work on many documents in forked processes that share one warm engine.

Each child has its own pipe, so one that dies or hangs costs only its own document. Children never touch
the database: what they need comes with the item, what they made goes back to the parent.
"""

import gc
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from core.errors import DomainError
from core.pdf.engine import warm_up

T = TypeVar("T")
R = TypeVar("R")

TIMEOUT = 120.0  # seconds for one document; generous, for machines under load
LOOK_EVERY = 2.0  # seconds between two looks for a parent that was killed
COLLECT_EVERY = 5  # documents between two garbage collections: fast and still small
LOST = "生成这份文件的进程中断或超时，请重试；若再次失败，请联系管理员查看系统日志。"


def work_on_many(
    work: Callable[[T], R], items: Iterable[T], *, workers: int, timeout: float = TIMEOUT
) -> Iterator[tuple[T, R | Exception]]:
    """Each item with what `work` made of it or the exception it raised, in the order they finish."""
    if workers <= 1:
        yield from ((item, _attempt(work, item)) for item in items)
        return
    warm_up()
    children = [_Child(work) for _ in range(workers)]
    try:
        yield from _feed(children, iter(items), timeout)
    finally:
        for child in children:
            child.stop()


def _attempt(work: Callable[[T], R], item: T) -> R | Exception:
    try:
        return work(item)
    except Exception as error:  # the caller gets every failure with its item
        return error


def _feed(children: list["_Child"], items: Iterator[Any], timeout: float) -> Iterator[tuple[Any, Any]]:
    busy: dict[Connection, _Child] = {}
    for child in children:
        _give(child, items, busy)
    while busy:
        ready = wait(list(busy), timeout=1.0)
        for connection in list(busy):
            child = busy[connection]
            if connection in ready:
                item, made = child.item, child.take()
            elif time.monotonic() - child.since > timeout:
                item, made = child.item, child.lost()
            else:
                continue
            del busy[connection]
            yield item, made
            _give(child, items, busy)


def _give(child: "_Child", items: Iterator[Any], busy: dict[Connection, "_Child"]) -> None:
    try:
        child.start(next(items))
    except StopIteration:
        return
    busy[child.pipe] = child


class _Child:
    """One worker process; replaced by a fresh one when it is lost."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self.work = work
        self._fork()

    def _fork(self) -> None:
        context = multiprocessing.get_context("fork")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(self.work, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def start(self, item: Any) -> None:
        self.item, self.since = item, time.monotonic()
        self.pipe.send(item)

    def take(self) -> Any:
        try:
            return self.pipe.recv()
        except EOFError:
            return self.lost()

    def lost(self) -> Exception:
        self.process.kill()
        self.process.join()
        self.pipe.close()
        self._fork()
        return DomainError(LOST, code="worker_lost")

    def stop(self) -> None:
        self.pipe.close()
        self.process.join(timeout=2)
        if self.process.is_alive():
            self.process.kill()


def _serve(work: Callable[[Any], Any], pipe: Connection) -> None:
    """The child's life; it leaves without the parent's exit handlers (open database connections).

    A parent that was killed does not close the pipe, because the other children hold copies of its end:
    a child that has nothing to do looks whether it has been orphaned.
    """
    gc.disable()
    maker = multiprocessing.parent_process()
    assert maker is not None
    done = 0
    try:
        while True:
            while not pipe.poll(LOOK_EVERY):
                if os.getppid() != maker.pid:
                    os._exit(0)
            pipe.send(_portable(_attempt(work, pipe.recv())))
            done += 1
            if done % COLLECT_EVERY == 0:
                gc.collect()
    except (EOFError, OSError, KeyboardInterrupt):
        os._exit(0)


def _portable(made: Any) -> Any:
    """An exception as one that survives the pipe: many cannot be rebuilt from their arguments."""
    if not isinstance(made, Exception):
        return made
    if isinstance(made, DomainError):
        return DomainError(made.message, field=made.field, code=made.code)
    message = f"生成时发生内部错误（{type(made).__name__}：{made}），请联系管理员。"
    return DomainError(message, code="internal")
