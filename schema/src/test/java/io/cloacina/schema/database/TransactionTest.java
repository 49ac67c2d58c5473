package io.cloacina.schema.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

class TransactionTest {
    private static final Statements STATEMENTS = new Statements("transaction-test");

    private static final Command<UniversalUuid> INSERT = STATEMENTS.insert("insert", i -> {
        var c = i.into(Contexts::new);
        i.set(c.id, i.arg());
        i.set(c.value, "{}");
        i.set(c.createdAt, UniversalTimestamp.MIN);
        i.set(c.updatedAt, UniversalTimestamp.MAX);
    });

    private static final Select<NoArgument, Long> COUNT = STATEMENTS.select("count", q -> {
        q.from(Contexts::new);
        var count = q.count();
        return row -> row.get(count);
    });

    @DatabaseTest
    void what_returns_is_committed_and_what_throws_is_rolled_back(TestDatabase test) {
        Database database = test.migrated(STATEMENTS);

        database.write(transaction -> transaction.run(INSERT, UniversalUuid.v7()));
        assertThatThrownBy(() -> database.write(transaction -> {
                    transaction.run(INSERT, UniversalUuid.v7());
                    throw new IllegalStateException("the caller's own");
                }))
                .hasMessage("the caller's own");

        assertThat(database.list(COUNT)).containsExactly(1L);
    }

    @DatabaseTest
    void a_swallowed_error_still_rolls_the_transaction_back(TestDatabase test) {
        Database database = test.migrated(STATEMENTS);
        UniversalUuid id = UniversalUuid.v7();

        assertThatThrownBy(() -> database.write(transaction -> {
                    transaction.run(INSERT, id);
                    try {
                        transaction.run(INSERT, id);
                    } catch (DatabaseException e) {
                        assertThat(e.kind()).isEqualTo(ErrorKind.UNIQUE);
                    }
                    return id;
                }))
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ROLLED_BACK));

        assertThat(database.list(COUNT)).containsExactly(0L);
    }
}
