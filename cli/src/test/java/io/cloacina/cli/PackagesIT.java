package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class PackagesIT {
    @TempDir
    private Path home;

    private CloacinaProcess.Finished packages(String command) {
        return Cli.run(home, ("packages " + command).split(" ", -1));
    }

    private CloacinaProcess.Finished keygen(String name) {
        return Cli.run(home, "packages", "keygen", home.resolve(name).toString());
    }

    @DatabaseTest
    void a_signed_package_is_run_by_whoever_trusts_its_key(TestDatabase database) throws IOException {
        Cli cli = new Cli(home, database);
        SamplePackage.in(home, "1.0.0");
        database.migrated().close();
        assertThat(keygen("acme").exitCode()).isZero();
        assertThat(keygen("other").exitCode()).isZero();
        assertThat(packages("sign payments.jar --key acme.key").out()).containsExactly("wrote payments.jar.sig");
        assertThat(cli.run("packages list").err()).containsExactly("no packages");

        assertThat(cli.lines("packages upload payments.jar").get(0))
                .matches("stored payments@1\\.0\\.0, .* kB, signed");
        try (CloacinaProcess runner = cli.startRunner("--trust acme.pub")) {
            CloacinaProcess.Finished ran = cli.run("run payment --trust acme.pub --wait");
            JsonNode shown = cli.json("packages show payments");
            List<String> listed = cli.lines("packages list");
            CloacinaProcess.Finished distrusted = cli.run("run payment --trust other.pub");
            CloacinaProcess.Finished byName = cli.run("run payment --wait");
            runner.stop();

            assertThat(ran.exitCode()).isZero();
            assertThat(byName.exitCode()).isZero();
            assertThat(distrusted.exitCode()).isEqualTo(3);
            assertThat(distrusted.err())
                    .last()
                    .asString()
                    .contains("is in package payments 1.0.0, which is not loaded here");
            assertThat(shown.path("workflows").get(0).asText()).startsWith("payment@");
            assertThat(shown.path("signed").asBoolean()).isTrue();
            assertThat(listed).hasSize(2).last().asString().contains("payments@1.0.0", "loaded", "payment");
            assertThat(cli.lines("packages show payments@1.0.0"))
                    .contains("Package payments@1.0.0", "  class     shop.Payment");
            cli.refused(3, "did you mean 'payments'?", "packages show payment");
            cli.refused(3, "did you mean 'payments@1.0.0'?", "packages show payments@1.0.1");
            assertThat(cli.lines("packages delete payments@1.0.0")).containsExactly("deleted payments@1.0.0");
        }
    }

    @DatabaseTest
    void what_is_no_package_is_refused_with_the_reason(TestDatabase database) throws IOException {
        Cli cli = new Cli(home, database);
        database.migrated().close();
        Files.writeString(home.resolve("text.jar"), "no jar");

        cli.refused(4, "package 'text.jar' is refused: it is not a jar", "packages upload text.jar");
        cli.refused(2, "there is no file none.jar", "packages upload none.jar");
        cli.refused(3, "there is no package 'x', nor any other", "packages delete x");
    }

    @Test
    void a_private_key_is_for_its_owner_and_no_key_is_written_over() throws IOException {
        CloacinaProcess.Finished made = CloacinaProcess.run(home, "packages", "keygen", "acme", "--json");
        CloacinaProcess.Finished again = CloacinaProcess.run(home, "packages", "keygen", "acme");

        assertThat(made.outText()).contains("\"private_key\" : \"acme.key\"");
        assertThat(Files.getPosixFilePermissions(home.resolve("acme.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.readString(home.resolve("acme.pub"))).startsWith("-----BEGIN PUBLIC KEY-----\n");
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err().get(0)).contains("acme.pub already exists");
    }

    @Test
    void signing_needs_a_jar_and_a_private_key() {
        SamplePackage.in(home, "1.0.0");
        keygen("acme");

        assertThat(packages("sign none.jar --key acme.key").err().get(0)).contains("there is no file none.jar");
        assertThat(packages("sign payments.jar --key acme.pub").err().get(0)).contains("has no private key");
        assertThat(home.resolve("payments.jar.sig")).doesNotExist();
    }
}
