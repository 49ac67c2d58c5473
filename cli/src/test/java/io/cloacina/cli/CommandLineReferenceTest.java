package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class CommandLineReferenceTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "reference", "command-line.md");

    private static final String HEAD = """
            # Command line

            Generated from the help of the commands by a test (`mvn -pl cli -am test
            -Dtest=CommandLineReferenceTest -Dupdate.docs=true -Dsurefire.failIfNoSpecifiedTests=false`
            generates it again).

            `./cloacina` builds the command line once and starts it; `cli/target/cloacina.jar` is the same
            in one file. Results go to stdout, remarks and errors to stderr; an error is one line that
            begins with `cloacina:`. On a terminal longer lines are wrapped, tables are as wide as the
            terminal, with shortened names but whole times and states, states have colours unless
            `NO_COLOR` is set, and ids are shortened to their end; in a pipe nothing is wrapped, shortened
            or coloured. Times are in the time zone of the machine; with `--json` they are ISO-8601 in UTC, and
            the names of fields are those of the tables.

            ## Exit codes

            | code | meaning |
            | ---: | --- |
            | 0 | success |
            | 1 | the execution failed, there are differences, or the output could not be written |
            | 2 | failed; the reason is on stderr |
            | 3 | nothing has that name or id |
            | 4 | refused: not allowed in the current state, or the file is not a package |
            | 5 | the awaited execution was cancelled |
            | 6 | the awaited execution was not finished in time |
            | 130, 143 | it was stopped by ctrl-C, or by SIGTERM |
            """;

    private static String document() {
        StringBuilder text = new StringBuilder(HEAD);
        for (CommandLine command : HelpTest.commands()) {
            text.append("\n## ")
                    .append(command.getCommandSpec().qualifiedName())
                    .append("\n\n```\n");
            text.append(command.getUsageMessage(Ansi.OFF)).append("```\n");
        }
        return text.toString();
    }

    @Test
    void the_document_is_what_the_commands_say() throws IOException {
        if (Boolean.getBoolean("update.docs")) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, document());
        }

        assertThat(Files.readString(DOCUMENT))
                .as("docs/reference/command-line.md; its head says how to write it anew")
                .isEqualTo(document());
    }

    @Test
    void every_exit_code_of_a_command_is_one_that_there_is() {
        List<String> known = HEAD.lines()
                .filter(line -> line.matches("\\| \\d.*"))
                .map(line -> line.split("\\|", -1)[1].strip())
                .toList();

        assertThat(HelpTest.commands())
                .allSatisfy(command -> assertThat(codes(command)).isSubsetOf(known));
    }

    private static List<String> codes(CommandLine command) {
        String help = command.getUsageMessage(Ansi.OFF);
        int at = help.indexOf("Exit codes:");
        return at < 0
                ? List.of()
                : help.substring(at)
                        .lines()
                        .skip(1)
                        .map(line -> line.strip().split(" {2,}| (?=it)", 2)[0])
                        .toList();
    }
}
