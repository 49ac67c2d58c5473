package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.AesGcmCodec;
import io.cloacina.engine.model.Schedule;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Values that are encrypted, with the keys and without. */
@Timeout(180)
class EncryptedValuesIT {
    private static final WorkflowDefinition MAIL = WorkflowDefinition.named("mail")
            .version("1")
            .task("send", context -> {
                throw new IllegalStateException("nobody at " + context.get("to", String.class));
            })
            .build();

    @TempDir
    private Path home;

    private Path keys() throws IOException {
        Path keys = home.resolve("keys");
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        Files.writeString(keys, "# of today\n\nlimits:" + key + "\nk1:" + key + "\n");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        return keys;
    }

    @DatabaseTest
    void values_are_shown_as_encrypted_unless_the_keys_are_given(TestDatabase database) throws IOException {
        Cli cli = new Cli(home, database);
        Path keys = keys();
        try (Engine engine = Engine.builder(database.url())
                .workflow(MAIL)
                .payloadCodec(AesGcmCodec.ofFile(keys))
                .start()) {
            UUID id = engine.submit("mail", Map.of("to", "ada@example.org"));
            engine.await(id);
            engine.schedules()
                    .put(Schedule.of("daily", "mail").cron("0 2 * * *").input(Map.of("to", "Ada")));

            assertThat(cli.json("executions show " + id).path("context").asText())
                    .isEqualTo("encrypted");
            assertThat(cli.lines("executions show " + id + " --context")).containsExactly("\"encrypted\"");
            assertThat(String.join("\n", cli.lines("executions show " + id)))
                    .contains("encoded with key 'k1'")
                    .doesNotContain("ada@");
            assertThat(cli.json("schedules show daily").path("input").asText()).isEqualTo("encrypted");

            String given = " --key-file " + keys;
            assertThat(cli.json("executions show " + id + given)
                            .path("context")
                            .path("to")
                            .asText())
                    .isEqualTo("ada@example.org");
            assertThat(String.join("\n", cli.lines("executions show " + id + given)))
                    .contains("nobody at ada@example.org");
            assertThat(cli.json("schedules show daily" + given)
                            .path("input")
                            .path("to")
                            .asText())
                    .isEqualTo("Ada");
        }
    }

    @DatabaseTest
    void keys_that_are_open_to_all_or_not_keys_are_refused(TestDatabase database) throws IOException {
        database.migrated().close();
        Cli cli = new Cli(home, database);
        Path keys = keys();
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r--r--"));
        cli.refused(
                2,
                "is accessible to users other than its owner: run 'chmod 600' on it",
                "executions list --key-file " + keys);
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(keys, "limits:c2hvcnQ=\nk1:c2hvcnQ=\n");
        cli.refused(2, "the key of limits must have 32 bytes, but has 5", "executions list --key-file " + keys);
        Files.writeString(keys, "limits:not base 64\n");
        cli.refused(2, "line 1 of", "executions list --key-file " + keys);
        Files.writeString(keys, "");
        cli.refused(2, "at least one 'ID:BASE64'", "executions list --key-file " + keys);
        cli.refused(2, "cannot be read", "executions list --key-file " + home.resolve("none"));
    }
}
