package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A package that is gone leaves nothing behind in a process that goes on. */
@Timeout(120)
class PackageUnloadTest {
    // Values, sealed types, generic types, errors, callbacks, elements: all that could keep a class.
    private static final String SOURCE = """
            package acme;
            import io.cloacina.api.*;
            import java.time.Duration;
            import java.util.*;
            public class Flow implements java.util.function.Supplier<WorkflowDefinition> {
                public sealed interface Shape permits Circle, Square {}
                public record Circle(int radius) implements Shape {}
                public record Square(List<Integer> sides) implements Shape {}
                static int tries;
                public WorkflowDefinition get() {
                    return WorkflowDefinition.named("order")
                        .task("make", context -> context.put("shapes", List.of(new Circle(1), new Square(List.of(2)))))
                        .task("each", context -> context.output(context.element(Shape.class).toString()),
                            task -> task.after("make").forEach("shapes"))
                        .task("read", context -> {
                                List<Shape> all = context.get("shapes", new TypeOf<List<Shape>>() {});
                                context.put("seen", all.get(0).getClass().getSimpleName());
                                if (tries++ == 0) { throw new Broken(); }
                            }, task -> task.after("each").retry(RetryPolicy.fixed(2, Duration.ofSeconds(1)))
                                .timeout(Duration.ofMinutes(1)).onCompleted(outcome -> {}))
                        .build();
                }
                static class Broken extends RuntimeException {}
            }
            """;

    /** Runs a package in a process of its own, deletes it, and ends well when its class loader is collected. */
    static final class Unloading {
        public static void main(String[] arguments) throws InterruptedException {
            try (Engine engine =
                    Engine.builder(arguments[0]).packages(PackageTrust.any()).start()) {
                engine.packages().upload(Path.of(System.getProperty("jar")));
                WeakReference<ClassLoader> loader = loader(engine);
                UUID id = engine.submit("order", Map.of());
                Execution done = engine.await(id);
                if (done.error() != null
                        || !engine.context(id).get("seen", String.class).equals("Circle")) {
                    throw new AssertionError(done + " " + engine.tasks(id));
                }
                engine.packages().delete("orders", "1");
                long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
                while (loader.get() != null) {
                    if (System.nanoTime() - end >= 0) {
                        throw new AssertionError("its class loader is still there");
                    }
                    System.gc();
                    TimeUnit.MILLISECONDS.sleep(50);
                }
            }
        }

        private static WeakReference<ClassLoader> loader(Engine engine) {
            return new WeakReference<>(
                    engine.workflows().get(0).tasks().get(0).body().getClass().getClassLoader());
        }
    }

    @DatabaseTest
    void its_class_loader_is_collected(TestDatabase database, @TempDir Path folder)
            throws IOException, InterruptedException {
        // Compiled here: there nothing is quick.
        byte[] jar = PackageJars.named("orders", "1")
                .source("acme.Flow", SOURCE)
                .workflows("acme.Flow")
                .jar();
        Path file = Files.write(folder.resolve("orders.jar"), jar);
        // Not compiled: a compiled method keeps the classes that it was compiled for as long as a thread is in it.
        Process process = OwnProcess.start(Unloading.class, database.url(), "-Xint", "-Djar=" + file);
        assertThat(process.waitFor()).isZero();
    }
}
