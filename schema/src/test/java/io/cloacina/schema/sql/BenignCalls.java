package io.cloacina.schema.sql;

import io.cloacina.api.TaskStatus;
import io.cloacina.schema.copy.CopyProgress;
import io.cloacina.schema.copy.SchemaCopy;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.migration.Backfill;
import io.cloacina.schema.migration.Ddl;
import io.cloacina.schema.migration.Migration;
import io.cloacina.schema.migration.Migrations;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.migration.Migrator.Applied;
import io.cloacina.schema.migration.Step;
import io.cloacina.schema.migration.UnfinishedCopy;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.PayloadForm;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;

/**
 * On what each public method is called, and with which arguments if none of them is null: by the types of these, or by a row
 * for the method.
 */
final class BenignCalls {
    private static final Statements STATEMENTS = new Statements("benign");

    private static final Command<String> INSERT = STATEMENTS.insert("insert", i -> {
        var t = i.into(Things::new);
        i.set(t.id, i.arg(name -> UniversalUuid.v7()));
        i.set(t.name, i.arg());
        i.set(t.size, 1);
    });

    private static final ChangeReturning<String, String> RENAME = STATEMENTS.updateReturning("rename", u -> {
        var t = u.table(Things::new);
        u.set(t.name, u.arg());
        u.where(t.name.eq(u.arg()));
        return row -> row.get(t.name);
    });

    private static final Select<String, String> BY_NAME = STATEMENTS.select("by-name", q -> {
        var t = q.from(Things::new);
        q.where(t.name.eq(q.arg()));
        return row -> row.get(t.name);
    });

    private static final Select<NoArgument, String> NAMES = STATEMENTS.select("names", q -> {
        var t = q.from(Things::new);
        return row -> row.get(t.name);
    });

    private static final Select<NoArgument, Long> TABLES = STATEMENTS.nativeSelect(
            "tables", "SELECT count(*) FROM sqlite_master", "SELECT count(*) FROM pg_tables", q -> {
                var count = q.column(DataType.BIGINT);
                return row -> row.get(count);
            });

    private static final Schema SCHEMA = Schema.of(Things::new);
    private static final Schema OTHER = Schema.of(Others::new);
    private static final Migrations MIGRATIONS =
            Migrations.of("things_migrations", Migration.version(1, "first", Step.create(Things::new)));
    private static final Applied APPLIED = new Applied(
            1, "first", MIGRATIONS.all().get(0).checksum(SqliteDialect.INSTANCE), UniversalTimestamp.ofEpochMicros(0));
    private static final UnfinishedCopy COPY =
            new UnfinishedCopy("another database", "fingerprint", UniversalTimestamp.ofEpochMicros(0));
    private static final Function<Source, Things> MADE = Things::new;

    private final Path folder;
    private final Map<Class<?>, Supplier<Object>> values = new HashMap<>();
    private final Map<String, Setting> rows = new HashMap<>();

    BenignCalls(Path folder) {
        this.folder = folder;
        addValues();
        addTables();
        addBuilders();
        addColumns();
        addSchemas();
        addDatabases();
        addTransactions();
        addMigrations();
    }

    /** A table with one of each kind of column. */
    private static final class Things extends Table {
        final Column<UniversalUuid> id = primaryKey("id", DataType.UUID);
        final Column<String> name = column("name", DataType.TEXT);
        final Column<Integer> size = column("size", DataType.INTEGER);
        final NullableColumn<String> note = nullable("note", DataType.TEXT);
        final NullableColumn<UniversalUuid> parentId = nullable("parent_id", DataType.UUID);
        final ForeignKey<Things> parent = references(parentId, Things::new, t -> t.id);
        final Index unique = unique(name);

        Things(Source source) {
            super("things", source);
        }

        static Things defined() {
            return new Things(Source.DEFINITION);
        }
    }

    /** A table with a column of an enum. */
    private static final class Others extends Table {
        final Column<TaskStatus> status = primaryKey("status", DataType.enumText(TaskStatus.class));

