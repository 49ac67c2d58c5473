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
class HooksIT {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path home;

    @DatabaseTest
    void hooks_are_put_listed_changed_and_deleted_and_their_secret_is_not_shown(TestDatabase database)
            throws IOException {
        Cli cli = new Cli(home, database);
        WorkflowDefinition build =
                WorkflowDefinition.named("build").task("compile", context -> {}).build();
        Engine.builder(database.url()).workflow(build).start().close();
        String file =
                Files.writeString(home.resolve("secret.txt"), SECRET + "\n").toString();
        assertThat(cli.run("hooks list").err()).containsExactly("no hooks");

        cli.refused(3, "a new one needs a secret", "hooks put shop --workflow build --signature github");
        assertThat(cli.lines("hooks put shop --workflow build --signature github --secret-file", file))
                .containsExactly("stored hook shop; deliveries go to /api/v1/hooks/shop");
        assertThat(cli.json("hooks put shop --workflow build --signature stripe -i order=/data/id -i all=")
                        .toString())
                .isEqualTo("{\"name\":\"shop\",\"workflow\":\"build\",\"signature\":\"stripe\","
                        + "\"input\":{\"all\":\"\",\"order\":\"/data/id\"}}");
        assertThat(cli.lines("hooks list"))
                .hasSize(2)
                .last()
                .asString()
                .contains("shop", "build", "stripe", "order=/data/id")
                .doesNotContain(SECRET);
        assertThat(cli.json("hooks list").toString()).doesNotContain(SECRET);
        cli.refused(3, "there is no workflow 'biuld'", "hooks put shop --workflow biuld --signature github");
        cli.refused(2, "not a JSON pointer", "hooks put shop --workflow build --signature github -i a=b");
        cli.refused(3, "did you mean 'shop'?", "hooks delete shap");
        assertThat(cli.lines("hooks delete shop")).containsExactly("deleted hook shop");
        assertThat(cli.json("hooks list")).isEmpty();
    }
}
