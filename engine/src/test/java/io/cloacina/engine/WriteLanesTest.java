package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.store.ContextStore;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WriteLanesTest {
    private static final Statements STATEMENTS = new Statements("lanes-test");

    private static final Select<NoArgument, Long> COUNT = STATEMENTS.select("count", q -> {
        q.from(Contexts::new);
        var count = q.count();
        return row -> row.get(count);
    });

    private static ContextStore.NewContext context(UniversalUuid id) {
        return new ContextStore.NewContext(id, "{}", UniversalTimestamp.MIN);
    }

    @DatabaseTest
    void a_bad_member_harms_no_other_of_its_group(TestDatabase test) throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch holding = new CountDownLatch(1);
        ExecutorService callers = Executors.newFixedThreadPool(22);
        try (EngineRuntime runtime = EngineParts.of(test)) {
            WriteLanes lanes = runtime.lanes();
            UniversalUuid taken = UniversalUuid.v7();
            // While the first write is held, the others gather behind it: they become one group.
            Future<Integer> first = callers.submit(() -> lanes.call(taken, work -> {
                holding.countDown();
                EngineParts.await(held);
                return work.run(ContextStore.INSERT, context(taken));
            }));
            holding.await();
            List<Future<Integer>> good = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                good.add(callers.submit(() ->
                        lanes.call(taken, work -> work.run(ContextStore.INSERT, context(UniversalUuid.v7())))));
            }
            Future<Integer> bad =
                    callers.submit(() -> lanes.call(taken, work -> work.run(ContextStore.INSERT, context(taken))));
            held.countDown();

            assertThat(first.get()).isEqualTo(1);
            for (Future<Integer> one : good) {
                assertThat(one.get()).isEqualTo(1);
            }
            assertThatThrownBy(bad::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNIQUE));
            assertThat(test.open(STATEMENTS).list(COUNT)).containsExactly(21L);
        } finally {
            callers.shutdown();
        }
    }

    @DatabaseTest
    void closing_writes_what_waits_and_refuses_what_comes_after(TestDatabase test) {
        EngineRuntime runtime = EngineParts.of(test);
        UniversalUuid id = UniversalUuid.v7();
        runtime.lanes().call(id, work -> work.run(ContextStore.INSERT, context(id)));

        runtime.close();

        assertThatThrownBy(() -> runtime.lanes().call(id, work -> true))
                .isInstanceOf(CloacinaException.class)
                .hasMessage("the engine is closed; nothing was stored");
        assertThat(test.open(STATEMENTS).list(COUNT)).containsExactly(1L);
    }
}