        Others(Source source) {
            super("others", source);
        }
    }

    /** A table that nothing is declared of. */
    private static final class Empty extends Table {
        Empty() {
            super("empty", Source.DEFINITION);
        }
    }

    /**
     * What a method is called on, which is null for a constructor and a static method, and with which arguments.
     *
     * @param state what is stored
     */
    record Prepared(@Nullable Object receiver, @Nullable Object[] arguments, Supplier<String> state) {}

    /** A call of a method, or several. */
    interface Call {
        void with(Prepared prepared) throws Exception;
    }

    /** Makes what a method needs, lets it be called, and removes it. */
    interface Setting {
        void use(Call call) throws Exception;
    }

    /** Undoes a transaction. */
    private static final class Undone extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The signatures of the rows. */
    Set<String> rows() {
        return rows.keySet();
    }

    /** How that method is called: by its row, or else with values of the types. */
    Setting setting(String signature, Executable method) {
        Setting row = rows.get(signature);
        if (row != null) {
            return row;
        }
        boolean isStatic = method instanceof Constructor<?> || Modifier.isStatic(method.getModifiers());
        return call -> call.with(new Prepared(
                isStatic ? null : value(method.getDeclaringClass()),
                Arrays.stream(method.getParameterTypes()).map(this::value).toArray(),
                () -> ""));
    }

    private Object value(Class<?> type) {
        Supplier<Object> known = values.get(type);
        if (known != null) {
            return known.get();
        }
        if (type.isArray()) {
            return Array.newInstance(type.getComponentType(), 0);
        }
        throw new IllegalArgumentException("no value of " + type.getSimpleName() + ", and no row in BenignCalls");
    }

    private void addValues() {
        values.put(boolean.class, () -> true);
        values.put(int.class, () -> 2);
        values.put(long.class, () -> 2L);
        values.put(byte[].class, () -> new byte[16]);
        values.put(String.class, () -> "text");
        values.put(Object.class, () -> "any");
        values.put(Throwable.class, IllegalStateException::new);
        values.put(Map.class, Map::of);
        values.put(BiConsumer.class, () -> (BiConsumer<StringBuilder, String>) StringBuilder::append);
        values.put(Instant.class, () -> Instant.EPOCH);
        values.put(LocalDateTime.class, () -> LocalDateTime.of(2000, 1, 1, 0, 0));
        values.put(Duration.class, () -> Duration.ofMillis(1));
        values.put(Clock.class, Clock::systemUTC);
        values.put(UUID.class, () -> new UUID(0, 0));
        values.put(UniversalTimestamp.class, () -> UniversalTimestamp.MIN);
        values.put(Backend.class, () -> Backend.SQLITE);
        values.put(Dialect.class, () -> SqliteDialect.INSTANCE);
        values.put(DataType.class, () -> DataType.TEXT);
        values.put(PayloadForm.class, () -> PayloadForm.PLAIN);
        values.put(ErrorKind.class, () -> ErrorKind.OTHER);
        values.put(Nulls.class, () -> Nulls.FIRST);
        values.put(OnDelete.class, () -> OnDelete.CASCADE);
        values.put(Source.class, () -> Source.DEFINITION);
        values.put(Schema.class, () -> SCHEMA);
        values.put(Migrations.class, () -> MIGRATIONS);
        values.put(Migration.class, () -> MIGRATIONS.all().get(0));
        values.put(Ddl.class, () -> new Ddl(SqliteDialect.INSTANCE));
        values.put(Condition.class, () -> Things.defined().id.eq(UniversalUuid.NIL));
        values.put(Column.class, () -> Things.defined().name);
        values.put(NullableColumn.class, () -> Things.defined().note);
        values.put(Index.class, () -> Things.defined().unique);
        values.put(ForeignKey.class, () -> Things.defined().parent);
        values.put(Statements.class, () -> new Statements("catalog"));
        values.put(Statement.class, () -> NAMES);
        values.put(NativeBuilder.class, NativeBuilder::new);
        values.put(Function.class, () -> MADE);
    }

