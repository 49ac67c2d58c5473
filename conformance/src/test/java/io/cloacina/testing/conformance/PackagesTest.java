package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.StorageType;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.Packages;
import io.cloacina.engine.model.PackageRefusedException;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.engine.model.StoredPackage;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.type.Backend;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages: stored, loaded, served, replaced, deleted. */
class PackagesTest {
    private static TestEngine engine(TestDatabase database, WorkflowDefinition... builtIn) {
        TestEngine.Builder builder =
                TestEngine.on(database.url()).configure(settings -> settings.packages(PackageTrust.any()));
        for (WorkflowDefinition each : builtIn) {
            builder.workflow(each);
        }
        return builder.start();
    }

    private static String seen(TestEngine engine, UUID execution) {
        return engine.engine().context(execution).get("seen", String.class);
    }

    @DatabaseTest
    void a_package_is_stored_with_what_it_says_of_itself_and_runs(TestDatabase database) {
        byte[] jar = PackageJars.of("orders", "1.0.0", "order", "context.put(\"seen\", \"one\");")
                .attribute("Cloacina-Description", "Takes orders.")
                .attribute("Cloacina-Author", "Acme")
                .jar();
        try (TestEngine engine = engine(database)) {
            StoredPackage stored = engine.engine().packages().upload(jar, null);

            assertThat(stored.name()).isEqualTo("orders");
            assertThat(stored.version()).isEqualTo("1.0.0");
            assertThat(stored.description()).isEqualTo("Takes orders.");
            assertThat(stored.author()).isEqualTo("Acme");
            assertThat(stored.bytes()).isEqualTo(jar.length);
            assertThat(stored.storage()).isEqualTo(StorageType.DATABASE);
            assertThat(stored.classes()).containsExactly("acme.Flow");
            assertThat(stored.workflows()).singleElement().asString().startsWith("order@");
            assertThat(stored.isSigned()).isFalse();
            assertThat(stored.problems()).isEmpty();
            assertThat(stored.createdAt()).isEqualTo(engine.clock().instant());
            assertThat(engine.engine().packages().list()).containsExactly(stored);
            assertThat(engine.engine().packages().find("orders", "2")).isEmpty();
            assertThat(engine.engine().packages().content("orders", "1.0.0")).isEqualTo(jar);

            UUID done = engine.run("order").id();
            assertThat(engine, done).isCompleted();
            assertThat(seen(engine, done)).isEqualTo("one");
            assertThat(engine.engine().runners().get(0).workflows()).isEqualTo(stored.workflows());
        }
    }

    @DatabaseTest
    void workflows_of_a_package_in_a_file_are_those_that_a_runner_of_the_stored_one_has(
            TestDatabase database, @TempDir Path folder) throws IOException {
        byte[] jar = PackageJars.of("orders", "1", "order", "context.put(\"seen\", \"one\");")
                .jar();
        Path file = Files.write(folder.resolve("orders.jar"), jar);
        List<WorkflowDefinition> loaded = Packages.workflowsOf(file);

        try (TestEngine engine = engine(database, loaded.toArray(WorkflowDefinition[]::new))) {
            assertThat(seen(engine, engine.run("order").id())).isEqualTo("one");
            assertThat(engine.engine().packages().list()).isEmpty();
        }
        try (TestEngine engine = engine(database)) {
            StoredPackage stored = engine.engine().packages().upload(jar, null);
            WorkflowDefinition only = loaded.get(0);
            assertThat(stored.workflows()).containsExactly(only.name() + "@" + only.version());
        }
        Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
        assertThatThrownBy(() -> Packages.workflowsOf(text))
                .isInstanceOf(PackageRefusedException.class)
                .hasMessage("package 'text.jar' is refused: it is not a jar");
    }

    @DatabaseTest
    void the_same_bytes_are_the_same_package_and_others_need_another_version(TestDatabase database) {
        byte[] jar = PackageJars.of("orders", "1", "order", "").jar();
        byte[] other =
                PackageJars.of("orders", "1", "order", "context.put(\"a\", 1);").jar();
        try (TestEngine engine = engine(database)) {
            StoredPackage first = engine.engine().packages().upload(jar, null);
            engine.advance(Duration.ofMinutes(1));
            StoredPackage again = engine.engine().packages().upload(jar, null);

            assertThat(again.id()).isEqualTo(first.id());
            assertThat(again.createdAt()).isEqualTo(first.createdAt());
            assertThat(again.updatedAt()).isEqualTo(engine.clock().instant());
            assertThatThrownBy(() -> engine.engine().packages().upload(other, null))
                    .isInstanceOf(PackageRefusedException.class)
                    .hasMessageContaining(
                            "package 'orders' version 1 is refused: another package is stored under this version")
                    .hasMessageContaining(first.contentHash())
                    .hasMessageContaining("give it another version");
            assertThat(engine.engine().packages().list()).containsExactly(again);
            assertThat(Rows.texts(database, "SELECT COUNT(*) FROM workflow_registry"))
                    .containsExactly("1");
        }
    }

