package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that runs the task of a package is killed; the package was deleted meanwhile. */
@Timeout(120)
class PackageKillTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Runs in a process of its own until it is killed. */
    static final class Victim {
        public static void main(String[] arguments) throws InterruptedException {
            try (Engine engine =
                    Engine.builder(arguments[0]).packages(PackageTrust.any()).start()) {
                new CountDownLatch(1).await();
                throw new AssertionError(engine);
            }
        }
    }

    @DatabaseTest
    void the_next_process_ends_on_the_package_what_the_dead_one_began_with_it(
            TestDatabase database, @TempDir Path folder) throws IOException, InterruptedException {
        Path go = folder.resolve("go");
        byte[] jar = PackageJars.of("orders", "1", "order", """
                        java.nio.file.Path go = java.nio.file.Path.of(context.get("go", String.class));
                        while (!java.nio.file.Files.exists(go)) { Thread.sleep(20); }
                        context.put("seen", context.attempt());""").jar();
        Engine.builder(database.url()).start().close();
        Process victim = OwnProcess.start(Victim.class, database.url(), "-XX:TieredStopAtLevel=1");
        UUID id;
        try (Engine client = Engine.builder(database.url())
                .packages(PackageTrust.any())
                .client()
                .start()) {
            client.packages().upload(jar, null);
            id = client.submit("order", Map.of("go", go.toString()));
            long end = System.nanoTime() + LONG.toNanos();
            while (client.tasks(id).get(0).status() != TaskStatus.RUNNING) {
                assertThat(System.nanoTime()).isLessThan(end);
                Thread.sleep(10);
            }
            client.packages().delete("orders", "1");
        } finally {
            victim.destroyForcibly().waitFor();
        }
        Files.createFile(go);

        try (Engine engine =
                Engine.builder(database.url()).packages(PackageTrust.any()).start()) {
            Execution done = engine.await(id, LONG).orElseThrow();
            assertThat(done.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.context(id).get("seen", Integer.class)).isEqualTo(2);
            assertThat(engine.recoveries(id)).hasSize(1);
            assertThat(engine.workflows()).isEmpty();
        }
    }
}