    private void addTables() {
        row("Table.primaryKey(String, DataType)", () -> of(new Empty(), "id", DataType.UUID));
        row("Table.column(String, DataType)", () -> of(new Empty(), "name", DataType.TEXT));
        row("Table.nullable(String, DataType)", () -> of(new Empty(), "name", DataType.TEXT));
        row("Table.references(AnyColumn, Function, Function)", () -> {
            Things t = Things.defined();
            return of(t, t.parentId, MADE, (Function<Things, Column<UniversalUuid>>) made -> made.id);
        });
        row("Table.unique(AnyColumn[])", () -> {
            Things t = Things.defined();
            return of(t, (Object) new AnyColumn<?>[] {t.size});
        });
        row("Table.index(String, IndexPart[])", () -> {
            Things t = Things.defined();
            return of(t, "size", new IndexPart[] {t.size});
        });
        row("Table.check(String, Condition)", () -> {
            Things t = Things.defined();
            return of(t, "size", t.size.gt(0));
        });
    }

    private void addBuilders() {
        Function<Things, Condition> isNamed = t -> t.name.eq("any");
        Function<Things, ForeignKey<Things>> parent = t -> t.parent;
        row("SelectBuilder.from(Function)", () -> of(new SelectBuilder<>(null), MADE));
        select("crossJoin(Function)", (q, t) -> of(q, MADE));
        select("join(ForeignKey)", (q, t) -> of(q, t.parent));
        select("leftJoin(ForeignKey)", (q, t) -> of(q, t.parent));
        select("leftJoin(Outer, Function)", (q, t) -> of(q, q.leftJoin(t.parent), parent));
        select("join(Table, Function, Function)", (q, t) -> of(q, t, MADE, parent));
        select("leftJoin(Table, Function, Function)", (q, t) -> of(q, t, MADE, parent));
        select("leftJoin(Outer, Function, Function)", (q, t) -> of(q, q.leftJoin(t.parent), MADE, parent));
        select("exists(Table, Function, Function, Function)", (q, t) -> of(q, t, MADE, parent, isNamed));
        select("refersTo(ForeignKey, Function)", (q, t) -> of(q, t.parent, isNamed));
        select("where(Condition[])", (q, t) -> of(q, (Object) new Condition[] {t.size.gt(0)}));
        select("groupBy(AnyColumn[])", (q, t) -> of(q, (Object) new AnyColumn<?>[] {t.size}));
        select("bytes(List)", (q, t) -> of(q, List.of(t.name)));
        select("beginning(AnyColumn, int)", (q, t) -> of(q, t.name, 2));
        select("orderBy(Ordering[])", (q, t) -> of(q, (Object) new Ordering<?>[] {t.size.asc()}));
        select(
                "keyset(KeysetPart[])",
                (q, t) -> of(q, (Object) new KeysetPart<?>[] {t.name.asc().after(q.arg())}));
        select("limit(Parameter)", (q, t) -> of(q, q.arg(text -> 2)));
        row("Builder.arg(Function)", () -> of(new SelectBuilder<>(null), Function.identity()));
        row("Builder.argOrNull(Function)", () -> of(new SelectBuilder<>(null), Function.identity()));
        row("InsertBuilder.into(Function)", () -> of(new InsertBuilder<>(), MADE));
        insert("set(Column, Object)", (i, t) -> of(i, t.name, "any"));
        insert("set(Column, Parameter)", (i, t) -> of(i, t.name, i.arg()));
        insert("set(NullableColumn, Object)", (i, t) -> of(i, t.note, "any"));
        insert("set(NullableColumn, Parameter)", (i, t) -> of(i, t.note, i.arg()));
        insert("set(NullableColumn, NullableParameter)", (i, t) -> of(i, t.note, i.argOrNull(text -> text)));
        insert("onConflict(AnyColumn[])", (i, t) -> of(i, (Object) new AnyColumn<?>[] {t.name}));
        insert(
                "OnConflict.overwrite(AnyColumn[])",
                (i, t) -> of(i.onConflict(t.name), (Object) new AnyColumn<?>[] {t.size}));
        row("UpdateBuilder.table(Function)", () -> of(new UpdateBuilder<>(), MADE));
        update("UpdateBuilder.set(Column, Object)", (u, t) -> of(u, t.name, "any"));
        update("UpdateBuilder.set(Column, NotNull)", (u, t) -> of(u, t.name, u.arg()));
        update("UpdateBuilder.set(NullableColumn, Object)", (u, t) -> of(u, t.note, "any"));
        update("UpdateBuilder.set(NullableColumn, Assignable)", (u, t) -> of(u, t.note, u.argOrNull(text -> text)));
        update("UpdateBuilder.setNull(NullableColumn)", (u, t) -> of(u, t.note));
        update("UpdateBuilder.increment(Column, Number)", (u, t) -> of(u, t.size, 2));
        update("UpdateBuilder.increment(Column, Parameter)", (u, t) -> of(u, t.size, u.arg(text -> 2)));
        update("FilteredChangeBuilder.where(Condition[])", (u, t) -> of(u, (Object) new Condition[] {t.size.gt(0)}));
        Function<SelectBuilder<String>, Column<UniversalUuid>> pick = q -> q.from(MADE).id;
        update("FilteredChangeBuilder.claim(Column, Function)", (u, t) -> of(u, t.id, pick));
        update("FilteredChangeBuilder.hold(Column, Function)", (u, t) -> of(u, t.id, pick));
        row("DeleteBuilder.from(Function)", () -> of(new DeleteBuilder<>(), MADE));
        row(
                "NativeBuilder.bind(DataType, Function)",
                () -> of(new NativeBuilder<>(), DataType.TEXT, Function.identity()));
    }

