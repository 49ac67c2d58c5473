package io.cloacina.engine;

import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.StatementConformance;
import io.cloacina.schema.testsupport.TestDatabase;
import java.sql.SQLException;

/** The statements of the engine fit the tables, and those that run often use an index. */
class StoresTest {
    @DatabaseTest
    void every_statement_prepares_with_the_types_that_its_codecs_expect(TestDatabase test) throws SQLException {
        StatementConformance.on(test, test.migrated())
                .prepares(ExecutionStore.STATEMENTS, TaskStore.STATEMENTS, RunnerStore.STATEMENTS);
    }

    @DatabaseTest
    void what_runs_often_uses_an_index(TestDatabase test) throws SQLException {
        StatementConformance.on(test, test.migrated())
                .usesIndexes(
                        TaskStore.CLAIM,
                        TaskStore.COMPLETE,
                        TaskStore.FAIL,
                        TaskStore.RETRY,
                        TaskStore.COUNT_DOWN,
                        TaskStore.STATUS,
                        TaskStore.MAKE_READY,
                        TaskStore.HELD_BY,
                        TaskStore.OF_EXECUTION,
                        ExecutionStore.COUNT_DOWN,
                        ExecutionStore.START,
                        ExecutionStore.FIND,
                        ExecutionStore.UNFINISHED,
                        ExecutionStore.INPUT,
                        ExecutionStore.PATCHES,
                        RunnerStore.RENEW);
    }
}