    @DatabaseTest
    void a_new_version_serves_and_executions_of_the_old_one_end_on_it(TestDatabase database) {
        String flow = """
                WorkflowDefinition.named("order")
                    .task("ask", context -> {}, task -> task.signal("go"))
                    .task("tell", context -> context.put("seen", "%s"), task -> task.after("ask"))
                    .build()""";
        try (TestEngine engine = engine(database)) {
            engine.engine()
                    .packages()
                    .upload(
                            PackageJars.named("orders", "1")
                                    .supplier("acme.Flow", flow.formatted("one"))
                                    .jar(),
                            null);
            UUID old = engine.submit("order");
            engine.tick();

            byte[] second = PackageJars.named("orders", "2")
                    .supplier("acme.Flow", flow.formatted("two"))
                    .jar();
            engine.engine().packages().upload(second, null);
            UUID young = engine.submit("order");
            engine.tick();
            engine.engine().signal(old, "go", null);
            engine.engine().signal(young, "go", null);
            engine.tick();

            assertThat(engine, old).isCompleted();
            assertThat(engine, young).isCompleted();
            assertThat(seen(engine, old)).isEqualTo("one");
            assertThat(seen(engine, young)).isEqualTo("two");
            assertThat(engine.execution(old).version())
                    .isNotEqualTo(engine.execution(young).version());

            // Uploaded last, the first version serves again.
            engine.engine().packages().upload(engine.engine().packages().content("orders", "1"), null);
            assertThat(engine.engine().workflows())
                    .extracting(WorkflowDefinition::version)
                    .containsExactly(engine.execution(old).version());
        }
    }

    @DatabaseTest
    void what_else_is_in_the_package_belongs_to_the_version_too(TestDatabase database) {
        PackageJars jars =
                PackageJars.named("orders", "1").supplier("acme.Flow", """
                WorkflowDefinition.named("order").version("1")
                    .task("ask", context -> {}, task -> task.signal("go"))
                    .task("tell", context -> context.put("seen", Helper.text()), task -> task.after("ask"))
                    .build()""", Map.of("acme.Helper", helper("one")));
        try (TestEngine engine = engine(database)) {
            engine.engine().packages().upload(jars.jar(), null);
            UUID begun = engine.submit("order");
            engine.tick();
            byte[] second = jars.attribute("Cloacina-Version", "2")
                    .source("acme.Helper", helper("two"))
                    .jar();
            engine.engine().packages().upload(second, null);
            engine.engine().signal(begun, "go", null);
            UUID young = engine.submit("order");
            engine.engine().signal(young, "go", null);
            engine.tick();

            assertThat(seen(engine, begun)).isEqualTo("one");
            assertThat(seen(engine, young)).isEqualTo("two");
            assertThat(engine.execution(begun).version()).startsWith("1+");
        }
    }

    private static String helper(String text) {
        return "package acme; public class Helper { static String text() { return \"" + text + "\"; } }";
    }

    @DatabaseTest
    void one_that_hangs_holds_up_no_other(TestDatabase database) {
        byte[] hanging = PackageJars.named("hanging", "1")
                .source("acme.Flow", """
                        package acme;
                        public class Flow implements java.util.function.Supplier<Object> {
                            public Object get() {
                                try { Thread.sleep(60_000); } catch (InterruptedException e) { }
                                return this;
                            }
                        }
                        """)
                .workflows("acme.Flow")
                .jar();
        try (Engine client = Engine.builder(database.url()).start();
                Engine engine = Engine.builder(database.url())
                        .packages(PackageTrust.any())
                        .start()) {
            client.packages().upload(PackageJars.of("gone", "1", "gone", "").jar(), null);
            within(Duration.ofSeconds(2), () -> engine.workflows().size() == 1);
            client.packages().upload(hanging, null);
            client.packages().upload(PackageJars.of("orders", "1", "order", "").jar(), null);
            client.packages().delete("gone", "1");

            within(
                    Duration.ofSeconds(2),
                    () -> engine.workflows().stream()
                            .map(WorkflowDefinition::name)
                            .toList()
                            .equals(List.of("order")));
            assertThat(client.packages().find("hanging", "1").orElseThrow().problems())
                    .isEmpty();
        }
    }