    private void select(String method, BiFunction<SelectBuilder<String>, Things, Prepared> call) {
        row("SelectBuilder." + method, () -> {
            SelectBuilder<String> q = new SelectBuilder<>(null);
            return call.apply(q, q.from(MADE));
        });
    }

    private void insert(String method, BiFunction<InsertBuilder<String>, Things, Prepared> call) {
        row("InsertBuilder." + method, () -> {
            InsertBuilder<String> i = new InsertBuilder<>();
            return call.apply(i, i.into(MADE));
        });
    }

    private void update(String signature, BiFunction<UpdateBuilder<String>, Things, Prepared> call) {
        row(signature, () -> {
            UpdateBuilder<String> u = new UpdateBuilder<>();
            return call.apply(u, u.table(MADE));
        });
    }

    private void addColumns() {
        for (String comparison : List.of("eq", "ne", "lt", "le", "gt", "ge")) {
            row("AnyColumn." + comparison + "(Object)", () -> of(Things.defined().name, "any"));
            row("AnyColumn." + comparison + "(Operand)", () -> of(Things.defined().name, Things.defined().note));
        }
        row("AnyColumn.in(Object, Object[])", () -> of(Things.defined().name, "any", new String[] {"other"}));
        row(
                "Column.valuesAddedIn(int, Object[])",
                () -> of(new Others(Source.DEFINITION).status, 2, new TaskStatus[] {TaskStatus.FAILED}));
        row("Condition.contains(AnyColumn, Operand)", () -> {
            Things t = Things.defined();
            return of(null, t.name, t.note);
        });
        row("Ordering.after(Parameter)", () -> of(Things.defined().name.asc(), new SelectBuilder<String>(null).arg()));
        row("Outer.column(Function)", () -> {
            Function<Things, AnyColumn<String>> name = t -> t.name;
            return of(new Outer<>(Things.defined()), name);
        });
        row("Row.get(Column)", () -> of(sample(), Things.defined().name));
        row("Row.get(Expression)", () -> of(sample(), new SelectBuilder<>(null).count()));
        row("Row.orNull(NullableColumn)", () -> of(sample(), Things.defined().note));
        row("Row.orNull(Outer, BiFunction)", () -> {
            BiFunction<Row, Things, String> read = (row, t) -> row.get(t.name);
            return of(sample(), new Outer<>(Things.defined()), read);
        });
        row("DataType.enumText(Class)", () -> of(null, TaskStatus.class));
        row("DataType.stored(Object, PayloadForm)", () -> of(DataType.payloadText("c.v"), "any", PayloadForm.PLAIN));
        row("DataType.read(Object, PayloadForm)", () -> of(DataType.TEXT, "any", PayloadForm.PLAIN));
        row("UniversalUuid.parse(String)", () -> of(null, UniversalUuid.NIL.toString()));
        row("UniversalTimestamp.parse(String)", () -> of(null, UniversalTimestamp.MIN.toString()));
    }

