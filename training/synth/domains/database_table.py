"""Database tables in words and lists: columns, keys, size."""

from ..domain import Domain, f, rows, values
from ..software import SNAKE, made
from ..values import PERSON, choice, date, flag, integer, number, options

SQL_TYPES = """integer|bigint|smallint|serial|text|varchar(255)|varchar(40)|char(2)|boolean|date|time|timestamp|timestamptz|numeric(10,2)|decimal(8,3)|real|double precision|
uuid|json|jsonb|bytea|blob|INT|INTEGER|VARCHAR(100)|VARCHAR(64)|TEXT|DATETIME|TIMESTAMP|BOOLEAN|DECIMAL(12,2)|FLOAT|BIGINT|TINYINT(1)|DATE|money|interval|inet|xml|NUMBER(10)|
nvarchar(50)|CHAR(36)|MEDIUMTEXT|UUID|NUMERIC(6,4)|point|bit(8)|year""".replace("\n", "").split("|")
TYPE = options(*SQL_TYPES)

DOMAIN = Domain(
    name="database_table",
    tasks=(
        "Extract the table definition.",
        "Describe the table as data.",
        "Which columns are there?",
        "Read the database documentation.",
        "Document the table.",
    ),
    fields={
        "name": f("table_name name table relation", SNAKE, "name of the table"),
        "schema": f("schema database namespace db", SNAKE, "database or schema that holds it"),
        "engine": f(
            "engine dbms database_system database_type",
            choice(
                postgresql="PostgreSQL|Postgres|pg",
                mysql="MySQL|InnoDB",
                sqlite="SQLite|sqlite3",
                oracle="Oracle|Oracle 19c",
                sql_server="SQL Server|MSSQL",
                mariadb="MariaDB",
            ),
            "database system",
        ),
        "columns": rows(
            "columns fields attributes",
            [
                "{name} ({type})",
                "{name}: {type}",
                "{name} {type}",
                "{name} | {type} | {nullable}",
                "{name} ({type}, {nullable})",
                "{name} - {about}",
                "{name} {type} - {about}",
                "`{name}` {type}, {nullable}",
                "{name}: {about} ({type})",
            ],
            (1, 6),
            "newline bullet comma semicolon",
            name=f("name column column_name", SNAKE, "name of the column"),
            type=f("type data_type sql_type", TYPE, "its type"),
            nullable=f(
                "nullable is_nullable optional",
                flag("nullable|may be null|optional", "not null|required|never null"),
                "whether it may be empty",
            ),
            about=f(
                "description comment meaning",
                made(
                    "{w} of the {w}",
                    "when the {w} was made",
                    "the {a} {w}",
                    "reference to {w}",
                    "number of {w} items",
                    "whether the {w} is {a}",
                ),
            ),
        ),
        "primary_key": f("primary_key pk key", SNAKE, "column of the primary key"),
        "indexes": values("indexes indices indexed_columns", SNAKE, (1, 3), "comma and semicolon"),
        "references": rows(
            "foreign_keys references relations",
            [
                "{column} -> {target}",
                "{column} references {target}",
                "{column} points to {target}",
                "{column} ({target})",
                "{column} => {target}",
            ],
            (1, 3),
            "comma semicolon bullet and",
            column=f("column from source", SNAKE, "column with the reference"),
            target=f("table target references to", SNAKE, "table that it refers to"),
        ),
        "rows": f("row_count rows number_of_rows records", integer(13, 9000000, words=0), "number of rows"),
        "size": f("size_mb size disk_size", number(1, 9000, 1), "size in MB"),
        "owner": f("owner maintainer responsible contact", PERSON, "who is responsible"),
        "created": f("created created_on since date", date(), "when it was created"),
        "about": f(
            "description purpose comment contents",
            made(
                "all {w} entries",
                "one row for each {w}",
                "{w} data from {X}",
                "the history of {w} changes",
                "{a} {w} records",
                "links between {w} and {w}",
            ),
            "what it holds",
        ),
        "temporary": f(
            "temporary is_temporary",
            flag("temporary|dropped at the end of the session", "permanent|kept for good"),
            "whether it goes away by itself",
        ),
        "partition": f(
            "partitioning partitioned_by partition",
            choice(
                none="not partitioned|in one piece",
                month="split by month|one partition per month",
                hash="split by hash|hash-partitioned",
                region="split by region|one partition per region",
            ),
            "how it is split",
        ),
    },
    templates=(
        "Table {name}[[ (schema {schema})]]\n{about}\n\nColumns:\n{columns}\n\nPrimary key: {primary_key}[[\nIndexes: {indexes}]][[\nForeign keys: {references}]]",
        "The table {name} <<holds|contains|stores>> {about}. <<It has the columns|Its columns are>> {columns}. <<The primary key is|Rows are identified by>> {primary_key}.[[ It was created on {created}.]][[ {owner} looks after it.]]",
        "## {name}\n\n- database: {schema} ({engine})\n- rows: {rows}\n- size: {size} MB\n- owner: {owner}\n[[- partitions: {partition}\n]]\n{columns}",
        "<<Hi|Hello|Dear>> {owner},\n\n<<please create|could you set up|we need>> a table {name} in {schema}[[ ({engine})]]. It is meant for {about}. Columns:\n{columns}\n<<Key|The key should be>> {primary_key}. It should be {temporary}.\n\n<<Thanks|Regards>>,\nAnalytics, room 14",
        "{schema} | {name} | {engine} | {rows} rows | {size} MB",
        "dba: what's in {name}?\n{owner}: {about}, about {rows} rows. it's {partition}\ndba: <<foreign keys|references>>?\n{owner}: {references}\ndba: and it's {temporary}?\n{owner}: yep",
        "<<Migration|Migration note>> of {created}: new table {name} with {columns}. Index on {indexes}. Key: {primary_key}.",
        "table: {name}\ndbms: {engine}\nkey: {primary_key}\nfields:\n{columns}\n[[indexed: {indexes}\n]][[relations: {references}\n]]comment: {about}",
        "In the {engine} database {schema} the largest table is {name} with {rows} rows and {size} MB. It is {partition} and {temporary}. {owner} has owned it since {created}. The backup takes 35 minutes.",
        "<<Please drop|Do not touch>> {name}! It is {temporary}, see ticket 5521. Relations: {references}. Contact: {owner}.",
        "{columns}\n\nThat is {name} in {schema}; key {primary_key}, {rows} rows",
        "Data catalogue\nObject: {schema}.{name}\nMeaning: {about}\nSteward: {owner}\nSince: {created}\nVolume: {size} MB\nLayout: {partition}\nIndexes: {indexes}",
        "Table {name} <<in|of>> {schema} <<has|consists of>> the columns\n{columns}\nwith {primary_key} as primary key.[[ There are indexes on {indexes}.]][[ It holds {about}.]][[ Rows: {rows}.]]",
        "Name: {name}\n[[Database: {schema}\n]]System: {engine}\nColumns:\n{columns}\nPrimary key: {primary_key}\n[[References: {references}\n]][[Owner: {owner}]]",
    ),
)
