package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.type.Backend;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The statements of one part of a program: creates and names them and lists them all, so that a database composes each
 * of them when it is opened. Thread safe.
 *
 * <pre>{@code
 * static final Statements STATEMENTS = new Statements("tasks");
 *
 * static final Select<UniversalUuid, TaskView> OF_EXECUTION = STATEMENTS.select("of-execution", q -> {
 *     var t = q.from(TaskExecutions::new);
 *     var e = q.join(t.execution);
 *     q.where(e.id.eq(q.arg()));
 *     q.orderBy(t.taskName.asc());
 *     return row -> new TaskView(row.get(t.taskName), row.get(t.status), row.orNull(t.startedAt));
 * });
 * }</pre>
 */
public final class Statements {
    private static final String DEFINITION = "the definition of the statement";

    private final String name;
    private final List<Statement<?, ?>> all = new CopyOnWriteArrayList<>();

    /** Creates a catalog; its name is the prefix of the names of its statements. */
    public Statements(String name) {
        this.name = ArgumentChecks.given("the name of the catalog", name);
    }

    /** All statements created so far, in order. */
    public List<Statement<?, ?>> all() {
        return List.copyOf(all);
    }

    /** Creates a select; the lambda returns how a row is read. */
    public <P, R> Select<P, R> select(String name, Function<SelectBuilder<P>, RowReader<R>> definition) {
        ArgumentChecks.given(DEFINITION, definition);
        return add(
                name,
                full -> new Select<>(full, dialect -> {
                    SelectBuilder<P> builder = new SelectBuilder<>(null);
                    RowReader<R> reader = definition.apply(builder);
                    Selection<R> selection = Selection.of(reader, builder::requireSelectable);
                    SqlWriter sql = SqlWriter.forStatement(dialect, builder);
                    builder.write(sql, selection);
                    return new Composed<>(
                            dialect, sql.named(full), builder.tables(), selection, List.of(), false, null);
                }));
    }

    /** Creates a select from SQL text for each backend; the lambda declares the types and returns how a row is read. */
    public <P, R> Select<P, R> nativeSelect(
            String name, String sqlite, String postgres, Function<NativeBuilder<P>, RowReader<R>> definition) {
        requireNative(sqlite, postgres, definition);
        return add(
                name,
                full -> new Select<>(full, dialect -> {
                    NativeBuilder<P> builder = new NativeBuilder<>();
                    RowReader<R> reader = definition.apply(builder);
                    String text = dialect.backend() == Backend.SQLITE ? sqlite : postgres;
                    return new Composed<>(
                            dialect,
                            new SqlText(full, text, builder.slots()),
                            List.of(),
                            Selection.given(builder.columns(), reader),
                            List.of(),
                            false,
                            null);
                }));
    }

    /**
     * Creates a change from SQL text for each backend; the lambda declares the types of the placeholders. In a batch,
     * such an insert is sent separately, because it may insert no row.
     */
    public <P> Command<P> nativeCommand(
            String name, String sqlite, String postgres, Consumer<NativeBuilder<P>> definition) {
        requireNative(sqlite, postgres, definition);
        return add(
                name,
                full -> new Command<>(full, dialect -> {
                    NativeBuilder<P> builder = new NativeBuilder<>();
                    definition.accept(builder);
                    if (!builder.columns().isEmpty()) {
                        throw new StatementException("statement " + full + " is a command and reads no columns");
                    }
                    String text = dialect.backend() == Backend.SQLITE ? sqlite : postgres;
                    boolean mayInsertNothing = text.toUpperCase(Locale.ROOT).contains("INSERT");
                    return new Composed<>(
                            dialect,
                            new SqlText(full, text, builder.slots()),
                            List.of(),
                            null,
                            List.of(),
                            mayInsertNothing,
                            null);
                }));
    }

    /** Creates an insert. */
    public <P> Command<P> insert(String name, Consumer<InsertBuilder<P>> definition) {
        return command(name, InsertBuilder::new, definition);
    }

    /** Creates an update. */
    public <P> Command<P> update(String name, Consumer<UpdateBuilder<P>> definition) {
        return command(name, UpdateBuilder::new, definition);
    }

    /** Creates a delete. */
    public <P> Command<P> delete(String name, Consumer<DeleteBuilder<P>> definition) {
        return command(name, DeleteBuilder::new, definition);
    }

    /** Creates an insert that reads the inserted row. */
    public <P, R> ChangeReturning<P, R> insertReturning(
            String name, Function<InsertBuilder<P>, RowReader<R>> definition) {
        return returning(name, InsertBuilder::new, definition);
    }

    /** Creates an update that reads the updated rows, in undefined order. */
    public <P, R> ChangeReturning<P, R> updateReturning(
            String name, Function<UpdateBuilder<P>, RowReader<R>> definition) {
        return returning(name, UpdateBuilder::new, definition);
    }

    /** Creates a delete that reads the deleted rows, in undefined order. */
    public <P, R> ChangeReturning<P, R> deleteReturning(
            String name, Function<DeleteBuilder<P>, RowReader<R>> definition) {
        return returning(name, DeleteBuilder::new, definition);
    }

    private <P, B extends ChangeBuilder<P>> Command<P> command(String name, Supplier<B> open, Consumer<B> definition) {
        ArgumentChecks.given(DEFINITION, definition);
        return add(
                name,
                full -> new Command<>(full, dialect -> {
                    B builder = open.get();
                    definition.accept(builder);
                    SqlWriter sql = SqlWriter.forStatement(dialect, builder);
                    builder.write(sql);
                    return new Composed<>(
                            dialect,
                            sql.named(full),
                            builder.tables(),
                            null,
                            builder.probes(dialect),
                            builder.mayInsertNothing(),
                            ComposedSet.of(builder, dialect, null));
                }));
    }

    private <P, R, B extends ChangeBuilder<P>> ChangeReturning<P, R> returning(
            String name, Supplier<B> open, Function<B, RowReader<R>> definition) {
        ArgumentChecks.given(DEFINITION, definition);
        return add(
                name,
                full -> new ChangeReturning<>(full, dialect -> {
                    B builder = open.get();
                    RowReader<R> reader = definition.apply(builder);
                    Selection<R> selection = Selection.of(reader, builder::requireSelectable);
                    SqlWriter sql = SqlWriter.forStatement(dialect, builder);
                    builder.write(sql);
                    sql.text(" RETURNING ");
                    selection.write(sql);
                    return new Composed<>(
                            dialect,
                            sql.named(full),
                            builder.tables(),
                            selection,
                            builder.probes(dialect),
                            builder.mayInsertNothing(),
                            ComposedSet.of(builder, dialect, selection));
                }));
    }

    private static void requireNative(String sqlite, String postgres, Object definition) {
        ArgumentChecks.given("the SQL for SQLite", sqlite);
        ArgumentChecks.given("the SQL for PostgreSQL", postgres);
        ArgumentChecks.given(DEFINITION, definition);
    }

    private synchronized <S extends Statement<?, ?>> S add(String statement, Function<String, S> make) {
        S made = make.apply(name + "." + ArgumentChecks.given("the name of the statement", statement));
        if (all.stream().anyMatch(other -> other.name().equals(made.name()))) {
            throw new StatementException("there are two statements named " + made.name());
        }
        all.add(made);
        return made;
    }
}
