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
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

    @DatabaseTest
    void processes_share_the_lanes_that_one_of_them_would_use(TestDatabase test) {
        try (EngineRuntime runtime = EngineParts.of(test)) {
            Set<String> alone = threads(runtime.lanes());
            boolean hasSeveral = runtime.parts().database().backend() == Backend.POSTGRES;
            assertThat(alone.size() > 1).isEqualTo(hasSeveral);

            runtime.lanes().share(2);
            assertThat(threads(runtime.lanes())).hasSize(Math.max(1, alone.size() / 2));

            runtime.lanes().share(1_000);
            assertThat(threads(runtime.lanes())).hasSize(1);

            runtime.lanes().share(1);
            assertThat(threads(runtime.lanes())).isEqualTo(alone);
        }
    }

    @DatabaseTest
    void a_runner_that_sees_others_shares_the_lanes_with_them(TestDatabase test) {
        try (EngineRuntime one = EngineParts.of(test)) {
            Set<String> alone = threads(one.lanes());
            try (EngineRuntime other = EngineParts.of(test)) {
                one.maintenance().lookAtOthers();
                other.maintenance().lookAtOthers();
                assertThat(threads(one.lanes())).hasSize(Math.max(1, alone.size() / 2));
                assertThat(threads(other.lanes())).hasSize(Math.max(1, alone.size() / 2));
            }
            one.maintenance().lookAtOthers();
            assertThat(threads(one.lanes())).isEqualTo(alone);
        }
    }

    /** Those that write executions. */
    private static Set<String> threads(WriteLanes lanes) {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            names.add(lanes.call(
                    UniversalUuid.v7(), work -> Thread.currentThread().getName()));
        }
        return names;
    }
}
