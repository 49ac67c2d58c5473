package io.cloacina.cli;

import io.cloacina.api.CloacinaException;
import io.cloacina.server.ServerSettings;
import io.cloacina.server.access.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A file with the tokens by which callers of a server are known. */
final class TokenFile {
    private TokenFile() {}

    /** The same settings with the tokens of a file: {@code NAME ROLE TOKEN} in each line, or one token alone. */
    static ServerSettings addTo(ServerSettings given, Path file) {
        List<String> lines = lines(file);
        if (lines.isEmpty()) {
            throw refused(file + " has no token");
        }
        ServerSettings settings = given;
        for (String line : lines) {
            String[] words = line.split("\\s+", -1);
            if (words.length == 1 && lines.size() == 1) {
                return settings.token("admin", Role.ADMIN, words[0]);
            }
            if (words.length != 3) {
                throw refused(file + " has a line with " + words.length + " words");
            }
            settings = settings.token(words[0], role(file, words[1]), words[2]);
        }
        return settings;
    }

    private static Role role(Path file, String word) {
        return Arrays.stream(Role.values())
                .filter(role -> role.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> refused(file + " has a role that is not one of "
                        + Arrays.toString(Role.values()).toLowerCase(Locale.ROOT)));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new CloacinaException("INVALID_TOKEN", "the file of tokens " + file + " cannot be read: " + e, e);
        }
    }

    /** Without the line itself, which may be a token. */
    private static CloacinaException refused(String what) {
        return new CloacinaException(
                "INVALID_TOKEN",
                what + "; it must have a single token, or lines of a name, a role and a token: ada admin TOKEN");
    }
}
