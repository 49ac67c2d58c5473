package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.function.Consumer;

/** Errors of SQL that code of the application runs on the connection of a transaction, and catches. */
class SwallowedErrorsTest {
    private static final String BAD = "INSERT INTO nowhere VALUES (1)";
    private static final String GOOD = "UPDATE sample_parents SET code = code";

    /** What code of the application does with a connection. */
    private interface Use {
        void of(Connection connection) throws SQLException;
    }

    private static void use(Database database, Use use) {
        database.write(transaction -> {
            transaction.run(INSERT_PARENT, Parent.of("kept?"));
            use(transaction, use);
            return "";
        });
    }

    private static void use(WriteTransaction transaction, Use use) {
        try {
            use.of(transaction.connection());
        } catch (SQLException e) {
            throw transaction.classify(e, "using a connection");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void swallow(Connection connection, String sql) {
        assertThatThrownBy(() -> execute(connection, sql)).isInstanceOf(SQLException.class);
    }

    private static Consumer<Throwable> rolledBackBecauseOf(String table) {
        return thrown -> assertThat(thrown)
                .satisfies(TransactionTest.is(ErrorKind.ROLLED_BACK))
                .message()
                .startsWith(
                        "an earlier error made this transaction rollback-only: a statement of the application on the"
                                + " connection of the transaction: ")
                .contains(table)
                .doesNotContain("current transaction is aborted");
    }

    @DatabaseTest
    void a_transaction_in_which_one_was_caught_is_rolled_back_and_names_it(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        assertThatThrownBy(() -> use(database, lent -> swallow(lent, BAD)))
                .satisfies(rolledBackBecauseOf("nowhere"))
                .hasCauseInstanceOf(DatabaseException.class)
                .cause()
                .satisfies(TransactionTest.is(ErrorKind.STATEMENT));
        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
    }

    @DatabaseTest
    void one_in_a_batch_of_texts_is_the_same(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        assertThatThrownBy(() -> use(database, lent -> {
                    try (Statement batch = lent.createStatement()) {
                        batch.addBatch(GOOD);
                        batch.addBatch(BAD);
                        assertThatThrownBy(batch::executeBatch).isInstanceOf(BatchUpdateException.class);
                    }
                }))
                .satisfies(rolledBackBecauseOf("nowhere"))
                .cause()
                .satisfies(TransactionTest.is(ErrorKind.STATEMENT));
        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
    }

    @DatabaseTest
    void what_follows_it_is_refused_with_the_first_error(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        assertThatThrownBy(() -> database.write(transaction -> {
                    use(transaction, lent -> {
                        PreparedStatement before = lent.prepareStatement(GOOD);
                        swallow(lent, BAD);
                        for (Use next : new Use[] {
                            connection -> execute(connection, GOOD),
                            connection -> execute(connection, "INSERT INTO elsewhere VALUES (1)"),
                            connection -> before.executeUpdate(),
                            connection -> connection.setSavepoint(),
                            connection -> execute(connection, "SAVEPOINT late")
                        }) {
                            assertThatThrownBy(() -> next.of(lent))
                                    .isInstanceOfSatisfying(
                                            SQLException.class,
                                            e -> assertThat(e.getSQLState()).isEqualTo("25P02"))
                                    .hasMessageContaining("rollback-only")
                                    .hasMessageContaining("nowhere");
                        }
                    });
                    assertThatThrownBy(() -> transaction.run(INSERT_PARENT, Parent.of("b")))
                            .satisfies(rolledBackBecauseOf("nowhere"));
                    return "";
                }))
                .satisfies(rolledBackBecauseOf("nowhere"));
        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
    }

    @DatabaseTest
    void rolling_back_to_a_savepoint_undoes_it(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        use(database, lent -> {
            Savepoint savepoint = lent.setSavepoint();
            swallow(lent, BAD);
            lent.rollback(savepoint);
            lent.releaseSavepoint(savepoint);

            execute(lent, "SAVEPOINT mine");
            swallow(lent, BAD);
            execute(lent, "/* once */ ROLLBACK TO SAVEPOINT mine");

            swallow(lent, BAD);
            try (PreparedStatement back = lent.prepareStatement("ROLLBACK TO mine")) {
                back.execute();
            }
            execute(lent, GOOD);
        });
        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
    }

    @DatabaseTest
    void the_connection_can_be_asked_for_again_to_roll_back(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        database.write(transaction -> {
            transaction.run(INSERT_PARENT, Parent.of("a"));
            use(transaction, lent -> {
                Savepoint savepoint = lent.setSavepoint();
                swallow(lent, BAD);
                transaction.connection().rollback(savepoint);
            });
            return transaction.run(INSERT_PARENT, Parent.of("b"));
        });
        assertThat(database.list(COUNT_PARENTS)).containsExactly(2L);
    }

    @DatabaseTest
    void a_joined_part_fails_alone(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        database.write(transaction -> {
            transaction.run(INSERT_PARENT, Parent.of("a"));
            Connection lent = transaction.connection();
            assertThatThrownBy(() -> database.join(lent, part -> {
                        part.run(INSERT_PARENT, Parent.of("b"));
                        use(part, own -> swallow(own, BAD));
                        return "returns";
                    }))
                    .satisfies(rolledBackBecauseOf("nowhere"));
            assertThatThrownBy(() -> database.join(lent, part -> {
                        swallow(lent, BAD);
                        throw new IllegalStateException("the part");
                    }))
                    .hasMessage("the part");
            use(transaction, own -> execute(own, GOOD));
            return transaction.run(INSERT_PARENT, Parent.of("c"));
        });
        assertThat(database.list(COUNT_PARENTS)).containsExactly(2L);
    }

    @DatabaseTest
    void a_part_does_not_begin_after_one(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        assertThatThrownBy(() -> use(database, lent -> {
                    swallow(lent, BAD);
                    assertThatThrownBy(() -> database.join(lent, part -> "not reached"))
                            .satisfies(rolledBackBecauseOf("nowhere"));
                }))
                .satisfies(rolledBackBecauseOf("nowhere"));
    }

    @DatabaseTest
    void an_error_that_only_the_driver_has_changes_nothing(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        use(database, lent -> {
            try (Statement statement = lent.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT code FROM sample_parents")) {
                assertThat(rows.next()).isTrue();
                assertThatThrownBy(() -> rows.getString("no_such_column")).isInstanceOf(SQLException.class);
            }
            execute(lent, GOOD);
        });
        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
    }

    @DatabaseTest
    void a_transaction_that_reads_is_the_same(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        assertThatThrownBy(() -> database.read(transaction -> {
                    swallow(transaction.connection(), "SELECT * FROM nowhere");
                    return "";
                }))
                .satisfies(rolledBackBecauseOf("nowhere"));
    }

    @DatabaseTest
    void a_transaction_of_the_application_fails_in_the_joined_part_alone(TestDatabase test) throws SQLException {
        Database database = test.open(SCHEMA, STATEMENTS);
        try (Connection connection = test.jdbc()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> database.join(connection, part -> {
                        use(part, own -> swallow(own, BAD));
                        return "returns";
                    }))
                    .satisfies(rolledBackBecauseOf("nowhere"));
            database.join(connection, part -> part.run(INSERT_PARENT, Parent.of("a")));
            connection.commit();
        }
        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
    }
}
