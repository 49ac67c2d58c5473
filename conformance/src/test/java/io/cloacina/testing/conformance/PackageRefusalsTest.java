package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.PackageRefusedException;
import io.cloacina.engine.model.PackageSigner;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.engine.model.StoredPackage;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages that are not taken, or taken and not loaded. */
class PackageRefusalsTest {
    /** Counts in a place that classes of all loaders see. */
    private static final String LOADED = "cloacina.test.loaded";

    private static final byte[] GOOD =
            PackageJars.of("good", "1", "good", "context.put(\"seen\", 1);").jar();

    @AfterEach
    void forget() {
        System.clearProperty(LOADED);
    }

    private static TestEngine engine(TestDatabase database, PackageTrust trust) {
        return TestEngine.on(database.url())
                .configure(settings -> settings.packages(trust))
                .start();
    }

    private static String problem(TestEngine engine, String name) {
        return problem(engine, name, "1");
    }

    private static String problem(TestEngine engine, String name, String version) {
        StoredPackage stored = engine.engine().packages().find(name, version).orElseThrow();
        assertThat(stored.problems()).hasSize(1);
        return stored.problems().get(0).reason();
    }

    @DatabaseTest
    void of_what_is_no_package_nothing_is_stored(TestDatabase database) {
        try (TestEngine engine = engine(database, PackageTrust.any())) {
            for (byte[] bad : List.of(
                    new byte[0],
                    "not a jar".getBytes(StandardCharsets.UTF_8),
                    Arrays.copyOf(GOOD, GOOD.length - 1),
                    Arrays.copyOf(GOOD, GOOD.length / 2),
                    PackageJars.named("no-workflows", "1").jar(),
                    PackageJars.named("absent-class", "1")
                            .workflows("acme.Absent")
                            .jar())) {
                assertThatThrownBy(() -> engine.engine().packages().upload(bad, null))
                        .isInstanceOf(PackageRefusedException.class);
            }
            assertThat(engine.engine().packages().list()).isEmpty();
            assertThat(Rows.texts(database, "SELECT COUNT(*) FROM workflow_registry"))
                    .containsExactly("0");
        }
    }

    @DatabaseTest
    void a_broken_one_stops_no_other_and_is_not_tried_again_before_it_is_uploaded_again(TestDatabase database) {
        String counting = """
                {
                    System.setProperty("%1$s", Integer.toString(Integer.getInteger("%1$s", 0) + 1));
                    throw new IllegalStateException("there is no moon");
                }
                """.formatted(LOADED);
        byte[] broken = PackageJars.named("broken", "1")
                .source("acme.Flow", """
                        package acme;
                        import io.cloacina.api.*;
                        public class Flow implements java.util.function.Supplier<WorkflowDefinition> {
                            public WorkflowDefinition get() %s
                        }
                        """.formatted(counting))
                .workflows("acme.Flow")
                .jar();
        try (TestEngine engine = engine(database, PackageTrust.any())) {
            engine.engine().packages().upload(broken, null);
            engine.engine().packages().upload(GOOD, null);
            engine.tick();
            engine.tick();

            assertThat(problem(engine, "broken"))
                    .isEqualTo("package 'broken' version 1 cannot be loaded: java.lang.IllegalStateException:"
                            + " there is no moon");
            assertThat(engine, engine.run("good").id()).isCompleted();
            assertThat(Integer.getInteger(LOADED)).isEqualTo(1);

            engine.engine().packages().upload(broken, null);
            engine.tick();
            assertThat(Integer.getInteger(LOADED)).isEqualTo(2);

            engine.engine().packages().delete("broken", "1");
            assertThat(engine.engine().packages().list())
                    .extracting(StoredPackage::name)
                    .containsExactly("good");
        }
    }

