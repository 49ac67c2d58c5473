package io.cloacina.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Commands of a file, one in a line, as one types them in a terminal one after the other: a JVM for each would take long. */
final class TypedCommands {
    private TypedCommands() {}

    public static void main(String[] arguments) throws IOException {
        for (String command : Files.readAllLines(Path.of(arguments[0]))) {
            System.out.println("$ " + command);
            System.out.flush();
            Main.execute(System.out, System.out, command.split(" ", -1));
            System.out.flush();
        }
    }
}
