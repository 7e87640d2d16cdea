"""Releases of a process: one for each event that the public may know.

Each release shows what became known with its event; merged in order they make the record. They are made
from the tables and the journal and never stored, so they can be made again at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from contracts.contracts.models import Contract
from foundation.journal.models import Entry
from procurement.bids.states import BidStatus
from procurement.ocds import sections
from procurement.ocds.processes import Process, local, ocid_of
from procurement.phases import AWARD_PUBLISHED, WAS_OPENED
from procurement.purchases.models import Project
from procurement.purchases.states import ProjectStatus

Made = tuple[list[str], dict[str, Any]]


def releases_of(process: Process) -> list[dict[str, Any]]:
    """All releases of a process, oldest first."""
    return [found for entry in process.entries if (found := _release(process, entry))]


def _release(process: Process, entry: Entry) -> dict[str, Any] | None:
    """The release of an entry; ``None`` if the event is none for the public."""
    maker = _MAKERS.get((entry.lifecycle, entry.move))
    made = maker(process, entry) if maker else None
    if made is None:
        return None
    tags, body = made
    first = process.project or process.contracts[0]
    base = {
        "ocid": process.ocid,
        "id": release_id(process, entry),
        "date": local(entry),
        "tag": tags,
        "initiationType": "tender",
        "language": "zh",
        "buyer": sections.reference(first.buyer),
    }
    found: dict[str, Any] = sections.lean({**base, **body})
    return found


def release_id(process: Process, entry: Entry) -> str:
    """The identifier of the release of an event; always the same."""
    return f"{process.ocid}-{entry.pk}"


# --- purchases ------------------------------------------------------------------------------


def _deadline(process: Process, at: Entry) -> datetime | None:
    """The deadline as it stood after an event, later extensions undone."""
    assert process.project
    for entry in process.entries:
        if entry.move in ("extend", "postpone") and (entry.at, entry.pk) > (at.at, at.pk):
            return datetime.fromisoformat(entry.before["bids_until"])
    return process.project.bids_until


def _published(process: Process, entry: Entry) -> Made:
    """The notice was published."""
    project = _project(process)
    return ["planning", "tender"], {
        "parties": [sections.party(project.buyer, "buyer", "procuringEntity", "payer")],
        "planning": sections.planning(project),
        "tender": sections.tender(project, "active", _deadline(process, entry)),
        "relatedProcesses": _related(project),
    }


def _related(project: Project) -> list[dict[str, Any]]:
    """The framework agreement of a second competition."""
    if project.under is None:
        return []
    return [
        {
            "id": "framework",
            "relationship": ["framework"],
            "title": project.under.title,
            "scheme": "ocid",
            "identifier": ocid_of(project.under.number),
        }
    ]


def _moved(process: Process, entry: Entry) -> Made:
    """The deadline was moved."""
    project = _project(process)
    return ["tenderUpdate"], {
        "tender": {
            **sections.tender(project, "active", _deadline(process, entry)),
            "amendments": [
                {
                    "id": release_id(process, entry),
                    "date": local(entry),
                    "rationale": entry.reason or "澄清影响投标文件编制，截止顺延",
                    "releaseID": release_id(process, entry),
                }
            ],
        }
    }


def _bids_opened(process: Process, entry: Entry) -> Made:
    """The bids were opened."""
    project = _project(process)
    bids = [bid for bid in project.bids.all() if bid.status in BidStatus.in_phase(WAS_OPENED)]
    return ["tenderUpdate"], {
        "parties": [sections.party(bid.provider.organization, "tenderer") for bid in bids],
        "tender": sections.tender(project, "active", project.bids_until, bids=bids),
        "bids": sections.submissions(bids, entry.at, judged=False),
    }


def _awarded(process: Process, entry: Entry) -> Made:
    """An award was made."""
    project = _project(process)
    bids = [bid for bid in project.bids.all() if bid.status in BidStatus.in_phase(WAS_OPENED)]
    taken = set(_taken(process, entry))
    return ["award"], {
        "parties": [
            sections.party(bid.provider.organization, "tenderer", "supplier", "payee")
            for bid in bids
            if bid.pk in taken
        ],
        "tender": {"id": project.number, "status": "complete"},
        "bids": sections.submissions(bids, entry.at, judged=True),
        "awards": [sections.award(project, bid, entry, "active") for bid in bids if bid.pk in taken],
    }


def _taken(process: Process, entry: Entry) -> list[int]:
    """The keys of the bids that an award took, also if it was withdrawn later."""
    project = _project(process)
    later = any(
        _withdraws(other) and (other.at, other.pk) > (entry.at, entry.pk) for other in process.entries
    )
    ranked = sorted((bid for bid in project.bids.all() if bid.rank), key=lambda bid: bid.rank or 0)
    if not later:
        return [bid.pk for bid in ranked if bid.won]
    # An award takes the best bids that no earlier objection has eliminated.
    struck = _struck_before(process, entry)
    return [bid.pk for bid in ranked if bid.pk not in struck][: project.places]


def _struck_before(process: Process, entry: Entry) -> set[int]:
    """The keys of bids that were taken by awards before an event."""
    struck: set[int] = set()
    for earlier in process.entries:
        if earlier.move == "award" and (earlier.at, earlier.pk) < (entry.at, entry.pk):
            struck |= set(_taken(process, earlier))
    return struck


def _withdraws(entry: Entry) -> bool:
    """Whether the event ends an award: an objection was upheld, or the winner signs no contract."""
    awarded = entry.before.get("status") in ProjectStatus.in_phase(AWARD_PUBLISHED)
    return entry.move == "withdraw_award" or (entry.move == "confirm_next" and awarded)


def _award_withdrawn(process: Process, entry: Entry) -> Made | None:
    """An award was withdrawn."""
    if not _withdraws(entry):
        return None
    awards = [
        other
        for other in process.entries
        if other.move == "award" and (other.at, other.pk) < (entry.at, entry.pk)
    ]
    taken = set(_taken(process, awards[-1])) if awards else set()
    bids = [bid for bid in _project(process).bids.all() if bid.pk in taken]
    return ["awardCancellation"], {
        "tender": {"id": _project(process).number, "status": "active"},
        "awards": [{"id": sections.award_id(bid), "status": sections.CANCELLED} for bid in bids],
    }


def _ended(status: str) -> Callable[[Process, Entry], Made | None]:
    """The maker of releases for purchases that ended with that status of the tender."""

    def made(process: Process, entry: Entry) -> Made | None:
        project = _project(process)
        if project.published_at is None or entry.at < project.published_at:
            return None
        return ["tenderCancellation"], {
            "tender": {
                "id": project.number,
                "status": status,
                "amendments": [
                    {
                        "id": release_id(process, entry),
                        "date": local(entry),
                        "rationale": entry.reason or project.outcome,
                        "releaseID": release_id(process, entry),
                    }
                ],
            }
        }

    return made


def _project(process: Process) -> Project:
    """The purchase of a process; raises ``ValueError`` where it has none."""
    if process.project is None:
        raise ValueError(f"{process.ocid} is no purchase")
    return process.project


# --- contracts ------------------------------------------------------------------------------


def _contract(process: Process, entry: Entry) -> Contract:
    """The contract that an entry is about, by itself, an amendment or an invoice."""
    for contract in process.contracts:
        own = entry.lifecycle == "contracts.Contract" and contract.pk == entry.object_id
        if own or _part(contract, entry) is not None:
            return contract
    raise ValueError(f"{process.ocid}: entry {entry.pk} is about no contract of it")


def _part(contract: Contract, entry: Entry) -> Any:
    """The amendment or invoice of a contract that an entry is about; ``None`` for another."""
    name = {"contracts.Amendment": "amendments", "contracts.Invoice": "invoices"}.get(entry.lifecycle)
    found = getattr(contract, name).all() if name else ()
    return next((part for part in found if part.pk == entry.object_id), None)


def _award_of(process: Process, contract: Contract) -> str:
    """The identifier of the award behind a contract."""
    if process.project is None:
        return f"award-{contract.number}"
    call = next(call_off for call_off in process.project.call_offs.all() if call_off.contract == contract)
    return f"award-{call.bid_id}"


def _signed_at(process: Process, contract: Contract) -> datetime | None:
    """When both had signed; ``None`` before."""
    return next(
        (
            entry.at
            for entry in process.entries
            if entry.move == "sign_as_provider" and entry.object_id == contract.pk
        ),
        None,
    )


def _section(process: Process, entry: Entry, status: str) -> dict[str, Any]:
    """The contract as it stood at an event."""
    contract = _contract(process, entry)
    return sections.contract_section(
        contract, _award_of(process, contract), status, entry.at, _signed_at(process, contract)
    )


def _signed(process: Process, entry: Entry) -> Made:
    """A contract was signed by both."""
    contract = _contract(process, entry)
    body: dict[str, Any] = {
        "contracts": [
            {
                **_section(process, entry, "pending"),
                "milestones": [sections.last_day_milestone(contract, "scheduled")],
            }
        ]
    }
    if process.project is not None:
        return ["contract"], body
    parties = [
        sections.party(contract.buyer, "buyer", "procuringEntity", "payer"),
        sections.party(contract.provider.organization, "supplier", "payee"),
    ]
    awards = [sections.award_of_contract(contract, local(entry))]
    return ["award", "contract"], {"parties": parties, "awards": awards, **body}


def _in_force(process: Process, entry: Entry) -> Made:
    """A contract came into force."""
    return ["contractUpdate"], {"contracts": [_section(process, entry, "active")]}


def _ended_contract(process: Process, entry: Entry) -> Made:
    """A contract was completed or terminated."""
    contract = _contract(process, entry)
    done = entry.move == "complete"
    milestone = sections.last_day_milestone(
        contract, "met" if done else "notMet", local(entry) if done else None
    )
    return ["contractTermination"], {
        "contracts": [{**_section(process, entry, "terminated"), "milestones": [milestone]}]
    }


def _amended(process: Process, entry: Entry) -> Made:
    """A supplementary agreement was signed."""
    contract = _contract(process, entry)
    change = sections.amendment_section(_part(contract, entry), entry, release_id(process, entry))
    return ["contractAmendment"], {
        "contracts": [{**_section(process, entry, "active"), "amendments": [change]}]
    }


def _implemented(name: str, made: Callable[[Any, Entry], dict[str, Any]]) -> Any:
    """The maker of releases for accepted or paid invoices."""

    def release(process: Process, entry: Entry) -> Made:
        contract = _contract(process, entry)
        first = not any(
            other.lifecycle == entry.lifecycle
            and (other.at, other.pk) < (entry.at, entry.pk)
            and _part(contract, other) is not None
            for other in process.entries
        )
        return ["implementation" if first else "implementationUpdate"], {
            "contracts": [
                {
                    "id": contract.number,
                    "awardID": _award_of(process, contract),
                    "implementation": {name: [made(_part(contract, entry), entry)]},
                }
            ]
        }

    return release


_MAKERS: dict[tuple[str, str], Callable[[Process, Entry], Made | None]] = {
    ("procurement.Project", "publish"): _published,
    ("procurement.Project", "extend"): _moved,
    ("procurement.Project", "postpone"): _moved,
    ("procurement.Project", "open_bids"): _bids_opened,
    ("procurement.Project", "award"): _awarded,
    ("procurement.Project", "withdraw_award"): _award_withdrawn,
    ("procurement.Project", "confirm_next"): _award_withdrawn,
    ("procurement.Project", "fail"): _ended("unsuccessful"),
    ("procurement.Project", "confirm_failure"): _ended("unsuccessful"),
    ("procurement.Project", "cancel"): _ended("cancelled"),
    ("contracts.Contract", "sign_as_provider"): _signed,
    ("contracts.Contract", "come_into_force"): _in_force,
    ("contracts.Contract", "terminate"): _ended_contract,
    ("contracts.Contract", "complete"): _ended_contract,
    ("contracts.Amendment", "agree"): _amended,
    ("contracts.Invoice", "accept_work"): _implemented("milestones", sections.milestone_of),
    ("contracts.Invoice", "approve"): _implemented("transactions", sections.transaction),
}
