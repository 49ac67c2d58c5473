package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class HelpTest {
    private static CommandLine cloacina() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return Main.commandLine(nowhere, nowhere);
    }

    static List<CommandLine> commands() {
        List<CommandLine> all = new ArrayList<>();
        collect(cloacina(), all);
        return all;
    }

    private static void collect(CommandLine command, List<CommandLine> all) {
        all.add(command);
        command.getSubcommands().values().forEach(below -> collect(below, all));
    }

    @Test
    void there_are_these_commands() {
        assertThat(commands().stream().map(command -> command.getCommandSpec().qualifiedName()))
                .containsExactly(
                        "cloacina",
                        "cloacina demo",
                        "cloacina run",
                        "cloacina status",
                        "cloacina executions",
                        "cloacina executions list",
                        "cloacina executions failures",
                        "cloacina executions show",
                        "cloacina executions why",
                        "cloacina executions cancel",
                        "cloacina executions pause",
                        "cloacina executions resume",
                        "cloacina executions retry",
                        "cloacina executions restart",
                        "cloacina executions delete",
                        "cloacina executions signal",
                        "cloacina executions migrate",
                        "cloacina operations",
                        "cloacina operations list",
                        "cloacina operations show",
                        "cloacina operations stop",
                        "cloacina events",
                        "cloacina workflows",
                        "cloacina workflows list",
                        "cloacina workflows show",
                        "cloacina workflows diff",
                        "cloacina schedules",
                        "cloacina schedules list",
                        "cloacina schedules show",
                        "cloacina schedules put",
                        "cloacina schedules fire",
                        "cloacina schedules enable",
                        "cloacina schedules disable",
                        "cloacina schedules delete",
                        "cloacina schedules next",
                        "cloacina schedules history",
                        "cloacina schedules statistics",
                        "cloacina hooks",
                        "cloacina hooks list",
                        "cloacina hooks put",
                        "cloacina hooks delete",
                        "cloacina alerts",
                        "cloacina alerts list",
                        "cloacina alerts show",
                        "cloacina alerts put",
                        "cloacina alerts enable",
                        "cloacina alerts disable",
                        "cloacina alerts test",
                        "cloacina alerts delete",
                        "cloacina packages",
                        "cloacina packages upload",
                        "cloacina packages list",
                        "cloacina packages show",
                        "cloacina packages delete",
                        "cloacina packages keygen",
                        "cloacina packages sign",
                        "cloacina runner",
                        "cloacina runner start",
                        "cloacina runner list",
                        "cloacina server",
                        "cloacina schema",
                        "cloacina schema ddl",
                        "cloacina schema migrate",
                        "cloacina schema check",
                        "cloacina schema copy",
                        "cloacina schema tables",
                        "cloacina completion",
                        "cloacina help");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_says_what_it_is_for_with_an_example_in_eighty_columns(CommandLine command) {
        String help = command.getUsageMessage(Ansi.OFF);

        assertThat(command.getCommandSpec().usageMessage().header()).hasSize(1);
        assertThat(help)
                .contains("Examples:")
                .containsPattern("  (source <\\()?(.* \\| )?cloacina ")
                .contains("--help");
        assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    /** A description that is broken in the wrong place is wrapped once more. */
    @ParameterizedTest
    @MethodSource("commands")
    void the_lines_of_descriptions_stay_as_they_are_broken(CommandLine command) {
        List<String> help = command.getUsageMessage(Ansi.OFF).lines().toList();

        assertThat(command.getCommandSpec().args().stream().flatMap(option -> Stream.of(option.description())))
                .filteredOn(line -> !line.contains("${"))
                .allSatisfy(line -> assertThat(help).anyMatch(shown -> shown.endsWith(" " + line)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "run", "executions", "executions list", "help"})
    void the_help_command_shows_what_the_option_shows(String words) {
        String[] asked = ("help " + words).strip().split(" ");
        String[] option = (words + " --help").strip().split(" ");

        assertThat(executed(asked)).isEqualTo(executed(option)).startsWith("0 ").contains("Examples:");
    }

    @ParameterizedTest
    @CsvSource({
        "help exections,there is no command 'cloacina exections',Did you mean: cloacina executions",
        "help executions lst,there is no command 'cloacina executions lst',Did you mean: cloacina executions list",
        "help run it,'cloacina run' takes no further argument 'it',Try 'cloacina run --help'."
    })
    void the_help_command_refuses_what_is_not_a_command(String words, String error, String hint) {
        assertThat(executed(words.split(" ")))
                .isEqualTo("2 cloacina: " + error + System.lineSeparator() + hint + System.lineSeparator());
    }

    /** The exit code, and what was printed. */
    private static String executed(String... arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        int code = Main.execute(stream, stream, arguments);
        return code + " " + printed.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_option_is_described(CommandLine command) {
        assertThat(Stream.concat(
                        command.getCommandSpec().options().stream(),
                        command.getCommandSpec().positionalParameters().stream()))
                .allSatisfy(option -> assertThat(option.description()).isNotEmpty());
    }
}
