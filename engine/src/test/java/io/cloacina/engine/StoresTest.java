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
                .prepares(
                        ExecutionStore.STATEMENTS,
                        ContextStore.STATEMENTS,
                        TaskStore.STATEMENTS,
                        ReadyStore.STATEMENTS,
                        HistoryStore.STATEMENTS,
                        RunnerStore.STATEMENTS);
    }

    @DatabaseTest
    void what_runs_often_uses_an_index(TestDatabase test) throws SQLException {
        StatementConformance.on(test, test.migrated())
                .usesIndexes(
                        TaskStore.CLAIM,
                        TaskStore.COMPLETE,
                        TaskStore.FAIL,
                        TaskStore.RETRY,
                        TaskStore.RELEASE,
                        TaskStore.RESET,
                        TaskStore.COUNT_DOWN,
                        TaskStore.MAKE_READY,
                        TaskStore.MAKE_RUNNING,
                        TaskStore.END_UNRUN,
                        TaskStore.WAS_COMPLETED,
                        TaskStore.UNMET_OF,
                        TaskStore.HELD_BY,
                        ReadyStore.NEXT_DUE,
                        ReadyStore.WAKE_DUE,
                        ReadyStore.HOLD,
                        ReadyStore.LET_GO,
                        ReadyStore.CANCEL,
                        ReadyStore.ALL_OF,
                        ReadyStore.REOPEN,
                        ExecutionStore.BY_KEY,
                        ExecutionStore.START,
                        ExecutionStore.COMPLETE_WITH_LAST_LEAVES,
                        ExecutionStore.COUNT,
                        ExecutionStore.COMPLETE,
                        ExecutionStore.END,
                        ExecutionStore.PAUSE,
                        ExecutionStore.RESUME_STARTED,
                        ExecutionStore.RESUME_PENDING,
                        ExecutionStore.REOPEN,
                        ExecutionStore.RECOVERED,
                        ContextStore.WRITTEN,
                        HistoryStore.FIND,
                        HistoryStore.TASKS,
                        HistoryStore.OLDEST,
                        HistoryStore.ALL,
                        HistoryStore.UNFINISHED,
                        HistoryStore.ABANDONED,
                        HistoryStore.RECOVERIES,
                        HistoryStore.REMOVE,
                        RunnerStore.RENEW,
                        RunnerStore.CONDEMN,
                        RunnerStore.REMOVE);
    }
}