    @DatabaseTest
    void who_is_interrupted_while_it_is_loaded_has_it_all_the_same(TestDatabase database) {
        try (Engine engine =
                Engine.builder(database.url()).packages(PackageTrust.any()).start()) {
            byte[] jar = PackageJars.of("orders", "1", "order", "").jar();
            Thread.currentThread().interrupt();
            engine.packages().upload(jar, null);
            assertThat(Thread.interrupted()).isTrue();

            within(Duration.ofSeconds(2), () -> engine.workflows().size() == 1);
        }
    }

    @DatabaseTest
    void what_is_opened_again_is_taken_up_at_once_also_when_its_package_was_deleted(TestDatabase database) {
        byte[] jar = PackageJars.of(
                        "orders",
                        "1",
                        "order",
                        "if (!System.getProperties().containsKey(context.get(\"flag\", String.class))) { throw new"
                                + " IllegalStateException(); }")
                .jar();
        String flag = "cloacina.test." + UUID.randomUUID();
        try (Engine engine = Engine.builder(database.url())
                .packages(PackageTrust.any())
                .pollInterval(Duration.ofHours(1))
                .start()) {
            engine.packages().upload(jar, null);
            UUID id = engine.submit("order", Map.of("flag", flag));
            assertThat(engine.await(id, Duration.ofSeconds(30)).orElseThrow().status())
                    .isEqualTo(ExecutionStatus.FAILED);
            engine.packages().delete("orders", "1");
            System.setProperty(flag, "");
            engine.retry(id);

            assertThat(engine.await(id, Duration.ofSeconds(30)).orElseThrow().status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
        } finally {
            System.clearProperty(flag);
        }
    }

    @Test
    void what_the_database_cannot_do_now_is_done_when_it_can() throws Exception {
        try (TestDatabase database = TestDatabase.create(Backend.SQLITE);
                Engine engine = Engine.builder(database.url() + "?busy_timeout=100")
                        .packages(PackageTrust.any())
                        .start();
                Engine client = Engine.builder(database.url()).client().start();
                Connection other = database.connect();
                Statement statement = other.createStatement()) {
            byte[] jar =
                    PackageJars.named("orders", "1").supplier("acme.Flow", """
                            WorkflowDefinition.named("order").task("do", context -> {})
                                .schedule("nightly", "0 2 * * *", "UTC").build()""").jar();
            client.packages().upload(jar, null);
            assertThat(engine.packages().list()).hasSize(1);
            for (int i = 0; i < 4; i++) {
                statement.execute("BEGIN IMMEDIATE");
                LockSupport.parkNanos(Duration.ofMillis(400).toNanos());
                statement.execute("ROLLBACK");
            }

            within(
                    Duration.ofSeconds(5),
                    () -> client.schedules().find("nightly").isPresent()
                            && client.runners().get(0).workflows().size() == 1);
        }
    }

    @DatabaseTest
    void a_deleted_package_submits_nothing_ends_what_has_begun_and_is_removed(TestDatabase database) {
        byte[] jar = PackageJars.named("orders", "1").supplier("acme.Flow", """
                        WorkflowDefinition.named("order")
                            .task("ask", context -> {}, task -> task.signal("go"))
                            .task("tell", context -> context.put("seen", "one"), task -> task.after("ask"))
                            .build()""").jar();
        UUID begun;
        try (TestEngine engine = engine(database)) {
            engine.engine().packages().upload(jar, null);
            begun = engine.submit("order");
            engine.tick();

            assertThat(engine.engine().packages().delete("orders", "1")).isTrue();
            assertThat(engine.engine().packages().delete("orders", "1")).isFalse();
            assertThat(engine.engine().packages().delete("orders", "2")).isFalse();
            assertThatThrownBy(() -> engine.submit("order")).isInstanceOf(UnknownWorkflowException.class);
            engine.advance(Duration.ofHours(1));
            assertThat(engine.engine()
                            .packages()
                            .find("orders", "1")
                            .orElseThrow()
                            .deletedAt())
                    .isNotNull();
        }
        // Also one that starts now ends it.
        try (TestEngine engine = engine(database)) {
            engine.engine().signal(begun, "go", null);
            engine.tick();
            assertThat(engine, begun).isCompleted();
            assertThat(seen(engine, begun)).isEqualTo("one");

            engine.advance(Duration.ofHours(2));
            assertThat(engine.engine().packages().list()).isEmpty();
            assertThat(Rows.texts(database, "SELECT COUNT(*) FROM workflow_registry"))
                    .containsExactly("0");
            assertThat(engine.engine().runners().get(0).workflows()).isEmpty();
        }
    }

    @DatabaseTest
    void who_has_not_seen_yet_that_it_is_deleted_submits_nothing_with_it(TestDatabase database) {
        try (TestEngine one = engine(database);
                TestEngine two = engine(database)) {
            one.engine()
                    .packages()
                    .upload(PackageJars.of("orders", "1", "order", "").jar(), null);
            two.tick();
            one.engine().packages().delete("orders", "1");

            assertThatThrownBy(() -> two.submit("order"))
                    .isInstanceOf(UnknownWorkflowException.class)
                    .hasMessage("there is no workflow 'order' any more: its package was deleted");
            assertThat(Rows.counts(database)).isEqualTo(Rows.none());
        }
    }

    @DatabaseTest
    void what_is_uploaded_again_while_it_is_deleted_serves_again(TestDatabase database) {
        byte[] jar = PackageJars.of("orders", "1", "order", "").jar();
        try (TestEngine engine = engine(database)) {
            engine.engine().packages().upload(jar, null);
            engine.engine().packages().delete("orders", "1");
            StoredPackage again = engine.engine().packages().upload(jar, null);

            assertThat(again.deletedAt()).isNull();
            assertThat(engine, engine.run("order").id()).isCompleted();
        }
    }

    @DatabaseTest
    void packages_with_equal_class_names_do_not_meet(TestDatabase database) {
        String flow = "context.put(\"seen\", Helper.name() + getClass().getClassLoader().getName());";
        String helper = "package acme; public class Helper { static String name() { return \"%s of \"; } }";
        try (TestEngine engine = engine(database)) {
            for (String each : List.of("a", "b")) {
                String source = """
                        package acme;
                        import io.cloacina.api.*;
                        public class Flow implements java.util.function.Supplier<WorkflowDefinition> {
                            public WorkflowDefinition get() {
                                return WorkflowDefinition.named("%s").task("do", context -> { %s }).build();
                            }
                            static class Helper { static String name() { return "helper %s of "; } }
                        }
                        """.formatted(each, flow, each);
                engine.engine()
                        .packages()
                        .upload(
                                PackageJars.named(each, "1")
                                        .source("acme.Flow", source)
                                        .source("acme.Helper", helper.formatted(each))
                                        .workflows("acme.Flow")
                                        .jar(),
                                null);
            }

            assertThat(seen(engine, engine.run("a").id())).isEqualTo("helper a of package 'a' version 1");
            assertThat(seen(engine, engine.run("b").id())).isEqualTo("helper b of package 'b' version 1");
        }
    }

    @DatabaseTest
    void a_package_sees_its_own_files_and_nothing_of_the_application(TestDatabase database) {
        String body = """
                try (var file = Thread.currentThread().getContextClassLoader().getResourceAsStream("acme/greeting.txt")) {
                    context.put("seen", new String(file.readAllBytes()));
                } catch (java.io.IOException e) { throw new IllegalStateException(e); }
                for (String name : new String[] {
                        "io.cloacina.engine.Engine", "org.junit.jupiter.api.Test", "com.fasterxml.jackson.databind.JsonNode"}) {
                    try { Class.forName(name); throw new AssertionError(name); } catch (ClassNotFoundException e) { }
                }
                """;
        try (TestEngine engine = engine(database)) {
            engine.engine()
                    .packages()
                    .upload(
                            PackageJars.of("orders", "1", "order", body)
                                    .entry("acme/greeting.txt", "hello".getBytes(StandardCharsets.UTF_8))
                                    .jar(),
                            null);
            ClassLoader before = Thread.currentThread().getContextClassLoader();

            assertThat(seen(engine, engine.run("order").id())).isEqualTo("hello");
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
        }
    }

    @DatabaseTest
    void it_brings_schedules_and_children_along(TestDatabase database) {
        PackageJars jars = PackageJars.named("orders", "1")
                .supplier("acme.Parent", """
                        WorkflowDefinition.named("parent")
                            .task("ship", context -> context.put("ship", Map.of("to", "Bonn")), task -> task.child("child").take("seen"))
                            .schedule("nightly", "0 2 * * *", "UTC").build()""")
                .supplier(
                        "acme.Child",
                        "WorkflowDefinition.named(\"child\").task(\"do\", context -> context.put(\"seen\","
                                + " context.get(\"to\", String.class))).build()");
        try (TestEngine engine = engine(database)) {
            engine.engine().packages().upload(jars.jar(), null);

            assertThat(engine.engine().schedules().find("nightly")).isPresent();
            UUID id = engine.run("parent").id();
            assertThat(engine, id).isCompleted();
            engine.advance(Duration.ofDays(1));
            assertThat(engine.engine().schedules().statistics("nightly").completed())
                    .isEqualTo(1);
        }
    }

    @DatabaseTest
    void without_being_told_an_engine_loads_none(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url()).start()) {
            StoredPackage stored = engine.engine()
                    .packages()
                    .upload(PackageJars.of("orders", "1", "order", "").jar(), null);
            engine.tick();

            assertThat(stored.workflows()).isEmpty();
            assertThatThrownBy(() -> engine.submit("order")).isInstanceOf(UnknownWorkflowException.class);
            assertThat(engine.engine().packages().delete("orders", "1")).isTrue();
            assertThat(engine.engine().packages().list()).isEmpty();
        }
    }

    @DatabaseTest
    void every_runner_has_it_within_two_seconds_and_loses_it(TestDatabase database) {
        byte[] jar = PackageJars.of("orders", "1", "order", "context.put(\"seen\", \"one\");")
                .jar();
        try (Engine one = Engine.builder(database.url())
                        .packages(PackageTrust.any())
                        .start();
                Engine two = Engine.builder(database.url())
                        .packages(PackageTrust.any())
                        .start();
                Engine client = Engine.builder(database.url()).client().start();
                Engine submitting = Engine.builder(database.url())
                        .packages(PackageTrust.any())
                        .client()
                        .start()) {
            client.packages().upload(jar, null);

            within(
                    Duration.ofSeconds(2),
                    () -> one.workflows().size() == 1 && two.workflows().size() == 1);
            within(Duration.ofSeconds(2), () -> submitting.workflows().size() == 1);
            UUID id = submitting.submit("order", Map.of());
            assertThat(submitting
                            .await(id, Duration.ofSeconds(30))
                            .orElseThrow()
                            .isFinished())
                    .isTrue();

            client.packages().delete("orders", "1");
            within(
                    Duration.ofSeconds(2),
                    () -> one.workflows().isEmpty() && two.workflows().isEmpty());
            within(
                    Duration.ofSeconds(2),
                    () -> client.runners().stream()
                            .allMatch(runner -> runner.workflows().isEmpty()));
        }
    }

    private static void within(Duration bound, BooleanSupplier seen) {
        // The promise is for a machine that has time; what is tested is that nothing waits for a slow poll of ten
        // seconds.
        long end = System.nanoTime() + bound.multipliedBy(4).toNanos();
        while (!seen.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within %s", bound.multipliedBy(4)).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    @DatabaseTest
    void bytes_can_be_in_files(TestDatabase database, @TempDir Path folder) throws IOException {
        Path directory = folder.resolve("packages");
        byte[] jar = PackageJars.of("orders", "1", "order", "").jar();
        try (TestEngine engine = TestEngine.on(database.url())
                        .configure(settings ->
                                settings.packages(PackageTrust.any()).packageDirectory(directory))
                        .start();
                TestEngine other = engine(database)) {
            StoredPackage stored = engine.engine().packages().upload(jar, null);
            engine.engine().packages().upload(jar, null);

            assertThat(stored.storage()).isEqualTo(StorageType.FILESYSTEM);
            assertThat(files(directory))
                    .singleElement()
                    .satisfies(file -> assertThat(Files.readAllBytes(file)).isEqualTo(jar));
            assertThat(engine.engine().packages().content("orders", "1")).isEqualTo(jar);
            assertThat(engine, engine.run("order").id()).isCompleted();
            other.tick();
            assertThat(engine.engine().packages().list().get(0).problems())
                    .singleElement()
                    .extracting(StoredPackage.Problem::reason)
                    .asString()
                    .contains("it is stored in a file, and this engine has no packageDirectory");

            engine.engine().packages().delete("orders", "1");
            engine.advance(Duration.ofMinutes(2));
            assertThat(engine.engine().packages().list()).isEmpty();
            assertThat(files(directory)).isEmpty();
        }
    }

    @DatabaseTest
    void a_file_that_was_lost_is_written_again_by_uploading_it_again(TestDatabase database, @TempDir Path directory)
            throws IOException {
        byte[] jar = PackageJars.of("orders", "1", "order", "").jar();
        try (TestEngine engine = TestEngine.on(database.url())
                .configure(settings -> settings.packages(PackageTrust.any()).packageDirectory(directory))
                .start()) {
            engine.engine().packages().upload(jar, null);
            for (Path file : files(directory)) {
                Files.delete(file);
            }

            engine.engine().packages().upload(jar, null);

            assertThat(engine.engine().packages().content("orders", "1")).isEqualTo(jar);
            assertThat(files(directory)).hasSize(1);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