    @DatabaseTest
    void workflows_that_would_wait_for_themselves_are_not_loaded(TestDatabase database) {
        String handing = """
                WorkflowDefinition.named("%s")
                        .task("t", context -> {}, task -> task.child("%s")%s).build()""";
        PackageJars alone = PackageJars.named("alone", "1")
                .supplier("acme.There", handing.formatted("there", "back", ".limit(Limit.atMost(1))"))
                .supplier("acme.Back", handing.formatted("back", "there", ""));
        PackageJars first =
                PackageJars.named("first", "1").supplier("acme.Ping", handing.formatted("ping", "pong", ""));
        PackageJars second = PackageJars.named("second", "1")
                .supplier("acme.Pong", handing.formatted("pong", "ping", ".limit(Limit.atMost(1))"));
        try (TestEngine engine = engine(database, PackageTrust.any())) {
            engine.engine().packages().upload(alone.jar(), null);
            engine.engine().packages().upload(first.jar(), null);
            engine.tick();
            engine.engine().packages().upload(second.jar(), null);
            engine.tick();

            assertThat(problem(engine, "alone"))
                    .startsWith(
                            "package 'alone' version 1 cannot be loaded: task 't' of workflow 'there' submits its own");
            assertThat(problem(engine, "second"))
                    .startsWith(
                            "package 'second' version 1 cannot be loaded: task 't' of workflow 'pong' submits its own");
        }
    }

