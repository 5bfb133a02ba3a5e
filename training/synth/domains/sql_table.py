"""SQL statements that create tables: name, columns, key."""

from ..domain import Domain, f, rows, values
from ..software import SNAKE
from ..values import FIRST_NAME, choice, date, flag, integer, options
from .database_table import SQL_TYPES

DOMAIN = Domain(
    name="sql_table",
    tasks=(
        "Extract the table.",
        "Parse the SQL.",
        "Describe the table as JSON.",
        "Which columns does the table have?",
        "Read the DDL.",
    ),
    fields={
        "name": f("table_name name table", SNAKE, "name of the table"),
        "schema": f("schema database namespace", SNAKE, "schema in front of the name"),
        "columns": rows(
            "columns fields attributes",
            [
                "{name} {type} {nullable}",
                "\n    {name} {type} {nullable}",
                "\n  {name} {type}",
                "{name} {type}",
                "\n    {name} {type} {nullable} DEFAULT {default}",
                "\n  {name} {type} <<UNIQUE|CHECK (1 = 1)>>",
            ],
            (1, 6),
            "comma",
            name=f("name column column_name", SNAKE, "name of the column"),
            type=f("type data_type sql_type", options(*SQL_TYPES), "its type"),
            nullable=f(
                "nullable is_nullable", flag("NULL|null", "NOT NULL|not null"), "whether it may be empty"
            ),
            default=f(
                "default default_value",
                options(
                    "0",
                    "1",
                    "-1",
                    "TRUE",
                    "FALSE",
                    "now()",
                    "10",
                    "100",
                    "0.0",
                    "1.5",
                    "CURRENT_DATE",
                    "CURRENT_TIMESTAMP",
                    "uuid()",
                    "42",
                    "5",
                    "7",
                    "255",
                    "1000",
                    "2",
                    "3",
                    "12",
                    "24",
                    "60",
                    "0.5",
                    "99",
                    "random()",
                    "64",
                    "8",
                    "365",
                    "1024",
                ),
            ),
        ),
        "primary_key": f("primary_key pk key", SNAKE, "column of the primary key"),
        "foreign_column": f(
            "foreign_key foreign_key_column reference_column", SNAKE, "column that refers to another table"
        ),
        "foreign_table": f("referenced_table references foreign_table", SNAKE, "table that is referred to"),
        "unique": values("unique_columns unique", SNAKE, (1, 3), "comma"),
        "if_not_exists": f(
            "if_not_exists only_if_missing",
            flag("CREATE TABLE IF NOT EXISTS|create table if not exists", "CREATE TABLE|create table"),
            "whether it is left alone if it exists",
        ),
        "on_delete": f(
            "on_delete delete_action delete_rule",
            choice(
                cascade="ON DELETE CASCADE",
                restrict="ON DELETE RESTRICT",
                set_null="ON DELETE SET NULL",
                no_action="ON DELETE NO ACTION",
            ),
            "what happens to rows whose reference is deleted",
        ),
        "author": f("author created_by owner", FIRST_NAME),
        "date": f("date created migration_date", date(), "day of the migration"),
        "migration": f(
            "migration migration_number revision", integer(13, 999, words=0), "number of the migration"
        ),
    },
    templates=(
        "{if_not_exists} {name} ({columns}\n);",
        "{if_not_exists} {schema}.{name} ({columns}, PRIMARY KEY ({primary_key}));",
        "-- migration {migration} of {date}, by {author}\n{if_not_exists} {name} ({columns}[[,\n    PRIMARY KEY ({primary_key})]]\n);",
        "{if_not_exists} {name} ({columns},\n  FOREIGN KEY ({foreign_column}) REFERENCES {foreign_table} (id) {on_delete}\n);",
        "<<Here is the table|The DDL is|I ran>>:\n```sql\n{if_not_exists} {name} ({columns});\n```\n<<Any objections|Does that look right>>? -- {author}",
        "BEGIN;\nDROP TABLE old_17;\n{if_not_exists} {schema}.{name} ({columns}[[, UNIQUE ({unique})]]);\nCOMMIT;",
        "ALTER TABLE {name} ADD FOREIGN KEY ({foreign_column}) REFERENCES {foreign_table} {on_delete};\n-- {author}, {date}",
        "ALTER TABLE {schema}.{name} ADD PRIMARY KEY ({primary_key}), ADD UNIQUE ({unique});[[ -- migration {migration}]]",
        "<<Hi|Hello>> {author},\n\n<<migration|change>> {migration} <<fails|does not run>> on staging:\n\n{if_not_exists} {name} ({columns}, PRIMARY KEY ({primary_key}));\n\nThe error code is 1064.[[ It should have gone live on {date}.]]\n\nThanks",
        "{if_not_exists} {name} ({columns}, UNIQUE ({unique}), CONSTRAINT fk1 FOREIGN KEY ({foreign_column}) REFERENCES {foreign_table} (id));",
        "USE {schema};\n{if_not_exists} `{name}` ({columns}\n) DEFAULT CHARSET=utf8mb4;",
        "file {migration}_create.sql\n---\n{if_not_exists} {name} ({columns}[[, PRIMARY KEY ({primary_key})]]); -- {author}",
        '{if_not_exists} "{name}" ({columns}[[, primary key ({primary_key})]][[, foreign key ({foreign_column}) references {foreign_table}]])',
        "{if_not_exists} {name} ({columns}, PRIMARY KEY ({primary_key})[[, UNIQUE ({unique})]][[, FOREIGN KEY ({foreign_column}) REFERENCES {foreign_table} (id)]]);",
        "-- {author}, {date}\n{if_not_exists} {schema}.{name} ({columns},\n    PRIMARY KEY ({primary_key})\n);",
    ),
)
