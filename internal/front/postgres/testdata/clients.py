"""SQLAlchemy, psycopg 3 and psycopg2 against the door: prints one line per check."""
import datetime
import decimal
import sys
import uuid

import psycopg
from sqlalchemy import MetaData, Table, create_engine, func, inspect, select, text

host = sys.argv[1]


def check(name, got, want):
    if got != want:
        print(f"FAIL {name}: {got!r}, want {want!r}")


for driver in ("psycopg2", "psycopg"):
    engine = create_engine(f"postgresql+{driver}://anna:the%20secret@{host}/boathouse?sslmode=disable")
    i = inspect(engine)
    check(f"{driver} schemas", i.get_schema_names(), ["information_schema", "public", "sales"])
    check(f"{driver} default schema", i.default_schema_name, "public")
    check(f"{driver} tables", (i.get_table_names(), i.get_table_names("sales"), i.get_view_names("sales")), (["people"], ["orders"], ["totals"]))
    check(f"{driver} columns", [(c["name"], str(c["type"]), c["comment"]) for c in i.get_columns("people")],
          [("id", "INTEGER", "number"), ("name", "TEXT", None), ("born", "DATE", None), ("score", "NUMERIC(10, 2)", None)])
    check(f"{driver} comment", i.get_table_comment("people"), {"text": "who there is"})
    check(f"{driver} view", i.get_view_definition("totals", "sales").strip(), "SELECT person, sum(amount) total FROM sales.orders GROUP BY person")
    check(f"{driver} keys", (i.get_pk_constraint("people")["constrained_columns"], i.get_foreign_keys("people"), i.get_indexes("people"),
                             i.get_unique_constraints("people"), i.get_check_constraints("people")), ([], [], [], [], []))
    check(f"{driver} others", (i.get_enums(), i.get_domains(), i.get_sequence_names(), i.get_materialized_view_names(), i.has_table("people"), i.has_table("nope")),
          ([], [], [], [], True, False))
    everything = MetaData()
    everything.reflect(engine, schema="sales", views=True)
    check(f"{driver} reflect", sorted(everything.tables), ["sales.orders", "sales.totals"])
    t = Table("people", MetaData(), autoload_with=engine)
    with engine.connect() as c:
        check(f"{driver} select", c.execute(select(t).where(t.c.id == 1)).all(), [(1, "Anna", datetime.date(2001, 2, 3), decimal.Decimal("1.50"))])
        check(f"{driver} count", c.execute(select(func.count()).select_from(t)).scalar(), 3)
        check(f"{driver} in", c.execute(select(t.c.id).where(t.c.id.in_([1, 3])).order_by(t.c.id)).scalars().all(), [1, 3])
        check(f"{driver} stream", len(c.execution_options(stream_results=True, max_row_buffer=1).execute(select(t)).fetchall()), 3)
        check(f"{driver} text", c.execute(text("select :a"), {"a": "x"}).scalar(), "x")

with psycopg.connect(f"postgresql://anna:the%20secret@{host}/boathouse?sslmode=disable") as c:
    for binary in (False, True):
        cur = c.cursor(binary=binary)
        values = ("x", 1, 2.5, b"\x00\xff", None, decimal.Decimal("1.23456789"), uuid.UUID(int=5), datetime.date(2020, 1, 2),
                  datetime.datetime(2020, 1, 2, 3, 4, 5, 6), [1, 2], ["a", "b'c"])
        got = cur.execute("select %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::text[]", values).fetchone()
        check(f"values, binary={binary}", got, values)
        check(f"any, binary={binary}", cur.execute("select count(*) from people where id = any(%s)", ([1, 3],)).fetchone(), (2,))
    with c.cursor(name="by_server") as cur:
        cur.itersize = 1
        check("server cursor", len(cur.execute("select * from people").fetchall()), 3)
    with c.cursor().copy("copy people to stdout (format binary)") as copy:
        copy.set_types(["int4", "text", "date", "numeric"])
        check("copy", [r[0] for r in copy.rows()], [1, 2, 3])
print("done")