    @DatabaseTest
    void what_cannot_be_loaded_says_why(TestDatabase database) {
        byte[] future = PackageJars.of("future", "1", "future", "").jar();
        PackageJars noSuper = PackageJars.named("no-constructor", "1")
                .source("acme.Flow", """
                        package acme;
                        public class Flow implements java.util.function.Supplier<String> {
                            public Flow(int a) {}
                            public String get() { return ""; }
                        }
                        """)
                .workflows("acme.Flow");
        PackageJars other =
                PackageJars.named("supplies-text", "1").source("acme.Flow", """
                        package acme;
                        public class Flow implements java.util.function.Supplier<String> {
                            public String get() { return ""; }
                        }
                        """).workflows("acme.Flow");
        PackageJars plain = PackageJars.named("plain", "1")
                .source("acme.Flow", "package acme; public class Flow {}")
                .workflows("acme.Flow");
        PackageJars cycle = PackageJars.named("cycle", "1").supplier("acme.Flow", """
                WorkflowDefinition.named("cycle").task("a", c -> {}, t -> t.after("b")).task("b", c -> {}, t -> t.after("a")).build()""");
        PackageJars twice = PackageJars.named("twice", "1")
                .supplier("acme.One", "WorkflowDefinition.named(\"same\").task(\"a\", c -> {}).build()")
                .supplier("acme.Two", "WorkflowDefinition.named(\"same\").task(\"a\", c -> {}).build()");
        PackageJars builtIn = PackageJars.of("built-in", "1", "here", "");
        PackageJars taken = PackageJars.of("taken", "1", "good", "");
        byte[] classFile =
                Objects.requireNonNull(noSuper.entries().get("acme/Flow.class")).clone();
        classFile[7] = (byte) 200;
        PackageJars newer = PackageJars.named("newer-java", "1")
                .entry("acme/Flow.class", classFile)
                .workflows("acme.Flow");
        WorkflowDefinition here =
                WorkflowDefinition.named("here").task("do", context -> {}).build();
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(here)
                .configure(settings -> settings.packages(PackageTrust.any()))
                .start()) {
            engine.engine().packages().upload(GOOD, null);
            for (PackageJars each : List.of(noSuper, other, plain, cycle, twice, builtIn, taken, newer)) {
                engine.engine().packages().upload(each.jar(), null);
            }
            engine.engine().packages().upload(future, null);

            assertThat(problem(engine, "no-constructor"))
                    .endsWith("the class acme.Flow has no constructor without parameters");
            assertThat(problem(engine, "supplies-text"))
                    .endsWith("the class acme.Flow does not supply a WorkflowDefinition");
            assertThat(problem(engine, "plain")).contains("there is no generated definition of acme.Flow");
            assertThat(problem(engine, "cycle")).contains("in a cycle: a -> b -> a");
            assertThat(problem(engine, "twice")).endsWith("it has two workflows named 'same'");
            assertThat(problem(engine, "built-in")).endsWith("has the name of one that this engine was built with");
            assertThat(problem(engine, "taken"))
                    .endsWith("has the name of one of package 'good' version 1: rename it, or delete that one");
            assertThat(problem(engine, "newer-java")).contains("UnsupportedClassVersionError");
            assertThat(engine.engine().workflows())
                    .extracting(WorkflowDefinition::name)
                    .containsExactly("future", "good", "here");
        }
    }

    @DatabaseTest
    void a_version_that_cannot_be_loaded_leaves_the_one_before_to_serve(TestDatabase database) {
        byte[] second = PackageJars.named("good", "2")
                .source("acme.Flow", "package acme; public class Flow { static { int a = 1 / 0; } }")
                .workflows("acme.Flow")
                .jar();
        try (TestEngine engine = engine(database, PackageTrust.any())) {
            engine.engine().packages().upload(GOOD, null);
            engine.engine().packages().upload(second, null);

            assertThat(problem(engine, "good", "2"))
                    .endsWith("a class could not be initialised: java.lang.ArithmeticException: / by zero");
            assertThat(engine, engine.run("good").id()).isCompleted();
        }
    }

    @DatabaseTest
    void where_keys_are_trusted_only_what_they_signed_is_taken(TestDatabase database, @TempDir Path folder)
            throws IOException {
        KeyPair trusted = PackageSigner.newKeys();
        KeyPair other = PackageSigner.newKeys();
        Path publicKeys = Files.writeString(folder.resolve("trusted.pem"), PackageSigner.pem(trusted.getPublic()));
        Path privateKey = Files.writeString(folder.resolve("key.pem"), PackageSigner.pem(trusted.getPrivate()));
        String signature = PackageSigner.of(privateKey).sign(GOOD);
        byte[] another = PackageJars.of("another", "1", "another", "").jar();
        try (TestEngine engine = engine(database, PackageTrust.keyFiles(publicKeys))) {
            assertRefused(engine, GOOD, null, "it is not signed");
            assertRefused(engine, GOOD, "%%%", "its signature is not one of Ed25519 as Base64");
            assertRefused(engine, GOOD, "AAAA", "its signature is not one of Ed25519 as Base64, which has 64 bytes");
            assertRefused(
                    engine,
                    GOOD,
                    PackageSigner.of(other.getPrivate()).sign(GOOD),
                    "its signature is not one of these bytes by a trusted key");
            assertRefused(engine, another, signature, "its signature is not one of these bytes by a trusted key");
            assertThat(engine.engine().packages().list()).isEmpty();

            Path jar = Files.write(folder.resolve("good.jar"), GOOD);
            Path sig = Files.writeString(folder.resolve("good.jar.sig"), signature + "\n");
            assertThat(engine.engine().packages().upload(jar, sig).isSigned()).isTrue();
            assertThat(engine, engine.run("good").id()).isCompleted();
        }
    }

    private static void assertRefused(TestEngine engine, byte[] jar, @Nullable String signature, String why) {
        assertThatThrownBy(() -> engine.engine().packages().upload(jar, signature))
                .isInstanceOf(PackageRefusedException.class)
                .hasMessageContaining(why);
    }

    @DatabaseTest
    void what_came_past_the_library_into_the_database_is_not_loaded(TestDatabase database) {
        KeyPair keys = PackageSigner.newKeys();
        PackageTrust trust = PackageTrust.keys(List.of(keys.getPublic()));
        byte[] changed = PackageJars.of("changed", "1", "changed", "").jar();
        byte[] unsigned = PackageJars.of("unsigned", "1", "unsigned", "").jar();
        try (TestEngine careless = TestEngine.on(database.url()).start();
                TestEngine engine = engine(database, trust)) {
            careless.engine().packages().upload(unsigned, null);
            careless.engine()
                    .packages()
                    .upload(changed, PackageSigner.of(keys.getPrivate()).sign(changed));
            Rows.run(
                    database,
                    "UPDATE workflow_registry SET data = "
                            + (database.url().startsWith("sqlite") ? "x'00ff'" : "'\\x00ff'::bytea")
                            + " WHERE id IN (SELECT registry_id FROM workflow_packages WHERE package_name = 'changed')");
            engine.tick();

            assertThat(problem(engine, "unsigned")).contains("it is not signed");
            assertThat(problem(engine, "changed"))
                    .contains("its bytes are not those that were uploaded: they were changed or damaged");
            assertThat(engine.engine().workflows()).isEmpty();
        }
    }

    @DatabaseTest
    void one_that_was_refused_for_its_name_is_loaded_when_the_name_is_free(TestDatabase database) {
        byte[] second = PackageJars.of("second", "1", "good", "").jar();
        try (TestEngine engine = engine(database, PackageTrust.any())) {
            engine.engine().packages().upload(GOOD, null);
            engine.engine().packages().upload(second, null);
            assertThat(problem(engine, "second")).contains("has the name of one of package 'good'");

            engine.engine().packages().delete("good", "1");
            engine.tick();

            assertThat(engine, engine.run("good").id()).isCompleted();
            assertThat(engine.engine()
                            .packages()
                            .find("second", "1")
                            .orElseThrow()
                            .problems())
                    .isEmpty();
        }
    }

    @DatabaseTest
    void a_damaged_row_stops_no_other(TestDatabase database) {
        byte[] other = PackageJars.of("other", "1", "other", "").jar();
        try (TestEngine engine = engine(database, PackageTrust.any())) {
            engine.engine().packages().upload(GOOD, null);
            Rows.run(database, "UPDATE workflow_packages SET workflows = '{}', metadata = '[]'");

            engine.engine().packages().upload(other, null);

            assertThat(engine, engine.run("other").id()).isCompleted();
            assertThat(engine, engine.run("good").id()).isCompleted();
            assertThat(engine.engine().packages().list())
                    .extracting(StoredPackage::name)
                    .containsExactly("other");
        }
        try (TestEngine later = engine(database, PackageTrust.any())) {
            assertThat(later.engine().workflows()).hasSize(2);
        }
    }

    @DatabaseTest
    void bytes_that_were_damaged_are_mended_by_uploading_them_again(TestDatabase database) {
        try (TestEngine engine = engine(database, PackageTrust.any())) {
            TestEngine careless = TestEngine.on(database.url()).start();
            careless.engine().packages().upload(GOOD, null);
            careless.close();
            Rows.run(
                    database,
                    "UPDATE workflow_registry SET data = "
                            + (database.url().startsWith("sqlite") ? "x'00ff'" : "'\\x00ff'::bytea"));
            engine.tick();
            assertThat(problem(engine, "good")).contains("were changed or damaged");

            engine.engine().packages().upload(GOOD, null);

            assertThat(engine.engine().packages().content("good", "1")).isEqualTo(GOOD);
            assertThat(engine, engine.run("good").id()).isCompleted();
        }
    }

    @Test
    void keys_that_are_none_are_refused(@TempDir Path folder) throws IOException, NoSuchAlgorithmException {
        Path text = Files.writeString(folder.resolve("text.pem"), "hello");
        Path damaged = Files.writeString(
                folder.resolve("damaged.pem"), "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");

        assertThatThrownBy(() -> PackageTrust.keys(List.of()))
                .isInstanceOf(CloacinaException.class)
                .hasMessageContaining("no key is trusted");
        assertThatThrownBy(() -> PackageTrust.keys(List.of(rsa.generateKeyPair().getPublic())))
                .hasMessageContaining("RSA")
                .hasMessageContaining("it must be Ed25519");
        KeyPairGenerator ed448 = KeyPairGenerator.getInstance("Ed448");
        assertThatThrownBy(
                        () -> PackageTrust.keys(List.of(ed448.generateKeyPair().getPublic())))
                .hasMessageContaining("Ed448")
                .hasMessageContaining("it must be Ed25519");
        assertThatThrownBy(() -> PackageTrust.keyFiles(text)).hasMessageContaining("has no public key");
        assertThatThrownBy(() -> PackageTrust.keyFiles(damaged)).hasMessageContaining("is not an Ed25519 public key");
        assertThatThrownBy(() -> PackageTrust.keyFiles(folder.resolve("absent.pem")))
                .hasMessageContaining("absent.pem");
        assertThatThrownBy(() -> PackageSigner.of(text)).hasMessageContaining("has no private key");
        assertThatThrownBy(() -> PackageSigner.of(folder.resolve("absent.pem"))).hasMessageContaining("absent.pem");
    }
}
