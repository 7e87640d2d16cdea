"""SQL that the workbench reads work items with.

It is text since it is the same for everybody, and making it from querysets took a third of the workbench's time.
"""

from __future__ import annotations

from psycopg import sql

#: The order of items: emergencies, then by deadline; at last those whose clock stands still.
ORDER = sql.SQL("paused, urgent DESC, due_at NULLS LAST, id")

#: Whether an item waits for this person, who is not kept from it.
FOR_HIM = sql.SQL("({item}.waits AND NOT {item}.kept_from @> ARRAY[%(user)s]::bigint[])")

#: How many items of the case of an item the reader has: to be done as it is, or waiting for others as it does.
IN_CASE = sql.SQL("""
    SELECT count(*) FROM (
        SELECT FROM foundation_workitem AS beside
        WHERE beside."case" = item."case" AND beside.seat = ANY(%(seats)s::text[]) AND {of_it} = {of_the_row}
        LIMIT %(counted)s
    ) AS counted
""").format(
    of_it=FOR_HIM.format(item=sql.Identifier("beside")),
    of_the_row=FOR_HIM.format(item=sql.Identifier("item")),
)

#: The first items of a seat that are to be done.
TO_DO = sql.SQL("""
    SELECT * FROM foundation_workitem
    WHERE seat = held.seat AND waits AND NOT kept_from @> ARRAY[%(user)s]::bigint[]
    ORDER BY {order} LIMIT %(to_do)s
""").format(order=ORDER)

#: The items of a seat that this person is kept from. They are few, and lie in an index of their own.
KEPT = sql.SQL("""
    SELECT * FROM foundation_workitem
    WHERE seat = held.seat AND waits AND kept_from <> '{}' AND kept_from @> ARRAY[%(user)s]::bigint[]
""")

#: The first items of a seat that wait for others.
WATCHED = sql.SQL("""
    SELECT * FROM foundation_workitem WHERE seat = held.seat AND NOT waits ORDER BY {order} LIMIT %(watched)s
""").format(order=ORDER)

#: The first item of each of the first cases of a seat that wait for others. The index is walked from its beginning,
#: and each time past the cases that were found before, until there are enough: as a rule at once. So a case with
#: thousands of items hides no other, and is read twice or three times.
WATCHED_CASES = sql.SQL("""
    WITH RECURSIVE walked(cases, firsts) AS (
        SELECT '{{}}'::text[], '{{}}'::bigint[]
        UNION ALL
        SELECT walked.cases || following.cases, walked.firsts || following.firsts
        FROM walked CROSS JOIN LATERAL (
            SELECT array_agg("case"::text) AS cases, array_agg(id) AS firsts FROM (
                SELECT DISTINCT ON ("case") "case", id FROM (
                    SELECT "case", paused, urgent, due_at, id FROM foundation_workitem
                    WHERE seat = held.seat AND NOT waits AND "case" <> ALL (walked.cases)
                    ORDER BY {order} LIMIT 3 * %(watched)s
                ) AS next ORDER BY "case", {order}
            ) AS first
        ) AS following
        WHERE cardinality(walked.cases) < %(watched)s AND following.cases IS NOT NULL
    )
    SELECT * FROM foundation_workitem
    WHERE id = ANY((SELECT firsts FROM walked ORDER BY cardinality(firsts) DESC LIMIT 1)::bigint[])
    ORDER BY {order} LIMIT %(watched)s
""").format(order=ORDER)

#: The first items of each seat: so many to be done, so many that this person is kept from, and so many that wait
#: for others, in order. Each seat is read along its index, so that it costs as much for a street with ten
#: thousand open cases as for a village.
NEAREST = (
    sql.SQL("""
    SELECT item.* FROM unnest(%(seats)s::text[]) AS held(seat)
    CROSS JOIN LATERAL (({to_do}) UNION ALL ({kept} ORDER BY {order} LIMIT %(watched)s) UNION ALL ({watched})) AS item
    ORDER BY {order}
""")
    .format(to_do=TO_DO, kept=KEPT, order=ORDER, watched=WATCHED)
    .as_string()
)

#: The same, but of what he is kept from and of what waits for others the first item of each of so many cases; every
#: item with the number of his items of its case.
NEAREST_OF_CASES = (
    sql.SQL("""
    SELECT item.*, ({in_case}) AS in_case FROM unnest(%(seats)s::text[]) AS held(seat)
    CROSS JOIN LATERAL (
        ({to_do}) UNION ALL
        (SELECT * FROM (SELECT DISTINCT ON ("case") * FROM ({kept}) AS kept ORDER BY "case", {order}) AS first
        ORDER BY {order} LIMIT %(watched)s) UNION ALL
        ({watched})
    ) AS item
    ORDER BY {order}
""")
    .format(in_case=IN_CASE, to_do=TO_DO, kept=KEPT, order=ORDER, watched=WATCHED_CASES)
    .as_string()
)

#: Of each case the first objects that these seats have items of, the one that it is named after before all others;
#: of them the items of these seats, and those that wait for somebody.
OF_CASES = (
    sql.SQL("""
    SELECT item.* FROM unnest(%(cases)s::text[]) AS whole(name)
    CROSS JOIN LATERAL (
        SELECT DISTINCT lifecycle, object_id FROM (
            SELECT lifecycle, object_id FROM foundation_workitem
            WHERE "case" = whole.name AND seat = ANY(%(seats)s::text[])
            ORDER BY lifecycle || ':' || object_id <> whole.name, {order} LIMIT %(parts)s
        ) AS nearest
    ) AS part
    JOIN foundation_workitem AS item
        ON item.lifecycle = part.lifecycle AND item.object_id = part.object_id
        AND (item.waits OR item.seat = ANY(%(seats)s::text[]))
    ORDER BY item.id
""")
    .format(order=ORDER)
    .as_string()
)
