package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CompletionIT {
    @TempDir
    private Path home;

    @Test
    void bash_completes_commands_and_options_by_the_script() throws IOException, InterruptedException {
        CloacinaProcess.Finished script = CloacinaProcess.run(home, "completion");
        assertThat(script.exitCode()).isZero();
        Files.writeString(home.resolve("completion.sh"), script.outText());
        Files.writeString(home.resolve("try.sh"), """
                source completion.sh
                compopt() { :; }
                complete_words() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _complete_cloacina; echo "${COMPREPLY[@]}"; }
                complete_words cloacina exec
                complete_words cloacina executions list --st
                """);

        Process bash = new ProcessBuilder("bash", "try.sh")
                .directory(home.toFile())
                .redirectErrorStream(true)
                .start();

        String completed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(completed).isZero();
        assertThat(completed.lines()).containsExactly("executions", "--status");
    }
}