    private static Row sample() {
        return Row.sample(read -> {});
    }

    private void addSchemas() {
        row("Schema.of(Function[])", () -> of(null, (Object) new Function<?, ?>[] {MADE}));
        row("Schema.and(Schema)", () -> of(SCHEMA, OTHER));
        row("Schema.uniqueKey(String, List)", () -> of(SCHEMA, "things", List.of("name")));
        Function<SelectBuilder<String>, RowReader<String>> select = q -> {
            var t = q.from(MADE);
            return row -> row.get(t.name);
        };
        Consumer<Object> nothing = builder -> {};
        Function<Object, RowReader<String>> reader = builder -> row -> "any";
        row("Statements.select(String, Function)", () -> of(new Statements("own"), "select", select));
        row(
                "Statements.nativeSelect(String, String, String, Function)",
                () -> of(new Statements("own"), "select", "SELECT 1", "SELECT 1", reader));
        row(
                "Statements.nativeCommand(String, String, String, Consumer)",
                () -> of(new Statements("own"), "command", "SELECT 1", "SELECT 1", nothing));
        for (String change : List.of("insert", "update", "delete")) {
            row("Statements." + change + "(String, Consumer)", () -> of(new Statements("own"), change, nothing));
            row(
                    "Statements." + change + "Returning(String, Function)",
                    () -> of(new Statements("own"), change, reader));
        }
    }

    private void addDatabases() {
        Statements[] catalogs = {STATEMENTS};
        row("Database.open(String, Statements[])", () -> of(null, "sqlite::memory:", new Statements[0]));
        row("Database.open(String, Schema, Statements[])", () -> of(null, "sqlite::memory:", SCHEMA, catalogs));
        row("Database.open(DataSource, Statements[])", () -> of(null, source(), new Statements[0]));
        row("Database.open(DataSource, Schema, Statements[])", () -> of(null, source(), SCHEMA, catalogs));
        row("DatabaseUrl.parse(String)", () -> of(null, "sqlite::memory:"));
        onDatabase("compose(Statements[])", database -> of(database, (Object) catalogs));
        onDatabase("storePayloads(PayloadForm)", database -> of(database, PayloadForm.PLAIN));
        onDatabase("list(Select, Object)", database -> of(database, BY_NAME, "any"));
        onDatabase("list(Select)", database -> of(database, NAMES));
        onDatabase("find(Select, Object)", database -> of(database, BY_NAME, "any"));
        Function<ReadTransaction, Object> reading = transaction -> transaction.list(NAMES);
        Function<WriteTransaction, Object> writing = transaction -> transaction.run(INSERT, "any");
        onDatabase("read(Function)", database -> of(database, reading));
        onDatabase("write(Function)", database -> of(database, writing));
        onDatabase("writeApart(Function)", database -> of(database, writing));
        onDatabase("alter(Function)", database -> of(database, writing));
        onDatabase("causeOf(Throwable)", database -> of(database, new SQLException("any")));
        onDatabase("listen(Consumer)", database -> of(database, (Consumer<String>) text -> {}));
        onDatabase("use(String)", database -> of(database, "a test"));
        onDatabase("closeWithin(Duration)", database -> of(database, Duration.ofSeconds(10)));
        rows.put("Database.join(Connection, Function)", call -> {
            String file = folder.resolve("joined.db").toString();
            try (Database database = migrated("sqlite:" + file);
                    Connection own = DriverManager.getConnection("jdbc:sqlite:" + file)) {
                own.setAutoCommit(false);
                call.with(of(database, own, writing));
                own.rollback();
            }
        });
        inTransaction("Database.cutOff(WriteTransaction)", (database, t) -> of(database, t));
        rows.put("Subscription.closeWithin(Duration)", call -> {
            try (Database database = migrated("sqlite::memory:");
                    var subscription = database.listen(text -> {})) {
                call.with(of(subscription, Duration.ofSeconds(10)));
            }
        });
    }

