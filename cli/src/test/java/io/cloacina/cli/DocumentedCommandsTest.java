package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Every {@code ./cloacina …} in the documentation is a command that there is, with options that it has. */
class DocumentedCommandsTest {
    private static final Pattern COMMAND = Pattern.compile("\\./cloacina ([^`\\n]+)");
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");

    @Test
    void every_command_of_the_documentation_exists() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> root = Files.list(Path.of(".."));
                Stream<Path> docs = Files.walk(Path.of("..", "docs"))) {
            Stream.concat(root, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .forEach(pages::add);
        }
        int commands = 0;
        for (Path page : pages) {
            for (var found : COMMAND.matcher(Files.readString(page)).results().toList()) {
                requireKnown(page, found.group(1));
                commands++;
            }
        }
        assertThat(commands).isGreaterThan(8);
    }

    private static void requireKnown(Path page, String line) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        CommandLine command = Main.commandLine(nowhere, nowhere);
        // what comes after two blanks explains the command
        String given = line.split(" {2,}", 2)[0];
        for (String word : given.split(" ", -1)) {
            CommandLine below = command.getSubcommands().get(word);
            if (below == null) {
                break;
            }
            command = below;
        }
        assertThat(command.getParent())
                .as("%s names a command that does not exist: %s", page, line)
                .isNotNull();
        assertThat(command.getSubcommands())
                .as("%s names half a command: %s", page, line)
                .isEmpty();
        for (var option : OPTION.matcher(given).results().toList()) {
            assertThat(command.getCommandSpec().findOption(option.group()))
                    .as(
                            "%s: %s has no option %s",
                            page, command.getCommandSpec().qualifiedName(), option.group())
                    .isNotNull();
        }
    }
}
