package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class AlertsIT {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String NOBODY = AlertCommand.NOT_EVALUATED;

    @TempDir
    private Path home;

    @DatabaseTest
    void alerts_are_put_shown_tested_switched_and_deleted_and_their_secret_is_not_shown(TestDatabase database)
            throws IOException {
        Cli cli = new Cli(home, database);
        WorkflowDefinition build =
                WorkflowDefinition.named("build").task("compile", context -> {}).build();
        Engine.builder(database.url()).workflow(build).alerts().start().close();
        String file =
                Files.writeString(home.resolve("secret.txt"), SECRET + "\n").toString();
        assertThat(cli.run("alerts list").err()).containsExactly("no alerts");

        String put = "alerts put failing --kind failure-rate --percent 20 --executions 10 --url http://127.0.0.1:9/x";
        cli.refused(2, "needs a duration, such as 15 minutes", put);
        cli.refused(3, "nothing", put + " --duration 1h --workflow nothing");
        cli.refused(2, "the secret of an alert must have from 16", put + " --duration 1h --secret-file", shortSecret());
        assertThat(cli.run(put + " --duration 1h --secret-file", file).out())
                .containsExactly("stored alert failing; 'cloacina alerts test' sends a message");
        assertThat(cli.json(put + " --duration 90m --workflow build").toString())
                .isEqualTo("{\"name\":\"failing\",\"kind\":\"failure-rate\",\"url\":\"http://127.0.0.1:9/x\","
                        + "\"workflow\":\"build\",\"percent\":20,\"executions\":10,\"duration\":\"PT1H30M\","
                        + "\"statuses\":[],\"enabled\":true,\"signed\":true,\"firing_since\":null,"
                        + "\"evaluated_at\":null,\"last_delivery\":null}");
        assertThat(cli.run("alerts list").out().toString())
                .contains("failing", "quiet", "more than 20 % of 10 or more executions of build", "127.0.0.1")
                .doesNotContain(SECRET);
        assertThat(cli.run("alerts show failing").err()).containsExactly(NOBODY);
        assertThat(cli.run("alerts show failing").out().toString())
                .contains("ended within 1h30m failed", "signed")
                .doesNotContain(SECRET);
        assertThat(cli.run("alerts test failing").out())
                .singleElement()
                .asString()
                .startsWith("execution ")
                .endsWith(" sends a test of alert failing");
        assertThat(cli.json("alerts disable failing").path("enabled").asBoolean())
                .isFalse();
        assertThat(cli.json("alerts enable failing").path("enabled").asBoolean())
                .isTrue();
        cli.refused(3, "did you mean 'failing'", "alerts test failin");
        assertThat(cli.lines("alerts delete failing")).containsExactly("deleted alert failing");
        cli.refused(3, "there is no alert 'failing'", "alerts show failing");
    }

    private String shortSecret() throws IOException {
        return Files.writeString(home.resolve("short.txt"), "short").toString();
    }
}
