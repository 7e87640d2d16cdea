"""What the database itself refuses of contracts and their lines, also by raw SQL."""

from __future__ import annotations

import pgtrigger

from contracts.contracts.states import NOT_SIGNED, ContractStatus
from foundation.lifecycle.phases import DROPPED, PREPARED, Phase, Phases
from foundation.sql_lists import quoted_list


def _declared(name: str, phases: Phase | Phases) -> tuple[str, str]:
    """A variable of a trigger that holds the states of contracts in these phases."""
    return name, f"text[] := ARRAY[{quoted_list(ContractStatus.in_phase(phases))}]"


def only_out_of_a_purchase() -> pgtrigger.Trigger:
    """Competitive methods need a purchase; enforced for raw SQL too."""
    return pgtrigger.Trigger(
        name="competed_for_out_of_a_purchase",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NEW.purchase = '' AND NEW.method NOT IN ('single', 'commission') THEN
                RAISE EXCEPTION 'contracts.Contract: % only out of a purchase', NEW.method
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def the_award_stays() -> pgtrigger.Trigger:
    """The award of a contract never changes."""
    return pgtrigger.Trigger(
        name="award_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF OLD.purchase <> '' AND (OLD.purchase, OLD.awarded_amount)
                IS DISTINCT FROM (NEW.purchase, NEW.awarded_amount) THEN
                RAISE EXCEPTION 'contracts.Contract: the award of % stays', OLD.number
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def one_renewal_after_its_end() -> pgtrigger.Trigger:
    """A contract has one renewal at most (cancelled ones apart), which begins after its last day."""
    return pgtrigger.Trigger(
        name="one_renewal_after_its_end",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("renews_id", "start_on", "end_on"),
        declare=[("former", "record"), _declared("cancelled", DROPPED)],
        func="""
            IF TG_OP = 'UPDATE' AND (OLD.renews_id, OLD.start_on, OLD.end_on)
                IS NOT DISTINCT FROM (NEW.renews_id, NEW.start_on, NEW.end_on) THEN
                RETURN NEW;
            END IF;
            SELECT number, end_on INTO former FROM contracts_contract
                WHERE id = NEW.renews_id FOR UPDATE;
            IF NEW.renews_id IS NOT NULL AND (NEW.start_on <= former.end_on OR EXISTS (
                SELECT 1 FROM contracts_contract WHERE renews_id = NEW.renews_id AND id <> NEW.id
                    AND status <> ALL (cancelled)
            )) THEN
                RAISE EXCEPTION 'contracts.Contract: % has one renewal, after its end', former.number
                    USING ERRCODE = 'check_violation';
            END IF;
            IF EXISTS (
                SELECT 1 FROM contracts_contract
                    WHERE renews_id = NEW.id AND start_on <= NEW.end_on
                    AND status <> ALL (cancelled)
            ) THEN
                RAISE EXCEPTION 'contracts.Contract: the renewal of % has begun', NEW.number
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def lines_of_an_award_stay() -> pgtrigger.Trigger:
    """Price and item of a line never change.

    In an awarded contract, quantities do not change before both have signed, and no line may be added
    beyond the awarded amount.
    """
    return pgtrigger.Trigger(
        name="lines_of_an_award_stay",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("contract_id", "item_id", "unit_price", "quota"),
        declare=[
            ("award", "record"),
            ("others", "numeric"),
            _declared("drafted", PREPARED),
            _declared("not_signed", NOT_SIGNED),
        ],
        func="""
            IF TG_OP = 'UPDATE' AND (OLD.contract_id, OLD.item_id, OLD.unit_price)
                IS DISTINCT FROM (NEW.contract_id, NEW.item_id, NEW.unit_price) THEN
                RAISE EXCEPTION 'contracts.ContractLine: item and price stay'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'UPDATE' AND NEW.quota = OLD.quota THEN
                RETURN NEW;
            END IF;
            SELECT awarded_amount, status INTO award
                FROM contracts_contract WHERE id = NEW.contract_id;
            IF award.awarded_amount IS NULL THEN
                RETURN NEW;
            END IF;
            SELECT coalesce(sum(unit_price * quota), 0) INTO others
                FROM contracts_contractline
                WHERE contract_id = NEW.contract_id AND id IS DISTINCT FROM NEW.id;
            IF TG_OP = 'INSERT' AND (award.status <> ALL (drafted)
                    OR others + NEW.unit_price * NEW.quota > award.awarded_amount)
                OR TG_OP = 'UPDATE' AND award.status = ANY (not_signed) THEN
                RAISE EXCEPTION 'contracts.ContractLine: beyond what was awarded'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
