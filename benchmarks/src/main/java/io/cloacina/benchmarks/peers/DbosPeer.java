package io.cloacina.benchmarks.peers;

import com.zaxxer.hikari.HikariDataSource;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;
import dev.dbos.transact.workflow.WorkflowHandle;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** DBOS Transact. Workflows begin in the process that starts them, which is its fastest way: a queue would be polled. */
final class DbosPeer implements Peer {
    private static final int CONNECTIONS = 40;

    private final HikariDataSource source;
    private final String schema;
    private final DBOS dbos;
    private final Flows flows;

    DbosPeer(PeerDatabase database, Ledger ledger) {
        schema = database.schema();
        source = database.pool(CONNECTIONS);
        dbos = new DBOS(DBOSConfig.defaults("peers")
                .withDataSource(source)
                .withDatabaseSchema(schema)
                .withAppVersion("1"));
        Flowing flowing = new Flowing(dbos, ledger);
        flows = dbos.registerProxy(Flows.class, flowing);
        flowing.flows = flows;
        dbos.launch();
    }

    /** The workflows, as they are called. */
    public interface Flows {
        /** One step; the workflow itself is enough for it. */
        void single(int number);

        /** Three steps. */
        void chain(int number);

        /** A step, three children, a step. */
        void fan(int number);

        /** A child. */
        void part(int number);
    }

    /** The workflows, as they are run. */
    public static final class Flowing implements Flows {
        private final DBOS dbos;
        private final Ledger ledger;

        @SuppressWarnings("NullAway.Init") // set before the first workflow begins
        private Flows flows;

        private Flowing(DBOS dbos, Ledger ledger) {
            this.dbos = dbos;
            this.ledger = ledger;
        }

        @Override
        @Workflow
        public void single(int number) {
            ledger.ranLast(number);
        }

        @Override
        @Workflow
        public void chain(int number) {
            dbos.runStep(() -> ledger.ran(number), "one");
            dbos.runStep(() -> ledger.ran(number), "two");
            dbos.runStep(() -> ledger.ranLast(number), "three");
        }

        @Override
        @Workflow
        public void fan(int number) {
            dbos.runStep(() -> ledger.ran(number), "start");
            List<WorkflowHandle<Void, RuntimeException>> parts = Stream.of("a", "b", "c")
                    .map(part -> dbos.<RuntimeException>startWorkflow(() -> flows.part(number)))
                    .toList();
            parts.forEach(WorkflowHandle::getResult);
            dbos.runStep(() -> ledger.ranLast(number), "end");
        }

        @Override
        @Workflow
        public void part(int number) {
            ledger.ran(number);
        }
    }

    @Override
    public void submit(Work work, int number) {
        start(work, number);
    }

    private WorkflowHandle<Void, RuntimeException> start(Work work, int number) {
        return switch (work) {
            case SINGLE -> dbos.startWorkflow(() -> flows.single(number));
            case CHAIN -> dbos.startWorkflow(() -> flows.chain(number));
            case FAN -> dbos.startWorkflow(() -> flows.fan(number));
        };
    }

    @Override
    public void submitAll(int first, int count) {
        throw new UnsupportedOperationException("DBOS starts one workflow with a call");
    }

    @Override
    public void submitAndAwait(int number) {
        start(Work.SINGLE, number).getResult();
    }

    @Override
    public long unfinished() throws SQLException {
        return PeerDatabase.count(
                source, "SELECT count(*) FROM " + schema + ".workflow_status WHERE status <> 'SUCCESS'");
    }

    @Override
    public void close() {
        dbos.close();
        source.close();
    }
}
