package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.Engine;
import io.cloacina.engine.Packages;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An interrupt closes no file of a package under whoever reads or writes it. */
@Timeout(120)
class InterruptedPackagesTest {
    @TempDir
    private Path directory;

    @AfterEach
    void forget() {
        Thread.interrupted();
    }

    @DatabaseTest
    void packages_in_files_are_stored_read_and_loaded_in_an_interrupted_thread(TestDatabase database)
            throws IOException {
        byte[] jar = PackageJars.of("orders", "1", "order", "").jar();
        Path file = Files.write(directory.resolve("orders.jar"), jar);
        try (Engine engine = Engine.builder(database.url())
                .packages(PackageTrust.any())
                .packageDirectory(directory.resolve("stored"))
                .start()) {
            Thread.currentThread().interrupt();
            assertThat(Packages.workflowsOf(file)).hasSize(1);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            engine.packages().upload(file);
            assertThat(engine.packages().content("orders", "1")).isEqualTo(jar);
            assertThat(Thread.interrupted()).isTrue();
        }
        Thread.currentThread().interrupt();
        try (Engine engine = Engine.builder(database.url())
                .packages(PackageTrust.any())
                .packageDirectory(directory.resolve("stored"))
                .start()) {
            assertThat(Thread.interrupted()).isTrue();
            assertThat(engine.await(engine.submit("order", Map.of())).status()).isEqualTo(ExecutionStatus.COMPLETED);
            Thread.currentThread().interrupt();
            assertThat(engine.packages().delete("orders", "1")).isTrue();
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @DatabaseTest
    void who_is_interrupted_again_and_again_reads_and_writes_whole_files(TestDatabase database) throws Exception {
        byte[] jar = PackageJars.of("orders", "1", "order", "").jar();
        try (Engine engine = Engine.builder(database.url())
                .packageDirectory(directory.resolve("stored"))
                .start()) {
            AtomicBoolean isOver = new AtomicBoolean();
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Boolean> held = new CompletableFuture<>();
            Thread working = new Thread(() -> {
                begun.countDown();
                try {
                    for (int i = 0; i < 20; i++) {
                        engine.packages().upload(jar, null);
                        assertThat(engine.packages().content("orders", "1")).isEqualTo(jar);
                        assertThat(engine.packages().delete("orders", "1")).isTrue();
                    }
                    held.complete(true);
                } catch (RuntimeException | AssertionError e) {
                    held.completeExceptionally(e);
                } finally {
                    isOver.set(true);
                }
            });
            working.start();
            begun.await();
            while (!isOver.get()) {
                working.interrupt();
                Thread.onSpinWait();
            }
            assertThat(held.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