    private DataSource source() {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + folder.resolve("source.db"));
        return source;
    }

    private void addTransactions() {
        List<String> two = List.of("a", "b");
        inTransaction("ReadTransaction.list(Select, Object)", (database, t) -> of(t, BY_NAME, "any"));
        inTransaction("ReadTransaction.list(Select)", (database, t) -> of(t, NAMES));
        inTransaction("ReadTransaction.find(Select, Object)", (database, t) -> of(t, BY_NAME, "any"));
        inTransaction(
                "ReadTransaction.classify(SQLException, String)",
                (database, t) -> of(t, new SQLException("any"), "doing something"));
        inTransaction("ReadTransaction.lostBy(Throwable)", (database, t) -> of(t, new IllegalStateException()));
        inTransaction("WriteTransaction.of(Connection)", (database, t) -> of(null, t.connection()));
        inTransaction("WriteTransaction.waitForLocksAtMost(Duration)", (database, t) -> of(t, Duration.ofMillis(1)));
        inTransaction("WriteTransaction.recall(Duration)", (database, t) -> of(t, Duration.ofMillis(1)));
        inTransaction("WriteTransaction.run(Command, Object)", (database, t) -> of(t, INSERT, "any"));
        inTransaction("WriteTransaction.list(ChangeReturning, Object)", (database, t) -> of(t, RENAME, "any"));
        inTransaction("WriteTransaction.find(ChangeReturning, Object)", (database, t) -> of(t, RENAME, "any"));
        inTransaction("WriteTransaction.findEach(ChangeReturning, List)", (database, t) -> of(t, RENAME, two));
        for (String many : List.of("batch", "defer", "expect")) {
            inTransaction("WriteTransaction." + many + "(Command, List)", (database, t) -> of(t, INSERT, two));
        }
    }

    private void addMigrations() {
        Step[] steps = {Step.create(Things::new)};
        Function<Things, Backfill> backfill = t -> Backfill.constant(t.name, "any");
        row("Backfill.constant(Column, Object)", () -> of(null, Things.defined().name, "any"));
        row("Step.alter(Function, Function[])", () -> of(null, MADE, new Function<?, ?>[] {backfill}));
        row("Migration.version(int, String, Step[])", () -> of(null, 1, "first", steps));
        row(
                "Migration.version(int, String, Supplier)",
                () -> of(null, 1, "first", (Supplier<List<Step>>) () -> List.of(steps)));
        row(
                "Migrations.of(String, Migration[])",
                () -> of(null, "own_migrations", MIGRATIONS.all().toArray(Migration[]::new)));
        row("UnfinishedCopy.in(List)", () -> of(null, List.of(APPLIED)));
        inTransaction("UnfinishedCopy.begin(WriteTransaction, Migrations)", (database, t) -> of(COPY, t, MIGRATIONS));
        inTransaction("UnfinishedCopy.hold(WriteTransaction, Migrations)", (database, t) -> of(COPY, t, MIGRATIONS));
        inTransaction("UnfinishedCopy.end(WriteTransaction, Migrations)", (database, t) -> of(COPY, t, MIGRATIONS));
        withDatabase("new Migrator(Database, Migrations)", database -> of(null, database, MIGRATIONS));
        withDatabase(
                "new Migrator(Database, Migrations, Clock)",
                database -> of(null, database, MIGRATIONS, Clock.systemUTC()));
        for (String method : List.of("Migrator.migrate", "Migrator.requireCurrent", "SchemaCheck.differences")) {
            rows.put(method + "(Database)", call -> {
                try (Database database = Database.open("sqlite::memory:")) {
                    Migrator.migrate(database);
                    call.with(of(null, database));
                }
            });
        }
        withDatabase("Migrator.migrate(Database, Migrations)", database -> of(null, database, MIGRATIONS));
        withDatabase("Migrator.requireCurrent(Database, Migrations)", database -> of(null, database, MIGRATIONS));
        withDatabase("Migrator.pending(List)", database -> of(new Migrator(database, MIGRATIONS), List.of(APPLIED)));
        inTransaction("Migrator.migrate(WriteTransaction)", (database, t) -> of(new Migrator(database, MIGRATIONS), t));
        inTransaction("Migrator.history(ReadTransaction)", (database, t) -> of(new Migrator(database, MIGRATIONS), t));
        withDatabase("OptionalIndexes.create(Database, Schema)", database -> of(null, database, SCHEMA));
        withDatabase("OptionalIndexes.drop(Database, Schema)", database -> of(null, database, SCHEMA));
        withDatabase("SchemaCheck.differences(Database, Schema)", database -> of(null, database, SCHEMA));
        withDatabase(
                "SchemaCheck.differences(Database, Schema, Migrations)",
                database -> of(null, database, SCHEMA, MIGRATIONS));
        withDatabase("SchemaCheck.versions(Database, Migrations)", database -> of(null, database, MIGRATIONS));
        copy("new SchemaCopy(Database, Database)", (source, target) -> of(null, source, target));
        copy(
                "new SchemaCopy(Database, Database, Schema, Migrations)",
                (source, target) -> of(null, source, target, SCHEMA, MIGRATIONS));
        copy(
                "SchemaCopy.run(CopyProgress)",
                (source, target) -> of(new SchemaCopy(source, target, SCHEMA, MIGRATIONS), CopyProgress.NONE));
    }

    private void copy(String signature, BiFunction<Database, Database, Prepared> call) {
        rows.put(signature, called -> {
            try (Database source = migrated("sqlite::memory:");
                    Database target = Database.open("sqlite::memory:", SCHEMA)) {
                Prepared prepared = call.apply(source, target);
                called.with(
                        new Prepared(prepared.receiver, prepared.arguments, () -> state(source) + target.list(TABLES)));
            }
        });
    }

    private void onDatabase(String method, Function<Database, Prepared> call) {
        withDatabase("Database." + method, call);
    }

    private void withDatabase(String signature, Function<Database, Prepared> call) {
        rows.put(signature, called -> {
            try (Database database = migrated("sqlite::memory:")) {
                Prepared prepared = call.apply(database);
                called.with(new Prepared(prepared.receiver, prepared.arguments, () -> state(database)));
            }
        });
    }

    private void inTransaction(String signature, BiFunction<Database, WriteTransaction, Prepared> call) {
        rows.put(signature, called -> {
            try (Database database = migrated("sqlite::memory:")) {
                database.write(transaction -> {
                    Prepared prepared = call.apply(database, transaction);
                    try {
                        called.with(new Prepared(
                                prepared.receiver,
                                prepared.arguments,
                                () -> transaction.list(TABLES) + " " + transaction.list(NAMES)));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    throw new Undone();
                });
            } catch (Undone e) {
                return; // as it should be
            }
        });
    }

    private static Database migrated(String url) {
        Database database = Database.open(url, SCHEMA);
        Migrator.migrate(database, MIGRATIONS);
        return database;
    }

    private static String state(Database database) {
        return database.list(TABLES) + " " + database.list(NAMES);
    }

    private void row(String signature, Supplier<Prepared> call) {
        rows.put(signature, called -> called.with(call.get()));
    }

    private static Prepared of(@Nullable Object receiver, Object... arguments) {
        return new Prepared(receiver, arguments, () -> "");
    }
}
